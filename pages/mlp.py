"""Two regressions joined by a third: a hidden layer unfolds what no straight line can separate."""

import streamlit as st

from explainer import ui
from explainer.charts import army as armies
from explainer.charts import features as feature_charts
from explainer.charts import mlp as charts
from explainer.charts import sheet as sheets
from explainer.experiments import mlp as experiments

t = ui.start_page("mlp")
TOY_SETS, CLASSES = tuple(experiments.TOY_SETS), [t.say("class_zero"), t.say("class_one")]


@st.fragment
def by_hand() -> None:
    with ui.movement(t, "by_hand") as m:
        family = m.choice("family", experiments.FAMILIES, "four_clouds")
        settings = {"family": family, "who": m.choice("who", ("hand", "descent"), "hand")}
        settings |= m.weights({"steep_hidden": 1.5, "steep_third": 8.0}, least=0.2, limit=12)
        plane, mine = {"picture": "by_hand_plane", **charts.PLANE}, family == "own_points"
        placed = {"classes": CLASSES, "at_least": 1, "at_most": 40, "hint": "hint_own", "offered": mine}
        settings["placed"] = m.points("placed", experiments.OWN, **placed, **plane)
        lines = {"add": False, "names": charts.HANDLES, "hint": "hint_lines", "bare": mine}
        settings["lines"] = m.points("lines", experiments.LINES, **lines, **plane)
        space = {"add": False, "bare": True, "picture": "by_hand_space", **charts.HIDDEN}
        settings["third"] = m.points("third", experiments.THIRD, **space)
        net, (left, right) = ui.cached(experiments.by_hand)(**settings), m.split(1, 1)
        data = charts.by_hand_plane_data(t, *net.plane, settings["lines"])
        alt = t.say("by_hand_plane_alt", **net.numbers)
        m.show(charts.by_hand_plane(t), alt=alt, height=360, stage=300, place=left, **data)
        data = charts.by_hand_space_data(t, *net.space, settings["third"])
        alt = t.say("by_hand_space_alt", **net.numbers)
        m.show(charts.by_hand_space(t), alt=alt, height=360, stage=300, place=right, **data)
        words = (f"space_{net.verdict}", f"led_{net.led}")
        m.say(*(t.say(name, **net.numbers) for name in words), t.say(f"about_{family}"))
        if settings["who"] == "descent":
            columns = {"mistakes_column": [net.wrong.tolist()], "strip_column": [net.strips]}
            m.play_bar(charts.by_hand_marks(t), steps=net.steps.tolist(), loss_axis=[net.losses], **columns)


@st.fragment(parallel=True)
def army() -> None:
    with ui.movement(t, "army") as m:
        army_set, n = m.choice("army_set", TOY_SETS, "set_circles"), m.slider("army_n", 1, 12, 3)
        place = m.slider("army_place", 1, 8, 1)
        net, (left, right) = ui.long(experiments.army)(army_set=army_set), m.split(3, 2)
        squad, said = net.of(n, place), net.numbers(n, place)
        data = armies.army_plane_data(t, squad.map, squad.ends, squad.sides, net.X, net.y, squad.mistaken)
        alt = t.say("army_plane_alt", **said)
        m.show(armies.army_plane(t), alt=alt, height=400, stage=390, place=left, **data)
        alt = t.say("army_worth_alt", **said)
        data = armies.army_worth_data(t, net.accuracy, n, net.start(n, place), squad.share)
        m.show(armies.army_worth(t), alt=alt, height=400, stage=390, place=right, **data)
        m.say(t.say("army_says", **said), t.say("army_lucky" if net.lucky(n) else "army_sure"))


@st.fragment
def traced() -> None:
    with ui.movement(t, "traced") as m:
        settings = {"traced_set": m.choice("traced_set", TOY_SETS, "set_circles")}
        settings |= {"traced_neurons": m.slider("traced_neurons", 2, 4, 3)}
        handle = {"add": False, "picture": "traced_plane", **charts.PLANE}
        (place,) = m.points("traced_place", experiments.PLACE, **handle)
        net, (left, right) = ui.cached(experiments.traced)(**settings), m.split(1, 1)
        said = net.trace(place)
        alt, data = t.say("traced_plane_alt", **said), armies.traced_plane_data(t, *net.plane, place)
        m.show(armies.traced_plane(t), alt=alt, height=320, stage=290, place=left, **data)
        alt, data = t.say("traced_graph_alt", **said), armies.traced_graph_data(t, net.W1, net.W2, said)
        m.show(armies.traced_graph(t), alt=alt, height=320, stage=290, place=right, **data)
        m.formula(*(t.say(f"trace_{part}", **said) for part in ("product", "hidden", "output")))
        m.say(t.say("traced_shapes", **said))
        m.export(experiments.traced_script, **settings)


@st.fragment(parallel=True)
def crumpled_sheet() -> None:
    with ui.movement(t, "crumpled_sheet") as m:
        settings = {"sheet_set": m.choice("sheet_set", tuple(experiments.SHEETS), "set_circles")}
        settings["sheet_units"] = m.choice("sheet_units", tuple(experiments.UNITS), "units_2")
        settings["sheet_layers"] = m.slider("sheet_layers", 1, 4, 2)
        turn = m.slider("sheet_turn", -180, 180, 0, 5, unit="°", offered=settings["sheet_units"] == "units_3")
        net = ui.long(experiments.crumpled_sheet)(**settings)
        data, said = sheets.sheet_data(t, *net.seen(turn).parts, net.y, net.n_places), net.numbers
        m.show(sheets.sheet(t), alt=t.say("sheet_alt", **said), height=400, stage=320, **data)
        words = {"label": "carry_label", "play": "carry_play", "frame": "carry_frame"}
        m.play_bar(sheets.sheet_marks(t), steps=net.layer.tolist(), **words, cut_column=[net.right])
        m.say(t.say("sheet_wrong" if net.wrong else "sheet_parted", **said), t.say(net.about_ring, **said))


@st.fragment(parallel=True)
def features() -> None:
    with ui.movement(t, "features") as m:
        settings = {"feature_set": m.choice("feature_set", TOY_SETS, "set_spiral")}
        settings["feature_f"] = m.choice("feature_f", experiments.FEATURE_F, "relu")
        settings["feature_layers"] = m.slider("feature_layers", 1, 4, 3)
        net = ui.long(experiments.features)(**settings)
        alt = t.say("feature_maps_alt", **net.numbers)
        data = feature_charts.feature_maps_data(t, net.inputs, net.maps, net.output)
        m.show(feature_charts.feature_maps(t), alt=alt, height=300, stage=255, **data)
        alt = t.say("feature_complexity_alt", **net.numbers)
        data = feature_charts.feature_complexity_data(t, net.complexity)
        m.show(feature_charts.feature_complexity(t), alt=alt, height=130, stage=125, **data)
        counted = "counted_relu" if settings["feature_f"] == "relu" else "counted_smooth"
        m.say(*(t.say(name, **net.numbers) for name in (counted, "features_right")), t.say("composed"))


by_hand()
army()
traced()
crumpled_sheet()
features()
diagonal = {"family": "four_clouds", "lines": experiments.DIAGONAL, "who": "hand"}
three = {"sheet_set": "set_circles", "sheet_units": "units_3", "sheet_layers": 1}
tries = {"try_diagonal": ("by_hand", diagonal), "try_lift": ("crumpled_sheet", three)}
ui.closing(t, slides=3, try_ring=("army", {"army_set": "set_circles", "army_n": 2, "army_place": 1}), **tries)
ui.show_source(t, experiments.by_hand, experiments.army, experiments.traced, experiments.features)
