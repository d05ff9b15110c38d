"""How good a classifier is: answers right and wrong, precision and recall, and whether its numbers hold."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True, eq=False)
class Scores:
    """Answers p > threshold, of one classifier at several moments.

    ``counts`` (n_moments, 2, 2) has a row a true class and a column an answer; the others are
    (n_moments,). Precision is 1 where nothing was called 1, recall is 1 where nothing is.
    """

    threshold: float
    counts: np.ndarray
    accuracy: np.ndarray
    precision: np.ndarray
    recall: np.ndarray

    @property
    def last(self) -> dict[str, float]:
        """Return the last moment's numbers by name, the share of right answers in per cent as ``right``."""
        named = {"threshold": self.threshold, "n": int(self.counts[-1].sum())}
        named["right"] = 100 * float(self.accuracy[-1])
        return named | {"precision": float(self.precision[-1]), "recall": float(self.recall[-1])}


def score(p: np.ndarray, y: np.ndarray, threshold: float) -> Scores:
    """Count the answers p > threshold, p (n_moments, n_samples), by the true classes y (n_samples,), 0 or 1.

    precision = share of class 1 among what was called 1, recall = share called 1 of what is of class 1
    """
    called, true = p > threshold, y > 0.5
    cells = [[(right & guess).sum(1) for guess in (~called, called)] for right in (~true, true)]
    counts = np.moveaxis(np.array(cells), 2, 0)
    hits, n_called, n_true = counts[:, 1, 1], counts[:, :, 1].sum(1), counts[:, 1].sum(1)
    return Scores(
        threshold,
        counts,
        (counts[:, 0, 0] + hits) / len(y),
        np.where(n_called == 0, 1.0, hits / np.maximum(n_called, 1)),
        np.where(n_true == 0, 1.0, hits / np.maximum(n_true, 1)),
    )


@dataclass(frozen=True, eq=False)
class Calibration:
    """Where p was said to be, and how often class 1 came: all (n_moments, n_bins), one bin a slice of [0, 1].

    ``said`` is the mean of p, ``happened`` the share of class 1, ``n`` the number of objects. An empty bin
    stands at its middle, on the diagonal.
    """

    said: np.ndarray
    happened: np.ndarray
    n: np.ndarray


def calibrate(p: Tensor, y: Tensor, n_bins: int = 5) -> Calibration:
    """Sort probabilities p (n_moments, n_samples) into bins and compare with the classes y (n_samples,).

    References
    ----------
    Guo et al. On calibration of modern neural networks. ICML 2017, arXiv:1706.04599: the reliability diagram.
    """
    member = functional.one_hot((p * n_bins).long().clamp(max=n_bins - 1), n_bins).to(p.dtype)
    n = member.sum(1)
    middle = (torch.arange(n_bins, dtype=p.dtype) + 0.5) / n_bins
    said = torch.where(n > 0, (member * p[..., None]).sum(1) / n.clamp(min=1), middle)
    happened = torch.where(n > 0, (member * y[:, None]).sum(1) / n.clamp(min=1), middle)
    return Calibration(said.numpy(), happened.numpy(), n.long().numpy())


@dataclass(frozen=True, eq=False)
class Judged:
    """Probabilities ``p`` (n_moments, n_samples) of class 1 beside the true classes ``y`` (n_samples,)."""

    p: np.ndarray
    y: np.ndarray

    def at(self, threshold: float) -> Scores:
        """Return the scores of the answers p > threshold."""
        return score(self.p, self.y, threshold)
