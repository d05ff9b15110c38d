"""Gradients: how much of the error's signal reaches a layer, and how much at most can."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explainer.nets.activations import Activation
from explainer.nets.losses import LOSSES
from explainer.nets.mlp import MLP

STEEPEST = {"identity": 1.0, "relu": 1.0, "tanh": 1.0, "sigmoid": 0.25}  # the largest |f'| of each


def signals(net: MLP, parameters: Tensor, X: Tensor, y: Tensor, *, loss: str = "mse") -> list[Tensor]:
    """Return d loss / d z of every layer, from the first to the last, each (n_runs, n_samples, n_out).

    z = W h + b are the sums before the activation. Torch's autograd computes them. A layer's gradient by
    its weights is the sum over the samples of this signal times the layer's input.
    """
    way = net.forward(net.layers(parameters.detach().requires_grad_()), X)
    total = LOSSES[loss](way.y_hat, y).sum()  # each run's gradient is its own
    return [signal.mT for signal in torch.autograd.grad(total, way.sums)]


def norm(values: Tensor) -> Tensor:
    """Return the Euclidean norm over all but the first dimension, (n_runs,); zero only if all is zero.

    The squares of numbers below 1e-162 are zero in float64, and those of numbers above 1e154 infinite, so
    numbers of such a size are scaled before they are squared.
    """
    flat = values.flatten(1)
    plain, limits = flat.norm(dim=1), torch.finfo(flat.dtype)
    if ((plain > (limits.tiny / limits.eps) ** 0.5) & plain.isfinite()).all():
        return plain
    largest = flat.abs().amax(1, keepdim=True)
    scale = torch.where(largest > 0, largest, 1.0)
    return scale[:, 0] * (flat / scale).norm(dim=1)


def signal_norms(net: MLP, parameters: Tensor, X: Tensor, y: Tensor, *, loss: str = "mse") -> Tensor:
    """Return the norms of `signals`, (n_runs, n_layers), from the first layer to the last."""
    return torch.stack([norm(signal) for signal in signals(net, parameters, X, y, loss=loss)], 1)


Layer = tuple[Tensor, Tensor]  # weight (n_out, n_in) and bias (1, n_out)


def norms_by_depth(
    hidden: Sequence[Layer], lasts: Sequence[Layer], functions: Sequence[Activation], X: Tensor, y: Tensor
) -> Tensor:
    """Return the norms of `signals` of networks of 1, 2, ... layers, (n_functions, n_depths, n_layers).

    The networks share their first layers ``hidden``, each has a last one of its own from ``lasts``, of one
    output; the loss is the mean squared error. So one sweep forward serves all depths, and one sweep back
    carries the signals of all networks that are deeper than the layer it has come to,

        signal_l = (signal_(l+1) W_(l+1)) f'(z_l)

    Beyond a network's own layers there are no numbers.
    """
    states, slopes = [X.expand(len(functions), *X.shape)], []
    for weight, bias in hidden:
        sums = list(zip(functions, states[-1] @ weight.mT + bias, strict=True))
        states.append(torch.stack([f.function(z) for f, z in sums]))
        slopes.append(torch.stack([f.derivative(z) for f, z in sums]))
    n_depths, carried = len(lasts), None
    norms = X.new_full((len(functions), n_depths, n_depths), torch.nan)
    ends = [
        (state @ weight.mT + bias - y) * 2 / len(X)
        for state, (weight, bias) in zip(states, lasts, strict=True)
    ]
    for layer, end in enumerate(ends):
        norms[:, layer, layer] = norm(end)
    for layer in reversed(range(n_depths - 1)):
        back = (ends[layer + 1] @ lasts[layer + 1][0])[:, None]
        if carried is not None:
            back = torch.cat([back, carried @ hidden[layer + 1][0]], 1)
        carried = back * slopes[layer][:, None]
        norms[:, layer + 1 :, layer] = norm(carried.flatten(0, 1)).reshape(len(functions), -1)
    return norms


def weight_gradient_norms(net: MLP, parameters: Tensor, X: Tensor, y: Tensor, *, loss: str = "mse") -> Tensor:
    """Return the norms of d loss / d W, (n_runs, n_layers), from the first layer to the last."""
    rows = parameters.detach().requires_grad_()
    total = LOSSES[loss](net.predict(rows, X), y).sum()
    (gradient,) = torch.autograd.grad(total, rows)
    return torch.stack([norm(weight) for weight, _ in net.layers(gradient)], 1)


def log_bounds_by_depth(hidden: Sequence[Layer], lasts: Sequence[Layer]) -> Tensor:
    """Return log10 of the most of the last layer's signal that can reach each layer, (n_depths, n_layers).

    The networks are those of `norms_by_depth`, without connections around their layers, and f' is left out:
    a step back multiplies the signal by W^T and by f'(z), entry by entry, so

        ||signal_l|| <= ||signal_L|| * product over k = l + 1 ... L of (max |f'| * ||W_k||)

    with the spectral norms ||W_k||: the most by which a matrix lengthens any vector. The largest slopes
    alone, 0.25^(L - l) for the sigmoid, are no bound, because weights may be large. Beyond a network's own
    layers there are no numbers.
    """
    bounds = lasts[0][0].new_full((len(lasts), len(lasts)), torch.nan)
    inner = [float(torch.linalg.matrix_norm(weight, 2).log10()) for weight, _ in hidden[1:]]
    for depth, (weight, _) in enumerate(lasts):
        bounds[depth, depth] = 0
        if depth:
            steps = [float(torch.linalg.matrix_norm(weight, 2).log10()), *reversed(inner[: depth - 1])]
            bounds[depth, :depth] = bounds.new_tensor(steps).cumsum(0).flip(0)
    return bounds


def idle_units(net: MLP, parameters: Tensor, X: Tensor) -> Tensor:
    """Count the hidden neurons through which hardly any gradient passes, (n_runs,), as `idle_by_layer`."""
    return idle_by_layer(net, parameters, X).sum(1)


def idle_by_layer(net: MLP, parameters: Tensor, X: Tensor) -> Tensor:
    """Count the neurons of each hidden layer through which hardly any gradient passes, (n_runs, n_hidden).

    Idle is a neuron whose slope |f'(z)| is below a hundredth of the largest possible one (about 1 where
    `STEEPEST` does not name it) for every sample: a dead ReLU (zero for all of them), a saturated sigmoid
    or tanh, every step.
    """
    hidden = zip(net.activations, net.sums(parameters, X)[:-1], strict=False)
    counts = [(f.derivative(z).abs() < 0.01 * STEEPEST.get(f.name, 1.0)).all(1).sum(1) for f, z in hidden]
    return torch.stack(counts, 1) if counts else torch.zeros(len(parameters), 0, dtype=torch.int64)


@dataclass(frozen=True, eq=False)
class Cell:
    """One network of the map, layer by layer, in powers of ten relative to the last layer.

    ``signals``, ``bounds`` and ``slopes`` are (depth,), from the first layer to the last: the measured
    signal (minus infinity where it is exactly zero), the most that the weights allow, and the largest
    slopes alone, which allow for no weights. ``ratio``, ``bound`` and ``slope`` are the first layer's, as
    plain numbers. ``verdict`` is ``passes`` (within two powers of ten), ``explodes``, ``vanishes``, ``lost``
    (it vanishes, and in float32 it is exactly zero) or ``zero`` (exactly zero in float64).
    """

    signals: np.ndarray
    bounds: np.ndarray
    slopes: np.ndarray
    ratio: float
    bound: float
    slope: float
    verdict: str


@dataclass(frozen=True, eq=False)
class SignalMap:
    """Signals of all layers, in powers of ten relative to the last layer, of networks 1, 2, ... layers deep.

    ``names`` are the activations; ``signals`` is (n_activations, n_depths, n_layers), ``bounds`` likewise;
    beyond a network's own layers they are undefined. ``lost`` (n_activations, n_depths) tells where the
    first layer's signal is exactly zero in float32, in which torch computes unless told otherwise.
    """

    names: tuple[str, ...]
    signals: np.ndarray
    bounds: np.ndarray
    lost: np.ndarray

    @property
    def firsts(self) -> np.ndarray:
        """Return the first layers' signals (n_activations, n_depths)."""
        return self.signals[..., 0]

    def cell(self, f: str, depth: int) -> Cell:
        """Look at one network."""
        at = self.names.index(f), depth - 1
        signals, bounds = self.signals[at][:depth], self.bounds[at][:depth]
        slopes = np.log10(STEEPEST[f]) * np.arange(depth - 1, -1, -1)
        first = signals[0]
        if first == -np.inf:
            verdict = "zero"
        elif self.lost[at]:
            verdict = "lost"
        else:
            verdict = "explodes" if first > 2 else "vanishes" if first < -2 else "passes"
        ratio, bound, slope = (float(10.0 ** values[0]) for values in (signals, bounds, slopes))
        return Cell(signals, bounds, slopes, ratio, bound, slope, verdict)
