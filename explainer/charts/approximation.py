"""The pictures of the page "Universal approximation": one curve on [0, 1] and what comes close to it."""

from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.lines import THICK, Line, axis_x, axis_y, styles
from explainer.charts.moving import curves, table
from explainer.charts.palette import CLASSES, DASHDOTTED, DASHED, ERROR, GREY, MODEL
from explainer.texts import Texts

_SHADES = CLASSES[1:]  # blue is the network itself
VIEW_Y = (-0.2, 1.2)
_FAR_VIEW, _FAR_TICKS = (-0.5, 1.5), (-0.5, 0, 0.5, 1)
_FAR = 10.0  # a diverged curve is drawn as far out as this, which is out of sight


def _looks(t: Texts, *names: str) -> list[Line]:
    looks = {
        "target_curve": Line(t.say("target_curve"), GREY, DASHED),
        "constructed": Line(t.say("constructed"), CLASSES[1], DASHDOTTED, thick=True),
        "trained": Line(t.say("trained"), MODEL, thick=True),
        "bumps_sum": Line(t.say("bumps_sum"), CLASSES[1], thick=True),
        "staircase": Line(t.say("staircase"), MODEL, thick=True),
    }
    return [looks[name] for name in names]


def _near(values: np.ndarray) -> np.ndarray:
    return np.clip(values, -_FAR, _FAR)


def _x(
    domain: tuple[float, float] = (0, 1),
    values: tuple[float, ...] = (0, 0.2, 0.4, 0.6, 0.8),
    field: str = "x",
) -> alt.X:
    x = axis_x(domain=domain, values=values)
    x["shorthand"] = f"{field}:Q"
    return x


def _y(domain: tuple[float, float] = VIEW_Y) -> alt.Y:
    return axis_y(domain, values=(-0.5, 0, 0.5, 1))


def _curves(looks: list[Line], x: alt.X, y: alt.Y) -> alt.Chart:
    return (
        alt.Chart(alt.NamedData("lines"))
        .mark_line(clip=True)
        .encode(x=x, y=y, detail="curve:N", **styles(looks))
    )


@cache
def two_nets(t: Texts) -> dict:
    """Draw the target, the network built by hand and the trained one."""
    looks = _looks(t, "target_curve", "constructed", "trained")
    return _curves(looks, _x(), _y()).properties(name="two_nets").to_dict()


def two_nets_data(
    t: Texts, x: np.ndarray, curve: np.ndarray, constructed: np.ndarray, trained: np.ndarray
) -> dict[str, pa.Table]:
    """Fill ``lines`` with three curves (n_points,)."""
    names = [look.name for look in _looks(t, "target_curve", "constructed", "trained")]
    return {"lines": curves(x, [curve, constructed, _near(trained)], names)}


@cache
def how_it_is_made(t: Texts) -> dict:
    """Draw the windows of failure, what each neuron brings, their sum, and the target behind."""
    x, y = _x(), _y((-0.8, 1.2))
    windows = (
        alt.Chart(alt.NamedData("windows"))
        .mark_rect(color=ERROR, opacity=0.18)
        .encode(x=_x(field="low"), x2="high:Q")
    )
    terms = (
        alt.Chart(alt.NamedData("terms"))
        .mark_line(clip=True)
        .encode(
            x=x,
            y=y,
            detail="neuron:N",
            stroke=alt.Stroke("shade:N", scale=None),
            strokeWidth=alt.when("datum.picked").then(alt.value(THICK)).otherwise(alt.value(1.5)),
        )
    )
    whole = _curves(_looks(t, "target_curve", "staircase"), x, y)
    return alt.layer(windows, terms, whole, name="how_it_is_made").to_dict()


