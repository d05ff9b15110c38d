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


def combine_in_steps(factors: Sequence[float]) -> tuple[tuple[str, dict[str, float]], ...]:
    """Combine at least two factors one after another: for every step its formula's name and its numbers.

    The formula is ``positive``, ``negative`` or ``mixed``, as the signs of ``a``, what was found so far, and
    ``b``, the next factor; ``ab`` is what both make.
    """
    steps, together = [], factors[0]
    for factor in factors[1:]:
        both = combine(together, factor)
        signs = "mixed" if together * factor < 0 else "negative" if min(together, factor) < 0 else "positive"
        steps.append((signs, {"a": together, "b": factor, "ab": both}))
        together = both
    return tuple(steps)
