"""The experiments of the page "LEGO bricks": piles that fit or not, and what becomes of them."""

from dataclasses import dataclass

import numpy as np

from explainer.nets import bricks as pile
from explainer.nets import stack as stacks
from explainer.nets.bricks import KINDS, Brick
from explainer.nets.stack import MOST, Stack
from explainer.nets.stack import TASKS as _TASKS

TASKS = tuple(_TASKS)
BRICKS = tuple(f"brick_{kind}" for kind in KINDS)
RECIPES = ("perceptron", "multi_regression", "two_classes", "multi_class")
_OF = dict(zip(RECIPES, ("one_curve", "three_curves", "two_moons", "three_arms"), strict=True))
DEFAULT_TASK = "three_arms"
BYTES = 4  # of a float32
N_SHOWN = 6  # neurons of a layer in the picture
Settings = dict[str, object]  # values of controls of the page, by name


def recipe_bricks(*, recipe: str = "multi_class", hidden: int = 16, dropped: float = 0.2) -> str:
    """Write the slides' pile for the link: FC, ReLU, Dropout, FC, ReLU, FC, and the head of the recipe."""
    task = _TASKS[_OF[recipe]]
    (n,) = task.shape
    body = [Brick("linear", n, hidden), Brick("relu"), Brick("dropout", p=dropped)]
    body += [Brick("linear", hidden, hidden), Brick("relu"), Brick("linear", hidden, task.n_outputs)]
    head = [Brick(task.head)] if task.head else []
    return stacks.write(Stack(_OF[recipe], (*body, *head), task.losses[-1]))


DEFAULT = recipe_bricks()


def is_stack(*, text: str = DEFAULT) -> bool:
    """Tell whether a text, be it from a link, is a stack at all; it need not fit."""
    return stacks.read(text, DEFAULT_TASK) is not None


# Experiments that one press sets up: the movement and its settings.
TRY = {
    "try_image": ("bricks", {"task": "digit_images", "stack": DEFAULT, "brick": 1}),
    "try_twice": ("bricks", {"task": "three_arms", "stack": DEFAULT.replace("nll", "cross_entropy")}),
    "try_collapse": (
        "bricks",
        {"task": "three_arms", "stack": "linear-2-16*linear-16-16*linear-16-3*cross_entropy", "brick": 2},
    ),
}


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


def shape_text(shape: tuple[int, ...]) -> str:
    """Write a shape: 64, or 1×8×8."""
    return "×".join(map(str, shape))


def _pile(stack: Stack) -> Pile:
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
        np.array([pile.n_parameters(brick) for brick in stack.bricks]),
        (*map(shape_text, shapes), *[""] * missing),
        np.array([*(int(np.prod(shape)) for shape in shapes), *[0] * missing]),
        np.array([*(shape[0] for shape in shapes), *[0] * missing]),
        np.array([*(len(shape) > 1 for shape in shapes), *[False] * missing]),
        dropped,
        len(shapes) - 1 if misfit else -1,
    )


@dataclass(frozen=True, eq=False)
class Workbench:
    """A stack on the bench, what to say about it, and what each button would make of it.

    ``advice`` names what does not fit ("misfit_…") or is doubtful ("remark_…"), or is "all_fits";
    ``brick_at`` is its brick, counted from 1, ``expected`` and ``given`` belong to a misfit, ``mended`` are
    the settings of the page that mend it, if any do, ``page`` is where to read about it. ``moves`` are the
    settings that the buttons make, by their names, or nothing for an idle one.
    """

    pile: Pile
    advice: str
    brick_at: int
    expected: int
    given: str
    mended: Settings | None
    page: str
    moves: dict[str, Settings | None]

    @property
    def kilobytes(self) -> float:
        """Return how much memory the parameters take, in units of 1,000 bytes."""
        return BYTES * self.pile.n_parameters / 1000


