"""A stack of bricks between a task and its loss: what does not fit, how to mend it, how a hand changes it."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from explainer.nets import bricks as pile
from explainer.nets.bricks import KINDS, Brick, Misfit, Shape

MOST = 12  # bricks that a hand can stack
_ROOM = 14  # and what mending may make of them
_NEURONS, _CHANNELS = 128, 16  # that a brick can give
HEADS = ("sigmoid", "softmax")  # bricks that make probabilities
_UNCHANGED = ("bend", "noise")  # families whose bricks leave the shape as it is


@dataclass(frozen=True)
class Task:
    """What goes in, how many numbers are wanted, and the losses that can judge them.

    The first loss takes what a Linear gives; the second one, where there is one, takes the probabilities of
    the ``head``.
    """

    shape: Shape
    n_outputs: int
    losses: tuple[str, ...]
    head: str = ""


TASKS = {
    "one_curve": Task((1,), 1, ("mse",)),
    "three_curves": Task((1,), 3, ("mse",)),
    "two_moons": Task((2,), 1, ("logloss", "bce"), "sigmoid"),
    "three_arms": Task((2,), 3, ("cross_entropy", "nll"), "softmax"),
    "digit_images": Task((1, 8, 8), 10, ("cross_entropy", "nll"), "softmax"),
}
LOSSES = ("mse", "logloss", "bce", "cross_entropy", "nll")


@dataclass(frozen=True)
class Stack:
    """Bricks from the input on, for a task, and the loss behind them."""

    task: str
    bricks: tuple[Brick, ...]
    loss: str

    @property
    def shape(self) -> Shape:
        """Return the shape of one sample."""
        return TASKS[self.task].shape

    @property
    def n_parameters(self) -> int:
        """Count what the stack learns."""
        return sum(map(pile.n_parameters, self.bricks))

    def check(self) -> tuple[list[Shape], Misfit | None]:
        """Return the known shapes at the joints and what does not fit: a brick, or the loss at the end.

        It is the loss's misfit if there is a shape for every joint.
        """
        shapes, misfit = pile.joints(self.bricks, self.shape)
        wanted, last = TASKS[self.task].n_outputs, shapes[-1]
        if misfit:
            return shapes, misfit
        if last != (wanted,):
            return shapes, Misfit("target_image" if len(last) > 1 else "target_count", wanted, last)
        if self.loss in ("bce", "nll") and self._last_kind() != TASKS[self.task].head:
            return shapes, Misfit("not_probabilities", wanted, last)
        return shapes, None

    def _last_kind(self) -> str:
        return next((b.kind for b in reversed(self.bricks) if b.kind != "flatten"), "")


def largest_size(brick: Brick) -> int:
    """Return how much a brick may give: neurons of a Linear, channels of a convolution."""
    return _NEURONS if brick.kind == "linear" else _CHANNELS


def read(text: str, task: str) -> Stack | None:
    """Read the bricks and the loss of a link, or return ``None`` for anything that is no stack.

    A loss of another task becomes the one that fits what the bricks end in.
    """
    *parts, loss = text.split("*")
    if loss not in LOSSES or not 1 <= len(parts) <= _ROOM:
        return None
    bricks = pile.read("*".join(parts))
    if bricks is None or any(b.n_out > largest_size(b) for b in bricks):
        return None
    allowed = TASKS[task].losses
    stack = Stack(task, bricks, loss)
    if loss not in allowed:
        stack = replace(stack, loss=allowed[-1 if stack._last_kind() == TASKS[task].head else 0])
    return stack


def write(stack: Stack) -> str:
    """Write the bricks and the loss for a link."""
    return f"{pile.write(stack.bricks)}*{stack.loss}"


# -- what a hand does ------------------------------------------------------------------------------


def insert(stack: Stack, at: int, kind: str) -> Stack:
    """Put a new brick at a place, counted from 0, made to fit what is before it.

    A new Linear gives as many numbers as the brick behind it expects, if that is one.
    """
    shapes, _ = stack.check()
    before = shapes[min(at, len(shapes) - 1)]
    after = next((b for b in stack.bricks[at:] if KINDS[b.kind].family not in _UNCHANGED), None)
    wanted = after.n_in if after and after.kind in ("linear", "batch_norm") else 16
    made = {
        "linear": {"n_in": math.prod(before), "n_out": min(wanted, _NEURONS)},
        "conv": {"n_in": before[0] if len(before) > 1 else 1, "n_out": 4},
        "batch_norm": {"n_in": before[0]},
        "dropout": {"p": 0.5},
    }
    made["conv_1x1"] = made["conv"]
    brick = Brick(kind, **made.get(kind, {}))
    return replace(stack, bricks=(*stack.bricks[:at], brick, *stack.bricks[at:]))


def duplicate(stack: Stack, at: int) -> Stack:
    """Put another brick of the same sizes behind a brick."""
    return replace(stack, bricks=(*stack.bricks[: at + 1], *stack.bricks[at:]))


def remove(stack: Stack, at: int) -> Stack:
    """Take a brick out."""
    return replace(stack, bricks=(*stack.bricks[:at], *stack.bricks[at + 1 :]))


def move(stack: Stack, at: int, by: int) -> Stack:
    """Move a brick by some places."""
    rest = list(remove(stack, at).bricks)
    rest.insert(at + by, stack.bricks[at])
    return replace(stack, bricks=tuple(rest))


def resize(stack: Stack, at: int, **size: float) -> Stack:
    """Give a brick another size; the bricks behind it that did fit follow."""
    before, _ = stack.check()
    bricks = list(stack.bricks)
    bricks[at] = replace(bricks[at], **size)
    for _ in bricks:
        shapes, misfit = pile.joints(bricks, stack.shape)
        i = len(shapes) - 1
        did_fit = at < i < len(before) - 1
        if not misfit or not did_fit or misfit.reason not in ("linear_count", "channels", "norm_count"):
            break
        bricks[i] = _fitted(bricks[i], misfit)
    return replace(stack, bricks=tuple(bricks))


def _fitted(brick: Brick, misfit: Misfit) -> Brick:
    given = math.prod(misfit.given) if brick.kind == "linear" else misfit.given[0]
    return replace(brick, n_in=given)


# -- mending ---------------------------------------------------------------------------------------


def fix(stack: Stack) -> Stack:
    """Mend the first thing that does not fit, the way its message proposes; what fits stays as it is."""
    shapes, misfit = stack.check()
    if misfit is None:
        return stack
    at, reason = len(shapes) - 1, misfit.reason
    bricks = list(stack.bricks)
    if reason in ("linear_count", "channels", "norm_count"):
        bricks[at] = _fitted(bricks[at], misfit)
    elif reason == "linear_image":
        bricks[at] = _fitted(bricks[at], misfit)
        bricks.insert(at, Brick("flatten"))
    elif reason == "too_small":
        bricks.pop(at)
    elif reason == "needs_image":
        flatten = _flatten_before(bricks, at, shapes)
        brick = bricks.pop(at)
        if flatten is not None:
            bricks.insert(flatten, brick)
    elif reason == "not_probabilities":
        return replace(stack, loss=TASKS[stack.task].losses[0])
    elif reason == "target_image":
        bricks.insert(_before_head(bricks), Brick("flatten"))
    else:
        bricks = _end_in(bricks, TASKS[stack.task].n_outputs, shapes)
    return replace(stack, bricks=tuple(bricks) or (Brick("flatten"),))


def fixable_by_move(stack: Stack) -> bool:
    """Tell whether the brick that needs an image only has to go before a Flatten."""
    shapes, misfit = stack.check()
    moved = misfit and misfit.reason == "needs_image"
    return bool(moved and _flatten_before(stack.bricks, len(shapes) - 1, shapes) is not None)


def mend(stack: Stack) -> Stack:
    """Mend a stack until it fits."""
    while stack.check()[1]:
        stack = fix(stack)
    return stack


def _flatten_before(bricks: Sequence[Brick], at: int, shapes: Sequence[Shape]) -> int | None:
    """Return the place of the Flatten that took a brick's image from it, if nothing else has."""
    for i in range(at - 1, -1, -1):
        if bricks[i].kind == "flatten":
            if len(shapes[i]) > 1:
                return i
        elif KINDS[bricks[i].kind].family not in _UNCHANGED:
            return None
    return None


