"""The pictures of the page "Network paralysis": where the signal goes, and what training makes of it."""

from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.lines import Line, axis_x, axis_y, styles
from explainer.charts.moving import curves, table
from explainer.charts.palette import (
    CLASSES,
    DASHDOTTED,
    DASHED,
    DOTTED,
    ERROR,
    GREY,
    MODEL,
    NEGATIVE,
    POSITIVE,
)
from explainer.texts import Texts

FULL = 16  # powers of ten of full colour
N_DEPTHS = 30
CELLS = {"x": (0.5, N_DEPTHS + 0.5), "y": (0, 5), "columns": ("depth", N_DEPTHS)}  # where a hand points
_CELL = 0.5  # of a row's height; the rest is for its name
_DEPTHS = (1, 5, 10, 15, 20, 25, 30)
_PROFILE = (-40.0, 24.0)  # powers of ten
_FAR = (-200.0, 200.0)
_GRADIENTS = (-20.0, 5.0)
_CHAIN = (-12.0, 4.0)
_STEPS = (0, 400)


def _within(values: np.ndarray, domain: tuple[float, float]) -> np.ndarray:
    """Keep powers of ten in the picture: exactly zero is minus infinity, and stands at its lower edge."""
    return np.clip(np.nan_to_num(values, nan=domain[1], posinf=domain[1], neginf=domain[0]), *domain)


def _log(values: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.log10(values)


def _field(channel: alt.X | alt.Y, field: str) -> alt.X | alt.Y:
    """Give an axis another column."""
    channel["shorthand"] = f"{field}:Q"
    return channel


# -- the map ---------------------------------------------------------------------------------------


@cache
def gradient_map(t: Texts) -> dict:
    """Draw a row of cells for every activation, over the depth, with the network that is looked at."""

    def x(field: str) -> alt.X:
        channel = axis_x(t.say("depth_axis"), CELLS["x"], _DEPTHS[:-1])
        channel["axis"]["grid"] = False  # it would run through the words
        return _field(channel, field)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=alt.Scale(domain=CELLS["y"], nice=False), axis=None)

    corners = {"x": x("x"), "x2": "x2:Q", "y": y("y"), "y2": "y2:Q"}
    cells = (
        alt.Chart(alt.NamedData("cells"))
        .mark_rect()
        .encode(
            **corners,
            color=alt.Color(
                "sign:N", scale=alt.Scale(domain=["+", "−"], range=[POSITIVE, NEGATIVE]), legend=None
            ),
            opacity=alt.Opacity("share:Q", scale=alt.Scale(domain=[0, 1], range=[0.05, 1]), legend=None),
        )
    )
    now = (
        alt.Chart(alt.NamedData("now")).mark_rect(filled=False, stroke=GREY, strokeWidth=4).encode(**corners)
    )
    words = alt.Chart(alt.NamedData("words")).encode(x=x("x"), y=y("y"), text="text:N")
    left = words.transform_filter("datum.align == 'left'").mark_text(
        align="left", baseline="middle", color=GREY, fontWeight="bold"
    )
    right = words.transform_filter("datum.align == 'right'").mark_text(
        align="right", baseline="middle", color=GREY, fontWeight="bold"
    )
    middle = words.transform_filter("datum.align == 'center'").mark_text(
        baseline="middle", color="Canvas", fontWeight="bold"
    )
    layers = alt.layer(cells, now, left, right, middle, name="gradient_map")
    return layers.configure_view(stroke=None).to_dict()


def gradient_map_data(
    t: Texts, names: Sequence[str], firsts: np.ndarray, chosen: str, depth: int
) -> dict[str, pa.Table]:
    """Fill ``cells`` with powers of ten (n_activations, n_depths), minus infinity for exactly zero.

    ``now`` frames the network of the activation ``chosen`` and of ``depth`` layers; ``words`` are the
    activations with their number at that depth, the key of the colours, and a 0 where a signal is zero.
    """
    n_rows = len(firsts)
    row, column = (index.ravel() for index in np.indices(firsts.shape))
    key = np.linspace(-FULL, FULL, 9)
    left = 12.5 + 0.75 * np.arange(len(key))
    low, top = n_rows - 1.0 - row, n_rows + 0.25
    value = np.concatenate([firsts.ravel(), key])
    cells = table(
        x=np.concatenate([column + 0.5, left]),
        x2=np.concatenate([column + 1.5, left + 0.75]),
        y=np.concatenate([low, np.full(len(key), top)]),
        y2=np.concatenate([low + _CELL, np.full(len(key), top + _CELL)]),
        sign=np.where(value < 0, "−", "+"),
        share=np.minimum(np.abs(value) / FULL, 1),
    )
    at = n_rows - 1.0 - list(names).index(chosen)
    now = table(x=[depth - 0.5], x2=[depth + 0.5], y=[at - 0.04], y2=[at + _CELL + 0.04])
    ratios = 10.0 ** firsts[:, depth - 1]
    words = [
        (0.5, n_rows - 1 - i + 0.76, "left", t.say("map_row", f=t.say(f), ratio=float(ratios[i])))
        for i, f in enumerate(names)
    ]
    words += [
        (12.1, top + _CELL / 2, "right", t.say("map_fades")),
        (19.7, top + _CELL / 2, "left", t.say("map_grows")),
    ]
    words += [
        (j + 1.0, n_rows - 1 - i + _CELL / 2, "center", "0") for i, j in np.argwhere(np.isneginf(firsts))
    ]
    x, y, align, text = zip(*words, strict=True)
    return {"cells": cells, "now": now, "words": table(x=np.array(x), y=np.array(y), align=align, text=text)}


