"""The pictures of the page "A regression of regressions": each a constant spec and a function for its data."""

from collections.abc import Mapping
from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from explainer.charts.lines import Line, axis_x, axis_y, lines, styles
from explainer.charts.moving import curves, recorded, table
from explainer.charts.palette import CLASSES, DASHED, DOTTED, GREY, MODEL, SOLID
from explainer.charts.tiles import strip
from explainer.texts import Texts

LAST_FRAME = 59


@cache
def two_regressions(t: Texts) -> dict:
    """Draw the hidden lines h₁ and h₂ and, when asked for, the output."""
    looks = [
        Line("h₁", CLASSES[1], DASHED, 2.5),
        Line("h₂", CLASSES[2], DOTTED, 2.5),
        Line("y", MODEL, SOLID, 4.5),
    ]
    return lines("two_regressions", looks, domain=(-6, 6))


def two_regressions_data(
    x: np.ndarray, hidden: np.ndarray, output: np.ndarray | None
) -> dict[str, pd.DataFrame]:
    """Fill ``lines``; without an output only the hidden lines (2, n_points) are drawn."""
    named = {"h₁": hidden[0], "h₂": hidden[1]}
    return {"lines": curves(x, named if output is None else {**named, "y": output})}


@cache
def deeper(t: Texts) -> dict:
    """Draw every hidden neuron of a deep linear network, and its output over them."""
    looks = [Line(t.say("hidden_neurons"), CLASSES[4], SOLID, 1.2), Line("y", MODEL, SOLID, 4.5)]
    chart = (
        alt.Chart(alt.NamedData("lines"), name="deeper")
        .mark_line(clip=True)
        .encode(x=axis_x(), y=axis_y((-6, 6), "y"), detail="neuron:N", **styles(looks))
    )
    return chart.to_dict()


def deeper_data(t: Texts, x: np.ndarray, hidden: np.ndarray, output: np.ndarray) -> dict[str, pd.DataFrame]:
    """Fill ``lines`` with the hidden neurons (n_hidden, n_points) and the output (n_points,)."""
    everything = np.vstack([hidden, output])
    names = [t.say("hidden_neurons")] * len(hidden) + ["y"]
    return {
        "lines": table(
            x=np.tile(x, len(everything)),
            value=everything.ravel(),
            neuron=np.repeat(np.arange(len(everything)), len(x)),
            line=np.repeat(names, len(x)),
        )
    }


@cache
def matrices(t: Texts) -> dict:
    """Draw the weight matrices side by side as tiles, and at the right the one they multiply to."""
    tiles = (
        alt.Chart(alt.NamedData("tiles"))
        .mark_image(aspect=False, clip=True)
        .encode(
            x=alt.X("x:Q", scale=alt.Scale(domain=[0, 11], nice=False), axis=None),
            y=alt.Y("y:Q", scale=alt.Scale(domain=[-0.35, 1], nice=False), axis=None),
            x2="x2:Q",
            y2="y2:Q",
            url="url:N",
        )
    )
    names = (
        alt.Chart(alt.NamedData("tiles"))
        .mark_text(baseline="middle", color=GREY, fontWeight="bold")
        .encode(x=alt.X("middle:Q"), y=alt.datum(-0.2), text="name:N")
    )
    return alt.layer(tiles, names, name="matrices").configure_view(stroke=None).to_dict()


def matrices_data(t: Texts, weights: tuple[np.ndarray, ...]) -> dict[str, pd.DataFrame]:
    """Fill ``tiles``: W₁, W₂ … and, last, their product A."""
    names = [t.say("matrix", i=i) for i in range(1, len(weights))] + ["A"]
    return {"tiles": pd.DataFrame(strip(weights, names, slots=11))}


def _activation_looks(t: Texts) -> list[Line]:
    return [
        Line("w₁·f(h₁)", CLASSES[1], DASHED, 2),
        Line("w₂·f(h₂)", CLASSES[2], DOTTED, 2),
        Line("y", MODEL, SOLID, 4.5),
        Line(t.say("best_line"), GREY, DASHED, 2.5),
    ]


@cache
def with_activation(t: Texts) -> dict:
    """Draw what each neuron brings, their sum, and the straight line nearest to it."""
    return lines("with_activation", _activation_looks(t), domain=(-6, 6))


