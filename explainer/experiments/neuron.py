"""The experiments of the page "The neuron": one sum, one threshold, and what can be learned with them."""

import functools
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.linear import best_line, with_ones
from explainer.nets.mlp import MLP
from explainer.nets.perceptron import (
    SIGMAS,
    VIEW,
    clouds,
    fewest_mistakes,
    learn,
    logic,
    logistic_regression,
    margin,
    novikoff_bound,
    with_one,
)
from explainer.nets.training import N_FRAMES, every_frame, train

PLANE = 3.0  # both features are looked at on [-PLANE, PLANE]
VIEW_OF_PLANE = (-PLANE, PLANE)
N_CELLS, N_FINE = 61, 161  # sides of the pictures of the plane, smooth ones and those with an edge
HANDLES = ((1.5, -1.0), (-0.5, 1.5))
_BESIDE = 1e-6  # from an edge to the points that show it
N_FITTED, N_STEPS = 40, 35
N_CLOUD = 40
MOST = 80  # corrections that the slider reaches: more than any of its clouds needs
FEATURES = ("direction", "product", "sum_abs", "max_abs", "sum_squares")
WARM = {"it_is_regression": [{"fit_sigma": "linear_unit"}]}

# Eight points of a quiz (F. Ulyankin and others, deep_learning_pytorch, quiz 1, MIT licence): x, z and class.
EIGHT_X = np.array([-1, 1, -1, 1, 0, 2, 0, -2], float)
EIGHT_Z = np.array([-1, -1, 1, 1, 2, 0, -2, 0], float)
EIGHT_Y = np.array([0, 0, 0, 0, 1, 1, 1, 1])


@dataclass(frozen=True)
class OneNeuron:
    """The weighted sum w1 x1 + w2 x2, what is left of it after gamma, and the answer 0 or 1."""

    total: float
    rest: float
    output: int


def one_neuron(
    *, w1: float = 1.0, w2: float = 1.0, gamma: float = 1.5, x1: float = 1.0, x2: float = 0.0
) -> OneNeuron:
    """Compute y = [w1 x1 + w2 x2 >= gamma], as the threshold of a sum with the weight -gamma on 1.

    Sliders move in steps of 0.1, so that the sum is rounded to hundredths: 0.1 + 0.2 reaches 0.3.
    """
    total = round(w1 * x1 + w2 * x2, 2)
    rest = round(total - gamma, 2)
    output = SIGMAS["threshold"](torch.tensor(rest, dtype=torch.float64))
    return OneNeuron(total, rest, int(output))


@dataclass(frozen=True, eq=False)
class ThreePictures:
    """One neuron with the chosen sigma, over a line and over the plane of its two features.

    ``x`` is (n_points,), ``curves`` has for every sigma its output (n_points,) at x2 = 0. ``plane``
    (n_cells, n_cells) is the output of the chosen one, the row of the largest x2 first. ``line`` (2, 2)
    are the points of w x = gamma on the edge of the view; without a direction it is (0, 2).
    ``weights`` are w1, w2 and gamma by name.
    """

    x: np.ndarray
    curves: dict[str, np.ndarray]
    plane: np.ndarray
    line: np.ndarray
    weights: dict[str, float]


def three_pictures(
    *, sigma: str = "sigmoid", handles: Sequence[tuple[float, float]] = HANDLES, steep: float = 1.5
) -> ThreePictures:
    """Compute y = sigma(w1 x1 + w2 x2 - gamma) for the three sigmas on the line and for one on the plane.

    The two handles lie on the line w x = gamma; w is perpendicular to it, at the right of who goes from the
    first handle to the second, and of length ``steep``. Two handles in one place make w = 0.
    """
    (a1, a2), (b1, b2) = handles
    length = math.hypot(b1 - a1, b2 - a2)
    w1, w2 = (steep * d / length if length else 0.0 for d in (b2 - a2, a1 - b1))
    gamma = w1 * a1 + w2 * a2
    cells = torch.linspace(-PLANE, PLANE, N_CELLS, dtype=torch.float64)
    edge = [gamma / w1 - _BESIDE, gamma / w1 + _BESIDE] if w1 and abs(gamma / w1) < PLANE else []
    x = torch.cat([cells, cells.new_tensor(edge)]).sort().values  # a step is upright
    curves = {name: f(w1 * x - gamma).numpy() for name, f in SIGMAS.items()}
    t = w1 * cells[None, :] + w2 * cells.flip(0)[:, None] - gamma
    weights = {"w1": w1, "w2": w2, "gamma": gamma}
    line = _edge_points((-gamma, w1, w2), -PLANE, PLANE)
    return ThreePictures(x.numpy(), curves, SIGMAS[sigma](t).numpy(), line, weights)


