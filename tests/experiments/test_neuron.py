"""What the page on the neuron claims, as properties of its experiments."""

import dataclasses
import itertools

import numpy as np
import pytest
import torch

from explainer.experiments import neuron as experiments
from explainer.nets.perceptron import SIGMAS, fewest_mistakes, margin, with_one

rng = np.random.default_rng(0)


def finite(result: object) -> None:
    for field in dataclasses.fields(result):
        value = getattr(result, field.name)
        if isinstance(value, (float, np.ndarray)):
            assert np.isfinite(value).all(), field.name


def test_a_neuron_fires_when_its_sum_reaches_the_threshold():
    for w1, w2, gamma, x1, x2 in rng.integers(-30, 31, (2000, 5)):
        tenths = {"w1": w1, "w2": w2, "gamma": gamma, "x1": x1, "x2": x2}
        net = experiments.one_neuron(**{name: value / 10 for name, value in tenths.items()})
        assert net.output == (w1 * x1 + w2 * x2 >= 10 * gamma), "in whole numbers, so without rounding"
        assert net.rest == pytest.approx(net.total - gamma / 10)


def test_one_number_makes_or_of_and_and_no_numbers_make_xor():
    def truth(**weights: float) -> list[int]:
        return [experiments.one_neuron(**weights, x1=a, x2=b).output for a in (0, 1) for b in (0, 1)]

    assert truth(w1=1, w2=1, gamma=0.5) == [0, 1, 1, 1]
    assert truth(w1=1, w2=1, gamma=1.5) == [0, 0, 0, 1]
    assert truth(w1=1, w2=-1, gamma=0.5) == [0, 0, 1, 0]
    for w1, w2, gamma in itertools.product(np.arange(-3, 3.1, 0.5), repeat=3):
        assert truth(w1=w1, w2=w2, gamma=gamma) != [0, 1, 1, 0]


def test_the_border_goes_through_the_handles_whatever_sigma_is():
    for _ in range(400):
        a, b = rng.integers(-30, 31, (2, 2)) / 10
        steep = rng.choice([0.2, 1.5, 5.0])
        nets = [
            experiments.three_pictures(sigma=name, handles=(tuple(a), tuple(b)), steep=steep)
            for name in SIGMAS
        ]
        w = nets[0].weights
        for p in (a, b):
            assert w["w1"] * p[0] + w["w2"] * p[1] == pytest.approx(w["gamma"], abs=1e-9)
        for net in nets:
            finite(net)
            assert net.weights == w
            assert len(net.line) == (2 if (a != b).any() else 0) or np.abs([a, b]).max() == 3
            for p in net.line:
                assert w["w1"] * p[0] + w["w2"] * p[1] == pytest.approx(w["gamma"], abs=1e-6)
                assert np.abs(p).max() == pytest.approx(3)
        assert np.hypot(w["w1"], w["w2"]) == pytest.approx(steep if (a != b).any() else 0)
        line, step, curve = (nets[i].plane for i in range(3))
        assert ((line >= 0) == (step == 1)).all(), "one side of the border for all three"
        assert ((curve >= 0.5) == (step == 1))[np.abs(line) > 1e-9].all()


