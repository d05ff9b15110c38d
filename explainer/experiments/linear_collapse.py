"""The experiments of the page "A regression of regressions": linear layers on linear layers are one line."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.data import CURVES, VIEW, sample_curve
from explainer.nets.linear import best_line, collapse, random_weights, states, with_ones
from explainer.nets.losses import mse
from explainer.nets.mlp import MLP
from explainer.nets.training import N_FRAMES, every_frame, train

LIMIT = 3.0  # the largest weight that a slider can set
N_SAMPLES, N_FRESH = 60, 200
N_STARTS = 16  # initial weights that a network may try before it counts as stuck


def _view(n_points: int) -> Tensor:
    return torch.linspace(-VIEW, VIEW, n_points, dtype=torch.float64)


@dataclass(frozen=True, eq=False)
class TwoRegressions:
    """Two hidden lines, a third regression on top, and the line that all of it is.

    ``hidden`` is (2, n_points), ``output`` and ``line`` are (n_points,) over ``x``.
    """

    x: np.ndarray
    hidden: np.ndarray
    output: np.ndarray
    gamma_1: float
    gamma_2: float
    line: np.ndarray
    largest_difference: float


def two_regressions(
    *,
    w11: float = 0.5,
    w21: float = 1.0,
    w12: float = 1.0,
    w22: float = -0.5,
    w1: float = 1.0,
    w2: float = -1.0,
) -> TwoRegressions:
    """Compute h1 = w11 + w21 x, h2 = w12 + w22 x, y = w1 h1 + w2 h2, and y = gamma1 + gamma2 x.

    The network is computed layer by layer, the line from the product A = W1 W2 = (gamma1, gamma2);
    ``largest_difference`` is the largest |network - line| over x, in the units of y.
    """
    x = _view(61)
    weights = [_tensor([[w11, w12], [w21, w22]]), _tensor([[w1], [w2]])]
    hidden, output = states(with_ones(x), weights)
    A = collapse(weights)
    line = (with_ones(x) @ A)[:, 0]
    return TwoRegressions(
        x.numpy(),
        hidden.T.numpy(),
        output[:, 0].numpy(),
        float(A[0]),
        float(A[1]),
        line.numpy(),
        float((output[:, 0] - line).abs().max()),
    )


@dataclass(frozen=True, eq=False)
class DeepLinear:
    """A random linear network of any depth and what is left of it.

    ``hidden`` is (n_hidden, n_points), every neuron of every hidden layer over ``x``, ``layer`` (n_hidden,)
    its layer, counted from 1. ``matrices`` are the weights and, last, their product.
    """

    x: np.ndarray
    hidden: np.ndarray
    layer: np.ndarray
    output: np.ndarray
    matrices: tuple[np.ndarray, ...]
    gamma_1: float
    gamma_2: float
    n_parameters: int
    largest_difference: float


def deeper(*, depth: int = 3, width: int = 4, seed: int = 3) -> DeepLinear:
    """Stack ``depth`` random linear layers of ``width`` neurons and multiply them into one matrix."""
    x = _view(7)
    weights = random_weights(depth, width, seed=seed)
    *hidden, output = states(with_ones(x), weights)
    A = collapse(weights)
    line = (with_ones(x) @ A)[:, 0]
    return DeepLinear(
        x.numpy(),
        torch.cat([h.T for h in hidden]).numpy() if hidden else np.empty((0, len(x))),
        np.repeat(np.arange(1, depth), width),
        output[:, 0].numpy(),
        tuple(w.numpy() for w in (*weights, A)),
        float(A[0]),
        float(A[1]),
        sum(w.numel() for w in weights),
        float((output[:, 0] - line).abs().max()),
    )


@dataclass(frozen=True, eq=False)
class WithActivation:
    """The two-neuron network with f between its layers, beside the best straight line.

    ``terms`` is (2, n_points): what each neuron brings, w_j f(h_j). ``residual`` is the largest
    |output - best_line| over the view; ``verdict`` names why it is zero, or says that it bends.
    """

    x: np.ndarray
    terms: np.ndarray
    output: np.ndarray
    best_line: np.ndarray
    residual: float
    verdict: str


def with_activation(
    *,
    f: str = "relu",
    v11: float = 0.5,
    v21: float = 1.0,
    v12: float = 1.0,
    v22: float = -0.5,
    v1: float = 1.0,
    v2: float = -1.0,
) -> WithActivation:
    """Compute y = v1 f(v11 + v21 x) + v2 f(v12 + v22 x) and the straight line nearest to it.

    The line is that of least squares over 241 points of the view.
    """
    x = _view(241)
    hidden = with_ones(x) @ _tensor([[v11, v12], [v21, v22]])
    terms = ACTIVATIONS[f].function(hidden) * _tensor([v1, v2])
    output = terms.sum(1)
    line = with_ones(x) @ best_line(x, output)
    return WithActivation(
        x.numpy(),
        terms.T.numpy(),
        output.numpy(),
        line.numpy(),
        float((output - line).abs().max()),
        _bend_verdict(f, (v11, v12), (v21, v22), (v1, v2)),
    )


def _bend_verdict(
    f: str, intercepts: tuple[float, float], slopes: tuple[float, float], outer: tuple[float, float]
) -> str:
    """Say, without computing the curve, whether y = sum_j outer_j f(intercept_j + slope_j x) bends in view.

    ``identity``: f bends nothing. ``silent``: no neuron both depends on x and is heard at the output.
    ``out_of_view``: ReLU's kinks at x = -intercept / slope lie outside the open view. ``cancelled``:
    the bends there are cancel, because neurons share their place and

        relu(z) - relu(-z) = z,  tanh(z) + tanh(-z) = 0,  sigmoid(z) + sigmoid(-z) = 1.

    Otherwise ``bends``.
    """
    if f == "identity":
        return "identity"
    # Sliders move in steps of 0.1, so tenths are compared as whole numbers, without rounding.
    units = [
        (round(10 * b), round(10 * a), round(10 * v))
        for b, a, v in zip(intercepts, slopes, outer, strict=True)
        if round(10 * a) and round(10 * v)
    ]
    if not units:
        return "silent"
    if f == "relu":
        units = [unit for unit in units if abs(unit[0]) < VIEW * abs(unit[1])]
        if not units:
            return "out_of_view"
        # The slope jumps by v |a| at the kink -b / a; two kinks at one place add up.
        (b, a, v), *rest = units
        if rest and b * rest[0][1] == rest[0][0] * a:
            return "cancelled" if v * abs(a) + rest[0][2] * abs(rest[0][1]) == 0 else "bends"
        return "bends"
    (b, a, v), *rest = units
    if rest:
        other_b, other_a, other_v = rest[0]
        if (other_b, other_a) == (b, a):
            return "cancelled" if v + other_v == 0 else "bends"
        if (other_b, other_a) == (-b, -a):  # f(-z) is -tanh(z), or 1 - sigmoid(z)
            return "cancelled" if v - other_v == 0 else "bends"
    return "bends"


@dataclass(frozen=True, eq=False)
class Run:
    """One network's training: what it predicts and how wrong it is, frame by frame.

    ``y_hat`` is (n_frames, n_points) over the view, ``train_loss`` and ``fresh_loss`` (n_frames,) are mean
    squared errors on the samples and on points it never saw. ``n_steps`` steps were made; later frames
    repeat the last. ``start`` counts the initial weights that were tried, from 1.
    """

    y_hat: np.ndarray
    train_loss: np.ndarray
    fresh_loss: np.ndarray
    n_parameters: int
    n_steps: int
    start: int


@dataclass(frozen=True, eq=False)
class Training:
    """Three networks on the same samples ``x``, ``y`` (n_samples,) of ``curve`` (n_points,) over ``grid``.

    ``verdict`` is ``below`` (the network with f went below least squares, on fresh points too), ``noise``
    (on the samples only) or ``stuck`` (not even there).
    """

    x: np.ndarray
    y: np.ndarray
    grid: np.ndarray
    curve: np.ndarray
    one_layer: Run
    deep_linear: Run
    with_f: Run
    least_squares_loss: float
    verdict: str


def train_it(
    *, target: str = "sine", train_f: str = "tanh", neurons: int = 4, noise: float = 0.2, sample: int = 0
) -> Training:
    """Train one linear layer, three linear layers and the same three with f, by Levenberg-Marquardt.

    The deep networks are 1 -> neurons -> neurons -> 1 and start from the same weights; if the one with
    f ends above least squares, it tries up to ``N_STARTS`` others. All see the same ``N_SAMPLES`` noisy
    points; ``N_FRESH`` more points of the same kind measure what they learned.
    """
    x, y = sample_curve(target, N_SAMPLES, noise=noise, seed=2 * sample)
    fresh = sample_curve(target, N_FRESH, noise=noise, seed=2 * sample + 1)
    grid = _view(91)
    deep = (1, neurons, neurons, 1)
    least_squares_loss = float((y - with_ones(x) @ best_line(x, y)).square().mean())
    floor = least_squares_loss * (1 - 1e-6)  # what is nearer to it counts as the line itself

    def run(net: MLP, n_starts: int = 1) -> Run:
        best = None
        for start in range(n_starts):
            parameters = net.initialise([sample + 1000 * start], view=(-VIEW, VIEW), sharpness=VIEW)
            history = train(net, parameters, x[:, None], y[:, None], n_steps=N_FRAMES - 1)
            if best is None or history.losses[-1, 0] < best.losses[-1, 0]:
                best = history
            if history.losses[-1, 0] < floor:
                break
        rows = every_frame(best.parameters[:, 0])  # every frame is a network of its own
        return Run(
            net.predict(rows, grid[:, None])[..., 0].float().numpy(),
            every_frame(best.losses[:, 0]),
            mse(net.predict(rows, fresh[0][:, None]), fresh[1][:, None]).numpy(),
            net.n_parameters,
            best.n_steps,
            start + 1,
        )

    one_layer = run(MLP((1, 1), ACTIVATIONS["identity"]))
    deep_linear = run(MLP(deep, ACTIVATIONS["identity"]))
    with_f = run(MLP(deep, ACTIVATIONS[train_f]), N_STARTS)
    if with_f.train_loss[-1] >= floor:
        verdict = "stuck"
    else:
        verdict = "below" if with_f.fresh_loss[-1] < one_layer.fresh_loss[-1] else "noise"
    return Training(
        x.numpy(),
        y.numpy(),
        grid.numpy(),
        CURVES[target](grid).numpy(),
        one_layer,
        deep_linear,
        with_f,
        least_squares_loss,
        verdict,
    )


def _tensor(values: list) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)
