"""The pictures of the page "Linear regression": a line through points, and the loss over its two weights."""

from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.lines import THICK, X_VIEW, Line, axis_x, axis_y, styles
from explainer.charts.moving import curves, table
from explainer.charts.palette import CLASSES, DASHED, ERROR, GREY, MODEL
from explainer.texts import Texts

Y_VIEW = (-4.0, 4.0)
W_VIEW = (-3.0, 3.0)  # of both weights
LAST_FRAME = 59
_LOSSES = (Line("MSE", MODEL, thick=True), Line("MAE", CLASSES[1], DASHED, thick=True))
_AWAY = 1e3  # out of sight: an empty table would make the browser forget its columns
_HEAD = 0.16  # length of an arrow's head, in weights
_ARROW = 0.75  # length of the longest arrow
_SQUARE = 1.35  # width of a unit over its height, about, in the pictures of the loss


def _y() -> alt.Y:
    return axis_y(Y_VIEW, values=(-2, 0, 2))


def _w(domain: tuple[float, float] = W_VIEW) -> tuple[alt.X, alt.Y]:
    x, y = axis_x("w₀", domain, (-2, 0, 2)), axis_y(domain, "w₁", (-2, 0, 2))
    return x, y


def _frame() -> alt.Parameter:
    """Make the parameter that the play bar moves."""
    bound = alt.binding_range(min=0, max=LAST_FRAME, step=1, name="frame")
    return alt.param(name="frame", value=LAST_FRAME, bind=bound)


def _dots() -> alt.Chart:
    dots = alt.Chart(alt.NamedData("points")).mark_point(
        filled=True, size=110, color=GREY, opacity=1, clip=True
    )
    return dots.encode(x=axis_x(), y=_y())


def _points_and_line(name: str) -> dict:
    x, y = axis_x(), _y()
    errors = alt.Chart(alt.NamedData("errors")).mark_rule(color=ERROR, strokeWidth=2, clip=True)
    line = alt.Chart(alt.NamedData("line")).mark_line(color=MODEL, strokeWidth=THICK, clip=True)
    return alt.layer(
        errors.encode(x=x, y=y, y2="y_hat:Q"), line.encode(x=x, y=y), _dots(), name=name
    ).to_dict()


def _points_tables(
    x: np.ndarray, y: np.ndarray, y_hat: np.ndarray, weight: np.ndarray
) -> dict[str, pa.Table]:
    ends = np.array(X_VIEW, float)
    return {
        "points": table(x=x, value=y),
        "errors": table(x=x, value=y, y_hat=y_hat),
        "line": table(x=ends, value=weight[0] + weight[1] * ends),
    }


@cache
def points_and_line(t: Texts) -> dict:
    """Draw the points, the line, and the error of every point."""
    return _points_and_line("points_and_line")


def points_and_line_data(
    t: Texts, x: np.ndarray, y: np.ndarray, y_hat: np.ndarray | None, weight: np.ndarray
) -> dict[str, pa.Table]:
    """Fill ``points`` and ``errors`` with n_points rows, ``line`` with the ends of the line.

    Its ``weight`` is (2,). Without ``y_hat`` (n_points,) no errors are drawn.
    """
    return _points_tables(x, y, y if y_hat is None else y_hat, weight)


@cache
def few_points(t: Texts) -> dict:
    """Draw the few points whose matrices stand beside the picture."""
    return _points_and_line("few_points")


def few_points_data(
    t: Texts, x: np.ndarray, y: np.ndarray, y_hat: np.ndarray, weight: np.ndarray
) -> dict[str, pa.Table]:
    """Fill the same tables as `points_and_line_data`."""
    return _points_tables(x, y, y_hat, weight)


def _contours(color: str, curve: str) -> alt.Chart:
    """Draw nested contours; each is filled a little, so that it is darkest around the least loss.

    Between their points they are straight or a smooth ``curve``.
    """
    x, y = _w()
    marks = alt.Chart(alt.NamedData("contours")).mark_line(
        interpolate=f"{curve}-closed",
        order=False,  # as they come
        stroke=color,
        strokeWidth=1,
        strokeOpacity=0.45,
        fill=color,
        fillOpacity=0.08,
        clip=True,
    )
    return marks.encode(x=x, y=y, detail="level:N")


