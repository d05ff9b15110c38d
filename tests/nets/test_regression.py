"""The line of least error: found at once, exactly, or step by step downhill."""

import itertools
import math

import numpy as np
import pytest
import torch

from explainer.nets import regression
from explainer.nets.activations import ACTIVATIONS
from explainer.nets.data import POINTS
from explainer.nets.linear import best_line, with_ones
from explainer.nets.losses import mae, mse
from explainer.nets.mlp import MLP
from explainer.nets.training import train

EXCESS = torch.tensor([0.1, 1.0, 5.0], dtype=torch.float64)


def some_points(seed: int, n: int = 8) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    x, y = 2 * torch.randn(2, n, generator=generator, dtype=torch.float64)
    return with_ones(x), y


def loss(name: str, X: torch.Tensor, y: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return {"mse": mse, "mae": mae}[name]((weight @ X.T)[..., None], y[:, None])


# -- least squares ---------------------------------------------------------------------------------


def test_least_squares_is_what_torch_says():
    for seed in range(50):
        X, y = some_points(seed, 2 + seed % 9)
        fit = regression.least_squares(X, y)
        assert fit.rank == 2
        expected = torch.linalg.lstsq(X, y[:, None]).solution[:, 0]
        assert fit.weight.numpy() == pytest.approx(expected.numpy(), rel=1e-6, abs=1e-9)
        assert fit.weight.numpy() == pytest.approx(best_line(X[:, 1], y).numpy(), rel=1e-6, abs=1e-9)


def test_least_squares_is_the_slides_formula_for_any_number_of_features():
    generator = torch.Generator().manual_seed(0)
    for k in range(1, 6):
        X = torch.randn(12, k, generator=generator, dtype=torch.float64)
        y = torch.randn(12, generator=generator, dtype=torch.float64)
        formula = torch.linalg.inv(X.T @ X) @ X.T @ y
        assert regression.least_squares(X, y).weight.numpy() == pytest.approx(formula.numpy(), rel=1e-9)


def test_without_full_rank_it_is_the_shortest_of_all_best_weights():
    """Also for the example of the errata: a feature that doubles another one, rank 2 of 3."""
    x = torch.tensor([1.0, 2.0, 4.0, 7.0], dtype=torch.float64)
    doubled = torch.stack((torch.ones(4, dtype=torch.float64), x, 2 * x), 1)
    equal = with_ones(torch.full((4,), -1.7, dtype=torch.float64))
    for X, rank, silent in (
        (doubled, 2, [0.0, 2.0, -1.0]),
        (equal, 1, [1.7, 1.0]),
        (equal[:1], 1, [1.7, 1.0]),
    ):
        y = torch.tensor([1.0, -1.0, 0.5, 3.0], dtype=torch.float64)[: len(X)]
        fit = regression.least_squares(X, y)
        silent = torch.tensor(silent, dtype=torch.float64)
        assert fit.rank == rank
        assert (X @ silent).abs().max() < 1e-12  # these weights change nothing
        assert float(fit.weight @ silent) == pytest.approx(0, abs=1e-12)  # and none of them is in the answer
        assert float(regression.mse_gradient(X, y, fit.weight).norm()) < 1e-12
        assert fit.weight.numpy() == pytest.approx((torch.linalg.pinv(X) @ y).numpy(), abs=1e-12)


def test_equal_x_are_recognised_wherever_they_are_and_a_hundredth_apart_is_not_equal():
    for step in range(-300, 301, 7):
        x = torch.full((5,), step / 100, dtype=torch.float64)
        assert regression.least_squares(with_ones(x), x).rank == 1
        x[0] += 0.01
        assert regression.least_squares(with_ones(x), x).rank == 2


def test_without_samples_the_shortest_weight_is_zero():
    X, y = torch.zeros(0, 2, dtype=torch.float64), torch.zeros(0, dtype=torch.float64)
    for weight in (regression.least_squares(X, y).weight, regression.least_absolute(X, y)):
        assert weight.tolist() == [0, 0]


# -- least absolute deviations ---------------------------------------------------------------------


def test_the_line_of_least_absolute_error_has_no_better_neighbour():
    """The error is convex: where no direction leads down, it is the least of all.

    Into a direction d the error changes by sum of sign(r) x.d over the points off the line, plus the sum of
    |x.d| over those on it.
    """
    angle = torch.linspace(0, 2 * math.pi, 721, dtype=torch.float64)
    directions = torch.stack((angle.cos(), angle.sin()), 1)
    cases = [some_points(seed, 1 + seed % 12) for seed in range(60)]
    for points in POINTS.values():
        x, y = torch.tensor(points, dtype=torch.float64).T
        cases.append((with_ones(x), y))
    for X, y in cases:
        best = regression.least_absolute(X, y)
        on, along = regression.met(X, y, best), directions @ X.T
        slope = torch.where(on, along.abs(), (X @ best - y).sign() * along).sum(1)
        assert float(slope.min()) >= -1e-9
        for size in (1e-6, 1e-2, 1.0):
            near = loss("mae", X, y, best + size * directions)
            assert float((near - loss("mae", X, y, best)).min()) >= -1e-12


def test_it_goes_through_as_many_points_as_the_rank_and_a_constant_fits_the_median():
    for seed in range(30):
        X, y = some_points(seed, 3 + seed % 9)
        assert regression.met(X, y, regression.least_absolute(X, y)).sum() >= 2
        X[:, 1] = 0
        assert float(regression.least_absolute(X, y) @ X[0]) == pytest.approx(
            float(y.quantile(0.5, interpolation="nearest")) if len(y) % 2 else float(y[_middle(y)]), abs=1e-12
        )


def _middle(y: torch.Tensor) -> int:
    """Return which of the two middle values is nearer to zero: that constant is the shorter weight."""
    low, high = y.argsort()[len(y) // 2 - 1 : len(y) // 2 + 1].tolist()
    return low if y[low].abs() < y[high].abs() else high


def test_neither_line_beats_the_other_at_its_own_loss():
    for seed in range(30):
        X, y = some_points(seed)
        square, absolute = regression.least_squares(X, y).weight, regression.least_absolute(X, y)
        assert loss("mse", X, y, square) <= loss("mse", X, y, absolute)
        assert loss("mae", X, y, absolute) <= loss("mae", X, y, square)


# -- gradients and descent -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "gradient"), [("mse", regression.mse_gradient), ("mae", regression.mae_gradient)]
)
def test_gradients_are_those_of_autograd_on_creases_too(name, gradient):
    for seed in range(20):
        X, y = some_points(seed)
        places = torch.randn(7, 2, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
        places[0] = 0
        y[:3] = 0  # at w = 0 the first three residuals are exactly zero
        weight = places.clone().requires_grad_()
        loss(name, X, y, weight).sum().backward()
        assert gradient(X, y, places).numpy() == pytest.approx(weight.grad.numpy(), abs=1e-12)
        assert gradient(X, y, places[0]).numpy() == pytest.approx(weight.grad[0].numpy(), abs=1e-12)


def test_the_hessian_is_that_of_autograd():
    X, y = some_points(0)
    expected = torch.autograd.functional.hessian(lambda w: loss("mse", X, y, w), torch.zeros(2).double())
    assert regression.hessian(X).numpy() == pytest.approx(expected.numpy(), rel=1e-12)


def test_descent_is_what_the_training_loop_of_the_project_does():
    """One linear layer, SGD without momentum: the same steps, for both losses."""
    X, y = some_points(3)
    net = MLP((1, 1), ACTIVATIONS["relu"])
    for name, gradient in (("mse", regression.mse_gradient), ("mae", regression.mae_gradient)):
        start = torch.tensor([0.5, -1.0], dtype=torch.float64)  # slope, intercept: torch's order
        settings = {"optimizer": "sgd", "momentum": 0.0, "learning_rate": 0.05, "n_steps": 40}
        history = train(net, start[None], X[:, 1:], y[:, None], loss=name, **settings)
        way, made = regression.descend(gradient, X, y, start=start.flip(0), learning_rate=0.05, n_steps=40)
        assert made == 40
        assert history.parameters[:, 0].flip(1).numpy() == pytest.approx(way.numpy(), abs=1e-12)


def test_below_the_critical_rate_descent_converges_and_above_it_diverges():
    for seed in range(8):
        X, y = some_points(seed)
        critical, best = regression.critical_rate(X), regression.least_squares(X, y).weight
        start = best + torch.tensor([1.0, 0.7], dtype=torch.float64)
        for share in (0.5, 0.98):
            way, _ = regression.descend(
                regression.mse_gradient, X, y, start=start, learning_rate=share * critical, n_steps=6000
            )
            assert way[-1].numpy() == pytest.approx(best.numpy(), abs=1e-6), share
        _, made = regression.descend(
            regression.mse_gradient, X, y, start=start, learning_rate=1.02 * critical, n_steps=6000
        )
        assert made < 6000


def test_a_step_multiplies_the_distance_by_no_more_than_the_factor_and_after_many_by_it():
    for seed, rate in itertools.product(range(8), (0.02, 0.1, 0.3)):
        X, y = some_points(seed)
        factor = float(regression.contraction(X, torch.tensor([rate], dtype=torch.float64)))
        assert (factor > 1) == (rate > regression.critical_rate(X))
        best = regression.least_squares(X, y).weight
        start = best + torch.tensor([1.0, 0.7], dtype=torch.float64)
        way, made = regression.descend(
            regression.mse_gradient, X, y, start=start, learning_rate=rate, n_steps=30, far=1e6
        )
        far = (way[: made + 1] - best).norm(dim=1)
        ratio = (far[1:] / far[:-1])[far[1:] > 1e-9]
        assert (ratio <= factor + 1e-6).all()
        if made == 30 and len(ratio) == 30 and factor > 0.5:
            assert float(ratio[-1]) == pytest.approx(factor, rel=0.2)


def test_in_a_valley_descent_ends_at_the_nearest_best_line_and_from_zero_at_the_shortest():
    X = with_ones(torch.full((4,), 1.5, dtype=torch.float64))
    y = torch.tensor([0.0, 1.0, 2.0, 5.0], dtype=torch.float64)
    shortest = regression.least_squares(X, y).weight
    silent = torch.tensor([1.5, -1.0], dtype=torch.float64)
    for offset in (0.0, 1.0, -2.5):
        way, _ = regression.descend(
            regression.mse_gradient, X, y, start=offset * silent, learning_rate=0.2, n_steps=200
        )
        assert way[-1].numpy() == pytest.approx((shortest + offset * silent).numpy(), abs=1e-9)


def test_equal_steps_down_the_absolute_error_do_not_settle_and_shrinking_ones_do():
    X, y = some_points(5)
    least = float(loss("mae", X, y, regression.least_absolute(X, y)))
    left = {}
    for shrinking in (False, True):
        start = torch.zeros(2, dtype=torch.float64)
        settings = {"learning_rate": 0.3, "n_steps": 20_000, "shrinking": shrinking}
        way, _ = regression.descend(regression.mae_gradient, X, y, start=start, **settings)
        left[shrinking] = float((loss("mae", X, y, way[-100:]) - least).max())
    assert left[True] < 2e-3 < 0.02 < left[False]


def test_a_descent_that_gets_too_far_stops_and_stays():
    X, y = some_points(1)
    start = torch.ones(2, dtype=torch.float64)
    way, made = regression.descend(regression.mse_gradient, X, y, start=start, learning_rate=5.0, n_steps=59)
    assert way.shape == (60, 2)
    assert 1 <= made < 59
    assert float((way[made] - start).norm()) > regression.FAR >= float((way[made - 1] - start).norm())
    assert (way[made:] == way[made]).all()
    assert way.isfinite().all()


# -- contours --------------------------------------------------------------------------------------


def test_the_loss_on_a_contour_is_what_it_says():
    contours = {"mse": regression.ellipses, "mae": regression.facets}
    best = {"mse": lambda X, y: regression.least_squares(X, y).weight, "mae": regression.least_absolute}
    for seed, name in itertools.product(range(15), contours):
        X, y = some_points(seed)
        least = loss(name, X, y, best[name](X, y))
        lines = contours[name](X, y, EXCESS, n_points=50)
        assert lines.shape == (3, 50, 2)
        assert lines[:, 0].numpy() == pytest.approx(lines[:, -1].numpy(), abs=1e-6)  # closed
        for level, line in zip(EXCESS, lines, strict=True):
            assert loss(name, X, y, line).numpy() == pytest.approx(float(least + level), rel=1e-4)


def test_without_full_rank_the_contours_are_a_valley_of_parallel_lines():
    X = with_ones(torch.full((3,), 2.0, dtype=torch.float64))
    y = torch.tensor([0.0, 1.0, 3.0], dtype=torch.float64)
    for contour in (regression.ellipses, regression.facets):
        lines = contour(X, y, EXCESS, n_points=97)
        assert lines.isfinite().all()
        assert float(lines.norm(dim=2).max()) <= regression.REACH + 5
        assert float(lines.norm(dim=2).max()) > 50
    ellipse = regression.ellipses(X, y, EXCESS, n_points=97)
    near = ellipse.norm(dim=2) < 20
    assert near.any()
    on_line = np.abs((ellipse @ X[0] - y.mean())[near].numpy())  # w0 + 2 w1 - mean = ± sqrt(excess)
    expected = EXCESS.sqrt()[:, None].expand(3, 97)[near].numpy()
    assert on_line == pytest.approx(expected, rel=0.01)
