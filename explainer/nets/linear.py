"""Linear layers and what becomes of a stack of them: one matrix.

Inputs are rows with a leading one, X = (1, x), as in the lecture's matrix form, so that the first
row of a weight matrix holds the intercepts.
"""

from collections.abc import Sequence

import torch
from torch import Tensor


def with_ones(x: Tensor) -> Tensor:
    """Put the column of ones before a feature: x (n_samples,) becomes X (n_samples, 2)."""
    return torch.stack((torch.ones_like(x), x), dim=1)


def random_weights(depth: int, width: int, *, seed: int) -> list[Tensor]:
    """Draw the matrices of a linear network 1 -> width -> ... -> width -> 1 of ``depth`` layers, float64.

    Shapes are (2, width), (width, width) ..., (width, 1); for depth 1 it is the single (2, 1).
    The entries are N(0, 1 / width), which keeps sums over ``width`` neurons of the size of their
    terms, so that the picture neither explodes nor shrinks with depth. The first layer sums over
    the constant and one feature only, so its entries are N(0, 1).

    Raises
    ------
    ValueError
        If ``depth`` or ``width`` is not positive.
    """
    if depth < 1 or width < 1:
        raise ValueError(f"depth and width must be positive, got {depth} and {width}")
    generator = torch.Generator().manual_seed(seed)
    sizes = [2, *[width] * (depth - 1), 1]
    scales = [1.0] + [width**-0.5] * (depth - 1)
    return [
        scale * torch.randn(rows, columns, generator=generator, dtype=torch.float64)
        for rows, columns, scale in zip(sizes, sizes[1:], scales, strict=False)
    ]


def states(X: Tensor, weights: Sequence[Tensor]) -> list[Tensor]:
    """Return what every layer computes, [X W1, X W1 W2, ...], each (n_samples, n_neurons)."""
    result = []
    for weight in weights:
        X = X @ weight
        result.append(X)
    return result


def collapse(weights: Sequence[Tensor]) -> Tensor:
    """Multiply all weights into the one matrix A = W1 W2 ... Wd that does the same as the stack.

    Source: associativity, ((X W1) W2) ... = X (W1 W2 ...).
    """
    product = weights[0]
    for weight in weights[1:]:
        product = product @ weight
    return product


def best_line(x: Tensor, y: Tensor) -> Tensor:
    """Return intercept and slope (2,) of the least-squares line through (x, y), each (n_samples,).

        slope = sum (x - mean x)(y - mean y) / sum (x - mean x)^2

    The x must not be all the same. Sums give the same digits wherever the arrays lie in memory, which
    the solvers of linear systems do not.
    """
    dx = x - x.mean()
    slope = (dx * (y - y.mean())).sum() / dx.square().sum()
    return torch.stack((y.mean() - slope * x.mean(), slope))
