"""The experiments of the page "Network paralysis": how much of the error's signal reaches the first layer."""

import functools
import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.data import CURVES, VIEW, sample_curve
from explainer.nets.gradients import (
    STEEPEST,
    Layer,
    SignalMap,
    idle_units,
    log_bounds_by_depth,
    norm,
    norms_by_depth,
    signal_norms,
    weight_gradient_norms,
)
from explainer.nets.mlp import MLP
from explainer.nets.quiet import Quiet
from explainer.nets.training import train

NAMES = ("sigmoid", "tanh", "relu", "identity")  # the rows of the map, from the top
_FUNCTIONS = [ACTIVATIONS[name] for name in NAMES]
N_DEPTHS = 30
WIDTH = 32
DEPTHS = ("layers_2", "layers_5", "layers_10", "layers_20")
RATES = {"rate_001": 0.001, "rate_01": 0.01, "rate_1": 0.1}
N_STEPS = 400
_TINY = 1e-30  # what is larger in float64 is not zero in float32, whose least number is about 1e-45
N_POINTS = 101  # of a curve over the view
WARM = {"paralysis": [{"deep_layers": "layers_2"}]}
# What takes long and is asked for first is computed before anybody asks.
KEPT = {
    "paralysis": [
        {"deep_f": f, "deep_init": "xavier", "deep_layers": layers, "deep_rate": "rate_01"}
        for f, layers in itertools.product(NAMES[:3], DEPTHS)
    ],
    "rescue": [
        {"saved_f": f, "saved_init": scheme, "saved_path": path, "saved_layers": layers}
        for f, scheme, path, layers in itertools.product(
            ("sigmoid", "relu"), ("xavier", "he"), ("plain", "residual_path"), ("layers_20", "layers_2")
        )
    ],
}


def _data() -> tuple[Tensor, Tensor]:
    """Draw 64 noisy points of a sine: X and y, each (n_samples, 1)."""
    x, y = sample_curve("sine", 64, noise=0.1, seed=0)
    return x[:, None], y[:, None]


def _number(name: str) -> int:
    """Read the number at the end of the name of an option: layers_20 is 20."""
    return int(name.rpartition("_")[2])


def _net(f: str, depth: int, width: int = WIDTH, *, residual: bool = False) -> MLP:
    return MLP((1, *[width] * (depth - 1), 1), ACTIVATIONS[f], residual=residual)


def gradient_map(*, map_init: str = "xavier", map_width: str = "neurons_32", seed: int = 0) -> SignalMap:
    """Measure the signal in networks of every activation and depth, whose weights are those of one ``seed``.

    Networks of one depth have the same weights, whatever their activation, and share their first layers
    with the deeper ones.
    """
    X, y = _data()
    nets = [_net("identity", depth, _number(map_width)) for depth in range(1, N_DEPTHS + 1)]
    rows = [net.initialise([seed], scheme=map_init) for net in nets]
    layers = _shared(nets, rows)
    signals, bounds = norms_by_depth(*layers, _FUNCTIONS, X, y), log_bounds_by_depth(*layers).numpy()
    steps = np.arange(N_DEPTHS)[:, None] - np.arange(N_DEPTHS)  # back from the last layer
    lost = np.zeros((len(NAMES), N_DEPTHS), bool)
    if float(signals.nan_to_num(nan=1.0).min()) < _TINY:
        short = [row.float() for row in rows]
        lost = (norms_by_depth(*_shared(nets, short), _FUNCTIONS, X.float(), y.float())[..., 0] == 0).numpy()
    last = signals.diagonal(dim1=1, dim2=2)[..., None]
    slopes = np.log10([STEEPEST[f] for f in NAMES])[:, None, None]
    return SignalMap(NAMES, (signals / last).log10().numpy(), bounds + slopes * steps, lost)


def _shared(nets: list[MLP], rows: list[Tensor]) -> tuple[list[Layer], list[Layer]]:
    """Cut networks of 1, 2, ... layers into the layers that all share and the last one of each."""
    layers = [
        [(weight[0], bias[0]) for weight, bias in net.layers(row)]
        for net, row in zip(nets, rows, strict=True)
    ]
    return layers[-1][:-1], [one[-1] for one in layers]


@dataclass(frozen=True, eq=False)
class Run:
    """A training run: ``losses`` and the gradients by the weights of both ends at ``steps``, all (n_frames,).

    ``y_hat`` (n_points,) is the trained network over the view. ``signal`` is the first layer's signal over
    the last one's before training. ``moved_first`` and ``moved_last`` are how far the weights of both ends
    went, over their norm at the start; ``idle`` and ``idle_trained`` count idle ones of ``n_units``
    hidden neurons. ``ended`` and ``n_steps`` are those of `explainer.nets.training.History`. ``verdict``
    is ``diverged``, ``constant`` (within 2 % of the loss of the best constant), ``learned`` (below half
    of it) or ``slow``.
    """

    steps: np.ndarray
    losses: np.ndarray
    first: np.ndarray
    last: np.ndarray
    y_hat: np.ndarray
    signal: float
    moved_first: float
    moved_last: float
    idle: int
    idle_trained: int
    n_units: int
    n_steps: int
    ended: str
    verdict: str


def _view() -> Tensor:
    return torch.linspace(-VIEW, VIEW, N_POINTS, dtype=torch.float64)


def _constant_loss() -> float:
    """Return the loss of the best constant, the mean of y: its variance."""
    _, y = _data()
    return float((y - y.mean()).square().mean())


