"""A task of one's own: settings, as a hand puts them together, become data, a network and a way down."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.data import sample_classes, sample_surface, sample_toy_set
from explainer.nets.diagnosis import MAX_LAYERS, MAX_SAMPLES, MAX_WIDTH
from explainer.nets.dropout import with_dropout
from explainer.nets.features import FEATURES, features, scale
from explainer.nets.losses import LOSSES
from explainer.nets.mlp import MLP
from explainer.nets.training import LIMITS, History, train, train_module

SURFACES = {"regress_plane": "plane", "regress_gauss": "hills"}
ARMS = {"arms3": 3, "arms4": 4}
TWIST = 0.4  # of the arms, in turns
MAX_CLASSES = 4
LARGEST = 1e6  # of a weight set by hand
DIVERGED = 1e3  # times the first loss, or times 1 where that is less
WORK = 2.5  # seconds of a slow processor, about: what would take longer gets fewer steps
SETTLED = 1e-6  # a loss that moves less in ten steps of Newton's kind has arrived
SECONDS = 120.0  # no run lasts longer, whatever the processor

Tick = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Task:
    """Data and a network, ready to train.

    ``X``, ``X_test`` are points (n, 2), ``y``, ``y_test`` their classes (n,) int64, or targets (n,) float64.
    ``problem`` is ``two``, ``many`` (classes) or ``regression``; ``n_classes`` is 0 in a regression.
    ``mean`` and ``deviation`` (n_features,) bring the inputs to one scale. ``output`` is what the last
    layer's sums become: ``sigmoid``, ``softmax``, ``tanh`` or ``identity``. ``settings`` are those that are
    used, ``adjusted`` names what was changed because it does not go together.
    """

    settings: dict[str, object]
    adjusted: tuple[str, ...]
    problem: str
    n_classes: int
    X: Tensor
    y: Tensor
    X_test: Tensor
    y_test: Tensor
    mean: Tensor
    deviation: Tensor
    net: MLP
    output: str

    def inputs(self, X: Tensor) -> Tensor:
        """Return what the network is given of points X (n, 2): (n, n_features)."""
        return (features(self.settings["features"], X) - self.mean) / self.deviation

    def targets(self, y: Tensor) -> Tensor:
        """Return what the loss is given: y (n,) itself for cross-entropy, else (n, n_outputs)."""
        if self.output == "softmax":
            return y
        if self.output == "tanh" and self.problem == "many":
            return 2 * nn.functional.one_hot(y, self.n_classes).double() - 1
        return 2 * y.double()[:, None] - 1 if self.output == "tanh" else y.double()[:, None]

    def answers(self, y_hat: Tensor) -> Tensor:
        """Return the classes (..., n) that outputs (..., n, n_outputs) mean; in a regression the numbers."""
        if self.problem == "many":
            return y_hat.argmax(-1)
        return y_hat[..., 0] if self.problem == "regression" else (y_hat[..., 0] > 0).long()

    def probabilities(self, y_hat: Tensor) -> Tensor:
        """Return probabilities of outputs (..., n, n_outputs) where they are logits, else the outputs."""
        if self.output == "softmax":
            return y_hat.softmax(-1)
        return torch.sigmoid(y_hat) if self.output == "sigmoid" else y_hat

    def loss(self, y_hat: Tensor, y: Tensor) -> Tensor:
        """Return the mean loss (...) of outputs (..., n, n_outputs) against y (n,)."""
        return LOSSES[self.settings["loss"]](y_hat, self.targets(y))

    @property
    def constant(self) -> float:
        """Return the loss of the best constant answer on the points to learn from."""
        y = self.targets(self.y)
        if self.output in ("sigmoid", "softmax"):
            share = torch.bincount(self.y, minlength=self.n_classes).double() / max(1, len(self.y))
            return float(-torch.special.xlogy(share, share).sum())
        return float((y - y.mean(0)).square().mean() / 2)

    @property
    def start(self) -> Tensor:
        """Return the parameters (1, n_parameters), float64, at the start, with those set by hand."""
        s = self.settings
        row = self.net.initialise([s["seed"]], scheme=s["scheme"])
        for index, value in s["start"]:
            row[0, index] = value
        return row

    def learn(self, *, tick: Tick | None = None) -> History:
        """Train, and record the way; without steps the way is its start."""
        s, start = self.settings, self.start
        X, y = self.inputs(self.X), self.targets(self.y)
        with torch.no_grad():
            first = self.loss(self.net.predict(start, X), self.y)
        nothing = "no_points" if len(X) + len(self.X_test) < 2 else "done" if s["n_steps"] == 0 else ""
        if nothing:
            return History(np.array([0]), start[None], first[None].numpy(), 0, nothing)
        bounds = {
            "n_steps": s["n_steps"], "target_loss": s["stop_loss"], "seconds": SECONDS, "tick": tick,
            "most_loss": DIVERGED * max(1.0, float(first)), "enough": self._enough(),
        }  # fmt: skip
        if not s["dropout"]:
            return train(self.net, start, X, y, **way(s), **bounds)
        model = with_dropout(self.net.to_sequential(start[0]), s["dropout"], seed=s["seed"])
        return train_module(model, X, y, **way(s), **bounds)

    def _enough(self) -> Callable[[int, Tensor], bool]:
        """Return a function that tells when the test points say that it is enough, or nothing moves any more.

        Gradient descent may rest on a plateau and go on; Levenberg-Marquardt and L-BFGS have arrived when the
        loss has not moved by `SETTLED` in ten steps.
        """
        s, least, at = self.settings, torch.inf, 0
        newton, lately = s["optimizer"] in ("lm", "lbfgs"), []
        asked = (s["stop_accuracy"] or s["patience"]) and len(self.X_test)
        X, X_test = self.inputs(self.X), self.inputs(self.X_test)

        def enough(step: int, rows: Tensor) -> bool:
            nonlocal least, at
            if newton:
                lately.append(float(self.loss(self.net.predict(rows, X), self.y)))
                if len(lately) > 10 and lately[-11] - lately[-1] < SETTLED:
                    return True
            if not asked:
                return False
            y_hat = self.net.predict(rows, X_test)
            if s["stop_accuracy"] and float(self.score(y_hat, self.y_test)) >= s["stop_accuracy"]:
                return True
            loss = float(self.loss(y_hat, self.y_test))
            if loss < least:
                least, at = loss, step
            return bool(s["patience"]) and step - at >= s["patience"]

        return torch.no_grad()(enough)

    def score(self, y_hat: Tensor, y: Tensor) -> Tensor:
        """Return the share of right answers (...), or R squared, of outputs (..., n, n_outputs)."""
        answers = self.answers(y_hat)
        if self.problem != "regression":
            return (answers == y).double().mean(-1)
        spread = (y - y.mean()).square().mean()
        return 1 - (answers - y).square().mean(-1) / spread.clamp_min(1e-12)


def learn_together(tasks: Sequence[Task], *, tick: Tick | None = None) -> History | None:
    """Train tasks that differ by their seeds alone as one batch, a run a task.

    ``None`` where each has its own way: samples or neurons drawn by the seed, an own end of the run, or an
    optimiser that has one step length for all.
    """
    first = tasks[0]
    s = first.settings
    alone = ("batch_size", "dropout", "stop_loss", "stop_accuracy", "patience")
    if any(s[name] for name in alone) or s["optimizer"] in ("lm", "lbfgs"):
        return None
    if not s["n_steps"] or len(first.X) + len(first.X_test) < 2:
        return None
    how = {name: value for name, value in way(s).items() if name not in ("batch_size", "batch_seed")}
    starts = torch.cat([task.start for task in tasks])
    bounds = {"n_steps": s["n_steps"], "most_loss": DIVERGED, "seconds": SECONDS, "tick": tick}
    X, y = first.inputs(first.X), first.targets(first.y)
    history = train(first.net, starts, X, y, **how, **bounds)
    return history if history.ended == "done" else None


def way(s: Mapping[str, object]) -> dict[str, object]:
    """Return the arguments of `train_module` and `explainer.nets.export.script` that say how to go down."""
    return {
        "optimizer": "sgd" if s["optimizer"] == "momentum" else s["optimizer"],
        "loss": s["loss"],
        "learning_rate": s["learning_rate"],
        "momentum": 0.9 if s["optimizer"] == "momentum" else 0.0,
        "l1": s["l1"],
        "l2": s["l2"],
        "batch_size": s["batch_size"] or None,
        "batch_seed": s["seed"],
    }


def prepare(settings: Mapping[str, object]) -> Task:
    """Draw the data, bring the inputs to one scale, and build the network. Never raises.

    What does not go together is changed, and named: a regression has the squared error; Levenberg-Marquardt
    has the squared error of one output, all points at once, no penalty and no dropout; L-BFGS has all
    points at once and no dropout, too.
    """
    s = dict(settings)
    X, y, problem = _points(s)
    n_classes = 0 if problem == "regression" else max(2, int(y.max()) + 1 if len(y) else 2)
    s["features"] = tuple(name for name in FEATURES if name in s["features"]) or ("x1", "x2")
    s["hidden"] = tuple(min(MAX_WIDTH, max(1, int(width))) for width in s["hidden"][:MAX_LAYERS])
    s["activation"] = _each(s["activation"], len(s["hidden"]))
    adjusted = _adjust(s, problem)

    n_train = min(len(X), max(1, round(s["train_share"] * len(X))))
    inputs = features(s["features"], X[:n_train])
    ones = torch.ones(len(s["features"]), dtype=X.dtype)
    mean, deviation = scale(inputs) if s["standardise"] and n_train else (0 * ones, ones)

    output = "identity" if problem == "regression" else "tanh"
    if s["loss"] in ("logloss", "cross_entropy"):
        output = "sigmoid" if problem == "two" else "softmax"
    net = MLP(
        (len(s["features"]), *s["hidden"], n_classes if problem == "many" else 1),
        tuple(ACTIVATIONS[name] for name in s["activation"]),
        ACTIVATIONS["tanh" if output == "tanh" else "identity"],
    )
    s["start"] = tuple(
        (int(index), min(LARGEST, max(-LARGEST, float(value))))
        for index, value in s["start"]
        if 0 <= index < net.n_parameters and value == value
    )
    most = min(LIMITS["n_steps"], max(1, int(WORK / _cost(s, net, n_train))))
    if s["n_steps"] > most:
        s["n_steps"], adjusted = most, (*adjusted, "budget")
    split = (X[:n_train], y[:n_train], X[n_train:], y[n_train:])
    return Task(s, adjusted, problem, n_classes, *split, mean, deviation, net, output)


def expected_seconds(settings: Mapping[str, object]) -> float:
    """Return about how long a slow processor trains with such settings."""
    task = prepare(settings)
    return task.settings["n_steps"] * _cost(task.settings, task.net, len(task.X))


def _points(s: Mapping[str, object]) -> tuple[Tensor, Tensor, str]:
    """Return points (n, 2), classes (n,) int64 or targets (n,) float64, and the problem."""
    data, noise, seed = s["data"], s["noise"], s["data_seed"]
    n = min(MAX_SAMPLES, max(1, s["n_samples"]))
    if data == "own":
        table = torch.tensor(s["own"][:MAX_SAMPLES], dtype=torch.float64).reshape(-1, 3)
        table = table[table.isfinite().all(1)]
        table = table[torch.randperm(len(table), generator=torch.Generator().manual_seed(seed))]
        X, y = table[:, :2], table[:, 2]
        if ((y == y.round()) & (y >= 0) & (y < MAX_CLASSES)).all():
            return X, y.long(), "many" if len(y) and y.max() > 1 else "two"
        return X, y, "regression"
    if data in SURFACES:
        X, y = sample_surface(SURFACES[data], n, noise=noise, seed=seed)
        return X, y[:, 0], "regression"
    if data in ARMS:
        X, y = sample_classes(ARMS[data], n, spread=0.15 + 2 * noise, twist=TWIST, seed=seed)
        order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
        return X[order], y[order], "many"
    X, y = sample_toy_set(data, n, noise=noise, seed=seed)
    return X, (y[:, 0] > 0).long(), "two"


def _each(names: str | Sequence[str], n_hidden: int) -> tuple[str, ...]:
    """Return one activation a hidden layer: what is missing is as the last one."""
    names = (names,) if isinstance(names, str) else tuple(names) or ("tanh",)
    return (names + names[-1:] * n_hidden)[:n_hidden]


def _adjust(s: dict[str, object], problem: str) -> tuple[str, ...]:
    """Change settings that do not go together, in place, and return what was changed."""
    adjusted = []

    def put(name: str, value: object, why: str) -> None:
        if s[name] != value:
            s[name] = value
            adjusted.append(why)

    if problem == "regression":
        put("loss", "squared", "regression_squared")
    if s["optimizer"] == "lm" and problem == "many":
        put("optimizer", "lbfgs", "lm_one_output")
    if s["optimizer"] == "lm":
        put("loss", "squared", "lm_squared")
        for name in ("l1", "l2"):
            put(name, 0.0, "lm_no_penalty")
    if s["optimizer"] in ("lm", "lbfgs"):
        put("batch_size", 0, f"{s['optimizer']}_full_batch")
        put("dropout", 0.0, f"{s['optimizer']}_no_dropout")
    if not s["hidden"]:
        s["dropout"] = 0.0
    if s["loss"] == "squared":
        s["loss"] = "half_squared_error"
    elif problem == "many":
        s["loss"] = "cross_entropy"
    return tuple(dict.fromkeys(adjusted))


def _cost(s: Mapping[str, object], net: MLP, n_samples: int) -> float:
    """Return about how many seconds a step takes on a slow processor."""
    n_layers, n_parameters = len(net.sizes) - 1, net.n_parameters
    if s["optimizer"] == "lm":
        return 8e-4 + 2e-4 * n_layers + n_samples * n_parameters * min(n_samples, n_parameters) / 3e10
    rows = min(n_samples, s["batch_size"] or n_samples)
    extras = sum(bool(s[name]) for name in ("dropout", "l1", "l2"))
    seconds = 4e-4 + (1.5e-4 + 3e-5 * extras) * n_layers + rows * n_parameters / 7e8
    return 3 * seconds if s["optimizer"] == "lbfgs" else seconds  # its line search looks at several places
