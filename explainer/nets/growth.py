"""Growth: what doubles in equal times is a straight line on a logarithmic scale."""

import math
from dataclasses import dataclass

import numpy as np

LEAST = 4  # points: with fewer, a line says more about them than about what grows


@dataclass(frozen=True, eq=False)
class Growth:
    """A straight line through the logarithms: log2(value) = level + slope · (year - center).

    ``slope`` is in doublings a year, negative if the values fall; ``low`` and ``high`` are the ends of its
    95 % interval. ``spread`` is the standard deviation of the points around the line, in doublings.
    """

    center: float
    level: float
    slope: float
    low: float
    high: float
    spread: float
    n_points: int
    width: float  # the sum of (year - center)^2

    def at(self, years: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the fitted values at ``years`` (n,) and the ends of their 95 % band, each (n,)."""
        away = np.asarray(years, dtype=float) - self.center
        line = self.level + self.slope * away
        half = student_95(self.n_points - 2) * self.spread * np.sqrt(1 / self.n_points + away**2 / self.width)
        return 2.0**line, 2.0 ** np.maximum(line - half, -200), 2.0 ** np.minimum(line + half, 200)


def fit(years: np.ndarray, values: np.ndarray) -> Growth:
    """Fit a straight line to log2 of ``values`` (n,) over ``years`` (n,) by least squares.

        slope = sum (x - mean x) log2 y / sum (x - mean x)^2

    The interval is slope ± t · s / sqrt(sum (x - mean x)^2) with s² = residual sum of squares / (n - 2) and
    Student's t of n - 2 degrees of freedom. It holds if the points scatter around the line independently
    and alike.

    Raises
    ------
    ValueError
        If there are fewer than four points, values that are not positive, or only one year.
    """
    x, y = np.asarray(years, dtype=float), np.asarray(values, dtype=float)
    if len(x) < LEAST:
        raise ValueError(f"a fit needs {LEAST} points, got {len(x)}")
    if not (y > 0).all():
        raise ValueError("only positive values have a logarithm")
    away = x - x.mean()
    width = float(away @ away)
    if width == 0:
        raise ValueError(f"all points lie in {x[0]:g}")
    logs = np.log2(y)
    level, slope = float(logs.mean()), float(away @ (logs - logs.mean()) / width)
    residuals = logs - level - slope * away
    spread = math.sqrt(float(residuals @ residuals) / (len(x) - 2))
    half = student_95(len(x) - 2) * spread / math.sqrt(width)
    return Growth(float(x.mean()), level, slope, slope - half, slope + half, spread, len(x), width)


def student_95(degrees: int) -> float:
    """Return t such that a Student variable of n ``degrees`` of freedom is within ±t 95 times in 100.

    Bisection on the closed form for whole degrees of freedom.

    References
    ----------
    Abramowitz, Stegun. Handbook of Mathematical Functions, 1964, 26.7.3 and 26.7.4.
    """
    low, high = 1.9, 13.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if _student_inside(middle, degrees) < 0.95 else (low, middle)
    return (low + high) / 2


def _student_inside(t: float, degrees: int) -> float:
    """Return the probability that a Student variable lies in (-t, t)."""
    angle = math.atan(t / math.sqrt(degrees))
    sine, cosine = math.sin(angle), math.cos(angle)
    term, total = (cosine, cosine) if degrees % 2 else (1.0, 1.0)
    for k in range(3 if degrees % 2 else 2, degrees - 1, 2):
        term *= cosine**2 * (k - 1) / k
        total += term
    if degrees % 2:
        return 2 / math.pi * (angle + (sine * total if degrees > 1 else 0))
    return sine * total
