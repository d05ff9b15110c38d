"""Separable by a line or not: the widest empty strip between two classes, exactly, with nothing learned."""

from dataclasses import dataclass

import numpy as np

_TINY = 1e-12  # what is narrower is rounding


@dataclass(frozen=True, eq=False)
class Strip:
    """The widest strip of the plane without a sample, -1 < w x + b < 1, class 1 on its positive side.

    ``width`` is 2 / |w|; where no line separates the classes, or one of them has no sample, it is 0, and
    so are ``weight`` (2,) and ``bias``.
    """

    width: float
    weight: np.ndarray
    bias: float


def widest_strip(X: np.ndarray, y: np.ndarray) -> Strip:
    """Find the widest empty strip between the classes 1 and 0 of X (n_samples, 2), y (n_samples,).

    It is as wide as the convex hulls of the classes are far apart. Two polygons are nearest to each other
    either in two corners, one of each, and the strip is perpendicular to the way between them, or in a corner
    and a side, and the strip runs along the side. So one of all the directions from a sample of 0 to one of
    1, and of all the normals of two samples of one class, is the best. The middle of the strip is
    where a support vector machine with a hard margin puts its line.

    References
    ----------
    Bennett, Bredensteiner. Duality and geometry in SVM classifiers. ICML 2000.
    """
    ones, zeros = X[y == 1], X[y == 0]
    none = Strip(0.0, np.zeros(2), 0.0)
    if not len(ones) or not len(zeros):
        return none
    across = [(ones[:, None] - zeros).reshape(-1, 2)]
    for members in (ones, zeros):
        i, j = np.triu_indices(len(members), 1)
        normal = (members[j] - members[i])[:, ::-1] * (1, -1)
        across += [normal, -normal]
    directions = np.concatenate(across)
    length = np.hypot(*directions.T)
    if not (length > _TINY).any():
        return none
    directions = directions[length > _TINY] / length[length > _TINY, None]
    high, low = (directions @ ones.T).min(1), (directions @ zeros.T).max(1)
    best = int((high - low).argmax())
    width = float(high[best] - low[best])
    if width <= _TINY:
        return none
    return Strip(width, 2 / width * directions[best], -float(high[best] + low[best]) / width)
