"""A graph that torch has traced, as boxes in layers: what became of its nodes, and what flows back."""

from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.layers import layout
from explainer.charts.moving import table
from explainer.charts.palette import DASHED, DOTTED, ERROR, GREY, MODEL, NEGATIVE, SOLID
from explainer.texts import Texts, number

_STATES = ("later", "symbol", "value", "unused", "merged", "error")
_WIDE = {"later": 1, "on": 2, "off": 1, "back": 6}  # px
_FILLED = ("symbol", "value", "error")
_HALF = {"trace": 0.08, "gradients": 0.05}  # of the height: half a node


def _at(field: str, channel: type = alt.X) -> alt.X | alt.Y:
    return channel(field, scale=alt.Scale(domain=[0, 1], nice=False), axis=None)


def short(value: float) -> str:
    """Write a value as short as it can be: whole numbers without decimals, a dash for what is no number."""
    if not np.isfinite(value):
        return "—"
    return number(int(value)) if value == int(value) and abs(value) < 1e5 else number(float(value))


def _graph(name: str) -> dict:
    """Draw nodes as boxes: dotted is still to come, grey has no number, blue has, dashed has gone."""
    x, y = _at("x:Q"), _at("y:Q", alt.Y)
    domain = list(_STATES)
    fills = ["transparent", GREY, MODEL, "transparent", "transparent", ERROR]
    strokes = [GREY, GREY, MODEL, ERROR, NEGATIVE, ERROR]
    scale = {"domain": domain}
    edges, nodes = alt.Chart(alt.NamedData("edges")), alt.Chart(alt.NamedData("nodes"))
    kinds = {"domain": ["later", "on", "off", "back"]}
    lines = edges.mark_line().encode(
        x=x,
        y=y,
        detail="edge:N",
        order="order:Q",
        color=alt.Color("kind:N", scale=alt.Scale(**kinds, range=[GREY, GREY, GREY, NEGATIVE]), legend=None),
        strokeDash=alt.StrokeDash(
            "kind:N", scale=alt.Scale(**kinds, range=[DOTTED, SOLID, DOTTED, SOLID]), legend=None
        ),
        strokeWidth=alt.StrokeWidth("wide:Q", scale=None, legend=None),
    )

    def boxes(dash: Sequence[int], *shown: str) -> alt.Chart:  # a rectangle's dash cannot follow its data
        return (
            nodes.transform_filter(alt.FieldOneOfPredicate(field="state", oneOf=list(shown)))
            .mark_rect(cornerRadius=7, strokeWidth=2.5, strokeDash=dash)
            .encode(
                x=_at("left:Q"),
                x2="right:Q",
                y=_at("low:Q", alt.Y),
                y2="high:Q",
                fill=alt.Fill("state:N", scale=alt.Scale(**scale, range=fills), legend=None),
                stroke=alt.Stroke("state:N", scale=alt.Scale(**scale, range=strokes), legend=None),
            )
        )

    filled = alt.FieldOneOfPredicate(field="state", oneOf=list(_FILLED))
    labels = nodes.mark_text(baseline="middle", fontWeight="bold", limit=alt.ExprRef("0.16 * width")).encode(
        x=x, y=y, text="label:N", color=alt.when(filled).then(alt.value("white")).otherwise(alt.value(GREY))
    )
    below = nodes.mark_text(baseline="top", dy=3, color=GREY, fontWeight="bold").encode(
        x=x,
        y=_at("low:Q", alt.Y),
        text="below:N",
    )
    above = nodes.mark_text(baseline="bottom", dy=-3, color=GREY).encode(
        x=x, y=_at("high:Q", alt.Y), text="above:N"
    )
    boxed = [boxes(DOTTED, "later"), boxes(DASHED, "unused", "merged"), boxes(SOLID, *_FILLED)]
    layers = [lines, *boxed, labels, below] + ([above] if name == "gradients" else [])
    return alt.layer(*layers, name=name).configure_view(stroke=None).to_dict()


def _fill(
    name: str,
    labels: Sequence[str],
    ends: np.ndarray,
    states: Sequence[str],
    kinds: Sequence[str],
    **notes: Sequence[str],
) -> dict[str, pa.Table]:
    at = layout(len(labels), ends)
    points = [(i, j, *point) for i, path in enumerate(at.paths) for j, point in enumerate(path)]
    edge, order, x, y = (np.array(column) for column in zip(*points, strict=True))
    return {
        "nodes": table(
            x=at.x,
            y=at.y,
            left=at.x - at.half,
            right=at.x + at.half,
            low=at.y - _HALF[name],
            high=at.y + _HALF[name],
            label=list(labels),
            state=list(states),
            **{key: list(note) for key, note in notes.items()},
        ),
        "edges": table(
            x=x,
            y=y,
            edge=edge,
            order=order,
            kind=[kinds[i] for i in edge],
            wide=[_WIDE[kinds[i]] for i in edge],
        ),
    }


@cache
def trace(t: Texts) -> dict:
    """Draw the graph that torch has traced, and what became of its nodes."""
    return _graph("trace")


def trace_data(
    t: Texts,
    labels: Sequence[str],
    ends: np.ndarray,
    states: Sequence[str],
    notes: tuple[Sequence[str], np.ndarray, np.ndarray, np.ndarray],
) -> dict[str, pa.Table]:
    """Fill ``nodes`` and ``edges``; under a node stands its number, its place in memory, or why it has gone.

    ``notes`` are the labels of the twins of merged nodes, places, values and sizes.
    """
    below = []
    for state, twin, place, value, size in zip(states, *notes, strict=True):
        if state == "value":
            below.append(f"{size} × {short(value)}")
        elif state == "merged":
            below.append(f"= {twin.partition(':')[0]}")
        elif state == "unused":
            below.append(t.say("unused_node"))
        else:
            below.append(t.say("memory_place", n=int(place)) if place else "")
    kinds = [
        "later"
        if "later" in (pair := (states[a], states[b]))
        else "off"
        if {"unused", "merged"} & set(pair)
        else "on"
        for a, b in ends
    ]
    upper = [
        label.upper() if len(label) == 1 else label[:1].upper() + label[1:] if label[1:2] == ":" else label
        for label in labels
    ]
    below = [note.upper() if note.startswith("= ") else note for note in below]
    return _fill("trace", upper, ends, states, kinds, below=below)


@cache
def gradients(t: Texts) -> dict:
    """Draw a graph with its values above the nodes, and below them the derivatives that have come back."""
    return _graph("gradients")


def gradients_data(
    t: Texts,
    labels: Sequence[str],
    ends: np.ndarray,
    values: np.ndarray,
    derivative: np.ndarray,
    flows: np.ndarray,
) -> dict[str, pa.Table]:
    """Fill ``nodes`` and ``edges``; NaN among derivatives and flows is what has not come back yet."""
    return _fill(
        "gradients",
        labels,
        ends,
        ["value"] * len(labels),
        ["on" if np.isnan(flow) else "back" for flow in flows],
        above=[short(value) for value in values],
        below=["" if np.isnan(d) else f"∂ {short(d)}" for d in derivative],
    )
