"""Handwritten digits: how a network learns them, which it takes for which, and what its neurons look for."""

import math
from collections.abc import Sequence
from functools import cache, lru_cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.board import INK
from explainer.charts.images import channels, png
from explainer.charts.lines import Line, axis_x, axis_y, styles
from explainer.charts.moving import table
from explainer.charts.palette import CLASSES, DASHED, ERROR, GREY, MODEL, NEGATIVE, POSITIVE, SOLID
from explainer.texts import Texts

LAST_FRAME = 59
N_STEPS = 300
N_SHEETS = 20  # of weights; a sheet serves three frames
_WIDE = 4  # a sheet of tiles is so much wider than high
_ZOOM = 5  # pixels an entry, so that the browser's smoothing does not blur the edges
_BLIND = np.log(10)


def picture(image: np.ndarray) -> str:
    """Return a picture of 0, paper, to 1, ink, (n_rows, n_columns), as the data URI of a PNG."""
    levels = (255 * (1 - np.clip(image, 0, 1))).round().astype(np.uint8)
    pixels = levels.repeat(_ZOOM, 0).repeat(_ZOOM, 1)
    pixels[[0, -1]] = pixels[:, [0, -1]] = 170  # an edge: an empty picture is seen too
    return png(pixels, compress_level=6)


def sheet(weights: np.ndarray) -> str:
    """Return weights (n_tiles, 8, 8) as tiles on one PNG: blue above zero, white at zero, orange below.

    The largest weight of the sheet has the full colour; what is between the tiles is transparent.
    """
    return _sheet(weights.tobytes(), weights.shape, str(weights.dtype))


