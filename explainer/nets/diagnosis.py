"""Why did this happen: what a record of a training run tells, by rules that each show their numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

GOOD = 0.95  # share of right answers, or R squared, that needs no excuse
GAP = 0.05  # by which a network must miss what the neighbours find
STALLED = 0.05  # the loss fell by no more than this share in the second half of the steps
LEVEL = 0.9  # of the loss of the best constant answer: above it the network has hardly learned anything
IDLE = 0.25  # share of a layer's neurons that let no gradient pass
RATES = (1e-5, 1e-4, 1e-3, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0, 1000.0)
STEPS = (10, 30, 100, 200, 400, 1000, 2000, 5000)
MAX_WIDTH, MAX_LAYERS, MAX_SAMPLES = 16, 6, 1000
PATIENCE = 50
_FLAT_AT_THE_LEFT = ("relu",)
_USUAL = {"adam": 0.03, "sgd": 0.3, "momentum": 0.1}  # a learning rate that is worth a try


@dataclass(frozen=True, eq=False)
class Record:
    """What the rules look at. Arrays have a row a frame, in order; pairs are [train, test].

    ``steps`` (n_frames,), ``losses`` and ``accuracy`` (n_frames, 2), ``gradients`` (n_frames, n_layers) are
    the norms of the loss's gradient by each layer's weights. ``idle`` (n_hidden,) counts the neurons of
    each hidden layer that let no gradient pass at the end. ``constant`` is the loss of the best constant
    answer; ``neighbours`` is the share of right answers, or R squared, of the nearest neighbours' vote;
    ``penalty`` is what the weights cost at the end, beside the loss, ``shrunk`` their norm over that at the
    start.
    ``settings`` are those that were used: hidden, activation (one a layer), optimizer, learning_rate, scheme,
    dropout, l1, l2, batch_size, n_steps, patience, data, n_samples, train_share, noise, seed.
    """

    steps: np.ndarray
    losses: np.ndarray
    accuracy: np.ndarray
    gradients: np.ndarray
    idle: np.ndarray
    constant: float
    neighbours: float
    penalty: float
    shrunk: float
    n_parameters: int
    ended: str
    n_steps: int
    settings: Mapping[str, object]

    @property
    def train_accuracy(self) -> float:
        """Return the share of right answers on the points to learn from, at the end."""
        return float(self.accuracy[-1, 0])

    @property
    def half(self) -> int:
        """Return the frame at half of the steps."""
        return int(np.searchsorted(self.steps, self.steps[-1] / 2))

    @property
    def fall(self) -> float:
        """Return the share by which the training loss fell in the second half of the steps.

        Medians of three frames, because the loss of mini-batches jitters.
        """
        then, now = (
            float(np.median(part[:3])) for part in (self.losses[self.half :, 0], self.losses[:-4:-1, 0])
        )
        return 1 - now / then if then > 0 else 0.0

    @property
    def missed(self) -> bool:
        """Tell whether there is more to learn than was learned: the neighbours find clearly more."""
        return self.train_accuracy < GOOD and self.neighbours > self.train_accuracy + GAP

    @property
    def level(self) -> bool:
        """Tell whether the loss is hardly better than that of the best constant answer."""
        return float(self.losses[-1, 0]) > LEVEL * self.constant

    @property
    def bent(self) -> bool:
        """Tell whether anything between the layers bends."""
        return any(name != "identity" for name in self.settings["activation"])

    @property
    def held(self) -> bool:
        """Tell whether the penalty is what holds the loss up: it is dear, or the weights are gone."""
        strong = self.settings["l1"] >= 0.003 or self.settings["l2"] >= 0.01
        return self.penalty > 0.2 * float(self.losses[-1, 0]) or (strong and self.shrunk < 0.5)

    @property
    def jumping(self) -> bool:
        """Tell whether the steps are so long that the loss stays above that of the best constant answer."""
        usual = _USUAL.get(self.settings["optimizer"], np.inf)
        above = float(np.median(self.losses[-3:, 0])) > 1.1 * self.constant
        return above and self.settings["learning_rate"] > 3 * usual

    @property
    def gap(self) -> float:
        """Return by how much the points to learn from are known better than the test points."""
        answered = float(self.accuracy[-1, 1])
        return self.train_accuracy - answered if np.isfinite(answered) else 0.0

    @property
    def stalled(self) -> bool:
        """Tell whether the loss stands still, though there is more to learn and time to learn it."""
        missed = self.missed and self.bent and not self.jumping
        return missed and self.fall < STALLED and self.ended != "no_better"

    @property
    def slow(self) -> bool:
        """Tell whether the way down is one of short steps: plain gradient descent, or a small rate."""
        optimizer, rate = self.settings["optimizer"], float(self.settings["learning_rate"])
        return optimizer in ("sgd", "momentum") or (optimizer == "adam" and rate < 0.003)


@dataclass(frozen=True)
class Finding:
    """What was recognised, with its numbers, and one suggestion: the settings to ``change``, if any."""

    key: str
    numbers: Mapping[str, float]
    suggestion: str = ""
    change: Mapping[str, object] = field(default_factory=dict)


def findings(record: Record) -> tuple[Finding, ...]:
    """Ask every rule; the first finding is the main one. Where none applies, all is well."""
    found = [finding for rule in RULES if (finding := rule(record)) is not None]
    if found and found[0].key in ("untrained", "diverged"):
        return (found[0],)
    return tuple(found) or (_all_well(record),)


def _untrained(r: Record) -> Finding | None:
    """Recognise a network as it was drawn: no step was made."""
    if r.n_steps > 0:
        return None
    return Finding("untrained", {"loss": float(r.losses[-1, 0])}, "more_steps", {"n_steps": 400})


def _diverged(r: Record) -> Finding | None:
    """Recognise a loss that grew beyond all bounds: steps longer than the valley is wide."""
    if r.ended != "diverged":
        return None
    rate = float(r.settings["learning_rate"])
    numbers = {
        "step": r.n_steps, "learning_rate": rate, "loss": float(r.losses[-1, 0]),
        "first_loss": float(r.losses[0, 0]),
    }  # fmt: skip
    return Finding("diverged", numbers, "smaller_rate", {"learning_rate": _smaller(r)})


def _linear(r: Record) -> Finding | None:
    """Recognise layers without a bend between them: they are one, and its border is straight."""
    if r.bent or not r.missed:
        return None
    change = {"activation": ("tanh",)} | ({} if r.settings["hidden"] else {"hidden": (8,)})
    return Finding("linear", {"accuracy": r.train_accuracy, "neighbours": r.neighbours}, "bend", change)


def _dead(r: Record) -> Finding | None:
    """Recognise dead neurons: a ReLU that is zero for every point has no gradient."""
    return _idle(r, "dead", lambda name: name in _FLAT_AT_THE_LEFT)


def _saturated(r: Record) -> Finding | None:
    """Recognise neurons on their flat ends, which pass no gradient on; a step is flat everywhere."""
    return _idle(r, "saturated", lambda name: name not in _FLAT_AT_THE_LEFT)


def _idle(r: Record, key: str, kind: Callable[[str], bool]) -> Finding | None:
    widths, names = r.settings["hidden"], r.settings["activation"]
    shares = [n / w * kind(f) for n, w, f in zip(r.idle, widths, names, strict=True)]
    if not shares or max(shares) < IDLE:
        return None
    layer = int(np.argmax(shares))
    numbers = {
        "idle": int(r.idle[layer]), "units": widths[layer], "layer": layer + 1, "share": float(shares[layer])
    }  # fmt: skip
    if r.settings["scheme"] == "zeros":
        return Finding(key, numbers, "xavier", {"scheme": "xavier"})
    if key == "dead":
        changed = tuple("leaky_relu" if kind(name) else name for name in names)
        return Finding(key, numbers, "leaky", {"activation": changed})
    if "heaviside" in names:
        return Finding(key, numbers, "another_activation", {"activation": ("tanh",) * len(names)})
    if r.settings["scheme"] == "normal":
        return Finding(key, numbers, "xavier", {"scheme": "xavier"})
    return Finding(key, numbers, "smaller_rate", {"learning_rate": _smaller(r)})


def _jumps(r: Record) -> Finding | None:
    """Recognise steps so long that the loss jumps about, above that of a constant answer."""
    if not r.jumping:
        return None
    numbers = {
        "learning_rate": float(r.settings["learning_rate"]), "loss": float(r.losses[-1, 0]),
        "constant": r.constant,
    }  # fmt: skip
    return Finding("jumps", numbers, "smaller_rate", {"learning_rate": _smaller(r)})


def _plateau(r: Record) -> Finding | None:
    """Recognise a loss that stands still though there is more to learn: flat ground."""
    if not r.stalled or not (r.slow or (r.level and not _tiny(r))):
        return None
    numbers = {
        "first_step": int(r.steps[r.half]), "last_step": int(r.steps[-1]),
        "loss_then": float(r.losses[r.half, 0]), "loss_now": float(r.losses[-1, 0]), "constant": r.constant,
        "gradient_first": float(r.gradients[-1, 0]), "gradient_last": float(r.gradients[-1, -1]),
    }  # fmt: skip
    return Finding("plateau", numbers, *_way_off(r))


def _way_off(r: Record) -> tuple[str, dict[str, object]]:
    """Suggest how to leave a plateau."""
    s = r.settings
    usual = _USUAL.get(s["optimizer"], 0.0)
    if s["scheme"] == "zeros":
        return "xavier", {"scheme": "xavier"}
    if usual and s["learning_rate"] > 10 * usual:
        return "smaller_rate", {"learning_rate": usual}
    if r.held:
        return "less_penalty", {"l1": 0.0, "l2": 0.0}
    if s["learning_rate"] < usual / 3:
        return "larger_rate", {"learning_rate": usual}
    if s["dropout"] >= 0.2:
        return "less_dropout", {"dropout": 0.0}
    if s["batch_size"] in range(1, 10):
        return "full_batch", {"batch_size": 0}
    if s["scheme"] == "small":
        return "xavier", {"scheme": "xavier"}
    if len(s["hidden"]) > 1 and set(s["activation"]) & {"sigmoid", "heaviside"}:
        return "another_activation", {"activation": ("tanh",) * len(s["hidden"])}
    if s["optimizer"] in ("sgd", "momentum"):
        return "adam", {"optimizer": "adam", "learning_rate": 0.03}
    return "another_seed", {"seed": int(s["seed"]) + 1}


def _capacity(r: Record) -> Finding | None:
    """Recognise a loss that stands still at what so few neurons can do."""
    if not r.stalled or r.slow or (r.level and not _tiny(r)):
        return None
    numbers = {"accuracy": r.train_accuracy, "neighbours": r.neighbours, "n_parameters": r.n_parameters}
    s = r.settings
    if s["scheme"] == "zeros":
        return Finding("capacity", numbers, "xavier", {"scheme": "xavier"})
    if r.held:
        return Finding("capacity", numbers, "less_penalty", {"l1": 0.0, "l2": 0.0})
    if s["dropout"] >= 0.2:
        return Finding("capacity", numbers, "less_dropout", {"dropout": 0.0})
    wider = tuple(min(MAX_WIDTH, max(8, 2 * width)) for width in s["hidden"])
    if wider != tuple(s["hidden"]):
        return Finding("capacity", numbers, "wider", {"hidden": wider})
    if len(wider) < MAX_LAYERS:
        return Finding("capacity", numbers, "deeper", {"hidden": (*wider, wider[-1])})
    return Finding("capacity", numbers, "another_seed", {"seed": int(s["seed"]) + 1})


def _unfinished(r: Record) -> Finding | None:
    """Recognise a run that ended before it was done: the loss still falls, or patience was short."""
    impatient = r.ended == "no_better"
    if not (r.missed and r.bent and (impatient or r.fall >= STALLED)) or r.jumping:
        return None
    longer = [n for n in STEPS if n >= 2 * r.n_steps]
    numbers = {
        "step": r.n_steps, "loss_then": float(r.losses[r.half, 0]), "loss_now": float(r.losses[-1, 0]),
        "share": 100 * r.fall,
    }  # fmt: skip
    if impatient:
        return Finding("unfinished", numbers, "more_patience", {"patience": 0})
    if r.ended == "budget" or not longer:  # no run may be longer
        return Finding("unfinished", numbers)
    return Finding("unfinished", numbers, "more_steps", {"n_steps": longer[0]})


def _overfitting(r: Record) -> Finding | None:
    """Recognise what is learned by heart: known points get better and better, others worse."""
    train, test = r.losses[:, 0], r.losses[:, 1]
    if not np.isfinite(test).all():
        return None
    best = int(test.argmin())
    grown = test[-1] > 1.3 * test[best] and test[-1] - test[best] > 0.02
    if not grown or test[-1] < 2 * train[-1] or r.steps[best] > 0.8 * r.steps[-1]:
        return None
    numbers = {
        "train": float(train[-1]), "test": float(test[-1]), "best": float(test[best]),
        "best_step": int(r.steps[best]), "step": int(r.steps[-1]),
    }  # fmt: skip
    return Finding("overfitting", numbers, *_smoother(r))


def _smoother(r: Record) -> tuple[str, dict[str, object]]:
    """Suggest how to learn less by heart."""
    s = r.settings
    if s["l2"] < 0.01 and not s["l1"] and s["optimizer"] != "lm":
        return "penalty", {"l2": 0.01}
    return ("", {}) if s["patience"] else ("early_stop", {"patience": PATIENCE})


def _gap(r: Record) -> Finding | None:
    """Recognise too few points: those to learn from are known, others are not, and never were."""
    if r.train_accuracy < GOOD - GAP or r.gap < 2 * GAP or _overfitting(r):
        return None
    numbers = {"accuracy": r.train_accuracy, "test": float(r.accuracy[-1, 1])}
    s = r.settings
    if s["data"] != "own" and s["train_share"] < 0.5:
        return Finding("gap", numbers, "more_points", {"train_share": 0.5})
    if s["data"] != "own" and s["n_samples"] < MAX_SAMPLES:
        return Finding("gap", numbers, "more_points", {"n_samples": MAX_SAMPLES})
    return Finding("gap", numbers, *_smoother(r))


def _mixed(r: Record) -> Finding | None:
    """Recognise points that lie among each other, or too far apart: neighbours cannot tell either."""
    answered = r.train_accuracy - r.gap
    if r.missed or answered >= GOOD or r.neighbours > GOOD - GAP or r.gap >= 2 * GAP or r.jumping:
        return None
    numbers = {"accuracy": answered, "neighbours": r.neighbours}
    noise = float(r.settings["noise"])
    if r.settings["data"] == "own":
        return Finding("mixed", numbers)
    if noise > 0:
        return Finding("mixed", numbers, "less_noise", {"noise": int(10 * noise) / 20})
    if r.settings["n_samples"] < MAX_SAMPLES:
        return Finding("mixed", numbers, "more_points", {"n_samples": MAX_SAMPLES})
    return Finding("mixed", numbers)


def _all_well(r: Record) -> Finding:
    """Say that there is nothing to explain."""
    column = int(np.isfinite(r.losses[-1, 1]))
    numbers = {
        "accuracy": float(r.accuracy[-1, column]), "loss": float(r.losses[-1, column]),
        "step": int(r.steps[-1]),
    }  # fmt: skip
    return Finding("all_well", numbers)


RULES = (
    _untrained, _diverged, _linear, _dead, _saturated, _jumps, _plateau, _capacity, _unfinished, _overfitting,
    _gap, _mixed,
)  # fmt: skip


def _tiny(r: Record) -> bool:
    """Tell whether some layer is so narrow that little passes through it."""
    return min(r.settings["hidden"], default=0) <= 3


def _smaller(r: Record) -> float:
    """Return a learning rate that is a tenth, and no more than usual."""
    rate = float(r.settings["learning_rate"])
    usual = _USUAL.get(r.settings["optimizer"], 0.03)
    return max((known for known in RATES if known <= min(rate / 3, usual)), default=RATES[0])
