"""How complex the features of a layer are: what a neuron's answer does along a straight line of the plane."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

_TINY = 1e-9  # of the line's length, or of the steepest slope: what is less is rounding
N_PLACES = 400  # along a line where bends are counted

Layer = tuple[np.ndarray, np.ndarray]  # weight (n_out, n_in) and bias (n_out,)


def chords(n_lines: int, radius: float, *, seed: int = 0) -> np.ndarray:
    """Draw chords of a circle around the origin between random places of it: ends (n_lines, 2, 2)."""
    generator = torch.Generator().manual_seed(seed)
    angle = 2 * np.pi * torch.rand(n_lines, 2, generator=generator, dtype=torch.float64).numpy()
    return radius * np.stack([np.cos(angle), np.sin(angle)], -1)


def pieces(layers: Sequence[Layer], start: np.ndarray, end: np.ndarray) -> list[np.ndarray]:
    """Count the linear pieces of every neuron of a ReLU network along a line, (n_out,) a layer.

    The last layer has no ReLU. Along the line a layer's sums z are linear between the kinks of the layers
    before it, so that its own kinks are where a sum crosses 0 in between: they are found exactly,
    layer by layer. A piece ends where the slope changes, which comes from the chain rule, not from
    differences.
    """
    direction = end - start
    kinks, counts = np.array([0.0, 1.0]), []
    for depth in range(1, len(layers) + 1):
        relu = depth < len(layers)
        z, _ = _forward(layers[:depth], start, direction, kinks)
        if relu:
            before, after = z[:-1], z[1:]
            segment, unit = np.nonzero(before * after < 0)
            share = before[segment, unit] / (before[segment, unit] - after[segment, unit])
            found = kinks[segment] + share * np.diff(kinks)[segment]
            kinks = np.sort(np.concatenate([kinks, found]))
            apart = np.append(np.diff(kinks) > _TINY, True)
            kinks = kinks[apart] if apart[0] else np.append(0.0, kinks[apart][1:])
            kinks[0], kinks[-1] = 0.0, 1.0
        middles = (kinks[:-1] + kinks[1:]) / 2
        z, slope = _forward(layers[:depth], start, direction, middles)
        slope = np.where(z > 0, slope, 0) if relu else slope
        changed = np.abs(np.diff(slope, axis=0)) > _TINY * max(1e-300, np.abs(slope).max())
        counts.append(1 + changed.sum(0))
    return counts


def _forward(
    layers: Sequence[Layer], start: np.ndarray, direction: np.ndarray, places: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the last layer's sums z (n_places, n_out) and their slopes along the line."""
    h, slope = start + places[:, None] * direction, np.tile(direction, (len(places), 1))
    for depth, (weight, bias) in enumerate(layers):
        z, slope = h @ weight.T + bias, slope @ weight.T
        if depth < len(layers) - 1:
            h, slope = np.maximum(z, 0), np.where(z > 0, slope, 0)
    return z, slope


def bends(values: Tensor) -> Tensor:
    """Count how often values (..., n_places) at even distances change the sign of their second difference.

    That is how often a curve changes from bending left to bending right. Where it is straight to rounding, to
    `_TINY` of the sharpest bend, it keeps the sign that it had.
    """
    second = values[..., 2:] - 2 * values[..., 1:-1] + values[..., :-2]
    # Values of the size of 1 have second differences of rounding alone of some 1e-16.
    least = torch.maximum(1e-6 * second.abs().amax(-1, keepdim=True), torch.tensor(1e-13))
    sign = torch.where(second.abs() > least, second.sign(), torch.zeros_like(second))
    latest = torch.cummax(torch.where(sign != 0, torch.arange(sign.shape[-1]), -1), -1).values
    kept = torch.where(latest >= 0, sign.gather(-1, latest.clamp(min=0)), torch.zeros_like(sign))
    return ((kept[..., 1:] != kept[..., :-1]) & (kept[..., :-1] != 0)).sum(-1)
