"""The experiments of the page "Going deeper": what a deep network buys for the price of a wide one."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explainer.nets import export
from explainer.nets.activations import ACTIVATIONS
from explainer.nets.budget import at_one_price
from explainer.nets.data import TARGETS, polyline, sample_toy_set
from explainer.nets.folding import fold, unfolding
from explainer.nets.mlp import MLP
from explainer.nets.pieces import most_after, walk
from explainer.nets.regions import cut, most_of_one_layer
from explainer.nets.training import N_FRAMES, History, train

BUDGETS = {"budget_100": 100, "budget_200": 200, "budget_400": 400}  # parameters
TASKS = ("spiral", "sawtooth", "bumps", "random_heights")
UNITS = ("tanh", "relu")
N_SEEDS = 8
N_STEPS = 100  # of Levenberg-Marquardt
SECONDS = 30.0  # for the networks of one shape; what is cut short says so
N_POINTS, N_DOTS = 129, 140  # of a curve on [0, 1] and of a spiral; the networks learn from these points
N_FOLDS = 5  # as often the strip is folded by the network whose output is the sawtooth
N_HEIGHTS = 65  # of the random curve
N_PIXELS = 64  # along a side of the plane
VIEW = 6.0  # the plane is looked at on [-VIEW, VIEW]^2
EVEN = 1.25  # errors whose ratio is less than that are called equal
STUCK = 0.5  # of the error of the best constant: who is left with more is stuck
KEPT = {  # every task, every depth on the spiral, and what the page proposes to try
    "duel": [
        {"task": task, "duel_budget": price, "duel_layers": n, "duel_unit": "tanh"}
        for task, price, n in [
            *((task, "budget_200", 3) for task in TASKS),
            *(("spiral", "budget_200", n) for n in range(2, 9) if n != 3),
            ("sawtooth", "budget_100", 5),
            ("spiral", "budget_100", 8),
        ]
    ]
}
N_BEGINNINGS = 10  # random networks of one shape whose pieces are counted
RADIUS = 3.0  # of the square that is cut into regions
N_PAINTED = 240  # pixels along its side
N_TRAINING, N_GLASS_STEPS = 120, 25  # points and steps of Levenberg-Marquardt for the network that is painted


@dataclass(frozen=True, eq=False)
class Side:
    """One side of a duel: networks of one shape from `N_SEEDS` beginnings.

    ``errors`` (n_seeds,) are root mean squares, ``best`` is the number of the least one. ``output`` is that
    network's, (n_points,) over the curve's x or (n_rows, n_columns) over the plane, the upper row first;
    ``n_pieces`` are its linear pieces, or 0 where it has none. ``n_stuck`` counts the networks whose error
    stays above `STUCK`, ``seconds`` is how long training took, ``cut_short`` whether the time was up.
    """

    sizes: tuple[int, ...]
    n_parameters: int
    errors: np.ndarray
    best: int
    output: np.ndarray
    n_pieces: int
    n_stuck: int
    seconds: float
    cut_short: bool

    @property
    def median(self) -> float:
        """Return the median error."""
        return float(np.median(self.errors))

    @property
    def least(self) -> float:
        """Return the error of the best."""
        return float(self.errors[self.best])


@dataclass(frozen=True, eq=False)
class Duel:
    """A wide and a deep network at one price, on points X (n_samples, n_features), y (n_samples,).

    ``verdict`` is "deep", "wide" or "even", by the medians. ``remark`` names what else is to be said:
    "cut_short", "by_hand" (what training has not found, a network built by hand can do), "stuck",
    "n_pieces" or "all_learned".
    """

    X: np.ndarray
    y: np.ndarray
    wide: Side
    deep: Side
    verdict: str
    remark: str

    @property
    def numbers(self) -> dict[str, object]:
        """Return what is said of both sides, by names that begin with the side's."""
        sides = {"wide": self.wide, "deep": self.deep}
        names = ("n_parameters", "median", "least", "n_pieces", "n_stuck", "seconds")
        said = {f"{side}_{name}": getattr(one, name) for side, one in sides.items() for name in names}
        (neurons,), layers = self.wide.sizes[1:-1], self.deep.sizes[1:-1]
        widths = "–".join(map(str, sorted(set(layers))))
        return said | {"neurons": neurons, "n_layers": len(layers), "widths": widths, "n": N_SEEDS}


