"""The one training loop of the project: steps of any optimiser, recorded, bounded, and stopped on request."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from explainer.nets.batches import batches
from explainer.nets.levenberg_marquardt import LevenbergMarquardt
from explainer.nets.losses import LOSSES
from explainer.nets.mlp import MLP
from explainer.nets.sweep import Graph, Sweep

N_FRAMES = 60
LIMITS = {"n_parameters": 20_000, "n_samples": 5_000, "n_runs": 128, "n_steps": 20_000}
OPTIMIZERS = ("lm", "adam", "sgd", "lbfgs")


@dataclass(frozen=True, eq=False)
class History:
    """A training run, or several at once: at most `N_FRAMES` frames, log-spaced, first and last included.

    ``steps`` (n_frames,) are the steps that the frames show; ``parameters`` is (n_frames, n_runs,
    n_parameters), ``losses`` (n_frames, n_runs). ``ended`` says why the run ended: ``done`` (all steps
    made), ``converged``, ``budget`` (the time was up), ``enough`` (it was told so) or ``diverged``, with the
    step in ``n_steps``; after a divergence the last frame is the last finite one. ``watched`` is what
    ``watch`` returned at every frame, if there was one.
    """

    steps: np.ndarray
    parameters: Tensor
    losses: np.ndarray
    n_steps: int
    ended: str
    watched: tuple[object, ...] = ()

    @property
    def best(self) -> int:
        """Return the number of the run with the least final loss."""
        return int(self.losses[-1].argmin())


def gradient_step(
    model: Sweep | Graph,
    optimizer: torch.optim.Optimizer,
    X: Tensor,
    y: Tensor,
    *,
    l1: float = 0.0,
    l2: float = 0.0,
    known: Tensor | None = None,
) -> None:
    """Make one step of a torch optimiser.

    The losses of several networks are added up: each network's gradient is its own. What is minimised is
    the loss plus ``l1`` times the sum of the weights' absolute values and ``l2`` / 2 times the sum of their
    squares; biases are left out of both. Losses that are ``known`` already, from the last sweep forward, are
    not computed again.
    """
    # The derivatives of the penalty are known, l1 sign(w) + l2 w; only a line search asks for the value.
    searches = isinstance(optimizer, torch.optim.LBFGS)

    @torch.no_grad()
    def penalised(total: Tensor) -> Tensor:
        for weight, gradient in model.weights:
            if l1:
                gradient += l1 * weight.sign()
                total = total + l1 * weight.abs().sum() if searches else total
            if l2:
                gradient += l2 * weight
                total = total + l2 / 2 * weight.square().sum() if searches else total
        return total

    def closure() -> Tensor:
        nonlocal known
        losses, known = model.see(X, y) if known is None else known, None
        model.back()
        total = losses.sum()
        return penalised(total) if l1 or l2 else total

    optimizer.step(closure)


def frame_steps(n_steps: int, n_frames: int = N_FRAMES) -> list[int]:
    """Return at most ``n_frames`` steps from 0 to ``n_steps``, log-spaced, both ends included."""
    if n_steps < n_frames:
        return list(range(n_steps + 1))
    steps = {0, *(int(s) for s in np.geomspace(1, n_steps, n_frames - 1).round())}
    missing = (s for s in range(n_steps) if s not in steps)  # rounding makes early steps coincide
    while len(steps) < n_frames:
        steps.add(next(missing))
    return sorted(steps)


_Frames = TypeVar("_Frames", np.ndarray, Tensor)


def every_frame(frames: _Frames) -> _Frames:
    """Repeat the last of at most `N_FRAMES` frames until there are so many: what has ended stands still."""
    return frames[np.minimum(np.arange(N_FRAMES), len(frames) - 1)]


def train(
    net: MLP,
    parameters: Tensor,
    X: Tensor,
    y: Tensor,
    *,
    optimizer: str = "lm",
    loss: str = "mse",
    learning_rate: float = 0.01,
    momentum: float = 0.9,
    l1: float = 0.0,
    l2: float = 0.0,
    batch_size: int | None = None,
    batch_seed: int = 0,
    n_steps: int = 200,
    target_loss: float = 0.0,
    most_loss: float = math.inf,
    seconds: float = 2.0,
    tick: Callable[[float], None] | None = None,
    enough: Callable[[int, Tensor], bool] | None = None,
) -> History:
    """Train networks of one shape from ``parameters`` (n_runs, n_parameters) on X, y and record the way.

    X is (n_samples, n_features), y (n_samples, n_outputs), or (n_samples,) int64 for cross-entropy.
    One run gives the numbers of the ``nn.Sequential`` that an exported script trains; several runs train as
    one batch of tensors, of which only torch's L-BFGS, having one step length for all, is not capable.
    ``lm`` minimises the mean squared error in float64 and ignores the learning rate; its ``loss`` must be
    one of the squared errors, without a penalty. The other arguments are those of `train_module`.

    Raises
    ------
    ValueError
        If an argument is unknown or over its limit in `LIMITS`.
    """
    _check(net.n_parameters, len(X), len(parameters), n_steps, optimizer, loss, batch_size)
    bounds = {
        "n_steps": n_steps, "target_loss": target_loss, "most_loss": most_loss, "seconds": seconds,
        "tick": tick, "enough": enough,
    }  # fmt: skip
    if optimizer != "lm":
        if optimizer == "lbfgs" and len(parameters) > 1:
            raise ValueError(f"L-BFGS trains one network at a time, not {len(parameters)}")
        model = Sweep(net, parameters, LOSSES[loss], apart=optimizer == "lbfgs")
        penalty = {"l1": l1, "l2": l2}
        steps = _optimizer(model.parts, optimizer, learning_rate, momentum)
        return _descend(model, steps, X, y, penalty, batch_size, batch_seed, **bounds)
    if loss not in ("mse", "half_squared_error"):
        raise ValueError(f"Levenberg-Marquardt minimises squared errors, not {loss!r}")
    if l1 or l2:
        raise ValueError(f"Levenberg-Marquardt knows no penalty, got l1 = {l1}, l2 = {l2}")

    lm = LevenbergMarquardt(net, parameters, X, y)
    scale = 0.5 if loss == "half_squared_error" else 1.0

    def advance() -> bool:
        lm.step()
        return bool(lm.stuck.all())

    return _record(advance, lambda: (lm.parameters, (scale * lm.losses).numpy()), **bounds)


def train_module(
    model: nn.Module,
    X: Tensor,
    y: Tensor,
    *,
    optimizer: str = "adam",
    loss: str = "cross_entropy",
    learning_rate: float = 0.01,
    momentum: float = 0.9,
    l1: float = 0.0,
    l2: float = 0.0,
    batch_size: int | None = None,
    batch_seed: int = 0,
    n_steps: int = 200,
    target_loss: float = 0.0,
    most_loss: float = math.inf,
    seconds: float = 2.0,
    tick: Callable[[float], None] | None = None,
    enough: Callable[[int, Tensor], bool] | None = None,
    watch: Callable[[nn.Module], object] | None = None,
) -> History:
    """Train any module, in place, with one of torch's optimisers, and record the way.

    X is (n_samples, ...), y what the ``loss`` takes. Without ``batch_size`` every step sees all samples,
    with it a mini-batch, in the order of ``batch_seed``. ``l1`` and ``l2`` are those of `gradient_step`. The
    recorded losses are those of all samples in eval mode, without a penalty; ``watch`` is called with the
    model, in eval mode too, at every frame. The run ends early when the loss is at most ``target_loss``,
    when the ``seconds`` of processor time are up (what else the machine does makes no difference), when a
    loss is no longer finite or above ``most_loss`` (the model is left in its last state before), when
    ``enough`` (called with the step and the parameters (n_runs, n_parameters)) says so, or when ``tick``
    (called every step with the share done) raises. Mini-batches look at the loss of all samples, and ask
    whether it is enough, at the frames only.

    Raises
    ------
    ValueError
        If an argument is unknown or over its limit in `LIMITS`.
    """
    n_parameters = sum(parameter.numel() for parameter in model.parameters())
    _check(n_parameters, len(X), 1, n_steps, optimizer, loss, batch_size)
    if optimizer == "lm":
        raise ValueError("Levenberg-Marquardt trains multilayer perceptrons only, with `train`")
    graph, penalty = Graph(model, LOSSES[loss]), {"l1": l1, "l2": l2}
    steps = _optimizer(graph.parts, optimizer, learning_rate, momentum)
    bounds = {
        "n_steps": n_steps, "target_loss": target_loss, "most_loss": most_loss, "seconds": seconds,
        "tick": tick, "enough": enough,
    }  # fmt: skip

    def look() -> object:
        model.eval()
        with torch.no_grad():
            seen = watch(model)
        model.train()
        return seen

    look = look if watch else None
    return _descend(graph, steps, X, y, penalty, batch_size, batch_seed, look=look, **bounds)


def _check(
    n_parameters: int,
    n_samples: int,
    n_runs: int,
    n_steps: int,
    optimizer: str,
    loss: str,
    batch_size: int | None,
) -> None:
    sizes = {"n_parameters": n_parameters, "n_samples": n_samples, "n_runs": n_runs, "n_steps": n_steps}
    for name, limit in LIMITS.items():
        if not 0 < sizes[name] <= limit:
            raise ValueError(f"{name} must be between 1 and {limit}, got {sizes[name]}")
    if optimizer not in OPTIMIZERS or loss not in LOSSES:
        raise ValueError(f"unknown optimizer or loss: {optimizer!r}, {loss!r}")
    if batch_size is not None and optimizer not in ("adam", "sgd"):
        raise ValueError(f"{optimizer!r} looks at all samples at once, not at {batch_size}")


def _optimizer(
    parts: Sequence[Tensor], optimizer: str, learning_rate: float, momentum: float
) -> torch.optim.Optimizer:
    if optimizer == "adam":
        return torch.optim.Adam(parts, lr=learning_rate)
    if optimizer == "sgd":
        return torch.optim.SGD(parts, lr=learning_rate, momentum=momentum)
    # By default its line search may look at one point only, which leaves it where it is as often as not.
    return torch.optim.LBFGS(
        parts,
        line_search_fn="strong_wolfe",
        max_iter=1,
        max_eval=30,
        tolerance_grad=1e-12,
        tolerance_change=1e-15,
    )


def _descend(
    model: Sweep | Graph,
    steps: torch.optim.Optimizer,
    X: Tensor,
    y: Tensor,
    penalty: Mapping[str, float],
    batch_size: int | None,
    batch_seed: int,
    **bounds: object,
) -> History:
    rows = batches(len(X), batch_size, seed=batch_seed) if batch_size else None
    # Where training looks at the same samples in the same way, a loss is computed once: what the record
    # has seen is what the next step goes down from.
    shared, known = rows is None and not model.moody, None
    searches, at, moved = isinstance(steps, torch.optim.LBFGS), model.parameters(), True

    def advance() -> bool:
        nonlocal known, at, moved
        if rows is None:
            gradient_step(model, steps, X, y, known=known, **penalty)
            known = None
        else:
            batch = next(rows)
            gradient_step(model, steps, X[batch], y[batch], **penalty)
        if not searches:
            return False
        # L-BFGS that stays where it stayed before has seen what it will see for ever. Its first step alone
        # tells nothing, that has a length of its own.
        before, went, at = at, moved, model.parameters()
        moved = not torch.equal(before, at)
        return not (went or moved)

    def current() -> tuple[Tensor, np.ndarray]:
        nonlocal known
        losses = model.see(X, y) if shared else model.judge(X, y)
        known = losses if shared else None
        return model.parameters(), np.atleast_1d(losses.numpy())

    return _record(advance, current, often=rows is None, restore=model.restore, **bounds)


def _record(
    advance: Callable[[], bool],
    current: Callable[[], tuple[Tensor, np.ndarray]],
    *,
    n_steps: int,
    target_loss: float,
    most_loss: float,
    seconds: float,
    tick: Callable[[float], None] | None,
    enough: Callable[[int, Tensor], bool] | None,
    often: bool = True,
    look: Callable[[], object] | None = None,
    restore: Callable[[Tensor], None] | None = None,
) -> History:
    """Make the steps and record them: ``advance`` makes one and tells whether all is over.

    ``current`` reads parameters and losses, after every step or, if not ``often``, where a frame is due;
    ``restore`` goes back to the last finite parameters.
    """
    wanted = set(frame_steps(n_steps))
    rows, losses = current()
    frames, seen = [(0, rows, losses)], [look()] if look else []
    latest, ended = frames[0], "done"
    begin = time.thread_time()
    step = 0
    for step in range(1, n_steps + 1):
        finished = advance()
        late = time.thread_time() - begin > seconds
        if often or step in wanted or late:
            rows, losses = current()
            worst = losses.max()  # what is not a number is the worst of all
            if not worst <= most_loss or worst == math.inf:
                ended = "diverged"
                if restore:
                    restore(latest[1])
                break
            latest = (step, rows, losses)
        if step in wanted:
            frames.append(latest)
            seen += [look()] if look else []
        if tick is not None:
            tick(step / n_steps)
        if finished or losses.max() <= target_loss:
            ended = "converged"
            break
        if enough is not None and latest[0] == step and enough(*latest[:2]):
            ended = "enough"
            break
        if late:
            ended = "budget" if step < n_steps else "done"
            break
    if frames[-1][0] != latest[0]:
        frames = [*frames[: N_FRAMES - 1], latest]
        seen = [*seen[: N_FRAMES - 1], look()] if look else []
    return History(
        np.array([frame[0] for frame in frames]),
        torch.stack([frame[1] for frame in frames]),
        np.stack([frame[2] for frame in frames]),
        step,
        ended,
        tuple(seen),
    )
