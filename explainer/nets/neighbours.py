"""Nearest neighbours: an answer without a network, by which one sees how much structure there is to learn."""

import torch
from torch import Tensor


def _nearest(X: Tensor, k: int) -> Tensor:
    """Return the numbers of the k nearest other points of each point, (n_samples, k), of X (n_samples, 2)."""
    distance = torch.cdist(X, X, compute_mode="donot_use_mm_for_euclid_dist").fill_diagonal_(torch.inf)
    return distance.topk(k, dim=1, largest=False).indices


def vote(X: Tensor, y: Tensor, n_classes: int, *, k: int = 5) -> float:
    """Return the share of points whose class most of their k nearest neighbours have.

    X is (n_samples, 2), y (n_samples,) int64. No point is asked about itself. What even this finds cannot
    be noise alone; a network that stays far below it has missed something. Without neighbours it is 0.

    References
    ----------
    Cover, Hart. Nearest neighbor pattern classification. IEEE Transactions on Information Theory 13, 1967.
    """
    k = min(k, len(X) - 1)
    if k < 1:
        return 0.0
    votes = torch.nn.functional.one_hot(y[_nearest(X, k)], n_classes).sum(1)
    return float((votes.argmax(1) == y).double().mean())


def mean(X: Tensor, y: Tensor, *, k: int = 5) -> float:
    """Return R squared of the mean of the k nearest neighbours' targets; y is (n_samples,) float64.

    1 is perfect, 0 is no better than the mean of all, as in `explainer.nets.scoring`. Without variation in
    y it is 0.
    """
    k, spread = min(k, len(X) - 1), (y - y.mean()).square().sum()
    if k < 1 or spread <= 0:
        return 0.0
    return float(1 - (y[_nearest(X, k)].mean(1) - y).square().sum() / spread)
