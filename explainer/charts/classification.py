"""The pictures of the page "Classification": the ladder, the price, a stalled neuron, the bill."""

from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.lines import NARROW, THICK, Line, axis_x, axis_y, styles
from explainer.charts.moving import curves, table
from explainer.charts.palette import CLASSES, DASHED, DOTTED, ERROR, GREY, MODEL, SHAPES
from explainer.texts import Texts

LAST_FRAME = 59
LADDER_Y, SIGMA_Y = (-0.6, 1.6), (-0.15, 1.15)
_OUT_OF_VIEW = -99.0


def class_marks() -> dict[str, object]:
    """Encode the class, a field ``kind`` of "0" and "1", by colour and shape."""
    kinds = ["0", "1"]
    return {
        "fill": alt.Fill("kind:N", scale=alt.Scale(domain=kinds, range=CLASSES[:2]), legend=None),
        "shape": alt.Shape("kind:N", scale=alt.Scale(domain=kinds, range=SHAPES[:2]), legend=None),
    }


def kinds(y: np.ndarray) -> np.ndarray:
    """Name the classes y (n,) of 0 and 1 for `class_marks`."""
    return np.where(np.asarray(y) > 0.5, "1", "0")


def frame() -> alt.Parameter:
    """Make the parameter that the play bar moves."""
    bound = alt.binding_range(min=0, max=LAST_FRAME, step=1, name="frame")
    return alt.param(name="frame", value=LAST_FRAME, bind=bound)


def _chart(name: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name))


# -- the ladder ------------------------------------------------------------------------------------


def _rungs(t: Texts) -> list[Line]:
    return [
        Line(t.say("least_squares_line"), GREY, DASHED),
        Line(t.say("this_rung"), MODEL, thick=True),
    ]


@cache
def ladder(t: Texts) -> dict:
    """Draw the objects at 0 and 1, the line, the rung, its threshold, and where no probability can be."""
    x = axis_x(domain=(0, 10), values=(0, 2, 4, 6, 8))
    y = axis_y(LADDER_Y, "y", values=(0, 0.5, 1))
    y["axis"]["format"] = "~g"
    low = alt.Y("low:Q", scale=y["scale"], axis=y["axis"])
    across = _chart("gamma").mark_rule(color=GREY, strokeDash=DOTTED, strokeWidth=2, clip=True)
    down = _chart("crossing").mark_rule(color=GREY, strokeDash=DOTTED, strokeWidth=2, clip=True)
    points = _chart("points")
    return alt.layer(
        _chart("zones").mark_rect(color=ERROR, opacity=0.12).encode(y=low, y2="high:Q"),
        across.encode(y=y),
        down.encode(x=x),
        _chart("lines").mark_line(clip=True).encode(x=x, y=y, detail="curve:N", **styles(_rungs(t))),
        points.mark_point(filled=True, size=150, opacity=0.9, stroke="Canvas", strokeWidth=1).encode(
            x=x, y=y, **class_marks()
        ),
        points.transform_filter("datum.wrong")
        .mark_point(size=420, color=ERROR, strokeWidth=2.5, opacity=1)
        .encode(x=x, y=y),
        name="ladder",
    ).to_dict()


def ladder_data(
    t: Texts,
    x: np.ndarray,
    lines: tuple[np.ndarray, np.ndarray],
    objects: Sequence[tuple[float, float]],
    wrong: np.ndarray,
    threshold: tuple[float, float],
) -> dict[str, pa.Table]:
    """Fill ``lines`` with the line and the rung (n_points,), ``points`` with objects (x, y) and who is wrong.

    ``threshold`` is gamma and where the rung crosses it, NaN if it never does.
    """
    gamma, crossing = threshold
    at = np.array(objects)
    far = crossing if abs(crossing) < -_OUT_OF_VIEW else _OUT_OF_VIEW  # false for NaN, too
    return {
        "zones": table(low=[LADDER_Y[0], 1.0], high=[0.0, LADDER_Y[1]]),
        "gamma": table(value=[gamma]),
        "crossing": table(x=[far]),
        "lines": curves(x, [np.clip(line, -9, 9) for line in lines], [look.name for look in _rungs(t)]),
        "points": table(x=at[:, 0], value=at[:, 1], kind=kinds(at[:, 1]), wrong=wrong),
    }


# -- the price -------------------------------------------------------------------------------------


def _prices(t: Texts) -> list[Line]:
    return [
        Line("−ln p̂, y = 1", CLASSES[1], thick=True),
        Line("−ln(1 − p̂), y = 0", CLASSES[0], DASHED, thick=True),
        Line("(p̂ − y)²", GREY, DOTTED),
    ]


