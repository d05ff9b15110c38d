"""Linear collapse: however many linear layers you stack, it is still one line."""

import streamlit as st

from explainer import ui
from explainer.charts import collapse, network
from explainer.experiments import linear_collapse as experiments

t = ui.start_page("linear_collapse")


@st.fragment
def two_regressions() -> None:
    with ui.movement(t, "two_regressions") as m:
        w = m.weights({"w11": 0.5, "w21": 1.0, "w12": 1.0, "w22": -0.5, "w1": 1.0, "w2": -1.0}, limit=3)
        net = ui.cached(experiments.two_regressions)(**w)
        alt = t.say("graph_alt", **w)
        m.show(network.graph(t), alt=alt, height=200, stage=240, place=m.controls, **network.graph_data(t, w))
        shown = m.ask("answer")
        numbers = {**w, "gamma_1": net.gamma_1, "gamma_2": net.gamma_2}
        alt = t.say("two_regressions_answer_alt" if shown else "two_regressions_alt", **numbers)
        lines = collapse.two_regressions_data(net.x, net.hidden, net.output if shown else None)
        m.show(collapse.two_regressions(t), alt=alt, height=320, stage=286, **lines)
        formulas = ("network_formula", "gamma_formula", "line_formula") if shown else ("network_formula",)
        m.formula(*(t.say(formula, **numbers) for formula in formulas))
        m.say(t.say("largest_difference", value=t.zero(net.largest_difference)) if shown else "")


@st.fragment
def deeper() -> None:
    with ui.movement(t, "deeper") as m:
        depth = m.slider("depth", 1, 10, 3)
        width = m.slider("width", 1, 16, 4)
        seed = m.slider("seed", 0, 9, 3)
        net = ui.cached(experiments.deeper)(depth=depth, width=width, seed=seed)
        gammas = {"gamma_1": net.gamma_1, "gamma_2": net.gamma_2}
        shapes = ", ".join("×".join(map(str, matrix.shape)) for matrix in net.matrices[:-1])
        alt = t.say("matrices_alt", shapes=shapes, **gammas)
        m.show(
            collapse.matrices(t), alt=alt, height=100, stage=110, **collapse.matrices_data(t, net.matrices)
        )
        alt = t.say("deeper_alt", n=depth, width=width, **gammas)
        lines = collapse.deeper_data(t, net.x, net.hidden, net.output)
        m.show(collapse.deeper(t), alt=alt, height=300, stage=328, **lines)
        m.say(
            t.say("two_only" if depth == 1 else "pretend", n=net.n_parameters, **gammas),
            t.say("largest_difference", value=t.zero(net.largest_difference)),
        )


@st.fragment
def with_activation() -> None:
    with ui.movement(t, "with_activation") as m:
        f = m.choice("f", ("identity", "relu", "tanh", "sigmoid"), "relu")
        v = m.weights({"v11": 0.5, "v21": 1.0, "v12": 1.0, "v22": -0.5, "v1": 1.0, "v2": -1.0}, limit=3)
        net = ui.cached(experiments.with_activation)(f=f, **v)
        residual = t.zero(net.residual)
        alt = t.say("with_activation_alt", f=t.say(f), residual=residual)
        lines = collapse.with_activation_data(t, net.x, net.terms, net.output, net.best_line)
        m.show(collapse.with_activation(t), alt=alt, height=360, stage=360, **lines)
        m.say(t.say(f"verdict_{net.verdict}"), t.say("residual", value=residual))
        m.ask("why_not")


@st.fragment
def train_it() -> None:
    with ui.movement(t, "train_it") as m:
        target = m.choice("target", ("line", "parabola", "sine", "abs"), "sine")
        f = m.choice("train_f", ("relu", "tanh", "sigmoid"), "tanh")
        sizes = {"neurons": m.slider("neurons", 1, 8, 4), "noise": m.slider("noise", 0.05, 0.6, 0.2, 0.05)}
        sample = m.slider("sample", 0, 9, 0)
        net = ui.cached(experiments.train_it)(target=target, train_f=f, sample=sample, **sizes)
        runs = (net.one_layer, net.deep_linear, net.with_f)
        losses, fresh = [run.train_loss for run in runs], [run.fresh_loss for run in runs]
        one, deep, bent = (loss[-1] for loss in losses)
        least = net.least_squares_loss
        left, right = m.split(3, 2)
        alt = t.say("training_alt", target=t.say(target), one=one, deep=deep, with_f=bent)
        y_hats = [run.y_hat for run in runs]
        data = collapse.training_data(t, (net.x, net.y), (net.grid, net.curve), y_hats)
        m.show(collapse.training(t), alt=alt, height=300, stage=265, place=left, **data)
        alt = t.say("losses_alt", least=least, with_f=bent)
        data = collapse.losses_data(t, losses)
        m.show(collapse.losses(t), alt=alt, height=300, stage=265, place=right, **data)
        m.play_bar(collapse.network_marks(t), training_column=losses, fresh_column=fresh)
        lucky = net.with_f.start > 1 and net.verdict != "stuck"
        attempt = t.say("attempt", n=net.with_f.start) if lucky else ""
        m.say(t.say(f"verdict_{net.verdict}", least=least, starts=experiments.N_STARTS) + attempt)


two_regressions()
deeper()
with_activation()
train_it()
cancel = {"f": "relu", "v11": 0.5, "v21": 1.0, "v12": -0.5, "v22": -1.0, "v1": 1.0, "v2": -1.0}
ui.closing(
    t,
    slides=2,
    try_cancel=("with_activation", cancel),
    try_ten=("deeper", {"depth": 10, "width": 16}),
    try_noise=("train_it", {"target": "line", "neurons": 8}),
)
ui.show_source(
    t, experiments.two_regressions, experiments.deeper, experiments.with_activation, experiments.train_it
)
