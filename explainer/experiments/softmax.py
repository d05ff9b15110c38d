"""The experiments of the page "Softmax": scores, probabilities, their price, and nets that learn from it."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explainer import facts
from explainer.nets import export
from explainer.nets.activations import ACTIVATIONS
from explainer.nets.data import mislabel, sample_classes
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
from explainer.nets.training import History, train

CLASSES = ("cat", "dog", "fox", "owl", "lion", "whale")  # the first three are the slide's
PHOTOS = ("cat", "fox", "dog")  # the slide's three rows
N_FRAMES = 60
N_IMAGES = 30  # of the regions; every second frame has one
N_PIXELS = 40  # along a side
VIEW = (-3.0, 3.0)  # of both axes of the plane
N_SAMPLES, N_FRESH = 150, 300
N_HIDDEN = 16
L2 = 1e-3  # keeps the weights finite where straight lines part the classes
START = {"blind": True}  # so that the first guess costs ln K
WARM = {"train_it": [{"model": "hidden"}]}  # torch's optimisers take more than a second to import

Logits = tuple[float, ...]
# For the classes that the slide does not have: their logits until a hand moves them.
MORE = (1.0, 0.0, -1.0)


@dataclass(frozen=True)
class Slide:
    """A row of the slide: logits, printed probabilities, the true class (from 0), all as printed."""

    logits: Logits
    printed: Logits
    truth: int


def slide(photo: str) -> Slide:
    """Return what the slide prints for the photo of a cat, a fox or a dog."""
    table = facts.load("softmax_slide").set_index("photo")
    row = table.loc[photo]
    return Slide(
        *(tuple(float(row[f"{name}_{k}"]) for k in (1, 2, 3)) for name in ("logit", "printed")),
        int(row["truth"]) - 1,
    )


def _double(values: object) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


@dataclass(frozen=True, eq=False)
class Stages:
    """Logits become probabilities and a price; arrays are (n_classes,), ``y`` is the true class from 0.

    ``exponentials`` are exp(z / T), ``total`` their sum; ``prices`` are -ln p of every class. ``rounded``
    are the probabilities with two decimals, ``rounded_total`` their sum. ``batch`` (n_photos,) are the
    prices of all photos' true classes, ``mean`` is their mean. ``on_slide`` tells whether these are the
    numbers of the slide.
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
    on_slide: bool


def stages(
    *,
    photo: str = "cat",
    logits: tuple[Logits, ...] = tuple(slide(photo).logits for photo in PHOTOS),
    truth: tuple[int, ...] = tuple(slide(photo).truth for photo in PHOTOS),
    temperature: float = 1.0,
) -> Stages:
    """Take the logits of one photo through the four stages, and those of all photos to the mean price.

    ``logits`` and ``truth`` have an entry a photo.
    """
    z, y, i = _double(logits), torch.tensor(truth), PHOTOS.index(photo)
    p = softmax(z[i], temperature).numpy()
    exponentials = (z[i] / temperature).exp()
    batch = cross_entropy(z, y, temperature)
    rounded = p.round(2)
    printed = slide(photo)
    return Stages(
        z[i].numpy(),
        exponentials.numpy(),
        float(exponentials.sum()),
        p,
        log_loss(z[i], temperature).numpy(),
        truth[i],
        rounded,
        round(float(rounded.sum()), 2),
        batch.numpy(),
        float(batch.mean()),
        temperature == 1 and logits[i] == printed.logits and truth[i] == printed.truth,
    )


@dataclass(frozen=True, eq=False)
class Shift:
    """Softmax of z + c, by the formula as written and by the shifted one; arrays are (n_classes,).

    ``naive_*`` may hold inf, 0 and nan: that is what the arithmetic answers. ``difference`` is the largest
    change of the shifted form's probabilities against those of the logits without c. ``verdict`` is "same",
    "inexact" (the naive form has lost digits), "overflow" or "underflow".
    """

    logits: np.ndarray
    naive_exponentials: np.ndarray
    naive: np.ndarray
    exponentials: np.ndarray
    probabilities: np.ndarray
    difference: float
    verdict: str


