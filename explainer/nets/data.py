"""Toy data: curves to learn, and noisy samples of them."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

VIEW = 3.0  # every curve is looked at on [-VIEW, VIEW]

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