def bricks(
    *, task: str = DEFAULT_TASK, stack: str = DEFAULT, brick: int = 1, kind: str = "brick_relu"
) -> Workbench:
    """Judge a stack, and say what a hand can do with its brick number ``brick``, counted from 1."""
    now = stacks.read(stack, task)
    shapes, misfit = now.check()
    n, at = len(now.bricks), min(brick, len(now.bricks)) - 1
    advice, place, expected, given, mended, page = "all_fits", 0, 0, "", now, ""
    if misfit:
        moved = misfit.reason == "needs_image" and stacks.fixable_by_move(now)
        advice = f"misfit_{'move_flatten' if moved else misfit.reason}"
        place, expected, given = len(shapes), misfit.expected, shape_text(misfit.given)
        mended = stacks.fix(now)
    elif remark := stacks.remark(now):
        advice, place, page, mended = f"remark_{remark.name}", remark.at + 1, remark.page, remark.mended

    def settings(changed: Stack, chosen: int) -> Settings:
        return {"stack": stacks.write(changed), "brick": min(chosen, len(changed.bricks) - 1) + 1}

    full, last = n >= MOST, at == n - 1
    moves = {
        "add_brick": None
        if full
        else settings(stacks.insert(now, at + 1, kind.removeprefix("brick_")), at + 1),
        "copy_brick": None if full else settings(stacks.duplicate(now, at), at + 1),
        "remove_brick": None if n == 1 else settings(stacks.remove(now, at), at),
        "brick_up": None if at == 0 else settings(stacks.move(now, at, -1), at - 1),
        "brick_down": None if last else settings(stacks.move(now, at, 1), at + 1),
    }
    mending = None if mended == now else settings(mended, at)
    return Workbench(_pile(now), advice, place, expected, given, mending, page, moves)


def size(
    *, task: str = DEFAULT_TASK, stack: str = DEFAULT, brick: int = 1
) -> tuple[str, float, float, float, float] | None:
    """Return what a hand can change of a brick: label, least, largest, value and step; or nothing."""
    there = stacks.read(stack, task).bricks
    chosen = there[min(brick, len(there)) - 1]
    if KINDS[chosen.kind].family == "weights":
        label = "neurons_out" if chosen.kind == "linear" else "channels_out"
        return label, 1, stacks.largest_size(chosen), chosen.n_out, 1
    return ("p_drop", 0.0, 0.9, chosen.p, 0.1) if chosen.kind == "dropout" else None


def resize(
    *, task: str = DEFAULT_TASK, stack: str = DEFAULT, brick: int = 1, value: float | None = None
) -> str:
    """Give a brick the size that its slider shows, if it has one; bricks behind it that did fit follow."""
    if value is None:
        return stack
    now = stacks.read(stack, task)
    size = {"p": float(value)} if now.bricks[brick - 1].kind == "dropout" else {"n_out": int(value)}
    return stacks.write(stacks.resize(now, brick - 1, **size))


@dataclass(frozen=True, eq=False)
class Recipes:
    """The slides' four piles; of the chosen one its place, text, task, and the counts of its Linear bricks.

    ``counts`` are (n_in, n_out) of every Linear: it learns (n_in + 1) n_out numbers.
    """

    piles: tuple[Pile, ...]
    chosen: int
    text: str
    task: str
    counts: tuple[tuple[int, int], ...]

    @property
    def settings(self) -> Settings:
        """Return the settings of the page that put the chosen pile on the bench."""
        return {"task": self.task, "stack": self.text, "brick": 1}

    @property
    def formula(self) -> str:
        """Write the count of the chosen pile with its numbers."""
        terms = " + ".join(rf"({n} + 1) \cdot {m}" for n, m in self.counts)
        values = " + ".join(str((n + 1) * m) for n, m in self.counts)
        return f"{terms} = {values} = {self.piles[self.chosen].n_parameters}"


def recipes(*, recipe: str = "multi_class", hidden: int = 16, dropped: float = 0.2) -> Recipes:
    """Lay the four recipes side by side, their hidden layers ``hidden`` neurons wide."""
    texts = [recipe_bricks(recipe=name, hidden=hidden, dropped=dropped) for name in RECIPES]
    made = [stacks.read(text, _OF[name]) for name, text in zip(RECIPES, texts, strict=True)]
    chosen = RECIPES.index(recipe)
    linear = tuple((b.n_in, b.n_out) for b in made[chosen].bricks if b.kind == "linear")
    return Recipes(tuple(map(_pile, made)), chosen, texts[chosen], _OF[recipe], linear)
