"""The neuron: weights, a threshold and an activation, a regression that was called a neuron."""

import streamlit as st

from explainer import ui
from explainer.charts import neuron as pictures
from explainer.charts import separation
from explainer.experiments import neuron as experiments

t = ui.start_page("neuron")


@st.fragment
def one_neuron() -> None:
    with ui.movement(t, "one_neuron") as m:
        w = m.weights({"w1": 1.0, "w2": 1.0, "gamma": 1.5}, limit=3)
        x = m.weights({"x1": 1.0, "x2": 0.0}, limit=3)
        net = ui.cached(experiments.one_neuron)(**w, **x)
        cell = pictures.biological_data(t)
        m.show(pictures.biological(t), alt=t.say("cell_alt"), height=130, stage=115, **cell)
        numbers = {**w, **x, "total": net.total, "output": net.output}
        data = pictures.artificial_data(t, w, (x["x1"], x["x2"]), net.rest, net.output)
        m.show(pictures.artificial(t), alt=t.say("neuron_alt", **numbers), height=230, stage=235, **data)
        m.formula(t.say("fires" if net.output else "silent", **numbers))
        m.ask("why_not")


@st.fragment
def three_pictures() -> None:
    with ui.movement(t, "three_pictures") as m:
        sigma = m.choice("sigma", ("linear_unit", "threshold", "sigmoid"), "sigmoid")
        steep = m.slider("steep", 0.2, 5, 1.5, 0.1)
        plane = {"x": experiments.VIEW_OF_PLANE, "y": experiments.VIEW_OF_PLANE, "step": 0.1}
        handles = m.points("handles", experiments.HANDLES, picture="plane", add=False, **plane)
        net = ui.cached(experiments.three_pictures)(sigma=sigma, steep=steep, handles=handles)
        left, right = m.split(1, 1)
        data = pictures.plane_data(t, sigma, net.plane, net.line, handles, net.weights)
        alt = t.say("plane_alt", sigma=t.say(sigma), **net.weights)
        m.show(pictures.plane(t), alt=alt, height=340, stage=360, place=left, **data)
        data = pictures.section_data(t, net.x, net.curves, sigma)
        alt = t.say("section_alt", sigma=t.say(sigma), **net.weights)
        m.show(pictures.section(t), alt=alt, height=340, stage=360, place=right, **data)
        m.formula(t.say("weighted_formula", **net.weights))
        m.say(t.say(f"is_{sigma}" if len(net.line) else "no_direction"), t.say("dashed_sigmas"))


@st.fragment
def it_is_regression() -> None:
    with ui.movement(t, "it_is_regression") as m:
        fit_sigma = m.choice("fit_sigma", ("linear_unit", "sigmoid"), "sigmoid")
        drawn = {
            "spread": m.slider("spread", 0.3, 1.5, 0.7, 0.1),
            "fit_sample": m.slider("fit_sample", 0, 9, 0),
        }
        net = ui.cached(experiments.it_is_regression)(fit_sigma=fit_sigma, **drawn)
        numbers = dict(zip(("w0", "w1"), net.weights[-1].tolist(), strict=True))
        numbers["value"] = t.zero(net.differences[-1]) if net.exists else "∞"
        left, right = m.split(3, 2)
        data = pictures.fits_data(t, (net.x, net.y), net.grid, net.curves, net.curve)
        m.show(pictures.fits(t), alt=t.say("fits_alt", **numbers), height=300, stage=284, place=left, **data)
        data = pictures.differences_data(net.differences)
        alt = t.say("differences_alt" if net.exists else "no_differences_alt", **numbers)
        m.show(pictures.differences(t), alt=alt, height=300, stage=284, place=right, **data)
        found = [net.weights, net.kept] if net.exists else [net.weights]
        marks = pictures.fit_marks(t)[: len(found)]
        m.play_bar(marks, w0_column=[w[:, 0] for w in found], w1_column=[w[:, 1] for w in found])
        m.say(t.say(f"fit_{fit_sigma}" if net.exists else "fit_apart", **numbers))


@st.fragment
def learning_rule() -> None:
    with ui.movement(t, "learning_rule") as m:
        samples = m.choice("samples", ("and", "or", "xor", "clouds"), "and")
        correction = m.slider("correction", 0, experiments.MOST, 1)
        cloud = {"gap": 0.2, "cloud": 0}
        if samples == "clouds":
            cloud = {"gap": m.slider("gap", 0.05, 0.6, 0.2, 0.05), "cloud": m.slider("cloud", 0, 9, 0)}
        net = ui.cached(experiments.learning_rule)(samples=samples, correction=correction, **cloud)
        drawn = (net.region, net.lines, net.corrected)
        data = separation.perceptron_data(t, (net.points, net.y, net.mistaken), *drawn)
        alt = t.say("perceptron_alt", samples=t.say(samples), **net.counts)
        m.show(separation.perceptron(t), alt=alt, height=320, stage=290, **data)
        data = separation.bound_data(t, **net.counts)
        alt = t.say("unbounded_alt" if net.counts["repeats"] else "bound_alt", **net.counts)
        m.show(separation.bound(t), alt=alt, height=80, stage=100, **data)
        m.formula(t.say(f"rule_{net.sign}", **net.formula))
        m.say(t.say(f"rule_{net.state}", **net.counts))


@st.fragment
def eight_points() -> None:
    with ui.movement(t, "eight_points") as m:
        feature = m.choice("feature", experiments.FEATURES, "direction")
        turn = {"angle": m.slider("angle", 0, 180, 20, 5, unit="°")} if feature == "direction" else {}
        net = ui.cached(experiments.eight_points)(feature=feature, **turn)
        numbers = {"mistakes": net.mistakes, "at": net.threshold, "rho": net.rho, "feature": t.say(feature)}
        left, right = m.split(1, 1)
        data = separation.eight_data(net.points, net.y, net.mistaken, net.plane)
        alt = t.say("eight_alt", **numbers)
        m.show(separation.eight(t), alt=alt, height=340, stage=330, place=left, **data)
        data = separation.feature_data(net.h, net.y, net.mistaken, net.threshold)
        alt = t.say("feature_alt", **numbers)
        m.show(separation.feature(t), alt=alt, height=340, stage=330, place=right, **data)
        m.say(t.say("some_wrong" if net.mistakes else "all_right", **numbers))
        m.ask("answer")


one_neuron()
three_pictures()
it_is_regression()
learning_rule()
eight_points()
ui.closing(
    t,
    slides=4,
    try_gate=("one_neuron", {"w1": 1.0, "w2": 1.0, "gamma": 0.5, "x1": 0.0, "x2": 1.0}),
    try_apart=("it_is_regression", {"fit_sigma": "sigmoid", "spread": 0.3, "fit_sample": 2}),
    try_circle=("learning_rule", {"samples": "xor", "correction": 7}),
)
ui.show_source(t, experiments.three_pictures, experiments.it_is_regression, experiments.learning_rule)
