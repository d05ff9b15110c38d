"""Network paralysis: why sigmoids stop a deep network from learning, and how to rescue it."""

import streamlit as st

from explainer import ui
from explainer.charts import paralysis as charts
from explainer.experiments import vanishing_gradients as experiments

t = ui.start_page("vanishing_gradients")
INITS = ("normal", "xavier", "he", "small")


@st.fragment
def gradient_map() -> None:
    with ui.movement(t, "gradient_map") as m:
        cell = m.cells("cell", picture="gradient_map", **charts.CELLS, rows=("map_f", experiments.NAMES))
        depth = m.slider("depth", 1, 30, 20, of=cell)
        f = m.choice("map_f", experiments.NAMES, "sigmoid")
        map_init = m.choice("map_init", INITS, "xavier")
        map_width = m.choice("map_width", ("neurons_4", "neurons_32"), "neurons_32")
        seed = m.slider("seed", 0, 7, 0)
        nets = ui.cached(experiments.gradient_map)(map_init=map_init, map_width=map_width, seed=seed)
        cell = nets.cell(f, depth)
        said = {"f": t.say(f), "n": depth, "ratio": cell.ratio}
        data = charts.gradient_map_data(t, experiments.NAMES, nets.firsts, f, depth)
        alt = t.say("gradient_map_alt", **said)
        m.show(charts.gradient_map(t), alt=alt, height=260, stage=245, **data)
        limits = {"bound": cell.bound, "slope": cell.slope}
        data = charts.profile_data(t, cell.signals, cell.bounds, cell.slopes)
        alt = t.say("profile_alt", **said, **limits)
        m.show(charts.profile(t), alt=alt, height=240, stage=225, **data)
        m.say(t.say(f"map_{cell.verdict}", **said), t.say("map_bound", **limits))


@st.fragment(parallel=True)
def paralysis() -> None:
    with ui.movement(t, "paralysis") as m:
        f = m.choice("deep_f", ("sigmoid", "tanh", "relu"), "sigmoid")
        layers = m.choice("deep_layers", experiments.DEPTHS, "layers_20")
        init = m.choice("deep_init", INITS, "xavier")
        rate = m.choice("deep_rate", tuple(experiments.RATES), "rate_01")
        net = ui.long(experiments.paralysis)(deep_f=f, deep_init=init, deep_layers=layers, deep_rate=rate)
        run, constant = net.run, net.constant_loss
        losses = {"loss": float(run.losses[-1]), "constant": constant}
        left, right = m.split(1, 1)
        data = charts.paralysis_loss_data(t, run.steps, run.losses, constant)
        alt = t.say("paralysis_loss_alt", **losses)
        m.show(charts.paralysis_loss(t), alt=alt, height=340, stage=335, place=left, **data)
        data = charts.paralysis_gradients_data(t, run.steps, run.first, run.last)
        alt = t.say("paralysis_gradients_alt", first=float(run.first[0]), last=float(run.last[0]))
        m.show(charts.paralysis_gradients(t), alt=alt, height=340, stage=335, place=right, **data)
        m.say(
            t.say(f"run_{run.verdict}", n=run.n_steps, **losses),
            t.say("run_moved", first=run.moved_first, last=run.moved_last),
            t.say("run_idle", idle=run.idle, trained=run.idle_trained, n=run.n_units),
        )


@st.fragment(parallel=True)
def rescue() -> None:
    with ui.movement(t, "rescue") as m:
        f = m.choice("saved_f", ("sigmoid", "relu"), "sigmoid")
        init = m.choice("saved_init", ("xavier", "he"), "xavier")
        path = m.choice("saved_path", ("plain", "residual_path"), "plain")
        layers = m.choice("saved_layers", ("layers_20", "layers_2"), "layers_20")
        net = ui.long(experiments.rescue)(saved_f=f, saved_init=init, saved_path=path, saved_layers=layers)
        runs = (net.before, net.after)
        losses = {"before": float(net.before.losses[-1]), "after": float(net.after.losses[-1])}
        left, right = m.split(3, 2)
        y_hats = [run.y_hat for run in runs]
        data = charts.rescue_fits_data(t, (net.x, net.y), (net.grid, net.curve), y_hats)
        alt = t.say("rescue_fits_alt", **losses)
        m.show(charts.rescue_fits(t), alt=alt, height=340, stage=315, place=left, **data)
        data = charts.rescue_losses_data(t, [(run.steps, run.losses) for run in runs])
        alt = t.say("rescue_losses_alt", **losses)
        m.show(charts.rescue_losses(t), alt=alt, height=340, stage=315, place=right, **data)
        before, after = ({"signal": run.signal, "moved": run.moved_first} for run in runs)
        m.say(
            t.say("rescue_before", loss=losses["before"], **before),
            t.say("rescue_after", loss=losses["after"], **after),
        )
        m.ask("which")


@st.fragment
def chain() -> None:
    with ui.movement(t, "chain") as m:
        w = m.slider("chain_weight", -12, 12, 1, 0.5)
        b = m.slider("chain_bias", -6, 6, 0, 0.5)
        x = m.slider("chain_x", -3, 3, 0.5, 0.1)
        n = m.slider("chain_depth", 3, 12, 8)
        f = m.choice("chain_f", ("sigmoid", "tanh", "relu"), "sigmoid")
        net = ui.cached(experiments.chain)(chain_f=f, chain_depth=n, chain_weight=w, chain_bias=b, chain_x=x)
        alt = t.say("chain_alt", n=n, value=net.derivative)
        data = charts.chain_data(t, net.factors, net.products, net.most)
        m.show(charts.chain(t), alt=alt, height=330, stage=285, **data)
        first, second, last = (float(net.slopes[i]) for i in (0, 1, -1))
        m.formula(t.say("chain_formula", n=n, w=float(w), first=first, second=second, last=last))
        m.say(t.say("chain_product", value=net.derivative, w=float(w), most=float(net.most[0])))
        m.ask("keep")


gradient_map()
paralysis()
rescue()
chain()
ui.closing(
    t,
    slides=2,
    try_bound=("gradient_map", {"map_init": "normal", "map_f": "sigmoid", "depth": 30}),
    try_dead=("gradient_map", {"map_width": "neurons_4", "map_f": "relu", "depth": 20}),
    try_rate=("paralysis", {"deep_rate": "rate_1", "deep_f": "sigmoid", "deep_layers": "layers_20"}),
)
ui.show_source(t, experiments.gradient_map, experiments.paralysis, experiments.rescue, experiments.chain)
