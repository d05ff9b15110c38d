"""The one training loop of the project: steps of any optimiser, recorded, bounded, and stopped on request."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils import parameters_to_vector

from explainer.nets.levenberg_marquardt import LevenbergMarquardt
from explainer.nets.losses import LOSSES
from explainer.nets.mlp import MLP

N_FRAMES = 60
LIMITS = {"n_parameters": 20_000, "n_samples": 5_000, "n_runs": 128, "n_steps": 20_000}
OPTIMIZERS = ("lm", "adam", "sgd", "lbfgs")


@dataclass(frozen=True, eq=False)
class History:
    """A training run, or several at once: at most `N_FRAMES` frames, log-spaced, first and last included.

    ``steps`` (n_frames,) are the steps that the frames show; ``parameters`` is (n_frames, n_runs,
    n_parameters), ``losses`` (n_frames, n_runs). ``ended`` says why the run ended: ``done`` (all steps
    made), ``converged``, ``budget`` (the time was up) or ``diverged``, with the step in ``n_steps``;
    after a divergence the last frame is the last finite one.
    """

    steps: np.ndarray
    parameters: Tensor
    losses: np.ndarray
    n_steps: int
    ended: str

    @property
    def best(self) -> int:
        """Return the number of the run with the least final loss."""
        return int(self.losses[-1].argmin())


class Many(nn.Module):
    """Networks of one shape as one module: X (n_samples, n_features) -> (n_runs, n_samples, n_outputs)."""

    def __init__(self, net: MLP, parameters: Tensor) -> None:
        super().__init__()
        self.net = net
        self.rows = nn.Parameter(parameters.clone())

    def forward(self, X: Tensor) -> Tensor:
        """Predict with every network."""
        return self.net.predict(self.rows, X)


def squared_weights(model: nn.Module) -> Tensor:
    """Return the sum of the squared weights of an ``nn.Sequential`` or of `Many`, without the biases."""
    if isinstance(model, Many):
        weights = [weight for weight, _ in model.net.layers(model.rows)]
    else:
        weights = [parameter for parameter in model.parameters() if parameter.ndim == 2]
    return torch.stack([weight.square().sum() for weight in weights]).sum()


def gradient_step(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    loss: Callable[[Tensor, Tensor], Tensor],
    X: Tensor,
    y: Tensor,
    *,
    l2: float = 0.0,
) -> Tensor:
    """Make one step of a torch optimiser and return the losses before it, () or (n_runs,).

    The losses of several networks are added up: each network's gradient is its own. What is minimised is
    the loss plus ``l2`` / 2 times the sum of the squared weights; biases are left out of it.
    """

    def closure() -> Tensor:
        optimizer.zero_grad()
        closure.losses = loss(model(X), y)
        total = closure.losses.sum()
        if l2:
            total = total + l2 / 2 * squared_weights(model)
        total.backward()
        return total

    optimizer.step(closure)
    return closure.losses.detach()


def frame_steps(n_steps: int, n_frames: int = N_FRAMES) -> list[int]:
    """Return at most ``n_frames`` steps from 0 to ``n_steps``, log-spaced, both ends included."""
    if n_steps < n_frames:
        return list(range(n_steps + 1))
    steps = {0, *(int(s) for s in np.geomspace(1, n_steps, n_frames - 1).round())}
    missing = (s for s in range(n_steps) if s not in steps)  # rounding makes early steps coincide
    while len(steps) < n_frames:
        steps.add(next(missing))
    return sorted(steps)


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
    l2: float = 0.0,
    n_steps: int = 200,
    target_loss: float = 0.0,
    seconds: float = 2.0,
    tick: Callable[[float], None] | None = None,
) -> History:
    """Train networks of one shape from ``parameters`` (n_runs, n_parameters) on X, y and record the way.

    X is (n_samples, n_features), y (n_samples, n_outputs), or (n_samples,) int64 for cross-entropy.
    One run trains the very ``nn.Sequential`` that an exported script contains; several runs train as
    one batch of tensors, of which only torch's L-BFGS, having one step length for all, is not capable.
    ``lm`` minimises the mean squared error in float64 and ignores the learning rate; its ``loss`` must be
    one of the squared errors, without a penalty. ``l2`` is that of `gradient_step`; the recorded losses
    are without it. The run ends early when every loss is at most ``target_loss``, when the
    ``seconds`` are up, when a loss is no longer finite, or when ``tick`` (called every step with the
    share done) raises.

    Raises
    ------
    ValueError
        If an argument is unknown or over its limit in `LIMITS`.
    """
    sizes = {
        "n_parameters": net.n_parameters, "n_samples": len(X), "n_runs": len(parameters), "n_steps": n_steps
    }  # fmt: skip
    for name, limit in LIMITS.items():
        if not 0 < sizes[name] <= limit:
            raise ValueError(f"{name} must be between 1 and {limit}, got {sizes[name]}")
    if optimizer not in OPTIMIZERS or loss not in LOSSES:
        raise ValueError(f"unknown optimizer or loss: {optimizer!r}, {loss!r}")
    if optimizer == "lm" and loss not in ("mse", "half_squared_error"):
        raise ValueError(f"Levenberg-Marquardt minimises squared errors, not {loss!r}")
    if optimizer == "lm" and l2:
        raise ValueError(f"Levenberg-Marquardt knows no penalty, got l2 = {l2}")
    if optimizer == "lbfgs" and len(parameters) > 1:
        raise ValueError(f"L-BFGS trains one network at a time, not {len(parameters)}")

    advance, current = _prepare(net, parameters, X, y, optimizer, loss, learning_rate, momentum, l2)
    wanted = set(frame_steps(n_steps))
    rows, losses = current()
    frames = [(0, rows, losses)]
    latest, ended = frames[0], "done"
    begin = time.monotonic()
    step = 0
    for step in range(1, n_steps + 1):
        finished = advance()
        rows, losses = current()
        if not np.isfinite(losses).all():
            ended = "diverged"
            break
        latest = (step, rows, losses)
        if step in wanted:
            frames.append(latest)
        if tick is not None:
            tick(step / n_steps)
        if finished or (losses <= target_loss).all():
            ended = "converged"
            break
        if time.monotonic() - begin > seconds:
            ended = "budget" if step < n_steps else "done"
            break
    if frames[-1][0] != latest[0]:
        frames = [*frames[: N_FRAMES - 1], latest]
    return History(
        np.array([frame[0] for frame in frames]),
        torch.stack([frame[1] for frame in frames]),
        np.stack([frame[2] for frame in frames]),
        step,
        ended,
    )


def _prepare(
    net: MLP,
    parameters: Tensor,
    X: Tensor,
    y: Tensor,
    optimizer: str,
    loss: str,
    learning_rate: float,
    momentum: float,
    l2: float,
) -> tuple[Callable[[], bool], Callable[[], tuple[Tensor, np.ndarray]]]:
    """Return a function that makes a step and tells whether all is over, and one that reads the state."""
    if optimizer == "lm":
        lm = LevenbergMarquardt(net, parameters, X, y)
        scale = 0.5 if loss == "half_squared_error" else 1.0

        def advance() -> bool:
            lm.step()
            return bool(lm.stuck.all())

        return advance, lambda: (lm.parameters, (scale * lm.losses).numpy())

    model = net.to_sequential(parameters[0]) if len(parameters) == 1 else Many(net, parameters)
    steps = {
        "adam": lambda: torch.optim.Adam(model.parameters(), lr=learning_rate),
        "sgd": lambda: torch.optim.SGD(model.parameters(), lr=learning_rate, momentum=momentum),
        # By default its line search may look at one point only, which leaves it where it is as often as not.
        "lbfgs": lambda: torch.optim.LBFGS(
            model.parameters(),
            line_search_fn="strong_wolfe",
            max_iter=1,
            max_eval=30,
            tolerance_grad=1e-12,
            tolerance_change=1e-15,
        ),
    }[optimizer]()

    def advance() -> bool:
        gradient_step(model, steps, LOSSES[loss], X, y, l2=l2)
        return False

    def current() -> tuple[Tensor, np.ndarray]:
        with torch.no_grad():
            losses = LOSSES[loss](model(X), y)
            return parameters_to_vector(model.parameters()).reshape(
                len(parameters), -1
            ).clone(), np.atleast_1d(losses.numpy())

    return advance, current
