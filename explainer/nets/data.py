"""Toy data: curves to learn, noisy samples of them, and classes of points in a plane."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

VIEW = 3.0  # every curve is looked at on [-VIEW, VIEW]
RADIUS = 5.0  # of the toy sets of two classes

CURVES: dict[str, Callable[[Tensor], Tensor]] = {
    "line": lambda x: 0.4 * x,
    "parabola": lambda x: x**2 / 4.5 - 1,
    "sine": lambda x: torch.sin(math.pi / 2 * x),
    "abs": lambda x: x.abs() / 1.5 - 1,
}

# Small sets of points (x, y) for a line. In each of the two clusters y falls with x, between them it rises.
_NOISY = (
    (-2.6, -1.9), (-1.9, -1.0), (-1.2, -0.9), (-0.4, 0.2), (0.3, 0.3), (1.1, 1.5), (1.8, 1.4), (2.5, 2.5)
)  # fmt: skip
POINTS: dict[str, tuple[tuple[float, float], ...]] = {
    "no_noise": ((-2.5, -1.5), (-1.5, -0.7), (-0.5, 0.1), (0.5, 0.9), (1.5, 1.7), (2.5, 2.5)),
    "some_noise": _NOISY,
    "one_outlier": (*_NOISY, (2.0, -3.0)),
    "two_clusters": (
        (0.3, -0.4), (0.6, -0.7), (0.9, -0.8), (1.2, -1.2), (2.0, 2.0), (2.3, 1.7), (2.6, 1.5), (2.8, 1.1)
    ),
    "same_x": ((1.0, -1.5), (1.0, -0.3), (1.0, 0.6), (1.0, 2.0)),
    "three_points": ((-2.0, -1.0), (0.0, 1.0), (2.0, 1.5)),
    "single_point": ((2.0, 1.0),),
}  # fmt: skip

# Targets for one hidden layer, on [0, 1] with values there: smooth, kinked, with jumps, and Nielsen's.
TARGETS: dict[str, Callable[[Tensor], Tensor]] = {
    "nielsen": lambda x: 0.2 + 0.4 * x**2 + 0.3 * x * torch.sin(15 * x) + 0.05 * torch.cos(50 * x),
    "sine": lambda x: 0.5 + 0.4 * torch.sin(3 * math.pi * x),
    "parabola": lambda x: 0.9 - 3.2 * (x - 0.5) ** 2,
    "abs": lambda x: 0.1 + 0.8 * (2 * x - 1).abs(),
    "bumps": lambda x: (
        0.15 + 0.7 * torch.exp(-(((x - 0.3) / 0.08) ** 2)) + 0.45 * torch.exp(-(((x - 0.7) / 0.05) ** 2))
    ),
    "step": lambda x: torch.where(x < 0.5, 0.2, 0.8).to(x.dtype),
    "sawtooth": lambda x: 0.2 + 0.6 * (3 * x).remainder(1),
}


def polyline(heights: Sequence[float | None]) -> Callable[[Tensor], Tensor]:
    """Join heights at evenly spaced places of [0, 1] by straight lines; ``None`` is no place.

    Beyond the first and the last of them the curve stays level; without any it is level at 1/2.
    """
    places = torch.linspace(0, 1, max(2, len(heights)), dtype=torch.float64)
    known = [(float(x), y) for x, y in zip(places, heights, strict=False) if y is not None] or [(0.5, 0.5)]
    xs, ys = np.array(known).T
    return lambda x: torch.from_numpy(np.interp(x.numpy(), xs, ys))


def sample_curve(name: str, n_samples: int, *, noise: float, seed: int) -> tuple[Tensor, Tensor]:
    """Draw x evenly at random from the view and y = curve(x) + N(0, noise^2), both (n_samples,) float64.

    x is sorted, which changes nothing for training and draws well.
    """
    generator = torch.Generator().manual_seed(seed)
    x = torch.rand(n_samples, generator=generator, dtype=torch.float64) * 2 * VIEW - VIEW
    x, _ = x.sort()
    return x, CURVES[name](x) + noise * torch.randn(n_samples, generator=generator, dtype=torch.float64)


def _circle(n_first: int, n_second: int, noise: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Points within half the radius, and points beyond 0.7 of it; the label asks on which side of half."""
    inner = _uniform(n_first, 0, 0.5 * RADIUS, generator)
    outer = _uniform(n_second, 0.7 * RADIUS, RADIUS, generator)
    X = _polar(torch.cat([inner, outer]), _uniform(n_first + n_second, 0, 2 * math.pi, generator))
    moved = X + noise * _uniform((len(X), 2), -RADIUS, RADIUS, generator)
    return X, _sign(moved.norm(dim=1) < 0.5 * RADIUS)


