"""Softmax: scores of many classes become probabilities, and cross-entropy is the price of the true one."""

import streamlit as st

from explainer import ui
from explainer.charts import classes
from explainer.charts import softmax as charts
from explainer.experiments import softmax as experiments

t = ui.start_page("softmax")
CLASSES, NAMES = experiments.CLASSES, [t.say(name) for name in experiments.CLASSES]


@st.fragment
def stages() -> None:
    with ui.movement(t, "stages") as m:
        photo, n = m.choice("photo", experiments.PHOTOS, "cat"), m.slider("classes", 2, 6, 3)
        logits, truth = [], []
        for name, z in experiments.LOGITS.items():
            logits.append(tuple(m.weights(z, limit=10, offered=n * (name == photo)).values())[:n])
            truth.append(CLASSES.index(m.choice(f"true_{name}", CLASSES[:n], name, offered=name == photo)))
        settings = {"logits": tuple(logits), "truth": tuple(truth)}
        settings["temperature"] = m.slider("temperature", 0.1, 5.0, 1.0, 0.1)
        net = ui.cached(experiments.stages)(photo=photo, **settings)
        p, said = float(net.probabilities[net.y]), {"rough": net.printed_price, "printed": net.printed}
        said |= {"p": p, "price": float(net.prices[net.y])}
        alt, data = t.say("stages_alt", truth=NAMES[net.y], **said), charts.stages_data(t, NAMES, *net.board)
        m.show(charts.stages(t), alt=alt, height=330, stage=330, **data)
        batch = dict(zip(experiments.PHOTOS, net.batch.tolist(), strict=True))
        m.say(
            t.say("slide_says" if net.printed else "exact_price", **said),
            t.say(f"rounding_{net.remark}", total=net.rounded_total),
            t.say("batch_mean", mean=net.mean, **batch),
        )


@st.fragment
def shift() -> None:
    with ui.movement(t, "shift") as m:
        s, constant = m.weights(experiments.SHIFTED, limit=10), m.slider("constant", -1000, 1000, 0, 5)
        arithmetic = m.choice("arithmetic", ("float64", "float32"), "float64")
        net = ui.cached(experiments.shift)(**s, constant=constant, arithmetic=arithmetic)
        said = {"constant": constant, "change": t.zero(net.difference), "verdict": t.say(net.verdict)}
        data = charts.shift_data(t, net.logits, net.naive, net.stable)
        m.show(charts.shift(t), alt=t.say("shift_alt", **said), height=300, stage=340, **data)
        m.say(t.say(net.verdict), t.say("shift_changes", **said))


@st.fragment
def not_argmax() -> None:
    with ui.movement(t, "not_argmax") as m:
        curves = m.choice("curves", ("two", "three"), "three")
        z = m.weights(experiments.RUNNING, limit=5, offered=3 if curves == "three" else 2)
        net = ui.cached(experiments.not_argmax)(**z, curves=curves, heat=m.slider("heat", -2, 1, 0, 0.1))
        said = {"temperature": net.temperature, "p": float(net.at[0]), "change": t.zero(net.difference)}
        data = (net.x, net.curves, (net.argmax, net.sigmoid), z["t1"], net.at)
        alt, data = t.say("not_argmax_alt", z=z["t1"], **said), charts.not_argmax_data(t, *data)
        m.show(charts.not_argmax(t), alt=alt, height=360, stage=390, **data)
        m.say(t.say(net.remark, **said), t.say(f"sigmoid_{curves}", **said))


@st.fragment
def push() -> None:
    with ui.movement(t, "push") as m:
        settings = m.weights(experiments.PUSHED, limit=10) | {"truth": m.choice("truth", CLASSES[:3], "dog")}
        net = ui.cached(experiments.push)(**settings, eta=m.slider("eta", 0.0, 5.0, 1.0, 0.1))
        said = {"loss": net.loss, "after": net.loss_after, "difference": t.zero(net.difference)}
        data = charts.push_data(t, NAMES[:3], net.before, net.after, net.target, net.gradient)
        m.show(charts.push(t), alt=t.say("push_alt", **said), height=300, stage=340, **data)
        m.say(t.say("step_price", **said), t.say("autograd_agrees", **said))


@st.fragment
def train_it() -> None:
    with ui.movement(t, "train_it") as m:
        settings = {"model": m.choice("model", experiments.MODELS, "linear")}
        settings |= {"groups": m.slider("groups", 3, 5, 3), "twist": m.slider("twist", 0.0, 0.6, 0.0, 0.05)}
        settings |= {"spoiled": m.slider("spoiled", 0, 40, 0, 2), "draw": m.slider("draw", 0, 9, 0)}
        net, (left, right) = ui.long(experiments.train_it)(**settings), m.split(3, 2)
        said = {"loss": float(net.losses[1, -1]), "accuracy": 100 * net.accuracy[1, -1], "blind": net.blind}
        alt, data = (
            t.say("regions_alt", **said),
            classes.regions_data(t, net.regions, net.X, net.y, net.wrong),
        )
        m.show(classes.regions(t), alt=alt, height=350, stage=320, place=left, **data)
        alt, data = t.say("falling_alt", **said), classes.class_losses_data(t, net.losses, net.blind)
        m.show(classes.class_losses(t), alt=alt, height=165, stage=150, place=right, **data)
        alt, data = t.say("counts_alt", **said), classes.class_counts_data(t, net.confusion)
        m.show(classes.class_counts(t), alt=alt, height=185, stage=170, place=right, **data)
        m.play_bar(classes.run_marks(t), entropy_column=net.losses, accuracy_column=net.accuracy)
        m.export(experiments.train_it_script, **settings)


@st.fragment
def one_point() -> None:
    with ui.movement(t, "one_point") as m:
        settings = {"machine": m.choice("machine", experiments.MODELS, "linear")}
        net = ui.long(experiments.one_point)(**settings, wrong=m.slider("wrong", 0, 40, 4))
        on = {"picture": "point_regions", "hint": "hint_pointer", **classes.PLANE}
        (place,) = m.points("place", experiments.PLACE, add=False, **on)
        i = net.nearest(*place)
        said = {"price": float(net.prices[i]), "mean": net.loss, "truth": NAMES[net.y[i]], "n": i + 1}
        data = classes.point_regions_data(t, net.regions, net.X, net.y, i, place)
        alt, point = t.say("point_regions_alt", **said), charts.point_stages_data(t, NAMES, *net.board(i))
        m.show(classes.point_regions(t), alt=alt, height=280, stage=262, place=m.controls, **data)
        m.show(charts.point_stages(t), alt=t.say("point_alt", **said), height=330, stage=390, **point)
        m.say(t.say("point_price", **said), t.say("point_mean", **said))


stages()
shift()
not_argmax()
push()
train_it()
one_point()
twist, spoiled = {"model": "linear", "twist": 0.6}, {"model": "hidden_layer", "spoiled": 30, "twist": 0.0}
more = {"try_twist": ("train_it", twist), "try_spoiled": ("train_it", spoiled)}
ui.closing(t, slides=3, try_overflow=("shift", {"arithmetic": "float32", "constant": 85}), **more)
ui.show_source(t, experiments.stages, experiments.shift, experiments.push, experiments.train_it)
