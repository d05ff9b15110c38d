"""LEGO bricks: a network is stacked from layers, and it holds if the shapes at the joints agree."""

import streamlit as st

from explainer import ui
from explainer.charts import lego as charts
from explainer.experiments import lego as experiments

t = ui.start_page("lego")
STACK, TASK = experiments.DEFAULT, experiments.DEFAULT_TASK


@st.fragment
def bricks() -> None:
    with ui.movement(t, "bricks") as m:
        task = m.choice("task", experiments.TASKS, TASK, shared=True)
        stack = m.kept("stack", STACK, experiments.is_stack)
        kind, n = m.choice("new_brick", experiments.BRICKS, "brick_relu"), stack.count("*")
        at = m.slider("brick", 1, n, 1, of=n, offered=n > 1)
        size = m.part("size", experiments.size(task=task, stack=stack, brick=at), of=f"{task}{at}{n}")
        stack = m.keep("stack", experiments.resize(task=task, stack=stack, brick=at, value=size), STACK)
        now = ui.cached(experiments.bricks)(task=task, stack=stack, brick=at, kind=kind)
        m.buttons(above=size is not None, **now.moves)
        said = {"i": now.brick_at, "expected": now.expected, "given": now.given, "n": now.pile.n_parameters}
        said |= {"advice": t.say(now.advice, **said), "memory": now.kilobytes, "numbers": now.pile.left}
        alt, data = t.say("bricks_alt", bricks=n, **said), charts.bricks_data(t, now.pile, at)
        m.show(charts.bricks(t), alt=alt.replace("**", ""), height=500, stage=425, **data)
        m.say(t.say("pile_totals", **said))
        m.advise(said["advice"], button="mend_it", settings=now.mended, page=now.page)


@st.fragment
def recipes() -> None:
    with ui.movement(t, "recipes") as m:
        settings = {"recipe": m.choice("recipe", experiments.RECIPES, "multi_class")}
        settings |= {"hidden": m.slider("recipe_width", 1, 64, 16)}
        settings |= {"dropped": m.slider("recipe_p", 0.0, 0.9, 0.2, 0.1)}
        net, names = experiments.recipes(**settings), [t.say(f"head_{name}") for name in experiments.RECIPES]
        m.buttons(build_it=net.settings)
        alt = t.say("recipes_alt", name=t.say(settings["recipe"]), n=net.piles[net.chosen].n_parameters)
        data = charts.recipes_data(t, net.piles, names, net.chosen)
        m.show(charts.recipes(t), alt=alt, height=400, stage=400, **data)
        m.formula(net.formula)
        m.say(t.say(f"about_{settings['recipe']}"))


bricks()
recipes()
ui.closing(t, slides=4, **experiments.TRY)
ui.show_source(t, experiments.bricks, experiments.recipes)
