"""A run with all that one wants to see of it: frames of a network, its losses, why it went that way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from explainer.nets import export, neighbours
from explainer.nets.activations import ACTIVATIONS
from explainer.nets.diagnosis import Finding, Record, findings
from explainer.nets.features import features
from explainer.nets.gradients import idle_by_layer, weight_gradient_norms
from explainer.nets.task import Task, learn_together, prepare, way
from explainer.nets.training import History, every_frame

Tick = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Point:
    """A point's way through the trained network, and its price.

    ``x`` (2,) are its coordinates, ``features`` (n_features,) what is computed of them, ``inputs`` the same
    on the common scale. ``sums`` and ``outputs`` are z and f(z) of every layer, (n_out,) each; the last
    outputs are probabilities, or the answer itself. ``truth`` is its class or target, ``answer`` what the
    network says. ``price`` is what the point costs, ``prices`` (n_frames,) the same at the ``steps`` of all
    frames, ``y_hats`` (n_frames, n_outputs) are the last outputs. Of a place without a truth, truth and
    prices are not numbers. ``index`` is its number among the training or the ``test`` points, -1 of a place.
    The rest is the network's: ``weights`` (n_out, n_in) and ``biases`` (n_out,) of every layer, and words
    of `Board`.
    """

    index: int
    test: bool
    x: np.ndarray
    features: np.ndarray
    inputs: np.ndarray
    sums: tuple[np.ndarray, ...]
    outputs: tuple[np.ndarray, ...]
    truth: float
    answer: float
    price: float
    steps: np.ndarray
    prices: np.ndarray
    y_hats: np.ndarray
    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]
    problem: str
    loss: str
    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    output: str


@dataclass(frozen=True, eq=False)
class Board:
    """A run with all that is shown of it. Pairs are [train, test]; there are always `N_FRAMES` frames.

    ``settings`` are as asked, ``adjusted`` names what was changed of them. ``problem`` is ``two``, ``many``
    (classes) or ``regression``. ``X`` (n, 2) are points, ``y`` their classes (n,) int64, or float64 targets;
    ``features``, ``mean`` and ``scale`` (n_features,) say what the input neurons are given. The network has
    layers of ``sizes``, ``activations`` one a hidden layer, and ``output`` behind the last.

    ``parameters`` (n_frames, n_parameters) are float32, layer by layer weight (n_out, n_in) row by row, then
    bias; ``steps`` (n_frames,); ``losses`` and ``accuracy`` (n_frames, 2), in a regression R squared;
    ``gradients`` (n_frames, n_layers) the norms of the training loss's gradient by each layer's weights;
    ``confusion`` (n_frames, n_classes, n_classes) counts test points, a row a true class. ``wrong`` and
    ``wrong_test`` (n,) mark the misclassified at the end. ``ended`` is ``done``, ``diverged``,
    ``loss_reached``, ``accuracy_reached``, ``no_better``, ``stuck``, ``budget`` or ``no_points``.
    """

    settings: dict[str, object]
    adjusted: tuple[str, ...]
    problem: str
    n_classes: int
    X: np.ndarray
    y: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    features: tuple[str, ...]
    mean: np.ndarray
    scale: np.ndarray
    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    output: str
    loss: str
    optimizer: str
    parameters: np.ndarray
    steps: np.ndarray
    losses: np.ndarray
    accuracy: np.ndarray
    gradients: np.ndarray
    confusion: np.ndarray
    wrong: np.ndarray
    wrong_test: np.ndarray
    ended: str
    n_steps: int
    n_parameters: int
    findings: tuple[Finding, ...]

    @property
    def first_loss(self) -> float:
        """Return the training loss at the start."""
        return float(self.losses[0, 0])

    @property
    def final_loss(self) -> float:
        """Return the training loss at the end."""
        return float(self.losses[-1, 0])

    def nearest(self, x: float, y: float) -> tuple[int, bool]:
        """Return the number of the data point nearest to a place, and whether it is a test point."""
        squares = [np.square(X - (x, y)).sum(1) for X in (self.X, self.X_test)]
        test = squares[1].min(initial=np.inf) < squares[0].min(initial=np.inf)
        return int(squares[1 if test else 0].argmin()), bool(test)

    def dearest(self) -> tuple[int, bool]:
        """Return the number of the point that costs most at the end, of the test points if there are any."""
        task, test = prepare(self.settings), len(self.X_test) > 0
        X, y = (task.X_test, task.y_test) if test else (task.X, task.y)
        y_hat = task.net.predict(torch.from_numpy(self.parameters[-1:]).double(), task.inputs(X))
        prices = [float(task.loss(y_hat[:, i : i + 1], y[i : i + 1])) for i in range(len(y))]
        return int(np.argmax(prices)), test

    def point(self, i: int, *, test: bool = False) -> Point:
        """Trace a data point through the network."""
        X, y = (self.X_test, self.y_test) if test else (self.X, self.y)
        return self._trace(X[i], float(y[i]), i, test)

    def place(self, x: float, y: float) -> Point:
        """Trace a place of the plane through the network."""
        return self._trace(np.array([x, y], float), float("nan"), -1, False)

    def _trace(self, x: np.ndarray, truth: float, index: int, test: bool) -> Point:
        task, rows = prepare(self.settings), torch.from_numpy(self.parameters).double()
        X = torch.from_numpy(x)[None]
        inputs = task.inputs(X)
        sums = task.net.sums(rows, inputs)
        y_hat = task.net.output.function(sums[-1])
        hidden = [ACTIVATIONS[f].function(z) for f, z in zip(self.activations, sums, strict=False)]
        last = task.probabilities(y_hat)
        prices = np.full(len(rows), np.nan)
        if truth == truth:
            prices = task.loss(y_hat, torch.tensor([truth], dtype=torch.float64).to(task.y.dtype)).numpy()
        layers = task.net.layers(rows[-1:])
        return Point(
            index,
            test,
            x,
            features(self.features, X)[0].numpy(),
            inputs[0].numpy(),
            tuple(z[-1, 0].numpy() for z in sums),
            tuple(h[-1, 0].numpy() for h in (*hidden, last)),
            truth,
            float(task.answers(y_hat)[-1, 0]),
            float(prices[-1]),
            self.steps,
            prices,
            last[:, 0].numpy(),
            tuple(weight[0].numpy() for weight, _ in layers),
            tuple(bias[0, 0].numpy() for _, bias in layers),
            self.problem,
            self.loss,
            self.sizes,
            self.activations,
            self.output,
        )

    def answers(self, X: np.ndarray) -> np.ndarray:
        """Return what the trained network says of places X (n, 2): (n, n_outputs), as `Point.y_hats`."""
        task, row = prepare(self.settings), torch.from_numpy(self.parameters[-1:]).double()
        return task.probabilities(task.net.predict(row, task.inputs(torch.from_numpy(X))))[0].numpy()

    def script(self) -> str:
        """Write the run as a script that needs torch alone; it prints the same final loss."""
        task = prepare(self.settings)
        s = task.settings
        return export.script(
            f"A network of layers {self.sizes} learns {s['data']}.",
            task.net,
            task.inputs(task.X),
            task.targets(task.y),
            seed=s["seed"],
            initialisation={"scheme": s["scheme"]},
            start=s["start"],
            n_steps=int(self.steps[-1]),
            drop=s["dropout"],
            **way(s),
        )


@dataclass(frozen=True, eq=False)
class Run:
    """What training leaves: a row a frame, at most `N_FRAMES`; pairs are [train, test], as in `Board`."""

    rows: Tensor
    steps: np.ndarray
    y_hat: tuple[Tensor, Tensor]
    losses: np.ndarray
    accuracy: np.ndarray
    ended: str
    n_steps: int


def train_task(task: Task, *, tick: Tick | None = None) -> Run:
    """Train, and look at the points at every frame."""
    return _look(task, task.learn(tick=tick))


def train_tasks(tasks: Sequence[Task], *, tick: Tick | None = None) -> list[Run]:
    """Train tasks that differ by their seeds alone: as one batch of tensors, or where that cannot be in turn.

    In a batch a sum may be added up in another order, so that a run is the same to rounding only.
    """
    history = learn_together(tasks, tick=tick)
    if history is None:
        part = 1 / len(tasks)
        later = [tick and (lambda share, i=i: tick((i + share) * part)) for i in range(len(tasks))]
        return [train_task(task, tick=one) for task, one in zip(tasks, later, strict=True)]
    alone = (history.parameters[:, i : i + 1] for i in range(len(tasks)))
    return [
        _look(task, replace(history, parameters=rows, losses=history.losses[:, i : i + 1]))
        for i, (task, rows) in enumerate(zip(tasks, alone, strict=True))
    ]


def _look(task: Task, history: History) -> Run:
    rows = history.parameters[:, 0]
    y_hat = tuple(task.net.predict(rows, task.inputs(X)) for X in (task.X, task.X_test))
    pairs = tuple(zip(y_hat, (task.y, task.y_test), strict=True))
    losses = torch.stack([task.loss(*pair) for pair in pairs], 1).numpy()
    accuracy = torch.stack([task.score(*pair) for pair in pairs], 1).numpy()
    return Run(rows, history.steps, y_hat, losses, accuracy, _ended(task, history, accuracy), history.n_steps)


def train_board(settings: Mapping[str, object], *, tick: Tick | None = None) -> Board:
    """Train with settings as `prepare` takes them, and gather all that is shown."""
    task = prepare(settings)
    run = train_task(task, tick=tick)
    gradients = _gradients(task, run.rows)
    answers = [task.answers(values) for values in run.y_hat]
    truth = (task.y, task.y_test)
    wrong = [(a[-1] != y).numpy() & (task.n_classes > 0) for a, y in zip(answers, truth, strict=True)]
    return Board(
        dict(settings),
        task.adjusted,
        task.problem,
        task.n_classes,
        *(part.numpy() for part in (task.X, task.y, task.X_test, task.y_test)),
        task.settings["features"],
        task.mean.numpy(),
        task.deviation.numpy(),
        task.net.sizes,
        task.settings["activation"],
        task.output,
        task.settings["loss"],
        task.settings["optimizer"],
        every_frame(run.rows.float().clamp(-3e38, 3e38).numpy()),
        every_frame(run.steps),
        every_frame(run.losses),
        every_frame(run.accuracy),
        every_frame(gradients),
        every_frame(_confusion(task, answers[1])),
        *wrong,
        run.ended,
        run.n_steps,
        task.net.n_parameters,
        () if run.ended == "no_points" else findings(_record(task, run, gradients)),
    )


def _gradients(task: Task, rows: Tensor) -> np.ndarray:
    """Return the norms of the training loss's gradient by each layer's weights, (n_frames, n_layers)."""
    if not len(task.X):
        return np.zeros((len(rows), len(task.net.sizes) - 1))
    X, y = task.inputs(task.X), task.targets(task.y)
    norms = weight_gradient_norms(task.net, rows, X, y, loss=task.settings["loss"])
    # Of weights about to diverge even the gradient may be too large for a number.
    return np.nan_to_num(norms.numpy(), nan=np.finfo(float).max)


def _confusion(task: Task, answers: Tensor) -> np.ndarray:
    """Count test points by true class and answer, (n_frames, n_classes, n_classes)."""
    n, n_frames = task.n_classes, len(answers)
    if not n:
        return np.zeros((n_frames, 0, 0), int)
    cells = task.y_test * n + answers + n * n * torch.arange(n_frames)[:, None]
    return torch.bincount(cells.ravel(), minlength=n_frames * n * n).reshape(n_frames, n, n).numpy()


def _ended(task: Task, history: History, accuracy: np.ndarray) -> str:
    """Say why the run ended, in the words of `Board`."""
    s = task.settings
    if history.ended == "enough":
        if s["stop_accuracy"] and accuracy[-1, 1] >= s["stop_accuracy"]:
            return "accuracy_reached"
        return "stuck" if s["optimizer"] in ("lm", "lbfgs") and not s["patience"] else "no_better"
    if history.ended == "converged":
        return "loss_reached" if history.losses[-1, 0] <= s["stop_loss"] else "stuck"
    return "budget" if history.ended == "done" and "budget" in task.adjusted else history.ended


def _weights(task: Task, rows: Tensor) -> tuple[float, float]:
    """Return what the weights of the last row cost beside the loss, and their norm over the first row's."""
    first, last = (
        torch.cat([weight.ravel() for weight, _ in task.net.layers(row)]) for row in (rows[:1], rows[-1:])
    )
    s = task.settings
    penalty = s["l1"] * last.abs().sum() + s["l2"] / 2 * last.square().sum()
    return float(penalty), float(last.norm() / first.norm().clamp_min(1e-12))


def _record(task: Task, run: Run, gradients: np.ndarray) -> Record:
    """Gather what the rules look at."""
    if task.problem == "regression":
        near = neighbours.mean(task.X, task.y)
    else:
        near = neighbours.vote(task.X, task.y, task.n_classes)
    return Record(
        run.steps,
        run.losses,
        run.accuracy,
        gradients,
        idle_by_layer(task.net, run.rows[-1:], task.inputs(task.X))[0].numpy(),
        task.constant,
        near,
        *_weights(task, run.rows),
        task.net.n_parameters,
        run.ended,
        run.n_steps,
        task.settings,
    )
