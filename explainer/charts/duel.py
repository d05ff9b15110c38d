"""A duel of two networks at one price: what the best of each side has learned, and all of their errors."""

from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.classes import pngs
from explainer.charts.lines import Line, axis_x, axis_y, styles
from explainer.charts.moving import curves, table
from explainer.charts.palette import CLASSES, DASHDOTTED, DASHED, GREY, MODEL, SHAPES
from explainer.texts import Texts

SIDES = ("wide", "deep")
VIEW = (-6, 6)
_LEAST = 1e-6  # smaller errors are drawn there
_TENS = "datum.value < 1e-5 ? '10⁻⁶' : datum.value < 1e-3 ? '10⁻⁴' : format(datum.value, '~g')"
_FAR = 10.0  # a curve is drawn as far out as this, which is out of sight


def _look(t: Texts, side: str) -> Line:
    """Return how a side looks: deep is blue, wide is orange."""
    if side == "deep":
        return Line(t.say("deep_net"), MODEL, thick=True)
    return Line(t.say("wide_net"), CLASSES[1], DASHDOTTED, thick=True)


def _named(picture: str, side: str) -> str:
    return picture if side == "deep" else f"{picture}_{side}"


@cache
def duel_fit(t: Texts, side: str = "deep") -> dict:
    """Draw a curve on [0, 1] and what the best network of a side has made of it."""
    looks = [Line(t.say("target_curve"), GREY, DASHED), Line(_look(t, side).name, _look(t, side).color)]
    x = axis_x(domain=(0, 1), values=(0, 0.5))
    y = axis_y((-0.2, 1.2), values=(0, 0.5, 1))
    lines = (
        alt.Chart(alt.NamedData("lines"), name=_named("duel_fit", side))
        .mark_line(clip=True)
        .encode(x=x, y=y, detail="curve:N", **styles(looks, thin=2, columns=1))
    )
    return lines.to_dict()


def duel_fit_data(
    t: Texts, x: np.ndarray, target: np.ndarray, output: np.ndarray, side: str = "deep"
) -> dict[str, pa.Table]:
    """Fill ``lines`` with the target and the output, both (n_points,)."""
    names = [t.say("target_curve"), _look(t, side).name]
    return {"lines": curves(x, [target, np.clip(output, -_FAR, _FAR)], names)}


@cache
def duel_plane(t: Texts, side: str = "deep") -> dict:
    """Draw the two classes and which of them the best network of a side expects where."""
    title = alt.Axis(title=_look(t, side).name, labels=False, ticks=False, domain=False, grid=False)
    x = alt.X("x:Q", scale=alt.Scale(domain=list(VIEW), nice=False), axis=title)
    y = alt.Y("y:Q", scale=alt.Scale(domain=list(VIEW), nice=False), axis=None)
    image = alt.Chart(alt.NamedData("image")).mark_image(aspect=False)
    points = alt.Chart(alt.NamedData("points")).mark_point(
        filled=True, size=45, opacity=1, stroke="Canvas", strokeWidth=0.8, clip=True
    )
    return alt.layer(
        image.encode(x=x, x2="x2:Q", y=y, y2="y2:Q", url="url:N"),
        points.encode(x=x, y=y, fill=alt.Fill("color:N", scale=None), shape=alt.Shape("shape:N", scale=None)),
        name=_named("duel_plane", side),
    ).to_dict()


def duel_plane_data(X: np.ndarray, y: np.ndarray, output: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``image`` from the output (n_rows, n_columns), ``points`` from X (n_samples, 2) and y, -1 or 1."""
    low, high = VIEW
    kind = (y > 0).astype(int)
    urls = pngs((output > 0).astype(int)[None], (1 + np.clip(np.abs(output), 0, 1))[None] / 2, 2)
    return {
        "image": table(x=[float(low)], x2=[float(high)], y=[float(high)], y2=[float(low)], url=urls),
        "points": table(x=X[:, 0], y=X[:, 1], color=np.array(CLASSES)[kind], shape=np.array(SHAPES)[kind]),
    }


def best(
    t: Texts, X: np.ndarray, y: np.ndarray, output: np.ndarray, side: str
) -> tuple[dict, dict[str, pa.Table]]:
    """Return the picture of the best network of a side, over a line or over the plane, and what fills it."""
    if X.shape[1] == 2:
        return duel_plane(t, side), duel_plane_data(X, y, output)
    return duel_fit(t, side), duel_fit_data(t, X[:, 0], y, output, side)


@cache
def duel_spread(t: Texts) -> dict:
    """Draw the errors of all networks of both sides on a logarithmic axis, and the medians."""
    names = [_look(t, side).name for side in SIDES]
    y = alt.Y(
        "error:Q",
        scale=alt.Scale(type="log", domain=[_LEAST, 1], clamp=True, nice=False),
        axis=alt.Axis(
            title=t.say("rms_error"),
            values=[1e-6, 1e-4, 1e-2, 1],
            labelExpr=_TENS,
            titleAngle=0,
            titleAlign="left",
            titleBaseline="bottom",
            titleX=0,
            titleY=-4,
        ),
    )
    x = alt.X("side:N", scale=alt.Scale(domain=names), axis=alt.Axis(title=None, labelAngle=0, ticks=False))
    look = alt.Scale(domain=names, range=[CLASSES[1], MODEL])
    shape = alt.Scale(domain=names, range=[SHAPES[1], SHAPES[0]])
    marks = alt.Chart(alt.NamedData("errors")).mark_point(filled=True, size=110, opacity=0.75)
    middle = alt.Chart(alt.NamedData("medians")).mark_tick(
        orient="horizontal", thickness=4, size=50, color=GREY, opacity=1
    )
    return alt.layer(
        middle.encode(x=x, y=y),
        marks.encode(
            x=x,
            y=y,
            color=alt.Color("side:N", scale=look, legend=None),
            shape=alt.Shape("side:N", scale=shape, legend=None),
        ),
        name="duel_spread",
    ).to_dict()


def duel_spread_data(t: Texts, wide: np.ndarray, deep: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``errors`` with those of all networks, (n_seeds,) a side, and ``medians``."""
    names, errors = [_look(t, side).name for side in SIDES], np.maximum([wide, deep], _LEAST)
    return {
        "errors": table(error=errors.ravel(), side=np.repeat(names, errors.shape[1])),
        "medians": table(error=np.median(errors, 1), side=names),
    }
