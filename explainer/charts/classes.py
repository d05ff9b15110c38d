"""Classes in a plane: regions in their colours, points, and what becomes of the loss and of the answers."""

from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.board import INK
from explainer.charts.images import channels, png
from explainer.charts.lines import Line, axis_x, axis_y, styles
from explainer.charts.moving import curves, table
from explainer.charts.palette import CLASSES, DASHED, ERROR, GREY, MODEL, SHAPES, SOLID
from explainer.texts import Texts, fixed

LAST_FRAME = 59
VIEW = (-6, 6)
PLANE = {"x": VIEW, "y": VIEW, "step": 0.1}  # for a hand that points at it
_SHADES = 12
_FULL = 0.62  # opacity of a sure answer: the points on it must be seen


def _palette() -> tuple[bytes, bytes]:
    """Return the colours and the opacities of all classes and shades, class by class."""
    rgb = np.repeat([channels(color) for color in CLASSES], _SHADES, axis=0).astype(np.uint8)
    opacity = np.tile(np.linspace(0, 255 * _FULL, _SHADES).round().astype(np.uint8), len(CLASSES))
    return rgb.tobytes(), opacity.tobytes()


_COLORS, _OPACITY = _palette()


def pngs(winner: np.ndarray, confidence: np.ndarray, n_classes: int) -> list[str]:
    """Return the data URIs of PNGs with a pixel an entry; both are (n_images, n_rows, n_columns).

    A confidence of 1 / ``n_classes``, which is a blind guess, is transparent.
    """
    sure = np.clip((confidence * n_classes - 1) / (n_classes - 1), 0, 1)
    pixels = winner * _SHADES + (sure * (_SHADES - 1)).round()
    return [png(image, _COLORS, _OPACITY, compress_level=6) for image in pixels.astype(np.uint8)]


def _frame() -> alt.Parameter:
    """Make the parameter that the play bar moves."""
    bound = alt.binding_range(min=0, max=LAST_FRAME, step=1, name="frame")
    return alt.param(name="frame", value=LAST_FRAME, bind=bound)


def _plane(images: alt.Chart) -> list[alt.Chart]:
    """Draw regions and, on them, points; those with a wrong label are hollow."""
    x = alt.X("x:Q", scale=alt.Scale(domain=list(VIEW), nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=list(VIEW), nice=False), axis=None)
    pictures = images.mark_image(aspect=False).encode(x=x, x2="x2:Q", y=y, y2="y2:Q", url="url:N")
    points = alt.Chart(alt.NamedData("points")).mark_point(
        filled=True, size=80, opacity=1, stroke="Canvas", strokeWidth=1.2
    )
    return [
        pictures,
        points.encode(
            x=x,
            y=y,
            fill=alt.Fill("color:N", scale=None),
            shape=alt.Shape("shape:N", scale=None),
        ),
        alt.Chart(alt.NamedData("points"))
        .transform_filter("datum.ring > 0")
        .mark_point(filled=False, size=330, shape="circle", strokeWidth=2.5, color="CanvasText", opacity=1)
        .encode(x=x, y=y),
    ]


def _images(winner: np.ndarray, confidence: np.ndarray, n_classes: int) -> pa.Table:
    n = len(winner)
    urls = pngs(winner, confidence, n_classes)
    low, high = (np.full(n, float(edge)) for edge in VIEW)
    return table(image=np.arange(n), x=low, x2=high, y=low, y2=high, url=urls)


def _points(X: np.ndarray, y: np.ndarray, ring: np.ndarray) -> pa.Table:
    return table(
        x=X[:, 0],
        y=X[:, 1],
        color=np.array(CLASSES)[y],
        shape=np.array(SHAPES)[y],
        ring=ring.astype(int),
    )


@cache
def regions(t: Texts) -> dict:
    """Draw the regions of a net at the frame of the play bar, and the points that it learns from."""
    images = alt.Chart(alt.NamedData("images")).transform_filter("datum.image == floor(frame / 2)")
    return alt.layer(*_plane(images), name="regions").add_params(_frame()).to_dict()


def regions_data(
    t: Texts, images: tuple[np.ndarray, np.ndarray], X: np.ndarray, y: np.ndarray, ring: np.ndarray
) -> dict[str, pa.Table]:
    """Fill ``images`` from winner and confidence (n_images, n_rows, n_columns), ``points`` from X, y.

    X is (n_samples, 2), the classes y (n_samples,); points for which ``ring`` is true are ringed.
    """
    return {"images": _images(*images, int(y.max()) + 1), "points": _points(X, y, ring)}


@cache
def point_regions(t: Texts) -> dict:
    """Draw the regions of a trained net, its points, a ring around one of them, and the hand's pointer."""
    pointer = (
        alt.Chart(alt.NamedData("pointer"))
        .mark_rule(color=INK, strokeWidth=2)
        .encode(x=alt.X("x:Q", axis=None), y=alt.Y("y:Q", axis=None), x2="x2:Q", y2="y2:Q")
    )
    tip = (
        alt.Chart(alt.NamedData("pointer"))
        .mark_point(filled=True, size=220, opacity=1, color=INK, shape="cross")
        .encode(x=alt.X("x:Q", axis=None), y=alt.Y("y:Q", axis=None))
    )
    plane = _plane(alt.Chart(alt.NamedData("images")))
    return alt.layer(*plane, pointer, tip, name="point_regions").to_dict()


