"""The experiments of the page "A first network in PyTorch": the five lines, their mistakes, real digits."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from explainer.nets import debugger
from explainer.nets import digits as data
from explainer.nets.debugger import BATCH, FEEDS, N_FEW, Debugger
from explainer.nets.loop import LINES
from explainer.nets.training import History, train_module

MOST_PRESSES = 120
CODE = {feed: {name: LINES[name] for name in names} for feed, names in FEEDS.items()}
# What one press of a button runs beside single lines, by the name of its label.
WAYS = {
    "one_batch": {"whole_step": FEEDS["one_batch"], "ten_steps": 10 * FEEDS["one_batch"]},
    "epoch_of_batches": {
        "whole_step": FEEDS["epoch_of_batches"],
        "whole_epoch": N_FEW // BATCH * FEEDS["epoch_of_batches"],
    },
}
KEPT = {
    "digits": [
        {"digits_rate": rate, "digits_width": "digits_64", "digits_seed": 0}
        for rate in ("rate_01", "rate_1", "rate_001")
    ]
}


def five_lines(
    *, program: tuple[str, ...] = (), lines_feed: str = "one_batch", line_speed: float = 1.0
) -> Debugger:
    """Execute the lines of ``program`` from the start; ``line_speed`` is the learning rate."""
    return debugger.execute(program, feed=lines_feed, learning_rate=line_speed)


# -- real data -------------------------------------------------------------------------------------

RATES = {"rate_001": 0.001, "rate_01": 0.01, "rate_1": 0.1, "digits_rate_1": 1.0}
WIDTHS = {"digits_4": 4, "digits_16": 16, "digits_64": 64}
N_STEPS, BATCH_SIZE = 300, 64
N_FRAMES, N_SHEETS = 60, 20
N_WORST = 8


@dataclass(frozen=True, eq=False)
class Digits:
    """How a network learns 1,437 digits and fares on 360 others.

    ``steps`` (n_frames,) are the steps of the frames; ``losses`` and ``accuracy`` (2, n_frames) are those on
    the training and on the test pictures. ``confusion`` (n_frames, 10, 10) counts test pictures by truth, a
    row, and answer. ``weights`` (n_sheets, width, 8, 8) are the first layer's, at every third frame, the last
    included. The ``worst`` pictures (n_worst, 8, 8) are the test pictures with the largest loss, dearest
    first, with their ``truth``, the ``answer`` and its probability ``p``.
    """

    steps: np.ndarray
    losses: np.ndarray
    accuracy: np.ndarray
    confusion: np.ndarray
    weights: np.ndarray
    worst: np.ndarray
    truth: np.ndarray
    answer: np.ndarray
    p: np.ndarray
    n_parameters: int

    @property
    def verdict(self) -> str:
        """Tell how it went: "learned" (95 % right or more), "weak" or "lost" (hardly better than a guess)."""
        test = self.accuracy[1, -1]
        if test < 0.5:
            return "lost"
        return "weak" if test < 0.95 else "learned"


@functools.lru_cache(maxsize=128)
def _shelf(rate: str, width: str, seed: int) -> list[nn.Sequential]:
    """Return the place of the network that was trained with these settings: empty until then."""
    return []


def _learn(
    rate: str, width: str, seed: int, tick: Callable[[float], None] | None
) -> tuple[History, Tensor, Tensor, Tensor]:
    """Train, put the network on its shelf, return its history, y, and both sides of the split."""
    images, y = data.load()
    X = images.flatten(1)
    rows, test = data.split(y, seed=seed)
    model = data.make_network(WIDTHS[width], seed)
    history = train_module(
        model,
        X[rows],
        y[rows],
        optimizer="adam",
        loss="cross_entropy",
        learning_rate=RATES[rate],
        batch_size=BATCH_SIZE,
        batch_seed=seed,
        n_steps=N_STEPS,
        seconds=60,
        tick=tick,
        watch=lambda model: (model(X), model[0].weight.clone()),
    )
    _shelf(rate, width, seed).append(model.eval())
    return history, y, rows, test


def _network(rate: str, width: str, seed: int) -> nn.Sequential:
    """Return the trained network, from its shelf if it stands there."""
    if not _shelf(rate, width, seed):
        _learn(rate, width, seed, None)
    return _shelf(rate, width, seed)[-1]


def digits(
    *,
    digits_rate: str = "rate_01",
    digits_width: str = "digits_64",
    digits_seed: int = 0,
    tick: Callable[[float], None] | None = None,
) -> Digits:
    """Train 64 -> width -> 10 by Adam, mini-batches of 64; ``digits_seed`` is for split, weights and order."""
    history, y, rows, test = _learn(digits_rate, digits_width, digits_seed, tick)
    logits, weights = (torch.stack(seen) for seen in zip(*history.watched, strict=True))
    missing = N_FRAMES - len(logits)  # of a run that was cut short: its last frame stands for them
    logits, weights = (torch.cat([x, x[-1:].expand(missing, *x.shape[1:])]) for x in (logits, weights))
    price = nn.functional.cross_entropy(logits.flatten(0, 1), y.repeat(N_FRAMES), reduction="none")
    price, answers = price.reshape(N_FRAMES, -1), logits.argmax(-1)
    right = (answers == y).double()
    pairs = y[test] * 10 + answers[:, test] + 100 * torch.arange(N_FRAMES)[:, None]
    worst = test[price[-1, test].argsort(descending=True)[:N_WORST]]
    p = logits[-1, worst].softmax(-1)
    return Digits(
        np.append(history.steps, np.full(missing, history.steps[-1])),
        torch.stack([price[:, part].mean(1) for part in (rows, test)]).numpy(),
        torch.stack([right[:, part].mean(1) for part in (rows, test)]).numpy(),
        torch.bincount(pairs.ravel(), minlength=100 * N_FRAMES).reshape(N_FRAMES, 10, 10).numpy(),
        weights[N_FRAMES // N_SHEETS - 1 :: N_FRAMES // N_SHEETS].unflatten(2, (8, 8)).numpy(),
        data.load()[0][worst].numpy(),
        y[worst].numpy(),
        answers[-1, worst].numpy(),
        p.gather(1, answers[-1, worst][:, None])[:, 0].numpy(),
        sum(parameter.numel() for parameter in _network(digits_rate, digits_width, digits_seed).parameters()),
    )
