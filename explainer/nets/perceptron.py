"""One neuron: a weighted sum against a threshold, Rosenblatt's way to learn it, and the margin as its bound.

Inputs are rows with a leading one, X = (1, x1, x2, ...), so that the first weight is -gamma: to compare
a sum with the threshold gamma is to compare the sum less gamma with zero.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

VIEW = (-0.6, 1.6)  # both axes of the plane in which the perceptron learns
LOGIC = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "xor": (0, 1, 1, 0)}
_CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))


def threshold(t: Tensor) -> Tensor:
    """1 for t >= 0, else 0: the sum has reached gamma or not."""
    return torch.heaviside(t, torch.ones((), dtype=t.dtype))


# What a neuron makes of its sum. The same weights are a line, a step or an S-curve.
SIGMAS: dict[str, Callable[[Tensor], Tensor]] = {
    "linear_unit": lambda t: t,
    "threshold": threshold,
    "sigmoid": torch.sigmoid,
}


def with_one(points: np.ndarray) -> np.ndarray:
    """Put the column of ones before the features: (n_samples, n_features) gets one column more."""
    return np.hstack([np.ones((len(points), 1)), points])


def logic(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the four inputs (4, 2) of a logical function and what it says, y (4,) in {0, 1}."""
    return np.array(_CORNERS, float), np.array(LOGIC[name])


