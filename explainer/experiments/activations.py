"""The experiments of the page "Activation functions": eight functions and two newer ones, side by side."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explainer.nets.activations import ACTIVATIONS, Activation, elu, leaky_relu
from explainer.nets.data import CURVES, VIEW
from explainer.nets.linear import best_line, with_ones
from explainer.nets.mlp import MLP
from explainer.nets.training import every_frame, train

NAMES = tuple(ACTIVATIONS)
GROUPS = {"eight": NAMES[1:9], "newer": ("identity", "relu", "gelu", "silu")}
TARGETS = ("sine", "abs", "parabola")
DEPTHS = {"hidden_1": 1, "hidden_3": 3, "hidden_8": 8}  # hidden layers of the race
KEPT = {"race": [{"race_target": target, "race_depth": depth} for target in TARGETS for depth in DEPTHS]}

EDGE = 6.0  # the cursor moves between -EDGE and EDGE
FAR = 40.0  # beyond it no derivative here is still on its way to its limit
DEAD = 0.01  # |f'| below this passes less than a hundredth of the gradient on
N_STARTS, N_STEPS_BEND = 8, 30
N_SEEDS, N_STEPS, WIDTH, LEARNING_RATE = 8, 300, 16, 0.01
N_SAMPLES = 101


def _activation(name: str, a: float, alpha: float) -> Activation:
    return {"leaky_relu": leaky_relu(a), "elu": elu(alpha)}.get(name, ACTIVATIONS[name])


def _samples(target: str) -> tuple[Tensor, Tensor]:
    x = torch.linspace(-VIEW, VIEW, N_SAMPLES, dtype=torch.float64)
    return x, CURVES[target](x)


def _least_squares(x: Tensor, y: Tensor) -> float:
    return float((y - with_ones(x) @ best_line(x, y)).square().mean())


@dataclass(frozen=True, eq=False)
class LinearToNonlinear:
    """A network with f(t) = t for t > 0, else ``bend`` times t, fitted to ``curve`` (n_points,) over ``x``.

    ``f`` is the activation itself over ``x``. ``line_loss`` is the mean squared error of the best line.
    """

    x: np.ndarray
    f: np.ndarray
    curve: np.ndarray
    output: np.ndarray
    loss: float
    line_loss: float


def linear_to_nonlinear(
    *, bend: float = 1.0, bend_target: str = "sine", bend_neurons: int = 8
) -> LinearToNonlinear:
    """Fit a network of one hidden layer for an activation between f(t) = t (``bend`` 1) and ReLU (0).

    Levenberg-Marquardt, ``N_STEPS_BEND`` steps from ``N_STARTS`` initial weights; the best is shown.
    """
    x, y = _samples(bend_target)
    f = leaky_relu(bend)
    net = MLP((1, bend_neurons, 1), f)
    start = net.initialise(range(N_STARTS), view=(-VIEW, VIEW), sharpness=VIEW)
    history = train(net, start, x[:, None], y[:, None], n_steps=N_STEPS_BEND)
    best = history.parameters[-1, history.best, None]
    return LinearToNonlinear(
        x.numpy(),
        f.function(x).numpy(),
        y.numpy(),
        net.predict(best, x[:, None])[0, :, 0].numpy(),
        float(history.losses[-1, history.best]),
        _least_squares(x, y),
    )


@dataclass(frozen=True, eq=False)
class OneCursor:
    """Functions ``names`` and their derivatives, rows of ``f`` and ``slope`` (n_names, n_points) over ``x``.

    Zero, where some have a kink, is not in ``x``: half of the points are left of it. ``at_f`` and
    ``at_slope`` (n_names,) are the values at the cursor.
    """

    names: tuple[str, ...]
    x: np.ndarray
    f: np.ndarray
    slope: np.ndarray
    at_f: np.ndarray
    at_slope: np.ndarray


def one_cursor(
    *, cursor: float = 1.0, leak: float = 0.25, elu_alpha: float = 1.0, group: str = "eight"
) -> OneCursor:
    """Evaluate a group of activations and their derivatives on [-EDGE, EDGE] and at the cursor."""
    right = torch.linspace(0, EDGE, 25, dtype=torch.float64)  # few points: the browser draws 16 curves
    right[0] = 1e-9
    x = torch.cat([-right.flip(0), right])
    at = torch.tensor([cursor], dtype=torch.float64)
    fs = [_activation(name, leak, elu_alpha) for name in GROUPS[group]]
    return OneCursor(
        GROUPS[group],
        x.numpy(),
        torch.stack([f.function(x) for f in fs]).numpy(),
        torch.stack([f.derivative(x) for f in fs]).numpy(),
        torch.cat([f.function(at) for f in fs]).numpy(),
        torch.cat([f.derivative(at) for f in fs]).numpy(),
    )


@dataclass(frozen=True, eq=False)
class InDetail:
    """One activation over ``x`` (n_points,), zero included, and what there is to say about its derivative.

    ``peak`` is the largest slope f', ``peak_at`` its (first) place, and ``peaks`` says how it is taken:
    ``point``, ``left`` (just left of 0), ``right`` (for all x > 0), ``limit`` (as x grows) or ``everywhere``.
    |f'| is below ``DEAD`` for x < ``low`` and for x > ``high``; ``dies`` is ``never``, ``left``, ``both`` or
    ``everywhere``. ``largest_difference`` is that of the formula from what ``checked_by`` names: ``autograd``
    where torch differentiates the function, else a difference ``quotient`` away from 0. ``at_zero`` is
    ``smooth``, ``kink`` or ``jump``, with the slopes ``left`` and ``right`` of it and the one ``taken``.
    """

    x: np.ndarray
    f: np.ndarray
    slope: np.ndarray
    peak: float
    peak_at: float
    peaks: str
    low: float
    high: float
    dies: str
    largest_difference: float
    checked_by: str
    at_zero: str
    left: float
    right: float
    taken: float


def in_detail(*, detail: str = "sigmoid", detail_leak: float = 0.25, detail_alpha: float = 1.0) -> InDetail:
    """Differentiate one activation by formula and by torch, and look for where it learns and where not.

    Places are found on a grid of step 0.001 over [-FAR, FAR].
    """
    f = _activation(detail, detail_leak, detail_alpha)
    x = torch.arange(-600, 601, dtype=torch.float64) * EDGE / 600
    difference, checked_by = _check(f, x)
    far = torch.arange(-40_000, 40_001, dtype=torch.float64) * FAR / 40_000
    slope = f.derivative(far)
    peak = float(slope.max())
    top = far[slope >= peak - 1e-9]
    near = torch.tensor([-1e-9, 0.0, 1e-9], dtype=torch.float64)
    left, taken, right = f.derivative(near).tolist()
    jumps = bool(f.function(near).diff().abs().max() > 0.5)
    kinks = abs(left - right) > 1e-6
    peaks = _peaks(top, kinks)
    alive = far[slope.abs() >= DEAD]
    low, high = (float(alive[0]), float(alive[-1])) if len(alive) else (FAR, FAR)
    return InDetail(
        x.numpy(),
        f.function(x).numpy(),
        f.derivative(x).numpy(),
        peak,
        0.0 if peaks == "everywhere" else float(top[0]),
        peaks,
        low,
        high,
        _dies(low, high),
        difference,
        checked_by,
        "jump" if jumps else "kink" if kinks else "smooth",
        left,
        right,
        taken,
    )


def _check(f: Activation, x: Tensor) -> tuple[float, str]:
    """Return the largest difference between a formula f' and torch's own derivative, and its kind."""
    t = x.clone().requires_grad_()
    y = torch.heaviside(t, torch.ones_like(t)) if f.name == "heaviside" else f.function(t)
    try:
        (expected,) = torch.autograd.grad(y.sum(), t)
    except RuntimeError:  # "derivative for aten::heaviside is not implemented"
        x, h = x[x != 0], 1e-4
        expected, kind = (f.function(x + h) - f.function(x - h)) / (2 * h), "quotient"
    else:
        kind = "autograd"
    return float((f.derivative(x) - expected).abs().max()), kind


def _peaks(top: Tensor, kinks: bool) -> str:
    """Say how the largest slope is taken: at the points ``top`` of the far view, in order."""
    if float(top[0]) <= -FAR:
        return "everywhere"
    if float(top[-1]) >= FAR:
        return "right" if float(top[0]) < 0.01 else "limit"
    return "left" if kinks and float(top[-1]) == 0 else "point"


def _dies(low: float, high: float) -> str:
    if low >= FAR:
        return "everywhere"
    if low <= -FAR:
        return "never"
    return "left" if high >= FAR else "both"


@dataclass(frozen=True, eq=False)
class Race:
    """Networks that differ in their activation alone, in the order of ``names``.

    ``losses`` (n_names, n_frames, n_seeds) are mean squared errors after ``steps`` (n_frames,). ``moved``
    (n_names,) is the largest change of a first-layer parameter during training. ``line_loss`` is the error
    of the best straight line.
    """

    names: tuple[str, ...]
    steps: np.ndarray
    losses: np.ndarray
    moved: np.ndarray
    line_loss: float


def race(
    *,
    race_target: str = "sine",
    race_depth: str = "hidden_1",
    tick: Callable[[float], None] | None = None,
) -> Race:
    """Train a network with every activation: same points, same ``N_SEEDS`` initial weights, same Adam.

    The seeds of one activation are one batch of tensors; hidden layers have ``WIDTH`` neurons. ``tick`` is
    called at every step of training and may raise to end it.
    """
    x, y = _samples(race_target)
    sizes = (1, *[WIDTH] * DEPTHS[race_depth], 1)
    losses, moved = [], []
    for f in ACTIVATIONS.values():
        net = MLP(sizes, f)
        start = net.initialise(range(N_SEEDS), view=(-VIEW, VIEW), sharpness=VIEW)
        history = train(
            net,
            start,
            x[:, None],
            y[:, None],
            optimizer="adam",
            learning_rate=LEARNING_RATE,
            n_steps=N_STEPS,
            seconds=30.0,
            tick=tick,
        )
        losses.append(history.losses)
        change = (history.parameters[-1] - history.parameters[0])[:, : 2 * WIDTH]  # weights and biases
        moved.append(float(change.abs().max()))
    return Race(
        NAMES,
        every_frame(history.steps),
        np.stack([every_frame(run) for run in losses]),
        np.array(moved),
        _least_squares(x, y),
    )
