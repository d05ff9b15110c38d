"""Two regressions joined by a third: the plane and the hidden space side by side, frame by frame."""

from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.classification import class_marks, frame, kinds
from explainer.charts.lines import THICK, axis_x, axis_y
from explainer.charts.moving import table
from explainer.charts.palette import CLASSES, DASHDOTTED, DASHED, DOTTED, ERROR, GREY, MODEL, SOLID
from explainer.charts.probability_map import image, image_table
from explainer.texts import Texts

VIEW, HIDDEN_VIEW = (-6, 6), (-0.1, 1.1)
PLANE = {"x": VIEW, "y": VIEW, "step": 0.1, "axes": ("x₁", "x₂")}  # for the hand
HIDDEN = {"x": HIDDEN_VIEW, "y": HIDDEN_VIEW, "step": 0.02, "axes": ("h₁", "h₂")}
DASHES = [SOLID, DASHED, DOTTED, DASHDOTTED]  # by their numbers in the tables
HANDLES = ("h₁, 1", "h₁, 2", "h₂, 1", "h₂, 2")
_SPREAD = np.array([2.6, -2.6, 0.0, 1.3, -1.3])  # where along its line a name stands
UNITS = CLASSES[2:4]  # the colours of the two hidden neurons; the first two are the classes'


def now(name: str) -> alt.Chart:
    """Draw the rows of a table that belong to the frame: what does not move has rows of frame 0 only.

    A row a frame travels faster than a column a frame where the rows are few.
    """
    return alt.Chart(alt.NamedData(name)).transform_filter("datum.k == min(frame,datum.last)")


def in_frames(n_frames: int, n_rows: int) -> dict[str, np.ndarray]:
    """Return the columns that `now` looks at, for the rows of all frames one after another."""
    k = np.repeat(np.arange(n_frames, dtype=np.int16), n_rows)
    return {"k": k, "last": np.full_like(k, n_frames - 1)}


def borders(x: alt.X, y: alt.Y) -> tuple[alt.Chart, ...]:
    """Draw ``lines`` with their names where they say 1, on a halo of the page's own colour."""
    rules = now("lines").mark_rule(clip=True, opacity=1)
    stroke = alt.Color("color:N", scale=None)
    dash = alt.Scale(domain=["0", "1", "2", "3"], range=DASHES)
    names = now("lines").transform_calculate(x="datum.p", value="datum.q").encode(x=x, y=y, text="name:N")
    text = {"fontWeight": "bold", "baseline": "middle", "clip": True}
    return (
        rules.encode(
            x=x, y=y, x2="x2:Q", y2="value2:Q", color=stroke,
            strokeDash=alt.StrokeDash("dash:N", scale=dash, legend=None),
            strokeWidth=alt.StrokeWidth("width:Q", scale=None),
        ),
        names.mark_text(stroke="Canvas", strokeWidth=6, strokeJoin="round", **text),
        names.mark_text(**text).encode(color=stroke),
    )  # fmt: skip


def points(x: alt.X, y: alt.Y, size: int) -> tuple[alt.Chart, ...]:
    """Draw ``points``, and a ring around what is called wrongly."""
    base = now("points")
    return (
        base.mark_point(
            filled=True, size=size, opacity=0.9, stroke="Canvas", strokeWidth=0.8, clip=True
        ).encode(x=x, y=y, **class_marks()),
        base.transform_filter("datum.wrong")
        .mark_point(size=3 * size, color=ERROR, strokeWidth=2.5, clip=True)
        .encode(x=x, y=y),
    )


def handles_on(x: alt.X, y: alt.Y) -> alt.Chart:
    """Draw ``handles``, which do not move with the frame."""
    return (
        alt.Chart(alt.NamedData("handles"))
        .mark_point(filled=True, size=230, opacity=1, stroke="Canvas", strokeWidth=1.5, clip=True)
        .encode(x=x, y=y, fill=alt.Fill("color:N", scale=None))
    )


@cache
def by_hand_plane(t: Texts) -> dict:
    """Draw P(y = 1) over the plane, the points, and the borders of the two hidden neurons with handles."""
    x, y = axis_x("x₁", VIEW, (-4, 0, 4)), axis_y(VIEW, "x₂", (-4, 0, 4))
    layers = (image(x, y), *points(x, y, 90), *borders(x, y), handles_on(x, y))
    return alt.layer(*layers, name="by_hand_plane").add_params(frame()).to_dict()


