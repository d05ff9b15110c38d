"""The pictures of the page "Activation functions": small panels under one cursor, one function, a race."""

from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.lines import THICK, Line, axis_x, axis_y, styles
from explainer.charts.moving import curves, table
from explainer.charts.palette import CLASSES, DASHED, ERROR, GREY, MODEL
from explainer.texts import Texts

LAST_FRAME = 59
EDGE = 6.0
_NARROW = 480  # px: below it a picture of eight panels has two columns, not four

# Where the two plots of a panel begin and end, in heights of the panel, and the values that they show. In
# the upper one stands f, on one scale for all that is bounded and one for the others; f' has one for all.
_F_PLOT, _SLOPE_PLOT = (0.4, 0.87), (0.02, 0.36)
_BOUNDED, _UNBOUNDED, _SLOPES = (-1.2, 2.0), (-2.0, 6.0), (-0.3, 1.8)
NAMES = (
    *("identity", "sigmoid", "tanh", "softsign", "heaviside", "softplus"),
    *("relu", "leaky_relu", "elu", "gelu", "silu"),
)  # the order of the registry, from top to bottom
_WITHIN_ONE = ("sigmoid", "tanh", "softsign", "heaviside")


def _looks(t: Texts) -> list[Line]:
    return [Line("f", MODEL, thick=True), Line("f′", CLASSES[1], DASHED, thick=True)]


# -- from linear to nonlinear ----------------------------------------------------------------------


@cache
def hinge(t: Texts) -> dict:
    """Draw the activation and, behind it, f(x) = x."""
    looks = [Line("f(x) = x", GREY, DASHED), Line("f", CLASSES[1], thick=True)]
    return _lines(looks, axis_y((-3, 3), "f", values=(-2, 0, 2)), "hinge")


