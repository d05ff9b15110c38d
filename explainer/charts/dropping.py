"""Dropout: what is left of a layer's outputs, their mean over many batches, and runs without and with."""

from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.board import INK
from explainer.charts.lines import Line, axis_x, axis_y, styles
from explainer.charts.moving import table
from explainer.charts.palette import CLASSES, DASHED, ERROR, GREY, MODEL
from explainer.texts import Texts

_N_BATCHES = 100
_FRAMES = 60


@cache
def masks(t: Texts) -> dict:
    """Draw a batch behind Dropout, a row a sample: the fuller, the larger; a cross is a dropped neuron."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 16], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, 8], nice=False), axis=None)
    cells = alt.Chart(alt.NamedData("cells"))
    strength = alt.Scale(domain=[0, 2], range=[0.04, 1], clamp=True)
    return (
        alt.layer(
            cells.mark_rect(color=MODEL, stroke=GREY, strokeWidth=0.6).encode(
                x=x,
                x2="x2:Q",
                y=y,
                y2="y2:Q",
                fillOpacity=alt.Opacity("value:Q", scale=strength, legend=None),
            ),
            cells.transform_filter("datum.value == 0")
            .mark_point(shape="cross", filled=True, size=90, opacity=1, angle=45, color=ERROR)
            .encode(x=alt.X("middle:Q", axis=None), y=alt.Y("centre:Q", axis=None)),
            name="masks",
        )
        .configure_view(stroke=None)
        .to_dict()
    )


def masks_data(t: Texts, y: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``cells`` with outputs (8, 16)."""
    row, column = np.divmod(np.arange(y.size), y.shape[1])
    left, low = column + 0.03, 7 - row + 0.05
    return {
        "cells": table(
            x=left,
            x2=left + 0.94,
            y=low,
            y2=low + 0.9,
            middle=left + 0.47,
            centre=low + 0.45,
            value=y.ravel(),
        )
    }


@cache
def expectation(t: Texts) -> dict:
    """Draw the mean of every neuron's outputs so far over that of its inputs, and where it should lie."""
    x, y = axis_x(t.say("batches_axis"), (0, _N_BATCHES), (0, 25, 50, 75)), axis_y((0, 2), "", (0, 1, 2))
    band, means = alt.Chart(alt.NamedData("band")), alt.Chart(alt.NamedData("means"))
    return alt.layer(
        band.mark_area(color=GREY, opacity=0.25, clip=True).encode(
            x=x, y=alt.Y("low:Q", title=""), y2="high:Q"
        ),
        means.mark_line(color=MODEL, strokeWidth=1.5, opacity=0.8, clip=True).encode(
            x=x, y=y, detail="neuron:N"
        ),
        means.transform_filter("datum.last")
        .mark_point(color=MODEL, filled=True, size=45, opacity=1, clip=True)
        .encode(x=x, y=y),
        band.mark_line(color=GREY, strokeDash=DASHED, strokeWidth=2.5).encode(x=x, y=y),
        name="expectation",
    ).to_dict()


def expectation_data(t: Texts, means: np.ndarray, band: np.ndarray, expected: float) -> dict[str, pa.Table]:
    """Fill ``means`` (n_batches, n_neurons), ``band`` with its edges (100, 2) and what is expected."""
    batches = np.arange(1, len(band) + 1).astype(float)
    low, high = np.clip(band, 0, 2).T
    n, n_neurons = means.shape
    return {
        "means": table(
            x=np.tile(batches[:n], n_neurons),
            value=means.T.ravel(),
            neuron=np.repeat(np.arange(n_neurons), n),
            last=np.tile(batches[:n] == n, n_neurons).astype(int),
        ),
        "band": table(x=batches, value=np.full(len(band), expected), low=low, high=high),
    }


def _groups(t: Texts) -> list[Line]:
    return [
        Line(t.say("without_dropout"), MODEL, thick=True),
        Line(t.say("with_dropout"), CLASSES[1], DASHED),
    ]


@cache
def overfit(t: Texts) -> dict:
    """Draw the loss on fresh samples by step: the median of the runs, and the band that holds all of them."""
    x = axis_x(t.say("lm_step"), (0, 100), (0, 25, 50, 75))
    y = axis_y((0, 4), "", (0, 1, 2, 3))
    looks = styles(_groups(t))
    base = alt.Chart(alt.NamedData("runs"))
    return (
        alt.layer(
            base.mark_area(opacity=0.2, clip=True).encode(
                x=x, y=alt.Y("low:Q", title=""), y2="high:Q", color=looks["color"]
            ),
            base.mark_line(clip=True).encode(x=x, y=y, **looks),
            name="overfit",
        )
        .configure_legend(symbolOpacity=1)
        .to_dict()
    )


def overfit_data(t: Texts, steps: np.ndarray, losses: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``runs`` with losses (2, n_seeds, n_frames) of the runs without and with Dropout."""
    shown = np.clip(losses, 0, 1e3)
    names = [look.name for look in _groups(t)]
    return {
        "runs": table(
            x=np.tile(steps.astype(float), 2),
            value=np.median(shown, 1).ravel(),
            low=shown.min(1).ravel(),
            high=shown.max(1).ravel(),
            line=np.repeat(names, len(steps)),
        )
    }


@cache
def run_pairs(t: Texts) -> dict:
    """Draw the share of right answers of every run at the end, the two runs of a seed joined."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[-0.4, 1.4], nice=False), axis=None)
    y = axis_y((20, 110), "%", (25, 50, 75, 100))
    looks = styles(_groups(t), legend=False)
    runs = alt.Chart(alt.NamedData("pairs"))
    return alt.layer(
        runs.mark_line(color=GREY, strokeWidth=1, opacity=0.6).encode(x=x, y=y, detail="run:N"),
        runs.mark_point(filled=True, size=130, opacity=0.9).encode(
            x=x,
            y=y,
            color=looks["color"],
            shape=alt.Shape(
                "line:N",
                scale=alt.Scale(domain=[look.name for look in _groups(t)], range=["circle", "triangle-up"]),
                legend=None,
            ),
        ),
        alt.Chart(alt.NamedData("medians"))
        .mark_tick(orient="horizontal", thickness=4, size=60, color=INK)
        .encode(x=x, y=y),
        name="run_pairs",
    ).to_dict()


def run_pairs_data(t: Texts, accuracy: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``pairs`` and ``medians`` with shares (2, n_seeds) of the runs without and with Dropout."""
    names, n = [look.name for look in _groups(t)], accuracy.shape[1]
    return {
        "pairs": table(
            x=np.repeat([0.0, 1.0], n),
            value=100 * accuracy.ravel(),
            run=np.tile(np.arange(n), 2),
            line=np.repeat(names, n),
        ),
        "medians": table(x=np.array([0.0, 1.0]), value=100 * np.median(accuracy, 1)),
    }
