"""The experiments of the page "Two regressions joined by a third": hidden layers, by hand and trained."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explainer.nets import export
from explainer.nets.activations import ACTIVATIONS
from explainer.nets.army import SCALE, Army, train_army
from explainer.nets.borders import drawn, through
from explainer.nets.complexity import N_PLACES, bends, chords, pieces
from explainer.nets.crumpling import Sheet, crumple
from explainer.nets.data import sample_four_clouds, sample_toy_set
from explainer.nets.losses import LOSSES
from explainer.nets.maps import PICTURED, cells, probability_maps
from explainer.nets.mlp import MLP
from explainer.nets.separability import widest_strip
from explainer.nets.training import every_frame, train

VIEW = (-6.0, 6.0)  # of both axes of the plane
HIDDEN_VIEW = (-0.1, 1.1)  # of both axes of the hidden space
TOY_SETS = {"set_circles": "circle", "set_xor": "xor", "set_moons": "moons", "set_spiral": "spiral"}
KEPT = {
    "army": [{"army_set": name} for name in TOY_SETS],
    "crumpled_sheet": [
        {"sheet_units": units, "sheet_layers": n} for units in ("units_2", "units_3") for n in range(1, 5)
    ],
    "features": [{}],
}
FAMILIES = ("four_clouds", "ring", "own_points")
N_BY_HAND = 40

Handle = tuple[float, float]


# -- by hand ---------------------------------------------------------------------------------------

# Two points on the border of each hidden neuron, and two on that of the third one, in the hidden space.
LINES: tuple[Handle, ...] = ((0.5, -4.0), (0.5, 4.0), (4.0, -0.5), (-4.0, -0.5))
THIRD: tuple[Handle, ...] = ((0.0, 0.7), (0.7, 0.0))
DIAGONAL: tuple[Handle, ...] = ((-5.0, 3.0), (3.0, -5.0), (5.0, -3.0), (-3.0, 5.0))  # nearly there
OWN = ((3.0, 3.0, 1), (-3.0, -3.0, 1), (3.0, -3.0, 0), (-3.0, 3.0, 0))
DESCENT = {"optimizer": "sgd", "learning_rate": 2.0, "momentum": 0.9, "n_steps": 118}
TWO = MLP((2, 2, 1), ACTIVATIONS["sigmoid"])
ONE = MLP((2, 1), ACTIVATIONS["identity"])


@dataclass(frozen=True, eq=False)
class ByHand:
    """Two logistic regressions and a third on top, frame by frame; by hand there is one frame only.

    ``X`` (n_samples, 2) and ``y`` (n_samples,) are the points, ``h`` (n_frames, n_samples, 2) what the two
    make of them. ``parameters`` is (n_frames, 9). ``lines`` (n_frames, 4, 2, 2) are the ends of the three
    borders and of the middle of the widest strip, ``sides`` (n_frames, 4, 2) places on their positive
    sides; the third border and the strip are in the hidden space. ``maps`` and ``hidden_maps`` (n_images,
    SIDE, SIDE) uint8 are P(y = 1) over the plane and over the hidden space at the frames `PICTURED`.
    ``losses``, ``wrong`` and ``strips``, the width of the widest empty strip, are (n_frames,); ``mistaken``
    (n_frames, n_samples) marks who is called wrongly.
    ``verdict`` speaks of the hidden space: ``one_class``, ``inseparable``, ``separable`` (but the third line
    is wrong somewhere) or ``solved``; ``led`` of who led there: ``hand``, ``descent``, or ``stuck`` if
    descent has left mistakes. ``steps`` (n_frames,) are those of the descent, ``numbers`` stand in the words.
    """

    X: np.ndarray
    y: np.ndarray
    h: np.ndarray
    parameters: np.ndarray
    lines: np.ndarray
    sides: np.ndarray
    maps: np.ndarray
    hidden_maps: np.ndarray
    losses: np.ndarray
    wrong: np.ndarray
    mistaken: np.ndarray
    strips: np.ndarray
    steps: np.ndarray
    verdict: str
    led: str
    numbers: dict[str, float]

    @property
    def plane(self) -> tuple[np.ndarray, ...]:
        """What is drawn over the plane: maps, ends, sides, places of the points, y, and who is mistaken."""
        return self.maps, self.lines[:, :2], self.sides[:, :2], self.X[None], self.y, self.mistaken

    @property
    def space(self) -> tuple[np.ndarray, ...]:
        """The same of the hidden space."""
        return self.hidden_maps, self.lines[:, 2:], self.sides[:, 2:], self.h, self.y, self.mistaken


def _family(family: str, placed: Sequence[tuple[float, float, int]]) -> tuple[Tensor, Tensor]:
    if family == "own_points":
        rows = torch.tensor(placed, dtype=torch.float64).reshape(-1, 3)
        return rows[:, :2], rows[:, 2:]
    if family == "four_clouds":
        return sample_four_clouds(N_BY_HAND)
    X, y = sample_toy_set("circle", N_BY_HAND, noise=0.0, seed=0)
    return X, (y + 1) / 2


def _set_by_hand(
    lines: Sequence[Handle], third: Sequence[Handle], steep: float, steep_third: float
) -> Tensor:
    """Return the parameters (1, 9) of the network whose three borders go through the handles."""
    first, second = through(*lines[:2], steep), through(*lines[2:], steep)
    weights = (*first[:2], *second[:2], first[2], second[2], *through(*third, steep_third))
    return torch.tensor([weights], dtype=torch.float64)


def by_hand(
    *,
    family: str = "four_clouds",
    placed: tuple[tuple[float, float, int], ...] = OWN,
    lines: tuple[Handle, ...] = LINES,
    third: tuple[Handle, ...] = THIRD,
    steep_hidden: float = 1.5,
    steep_third: float = 8.0,
    who: str = "hand",
) -> ByHand:
    """Join two logistic regressions by a third, h = sigma(W1 x + b1), p = sigma(w2 h + b2).

    The borders go through the handles, their weights are as long as ``steep_hidden`` and ``steep_third``.
    With ``who`` = ``descent`` gradient descent goes on from exactly these weights.
    """
    X, y = _family(family, placed)
    start = _set_by_hand(lines, third, steep_hidden, steep_third)
    rows, steps = start[None], np.zeros(1, int)
    if who == "descent":
        history = train(TWO, start, X, y, loss="logloss", **DESCENT)
        rows = every_frame(history.parameters)
        steps = every_frame(history.steps)
    rows = rows[:, 0]
    (w1, b1), (w2, b2) = TWO.layers(rows)
    h = torch.sigmoid(torch.baddbmm(b1, X.expand(len(rows), *X.shape), w1.mT))
    logits = torch.baddbmm(b2, h, w2.mT)
    called = (logits > 0).to(y.dtype)
    mistaken = (called != y)[..., 0].numpy()
    wrong = mistaken.sum(1)
    ends, sides = drawn(w1, b1[:, 0])
    third_ends, third_sides = drawn(w2, b2[:, 0], (0.5, 0.5))
    strips = [widest_strip(frame, y[:, 0].numpy()) for frame in h.numpy()]
    middles = drawn(
        torch.tensor(np.stack([strip.weight for strip in strips])),
        torch.tensor([strip.bias for strip in strips], dtype=torch.float64),
        (0.5, 0.5),
    )
    widths = np.array([strip.width for strip in strips])
    images = rows[[i for i in PICTURED if i < len(rows)]]
    losses = LOSSES["logloss"](logits, y.expand(len(rows), *y.shape)).numpy()
    kinds = len(set(y[:, 0].tolist()))
    verdict = "solved" if not wrong[-1] else "separable" if widths[-1] else "inseparable"
    return ByHand(
        X.numpy(),
        y[:, 0].numpy(),
        h.numpy(),
        rows.numpy(),
        torch.cat([ends, third_ends, middles[0][:, None]], 1).numpy(),
        torch.cat([sides, third_sides, middles[1][:, None]], 1).numpy(),
        probability_maps(TWO, images, VIEW),
        probability_maps(ONE, images[:, 6:], HIDDEN_VIEW),
        losses,
        wrong,
        mistaken,
        widths,
        steps,
        verdict if kinds == 2 else "one_class",
        "stuck" if who == "descent" and wrong[-1] else who,
        {
            "wrong": int(wrong[-1]),
            "n": len(y),
            "strip": float(widths[-1]),
            "before": float(losses[0]),
            "after": float(losses[-1]),
            "steps": int(steps[-1]),
        },
    )


# -- an army ---------------------------------------------------------------------------------------

N_TRAIN, N_FRESH = 200, 400


def army(*, army_set: str = "set_circles", tick: Callable[[float], None] | None = None) -> Army:
    """Train 1 to `MOST` hidden neurons of tanh from `N_STARTS` beginnings each, as one batch of tensors."""
    X, y = sample_toy_set(TOY_SETS[army_set], N_TRAIN + N_FRESH, noise=0.1, seed=1)
    return train_army(X, (y + 1) / 2, n_train=N_TRAIN, tick=tick)


# -- the matrix form -------------------------------------------------------------------------------

PLACE = ((2.0, 1.5),)  # the point that is traced at first
LBFGS = {"optimizer": "lbfgs", "loss": "logloss", "l2": 3e-4, "n_steps": 60}


@dataclass(frozen=True, eq=False)
class Traced:
    """A trained network h = sigma(X W1 + b1), y = sigma(h W2 + b2) and all that a point meets on its way.

    ``W1`` (2, n), ``b1`` (n,), ``W2`` (n, 1), ``b2`` (1,), as they stand in the formula; inputs are not
    scaled. ``map``, ``ends`` and ``sides`` are those of `Squad`, ``X`` and ``y`` the points it learned from,
    ``loss`` is the logloss on them.
    """

    W1: np.ndarray
    b1: np.ndarray
    W2: np.ndarray
    b2: np.ndarray
    map: np.ndarray
    ends: np.ndarray
    sides: np.ndarray
    X: np.ndarray
    y: np.ndarray
    loss: float

    @property
    def plane(self) -> tuple[np.ndarray, ...]:
        """What is drawn over the plane: map, ends, sides, X and y."""
        return self.map, self.ends, self.sides, self.X, self.y

    def trace(self, place: Handle) -> dict[str, object]:
        """Return the numbers of one point by their letters: x, z1 and h are rows, z2 and p numbers.

        With them come what else is said: W1, W2 and the row b1, b2, n, x1, x2, samples and the loss.
        """
        x = np.array([place])
        z1 = x @ self.W1 + self.b1
        h = 1 / (1 + np.exp(-z1))
        z2 = float((h @ self.W2)[0, 0] + self.b2[0])
        numbers = {"x": x, "z1": z1, "h": h, "z2": z2, "p": 1 / (1 + math.exp(-z2))}
        numbers |= {"W1": self.W1, "b1": self.b1[None], "W2": self.W2, "b2": float(self.b2[0])}
        return numbers | {
            "n": len(self.b1),
            "x1": place[0],
            "x2": place[1],
            "samples": len(self.y),
            "loss": self.loss,
        }


def _traced(name: str, n_neurons: int) -> tuple[MLP, Tensor, Tensor, Tensor]:
    """Return what is trained: the network, its beginning (1, n_parameters), scaled X, and y."""
    X, y = sample_toy_set(TOY_SETS[name], N_TRAIN, noise=0.0, seed=1)
    net = MLP((2, n_neurons, 1), ACTIVATIONS["sigmoid"])
    return net, 2 * net.initialise([3]), X / SCALE, (y + 1) / 2


def traced(*, traced_set: str = "set_circles", traced_neurons: int = 3) -> Traced:
    """Train a small network of sigmoids by L-BFGS, for a point to go through."""
    net, begin, X, y = _traced(traced_set, traced_neurons)
    history = train(net, begin, X, y, seconds=20, **LBFGS)
    rows = history.parameters[-1]
    (w1, b1), (w2, b2) = net.layers(rows)
    ends, sides = drawn(w1 / SCALE, b1[:, 0])
    return Traced(
        (w1[0].T / SCALE).numpy(),
        b1[0, 0].numpy(),
        w2[0].T.numpy(),
        b2[0, 0].numpy(),
        probability_maps(net, rows, VIEW, scale=SCALE),
        ends.numpy(),
        sides.numpy(),
        (SCALE * X).numpy(),
        y[:, 0].numpy(),
        float(history.losses[-1, 0]),
    )


def traced_script(*, traced_set: str = "set_circles", traced_neurons: int = 3) -> str:
    """Write the training of `traced` as a script that needs torch alone."""
    net, begin, X, y = _traced(traced_set, traced_neurons)
    n_steps = int(train(net, begin, X, y, seconds=20, **LBFGS).steps[-1])
    title = f"A hidden layer of {traced_neurons} sigmoids learns {traced_set!r}."
    start = list(enumerate(begin[0].tolist()))
    return export.script(
        title, net, X, y, seed=3, initialisation={}, start=start, **LBFGS | {"n_steps": n_steps}
    )


# -- the crumpled sheet ----------------------------------------------------------------------------

N_SHEET, SHEET_SCALE = 120, 5.0
SHEETS = {"set_circles": "circle", "set_moons": "moons", "set_xor": "xor"}
RING = (0.5, 0.85)  # rim of the disc, and the ring around it, in units of the scale
UNITS = {"units_2": 2, "units_3": 3}


def crumpled_sheet(
    *,
    sheet_set: str = "set_circles",
    sheet_units: str = "units_2",
    sheet_layers: int = 2,
    tick: Callable[[float], None] | None = None,
) -> Sheet:
    """Train a deep net of two or three units a layer, and carry the plane with its points through it."""
    X, y = sample_toy_set(SHEETS[sheet_set], N_SHEET, noise=0.05 * (sheet_set == "set_moons"), seed=0)
    ring = RING if sheet_set == "set_circles" else None
    way = {"n_units": UNITS[sheet_units], "n_layers": sheet_layers, "ring": ring, "tick": tick}
    return crumple(X / SHEET_SCALE, (y + 1) / 2, **way)


# -- features of features --------------------------------------------------------------------------

FEATURE_F = ("relu", "tanh", "sigmoid")
N_FEATURES, N_RACING, N_CHORDS, FEATURE_SIDE = 6, 8, 40, 28
FEATURES_ADAM = {"optimizer": "adam", "learning_rate": 0.02, "n_steps": 400, "loss": "logloss"}


@dataclass(frozen=True, eq=False)
class Features:
    """What every neuron of a trained net answers over the plane, layer by layer.

    ``maps`` (n_layers, N_FEATURES, FEATURE_SIDE, FEATURE_SIDE) lie in -1 to 1: ReLU over its largest value,
    tanh, or 2 sigma - 1. ``output`` is 2 p - 1, ``inputs`` (2, …) are the plane's own x1 and x2.
    ``complexity`` has for every layer, the output last, the mean (n_neurons,) over `N_CHORDS` lines: of
    linear pieces for ReLU, else of sign changes of the second difference. ``right`` is the share of
    training points called right.
    """

    inputs: np.ndarray
    maps: np.ndarray
    output: np.ndarray
    complexity: list[np.ndarray]
    right: float

    @property
    def numbers(self) -> dict[str, float]:
        """Return the numbers in the words: n layers, mean complexities first, last, output; right in %."""
        first, *_ = means = [float(layer.mean()) for layer in self.complexity]
        ends = {"first": first, "last": means[-2], "output": means[-1]}
        return {"n": len(self.maps), "right": 100 * self.right} | ends


def features(
    *,
    feature_set: str = "set_spiral",
    feature_f: str = "relu",
    feature_layers: int = 3,
    tick: Callable[[float], None] | None = None,
) -> Features:
    """Train a net of equal layers, the best of `N_RACING` beginnings, and look at every neuron of it."""
    X, y = sample_toy_set(TOY_SETS[feature_set], N_TRAIN, noise=0.0, seed=1)
    X, y = X / SCALE, (y + 1) / 2
    net = MLP((2, *[N_FEATURES] * feature_layers, 1), ACTIVATIONS[feature_f])
    scheme = {"scheme": "he"} if feature_f == "relu" else {"scheme": "xavier"}
    begin = net.initialise(range(N_RACING), **(scheme if feature_layers > 1 else {})).float()
    history = train(net, begin, X.float(), y.float(), seconds=20, tick=tick, **FEATURES_ADAM)
    row = history.parameters[-1, history.best][None].double()
    places = cells(VIEW, FEATURE_SIDE).double()
    *sums, last = net.sums(row, places / SCALE)
    f = ACTIVATIONS[feature_f].function
    shape = (FEATURE_SIDE, FEATURE_SIDE)
    maps = torch.stack([f(z)[0].T.reshape(-1, *shape) for z in sums])
    if feature_f == "relu":
        maps = maps / maps.amax((-2, -1), keepdim=True).clamp(min=1e-9)
    elif feature_f == "sigmoid":
        maps = 2 * maps - 1
    return Features(
        (places.T.reshape(-1, *shape) / VIEW[1]).numpy(),
        maps.numpy(),
        (2 * torch.sigmoid(last[0].T.reshape(shape)) - 1).numpy(),
        _complexity(net, row, feature_f),
        float(((net.predict(row, X)[0] > 0) == (y > 0.5)).double().mean()),
    )


def _complexity(net: MLP, row: Tensor, f: str) -> list[np.ndarray]:
    ends = chords(N_CHORDS, VIEW[1] / SCALE)
    if f == "relu":
        layers = [(weight[0].numpy(), bias[0, 0].numpy()) for weight, bias in net.layers(row)]
        counted = [pieces(layers, *line) for line in ends]
        return [np.mean(layer, 0) for layer in zip(*counted, strict=True)]
    share = torch.linspace(0, 1, N_PLACES, dtype=torch.float64)[:, None]
    start, end = torch.from_numpy(ends).unbind(1)
    places = (start[:, None] + share * (end - start)[:, None]).reshape(-1, 2)
    *sums, last = net.sums(row, places)
    answers = [ACTIVATIONS[f].function(z) for z in sums] + [last]
    return [bends(answer[0].T.reshape(-1, N_CHORDS, N_PLACES)).double().mean(1).numpy() for answer in answers]
