"""The pictures beside the playground's network: losses with a crosshair, and the gradient layer by layer."""

from collections.abc import Mapping, Sequence
from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.board import INK
from explainer.charts.lines import Line, axis_y, styles
from explainer.charts.moving import DIGITS, curves, table
from explainer.charts.palette import CLASSES, DASHED, ERROR, GREY, MODEL, NEGATIVE, POSITIVE
from explainer.texts import Texts, number

LAST_FRAME = 59
MOST_LAYERS = 7
# Of values -1, -1/2, 0, 1/2, 1, between the colours of the surface.
_SHADES = (CLASSES[0], f"{CLASSES[0]}a0", f"{GREY}a0", f"{CLASSES[1]}a0", CLASSES[1])
LOSS_VIEW, NORM_VIEW = (1e-4, 10.0), (1e-7, 10.0)
COLORS = {"classes": CLASSES[:4], "positive": POSITIVE, "negative": NEGATIVE, "error": ERROR}


def thumbnails(samples: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> dict[str, object]:
    """Write points X (n, 2) in the view and classes or values y (n,) as the text of a small picture, by name.

    A point is three signs of base 36: its place across and upwards, and its colour's number.
    """
    pictures = {}
    for name, (X, y) in samples.items():
        colors = y if y.dtype == int else np.round(2 * np.clip(y, -1, 1)) + 6
        places = np.clip((X + 6) / 12 * 36, 0, 35)
        pictures[name] = "".join(DIGITS[np.column_stack([places, colors]).astype(int)].ravel())
    return {"pictures": pictures, "colors": [*CLASSES[:4], *_SHADES]}


def _frame() -> alt.Parameter:
    """Make the parameter that the play bar moves."""
    bound = alt.binding_range(min=0, max=LAST_FRAME, step=1, name="frame")
    return alt.param(name="frame", value=LAST_FRAME, bind=bound)


def _logarithmic(title: str, view: tuple[float, float], values: tuple[float, ...]) -> alt.Y:
    axis = axis_y(view, title, values)
    axis["scale"] = alt.Scale(domain=list(view), type="log", nice=False, clamp=True)
    axis["axis"]["format"] = "~g"
    axis["axis"]["titleAlign"], axis["axis"]["titleX"] = "left", 6
    return axis


def _looks(t: Texts) -> list[Line]:
    return [Line(t.say("net_train"), MODEL, thick=True), Line(t.say("net_test"), CLASSES[1], DASHED)]


@cache
def run_losses(t: Texts) -> dict:
    """Draw the loss on training and test points frame by frame; the pointer reads it at any of them."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, LAST_FRAME], nice=False), axis=None)
    y = _logarithmic(t.say("loss_axis"), LOSS_VIEW, (0.001, 0.1, 10))
    marks = styles(_looks(t), legend=False)
    near = alt.selection_point(
        name="near", on="pointermove", clear="pointerout", nearest=True, encodings=["x"], empty=False
    )
    base, at = alt.Chart(alt.NamedData("losses")), alt.Chart(alt.NamedData("steps"))
    now = base.transform_filter("datum.x == frame")
    return (
        alt.layer(
            now.mark_rule(color=GREY).encode(x=x),
            base.mark_line(clip=True).encode(x=x, y=y, **marks),
            now.mark_point(filled=True, size=90, opacity=1).encode(x=x, y=y, color=marks["color"]),
            at.mark_rule(strokeWidth=14, opacity=0).encode(x=x).add_params(near),
            at.transform_filter(near).mark_rule(color=INK, strokeDash=[3, 3]).encode(x=x),
            at.transform_filter(near)
            .mark_text(align="right", baseline="top", color=INK, fontWeight="bold", dx=-2, dy=2)
            .encode(x=alt.datum(LAST_FRAME), y=alt.datum(LOSS_VIEW[1]), text="text:N"),
            name="run_losses",
        )
        .add_params(_frame())
        .to_dict()
    )


def run_losses_data(t: Texts, losses: np.ndarray, steps: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``losses`` from (n_frames, 2), on training and test points, and ``steps`` with their words."""
    known = np.isfinite(losses).all(0)
    shown = [column for column, is_known in zip(losses.T, known, strict=True) if is_known]
    names = [look.name for look, is_known in zip(_looks(t), known, strict=True) if is_known]
    x = np.arange(len(losses))
    words = [
        t.say("loss_at", n=int(step), train=number(float(a)), test=number(float(b)))
        for step, (a, b) in zip(steps, losses, strict=True)
    ]
    drawn = [np.clip(column, *LOSS_VIEW) for column in shown] or [np.full(len(x), LOSS_VIEW[0])]
    return {
        "losses": curves(x, drawn, names or [_looks(t)[0].name]),
        "steps": table(x=x, text=words),
    }


@cache
def run_gradients(t: Texts) -> dict:
    """Draw how long the gradient of every layer's weights is at the frame, from the first to the last."""
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[0.4, MOST_LAYERS + 0.6], nice=False),
        axis=alt.Axis(title=None, values=list(range(1, MOST_LAYERS + 1)), format="d", titleY=18),
    )
    y = _logarithmic("", NORM_VIEW, (1e-3,))
    bars = alt.Chart(alt.NamedData("layers")).transform_calculate(value="datum['f' + frame]")
    title = alt.Chart(alt.NamedData("title")).encode(x=alt.value(6), y=alt.value(0), text="text:N")
    look = {"align": "left", "baseline": "top", "fontWeight": "bold"}
    return (
        alt.layer(
            bars.mark_bar(color=MODEL, size=14).encode(x=x, y=y, y2=alt.datum(NORM_VIEW[0])),
            # Bars reach up to the title, so it stands on them, on a halo of the page's own colour.
            title.mark_text(stroke="Canvas", strokeWidth=6, strokeJoin="round", **look),
            title.mark_text(color=INK, **look),
            name="run_gradients",
        )
        .add_params(_frame())
        .to_dict()
    )