def _edge_points(weights: Sequence[float], low: float, high: float) -> np.ndarray:
    """Return where the line w0 + w1 x1 + w2 x2 = 0 meets the edge of a square: (2, 2), or (0, 2)."""
    w0, w1, w2 = weights
    found = []
    for edge in (low, high):
        if w2:
            found.append((edge, -(w0 + w1 * edge) / w2))
        if w1:
            found.append((-(w0 + w2 * edge) / w1, edge))
    slack = 1e-9 * (high - low)
    inside = [p for p in found if all(low - slack <= c <= high + slack for c in p)]
    if not inside:
        return np.empty((0, 2))
    # Of up to four (a corner is met twice) the two that are farthest apart.
    points = np.array(inside)
    far = points[np.square(points - points[0]).sum(1).argmax()]
    start = points[np.square(points - far).sum(1).argmax()]
    return np.array([start, far]) if np.square(start - far).sum() > slack else np.empty((0, 2))


def _half_plane(weights: Sequence[float], low: float, high: float) -> np.ndarray:
    """Return the corners (n_corners, 2) of the part of a square where w0 + w1 x1 + w2 x2 >= 0, in turn.

    It is the square cut along the line, after Sutherland and Hodgman; it may have no corner at all.
    """
    w0, w1, w2 = weights
    square = [(low, low), (high, low), (high, high), (low, high)]
    corners = []
    for a, b in zip(square, square[1:] + square[:1], strict=True):
        at_a, at_b = (w0 + w1 * x1 + w2 * x2 for x1, x2 in (a, b))
        if at_a >= 0:
            corners.append(a)
        if (at_a >= 0) != (at_b >= 0):
            share = at_a / (at_a - at_b)
            corners.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
    return np.array(corners).reshape(-1, 2)


@dataclass(frozen=True, eq=False)
class Fit:
    """A neuron trained on ``x``, ``y`` (n_samples,), and the regression that knows nothing of neurons.

    ``weights`` (n_frames, 2) are the neuron's w0 and w1 as it learns, ``curves`` (n_frames, n_points)
    its output over ``grid``; ``kept`` (n_frames, 2) and ``curve`` (n_points,) are the other's, and
    ``differences`` (n_frames,) the larger difference of two weights, the last of them ``difference``. If
    a threshold separates the classes, logistic regression has no finite weights: ``exists`` is False, these
    three are empty and ``difference`` is 0.
    """

    x: np.ndarray
    y: np.ndarray
    grid: np.ndarray
    weights: np.ndarray
    curves: np.ndarray
    kept: np.ndarray
    curve: np.ndarray
    differences: np.ndarray
    difference: float
    exists: bool


