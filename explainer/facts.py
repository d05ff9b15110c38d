"""Tables of checked facts from ``assets/data``, every row with its source."""

from functools import cache
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).parent.parent / "assets" / "data"


@cache
def load(name: str) -> pd.DataFrame:
    """Read a table; callers share it and must not change it.

    Every table has the columns ``source`` (where a row can be checked), ``licence`` (of the figures, where
    one applies) and ``verified``: "yes", "partly", or "no" for general knowledge that nobody has checked.
    """
    return pd.read_csv(FOLDER / f"{name}.csv", dtype={"licence": str}, keep_default_na=True)
