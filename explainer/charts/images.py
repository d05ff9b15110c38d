"""Arrays as images: what a picture shows that has too many places for marks of its own."""

import base64
import io

import numpy as np
from PIL import Image


def channels(color: str) -> np.ndarray:
    """Return red, green and blue (3,) of a colour, from 0 to 255."""
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], float)


def png(pixels: np.ndarray, palette: bytes = b"", opacity: bytes = b"", *, compress_level: int = 1) -> str:
    """Return the data URI of a PNG: pixels (n_rows, n_columns, 4) uint8, or (n_rows, n_columns) of a palette.

    ``palette`` holds red, green and blue of every colour, ``opacity`` a byte a colour.
    """
    image, options = Image.fromarray(pixels), {}
    if palette:
        image.putpalette(palette)
        options["transparency"] = opacity
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=compress_level, **options)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
