"""Two regressions joined by a third: a hidden layer unfolds what no straight line can separate."""

import streamlit as st

from explainer import ui
from explainer.charts import army as armies
from explainer.charts import mlp as charts
from explainer.experiments import mlp as experiments

t = ui.start_page("mlp")
CLASSES = [t.say("class_zero"), t.say("class_one")]


@st.fragment
def by_hand() -> None:
    with ui.movement(t, "by_hand") as m:
        family = m.choice("family", experiments.FAMILIES, "four_clouds")
        who = m.choice("who", ("hand", "descent"), "hand")
        steep = m.weights({"steep_hidden": 1.5, "steep_third": 8.0}, least=0.2, limit=12)
        own = {"classes": CLASSES, "at_most": 40, "hint": "hint_own", "offered": family == "own_points"}
        own = m.points("own", experiments.OWN, picture="by_hand_plane", **own, **charts.PLANE)
        fixed = {"add": False, "picture": "by_hand_plane", "hint": "hint_lines", "names": charts.HANDLES}
        lines = m.points("lines", experiments.LINES, **fixed, **charts.PLANE)
        fixed = {"add": False, "picture": "by_hand_space", "hint": "hint_third"}
        third = m.points("third", experiments.THIRD, **fixed, **charts.HIDDEN)
        hands = {"own": own, "lines": lines, "third": third}
        net = ui.cached(experiments.by_hand)(family=family, who=who, **hands, **steep)
        left, right = m.split(1, 1)
        borders, said = (net.lines, net.sides), net.numbers
        data = charts.by_hand_plane_data(t, net.maps, borders, (net.X, net.y, net.mistaken), lines)
        alt = t.say("by_hand_plane_alt", **said)
        m.show(charts.by_hand_plane(t), alt=alt, height=360, stage=330, place=left, **data)
        data = charts.by_hand_space_data(t, net.hidden_maps, borders, (net.h, net.y, net.mistaken), third)
        alt = t.say("by_hand_space_alt", **said)
        m.show(charts.by_hand_space(t), alt=alt, height=360, stage=330, place=right, **data)
        m.say(
            t.say(f"space_{net.verdict}", **said), t.say(f"led_{net.led}", **said), t.say(f"about_{family}")
        )
        if who == "descent":
            columns = {"mistakes_column": [net.wrong], "strip_column": [net.strips]}
            m.play_bar(charts.by_hand_marks(t), steps=net.steps.tolist(), loss_axis=[net.losses], **columns)


@st.fragment(parallel=True)
def army() -> None:
    with ui.movement(t, "army") as m:
        army_set = m.choice("army_set", tuple(experiments.TOY_SETS), "set_circles")
        n, place = (
            m.slider("army_n", 1, experiments.MOST, 3),
            m.slider("army_place", 1, experiments.N_STARTS, 1),
        )
        net = ui.long(experiments.army)(army_set=army_set)
        start, said = net.start(n, place), net.numbers(n, place)
        squad, (left, right) = net.of(n, start), m.split(3, 2)
        data = (squad.map, (squad.ends, squad.sides), (net.X, net.y, squad.mistaken))
        alt, data = t.say("army_plane_alt", **said), armies.army_plane_data(t, *data)
        m.show(armies.army_plane(t), alt=alt, height=400, stage=400, place=left, **data)
        alt, data = t.say("army_accuracy_alt", **said), armies.army_accuracy_data(t, net.accuracy, n, start)
        m.show(armies.army_accuracy(t), alt=alt, height=200, stage=210, place=right, **data)
        alt, data = t.say("army_shares_alt", **said), armies.army_shares_data(t, squad.share)
        m.show(armies.army_shares(t), alt=alt, height=190, stage=180, place=right, **data)
        m.say(t.say("army_says", **said), t.say("army_lucky" if net.lucky(n) else "army_sure"))


@st.fragment
def traced() -> None:
    with ui.movement(t, "traced") as m:
        settings = {"traced_set": m.choice("traced_set", tuple(experiments.TOY_SETS), "set_circles")}
        settings |= {"traced_neurons": m.slider("traced_neurons", 2, 4, 3)}
        places = {"add": False, "picture": "traced_plane", **charts.PLANE}
        (place,) = m.points("traced_place", experiments.PLACE, **places)
        net = ui.cached(experiments.traced)(**settings)
        said, (left, right) = net.trace(place), m.split(1, 1)
        data = armies.traced_plane_data(t, net.map, (net.ends, net.sides), (net.X, net.y), place)
        alt = t.say("traced_plane_alt", **said)
        m.show(armies.traced_plane(t), alt=alt, height=320, stage=300, place=left, **data)
        alt, data = t.say("traced_graph_alt", **said), armies.traced_graph_data(t, net.W1, net.W2, said)
        m.show(armies.traced_graph(t), alt=alt, height=320, stage=300, place=right, **data)
        m.formula(*(t.say(f"trace_{part}", **said) for part in ("product", "hidden", "output")))
        m.say(t.say("traced_shapes", **said))


by_hand()
army()
traced()
diagonal = {"family": "four_clouds", "lines": experiments.DIAGONAL, "who": "hand"}
ui.closing(
    t,
    slides=2,
    try_diagonal=("by_hand", diagonal),
    try_ring=("army", {"army_set": "set_circles", "army_n": 2, "army_place": 1}),
    try_spiral=("army", {"army_set": "set_spiral", "army_n": 12, "army_place": 1}),
)
ui.show_source(t, experiments.by_hand, experiments.army, experiments.traced)