def how_it_is_made_data(
    t: Texts,
    x: np.ndarray,
    lines: tuple[np.ndarray, np.ndarray],
    terms: np.ndarray,
    windows: np.ndarray,
    picked: int,
) -> dict[str, pa.Table]:
    """Fill ``lines`` with target and sum, ``terms`` (n_neurons, n_points), and ``windows`` (n_neurons, 2).

    ``picked`` is the number of the neuron that stands out, counted from 1.
    """
    n_neurons, n_points = terms.shape
    number = np.repeat(np.arange(1, n_neurons + 1), n_points)
    names = [look.name for look in _looks(t, "target_curve", "staircase")]
    return {
        "lines": curves(x, lines, names),
        "terms": table(
            x=np.tile(x, n_neurons),
            value=terms.ravel(),
            neuron=number,
            shade=np.array(_SHADES)[(number - 1) % len(_SHADES)],
            picked=number == picked,
        ),
        "windows": table(low=windows[:, 0], high=windows[:, 1]),
    }


@cache
def errors(t: Texts) -> dict:
    """Draw the errors against the width, both logarithmic: a line by hand, the trained ones as a band."""
    across = {
        "scale": alt.Scale(type="log", domain=[1, 100], nice=False),
        "axis": alt.Axis(title="N", values=[1, 3, 10, 30, 100], titleAnchor="end"),
    }
    upwards = {
        "scale": alt.Scale(type="log", domain=[1e-6, 1], clamp=True, nice=False),
        "axis": alt.Axis(
            title=t.say("mean_error"),
            values=[1e-6, 1e-4, 1e-2, 1],
            format="~g",
            titleAngle=0,
            titleAlign="left",
            titleBaseline="top",
            titleX=6,
            titleY=4,
        ),
    }
    x, base = alt.X("width:Q", **across), alt.Chart(alt.NamedData("errors"))
    band = base.mark_area(color=MODEL, opacity=0.25).encode(x=x, y=alt.Y("low:Q", **upwards), y2="high:Q")
    looks = _looks(t, "constructed", "trained")
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_line(point=True)
        .encode(x=alt.X("x:Q", **across), y=alt.Y("value:Q", **upwards), **styles(looks))
    )
    now = alt.Chart(alt.NamedData("now")).mark_rule(color=GREY, strokeWidth=2).encode(x=x)
    return alt.layer(band, lines, now, name="errors").to_dict()


def errors_data(
    t: Texts, widths: np.ndarray, constructed: np.ndarray, trained: np.ndarray, marked: int
) -> dict[str, pa.Table]:
    """Fill ``lines`` with errors by hand (n_widths,) and medians, ``errors`` with the spread.

    The errors of the trained networks are (n_widths, n_seeds); ``marked`` is the width of the cursor.
    """
    names = [look.name for look in _looks(t, "constructed", "trained")]
    return {
        "errors": table(width=widths, low=trained.min(1), high=trained.max(1)),
        "lines": curves(widths, [constructed, np.median(trained, 1)], names),
        "now": table(width=[marked]),
    }


@cache
def limits(t: Texts) -> dict:
    """Draw the target and the trained network on twice the interval that it learned from."""
    x, y = _x(_FAR_VIEW, _FAR_TICKS), _y((-0.7, 1.7))
    interval = (
        alt.Chart(alt.NamedData("interval"))
        .mark_rect(color=GREY, opacity=0.15)
        .encode(x=_x(_FAR_VIEW, _FAR_TICKS, "low"), x2="high:Q")
    )
    lines = _curves(_looks(t, "target_curve", "trained"), x, y)
    return alt.layer(interval, lines, name="limits").to_dict()


def limits_data(t: Texts, x: np.ndarray, curve: np.ndarray, output: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``lines`` with two curves (n_points,)."""
    names = [look.name for look in _looks(t, "target_curve", "trained")]
    return {"lines": curves(x, [curve, _near(output)], names), "interval": table(low=[0.0], high=[1.0])}


@cache
def challenge(t: Texts) -> dict:
    """Draw the target and the sum of five bumps."""
    return _curves(_looks(t, "target_curve", "bumps_sum"), _x(), _y()).properties(name="challenge").to_dict()


def challenge_data(t: Texts, x: np.ndarray, curve: np.ndarray, output: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``lines`` with two curves (n_points,)."""
    names = [look.name for look in _looks(t, "target_curve", "bumps_sum")]
    return {"lines": curves(x, [curve, output], names)}
