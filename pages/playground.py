"""Playground: build a network, train it, and rewind its training."""

import streamlit as st

from explainer import ui
from explainer.charts import classes, seeds, way
from explainer.charts import playground as charts
from explainer.charts import shelf as shelves
from explainer.experiments import playground as experiments

t = ui.start_page("playground")
OFFERED = {
    "data": experiments.DATA, "features": experiments.FEATURES_OFFERED,
    "activation": experiments.ACTIVATIONS_OFFERED, "scheme": experiments.SCHEMES_OFFERED,
    "optimizer": experiments.OPTIMIZERS_OFFERED, "learning_rate": experiments.LEARNING_RATES,
    "loss": experiments.LOSSES_OFFERED, "batch_size": experiments.BATCHES, "n_steps": experiments.N_STEPS,
    "penalty": experiments.PENALTIES,
}  # fmt: skip
NET = {"name": "net", "offers": OFFERED, "default": experiments.DEFAULTS, "view": experiments.VIEW}
NET |= {"pictures": {"data": charts.thumbnails(experiments.samples())}, "quick": experiments.is_quick}


@st.fragment
def board() -> None:
    with ui.movement(t, "board") as m:
        net = ui.trained(experiments.board)(**m.network(**NET))
        left, right = m.split(3, 1)
        m.net_board(net, colors=charts.COLORS, height=430, stage=360, place=left)
        m.play_bar((), steps=net.steps.tolist(), curve="run_losses", loss=net.losses.T.tolist())
        ends = {"train": t.known(net.final_loss), "test": t.known(net.losses[-1, 1])}
        alt, data = t.say("run_losses_alt", **ends), charts.run_losses_data(t, net.losses, net.steps)
        m.show(charts.run_losses(t), alt=alt, height=150, stage=112, place=right, **data)
        norms = {"first": t.known(net.gradients[-1, 0]), "last": t.known(net.gradients[-1, -1])}
        alt, data = t.say("run_gradients_alt", **norms), charts.run_gradients_data(t, net.gradients)
        m.show(charts.run_gradients(t), alt=alt, height=140, stage=100, place=right, **data)
        if net.n_classes:
            counts = {"right": int(net.confusion[-1].trace()), "n": int(net.confusion[-1].sum())}
            alt, data = t.say("run_counts_alt", **counts), classes.class_counts_data(t, net.confusion)
            m.show(classes.class_counts(t), alt=alt, height=150, stage=112, place=right, **data)
        m.export(net.script)


@st.fragment
def why() -> None:
    with ui.movement(t, "why") as m:
        net = ui.trained(experiments.why)(settings=m.network(**NET, offered=False))
        ends = {"train": t.known(net.final_loss), "test": t.known(net.losses[-1, 1])}
        marked = [step for f in net.findings for name, step in f.numbers.items() if name.endswith("step")]
        alt, data = t.say("story_alt", **ends), charts.story_data(t, net.losses, net.steps, marked)
        m.show(charts.story(t), alt=alt, height=300, stage=470, place=m.controls, **data)
        m.findings(net.findings, "board")
        m.say(t.say(f"ended_{net.ended}"), *(t.say(name) for name in net.adjusted))


@st.fragment
def point() -> None:
    with ui.movement(t, "point") as m:
        settings = m.network(**NET, offered=False)
        net = ui.trained(experiments.point)(settings=settings, place=m.place)
        said = {"x1": float(net.x[0]), "x2": float(net.x[1]), "price": t.known(net.price)}
        alt, data = t.say("way_alt", **said), way.way_data(t, settings["features"], net)
        m.show(way.way(t), alt=alt, height=330, stage=330, **data)
        alt = t.say("point_price_alt", first=t.known(net.prices[0]), last=t.known(net.price))
        data = charts.point_price_data(net.prices, net.steps)
        m.show(charts.point_price(t), alt=alt, height=300, stage=300, place=m.controls, **data)
        m.formula(*way.formulas(t, net))
        m.say(*way.words(t, net))


@st.fragment
def shelf() -> None:
    with ui.movement(t, "shelf") as m:
        settings = m.network(**NET, offered=False)
        net = ui.trained(experiments.shelf)(settings=settings, pinned=m.pinned("board"))
        ends = {"before": t.known(net.before.losses[-1, 1]), "now": t.known(net.now.losses[-1, 1])}
        said = {"agree": t.known(100 * net.agree)}
        alt, data = t.say("surfaces_alt", **said), shelves.surfaces_data(t, *net.surfaces, net.difference)
        m.show(shelves.surfaces(t), alt=alt, height=300, stage=300, **data)
        losses = [net.before.losses[:, 1], net.now.losses[:, 1]]
        alt, data = t.say("two_runs_alt", **ends), shelves.two_runs_data(t, losses)
        m.show(shelves.two_runs(t), alt=alt, height=200, stage=200, place=m.controls, **data)
        m.say(*m.compared(net.before.settings, net.now.settings), t.say("shelf_agree", **said, **ends))


@st.fragment(parallel=True)
def several() -> None:
    with ui.movement(t, "several") as m:
        n_seeds = experiments.N_SEEDS if m.ask("how_often") else 1
        net = ui.trained(experiments.several)(settings=m.network(**NET, offered=False), n_seeds=n_seeds)
        said = {"n": n_seeds, "worst": t.known(100 * net.final.min())}
        said["best"] = t.known(100 * net.final.max())
        said["arrived"] = int((net.reached >= 0).sum())
        alt, data = t.say("starts_alt", **said), seeds.starts_data(t, net.accuracy[:, :, 1], net.steps)
        m.show(seeds.starts(t), alt=alt, height=300, stage=430, **data)
        m.say(t.say("starts_said" if n_seeds > 1 else "one_start_said", **said))


@st.fragment
def own_data() -> None:
    with ui.movement(t, "own_data") as m:
        m.network(**NET, offered=False)
        text = m.paste("table", longest=200_000)
        net = ui.cached(experiments.own_data)(text=text)
        m.put("to_board", {"data": "own", "own": net.points} if net.points else {}, "board")
        alt, data = t.say("pasted_alt", n=len(net.points)), seeds.pasted_data(net.points)
        m.show(seeds.pasted(t), alt=alt, height=300, stage=430, **data)
        faults = [t.say(f"fault_{f.key}", n=f.line, value=f.value) for f in net.faults if text]
        m.say(t.say("table_read", n=len(net.points), rows=net.n_rows), *faults[:3])


board()
why()
point()
shelf()
several()
own_data()
tries = ("tensorflow_circle", "tensorflow_spiral", "linear_cannot", "sigmoid_deep")
tries += ("relu_dead", "rate_too_large", "overfits", "newton")
ui.closing(t, slides=2, **ui.presets(tries, experiments.PRESETS, experiments.DEFAULTS, "board"))
ui.show_source(t, experiments.board, experiments.shelf)