def _profile_looks(t: Texts) -> list[Line]:
    return [
        Line(t.say("measured"), MODEL, thick=True),
        Line(t.say("weights_bound"), CLASSES[3], DASHED),
        Line(t.say("slopes_alone"), GREY, DOTTED),
    ]


@cache
def profile(t: Texts) -> dict:
    """Draw the signal layer by layer in powers of ten, the bound, and the largest slopes alone."""
    x = axis_x(t.say("layer_axis"), (0.5, N_DEPTHS + 0.5), _DEPTHS[:-1])
    y = axis_y(_PROFILE, t.say("powers_axis"), (-40, -20, 0))
    return (
        alt.Chart(alt.NamedData("lines"), name="profile")
        .mark_line(clip=True, point=True)
        .encode(x=x, y=y, **styles(_profile_looks(t)))
        .to_dict()
    )


def profile_data(
    t: Texts, signals: np.ndarray, bounds: np.ndarray, slopes: np.ndarray
) -> dict[str, pa.Table]:
    """Fill ``lines`` with three curves (n_layers,) of powers of ten.

    What leaves the picture leaves it, exactly zero straight down.
    """
    values = [_within(value, _FAR) for value in (signals, bounds, slopes)]
    names = [look.name for look in _profile_looks(t)]
    return {"lines": curves(np.arange(1, len(signals) + 1), values, names)}


# -- training --------------------------------------------------------------------------------------


def _steps(t: Texts) -> alt.X:
    return axis_x(t.say("lm_step"), _STEPS, (0, 100, 200))


def _losses(t: Texts, looks: list[Line], name: str, **legend: int) -> dict:
    y = axis_y((1e-3, 10), "MSE", values=(0.001, 0.01, 0.1, 1))
    y.scale = alt.Scale(type="log", domain=[1e-3, 10], clamp=True, nice=False)
    return _course(name, _steps(t), y, styles(looks, **legend))


def _course(name: str, x: alt.X, y: alt.Y, marks: dict[str, object]) -> dict:
    """Draw lines with a point at their ends: a run that diverges at its first step is nothing else."""
    base = alt.Chart(alt.NamedData("lines"))
    ends = base.transform_filter("datum.last").mark_point(filled=True, size=110, opacity=1)
    lines = base.mark_line(clip=True).encode(x=x, y=y, **marks)
    return alt.layer(lines, ends.encode(x=x, y=y, color=marks["color"]), name=name).to_dict()


def _loss_looks(t: Texts) -> list[Line]:
    return [Line(t.say("loss_line"), MODEL, thick=True), Line(t.say("constant_line"), GREY, DASHED)]


@cache
def paralysis_loss(t: Texts) -> dict:
    """Draw the loss step by step, and that of the best constant."""
    return _losses(t, _loss_looks(t), "paralysis_loss", columns=1)


def paralysis_loss_data(
    t: Texts, steps: np.ndarray, losses: np.ndarray, constant: float
) -> dict[str, pa.Table]:
    """Fill ``lines`` with the losses (n_frames,) at ``steps``."""
    names = [look.name for look in _loss_looks(t)]
    return {"lines": _two_lengths(names, (steps, np.clip(losses, 1e-6, 1e6)), (_STEPS, [constant] * 2))}


def _two_lengths(
    names: Sequence[str], *pairs: tuple[Sequence[float] | np.ndarray, Sequence[float] | np.ndarray]
) -> pa.Table:
    """Put named curves (x, value) of different lengths below each other; ``last`` marks their ends."""
    return table(
        x=np.concatenate([np.asarray(x, float) for x, _ in pairs]),
        value=np.concatenate([np.asarray(value, float) for _, value in pairs]),
        line=np.concatenate([np.repeat([name], len(x)) for name, (x, _) in zip(names, pairs, strict=True)]),
        last=np.concatenate([np.arange(len(x)) == len(x) - 1 for x, _ in pairs]),
    )


def _gradient_looks(t: Texts) -> list[Line]:
    return [
        Line(t.say("first_layer"), ERROR, thick=True),
        Line(t.say("last_layer"), CLASSES[4], DASHDOTTED),
    ]


@cache
def paralysis_gradients(t: Texts) -> dict:
    """Draw the gradients of the first and the last layer step by step, in powers of ten."""
    y = axis_y(_GRADIENTS, t.say("powers_axis"), (-20, -10, 0))
    return _course("paralysis_gradients", _steps(t), y, styles(_gradient_looks(t), columns=1))


