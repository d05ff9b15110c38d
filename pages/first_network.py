"""A first network in PyTorch: five lines of a training loop, one by one, on real data."""

import streamlit as st

from explainer import ui
from explainer.charts import debugger, listing
from explainer.charts import digits as charts
from explainer.experiments import first_network as experiments

t = ui.start_page("first_network")
WIDTHS = tuple(experiments.WIDTHS)


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
        said = net.numbers | {"line": code[feed].get(net.last, "…"), "following": code[feed][net.following]}
        data = debugger.tensors_data(t, net.values, net.grads, net.changed, net.changed_grads)
        m.show(debugger.tensors(t), alt=t.say("tensors_alt", **said), height=440, stage=430, **data)
        m.say(t.say(f"ran_{net.verdict}", **said), t.say("loss_of_all", **said))


@st.fragment(parallel=True)
def break_it() -> None:
    with ui.movement(t, "break_it") as m:
        mistake = m.choice("broken_by", tuple(experiments.MISTAKES), "no_zero_grad")
        settings = {"broken_by": mistake, "broken_seed": m.slider("broken_seed", 0, 9, 0)}
        net, place = ui.long(experiments.break_it)(**settings), m.controls
        alt, data = t.say(f"error_{mistake}"), listing.listing_data(net.listing)
        m.show(listing.listing(t), alt=alt, height=190, stage=240, place=place, **data)
        alt, data = t.say("runs_alt", **net.numbers), listing.both_losses_data(t, *net.losses)
        m.show(listing.both_losses(t), alt=alt, height=200, stage=190, **data)
        data = listing.both_accuracies_data(t, *net.accuracies)
        m.show(listing.both_accuracies(t), alt=alt, height=180, stage=165, **data)
        m.say(t.say(f"error_{mistake}"), t.say(f"home_{mistake}", **net.numbers))


@st.fragment
def repair() -> None:
    with ui.movement(t, "repair") as m:
        lines, most = experiments.QUIZ_LINES, experiments.MOST_LINES
        arranged = m.sequence("arranged", lines, experiments.QUIZ, most=most)
        net, (left, right) = ui.cached(experiments.repair)(arranged=arranged), m.split(6, 5)
        data, alt = listing.arranged_data([lines[name] for name in arranged]), t.say("arranged_alt")
        m.show(listing.arranged(t), alt=alt, height=330, stage=420, place=left, **data)
        data, alt = listing.quiz_losses_data(t, *net.losses), t.say("runs_alt", **net.numbers)
        m.show(listing.quiz_losses(t), alt=alt, height=330, stage=420, place=right, **data)
        m.say(t.say(f"quiz_{net.verdict}", **net.numbers))


@st.fragment
def digits() -> None:
    with ui.movement(t, "digits") as m:
        settings = {"digits_rate": m.choice("digits_rate", tuple(experiments.RATES), "rate_01", shared=True)}
        settings |= {"digits_width": m.choice("digits_width", WIDTHS, "digits_64", shared=True)}
        settings |= {"digits_seed": m.slider("digits_seed", 0, 9, 0, shared=True)}
        net, (left, right) = ui.long(experiments.digits)(**settings), m.split(1, 1)
        said, data = net.numbers, charts.worst_mistakes_data(net.worst, net.truth, net.answer)
        alt, place = t.say("worst_alt", **said), m.controls
        m.show(charts.worst_mistakes(t), alt=alt, height=210, stage=215, place=place, **data)
        alt, data = t.say("digits_alt", **said), charts.digit_losses_data(t, net.steps, net.losses)
        m.show(charts.digit_losses(t), alt=alt, height=110, stage=90, place=left, **data)
        data = charts.digit_accuracy_data(t, net.steps, net.accuracy)
        m.show(charts.digit_accuracy(t), alt=alt, height=150, stage=135, place=left, **data)
        data, alt = charts.digit_confusion_data(net.confusion), t.say("confusion_alt", **said)
        m.show(charts.digit_confusion(t), alt=alt, height=350, stage=335, place=right, **data)
        data, alt = charts.digit_weights_data(net.weights), t.say("weights_alt", **said)
        m.show(charts.digit_weights(t), alt=alt, height=80, stage=85, place=left, **data)
        columns = {"entropy_column": net.losses, "accuracy_column": net.accuracy}
        m.play_bar(charts.digit_marks(t), steps=net.steps.tolist(), **columns)
        m.say(t.say(f"digits_{net.verdict}", **said))
        m.export(experiments.digits_script, **settings)


@st.fragment
def draw() -> None:
    with ui.movement(t, "draw") as m:
        settings = {"sketch": m.pad("sketch"), "fitting": m.choice("fitting", experiments.FITTINGS, "fitted")}
        _, learned = m.result(experiments.digits, experiments.TRAINED)
        net = ui.cached(experiments.draw)(**settings, network=learned.network)
        said, data = net.numbers | learned.numbers, charts.ten_probabilities_data(net.probabilities)
        alt = t.say("probabilities_alt", **said)
        m.show(charts.ten_probabilities(t), alt=alt, height=220, stage=195, **data)
        alt, data = t.say("seen_alt", **said), charts.seen_and_nearest_data(t, *net.pair)
        m.show(charts.seen_and_nearest(t), alt=alt, height=230, stage=215, **data)
        m.say(
            t.say(f"drawn_{net.verdict}", **said), t.say("drawn_distance", **said), t.say("drawn_by", **said)
        )


@st.fragment
def take_home() -> None:
    with ui.movement(t, "take_home") as m:
        words = tuple(t.prose(f"cell_{name}") for name in experiments.CELLS)
        on, learned = m.result(experiments.digits, experiments.TRAINED)
        net = ui.cached(experiments.take_home)(words=words, **on)
        m.offer("script_file", net.script, "py")
        m.offer("notebook_file", net.notebook, "ipynb")
        m.code(net.script, height=400, stage=430)
        m.say(t.say("home_prints", **learned.numbers), t.say("home_next"))


five_lines()
break_it()
repair()
digits()
draw()
take_home()
again = ("five_lines", {"lines_feed": "one_batch", "one_batch_lines": experiments.TWICE})
rate, scribble = {"digits_rate": "digits_rate_1"}, {"sketch": experiments.FULL, "fitting": "fitted"}
ui.closing(t, slides=3, try_again=again, try_rate=("digits", rate), try_full=("draw", scribble))
ui.show_source(t, experiments.five_lines, experiments.break_it, experiments.digits, experiments.draw)
