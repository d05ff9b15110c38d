"""An army of regressions: hidden layers of 1 to 12 neurons, many beginnings each, trained as one batch."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.borders import drawn
from explainer.nets.maps import probability_maps
from explainer.nets.mlp import MLP
from explainer.nets.training import train

VIEW = (-6.0, 6.0)  # of both axes of the plane
SCALE = 3.0  # inputs of a network are of the size of one
MOST, N_STARTS = 12, 8
ARMY = MLP((2, MOST, 1), ACTIVATIONS["tanh"])
ADAM = {"optimizer": "adam", "learning_rate": 0.12, "n_steps": 160, "loss": "logloss"}


@dataclass(frozen=True, eq=False)
class Squad:
    """One trained network of n neurons: ``map`` (1, SIDE, SIDE) uint8, ``ends`` (1, n, 2, 2) of the borders.

    ``sides`` (1, n, 2) are places where the neurons are above 0, ``share`` (n,) are the weights v of the
    output, ``mistaken`` (n_samples,) marks the training points that are called wrongly.
    """

    map: np.ndarray
    ends: np.ndarray
    sides: np.ndarray
    share: np.ndarray
    mistaken: np.ndarray


@dataclass(frozen=True, eq=False)
class Army:
    """Networks of 1 to `MOST` neurons from `N_STARTS` beginnings each, all trained as one batch.

    ``X`` (n_samples, 2) and ``y`` (n_samples,) are what they learn from; ``accuracy`` (MOST, N_STARTS) is
    that on fresh points, ``losses`` the final one on the training points. ``parameters`` is
    (MOST, N_STARTS, n_parameters); what a network has less than `MOST` neurons is zero.
    """

    X: np.ndarray
    y: np.ndarray
    accuracy: np.ndarray
    losses: np.ndarray
    parameters: np.ndarray

    def start(self, n: int, place: int) -> int:
        """Return the beginning that came in at this place, from 1, of all with ``n`` neurons, by loss."""
        return int(self.losses[n - 1].argsort()[place - 1])

    def lucky(self, n: int) -> bool:
        """Tell whether the beginnings with ``n`` neurons end more than 5 % apart."""
        return bool(np.ptp(self.accuracy[n - 1]) > 0.05)

    def numbers(self, n: int, place: int) -> dict[str, float]:
        """Return the numbers in the words: n, parameters, and shares right in %: right, low, high."""
        of_n = 100 * self.accuracy[n - 1]
        right = float(of_n[self.start(n, place)])
        ends = {"low": float(of_n.min()), "high": float(of_n.max())}
        return {"n": n, "parameters": 4 * n + 1, "right": right, **ends}

    def of(self, n: int, place: int) -> Squad:
        """Look at the network of ``n`` neurons that came in at this place."""
        rows = torch.from_numpy(self.parameters[n - 1, self.start(n, place)])[None].double()
        (w1, b1), (w2, _) = ARMY.layers(rows)
        ends, sides = drawn(w1[:, :n] / SCALE, b1[:, 0, :n])
        called = ARMY.predict(rows, torch.from_numpy(self.X) / SCALE)[0, :, 0] > 0
        return Squad(
            probability_maps(ARMY, rows, VIEW, scale=SCALE),
            ends.numpy(),
            sides.numpy(),
            w2[0, 0, :n].numpy(),
            called.numpy() != (self.y > 0.5),
        )


def train_army(X: Tensor, y: Tensor, *, n_train: int, tick: Callable[[float], None] | None = None) -> Army:
    """Train all networks on the first ``n_train`` of X (n_samples, 2), y (n_samples, 1); the rest is fresh.

    All have `MOST` neurons, but those above their number are zero, and stay so: tanh(0) = 0 sends nothing
    on, and through a weight of zero no gradient comes back. So all of them are one batch of tensors.
    """
    starts = ARMY.initialise(range(N_STARTS)).repeat(MOST, 1)
    (w1, b1), (w2, _) = ARMY.layers(starts)
    for n in range(1, MOST + 1):  # the layers are views of the vectors
        rows = slice((n - 1) * N_STARTS, n * N_STARTS)
        w1[rows, n:], b1[rows, :, n:], w2[rows, :, n:] = 0, 0, 0
    inputs, targets = (X / SCALE).float(), y.float()
    history = train(ARMY, starts.float(), inputs[:n_train], targets[:n_train], seconds=20, tick=tick, **ADAM)
    called = ARMY.predict(history.parameters[-1], inputs[n_train:]) > 0
    right = (called == (targets[n_train:] > 0.5)).float().mean((1, 2))
    shape = (MOST, N_STARTS)
    return Army(
        X[:n_train].numpy(),
        y[:n_train, 0].numpy(),
        right.reshape(shape).numpy(),
        history.losses[-1].reshape(shape),
        history.parameters[-1].reshape(*shape, -1).numpy(),
    )