def _contours_table(contours: np.ndarray) -> pa.Table:
    contours = contours[:, :-1]  # the last point is the first again
    n_levels, n_points, _ = contours.shape
    return table(
        x=contours[..., 0].ravel(),
        value=contours[..., 1].ravel(),
        level=np.repeat(np.arange(n_levels), n_points),
    )


def _way(color: str) -> list[alt.Chart]:
    """Draw the way down to the frame of the play bar, its start as a square, its end as a larger dot."""
    x, y = _w()
    gone = alt.Chart(alt.NamedData("way")).transform_filter("datum.step <= frame")
    now = alt.Chart(alt.NamedData("way")).transform_filter("datum.step == frame")
    start = alt.Chart(alt.NamedData("way")).transform_filter("datum.step == 0")
    dots = {"filled": True, "opacity": 1, "clip": True, "color": color}
    return [
        gone.mark_line(color=color, strokeWidth=2.5, clip=True).encode(x=x, y=y, order="step:Q"),
        start.mark_point(size=240, shape="square", **dots).encode(x=x, y=y),
        now.mark_point(size=200, stroke="white", strokeWidth=2, **dots).encode(x=x, y=y),
    ]


def _steps(color: str) -> alt.Chart:
    x, y = _w()
    gone = alt.Chart(alt.NamedData("way")).transform_filter("datum.step <= frame")
    return gone.mark_point(size=40, filled=True, opacity=1, clip=True, color=color).encode(x=x, y=y)


def _way_table(way: np.ndarray) -> pa.Table:
    return table(step=np.arange(len(way)), x=way[:, 0], value=way[:, 1])


def _star() -> alt.Chart:
    x, y = _w()
    star = "M0,-1L0.3,-0.4L0.95,-0.31L0.48,0.15L0.59,0.81L0,0.5L-0.59,0.81L-0.48,0.15L-0.95,-0.31L-0.3,-0.4Z"
    mark = alt.Chart(alt.NamedData("star")).mark_point(
        shape=star, size=260, filled=True, color=ERROR, stroke="white", strokeWidth=1, opacity=1, clip=True
    )
    return mark.encode(x=x, y=y)


def _star_table(star: np.ndarray) -> pa.Table:
    return table(x=star[:1], value=star[1:])


@cache
def surface(t: Texts) -> dict:
    """Draw the mean squared error over both weights as contours, its least value, and the way down."""
    layers = alt.layer(
        _contours(CLASSES[4], "cardinal"), _steps(MODEL), *_way(MODEL), _star(), name="surface"
    )
    return layers.add_params(_frame()).to_dict()


