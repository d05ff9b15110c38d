"""A board: rows of bars with their numbers, in columns side by side, so that one stage follows another.

Across a board goes from 0 to 100, upwards from 0 to 1, whatever it holds; its spec is constant.
"""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.moving import table
from explainer.charts.palette import CLASSES, GREY

COLORS = (*CLASSES, GREY)  # of the rows
INK = "CanvasText"  # the system colour of text follows the light or dark page
_HEAD, _FOOT = 0.87, 0.13  # where the rows begin and end
_HIGHEST = 0.24  # of a row


class Board:
    """What stands on a board of ``n_rows`` rows: fill it, then take its `frames`."""

    def __init__(self, n_rows: int) -> None:
        self.n_rows = n_rows
        self._height = min(_HIGHEST, (_HEAD - _FOOT) / n_rows)
        self._bars: list[tuple] = []
        self._texts: dict[str, list[tuple]] = {"numbers": [], "notes": []}
        self._tips: list[tuple] = []

    def _top(self, row: int) -> float:
        return _HEAD - row * self._height

    def mark(self, row: int) -> None:
        """Lay a grey band behind a row."""
        self._bars.append((0, 100, self._top(row), self._top(row) - self._height, GREY, 0.18))

    def bar(self, row: int, start: float, end: float, color: str) -> None:
        """Draw a bar from ``start`` to ``end`` in the lower part of a row."""
        top = self._top(row)
        self._bars.append((start, end, top - 0.62 * self._height, top - 0.9 * self._height, color, 1.0))

    def arrow(self, row: int, start: float, end: float, color: str) -> None:
        """Draw a bar with a tip at its end; one that is too short to see has none."""
        self.bar(row, start, end, color)
        if abs(end - start) > 0.3:
            shape = "triangle-right" if end > start else "triangle-left"
            self._tips.append((end, self._top(row) - 0.76 * self._height, shape, color))

    def text(self, row: int, x: float, text: str, *, color: str = INK, note: bool = False) -> None:
        """Write into the upper part of a row; a note is smaller talk, in grey and not bold."""
        self._write(x, self._top(row) - 0.34 * self._height, text, GREY if note else color, note)

    def head(self, x: float, text: str) -> None:
        """Write above the rows."""
        self._write(x, (_HEAD + 1) / 2, text, GREY, False)

    def foot(self, x: float, text: str, *, color: str = GREY) -> None:
        """Write below the rows: in the same place however many there are."""
        self._write(x, _FOOT / 2, text, color, False)

    def _write(self, x: float, y: float, text: str, color: str, note: bool) -> None:
        self._texts["notes" if note else "numbers"].append((x, y, text, color))

    def frames(self) -> dict[str, pa.Table]:
        """Return the tables of the board's picture; the last one holds the tips of arrows, if it has any."""
        filled = {"bars": _columns(self._bars, ("x", "x2", "y", "y2", "color", "opacity"))}
        for name, rows in self._texts.items():
            if rows:
                filled[name] = _columns(rows, ("x", "y", "text", "color"))
        return filled | ({"tips": _columns(self._tips, ("x", "y", "shape", "color"))} if self._tips else {})


def _columns(rows: Sequence[tuple], names: Sequence[str]) -> pa.Table:
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    numbers = ("x", "x2", "y", "y2", "opacity")
    return table(**{k: np.array(v, float) if k in numbers else list(v) for k, v in columns.items()})


def spec(name: str, *, notes: bool = False, tips: bool = False) -> dict:
    """Draw a board from the data sets ``bars`` and ``numbers``, ``notes`` and ``tips`` if it has such."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 100], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    color = alt.Color("color:N", scale=None)
    bars = (
        alt.Chart(alt.NamedData("bars"))
        .mark_rect()
        .encode(x=x, y=y, x2="x2:Q", y2="y2:Q", color=color, opacity=alt.Opacity("opacity:Q", scale=None))
    )
    parts = [bars]
    if tips:
        points = alt.Chart(alt.NamedData("tips")).mark_point(filled=True, size=260, opacity=1)
        parts.append(points.encode(x=x, y=y, color=color, shape=alt.Shape("shape:N", scale=None)))
    for data in ("numbers", "notes")[: 1 + notes]:
        texts = alt.Chart(alt.NamedData(data)).mark_text(
            align="left", baseline="middle", fontWeight="normal" if data == "notes" else "bold"
        )
        parts.append(texts.encode(x=x, y=y, color=color, text="text:N"))
    return alt.layer(*parts, name=name).configure_view(stroke=None).to_dict()