def _before_head(bricks: Sequence[Brick]) -> int:
    at = len(bricks)
    while at and bricks[at - 1].kind in HEADS:
        at -= 1
    return at


def _end_in(bricks: list[Brick], n_outputs: int, shapes: Sequence[Shape]) -> list[Brick]:
    """Let the last Linear give as many numbers as are wanted, or put one at the end if nothing can."""
    at = len(bricks) - 1
    while at >= 0 and (KINDS[bricks[at].kind].family in _UNCHANGED or bricks[at].kind == "batch_norm"):
        at -= 1
    if at >= 0 and bricks[at].kind == "linear" and len(shapes[at]) == 1:
        bricks[at] = replace(bricks[at], n_out=n_outputs)
    else:
        at = _before_head(bricks)
        bricks.insert(at, Brick("linear", math.prod(shapes[at]), n_outputs))
    return bricks


# -- remarks ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Remark:
    """What is doubtful about a stack that fits: its name, the brick, the stack without it, where to read."""

    name: str
    at: int
    mended: Stack
    page: str = ""


def remark(stack: Stack) -> Remark | None:
    """Return the first thing that is doubtful about a stack that fits, or nothing.

    In order of how much it spoils: probabilities made twice, a loss at a distance from its formula, layers
    that collapse into one, sigmoids in a row, dropped answers, and bricks without any effect.
    """
    bricks, task = stack.bricks, TASKS[stack.task]
    shapes, _ = stack.check()
    last = len(bricks) - 1

    def without(at: int) -> Stack:
        return remove(stack, at) if len(bricks) > 1 else stack

    def instead(kind: str, *places: int) -> Stack:
        changed = [Brick(kind) if i in places else brick for i, brick in enumerate(bricks)]
        return replace(stack, bricks=tuple(changed))

    kinds = [brick.kind for brick in bricks]
    about = "softmax" if task.head == "softmax" else "classification"
    if task.head and kinds[last] == task.head and stack.loss == task.losses[0]:
        return Remark("head_twice", last, without(last), about)
    softmax = [i for i, k in enumerate(kinds) if k == "softmax"]
    for i in softmax:
        if shapes[i][0] == 1:
            return Remark("softmax_of_one", i, instead("sigmoid", i), "softmax")
        if i != last or task.head != "softmax":
            return Remark("softmax_inside", i, instead("relu", i), "softmax")
    for i, (shape, kind) in enumerate(zip(shapes, kinds, strict=False)):
        if kind == "linear" and len(shape) > 1:
            return Remark("by_rows", i, insert(stack, i, "flatten"), "")
    weights = [i for i, k in enumerate(kinds) if KINDS[k].family == "weights"]
    for i, j in itertools.pairwise(weights):
        between = {KINDS[k].family for k in kinds[i + 1 : j]}
        if "bend" not in between and "max_pool" not in kinds[i + 1 : j] and len(bricks) < MOST:
            return Remark("collapse", j, insert(stack, j, "relu"), "linear_collapse")
    deep = [i for i, k in enumerate(kinds) if k == "sigmoid" and i != last]
    if len(deep) > 2:
        return Remark("sigmoids", deep[-1], instead("relu", *deep), "vanishing_gradients")
    if task.losses == ("mse",) and KINDS[kinds[last]].family == "bend" and kinds[last] != "leaky_relu":
        return Remark("bounded_end", last, without(last), "activations")
    if not task.head or kinds[last] != task.head:
        end = last
        while end > 0 and kinds[end] == "flatten":
            end -= 1
        if task.head and KINDS[kinds[end]].family == "bend":
            return Remark("bent_end", end, without(end), "softmax")
    dropped = [i for i, k in enumerate(kinds) if k == "dropout" and i > max(weights, default=-1)]
    if dropped:
        return Remark("dropped_end", dropped[0], without(dropped[0]), "")
    for i, kind in enumerate(kinds):
        useless = (kind == "flatten" and len(shapes[i]) == 1) or (
            i > 0 and kind == kinds[i - 1] and kind in ("relu", "flatten")
        )
        if useless or (kind == "dropout" and bricks[i].p == 0):
            return Remark("no_effect", i, without(i), "")
    if stack.loss in ("bce", "nll"):
        bare = replace(without(last), loss=task.losses[0])
        return Remark("head_and_loss", last, bare, about)
    return None
