"""A probability over the plane as an image, and what came of it: answers, and how far they can be trusted."""

from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.classification import class_marks, frame, kinds
from explainer.charts.images import channels, png
from explainer.charts.lines import axis_x, axis_y
from explainer.charts.moving import table
from explainer.charts.palette import CLASSES, DASHED, ERROR, GREY, MODEL
from explainer.texts import Texts

RADIUS, LEVELS = 6.5, 250
_STRONGEST = 190  # of 255: the opacity of a probability of 0 or 1
_BORDER = LEVELS + 1  # the colour of the threshold


@cache
def _palette() -> tuple[bytes, bytes]:
    """Return colours and opacities of the levels: clear where p = 1/2, so that the page shows through."""
    p = np.arange(LEVELS + 1) / LEVELS
    colors = [channels(CLASSES[int(value > 0.5)]) for value in p] + [channels(GREY)] * (255 - LEVELS)
    opacity = np.append((np.abs(2 * p - 1) * _STRONGEST).round(), [255] * (255 - LEVELS))
    return bytes(np.array(colors, np.uint8).ravel()), bytes(opacity.astype(np.uint8))


def pngs(maps: np.ndarray, threshold: float) -> list[str]:
    """Return maps (n_maps, n_rows, n_columns) uint8 of probabilities times ``LEVELS`` as data URIs of PNGs.

    Where they cross the threshold they are grey.
    """
    yes = maps > threshold * LEVELS
    border = np.zeros_like(yes)
    border[..., 1:] |= yes[..., 1:] != yes[..., :-1]
    border[:, 1:] |= yes[:, 1:] != yes[:, :-1]
    return [png(pixels, *_palette()) for pixels in np.where(border, np.uint8(_BORDER), maps)]


def marks(t: Texts) -> list[dict[str, str]]:
    """Return label, colour and dash of the network, for the table of the play bar."""
    return [{"label": t.say("this_net"), "color": MODEL, "dash": "solid"}]


def image(x: alt.X, y: alt.Y) -> alt.Chart:
    """Draw ``map``, an image for every second frame and the last."""
    url = "isValid(datum['f' + ceil(frame / 2)]) ? datum['f' + ceil(frame / 2)] : datum.f0"
    return (
        alt.Chart(alt.NamedData("map"))
        .transform_calculate(url=url)
        .mark_image(aspect=False)
        .encode(x=x, x2="x2:Q", y=y, y2="value2:Q", url="url:N")
    )


def image_table(maps: np.ndarray, view: tuple[float, float], threshold: float = 0.5) -> pa.Table:
    """Make the table of maps (n_images, n_rows, n_columns) uint8 over a square, one image a column."""
    low, high = view
    images = {f"f{i}": [url] for i, url in enumerate(pngs(maps, threshold))}
    return table(x=[low], x2=[high], value=[high], value2=[low], **images)


@cache
def probability_map(t: Texts) -> dict:
    """Draw the probability of class 1 over the plane at the frame of the play bar, and the objects on it."""
    view = (-RADIUS, RADIUS)
    x = axis_x("x₁", domain=view, values=(-4, 0, 4))
    y = axis_y(view, "x₂", values=(-4, 0, 4))
    points = alt.Chart(alt.NamedData("points"))
    return (
        alt.layer(
            image(x, y),
            points.mark_point(
                filled=True, size=60, opacity=1, stroke="Canvas", strokeWidth=0.8, clip=True
            ).encode(x=x, y=y, **class_marks()),
            name="probability_map",
        )
        .add_params(frame())
        .to_dict()
    )


def probability_map_data(
    maps: np.ndarray, threshold: float, X: np.ndarray, y: np.ndarray
) -> dict[str, pa.Table]:
    """Fill ``map`` from maps (n_images, n_rows, n_columns), ``points`` with X and y."""
    return {
        "map": image_table(maps, (-RADIUS, RADIUS), threshold),
        "points": table(x=X[:, 0], value=X[:, 1], kind=kinds(y)),
    }


