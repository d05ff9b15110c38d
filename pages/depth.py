"""Going deeper: what a deep network buys for the price of a wide one, and what it does not."""

import streamlit as st

from explainer import ui
from explainer.charts import duel as duels
from explainer.charts import pieces as charts
from explainer.experiments import depth as experiments

t = ui.start_page("depth")


@st.fragment(parallel=True)
def duel() -> None:
    with ui.movement(t, "duel") as m:
        settings = {"task": m.choice("task", experiments.TASKS, "spiral")}
        settings["duel_budget"] = m.choice("duel_budget", tuple(experiments.BUDGETS), "budget_200")
        settings["duel_layers"] = m.slider("duel_layers", 2, 8, 3)
        settings["duel_unit"] = m.choice("duel_unit", experiments.UNITS, "tanh")
        net = ui.long(experiments.duel)(**settings)
        *places, last = m.split(1, 1, 1)
        for side, one, place in zip(duels.SIDES, (net.wide, net.deep), places, strict=True):
            spec, data = duels.best(t, net.X, net.y, one.output, side)
            said = {"net": t.say(f"{side}_net"), "task": t.say(settings["task"]), "least": one.least}
            m.show(spec, alt=t.say("duel_best_alt", **said), height=250, stage=330, place=place, **data)
        said = net.numbers
        data, alt = duels.duel_spread_data(t, net.wide.errors, net.deep.errors), t.say("spread_alt", **said)
        m.show(duels.duel_spread(t), alt=alt, height=250, stage=330, place=last, **data)
        lines = ("duel_price", f"duel_{net.verdict}", f"fought_{net.remark}")
        m.say(*(t.say(line, **said) for line in lines))
        with m.figure:
            ui.page_link("vanishing_gradients", label=t.say("why_stuck"))
        m.export(experiments.duel_script, **settings, best=net.deep.best)


@st.fragment
def pieces() -> None:
    with ui.movement(t, "pieces") as m:
        settings = {"depth": m.slider("depth", 1, 6, 3), "width": m.slider("width", 1, 16, 8)}
        net = ui.cached(experiments.pieces)(**settings, seed=m.slider("seed", 0, 9, 0))
        said = {"n": net.n_pieces, "neurons": net.n_neurons, "bound": net.growth.limit}
        said |= {"layers": settings["depth"], "one_layer": int(net.growth.one_layer[-1])}
        (left, right), data = m.split(3, 2), charts.broken_line_data(net.x, net.y)
        alt = t.say("broken_line_alt", **said)
        m.show(charts.broken_line(t), alt=alt, height=330, stage=380, place=left, **data)
        alt, data = t.say("pieces_growth_alt", **said), charts.pieces_growth_data(t, *net.growth.lines)
        m.show(charts.pieces_growth(t), alt=alt, height=330, stage=380, place=right, **data)
        m.say(t.say("pieces_counted", **said), t.say("pieces_bounds", **said))


@st.fragment
def folding() -> None:
    with ui.movement(t, "folding") as m:
        folds, crease = m.slider("folds", 1, 8, 4), m.slider("crease", 0.2, 0.8, 0.5, 0.05)
        net, (left, right) = ui.cached(experiments.folding)(folds=folds, crease=crease), m.split(3, 2)
        said = {"n": int(net.n_pieces[-1]), "folds": folds, "price": net.price}
        said |= {"neurons": net.wide_neurons, "wide_price": net.wide_price}
        alt, data = t.say("folded_alt", **said), charts.folded_data(t, net.x, net.curves)
        m.show(charts.folded(t), alt=alt, height=330, stage=300, place=left, **data)
        data = charts.prices_data(t, net.prices, net.counts, (net.price, net.wide_price), net.x.size - 1)
        m.show(charts.prices(t), alt=t.say("prices_alt", **said), height=330, stage=300, place=right, **data)
        columns = {"folds_column": [net.n_folds], "pieces_column": [net.n_pieces]}
        names = {"label": "fold_step", "play": "play_folds"}
        m.play_bar(charts.fold_marks(t), steps=net.n_folds.tolist(), **names, **columns)
        m.say(t.say("folding_counted", **said), t.say("folding_price", **said))


@st.fragment
def regions() -> None:
    with ui.movement(t, "regions") as m:
        settings = {"weights_are": m.choice("weights_are", ("at_random", "trained"), "at_random")}
        settings |= {"layers": m.slider("layers", 1, 5, 2), "units": m.slider("units", 2, 10, 6)}
        settings["glass_seed"] = m.slider("glass_seed", 0, 9, 0)
        net, (left, right) = ui.cached(experiments.regions)(**settings), m.split(1, 1)
        said = {"n": net.n_regions, "neurons": net.n_neurons, "one_layer": int(net.growth.one_layer[-1])}
        said["accuracy"] = net.accuracy
        data = charts.glass_data(net.colors, net.positive, net.X, net.y)
        m.show(charts.glass(t), alt=t.say("glass_alt", **said), height=300, stage=390, place=left, **data)
        alt, data = t.say("regions_growth_alt", **said), charts.pieces_growth_data(t, *net.growth.lines)
        m.show(charts.pieces_growth(t, "n_regions"), alt=alt, height=300, stage=390, place=right, **data)
        m.say(t.say("regions_counted", **said), t.say(f"regions_{settings['weights_are']}", **said))


duel()
pieces()
folding()
regions()
ui.closing(
    t,
    slides=3,
    try_sawtooth=("duel", {"task": "sawtooth", "duel_layers": 5, "duel_budget": "budget_100"}),
    try_paralysed=("duel", {"task": "spiral", "duel_layers": 8, "duel_budget": "budget_100"}),
    try_trained=("regions", {"weights_are": "trained", "layers": 3, "units": 8}),
)
ui.show_source(t, experiments.duel, experiments.pieces, experiments.folding, experiments.regions)
