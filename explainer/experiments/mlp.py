"""The experiments of the page "Two regressions joined by a third": hidden layers, by hand and trained."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.borders import drawn, through
from explainer.nets.data import sample_four_clouds, sample_toy_set
from explainer.nets.losses import LOSSES
from explainer.nets.mlp import MLP
from explainer.nets.separability import widest_strip
from explainer.nets.training import train

N_FRAMES = 60
VIEW = (-6.0, 6.0)  # of both axes of the plane
HIDDEN_VIEW = (-0.1, 1.1)  # of both axes of the hidden space
SIDE, LEVELS = 40, 250  # cells of a map a side, steps of probability
FAMILIES = ("four_clouds", "ring", "own_points")
N_BY_HAND = 40

Handle = tuple[float, float]


def _maps(net: MLP, rows: Tensor, view: tuple[float, float], scale: float = 1.0) -> np.ndarray:
    """Return sigma of the output on a grid, (n_rows, SIDE, SIDE) uint8 in 1 / LEVELS, the top row first.

    The network gets the places divided by ``scale``.
    """
    low, high = view
    centres = low + (high - low) * (torch.arange(SIDE, dtype=torch.float32) + 0.5) / SIDE
    down, across = torch.meshgrid(centres.flip(0), centres, indexing="ij")
    cells = torch.stack([across.ravel(), down.ravel()], 1)
    # Single precision is finer than a step of colour and twice as fast.
    p = torch.sigmoid(net.predict(rows.float(), cells / scale)[..., 0])
    return (p * LEVELS).round().to(torch.uint8).reshape(len(rows), SIDE, SIDE).numpy()


def _every_frame(frames: Tensor) -> Tensor:
    """Repeat the last of at most `N_FRAMES` frames until there are so many."""
    return frames[[min(i, len(frames) - 1) for i in range(N_FRAMES)]]


# -- by hand ---------------------------------------------------------------------------------------

# Two points on the border of each hidden neuron, and two on that of the third one, in the hidden space.
LINES: tuple[Handle, ...] = ((0.5, -4.0), (0.5, 4.0), (4.0, -0.5), (-4.0, -0.5))
THIRD: tuple[Handle, ...] = ((0.0, 0.7), (0.7, 0.0))
DIAGONAL: tuple[Handle, ...] = ((-5.0, 3.0), (3.0, -5.0), (5.0, -3.0), (-3.0, 5.0))  # nearly there
OWN = ((3.0, 3.0, 1), (-3.0, -3.0, 1), (3.0, -3.0, 0), (-3.0, 3.0, 0))
DESCENT = {"optimizer": "sgd", "learning_rate": 2.0, "momentum": 0.9, "n_steps": 118}
PICTURED = (*range(0, N_FRAMES, 2), N_FRAMES - 1)  # the frames that have an image
TWO = MLP((2, 2, 1), ACTIVATIONS["sigmoid"])
ONE = MLP((2, 1), ACTIVATIONS["identity"])


@dataclass(frozen=True, eq=False)
class ByHand:
    """Two logistic regressions and a third on top, frame by frame; by hand there is one frame only.

    ``X`` (n_samples, 2) and ``y`` (n_samples,) are the points, ``h`` (n_frames, n_samples, 2) what the two
    make of them. ``parameters`` is (n_frames, 9). ``lines`` (n_frames, 4, 2, 2) are the ends of the three
    borders and of the middle of the widest strip, ``sides`` (n_frames, 4, 2) places on their positive
    sides; the third border and the strip are in the hidden space. ``maps`` and ``hidden_maps`` (n_images,
    SIDE, SIDE) uint8 are P(y = 1) over the plane and over the hidden space at the frames `PICTURED`.
    ``losses``, ``wrong`` and ``strips``, the width of the widest empty strip, are (n_frames,); ``mistaken``
    (n_frames, n_samples) marks who is called wrongly.
    ``verdict`` speaks of the hidden space: ``one_class``, ``inseparable``, ``separable`` (but the third line
    is wrong somewhere) or ``solved``; ``led`` of who led there: ``hand``, ``descent``, or ``stuck`` if
    descent has left mistakes. ``steps`` (n_frames,) are those of the descent, ``numbers`` stand in the words.
    """

    X: np.ndarray
    y: np.ndarray
    h: np.ndarray
    parameters: np.ndarray
    lines: np.ndarray
    sides: np.ndarray
    maps: np.ndarray
    hidden_maps: np.ndarray
    losses: np.ndarray
    wrong: np.ndarray
    mistaken: np.ndarray
    strips: np.ndarray
    steps: np.ndarray
    verdict: str
    led: str
    numbers: dict[str, float]


def _family(family: str, own: Sequence[tuple[float, float, int]]) -> tuple[Tensor, Tensor]:
    if family == "own_points":
        rows = torch.tensor(own, dtype=torch.float64).reshape(-1, 3)
        return rows[:, :2], rows[:, 2:]
    if family == "four_clouds":
        return sample_four_clouds(N_BY_HAND)
    X, y = sample_toy_set("circle", N_BY_HAND, noise=0.0, seed=0)
    return X, (y + 1) / 2


def _set_by_hand(
    lines: Sequence[Handle], third: Sequence[Handle], steep: float, steep_third: float
) -> Tensor:
    """Return the parameters (1, 9) of the network whose three borders go through the handles."""
    first, second = through(*lines[:2], steep), through(*lines[2:], steep)
    weights = (*first[:2], *second[:2], first[2], second[2], *through(*third, steep_third))
    return torch.tensor([weights], dtype=torch.float64)


def by_hand(
    *,
    family: str = "four_clouds",
    own: tuple[tuple[float, float, int], ...] = OWN,
    lines: tuple[Handle, ...] = LINES,
    third: tuple[Handle, ...] = THIRD,
    steep_hidden: float = 1.5,
    steep_third: float = 8.0,
    who: str = "hand",
) -> ByHand:
    """Join two logistic regressions by a third, h = sigma(W1 x + b1), p = sigma(w2 h + b2).

    The borders go through the handles, their weights are as long as ``steep_hidden`` and ``steep_third``.
    With ``who`` = ``descent`` gradient descent goes on from exactly these weights.
    """
    X, y = _family(family, own)
    start = _set_by_hand(lines, third, steep_hidden, steep_third)
    rows, steps = start[None], np.zeros(1, int)
    if who == "descent":
        history = train(TWO, start, X, y, loss="logloss", **DESCENT)
        rows = _every_frame(history.parameters)
        steps = _every_frame(torch.from_numpy(history.steps)).numpy()
    rows = rows[:, 0]
    (w1, b1), (w2, b2) = TWO.layers(rows)
    h = torch.sigmoid(torch.baddbmm(b1, X.expand(len(rows), *X.shape), w1.mT))
    logits = torch.baddbmm(b2, h, w2.mT)
    called = (logits > 0).to(y.dtype)
    mistaken = (called != y)[..., 0].numpy()
    wrong = mistaken.sum(1)
    ends, sides = drawn(w1, b1[:, 0])
    third_ends, third_sides = drawn(w2, b2[:, 0], (0.5, 0.5))
    strips = [widest_strip(frame, y[:, 0].numpy()) for frame in h.numpy()]
    middles = drawn(
        torch.tensor(np.stack([strip.weight for strip in strips])),
        torch.tensor([strip.bias for strip in strips], dtype=torch.float64),
        (0.5, 0.5),
    )
    widths = np.array([strip.width for strip in strips])
    images = rows[[i for i in PICTURED if i < len(rows)]]
    losses = LOSSES["logloss"](logits, y.expand(len(rows), *y.shape)).numpy()
    kinds = len(set(y[:, 0].tolist()))
    verdict = "solved" if not wrong[-1] else "separable" if widths[-1] else "inseparable"
    return ByHand(
        X.numpy(),
        y[:, 0].numpy(),
        h.numpy(),
        rows.numpy(),
        torch.cat([ends, third_ends, middles[0][:, None]], 1).numpy(),
        torch.cat([sides, third_sides, middles[1][:, None]], 1).numpy(),
        _maps(TWO, images, VIEW),
        _maps(ONE, images[:, 6:], HIDDEN_VIEW),
        losses,
        wrong,
        mistaken,
        widths,
        steps,
        verdict if kinds == 2 else "one_class",
        "stuck" if who == "descent" and wrong[-1] else who,
        {
            "wrong": int(wrong[-1]),
            "n": len(y),
            "strip": float(widths[-1]),
            "before": float(losses[0]),
            "after": float(losses[-1]),
            "steps": int(steps[-1]),
        },
    )


# -- an army ---------------------------------------------------------------------------------------

TOY_SETS = {"set_circles": "circle", "set_xor": "xor", "set_moons": "moons", "set_spiral": "spiral"}
N_TRAIN, N_FRESH, SCALE = 200, 400, 3.0  # inputs of a network are of the size of one
MOST, N_STARTS = 12, 8
ARMY = MLP((2, MOST, 1), ACTIVATIONS["tanh"])
ADAM = {"optimizer": "adam", "learning_rate": 0.1, "n_steps": 240, "loss": "logloss"}
KEPT = {"army": [{"army_set": name} for name in TOY_SETS]}


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
    that on `N_FRESH` fresh points, ``losses`` the final one on the training points. ``parameters`` is
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

    def of(self, n: int, start: int) -> Squad:
        """Look at the network of ``n`` neurons from one beginning."""
        rows = torch.from_numpy(self.parameters[n - 1, start])[None].double()
        (w1, b1), (w2, _) = ARMY.layers(rows)
        ends, sides = drawn(w1[:, :n] / SCALE, b1[:, 0, :n])
        called = ARMY.predict(rows, torch.from_numpy(self.X) / SCALE)[0, :, 0] > 0
        return Squad(
            _maps(ARMY, rows, VIEW, SCALE),
            ends.numpy(),
            sides.numpy(),
            w2[0, 0, :n].numpy(),
            called.numpy() != (self.y > 0.5),
        )


def army(*, army_set: str = "set_circles", tick: Callable[[float], None] | None = None) -> Army:
    """Train 1 to `MOST` hidden neurons of tanh from `N_STARTS` beginnings each, as one batch of tensors.

    All have `MOST` neurons, but those above their number are zero, and stay so: tanh(0) = 0 sends nothing
    on, and through a weight of zero no gradient comes back.
    """
    X, y = sample_toy_set(TOY_SETS[army_set], N_TRAIN + N_FRESH, noise=0.1, seed=1)
    y = (y + 1) / 2
    starts = ARMY.initialise(range(N_STARTS)).repeat(MOST, 1)
    (w1, b1), (w2, _) = ARMY.layers(starts)
    for n in range(1, MOST + 1):  # the layers are views of the vectors
        rows = slice((n - 1) * N_STARTS, n * N_STARTS)
        w1[rows, n:], b1[rows, :, n:], w2[rows, :, n:] = 0, 0, 0
    inputs, targets = (X / SCALE).float(), y.float()
    history = train(ARMY, starts.float(), inputs[:N_TRAIN], targets[:N_TRAIN], seconds=20, tick=tick, **ADAM)
    called = ARMY.predict(history.parameters[-1], inputs[N_TRAIN:]) > 0
    right = (called == (targets[N_TRAIN:] > 0.5)).float().mean((1, 2))
    shape = (MOST, N_STARTS)
    return Army(
        X[:N_TRAIN].numpy(),
        y[:N_TRAIN, 0].numpy(),
        right.reshape(shape).numpy(),
        history.losses[-1].reshape(shape),
        history.parameters[-1].reshape(*shape, -1).numpy(),
    )


# -- the matrix form -------------------------------------------------------------------------------

PLACE = ((2.0, 1.5),)  # the point that is traced at first


@dataclass(frozen=True, eq=False)
class Traced:
    """A trained network h = sigma(X W1 + b1), y = sigma(h W2 + b2) and all that a point meets on its way.

    ``W1`` (2, n), ``b1`` (n,), ``W2`` (n, 1), ``b2`` (1,), as they stand in the formula; inputs are not
    scaled. ``map``, ``ends`` and ``sides`` are those of `Squad`, ``X`` and ``y`` the points it learned from.
    """

    W1: np.ndarray
    b1: np.ndarray
    W2: np.ndarray
    b2: np.ndarray
    map: np.ndarray
    ends: np.ndarray
    sides: np.ndarray
    X: np.ndarray
    y: np.ndarray

    def trace(self, place: Handle) -> dict[str, object]:
        """Return the numbers of one point by their letters: x, z1 and h are rows, z2 and p numbers.

        With them come what else stands in the formula: W1, W2 and the row b1, b2, n, x1, x2 and samples.
        """
        x = np.array([place])
        z1 = x @ self.W1 + self.b1
        h = 1 / (1 + np.exp(-z1))
        z2 = float((h @ self.W2)[0, 0] + self.b2[0])
        numbers = {"x": x, "z1": z1, "h": h, "z2": z2, "p": 1 / (1 + math.exp(-z2))}
        numbers |= {"W1": self.W1, "b1": self.b1[None], "W2": self.W2, "b2": float(self.b2[0])}
        return numbers | {"n": len(self.b1), "x1": place[0], "x2": place[1], "samples": len(self.y)}


def traced(*, traced_set: str = "set_circles", traced_neurons: int = 3) -> Traced:
    """Train a small network of sigmoids by L-BFGS, for a point to go through."""
    X, y = sample_toy_set(TOY_SETS[traced_set], N_TRAIN, noise=0.0, seed=1)
    y = (y + 1) / 2
    net = MLP((2, traced_neurons, 1), ACTIVATIONS["sigmoid"])
    begin = 2 * net.initialise([3])
    history = train(net, begin, X / SCALE, y, optimizer="lbfgs", loss="logloss", l2=3e-4, n_steps=60)
    rows = history.parameters[-1]
    (w1, b1), (w2, b2) = net.layers(rows)
    ends, sides = drawn(w1 / SCALE, b1[:, 0])
    return Traced(
        (w1[0].T / SCALE).numpy(),
        b1[0, 0].numpy(),
        w2[0].T.numpy(),
        b2[0, 0].numpy(),
        _maps(net, rows, VIEW, SCALE),
        ends.numpy(),
        sides.numpy(),
        X.numpy(),
        y[:, 0].numpy(),
    )
