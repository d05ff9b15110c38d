"""Toy data: what it is drawn from, and that a seed names it."""

import math

import pytest
import torch

from explainer.nets.data import CURVES, VIEW, sample_curve
from explainer.nets.linear import best_line, with_ones

each = pytest.mark.parametrize("name", CURVES)


@each
def test_samples_without_noise_lie_on_the_curve(name):
    x, y = sample_curve(name, 50, noise=0, seed=1)
    assert torch.equal(y, CURVES[name](x))


@each
def test_samples_are_sorted_in_view_and_in_double_precision(name):
    x, y = sample_curve(name, 500, noise=0.3, seed=2)
    assert x.shape == y.shape == (500,)
    assert x.dtype == y.dtype == torch.float64
    assert (x.diff() >= 0).all()
    assert x.abs().max() <= VIEW


@each
def test_the_noise_is_normal_with_the_given_size(name):
    n, noise = 20_000, 0.3
    x, y = sample_curve(name, n, noise=noise, seed=3)
    left = (y - CURVES[name](x)) / noise
    # Five standard errors each: mean 0, variance 1, and three standard deviations hold 99.73 percent.
    assert abs(float(left.mean())) < 5 / math.sqrt(n)
    assert float(left.var()) == pytest.approx(1, abs=5 * math.sqrt(2 / n))
    assert float((left.abs() < 3).double().mean()) == pytest.approx(0.9973, abs=5 * math.sqrt(0.0027 / n))


def test_x_is_drawn_evenly_from_the_view():
    n = 20_000
    x, _ = sample_curve("line", n, noise=0, seed=4)
    # Kolmogorov and Smirnov: once in a thousand does a sample stray by more than 1.95 / sqrt(n).
    expected = (x + VIEW) / (2 * VIEW)
    assert float((expected - torch.linspace(0, 1, n, dtype=torch.float64)).abs().max()) < 1.95 / math.sqrt(n)


def test_a_seed_names_one_sample_and_leaves_the_global_generator_alone():
    before = torch.random.get_rng_state()
    first, again, other = (sample_curve("sine", 40, noise=0.2, seed=seed) for seed in (5, 5, 6))
    assert torch.equal(first[0], again[0])
    assert torch.equal(first[1], again[1])
    assert not torch.equal(first[0], other[0])
    assert torch.equal(torch.random.get_rng_state(), before)


def test_of_all_curves_only_the_line_is_straight():
    x = torch.linspace(-VIEW, VIEW, 301, dtype=torch.float64)
    straight = {
        name: float((curve(x) - with_ones(x) @ best_line(x, curve(x))).abs().max()) < 1e-9
        for name, curve in CURVES.items()
    }
    assert straight == {"line": True, "parabola": False, "sine": False, "abs": False}


@each
def test_curves_stay_within_a_picture_of_fixed_axes(name):
    x = torch.linspace(-VIEW, VIEW, 301, dtype=torch.float64)
    assert CURVES[name](x).abs().max() <= 1.2 + 1e-12


def test_an_unknown_curve_is_refused():
    with pytest.raises(KeyError, match="zigzag"):
        sample_curve("zigzag", 10, noise=0, seed=0)
