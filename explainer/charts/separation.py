"""Two classes in a plane, and a border that tells them apart or not: samples, mistakes, corrections."""

from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.lines import THICK, Line, axis_x, axis_y, styles
from explainer.charts.moving import table
from explainer.charts.neuron import OUT_OF_SIGHT, image, plane_axes, surface_table
from explainer.charts.palette import CLASSES, DASHED, ERROR, GREY, MODEL, SHAPES
from explainer.texts import Texts

SQUARE = (-0.6, 1.6)
_LEAST = 0.7  # where a logarithmic axis begins


def _classes() -> dict[str, object]:
    """Encode the classes 0 and 1 by colour and shape."""
    key = {"title": None, "orient": "top", "symbolSize": 150, "labelExpr": "'y = ' + datum.label"}
    domain = ["0", "1"]
    return {
        "color": alt.Color(
            "class:N", scale=alt.Scale(domain=domain, range=list(CLASSES[:2])), legend=alt.Legend(**key)
        ),
        "shape": alt.Shape(
            "class:N", scale=alt.Scale(domain=domain, range=list(SHAPES[:2])), legend=alt.Legend(**key)
        ),
    }


def _samples(points: np.ndarray, y: np.ndarray, mistaken: np.ndarray) -> pa.Table:
    """Make the table of points (n_samples, 2) with their classes and whether they are called wrongly."""
    return table(x=points[:, 0], value=points[:, 1], **{"class": y.astype(int).astype(str)}, wrong=mistaken)


def _drawn_samples(x: alt.X, y: alt.Y) -> tuple[alt.Chart, alt.Chart]:
    """Draw ``samples``: class by colour and shape, and a cross behind what is called wrongly."""
    base = alt.Chart(alt.NamedData("samples"))
    marks = base.mark_point(filled=True, size=170, opacity=1, clip=True).encode(x=x, y=y, **_classes())
    crosses = base.transform_filter("datum.wrong").mark_point(
        shape="M-1,-1L1,1M-1,1L1,-1", size=600, stroke=ERROR, strokeWidth=3.5, opacity=1, clip=True
    )
    return crosses.encode(x=x, y=y), marks


@cache
def perceptron(t: Texts) -> dict:
    """Draw what is called 1, the line before and after the last correction, and the sample it answered."""
    x, y = axis_x("x₁", SQUARE, (0, 1)), axis_y(SQUARE, "x₂", (0, 1))
    region = alt.Chart(alt.NamedData("region")).mark_line(
        filled=True, fill=CLASSES[1], fillOpacity=0.22, strokeWidth=0, clip=True
    )
    looks = [Line(t.say("line_before"), GREY, DASHED), Line(t.say("line_after"), MODEL, thick=True)]
    marks = styles(looks)
    stroke = alt.Stroke(**marks.pop("color").to_dict())  # colour belongs to the classes
    borders = alt.Chart(alt.NamedData("lines")).mark_line(clip=True)
    ring = alt.Chart(alt.NamedData("ring")).mark_point(
        size=900, stroke=ERROR, strokeWidth=4, opacity=1, clip=True
    )
    layers = alt.layer(
        region.encode(x=x, y=y, order="order:Q"),
        borders.encode(x=x, y=y, stroke=stroke, **marks),
        *_drawn_samples(x, y),
        ring.encode(x=x, y=y),
        name="perceptron",
    )
    return layers.to_dict()


def perceptron_data(
    t: Texts,
    samples: tuple[np.ndarray, np.ndarray, np.ndarray],
    region: np.ndarray,
    found: tuple[np.ndarray, np.ndarray],
    corrected: int,
) -> dict[str, pa.Table]:
    """Fill ``samples`` (points, classes, mistakes), ``region``, ``lines`` and ``ring``.

    ``found`` are the lines (2, 2) before and after, (0, 2) where there is none; ``corrected`` is the number
    of the ringed sample, or -1.
    """
    names = (t.say("line_before"), t.say("line_after"))
    ends = [line.T if len(line) else OUT_OF_SIGHT for line in found]
    corners = region if len(region) else np.full((2, 2), 99.0)
    ringed = samples[0][[corrected]] if corrected >= 0 else np.full((1, 2), 99.0)
    return {
        "samples": _samples(*samples),
        "region": table(x=corners[:, 0], value=corners[:, 1], order=np.arange(len(corners))),
        "lines": table(
            x=np.concatenate([e[0] for e in ends]),
            value=np.concatenate([e[1] for e in ends]),
            line=np.repeat(names, 2),
        ),
        "ring": table(x=ringed[:, 0], value=ringed[:, 1]),
    }


