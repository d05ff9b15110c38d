"""Loss functions: what a network pays for being wrong. All are means over the samples."""

from collections.abc import Callable

from torch import Tensor
from torch.nn import functional


def half_squared_error(y_hat: Tensor, y: Tensor) -> Tensor:
    """Mean of (y_hat - y)^2 / 2; both (..., n_samples, n_outputs), the result is (...)."""
    return (y_hat - y).square().mean((-2, -1)) / 2


def mse(y_hat: Tensor, y: Tensor) -> Tensor:
    """Mean squared error, the mean of (y_hat - y)^2; shapes as in `half_squared_error`."""
    return (y_hat - y).square().mean((-2, -1))


def mae(y_hat: Tensor, y: Tensor) -> Tensor:
    """Mean absolute error, the mean of |y_hat - y|; shapes as in `half_squared_error`."""
    return (y_hat - y).abs().mean((-2, -1))


def logloss(logits: Tensor, y: Tensor) -> Tensor:
    """Logloss of sigmoid(logits) against y in {0, 1}; shapes as in `half_squared_error`.

        -[y ln p + (1 - y) ln(1 - p)],  p = sigmoid(z)

    It is computed from the logits, as softplus(z) - y z, which stays finite where p rounds to 0 or 1.
    """
    return (functional.softplus(logits) - y * logits).mean((-2, -1))


def cross_entropy(logits: Tensor, y: Tensor) -> Tensor:
    """Cross-entropy -ln softmax(logits)[y]; logits (..., n_samples, n_classes), y (..., n_samples) int64."""
    chosen = logits.log_softmax(-1).gather(-1, y[..., None].expand(*logits.shape[:-1], 1))
    return -chosen.mean((-2, -1))


def bce(p: Tensor, y: Tensor) -> Tensor:
    """Logloss of probabilities p against y in {0, 1}; shapes as in `half_squared_error`.

        -[y ln p + (1 - y) ln(1 - p)]

    A logarithm is cut off at -100, as in torch's ``BCELoss``.
    """
    return -(y * _log(p) + (1 - y) * _log(1 - p)).mean((-2, -1))


def nll(p: Tensor, y: Tensor) -> Tensor:
    """Cross-entropy -ln p[y] of probabilities p; shapes as in `cross_entropy`, cut off as in `bce`."""
    chosen = p.gather(-1, y[:, None].expand(*p.shape[:-1], 1))
    return -_log(chosen).mean((-2, -1))


def _log(p: Tensor) -> Tensor:
    return p.clamp(min=1e-44).log().clamp(min=-100)


LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    loss.__name__: loss for loss in (half_squared_error, mse, mae, logloss, cross_entropy, bce, nll)
}
