"""Certainty factors: how MYCIN weighed evidence, on a scale from -1 (surely not) to 1 (surely)."""

from collections.abc import Sequence

LEAST = 0.2  # a premise at or below it does not let a rule act


def premise(factors: Sequence[float]) -> float:
    """Return how certain it is that all conditions hold: the least of them, or 0 if that is at most 0.2."""
    least = min(factors)
    return least if least > LEAST else 0.0


def combine(a: float, b: float) -> float:
    """Combine two certainty factors for one hypothesis.

        both positive:  a + b (1 - a)
        both negative:  a + b (1 + a)
        otherwise:      (a + b) / (1 - min(|a|, |b|))

    The order of evidence does not matter. One full certainty against its opposite, 1 and -1, is 0.

    References
    ----------
    Shortliffe, Buchanan. A model of inexact reasoning in medicine, Mathematical Biosciences 23, 1975; the
    third line is that of EMYCIN: Buchanan, Shortliffe (eds.). Rule-Based Expert Systems, 1984, chapter 10.
    """
    if a >= 0 and b >= 0:
        return a + b * (1 - a)
    if a <= 0 and b <= 0:
        return a + b * (1 + a)
    rest = 1 - min(abs(a), abs(b))
    return (a + b) / rest if rest > 0 else 0.0
