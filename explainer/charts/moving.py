"""The moving half of a picture: the tables that its constant spec names."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd


def table(**columns: np.ndarray | Sequence) -> pd.DataFrame:
    """Make a table; floats travel as float32, which is finer than any screen."""
    frame = pd.DataFrame(columns)
    return frame.astype(dict.fromkeys(frame.select_dtypes("float64").columns, "float32"))


def curves(x: np.ndarray, named: Mapping[str, np.ndarray], column: str = "value") -> pd.DataFrame:
    """Put named curves over one x below each other: columns x, ``column`` and line, the name."""
    return table(
        x=np.tile(x, len(named)),
        **{column: np.concatenate(list(named.values()))},
        line=np.repeat(list(named), len(x)),
    )


def recorded(x: np.ndarray, named: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Put named recordings (n_frames, n_points) below each other, one column a frame: f0, f1 …"""
    frames = np.concatenate([record.T for record in named.values()])
    columns = {f"f{i}": frames[:, i] for i in range(frames.shape[1])}
    return table(x=np.tile(x, len(named)), line=np.repeat(list(named), len(x)), **columns)