def hinge_data(x: np.ndarray, f: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``lines`` with f (n_points,) over x and the identity."""
    return {"lines": curves(x, [x, f], ["f(x) = x", "f"])}


@cache
def fit(t: Texts) -> dict:
    """Draw the curve to learn and, once it is asked for, what the network makes of it."""
    return _lines(_fit_looks(t), axis_y((-1.6, 1.6), values=(-1, 0, 1)), "fit")


def _fit_looks(t: Texts) -> list[Line]:
    return [Line(t.say("target_curve"), GREY, DASHED), Line(t.say("trained"), MODEL, thick=True)]


def fit_data(t: Texts, x: np.ndarray, curve: np.ndarray, output: np.ndarray | None) -> dict[str, pa.Table]:
    """Fill ``lines`` with the target (n_points,) and, if there is one, the output (n_points,)."""
    shown = [curve] if output is None else [curve, output]
    return {"lines": curves(x, shown, [look.name for look in _fit_looks(t)][: len(shown)])}


def _lines(looks: list[Line], y: alt.Y, name: str) -> dict:
    marks = alt.Chart(alt.NamedData("lines"), name=name).mark_line(clip=True)
    return marks.encode(x=axis_x(), y=y, detail="curve:N", **styles(looks)).to_dict()


# -- one cursor ------------------------------------------------------------------------------------


@cache
def panels(t: Texts) -> dict:
    """Draw small panels, each with f above and f′ below, under one cursor.

    All panels are one plot, 1 wide and 1 high: the data say which panel and where in it, and the browser
    says how many columns there is room for.
    """
    columns = f"(datum.of > 4 && width >= {_NARROW} ? 4 : 2)"
    rows = f"(datum.of / {columns})"

    def across(x: str) -> str:
        return f"(datum.panel % {columns} + 0.03 + 0.88 * (datum.{x} + {EDGE}) / {2 * EDGE}) / {columns}"

    def up(v: str) -> str:
        return f"1 - (floor(datum.panel / {columns}) + 1 - datum.{v}) / {rows}"

    def chart(name: str) -> alt.Chart:
        return alt.Chart(alt.NamedData(name)).transform_calculate(at_x=across("x"), at_y=up("v"))

    def segments(name: str) -> alt.Chart:
        return chart(name).transform_calculate(to_x=across("x2"), to_y=up("v2"))

    unit = alt.Scale(domain=[0, 1], nice=False, zero=False)
    start = {"x": alt.X("at_x:Q", scale=unit, axis=None), "y": alt.Y("at_y:Q", scale=unit, axis=None)}
    end = {"x2": "to_x:Q", "y2": "to_y:Q"}
    scales = segments("scales").mark_rule(color=GREY, opacity=0.6).encode(**start, **end)
    ticks = segments("scales").mark_text(color=GREY, align="left", baseline="middle", dx=3)
    look = styles(_looks(t), legend=False)
    lines = chart("lines").mark_line().encode(**start, **look, detail=["panel:N", "curve:N"])
    cursors = segments("cursors").mark_rule(color=GREY, strokeWidth=1.5, strokeDash=DASHED)
    tangents = segments("tangents").mark_rule(color=ERROR, strokeWidth=THICK)
    points = chart("points").mark_point(filled=True, size=90, opacity=1, stroke="Canvas", strokeWidth=1.5)
    words = chart("words").encode(**start, text="text:N")
    halo = words.mark_text(align="left", stroke="Canvas", strokeWidth=5, strokeJoin="round")
    names = words.mark_text(align="left", color=GREY, fontWeight="bold")
    return (
        alt.layer(
            scales,
            ticks.encode(x=alt.X("to_x:Q", scale=unit, axis=None), y=start["y"], text="tick:N"),
            cursors.encode(**start, **end),
            lines,
            tangents.encode(**start, **end),
            points.encode(**start, color=look["color"]),
            halo,
            names,
            name="panels",
        )
        .configure_view(stroke=None)
        .to_dict()
    )


def panels_data(
    t: Texts,
    names: tuple[str, ...],
    x: np.ndarray,
    values: tuple[np.ndarray, np.ndarray],
    cursor: float,
    at: tuple[np.ndarray, np.ndarray],
) -> dict[str, pa.Table]:
    """Fill the panels of ``names`` with curves, cursor, tangents and numbers.

    ``values`` are f and f′ (n_names, n_points) over x, ``at`` (n_names,) those at the cursor. What lies
    above or below a plot is left out.
    """
    n, half = len(names), x < 0
    fs = [_BOUNDED if name in _WITHIN_ONE else _UNBOUNDED for name in names]
    lines, scales, tangents, points, words = ([] for _ in range(5))
    for panel, (name, domain) in enumerate(zip(names, fs, strict=True)):
        plots = ((_F_PLOT, domain, "f"), (_SLOPE_PLOT, _SLOPES, "f′"))
        words.append((panel, -EDGE, 0.94, t.say(name)))
        for (place, view, line), curve, now in zip(plots, values, at, strict=True):
            v = _height(curve[panel], place, view)
            inside = (v >= place[0]) & (v <= place[1])
            number = 2 * (line == "f′") + half[inside]
            lines.append((np.full(inside.sum(), panel), x[inside], v[inside], number, line))
            tick = 1.0 if view != _UNBOUNDED else 5.0
            for value in (0.0, tick):
                level = _height(value, place, view)
                scales.append((panel, -EDGE, level, EDGE, level, f"{value:.0f}"))
            scales.append((panel, 0.0, place[0], 0.0, place[1], ""))
            height = _height(now[panel], place, view)
            if place[0] <= height <= place[1]:
                points.append((panel, cursor, height, line))
            words.append(
                (panel, -EDGE, place[1] - 0.065, t.say("value_of", name=line, value=float(now[panel])))
            )
        tangents.append((panel, *_tangent(cursor, at[0][panel], at[1][panel], domain)))

    parts = [np.concatenate([line[i] for line in lines]) for i in range(4)]
    drawn = {"panel": parts[0], "x": parts[1], "v": parts[2], "curve": parts[3]}
    drawn["line"] = np.repeat([line[4] for line in lines], [len(line[0]) for line in lines])
    ends = [_F_PLOT, _SLOPE_PLOT]
    upright = [(panel, cursor, low, cursor, high) for panel in range(n) for low, high in ends]
    segment = ("panel", "x", "v", "x2", "v2")
    return {
        "lines": table(of=np.full(len(parts[0]), n), **drawn),
        "scales": _rows(n, (*segment, "tick"), scales),
        "cursors": _rows(n, segment, upright),
        "tangents": _rows(n, segment, tangents),
        "points": _rows(n, ("panel", "x", "v", "line"), points),
        "words": _rows(n, ("panel", "x", "v", "text"), words),
    }


def _rows(n: int, names: tuple[str, ...], rows: list[tuple]) -> pa.Table:
    """Make a table of rows that belong to one of ``n`` panels."""
    return table(
        of=np.full(len(rows), n), **dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    )


def _height(value: np.ndarray | float, place: tuple[float, float], view: tuple[float, float]) -> np.ndarray:
    """Return where in its panel a value stands, in heights of the panel."""
    return place[0] + (np.asarray(value) - view[0]) / (view[1] - view[0]) * (place[1] - place[0])


def _tangent(
    x: float, f: float, slope: float, view: tuple[float, float]
) -> tuple[float, float, float, float]:
    """Return the ends (x, v, x2, v2) of the piece of a tangent that is in view, 3 wide or less.

    Where nothing of it is in view it has no length.
    """
    low, high = max(-EDGE, x - 1.5), min(EDGE, x + 1.5)
    if slope != 0:
        edges = sorted(x + (bound - f) / slope for bound in view)
        low, high = max(low, edges[0]), min(high, edges[1])
    if low > high or not view[0] <= f <= view[1]:
        low = high = float(np.clip(x, -EDGE, EDGE))
        slope, f = 0.0, float(np.clip(f, *view))
    ends = [float(_height(f + slope * (end - x), _F_PLOT, view)) for end in (low, high)]
    return low, ends[0], high, ends[1]


# -- one function in detail ------------------------------------------------------------------------


@cache
def detail(t: Texts) -> dict:
    """Draw one function, its derivative, where that is largest, and where it dies."""
    x = axis_x(domain=(-EDGE, EDGE), values=(-4, -2, 0, 2, 4))
    y = axis_y((-1.7, 3.2), values=(-1, 0, 1, 2, 3))
    y["axis"]["title"] = None
    low = alt.X("low:Q", scale=x["scale"], axis=x["axis"])
    zones = alt.Chart(alt.NamedData("zones")).mark_rect(color=ERROR, opacity=0.16).encode(x=low, x2="high:Q")
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_line(clip=True)
        .encode(x=x, y=y, detail="curve:N", **styles(_looks(t)))
    )
    peak = alt.Chart(alt.NamedData("peak")).mark_point(
        filled=True, size=160, opacity=1, color=ERROR, shape="triangle-down", yOffset=-12, clip=True
    )
    return alt.layer(zones, lines, peak.encode(x=x, y=y), name="detail").to_dict()


def detail_data(
    x: np.ndarray, f: np.ndarray, slope: np.ndarray, living: tuple[float, float], peak: tuple[float, float]
) -> dict[str, pa.Table]:
    """Fill ``lines`` with f and f′ (n_points,), ``zones`` with what lies outside of ``living`` in view.

    ``peak`` is where f′ is largest and how large. The value at a kink is not drawn: the lines jump there.
    """
    low, high = np.clip(living, -EDGE, EDGE)
    parts = (x < 0, x > 0)
    pieces = [
        curves(x[side], [f[side], slope[side]], ["f", "f′"], first=2 * i) for i, side in enumerate(parts)
    ]
    return {
        "lines": pa.concat_tables(pieces),
        "zones": table(low=[-EDGE, high], high=[low, EDGE]),
        "peak": table(x=[np.clip(peak[0], -EDGE, EDGE)], value=[peak[1]]),
    }


# -- the race --------------------------------------------------------------------------------------

_LOSSES, _LOSS_TICKS = (1e-6, 20.0), (1e-6, 1e-4, 1e-2, 1)
_POWERS = "datum.value < 1e-5 ? '10⁻⁶' : datum.value < 1e-3 ? '10⁻⁴' : datum.value < 0.1 ? '10⁻²' : '1'"


def _race_looks(t: Texts) -> list[Line]:
    return [Line(t.say("others"), GREY), Line(t.say("picked"), MODEL, thick=True)]


def race_marks(name: str) -> list[dict[str, str]]:
    """Return label, colour and dash of the function picked, for the table of the play bar."""
    return [{"label": name, "color": MODEL, "dash": "solid"}]


def _frame() -> alt.Parameter:
    """Make the parameter that the play bar moves."""
    bound = alt.binding_range(min=0, max=LAST_FRAME, step=1, name="frame")
    return alt.param(name="frame", value=LAST_FRAME, bind=bound)


@cache
def race(t: Texts) -> dict:
    """Draw the loss by step, both logarithmic: medians, and around the one picked the spread of its seeds."""
    across = alt.Scale(type="symlog", domain=[0, 300], nice=False)
    x = axis_x(t.say("lm_step"), domain=(0, 300), values=(0, 3, 20))
    x["scale"] = across
    y = axis_y(_LOSSES, "MSE", values=_LOSS_TICKS)
    y["scale"] = alt.Scale(type="log", domain=list(_LOSSES), clamp=True, nice=False)
    y["axis"]["labelExpr"] = _POWERS
    picked = alt.Chart(alt.NamedData("picked"))
    band = picked.mark_area(color=MODEL, opacity=0.25, clip=True)
    low = alt.Y("low:Q", scale=y["scale"], axis=y["axis"])
    lines = alt.Chart(alt.NamedData("lines")).mark_line(clip=True)
    now = picked.transform_filter("datum.frame == frame")
    return (
        alt.layer(
            band.encode(x=x, y=low, y2="high:Q"),
            lines.encode(x=x, y=y, detail="curve:N", **styles(_race_looks(t), thin=1.2, legend=False)),
            now.mark_rule(color=GREY, strokeWidth=2).encode(x=x),
            name="race",
        )
        .add_params(_frame())
        .to_dict()
    )


def race_data(t: Texts, steps: np.ndarray, losses: np.ndarray, picked: int) -> dict[str, pa.Table]:
    """Fill ``lines`` with medians of losses (n_names, n_frames, n_seeds), ``picked`` with the spread of one.

    The one picked, a row of ``losses``, is drawn last.
    """
    names = [look.name for look in _race_looks(t)]
    order = [*(i for i in range(len(losses)) if i != picked), picked]
    medians = np.median(losses[order], 2)
    mine = losses[picked]
    return {
        "lines": curves(steps, medians, [names[i == picked] for i in order]),
        "picked": table(x=steps, low=mine.min(1), high=mine.max(1), frame=np.arange(len(steps))),
    }


@cache
def ranking(t: Texts) -> dict:
    """Draw, for every function, the median loss and the spread at the frame of the play bar."""
    scale = alt.Scale(type="log", domain=list(_LOSSES), clamp=True, nice=False)
    axis = alt.Axis(title="MSE", values=list(_LOSS_TICKS), labelExpr=_POWERS, titleBaseline="top", titleY=7)
    x = alt.X("value:Q", scale=scale, axis=axis)
    names = alt.Axis(
        title=None, labelLimit=0, labelOverlap=False, labelFlush=False, ticks=False, domain=False
    )
    y = alt.Y("name:N", scale=alt.Scale(domain=[t.say(name) for name in NAMES]), axis=names)
    base = alt.Chart(alt.NamedData("runs")).transform_calculate(
        value="datum['f' + frame]", low="datum['low' + frame]", high="datum['high' + frame]"
    )
    looks = [look.name for look in _race_looks(t)]
    color = alt.Color("line:N", scale=alt.Scale(domain=looks, range=[GREY, MODEL]), legend=None)
    mine = alt.FieldOneOfPredicate(field="line", oneOf=looks[1:])
    size = alt.when(mine).then(alt.value(200)).otherwise(alt.value(90))
    return (
        alt.layer(
            base.mark_rule(strokeWidth=3, opacity=0.6).encode(
                x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", y=y, color=color
            ),
            base.mark_point(filled=True, opacity=1).encode(x=x, y=y, color=color, size=size),
            name="ranking",
        )
        .add_params(_frame())
        .to_dict()
    )


def ranking_data(t: Texts, names: tuple[str, ...], losses: np.ndarray, picked: int) -> dict[str, pa.Table]:
    """Fill ``runs``: a row a function; columns f0 … the median, low0 … and high0 … the ends of the spread."""
    spread = {"f": np.median(losses, 2), "low": losses.min(2), "high": losses.max(2)}
    columns = {f"{key}{i}": values[:, i] for key, values in spread.items() for i in range(losses.shape[1])}
    lines = [_race_looks(t)[i == picked].name for i in range(len(names))]
    return {"runs": table(name=[t.say(name) for name in names], line=lines, **columns)}
