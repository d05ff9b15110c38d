"""The experiments of the page "Linear regression": points, a line, and two ways to find it."""

import functools
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explainer.nets import regression
from explainer.nets.data import POINTS
from explainer.nets.linear import with_ones
from explainer.nets.losses import mae, mse

Points = tuple[tuple[float, float], ...]

N_FRAMES = 60  # of a recording: the start and every step after it
N_STEPS = N_FRAMES - 1
CLOSE = 1e-3  # a descent so near to the least loss has arrived
X_VIEW = (-3.0, 3.0)
RATES = np.linspace(0.01, 0.6, 60)
# Losses of the contours, above the least: square roots evenly spaced for a bowl, even for facets.
BOWL = (0.65 * np.arange(1, 9)) ** 2
FACETS = 0.45 * np.arange(1, 9)
ARROWS = 6  # gradients along each axis
AROUND = 25  # points around an ellipse, through which a smooth curve is drawn; the last is the first


def _columns(points: Points) -> tuple[Tensor, Tensor]:
    """Return X (n_samples, 2) with its column of ones, and y (n_samples,)."""
    x, y = torch.tensor(points, dtype=torch.float64).reshape(-1, 2).T
    return with_ones(x), y


def _case(n_points: int, rank: int) -> str:
    """Name what stands in the way of a single best line, if anything does."""
    return "full_rank" if rank == 2 else "single_point" if n_points == 1 else "equal_x"


def _errors(X: Tensor, y: Tensor, weight: Tensor) -> tuple[float, float]:
    """Return the mean squared and the mean absolute error of a line."""
    y_hat = (X @ weight)[:, None]
    return float(mse(y_hat, y[:, None])), float(mae(y_hat, y[:, None]))


@dataclass(frozen=True, eq=False)
class PointsAndLine:
    """Points ``x``, ``y``, and the best line: its ``weight`` (2,), its values ``y_hat`` there, its errors.

    ``case`` is full_rank, single_point or equal_x; without full rank the line is the one
    with the shortest weight of infinitely many.
    """

    x: np.ndarray
    y: np.ndarray
    weight: np.ndarray
    y_hat: np.ndarray
    mse: float
    mae: float
    case: str


def points_and_line(*, points: Points = POINTS["some_noise"]) -> PointsAndLine:
    """Find the line of least squared error; there must be a point at least."""
    X, y = _columns(points)
    fit = regression.least_squares(X, y)
    errors = _errors(X, y, fit.weight)
    y_hat = X @ fit.weight
    return PointsAndLine(
        X[:, 1].numpy(), y.numpy(), fit.weight.numpy(), y_hat.numpy(), *errors, _case(len(X), fit.rank)
    )


@dataclass(frozen=True, eq=False)
class MatrixForm:
    """The matrices of the slide for a few points.

    ``X`` (n_points, 2), ``y`` (n_points,), ``gram`` = X^T X and its ``inverse`` (2, 2), which is None
    where there is none, ``moment`` = X^T y, ``weight`` (2,), and ``y_hat`` = X weight. For ``case``, see
    `PointsAndLine`. ``difference`` is between the slide's formula and the solution by singular values.
    """

    X: np.ndarray
    y: np.ndarray
    gram: np.ndarray
    inverse: np.ndarray | None
    moment: np.ndarray
    weight: np.ndarray
    y_hat: np.ndarray
    difference: float
    case: str


def matrix_form(*, form_points: Points = POINTS["three_points"]) -> MatrixForm:
    """Find the line by the slide's formula, (X^T X)^-1 X^T y, where X has full rank; at least one point."""
    X, y = _columns(form_points)
    fit = regression.least_squares(X, y)
    gram, moment = X.T @ X, X.T @ y
    inverse = torch.linalg.inv(gram) if fit.rank == 2 else None
    difference = 0.0 if inverse is None else float((inverse @ moment - fit.weight).abs().max())
    return MatrixForm(
        X.numpy(),
        y.numpy(),
        gram.numpy(),
        None if inverse is None else inverse.numpy(),
        moment.numpy(),
        fit.weight.numpy(),
        (X @ fit.weight).numpy(),
        difference,
        _case(len(X), fit.rank),
    )


@dataclass(frozen=True, eq=False)
class Descent:
    """Gradient descent on the mean squared error, seen over the weights.

    ``contours`` (n_levels, n_points, 2) and ``star`` (2,), the least loss; ``way`` (n_frames, 2),
    ``losses`` and ``distances`` (n_frames,), to the nearest best line; ``lines`` (n_frames, 2) are the
    line's values at the ends of the view. ``factors`` over ``rates`` is what a step multiplies the distance
    by, ``factor`` that at this learning rate, ``critical`` the rate at which it is one.
    ``verdict`` is arrived, on_the_way, bounces, grows or diverged; ``step`` says when.
    """

    x: np.ndarray
    y: np.ndarray
    contours: np.ndarray
    star: np.ndarray
    way: np.ndarray
    losses: np.ndarray
    distances: np.ndarray
    lines: np.ndarray
    rates: np.ndarray
    factors: np.ndarray
    factor: float
    critical: float
    verdict: str
    step: int
    full_rank: bool