@cache
def bound(t: Texts) -> dict:
    """Draw the corrections so far against Novikoff's bound, on a logarithmic scale."""
    scale = alt.Scale(type="log", domain=[_LEAST, 30000], clamp=True, nice=False)
    x = alt.X("x:Q", scale=scale, axis=None)
    y = alt.Y("value:Q", scale=alt.Scale(domain=[0, 2]), axis=None)
    base = alt.Chart(alt.NamedData("bars"))
    shades = alt.Scale(domain=["made", "bound"], range=[MODEL, GREY])
    bars = base.mark_bar(height=9, clip=True).encode(
        x=x, x2=alt.X2("start:Q"), y=y, color=alt.Color("kind:N", scale=shades, legend=None)
    )
    texts = base.mark_text(align="left", baseline="bottom", dy=-7, fontWeight="bold", color=GREY)
    places = texts.encode(x=alt.X("start:Q"), y=y, text="label:N")
    return alt.layer(bars, places, name="bound").configure_view(stroke=None).to_dict()


def bound_data(t: Texts, *, made: int, bound: float, rho: float, **_: float) -> dict[str, pa.Table]:
    """Fill ``bars`` with the corrections made and the bound; with the margin rho = 0 there is none."""
    name = "corrections_bound" if rho else "corrections_unbounded"
    return {
        "bars": table(
            x=[max(made, _LEAST), min(bound, 1e6)],  # what is infinite ends beyond the edge
            start=[_LEAST, _LEAST],
            value=[1.3, 0.3],
            kind=["made", "bound"],
            label=[t.say("corrections_made", n=made), t.say(name, bound=bound, rho=rho)],
        )
    }


@cache
def eight(t: Texts) -> dict:
    """Draw the eight points, what the neuron calls 1, and its mistakes."""
    x, y = plane_axes("x", "z")
    return alt.layer(image(x, y), *_drawn_samples(x, y), name="eight").to_dict()


def eight_data(
    points: np.ndarray, y: np.ndarray, mistaken: np.ndarray, called: np.ndarray
) -> dict[str, pa.Table]:
    """Fill ``samples`` and ``surface``; ``called`` (n_cells, n_cells) is 1 or 0."""
    return {"samples": _samples(points, y, mistaken), "surface": surface_table(0.6 * (2 * called - 1))}


@cache
def feature(t: Texts) -> dict:
    """Draw the points along the feature h, those that would touch stacked, and the threshold."""
    x = axis_x("h", (-3.5, 4.7), (-2, 0, 2, 4))
    y = alt.Y("value:Q", scale=alt.Scale(domain=[0, 9], nice=False), axis=None)
    threshold = alt.Chart(alt.NamedData("threshold")).mark_rule(color=MODEL, strokeWidth=THICK)
    return alt.layer(threshold.encode(x=x), *_drawn_samples(x, y), name="feature").to_dict()


def feature_data(h: np.ndarray, y: np.ndarray, mistaken: np.ndarray, threshold: float) -> dict[str, pa.Table]:
    """Fill ``samples`` with h (n_samples,), one above the other where they would touch, and ``threshold``."""
    level = np.zeros(len(h))
    for i in range(len(h)):
        near = level[:i][np.abs(h[:i] - h[i]) < 0.45]
        level[i] = min(set(range(len(h))) - set(near.astype(int)))
    return {
        "samples": _samples(np.stack([h, 0.6 + level], 1), y, mistaken),
        "threshold": table(x=[threshold]),
    }
