"""Inputs: what a network is given of a point of the plane, and the common scale that it is brought to."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

# TensorFlow Playground's seven, of the coordinates x1 and x2, each (n_samples,).
FEATURES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1_squared": lambda x1, x2: x1**2,
    "x2_squared": lambda x1, x2: x2**2,
    "x1_x2": lambda x1, x2: x1 * x2,
    "sin_x1": lambda x1, x2: torch.sin(x1),
    "sin_x2": lambda x1, x2: torch.sin(x2),
}


def features(names: Sequence[str], X: Tensor) -> Tensor:
    """Compute features (n_samples, n_features), in the order of their names, of points X (n_samples, 2)."""
    return torch.stack([FEATURES[name](*X.unbind(1)) for name in names], dim=1)


def scale(inputs: Tensor) -> tuple[Tensor, Tensor]:
    """Return the mean and the standard deviation of each feature, (n_features,), of (n_samples, n_features).

    Standardised inputs (x - mean) / deviation are of one size whatever their units, and so are the first
    layer's gradients. Both numbers come from the points to learn from alone. A feature that does not vary
    has the deviation 1.
    """
    deviation = inputs.std(0, correction=0)
    return inputs.mean(0), torch.where(deviation > 1e-9, deviation, 1.0)
