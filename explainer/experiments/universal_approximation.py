"""The experiments of the page "Universal approximation": one hidden layer, as wide as one likes."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explainer.nets import export
from explainer.nets.activations import ACTIVATIONS
from explainer.nets.constructed import hats, staircase
from explainer.nets.data import TARGETS, polyline
from explainer.nets.mlp import MLP
from explainer.nets.training import History, train

N_POINTS = 201  # of a curve on [0, 1]; the networks learn from these points
WIDTHS = (1, 2, 3, 4, 6, 9, 13, 19, 28, 42, 65, 100)
N_SEEDS = 8
N_STEPS = {"lm": 40, "adam": 300, "sgd": 300}
N_BUMPS = 5
UNITS = ("sigmoid", "relu")
WARM = {"two_nets": [{"optimizer": "adam"}]}  # torch's optimisers take more than a second to import
# What takes long and has few settings is computed for all of them before anybody asks.
KEPT = {
    "error_against_n": [{"error_target": target, "error_unit": unit} for target in TARGETS for unit in UNITS]
}
STEEPNESS = 20.0  # of a constructed step: it takes about half of a plateau


def _grid(low: float = 0.0, high: float = 1.0, n_points: int = N_POINTS) -> Tensor:
    return torch.linspace(low, high, n_points, dtype=torch.float64)


Curve = Callable[[Tensor], Tensor]
Drawing = tuple[float | None, ...]  # heights at evenly spaced places; None where nothing was drawn


def _target(name: str, drawn: Drawing) -> Curve:
    return polyline(drawn) if name == "drawn" else TARGETS[name]


def _trained(
    f: Curve,
    unit: str,
    n_neurons: int,
    seeds: list[int],
    optimizer: str = "lm",
    learning_rate: float = 0.01,
    tick: Callable[[float], None] | None = None,
) -> tuple[MLP, History]:
    net, x = MLP((1, n_neurons, 1), ACTIVATIONS[unit]), _grid()
    start = net.initialise(seeds, **_initialisation(n_neurons))
    history = train(
        net,
        start,
        x[:, None],
        f(x)[:, None],
        optimizer=optimizer,
        learning_rate=learning_rate,
        n_steps=N_STEPS[optimizer],
        tick=tick,
    )
    return net, history


def _initialisation(n_neurons: int) -> dict[str, object]:
    """Spread the neurons evenly over [0, 1]; the more there are, the steeper each may be."""
    return {"view": (0.0, 1.0), "sharpness": 4 * math.sqrt(n_neurons)}


def _constructed(f: Curve, unit: str, n_neurons: int) -> tuple[MLP, Tensor]:
    if unit == "relu":
        return hats(f, n_neurons)
    return staircase(f, n_neurons, steepness=STEEPNESS)


def _remark(target: str, drawn: Drawing) -> str:
    heights = [height for height in drawn if height is not None]
    if target != "drawn" or len(set(heights)) > 1:
        return ""
    return {0: "empty", 1: "one_point"}.get(len(heights), "constant")


@dataclass(frozen=True, eq=False)
class TwoNets:
    """A target and two networks of one width over ``x`` (n_points,), with their errors on it.

    ``ended`` is that of `explainer.nets.training.History`; after a divergence at ``n_steps`` the trained
    curve is the last finite one. ``remark`` names a drawing that is "empty", "one_point" or "constant".
    """

    x: np.ndarray
    curve: np.ndarray
    constructed: np.ndarray
    trained: np.ndarray
    constructed_max: float
    constructed_mean: float
    trained_max: float
    trained_mean: float
    mse: float
    n_parameters: int
    n_steps: int
    ended: str
    remark: str


def two_nets(
    *,
    target: str = "nielsen",
    unit: str = "sigmoid",
    optimizer: str = "lm",
    hidden: int = 30,
    rate: float = -2.0,
    drawn: Drawing = (),
) -> TwoNets:
    """Build a network of ``hidden`` neurons by hand and train another one; ``rate`` is lg(learning rate)."""
    x, f = _grid(), _target(target, drawn)
    curve = f(x)
    net, parameters = _constructed(f, unit, hidden)
    constructed = net.predict(parameters, x[:, None])[0, :, 0]
    net, history = _trained(f, unit, hidden, [0], optimizer, 10.0**rate)
    trained = net.predict(history.parameters[-1], x[:, None])[0, :, 0]
    by_hand, learned = (constructed - curve).abs(), (trained - curve).abs()
    return TwoNets(
        x.numpy(),
        curve.numpy(),
        constructed.numpy(),
        trained.numpy(),
        float(by_hand.max()),
        float(by_hand.mean()),
        float(learned.max()),
        float(learned.mean()),
        float(history.losses[-1, 0]),
        net.n_parameters,
        history.n_steps,
        history.ended,
        _remark(target, drawn),
    )


def two_nets_script(
    *,
    target: str = "nielsen",
    unit: str = "sigmoid",
    optimizer: str = "lm",
    hidden: int = 30,
    rate: float = -2.0,
    drawn: Drawing = (),
) -> str:
    """Write the training of `two_nets` as a script that needs torch alone."""
    x, f, net = _grid(), _target(target, drawn), MLP((1, hidden, 1), ACTIVATIONS[unit])
    _, history = _trained(f, unit, hidden, [0], optimizer, 10.0**rate)
    return export.script(
        f"One hidden layer of {hidden} neurons learns the curve {target!r}.",
        net,
        x[:, None],
        f(x)[:, None],
        seed=0,
        initialisation=_initialisation(hidden),
        # The last finite step: what is shown after a divergence.
        n_steps=int(history.steps[-1]),
        optimizer=optimizer,
        learning_rate=10.0**rate,
    )


@dataclass(frozen=True, eq=False)
class HowItIsMade:
    """A constructed network and what its neurons bring.

    ``terms`` is (n_neurons, n_points), v_j f(w_j x + b_j); ``output`` (n_points,) is their sum plus the
    output's bias. ``windows`` (n_neurons, 2) are the stretches in which a sigmoid rises from 5 % to 95 %
    of its step: there the staircase stands between two plateaus. ``share`` is how much of [0, 1] they cover.
    """

    x: np.ndarray
    curve: np.ndarray
    output: np.ndarray
    terms: np.ndarray
    weight: np.ndarray
    bias: np.ndarray
    outer: np.ndarray
    windows: np.ndarray
    share: float
    largest_error: float


def how_it_is_made(
    *,
    made_target: str = "nielsen",
    steps: int = 6,
    steepness: float = 40.0,
    neuron: int = 3,
    drawn: Drawing = (),
) -> HowItIsMade:
    """Build a staircase of ``steps`` sigmoids; ``neuron``, counted from 1, changes nothing but the view."""
    x, f = _grid(), _target(made_target, drawn)
    curve = f(x)
    net, parameters = staircase(f, steps, steepness=steepness)
    (weight, bias), (outer, _) = net.layers(parameters)
    w, b, v = weight[0, :, 0], bias[0, 0], outer[0, 0]
    terms = v[:, None] * torch.sigmoid(w[:, None] * x + b[:, None])
    output = net.predict(parameters, x[:, None])[0, :, 0]
    half = math.log(19) / w  # sigma(ln 19) = 0.95
    windows = torch.stack([-b / w - half, -b / w + half], 1).clamp(0, 1)
    covered = ((x[:, None] >= windows[:, 0]) & (x[:, None] <= windows[:, 1])).any(1)
    return HowItIsMade(
        x.numpy(),
        curve.numpy(),
        output.numpy(),
        terms.numpy(),
        w.numpy(),
        b.numpy(),
        v.numpy(),
        windows.numpy(),
        float(covered.double().mean()),
        float((output - curve).abs().max()),
    )


@dataclass(frozen=True, eq=False)
class ErrorAgainstN:
    """Mean absolute errors by width: ``constructed`` (n_widths,), ``trained`` (n_widths, n_seeds)."""

    widths: np.ndarray
    constructed: np.ndarray
    trained: np.ndarray


def error_against_n(
    *,
    error_target: str = "nielsen",
    error_unit: str = "sigmoid",
    drawn: Drawing = (),
    tick: Callable[[float], None] | None = None,
) -> ErrorAgainstN:
    """Build and train networks of all ``WIDTHS``; ``N_SEEDS`` of one width are trained as one batch.

    ``tick`` is called at every step of training and may raise to end it.
    """
    x, f = _grid(), _target(error_target, drawn)
    curve = f(x)
    constructed, trained = [], []
    for width in WIDTHS:
        net, parameters = _constructed(f, error_unit, width)
        constructed.append((net.predict(parameters, x[:, None])[0, :, 0] - curve).abs().mean())
        net, history = _trained(f, error_unit, width, list(range(N_SEEDS)), tick=tick)
        trained.append((net.predict(history.parameters[-1], x[:, None])[..., 0] - curve).abs().mean(1))
    return ErrorAgainstN(np.array(WIDTHS), torch.stack(constructed).numpy(), torch.stack(trained).numpy())


@dataclass(frozen=True, eq=False)
class Limits:
    """A network trained on [0, 1] and looked at on [-1/2, 3/2]: ``x``, ``curve``, ``output`` (n_points,).

    ``inside`` and ``outside`` are its largest errors there.
    """

    x: np.ndarray
    curve: np.ndarray
    output: np.ndarray
    inside: float
    outside: float


def limits(
    *, far_target: str = "sine", far_hidden: int = 20, far_seed: int = 0, drawn: Drawing = ()
) -> Limits:
    """Train on [0, 1] and look beyond; the steps of a network with sigmoids end, and it goes level."""
    x, f = _grid(-0.5, 1.5, 2 * N_POINTS - 1), _target(far_target, drawn)
    curve = f(x)
    net, history = _trained(f, "sigmoid", far_hidden, [far_seed])
    output = net.predict(history.parameters[-1], x[:, None])[0, :, 0]
    error, within = (output - curve).abs(), (x >= 0) & (x <= 1)
    return Limits(
        x.numpy(), curve.numpy(), output.numpy(), float(error[within].max()), float(error[~within].max())
    )


@dataclass(frozen=True, eq=False)
class Challenge:
    """Five bumps by hand, ``output``, and ``curve`` over ``x``: average deviation, and the least one.

    ``enough`` is the deviation that counts as solved.
    """

    x: np.ndarray
    curve: np.ndarray
    output: np.ndarray
    deviation: float
    least: float
    enough: float


def challenge(
    *, b1: float = 0.5, b2: float = 0.5, b3: float = 0.5, b4: float = 0.5, b5: float = 0.5
) -> Challenge:
    """Add up five bumps of the given heights, each of two steep sigmoids, against Nielsen's curve.

    Bumps do not overlap, so the least average deviation has every height at the median of its stretch.
    """
    x = _grid()
    curve = TARGETS["nielsen"](x)
    edges = torch.linspace(0, 1, N_BUMPS + 1, dtype=torch.float64)
    outer = edges.clone()  # the first bump begins and the last one ends out of sight
    outer[0], outer[-1] = -0.1, 1.1
    steps = torch.sigmoid(4000 * (x[:, None] - outer))
    bumps = steps[:, :-1] - steps[:, 1:]

    def deviation(heights: Tensor) -> float:
        return float((bumps @ heights - curve).abs().mean())

    heights = torch.tensor([b1, b2, b3, b4, b5], dtype=torch.float64)
    at = torch.bucketize(x, edges[1:-1])
    medians = torch.stack([curve[at == i].median() for i in range(N_BUMPS)])
    least = deviation(medians)
    return Challenge(
        x.numpy(), curve.numpy(), (bumps @ heights).numpy(), deviation(heights), least, 1.1 * least
    )
