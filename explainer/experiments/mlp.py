"""The experiments of the page "Two regressions joined by a third": hidden layers, by hand and trained."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explainer.nets import export
from explainer.nets.activations import ACTIVATIONS
from explainer.nets.borders import drawn, through
from explainer.nets.data import sample_four_clouds, sample_toy_set
from explainer.nets.losses import LOSSES
from explainer.nets.mlp import MLP
from explainer.nets.separability import widest_strip
from explainer.nets.training import History, train

N_FRAMES = 60
VIEW = (-6.0, 6.0)  # of both axes of the plane
HIDDEN_VIEW = (-0.1, 1.1)  # of both axes of the hidden space
SIDE, LEVELS = 40, 250  # cells of a map a side, steps of probability
FAMILIES = ("four_clouds", "ring", "own_points")
N_BY_HAND = 40

Handle = tuple[float, float]


def _maps(net: MLP, rows: Tensor, view: tuple[float, float]) -> np.ndarray:
    """Return sigma of the output on a grid, (n_rows, SIDE, SIDE) uint8 in 1 / LEVELS, the top row first."""
    low, high = view
    centres = low + (high - low) * (torch.arange(SIDE, dtype=torch.float32) + 0.5) / SIDE
    down, across = torch.meshgrid(centres.flip(0), centres, indexing="ij")
    cells = torch.stack([across.ravel(), down.ravel()], 1)
    # Single precision is finer than a step of colour and twice as fast.
    p = torch.sigmoid(net.predict(rows.float(), cells)[..., 0])
    return (p * LEVELS).round().to(torch.uint8).reshape(len(rows), SIDE, SIDE).numpy()


def _every_frame(frames: Tensor) -> Tensor:
    """Repeat the last of at most `N_FRAMES` frames until there are so many."""
    return frames[[min(i, len(frames) - 1) for i in range(N_FRAMES)]]


# -- by hand ---------------------------------------------------------------------------------------

# Two points on the border of each hidden neuron, and two on that of the third one, in the hidden space.
LINES: tuple[Handle, ...] = ((0.5, -4.0), (0.5, 4.0), (4.0, -0.5), (-4.0, -0.5))
THIRD: tuple[Handle, ...] = ((0.0, 0.7), (0.7, 0.0))
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
    is wrong somewhere) or ``solved``. ``numbers`` are those in the words.
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
    verdict: str
    numbers: dict[str, float]


def _family(family: str, own: Sequence[tuple[float, float, int]]) -> tuple[Tensor, Tensor]:
    if family == "own_points":
        rows = torch.tensor(own, dtype=torch.float64).reshape(-1, 3)
        return rows[:, :2], rows[:, 2:]
    if family == "four_clouds":
        return sample_four_clouds(N_BY_HAND)
    X, y = sample_toy_set("circle", N_BY_HAND, noise=0.0, seed=0)
    return X, (y + 1) / 2


def _set_by_hand(lines: Sequence[Handle], third: Sequence[Handle], steep: float, steep_third: float) -> Tensor:
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
    steep: float = 1.5,
    steep_third: float = 8.0,
    who: str = "hand",
) -> ByHand:
    """Join two logistic regressions by a third, h = sigma(W1 x + b1), p = sigma(w2 h + b2).

    The borders go through the handles, their weights are as long as ``steep`` and ``steep_third``. With
    ``who`` = ``descent`` gradient descent goes on from exactly these weights.
    """
    X, y = _family(family, own)
    start = _set_by_hand(lines, third, steep, steep_third)
    rows, steps = start[None], np.zeros(1, int)
    if who == "descent":
        history = train(TWO, start, X, y, loss="logloss", **DESCENT)
        rows, steps = _every_frame(history.parameters), history.steps
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
        verdict if kinds == 2 else "one_class",
        {
            "wrong": int(wrong[-1]),
            "n": len(y),
            "strip": float(widths[-1]),
            "before": float(losses[0]),
            "after": float(losses[-1]),
            "steps": int(steps[-1]),
        },
    )
