"""Linear pieces: a network of ReLUs over a line is a broken line, and its pieces can be counted exactly."""

from dataclasses import dataclass

import torch
from torch import Tensor

from explainer.nets.mlp import MLP

_ROUNDING = 1e-12  # breaks nearer to each other, and slopes more alike, are the same to rounding


@dataclass(frozen=True, eq=False)
class Pieces:
    """The broken line of one output between the ends of an interval.

    ``edges`` (n_pieces + 1,) are the ends of the interval and the breaks between them, ``values`` the
    outputs there; ``slopes`` are (n_pieces,). ``after`` counts the pieces of all neurons of a hidden layer
    together, a number a layer.
    """

    edges: Tensor
    values: Tensor
    slopes: Tensor
    after: tuple[int, ...]

    @property
    def n_pieces(self) -> int:
        """Count the pieces of the output."""
        return len(self.slopes)


def walk(net: MLP, parameters: Tensor, low: float, high: float) -> Pieces:
    """Walk along x from ``low`` to ``high`` and find every break of a network of ReLUs, layer by layer.

    ``parameters`` are (1, n_parameters) of a network of one input and one output. On a piece every sum
    is a straight line, z = slope x + intercept; where it crosses zero inside the piece, the neuron's ReLU
    breaks it, at x = -intercept / slope. Breaks that no later neuron passes on are forgotten.
    """
    edges = torch.tensor([low, high], dtype=torch.float64)
    slope, intercept = (torch.full((1, 1), c, dtype=torch.float64) for c in (1.0, 0.0))  # of x itself
    *hidden, output = [(weight[0], bias[0, 0]) for weight, bias in net.layers(parameters)]
    after = []
    for weight, bias in hidden:
        scale = slope.abs() @ weight.abs().T
        slope, intercept = slope @ weight.T, intercept @ weight.T + bias
        crossing = -intercept / torch.where(slope == 0, torch.nan, slope)
        room = _ROUNDING * (high - low)
        inside = (crossing > edges[:-1, None] + room) & (crossing < edges[1:, None] - room)
        old, edges = edges, torch.cat([edges, crossing[inside]]).sort().values
        edges = edges[torch.cat([edges.new_ones(1) > 0, edges.diff() > room])]
        edges[-1] = high
        middle = (edges[1:] + edges[:-1]) / 2
        piece = torch.bucketize(middle, old) - 1
        active = slope[piece] * middle[:, None] + intercept[piece] > 0
        slope, intercept = slope[piece] * active, intercept[piece] * active
        edges, slope, intercept = _join(edges, slope, intercept, scale[piece])
        after.append(len(slope))
    weight, bias = output
    scale = slope.abs() @ weight.abs().T
    slope, intercept = slope @ weight.T, intercept @ weight.T + bias
    edges, slope, intercept = _join(edges, slope, intercept, scale)
    at = torch.cat([torch.arange(len(slope)), torch.tensor([len(slope) - 1])])
    values = slope[at, 0] * edges + intercept[at, 0]
    return Pieces(edges, values, slope[:, 0], tuple(after))


def _join(edges: Tensor, slope: Tensor, intercept: Tensor, scale: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Join neighbouring pieces on which no slope (n_pieces, n_neurons) changes.

    ``scale`` is the size of the terms that a slope is the sum of, against which rounding is measured.
    """
    changes = (slope.diff(dim=0).abs() > _ROUNDING * scale[1:].maximum(scale[:-1])).any(1)
    first = torch.cat([changes.new_ones(1), changes])
    return torch.cat([edges[:-1][first], edges[-1:]]), slope[first], intercept[first]


def most_after(width: int, n_layers: int) -> int:
    """Return a number of pieces that no network of ``n_layers`` layers of ``width`` ReLUs exceeds.

        (width + 1)^n_layers

    On a piece every neuron of the next layer crosses zero at most once, so every piece becomes at most
    width + 1. One layer of n neurons has at most n + 1 pieces: that bound is reached.
    """
    return (width + 1) ** n_layers