def _xor(n_first: int, n_second: int, noise: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Points of a square with an empty cross in it; the label asks whether the signs are the same."""
    X = _uniform((n_first + n_second, 2), -RADIUS, RADIUS, generator)
    X = X + 0.3 * _sign(X > 0)
    moved = X + noise * _uniform((len(X), 2), -RADIUS, RADIUS, generator)
    return X, _sign(moved.prod(1) >= 0)


def _gauss(n_first: int, n_second: int, noise: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Two clouds around (2, 2) and (-2, -2), of variance 1/2 to 4 as noise goes from 0 to 1/2."""
    y = _sign(torch.arange(n_first + n_second) < n_first)
    cloud = torch.randn(len(y), 2, generator=generator, dtype=torch.float64)
    return 2 * y[:, None] + math.sqrt(0.5 + 7 * noise) * cloud, y


def _spiral(n_first: int, n_second: int, noise: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Two arms of 1.75 turns, the second one turned by half a turn; both begin in the very centre."""
    i = torch.cat([torch.arange(n_first), torch.arange(n_second)]).double() / ((n_first + n_second) / 2)
    y = _sign(torch.arange(len(i)) < n_first)
    X = _polar(RADIUS * i, 1.75 * 2 * math.pi * i + math.pi * (1 - y) / 2)
    return X + noise * _uniform((len(X), 2), -1, 1, generator), y


def _moons(n_first: int, n_second: int, noise: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Two half circles of radius 3, each reaching into the other, moved by N(0, (2 noise)^2)."""
    y = _sign(torch.arange(n_first + n_second) < n_first)
    angle = _uniform(len(y), 0, math.pi, generator)
    X = 3 * y[:, None] * torch.stack([angle.cos() - 0.5, angle.sin() - 0.25], dim=1)
    return X + 2 * noise * torch.randn(len(y), 2, generator=generator, dtype=torch.float64), y


def _uniform(size: int | tuple[int, ...], low: float, high: float, generator: torch.Generator) -> Tensor:
    return low + (high - low) * torch.rand(size, generator=generator, dtype=torch.float64)


def _polar(radius: Tensor, angle: Tensor) -> Tensor:
    """Return the points (n, 2); the angle is counted from above, clockwise."""
    return torch.stack([radius * angle.sin(), radius * angle.cos()], dim=1)


def _sign(positive: Tensor) -> Tensor:
    return 2 * positive.double() - 1


TOY_SETS = {"circle": _circle, "xor": _xor, "gauss": _gauss, "spiral": _spiral, "moons": _moons}


def sample_toy_set(name: str, n_samples: int, *, noise: float, seed: int) -> tuple[Tensor, Tensor]:
    """Draw a toy set of two classes: X (n_samples, 2), mostly in [-6, 6], y (n_samples, 1) of -1 and 1.

    Both are float64. The points come in random order, so that the first half and the second half can be
    the training and the test set. Half of the points (of XOR about half) are of class 1. ``noise``, 0 to
    0.5, moves the points of the spiral, widens the clouds of "gauss", and makes labels wrong near the
    border of the other two. Without noise the spiral is the same points for every seed, only in another
    order; its two arms meet in the centre, where one and the same point is of both classes.

    References
    ----------
    The sets of TensorFlow Playground, src/dataset.ts (Smilkov, Carter, 2016), with our own generator. The
    moons are scikit-learn's, `make_moons`, three times as large and centred.
    """
    generator = torch.Generator().manual_seed(seed)
    X, y = TOY_SETS[name](n_samples - n_samples // 2, n_samples // 2, noise, generator)
    order = torch.randperm(n_samples, generator=generator)
    return X[order], y[order, None]


def sample_classes(
    n_classes: int, n_samples: int, *, spread: float = 0.6, twist: float = 0.0, seed: int
) -> tuple[Tensor, Tensor]:
    """Draw several classes in a plane: X (n_samples, 2) float64, in [-6, 6], y (n_samples,) int64.

    Class k is an arm from near the centre to `RADIUS`; its point at the distance r lies at the angle

        2 pi (k / n_classes + twist r / RADIUS) + N(0, spread^2) / r

    counted from above, clockwise; ``twist`` is in turns. Straight arms (twist 0) are parted by straight
    lines, but for the points that ``spread`` carries across; twisted ones are not. Classes are of equal
    size, give or take one.

    References
    ----------
    The arms of the spirals in Karpathy's CS231n notes, "Putting it together", with our own generator.
    """
    generator = torch.Generator().manual_seed(seed)
    y = torch.arange(n_samples) % n_classes
    r = _uniform(n_samples, 0.2 * RADIUS, RADIUS, generator)
    moved = spread * torch.randn(n_samples, generator=generator, dtype=torch.float64)
    return _polar(r, 2 * math.pi * (y / n_classes + twist * r / RADIUS) + moved / r), y


def mislabel(y: Tensor, n_classes: int, share: float, *, seed: int) -> Tensor:
    """Give a ``share`` of the labels y (n_samples,) int64, chosen at random, another class at random."""
    generator = torch.Generator().manual_seed(seed)
    n_wrong = round(share * len(y))
    chosen = torch.randperm(len(y), generator=generator)[:n_wrong]
    y = y.clone()
    y[chosen] = (y[chosen] + torch.randint(1, n_classes, (n_wrong,), generator=generator)) % n_classes
    return y


def sample_between(
    X: Tensor, y: Tensor, n_samples: int, *, noise: float = 0.0, seed: int
) -> tuple[Tensor, Tensor]:
    """Draw points between neighbours of one class: X (n_samples, n_features), y (n_samples, 1) of -1 and 1.

    The points of each class are joined by the shortest tree; the new points lie evenly along its
    branches, moved by N(0, noise^2). A network that also learns from them can do nothing odd between the
    given points. Half of the new points belong to each class.

    Raises
    ------
    ValueError
        If a class has fewer than two points.

    References
    ----------
    The idea of points between neighbours: Chawla et al. SMOTE. JAIR 16, 2002.
    The gain from moving them: Bishop. Training with noise is equivalent to Tikhonov regularization. 1995.
    """
    generator = torch.Generator().manual_seed(seed)
    rows, labels = [], []
    for label, n_new in ((1.0, n_samples - n_samples // 2), (-1.0, n_samples // 2)):
        members = X[y[:, 0] == label]
        if len(members) < 2:
            raise ValueError(f"class {label:g} needs at least two points, got {len(members)}")
        start, end = members[_shortest_tree(members)].unbind(1)
        length = torch.linalg.vector_norm(end - start, dim=1) + 1e-12  # points may coincide
        branch = torch.multinomial(length, n_new, replacement=True, generator=generator)
        share = torch.rand(n_new, 1, generator=generator, dtype=X.dtype)
        rows.append(start[branch] + share * (end - start)[branch])
        labels.append(torch.full((n_new, 1), label, dtype=y.dtype))
    between = torch.cat(rows)
    moved = noise * torch.randn(between.shape, generator=generator, dtype=X.dtype)
    return between + moved, torch.cat(labels)


def _shortest_tree(X: Tensor) -> Tensor:
    """Return the branches (n_samples - 1, 2) of the shortest tree that joins all points, as row numbers.

    From one point on, the nearest point outside joins the tree (Prim 1957).
    """
    distance = torch.linalg.vector_norm(X[:, None] - X, dim=2)
    nearest, neighbour = distance[0].clone(), torch.zeros(len(X), dtype=torch.int64)
    inside = torch.zeros(len(X), dtype=torch.bool)
    inside[0] = True
    branches = []
    for _ in range(len(X) - 1):
        new = int(nearest.masked_fill(inside, torch.inf).argmin())
        branches.append((int(neighbour[new]), new))
        inside[new] = True
        neighbour = torch.where(distance[new] < nearest, new, neighbour)
        nearest = nearest.minimum(distance[new])
    return torch.tensor(branches)


def sample_four_clouds(n_samples: int, *, spread: float = 0.7, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Draw XOR as four clouds: X (n_samples, 2) float64, y (n_samples, 1) of 0 and 1, in turn.

    Their centres are (3, 3) and (-3, -3), class 1, and (-3, 3) and (3, -3), class 0; around these the points
    are N(0, spread^2), cut off at two spreads so that no cloud reaches another.
    """
    generator = torch.Generator().manual_seed(seed)
    centres = torch.tensor([[3.0, 3.0], [-3.0, 3.0], [-3.0, -3.0], [3.0, -3.0]], dtype=torch.float64)
    corner = torch.arange(n_samples) % 4
    moved = torch.randn(n_samples, 2, generator=generator, dtype=torch.float64).clamp(-2, 2)
    return centres[corner] + spread * moved, (1 - corner % 2).double()[:, None]