def point_regions_data(
    t: Texts,
    images: tuple[np.ndarray, np.ndarray],
    X: np.ndarray,
    y: np.ndarray,
    chosen: int,
    pointer: tuple[float, float],
) -> dict[str, pa.Table]:
    """Fill the picture from winner and confidence (1, n_rows, n_columns); the point ``chosen`` is ringed."""
    return {
        **regions_data(t, images, X, y, np.arange(len(y)) == chosen),
        "pointer": table(x=[float(pointer[0])], y=[float(pointer[1])], x2=[X[chosen, 0]], y2=[X[chosen, 1]]),
    }


def _runs(t: Texts) -> list[Line]:
    return [Line(t.say("on_training"), MODEL, thick=True), Line(t.say("on_fresh"), CLASSES[1], DASHED)]


def run_marks(t: Texts) -> list[dict[str, str]]:
    """Return label, colour and dash of the two rows of the play bar's table."""
    return [
        {"label": look.name, "color": look.color, "dash": "solid" if look.dash == tuple(SOLID) else "dashed"}
        for look in _runs(t)
    ]


@cache
def class_losses(t: Texts) -> dict:
    """Draw cross-entropy step by step, and the price of a blind guess, where it begins."""
    x = axis_x(t.say("lm_step"), (0, LAST_FRAME), (0, 20, 40))
    y = axis_y((0, 2), "", (0, 1, 2))
    marks = styles(_runs(t), legend=False)
    blind = alt.Chart(alt.NamedData("blind")).encode(y=y)
    base = alt.Chart(alt.NamedData("losses"))
    now = base.transform_filter("datum.x == frame")
    return (
        alt.layer(
            blind.mark_rule(color=GREY, strokeDash=DASHED, strokeWidth=2),
            blind.mark_text(align="right", baseline="bottom", dy=-2, color=GREY, fontWeight="bold").encode(
                x=x, text="text:N"
            ),
            now.mark_rule(color=GREY).encode(x=x),
            base.mark_line(clip=True).encode(x=x, y=y, **marks),
            now.mark_point(filled=True, size=120, opacity=1, clip=True).encode(
                x=x, y=y, color=marks["color"]
            ),
            name="class_losses",
        )
        .add_params(_frame())
        .to_dict()
    )


def class_losses_data(t: Texts, losses: np.ndarray, blind: float) -> dict[str, pa.Table]:
    """Fill ``losses`` (2, n_frames), on the training and on fresh points, and ``blind``, ln n_classes."""
    name = [look.name for look in _runs(t)]
    text = f"ln {np.exp(blind):.0f} = {fixed(blind, 2)}"
    return {
        "losses": curves(np.arange(LAST_FRAME + 1), list(losses), name),
        "blind": table(x=[float(LAST_FRAME)], value=[blind], text=[text]),
    }


@cache
def class_counts(t: Texts) -> dict:
    """Draw how many fresh points of each class, a row, got which answer, a column, at the frame."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    cells = alt.Chart(alt.NamedData("cells")).transform_calculate(
        answers="datum['f' + frame]", share="datum.answers / datum.total"
    )
    sides = alt.Chart(alt.NamedData("sides")).mark_point(filled=True, size=150, opacity=1)
    shade = alt.Scale(domain=[0, 1], range=[0.08, 0.55])
    return (
        alt.layer(
            cells.mark_rect(stroke="Canvas", strokeWidth=2).encode(
                x=x,
                x2="x2:Q",
                y=y,
                y2="y2:Q",
                color=alt.Color("color:N", scale=None),
                opacity=alt.Opacity("share:Q", scale=shade, legend=None),
            ),
            cells.mark_text(baseline="middle", color=INK, fontWeight="bold").encode(
                x=alt.X("middle:Q", axis=None),
                y=alt.Y("centre:Q", axis=None),
                text=alt.Text("answers:Q", format="d"),
            ),
            sides.encode(
                x=x, y=y, color=alt.Color("color:N", scale=None), shape=alt.Shape("shape:N", scale=None)
            ),
            name="class_counts",
        )
        .add_params(_frame())
        .configure_view(stroke=None)
        .to_dict()
    )


def class_counts_data(t: Texts, counts: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``cells`` from counts (n_frames, n_classes, n_classes), and ``sides`` of rows and columns."""
    n_frames, n, _ = counts.shape
    row, column = np.divmod(np.arange(n * n), n)
    left, top = 0.14 + 0.86 * column / n, 0.86 - 0.86 * row / n
    side = 0.86 / n
    total = counts[0].sum(1)[row]
    k, middle = np.arange(n), 0.14 + 0.86 * (np.arange(n) + 0.5) / n
    edge = np.full(n, 0.06)
    frames = {f"f{i}": counts[i].ravel() for i in range(n_frames)}
    return {
        "cells": table(
            x=left,
            x2=left + side,
            y=top,
            y2=top - side,
            middle=left + side / 2,
            centre=top - side / 2,
            total=total,
            color=np.where(row == column, MODEL, ERROR),
            **frames,
        ),
        "sides": table(
            x=np.concatenate([edge, middle]),
            y=np.concatenate([1 - middle, 1 - edge]),
            color=np.tile(np.array(CLASSES)[k], 2),
            shape=np.tile(np.array(SHAPES)[k], 2),
        ),
    }
