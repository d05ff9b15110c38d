"""Tables of checked facts from ``assets/data``, every row with its source."""

import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(__file__).parent.parent / "assets" / "data"


@cache
def load(name: str) -> pd.DataFrame:
    """Read a table; callers share it and must not change it.

    Every table has the columns ``source`` (where a row can be checked), ``licence`` (of the figures, where
    one applies) and ``verified``: "yes", "partly", or "no" for general knowledge that nobody has checked.
    """
    return pd.read_csv(FOLDER / f"{name}.csv", dtype={"licence": str}, keep_default_na=True)


@cache
def rows(name: str) -> list[dict]:
    """Return a table row by row, which takes long; callers share the rows and must not change them."""
    return load(name).to_dict("records")


@cache
def dates(name: str) -> np.ndarray:
    """Return when the rows of a table were, in years; without a month, in the middle of the year."""
    table = load(name)
    return (table["year"] + (table["month"] - 0.5).fillna(6.0) / 12).to_numpy()


def find(name: str, text: str) -> np.ndarray:
    """Tell of every row of a table, (n_rows,), whether each word of a text begins a word of the row.

    Sources and licences are not searched.
    """
    wanted = text.casefold().split()
    return np.array([all(f" {word}" in words for word in wanted) for words in _words(name)])


@cache
def _words(name: str) -> list[str]:
    """Return the words of every row in small letters, a blank before each."""
    table = load(name).drop(columns=["source", "licence", "verified"]).astype(object).fillna("").astype(str)
    return [" " + " ".join(re.findall(r"\w+", text.casefold())) for text in table.agg(" ".join, axis=1)]
