"""Bad luck at the start is cured by starting often: many beginnings race as one batch of tensors."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import torch
from torch import Tensor
from torch.nn import functional

from explainer.nets.levenberg_marquardt import LevenbergMarquardt
from explainer.nets.mlp import MLP

HALVINGS = MappingProxyType({30: 0.5, 60: 0.5})  # after so many steps this share of the runs goes on
RIDGE = 1e-3  # holds the last layer back where its inputs are alike
DAMPING = MappingProxyType({"damping": 0.1})  # a smaller one lets half of the first steps fail
# The sum z at which the last layer answers a label y, which tanh reaches only if it is less than 1.
INVERSES: Mapping[str, Callable[[Tensor], Tensor]] = MappingProxyType(
    {"identity": lambda y: y, "tanh": lambda y: torch.atanh(0.9 * y)}
)


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


@torch.inference_mode()
def beginnings(
    net: MLP, X: Tensor, y: Tensor, *, n_runs: int, n_drawn: int, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Draw ``n_drawn`` networks and return those that begin best: parameters and losses, the least one first.

    Biases are N(0, 1 / 2), weights N(0, 2 / n_in), in the first layer divided by the size of X, its root mean
    square. The last layer is not drawn but solved for: its weights and bias v are those of

        (H^T H + ridge n_samples I) v = H^T f^-1(y)

    where H (n_samples, n_in + 1) are its inputs and a column of ones, and f is its activation. Parameters are
    (n_runs, n_parameters), the losses (n_runs,) mean squared errors.

    Raises
    ------
    ValueError
        If the output is not one number, or neither the identity nor tanh is its activation.

    References
    ----------
    Huang, Zhu, Siew. Extreme learning machine. Neurocomputing 70, 2006: random layers, a fitted last one.
    Golub, Pereyra. The differentiation of pseudo-inverses and nonlinear least squares problems whose
    variables separate. SIAM Journal on Numerical Analysis 10(2), 1973: what is linear is solved for.
    """
    if net.sizes[-1] != 1 or net.output.name not in INVERSES:
        raise ValueError(f"no last layer is fitted to {net.sizes[-1]} outputs of {net.output.name}")
    parameters = torch.randn(n_drawn, net.n_parameters, generator=generator, dtype=X.dtype).mul_(0.5**0.5)
    layers = net.layers(parameters)
    size = float(torch.linalg.vector_norm(X)) / X.numel() ** 0.5
    for layer, (weight, _) in enumerate(layers[:-1]):
        weight *= 2 / weight.shape[2] ** 0.5 / (size if layer == 0 else 1)
    H = functional.pad(net.forward(layers, X).inputs[-1], (0, 0, 0, 1), value=1.0)
    gram = torch.bmm(H, H.mT)
    gram.diagonal(dim1=1, dim2=2).add_(RIDGE * len(X))
    target = H @ INVERSES[net.output.name](y)
    last = torch.cholesky_solve(target, torch.linalg.cholesky_ex(gram)[0])
    parameters[:, -H.shape[1] :] = last.squeeze(2)
    losses = (y.mT - net.output.function(torch.bmm(last.mT, H))).square().mean((1, 2))
    best = losses.topk(n_runs, largest=False).indices  # a loss that is not a number comes last
    return parameters[best], losses[best]


def race(
    net: MLP,
    X: Tensor,
    y: Tensor,
    *,
    seed: int = 0,
    n_runs: int = 16,
    n_drawn: int = 128,
    n_steps: int = 110,
    halvings: Mapping[int, float] = HALVINGS,
    damping: Mapping[str, float] = DAMPING,
) -> Iterator[tuple[int, Tensor, Tensor]]:
    """Train batches of ``n_runs`` networks without end; yield round, parameters and losses after every step.

    Parameters are (n_left, n_parameters), mean squared errors (n_left,). A round begins with the best of
    ``n_drawn`` new `beginnings`, which are yielded too. All its runs make Levenberg-Marquardt steps at once,
    their ``damping`` the settings of that; after the steps in ``halvings`` only the given share goes on, the
    better one (successive halving). After ``n_steps`` steps, or when all are stuck, the next round begins.

    References
    ----------
    Jamieson, Talwalkar. Non-stochastic best arm identification. AISTATS 2016.
    """
    generator = torch.Generator().manual_seed(seed)
    number = 0
    while True:
        number += 1
        start, losses = beginnings(net, X, y, n_runs=n_runs, n_drawn=n_drawn, generator=generator)
        yield number, start, losses
        lm = LevenbergMarquardt(net, start, X, y, **damping)
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
    for n_seen, (number, parameters, losses) in enumerate(race(net, X, y, **settings), 1):
        if best is None or float(losses.min()) < lowest:
            lowest = float(losses.min())
            best = parameters[losses.argmin()]
        if lowest <= target_loss or time.thread_time() - begin > seconds:
            return Winner(best, lowest, number, n_seen - number, lowest <= target_loss)
    raise AssertionError("a race has no end")
