"""A first network in PyTorch: five lines of a training loop, one by one, on real data."""

import streamlit as st

from explainer import ui
from explainer.charts import debugger
from explainer.charts import digits as charts
from explainer.experiments import first_network as experiments

t = ui.start_page("first_network")


@st.fragment
def five_lines() -> None:
    with ui.movement(t, "five_lines") as m:
        feed = m.choice("lines_feed", tuple(experiments.FEEDS), "one_batch")
        code, most = experiments.CODE, experiments.MOST_PRESSES
        pressed = {
            name: m.sequence(f"{name}_lines", code[name], most=most, offered=name == feed, **ways)
            for name, ways in experiments.WAYS.items()
        }
        speed = m.slider("line_speed", 0.1, 5.0, 1.0, 0.1)
        net = ui.cached(experiments.five_lines)(program=pressed[feed], lines_feed=feed, line_speed=speed)
        name, value = net.one_change
        said = {"n": net.n_changed, "name": name, "value": value, "words": net.words}
        said |= {"before": net.before, "loss": net.all_loss, "steps": net.n_steps, "batches": net.n_batches}
        said |= {"line": code[feed].get(net.last, ""), "following": code[feed][net.following]}
        data = debugger.tensors_data(t, net.values, net.grads, net.changed, net.changed_grads)
        m.show(debugger.tensors(t), alt=t.say("tensors_alt", **said), height=440, stage=430, **data)
        m.say(t.say(f"ran_{net.verdict}", **said), t.say("loss_of_all", **said))


@st.fragment(parallel=True)
def digits() -> None:
    with ui.movement(t, "digits") as m:
        settings = {"digits_rate": m.choice("digits_rate", tuple(experiments.RATES), "rate_01")}
        settings |= {"digits_width": m.choice("digits_width", tuple(experiments.WIDTHS), "digits_64")}
        net = ui.long(experiments.digits)(**settings, digits_seed=m.slider("digits_seed", 0, 9, 0))
        said = {"loss": float(net.losses[1, -1]), "accuracy": 100 * float(net.accuracy[1, -1])}
        said |= {"wrong": int((1 - net.accuracy[1, -1]) * 360 + 0.5), "n": net.n_parameters}
        data = charts.worst_mistakes_data(net.worst, net.truth, net.answer, net.p)
        alt, place = t.say("worst_alt", **said), m.controls
        m.show(charts.worst_mistakes(t), alt=alt, height=190, stage=230, place=place, **data)
        left, right = m.split(1, 1)
        for draw, fill, values in (
            (charts.digit_losses, charts.digit_losses_data, net.losses),
            (charts.digit_accuracy, charts.digit_accuracy_data, net.accuracy),
        ):
            data = fill(t, net.steps, values)
            m.show(draw(t), alt=t.say("digits_alt", **said), height=140, stage=135, place=left, **data)
        data, alt = charts.digit_confusion_data(net.confusion), t.say("confusion_alt", **said)
        m.show(charts.digit_confusion(t), alt=alt, height=285, stage=280, place=right, **data)
        data = charts.digit_weights_data(net.weights)
        m.show(charts.digit_weights(t), alt=t.say("weights_alt", **said), height=130, stage=120, **data)
        columns = {"entropy_column": net.losses, "accuracy_column": net.accuracy}
        m.play_bar(charts.digit_marks(t), steps=net.steps.tolist(), **columns)
        m.say(t.say(f"digits_{net.verdict}", **said))


five_lines()
digits()
broken = ("forward", "loss", "backward", "backward")
ui.closing(
    t,
    slides=2,
    try_again=("five_lines", {"lines_feed": "one_batch", "one_batch_lines": broken}),
    try_rate=("digits", {"digits_rate": "digits_rate_1"}),
    try_narrow=("digits", {"digits_width": "digits_4", "digits_rate": "rate_01"}),
)
ui.show_source(t, experiments.five_lines, experiments.digits)
