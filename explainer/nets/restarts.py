"""Bad luck at the start is cured by starting often: many beginnings race as one batch of tensors."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import torch
from torch import Tensor

from explainer.nets.levenberg_marquardt import LevenbergMarquardt
from explainer.nets.mlp import MLP

HALVINGS = MappingProxyType({30: 0.5, 60: 0.5})  # after so many steps this share of the runs goes on


@dataclass(frozen=True, eq=False)
class Winner:
    """The best run of a race: its parameters (n_parameters,) and mean squared error.

    ``n_rounds`` counts the batches that were begun, ``n_steps`` the steps of all of them, and
    ``reached`` says whether the error is as small as was asked for.
    """

    parameters: Tensor
    loss: float
    n_rounds: int
    n_steps: int
    reached: bool


def race(
    net: MLP,
    X: Tensor,
    y: Tensor,
    *,
    seed: int = 0,
    n_runs: int = 16,
    n_steps: int = 110,
    halvings: Mapping[int, float] = HALVINGS,
) -> Iterator[tuple[int, Tensor, Tensor]]:
    """Train batches of ``n_runs`` networks without end; yield round, parameters and losses after every step.

    Parameters are (n_left, n_parameters), mean squared errors (n_left,). All runs of a round make
    Levenberg-Marquardt steps at once; after the steps in ``halvings`` only the given share goes on, the
    better one (successive halving). After ``n_steps`` steps, or when all are stuck, the next round begins
    with seeds of its own.

    References
    ----------
    Jamieson, Talwalkar. Non-stochastic best arm identification. AISTATS 2016.
    """
    number = 0
    while True:
        number += 1
        first = seed + (number - 1) * n_runs
        lm = LevenbergMarquardt(net, net.initialise(range(first, first + n_runs)), X, y)
        for step in range(1, n_steps + 1):
            lm.step()
            yield number, lm.parameters, lm.losses
            if lm.stuck.all():
                break
            if step in halvings:
                n_left = max(1, int(halvings[step] * len(lm.losses)))
                # A loss that is not a number sorts last.
                lm.keep(lm.losses.argsort()[:n_left])


def first_to_reach(
    net: MLP, X: Tensor, y: Tensor, *, target_loss: float, seconds: float = 1.0, **settings: object
) -> Winner:
    """Race until a mean squared error is at most ``target_loss`` or the ``seconds`` of the processor are up.

    Further settings are those of `race`. When nobody gets there, the best run of all wins.
    """
    begin, best, lowest = time.thread_time(), None, torch.inf
    for n_steps, (number, parameters, losses) in enumerate(race(net, X, y, **settings), 1):
        if best is None or float(losses.min()) < lowest:
            lowest = float(losses.min())
            best = parameters[losses.argmin()]
        if lowest <= target_loss or time.thread_time() - begin > seconds:
            return Winner(best, lowest, number, n_steps, lowest <= target_loss)
    raise AssertionError("a race has no end")
