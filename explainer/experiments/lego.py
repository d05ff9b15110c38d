"""The experiments of the page "LEGO bricks": piles that fit or not, and what becomes of them."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from explainer.nets import bricks as pile
from explainer.nets import few as few_samples
from explainer.nets import lesson_script, lessons
from explainer.nets import stack as stacks
from explainer.nets.bench import Pile, lay
from explainer.nets.bricks import KINDS, Brick
from explainer.nets.masks import Masks, send
from explainer.nets.quiz import Quiz, fill
from explainer.nets.quiz import refuse_count as refuse_count  # what the text box asks
from explainer.nets.stack import MOST, Stack
from explainer.nets.stack import TASKS as _TASKS
from explainer.nets.tasks import sample as sample_of
from explainer.nets.training import History

TASKS = tuple(_TASKS)
BRICKS = tuple(f"brick_{kind}" for kind in KINDS)
RECIPES = ("perceptron", "multi_regression", "two_classes", "multi_class")
_OF = dict(zip(RECIPES, ("one_curve", "three_curves", "two_moons", "three_arms"), strict=True))
DEFAULT_TASK = "three_arms"
BYTES = 4  # of a float32
N_SEEDS = 8
STRENGTHS = {"p_fifth": 0.2, "p_half": 0.5, "p_most": 0.8}
FEW = ("few_digits", "few_points")
MODES = ("mode_eval", "mode_train")
KEPT = {
    "train_it": [{}],
    "overfit": [{"few": few, "strength": strength} for few in FEW for strength in STRENGTHS],
}
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
    def said(self) -> dict[str, object]:
        """Return the numbers of the moment; memory is that of the parameters, in units of 1,000 bytes."""
        n = self.pile.n_parameters
        numbers = {
            "bricks": len(self.pile.kinds),
            "n": n,
            "memory": BYTES * n / 1000,
            "numbers": self.pile.left,
        }
        return numbers | {"i": self.brick_at, "expected": self.expected, "given": self.given}


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
        place, expected, given = len(shapes), misfit.expected, pile.shape_text(misfit.given)
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
    return Workbench(lay(now), advice, place, expected, given, mending, page, moves)


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
    return Recipes(tuple(map(lay, made)), chosen, texts[chosen], _OF[recipe], linear)


@dataclass(frozen=True, eq=False)
class Trace:
    """One sample on its way: the pile as it was mended, its code, and the tensor at every joint.

    ``origin`` is "was_mended" if the stack had to be mended for that, else "fits_as_it_is".
    """

    pile: Pile
    code: str
    values: tuple[np.ndarray, ...]
    origin: str


def _fitting(task: str, stack: str) -> tuple[Stack, str]:
    """Return a stack that fits, and whether it had to be mended for that, as the name of its label."""
    given = stacks.read(stack, task)
    fits = stacks.mend(given)
    return fits, "fits_as_it_is" if fits == given else "was_mended"


def trace(
    *, task: str = DEFAULT_TASK, stack: str = DEFAULT, sample: int = 1, mode: str = "mode_eval"
) -> Trace:
    """Send sample number ``sample``, from 1, through the stack, fresh from torch's random weights."""
    fits, origin = _fitting(task, stack)
    values = lessons.trace(fits, sample - 1, training=mode == "mode_train")
    return Trace(lay(fits), pile.code(fits.bricks, fits.shape), tuple(values), origin)


@dataclass(frozen=True, eq=False)
class Learned:
    """What the stack has learned of its task.

    ``kind`` is "curves", "plane" or "images", ``X`` and ``y`` are what is drawn of the data: samples of a
    curve, points of a plane, or fresh digits (n_shown, 8, 8) with their classes. ``grid`` (n_grid,) are the
    places where curves are drawn. The rest is that of a `Lesson`; columns of ``table`` go into the play bar.
    """

    kind: str
    X: np.ndarray
    y: np.ndarray
    grid: np.ndarray
    views: tuple[object, ...]
    steps: np.ndarray
    losses: np.ndarray
    accuracy: np.ndarray
    ended: str
    loss: float
    n_parameters: int
    origin: str

    @property
    def table(self) -> dict[str, np.ndarray]:
        """Return the columns of the play bar: the loss and, if there are classes, the accuracy."""
        columns = {"lesson_loss": self.losses}
        return columns if self.kind == "curves" else columns | {"accuracy_column": self.accuracy}

    @property
    def said(self) -> dict[str, float]:
        """Return loss and accuracy, in %, on fresh samples at the end, and how it was reached."""
        accuracy = 0.0 if self.kind == "curves" else 100 * float(self.accuracy[1, -1])
        numbers = {"loss": self.loss, "fresh": float(self.losses[1, -1]), "accuracy": accuracy}
        return numbers | {"n": self.n_parameters, "steps": int(self.steps[-1])}


