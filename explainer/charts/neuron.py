"""The pictures of the page "The neuron": the cell and its caricature, a plane cut in two, a regression."""

from collections.abc import Mapping
from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts import network
from explainer.charts.lines import THICK, Line, axis_x, axis_y, styles
from explainer.charts.moving import curves, recorded, table
from explainer.charts.palette import CLASSES, DASHED, GREY, MODEL, SOLID
from explainer.charts.tiles import surface
from explainer.texts import Texts

LAST_FRAME = 59
_POWERS = "datum.value < 1e-12 ? '10⁻¹⁵' : datum.value < 1e-7 ? '10⁻¹⁰' : datum.value < 0.1 ? '10⁻⁵' : '1'"
PLANE = (-3.0, 3.0)
_NODES = {"1": (0, 1), "x₁": (0, 0.5), "x₂": (0, 0), "Σ": (1.15, 0.5), "≥0": (2.1, 0.5), "y": (2.8, 0.5)}
_EDGES = (("1", "Σ"), ("x₁", "Σ"), ("x₂", "Σ"), ("Σ", "≥0"), ("≥0", "y"))
OUT_OF_SIGHT = ([99.0, 99.0], [99.0, 99.0])  # a line that there is not; pictures clip it

# The cell, stroke by stroke: dendrites at the left, the axon and its endings at the right.
_DENDRITES = (
    ((0.3, 3.6), (1.5, 3.0), (3.2, 2.0)), ((0.4, 2.8), (1.5, 3.0)), ((0.1, 2.2), (1.6, 2.1), (3.2, 2.0)),
    ((0.7, 1.6), (1.6, 2.1)), ((0.3, 0.4), (1.7, 1.1), (3.2, 2.0)), ((0.2, 1.1), (1.7, 1.1)),
    ((2.6, 3.9), (2.9, 3.1), (3.2, 2.0)), ((2.5, 0.1), (2.9, 0.9), (3.2, 2.0)),
)  # fmt: skip
_AXON = (((3.2, 2.0), (5.5, 2.1), (7.8, 2.0)),)
_ENDINGS = (
    ((7.8, 2.0), (8.6, 2.8), (9.4, 3.4)), ((8.6, 2.8), (9.6, 2.6)), ((7.8, 2.0), (9.6, 1.9)),
    ((7.8, 2.0), (8.6, 1.2), (9.4, 0.5)), ((8.6, 1.2), (9.6, 1.2)),
)  # fmt: skip


def plane_axes(across: str, upwards: str) -> tuple[alt.X, alt.Y]:
    """Return the axes of the plane of two features, with their titles."""
    return axis_x(across, PLANE, (-2, 0, 2)), axis_y(PLANE, upwards, (-2, 0, 2))


def image(x: alt.X, y: alt.Y) -> alt.Chart:
    """Draw ``surface``: one image over the whole plane."""
    base = alt.Chart(alt.NamedData("surface")).mark_image(aspect=False)
    return base.encode(x=x, x2="x2:Q", y=y, y2="value2:Q", url="url:N")


def surface_table(values: np.ndarray) -> pa.Table:
    """Make the table of one image of signed values (n_cells, n_cells) over the whole plane."""
    low, high = PLANE
    return table(x=[low], x2=[high], value=[low], value2=[high], url=[surface(values)])


# -- the cell and the graph ------------------------------------------------------------------------


@cache
def artificial(t: Texts) -> dict:
    """Draw 1, x₁, x₂ → Σ → ≥ 0 → y with the weights on the edges and the inputs beside their nodes."""
    values = (
        alt.Chart(alt.NamedData("values"))
        .mark_text(align="right", baseline="middle", dx=-8, fontWeight="bold", color=GREY)
        .encode(x=alt.X("x:Q"), y=alt.Y("y:Q"), text="label:N")
    )
    return network.layered("artificial", (-0.6, 2.95), (-0.15, 1.15), values)


def artificial_data(
    t: Texts, weights: Mapping[str, float], inputs: tuple[float, float], rest: float, output: int
) -> dict[str, pa.Table]:
    """Fill ``nodes``, ``edges`` and ``values``; ``weights`` are w1, w2 and gamma, by these names."""
    minus = -weights["gamma"]
    sizes = [minus, weights["w1"], weights["w2"], rest, output]
    texts = [
        t.say("edge", name=t.say("minus_gamma"), value=minus),
        t.say("edge", name=t.say("w1"), value=weights["w1"]),
        t.say("edge", name=t.say("w2"), value=weights["w2"]),
        t.say("two_decimals", value=rest),
        str(output),
    ]
    ends = [(*_NODES[a], *_NODES[b]) for a, b in _EDGES]
    frames = network.places(_NODES, ends, (0.36, 0.42, 0.36, 0.5, 0.5), sizes, texts)
    x = [-0.12, -0.12]
    return frames | {
        "values": table(x=x, y=[0.5, 0.0], label=[t.say("one_decimal", value=value) for value in inputs])
    }