def run_gradients_data(t: Texts, norms: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``layers`` from norms (n_frames, n_layers), and ``title``."""
    frames = {f"f{i}": np.clip(row, *NORM_VIEW) for i, row in enumerate(norms)}
    return {
        "layers": table(x=np.arange(1, norms.shape[1] + 1), **frames),
        "title": table(text=[t.say("gradient_axis")]),
    }


def ticks(steps: np.ndarray) -> pa.Table:
    """Name the steps of some frames, for under an axis of frames."""
    frames = np.array([0, 20, 40, LAST_FRAME])
    return table(x=frames, text=[str(int(steps[min(i, len(steps) - 1)])) for i in frames])


def under(steps: alt.Chart, x: alt.X) -> alt.Chart:
    """Write the steps of `ticks` under an axis of frames."""
    at = alt.value("height")
    return steps.mark_text(baseline="top", dy=4, color=GREY).encode(x=x, y=at, text="text:N")


@cache
def story(t: Texts) -> dict:
    """Draw the losses of a run, and the steps that its findings speak of."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, LAST_FRAME], nice=False), axis=None)
    y = _logarithmic(t.say("loss_axis"), LOSS_VIEW, (0.001, 0.1, 10))
    events = alt.Chart(alt.NamedData("events"))
    return alt.layer(
        events.mark_rule(color=GREY, strokeDash=DASHED, strokeWidth=2).encode(x=x),
        alt.Chart(alt.NamedData("losses")).mark_line(clip=True).encode(x=x, y=y, **styles(_looks(t))),
        under(alt.Chart(alt.NamedData("ticks")), x),
        name="story",
    ).to_dict()


def story_data(
    t: Texts, losses: np.ndarray, steps: np.ndarray, marked: Sequence[float]
) -> dict[str, pa.Table]:
    """Fill the picture from losses (n_frames, 2) at ``steps``; those nearest to ``marked`` are marked."""
    frames = [int(np.abs(steps - step).argmin()) for step in marked] or [LAST_FRAME]
    return {
        "losses": run_losses_data(t, losses, steps)["losses"],
        "events": table(x=np.array(frames)),
        "ticks": ticks(steps),
    }


@cache
def point_price(t: Texts) -> dict:
    """Draw what one point costs, frame by frame."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, LAST_FRAME], nice=False), axis=None)
    y = _logarithmic(t.say("price_axis"), LOSS_VIEW, (0.001, 0.1, 10))
    line = alt.Chart(alt.NamedData("price")).mark_line(clip=True, color=ERROR, strokeWidth=3).encode(x=x, y=y)
    return alt.layer(line, under(alt.Chart(alt.NamedData("ticks")), x), name="point_price").to_dict()


def point_price_data(values: np.ndarray, steps: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``price`` from a price (n_frames,) at ``steps``; one that is not known lies on the floor."""
    shown = np.clip(np.nan_to_num(values, nan=LOSS_VIEW[0]), *LOSS_VIEW)
    return {"price": table(x=np.arange(len(shown)), value=shown), "ticks": ticks(steps)}