def shift(
    *, s1: float = 5.0, s2: float = 4.0, s3: float = 2.0, constant: int = 0, precision: str = "float64"
) -> Shift:
    """Add ``constant`` to all logits and compute softmax both ways in float32 or float64."""
    kind = {"float32": torch.float32, "float64": torch.float64}[precision]
    z = torch.tensor([s1, s2, s3], dtype=kind) + torch.tensor(constant, dtype=kind)
    exponentials, naive, p = z.exp(), naive_softmax(z), softmax(z)
    error = float((naive - p).abs().max())
    if not torch.isfinite(exponentials.sum()):
        verdict = "overflow"
    elif not exponentials.sum() > 0:
        verdict = "underflow"
    else:
        verdict = "inexact" if error > 1e-5 else "same"
    plain = softmax(_double([s1, s2, s3]))
    return Shift(
        z.double().numpy(),
        exponentials.double().numpy(),
        naive.double().numpy(),
        shifted(z).exp().double().numpy(),
        p.double().numpy(),
        float((p.double() - plain).abs().max()),
        verdict,
    )


@dataclass(frozen=True, eq=False)
class NotArgmax:
    """Probabilities while the first logit runs over ``x`` (n_points,) and the others stay.

    ``curves`` is (n_classes, n_points); ``argmax`` (n_points,) is 1 where the first logit is the largest.
    ``at`` (n_classes,) are the probabilities at the first logit's value. ``difference`` is the largest one
    between the curve of the first of two classes and the sigmoid of (z1 - z2) / T.
    """

    x: np.ndarray
    curves: np.ndarray
    argmax: np.ndarray
    at: np.ndarray
    tie: bool
    difference: float


def not_argmax(
    *, t1: float = 1.0, t2: float = 0.0, t3: float = -1.0, n_curves: int = 3, heat: float = 0.0
) -> NotArgmax:
    """Draw softmax of 2 or 3 logits against the first of them; ``heat`` is lg of the temperature."""
    x = torch.linspace(-5, 5, 401, dtype=torch.float64)
    rest = _double([t2, t3][: n_curves - 1])
    temperature = 10.0**heat
    curves = softmax(torch.column_stack([x, rest.expand(len(x), -1)]), temperature)
    z = torch.cat([_double([t1]), rest])
    sigmoid = torch.sigmoid((x - t2) / temperature)
    return NotArgmax(
        x.numpy(),
        curves.T.numpy(),
        (x > rest.max()).double().numpy(),
        softmax(z, temperature).numpy(),
        bool(z[0] == rest.max()),
        float((curves[:, 0] - sigmoid).abs().max()),
    )


@dataclass(frozen=True, eq=False)
class Push:
    """The gradient of the price by the logits, and one step against it; arrays are (n_classes,).

    ``gradient`` is what autograd found, ``difference`` its largest distance from p - onehot.
    """

    logits: np.ndarray
    probabilities: np.ndarray
    target: np.ndarray
    gradient: np.ndarray
    difference: float
    after: np.ndarray
    probabilities_after: np.ndarray
    loss: float
    loss_after: float


def push(*, g1: float = 5.0, g2: float = 4.0, g3: float = 2.0, truth: int = 1, eta: float = 1.0) -> Push:
    """Differentiate cross-entropy by the logits with autograd and step against it at the rate ``eta``."""
    z, y = _double([g1, g2, g3]).requires_grad_(), torch.tensor(truth)
    (gradient,) = torch.autograd.grad(cross_entropy(z, y), z)
    z = z.detach()
    after = z - eta * gradient
    return Push(
        z.numpy(),
        softmax(z).numpy(),
        one_hot(y, 3).numpy(),
        gradient.numpy(),
        float((gradient - cross_entropy_gradient(z, y)).abs().max()),
        after.numpy(),
        softmax(after).numpy(),
        float(cross_entropy(z, y)),
        float(cross_entropy(after, y)),
    )


