"""Room for labels: marks on a line of time, each with its words beside it, and no words on other words.

Widths are in the size of the type, so that one layout serves a desk and a projector.
"""

from collections.abc import Iterable, Sequence

import numpy as np

MARK, GAP = 1.0, 0.5  # widths of a mark, and of the space between a label and its mark
ZOOMS = (1, 2, 4, 8)  # times enlarged


def place(
    x: np.ndarray, widths: np.ndarray, *, order: Sequence[int], n_rows: int, width: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give rows to labelled marks at x (n,), the first of ``order`` first: the topmost row that has room.

    The picture goes from 0 to 1 and is ``width`` wide; widths (n,) are those of the labels. A label stands
    at the right of its mark, or at the left where it has room there only. What has no room gets a row for
    its bare mark, and a label as soon as the picture is enlarged enough. Returns row, left and zoom, each
    (n,); zoom is infinite where there is never room.
    """
    n = len(x)
    row, left, zoom = np.zeros(n, int), np.zeros(n, bool), np.full(n, np.inf)
    rows: list[list[int]] = [[] for _ in range(n_rows)]

    def box(i: int, times: float) -> tuple[float, float]:
        """Return both ends of what is seen of an event in a picture that is enlarged."""
        at, label = x[i] * width * times, widths[i] + GAP if zoom[i] <= times else 0.0
        return at - MARK / 2 - label * left[i], at + MARK / 2 + label * ~left[i]

    def fits(i: int, others: list[int], times: float) -> bool:
        start, end = box(i, times)
        if zoom[i] <= times and (start < 0 or end > width * times):
            return False
        ends = (box(j, times) for j in others if j != i)
        return all(end <= other_start or other_end <= start for other_start, other_end in ends)

    def stands(i: int, times: float, choices: Iterable[int]) -> bool:
        """Give the event the first of some rows in which it has room."""
        for left[i] in (False, True):
            for row[i] in choices:
                if fits(i, rows[row[i]], times):
                    return True
        return False

    bare = []
    for i in order:
        zoom[i] = 1
        if stands(i, 1, range(n_rows)):
            rows[row[i]].append(i)
        else:
            zoom[i] = np.inf
            bare.append(i)
    for i in bare:
        # Where no mark has room it stands in the row in which the least enlargement parts it from the others.
        any(stands(i, times, range(n_rows - 1, -1, -1)) for times in (*ZOOMS, 2 * ZOOMS[-1], np.inf))
        rows[row[i]].append(i)
    for times in ZOOMS[1:]:
        for i in bare:
            if np.isinf(zoom[i]):
                zoom[i] = times
                zoom[i] = times if stands(i, times, [row[i]]) else np.inf
    return row, left, zoom
