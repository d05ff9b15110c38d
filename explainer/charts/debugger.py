"""The tensors of a small training as tables of numbers, values and gradients; what has changed is marked."""

from collections.abc import Mapping
from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.board import INK
from explainer.charts.moving import table
from explainer.charts.palette import CLASSES, GREY
from explainer.texts import Texts, fixed

_CHANGED = CLASSES[1]
WIDTH, HEIGHT = 7.3, 13.1
# Where a tensor stands, with its number of rows and columns: (left, top of its head, rows, columns).
_PLACES = {
    "X": (0.0, 0.0, 4, 2),
    "y": (2.4, 0.0, 4, 1),
    "y_hat": (3.8, 0.0, 4, 1),
    "loss": (5.9, 0.0, 1, 1),
    "0.weight": (0.0, 6.3, 2, 2),
    "0.bias": (2.4, 6.3, 2, 1),
    "2.weight": (3.8, 6.3, 1, 2),
    "2.bias": (6.2, 6.3, 1, 1),
}
_HEAD = 1.85  # of a name and, below it, a shape
_GRAD = 4.15  # from the top of a weight's head to the top of its gradient
_GRAD_HEAD = 0.75


@cache
def tensors(t: Texts) -> dict:
    """Draw the tensors entry by entry; what the last line has changed is filled, framed and bold."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[-0.05, WIDTH], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[HEIGHT, 0], nice=False), axis=None)
    cells, words = alt.Chart(alt.NamedData("cells")), alt.Chart(alt.NamedData("words"))
    new = alt.datum.changed > 0
    numbers = cells.mark_text(baseline="middle", color=INK)
    return (
        alt.layer(
            cells.mark_rect(stroke=GREY, fill=_CHANGED).encode(
                x=x,
                x2="x2:Q",
                y=y,
                y2="y2:Q",
                fillOpacity=alt.when(new).then(alt.value(0.45)).otherwise(alt.value(0)),
                strokeWidth=alt.when(new).then(alt.value(3)).otherwise(alt.value(0.7)),
            ),
            numbers.encode(x=alt.X("middle:Q", axis=None), y=alt.Y("centre:Q", axis=None), text="text:N"),
            words.mark_text(align="left", baseline="middle", fontWeight="bold").encode(
                x=x, y=y, text="text:N", color=alt.Color("color:N", scale=None)
            ),
            name="tensors",
        )
        .configure_view(stroke=None)
        .to_dict()
    )


def tensors_data(
    t: Texts,
    values: Mapping[str, np.ndarray | None],
    grads: Mapping[str, np.ndarray | None],
    changed: Mapping[str, np.ndarray],
    changed_grads: Mapping[str, np.ndarray],
) -> dict[str, pa.Table]:
    """Fill ``cells`` and ``words`` with the tensors by their names; those not made yet are empty frames."""
    cells: list[tuple] = []
    words: list[tuple] = []
    for name, (left, top, *size) in _PLACES.items():
        value = values[name]
        shape = "" if value is None else str(tuple(value.shape)).replace(",)", ")")
        words += [(left, top + 0.4, name, INK), (left, top + 1.32, shape, GREY)]
        _fill(cells, value, changed[name], left, top + _HEAD, size)
        if name in grads:
            words.append((left, top + _GRAD + 0.32, ".grad", INK))
            _fill(cells, grads[name], changed_grads[name], left, top + _GRAD + _GRAD_HEAD, size)
    names = ("x", "x2", "y", "y2", "text", "changed")
    columns = dict(zip(names, zip(*cells, strict=True), strict=True))
    middle = {
        "middle": np.add(columns["x"], columns["x2"]) / 2,
        "centre": np.add(columns["y"], columns["y2"]) / 2,
    }
    x, y, text, color = zip(*words, strict=True)
    return {
        "cells": table(**{k: list(v) for k, v in columns.items()}, **middle),
        "words": table(x=list(x), y=list(y), text=list(text), color=list(color)),
    }


def _fill(
    cells: list[tuple],
    value: np.ndarray | None,
    changed: np.ndarray,
    left: float,
    top: float,
    size: tuple[int, int],
) -> None:
    """Write a tensor into its cells; one that is not there is a single cell that says so."""
    rows, columns = size
    if value is None:
        cells.append((left, left + columns, top, top + rows, "None", float(changed.any())))
        return
    grid = value.reshape(rows, columns)
    marks = np.broadcast_to(changed, value.shape).reshape(rows, columns)
    for i in range(rows):
        for j in range(columns):
            place = (left + j, left + j + 1, top + i, top + i + 1)
            cells.append((*place, fixed(float(grid[i, j]), 3), float(marks[i, j])))