# Both screens of training show the same run of the sigmoid, which takes longest.
@functools.lru_cache(maxsize=64)
def _run(f: str, scheme: str, depth: int, rate: float, residual: bool, quiet: Quiet) -> Run:
    X, y = _data()
    net = _net(f, depth, residual=residual)
    start = net.initialise([0], scheme=scheme)
    history = train(
        net,
        start,
        X,
        y,
        optimizer="sgd",
        learning_rate=rate,
        momentum=0.9,
        n_steps=N_STEPS,
        seconds=20,
        tick=quiet.tick,
    )
    rows = history.parameters[:, 0]
    norms = signal_norms(net, start, X, y)[0]
    # Of weights about to diverge even the gradient may be too large for a number.
    gradients = np.nan_to_num(weight_gradient_norms(net, rows, X, y).numpy(), nan=np.finfo(float).max)
    weights = [weight for weight, _ in net.layers(rows)]
    moved = [float(norm(w[-1:] - w[:1]) / norm(w[:1])) for w in (weights[0], weights[-1])]
    idle = idle_units(net, rows[[0, -1]], X)
    loss, constant = float(history.losses[-1, 0]), _constant_loss()
    if history.ended == "diverged":
        verdict = "diverged"
    elif abs(loss / constant - 1) < 0.02:
        verdict = "constant"
    else:
        verdict = "learned" if loss < constant / 2 else "slow"
    return Run(
        history.steps,
        history.losses[:, 0],
        gradients[:, 0],
        gradients[:, -1],
        net.predict(rows[-1:], _view()[:, None])[0, :, 0].numpy(),
        float(norms[0] / norms[-1]),
        *moved,
        *map(int, idle),
        WIDTH * (depth - 1),
        history.n_steps,
        history.ended,
        verdict,
    )


@dataclass(frozen=True, eq=False)
class Paralysis:
    """A training run, and the loss of the best constant."""

    run: Run
    constant_loss: float


def paralysis(
    *,
    deep_f: str = "sigmoid",
    deep_init: str = "xavier",
    deep_layers: str = "layers_20",
    deep_rate: str = "rate_01",
    tick: Callable[[float], None] | None = None,
) -> Paralysis:
    """Train one network on a sine, 400 steps of gradient descent with momentum 0.9.

    ``tick`` is called at every step and may raise to end the run.
    """
    run = _run(deep_f, deep_init, _number(deep_layers), RATES[deep_rate], False, Quiet(tick))
    return Paralysis(run, _constant_loss())


@dataclass(frozen=True, eq=False)
class Rescue:
    """The paralysed network ``before`` and another one ``after``, over ``grid`` (n_points,).

    They learn ``curve`` from the samples ``x``, ``y`` (n_samples,).
    """

    x: np.ndarray
    y: np.ndarray
    grid: np.ndarray
    curve: np.ndarray
    before: Run
    after: Run
    constant_loss: float


def rescue(
    *,
    saved_f: str = "sigmoid",
    saved_init: str = "xavier",
    saved_path: str = "plain",
    saved_layers: str = "layers_20",
    tick: Callable[[float], None] | None = None,
) -> Rescue:
    """Train twenty layers of sigmoids with Xavier's weights, and beside it what the reader chose.

    ``tick`` is called at every step and may raise to end the run.
    """
    (X, y), grid, rate, quiet = _data(), _view(), RATES["rate_01"], Quiet(tick)
    depth = _number(saved_layers)
    around = saved_path == "residual_path" and depth > 2  # two layers have none to go around
    return Rescue(
        X[:, 0].numpy(),
        y[:, 0].numpy(),
        grid.numpy(),
        CURVES["sine"](grid).numpy(),
        _run("sigmoid", "xavier", 20, rate, False, quiet),
        _run(saved_f, saved_init, depth, rate, around, quiet),
        _constant_loss(),
    )


@dataclass(frozen=True, eq=False)
class Chain:
    """One neuron a layer: h_l = f(w h_(l-1) + b), h_0 = x.

    ``factors`` (depth,) are w f'(z_l), ``products`` (depth,) those of the layers from l to the last,
    d h_L / d h_(l-1); ``derivative`` is the whole product, d h_L / d x. ``most`` (depth,) are the largest
    products that this w allows, (|w| max |f'|)^(L - l + 1). ``slopes`` are f'(z_l), ``states`` h_1 ... h_L.
    """

    states: np.ndarray
    slopes: np.ndarray
    factors: np.ndarray
    products: np.ndarray
    most: np.ndarray
    derivative: float


def chain(
    *,
    chain_f: str = "sigmoid",
    chain_depth: int = 8,
    chain_weight: float = 1.0,
    chain_bias: float = 0.0,
    chain_x: float = 0.5,
) -> Chain:
    """Multiply the derivatives along a chain of neurons that all have one weight and one bias."""
    f = ACTIVATIONS[chain_f]
    h, states, slopes = torch.tensor(chain_x, dtype=torch.float64), [], []
    for _ in range(chain_depth):
        z = chain_weight * h + chain_bias
        h = f.function(z)
        states.append(h)
        slopes.append(f.derivative(z))
    factors = chain_weight * torch.stack(slopes)
    products = factors.flip(0).cumprod(0).flip(0)
    most = (abs(chain_weight) * STEEPEST[chain_f]) ** np.arange(chain_depth, 0, -1)
    return Chain(
        torch.stack(states).numpy(),
        torch.stack(slopes).numpy(),
        factors.numpy(),
        products.numpy(),
        most,
        float(products[0]),
    )
