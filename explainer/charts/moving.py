"""The moving half of a picture: the tables that its constant spec names."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

DIGITS = np.array(list("0123456789abcdefghijklmnopqrstuvwxyz"))  # of base 36, in which numbers travel as text


def table(**columns: np.ndarray | Sequence) -> pa.Table:
    """Make a table; floats travel as float32, which is finer than any screen.

    Arrow's own tables, as they travel: a DataFrame in between takes eight times as long, a fifth of a page.
    """
    return pa.table({name: _column(values) for name, values in columns.items()})


def _column(values: np.ndarray | Sequence) -> np.ndarray | Sequence:
    array = np.asarray(values)
    return array.astype("float32") if array.dtype == "float64" else array if array.dtype != object else values


def curves(x: np.ndarray, values: Sequence[np.ndarray], names: Sequence[str], *, first: int = 0) -> pa.Table:
    """Put named curves (n_points,) over one x below each other.

    The columns are x, value, line (the name of the curve) and curve (its number, from ``first`` on).
    """
    n_points, n_curves = len(x), len(values)
    return table(
        x=np.tile(x, n_curves),
        value=np.concatenate(list(values)),
        line=np.repeat(list(names), n_points),
        curve=np.repeat(np.arange(first, first + n_curves), n_points),
    )


def recorded(x: np.ndarray, records: Sequence[np.ndarray], names: Sequence[str]) -> pa.Table:
    """Put named recordings (n_frames, n_points) below each other, one column a frame."""
    frames = np.concatenate([record.T for record in records])
    columns = {f"f{i}": frames[:, i] for i in range(frames.shape[1])}
    return table(x=np.tile(x, len(names)), line=np.repeat(list(names), len(x)), **columns)
