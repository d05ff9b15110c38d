"""The mistakes that everybody makes in a first training loop, each really trained beside the healthy run."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from explainer.nets import digits
from explainer.nets.dropout import Dropout
from explainer.nets.loop import LINES, Loop, repeat
from explainer.nets.training import frame_steps

WIDTH, DROP = 32, 0.5
LEARNING_RATE, BATCH_SIZE = 0.5, 64
HEALTHY = ("fetch", "forward", "loss", "zero_grad", "backward", "step")


@dataclass(frozen=True)
class Recipe:
    """A training: the lines of a step, and what else can be done wrong."""

    lines: tuple[str, ...] = HEALTHY
    learning_rate: float = LEARNING_RATE
    softmax: bool = False  # before a loss that does softmax itself
    shuffled: bool = False  # the labels of the training pictures
    evaluates: bool = True  # calls model.eval() before it looks


MISTAKES = {
    "no_zero_grad": Recipe(("fetch", "forward", "loss", "backward", "step")),
    "step_first": Recipe(("fetch", "forward", "loss", "zero_grad", "step", "backward")),
    "no_backward": Recipe(("fetch", "forward", "loss", "zero_grad", "step")),
    "late_zero_grad": Recipe(("fetch", "forward", "loss", "backward", "zero_grad", "step")),
    "rate_times_100": Recipe(learning_rate=100 * LEARNING_RATE),
    "no_eval": Recipe(evaluates=False),
    "softmax_twice": Recipe(softmax=True),
    "shuffled_labels": Recipe(shuffled=True),
}


@dataclass(frozen=True, eq=False)
class Run:
    """A training as its author sees it: loss on the training pictures, accuracy on the test pictures.

    ``steps``, ``losses`` and ``accuracy`` are (n_frames,); what is no longer finite is infinite. ``gradient``
    is the norm of the first weight's .grad after the last step, or nothing where it has none; ``moved`` is
    the largest change of a weight. ``mishap`` is the kind of a line that could not run, in the step after the
    last, or empty.
    """

    steps: np.ndarray
    losses: np.ndarray
    accuracy: np.ndarray
    gradient: float | None
    moved: float
    mishap: str


def build(recipe: Recipe, seed: int, *, drop: float = DROP) -> tuple[Loop, tuple[Tensor, ...]]:
    """Return the loop of a recipe, and training and test data: X, y, X, y.

    The network is 64 -> 32 -> 10 with ReLU and dropout, the loss cross-entropy, the step plain gradient
    descent.
    """
    images, y = digits.load()
    X = images.flatten(1)
    rows, test = digits.split(y)
    first, relu, last = digits.make_network(WIDTH, seed)
    model = nn.Sequential(first, relu, Dropout(drop, seed), last)
    if recipe.softmax:
        model.append(nn.Softmax(1))
    y_train = y[rows]
    if recipe.shuffled:
        y_train = y_train[torch.randperm(len(rows), generator=torch.Generator().manual_seed(seed))]
    optimizer = torch.optim.SGD(model.parameters(), lr=recipe.learning_rate)
    sizes = {"batch_size": BATCH_SIZE, "seed": seed}
    loop = Loop(model, nn.CrossEntropyLoss(), optimizer, X[rows], y_train, **sizes)
    return loop, (X[rows], y_train, X[test], y[test])


def train(
    recipe: Recipe,
    seed: int,
    *,
    n_steps: int,
    drop: float = DROP,
    tick: Callable[[float], None] | None = None,
) -> Run:
    """Train by a recipe and look at up to 60 moments, with or without ``model.eval()``, as it says."""
    loop, (X, y, X_test, y_test) = build(recipe, seed, drop=drop)
    model, loss_fn = loop.get("model"), loop.get("loss_fn")
    start = model[0].weight.detach().clone()
    wanted, seen = set(frame_steps(n_steps)), []

    def look(step: int) -> None:
        if step not in wanted:
            return
        model.train(not recipe.evaluates)
        with torch.no_grad():
            price = float(loss_fn(model(X), y))
            right = float((model(X_test).argmax(1) == y_test).float().mean())
        model.train()
        seen.append((step, price if math.isfinite(price) else math.inf, right))

    mishap = repeat(loop, recipe.lines, n_steps, look=look, tick=tick)
    steps, losses, accuracy = (np.array(column) for column in zip(*seen, strict=True))
    gradient = model[0].weight.grad
    moved = float((model[0].weight.detach() - start).abs().max())
    return Run(
        steps,
        losses,
        accuracy,
        None if gradient is None else float(gradient.norm()),
        moved if math.isfinite(moved) else math.inf,
        mishap.kind if mishap else "",
    )


def listing(recipe: Recipe) -> list[tuple[str, str]]:
    """Write a recipe as lines of code, each with what is wrong with it: "right", "wrong" or "missing"."""
    rate = "wrong" if recipe.learning_rate != LEARNING_RATE else "right"
    rows = [(f"lr = {recipe.learning_rate:g}", rate)]
    if recipe.shuffled:
        rows.append(("y = y[random_order]", "wrong"))
    rows.append(("for X, y in batches:", "right"))
    body, right = list(recipe.lines), list(HEALTHY)
    absent = [line for line in right if line not in body]
    for line in absent:  # shown where it belongs
        body.insert(right.index(line), line)
    for at, line in enumerate(body):
        if line == "fetch":
            continue
        # A line that stands after one that it should precede is in the wrong place.
        late = any(right.index(earlier) > right.index(line) for earlier in body[:at])
        code = LINES[line]
        if recipe.softmax and line == "forward":
            code, late = "p = softmax(model(X))", True
        elif recipe.softmax and line == "loss":
            code = "loss = loss_fn(p, y)"
        rows.append((f"  {code}", "missing" if line in absent else "wrong" if late else "right"))
    return [*rows, ("model.eval()", "right" if recipe.evaluates else "missing")]
