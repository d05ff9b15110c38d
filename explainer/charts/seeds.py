"""The same network from several random starts, and a table of points that somebody pasted."""

from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.lines import Line, axis_x, axis_y, styles
from explainer.charts.moving import table
from explainer.charts.palette import CLASSES, DASHED, GREY, MODEL, SHAPES
from explainer.charts.playground import LAST_FRAME, ticks, under
from explainer.texts import Texts

GOAL = 0.95
VIEW = (-6, 6)


def _looks(t: Texts) -> list[Line]:
    return [Line(t.say("this_start"), MODEL, thick=True), Line(t.say("other_starts"), CLASSES[1], DASHED)]


@cache
def starts(t: Texts) -> dict:
    """Draw the test accuracy of every start frame by frame, and the goal."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, LAST_FRAME], nice=False), axis=None)
    y = axis_y((0, 1.25), t.say("accuracy_axis"), (0, 0.5, 1))
    y["axis"]["titleAlign"], y["axis"]["titleX"], y["axis"]["format"] = "left", 6, "~g"
    lines = alt.Chart(alt.NamedData("lines"))
    goal = alt.Chart(alt.NamedData("goal")).mark_rule(color=GREY, strokeDash=DASHED)
    return alt.layer(
        goal.encode(y=y),
        lines.mark_line(clip=True).encode(x=x, y=y, detail="curve:N", **styles(_looks(t))),
        under(alt.Chart(alt.NamedData("ticks")), x),
        name="starts",
    ).to_dict()


def starts_data(t: Texts, accuracy: np.ndarray, steps: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``lines`` from accuracies (n_frames, n_starts), the first of which is the board's own."""
    n_frames, n = accuracy.shape
    names = [look.name for look in _looks(t)]
    shown = np.clip(np.nan_to_num(accuracy), 0, 1)
    return {
        "lines": table(
            x=np.tile(np.arange(n_frames), n),
            value=shown.T.ravel(),
            line=np.repeat([names[0], *[names[1]] * (n - 1)], n_frames),
            curve=np.repeat(np.arange(n), n_frames),
        ),
        "goal": table(value=np.array([GOAL])),
        "ticks": ticks(steps),
    }


@cache
def pasted(t: Texts) -> dict:
    """Draw points that were pasted, as they will lie on the board."""
    x = axis_x("x₁", VIEW, (-4, 0, 4))
    y = axis_y(VIEW, "x₂", (-4, 0, 4))
    points = alt.Chart(alt.NamedData("points"), name="pasted")
    return (
        points.mark_point(filled=True, size=70, opacity=1, stroke="Canvas", strokeWidth=0.8, clip=True)
        .encode(x=x, y=y, fill=alt.Fill("color:N", scale=None), shape=alt.Shape("shape:N", scale=None))
        .to_dict()
    )


def pasted_data(points: tuple[tuple[float, float, float], ...]) -> dict[str, pa.Table]:
    """Fill ``points`` from (x, y, label) each; without any, with one that is out of view."""
    rows = np.array(points or [(-99.0, -99.0, 0.0)])
    label = rows[:, 2]
    kind = label if np.isin(label, (0, 1, 2, 3)).all() else label > 0  # a regression's targets, by sign
    return {
        "points": table(
            x=rows[:, 0],
            value=rows[:, 1],
            color=np.array(CLASSES)[kind.astype(int)],
            shape=np.array(SHAPES)[kind.astype(int)],
        )
    }
