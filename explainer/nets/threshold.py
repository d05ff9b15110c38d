"""Threshold units: a weighted sum against a threshold (1943), and a rule that learns the weights (1958)."""

from collections.abc import Sequence

import numpy as np

INPUTS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)  # the four rows of a truth table
GATES: dict[str, tuple[int, int, int, int]] = {
    "gate_and": (0, 0, 0, 1),
    "gate_or": (0, 1, 1, 1),
    "gate_not": (1, 1, 0, 0),  # of the first input; the second one should not be heard
    "gate_xor": (0, 1, 1, 0),
}


def fires(X: np.ndarray, weight: np.ndarray, threshold: np.ndarray | float) -> np.ndarray:
    """Return 1 where a unit fires and 0 elsewhere, for X (n_samples, n_inputs) and weight (..., n_inputs).

        y = 1 if sum_i w_i x_i >= threshold else 0

    The result is (..., n_samples); ``threshold`` is a number or has the shape (...) of the units. Sums are
    compared after rounding to nine decimals, so that 0.1 + 0.2 reaches a threshold of 0.3.

    References
    ----------
    McCulloch, Pitts. A logical calculus of the ideas immanent in nervous activity, 1943. Their inhibition
    was absolute; negative weights are the later form of the same unit.
    """
    total = np.asarray(weight) @ X.T - np.asarray(threshold)[..., None]
    return (np.round(total, 9) >= 0).astype(int)


def count_positions(
    target: Sequence[int], weights: np.ndarray, thresholds: np.ndarray
) -> tuple[int, int, int]:
    """Try every pair of weights with every threshold and count the units that make the gate.

    Returns the number of units that are right in all four rows, the number of units tried, and the largest
    number of rows in which any of them is right.
    """
    a, b, threshold = (grid.ravel() for grid in np.meshgrid(weights, weights, thresholds))
    right = (fires(INPUTS, np.stack([a, b], 1), threshold) == np.asarray(target)).sum(1)
    return int((right == 4).sum()), len(right), int(right.max())


def learn(X: np.ndarray, y: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Let Rosenblatt's rule see samples one by one; return the parameters before and after every step.

        w <- w + (y - y_hat) x,  bias <- bias + (y - y_hat)

    X is (n_samples, n_inputs), y (n_samples,) of 0 and 1, ``order`` (n_steps,) the numbers of the samples.
    The result is (n_steps + 1, n_inputs + 1), the bias last; all begin at zero. A unit fires if its sum is
    above zero.

    References
    ----------
    Rosenblatt. Principles of Neurodynamics, 1962: the error-correction procedure.
    """
    samples = np.column_stack([X, np.ones(len(X))])
    path = np.zeros((len(order) + 1, samples.shape[1]))
    for step, i in enumerate(order):
        error = y[i] - float(samples[i] @ path[step] > 0)
        path[step + 1] = path[step] + error * samples[i]
    return path