def clouds(n_samples: int, *, gap: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw two classes that a line separates with an empty strip of width ``gap`` around it.

    Points (n_samples, 2) lie evenly at random in a square of side 1.6 within the view, before each is
    moved away from the line by gap / 2. The line goes near the middle in a random direction; a cloud
    of which all points lie on one side is drawn again.
    """
    generator = torch.Generator().manual_seed(seed)
    while True:
        angle, shift = (torch.rand(2, generator=generator, dtype=torch.float64) - 0.5).tolist()
        normal = np.array([np.cos(2 * np.pi * angle), np.sin(2 * np.pi * angle)])
        square = torch.rand(n_samples, 2, generator=generator, dtype=torch.float64).numpy()
        points = 1.6 * square - 0.3
        y = ((points - 0.5) @ normal >= 0.4 * shift).astype(int)
        if 0.25 * n_samples <= y.sum() <= 0.75 * n_samples:
            return points + (y[:, None] - 0.5) * gap * normal, y


@dataclass(frozen=True, eq=False)
class Corrections:
    """The way of a perceptron, correction by correction.

    ``weights`` (n_corrections + 1, n_features) starts with zeros; ``wrong`` (n_corrections,) is the
    sample that each correction answered. ``n_passes`` counts started passes over the data. ``ended``
    says why it ended: ``learned`` (no sample is wrong), ``cycle`` (weights and mistaken sample are those
    of ``repeats`` corrections earlier, so everything repeats for ever) or ``limit`` (the most were made).
    """

    weights: np.ndarray
    wrong: np.ndarray
    n_passes: int
    ended: str
    repeats: int = 0


def learn(X: np.ndarray, y: np.ndarray, *, max_corrections: int = 20_000) -> Corrections:
    """Show the samples X (n_samples, n_features) in turn, and correct the weights after every mistake.

        y_hat = [w x >= 0],    w <- w + (y - y_hat) x

    y is in {0, 1}. The weights start at zero, so a learning rate would stretch all of them alike and
    change no answer: it is 1.

    References
    ----------
    Rosenblatt. Principles of Neurodynamics, 1962.
    """
    n_samples, n_features = X.shape
    weights, wrong, presented, next_sample = [np.zeros(n_features)], [], 0, 0
    seen: dict[tuple[int, bytes], int] = {}
    ended, repeats = "limit", 0
    while len(wrong) < max_corrections:
        # The weights stay the same until the next mistake, so all samples are looked at together.
        mistaken = np.flatnonzero((X @ weights[-1] >= 0) != y)
        if not len(mistaken):
            ended = "learned"
            break
        later = mistaken[mistaken >= next_sample]
        i = int(later[0] if len(later) else mistaken[0])
        state = (i, weights[-1].tobytes())
        if state in seen:
            ended, repeats = "cycle", len(wrong) - seen[state]
            break
        seen[state] = len(wrong)
        presented += (i - next_sample) % n_samples + 1
        next_sample = (i + 1) % n_samples
        wrong.append(i)
        weights.append(weights[-1] + (1 if y[i] else -1) * X[i])
    if ended == "learned":
        presented += n_samples  # the pass without a mistake
    return Corrections(np.stack(weights), np.array(wrong, int), -(-presented // n_samples), ended, repeats)


def nearest_to_origin(points: np.ndarray) -> np.ndarray:
    """Return the point nearest to the origin of the convex hull of ``points`` (n_points, n_features).

    Wolfe's algorithm: it walks over the corners of the hull, keeps a simplex of few of them, and is exact
    after finitely many steps. If the origin is in the hull, the answer is zero.

    References
    ----------
    Wolfe. Finding the nearest point in a polytope. Mathematical Programming 11, 1976, 128-149.
    """
    tiny = 1e-13 * float((points**2).sum(1).max())
    chosen, share = [int((points**2).sum(1).argmin())], np.ones(1)
    last = np.inf
    while True:
        nearest = share @ points[chosen]
        height, length = points @ nearest, nearest @ nearest
        best = int(height.argmin())
        # Every round comes nearer; where rounding stops that, among points almost on one line, it would
        # go round for ever.
        if best in chosen or length - height[best] <= tiny or length >= last:
            return nearest if length > tiny else np.zeros_like(nearest)
        last = length
        chosen, share = [*chosen, best], np.append(share, 0.0)
        while True:
            # The nearest point of the whole plane through the chosen corners; its shares add up to 1.
            n = len(chosen)
            system = np.ones((n + 1, n + 1))
            system[:n, :n] = points[chosen] @ points[chosen].T
            system[n, n] = 0
            wanted = np.linalg.lstsq(system, np.append(np.zeros(n), 1.0), rcond=None)[0][:n]
            if (wanted > 1e-12).all():
                share = wanted
                break
            # It lies outside the simplex: go towards it as far as the simplex reaches, and drop a corner.
            falling = wanted <= 1e-12
            step = np.min(share[falling] / np.maximum(share[falling] - wanted[falling], 1e-300))
            share = share + min(step, 1.0) * (wanted - share)
            kept = share > 1e-12
            kept[np.argmin(np.where(falling, share, np.inf))] = False
            chosen, share = [i for i, keep in zip(chosen, kept, strict=True) if keep], share[kept]
            share = share / share.sum()


def margin(X: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the largest margin rho of weights of length 1, and those weights (n_features,).

        rho = max over |w| = 1 of min over samples of s w x,    s = 1 if y = 1 else -1

    It is the distance from the origin to the convex hull of the points s x; if it is 0, which the weights
    are then as well, no threshold separates the classes. No learning takes part in it.
    """
    nearest = nearest_to_origin(np.where(y[:, None] == 1, X, -X))
    rho = float(np.linalg.norm(nearest))
    return rho, nearest / rho if rho else nearest


def novikoff_bound(X: np.ndarray, rho: float) -> float:
    """Return (R / rho)^2, the most corrections that a perceptron can need; R is the longest |x|.

    With rho = 0 it is infinite: nothing is promised.

    References
    ----------
    Novikoff. On convergence proofs on perceptrons. Symposium on the Mathematical Theory of Automata, 1962.
    """
    return float((X**2).sum(1).max() / rho**2) if rho else float("inf")


def logistic_regression(X: Tensor, y: Tensor, *, n_steps: int = 100) -> Tensor:
    """Fit P(y = 1 | x) = sigma(w x) by Newton's method; X (n_samples, n_features), the answer (n_features,).

        w <- w + (X^T S X)^-1 X^T (y - p),    p = sigma(X w),    S = diag(p (1 - p))

    Every step is a weighted least squares, hence the name IRLS; a step that does not lower the logloss is
    halved. The classes must overlap: if a threshold separates them, the best weights are infinite.

    References
    ----------
    McCullagh, Nelder. Generalized Linear Models, 2nd edition, 1989, section 2.5.
    """

    def logloss(w: Tensor) -> Tensor:
        return (torch.nn.functional.softplus(X @ w) - y * (X @ w)).sum()

    w = torch.zeros(X.shape[1], dtype=X.dtype)
    for _ in range(n_steps):
        p = torch.sigmoid(X @ w)
        step = torch.linalg.solve(X.T @ ((p * (1 - p))[:, None] * X), X.T @ (y - p))
        while logloss(w + step) > logloss(w) and step.abs().max() > 1e-14:
            step = step / 2
        w = w + step
        if step.abs().max() < 1e-13:
            break
    return w


def fewest_mistakes(feature: np.ndarray, y: np.ndarray) -> tuple[int, float, int]:
    """Find the threshold on one feature (n_samples,) with the fewest mistakes.

    Returns the mistakes, the threshold in the middle of its gap, and the side: 1 if the samples at or
    above it are called 1, -1 if those below it are. Of equally good thresholds it is the one in the
    widest gap; values that differ by rounding only are the same.
    """
    values = np.unique(feature.round(9))
    edges = np.concatenate([[values[0] - 1], (values[1:] + values[:-1]) / 2, [values[-1] + 1]])
    gaps = np.concatenate([[0.0], np.diff(values), [0.0]])
    best = None
    for edge, gap in zip(edges, gaps, strict=True):
        for side in (1, -1):
            called = feature >= edge if side == 1 else feature < edge
            found = (int((called != (y == 1)).sum()), -gap, float(edge), side)
            best = found if best is None else min(best, found)
    return best[0], best[2], best[3]