@cache
def biological(t: Texts) -> dict:
    """Draw a nerve cell and what of it the artificial one borrowed."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[-0.2, 10]), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[-0.2, 4.2]), axis=None)
    strokes = (
        alt.Chart(alt.NamedData("strokes"))
        .mark_line(color=GREY, strokeCap="round", interpolate="monotone", opacity=0.75)
        .encode(x=x, y=y, detail="path:N", order="order:Q")
        .encode(strokeWidth=alt.StrokeWidth("width:Q", scale=None))
    )
    body = alt.Chart(alt.NamedData("body")).mark_point(filled=True, color=GREY, opacity=1, size=1500)
    names = alt.Chart(alt.NamedData("names")).mark_text(
        align=alt.expr("datum.x > 5 ? 'right' : 'left'"), baseline="middle", fontWeight="bold", color=GREY
    )
    layers = alt.layer(
        strokes,
        body.encode(x=x, y=y),
        names.encode(x=x, y=y, text="name:N"),
        name="biological",
    )
    return layers.configure_view(stroke=None).to_dict()


def biological_data(t: Texts) -> dict[str, pa.Table]:
    """Fill ``strokes``, ``body`` and ``names``; nothing of it moves."""
    parts = ((3, _DENDRITES), (7, _AXON), (3, _ENDINGS))  # px
    paths = [(width, path) for width, found in parts for path in found]
    rows = [(*p, i, k, width) for i, (width, path) in enumerate(paths) for k, p in enumerate(path)]
    x, y, path, order, width = zip(*rows, strict=True)
    names = [t.say(name) for name in ("dendrites", "cell_body", "axon")]
    return {
        "strokes": table(x=x, y=y, path=path, order=order, width=width),
        "body": table(x=[3.2], y=[2.0]),
        "names": table(x=[3.2, 3.7, 7.7], y=[3.7, 1.0, 2.85], name=names),
    }


# -- one sum, three sigmas -------------------------------------------------------------------------


@cache
def section(t: Texts) -> dict:
    """Draw the output along x₁: the chosen sigma thick, the other two behind it."""
    looks = [Line(t.say("chosen_sigma"), MODEL, thick=True), Line(t.say("other_sigmas"), GREY, DASHED)]
    chart = (
        alt.Chart(alt.NamedData("lines"), name="section")
        .mark_line(clip=True)
        .encode(x=axis_x("x₁", PLANE, (-2, 0, 2)), y=axis_y((-1.5, 2.5), "y", (-1, 0, 1, 2)))
        .encode(detail="curve:N", **styles(looks, thin=2, legend=False))
    )
    return chart.to_dict()


def section_data(t: Texts, x: np.ndarray, outputs: dict[str, np.ndarray], chosen: str) -> dict:
    """Fill ``lines`` with the outputs (n_points,) of all sigmas, the chosen one last."""
    others = [output for name, output in outputs.items() if name != chosen]
    names = [t.say("other_sigmas")] * len(others) + [t.say("chosen_sigma")]
    return {"lines": curves(x, [*others, outputs[chosen]], names)}


@cache
def plane(t: Texts) -> dict:
    """Draw the output over the plane of two features, the line w x = gamma, its handles and its sides."""
    x, y = plane_axes("x₁", "x₂")
    line = alt.Chart(alt.NamedData("border")).mark_line(color=MODEL, strokeWidth=THICK, clip=True)
    sides = alt.Chart(alt.NamedData("sides")).encode(x=x, y=y, text="side:N")
    text = {"fontWeight": "bold", "baseline": "middle", "clip": True}
    handles = alt.Chart(alt.NamedData("handles")).mark_point(
        filled=True, size=260, color=MODEL, opacity=1, clip=True
    )
    layers = alt.layer(
        image(x, y),
        line.encode(x=x, y=y),
        sides.mark_text(stroke="Canvas", strokeWidth=8, strokeJoin="round", **text),  # the page's own colour
        sides.mark_text(color=GREY, **text),
        handles.encode(x=x, y=y),
        name="plane",
    )
    return layers.to_dict()


def plane_data(
    t: Texts,
    sigma: str,
    output: np.ndarray,
    line: np.ndarray,
    handles: tuple[tuple[float, float], ...],
    weights: Mapping[str, float],
) -> dict[str, pa.Table]:
    """Fill ``surface`` with the output (n_cells, n_cells), ``border``, ``handles`` and ``sides``."""
    linear = sigma == "linear_unit"
    across, upwards = line.T if len(line) else OUT_OF_SIGHT
    normal = np.array([weights["w1"], weights["w2"]])
    normal = normal / (np.hypot(*normal) or 1.0)
    steps = 1.1 * np.stack([normal, -normal])
    places = np.clip(line.mean(0) + steps, -2.6, 2.6) if len(line) else np.array(OUT_OF_SIGHT)
    return {
        "surface": surface_table(output / 3 if linear else 2 * output - 1),
        "border": table(x=across, value=upwards),
        "handles": table(x=[p[0] for p in handles], value=[p[1] for p in handles]),
        "sides": table(x=places[:, 0], value=places[:, 1], side=["y > 0", "y < 0"] if linear else ["1", "0"]),
    }


# -- a regression ----------------------------------------------------------------------------------


def _fits(t: Texts) -> list[Line]:
    return [
        Line(t.say("the_neuron"), MODEL, thick=True),
        Line(t.say("the_regression"), CLASSES[1], DASHED, thick=True),
    ]


def fit_marks(t: Texts) -> list[dict[str, str]]:
    """Return label, colour and dash of neuron and regression, for the table of the play bar."""
    return [
        {"label": look.name, "color": look.color, "dash": "solid" if look.dash == tuple(SOLID) else "dashed"}
        for look in _fits(t)
    ]


def _frame() -> alt.Parameter:
    """Make the parameter that the play bar moves."""
    bound = alt.binding_range(min=0, max=LAST_FRAME, step=1, name="frame")
    return alt.param(name="frame", value=LAST_FRAME, bind=bound)


@cache
def fits(t: Texts) -> dict:
    """Draw the samples, the regression, and the neuron at the frame of the play bar."""
    x, y = axis_x("x", PLANE, (-2, 0, 2)), axis_y((-0.6, 1.6), "y", (0, 1))
    points = alt.Chart(alt.NamedData("points")).mark_point(
        filled=True, size=60, color=GREY, opacity=0.8, clip=True
    )
    runs = (
        alt.Chart(alt.NamedData("runs"))
        .transform_calculate(value="datum['f' + frame]")
        .mark_line(clip=True)
        .encode(x=x, y=y, **styles(_fits(t), legend=False))  # the play bar names them
    )
    return alt.layer(points.encode(x=x, y=y), runs, name="fits").add_params(_frame()).to_dict()


def fits_data(
    t: Texts, points: tuple[np.ndarray, np.ndarray], grid: np.ndarray, run: np.ndarray, curve: np.ndarray
) -> dict[str, pa.Table]:
    """Fill ``points``, and ``runs`` with the neuron (n_frames, n_points) and, if there is one, the curve."""
    records = [run, np.tile(curve, (len(run), 1))] if len(curve) else [run]
    names = [look.name for look in _fits(t)][: len(records)]
    return {
        "points": table(x=points[0], value=points[1]),
        "runs": recorded(grid, records, names),
    }


@cache
def differences(t: Texts) -> dict:
    """Draw the largest difference of the weights step by step, with a cursor at the frame."""
    x = axis_x(t.say("lm_step"), domain=(0, LAST_FRAME), values=(0, 20))
    axis = alt.Axis(
        title=t.say("weight_difference"),
        values=[1e-15, 1e-10, 1e-5, 1],
        labelExpr=_POWERS,
        titleAngle=0,
        titleAlign="left",
        titleBaseline="bottom",
        titleX=0,
        titleY=-6,
    )
    y = alt.Y("value:Q", scale=alt.Scale(type="log", domain=[1e-17, 10], clamp=True, nice=False), axis=axis)
    base = alt.Chart(alt.NamedData("differences"))
    now = base.transform_filter("datum.x == frame")
    return (
        alt.layer(
            now.mark_rule(color=GREY).encode(x=x),
            base.mark_line(color=MODEL, strokeWidth=THICK, clip=True).encode(x=x, y=y),
            now.mark_point(filled=True, size=120, opacity=1, color=MODEL, clip=True).encode(x=x, y=y),
            name="differences",
        )
        .add_params(_frame())
        .to_dict()
    )


def differences_data(found: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``differences`` (n_frames,); without any, with one point beyond the edge."""
    if not len(found):
        return {"differences": table(x=[-9], value=[1.0])}
    return {"differences": table(x=np.arange(len(found)), value=np.maximum(found, 1e-17))}
