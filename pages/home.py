"""The map of the lecture: six parts, one sentence a page, and where to start."""

from explainer import ui
from explainer.charts import chronicle

t = ui.start_page("home")
ui.ways_in(t)
ui.lecture_map(t, ("part_course", "part_frameworks", "part_history"), history=chronicle.glance(t))
ui.lecture_map(t, ("part_networks",))
ui.lecture_map(t, ("part_lego", "part_first_network"))
ui.on_stage(t)
