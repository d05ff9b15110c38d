"""A stack at school: built, traced, trained on its task, and watched at every frame."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from explainer.nets import bricks as pile
from explainer.nets.losses import LOSSES
from explainer.nets.maps import cells
from explainer.nets.stack import TASKS, Stack
from explainer.nets.tasks import sample
from explainer.nets.training import LIMITS, N_FRAMES, History, train_module

N_STEPS, BATCH = 200, 64  # of a mini-batch
N_IMAGES, N_PIXELS, EDGE = 30, 40, 6.0  # of the regions in the plane: every second frame has one
N_GRID, N_SHOWN = 121, 40
SECONDS = 6.0


@dataclass(frozen=True, eq=False)
class Lesson:
    """What a stack has learned, `N_FRAMES` frames: the last is repeated where a run has ended early.

    ``losses`` and ``accuracy`` are (2, n_frames): of the samples it learns from and of fresh ones; accuracy
    is NaN for curves, and of the images that it learns from no more are asked than there are fresh ones.
    ``views`` is what there is to see, an entry a frame: y_hat (n_grid, n_outputs) of a curve, winners and
    confidence (n_pixels, n_pixels) of a plane, answers (n_shown,) to fresh digits. ``ended`` is that of a
    `History`, or "too_large" or "nothing_to_learn", which are not trained.
    """

    steps: np.ndarray
    losses: np.ndarray
    accuracy: np.ndarray
    views: tuple[object, ...]
    ended: str
    final_loss: float


def probabilities(stack: Stack, y_hat: Tensor) -> Tensor:
    """Return the probabilities (n_samples, n_classes) that a stack's answers mean; two moons have two."""
    if stack.loss in ("cross_entropy", "nll"):
        return y_hat.softmax(-1) if stack.loss == "cross_entropy" else y_hat
    p = torch.sigmoid(y_hat) if stack.loss == "logloss" else y_hat
    return torch.cat([1 - p, p], dim=1)


def grid() -> Tensor:
    """Return places of the curves' x, as the stack is given them: (n_grid, 1) in [-1, 1]."""
    return torch.linspace(-1, 1, N_GRID)[:, None]


def batch_size(stack: Stack) -> int:
    """Return how many samples a step of training sees: images come in mini-batches, all else at once."""
    return BATCH if len(stack.shape) > 1 else len(sample(stack.task)[0])


def learn(
    stack: Stack, *, learning_rate: float, seed: int, tick: Callable[[float], None] | None = None
) -> Lesson:
    """Train a stack that fits with Adam on its task."""
    (X, y), (fresh_X, fresh_y) = sample(stack.task), sample(stack.task, fresh=True)
    net = pile.build(stack.bricks, stack.shape, seed=seed)
    curves, images = TASKS[stack.task].head == "", len(stack.shape) > 1
    loss, shown = LOSSES[stack.loss], grid() if curves else cells((-EDGE, EDGE), N_PIXELS)

    def share_right(y_hat: Tensor, y: Tensor) -> float:
        if curves:
            return float("nan")
        return float((probabilities(stack, y_hat).argmax(1) == y.reshape(-1).long()).float().mean())

    parts = [X[: len(fresh_X)], fresh_X] if images else [X, fresh_X, shown]

    def watch(model: nn.Module) -> tuple[float, float, float, object]:
        # One pass for all that is looked at: a pass of a small network costs what it costs to start it.
        on_X, on_fresh, *rest = model(torch.cat(parts)).split([len(part) for part in parts])
        seen = on_fresh[:N_SHOWN] if images else rest[0]
        if curves:
            view: object = seen.numpy()
        else:
            best, winner = probabilities(stack, seen).max(1)
            view = winner.numpy() if images else _square(winner, best)
        right = (share_right(on_X, y[: len(on_X)]), share_right(on_fresh, fresh_y))
        return float(loss(on_fresh, fresh_y)), *right, view

    if stack.n_parameters > LIMITS["n_parameters"] or stack.n_parameters == 0:
        net.eval()
        with torch.no_grad():
            seen, on_training = [watch(net)], np.array([float(loss(net(X), y))])
        steps, ended = np.array([0]), "too_large" if stack.n_parameters else "nothing_to_learn"
    else:
        history: History = train_module(
            net, X, y, loss=stack.loss, learning_rate=learning_rate, n_steps=N_STEPS, seconds=SECONDS,
            tick=tick, watch=watch, batch_size=batch_size(stack), batch_seed=seed,
        )  # fmt: skip
        seen, on_training = list(history.watched), history.losses[:, 0]
        steps, ended = history.steps, history.ended
    # The last frame is repeated where a run has ended early.
    at = np.minimum(np.arange(N_FRAMES), len(seen) - 1)
    numbers = np.array([frame[:3] for frame in seen])[at]
    return Lesson(
        steps[at],
        np.stack([on_training[at], numbers[:, 0]]),
        numbers[:, 1:].T,
        tuple(seen[i][3] for i in at),
        ended,
        float(on_training[-1]),
    )


def _square(winner: Tensor, confidence: Tensor) -> tuple[np.ndarray, np.ndarray]:
    shape = (N_PIXELS, N_PIXELS)
    return winner.reshape(shape).numpy().astype(np.uint8), confidence.reshape(shape).numpy()


def trace(stack: Stack, i: int, *, training: bool, seed: int = 0) -> list[np.ndarray]:
    """Send sample number ``i`` of the task through a fresh network; return what is at every joint.

    It goes in a batch of 32, so that batch normalisation has something to average while training.
    """
    X, _ = sample(stack.task)
    net = pile.build(stack.bricks, stack.shape, seed=seed).train(training)
    values, h = [X[i].numpy()], X[:32]
    with torch.no_grad():
        for layer in net:
            h = layer(h)
            values.append(h[i].numpy())
    return values
