"""A stack laid out to be looked at: what stands on its bricks, and what is known at its joints."""

from dataclasses import dataclass

import numpy as np

from explainer.nets import bricks
from explainer.nets.bricks import KINDS, Brick
from explainer.nets.stack import Stack

N_SHOWN = 6  # neurons of a layer in the picture


@dataclass(frozen=True, eq=False)
class Pile:
    """A stack as it is drawn, a row a brick, a joint before each and one behind the last.

    ``kinds``, ``families`` and ``sizes`` ("2 → 16", "0.5") are the bricks', ``parameters`` (n_bricks,)
    what each learns. ``shapes`` are the texts of the joints and ``numbers`` what one sample leaves there;
    beyond a misfit they are empty and 0. ``units`` are neurons or channels of a joint, ``images`` tells
    which they are, ``dropped`` which of the first `N_SHOWN` neurons a first mask would drop. ``misfit`` is
    the brick that does not fit, the number of bricks if it is the loss, or -1.
    """

    task: str
    loss: str
    kinds: tuple[str, ...]
    families: tuple[str, ...]
    sizes: tuple[str, ...]
    parameters: np.ndarray
    shapes: tuple[str, ...]
    numbers: np.ndarray
    units: np.ndarray
    images: np.ndarray
    dropped: np.ndarray
    misfit: int

    @property
    def n_parameters(self) -> int:
        """Count what the stack learns."""
        return int(self.parameters.sum())

    @property
    def left(self) -> int:
        """Count the numbers that one sample leaves at the joints behind the bricks."""
        return int(self.numbers[1:].sum())


def _sizes(brick: Brick) -> str:
    if brick.kind == "dropout":
        return f"{brick.p:.1f}"
    if brick.n_out:
        return f"{brick.n_in} → {brick.n_out}"
    return str(brick.n_in) if brick.n_in else ""


def lay(stack: Stack) -> Pile:
    """Lay out a stack, whether it fits or not."""
    shapes, misfit = stack.check()
    missing = len(stack.bricks) + 1 - len(shapes)
    dropped = np.zeros((len(stack.bricks) + 1, N_SHOWN), bool)
    for i, brick in enumerate(stack.bricks):
        if brick.kind == "dropout":  # spread evenly, as many as p says
            dropped[i + 1] = np.diff(np.floor(np.arange(N_SHOWN + 1) * brick.p + 0.5)) > 0
    return Pile(
        stack.task,
        stack.loss,
        tuple(brick.kind for brick in stack.bricks),
        tuple(KINDS[brick.kind].family for brick in stack.bricks),
        tuple(map(_sizes, stack.bricks)),
        np.array([bricks.n_parameters(brick) for brick in stack.bricks]),
        (*map(bricks.shape_text, shapes), *[""] * missing),
        np.array([*(int(np.prod(shape)) for shape in shapes), *[0] * missing]),
        np.array([*(shape[0] for shape in shapes), *[0] * missing]),
        np.array([*(len(shape) > 1 for shape in shapes), *[False] * missing]),
        dropped,
        len(shapes) - 1 if misfit else -1,
    )
