"""The pictures of what doubles: a line through the logarithms, and where a guess goes."""

from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.lines import THICK
from explainer.charts.moving import table
from explainer.charts.palette import DASHED, GREY, MODEL
from explainer.charts.scatter import FALLING, RISING, Axis, both, names, points, tooltips, upwards
from explainer.charts.trends import axes_of, name_of, named_points, rows_of, variant
from explainer.texts import Texts

_GROWTH = {  # years, ticks, largest, linear step, least, logarithmic ticks
    "flop": ((1948, 2028), (1950, 1970, 1990, 2010), 6e26, 2e26, 1, (1, 1e10, 1e20, 1e30)),
    "model_size": (
        (2017.5, 2026.5),
        (2018, 2020, 2022, 2024),
        7e11,
        2e11,
        2e7,
        (1e8, 1e9, 1e10, 1e11, 1e12, 1e13),
    ),
    "tokens": ((2015, 2026.5), (2016, 2018, 2020, 2022, 2024), 5e13, 1e13, 2e7, (1e8, 1e10, 1e12, 1e14)),
    "gpu": ((2005, 2026.5), (2005, 2010, 2015, 2020, 2025), 200, 50, 0.2, (1, 10, 100, 1000)),
    "error_rate": ((2012, 2026.5), (2012, 2015, 2018, 2021, 2024), 50, 10, 1, (1, 3, 10, 30, 100)),
}
_OUTLOOK = {"flop": ((2010, 2027), (2010, 2015, 2020, 2025), 1e15, 1e30, (1e15, 1e20, 1e25, 1e30))}


def _what(t: Texts, quantity: str, some: object) -> list[str]:
    return [
        t.say(f"what_{quantity}", name=name_of(t, some, i), value=float(some.y[i]), year=int(some.x[i]))
        for i in range(len(some.x))
    ]


@cache
def doubling(t: Texts, quantity: str = "flop", scale: str = "axis_log") -> dict:
    """Draw a quantity over the years, the line fitted to its logarithms, and the 95 % band of the line."""
    axes = axes_of(_GROWTH[quantity], scale, t.say(f"title_{quantity}"))
    x, y = both(axes)
    fitted = alt.Chart(alt.NamedData("fitted"))
    band = fitted.mark_area(color=MODEL, opacity=0.25, clip=True).encode(
        x=x, y=upwards(axes[1], "low"), y2="high:Q"
    )
    line = fitted.mark_line(color=MODEL, strokeWidth=THICK, clip=True).encode(x=x, y=y)
    marks = (
        alt.Chart(alt.NamedData("points"))
        .mark_point(size=90, strokeWidth=2, stroke=GREY, fill=GREY, opacity=1, clip=True)
        .encode(
            x=x,
            y=y,
            fillOpacity=alt.when("datum.solid && datum.used").then(alt.value(0.9)).otherwise(alt.value(0)),
            strokeOpacity=alt.when("datum.used").then(alt.value(1)).otherwise(alt.value(0.5)),
            tooltip=tooltips(t),
        )
    )
    name = "doubling" if (quantity, scale) == ("flop", "axis_log") else variant("doubling", quantity, scale)
    return alt.layer(band, line, marks, names(x, y), name=name).to_dict()


def doubling_data(
    t: Texts, found: object, quantity: str = "flop", scale: str = "axis_log"
) -> dict[str, pa.Table]:
    """Fill ``points``, ``fitted`` and ``names``; without a fit its line lies out of sight."""
    some = found.points
    axes = axes_of(_GROWTH[quantity], scale, "")
    low, far = axes[1].domain[0], axes[1].domain[1] * 1e3
    floor = low / 1e3 if axes[1].log else -far
    hidden = np.full_like(found.x, floor)
    lines = (hidden,) * 3 if found.verdict == "few" else (found.line, found.low, found.high)
    y, below, above = (np.clip(values, floor, far) for values in lines)
    frame = rows_of(t, some, _what(t, quantity, some), [""] * len(some.x), used=found.used)
    return {
        "points": frame,
        "fitted": table(x=found.x, y=y, low=below, high=above),
        "names": named_points(t, some, axes, only=some.record & found.used),
    }


def _outlook_axes(t: Texts, quantity: str) -> tuple[Axis, Axis]:
    if quantity in _OUTLOOK:
        years, ticks, low, high, values = _OUTLOOK[quantity]
    else:
        years, ticks, high, _, low, values = _GROWTH[quantity]
        high = max(high, values[-1]) * (1 if quantity == "error_rate" else 100)
    return Axis(years, ticks), Axis((low, high), values, True, t.say(f"title_{quantity}"))


@cache
def outlook(t: Texts, quantity: str = "flop") -> dict:
    """Draw what was known, where the guess goes, and, once it is revealed, what came."""
    x, y = both(_outlook_axes(t, quantity), inside=True)
    line = (
        alt.Chart(alt.NamedData("guess"))
        .mark_line(color=MODEL, strokeWidth=THICK, strokeDash=DASHED, clip=True)
        .encode(x=x, y=y)
    )
    name = "outlook" if quantity == "flop" else variant("outlook", quantity)
    marks = points(x, y, [t.say("was_known"), t.say("came_later")], t)
    return alt.layer(line, marks, names(x, y), name=name).to_dict()


def outlook_data(
    t: Texts, found: object, quantity: str = "flop", revealed: bool = False
) -> dict[str, pa.Table]:
    """Fill ``points``, ``guess`` and ``names``; what came later is sent only when it is revealed."""
    parts = [(found.known, "was_known"), (found.later, "came_later")][: 2 if revealed else 1]
    frames = [rows_of(t, some, _what(t, quantity, some), [t.say(key)] * len(some.x)) for some, key in parts]
    axes = _outlook_axes(t, quantity)
    low, high = axes[1].domain
    shown = found.later if revealed and found.later.record.any() else found.known
    newest = np.arange(len(shown.x)) == np.flatnonzero(shown.record)[-1]
    sides = FALLING if quantity == "error_rate" else RISING
    line = np.clip(found.line, low / 1e3, high * 1e3)
    return {
        "points": pa.concat_tables(frames),
        "guess": table(x=found.x, y=line),
        "names": named_points(t, shown, axes, only=newest, sides=sides),
    }
