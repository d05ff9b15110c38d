"""Matrices and surfaces as small images.

A matrix has a tile an entry: blue for positive, nothing for zero, orange for negative. What has no colour is
transparent, so that it serves light and dark pages.
"""

from collections.abc import Sequence

import numpy as np

from explainer.charts import images
from explainer.charts.images import channels
from explainer.charts.palette import CLASSES, NEGATIVE, POSITIVE

_SCALE = 12  # pixels an entry, so that the browser's smoothing does not blur the edges
_LARGEST = 2.5  # |entry| of full colour
_GRID = (150, 150, 150, 255)  # shows where entries without a colour end


def png(matrix: np.ndarray) -> str:
    """Return a matrix (n_rows, n_columns) as the data URI of a PNG."""
    value = np.clip(matrix / _LARGEST, -1, 1)[..., None]
    color = np.where(value > 0, channels(POSITIVE), channels(NEGATIVE))
    pixels = np.concatenate([color, 255 * np.abs(value)], 2).round().astype(np.uint8)
    pixels = pixels.repeat(_SCALE, 0).repeat(_SCALE, 1)
    pixels[::_SCALE] = pixels[:, ::_SCALE] = pixels[-1] = pixels[:, -1] = _GRID
    return images.png(pixels)


def surface(values: np.ndarray) -> str:
    """Return signed values (n_rows, n_columns), cut off at -1 and 1, as the data URI of a PNG.

    Orange is towards 1 and blue towards -1, the colours of the classes 1 and 0; zero is transparent.
    """
    value = np.clip(values, -1, 1)[..., None]
    pixels = np.where(value > 0, channels(CLASSES[1]), channels(CLASSES[0]))
    pixels = np.concatenate([pixels, 150 * np.abs(value)], 2).round().astype(np.uint8)
    return images.png(pixels)


def strip(matrices: Sequence[np.ndarray], names: Sequence[str]) -> dict[str, list]:
    """Lay matrices side by side, one a unit of x, between 0 and 1 of y.

    Returns columns x, x2, y, y2, left, middle, url, name. A tile's sides are proportional to its rows
    and columns, relative to the largest of all.
    """
    largest = max(max(matrix.shape) for matrix in matrices)
    rows = []
    for place, (matrix, name) in enumerate(zip(matrices, names, strict=True)):
        height, width = (0.8 * side / largest for side in matrix.shape)
        rows.append(
            {
                "x": place + 0.5 - width / 2,
                "x2": place + 0.5 + width / 2,
                "y": 0.5 - height / 2,
                "y2": 0.5 + height / 2,
                "left": place,
                "middle": place + 0.5,
                "url": png(matrix),
                "name": name,
            }
        )
    return {key: [row[key] for row in rows] for key in rows[0]}
