"""The body of a training loop, line by line: real lines of code, executed in any order a hand chooses.

Training itself is `explainer.nets.training`; here lines can be forgotten, repeated and put in the wrong
order, and what happens is what PyTorch makes of it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from explainer.nets.batches import batches

LINES = {
    "fetch": "X, y = next(batches)",
    "forward": "y_hat = model(X)",
    "loss": "loss = loss_fn(y_hat, y)",
    "zero_grad": "optimizer.zero_grad()",
    "backward": "loss.backward()",
    "step": "optimizer.step()",
}
FIVE = ("forward", "loss", "zero_grad", "backward", "step")
_CODE = {name: compile(line, name, "exec") for name, line in LINES.items()}


@dataclass(frozen=True)
class Mishap:
    """What PyTorch or Python answered to a line that could not run.

    ``kind`` is "undefined" (a name that no line has given a value yet), "used_up" (the graph of this loss was
    used by an earlier backward) or "modified" (a step has changed the weights that backward still needs).
    """

    kind: str
    words: str


class Loop:
    """The variables of a training loop: ``run`` executes one of the `LINES` on them.

    The data are X (n_samples, n_features) and y. With a ``batch_size`` the line "fetch" hands out
    mini-batches in the order of ``seed``; without one X and y are there from the beginning.
    """

    def __init__(
        self,
        model: nn.Module,
        loss_fn: Callable[[Tensor, Tensor], Tensor],
        optimizer: torch.optim.Optimizer,
        X: Tensor,
        y: Tensor,
        *,
        batch_size: int | None = None,
        seed: int = 0,
    ) -> None:
        self.names: dict[str, object] = {"model": model, "loss_fn": loss_fn, "optimizer": optimizer}
        if batch_size is None:
            self.names |= {"X": X, "y": y}
        else:
            self.names["batches"] = _portions(X, y, batch_size, seed)

    def get(self, name: str) -> Tensor | None:
        """Return a tensor by its name in the code, or nothing if no line has made it yet."""
        return self.names.get(name)

    def run(self, line: str) -> Mishap | None:
        """Execute a line; one that fails changes nothing, and the reason is returned."""
        try:
            exec(_CODE[line], self.names)  # the line on the screen is the line that runs
        except NameError as error:
            return Mishap("undefined", str(error))
        except RuntimeError as error:
            words = str(error)
            for kind, sign in (("used_up", "second time"), ("modified", "inplace operation")):
                if sign in words:
                    return Mishap(kind, words.partition(". ")[0].partition(" (")[0])
            raise
        return None


def _portions(X: Tensor, y: Tensor, batch_size: int, seed: int) -> Iterator[tuple[Tensor, Tensor]]:
    for rows in batches(len(X), batch_size, seed=seed):
        yield X[rows], y[rows]


def repeat(
    loop: Loop,
    lines: Sequence[str],
    n_steps: int,
    *,
    look: Callable[[int], None],
    tick: Callable[[float], None] | None = None,
) -> Mishap | None:
    """Run the lines ``n_steps`` times and ``look`` before the first time and after each one.

    The first line that cannot run ends it, as it ends any program, and is returned. ``tick`` is called every
    step with the share done, and ends the run if it raises.
    """
    look(0)
    for step in range(1, n_steps + 1):
        for line in lines:
            mishap = loop.run(line)
            if mishap:
                return mishap
        look(step)
        if tick is not None:
            tick(step / n_steps)
    return None