@cache
def confusion(t: Texts) -> dict:
    """Draw how many fresh objects of each class got which answer: right ones blue, wrong ones red."""

    def side(field: str) -> dict[str, object]:
        axis = alt.Axis(title=None, labelAngle=0, ticks=False, domain=False, labelLimit=0)
        axis["labelPadding"], axis["labelFlush"] = 6, False
        if field == "answer":
            axis["labelAlign"] = "center"
        return {"shorthand": f"{field}:N", "scale": alt.Scale(domain=_sides(t)[field]), "axis": axis}

    x, y = alt.X(**side("answer")), alt.Y(**side("truth"))
    cells = alt.Chart(alt.NamedData("cells")).transform_calculate(count="datum['f' + frame]")
    colors = alt.Scale(domain=["right", "wrong"], range=[MODEL, ERROR])
    shade = alt.Opacity("count:Q", scale=alt.Scale(domain=[0, 300], range=[0.08, 0.5]), legend=None)
    return (
        alt.layer(
            cells.mark_rect().encode(
                x=x, y=y, color=alt.Color("kind:N", scale=colors, legend=None), opacity=shade
            ),
            cells.mark_text(baseline="middle", fontWeight="bold", color="CanvasText").encode(
                x=x, y=y, text="count:Q"
            ),
            name="confusion",
        )
        .add_params(frame())
        .to_dict()
    )


def _sides(t: Texts) -> dict[str, list[str]]:
    return {
        "answer": [t.say("answered", k=k) for k in (0, 1)],
        "truth": [t.say("in_truth", k=k) for k in (0, 1)],
    }


def confusion_data(t: Texts, counts: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``cells`` with counts (n_frames, 2, 2), a row a true class, a column an answer."""
    columns = {f"f{i}": count.ravel() for i, count in enumerate(counts)}
    kind, sides = ["right", "wrong", "wrong", "right"], _sides(t)
    truth = [sides["truth"][k] for k in (0, 0, 1, 1)]
    return {"cells": table(truth=truth, answer=sides["answer"] * 2, kind=kind, **columns)}


@cache
def calibration(t: Texts) -> dict:
    """Draw the share of class 1 against the probability given; on the diagonal the two agree."""
    x = axis_x("p̂", domain=(-0.06, 1.06), values=(0, 0.5))
    y = axis_y((-0.08, 1.45), t.say("share_of_1"), values=(0, 1))
    y["axis"]["titleAlign"], y["axis"]["titleX"], y["axis"]["titleY"] = "left", 6, 2
    y["axis"]["format"] = x["axis"]["format"] = "~g"
    size = alt.Size("n:Q", scale=alt.Scale(domain=[0, 250], range=[40, 500]), legend=None)
    bins = alt.Chart(alt.NamedData("bins")).transform_calculate(
        x="datum['x' + frame]", value="datum['f' + frame]", n="datum['n' + frame]"
    )
    return (
        alt.layer(
            alt.Chart(alt.NamedData("ideal"))
            .mark_line(color=GREY, strokeDash=DASHED, strokeWidth=2)
            .encode(x=x, y=y),
            bins.transform_filter("datum.n > 0")
            .mark_point(filled=True, color=MODEL, opacity=0.85)
            .encode(x=x, y=y, size=size),
            name="calibration",
        )
        .add_params(frame())
        .to_dict()
    )


def calibration_data(said: np.ndarray, happened: np.ndarray, n: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``bins`` with probability given, share of class 1 and number, each (n_frames, n_bins)."""
    columns = {f"x{i}": row for i, row in enumerate(said)} | {f"f{i}": row for i, row in enumerate(happened)}
    columns |= {f"n{i}": row for i, row in enumerate(n)}
    return {"bins": table(**columns), "ideal": table(x=[0.0, 1.0], value=[0.0, 1.0])}
