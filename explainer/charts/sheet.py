"""The crumpled sheet, frame by frame: its grid, the points of two classes, the ring as a whole."""

from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.classification import class_marks, frame, kinds
from explainer.charts.lines import THICK
from explainer.charts.moving import DIGITS, table
from explainer.charts.palette import CLASSES, DASHED, GREY
from explainer.texts import Texts

# The way of a place through the frames travels as one text: of every frame two digits of base 36 for x and
# two for y, 0 to 1295 for -1 to 1. It is the number of cells that takes the browser its time.
_MIDDLE = 647.5


@cache
def sheet(t: Texts) -> dict:
    """Draw the sheet at the frame of the play bar: grid, ring, points, and the cut when it is there."""
    # A square in the middle of the picture, whatever its shape: a circle is a circle.
    half = "min(width,height) / 2"
    across = [alt.expr(f"width / 2 - {half}"), alt.expr(f"width / 2 + {half}")]
    upwards = [alt.expr(f"height / 2 + {half}"), alt.expr(f"height / 2 - {half}")]
    x = alt.X("x:Q", scale=alt.Scale(domain=[-1.05, 1.05], range=across, nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[-1.05, 1.05], range=upwards, nice=False), axis=None)

    def coordinate(i: int) -> str:
        return f"parseInt(substring(datum.way, 4 * frame + {i}, 4 * frame + {i + 2}), 36) / {_MIDDLE} - 1"

    def moving(what: str) -> alt.Chart:
        mine = alt.Chart(alt.NamedData("places")).transform_filter(f"datum.what == '{what}'")
        return mine.transform_calculate(x=coordinate(0), y=coordinate(2))

    border = alt.Chart(alt.NamedData("border")).transform_filter("datum.k == frame")
    points = moving("points").mark_point(
        filled=True, size=75, opacity=0.9, stroke="Canvas", strokeWidth=0.8, clip=True
    )
    return (
        alt.layer(
            moving("grid")
            .mark_line(color=GREY, strokeWidth=1, opacity=0.6, clip=True, interpolate="catmull-rom")
            .encode(x=x, y=y, detail="line:N", order="order:Q"),
            moving("ring")
            .mark_line(color=CLASSES[0], strokeWidth=2.5, clip=True, interpolate="catmull-rom")
            .encode(x=x, y=y, order="order:Q"),
            points.encode(x=x, y=y, **class_marks()),
            border.mark_rule(color="CanvasText", strokeDash=DASHED, strokeWidth=THICK, clip=True).encode(
                x=x, y=y, x2="x2:Q", y2="y2:Q"
            ),
            name="sheet",
        )
        .add_params(frame())
        .to_dict()
    )


def _ways(places: np.ndarray) -> np.ndarray:
    """Write places (n_frames, n, 2) as texts (n,)."""
    whole = np.round((places.transpose(1, 0, 2) + 1) * _MIDDLE).astype(int)
    signs = DIGITS[np.stack(np.divmod(whole, 36), -1)].reshape(len(whole), -1)
    return np.ascontiguousarray(signs).view(f"U{signs.shape[1]}")[:, 0]


def sheet_data(
    t: Texts,
    grid: np.ndarray,
    points: np.ndarray,
    ring: np.ndarray,
    border: np.ndarray,
    y: np.ndarray,
    n_places: int,
) -> dict[str, pa.Table]:
    """Fill ``places``, a row a place with its way, and ``border``, a row a frame, from the square -1 to 1.

    ``grid`` is (n_frames, n_lines n_places, 2), one line after another, ``points``, of classes y, and
    ``ring`` are (n_frames, n, 2); the border is two ends.
    """
    parts = {"grid": grid, "points": points, "ring": ring}
    sizes = [part.shape[1] for part in parts.values()]
    order = np.concatenate([np.arange(size) for size in sizes])
    kind = np.full(len(order), "", dtype="<U1")
    kind[sizes[0] : sizes[0] + sizes[1]] = kinds(y)
    (x, top), (x2, bottom) = border.transpose(1, 2, 0)
    return {
        "places": table(
            what=np.repeat(list(parts), sizes),
            kind=kind,
            line=(order // n_places).astype(np.int16),
            order=order.astype(np.int16),
            way=_ways(np.concatenate(list(parts.values()), 1)),
        ),
        "border": table(k=np.arange(len(border)), x=x, y=top, x2=x2, y2=bottom),
    }


def sheet_marks(t: Texts) -> list[dict[str, str]]:
    """Return label, colour and dash of the one straight cut, for the table of the play bar."""
    return [{"label": t.say("one_cut"), "color": "CanvasText", "dash": "dashed"}]
