"""A retina of 20 x 20 photocells, as the Mark I perceptron of 1960 had, and shapes to show to it."""

import numpy as np

SIDE = 20


def _figures() -> dict[str, np.ndarray]:
    """Draw the shapes, about 10 x 10 cells in the middle of the retina, each with 25 to 45 cells lit."""
    row, column = np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2
    box = np.maximum(abs(row), abs(column)) < 5
    radius = np.hypot(row, column)
    return {
        "shape_square": box & (np.maximum(abs(row), abs(column)) > 4),
        "shape_circle": (radius > 3.6) & (radius < 5.3),
        "shape_cross": box & ((abs(row) < 1) | (abs(column) < 1)),
        "shape_triangle": box & ((abs(abs(column) - (row + 5) / 2) < 0.75) | (row > 4)),
        "shape_t": box & ((row < -3) | (abs(column) < 1)),
    }


FIGURES: dict[str, np.ndarray] = _figures()


def show(figure: np.ndarray, n: int, *, shift: int, noise: float, seed: int) -> np.ndarray:
    """Show a figure (20, 20) ``n`` times, moved by up to ``shift`` cells either way, with noise.

    Every cell is flipped with the probability ``noise``. The result is (n, 400), 0 and 1.
    """
    random = np.random.default_rng(seed)
    moves = random.integers(-shift, shift + 1, (n, 2))
    pictures = np.stack([np.roll(figure, move, (0, 1)) for move in moves]).reshape(n, -1)
    return (pictures ^ (random.random(pictures.shape) < noise)).astype(float)
