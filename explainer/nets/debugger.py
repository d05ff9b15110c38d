"""A debugger for the training loop: all tensors of a tiny network after any lines of code."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from explainer.nets import digits
from explainer.nets.activations import ACTIVATIONS
from explainer.nets.loop import FIVE, Loop
from explainer.nets.mlp import MLP

N_FEW, BATCH = 12, 4  # pictures of the debugger, and of a mini-batch
_START = 0  # the seed of the weights
FEEDS = {"one_batch": FIVE, "epoch_of_batches": ("fetch", *FIVE)}  # the lines of a step
PARAMETERS = ("0.weight", "0.bias", "2.weight", "2.bias")
TENSORS = ("X", "y", "y_hat", "loss", *PARAMETERS)


@dataclass(frozen=True, eq=False)
class Debugger:
    """All tensors of a small training after some lines, and what the last of them did.

    ``values`` and ``grads`` hold an array for every name, or nothing where there is none yet; ``changed`` and
    ``changed_grads`` tell entry by entry what the last line has changed. ``mishap`` is the kind of a line
    that could not run, with torch's ``words``, or empty. ``following`` is the line that comes next in an
    orderly step; ``added`` tells that there were gradients before the last line. ``n_steps`` counts the steps
    that changed a weight, ``n_batches`` the batches fetched. ``all_loss`` is the loss of all pictures with
    the weights of the moment, ``before`` that before the last line.
    """

    values: dict[str, np.ndarray | None]
    grads: dict[str, np.ndarray | None]
    changed: dict[str, np.ndarray]
    changed_grads: dict[str, np.ndarray]
    last: str
    mishap: str
    words: str
    following: str
    added: bool
    n_lines: int
    n_steps: int
    n_batches: int
    all_loss: float
    before: float

    @property
    def verdict(self) -> str:
        """Name what the last line did: its mishap, the line itself, or a special case of it."""
        if self.mishap or not self.last:
            return self.mishap or "nothing"
        if self.last == "backward" and self.added:
            return "added"
        if self.last == "step" and not any(part.any() for part in self.changed.values()):
            return "no_step"
        if self.last == "zero_grad" and not any(part.any() for part in self.changed_grads.values()):
            return "no_grads"
        return self.last

    @property
    def numbers(self) -> dict[str, object]:
        """Return what is said of the moment."""
        name, value = self.one_change
        said = {"n": self.n_changed, "name": name, "value": value, "words": self.words}
        said |= {"steps": self.n_steps, "batches": self.n_batches}
        return said | {"before": self.before, "loss": self.all_loss}

    @property
    def n_changed(self) -> int:
        """Count the numbers that the last line has changed, gradients included."""
        parts = (*self.changed.values(), *self.changed_grads.values())
        return sum(int(part.sum()) for part in parts)

    @property
    def one_change(self) -> tuple[str, float]:
        """Return the name and the new value of the first weight, or its gradient, that has changed."""
        for name in PARAMETERS:
            for values, changed, end in (
                (self.values, self.changed, ""),
                (self.grads, self.changed_grads, ".grad"),
            ):
                if changed[name].any() and values[name] is not None:
                    return name + end, float(values[name][changed[name]][0])
        return "", 0.0


def _zeros_and_ones() -> tuple[Tensor, Tensor]:
    """Return two numbers of each of 12 digits, X (12, 2), and whether it is a one, y (12, 1).

    The numbers are the ink in the two middle columns and in the two at each side, standardised.
    """
    images, labels = digits.load()
    rows = torch.cat([(labels == k).nonzero()[: N_FEW // 2] for k in (0, 1)], 1).ravel()
    ink = torch.stack([images[rows][:, :, columns].mean((1, 2)) for columns in ([3, 4], [1, 2, 5, 6])], 1)
    return (ink - ink.mean(0)) / ink.std(0), labels[rows].float()[:, None]


def small_loop(feed: str, learning_rate: float) -> Loop:
    """Make the loop of the debugger: a network of 2 + 1 neurons, logloss, plain gradient descent."""
    X, y = _zeros_and_ones()
    net = MLP((2, 2, 1), ACTIVATIONS["tanh"])
    model = net.to_sequential(net.initialise([_START], scheme="xavier")[0].float())
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    if feed == "one_batch":
        return Loop(model, nn.BCEWithLogitsLoss(), optimizer, X[:BATCH], y[:BATCH])
    return Loop(model, nn.BCEWithLogitsLoss(), optimizer, X, y, batch_size=BATCH)


def _look(loop: Loop) -> tuple[dict[str, np.ndarray | None], dict[str, np.ndarray | None]]:
    """Copy the values and the gradients of all tensors."""
    tensors = {name: loop.get(name) for name in TENSORS[:4]} | dict(loop.get("model").named_parameters())
    values = {name: None if x is None else x.detach().numpy().copy() for name, x in tensors.items()}
    grads = {
        name: None if tensors[name].grad is None else tensors[name].grad.numpy().copy() for name in PARAMETERS
    }
    return values, grads


def _changes(
    before: dict[str, np.ndarray | None], after: dict[str, np.ndarray | None]
) -> dict[str, np.ndarray]:
    """Tell entry by entry what is new; what has gone counts as one change."""
    found = {}
    for name, now in after.items():
        was = before[name]
        if now is None:
            found[name] = np.array(was is not None)
        else:
            same_shape = was is not None and was.shape == now.shape
            found[name] = now != was if same_shape else np.ones(now.shape, bool)
    return found


def execute(program: Sequence[str], *, feed: str, learning_rate: float) -> Debugger:
    """Execute lines, by their names in `explainer.nets.loop.LINES`, from the start.

    ``feed`` is "one_batch" (four pictures) or "epoch_of_batches" (twelve, in mini-batches of four).
    """
    lines, loop = FEEDS[feed], small_loop(feed, learning_rate)
    X, y = _zeros_and_ones() if feed == "epoch_of_batches" else (loop.get("X"), loop.get("y"))
    n_steps = 0
    for line in program[:-1]:
        n_steps += _moves(loop, line)
        loop.run(line)
    before, was = _look(loop), _loss_of_all(loop, X, y)
    mishap = None
    for line in program[-1:]:
        n_steps += _moves(loop, line)
        mishap = loop.run(line)
    values, grads = _look(loop)
    last = program[-1] if program else ""
    ran = [line for line in program if line in lines]
    return Debugger(
        values,
        grads,
        _changes(before[0], values),
        _changes(before[1], grads),
        last,
        mishap.kind if mishap else "",
        mishap.words if mishap else "",
        _following(ran[-1] if ran else "", lines),
        any(grad is not None for grad in before[1].values()),
        len(program),
        n_steps,
        program.count("fetch"),
        _loss_of_all(loop, X, y),
        was,
    )


def _moves(loop: Loop, line: str) -> bool:
    """Tell whether a line is about to change a weight."""
    weights = loop.get("model").parameters()
    return line == "step" and any(w.grad is not None and bool(w.grad.any()) for w in weights)


def _following(last: str, lines: tuple[str, ...]) -> str:
    """Return the line after ``last`` in a step, after the last one the first again."""
    return lines[(lines.index(last) + 1) % len(lines)] if last else lines[0]


def _loss_of_all(loop: Loop, X: Tensor, y: Tensor) -> float:
    with torch.no_grad():
        return float(nn.functional.binary_cross_entropy_with_logits(loop.get("model")(X), y))
