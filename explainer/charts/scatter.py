"""Points over years or operations: solid where a figure was checked, hollow where it is an estimate."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np

from explainer.charts.palette import CLASSES, GREY, SHAPES
from explainer.texts import Texts

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
ROOM = (740, 220)  # px of the plot on a projector, for which names are placed
_CHARACTER, _LINE = 12.5, 27  # px of a character and a line there
# Where names stand first beside points that rise from the lower left or fall from the upper left.
RISING = [(True, -18), (True, 0), (False, 18), (False, 0)]
FALLING = [(False, -18), (True, 18), (True, 0)]
_WIDE = "width > 470 ? 1 : 0"  # a phone has no room for names; a laptop with the menu beside it has


@dataclass(frozen=True)
class Axis:
    """An axis that does not move with the data: domain, ticks, whether it is logarithmic, and its title."""

    domain: tuple[float, float]
    ticks: tuple[float, ...]
    log: bool = False
    title: str = ""

    def share(self, values: np.ndarray) -> np.ndarray:
        """Return where the values lie between the ends of the axis, from 0 to 1."""
        (low, high), values = self.domain, np.asarray(values, dtype=float)
        if self.log:
            low, high, values = np.log(low), np.log(high), np.log(values)
        return (values - low) / (high - low)


def tick(value: float, power_from: float = 1e5) -> str:
    """Write the number of a tick: 0.1, 50, 10²⁰, 5·10¹¹."""
    if value == 0 or 1e-3 <= abs(value) < power_from:
        return f"{value:g}"
    mantissa, power = f"{value:.1e}".split("e")
    power = "10" + str(int(power)).translate(_SUPERSCRIPT)
    return power if float(mantissa) == 1 else f"{float(mantissa):g}·{power}"


def _scale(axis: Axis) -> alt.Scale:
    kind = {"type": "log"} if axis.log else {"zero": False}
    return alt.Scale(domain=list(axis.domain), nice=False, **kind)


def _words(axis: Axis) -> str:
    """Return the expression that writes the ticks of an axis; among large powers 10000 is one as well."""
    written = [tick(v, 1e5 if max(axis.ticks) < 1e5 else 1e4) for v in axis.ticks]
    return f"{written}[indexof({[float(v) for v in axis.ticks]}, datum.value)]"


def across(axis: Axis, field: str = "x") -> alt.X:
    """Return the horizontal axis; its title stands at the end of the tick labels."""
    shown = alt.Axis(
        title=axis.title or None,
        values=list(axis.ticks),
        labelExpr=_words(axis),
        titleAnchor="end",
        titleAlign="right",
        labelFlush=False,
        grid=False,
    )
    return alt.X(f"{field}:Q", scale=_scale(axis), axis=shown)


def upwards(axis: Axis, field: str = "y", *, inside: bool = False) -> alt.Y:
    """Return the vertical axis; its title stands above the plot, or in its corner where a legend is above."""
    shown = alt.Axis(
        title=axis.title,
        values=list(axis.ticks),
        labelExpr=_words(axis),
        titleAngle=0,
        titleAlign="left",
        titleBaseline="top" if inside else "bottom",
        titleX=8 if inside else 0,
        titleY=2 if inside else -8,
        gridOpacity=0.5,
    )
    return alt.Y(f"{field}:Q", scale=_scale(axis), axis=shown)


def both(axes: tuple[Axis, Axis], *, inside: bool = False) -> tuple[alt.X, alt.Y]:
    """Return the axes of a picture."""
    return across(axes[0]), upwards(axes[1], inside=inside)


def tooltips(t: Texts) -> list[alt.Tooltip]:
    """Return what is told about the point under the pointer: what it is, its source, how sure it is."""
    return [alt.Tooltip(f"{name}:N", title=t.say(f"point_{name}")) for name in ("what", "source", "standing")]


def points(x: alt.X, y: alt.Y, series: Sequence[str], t: Texts, *, legend: bool = True) -> alt.Chart:
    """Draw the data set ``points``: colour and shape tell the series, a solid mark is a checked figure."""
    names, colors, shapes = list(series), CLASSES[: len(series)], SHAPES[: len(series)]
    key = alt.Legend(title=None, orient="top", labelLimit=0, symbolSize=160) if legend else None
    color = alt.Scale(domain=names, range=list(colors))
    return (
        alt.Chart(alt.NamedData("points"))
        .mark_point(size=110, strokeWidth=2.5, opacity=1, clip=True)
        .encode(
            x=x,
            y=y,
            stroke=alt.Stroke("series:N", scale=color, legend=key),
            fill=alt.Fill("series:N", scale=color, legend=key),
            fillOpacity=alt.when("datum.solid").then(alt.value(0.85)).otherwise(alt.value(0)),
            shape=alt.Shape("series:N", scale=alt.Scale(domain=names, range=list(shapes)), legend=key),
            tooltip=tooltips(t),
        )
    )


def names(x: alt.X, y: alt.Y, data: str = "names") -> alt.Chart:
    """Write the data set ``names`` beside their points: a text, its side, and how far off it stands."""
    return (
        alt.Chart(alt.NamedData(data))
        .mark_text(
            color=GREY,
            align=alt.expr("datum.left ? 'right' : 'left'"),
            dx=alt.expr("datum.left ? -9 : 9"),
            dy=alt.expr("datum.dy"),
            opacity=alt.expr(_WIDE),
            baseline="middle",
        )
        .encode(x=x, y=y, text="text:N")
    )


def spread(
    x: np.ndarray,
    y: np.ndarray,
    texts: Sequence[str],
    *,
    order: Sequence[int],
    lines: Sequence[float] = (),
    sides: Sequence[tuple[bool, int]] = RISING,
    radius: float = 6,
) -> dict[str, list]:
    """Place names beside their points so that none lies on another, on a point or on a horizontal line.

    ``x`` and ``y`` (n,) are shares of the axes. ``order`` gives the rows by importance: a name that finds
    no room is left out. ``lines`` are heights to keep clear of, ``sides`` the places to try: left of the
    point or not, and px down; points are ``radius`` px large. Returns the columns row, left, dy.
    """
    width, height = ROOM
    points = np.stack([x, y], axis=1)
    points = points * (width, height)
    taken: list[tuple[float, float, float, float]] = []
    found: dict[str, list] = {"row": [], "left": [], "dy": []}
    for row in order:
        long = _CHARACTER * len(texts[row])
        for left, dy in sides:
            start = x[row] * width + (-9 - long if left else 9)
            middle = y[row] * height - dy
            box = (start, start + long, middle - _LINE / 2, middle + _LINE / 2)
            if box[0] < 2 or box[1] > width or box[2] < 0 or box[3] > height:
                continue
            if any(_meet(box, other) for other in taken) or any(
                box[2] - 2 < line * height < box[3] + 2 for line in lines
            ):
                continue
            away = np.delete(points, row, axis=0)
            inside = (away[:, 0] > box[0] - radius) & (away[:, 0] < box[1] + radius)
            if (inside & (away[:, 1] > box[2] - radius / 2) & (away[:, 1] < box[3] + radius / 2)).any():
                continue
            taken.append(box)
            for column, value in zip(found.values(), (row, left, float(dy)), strict=True):
                column.append(value)
            break
    return found


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[1] + 8 and b[0] < a[1] + 8 and a[2] < b[3] and b[2] < a[3]
