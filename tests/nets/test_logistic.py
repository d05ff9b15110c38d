"""Fits of a probability: equal to independent solutions where these exist, running away where none does."""

import decimal
import math

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.data import sample_toy_set
from explainer.nets.linear import best_line
from explainer.nets.logistic import (
    DISTRIBUTIONS,
    crossing_of,
    fit,
    fit_clipped_line,
    logloss_of,
    odds_factors,
    rung_curve,
    separation,
)
from explainer.nets.losses import logloss
from explainer.nets.mlp import MLP
from explainer.nets.training import train

each = pytest.mark.parametrize("distribution", DISTRIBUTIONS.values(), ids=list(DISTRIBUTIONS))
ORACLES = {
    "sigmoid": torch.sigmoid,
    "normal_cdf": torch.special.ndtr,
    "cauchy_cdf": lambda t: 0.5 + torch.atan(t) / math.pi,
}


def overlapping(seed: int, n: int = 12) -> tuple[torch.Tensor, torch.Tensor]:
    random = np.random.default_rng(seed)
    while True:
        x, y = torch.tensor(random.uniform(0, 10, n)), torch.tensor(random.integers(0, 2, n)).double()
        if separation(x, y) == "overlap":
            return x, y


@each
def test_a_distribution_function_is_what_its_name_says(distribution):
    t = torch.linspace(-8, 8, 201, dtype=torch.float64, requires_grad=True)
    cdf = ORACLES[distribution.name](t)
    assert distribution.cdf(t).detach().numpy() == pytest.approx(cdf.detach().numpy(), rel=1e-9)
    assert (distribution.cdf(t) + distribution.cdf(-t)).detach().numpy() == pytest.approx(np.ones(201))
    (density,) = torch.autograd.grad(distribution.log_cdf(t).exp().sum(), t)
    expected = distribution.log_density(t).exp().detach().numpy()
    assert density.numpy() == pytest.approx(expected, rel=1e-6, abs=1e-12)
    (score,) = torch.autograd.grad(distribution.log_density(t).sum(), t)
    assert score.numpy() == pytest.approx(distribution.score(t).detach().numpy(), abs=1e-9)
    far = torch.tensor([-1e3, 1e3, -30.0, 30.0], dtype=torch.float64)
    assert distribution.log_cdf(far).isfinite().all()


@pytest.mark.parametrize("l2", [0.0, 0.02, 0.5])
def test_logistic_regression_equals_scikit_learns(l2):
    for seed in range(3):
        X, y = sample_toy_set("gauss", 200, noise=0.5, seed=seed)
        y = (y[:, 0] + 1) / 2
        found = fit(X, y, DISTRIBUTIONS["sigmoid"], l2=l2)
        theirs = LogisticRegression(C=1 / (200 * l2) if l2 else np.inf, tol=1e-10, max_iter=2000).fit(X, y)
        expected = [*theirs.intercept_, *theirs.coef_[0]]
        assert found.converged
        assert found.parameters.numpy() == pytest.approx(np.array(expected), rel=1e-4, abs=1e-4)


def test_the_training_loop_ends_at_the_same_regression():
    X, y = sample_toy_set("gauss", 200, noise=0.5, seed=1)
    X, y = X / 3, (y + 1) / 2
    net = MLP((2, 1), ACTIVATIONS["relu"])
    history = train(net, net.initialise([0]), X, y, optimizer="lbfgs", loss="logloss", n_steps=59)
    *weights, bias = history.parameters[-1, 0].tolist()
    assert [bias, *weights] == pytest.approx(fit(X, y[:, 0], DISTRIBUTIONS["sigmoid"]).parameters, abs=1e-4)


@each
def test_a_fit_has_no_slope_left_by_autograd(distribution):
    for seed in range(8):
        x, y = overlapping(seed)
        for l2 in (0.0, 0.05):
            parameters = fit(x[:, None], y, distribution, l2=l2).parameters.clone().requires_grad_()
            p = ORACLES[distribution.name](parameters[0] + parameters[1] * x)
            loss = -(y * p.log() + (1 - y) * (1 - p).log()).mean() + l2 / 2 * parameters[1] ** 2
            (gradient,) = torch.autograd.grad(loss, parameters)
            assert gradient.abs().max() < 1e-6