def test_the_section_is_the_middle_row_of_the_plane():
    net = experiments.three_pictures(sigma="sigmoid")
    middle = net.plane[experiments.N_CELLS // 2]
    cells = np.abs(net.x[:, None] - np.linspace(-3, 3, experiments.N_CELLS)).min(1) < 1e-12
    assert net.curves["sigmoid"][cells] == pytest.approx(middle, abs=1e-12)


def test_the_step_of_the_section_is_upright_wherever_the_line_is():
    rng = np.random.default_rng(2)
    for _ in range(100):
        a, b = rng.uniform(-3, 3, (2, 2))
        net = experiments.three_pictures(handles=(tuple(a), tuple(b)))
        step = net.curves["threshold"]
        (jump,) = np.nonzero(np.diff(step))
        edge = net.weights["gamma"] / net.weights["w1"]
        assert len(jump) == (abs(edge) < 3)
        for i in jump:
            assert net.x[i] < edge < net.x[i + 1] < net.x[i] + 1e-5


@pytest.mark.parametrize("sigma", ["linear_unit", "sigmoid"])
def test_the_trained_neuron_has_the_weights_of_the_regression(sigma):
    """Least squares by torch.linalg.lstsq, logistic regression by the zero of its gradient."""
    for sample, spread in itertools.product(range(10), (0.4, 0.7, 1.5)):
        net = experiments.it_is_regression(fit_sigma=sigma, spread=spread, fit_sample=sample)
        if not net.exists:
            continue
        finite(net)
        X, y = torch.tensor(with_one(net.x[:, None])), torch.tensor(net.y)
        w = torch.tensor(net.weights[-1])
        if sigma == "linear_unit":
            assert w.numpy() == pytest.approx(torch.linalg.lstsq(X, y[:, None]).solution[:, 0], abs=1e-6)
        else:
            gradient = X.T @ (torch.sigmoid(X @ w) - y) / len(y)
            assert float(gradient.abs().max()) < 1e-7
        assert np.abs(net.weights[-1] - net.kept[-1]).max() == net.difference < 1e-6
        assert net.curves[-1] == pytest.approx(net.curve, abs=1e-5)
        assert (net.weights[0] == 0).all()


def test_classes_that_do_not_overlap_have_no_best_weights_and_the_page_says_so():
    seen = set()
    for sample, spread in itertools.product(range(10), (0.3, 0.4, 1.5)):
        net = experiments.it_is_regression(fit_sigma="sigmoid", spread=spread, fit_sample=sample)
        zeros, ones = net.x[net.y == 0], net.x[net.y == 1]
        apart = zeros.max() < ones.min() or ones.max() < zeros.min()
        assert net.exists != apart
        seen.add(apart)
        if apart:
            assert np.isfinite(net.weights).all()
            assert np.abs(net.weights[-1]).max() > 50, "they grow as long as one trains"
    assert seen == {True, False}
    assert not experiments.it_is_regression(fit_sigma="sigmoid", spread=0.3, fit_sample=2).exists
    assert experiments.it_is_regression(fit_sigma="sigmoid", spread=0.4, fit_sample=2).exists


def test_a_correction_is_the_sample_added_or_subtracted():
    for samples, correction in itertools.product(("and", "or", "xor", "clouds"), range(experiments.MOST + 1)):
        net = experiments.learning_rule(samples=samples, correction=correction, cloud=correction % 10)
        finite(net)
        before, x, after = ([net.formula[f"{name}{i}"] for i in range(3)] for name in "axb")
        factor = {"plus": 1, "minus": -1, "none": 0}[net.sign]
        assert after == pytest.approx(np.array(before) + factor * np.array(x), abs=1e-12)
        assert (net.sign == "none") == (correction == 0) == (net.state == "start")
        called = with_one(net.points) @ after >= 0
        assert (net.mistaken == (called != net.y)).all()
        assert (net.state == "learned") == (samples != "xor" and not net.mistaken.any())
        if net.corrected >= 0:
            assert x[1:] == pytest.approx(net.points[net.corrected])
            assert (np.dot(before, x) >= 0) != net.y[net.corrected], "it was a mistake"


def test_corrections_stay_within_the_bound_and_xor_goes_round_and_round():
    for cloud, gap in itertools.product(range(10), np.arange(0.05, 0.61, 0.05)):
        counts = experiments.learning_rule(
            samples="clouds", correction=experiments.MOST, gap=gap, cloud=cloud
        ).counts
        assert counts["made"] == counts["n"] <= counts["bound"], "and the slider reaches the last one"
        assert counts["bound"] == pytest.approx((counts["radius"] / counts["rho"]) ** 2)
    states = [experiments.learning_rule(samples="xor", correction=k) for k in range(experiments.MOST + 1)]
    n, repeats = states[-1].counts["n"], states[-1].counts["repeats"]
    for k in range(n, len(states) - repeats):
        assert states[k].formula["b1"] == states[k + repeats].formula["b1"]
        assert states[k].corrected == states[k + repeats].corrected
        assert states[k].state == "cycle"
        assert states[k].mistaken.any()
    assert states[-1].counts["made"] == experiments.MOST


def test_the_region_is_where_the_perceptron_says_one():
    low, high = experiments.VIEW
    for samples, correction in itertools.product(("and", "or", "xor", "clouds"), range(0, 40, 3)):
        net = experiments.learning_rule(samples=samples, correction=correction)
        b0, b1, b2 = (net.formula[f"b{i}"] for i in range(3))
        corners = net.region
        assert (b0 + corners @ [b1, b2] >= -1e-9).all()
        x, y = corners[:, 0], corners[:, 1]
        area = 0.5 * abs((x * np.roll(y, -1) - y * np.roll(x, -1)).sum()) if len(corners) else 0.0
        grid = np.linspace(low, high, 301)
        share = (b0 + b1 * grid[:, None] + b2 * grid[None] >= 0).mean()
        assert area / (high - low) ** 2 == pytest.approx(share, abs=0.01)


def test_no_line_does_the_eight_points_with_fewer_than_three_mistakes():
    points, y = experiments.eight_points().points, experiments.eight_points().y
    assert margin(with_one(points), y)[0] == 0
    assert points[y == 0].sum(0) == pytest.approx(points[y == 1].sum(0)), "why it cannot be"
    tried = [fewest_mistakes(points @ [np.cos(a), np.sin(a)], y)[0] for a in np.linspace(0, np.pi, 3601)]
    assert min(tried) == experiments.eight_points().least == 3


def test_the_feature_that_makes_it_easy_separates_and_the_others_do_not():
    nets = {name: experiments.eight_points(feature=name) for name in experiments.FEATURES}
    assert {name for name, net in nets.items() if net.mistakes == 0} == {"sum_squares", "max_abs"}
    for net in nets.values():
        assert (net.rho > 0) == (net.mistakes == 0)
        assert net.mistaken.sum() == net.mistakes
    assert set(nets["sum_squares"].h) == {2.0, 4.0}
    assert set(nets["sum_abs"].h) == {2.0}


def test_the_picture_of_the_eight_points_calls_them_what_the_neuron_calls_them():
    for name, angle in [(name, 0) for name in experiments.FEATURES] + [
        ("direction", a) for a in range(0, 181, 5)
    ]:
        net = experiments.eight_points(feature=name, angle=angle)
        cells = np.linspace(-3, 3, experiments.N_FINE)
        for (x, z), y, wrong in zip(net.points, net.y, net.mistaken, strict=True):
            column, row = np.abs(cells - x).argmin(), np.abs(cells[::-1] - z).argmin()
            assert (net.plane[row, column] == y) != wrong