@cache
def price(t: Texts) -> dict:
    """Draw both prices over p̂, the square beside them, and the tangent at the p̂ chosen."""
    x = axis_x("p̂", domain=(0, 1), values=(0, 0.2, 0.4, 0.6, 0.8))
    y = axis_y((-0.4, 5), t.say("loss_axis"), values=(0, 1, 2, 3, 4))
    lines = _chart("lines").mark_line(clip=True)
    tangent = _chart("tangent").mark_rule(color=ERROR, strokeWidth=THICK, clip=True)
    now = _chart("now")
    return alt.layer(
        now.mark_rule(color=GREY, strokeWidth=1.5).encode(x=x),
        lines.encode(x=x, y=y, detail="curve:N", **styles(_prices(t), columns=NARROW)),
        tangent.encode(x=x, y=y, x2="x2:Q", y2="value2:Q"),
        now.mark_point(filled=True, size=200, opacity=1, color=ERROR).encode(x=x, y=y),
        name="price",
    ).to_dict()


def price_data(
    t: Texts, p: np.ndarray, values: Sequence[np.ndarray], now: tuple[float, float], tangent: np.ndarray
) -> dict[str, pa.Table]:
    """Fill ``lines`` with three curves (n_points,) over p, ``now`` with p̂ and its loss, and the tangent."""
    (x, x2), (y, y2) = tangent
    return {
        "lines": curves(p, values, [look.name for look in _prices(t)]),
        "now": table(x=[now[0]], value=[now[1]]),
        "tangent": table(x=[x], x2=[x2], value=[y], value2=[y2]),
    }


# -- a confident mistake ---------------------------------------------------------------------------


def _losses(t: Texts) -> list[Line]:
    return [
        Line(t.say("logloss_word"), MODEL, thick=True),
        Line(t.say("squared_error"), CLASSES[1], DASHED, thick=True),
    ]


def stalled_marks(t: Texts) -> list[dict[str, str]]:
    """Return label, colour and dash of the two losses, for the table of the play bar."""
    return [
        {"label": look.name, "color": look.color, "dash": "dashed" if list(look.dash) == DASHED else "solid"}
        for look in _losses(t)
    ]


@cache
def hills(t: Texts) -> dict:
    """Draw the two losses over t, each with a ball where the neuron stands at the frame of the play bar."""
    x = axis_x("t", domain=(-8, 8.6), values=(-8, -4, 0, 4))
    y = axis_y((-0.3, 8), t.say("loss_axis"), values=(0, 2, 4, 6))
    look = styles(_losses(t), legend=False)  # the table of the play bar is the legend
    balls = _chart("balls").transform_calculate(x="datum['x' + frame]", value="datum['f' + frame]")
    return (
        alt.layer(
            _chart("lines").mark_line(clip=True).encode(x=x, y=y, detail="curve:N", **look),
            balls.mark_point(
                filled=True, size=260, opacity=1, stroke="Canvas", strokeWidth=1.5, clip=True
            ).encode(x=x, y=y, color=look["color"]),
            name="hills",
        )
        .add_params(frame())
        .to_dict()
    )


