"""One point on its way through a network: what every neuron makes of it, layer by layer."""

from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.board import INK
from explainer.charts.moving import table
from explainer.charts.palette import CLASSES, GREY
from explainer.texts import Texts, fixed, number

_HEAD = 0.9  # where the columns begin
_HIGHEST = 0.15  # of a cell
_STRONGEST = 0.75
_MOST_WRITTEN = 9  # cells of a column that numbers fit into


@cache
def way(t: Texts) -> dict:
    """Draw a column of cells a layer: orange above zero, blue below, the fuller the farther from it."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    cells = alt.Chart(alt.NamedData("cells"))
    middle, centre = alt.X("middle:Q", axis=None), alt.Y("centre:Q", axis=None)
    words = alt.Chart(alt.NamedData("heads"))
    return (
        alt.layer(
            cells.mark_rect(stroke=GREY, strokeWidth=1).encode(
                x=x,
                x2="x2:Q",
                y=y,
                y2="y2:Q",
                fill=alt.Fill("color:N", scale=None),
                fillOpacity=alt.FillOpacity("strength:Q", scale=None),
            ),
            cells.mark_text(baseline="middle", color=INK, fontWeight="bold").encode(
                x=middle, y=centre, text="text:N"
            ),
            words.mark_text(baseline="middle", color=GREY, fontWeight="bold").encode(x=x, y=y, text="text:N"),
            name="way",
        )
        .configure_view(stroke=None)
        .to_dict()
    )


def way_data(t: Texts, names: Sequence[str], point: object) -> dict[str, pa.Table]:
    """Fill ``cells`` and ``heads`` from the trace of a point, whose features have these names."""
    columns = [point.inputs, *point.outputs]
    layers = [t.say("way_layer", n=i + 1) for i in range(len(columns) - 2)]
    heads = [t.say("way_input"), *layers, t.say("way_output")]
    n, width = len(columns), 1 / len(columns)
    rows = []
    for i, column in enumerate(columns):
        height = min(_HIGHEST, _HEAD / len(column))
        for k, value in enumerate(column.tolist()):
            name = f"{t.say(f'feature_{names[k]}')}: " if i == 0 else ""
            text = name + fixed(value) if len(column) <= _MOST_WRITTEN else ""
            top = _HEAD / 2 + height * (len(column) / 2 - k)
            rows.append((i * width, top, top - 0.9 * height, value, text))
    left, top, low, value, text = map(np.array, zip(*rows, strict=True))
    right = left + 0.86 * width
    return {
        "cells": table(
            x=left,
            x2=right,
            y=top,
            y2=low,
            middle=(left + right) / 2,
            centre=(top + low) / 2,
            color=np.where(value < 0, CLASSES[0], CLASSES[1]),
            strength=_STRONGEST * np.minimum(1, np.abs(value)),
            text=text,
        ),
        "heads": table(x=(np.arange(n) + 0.43) * width, y=np.full(n, 0.96), text=np.array(heads)),
    }


def formulas(t: Texts, point: object) -> list[str]:
    """Write the last layer and the loss with the numbers of the point."""
    z, y_hat, truth = point.sums[-1], point.outputs[-1], point.truth
    if len(z) == 1:
        said = {"z": float(z[0]), "y_hat": float(y_hat[0]), "b": float(point.biases[-1][0])}
        f = {"sigmoid": r"\sigma", "tanh": r"\tanh"}.get(point.output, "")
        lines = [t.say("way_last", dot=said["z"] - said["b"], f=f, **said)]
    else:
        scores = ", ".join(map(fixed, z.tolist()))
        f = r"\text{softmax}" if point.output == "softmax" else r"\tanh"
        lines = [t.say("way_scores", scores=scores, f=f)]
    if not np.isfinite(point.price):
        return lines
    if point.loss == "logloss":
        p = float(y_hat[0])
        said = {"y": float(truth), "not_y": 1.0 - truth, "p": p, "not_p": 1 - p}
        return [*lines, t.say("way_logloss", price=point.price, **said)]
    if point.loss == "cross_entropy":
        p = float(y_hat[int(truth)])
        return [*lines, t.say("way_cross_entropy", k=int(truth), p=p, price=point.price)]
    if len(z) > 1:
        return [*lines, t.say("way_squares", price=point.price)]
    y = truth if point.problem == "regression" else 2.0 * truth - 1
    return [*lines, t.say("way_squared_error", y_hat=float(y_hat[0]), y=float(y), price=point.price)]


def words(t: Texts, point: object) -> list[str]:
    """Say which point it is, what it is in the data, and what the network makes of it."""
    said = {"x1": float(point.x[0]), "x2": float(point.x[1]), "price": t.known(point.price)}
    said |= {key: _label(t, point, getattr(point, key)) for key in ("truth", "answer")}
    which = "point_of_test" if point.test else "point_of_train"
    return [f"{t.say(which, n=point.index + 1)}: {t.say('point_at', **said)}"]


def _label(t: Texts, point: object, value: float) -> str:
    if not np.isfinite(value):
        return t.say("not_there")
    return number(value) if point.problem == "regression" else t.say("in_truth", k=int(value))