def it_is_regression(*, fit_sigma: str = "sigmoid", spread: float = 0.6, fit_sample: int = 0) -> Fit:
    """Train a neuron by L-BFGS, and solve the regression of the same data in its own way.

    With sigma(t) = t the neuron minimises the mean squared error, and the regression is least squares, in
    closed form. With the sigmoid it minimises the logloss, and the regression is Newton's method. Both
    neurons start from zero. ``spread`` is the noise: of y for the line, of the border for the classes.
    """
    generator = torch.Generator().manual_seed(fit_sample)
    x = (torch.rand(N_FITTED, generator=generator, dtype=torch.float64) * 2 - 1) * PLANE
    noise = spread * torch.randn(N_FITTED, generator=generator, dtype=torch.float64)
    linear = fit_sigma == "linear_unit"
    y = 0.5 + 0.2 * x + 0.4 * noise if linear else (x + 2 * noise > 0).to(x.dtype)
    exists = linear or margin(with_ones(x).numpy(), y.numpy())[0] == 0

    net = MLP((1, 1), ACTIVATIONS["identity"])  # its logits; the sigmoid is a part of the logloss
    loss = "mse" if linear else "logloss"
    start = torch.zeros(1, 2, dtype=torch.float64)
    history = train(net, start, x[:, None], y[:, None], optimizer="lbfgs", loss=loss, n_steps=N_STEPS)
    weights = every_frame(history.parameters[:, 0]).flip(1)  # (w0, w1), as the lecture writes them
    grid = torch.linspace(-PLANE, PLANE, 121, dtype=torch.float64)

    def predict(w: Tensor) -> Tensor:
        return SIGMAS[fit_sigma](w @ with_ones(grid).T)

    regression = torch.empty(0, dtype=torch.float64)
    if exists:
        regression = best_line(x, y) if linear else logistic_regression(with_ones(x), y)
    differences = (weights - regression).abs().amax(1) if exists else torch.zeros(1)
    return Fit(
        x.numpy(),
        y.numpy(),
        grid.numpy(),
        weights.numpy(),
        predict(weights).numpy(),
        regression.expand(N_FRAMES, -1).numpy(),
        predict(regression).numpy() if exists else np.empty(0),
        differences.numpy() if exists else np.empty(0),
        float(differences[-1]),
        exists,
    )


@dataclass(frozen=True, eq=False)
class Learning:
    """A perceptron on its way: its samples ``points`` (n_samples, 2), ``y`` (n_samples,) in {0, 1}.

    ``mistaken`` (n_samples,) marks what it calls wrongly now; ``corrected`` is the sample of the last
    correction, -1 before the first. ``lines`` are its borders before and after that correction, (2, 2) or
    (0, 2), ``region`` (n_corners, 2) is the polygon of the view that it calls 1 now. ``sign`` says whether
    the sample was added, ``plus``, or subtracted, ``minus``, or that there was ``none``. ``state`` is
    ``start``, ``going``, ``learned``, or ``cycle`` when the circle was closed.

    ``formula`` holds the numbers of the correction: weights before a0, a1, a2, sample x0, x1, x2, weights
    after b0, b1, b2; the first weight is -gamma. ``counts`` holds the corrections made, those needed in all,
    n, what is wrong now, the bound (radius / rho)^2 with the largest margin rho and the longest input, and
    the length of the circle, repeats, which is 0 for what is learned.
    """

    points: np.ndarray
    y: np.ndarray
    mistaken: np.ndarray
    corrected: int
    lines: tuple[np.ndarray, np.ndarray]
    region: np.ndarray
    sign: str
    state: str
    formula: dict[str, float]
    counts: dict[str, float]


def learning_rule(*, samples: str = "and", correction: int = 1, gap: float = 0.2, cloud: int = 0) -> Learning:
    """Let a perceptron learn a logical function or two clouds, and stop after some corrections.

    What never ends goes round in circles, and so do the corrections.
    """
    points, y = clouds(N_CLOUD, gap=gap, seed=cloud) if samples == "clouds" else logic(samples)
    X = with_one(points)
    way = learn(X, y)
    n = len(way.wrong)
    made = at = min(correction, n)
    if way.ended == "cycle" and correction > n:  # the last corrections once more, and once more
        made, at = correction, n - way.repeats + 1 + (correction - n - 1) % way.repeats
    before, weights = way.weights[max(at - 1, 0)], way.weights[at]
    corrected = int(way.wrong[at - 1]) if at else -1
    mistaken = (X @ weights >= 0) != y
    rho, _ = margin(X, y)
    rows = {"a": before, "x": X[corrected], "b": weights}
    return Learning(
        points,
        y,
        mistaken,
        corrected,
        (_edge_points(before, *VIEW), _edge_points(weights, *VIEW)),
        _half_plane(weights, *VIEW),
        ("plus" if y[corrected] else "minus") if at else "none",
        "start" if not made else "going" if made < n else way.ended,
        {f"{name}{i}": float(value) for name, row in rows.items() for i, value in enumerate(row)},
        {
            "made": made,
            "n": n,
            "wrong": int(mistaken.sum()),
            "bound": novikoff_bound(X, rho),
            "rho": rho,
            "radius": float(np.sqrt((X**2).sum(1).max())),
            "repeats": way.repeats,
        },
    )