def descent(
    *,
    points: Points = POINTS["some_noise"],
    gd_start: tuple[float, float] = (-2.0, -2.0),
    gd_rate: float = 0.1,
) -> Descent:
    """Walk downhill from ``gd_start`` with the learning rate ``gd_rate``; there must be a point at least."""
    X, y = _columns(points)
    fit = regression.least_squares(X, y)
    begin = torch.tensor(gd_start, dtype=torch.float64)
    # No descent that comes nearer at every step gets farther from its start than twice the way to go.
    far = regression.FAR + 2 * float((begin - fit.weight).norm())
    way, made = regression.descend(
        regression.mse_gradient, X, y, start=begin, learning_rate=gd_rate, n_steps=N_STEPS, far=far
    )
    # Along directions in which the loss does not change nothing moves, and nothing is to be gained.
    rows = torch.linalg.svd(X, full_matrices=False)[2][: fit.rank]
    distances = ((way - fit.weight) @ rows.T).norm(dim=1)
    factor = float(regression.contraction(X, torch.tensor([gd_rate], dtype=torch.float64)))
    verdict, step = _verdict(distances, factor, made)
    return Descent(
        X[:, 1].numpy(),
        y.numpy(),
        regression.ellipses(X, y, torch.from_numpy(BOWL), n_points=AROUND).numpy(),
        fit.weight.numpy(),
        way.numpy(),
        (way @ X.T - y).square().mean(1).numpy(),
        distances.numpy(),
        (way @ with_ones(torch.tensor(X_VIEW, dtype=torch.float64)).T).numpy(),
        RATES,
        regression.contraction(X, torch.from_numpy(RATES)).numpy(),
        factor,
        regression.critical_rate(X),
        verdict,
        step,
        fit.rank == 2,
    )


def _verdict(distances: Tensor, factor: float, made: int) -> tuple[str, int]:
    close = (distances < CLOSE).nonzero()
    if made < N_STEPS:
        return "diverged", made
    if factor > 1 + 1e-9:
        return "grows", N_STEPS
    if factor > 1 - 1e-9:
        return "bounces", N_STEPS
    if len(close):
        return "arrived", int(close[0])
    return "on_the_way", N_STEPS


@dataclass(frozen=True, eq=False)
class Fit:
    """One loss on the same points: its best line and the way down to it.

    ``weight`` (2,) is exact, ``without`` (2,) the same without the outlier; ``line`` (2,) are the values
    at the ends of the view. ``contours`` are (n_levels, n_points, 2), ``way`` (n_frames, 2), ``losses`` and
    ``distances`` (n_frames,); ``arrows`` (n_arrows, 2) point downhill from ``places`` (n_arrows, 2).
    """

    weight: np.ndarray
    without: np.ndarray
    line: np.ndarray
    loss: float
    contours: np.ndarray
    way: np.ndarray
    losses: np.ndarray
    distances: np.ndarray
    places: np.ndarray
    arrows: np.ndarray


@dataclass(frozen=True, eq=False)
class MseAgainstMae:
    """Points ``x``, ``y`` (n_points,), the outlier last; ``met`` (n_points,) are those on the MAE line."""

    x: np.ndarray
    y: np.ndarray
    met: np.ndarray
    mse: Fit
    mae: Fit


def mse_against_mae(
    *, outlier: tuple[float, float] = (2.0, -3.0), both_rate: float = 0.1, both_steps: str = "same_steps"
) -> MseAgainstMae:
    """Fit the noisy points and one outlier by both losses, exactly and downhill from w = 0.

    ``both_rate`` is the learning rate; ``both_steps``, same_steps or shrinking_steps, those down the MAE.
    """
    points = (*POINTS["some_noise"], outlier)
    X, y = _columns(points)
    squared = _fit(points, "mse", both_rate)
    absolute = _fit(points, "mae", both_rate, shrinking=both_steps == "shrinking_steps")
    met = regression.met(X, y, torch.from_numpy(absolute.weight))
    return MseAgainstMae(X[:, 1].numpy(), y.numpy(), met.numpy(), squared, absolute)


_SOLVE = {"mse": lambda X, y: regression.least_squares(X, y).weight, "mae": regression.least_absolute}
_GRADIENT = {"mse": regression.mse_gradient, "mae": regression.mae_gradient}
_MEAN = {"mse": lambda residual: residual.square().mean(-1), "mae": lambda residual: residual.abs().mean(-1)}
_CONTOURS = {
    "mse": lambda X, y: regression.ellipses(X, y, torch.from_numpy(BOWL), n_points=AROUND),
    "mae": lambda X, y: regression.facets(X, y, torch.from_numpy(FACETS), n_points=97),
}


def _fit(points: Points, loss: str, rate: float, *, shrinking: bool = False) -> Fit:
    X, y = _columns(points)
    seen = _landscape(points, loss)
    begin = torch.zeros(2, dtype=torch.float64)
    way, _ = regression.descend(
        _GRADIENT[loss], X, y, start=begin, learning_rate=rate, n_steps=N_STEPS, shrinking=shrinking
    )
    return Fit(
        **seen,
        way=way.numpy(),
        losses=_MEAN[loss](way @ X.T - y).numpy(),
        distances=(way - torch.from_numpy(seen["weight"])).norm(dim=1).numpy(),
    )


@functools.lru_cache(maxsize=64)
def _landscape(points: Points, loss: str) -> dict[str, np.ndarray]:
    """Return what a loss says whatever the learning rate: a hand on its slider does not wait for it."""
    X, y = _columns(points)
    weight = _SOLVE[loss](X, y)
    grid = torch.linspace(-2.6, 2.6, ARROWS, dtype=torch.float64)
    places = torch.cartesian_prod(grid, grid)
    return {
        "weight": weight.numpy(),
        "without": _SOLVE[loss](X[:-1], y[:-1]).numpy(),
        "line": (with_ones(torch.tensor(X_VIEW, dtype=torch.float64)) @ weight).numpy(),
        "loss": float(_MEAN[loss](X @ weight - y)),
        "contours": _CONTOURS[loss](X, y).numpy(),
        "places": places.numpy(),
        "arrows": -_GRADIENT[loss](X, y, places).numpy(),
    }
