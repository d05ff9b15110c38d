"""Softmax turns scores into probabilities; cross-entropy is the price of the true class's probability."""

import torch
from torch import Tensor


def softmax(logits: Tensor, temperature: float = 1.0) -> Tensor:
    """Turn logits (..., n_classes) into probabilities of the same shape, which add up to one.

        p_k = exp(z_k / T) / sum_j exp(z_j / T)

    A temperature T below 1 sharpens the distribution, above 1 flattens it. Subtracting the maximum
    changes no probability and keeps exp() from overflowing.

    Raises
    ------
    ValueError
        If ``temperature`` is not positive.

    References
    ----------
    Goodfellow, Bengio, Courville. Deep Learning, 2016, section 6.2.2.3; for the shift, section 4.1.
    """
    exponentials = shifted(_scaled(logits, temperature)).exp()
    return exponentials / exponentials.sum(-1, keepdim=True)


def naive_softmax(logits: Tensor, temperature: float = 1.0) -> Tensor:
    """Softmax as the formula is written; shapes and errors as in `softmax`.

    Large logits overflow: exp(710) is infinite in float64, exp(89) in float32, and inf / inf is nan. Very
    negative ones all become zero, and 0 / 0 is nan, too.
    """
    exponentials = _scaled(logits, temperature).exp()
    return exponentials / exponentials.sum(-1, keepdim=True)


def shifted(logits: Tensor) -> Tensor:
    """Return z - max z, the same shape as z (..., n_classes): the largest is 0, all others are below."""
    return logits - logits.amax(-1, keepdim=True)


def log_loss(logits: Tensor, temperature: float = 1.0) -> Tensor:
    """Return -ln p of every class, the shape of the logits: what each costs if it is the true one.

        -ln p_k = ln sum_j exp(z_j / T) - z_k / T

    It is computed from the logits and stays finite and exact where p_k rounds to 0 or 1. Errors are those
    of `softmax`.
    """
    z = shifted(_scaled(logits, temperature))
    return z.exp().sum(-1, keepdim=True).log() - z


def cross_entropy(logits: Tensor, y: Tensor, temperature: float = 1.0) -> Tensor:
    """Return -ln p_y of every object: logits (..., n_classes), true classes y (...) int64, result (...).

    Its mean over the objects is `explainer.nets.losses.cross_entropy`, the loss that networks train with.
    """
    return log_loss(logits, temperature).gather(-1, y[..., None])[..., 0]


def one_hot(y: Tensor, n_classes: int) -> Tensor:
    """Write classes y (...) as rows of zeros with a one at the class, (..., n_classes) float64."""
    return torch.nn.functional.one_hot(y, n_classes).double()


def cross_entropy_gradient(logits: Tensor, y: Tensor, temperature: float = 1.0) -> Tensor:
    """Return the derivatives of each object's `cross_entropy` by its logits, the shape of the logits.

        (p - onehot(y)) / T

    Only the true class is pushed up. The entries add up to zero.
    """
    return (softmax(logits, temperature) - one_hot(y, logits.shape[-1])) / temperature


def _scaled(logits: Tensor, temperature: float) -> Tensor:
    if not temperature > 0:
        raise ValueError(f"temperature must be positive, got {temperature}")
    return logits / temperature