@each
def test_separable_classes_run_away_until_there_is_a_penalty(distribution):
    x = torch.tensor([0.0, 1.0, 2.0, 4.0, 5.0, 6.0], dtype=torch.float64)
    y = torch.tensor([0.0, 0, 0, 1, 1, 1], dtype=torch.float64)
    assert separation(x, y) == separation(-x, y) == "apart"
    away = fit(x[:, None], y, distribution, n_steps=20)
    assert (away.path[1:, 1].diff() > 0).all()
    assert (away.losses.diff() < 0).all()
    held = fit(x[:, None], y, distribution, l2=0.02)
    assert held.converged
    assert held.parameters[1] < away.parameters[1] / 2


def test_when_there_is_a_finite_fit_is_said_beforehand():
    x, y = torch.tensor([1.0, 2.0, 2.0, 3.0]), torch.tensor([0.0, 0.0, 1.0, 1.0])
    assert separation(x, y) == "apart"  # touching: the weight runs away as well
    assert separation(x, torch.tensor([0.0, 1.0, 0.0, 1.0])) == "apart"
    assert separation(x, torch.tensor([1.0, 0.0, 0.0, 1.0])) == "overlap"
    assert separation(x, torch.ones(4)) == "one_class"
    assert separation(torch.ones(4), y) == "same_x"


def clipped_loss(x: torch.Tensor, y: torch.Tensor, bias: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return np.square(np.clip(bias[:, None] + weight[:, None] * x.numpy(), 0, 1) - y.numpy()).mean(1)


def test_no_clipped_line_is_better_than_the_one_found():
    random = np.random.default_rng(0)
    for seed in range(20):
        x, y = overlapping(seed, 9)
        bias, weight = fit_clipped_line(x, y)
        least = clipped_loss(x, y, np.array([bias]), np.array([weight]))[0]
        slopes, centres = random.normal(scale=2, size=20_000), random.uniform(-5, 15, 20_000)
        assert least <= clipped_loss(x, y, 0.5 - slopes * centres, slopes).min() + 1e-12
        assert least <= clipped_loss(x, y, *best_line(x, y).numpy()[:, None])[0] + 1e-12
    assert fit_clipped_line(torch.ones(4), torch.tensor([0.0, 1, 1, 1])) == (0.75, 0.0)


def test_one_more_unit_multiplies_the_odds_by_the_same_for_the_sigmoid_alone():
    for name in DISTRIBUTIONS:
        factors = odds_factors(name, -5.0, 1.7, (1.0, 2.0, 4.0))
        p = ORACLES[name](-5 + 1.7 * torch.tensor([[1.0, 2, 4], [2, 3, 5]], dtype=torch.float64))
        odds = p / (1 - p)
        assert factors == pytest.approx((odds[1] / odds[0]).numpy(), rel=1e-9)
        assert (np.ptp(factors) < 1e-9) == (name == "sigmoid")
    assert odds_factors("sigmoid", -5.0, 1.7, (1.0,)) == pytest.approx(math.exp(1.7))
    assert np.isnan(odds_factors("clipped_line", -5.0, 1.7, (1.0,))).all()


def test_a_curve_passes_the_level_where_it_is_said_to():
    for name in (*DISTRIBUTIONS, "rung_line", "clipped_line"):
        for level in (0.1, 0.5, 0.8):
            x = crossing_of(name, -2.0, -0.7, level)
            assert float(rung_curve(name, torch.tensor(-2 - 0.7 * x))) == pytest.approx(level, abs=1e-6)
    assert math.isnan(crossing_of("sigmoid", 1.0, 0.0, 0.5))


def test_a_class_that_is_ruled_out_costs_infinitely_much():
    y = torch.tensor([0.0, 1.0])
    assert logloss_of(torch.tensor([0.0, 0.0]), y) == math.inf
    assert logloss_of(torch.tensor([0.0, 1.0]), y) == 0
    assert math.isnan(logloss_of(torch.tensor([-0.1, 0.5]), y))


def test_sigmoid_and_logloss_to_twelve_digits_against_decimal():
    with decimal.localcontext() as context:
        context.prec = 40
        for t, printed in ((10, "0.9999546"), (-1, "0.2689414")):
            exact = 1 / (1 + (-decimal.Decimal(t)).exp())
            assert str(exact)[:9] == printed
            z = torch.tensor(float(t), dtype=torch.float64)
            assert float(torch.sigmoid(z)) == pytest.approx(float(exact), abs=1e-12)
            for y, p in ((1.0, exact), (0.0, 1 - exact)):
                ours = logloss(z[None, None], torch.full((1, 1), y, dtype=torch.float64))
                assert float(ours) == pytest.approx(float(-p.ln()), abs=1e-12)
