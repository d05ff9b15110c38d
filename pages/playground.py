"""Playground: build a network, train it, and rewind its training."""

import streamlit as st

from explainer import ui
from explainer.charts import classes, way
from explainer.charts import playground as charts
from explainer.charts import shelf as shelves
from explainer.experiments import playground as experiments

t = ui.start_page("playground")
PENALTIES, F = experiments.PENALTIES, experiments.ACTIVATIONS_OFFERED
PANEL = {
    "g_data": (
        ("data", experiments.DATA, "spiral"), ("noise", 0.0, 0.5, 0.0, 0.05),
        ("train_share", 0.1, 0.9, 0.5, 0.1), ("n_samples", 20, 1000, 500, 10), ("data_seed", 0, 9, 0, 1),
    ),
    "g_network": (
        ("layers", 0, 6, 2, 1), ("f", F, "tanh"), ("scheme", experiments.SCHEMES_OFFERED, "xavier"),
        ("dropout", 0.0, 0.8, 0.0, 0.1), ("seed", 0, 9, 0, 1),
    ),
    "g_own_f": tuple((f"f{i}", ("same", *F), "same") for i in range(1, 7)),
    "g_learning": (
        ("optimizer", experiments.OPTIMIZERS_OFFERED, "adam"),
        ("learning_rate", experiments.LEARNING_RATES, 0.03), ("loss", experiments.LOSSES_OFFERED, "logloss"),
        ("batch_size", experiments.BATCHES, 0), ("n_steps", experiments.N_STEPS, 400),
    ),
    "g_brakes": (
        ("l1", PENALTIES, 0.0), ("l2", PENALTIES, 0.0), ("stop_loss", (0.0, 0.001, 0.01, 0.1), 0.0),
        ("stop_accuracy", (0.0, 0.9, 0.95, 0.99, 1.0), 0.0), ("patience", (0, 50, 100, 300), 0),
    ),
    "g_more": (("standardise", ("standard_on", "standard_off"), "standard_on"),),
}  # fmt: skip
BOARD = {"features": experiments.FEATURES_OFFERED, "view": experiments.VIEW}
NET = {"name": "net", "panel": PANEL, "default": experiments.DEFAULTS, **BOARD}


@st.fragment
def board() -> None:
    with ui.movement(t, "board") as m:
        net = ui.long(experiments.board)(**m.network(**NET))
        left, right = m.split(3, 1)
        m.net_board("net", net, **BOARD, colors=charts.COLORS, height=430, stage=385, place=left)
        m.play_bar((), steps=net.steps.tolist(), loss=net.losses.T.tolist())
        ends = {"first": net.first_loss, "train": net.final_loss, "test": float(net.losses[-1, 1])}
        alt, data = t.say("run_losses_alt", **ends), charts.run_losses_data(t, net.losses, net.steps)
        m.show(charts.run_losses(t), alt=alt, height=150, stage=118, place=right, **data)
        norms = {"first": float(net.gradients[-1, 0]), "last": float(net.gradients[-1, -1])}
        alt, data = t.say("run_gradients_alt", **norms), charts.run_gradients_data(net.gradients)
        m.show(charts.run_gradients(t), alt=alt, height=140, stage=105, place=right, **data)
        if net.n_classes:
            counts = {"right": int(net.confusion[-1].trace()), "n": int(net.confusion[-1].sum())}
            alt, data = t.say("run_counts_alt", **counts), classes.class_counts_data(t, net.confusion)
            m.show(classes.class_counts(t), alt=alt, height=150, stage=112, place=right, **data)
        m.export(net.script)


@st.fragment
def why() -> None:
    with ui.movement(t, "why") as m:
        net = ui.long(experiments.why)(settings=m.network(**NET, offered=False))
        ends = {"first": net.first_loss, "train": net.final_loss, "test": float(net.losses[-1, 1])}
        marked = [step for f in net.findings for name, step in f.numbers.items() if name.endswith("step")]
        alt, data = t.say("story_alt", **ends), charts.story_data(t, net.losses, net.steps, marked)
        m.show(charts.story(t), alt=alt, height=300, stage=330, place=m.controls, **data)
        m.findings(net.findings, "board")
        notes = [t.say(f"adjusted_{name}") for name in net.adjusted]
        m.say(t.say(f"ended_{net.ended}"), " ".join(notes))


@st.fragment
def point() -> None:
    with ui.movement(t, "point") as m:
        settings = m.network(**NET, offered=False)
        net = ui.long(experiments.point)(settings=settings, place=m.place)
        said = {"x1": float(net.x[0]), "x2": float(net.x[1]), "price": net.price}
        alt, data = t.say("way_alt", **said), way.way_data(t, settings["features"], net)
        m.show(way.way(t), alt=alt, height=330, stage=330, **data)
        alt = t.say("prices_alt", first=float(net.prices[0]), last=net.price)
        data = charts.prices_data(net.prices, net.steps)
        m.show(charts.prices(t), alt=alt, height=300, stage=300, place=m.controls, **data)
        m.formula(*way.formulas(t, net))
        m.say(*way.words(t, net))


@st.fragment
def shelf() -> None:
    with ui.movement(t, "shelf") as m:
        settings = m.network(**NET, offered=False)
        net = ui.long(experiments.shelf)(settings=settings, pinned=m.pinned("board"))
        ends = {"before": float(net.before.losses[-1, 1]), "now": float(net.now.losses[-1, 1])}
        said = {"agree": 100 * net.agree}
        alt, data = t.say("surfaces_alt", **said), shelves.surfaces_data(t, *net.surfaces, net.difference)
        m.show(shelves.surfaces(t), alt=alt, height=300, stage=300, **data)
        losses = [net.before.losses[:, 1], net.now.losses[:, 1]]
        alt, data = t.say("two_runs_alt", **ends), shelves.two_runs_data(t, losses)
        m.show(shelves.two_runs(t), alt=alt, height=200, stage=200, place=m.controls, **data)
        m.say(*m.compared(net.before.settings, net.now.settings), t.say("shelf_agree", **said, **ends))


board()
why()
point()
shelf()
