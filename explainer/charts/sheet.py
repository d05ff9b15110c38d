"""The crumpled sheet, frame by frame: its grid, the points of two classes, the ring as a whole."""

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from explainer.charts.classification import class_marks, frame, kinds
from explainer.charts.lines import THICK
from explainer.charts.moving import table
from explainer.charts.palette import CLASSES, DASHED, GREY
from explainer.texts import Texts

_UNIT, _MOST = 1000, 32_000  # places travel as small whole numbers: half the bytes
_OUT_OF_SIGHT = np.full((60, 1, 2), 30.0)
_X, _Y = "datum['x' + frame]", "datum['y' + frame]"


@cache
def sheet(t: Texts) -> dict:
    """Draw the sheet at the frame of the play bar."""
    # A square in the middle of the picture, whatever its shape: a circle is a circle.
    half = "min(width,height) / 2"
    domain = [-1.05 * _UNIT, 1.05 * _UNIT]
    across = [alt.expr(f"width / 2 - {half}"), alt.expr(f"width / 2 + {half}")]
    upwards = [alt.expr(f"height / 2 + {half}"), alt.expr(f"height / 2 - {half}")]
    x = alt.X("x:Q", scale=alt.Scale(domain=domain, range=across, nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=domain, range=upwards, nice=False), axis=None)

    def moving(name: str) -> alt.Chart:
        return alt.Chart(alt.NamedData(name)).transform_calculate(x=_X, y=_Y)

    border = alt.Chart(alt.NamedData("border")).transform_calculate(
        x=_X, y=_Y, x2="datum['u' + frame]", y2="datum['v' + frame]"
    )
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


def _columns(places: np.ndarray, names: str = "xy") -> dict[str, np.ndarray]:
    """Name the frames of places (n_frames, n_rows, 2) as whole numbers."""
    whole = np.clip(np.round(places * _UNIT), -_MOST, _MOST).astype(np.int16)
    return {f"{name}{i}": frame[:, k] for k, name in enumerate(names) for i, frame in enumerate(whole)}


def sheet_data(
    t: Texts,
    grid: np.ndarray,
    points: np.ndarray,
    ring: np.ndarray,
    border: np.ndarray,
    y: np.ndarray,
    n_places: int,
) -> dict[str, pd.DataFrame]:
    """Fill ``grid`` (n_frames, n_lines n_places, 2), ``points`` of classes y, ``ring`` and ``border``.

    All are (n_frames, n, 2); the border is two ends.
    """
    n = grid.shape[1]
    ring = ring if ring.shape[1] else _OUT_OF_SIGHT
    return {
        "grid": table(line=np.arange(n) // n_places, order=np.arange(n) % n_places, **_columns(grid)),
        "points": table(kind=kinds(y), **_columns(points)),
        "ring": table(order=np.arange(ring.shape[1]), **_columns(ring)),
        "border": table(**_columns(border[:, :1]), **_columns(border[:, 1:], "uv")),
    }


def sheet_marks(t: Texts) -> list[dict[str, str]]:
    """Return label, colour and dash of the one straight cut, for the table of the play bar."""
    return [{"label": t.say("one_cut"), "color": "CanvasText", "dash": "dashed"}]