def with_activation_data(
    t: Texts, x: np.ndarray, terms: np.ndarray, output: np.ndarray, best_line: np.ndarray
) -> dict[str, pd.DataFrame]:
    """Fill ``lines`` with the two terms (2, n_points), their sum and the best line."""
    names = [look.name for look in _activation_looks(t)]
    return {"lines": curves(x, dict(zip(names, (*terms, output, best_line), strict=True)))}


def _networks(t: Texts) -> list[Line]:
    """Name the three networks and give each its colour and dash."""
    return [
        Line(t.say("one_layer"), CLASSES[1], SOLID, 5),
        Line(t.say("deep_linear"), CLASSES[2], DASHED, 3),
        Line(t.say("with_f"), MODEL, SOLID, 3.5),
    ]


def network_marks(t: Texts) -> list[dict[str, str]]:
    """Return label, colour and dash of the three networks, for the table of the play bar."""
    return [
        {"label": look.name, "color": look.color, "dash": "dashed" if look.dash == DASHED else "solid"}
        for look in _networks(t)
    ]


def _frame() -> alt.Parameter:
    """Make the parameter that the play bar moves."""
    bound = alt.binding_range(min=0, max=LAST_FRAME, step=1, name="frame")
    return alt.param(name="frame", value=LAST_FRAME, bind=bound)


@cache
def training(t: Texts) -> dict:
    """Draw the samples, the curve they come from, and the three networks at the frame of the play bar.

    The data set ``runs`` has one column a frame, f0 … f59, so that playing needs no server.
    """
    y = axis_y((-2.4, 2.4), "y")
    points = (
        alt.Chart(alt.NamedData("points"))
        .mark_point(filled=True, size=45, color=GREY, opacity=0.7, clip=True)
        .encode(x=axis_x(), y=y)
    )
    curve = (
        alt.Chart(alt.NamedData("curve"))
        .mark_line(color=GREY, strokeDash=DASHED, strokeWidth=1.5, clip=True)
        .encode(x=axis_x(), y=y)
    )
    networks = (
        alt.Chart(alt.NamedData("runs"))
        .transform_calculate(value="datum['f' + frame]")
        .mark_line(clip=True)
        .encode(x=axis_x(), y=y, **styles(_networks(t), legend=False))
    )
    return alt.layer(points, curve, networks, name="training").add_params(_frame()).to_dict()


def training_data(
    t: Texts,
    points: tuple[np.ndarray, np.ndarray],
    curve: tuple[np.ndarray, np.ndarray],
    y_hats: list[np.ndarray],
) -> dict[str, pd.DataFrame]:
    """Fill ``points`` and ``curve`` with (x, y), ``runs`` with three recordings (n_frames, n_points) over the curve's x."""
    names = [look.name for look in _networks(t)]
    return {
        "points": table(x=points[0], value=points[1]),
        "curve": table(x=curve[0], value=curve[1]),
        "runs": recorded(curve[0], dict(zip(names, y_hats, strict=True))),
    }


@cache
def losses(t: Texts) -> dict:
    """Draw the training loss of the three networks step by step, with a cursor at the frame."""
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[0, LAST_FRAME], nice=False),
        axis=alt.Axis(title=t.say("lm_step"), tickCount=4),
    )
    y = alt.Y(
        "loss:Q",
        scale=alt.Scale(type="log", domain=[1e-3, 10], clamp=True, nice=False),
        axis=alt.Axis(title=t.say("train_loss"), values=[1e-3, 1e-2, 1e-1, 1, 10], format="~r"),
    )
    marks = styles(_networks(t), legend=False)
    base = alt.Chart(alt.NamedData("losses"))
    run = base.mark_line(clip=True).encode(x=x, y=y, **marks)
    cursor = (
        base.transform_filter("datum.x == frame")
        .mark_point(filled=True, size=120, opacity=1)
        .encode(x=x, y=y, color=marks["color"])
    )
    rule = alt.Chart(alt.InlineData([{}])).transform_calculate(x="frame").mark_rule(color=GREY).encode(x=x)
    return alt.layer(rule, run, cursor, name="losses").add_params(_frame()).to_dict()


def losses_data(t: Texts, recorded_losses: list[np.ndarray]) -> dict[str, pd.DataFrame]:
    """Fill ``losses`` with three curves (n_frames,)."""
    names: Mapping = dict(zip([look.name for look in _networks(t)], recorded_losses, strict=True))
    return {"losses": curves(np.arange(LAST_FRAME + 1), names, column="loss")}
