"""The experiments of the page "A first network in PyTorch": the five lines, their mistakes, real digits."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from explainer.nets import debugger, mistakes, notebook
from explainer.nets import digits as data
from explainer.nets.debugger import BATCH, FEEDS, N_FEW, Debugger
from explainer.nets.loop import FIVE, LINES
from explainer.nets.mistakes import MISTAKES, Recipe, Run
from explainer.nets.training import N_FRAMES, every_frame, train_module

MOST_PRESSES = 120
N_BROKEN_STEPS = 200
# The quiz of the sister course (FUlyankin/deep_learning_pytorch, quiz 1, task 2, MIT) gives these four lines.
QUIZ = ("forward", "loss", "zero_grad", "step")
QUIZ_LINES = {name: LINES[name] for name in sorted(FIVE)}
MOST_LINES = 8
TWICE = ("forward", "loss", "backward", "backward")
FULL = "f" * 256  # a drawing without a white spot
FITTINGS = ("fitted", "as_drawn")
CODE = {feed: {name: LINES[name] for name in names} for feed, names in FEEDS.items()}
# What one press of a button runs beside single lines, by the name of its label.
WAYS = {
    "one_batch": {"whole_step": FEEDS["one_batch"], "ten_steps": 10 * FEEDS["one_batch"]},
    "epoch_of_batches": {
        "whole_step": FEEDS["epoch_of_batches"],
        "whole_epoch": N_FEW // BATCH * FEEDS["epoch_of_batches"],
    },
}
KEPT = {
    "break_it": [{"broken_by": mistake, "broken_seed": 0} for mistake in MISTAKES],
    "digits": [
        {"digits_rate": rate, "digits_width": "digits_64", "digits_seed": 0}
        for rate in ("rate_01", "rate_1", "rate_001")
    ],
}


def five_lines(
    *, program: tuple[str, ...] = (), lines_feed: str = "one_batch", line_speed: float = 1.0
) -> Debugger:
    """Execute the lines of ``program`` from the start; ``line_speed`` is the learning rate."""
    return debugger.execute(program, feed=lines_feed, learning_rate=line_speed)


# -- break it --------------------------------------------------------------------------------------

Pair = tuple[tuple[np.ndarray, np.ndarray], ...]  # steps and values of the healthy and of another run


def _pair(*runs: Run) -> Pair:
    return tuple((run.steps, run.losses) for run in runs)


def _said(healthy: Run, run: Run) -> dict[str, float]:
    least = float(min(run.losses.min(), 9.0))
    said = {"healthy_right": 100 * float(healthy.accuracy[-1]), "right": 100 * float(run.accuracy[-1])}
    return said | {"healthy": float(healthy.losses[-1]), "loss": float(run.losses[-1]), "least": least}


@dataclass(frozen=True, eq=False)
class Broken:
    """A healthy training and one with a mistake; ``listing`` are its lines, each right, wrong or missing."""

    healthy: Run
    broken: Run
    listing: tuple[tuple[str, str], ...]

    @property
    def losses(self) -> Pair:
        """Return steps and losses of both runs."""
        return _pair(self.healthy, self.broken)

    @property
    def accuracies(self) -> Pair:
        """Return steps and accuracies of both runs."""
        return tuple((run.steps, run.accuracy) for run in (self.healthy, self.broken))

    @property
    def numbers(self) -> dict[str, float]:
        """Return what is said of both runs: accuracies in per cent and the largest change of a weight."""
        return _said(self.healthy, self.broken) | {"moved": self.broken.moved}


@functools.cache
def _healthy(seed: int, drop: float) -> Run:
    """Return the run without a mistake, which every run with one is compared with."""
    return mistakes.train(Recipe(), seed, n_steps=N_BROKEN_STEPS, drop=drop)


def break_it(
    *, broken_by: str = "no_zero_grad", broken_seed: int = 0, tick: Callable[[float], None] | None = None
) -> Broken:
    """Train with and without one of the `MISTAKES`, from the same weights and with the same batches."""
    recipe = MISTAKES[broken_by]
    broken = mistakes.train(recipe, broken_seed, n_steps=N_BROKEN_STEPS, tick=tick)
    return Broken(_healthy(broken_seed, mistakes.DROP), broken, tuple(mistakes.listing(recipe)))


@dataclass(frozen=True, eq=False)
class Repair:
    """The course's quiz: the lines as they were arranged, run beside the healthy ones.

    ``verdict`` is "repaired" (the run is the healthy one, number by number), "still" (no weight has moved),
    "piling" (weights move by gradients that nobody clears), "otherwise" (it trains, but not as the healthy
    one) or the kind of the line that could not run, in step ``failed_at``.
    """

    healthy: Run
    run: Run
    verdict: str
    failed_at: int

    @property
    def losses(self) -> Pair:
        """Return steps and losses of both runs."""
        return _pair(self.healthy, self.run)

    @property
    def numbers(self) -> dict[str, float]:
        """Return what is said of the run."""
        return _said(self.healthy, self.run) | {"step": self.failed_at}


def repair(*, arranged: tuple[str, ...] = QUIZ) -> Repair:
    """Run the arranged lines for every mini-batch, 200 times, and compare with the healthy run."""
    healthy = _healthy(0, 0.0)
    run = mistakes.train(Recipe(("fetch", *arranged)), 0, n_steps=N_BROKEN_STEPS, drop=0.0)
    if run.mishap:
        verdict = run.mishap
    elif run.moved == 0:
        verdict = "still"
    elif np.array_equal(run.losses, healthy.losses):
        verdict = "repaired"
    else:
        verdict = "otherwise" if "zero_grad" in arranged else "piling"
    return Repair(healthy, run, verdict, int(run.steps[-1]) + 1)


# -- real data -------------------------------------------------------------------------------------

RATES = {"rate_001": 0.001, "rate_01": 0.01, "rate_1": 0.1, "digits_rate_1": 1.0}
WIDTHS = {"digits_4": 4, "digits_16": 16, "digits_64": 64}
# The settings of `digits`: the network that is trained there reads drawings and is taken home.
TRAINED = {"digits_rate": "rate_01", "digits_width": "digits_64", "digits_seed": 0}
N_STEPS, BATCH_SIZE = 300, 64
N_SHEETS = 20
N_WORST = 8


@dataclass(frozen=True, eq=False)
class Digits:
    """How a network learns 1,438 digits and fares on 359 others.

    ``steps`` (n_frames,) are the steps of the frames; ``losses`` and ``accuracy`` (2, n_frames) are those on
    the training and on the test pictures. ``confusion`` (n_frames, 10, 10) counts test pictures by truth, a
    row, and answer. ``weights`` (n_sheets, width, 8, 8) are the first layer's, at every third frame, the last
    included. The ``worst`` pictures (n_worst, 8, 8) are the test pictures with the largest loss, dearest
    first, with their ``truth``, the ``answer`` and its probability ``p``. ``network`` (n_parameters,) is what
    was learned, ``settings`` are those of the training, to be said.
    """

    steps: np.ndarray
    losses: np.ndarray
    accuracy: np.ndarray
    confusion: np.ndarray
    weights: np.ndarray
    worst: np.ndarray
    truth: np.ndarray
    answer: np.ndarray
    p: np.ndarray
    network: np.ndarray
    settings: dict[str, int | str]

    @property
    def numbers(self) -> dict[str, float | int | str]:
        """Return what is said: settings, loss, share (in per cent too) and number of answers of the test."""
        wrong = int(self.confusion[-1].sum() - self.confusion[-1].trace())
        said = {"loss": float(self.losses[1, -1]), "accuracy": 100 * float(self.accuracy[1, -1])}
        return (
            self.settings | said | {"wrong": wrong, "n": len(self.network), "share": said["accuracy"] / 100}
        )

    @property
    def verdict(self) -> str:
        """Tell how it went: "learned" (95 % right or more), "weak" or "lost" (hardly better than a guess)."""
        test = self.accuracy[1, -1]
        if test < 0.5:
            return "lost"
        return "weak" if test < 0.95 else "learned"


def digits(
    *,
    digits_rate: str = "rate_01",
    digits_width: str = "digits_64",
    digits_seed: int = 0,
    tick: Callable[[float], None] | None = None,
) -> Digits:
    """Train 64 -> width -> 10 by Adam, mini-batches of 64; ``digits_seed`` is for split, weights, order."""
    images, y = data.load()
    X = images.flatten(1)
    rows, test = data.split(y, seed=digits_seed)
    model = data.make_network(WIDTHS[digits_width], digits_seed)
    history = train_module(
        model,
        X[rows],
        y[rows],
        optimizer="adam",
        loss="cross_entropy",
        learning_rate=RATES[digits_rate],
        batch_size=BATCH_SIZE,
        batch_seed=digits_seed,
        n_steps=N_STEPS,
        seconds=60,
        tick=tick,
        watch=lambda model: (model(X), model[0].weight.clone()),
    )
    logits, weights = (every_frame(torch.stack(seen)) for seen in zip(*history.watched, strict=True))
    price = nn.functional.cross_entropy(logits.flatten(0, 1), y.repeat(N_FRAMES), reduction="none")
    price, answers = price.reshape(N_FRAMES, -1), logits.argmax(-1)
    right = (answers == y).double()
    pairs = y[test] * 10 + answers[:, test] + 100 * torch.arange(N_FRAMES)[:, None]
    worst = test[price[-1, test].argsort(descending=True)[:N_WORST]]
    p = logits[-1, worst].softmax(-1)
    return Digits(
        every_frame(history.steps),
        torch.stack([price[:, part].mean(1) for part in (rows, test)]).numpy(),
        torch.stack([right[:, part].mean(1) for part in (rows, test)]).numpy(),
        torch.bincount(pairs.ravel(), minlength=100 * N_FRAMES).reshape(N_FRAMES, 10, 10).numpy(),
        weights[N_FRAMES // N_SHEETS - 1 :: N_FRAMES // N_SHEETS].unflatten(2, (8, 8)).numpy(),
        images[worst].numpy(),
        y[worst].numpy(),
        answers[-1, worst].numpy(),
        p.gather(1, answers[-1, worst][:, None])[:, 0].numpy(),
        parameters_to_vector(model.parameters()).detach().numpy(),
        {"width": WIDTHS[digits_width], "rate": f"{RATES[digits_rate]:g}", "seed": digits_seed},
    )


# -- your own digit --------------------------------------------------------------------------------

UNSURE = 0.7  # a probability below it is called so


@dataclass(frozen=True, eq=False)
class Drawn:
    """What the network of `digits` answers to a drawing.

    ``seen`` (8, 8) is what it is given, ``probabilities`` are (10,). ``nearest`` (8, 8) is the most similar
    of the 1,797 pictures, ``distance`` how far it is, ``usual`` the distance below which 99.9 % of the
    pictures have their own nearest. ``verdict`` is "empty", "heavy" (more ink than in any picture), "strange"
    (farther than usual), "unsure" (a probability below `UNSURE`), "torn" (the most similar picture is another
    digit) or "sure".
    """

    seen: np.ndarray
    probabilities: np.ndarray
    nearest: np.ndarray
    nearest_label: int
    distance: float
    usual: float
    verdict: str

    @property
    def pair(self) -> tuple[np.ndarray, np.ndarray, int]:
        """Return what the network is given, and the most similar picture with its label."""
        return self.seen, self.nearest, self.nearest_label

    @property
    def numbers(self) -> dict[str, float | int]:
        """Return what is said: answer, probability in per cent, distances, label of the nearest picture."""
        said = {"answer": int(self.probabilities.argmax()), "p": 100 * float(self.probabilities.max())}
        return said | {"distance": self.distance, "usual": self.usual, "label": self.nearest_label}


@functools.cache
def _usual() -> tuple[float, float]:
    """Return the distance that 99.9 % of the pictures keep from the nearest other one, and the most ink."""
    X = data.load()[0].flatten(1)
    distance = torch.cdist(X, X).fill_diagonal_(torch.inf).amin(1)
    return float(distance.quantile(0.999)), float(X.mean(1).max())


@functools.cache
def _first() -> np.ndarray:
    """Return the network of `digits` at its first settings."""
    return digits().network


def draw(*, sketch: str = "", fitting: str = "fitted", network: np.ndarray | None = None) -> Drawn:
    """Let a ``network`` of `digits` read a bitmap, "fitted" into its sheet like the data, or "as_drawn".

    Without one it is that of the first settings.
    """
    learned = _first() if network is None else network
    model = data.make_network((len(learned) - data.N_CLASSES) // (data.SIDE**2 + 1 + data.N_CLASSES), 0)
    vector_to_parameters(torch.from_numpy(learned), model.parameters())
    images, labels = data.load()
    bitmap = data.read_bitmap(sketch)
    seen = data.blocks(data.fit(bitmap) if fitting == "fitted" else bitmap)
    x = torch.from_numpy(seen).float().reshape(1, -1)
    with torch.no_grad():
        p = model(x).softmax(-1)[0]
    distances = (images.flatten(1) - x).norm(dim=1)
    nearest, (usual, most) = int(distances.argmin()), _usual()
    distance = float(distances[nearest])
    if not bitmap.any():
        verdict = "empty"
    elif seen.mean() > most:
        verdict = "heavy"
    elif distance > usual:
        verdict = "strange"
    elif p.max() < UNSURE:
        verdict = "unsure"
    else:
        verdict = "sure" if labels[nearest] == p.argmax() else "torn"
    near = (images[nearest].numpy(), int(labels[nearest]))
    return Drawn(seen, p.numpy(), *near, distance, usual, verdict)


# -- take it home ----------------------------------------------------------------------------------

CELLS = ("data", "model", "loop", "test")


@dataclass(frozen=True, eq=False)
class TakeHome:
    """A training as a script and as a notebook."""

    script: str
    notebook: str


def take_home(
    *,
    words: tuple[str, ...] = ("",) * len(CELLS),
    digits_rate: str = "rate_01",
    digits_width: str = "digits_64",
    digits_seed: int = 0,
) -> TakeHome:
    """Write the training of `digits` with these settings; ``words`` stand above its four parts."""
    sizes = {"width": WIDTHS[digits_width], "seed": digits_seed, "learning_rate": RATES[digits_rate]}
    cells = notebook.cells(words, **sizes, batch_size=BATCH_SIZE, n_steps=N_STEPS)
    return TakeHome(notebook.script(cells), notebook.notebook(cells))


def digits_script(
    *, digits_rate: str = "rate_01", digits_width: str = "digits_64", digits_seed: int = 0
) -> str:
    """Write the training of `digits` as a script that needs torch and scikit-learn alone."""
    settings = {"digits_rate": digits_rate, "digits_width": digits_width, "digits_seed": digits_seed}
    return take_home(words=CELLS, **settings).script
