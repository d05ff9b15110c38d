"""Resources: the books and courses that the lecture names, and what became of them since."""

import streamlit as st

from explainer import ui
from explainer.experiments import resources as experiments

t = ui.start_page("resources")


@st.fragment
def shelf() -> None:
    with ui.movement(t, "shelf") as m:
        wanted = {
            "resource_language": m.choice("resource_language", experiments.LANGUAGES, "all_kinds"),
            "resource_level": m.choice("resource_level", experiments.LEVELS, "all_kinds"),
            "resource_framework": m.choice("resource_framework", experiments.FRAMEWORKS, "all_kinds"),
            "resource_price": m.choice("resource_price", experiments.PRICES, "all_kinds"),
        }
        found = ui.cached(experiments.shelf)(**wanted)
        m.cards(ui.resource_cards(t, found.rows), pages="shelf_page")


@st.fragment
def successors() -> None:
    with ui.movement(t, "successors") as m:
        wanted = {
            "new_language": m.choice("new_language", experiments.LANGUAGES, "all_kinds"),
            "new_level": m.choice("new_level", experiments.LEVELS, "all_kinds"),
            "new_framework": m.choice("new_framework", experiments.FRAMEWORKS, "all_kinds"),
        }
        found = ui.cached(experiments.successors)(**wanted)
        m.cards(ui.resource_cards(t, found.rows), pages="new_page")


@st.fragment
def topics() -> None:
    with ui.movement(t, "topics") as m:
        part = m.choice("topics_part", ("both_parts", "basics", "architectures"), "both_parts")
        found = ui.cached(experiments.topics)(topics_part=part)
        m.say(*ui.topic_lines(t, found.rows))
        m.ask("how_many")


shelf()
successors()
topics()
examples = {f"try_{name}": ("shelf", settings) for name, settings in experiments.EXAMPLES.items()}
ui.closing(t, slides=2, **examples)
ui.show_source(t, experiments.shelf, experiments.successors, experiments.topics)