@dataclass(frozen=True, eq=False)
class Training:
    """A net that learns classes of points: 60 frames of its training.

    ``X`` (n_samples, 2) with labels ``y``, of which ``wrong`` are not the true ones. ``winner`` and
    ``confidence`` are (n_images, n_pixels, n_pixels): the most probable class and its probability on a
    grid of the plane, rows from above, at every second frame. ``losses`` and ``accuracy`` are
    (2, n_frames): on the training points, and on fresh points with true labels. ``confusion`` is
    (n_frames, n_classes, n_classes): fresh points by true class (row) and answer. ``blind`` is ln K.
    """

    X: np.ndarray
    y: np.ndarray
    wrong: np.ndarray
    winner: np.ndarray
    confidence: np.ndarray
    losses: np.ndarray
    accuracy: np.ndarray
    confusion: np.ndarray
    blind: float
    n_parameters: int


def _net(model: str, n_classes: int) -> MLP:
    sizes = {"linear": (2, n_classes), "hidden": (2, N_HIDDEN, n_classes)}[model]
    return MLP(sizes, ACTIVATIONS["tanh"])


def _learn(
    model: str, groups: int, twist: float, spoiled: float, draw: int
) -> tuple[MLP, History, Tensor, Tensor, Tensor]:
    """Return the net, its history, X, the labels it learned from, and the true ones."""
    X, y = sample_classes(groups, N_SAMPLES, twist=twist, seed=draw)
    labels = mislabel(y, groups, spoiled, seed=draw)
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
    )
    return net, history, X, labels, y


def train_it(
    *, model: str = "linear", groups: int = 3, twist: float = 0.0, spoiled: float = 0.0, draw: int = 0
) -> Training:
    """Train z = Wx + b or a net with a hidden layer by L-BFGS; ``spoiled`` is the share of wrong labels."""
    net, history, X, labels, y = _learn(model, groups, twist, spoiled, draw)
    rows = _every_frame(history.parameters)
    fresh_X, fresh_y = sample_classes(groups, N_FRESH, twist=twist, seed=1000 + draw)
    losses, accuracy = [], []
    for points, truth in ((X, labels), (fresh_X, fresh_y)):
        logits = net.predict(rows, points)
        losses.append(cross_entropy(logits, truth.expand(N_FRAMES, -1)).mean(1))
        answers = logits.argmax(-1)
        accuracy.append((answers == truth).double().mean(1))
    pairs = fresh_y * groups + answers + groups**2 * torch.arange(N_FRAMES)[:, None]
    counts = torch.bincount(pairs.ravel(), minlength=N_FRAMES * groups**2)
    # Single precision is finer than a pixel and twice as fast.
    grid = softmax(net.predict(rows[1 :: N_FRAMES // N_IMAGES].float(), _plane().float()))
    confidence, winner = grid.max(-1)
    return Training(
        X.numpy(),
        labels.numpy(),
        (labels != y).numpy(),
        winner.reshape(N_IMAGES, N_PIXELS, N_PIXELS).numpy().astype(np.uint8),
        confidence.reshape(N_IMAGES, N_PIXELS, N_PIXELS).numpy(),
        torch.stack(losses).numpy(),
        torch.stack(accuracy).numpy(),
        counts.reshape(N_FRAMES, groups, groups).numpy(),
        math.log(groups),
        net.n_parameters,
    )


def _every_frame(parameters: Tensor) -> Tensor:
    """Repeat the last frame of a run that ended early."""
    missing = N_FRAMES - len(parameters)
    return torch.cat([parameters, parameters[-1:].expand(missing, -1, -1)])[:, 0]


def _plane() -> Tensor:
    """Return the pixels' centres (n_pixels^2, 2), row by row from above."""
    side = VIEW[1] - VIEW[0]
    centres = VIEW[0] + side * (torch.arange(N_PIXELS, dtype=torch.float64) + 0.5) / N_PIXELS
    down, across = torch.meshgrid(-centres, centres, indexing="ij")
    return torch.stack([across.ravel(), down.ravel()], dim=1)


def train_it_script(
    *, model: str = "linear", groups: int = 3, twist: float = 0.0, spoiled: float = 0.0, draw: int = 0
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
