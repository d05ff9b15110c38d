"""Universal approximation: one hidden layer comes as close to a continuous curve as one likes."""

import streamlit as st

from explainer import ui
from explainer.charts import approximation
from explainer.experiments import universal_approximation as experiments

t = ui.start_page("universal_approximation")
TARGETS = ("nielsen", "sine", "parabola", "abs", "bumps", "step", "sawtooth", "drawn")


@st.fragment
def two_nets() -> None:
    with ui.movement(t, "two_nets") as m:
        hidden = m.slider("hidden", 1, 100, 30)
        target = m.choice("target", TARGETS, "nielsen")
        unit = m.choice("unit", ("sigmoid", "relu"), "sigmoid")
        optimizer = m.choice("optimizer", ("lm", "adam", "sgd"), "lm")
        settings = {"target": target, "unit": unit, "optimizer": optimizer, "hidden": hidden}
        if optimizer != "lm":
            settings["rate"] = m.slider("rate", -4, 3, -2, 0.5)
        settings |= m.drawing(target, picture="two_nets", y=approximation.VIEW_Y)
        net = ui.cached(experiments.two_nets)(**settings)
        errors = {"by_hand": net.constructed_max, "trained": net.trained_max, "n": hidden}
        alt = t.say("two_nets_alt", target=t.say(target), **errors)
        data = approximation.two_nets_data(t, net.x, net.curve, net.constructed, net.trained)
        m.show(approximation.two_nets(t), alt=alt, height=360, stage=380, **data)
        ended = "diverged" if net.ended == "diverged" else f"made_{optimizer}"
        m.say(
            t.say("errors_by_hand", largest=net.constructed_max, mean=net.constructed_mean),
            t.say("errors_trained", largest=net.trained_max, mean=net.trained_mean),
            t.say(f"remark_{net.remark}")
            if net.remark
            else t.say(ended, n=net.n_steps, mse=net.mse, parameters=net.n_parameters),
        )
        m.export(experiments.two_nets_script, **settings)


@st.fragment
def how_it_is_made() -> None:
    with ui.movement(t, "how_it_is_made") as m:
        made_target = m.choice("made_target", TARGETS, "nielsen")
        steps = m.slider("steps", 1, 20, 6)
        steepness = m.slider("steepness", 2, 100, 40)
        neuron = min(m.slider("neuron", 1, 20, 3), steps)
        settings = {"made_target": made_target, "steps": steps, "steepness": steepness, "neuron": neuron}
        settings |= m.drawing(made_target)
        net = ui.cached(experiments.how_it_is_made)(**settings)
        w, b, v = (float(row[neuron - 1]) for row in (net.weight, net.bias, net.outer))
        alt = t.say("made_alt", n=steps, target=t.say(made_target), largest=net.largest_error)
        lines = (net.curve, net.output)
        data = approximation.how_it_is_made_data(t, net.x, lines, net.terms, net.windows, neuron)
        m.show(approximation.how_it_is_made(t), alt=alt, height=360, stage=400, **data)
        m.formula(t.say("neuron_formula", neuron=neuron, w=w, b=b, v=v))
        m.say(t.say("windows", share=100 * net.share, largest=net.largest_error))


@st.fragment(parallel=True)
def error_against_n() -> None:
    with ui.movement(t, "error_against_n") as m:
        error_target = m.choice("error_target", TARGETS, "nielsen")
        error_unit = m.choice("error_unit", ("sigmoid", "relu"), "sigmoid")
        marked = m.slider("marked", 1, 100, 28)
        settings = {"error_target": error_target, "error_unit": error_unit, **m.drawing(error_target)}
        net = ui.long(experiments.error_against_n)(**settings)
        i = int(abs(net.widths - marked).argmin())
        errors = {"n": int(net.widths[i]), "by_hand": float(net.constructed[i])}
        errors |= {"low": float(net.trained[i].min()), "high": float(net.trained[i].max())}
        data = approximation.errors_data(t, net.widths, net.constructed, net.trained, errors["n"])
        alt = t.say("errors_alt", target=t.say(error_target), **errors)
        m.show(approximation.errors(t), alt=alt, height=380, stage=430, **data)
        m.say(t.say("errors_at", **errors))


@st.fragment
def limits() -> None:
    with ui.movement(t, "limits") as m:
        far_target = m.choice("far_target", TARGETS, "sine")
        far_hidden = m.slider("far_hidden", 1, 100, 20)
        far_seed = m.slider("far_seed", 0, 9, 0)
        settings = {"far_target": far_target, "far_hidden": far_hidden, "far_seed": far_seed}
        settings |= m.drawing(far_target)
        net = ui.cached(experiments.limits)(**settings)
        errors = {"inside": net.inside, "outside": net.outside}
        alt = t.say("limits_alt", target=t.say(far_target), **errors)
        data = approximation.limits_data(t, net.x, net.curve, net.output)
        m.show(approximation.limits(t), alt=alt, height=340, stage=330, **data)
        m.say(t.say("limits_errors", **errors))
        m.ask("wish")


@st.fragment
def challenge() -> None:
    with ui.movement(t, "challenge") as m:
        heights = {name: m.slider(name, 0, 1, 0.5, 0.01) for name in ("b1", "b2", "b3", "b4", "b5")}
        bumps = ui.cached(experiments.challenge)(**heights)
        score = {"deviation": bumps.deviation, "enough": bumps.enough, "least": bumps.least}
        data = approximation.challenge_data(t, bumps.x, bumps.curve, bumps.output)
        m.show(approximation.challenge(t), alt=t.say("challenge_alt", **score), height=380, stage=430, **data)
        m.say(
            t.say("score", **score), t.say("solved" if bumps.deviation < bumps.enough else "not_yet", **score)
        )


two_nets()
how_it_is_made()
error_against_n()
limits()
challenge()
ui.closing(
    t,
    slides=2,
    try_smooth=("how_it_is_made", {"steepness": 4, "steps": 12}),
    try_jump=("two_nets", {"target": "step", "hidden": 100}),
    try_rate=("two_nets", {"optimizer": "sgd", "rate": 3.0, "target": "nielsen"}),
)
ui.show_source(
    t, experiments.two_nets, experiments.how_it_is_made, experiments.error_against_n, experiments.limits
)
