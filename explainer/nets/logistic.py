"""Regression of a probability, P(y = 1 | x) = F(w x + b): the sigmoid, or another distribution function."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from explainer.nets.linear import best_line

_LN_PI = math.log(math.pi)


@dataclass(frozen=True)
class Distribution:
    """A distribution function F of one number whose density is symmetric: 1 - F(t) = F(-t).

    ``log_cdf`` is ln F, ``log_density`` ln F', and ``score`` the derivative of that, F'' / F'. All stay
    finite where F itself rounds to 0 or 1.
    """

    name: str
    log_cdf: Callable[[Tensor], Tensor]
    log_density: Callable[[Tensor], Tensor]
    score: Callable[[Tensor], Tensor]

    def cdf(self, t: Tensor) -> Tensor:
        """Return F(t), of the shape of t."""
        return self.log_cdf(t).exp()


def _sigmoid_log_density(t: Tensor) -> Tensor:
    return functional.logsigmoid(t) + functional.logsigmoid(-t)


def _normal_log_density(t: Tensor) -> Tensor:
    return -(t**2) / 2 - math.log(2 * math.pi) / 2


def _cauchy_log_cdf(t: Tensor) -> Tensor:
    """ln(1/2 + arctan(t) / pi); far left 1/2 + arctan(t) / pi cancels, arctan(-1 / t) / pi does not."""
    left = torch.atan(-1 / t.clamp(max=-1)).log() - _LN_PI
    return torch.where(t < -1, left, torch.log(0.5 + torch.atan(t.clamp(min=-1)) / math.pi))


def _cauchy_log_density(t: Tensor) -> Tensor:
    return -_LN_PI - torch.log1p(t**2)


DISTRIBUTIONS = {
    distribution.name: distribution
    for distribution in (
        Distribution(
            "sigmoid", functional.logsigmoid, _sigmoid_log_density, lambda t: 1 - 2 * torch.sigmoid(t)
        ),
        Distribution("normal_cdf", torch.special.log_ndtr, _normal_log_density, torch.neg),
        Distribution("cauchy_cdf", _cauchy_log_cdf, _cauchy_log_density, lambda t: -2 * t / (1 + t**2)),
    )
}


@dataclass(frozen=True, eq=False)
class Fit:
    """A fit and the way to it: ``path`` (n_steps + 1, n_features + 1), bias first, and its logloss.

    ``converged`` tells whether the gradient is zero at the end, to 1e-9.
    """

    path: Tensor
    losses: Tensor
    converged: bool

    @property
    def parameters(self) -> Tensor:
        """Return bias and weights (n_features + 1,)."""
        return self.path[-1]

    @property
    def loss(self) -> float:
        """Return the final logloss, without the penalty."""
        return float(self.losses[-1])


def fit(X: Tensor, y: Tensor, distribution: Distribution, *, l2: float = 0.0, n_steps: int = 100) -> Fit:
    """Fit P(y = 1 | x) = F(X w + b) to X (n_samples, n_features) and y (n_samples,) of 0 and 1.

        L(b, w) = -1/n sum_i [y_i ln F(t_i) + (1 - y_i) ln(1 - F(t_i))] + l2 / 2 |w|^2,  t = X w + b

    Damped Newton from b = 0, w = 0: a step that does not go downhill is halved. Where L is not convex, as
    it can be for Cauchy's F, the expected second derivative F'^2 / (F (1 - F)) takes the place of the true
    one (Fisher scoring). The bias is not penalised. Without a penalty separable classes have no finite fit:
    then the path runs away.

    References
    ----------
    McCullagh, Nelder. Generalized Linear Models, 1989, section 2.5.
    """
    ones = torch.cat([torch.ones_like(X[:, :1]), X], 1)
    sign = 2 * y - 1
    penalty = torch.full((ones.shape[1],), l2, dtype=X.dtype)
    penalty[0] = 0

    def logloss(parameters: Tensor) -> Tensor:
        return -distribution.log_cdf(sign * (ones @ parameters)).mean()

    def objective(parameters: Tensor) -> Tensor:
        return logloss(parameters) + (penalty * parameters**2).sum() / 2

    path, converged = [torch.zeros(ones.shape[1], dtype=X.dtype)], False
    for _ in range(n_steps):
        now = path[-1]
        t = sign * (ones @ now)
        density = distribution.log_density(t)
        slope = (density - distribution.log_cdf(t)).exp()  # F'/F, of ln F
        gradient = penalty * now - ones.T @ (sign * slope) / len(y)
        converged = bool(gradient.abs().max() < 1e-9)
        if converged:
            break
        hessian = _weighted(slope * (slope - distribution.score(t)), ones) + penalty.diag()
        if torch.linalg.eigvalsh(hessian)[0] <= 0:
            expected = slope * (density - distribution.log_cdf(-t)).exp()
            hessian = _weighted(expected, ones) + penalty.diag()
        step = torch.linalg.pinv(hessian, hermitian=True) @ gradient
        before, share = objective(now), 1.0
        while share > 1e-6 and not objective(now - share * step) < before:
            share /= 2
        if share <= 1e-6:  # downhill there is nothing left that rounding would show
            break
        path.append(now - share * step)
    rows = torch.stack(path)
    return Fit(rows, torch.stack([logloss(row) for row in rows]), converged)


def _weighted(weight: Tensor, X: Tensor) -> Tensor:
    return X.T @ (weight[:, None] * X) / len(X)


def separation(x: Tensor, y: Tensor) -> str:
    """Say whether one threshold parts the classes of x (n_samples,), y of 0 and 1.

    ``apart`` (with a gap, or touching in one value), ``one_class``, ``same_x`` (all x are equal, so that
    there is nothing to tell classes by), or ``overlap``: only then a finite fit exists without a penalty.
    Touching counts as apart because the weight runs away as well (quasi-complete separation).

    References
    ----------
    Albert, Anderson. On the existence of maximum likelihood estimates in logistic regression models.
    Biometrika 71, 1984.
    """
    zeros, ones = x[y == 0], x[y == 1]
    if not len(zeros) or not len(ones):
        return "one_class"
    if bool((x == x[0]).all()):
        return "same_x"
    apart = zeros.max() <= ones.min() or ones.max() <= zeros.min()
    return "apart" if apart else "overlap"


def fit_clipped_line(x: Tensor, y: Tensor) -> tuple[float, float]:
    """Return bias and weight of the clipped line with the least squared error, the very least there is.

        p = min(1, max(0, b + w x)),  the distribution function of a uniform distribution

    Its logloss is infinite as soon as one object lies on the wrong flat end, so it is fitted by squares.
    At the minimum the line between the ends is the least-squares line of the objects there, which are
    neighbours in x. So every run of neighbours gives a candidate, and so does every jump between two.
    """
    places = x.unique()
    candidates = []
    for i in range(len(places)):
        for j in range(i + 1, len(places)):
            inside = (x >= places[i]) & (x <= places[j])
            candidates.append(best_line(x[inside], y[inside]))
        if i:
            width = places[i] - places[i - 1]
            up = torch.stack([-places[i - 1] / width, 1 / width])
            candidates += [up, torch.stack([1 - up[0], -up[1]])]
    if not candidates:
        return float(y.mean()), 0.0
    rows = torch.stack(candidates)
    loss = ((rows[:, :1] + rows[:, 1:] * x).clamp(0, 1) - y).square().mean(1)
    bias, weight = rows[int(loss.argmin())].tolist()
    return bias, weight


def rung_curve(rung: str, t: Tensor, gamma: float = 0.5) -> Tensor:
    """Apply what stands on a rung to t = b + w x: the line itself, a threshold, a clipped line, or F."""
    functions = {
        "rung_line": lambda t: t,
        "rung_threshold": lambda t: (t > gamma).to(t.dtype),
        "clipped_line": lambda t: t.clamp(0, 1),
    }
    return (functions.get(rung) or DISTRIBUTIONS[rung].cdf)(t)


def crossing_of(rung: str, bias: float, weight: float, level: float) -> float:
    """Return the x at which the curve of a rung passes ``level``, in (0, 1); NaN if it is level itself."""
    if abs(weight) < 1e-12:
        return math.nan
    p = torch.tensor(level, dtype=torch.float64)
    inverse = {
        "sigmoid": torch.special.logit,
        "normal_cdf": torch.special.ndtri,
        "cauchy_cdf": lambda q: torch.tan(math.pi * (q - 0.5)),
    }
    return (float(inverse[rung](p) if rung in inverse else p) - bias) / weight


def odds_factors(rung: str, bias: float, weight: float, places: Sequence[float]) -> np.ndarray:
    """Return by what the odds F / (1 - F) are multiplied from x to x + 1, for x in places; NaN without an F.

    For the sigmoid it is exp(w) everywhere: ln(F / (1 - F)) is the line itself.
    """
    if rung not in DISTRIBUTIONS:
        return np.full(len(places), math.nan)
    log_cdf = DISTRIBUTIONS[rung].log_cdf
    t = bias + weight * torch.tensor([places, [x + 1 for x in places]], dtype=torch.float64)
    logits = log_cdf(t) - log_cdf(-t)
    return (logits[1] - logits[0]).exp().numpy()


def logloss_of(p: Tensor, y: Tensor) -> float:
    """Return the logloss of p (n_samples,), infinite if p rules a class out, NaN where p is none."""
    if bool(((p < 0) | (p > 1)).any()):
        return math.nan
    return float(-torch.where(y > 0.5, p, 1 - p).log().mean())
