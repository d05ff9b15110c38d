"""The experiments of the page "Softmax": scores, probabilities, their price, and nets that learn from it."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explainer.nets import export
from explainer.nets.activations import ACTIVATIONS
from explainer.nets.data import mislabel, sample_classes
from explainer.nets.maps import cells
from explainer.nets.mlp import MLP
from explainer.nets.softmax import (
    cross_entropy,
    cross_entropy_gradient,
    log_loss,
    naive_softmax,
    one_hot,
    shifted,
    softmax,
)
from explainer.nets.task import Tick
from explainer.nets.training import N_FRAMES, History, every_frame, train

CLASSES = ("cat", "dog", "fox", "owl", "lion", "whale")  # the first three are the slide's
PHOTOS = ("cat", "fox", "dog")  # the slide's three rows
# Where the logits start, by the names of their sliders; the first three of each photo are the slide's.
LOGITS = {
    "cat": {"cat1": 5.0, "cat2": 4.0, "cat3": 2.0, "cat4": 1.0, "cat5": 0.0, "cat6": -1.0},
    "fox": {"fox1": 4.0, "fox2": 2.0, "fox3": 8.0, "fox4": 1.0, "fox5": 0.0, "fox6": -1.0},
    "dog": {"dog1": 4.0, "dog2": 4.0, "dog3": 1.0, "dog4": 1.0, "dog5": 0.0, "dog6": -1.0},
}
SHIFTED = {"s1": 5.0, "s2": 4.0, "s3": 2.0}
RUNNING = {"t1": 1.0, "t2": 0.0, "t3": -1.0}
PLACE = ((1.0, 3.0),)  # where the pointer stands at first
PUSHED = {"g1": 5.0, "g2": 4.0, "g3": 2.0}
N_IMAGES = 30  # of the regions; every second frame has one
N_PIXELS = 40  # along a side
VIEW = (-6.0, 6.0)  # of both axes of the plane
N_SAMPLES, N_FRESH, N_HIDDEN = 150, 300, 16
MODELS = ("linear", "hidden_layer")
POINT_GROUPS, POINT_TWIST = 4, 0.15  # what one point is taken from
L2 = 1e-3  # keeps the weights finite where straight lines part the classes
START = {"blind": True}  # so that the first guess costs ln K
WARM = {"train_it": [{"model": "hidden_layer"}]}  # torch's optimisers take more than a second to import

Logits = tuple[float, ...]
Regions = tuple[np.ndarray, np.ndarray]  # most probable class and its probability on a grid of the plane


def _slide(photo: str) -> tuple[Logits, Logits, int]:
    """Return what the slide prints: the logits, the probabilities, and the true class, from 0."""
    from explainer import facts  # not above: the second process, which trains, shall do without pandas

    row = facts.load("softmax_slide").set_index("photo").loc[photo]
    logits, printed = (tuple(float(row[f"{name}_{k}"]) for k in (1, 2, 3)) for name in ("logit", "printed"))
    return logits, printed, int(row["truth"]) - 1


def _double(values: object) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


@dataclass(frozen=True, eq=False)
class Stages:
    """Logits become probabilities and a price; arrays are (n_classes,), ``y`` is the true class from 0.

    ``exponentials`` are exp(z / T), ``total`` their sum; ``prices`` are -ln p of every class. ``rounded``
    are the probabilities with two decimals, ``rounded_total`` their sum; ``remark`` is "sum" where that is
    not 1, else "zero" where one of them rounds to 0, else "none". ``batch`` (n_photos,) are the prices of
    all photos' true classes, ``mean`` is their mean. Where these are the numbers of the slide,
    ``printed`` are the probabilities as it prints them, else nothing; ``printed_price`` is -ln of the true
    class's as the slide rounds it.
    """

    logits: np.ndarray
    exponentials: np.ndarray
    total: float
    probabilities: np.ndarray
    prices: np.ndarray
    y: int
    rounded: np.ndarray
    rounded_total: float
    batch: np.ndarray
    mean: float
    remark: str
    printed: str
    printed_price: float

    @property
    def board(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, float, int]:
        """The four stages: logits, exponentials, probabilities, and the price of the true class."""
        price = float(self.prices[self.y])
        return self.logits, self.exponentials, self.probabilities, price, self.y


def stages(
    *,
    photo: str = "cat",
    logits: tuple[Logits, ...] = tuple(tuple(LOGITS[photo].values())[:3] for photo in PHOTOS),
    truth: tuple[int, ...] = tuple(CLASSES.index(photo) for photo in PHOTOS),
    temperature: float = 1.0,
) -> Stages:
    """Take the logits of one photo through the four stages, and those of all photos to the mean price.

    ``logits`` and ``truth`` have an entry a photo.
    """
    z, y, i = _double(logits), torch.tensor(truth), PHOTOS.index(photo)
    p = softmax(z[i], temperature).numpy()
    exponentials = (z[i] / temperature).exp()
    batch = cross_entropy(z, y, temperature)
    rounded, (given, printed, answer) = p.round(2), _slide(photo)
    total = round(float(rounded.sum()), 2)
    as_printed = temperature == 1 and (logits[i], truth[i]) == (given, answer)
    return Stages(
        z[i].numpy(),
        exponentials.numpy(),
        float(exponentials.sum()),
        p,
        log_loss(z[i], temperature).numpy(),
        truth[i],
        rounded,
        total,
        batch.numpy(),
        float(batch.mean()),
        "sum" if total != 1 else "zero" if (rounded == 0).any() else "none",
        f"[{', '.join(f'{p:.2f}' for p in printed)}]" if as_printed else "",
        -math.log(printed[answer]),
    )


@dataclass(frozen=True, eq=False)
class Shift:
    """Softmax of z + c, by the formula as written and by the shifted one.

    ``logits`` are (n_classes,), ``naive`` and ``stable`` (2, n_classes): exponentials and probabilities.
    ``naive`` may hold inf, 0 and nan: that is what the arithmetic answers. ``difference`` is the largest
    change of the shifted form's probabilities against those of the logits without c. ``verdict`` is
    "naive_same", "naive_inexact" (it has lost digits), "naive_overflow" or "naive_underflow".
    """

    logits: np.ndarray
    naive: np.ndarray
    stable: np.ndarray
    difference: float
    verdict: str


def shift(
    *, s1: float = 5.0, s2: float = 4.0, s3: float = 2.0, constant: int = 0, arithmetic: str = "float64"
) -> Shift:
    """Add ``constant`` to all logits and compute softmax both ways in float32 or float64."""
    kind = {"float32": torch.float32, "float64": torch.float64}[arithmetic]
    z = torch.tensor([s1, s2, s3], dtype=kind) + torch.tensor(constant, dtype=kind)
    exponentials, naive, p = z.exp(), naive_softmax(z), softmax(z)
    error = float((naive - p).abs().max())
    if not torch.isfinite(exponentials.sum()):
        verdict = "naive_overflow"
    elif not exponentials.sum() > 0:
        verdict = "naive_underflow"
    else:
        verdict = "naive_inexact" if error > 1e-5 else "naive_same"
    plain = softmax(_double([s1, s2, s3]))
    return Shift(
        z.double().numpy(),
        torch.stack([exponentials, naive]).double().numpy(),
        torch.stack([shifted(z).exp(), p]).double().numpy(),
        float((p.double() - plain).abs().max()),
        verdict,
    )


@dataclass(frozen=True, eq=False)
class NotArgmax:
    """Probabilities while the first logit runs over ``x`` (n_points,) and the others stay.

    ``curves`` is (n_classes, n_points); ``argmax`` (n_points,) is 1 where the first logit is the largest,
    ``sigmoid`` (n_points,) is that of (z1 - z2) / T. ``at`` (n_classes,) are the probabilities at the first
    logit's value. ``remark`` is "heat_tie" (it equals the largest other one), "heat_cold" or "heat_warm".
    ``difference`` is the largest one between the first curve and the sigmoid.
    """

    x: np.ndarray
    curves: np.ndarray
    argmax: np.ndarray
    sigmoid: np.ndarray
    at: np.ndarray
    temperature: float
    remark: str
    difference: float


def not_argmax(
    *, t1: float = 1.0, t2: float = 0.0, t3: float = -1.0, curves: str = "three", heat: float = 0.0
) -> NotArgmax:
    """Let the first of ``two`` or ``three`` logits run; ``heat`` is lg of the temperature."""
    rest, temperature = _double({"two": [t2], "three": [t2, t3]}[curves]), 10.0**heat
    # Dense where the first logit draws level with the others and curves bend; argmax jumps at the edge.
    evenly, edge = torch.linspace(-5, 5, 81, dtype=torch.float64), rest.max() + _double([0, 1e-6])
    near = temperature * (torch.logsumexp(rest / temperature, 0) + 1.6 * evenly)
    x = torch.cat([evenly, near.clip(-5, 5), edge]).sort().values
    p = softmax(torch.column_stack([x, rest.expand(len(x), -1)]), temperature)
    sigmoid = torch.sigmoid((x - t2) / temperature)
    return NotArgmax(
        x.numpy(),
        p.T.numpy(),
        (x > rest.max()).double().numpy(),
        sigmoid.numpy(),
        softmax(torch.cat([_double([t1]), rest]), temperature).numpy(),
        temperature,
        "heat_tie" if t1 == rest.max() else "heat_cold" if temperature < 0.1 else "heat_warm",
        float((p[:, 0] - sigmoid).abs().max()),
    )


@dataclass(frozen=True, eq=False)
class Push:
    """The gradient of the price by the logits, and one step against it.

    ``before`` and ``after`` are (2, n_classes), logits and probabilities; ``target`` (n_classes,) is the
    true class, one-hot. ``gradient`` (n_classes,) is what autograd found, ``difference`` its largest
    distance from p - onehot.
    """

    before: np.ndarray
    after: np.ndarray
    target: np.ndarray
    gradient: np.ndarray
    difference: float
    loss: float
    loss_after: float


def push(*, g1: float = 5.0, g2: float = 4.0, g3: float = 2.0, truth: str = "dog", eta: float = 1.0) -> Push:
    """Differentiate cross-entropy by the logits with autograd and step against it at the rate ``eta``."""
    z, y = _double([g1, g2, g3]).requires_grad_(), torch.tensor(CLASSES.index(truth))
    (gradient,) = torch.autograd.grad(cross_entropy(z, y), z)
    z = z.detach()
    after = z - eta * gradient
    return Push(
        torch.stack([z, softmax(z)]).numpy(),
        torch.stack([after, softmax(after)]).numpy(),
        one_hot(y, 3).numpy(),
        gradient.numpy(),
        float((gradient - cross_entropy_gradient(z, y)).abs().max()),
        float(cross_entropy(z, y)),
        float(cross_entropy(after, y)),
    )


@dataclass(frozen=True, eq=False)
class Training:
    """A net that learns classes of points: 60 frames of its training.

    ``X`` (n_samples, 2) with labels ``y``, of which ``wrong`` are not the true ones. ``regions`` are
    (n_images, n_pixels, n_pixels) each, rows from above, at every second frame. ``losses`` and ``accuracy``
    are (2, n_frames): on the training points, and on fresh points with true labels. ``confusion`` is
    (n_frames, n_classes, n_classes): fresh points by true class (row) and answer. ``blind`` is ln K.
    """

    X: np.ndarray
    y: np.ndarray
    wrong: np.ndarray
    regions: Regions
    losses: np.ndarray
    accuracy: np.ndarray
    confusion: np.ndarray
    blind: float
    n_parameters: int


def _net(model: str, n_classes: int) -> MLP:
    sizes = {"linear": (2, n_classes), "hidden_layer": (2, N_HIDDEN, n_classes)}[model]
    return MLP(sizes, ACTIVATIONS["tanh"])


def _learn(
    model: str, groups: int, twist: float, spoiled: int, draw: int, tick: Tick | None = None
) -> tuple[MLP, History, Tensor, Tensor, Tensor]:
    """Return the net, its history, X, the labels it learned from, and the true ones."""
    X, y = sample_classes(groups, N_SAMPLES, twist=twist, seed=draw)
    labels = mislabel(y, groups, spoiled / 100, seed=draw)
    net = _net(model, groups)
    history = train(
        net,
        net.initialise([0], **START),
        X,
        labels,
        optimizer="lbfgs",
        loss="cross_entropy",
        l2=L2,
        n_steps=N_FRAMES - 1,
        tick=tick,
    )
    return net, history, X, labels, y


def train_it(
    *,
    model: str = "linear",
    groups: int = 3,
    twist: float = 0.0,
    spoiled: int = 0,
    draw: int = 0,
    tick: Tick | None = None,
) -> Training:
    """Train z = Wx + b or a net with a hidden layer by L-BFGS; ``spoiled`` % of labels are wrong.

    ``tick`` is called at every step and may raise to end the training.
    """
    net, history, X, labels, y = _learn(model, groups, twist, spoiled, draw, tick)
    rows = every_frame(history.parameters[:, 0])
    fresh_X, fresh_y = sample_classes(groups, N_FRESH, twist=twist, seed=1000 + draw)
    losses, accuracy = [], []
    for points, truth in ((X, labels), (fresh_X, fresh_y)):
        logits = net.predict(rows, points)
        losses.append(cross_entropy(logits, truth.expand(N_FRAMES, -1)).mean(1))
        answers = logits.argmax(-1)
        accuracy.append((answers == truth).double().mean(1))
    pairs = fresh_y * groups + answers + groups**2 * torch.arange(N_FRAMES)[:, None]
    counts = torch.bincount(pairs.ravel(), minlength=N_FRAMES * groups**2)
    regions = _regions(net, rows[1 :: N_FRAMES // N_IMAGES])
    return Training(
        X.numpy(),
        labels.numpy(),
        (labels != y).numpy(),
        regions,
        torch.stack(losses).numpy(),
        torch.stack(accuracy).numpy(),
        counts.reshape(N_FRAMES, groups, groups).numpy(),
        math.log(groups),
        net.n_parameters,
    )


def _regions(net: MLP, rows: Tensor) -> Regions:
    """Return the most probable class and its probability, (n_rows, n_pixels, n_pixels) each."""
    # Single precision is finer than a pixel and twice as fast.
    confidence, winner = softmax(net.predict(rows.float(), cells(VIEW, N_PIXELS))).max(-1)
    winner, confidence = (part.reshape(-1, N_PIXELS, N_PIXELS).numpy() for part in (winner, confidence))
    return winner.astype(np.uint8), confidence


@dataclass(frozen=True, eq=False)
class OnePoint:
    """A trained net and what it says about each point that it learned from.

    ``X`` (n_samples, 2), labels ``y``; ``regions`` as in `Training`, of the last frame only. ``logits`` and
    ``probabilities`` are (n_samples, n_classes), ``prices`` (n_samples,); ``loss`` is their mean.
    """

    X: np.ndarray
    y: np.ndarray
    regions: Regions
    logits: np.ndarray
    probabilities: np.ndarray
    prices: np.ndarray
    loss: float

    def nearest(self, x: float, y: float) -> int:
        """Return the number of the point nearest to a place of the plane."""
        return int(np.square(self.X - (x, y)).sum(1).argmin())

    def board(self, i: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, float, int]:
        """Return the four stages of a point: logits, exponentials, probabilities, price, label."""
        z = self.logits[i]
        return z, np.exp(z), self.probabilities[i], float(self.prices[i]), int(self.y[i])


def one_point(*, machine: str = "linear", wrong: int = 4, tick: Tick | None = None) -> OnePoint:
    """Train a net on four classes, ``wrong`` % of labels wrong, and keep what it says about every point.

    ``tick`` is called at every step and may raise to end the training.
    """
    net, history, X, labels, _ = _learn(machine, POINT_GROUPS, POINT_TWIST, wrong, 0, tick)
    logits = net.predict(history.parameters[-1], X)[0]
    prices, regions = cross_entropy(logits, labels), _regions(net, history.parameters[-1])
    arrays = (logits.numpy(), softmax(logits).numpy(), prices.numpy())
    return OnePoint(X.numpy(), labels.numpy(), regions, *arrays, float(prices.mean()))


def train_it_script(
    *, model: str = "linear", groups: int = 3, twist: float = 0.0, spoiled: int = 0, draw: int = 0
) -> str:
    """Write the training of `train_it` as a script that needs torch alone."""
    net, history, X, labels, _ = _learn(model, groups, twist, spoiled, draw)
    return export.script(
        f"{model}: softmax of a net with sizes {net.sizes} learns {groups} classes of points.",
        net,
        X,
        labels,
        seed=0,
        initialisation=START,
        n_steps=int(history.steps[-1]),
        optimizer="lbfgs",
        loss="cross_entropy",
        l2=L2,
    )
