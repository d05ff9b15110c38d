"""Classification: from a line through zeros and ones to a probability, and what being wrong costs."""

import streamlit as st

from explainer import ui
from explainer.charts import classification as charts
from explainer.charts import probability_map as maps
from explainer.experiments import classification as experiments

t = ui.start_page("classification")


@st.fragment
def ladder() -> None:
    with ui.movement(t, "ladder") as m:
        rung = m.choice("rung", experiments.RUNGS, "rung_line")
        objects_of = m.choice("objects_of", tuple(experiments.SETS), "pts_overlap")
        gamma = m.slider("gamma_level", 0.05, 0.95, 0.5, 0.05, offered=rung == "rung_threshold")
        penalty = m.slider("l2_penalty", 0, 0.2, 0, 0.01, offered=rung in experiments.SMOOTH)
        axes = {"x": experiments.VIEW, "y": charts.LADDER_Y, "step": 0.1, "levels": (0, 1), "at_least": 2}
        given = experiments.SETS[objects_of]
        objects = m.points("objects", given, picture="ladder", of=objects_of, **axes)
        net = ui.cached(experiments.ladder)(objects=objects, rung=rung, gamma_level=gamma, l2_penalty=penalty)
        level, now = (net.level, net.crossing), net.numbers
        data = charts.ladder_data(t, net.x, (net.line, net.curve), objects, net.wrong, level)
        alt = t.say("ladder_alt", rung=t.say(rung), **now)
        m.show(charts.ladder(t), alt=alt, height=340, stage=350, **data)
        m.formula(t.say(f"formula_{rung}", **now))
        m.say(t.say("mistakes", **now), t.say(f"rung_{net.verdict}", **now))


@st.fragment
def price() -> None:
    with ui.movement(t, "price") as m:
        p = m.slider("given_to_1", 0.01, 0.99, 0.1, 0.01)
        truth = m.choice("true_class", ("truth_1", "truth_0"), "truth_1")
        net = ui.cached(experiments.price)(given_to_1=p, true_class=truth)
        data = charts.price_data(t, net.p, net.losses, (p, net.numbers["loss"]), net.tangent)
        alt = t.say("price_alt", p=p, truth=t.say(truth), **net.numbers)
        m.show(charts.price(t), alt=alt, height=380, stage=400, **data)
        m.say(t.say(f"price_{net.verdict}", p=p, **net.numbers), t.say("price_slopes", **net.numbers))


@st.fragment
def stalled() -> None:
    with ui.movement(t, "stalled") as m:
        start, rate = m.slider("start_t", -2, 8, 6, 0.5), m.slider("stall_rate", 0.1, 5, 1, 0.1)
        net = ui.long(experiments.stalled)(start_t=start, stall_rate=rate)
        left, right = m.split(1, 1)
        alt = t.say("stalled_alt", start=start, **net.numbers)
        data = charts.hills_data(t, net.t, net.hills, net.z)
        m.show(charts.hills(t), alt=alt, height=280, stage=250, place=left, **data)
        data = charts.beliefs_data(t, net.p)
        m.show(charts.beliefs(t), alt=alt, height=280, stage=250, place=right, **data)
        m.play_bar(charts.stalled_marks(t), given_p=net.p, dl_dt=net.gradient)
        m.say(t.say("first_gradients", **net.numbers), t.say(f"neuron_{net.verdict}", **net.numbers))


@st.fragment
def calculator() -> None:
    with ui.movement(t, "calculator") as m:
        example = m.choice("example_of", tuple(experiments.EXAMPLES), "ex_both")
        beside = m.choice("beside", ("beside_cut", "beside_literal"), "beside_cut")
        axes = {"x": (-experiments.EDGE, experiments.EDGE), "y": charts.SIGMA_Y, "axes": ("t", "y")}
        axes |= {"step": 0.1, "levels": (0, 1), "at_least": 1, "at_most": 5}
        given = experiments.EXAMPLES[example]
        examples = m.points("examples", given, picture="calculator", of=example, **axes)
        net = ui.cached(experiments.calculator)(examples=examples, beside=beside)
        data = charts.calculator_data((net.grid, net.curve), net.t, net.y, net.p)
        alt = t.say("calculator_alt", **net.numbers)
        m.show(charts.calculator(t), alt=alt, height=190, stage=150, **data)
        data = charts.bill_data(t, (net.t, net.y), (net.p, net.loss), (net.printed, net.other_loss))
        m.show(charts.bill(t), alt=alt, height=210, stage=215, **data)
        m.formula(t.say(f"formula_{beside}", **net.numbers))
        m.say(t.say(f"bill_{net.verdict}", **net.numbers))


@st.fragment(parallel=True)
def train_it() -> None:
    with ui.movement(t, "train_it") as m:
        toy_set = m.choice("plane_set", tuple(experiments.TOY_SETS), "set_moons")
        hidden = m.slider("hidden_relus", 0, 16, 8)
        blur, draw = m.slider("blur", 0, 0.5, 0.1, 0.05), m.slider("sample_draw", 0, 9, 0)
        threshold = m.slider("p_threshold", 0.05, 0.95, 0.5, 0.05)
        net = ui.long(experiments.train_it)(
            plane_set=toy_set, hidden_relus=hidden, blur=blur, sample_draw=draw
        )
        scores, bins = net.fresh.at(threshold), net.calibration
        now = net.numbers | scores.last
        left, right = m.split(3, 2)
        alt = t.say("map_alt", toy_set=t.say(toy_set), **now)
        data = maps.probability_map_data(net.maps, threshold, net.X, net.y)
        m.show(maps.probability_map(t), alt=alt, height=380, stage=300, place=left, **data)
        data = maps.confusion_data(t, scores.counts)
        m.show(maps.confusion(t), alt=alt, height=185, stage=145, place=right, **data)
        data = maps.calibration_data(bins.said, bins.happened, bins.n)
        m.show(maps.calibration(t), alt=alt, height=185, stage=145, place=right, **data)
        columns = {"train_logloss": [net.losses], "fresh_accuracy": [scores.accuracy]}
        m.play_bar(maps.marks(t), steps=net.steps.tolist(), **columns)
        m.say(t.say("scored", **now), t.say(f"trained_{net.verdict}", **now))


ladder()
price()
stalled()
calculator()
train_it()
ui.closing(
    t,
    slides=3,
    try_far=("ladder", {"rung": "rung_threshold", "objects_of": "pts_far"}),
    try_apart=("ladder", {"rung": "sigmoid", "objects_of": "pts_apart", "l2_penalty": 0.0}),
    try_linear=("train_it", {"plane_set": "set_xor", "hidden_relus": 0}),
)
ui.show_source(t, experiments.ladder, experiments.stalled, experiments.calculator, experiments.train_it)