@dataclass(frozen=True, eq=False)
class EightPoints:
    """The eight ``points`` (8, 2) by one feature ``h`` (8,), and the threshold on it that errs least.

    ``mistaken`` (8,) marks its ``mistakes``; ``side`` is 1 if h from the threshold on is called 1, else -1.
    ``plane`` (n_cells, n_cells) is 1 where the neuron says 1, the row of the largest z first. ``rho`` is
    the largest margin of the inputs (1, h), or (1, x, z) for the direction. ``least`` are the fewest
    mistakes of any line in the plane.
    """

    points: np.ndarray
    y: np.ndarray
    h: np.ndarray
    threshold: float
    side: int
    mistakes: int
    mistaken: np.ndarray
    plane: np.ndarray
    rho: float
    least: int


def eight_points(*, feature: str = "direction", angle: int = 0) -> EightPoints:
    """Look at the eight points through one feature h(x, z), and put the best threshold on it.

    The feature ``direction`` is h = x cos(angle) + z sin(angle), with the angle in degrees: a threshold on
    it is a line in the plane.
    """
    h = _feature(feature, angle, EIGHT_X, EIGHT_Z)
    mistakes, at, side = fewest_mistakes(h, EIGHT_Y)
    called = side * (h - at) >= 0
    cells = np.linspace(-PLANE, PLANE, N_FINE)
    seen = _feature(feature, angle, cells[None, :], cells[::-1, None])
    inputs = np.stack([EIGHT_X, EIGHT_Z] if feature == "direction" else [h], 1)
    points = np.stack([EIGHT_X, EIGHT_Z], 1)
    return EightPoints(
        points,
        EIGHT_Y,
        h,
        at,
        side,
        mistakes,
        called != (EIGHT_Y == 1),
        (side * (seen - at) >= 0).astype(float),
        margin(with_one(inputs), EIGHT_Y)[0],
        _least_of_any_line(),
    )


def _feature(feature: str, angle: float, x: np.ndarray, z: np.ndarray) -> np.ndarray:
    phi = math.radians(angle)
    return {
        "direction": lambda: x * math.cos(phi) + z * math.sin(phi),
        "product": lambda: x * z,
        "sum_abs": lambda: np.abs(x) + np.abs(z),
        "max_abs": lambda: np.maximum(np.abs(x), np.abs(z)),
        "sum_squares": lambda: x**2 + z**2,
    }[feature]()


@functools.cache
def _least_of_any_line() -> int:
    """Count the fewest mistakes that any line in the plane makes on the eight points.

    The order of the points along a direction changes only at directions in which two of them coincide,
    so one direction between each two of these, and they themselves, stand for all.
    """
    pairs = itertools.combinations(zip(EIGHT_X, EIGHT_Z, strict=True), 2)
    turns = sorted({(math.atan2(b[1] - a[1], b[0] - a[0]) + math.pi / 2) % math.pi for a, b in pairs})
    between = [(a + b) / 2 for a, b in zip(turns, [*turns[1:], turns[0] + math.pi], strict=True)]
    return min(
        fewest_mistakes(EIGHT_X * math.cos(phi) + EIGHT_Z * math.sin(phi), EIGHT_Y)[0]
        for phi in turns + between
    )
