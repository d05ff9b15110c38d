"""Pictures of the page on linear collapse, one by one."""

import pytest

from explainer.charts import (
    collapse,
    palette,
)
from explainer.experiments import linear_collapse as experiments
from explainer.texts import LANGUAGES
from tests.charts.specs import line_marks, read, texts

both = pytest.mark.parametrize("lang", LANGUAGES)


def test_the_answer_is_not_in_the_data_before_it_is_asked_for():
    net = experiments.two_regressions()
    hidden = read(collapse.two_regressions_data(net.x, net.hidden, None))["lines"]
    shown = read(collapse.two_regressions_data(net.x, net.hidden, net.output))["lines"]
    assert set(hidden["line"]) == {"h₁", "h₂"}
    assert set(shown["line"]) == {"h₁", "h₂", "y"}
    y = shown[shown["line"] == "y"]
    assert y["value"].to_numpy() == pytest.approx(net.output, abs=1e-6)
    assert y["x"].to_numpy() == pytest.approx(net.x, abs=1e-6)


def test_every_hidden_neuron_is_a_curve_of_its_own():
    net = experiments.deeper(depth=4, width=3)
    frame = read(collapse.deeper_data(texts("en"), net.x, net.hidden, net.output))["lines"]
    curves = frame.groupby("curve")
    assert len(curves) == 3 * 3 + 1
    assert [g["line"].nunique() for _, g in curves] == [1] * 10
    assert [g["value"].to_numpy() for _, g in curves] == [
        pytest.approx(values, abs=1e-5) for values in [*net.hidden, net.output]
    ]


def test_one_layer_has_no_hidden_neurons_to_draw():
    net = experiments.deeper(depth=1)
    frame = read(collapse.deeper_data(texts("en"), net.x, net.hidden, net.output))["lines"]
    assert set(frame["line"]) == {"y"}


@both
def test_what_the_neurons_bring_their_sum_and_the_best_line_are_told_apart(lang):
    net = experiments.with_activation(f="tanh")
    t = texts(lang)
    frame = read(collapse.with_activation_data(t, net.x, net.terms, net.output, net.best_line))["lines"]
    drawn = {name: group["value"].to_numpy() for name, group in frame.groupby("line")}
    first, second, y, line = line_marks(collapse.with_activation(t))
    for name, values in (
        (first, net.terms[0]),
        (second, net.terms[1]),
        (y, net.output),
        (line, net.best_line),
    ):
        assert drawn.pop(name) == pytest.approx(values, abs=1e-5)
    assert not drawn


def test_every_frame_of_a_training_run_is_a_column():
    t = texts("en")
    net = experiments.train_it()
    runs = [net.one_layer, net.deep_linear, net.with_f]
    frames = read(
        collapse.training_data(t, (net.x, net.y), (net.grid, net.curve), [run.y_hat for run in runs])
    )
    by_name = frames["runs"].groupby("line", sort=False)
    assert list(by_name.groups) == [mark["label"] for mark in collapse.network_marks(t)]
    for run, (_, group) in zip(runs, by_name, strict=True):
        assert group["x"].to_numpy() == pytest.approx(net.grid, abs=1e-6)
        for i in range(experiments.N_FRAMES):
            assert group[f"f{i}"].to_numpy() == pytest.approx(run.y_hat[i], abs=1e-5)
    assert f"f{experiments.N_FRAMES}" not in frames["runs"]


def test_the_play_bar_has_as_many_frames_as_a_recording():
    assert collapse.LAST_FRAME == experiments.N_FRAMES - 1
    for chart in (collapse.training, collapse.losses):
        (frame,) = chart(texts("en"))["params"]
        assert frame["name"] == "frame"
        assert frame["bind"] == {
            "input": "range",
            "min": 0,
            "max": collapse.LAST_FRAME,
            "step": 1,
            "name": "frame",
        }


def test_the_play_bars_table_has_the_colours_and_dashes_of_the_picture():
    for lang in LANGUAGES:
        looks = line_marks(collapse.training(texts(lang)))
        marks = collapse.network_marks(texts(lang))
        assert [mark["label"] for mark in marks] == list(looks)
        for mark in marks:
            color, dash, _ = looks[mark["label"]]
            assert mark["color"] == color
            assert (mark["dash"] == "solid") == (dash == tuple(palette.SOLID))


def test_the_losses_are_drawn_step_by_step():
    t = texts("en")
    net = experiments.train_it()
    runs = [net.one_layer.train_loss, net.deep_linear.train_loss, net.with_f.train_loss]
    frame = read(collapse.losses_data(t, runs))["losses"]
    for losses, (_, group) in zip(runs, frame.groupby("line", sort=False), strict=True):
        assert group["x"].tolist() == list(range(experiments.N_FRAMES))
        assert group["value"].to_numpy() == pytest.approx(losses, rel=1e-5)
