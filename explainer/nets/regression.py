"""Linear regression: the line that pays least for its errors, found at once or step by step downhill.

Inputs are rows with a leading one, X (n_samples, n_features), as in the lecture's matrix form; the
weights are w (n_features,), the intercept first, and the model is y = X w + noise.
"""

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

FAR = 100.0  # a descent this far from the least loss has diverged; pictures show a few units
REACH = 200.0  # contours of a valley without end are drawn as far as this
_ZERO = 1e-9  # a residual below is zero to rounding


@dataclass(frozen=True, eq=False)
class LeastSquares:
    """The weights (n_features,) of least squared error, and the rank of X."""

    weight: Tensor
    rank: int


def least_squares(X: Tensor, y: Tensor) -> LeastSquares:
    """Minimise the mean of (X w - y)^2; X (n_samples, n_features), y (n_samples,), float64.

        X = U S V^T,   w = V S^+ U^T y

    With the rank of X equal to n_features this is the lecture's (X^T X)^-1 X^T y. Otherwise X^T X has no
    inverse, infinitely many w are equally good, and this is the shortest of them. The rank counts the
    singular values above rounding, largest * max(X.shape) * epsilon. Without samples w is zero.

    References
    ----------
    Golub, Van Loan. Matrix Computations, chapter 5.
    """
    U, S, Vh = torch.linalg.svd(X, full_matrices=False)
    if not len(S):
        return LeastSquares(X.new_zeros(X.shape[1]), 0)
    rank = int((S[0] * max(X.shape) * torch.finfo(X.dtype).eps < S).sum())
    weight = Vh[:rank].T @ ((U[:, :rank].T @ y) / S[:rank])
    return LeastSquares(weight, rank)


def least_absolute(X: Tensor, y: Tensor) -> Tensor:
    """Minimise the mean of |X w - y| exactly, and return the weights (n_features,).

    There is no formula, but a finite search: some best w meets as many samples exactly as X has rank. So
    every choice of that many samples is solved, and the best taken; of several equally good ones, the
    shortest. A linear programme does the same with fewer trials when there are many samples.

    References
    ----------
    Barrodale, Roberts. SIAM Journal on Numerical Analysis 10(5), 1973.
    Koenker, Bassett. Econometrica 46(1), 1978.
    """
    rank = least_squares(X, y).rank
    if rank == 0:
        return X.new_zeros(X.shape[1])
    chosen = torch.tensor(list(itertools.combinations(range(len(X)), rank)))
    weights = (torch.linalg.pinv(X[chosen]) @ y[chosen][..., None])[..., 0]
    losses = (weights @ X.T - y).abs().mean(1)
    tied = losses <= losses.min() + 1e-12
    return weights[tied][weights[tied].norm(dim=1).argmin()]


def met(X: Tensor, y: Tensor, weight: Tensor) -> Tensor:
    """Tell for every sample (n_samples,) whether the line goes through it, to rounding."""
    return (X @ weight - y).abs() < _ZERO


def mse_gradient(X: Tensor, y: Tensor, weight: Tensor) -> Tensor:
    """Gradient of the mean squared error, (2/n) X^T (X w - y); weights and result (..., n_features)."""
    return 2 / len(X) * ((weight @ X.T - y) @ X)


def mae_gradient(X: Tensor, y: Tensor, weight: Tensor) -> Tensor:
    """Subgradient of the mean absolute error, (1/n) X^T sign(X w - y); shapes as in `mse_gradient`.

    Where a residual is zero the loss has a crease; its sign counts as 0 there, which torch does as well.
    """
    return 1 / len(X) * ((weight @ X.T - y).sign() @ X)


def hessian(X: Tensor) -> Tensor:
    """Second derivatives of the mean squared error, (2/n) X^T X, everywhere the same."""
    return 2 / len(X) * (X.T @ X)


def critical_rate(X: Tensor) -> float:
    """Return 2 / lambda_max, the learning rate from which on descent on the mean squared error diverges.

    A step multiplies the distance to the least loss along the eigenvector of an eigenvalue lambda of
    the Hessian by 1 - rate * lambda; at the critical rate that is -1 for the largest lambda.
    """
    return 2 / float(torch.linalg.eigvalsh(hessian(X))[-1])


