"""The experiments of the page "Playground": a network of one's own, trained, recorded, and explained."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from explainer.nets.board import Board, Point, train_board, train_tasks
from explainer.nets.data import TOY_SETS
from explainer.nets.diagnosis import RATES, STEPS
from explainer.nets.features import FEATURES
from explainer.nets.points import Pasted, parse_points
from explainer.nets.task import ARMS, SURFACES, expected_seconds, prepare
from explainer.nets.training import every_frame, frame_steps

DATA = (*TOY_SETS, *ARMS, *SURFACES, "own")
FEATURES_OFFERED = tuple(FEATURES)
ACTIVATIONS_OFFERED = (
    "tanh", "relu", "sigmoid", "identity", "leaky_relu", "elu", "softplus", "softsign", "gelu", "silu",
    "heaviside",
)  # fmt: skip
SCHEMES_OFFERED = ("xavier", "he", "normal", "small", "zeros")
LOSSES_OFFERED = ("logloss", "squared")
OPTIMIZERS_OFFERED = ("sgd", "momentum", "adam", "lbfgs", "lm")
LEARNING_RATES, N_STEPS = RATES, STEPS
PENALTIES = (0.0, 1e-4, 1e-3, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
BATCHES = (0, 1, 5, 10, 20, 30, 100)
N_SEEDS = 8
QUICK = 0.5  # expected seconds of training in which nobody needs to be shown anything else
VIEW = (-6.0, 6.0)  # of both axes of the plane
N_PIXELS = 60  # along a side of it
GOAL = 0.95  # share of right answers at which a run has arrived

DEFAULTS: dict[str, object] = {
    "data": "spiral", "noise": 0.0, "train_share": 0.5, "n_samples": 500, "data_seed": 0, "own": (),
    "features": ("x1", "x2"), "standardise": True, "hidden": (12, 8), "activation": ("tanh",),
    "scheme": "xavier", "dropout": 0.0, "loss": "logloss", "optimizer": "adam", "learning_rate": 0.03,
    "batch_size": 0, "l1": 0.0, "l2": 1e-4, "n_steps": 400, "stop_loss": 0.0, "stop_accuracy": 0.0,
    "patience": 0, "seed": 0, "start": (),
}  # fmt: skip
# How TensorFlow Playground trains, unless told otherwise.
_TENSORFLOW = {
    "standardise": False, "loss": "squared", "optimizer": "sgd", "batch_size": 10, "n_steps": 2000, "l2": 0.0
}  # fmt: skip
# Settings that show something, beside the defaults.
PRESETS: dict[str, dict[str, object]] = {
    "tensorflow_circle": {"data": "circle", "hidden": (4, 2), **_TENSORFLOW},
    "tensorflow_spiral": {"features": tuple(FEATURES), "hidden": (8, 8), **_TENSORFLOW},
    "linear_cannot": {"data": "xor", "activation": ("identity",), "n_steps": 200},
    "sigmoid_deep": {
        "data": "circle", "hidden": (8,) * 6, "activation": ("sigmoid",), "optimizer": "momentum",
        "learning_rate": 0.1,
    },
    "relu_dead": {
        "data": "circle", "hidden": (8, 8), "activation": ("relu",), "optimizer": "sgd", "learning_rate": 3.0
    },
    "rate_too_large": {"learning_rate": 1000.0},
    "too_small": {"hidden": (2,)},
    "overfits": {
        "data": "moons", "noise": 0.4, "n_samples": 100, "hidden": (16, 16), "l2": 0.0, "n_steps": 500
    },
    "mixed_up": {"data": "gauss", "noise": 0.5, "hidden": (4,), "n_steps": 100},
    "not_done": {"n_steps": 100},
    "newton": {"optimizer": "lm", "l2": 0.0, "n_steps": 200},
    "three_classes": {"data": "arms3", "noise": 0.1},
    "surface": {"data": "regress_gauss", "hidden": (16, 8), "n_samples": 1000, "n_steps": 1000},
}  # fmt: skip
_AT_FIRST = DEFAULTS | {"activation": ("tanh", "tanh")}  # as the board has it: one a layer
KEPT = {
    "board": [_AT_FIRST],
    "why": [{"settings": _AT_FIRST}],
    "several": [{"settings": _AT_FIRST, "n_seeds": N_SEEDS}],
    "point": [{"settings": _AT_FIRST, "place": ()}],
    "shelf": [{"settings": _AT_FIRST, "pinned": _AT_FIRST}],
}

Own = tuple[tuple[float, float, float], ...]
Start = tuple[tuple[int, float], ...]
Tick = Callable[[float], None]
Settings = Mapping[str, object]  # those of `board`, all or some


def board(
    *,
    data: str = "spiral",
    noise: float = 0.0,
    train_share: float = 0.5,
    n_samples: int = 500,
    data_seed: int = 0,
    own: Own = (),
    features: tuple[str, ...] = ("x1", "x2"),
    standardise: bool = True,
    hidden: tuple[int, ...] = (12, 8),
    activation: tuple[str, ...] = ("tanh",),
    scheme: str = "xavier",
    dropout: float = 0.0,
    loss: str = "logloss",
    optimizer: str = "adam",
    learning_rate: float = 0.03,
    batch_size: int = 0,
    l1: float = 0.0,
    l2: float = 1e-4,
    n_steps: int = 400,
    stop_loss: float = 0.0,
    stop_accuracy: float = 0.0,
    patience: int = 0,
    seed: int = 0,
    start: Start = (),
    tick: Tick | None = None,
) -> Board:
    """Train a network on points of the plane, and keep the way: 60 frames of it.

    ``activation`` has one name a hidden layer, or fewer: what is missing is as the last one. ``start`` sets
    parameters by hand, (index, value) each, before training. ``batch_size`` 0 means all points at once;
    0 switches off a stop condition: a training loss, a test accuracy, so many steps without a lower
    test loss. ``tick`` is called at every step and may raise to end the run.
    """
    return RUNS.get({name: value for name, value in locals().items() if name != "tick"}, tick)


class Runs:
    """The latest runs: the movements of one visitor look at one and the same, which is trained once."""

    MOST = 64

    def __init__(self) -> None:
        self._runs: dict[tuple, Board] = {}

    def get(self, settings: Settings, tick: Tick | None) -> Board:
        """Return a run, trained now unless it is at hand."""
        run = self._runs.get(_key(settings))
        if run is None:
            run = train_board(dict(_key(settings)), tick=tick)
            self.remember(run)
        return run

    def remember(self, result: object) -> None:
        """Keep a trained run, wherever it was trained; no other result makes a difference."""
        if isinstance(result, Board) and result.settings["n_steps"]:
            self._runs.pop(_key(result.settings), None)
            self._runs[_key(result.settings)] = result
            for oldest in list(self._runs)[: -self.MOST]:
                self._runs.pop(oldest, None)

    def at_hand(self, arguments: Mapping[str, object]) -> bool:
        """Tell whether an experiment of this page has nothing to train that takes long."""
        asked = [arguments.get("settings", arguments), arguments.get("pinned", {"n_steps": 0})]
        long = [settings for settings in asked if (DEFAULTS | dict(settings))["n_steps"]]
        one = arguments.get("n_seeds", 1) == 1
        return not long or (one and all(_key(settings) in self._runs for settings in long))


def _key(settings: Settings) -> tuple:
    return tuple((DEFAULTS | dict(settings)).items())


RUNS = Runs()


def is_quick(*, settings: Settings = DEFAULTS) -> bool:
    """Tell whether a run is at hand, or trained so soon that its beginning need not be shown first."""
    return RUNS.at_hand(settings) or expected_seconds(DEFAULTS | dict(settings)) < QUICK


def why(*, settings: Settings = DEFAULTS, tick: Tick | None = None) -> Board:
    """Train with `settings` of `board`, and say by its ``findings`` why it went as it did."""
    return RUNS.get(settings, tick)


def point(*, settings: Settings = DEFAULTS, place: tuple[float, ...] = (), tick: Tick | None = None) -> Point:
    """Trace the data point nearest to a place (x, y) through the network; without a place the dearest one."""
    run = RUNS.get(settings, tick)
    if not len(run.X) + len(run.X_test):
        return run.place(0.0, 0.0)
    i, test = run.nearest(*place[:2]) if len(place) > 1 else run.dearest()
    return run.point(i, test=test)


Surface = tuple[np.ndarray, np.ndarray | None]


@dataclass(frozen=True, eq=False)
class Shelf:
    """A run beside one that was pinned ``before``.

    ``changed`` are the names of the settings that differ. ``surfaces`` are what both say over the plane,
    first ``before``, then ``now``: values (N_PIXELS, N_PIXELS), rows from above, from -1 to 1 (2 p - 1, or
    the answer; a target by the largest one), or the winning class with how sure it is, from 0 (all classes
    are alike) to 1. ``difference`` (N_PIXELS, N_PIXELS) is half the change of the values, or 1 where another
    class wins. ``agree`` is the share of the plane where both say the same class (targets within a tenth).
    """

    now: Board
    before: Board
    changed: tuple[str, ...]
    surfaces: tuple[Surface, Surface]
    difference: np.ndarray
    agree: float


def shelf(*, settings: Settings = DEFAULTS, pinned: Settings = DEFAULTS, tick: Tick | None = None) -> Shelf:
    """Train with both settings of `board`, and compare what they say over the plane."""
    now, before = (RUNS.get(one, tick) for one in (settings, pinned))
    changed = tuple(name for name, value in now.settings.items() if value != before.settings[name])
    surfaces = (_surface(before), _surface(now))
    (old, _), (new, _) = surfaces
    first, second = (
        values if run.problem == "many" else values > 0
        for (values, _), run in zip(surfaces, (before, now), strict=True)
    )  # fmt: skip
    signed = "many" not in (now.problem, before.problem)
    difference = (new - old) / 2 if signed else (first != second).astype(float)
    targets = now.problem == before.problem == "regression"
    same = np.abs(new - old) < 0.1 if targets else first == second
    return Shelf(now, before, changed, surfaces, difference, float(same.mean()))


def _surface(run: Board) -> Surface:
    """Return what a run says over the plane, as in `Shelf`."""
    centres = VIEW[0] + (VIEW[1] - VIEW[0]) * (np.arange(N_PIXELS) + 0.5) / N_PIXELS
    places = np.stack(np.meshgrid(centres, centres[::-1]), -1).reshape(-1, 2)
    y_hat = run.answers(places).reshape(N_PIXELS, N_PIXELS, -1)
    if run.problem == "many":
        # Answers of tanh are not shares: (1 + answer) / 2 comes near.
        share = y_hat.max(-1) if run.output == "softmax" else (1 + y_hat.max(-1)) / 2
        return y_hat.argmax(-1), np.clip((share * run.n_classes - 1) / (run.n_classes - 1), 0, 1)
    if run.output == "sigmoid":
        return 2 * y_hat[..., 0] - 1, None
    largest = np.abs(run.y).max(initial=0.0) if run.problem == "regression" else 1.0
    return np.clip(y_hat[..., 0] / (largest or 1.0), -1, 1), None


@functools.cache
def samples() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Draw points of every data set: places (n, 2) and classes (n,) int64, or targets (n,); no own ones."""
    drawn = {name: prepare(DEFAULTS | {"data": name, "n_samples": 80, "train_share": 1.0}) for name in DATA}
    return {name: (task.X.numpy(), task.y.numpy()) for name, task in drawn.items()}


