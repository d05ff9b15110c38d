"""Room for labels: marks on a line of time, each with its words beside it, and no words on other words.

Widths are in the size of the type, so that one layout serves a desk and a projector.
"""

from collections.abc import Iterable, Sequence

import numpy as np

MARK, BARE = 1.0, 0.62  # widths of a mark with a label, and of a bare one
GAP = 0.5  # between a mark and its label
ZOOMS = (1, 2, 4, 8)  # times enlarged


def place(
    x: np.ndarray, widths: np.ndarray, *, order: Sequence[int], n_rows: int, n_lanes: int, width: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give rows to labelled marks at x (n,), the first of ``order`` first: the topmost row that has room.

    The picture goes from 0 to 1 and is ``width`` wide; widths (n,) are those of the labels. A label stands
    at the right of its mark, or at the left where it has room there only. What has no room in the
    ``n_rows`` rows becomes a bare mark in one of the ``n_lanes`` below them, and gets its label as soon as
    the picture is enlarged enough. Returns row, left and zoom, each (n,); zoom is infinite where there is
    never room. Bare marks may touch each other where the lanes are full, but never a word.
    """
    n = len(x)
    row, left, zoom = np.zeros(n, int), np.zeros(n, bool), np.full(n, np.inf)
    rows: list[list[int]] = [[] for _ in range(n_rows + n_lanes)]

    def box(i: int, times: float) -> tuple[float, float]:
        """Return both ends of what is seen of an event in a picture that is enlarged."""
        at = x[i] * width * times
        if zoom[i] > times:
            return at - BARE / 2, at + BARE / 2
        label = widths[i] + GAP
        return at - MARK / 2 - label * left[i], at + MARK / 2 + label * ~left[i]

    def fits(i: int, times: float) -> bool:
        start, end = box(i, times)
        if zoom[i] <= times and (start < 0 or end > width * times):
            return False
        ends = (box(j, times) for j in rows[row[i]] if j != i)
        return all(end <= other_start or other_end <= start for other_start, other_end in ends)

    def stands(i: int, times: float, choices: Iterable[int]) -> bool:
        """Give the event the first of some rows in which it has room."""
        for left[i] in (False, True):
            for row[i] in choices:
                if fits(i, times):
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
    lanes = range(n_rows, n_rows + n_lanes)
    for i in sorted(bare, key=lambda i: x[i]):
        if not stands(i, 1, lanes):  # the lane whose last mark is farthest away
            row[i] = min(lanes, key=lambda lane: max((x[j] for j in rows[lane]), default=-1.0))
        rows[row[i]].append(i)
    for times in ZOOMS[1:]:
        for i in bare:
            if np.isinf(zoom[i]):
                zoom[i] = times
                zoom[i] = times if stands(i, times, [row[i]]) else np.inf
    return row, left, zoom
