"""Many hidden neurons: their borders and their shares of the output, and what their number is worth."""

from collections.abc import Mapping
from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts import network
from explainer.charts.classification import frame
from explainer.charts.lines import THICK, axis_x, axis_y
from explainer.charts.mlp import (
    VIEW,
    borders,
    handles_on,
    line_table,
    point_table,
    points,
)
from explainer.charts.moving import table
from explainer.charts.palette import CLASSES, GREY, MODEL
from explainer.charts.probability_map import image, image_table
from explainer.texts import Texts

MOST = 12
_HUES = CLASSES[2:5]  # the first two are the classes'; a dash tells neurons of one colour apart
_BELOW = 0.17  # of the height of the graph: between a node and the next one
_LARGEST = 14  # |v| at the edge of the picture
_UPPER, _LOWER = (0.42, 0), (1, 0.56)  # of the height: lower and upper end of the two halves of a picture


def _looks(n: int) -> list[tuple[str, str, float]]:
    return [(_HUES[j % 3], str(j // 3), 2.5) for j in range(n)]


@cache
def army_plane(t: Texts) -> dict:
    """Draw P(y = 1) over the plane, the points, and the borders of the hidden neurons with their numbers."""
    x, y = axis_x("x₁", VIEW, (-4, 0, 4)), axis_y(VIEW, "x₂", (-4, 0, 4))
    layers = (image(x, y), *points(x, y, 50), *borders(x, y))
    return alt.layer(*layers, name="army_plane").add_params(frame()).to_dict()


def army_plane_data(
    t: Texts,
    levels: np.ndarray,
    ends: np.ndarray,
    sides: np.ndarray,
    X: np.ndarray,
    y: np.ndarray,
    mistaken: np.ndarray,
) -> dict[str, pa.Table]:
    """Fill ``map`` (1, n_rows, n_columns), ``lines`` and ``points``.

    The borders have ``ends`` (1, n, 2, 2) and ``sides`` (1, n, 2); of the points X, y the ``mistaken``
    (n_samples,) are ringed.
    """
    names = [str(j + 1) for j in range(ends.shape[1])]
    return {
        "map": image_table(levels, VIEW),
        "lines": line_table(ends, sides, names, _looks(len(names))),
        "points": point_table(X[None], y, mistaken[None]),
    }


@cache
def army_worth(t: Texts) -> dict:
    """Draw what the neurons are worth, over one axis that counts them: together above, one by one below.

    Above is the share of right answers on fresh points against their number n, a dot a beginning; below
    the weight with which neuron j of the network that is shown enters the output, in its colour.
    """
    x = axis_x("j", (0.5, MOST + 0.5), (1, 4, 8))
    right = axis_y((0.45, 1.25), t.say("army_right"), (0.5, 0.75, 1))  # above 100 % stands what it is
    right["axis"]["format"] = ".0%"
    right["axis"]["titleAlign"], right["axis"]["titleX"], right["axis"]["titleY"] = "left", 6, 0
    weight = axis_y((-_LARGEST, _LARGEST), "vⱼ", (-10, 0))
    for y, (lower, upper) in ((right, _UPPER), (weight, _LOWER)):
        y["scale"]["range"] = [alt.expr(f"{lower} * height"), alt.expr(f"{upper} * height")]
    weight["axis"]["orient"], weight["axis"]["titleY"] = "left", alt.expr(f"{_LOWER[1]} * height")
    dots, medians = alt.Chart(alt.NamedData("dots")), alt.Chart(alt.NamedData("medians"))
    now = alt.Chart(alt.NamedData("now"))
    above = alt.layer(
        medians.mark_area(color=MODEL, opacity=0.15).encode(
            x=x, y=alt.Y("low:Q", scale=right["scale"], axis=right["axis"]), y2="high:Q"
        ),
        now.mark_rule(color=GREY, strokeWidth=2).encode(x=x, y=alt.datum(0.45), y2=alt.datum(1.05)),
        medians.mark_line(color=MODEL, strokeWidth=THICK).encode(x=x, y=right),
        dots.mark_point(filled=True, size=35, color=GREY, opacity=0.8).encode(x=x, y=right),
        now.mark_point(filled=True, size=150, color=MODEL, opacity=1).encode(x=x, y=right),
    )
    look = {"fontWeight": "bold", "color": "CanvasText", "align": "right", "baseline": "top"}
    end = {"x": alt.expr("width"), "y": alt.expr(f"{_UPPER[0]} * height + 7")}  # of the upper half's axis
    title = alt.Chart(alt.NamedData("title")).mark_text(**look, **end).encode(text="text:N")
    bars = alt.Chart(alt.NamedData("shares")).mark_rect(clip=True)
    below = alt.layer(
        bars.encode(x=x, x2="x2:Q", y=weight, y2="value2:Q", color=alt.Color("color:N", scale=None)),
        alt.Chart(alt.NamedData("zero")).mark_rule(color=GREY).encode(y=weight),
    )
    return alt.layer(above, below, title, name="army_worth").resolve_scale(y="independent").to_dict()


def army_worth_data(
    t: Texts, accuracy: np.ndarray, n: int, start: int, share: np.ndarray
) -> dict[str, pa.Table]:
    """Fill the picture with accuracy (`MOST`, n_starts) and the output's weights ``share`` (n,).

    The accuracy of ``n`` neurons from ``start`` is marked.
    """
    width = np.arange(1, MOST + 1)
    left = np.arange(n) + 0.65
    colors = [look[0] for look in _looks(n)]
    return {
        "dots": table(x=np.repeat(width, accuracy.shape[1]), value=accuracy.ravel()),
        "medians": table(x=width, value=np.median(accuracy, 1), low=accuracy.min(1), high=accuracy.max(1)),
        "now": table(x=[n], value=[accuracy[n - 1, start]]),
        "shares": table(x=left, x2=left + 0.7, value=share, value2=np.zeros(n), color=colors),
        "zero": table(value=[0.0]),
        "title": table(text=["n"]),
    }


# -- one point through the matrices ----------------------------------------------------------------


@cache
def traced_plane(t: Texts) -> dict:
    """Draw P(y = 1) over the plane, the borders of the hidden neurons, and the point that is traced."""
    x, y = axis_x("x₁", VIEW, (-4, 0, 4)), axis_y(VIEW, "x₂", (-4, 0, 4))
    layers = (image(x, y), *points(x, y, 40), *borders(x, y), handles_on(x, y))
    return alt.layer(*layers, name="traced_plane").add_params(frame()).to_dict()


def traced_plane_data(
    t: Texts,
    levels: np.ndarray,
    ends: np.ndarray,
    sides: np.ndarray,
    X: np.ndarray,
    y: np.ndarray,
    place: tuple[float, float],
) -> dict[str, pa.Table]:
    """Fill the picture like `army_plane_data`; nobody is marked as called wrongly."""
    frames = army_plane_data(t, levels, ends, sides, X, y, np.zeros(len(y), bool))
    return {**frames, "handles": table(x=[place[0]], value=[place[1]], color=[MODEL])}


@cache
def traced_graph(t: Texts) -> dict:
    """Draw x₁, x₂ → h₁ … hₙ → p̂ with what every neuron says now beside it."""
    base = alt.Chart(alt.NamedData("values")).encode(x=alt.X("x:Q"), y=alt.Y("y:Q"), text="label:N")
    text = {"baseline": "middle", "fontWeight": "bold"}
    halo = base.mark_text(stroke="Canvas", strokeWidth=8, strokeJoin="round", **text)
    return network.layered(
        "traced_graph", (-0.2, 2.2), (-0.3, 1.15), halo, base.mark_text(color=GREY, **text)
    )


def traced_graph_data(
    t: Texts, W1: np.ndarray, W2: np.ndarray, numbers: Mapping[str, np.ndarray | float]
) -> dict[str, pa.Table]:
    """Fill the graph with W1 (2, n), W2 (n, 1) and the numbers of one point: rows x and h, and p."""
    n = len(W2)
    heights = [1 - j / (n - 1) if n > 1 else 0.5 for j in range(n)]
    nodes = {"x₁": (0.0, 0.75), "x₂": (0.0, 0.25)}
    nodes |= {f"h{'₁₂₃₄'[j]}": (1.0, height) for j, height in enumerate(heights)} | {"p̂": (2.0, 0.5)}
    hidden = list(nodes)[2:-1]
    pairs = [(x, h) for x in ("x₁", "x₂") for h in hidden] + [(h, "p̂") for h in hidden]
    ends = [(*nodes[a], *nodes[b]) for a, b in pairs]
    sizes = [*W1.ravel(), *(W2.ravel() / 4)]  # the widest edges of both layers about the same
    frames = network.places(nodes, ends, [0.5] * len(ends), sizes, [""] * len(ends))
    said = [*numbers["x"][0], *numbers["h"][0], numbers["p"]]
    x, y = zip(*nodes.values(), strict=True)
    labels = [t.say("two_decimals", value=float(value)) for value in said]
    return frames | {"values": table(x=x, y=[height - _BELOW for height in y], label=labels)}
