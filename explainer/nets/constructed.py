"""The visual proof: a network with one hidden layer built by hand, neuron by neuron, without any training."""

from collections.abc import Callable

import torch
from torch import Tensor

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.mlp import MLP


def staircase(
    f: Callable[[Tensor], Tensor], n_neurons: int, *, steepness: float = 20.0
) -> tuple[MLP, Tensor]:
    """Build N steep sigmoids that climb f on [0, 1] as a staircase of N + 1 plateaus of equal width.

        y = f(m_0) + sum_j [f(m_j) - f(m_{j-1})] sigma(w (x - s_j))

    m_j are the middles of the plateaus, s_j the edges between them, and w = steepness / width, so that
    a step takes about 10 / steepness of a plateau. Returns the shape and the parameters (1, 3 N + 1).

    References
    ----------
    Nielsen. Neural Networks and Deep Learning, 2015, chapter 4; its output neuron bends, this one does not.
    """
    edges = torch.arange(1, n_neurons + 1, dtype=torch.float64) / (n_neurons + 1)
    middles = (torch.arange(n_neurons + 1, dtype=torch.float64) + 0.5) / (n_neurons + 1)
    heights = f(middles)
    weight = torch.full_like(edges, steepness * (n_neurons + 1))
    parts = (weight, -weight * edges, heights.diff(), heights[:1])
    return MLP((1, n_neurons, 1), ACTIVATIONS["sigmoid"]), torch.cat(parts)[None]


def hats(f: Callable[[Tensor], Tensor], n_neurons: int) -> tuple[MLP, Tensor]:
    """Build N ReLUs that join N + 1 points of f on [0, 1] by straight lines: hats that share their knots.

        y = f(x_0) + sum_j (m_j - m_{j-1}) relu(x - x_j),  m_j the slope between x_j and x_{j+1}, m_{-1} = 0

    Returns the shape and the parameters (1, 3 N + 1).
    """
    knots = torch.linspace(0, 1, n_neurons + 1, dtype=torch.float64)
    heights = f(knots)
    slopes = heights.diff() * n_neurons
    changes = torch.cat([slopes[:1], slopes.diff()])
    parts = (torch.ones_like(changes), -knots[:-1], changes, heights[:1])
    return MLP((1, n_neurons, 1), ACTIVATIONS["relu"]), torch.cat(parts)[None]