def _judge(task: str, wide: Side, deep: Side) -> dict[str, object]:
    low, high = sorted([wide.median, deep.median])
    if wide.cut_short or deep.cut_short:
        remark = "cut_short"
    elif task == "sawtooth":
        remark = "by_hand"
    elif wide.n_stuck or deep.n_stuck:
        remark = "stuck"
    else:
        remark = "n_pieces" if wide.n_pieces else "all_learned"
    winner = "deep" if deep.median < wide.median else "wide"
    return {"verdict": "even" if high <= EVEN * low else winner, "remark": remark}


def _task(name: str) -> tuple[Tensor, Tensor]:
    """Return the points of a task, X (n_samples, n_features) and y (n_samples, 1)."""
    if name == "spiral":
        return sample_toy_set("spiral", N_DOTS, noise=0.1, seed=0)
    x = torch.linspace(0, 1, N_POINTS, dtype=torch.float64)[:, None]
    if name == "sawtooth":
        net, parameters = fold(N_FOLDS)
        return x, net.predict(parameters, x)[0]
    if name == "random_heights":
        heights = torch.rand(N_HEIGHTS, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
        return x, polyline(heights.tolist())(x)
    return x, TARGETS[name](x)


def _shapes(task: str, duel_budget: str, duel_layers: int, duel_unit: str) -> tuple[MLP, MLP]:
    """Return the wide and the deep network."""
    n_inputs = 2 if task == "spiral" else 1
    return at_one_price(n_inputs, duel_layers, BUDGETS[duel_budget], ACTIVATIONS[duel_unit])


def _initialisation(net: MLP) -> dict[str, object]:
    """Spread the first layer evenly over [0, 1]; the more neurons, the steeper each may be."""
    return {"view": (0.0, 1.0), "sharpness": 4 * math.sqrt(net.sizes[1])} if net.sizes[0] == 1 else {}


def _run(
    net: MLP, seeds: list[int], X: Tensor, y: Tensor, tick: Callable[[float], None] | None = None
) -> History:
    start = net.initialise(seeds, **_initialisation(net))
    return train(net, start, X, y, n_steps=N_STEPS, seconds=SECONDS, tick=tick)


def _fight(net: MLP, X: Tensor, y: Tensor, tick: Callable[[float], None] | None) -> Side:
    """Train all beginnings as one batch, then the best of them singly, as the exported script does."""
    begin = time.perf_counter()
    batch = _run(net, list(range(N_SEEDS)), X, y, tick)
    seconds = time.perf_counter() - begin
    best = _run(net, [batch.best], X, y, tick)
    parameters, losses = best.parameters[-1], batch.losses[-1].copy()
    losses[batch.best] = best.losses[-1, 0]
    errors = np.sqrt(losses)
    flat, n_pieces = net.sizes[0] == 2, 0
    if flat:
        output = net.predict(parameters, _plane(N_PIXELS, VIEW))[0, :, 0].reshape(N_PIXELS, N_PIXELS)
    else:
        output = net.predict(parameters, X)[0, :, 0]
        if net.activation.name == "relu":
            n_pieces = walk(net, parameters, 0.0, 1.0).n_pieces
    return Side(
        net.sizes,
        net.n_parameters,
        errors,
        batch.best,
        output.numpy(),
        n_pieces,
        int((errors > STUCK * float(y.std(correction=0))).sum()),
        seconds,
        batch.ended == "budget",
    )


def _plane(n_pixels: int, radius: float) -> Tensor:
    """Return the middles of the pixels of a square (n_pixels^2, 2), row by row from above."""
    side = (torch.arange(n_pixels, dtype=torch.float64) + 0.5) * 2 * radius / n_pixels - radius
    y, x = torch.meshgrid(-side, side, indexing="ij")
    return torch.stack([x.reshape(-1), y.reshape(-1)], 1)


def duel(
    *,
    task: str = "spiral",
    duel_budget: str = "budget_200",
    duel_layers: int = 3,
    duel_unit: str = "tanh",
    tick: Callable[[float], None] | None = None,
) -> Duel:
    """Train a network of one wide layer and one of ``duel_layers`` narrow ones for the same price.

    ``tick`` is called at every step of training and may raise to end it.
    """
    X, y = _task(task)
    wide, deep = (_fight(net, X, y, tick) for net in _shapes(task, duel_budget, duel_layers, duel_unit))
    return Duel(X.numpy(), y[:, 0].numpy(), wide, deep, **_judge(task, wide, deep))


def duel_script(
    *,
    task: str = "spiral",
    duel_budget: str = "budget_200",
    duel_layers: int = 3,
    duel_unit: str = "tanh",
    best: int = 0,
) -> str:
    """Write the training of the deep side's network no. ``best`` as a script that needs torch alone."""
    X, y = _task(task)
    _, net = _shapes(task, duel_budget, duel_layers, duel_unit)
    return export.script(
        f"{duel_layers} narrow layers learn {task!r}.",
        net,
        X,
        y,
        seed=best,
        initialisation=_initialisation(net),
        n_steps=N_STEPS,
    )


@dataclass(frozen=True, eq=False)
class Growth:
    """What layer after layer makes of one piece; arrays are (n_layers,), the first layer's number first.

    ``here`` are the pieces (in the plane, regions) of this network, ``low`` and ``high`` the least and the
    most of several random ones of its shape; ``one_layer`` is the most that one layer of as many neurons
    reaches, ``bound`` what no network of this shape exceeds.
    """

    here: np.ndarray
    low: np.ndarray
    high: np.ndarray
    one_layer: np.ndarray
    bound: np.ndarray

    @property
    def limit(self) -> int | float:
        """Return the last bound, as a count as long as it can be read as one."""
        last = float(self.bound[-1])
        return int(last) if last < 1e6 else last

    @property
    def lines(self) -> tuple[np.ndarray, ...]:
        """Return all five, in the order in which they are drawn."""
        return self.here, self.one_layer, self.bound, self.low, self.high


@dataclass(frozen=True, eq=False)
class BrokenLine:
    """A random network of ReLUs on [-1, 1]: its breaks ``x`` (n_pieces + 1,), the ends included.

    ``y`` are the outputs there, moved and scaled into [-1, 1].
    """

    x: np.ndarray
    y: np.ndarray
    n_pieces: int
    n_neurons: int
    growth: Growth


def pieces(*, depth: int = 3, width: int = 8, seed: int = 0) -> BrokenLine:
    """Count the linear pieces of a random network of ``depth`` layers of ``width`` ReLUs on [-1, 1]."""
    net = MLP((1, *depth * (width,), 1), ACTIVATIONS["relu"])
    found = [walk(net, net.initialise([i]), -1.0, 1.0) for i in range(N_BEGINNINGS)]
    line, layers = found[seed], range(1, depth + 1)
    after = np.array([one.after for one in found])
    middle, half = (line.values.max() + line.values.min()) / 2, (line.values.max() - line.values.min()) / 2
    growth = Growth(
        after[seed],
        after.min(0),
        after.max(0),
        np.array([n * width + 1 for n in layers]),
        np.array([float(most_after(width, n)) for n in layers]),
    )
    y = (line.values - middle) / half.clamp_min(1e-300)
    return BrokenLine(line.edges.numpy(), y.numpy(), line.n_pieces, depth * width, growth)


@dataclass(frozen=True, eq=False)
class Folding:
    """A strip folded once a layer. ``x`` (n_points,) are the breaks, ``curves`` (n_frames, n_points).

    ``n_folds`` and ``n_pieces`` (n_frames,) count what is folded in each frame. ``prices`` and ``counts``
    (2, n_nets) are parameters and pieces, first of folding networks of 1, 2, 3 ... layers, then of one wide
    layer; ``price`` is that of this network, ``wide_neurons`` and ``wide_price`` the least that one layer of
    ReLUs needs for as many pieces.
    """

    x: np.ndarray
    curves: np.ndarray
    n_folds: np.ndarray
    n_pieces: np.ndarray
    prices: np.ndarray
    counts: np.ndarray
    price: int
    wide_neurons: int
    wide_price: int


def folding(*, folds: int = 4, crease: float = 0.5) -> Folding:
    """Fold [0, 1] at the ``crease`` by ``folds`` layers of two ReLUs and count the pieces exactly."""
    net, parameters = fold(folds, crease=crease)
    line = walk(net, parameters, 0.0, 1.0)
    curves = unfolding(line.edges, folds, N_FRAMES, crease=crease)
    done = np.ceil(np.linspace(0, folds, N_FRAMES)).astype(int)
    after = np.array([1, *line.after])
    layers = np.arange(1, 11)
    neurons = 2**layers - 1  # of one layer with as many pieces
    return Folding(
        line.edges.numpy(),
        curves.numpy(),
        done,
        after[done],
        np.array([6 * layers + 1, 3 * neurons + 1]),
        np.array([2**layers, neurons + 1]),
        net.n_parameters,
        line.n_pieces - 1,
        3 * (line.n_pieces - 1) + 1,
    )


@dataclass(frozen=True, eq=False)
class Glass:
    """A square of the plane, cut and painted.

    ``colors`` (n_rows, n_columns), 0 to 4, differ across every cut; ``positive`` (n_rows, n_columns) tells
    where the output is above zero. X (n_samples, 2) and y (n_samples,) are what a trained network has
    learned from, otherwise empty; ``accuracy`` is in percent.
    """

    colors: np.ndarray
    positive: np.ndarray
    X: np.ndarray
    y: np.ndarray
    n_regions: int
    n_neurons: int
    accuracy: float
    growth: Growth


def regions(*, layers: int = 2, units: int = 6, glass_seed: int = 0, weights_are: str = "at_random") -> Glass:
    """Cut [-RADIUS, RADIUS]^2 by a network of ReLUs, its weights ``at_random`` or ``trained`` on a circle."""
    net = MLP((2, *layers * (units,), 1), ACTIVATIONS["relu"])
    parameters = net.initialise([glass_seed])
    X, y, accuracy = torch.empty(0, 2, dtype=torch.float64), torch.empty(0, 1, dtype=torch.float64), 0.0
    if weights_are == "trained":
        X, y = sample_toy_set("circle", N_TRAINING, noise=0.0, seed=glass_seed)
        X = X / 2
        parameters = train(net, parameters, X, y, n_steps=N_GLASS_STEPS).parameters[-1]
        accuracy = 100 * float((net.predict(parameters, X)[0] * y > 0).double().mean())
    found = cut(net, parameters, RADIUS)
    pixels = net.sums(parameters, _plane(N_PAINTED, RADIUS))
    number, color = 0, torch.zeros(N_PAINTED**2, dtype=torch.int64)
    for z in pixels[:-1]:
        # Across a cut one neuron switches, and its own step of 1 to 4 changes the colour.
        step = 1 + (number + torch.arange(z.shape[2])) % 4
        color += ((z[0] > 0) * step).sum(1)
        number += z.shape[2]
    square = (N_PAINTED, N_PAINTED)
    counts, n = np.array(found.after), np.arange(1, layers + 1)
    growth = Growth(
        counts,
        counts,
        counts,
        np.array([most_of_one_layer(int(i) * units) for i in n]),
        float(most_of_one_layer(units)) ** n,
    )
    return Glass(
        (color % 5).reshape(square).numpy().astype(np.uint8),
        (pixels[-1][0, :, 0] > 0).reshape(square).numpy(),
        X.numpy(),
        y[:, 0].numpy(),
        found.after[-1],
        layers * units,
        accuracy,
        growth,
    )