def own_data(*, text: str | bytes = "") -> Pasted:
    """Read a table of points that somebody pasted; what is wrong in it is named, line by line."""
    return parse_points(text)


@dataclass(frozen=True, eq=False)
class Several:
    """Runs that differ by their seeds alone, one a column; each is the run of its seed, to rounding.

    ``steps`` (n_frames,); ``losses`` and ``accuracy`` (n_frames, n_seeds, 2), pairs are [train, test];
    ``final`` (n_seeds,) is the test accuracy at the end, ``reached`` (n_seeds,) the step of the first frame
    at which it was `GOAL`, or -1; ``ended`` is as in `Board`. A run that ended early stays as it was.
    """

    seeds: np.ndarray
    steps: np.ndarray
    losses: np.ndarray
    accuracy: np.ndarray
    final: np.ndarray
    reached: np.ndarray
    ended: tuple[str, ...]


def several(*, settings: Settings = DEFAULTS, n_seeds: int = N_SEEDS, tick: Tick | None = None) -> Several:
    """Train with ``n_seeds`` seeds, from the settings' own on, and all other `settings` of `board`."""
    given = DEFAULTS | dict(settings)
    seeds = int(given["seed"]) + np.arange(n_seeds)
    if n_seeds == 1:
        runs = [RUNS.get(given, tick)]
    else:
        runs = train_tasks([prepare(given | {"seed": int(seed)}) for seed in seeds], tick=tick)
    grid = every_frame(np.array(frame_steps(prepare(given).settings["n_steps"]) if given["n_steps"] else [0]))
    columns = []
    for run in runs:
        frame = np.searchsorted(run.steps, grid, side="right") - 1
        columns.append((run.losses[frame], run.accuracy[frame]))
    losses, accuracy = (np.stack(column, 1) for column in zip(*columns, strict=True))
    there = accuracy[..., 1] >= GOAL
    reached = np.where(there.any(0), grid[there.argmax(0)], -1)
    return Several(
        seeds, grid, losses, accuracy, accuracy[-1, :, 1], reached, tuple(run.ended for run in runs)
    )