def paralysis_gradients_data(
    t: Texts, steps: np.ndarray, first: np.ndarray, last: np.ndarray
) -> dict[str, pa.Table]:
    """Fill ``lines`` with two norms (n_frames,) at ``steps``."""
    values = [_within(_log(norms), _GRADIENTS) for norms in (first, last)]
    names = [look.name for look in _gradient_looks(t)]
    return {"lines": _two_lengths(names, *((steps, value) for value in values))}


# -- rescue ----------------------------------------------------------------------------------------


def _rescue_looks(t: Texts) -> list[Line]:
    return [Line(t.say("before"), CLASSES[1], DASHED, thick=True), Line(t.say("after"), MODEL, thick=True)]


@cache
def rescue_fits(t: Texts) -> dict:
    """Draw the samples, the curve that they come from, and both networks after training."""
    x, y = axis_x(), axis_y((-1.6, 1.6), values=(-1, 0, 1))
    points = alt.Chart(alt.NamedData("points")).mark_point(filled=True, size=45, color=GREY, opacity=0.7)
    curve = alt.Chart(alt.NamedData("curve")).mark_line(color=GREY, strokeDash=DASHED, strokeWidth=2)
    both = alt.Chart(alt.NamedData("lines")).mark_line(clip=True)
    nets = both.encode(x=x, y=y, **styles(_rescue_looks(t), columns=1))
    layers = alt.layer(points.encode(x=x, y=y), curve.encode(x=x, y=y), nets, name="rescue_fits")
    return layers.to_dict()


def rescue_fits_data(
    t: Texts,
    points: tuple[np.ndarray, np.ndarray],
    curve: tuple[np.ndarray, np.ndarray],
    y_hats: Sequence[np.ndarray],
) -> dict[str, pa.Table]:
    """Fill ``points`` and ``curve`` with (x, y), ``lines`` with both networks over the curve's x."""
    shown = [np.clip(y_hat, -10, 10) for y_hat in y_hats]
    return {
        "points": table(x=points[0], value=points[1]),
        "curve": table(x=curve[0], value=curve[1]),
        # What is drawn last lies on top: the dashed line, so that both are seen where they are one.
        "lines": curves(curve[0], shown[::-1], [look.name for look in _rescue_looks(t)][::-1]),
    }


@cache
def rescue_losses(t: Texts) -> dict:
    """Draw the losses of both networks step by step."""
    return _losses(t, _rescue_looks(t), "rescue_losses", columns=1)


def rescue_losses_data(t: Texts, runs: Sequence[tuple[np.ndarray, np.ndarray]]) -> dict[str, pa.Table]:
    """Fill ``lines`` with (steps, losses) of both networks."""
    names = [look.name for look in _rescue_looks(t)]
    pairs = [(steps, np.clip(loss, 1e-6, 1e6)) for steps, loss in runs]
    return {"lines": _two_lengths(names[::-1], *pairs[::-1])}


# -- the chain -------------------------------------------------------------------------------------


def _chain_looks(t: Texts) -> list[Line]:
    return [Line(t.say("product_line"), MODEL, thick=True), Line(t.say("steepest_line"), GREY, DASHED)]


@cache
def chain(t: Texts) -> dict:
    """Draw every layer's factor as a bar, and the product from the last layer back, in powers of ten."""

    def x(field: str) -> alt.X:
        return _field(axis_x(t.say("layer_axis"), (0.5, 12.5), tuple(range(1, 12))), field)

    def y(field: str) -> alt.Y:
        return _field(axis_y(_CHAIN, t.say("powers_axis"), (-12, -8, -4, 0)), field)

    bars = (
        alt.Chart(alt.NamedData("bars"))
        .mark_rect(color=ERROR, opacity=0.35, clip=True)
        .encode(x=x("x"), x2="x2:Q", y=y("value"), y2="zero:Q")
    )
    level = alt.Chart(alt.NamedData("level")).mark_rule(color=GREY).encode(y=y("value"))
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_line(clip=True, point=True)
        .encode(x=x("x"), y=y("value"), **styles(_chain_looks(t)))
    )
    return alt.layer(bars, level, lines, name="chain").to_dict()


def chain_data(
    t: Texts, factors: np.ndarray, products: np.ndarray, steepest: np.ndarray
) -> dict[str, pa.Table]:
    """Fill ``bars`` with the factors (depth,), ``lines`` with products and those of the steepest slopes."""
    layers = np.arange(1, len(factors) + 1)
    values = [_within(_log(np.abs(value)), _CHAIN) for value in (products, steepest)]
    bars = _within(_log(np.abs(factors)), _CHAIN)
    return {
        "bars": table(x=layers - 0.3, x2=layers + 0.3, value=bars, zero=np.zeros(len(layers))),
        "level": table(value=[0.0]),
        "lines": curves(layers, values, [look.name for look in _chain_looks(t)]),
    }