@lru_cache(maxsize=400)  # twenty runs: a class looks at the same ones, and a sheet takes a millisecond
def _sheet(content: bytes, shape: tuple[int, ...], dtype: str) -> str:
    weights = np.frombuffer(content, dtype).reshape(shape)
    down = max(1, math.isqrt(len(weights) // _WIDE))
    across = -(-len(weights) // down)
    side = weights.shape[1] + 1
    value = np.zeros((across * down, side, side))
    value[: len(weights), :-1, :-1] = weights / max(float(np.abs(weights).max()), 1e-12)
    seen = np.zeros((across * down, side, side))
    seen[: len(weights), :-1, :-1] = 255
    color = np.where(value[..., None] > 0, channels(POSITIVE), channels(NEGATIVE))
    color = 255 + np.abs(value)[..., None] * (color - 255)
    pixels = np.concatenate([color, seen[..., None]], 3).round().astype(np.uint8)
    pixels = pixels.reshape(down, across, side, side, 4).swapaxes(1, 2).reshape(down * side, across * side, 4)
    zoom = (_ZOOM - 1) * max(1, 16 // across)  # few tiles are as sharp as many
    return png(pixels.repeat(zoom, 0).repeat(zoom, 1), compress_level=6)


def _frame() -> alt.Parameter:
    """Make the parameter that the play bar moves."""
    bound = alt.binding_range(min=0, max=LAST_FRAME, step=1, name="frame")
    return alt.param(name="frame", value=LAST_FRAME, bind=bound)


def _runs(t: Texts) -> list[Line]:
    return [Line(t.say("digits_training"), MODEL, thick=True), Line(t.say("digits_test"), CLASSES[1], DASHED)]


def digit_marks(t: Texts) -> list[dict[str, str]]:
    """Return label, colour and dash of the two rows of the play bar's table."""
    return [
        {"label": look.name, "color": look.color, "dash": "solid" if look.dash == tuple(SOLID) else "dashed"}
        for look in _runs(t)
    ]


def _falling(t: Texts, name: str, y: alt.Y, *more: alt.Chart, foot: bool = True) -> dict:
    """Draw the two runs and a cursor; what is drawn is named at the right, from the data ``names``."""
    x = axis_x(t.say("lm_step"), (0, N_STEPS), (0, 100, 200))
    if not foot:  # the picture below has the same axis
        x["axis"]["labels"], x["axis"]["title"] = False, None
    y["axis"]["minExtent"] = 54
    marks = styles(_runs(t), legend=False)
    base = alt.Chart(alt.NamedData(name))
    now = base.transform_filter("datum.frame == frame")
    words = alt.Chart(alt.NamedData("names")).mark_text(
        align="right", baseline="middle", dx=-12, color=GREY, fontWeight="bold"
    )
    return (
        alt.layer(
            *[part.encode(y=y) for part in more],
            words.encode(x=x, y=y, text="text:N"),
            now.mark_rule(color=GREY).encode(x=x),
            base.mark_line(clip=True).encode(x=x, y=y, **marks),
            now.mark_point(filled=True, size=120, opacity=1, clip=True).encode(
                x=x, y=y, color=marks["color"]
            ),
            name=name,
        )
        .add_params(_frame())
        .to_dict()
    )


@cache
def digit_losses(t: Texts) -> dict:
    """Draw the loss step by step, and what a blind guess costs, ln 10."""
    blind = alt.Chart(alt.NamedData("blind"))
    rule = blind.mark_rule(color=GREY, strokeDash=DASHED, strokeWidth=2)
    return _falling(t, "digit_losses", axis_y((0, 2.6), "", (0, 1, 2)), rule, foot=False)


def digit_losses_data(t: Texts, steps: np.ndarray, losses: np.ndarray) -> dict[str, pa.Table]:
    """Fill the picture with losses (2, n_frames): on the training and on the test pictures."""
    curves = {"digit_losses": _by_frame(t, steps, losses), "names": _named(t.say("digits_loss"), 1.3)}
    return curves | {"blind": table(value=[_BLIND])}


@cache
def digit_accuracy(t: Texts) -> dict:
    """Draw the share of right answers step by step."""
    y = axis_y((0, 1.2), "", (0, 0.5, 1))
    y["axis"]["labelExpr"] = "100 * datum.value"
    return _falling(t, "digit_accuracy", y)


def digit_accuracy_data(t: Texts, steps: np.ndarray, accuracy: np.ndarray) -> dict[str, pa.Table]:
    """Fill the picture with shares (2, n_frames)."""
    return {"digit_accuracy": _by_frame(t, steps, accuracy), "names": _named(t.say("digits_right"), 0.5)}


def _named(text: str, height: float) -> pa.Table:
    return table(x=[float(N_STEPS)], value=[height], text=[text])


def _by_frame(t: Texts, steps: np.ndarray, values: np.ndarray) -> pa.Table:
    names, n = [look.name for look in _runs(t)], len(steps)
    return table(
        x=np.tile(steps.astype(float), 2),
        frame=np.tile(np.arange(n), 2),
        value=np.minimum(values, 1e6).ravel(),
        line=np.repeat(names, n),
    )


@cache
def digit_confusion(t: Texts) -> dict:
    """Draw how many test pictures of every digit, a row, were taken for which, a column, at the frame."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[-1, 10], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[10.1, -1.2], nice=False), axis=None)
    cells = alt.Chart(alt.NamedData("cells")).transform_calculate(
        answers="datum['f' + frame]", share="datum.answers / datum.total"
    )
    shade = alt.Opacity(
        "share:Q", scale=alt.Scale(domain=[0, 0.3], range=[0.06, 0.75], clamp=True), legend=None
    )
    middle = {"x": alt.X("middle:Q", axis=None), "y": alt.Y("centre:Q", axis=None)}
    return (
        alt.layer(
            cells.mark_rect(stroke="Canvas", strokeWidth=1).encode(
                x=x, x2="x2:Q", y=y, y2="y2:Q", color=alt.Color("color:N", scale=None), opacity=shade
            ),
            cells.transform_filter("datum.answers > 0")
            .mark_text(baseline="middle", color=INK)
            .encode(text=alt.Text("answers:Q", format="d"), **middle),
            alt.Chart(alt.NamedData("sides"))
            .mark_text(baseline="middle", color=GREY, fontWeight="bold")
            .encode(x=x, y=y, text="text:N"),
            name="digit_confusion",
        )
        .add_params(_frame())
        .configure_view(stroke=None)
        .to_dict()
    )


def digit_confusion_data(counts: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``cells`` from counts (n_frames, 10, 10), and ``sides`` with the digits of rows and columns."""
    row, column = np.divmod(np.arange(100), 10)
    frames = {f"f{i}": counts[i].ravel() for i in range(len(counts))}
    k, edge = np.arange(10) + 0.5, np.full(10, -0.5)
    left, top = column.astype(float), row.astype(float)
    return {
        "cells": table(
            **{"x": left, "x2": left + 1, "y": top, "y2": top + 1, "middle": left + 0.5, "centre": top + 0.5},
            total=counts[0].sum(1)[row],
            color=np.where(row == column, MODEL, ERROR),
            **frames,
        ),
        "sides": table(
            x=np.concatenate([edge, k]), y=np.concatenate([k, edge]), text=[str(d % 10) for d in range(20)]
        ),
    }


@cache
def digit_weights(t: Texts) -> dict:
    """Draw the first layer's weights at the frame: a tile a neuron, an entry a point of the picture."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    share = (LAST_FRAME + 1) // N_SHEETS
    image = alt.Chart(alt.NamedData("sheet")).transform_calculate(url=f"datum['f' + floor(frame / {share})]")
    shown = image.mark_image(aspect=True).encode(x=x, x2="x2:Q", y=y, y2="y2:Q", url="url:N")
    return alt.layer(shown, name="digit_weights").add_params(_frame()).configure_view(stroke=None).to_dict()


def digit_weights_data(weights: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``sheet`` with an image for every moment of weights (n_sheets, n_neurons, 8, 8)."""
    images = {f"f{i}": [sheet(tiles)] for i, tiles in enumerate(weights)}
    return {"sheet": table(x=[0.0], x2=[1.0], y=[0.0], y2=[1.0], **images)}


@cache
def worst_mistakes(t: Texts) -> dict:
    """Draw the test pictures that cost most: the picture, and below it the truth and the answer."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 4], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[2, 0], nice=False), axis=None)
    tiles = alt.Chart(alt.NamedData("tiles"))
    words = alt.Chart(alt.NamedData("tiles")).mark_text(baseline="middle", color=INK)
    return (
        alt.layer(
            tiles.mark_image(aspect=True).encode(x=x, x2="x2:Q", y=y, y2="y2:Q", url="url:N"),
            words.encode(x=alt.X("middle:Q", axis=None), y=alt.Y("below:Q", axis=None), text="text:N"),
            name="worst_mistakes",
        )
        .configure_view(stroke=None)
        .to_dict()
    )


def worst_mistakes_data(
    images: np.ndarray, truth: Sequence[int], answer: Sequence[int]
) -> dict[str, pa.Table]:
    """Fill ``tiles`` with up to eight pictures (n, 8, 8), dearest first."""
    row, column = np.divmod(np.arange(len(images)), 4)
    return {
        "tiles": table(
            x=column + 0.12,
            x2=column + 0.88,
            y=row + 0.02,
            y2=row + 0.74,
            middle=column + 0.5,
            below=row + 0.86,
            url=[picture(image) for image in images],
            text=[f"{a} → {b}" for a, b in zip(truth, answer, strict=True)],
        )
    }


@cache
def ten_probabilities(t: Texts) -> dict:
    """Draw the probabilities of the ten digits as bars; the answer's is blue, the others are grey."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[-0.6, 9.6], nice=False), axis=None)
    y = alt.Y("value:Q", scale=alt.Scale(domain=[-0.14, 1.12], nice=False), axis=None)
    bars = alt.Chart(alt.NamedData("bars"))
    color = alt.Color("color:N", scale=None)
    words = alt.Chart(alt.NamedData("words")).mark_text(baseline="middle", fontWeight="bold")
    return (
        alt.layer(
            bars.mark_rect().encode(x=x, x2="x2:Q", y=y, y2="zero:Q", color=color),
            words.encode(x=x, y=y, text="text:N", color=color),
            name="ten_probabilities",
        )
        .configure_view(stroke=None)
        .to_dict()
    )


def ten_probabilities_data(p: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``bars`` and ``words`` with probabilities (10,) in per cent."""
    k = np.arange(10.0)
    color = np.where(k == p.argmax(), MODEL, GREY)
    percent = [f"{100 * q:.0f}" for q in p]
    return {
        "bars": table(x=k - 0.38, x2=k + 0.38, value=p, zero=np.zeros(10), color=color),
        "words": table(
            x=np.tile(k, 2),
            value=np.concatenate([np.full(10, -0.08), p + 0.06]),
            text=[*map(str, range(10)), *percent],
            color=[INK] * 10 + color.tolist(),
        ),
    }


@cache
def seen_and_nearest(t: Texts) -> dict:
    """Draw what the network is given, and the most similar picture of the data."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 2], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[1.15, 0], nice=False), axis=None)
    tiles = alt.Chart(alt.NamedData("tiles"))
    words = tiles.mark_text(baseline="middle", color=INK)
    return (
        alt.layer(
            tiles.mark_image(aspect=True).encode(x=x, x2="x2:Q", y=y, y2="y2:Q", url="url:N"),
            words.encode(x=alt.X("middle:Q", axis=None), y=alt.Y("below:Q", axis=None), text="text:N"),
            name="seen_and_nearest",
        )
        .configure_view(stroke=None)
        .to_dict()
    )


def seen_and_nearest_data(t: Texts, seen: np.ndarray, nearest: np.ndarray, label: int) -> dict[str, pa.Table]:
    """Fill ``tiles`` with two pictures (8, 8)."""
    k = np.arange(2.0)
    return {
        "tiles": table(
            **{"x": k + 0.04, "x2": k + 0.96, "y": np.zeros(2), "y2": np.ones(2) * 0.98, "middle": k + 0.5},
            below=np.full(2, 1.08),
            url=[picture(seen), picture(nearest)],
            text=[t.say("seen_by_net"), t.say("nearest_picture", label=label)],
        )
    }
