"""A small network as a graph, its weights on the edges."""

from collections.abc import Mapping, Sequence
from functools import cache

import altair as alt
import pyarrow as pa

from explainer.charts.moving import table
from explainer.charts.palette import GREY, NEGATIVE, POSITIVE
from explainer.texts import Texts

# The lecture's graph: the constant and x at the left, two regressions, the third one at the right.
NODES = {"1": (0, 1), "x": (0, 0), "h₁": (1, 1), "h₂": (1, 0), "y": (2, 0.5)}
EDGES = (("1", "h₁"), ("x", "h₁"), ("1", "h₂"), ("x", "h₂"), ("h₁", "y"), ("h₂", "y"))
# Where along its edge a weight stands: crossing edges carry their numbers apart.
_ALONG = (0.5, 0.25, 0.25, 0.5, 0.5, 0.5)


def graph_data(t: Texts, weights: Mapping[str, float]) -> dict[str, pa.Table]:
    """Fill ``nodes``, and ``edges`` with weights in the order of ``EDGES``, by the names of their labels."""
    labels = [t.say("edge", name=t.say(name), value=value) for name, value in weights.items()]
    ends = [(*NODES[a], *NODES[b]) for a, b in EDGES]
    return places(NODES, ends, _ALONG, list(weights.values()), labels)


def places(
    nodes: Mapping[str, tuple[float, float]],
    ends: Sequence[tuple[float, float, float, float]],
    along: Sequence[float],
    weights: Sequence[float],
    labels: Sequence[str],
) -> dict[str, pa.Table]:
    """Fill ``nodes`` and ``edges``; an edge has its two ends, and its label a place along it."""
    return {
        "nodes": table(x=[x for x, _ in nodes.values()], y=[y for _, y in nodes.values()], name=list(nodes)),
        "edges": table(
            x=[end[0] for end in ends],
            y=[end[1] for end in ends],
            x2=[end[2] for end in ends],
            y2=[end[3] for end in ends],
            at_x=[x + (x2 - x) * s for (x, _, x2, _), s in zip(ends, along, strict=True)],
            at_y=[y + (y2 - y) * s for (_, y, _, y2), s in zip(ends, along, strict=True)],
            size=[abs(weight) for weight in weights],
            sign=["−" if weight < 0 else "+" for weight in weights],
            label=labels,
        ),
    }


@cache
def graph(t: Texts) -> dict:
    """Draw x → h₁, h₂ → y; the larger a weight, the wider its edge; negative ones are dashed and orange."""
    return layered("graph", (-0.2, 2.2), (-0.32, 1.32))


def layered(name: str, across: tuple[float, float], upwards: tuple[float, float], *more: alt.Chart) -> dict:
    """Draw ``nodes`` and ``edges``, data like those of `graph_data`, on a plane of these domains."""
    x = alt.X("x:Q", scale=alt.Scale(domain=list(across)), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=list(upwards)), axis=None)
    edges = (
        alt.Chart(alt.NamedData("edges"))
        .mark_rule()
        .encode(
            x=x,
            y=y,
            x2="x2:Q",
            y2="y2:Q",
            strokeWidth=alt.StrokeWidth(
                "size:Q", scale=alt.Scale(domain=[0, 3], range=[0.6, 8]), legend=None
            ),
            color=alt.Color(
                "sign:N", scale=alt.Scale(domain=["+", "−"], range=[POSITIVE, NEGATIVE]), legend=None
            ),
            strokeDash=alt.StrokeDash(
                "sign:N", scale=alt.Scale(domain=["+", "−"], range=[[1, 0], [7, 4]]), legend=None
            ),
        )
    )
    weights = alt.Chart(alt.NamedData("edges")).encode(x="at_x:Q", y="at_y:Q", text="label:N")
    # The system colour Canvas follows the light or dark page, so a halo of it keeps numbers off the edges.
    halo = weights.mark_text(
        baseline="middle", fontWeight="bold", stroke="Canvas", strokeWidth=8, strokeJoin="round"
    )
    labels = weights.mark_text(baseline="middle", fontWeight="bold", color=GREY)
    nodes = alt.Chart(alt.NamedData("nodes"))
    dots = nodes.mark_circle(opacity=1, color=GREY).encode(x="x:Q", y="y:Q")
    names = nodes.mark_text(color="white", fontWeight="bold", baseline="middle").encode(
        x="x:Q", y="y:Q", text="name:N"
    )
    layers = alt.layer(edges, halo, labels, dots, names, *more, name=name)
    return layers.configure_view(stroke=None).to_dict()