@cache
def by_hand_space(t: Texts) -> dict:
    """Draw the hidden space: what the third neuron says, the same points, its border, the widest strip."""
    x, y = axis_x("h₁", HIDDEN_VIEW, (0, 0.5)), axis_y(HIDDEN_VIEW, "h₂", (0, 0.5))
    for axis in (x, y):
        axis["axis"]["format"] = "~g"
    layers = (image(x, y), *points(x, y, 90), *borders(x, y), handles_on(x, y))
    return alt.layer(*layers, name="by_hand_space").add_params(frame()).to_dict()


def line_table(
    ends: np.ndarray, sides: np.ndarray, names: list[str], looks: list[tuple], *, apart: float = 1.0
) -> pa.Table:
    """Make the table of lines; ``ends`` is (n_frames, n_lines, 2, 2), ``sides`` (n_frames, n_lines, 2).

    Names stand at their sides, but not all at the same place along their lines.
    """
    along = ends[:, :, 1] - ends[:, :, 0]
    along = along * np.where(along[..., :1] < 0, -1, 1)  # from left to right, whichever end is the first
    length = np.linalg.norm(along, axis=2, keepdims=True)
    spread = _SPREAD[np.arange(len(names)) % len(_SPREAD)][:, None] * apart
    sides = sides + spread * along / np.where(length > 0, length, 1)
    looks = looks * len(ends)
    colors, dashes, widths = zip(*looks, strict=True)
    (x, value), (x2, value2), (p, q) = (
        places.reshape(-1, 2).T for places in (ends[:, :, 0], ends[:, :, 1], sides)
    )
    return table(
        **in_frames(len(ends), len(names)),
        name=names * len(ends),
        color=colors,
        dash=dashes,
        width=widths,
        **{"x": x, "value": value, "x2": x2, "value2": value2, "p": p, "q": q},
    )


def _handle_table(handles: Sequence[Sequence[float]], colors: Sequence[str]) -> pa.Table:
    return table(x=[p[0] for p in handles], value=[p[1] for p in handles], color=list(colors))


def point_table(places: np.ndarray, y: np.ndarray, mistaken: np.ndarray) -> pa.Table:
    """Make the table of points at places (n_frames, n_samples, 2), or in the same places in all frames."""
    n_frames, n_samples = mistaken.shape
    x, value = np.broadcast_to(places, (n_frames, n_samples, 2)).reshape(-1, 2).T
    kind = np.tile(kinds(y), n_frames)
    return table(**in_frames(n_frames, n_samples), x=x, value=value, kind=kind, wrong=mistaken.ravel())


def by_hand_plane_data(
    t: Texts,
    maps: np.ndarray,
    ends: np.ndarray,
    sides: np.ndarray,
    places: np.ndarray,
    y: np.ndarray,
    mistaken: np.ndarray,
    handles: Sequence[Sequence[float]],
) -> dict[str, pa.Table]:
    """Fill ``map`` (n_images, n_rows, n_columns), ``lines``, ``points`` and ``handles``, two a line.

    The lines of the two neurons have ``ends`` (n_frames, 2, 2, 2), and ``sides`` (n_frames, 2, 2) where they
    say 1. The points are at ``places`` (n_frames, n_samples, 2), or the same in all frames; ``mistaken``
    (n_frames, n_samples) are ringed.
    """
    looks = [(UNITS[0], "0", 3.0), (UNITS[1], "1", 3.0)]
    return {
        "map": image_table(maps, VIEW),
        "lines": line_table(ends, sides, ["h₁ = 1", "h₂ = 1"], looks),
        "points": point_table(places, y, mistaken),
        "handles": _handle_table(handles, (UNITS[0], UNITS[0], UNITS[1], UNITS[1])),
    }


def by_hand_space_data(
    t: Texts,
    maps: np.ndarray,
    ends: np.ndarray,
    sides: np.ndarray,
    places: np.ndarray,
    y: np.ndarray,
    mistaken: np.ndarray,
    handles: Sequence[Sequence[float]],
) -> dict[str, pa.Table]:
    """Fill the hidden space like `by_hand_plane_data`: the third line, and the middle of the widest strip."""
    # The place on the positive side is 1 away in the plane; here that is beyond the edge.
    near = ends.mean(2) + 0.14 * (sides - ends.mean(2))
    looks = [(MODEL, "0", THICK), (GREY, "2", 2.5)]
    return {
        "map": image_table(maps, HIDDEN_VIEW),
        "lines": line_table(ends, near, ["p̂ > ½", ""], looks, apart=0.0),
        "points": point_table(places, y, mistaken),
        "handles": _handle_table(handles, (MODEL, MODEL)),
    }


def by_hand_marks(t: Texts) -> list[dict[str, str]]:
    """Return label, colour and dash of the network, for the table of the play bar."""
    return [{"label": t.say("this_net"), "color": MODEL, "dash": "solid"}]
