"""LEGO bricks: a network is stacked from layers, and it holds if the shapes at the joints agree."""

import streamlit as st

from explainer import ui
from explainer.charts import dropping, lessons
from explainer.charts import lego as charts
from explainer.experiments import lego as experiments

t = ui.start_page("lego")
STACK, TASK, is_stack = experiments.DEFAULT, experiments.DEFAULT_TASK, experiments.is_stack


@st.fragment
def bricks() -> None:
    with ui.movement(t, "bricks") as m:
        on = {"task": m.choice("task", experiments.TASKS, TASK, shared=True)}
        stack, order = m.pile("stack", STACK, is_stack, picture="bricks", chosen="brick", rows=charts.rows)
        kind, n = m.choice("new_brick", experiments.BRICKS, "brick_relu"), stack.count("*")
        on["brick"] = m.slider("brick", 1, n, 1, of=order, offered=n > 1)
        size = m.part("size", experiments.size(stack=stack, **on), of=f"{on}{order}")
        stack = m.keep("stack", experiments.resize(stack=stack, value=size, **on), STACK)
        now = ui.cached(experiments.bricks)(stack=stack, kind=kind, **on)
        m.buttons(above=size is not None, **now.moves)
        said = now.said | {"advice": t.say(now.advice, **now.said)}
        alt, data = t.say("bricks_alt", **said), charts.bricks_data(t, now.pile, on["brick"])
        m.show(charts.bricks(t), alt=alt.replace("**", ""), height=500, stage=420, **data)
        m.say(t.say("pile_totals", **said))
        m.advise(said["advice"], button="mend_it", settings=now.mended, page=now.page)


@st.fragment
def recipes() -> None:
    with ui.movement(t, "recipes") as m:
        recipe = m.choice("recipe", experiments.RECIPES, "multi_class")
        sizes = {"hidden": m.slider("wide", 1, 64, 16), "dropped": m.slider("drop_p", 0.0, 0.9, 0.2, 0.1)}
        net = ui.cached(experiments.recipes)(recipe=recipe, **sizes)
        m.buttons(build_it=net.settings)
        alt = t.say("recipes_alt", name=t.say(recipe), n=net.piles[net.chosen].n_parameters)
        data = charts.recipes_data(t, net.piles, net.chosen)
        m.show(charts.recipes(t), alt=alt, height=400, stage=400, **data)
        m.formula(net.formula)
        m.say(t.say(f"about_{recipe}"))


@st.fragment
def trace() -> None:
    with ui.movement(t, "trace") as m:
        on = {"task": m.shown("task", TASK), "stack": m.kept("stack", STACK, is_stack)}
        sample, mode = m.slider("sample_no", 1, 12, 1), m.choice("pass_mode", experiments.MODES, "mode_eval")
        net = ui.cached(experiments.trace)(sample=sample, mode=mode, **on)
        m.code(net.code, height=330, stage=395, among_controls=True)
        alt, rows = t.say("journey_alt", n=len(net.values)), charts.journey_rows(t, net.pile, net.values)
        m.show(lessons.journey(t), alt=alt, height=430, stage=435, **lessons.journey_data(t, *rows))
        m.say(t.say(net.origin), t.say(f"{mode}_says"))


@st.fragment(parallel=True)
def train_it() -> None:
    with ui.movement(t, "train_it") as m:
        on = {"task": m.shown("task", TASK), "stack": m.kept("stack", STACK, is_stack)}
        on |= {"lg_rate": m.slider("lg_rate", -4.0, 0.0, -2.0, 0.25), "seed": m.slider("seed", 0, 9, 0)}
        net, (left, right) = ui.long(experiments.train_it)(**on), m.split(3, 2)
        (spec, data), alt = lessons.picture(t, net), t.say(f"learned_{net.kind}_alt", **net.said)
        m.show(spec, alt=alt, height=350, stage=300, place=left, **data)
        alt, data = t.say("lesson_losses_alt", **net.said), lessons.lesson_losses_data(t, net.losses)
        m.show(lessons.lesson_losses(t), alt=alt, height=350, stage=300, place=right, **data)
        m.play_bar(lessons.lesson_marks(t), steps=net.steps.tolist(), **net.table)
        m.say(t.say(f"lesson_{net.ended}", **net.said), t.say(net.origin))
        m.export(experiments.train_it_script, **on)


@st.fragment
def dropout() -> None:
    with ui.movement(t, "dropout") as m:
        on = {"p_given": m.slider("p_given", 0.1, 0.9, 0.5, 0.1), "batch_no": m.slider("batch_no", 1, 100, 1)}
        on |= {"layer_mode": m.choice("layer_mode", ("layer_trains", "layer_predicts"), "layer_trains")}
        on |= {"reading": m.choice("reading", ("p_drops", "p_keeps"), "p_drops")}
        on |= {"stretched": m.choice("stretched", ("stretch", "no_stretch"), "stretch")}
        net = ui.cached(experiments.dropout)(**on)
        alt, data = t.say("masks_alt", **net.said), dropping.masks_data(t, net.y)
        m.show(dropping.masks(t), alt=alt, height=220, stage=215, **data)
        alt, data = t.say("expectation_alt", **net.said), dropping.expectation_data(t, *net.course)
        m.show(dropping.expectation(t), alt=alt, height=200, stage=190, **data)
        m.say(t.say(f"masks_{net.verdict}", **net.said), t.say("mean_so_far", **net.said))


@st.fragment(parallel=True)
def overfit() -> None:
    with ui.movement(t, "overfit") as m:
        few = m.choice("few", experiments.FEW, "few_digits")
        strength = m.choice("strength", tuple(experiments.STRENGTHS), "p_half")
        net, (left, right) = ui.long(experiments.overfit)(few=few, strength=strength), m.split(3, 2)
        alt, data = t.say("overfit_alt", **net.said), dropping.overfit_data(t, net.steps, net.losses)
        m.show(dropping.overfit(t), alt=alt, height=380, stage=390, place=left, **data)
        alt, data = t.say("run_pairs_alt", **net.said), dropping.run_pairs_data(t, net.accuracy[:, :, -1])
        m.show(dropping.run_pairs(t), alt=alt, height=380, stage=390, place=right, **data)
        m.say(t.say("overfit_loss", **net.said), t.say("overfit_right", **net.said))


@st.fragment
def quiz() -> None:
    with ui.movement(t, "quiz") as m:
        blanks = {"blank_in": m.choice("blank_in", tuple(experiments.BLANKS_IN), "in_40")}
        blanks |= {"blank_out": m.choice("blank_out", tuple(experiments.BLANKS_OUT), "out_50")}
        net, count = ui.cached(experiments.quiz)(**blanks), m.text("count", "", experiments.refuse_count)
        m.code(net.code)
        m.say(t.say(net.verdict, **net.said), t.say(net.judge(count), **net.said))
        m.ask("quiz_answer")


bricks()
recipes()
trace()
train_it()
dropout()
overfit()
quiz()
ui.closing(t, slides=4, **experiments.TRY)
ui.show_source(t, experiments.bricks, experiments.trace, experiments.train_it, experiments.dropout)
