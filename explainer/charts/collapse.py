"""The pictures of the page "A regression of regressions": each a constant spec and a filler of its data."""

from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.lines import Line, axis_x, axis_y, lines, styles
from explainer.charts.moving import curves, recorded, table
from explainer.charts.palette import CLASSES, DASHDOTTED, DASHED, DOTTED, GREY, MODEL, SOLID
from explainer.charts.tiles import strip
from explainer.texts import Texts

LAST_FRAME = 59


@cache
def two_regressions(t: Texts) -> dict:
    """Draw the hidden lines h₁ and h₂ and, when asked for, the output."""
    looks = [Line("h₁", CLASSES[1], DASHED), Line("h₂", CLASSES[2], DOTTED), Line("y", MODEL, thick=True)]
    return lines("two_regressions", looks, domain=(-6, 6))


def two_regressions_data(x: np.ndarray, hidden: np.ndarray, output: np.ndarray | None) -> dict[str, pa.Table]:
    """Fill ``lines`` with the hidden lines (2, n_points) and, if there is one, the output (n_points,)."""
    shown = list(hidden) if output is None else [*hidden, output]
    return {"lines": curves(x, shown, ("h₁", "h₂", "y")[: len(shown)])}


@cache
def deeper(t: Texts) -> dict:
    """Draw every hidden neuron of a deep linear network, and its output over them."""
    looks = [Line(t.say("hidden_neurons"), CLASSES[4]), Line("y", MODEL, thick=True)]
    return lines("deeper", looks, domain=(-6, 6), thin=1.2)


def deeper_data(t: Texts, x: np.ndarray, hidden: np.ndarray, output: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``lines`` with the hidden neurons (n_hidden, n_points) and the output (n_points,)."""
    return {"lines": curves(x, [*hidden, output], [t.say("hidden_neurons")] * len(hidden) + ["y"])}


@cache
def matrices(t: Texts) -> dict:
    """Draw the weight matrices side by side as tiles, and behind them the one they multiply to."""
    across = alt.Scale(domain=[0, 11], nice=False)
    upwards = alt.Scale(domain=[-0.35, 1], nice=False)
    base = alt.Chart(alt.NamedData("tiles"))
    tiles = base.mark_image(aspect=False).encode(
        x=alt.X("x:Q", scale=across, axis=None),
        y=alt.Y("y:Q", scale=upwards, axis=None),
        x2="x2:Q",
        y2="y2:Q",
        url="url:N",
    )
    text = base.mark_text(baseline="middle", color=GREY, fontWeight="bold")
    names = text.encode(x=alt.X("middle:Q"), y=alt.datum(-0.2), text="name:N")
    signs = text.encode(x=alt.X("left:Q"), y=alt.datum(0.5), text="sign:N")
    return alt.layer(tiles, names, signs, name="matrices").configure_view(stroke=None).to_dict()


def matrices_data(t: Texts, weights: tuple[np.ndarray, ...]) -> dict[str, pa.Table]:
    """Fill ``tiles``: W₁ · W₂ · … = A, the last of ``weights``."""
    names = [t.say("matrix", i=i) for i in range(1, len(weights))]
    return {"tiles": table(**strip(weights, [*names, "A"]), sign=["", *["·"] * (len(weights) - 2), "="])}


def _activation_looks(t: Texts) -> list[Line]:
    return [
        Line("w₁·f(h₁)", CLASSES[1], DASHED),
        Line("w₂·f(h₂)", CLASSES[2], DOTTED),
        Line("y", MODEL, thick=True),
        Line(t.say("best_line"), GREY, DASHDOTTED),
    ]


@cache
def with_activation(t: Texts) -> dict:
    """Draw what each neuron brings, their sum, and the straight line nearest to it."""
    return lines("with_activation", _activation_looks(t), domain=(-6, 6))


def with_activation_data(
    t: Texts, x: np.ndarray, terms: np.ndarray, output: np.ndarray, best_line: np.ndarray
) -> dict[str, pa.Table]:
    """Fill ``lines`` with the two terms (2, n_points), their sum and the best line."""
    return {"lines": curves(x, [*terms, output, best_line], [look.name for look in _activation_looks(t)])}


def _networks(t: Texts) -> list[Line]:
    """Name the three networks and give each its colour and dash."""
    return [
        Line(t.say("one_layer"), CLASSES[1], thick=True),
        Line(t.say("deep_linear"), CLASSES[2], DASHED),
        Line(t.say("with_f"), MODEL, DASHDOTTED, thick=True),
    ]


def network_marks(t: Texts) -> list[dict[str, str]]:
    """Return label, colour and dash of the three networks, for the table of the play bar."""
    return [
        {"label": look.name, "color": look.color, "dash": "solid" if look.dash == tuple(SOLID) else "dashed"}
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
    x, y = axis_x(), axis_y((-2.4, 2.4), values=(-2, -1, 0, 1))
    points = alt.Chart(alt.NamedData("points")).mark_point(
        filled=True, size=45, color=GREY, opacity=0.7, clip=True
    )
    curve = alt.Chart(alt.NamedData("curve")).mark_line(
        color=GREY, strokeDash=DASHED, strokeWidth=2, clip=True
    )
    networks = (
        alt.Chart(alt.NamedData("runs"))
        .transform_calculate(value="datum['f' + frame]")
        .mark_line(clip=True)
        .encode(x=x, y=y, **styles(_networks(t), legend=False))
    )
    layers = alt.layer(points.encode(x=x, y=y), curve.encode(x=x, y=y), networks, name="training")
    return layers.add_params(_frame()).to_dict()


def training_data(
    t: Texts,
    points: tuple[np.ndarray, np.ndarray],
    curve: tuple[np.ndarray, np.ndarray],
    y_hats: list[np.ndarray],
) -> dict[str, pa.Table]:
    """Fill ``points`` and ``curve`` with (x, y), ``runs`` with recordings over the curve's x.

    A recording of a network's y_hat is (n_frames, n_points).
    """
    return {
        "points": table(x=points[0], value=points[1]),
        "curve": table(x=curve[0], value=curve[1]),
        "runs": recorded(curve[0], y_hats, [look.name for look in _networks(t)]),
    }


@cache
def losses(t: Texts) -> dict:
    """Draw the training loss of the three networks step by step, with a cursor at the frame."""
    x = axis_x(t.say("lm_step"), domain=(0, LAST_FRAME), values=(0, 20))
    y = axis_y((1e-3, 10), "MSE", values=(0.001, 0.01, 0.1, 1))
    y.scale = alt.Scale(type="log", domain=[1e-3, 10], clamp=True, nice=False)
    marks = styles(_networks(t), legend=False)
    base = alt.Chart(alt.NamedData("losses"))
    now = base.transform_filter("datum.x == frame")
    return (
        alt.layer(
            now.mark_rule(color=GREY).encode(x=x),
            base.mark_line(clip=True).encode(x=x, y=y, **marks),
            now.mark_point(filled=True, size=120, opacity=1).encode(x=x, y=y, color=marks["color"]),
            name="losses",
        )
        .add_params(_frame())
        .to_dict()
    )


def losses_data(t: Texts, recorded_losses: list[np.ndarray]) -> dict[str, pa.Table]:
    """Fill ``losses`` with one curve (n_frames,) a network."""
    return {
        "losses": curves(np.arange(LAST_FRAME + 1), recorded_losses, [look.name for look in _networks(t)])
    }
