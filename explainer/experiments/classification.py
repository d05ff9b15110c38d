"""The experiments of the page "Classification": from a line through zeros and ones to a probability."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.data import sample_toy_set
from explainer.nets.linear import best_line
from explainer.nets.logistic import (
    DISTRIBUTIONS,
    crossing_of,
    fit,
    fit_clipped_line,
    logloss_of,
    odds_factors,
    rung_curve,
    separation,
)
from explainer.nets.maps import PICTURED, probability_maps
from explainer.nets.mlp import MLP
from explainer.nets.scoring import Calibration, Judged, calibrate
from explainer.nets.training import N_FRAMES, History, every_frame, train

Point = tuple[float, float]  # an object: its x and its class, 0 or 1


def _objects(zeros: tuple[float, ...], ones: tuple[float, ...]) -> tuple[Point, ...]:
    return (*((x, 0.0) for x in zeros), *((x, 1.0) for x in ones))


# -- the ladder ------------------------------------------------------------------------------------

VIEW = (0.0, 10.0)
_ZEROS, _ONES = (0.5, 1.1, 1.6, 2.2, 2.6, 3.2), (2.4, 2.9, 3.0, 3.3, 3.8, 4.6)
SETS = {
    "pts_overlap": _objects(_ZEROS, _ONES),
    "pts_far": _objects(_ZEROS, (*_ONES, 8.4, 9.0, 9.4, 9.8)),
    "pts_apart": _objects(_ZEROS[:5], _ONES[2:]),
}
SMOOTH = ("sigmoid", "normal_cdf", "cauchy_cdf")
RUNGS = ("rung_line", "rung_threshold", *SMOOTH, "clipped_line")
STEPS = (5, 10, 20)  # of Newton's method, at which weights that run away are looked at
FROM = (1.0, 2.0, 4.0)  # x from which the odds are followed one unit on


@dataclass(frozen=True, eq=False)
class Ladder:
    """One rung over ``x`` (n_points,): the ``line`` of least squares and the ``curve`` of the rung.

    ``crossing`` is where the curve passes ``level``, which is gamma or 1/2 (NaN where it never
    does); ``wrong`` (n_objects,) marks who is on the wrong side of it. ``verdict`` names the words, and
    ``numbers`` are those in them: b and w of the curve F(b + w x), how many are wrong of n, the logloss, the
    line at the ends of the view (left, right), the weights after `STEPS` of Newton's method (w5 …), and the
    factors of the odds from x to x + 1 for x in `FROM` (o1 …); what a rung has not is NaN.
    """

    x: np.ndarray
    line: np.ndarray
    curve: np.ndarray
    level: float
    crossing: float
    wrong: np.ndarray
    verdict: str
    numbers: dict[str, float]


def ladder(
    *,
    objects: tuple[Point, ...] = SETS["pts_overlap"],
    rung: str = "rung_line",
    gamma_level: float = 0.5,
    l2_penalty: float = 0.0,
) -> Ladder:
    """Climb one rung on objects (x, y): a line, a line with a threshold gamma, or P(y = 1 | x) = F(b + w x).

    The line minimises the squared error, and so does the clipped one; the others minimise the logloss plus
    ``l2_penalty`` / 2 times w^2.
    """
    x, y = torch.tensor(objects, dtype=torch.float64).T
    grid = torch.linspace(*VIEW, 201, dtype=torch.float64)
    state = separation(x, y)
    line = best_line(x, y) if bool((x != x[0]).any()) else torch.stack([y.mean(), torch.zeros_like(y[0])])
    (bias, weight), found = line.tolist(), None
    if rung == "clipped_line":
        bias, weight = fit_clipped_line(x, y)
    elif rung in DISTRIBUTIONS:
        runs_away = state == "one_class" or (state == "apart" and l2_penalty == 0)
        found = fit(
            x[:, None], y, DISTRIBUTIONS[rung], l2=l2_penalty, n_steps=STEPS[-1] if runs_away else 100
        )
        bias, weight = found.parameters.tolist()
        state = state if runs_away or state == "same_x" else "fine"
    p, curve = (rung_curve(rung, bias + weight * places, gamma_level) for places in (x, grid))
    level = gamma_level if rung == "rung_threshold" else 0.5
    wrong = (p > level) != (y > 0.5)
    loss, crossing = logloss_of(p, y), crossing_of(rung, bias, weight, level)
    ends = (line[0] + line[1] * torch.tensor(VIEW)).tolist()
    named = {"wrong": int(wrong.sum()), "n": len(y), "b": bias, "w": weight, "loss": loss, "gamma": level}
    named |= {"left": ends[0], "right": ends[1], "crossing": crossing}
    for i, k in enumerate(STEPS):
        named[f"w{k}"] = float(found.path[min(k, len(found.path) - 1), 1]) if found else math.nan
        named[f"o{i + 1}"] = float(odds_factors(rung, bias, weight, FROM)[i])
    leaves = min(ends) < 0 or max(ends) > 1
    return Ladder(
        grid.numpy(),
        (line[0] + line[1] * grid).numpy(),
        curve.numpy(),
        level,
        crossing,
        wrong.numpy(),
        _verdict(rung, state, math.isnan(crossing), loss, leaves),
        named,
    )


def _verdict(rung: str, state: str, level: bool, loss: float, leaves: bool) -> str:
    if rung == "rung_line":
        return "line_leaves" if leaves else "line_stays"
    if rung == "rung_threshold":
        return "no_threshold" if level else "threshold_at"
    if rung == "clipped_line":
        return "clipped_infinite" if math.isinf(loss) else "clipped"
    if state != "fine":
        return state
    return "odds_same" if rung == "sigmoid" else "odds_differ"


# -- the price -------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Price:
    """Prices over ``p`` (n_points,), rows of ``losses``: -ln p for y = 1, -ln(1 - p) for y = 0, (p - y)^2.

    ``tangent`` is the ends (2, 2) of a piece of the tangent at the probability chosen, x and y. ``verdict``
    is ``sure_and_right``, ``sure_and_wrong`` (the true class got less than a fifth) or ``unsure``;
    ``numbers`` has loss and slope there, and the square with its slope (bend).
    """

    p: np.ndarray
    losses: np.ndarray
    tangent: np.ndarray
    verdict: str
    numbers: dict[str, float]


def price(*, given_to_1: float = 0.1, true_class: str = "truth_1") -> Price:
    """Put a price on the probability that was given to class 1, once the true class is known."""
    y = 1.0 if true_class == "truth_1" else 0.0
    p = torch.linspace(0.005, 0.995, 199, dtype=torch.float64)
    at = torch.tensor(given_to_1, dtype=torch.float64, requires_grad=True)
    paid = -(y * at.log() + (1 - y) * (1 - at).log())
    (slope,) = torch.autograd.grad(paid, at)
    loss, steep = float(paid.detach()), float(slope)
    half = 0.45 / math.hypot(1, steep / 2)  # about as long whatever the slope
    ends = np.array([-half, half])
    return Price(
        p.numpy(),
        torch.stack([-p.log(), -(1 - p).log(), (p - y) ** 2]).numpy(),
        np.stack([given_to_1 + ends, loss + steep * ends]),
        "sure_and_wrong" if loss > math.log(5) else "sure_and_right" if loss < math.log(1.25) else "unsure",
        {"loss": loss, "slope": steep, "squared": (given_to_1 - y) ** 2, "bend": 2 * (given_to_1 - y)},
    )


# -- a confident mistake ---------------------------------------------------------------------------

PATIENCE = 20_000  # steps after which nobody waits any longer


@dataclass(frozen=True, eq=False)
class Stalled:
    """One neuron learns y = 0 with two losses, logloss and (p - y)^2 / 2, rows of everything.

    ``p`` and ``gradient`` dL/dt are (2, N_FRAMES), step by step; ``z`` (2, N_FRAMES) is where on its curve it
    stands. ``t`` (n_points,) and ``hills`` (2, n_points) are the two losses as functions of t. ``numbers``
    has the first gradients (g_log, g_squared) and after how many steps p falls below 1/2 (log, squared), at
    most
    `PATIENCE`. ``verdict`` is ``no_mistake``, ``slow``, ``stalls`` (beyond the frames) or ``gives_up``.
    """

    t: np.ndarray
    hills: np.ndarray
    z: np.ndarray
    p: np.ndarray
    gradient: np.ndarray
    verdict: str
    numbers: dict[str, float]


def stalled(
    *, start_t: float = 6.0, stall_rate: float = 1.0, tick: Callable[[float], None] | None = None
) -> Stalled:
    """Train p = sigma(w x + b) on one object, x = 1 and y = 0, from t = w + b = ``start_t``.

    ``tick`` is called at every step and may raise to end the training.
    """
    X, y = torch.ones(1, 1, dtype=torch.float64), torch.zeros(1, 1, dtype=torch.float64)
    begin = torch.tensor([[start_t, 0.0]], dtype=torch.float64)
    way = {"optimizer": "sgd", "learning_rate": stall_rate, "momentum": 0.0, "n_steps": N_FRAMES - 1}
    z = []
    for loss, output in (("logloss", "identity"), ("half_squared_error", "sigmoid")):
        net = MLP((1, 1), ACTIVATIONS["identity"], ACTIVATIONS[output])
        history = train(net, begin, X, y, loss=loss, tick=tick, **way)
        z.append(every_frame(history.parameters[:, 0]).sum(1))  # x = 1: t = w + b
    z = torch.stack(z)
    p = torch.sigmoid(z)
    t = torch.linspace(-8, 8, 161, dtype=torch.float64)
    gradient = torch.stack([p[0], p[1] * p[1] * (1 - p[1])])  # p - y, and (p - y) sigma'(t)
    named = {
        "log": _needed(start_t, stall_rate, squared=False),
        "squared": _needed(start_t, stall_rate, squared=True),
    }
    late = "gives_up" if named["squared"] >= PATIENCE else "stalls"
    verdict = late if named["squared"] >= N_FRAMES else "slow"
    return Stalled(
        t.numpy(),
        torch.stack([functional.softplus(t), torch.sigmoid(t) ** 2 / 2]).numpy(),
        z.numpy(),
        p.numpy(),
        gradient.numpy(),
        verdict if start_t > 0 else "no_mistake",
        named | {"g_log": float(gradient[0, 0]), "g_squared": float(gradient[1, 0])},
    )


def _needed(t: float, rate: float, *, squared: bool) -> int:
    """Count the steps until p < 1/2; w and b move alike, so t moves twice as far as either."""
    for step in range(PATIENCE):
        if t < 0:
            return step
        p = 1 / (1 + math.exp(-t))
        t -= 2 * rate * (p * p * (1 - p) if squared else p)
    return PATIENCE


# -- the calculator --------------------------------------------------------------------------------

EDGE = 12.0  # of t
# The two-class example of the slides: t, the true class, and what is printed for sigma(t).
SLIDE = {"cat": (10.0, 1.0, 0.99), "dog": (-1.0, 0.0, 0.26)}
EXAMPLES: dict[str, tuple[Point, ...]] = {
    "ex_both": (SLIDE["cat"][:2], SLIDE["dog"][:2]),
    "ex_cat": (SLIDE["cat"][:2],),
    "ex_dog": (SLIDE["dog"][:2],),
    "ex_four": ((10.0, 1.0), (-1.0, 0.0), (2.0, 0.0), (0.5, 1.0)),
}


@dataclass(frozen=True, eq=False)
class Calculator:
    """Objects in their order: ``t``, true class ``y``, ``p`` = sigma(t) and their losses, each (n,).

    ``other_loss`` (n,) stands beside: the loss from ``printed``, p with all but two decimals cut off, as on
    the slide (infinite where 0 was left); or, with no ``printed``, the slide's formula without its
    missing brackets, -y ln p + (1 - y) ln(1 - p). ``curve`` is sigma over ``grid``. ``verdict`` names the
    words, ``numbers`` has n, both mean losses (exact, other) and their ratio.
    """

    t: np.ndarray
    y: np.ndarray
    p: np.ndarray
    loss: np.ndarray
    printed: np.ndarray | None
    other_loss: np.ndarray
    grid: np.ndarray
    curve: np.ndarray
    verdict: str
    numbers: dict[str, float]


def calculator(
    *, examples: tuple[Point, ...] = EXAMPLES["ex_both"], beside: str = "beside_cut"
) -> Calculator:
    """Go from t to sigma(t) to the logloss for every object (t, y); ``beside`` is what is compared."""
    t, y = torch.tensor(examples, dtype=torch.float64).T
    p = torch.sigmoid(t)
    loss = functional.softplus(torch.where(y > 0.5, -t, t))  # -ln sigma(t), -ln sigma(-t)
    printed = (100 * p).floor() / 100 if beside == "beside_cut" else None
    if printed is None:
        other = torch.where(y > 0.5, loss, -loss)
    else:
        other = -torch.where(y > 0.5, printed, 1 - printed).log()
    named = {"n": len(y), "exact": float(loss.mean()), "other": float(other.mean())}
    ratio = named["other"] / named["exact"]
    size = "infinite" if math.isinf(ratio) else "more" if ratio >= 1 else "less"
    grid = torch.linspace(-EDGE, EDGE, 121, dtype=torch.float64)
    return Calculator(
        t.numpy(),
        y.numpy(),
        p.numpy(),
        loss.numpy(),
        None if printed is None else printed.numpy(),
        other.numpy(),
        grid.numpy(),
        torch.sigmoid(grid).numpy(),
        "literal" if printed is None else size,
        named | {"ratio": ratio},
    )


# -- training --------------------------------------------------------------------------------------

TOY_SETS = {"set_moons": "moons", "set_circles": "circle", "set_xor": "xor", "set_blobs": "gauss"}
N_TRAIN, N_FRESH, N_STEPS, N_STARTS, LEARNING_RATE = 200, 500, 100, 4, 0.2
SCALE = 3.0  # inputs of a network are of the size of one
RADIUS = 6.5  # how far the map reaches


@dataclass(frozen=True, eq=False)
class TrainIt:
    """A classifier of points in the plane while it learns; every first axis is that of N_FRAMES frames.

    ``X`` (n_train, 2) and ``y`` (n_train,) are what it learns from, after ``steps`` of training; ``losses``
    (n_frames,) is its logloss. ``maps`` are those of `probability_maps` at `PICTURED`: P(y = 1) on a
    square, the first row on top. ``fresh`` has the probabilities for N_FRESH objects that it has never
    seen. ``verdict`` is ``net``, ``regression``, or ``parted`` where a straight line parts the classes.
    ``numbers`` has the final training loss, that of the best logistic regression (exact), by Newton's
    method, and the number of parameters.
    """

    X: np.ndarray
    y: np.ndarray
    steps: np.ndarray
    losses: np.ndarray
    maps: np.ndarray
    fresh: Judged
    calibration: Calibration
    verdict: str
    numbers: dict[str, float]


def train_it(
    *,
    plane_set: str = "set_moons",
    hidden_relus: int = 8,
    blur: float = 0.1,
    sample_draw: int = 0,
    tick: Callable[[float], None] | None = None,
) -> TrainIt:
    """Train sigma of a network of ``hidden_relus``; without any it is logistic regression.

    ``N_STARTS`` random beginnings are trained as one batch by Adam; the one of least logloss is shown.
    ``tick`` is called at every step of training and may raise to end it.
    """
    X, y = sample_toy_set(TOY_SETS[plane_set], N_TRAIN + N_FRESH, noise=blur, seed=sample_draw)
    y = (y + 1) / 2
    net, history = _learn(X[:N_TRAIN] / SCALE, y[:N_TRAIN], hidden_relus, sample_draw, tick)
    best = every_frame(history.parameters[:, history.best])
    fresh = torch.sigmoid(net.predict(best, X[N_TRAIN:] / SCALE)[..., 0])
    exact = fit(X[:N_TRAIN] / SCALE, y[:N_TRAIN, 0], DISTRIBUTIONS["sigmoid"]).loss
    losses = every_frame(history.losses[:, history.best])
    return TrainIt(
        X[:N_TRAIN].numpy(),
        y[:N_TRAIN, 0].numpy(),
        every_frame(history.steps),
        losses,
        probability_maps(net, best[list(PICTURED)], (-RADIUS, RADIUS), scale=SCALE),
        Judged(fresh.float().numpy(), y[N_TRAIN:, 0].numpy()),
        calibrate(fresh, y[N_TRAIN:, 0]),
        "net" if hidden_relus else "parted" if exact < 1e-4 else "regression",
        {"loss": float(losses[-1]), "exact": exact, "parameters": net.n_parameters},
    )


def _learn(
    X: Tensor, y: Tensor, hidden: int, seed: int, tick: Callable[[float], None] | None = None
) -> tuple[MLP, History]:
    net = MLP((2, hidden, 1) if hidden else (2, 1), ACTIVATIONS["relu"])
    starts = net.initialise(range(N_STARTS * seed, N_STARTS * (seed + 1)))
    way = {"optimizer": "adam", "learning_rate": LEARNING_RATE, "n_steps": N_STEPS}
    if not hidden:
        # Without hidden neurons there is one minimum, and L-BFGS reaches it to the last digit.
        starts, way = starts[:1], {"optimizer": "lbfgs", "n_steps": N_FRAMES - 1}
    return net, train(net, starts, X, y, loss="logloss", tick=tick, **way)