def contraction(X: Tensor, rate: Tensor) -> Tensor:
    """Return what a step multiplies the distance by in the slowest direction, for learning rates (n_rates,).

        max over the eigenvalues lambda > 0 of the Hessian of |1 - rate * lambda|

    Eigenvalues that are zero to rounding belong to directions in which the loss does not change.
    """
    eigenvalues = torch.linalg.eigvalsh(hessian(X))
    eigenvalues = eigenvalues[eigenvalues > eigenvalues[-1] * max(X.shape) * torch.finfo(X.dtype).eps]
    return (1 - rate[:, None] * eigenvalues).abs().amax(1)


def descend(
    gradient: Callable[[Tensor, Tensor, Tensor], Tensor],
    X: Tensor,
    y: Tensor,
    *,
    start: Tensor,
    learning_rate: float,
    n_steps: int,
    shrinking: bool = False,
    far: float = FAR,
) -> tuple[Tensor, int]:
    """Walk downhill and return the way (n_steps + 1, n_features) and the number of steps made.

        w <- w - learning_rate * gradient(X, y, w)

    With ``shrinking``, step k is divided by sqrt(k), as subgradient descent needs in order to
    settle: the subgradient of an absolute error does not get smaller near the least loss. The walk
    ends when it is ``far`` from its start, and stays there for the rest of the recording.
    """
    way = [start]
    for step in range(1, n_steps + 1):
        rate = learning_rate / math.sqrt(step) if shrinking else learning_rate
        way.append(way[-1] - rate * gradient(X, y, way[-1]))
    walked = torch.stack(way)
    gone = ~((walked - start).norm(dim=1) <= far)  # also where it is infinite or not a number
    made = int(gone.int().argmax()) if gone.any() else n_steps
    return torch.cat((walked[: made + 1], walked[made].expand(n_steps - made, -1))), made


def ellipses(X: Tensor, y: Tensor, excess: Tensor, *, n_points: int) -> Tensor:
    """Return the contours on which the mean squared error is ``excess`` (n_levels,) above its least value.

    They are ellipses around the least loss, with half-axes sqrt(2 excess / lambda) along the eigenvectors
    of the Hessian. The result is (n_levels, n_points, 2). Without full rank one of the half-axes has no end
    and is cut at `REACH`, so that what is seen of the ellipse is two parallel lines: a valley.
    """
    eigenvalues, axes = torch.linalg.eigh(hessian(X))
    half = (2 * excess[:, None] / eigenvalues.clamp_min(1e-12)).sqrt().clamp_max(REACH)
    angle = torch.linspace(0, 2 * math.pi, n_points, dtype=X.dtype)
    circle = torch.stack((angle.cos(), angle.sin()), 1)
    return least_squares(X, y).weight + (half[:, None] * circle) @ axes.T


def facets(X: Tensor, y: Tensor, excess: Tensor, *, n_points: int) -> Tensor:
    """Return the contours on which the mean absolute error is ``excess`` (n_levels,) above its least value.

    They are polygons with their corners on the creases w_0 + w_1 x_i = y_i. Along a ray from the least loss
    the error only grows, so the distance at which it reaches a level is found by bisection, ``n_points``
    rays for every level. The result is (n_levels, n_points, 2), cut at `REACH`.
    """
    best = least_absolute(X, y)
    angle = torch.linspace(0, 2 * math.pi, n_points, dtype=X.dtype)
    ray = torch.stack((angle.cos(), angle.sin()), 1)
    residual, growth = X @ best - y, ray @ X.T
    wanted = residual.abs().mean() + excess[:, None]
    low = torch.zeros(len(excess), n_points, dtype=X.dtype)
    high = torch.full_like(low, REACH)
    for _ in range(26):  # 200 / 2^26 is 3e-6, finer than any screen
        middle = (low + high) / 2
        above = (residual + middle[..., None] * growth).abs().mean(-1) > wanted
        low, high = torch.where(above, low, middle), torch.where(above, middle, high)
    return best + high[..., None] * ray
