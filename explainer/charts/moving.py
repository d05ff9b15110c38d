"""The moving half of a picture: the tables that its constant spec names."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

_WIDE = 8  # columns of floats: more of them are made as one block


def table(**columns: np.ndarray | Sequence) -> pd.DataFrame:
    """Make a table; floats travel as float32, which is finer than any screen."""
    # Before the table is made: pandas takes ten times as long to change the types of its columns, and three
    # times as long to take in sixty frames one by one.
    arrays = {name: np.asarray(column) for name, column in columns.items()}
    arrays = {name: a.astype("float32") if a.dtype == "float64" else a for name, a in arrays.items()}
    floats = {name: a for name, a in arrays.items() if a.dtype == "float32"}
    if len(floats) <= _WIDE:
        return pd.DataFrame(arrays, copy=False)
    frame = pd.DataFrame(np.stack(list(floats.values()), 1), columns=list(floats), copy=False)
    for place, (name, column) in enumerate(arrays.items()):
        if name not in floats:
            frame.insert(place, name, column)
    return frame


def curves(x: np.ndarray, values: Sequence[np.ndarray], names: Sequence[str]) -> pd.DataFrame:
    """Put named curves (n_points,) over one x below each other.

    The columns are x, value, line (the name of the curve) and curve (its number).
    """
    n_points, n_curves = len(x), len(values)
    return table(
        x=np.tile(x, n_curves),
        value=np.concatenate(list(values)),
        line=np.repeat(list(names), n_points),
        curve=np.repeat(np.arange(n_curves), n_points),
    )


def recorded(x: np.ndarray, records: Sequence[np.ndarray], names: Sequence[str]) -> pd.DataFrame:
    """Put named recordings (n_frames, n_points) below each other, one column a frame."""
    frames = np.concatenate([record.T for record in records])
    columns = {f"f{i}": frames[:, i] for i in range(frames.shape[1])}
    return table(x=np.tile(x, len(names)), line=np.repeat(list(names), len(x)), **columns)