def surface_data(t: Texts, contours: np.ndarray, star: np.ndarray, way: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``contours`` with (n_levels, n_points, 2), ``star`` with (2,), ``way`` with (n_frames, 2)."""
    return {"contours": _contours_table(contours), "star": _star_table(star), "way": _way_table(way)}


@cache
def at_step(t: Texts) -> dict:
    """Draw the points, and the line that the descent has at the frame of the play bar."""
    line = (
        alt.Chart(alt.NamedData("runs"))
        .transform_filter("datum.step == frame")
        .mark_line(color=MODEL, strokeWidth=THICK, clip=True)
    )
    best = alt.Chart(alt.NamedData("best")).mark_line(
        color=GREY, strokeWidth=2.5, strokeDash=DASHED, clip=True
    )
    x, y = axis_x(), _y()
    layers = alt.layer(best.encode(x=x, y=y), line.encode(x=x, y=y), _dots(), name="at_step")
    return layers.add_params(_frame()).to_dict()


def at_step_data(
    t: Texts, x: np.ndarray, y: np.ndarray, lines: np.ndarray, star: np.ndarray
) -> dict[str, pa.Table]:
    """Fill ``points``, and with the ends of lines ``best`` and ``runs``, from ``lines`` (n_frames, 2)."""
    ends = np.array(X_VIEW, float)
    return {
        "points": table(x=x, value=y),
        "best": table(x=ends, value=star[0] + star[1] * ends),
        # A row for both ends of every step: sixty columns would take the server ten times as long.
        "runs": table(
            step=np.repeat(np.arange(len(lines)), 2), x=np.tile(ends, len(lines)), value=lines.ravel()
        ),
    }


@cache
def factors(t: Texts) -> dict:
    """Draw what a step multiplies the distance by, over the learning rate; above one it diverges."""
    x, low = (axis_x("η", (0, 0.6), (0, 0.2, 0.4)) for _ in range(2))
    y, low["shorthand"] = axis_y((0, 2), "q", (0, 1)), "low:Q"
    zone = alt.Chart(alt.NamedData("zone"))
    curve = alt.Chart(alt.NamedData("factors")).mark_line(color=MODEL, strokeWidth=2.5, clip=True)
    one = alt.Chart(alt.NamedData("one")).mark_rule(color=GREY, strokeDash=DASHED, strokeWidth=1.5)
    now = alt.Chart(alt.NamedData("now")).mark_point(filled=True, size=200, color=MODEL, opacity=1, clip=True)
    return alt.layer(
        zone.mark_rect(color=ERROR, opacity=0.22, clip=True).encode(x=low, x2="high:Q"),
        one.encode(y=y),
        curve.encode(x=x, y=y),
        zone.mark_text(align="right", baseline="bottom", color=GREY, dx=-4, dy=-4).encode(
            x=low, y=y, text=alt.value(t.say("critical_mark"))
        ),
        now.encode(x=x, y=y),
        name="factors",
    ).to_dict()


def factors_data(
    t: Texts, rates: np.ndarray, factor: np.ndarray, critical: float, now: tuple[float, float]
) -> dict[str, pa.Table]:
    """Fill ``factors`` with the factor over the rates, both (n_rates,), ``zone`` with where it is above one.

    ``now`` is the learning rate of the moment and its factor.
    """
    return {
        "factors": table(x=rates, value=factor),
        "zone": table(low=[critical], high=[max(0.6, critical)], value=[0.0]),
        "one": table(value=[1.0]),
        "now": table(x=[now[0]], value=[min(now[1], 2.0)]),
    }


@cache
def two_lines(t: Texts) -> dict:
    """Draw the points and both lines; rings mark the points that the MAE line goes through."""
    x, y = axis_x(), _y()
    lines = alt.Chart(alt.NamedData("lines")).mark_line(clip=True)
    rings = alt.Chart(alt.NamedData("rings")).mark_point(
        filled=False, size=420, color=CLASSES[1], strokeWidth=3, opacity=1, clip=True
    )
    outlier = alt.Chart(alt.NamedData("outlier")).mark_point(
        filled=True, size=230, shape="diamond", color=ERROR, opacity=1, clip=True
    )
    return alt.layer(
        lines.encode(x=x, y=y, detail="curve:N", **styles(_LOSSES)),
        _dots(),
        rings.encode(x=x, y=y),
        outlier.encode(x=x, y=y),
        name="two_lines",
    ).to_dict()


def two_lines_data(
    t: Texts, x: np.ndarray, y: np.ndarray, lines: list[np.ndarray], met: np.ndarray
) -> dict[str, pa.Table]:
    """Fill ``points``, ``outlier`` (the last one), ``lines`` with pairs of ends, ``rings`` where ``met``."""
    rings = (x[met], y[met]) if met.any() else ([_AWAY], [_AWAY])
    return {
        "points": table(x=x[:-1], value=y[:-1]),
        "outlier": table(x=x[-1:], value=y[-1:]),
        "lines": curves(np.array(X_VIEW, float), lines, [look.name for look in _LOSSES]),
        "rings": table(x=rings[0], value=rings[1]),
    }


def _loss_surface(name: str, color: str, curve: str, *more: alt.Chart) -> dict:
    x, y = _w()
    # A line for every arrow: a mark for every stroke would be a hundred.
    arrows = alt.Chart(alt.NamedData("arrows")).mark_line(
        color=GREY, strokeWidth=1.6, strokeJoin="round", order=False, clip=True
    )
    arrows = arrows.encode(x=x, y=y, detail="arrow:N")
    layers = alt.layer(_contours(color, curve), *more, arrows, *_way(color), _star(), name=name)
    return layers.add_params(_frame()).to_dict()


def _loss_surface_tables(
    contours: np.ndarray, star: np.ndarray, way: np.ndarray, places: np.ndarray, arrows: np.ndarray
) -> dict[str, pa.Table]:
    return {
        "contours": _contours_table(contours),
        "star": _star_table(star),
        "way": _way_table(way),
        "arrows": _arrows_table(places, arrows),
    }


@cache
def bowl(t: Texts) -> dict:
    """Draw the mean squared error over both weights, where it falls, and the way down."""
    return _loss_surface("bowl", MODEL, "cardinal")


def bowl_data(
    t: Texts, contours: np.ndarray, star: np.ndarray, way: np.ndarray, places: np.ndarray, arrows: np.ndarray
) -> dict[str, pa.Table]:
    """Fill the tables of `surface_data`, and ``arrows`` (n_arrows, 2) at ``places`` (n_arrows, 2)."""
    return _loss_surface_tables(contours, star, way, places, arrows)


@cache
def facets(t: Texts) -> dict:
    """Draw the mean absolute error over both weights; every point makes a crease across it."""
    x, y = _w()
    creases = alt.Chart(alt.NamedData("creases")).mark_rule(color=CLASSES[1], strokeWidth=1.6, clip=True)
    return _loss_surface("facets", CLASSES[1], "linear", creases.encode(x=x, y=y, x2="x2:Q", y2="y2:Q"))


def facets_data(
    t: Texts,
    contours: np.ndarray,
    star: np.ndarray,
    way: np.ndarray,
    places: np.ndarray,
    arrows: np.ndarray,
    points: tuple[np.ndarray, np.ndarray] | None,
) -> dict[str, pa.Table]:
    """Fill the tables of `bowl_data`, and the ``creases`` w_0 + w_1 x = y, if ``points`` are given."""
    x, y = points or (np.zeros(1), np.array([_AWAY]))
    low, high = W_VIEW
    creases = table(x=y - x * low, value=np.full(len(x), low), x2=y - x * high, y2=np.full(len(x), high))
    return {**_loss_surface_tables(contours, star, way, places, arrows), "creases": creases}


def loss_marks() -> list[dict[str, str]]:
    """Return label, colour and dash of both losses, for the table of the play bar."""
    return [
        {"label": look.name, "color": look.color, "dash": "dashed" if look.dash == tuple(DASHED) else "solid"}
        for look in _LOSSES
    ]


def descent_marks(t: Texts) -> list[dict[str, str]]:
    """Return label, colour and dash of the descent, for the table of the play bar."""
    return [{"label": t.say("gradient_descent"), "color": MODEL, "dash": "solid"}]


def _arrows_table(places: np.ndarray, arrows: np.ndarray) -> pa.Table:
    """Make arrows of five points each: tail, tip, a side of the head, tip, and the other side.

    The longest has the length `_ARROW`, the others in proportion.
    """
    length = np.linalg.norm(arrows, axis=1, keepdims=True)
    tip = places + _ARROW * arrows / max(float(length.max()), 1e-12)
    # A head looks right when it is turned in pixels, where a unit is wider than it is high.
    pixels = arrows * (_SQUARE, 1)
    back = -pixels / np.maximum(np.linalg.norm(pixels, axis=1, keepdims=True), 1e-12)
    sides = []
    for angle in (0.5, -0.5):
        turned = back @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        sides.append(tip + _HEAD * turned / (_SQUARE, 1))
    way = np.stack((places, tip, sides[0], tip, sides[1]), 1)
    n_arrows, n_points, _ = way.shape
    return table(
        x=way[..., 0].ravel(), value=way[..., 1].ravel(), arrow=np.repeat(np.arange(n_arrows), n_points)
    )
