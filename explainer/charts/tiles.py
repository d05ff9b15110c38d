"""Matrices as small images: one pixel an entry, blue for positive, white for zero, orange for negative."""

import base64
import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

from explainer.charts.palette import NEGATIVE, POSITIVE

_SCALE = 12  # pixels an entry, so that the browser's smoothing does not blur the edges
_LARGEST = 2.5  # |entry| of full colour


def _rgb(color: str) -> np.ndarray:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], float)


def png(matrix: np.ndarray) -> str:
    """Return a matrix (n_rows, n_columns) as the data URI of a PNG."""
    value = np.clip(matrix / _LARGEST, -1, 1)[..., None]
    color = np.where(value > 0, _rgb(POSITIVE), _rgb(NEGATIVE))
    pixels = (255 + np.abs(value) * (color - 255)).round().astype(np.uint8)
    pixels = pixels.repeat(_SCALE, 0).repeat(_SCALE, 1)
    pixels[::_SCALE] = pixels[:, ::_SCALE] = pixels[-1] = pixels[:, -1] = (
        150  # a grid: white entries are seen too
    )
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def strip(matrices: Sequence[np.ndarray], names: Sequence[str], slots: int) -> dict[str, list]:
    """Lay matrices side by side into ``slots`` places, the last one at the right end.

    Returns columns x, x2, y, y2, middle, url, name. A tile's sides are proportional to its rows and
    columns, relative to the largest of all.
    """
    largest = max(max(matrix.shape) for matrix in matrices)
    places = [*range(len(matrices) - 1), slots - 1]
    table: dict[str, list] = {key: [] for key in ("x", "x2", "y", "y2", "middle", "url", "name")}
    for matrix, name, place in zip(matrices, names, places, strict=True):
        height, width = (0.86 * side / largest for side in matrix.shape)
        table["x"].append(place + 0.5 - width / 2)
        table["x2"].append(place + 0.5 + width / 2)
        table["y"].append(0.5 - height / 2)
        table["y2"].append(0.5 + height / 2)
        table["middle"].append(place + 0.5)
        table["url"].append(png(matrix))
        table["name"].append(name)
    return table