def train_it(
    *,
    task: str = DEFAULT_TASK,
    stack: str = DEFAULT,
    lg_rate: float = -2.0,
    seed: int = 0,
    tick: Callable[[float], None] | None = None,
) -> Learned:
    """Train the stack with Adam; ``lg_rate`` is lg of the learning rate, ``seed`` that of the weights."""
    fits, origin = _fitting(task, stack)
    lesson = lessons.learn(fits, learning_rate=10.0**lg_rate, seed=seed, tick=tick)
    kind = "images" if len(fits.shape) > 1 else "plane" if _TASKS[task].head else "curves"
    X, y = (part.numpy() for part in sample_of(fits.task, fresh=kind == "images"))
    if kind == "images":
        X, y = X[: lessons.N_SHOWN, 0], y[: lessons.N_SHOWN]
    return Learned(
        kind,
        X,
        y if kind == "curves" else y.reshape(-1).astype(int),
        lessons.grid().numpy()[:, 0],
        lesson.views,
        lesson.steps,
        lesson.losses,
        lesson.accuracy,
        lesson.ended,
        lesson.final_loss,
        fits.n_parameters,
        origin,
    )


def train_it_script(
    *, task: str = DEFAULT_TASK, stack: str = DEFAULT, lg_rate: float = -2.0, seed: int = 0
) -> str:
    """Write the training of `train_it` as a script that needs torch alone."""
    fits, _ = _fitting(task, stack)
    X, y = sample_of(task)
    return lesson_script.script(fits, X, y, learning_rate=10.0**lg_rate, seed=seed, n_steps=lessons.N_STEPS)


def dropout(
    *,
    p_given: float = 0.5,
    reading: str = "p_drops",
    batch_no: int = 1,
    layer_mode: str = "layer_trains",
    stretched: str = "stretch",
) -> Masks:
    """Send batches of one layer's outputs through Dropout, up to number ``batch_no``.

    ``p_given`` "p_drops" as in PyTorch, or "p_keeps" as in the paper. Without the ``stretch`` the
    survivors are not divided by 1 - p.
    """
    drop = p_given if reading == "p_drops" else round(1 - p_given, 10)
    return send(drop, batch_no, training=layer_mode == "layer_trains", stretch=stretched == "stretch")


@dataclass(frozen=True, eq=False)
class Overfit:
    """Runs without Dropout and with it: ``losses`` and ``accuracy`` (2, n_seeds, n_frames) on fresh samples.

    ``learned`` (2, n_seeds) is the loss of the samples that they learn from, at the end.
    """

    steps: np.ndarray
    losses: np.ndarray
    accuracy: np.ndarray
    learned: np.ndarray

    @property
    def said(self) -> dict[str, float]:
        """Return medians at the end, without and with, and in how many runs Dropout has won."""
        loss, right = self.losses[:, :, -1], 100 * self.accuracy[:, :, -1]
        return {
            "loss_0": float(np.median(loss[0])),
            "loss_1": float(np.median(loss[1])),
            "right_0": float(np.median(right[0])),
            "right_1": float(np.median(right[1])),
            "won_loss": int((loss[1] < loss[0]).sum()),
            "won": int((right[1] > right[0]).sum()),
            "runs": right.shape[1],
        }


@functools.cache
def _plain(few: str, n_seeds: int) -> History:
    """Return the runs without Dropout, which those of every strength are compared with."""
    return few_samples.learn(few, 0.0, range(n_seeds))


def overfit(
    *,
    few: str = "few_digits",
    strength: str = "p_half",
    tick: Callable[[float], None] | None = None,
) -> Overfit:
    """Train a net that is too large for its few samples, without and with Dropout, over `N_SEEDS` seeds."""
    dropped = few_samples.learn(few, STRENGTHS[strength], range(N_SEEDS), tick=tick)
    runs = (_plain(few, N_SEEDS), dropped)
    fresh = np.stack([torch.stack(run.watched).numpy() for run in runs])  # (2, n_frames, 2, n_seeds)
    losses, accuracy = np.moveaxis(fresh, (2, 3), (0, 2))
    return Overfit(runs[0].steps, losses, accuracy, np.stack([run.losses[-1] for run in runs]))


BLANKS_IN = {"in_40": 40, "in_1600": 1600, "in_4800": 4800}
BLANKS_OUT = {"out_1": 1, "out_2": 2, "out_10": 10, "out_50": 50}


def quiz(*, blank_in: str = "in_40", blank_out: str = "out_50") -> Quiz:
    """Put numbers into the blanks of the quiz's network and judge it."""
    return fill(BLANKS_IN[blank_in], BLANKS_OUT[blank_out])