def hills_data(t: Texts, x: np.ndarray, losses: np.ndarray, z: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``lines`` with losses (2, n_points) over x, ``balls`` with their places z (2, n_frames)."""
    names = [look.name for look in _losses(t)]
    heights = [np.interp(z[i], x, losses[i]) for i in range(2)]
    columns = {f"x{k}": z[:, k] for k in range(z.shape[1])}
    columns |= {f"f{k}": [height[k] for height in heights] for k in range(z.shape[1])}
    return {"lines": curves(x, losses, names), "balls": table(line=names, **columns)}


@cache
def beliefs(t: Texts) -> dict:
    """Draw p̂ step by step under both losses, with a cursor at the frame."""
    x = axis_x(t.say("lm_step"), domain=(0, LAST_FRAME), values=(0, 20, 40))
    y = axis_y((-0.05, 1.4), "p̂", values=(0, 0.5, 1))
    y["axis"]["format"] = "~g"
    look = styles(_losses(t), legend=False)
    base = _chart("steps")
    now = base.transform_filter("datum.x == frame")
    return (
        alt.layer(
            now.mark_rule(color=GREY).encode(x=x),
            base.mark_line(clip=True).encode(x=x, y=y, **look),
            now.mark_point(filled=True, size=160, opacity=1).encode(x=x, y=y, color=look["color"]),
            name="beliefs",
        )
        .add_params(frame())
        .to_dict()
    )


def beliefs_data(t: Texts, p: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``steps`` with p (2, n_frames) of both losses."""
    return {"steps": curves(np.arange(p.shape[1]), p, [look.name for look in _losses(t)])}


# -- the calculator --------------------------------------------------------------------------------

_COLUMNS = (0.13, 0.18, 0.37, 0.56, 0.79, 1.0)  # right edges: t, y, p̂, its loss, and two beside them
_ROWS = 7  # a heading, at most five objects, the mean


@cache
def calculator(t: Texts) -> dict:
    """Draw the sigmoid, the objects at their classes, and how far the sigmoid is from each."""
    x = axis_x("t", domain=(-12, 12), values=(-10, -5, 0, 5))
    y = axis_y(SIGMA_Y, values=(0, 0.5, 1))
    y["axis"]["title"], y["axis"]["format"] = None, "~g"
    objects = _chart("objects")
    return alt.layer(
        _chart("curve").mark_line(color=MODEL, strokeWidth=THICK).encode(x=x, y=y),
        objects.mark_rule(color=ERROR, strokeWidth=3).encode(x=x, y=y, y2="p:Q"),
        objects.mark_point(filled=True, size=190, opacity=1, stroke="Canvas", strokeWidth=1).encode(
            x=x, y=y, **class_marks()
        ),
        name="calculator",
    ).to_dict()


def calculator_data(
    curve: tuple[np.ndarray, np.ndarray], at: np.ndarray, y: np.ndarray, p: np.ndarray
) -> dict[str, pa.Table]:
    """Fill ``curve`` with t and sigma(t), ``objects`` with t, true class and p (n_objects,)."""
    return {
        "curve": table(x=curve[0], value=curve[1]),
        "objects": table(x=at, value=y, p=p, kind=kinds(y)),
    }


@cache
def bill(t: Texts) -> dict:
    """Write a table: what each object costs, and the mean."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[_ROWS, 0], nice=False), axis=None)
    return (
        alt.layer(
            _chart("rules").mark_rule(color=GREY).encode(x=x, x2="x2:Q", y=y),
            _chart("cells")
            .transform_filter("!datum.bold")
            .mark_text(align="right", baseline="middle", color=GREY)
            .encode(x=x, y=y, text="text:N"),
            _chart("cells")
            .transform_filter("datum.bold")
            .mark_text(align="right", baseline="middle", color=GREY, fontWeight="bold")
            .encode(x=x, y=y, text="text:N"),
            name="bill",
        )
        .configure_view(stroke=None)
        .to_dict()
    )


def bill_data(
    t: Texts,
    objects: tuple[np.ndarray, np.ndarray],
    exact: tuple[np.ndarray, np.ndarray],
    beside: tuple[np.ndarray | None, np.ndarray],
) -> dict[str, pa.Table]:
    """Fill ``cells`` with a row an object and the mean; headings and mean are bold.

    ``objects`` are t and y, ``exact`` p and the loss, ``beside`` what is compared with them: a p or nothing,
    and a loss, each (n_objects,).
    """
    (at, y), (p, loss), (other_p, other_loss) = objects, exact, beside
    cut = other_p is not None
    head = [t.say("cut_p") if cut else "", t.say("loss_axis" if cut else "no_brackets")]
    rows = [["t", "y", "p̂ = σ(t)", t.say("loss_axis"), *head]]
    for i in range(len(at)):
        rows.append(
            [
                t.say("one_decimal", value=float(at[i])),
                str(int(y[i])),
                t.say("five_decimals", value=float(p[i])),
                t.say("any_number", value=float(loss[i])),
                t.say("two_decimals", value=float(other_p[i])) if cut else "",
                t.say("any_number", value=float(other_loss[i])),
            ]
        )
    means = [t.say("any_number", value=float(np.mean(losses))) for losses in (loss, other_loss)]
    rows.append([t.say("mean_row"), "", "", means[0], "", means[1]])
    last = len(rows) - 1
    cells = [
        (column, i + 0.5, text, i in (0, last))
        for i, row in enumerate(rows)
        for column, text in zip(_COLUMNS, row, strict=True)
        if text
    ]
    x, v, texts, bold = map(list, zip(*cells, strict=True))
    return {
        "cells": table(x=x, y=v, text=texts, bold=bold),
        "rules": table(x=[0.0, 0.0], x2=[1.0, 1.0], y=[1.0, float(last)]),
    }
