"""A few lines of code as a picture: what is wrong stands out in colour and by a sign before it."""

from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.board import INK
from explainer.charts.lines import Line, axis_x, axis_y, styles
from explainer.charts.moving import table
from explainer.charts.palette import CLASSES, DASHED, ERROR, GREY, MODEL
from explainer.texts import Texts

N_ROWS = 9
HIGHEST_LOSS, N_STEPS = 3.0, 200
_SIGNS = {"right": "", "wrong": "←", "missing": "✕"}
_INDENT = 0.07  # of the width


def _lines(name: str) -> dict:
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[N_ROWS - 0.5, -0.5], nice=False), axis=None)
    rows = alt.Chart(alt.NamedData("rows")).mark_text(align="left", baseline="middle", font="monospace")
    color = alt.Color("color:N", scale=None)
    return (
        alt.layer(rows.encode(x=x, y=y, text="text:N", color=color), name=name)
        .configure_view(stroke=None)
        .to_dict()
    )


@cache
def listing(t: Texts) -> dict:
    """Draw lines of code one below another; what is wrong has an arrow, what is missing a cross."""
    return _lines("listing")


@cache
def arranged(t: Texts) -> dict:
    """Draw the body of a loop as it was arranged."""
    return _lines("arranged")


def arranged_data(lines: Sequence[str]) -> dict[str, pa.Table]:
    """Fill ``rows`` with the head of the loop and its lines."""
    return listing_data([("for X, y in batches:", "right"), *((f"  {line}", "right") for line in lines)])


def listing_data(rows: Sequence[tuple[str, str]]) -> dict[str, pa.Table]:
    """Fill ``rows`` with up to `N_ROWS` lines, each with its state: right, wrong or missing.

    A line of the loop's body begins with two spaces and has its sign there; other lines have it at their end.
    """
    x, y, texts, colors = [], [], [], []
    for i, (text, state) in enumerate(rows):
        inside, sign = text.startswith("  "), _SIGNS[state]
        parts = [(0, sign), (_INDENT, text.strip())] if inside else [(0, f"{text} {sign}")]
        for left, part in parts:
            if part.strip():
                x, y = [*x, left], [*y, i]
                texts, colors = [*texts, part], [*colors, INK if state == "right" else ERROR]
    return {"rows": table(x=np.array(x, float), y=np.array(y, float), text=texts, color=colors)}


def _runs(t: Texts, other: str) -> list[Line]:
    return [Line(t.say("healthy_run"), MODEL, thick=True), Line(t.say(other), CLASSES[1], DASHED)]


def _beside(
    t: Texts, name: str, y: alt.Y, *, other: str = "broken_run", legend: bool = True, foot: bool = True
) -> dict:
    """Draw a healthy and another run; what is drawn is named at the right, from the data ``names``."""
    x = axis_x(t.say("lm_step"), (0, N_STEPS), (0, 50, 100, 150))
    if not foot:  # the picture below has the same axis
        x["axis"]["labels"], x["axis"]["title"] = False, None
    y["axis"]["minExtent"] = 54
    words = alt.Chart(alt.NamedData("names")).mark_text(
        align="right", baseline="middle", dx=-6, color=GREY, fontWeight="bold"
    )
    runs = alt.Chart(alt.NamedData(name)).mark_line(clip=True)
    return alt.layer(
        words.encode(x=x, y=y, text="text:N"),
        runs.encode(x=x, y=y, **styles(_runs(t, other), legend=legend, thin=3.5)),
        name=name,
    ).to_dict()


@cache
def both_losses(t: Texts) -> dict:
    """Draw the loss of the healthy and of the broken run, cut off where it is far above a blind guess."""
    return _beside(t, "both_losses", axis_y((0, HIGHEST_LOSS), "", (0, 1, 2, 3)), foot=False)


def both_losses_data(
    t: Texts, healthy: tuple[np.ndarray, np.ndarray], broken: tuple[np.ndarray, np.ndarray]
) -> dict[str, pa.Table]:
    """Fill the picture with the steps and the losses of both runs."""
    names = table(x=[float(N_STEPS)], value=[1.5], text=[t.say("digits_loss")])
    return {"both_losses": _curves(t, healthy, broken, HIGHEST_LOSS), "names": names}


@cache
def both_accuracies(t: Texts) -> dict:
    """Draw the share of right answers of the healthy and of the broken run, in the test."""
    y = axis_y((0, 1.2), "", (0, 0.5, 1))
    y["axis"]["labelExpr"] = "100 * datum.value"
    return _beside(t, "both_accuracies", y, legend=False)


def both_accuracies_data(
    t: Texts, healthy: tuple[np.ndarray, np.ndarray], broken: tuple[np.ndarray, np.ndarray]
) -> dict[str, pa.Table]:
    """Fill the picture with the steps and the shares of both runs."""
    names = table(x=[float(N_STEPS)], value=[0.35], text=[t.say("digits_right")])
    return {"both_accuracies": _curves(t, healthy, broken, 1.0), "names": names}


@cache
def quiz_losses(t: Texts) -> dict:
    """Draw the loss of the healthy run and of the arranged lines."""
    return _beside(t, "quiz_losses", axis_y((0, HIGHEST_LOSS), "", (0, 1, 2, 3)), other="your_run")


def quiz_losses_data(
    t: Texts, healthy: tuple[np.ndarray, np.ndarray], arranged: tuple[np.ndarray, np.ndarray]
) -> dict[str, pa.Table]:
    """Fill the picture with the steps and the losses of both runs."""
    names = table(x=[float(N_STEPS)], value=[1.5], text=[t.say("digits_loss")])
    return {"quiz_losses": _curves(t, healthy, arranged, HIGHEST_LOSS, "your_run"), "names": names}


def _curves(
    t: Texts,
    healthy: tuple[np.ndarray, np.ndarray],
    other: tuple[np.ndarray, np.ndarray],
    most: float,
    name: str = "broken_run",
) -> pa.Table:
    runs, names = (healthy, other), [look.name for look in _runs(t, name)]
    return table(
        x=np.concatenate([steps for steps, _ in runs]).astype(float),
        value=np.minimum(np.concatenate([values for _, values in runs]), most + 1),
        line=np.repeat(names, [len(steps) for steps, _ in runs]),
    )
