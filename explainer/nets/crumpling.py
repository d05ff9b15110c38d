"""The crumpled sheet: the plane with its grid and two classes, as a deep net of few units carries it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.borders import drawn
from explainer.nets.carrying import axis_angle, carry, rotation, steps
from explainer.nets.mlp import MLP
from explainer.nets.training import N_FRAMES, train

N_STARTS = 16
ADAM = {"optimizer": "adam", "learning_rate": 0.05, "loss": "logloss", "l2": 1e-3}
N_STEPS = {2: 400, 3: 120}  # by the units of a layer: in space more only presses the sheet flat
_EDGE, _LINES, N_PLACES = 1.2, 9, 21  # of the grid: its edge, lines each way, places on a line
_L2, _N_NEWTON = 1e-3, 12  # of a frame's logistic regression
_LATE = 5  # frames at the end in which the separating line is there


@dataclass(frozen=True, eq=False)
class Seen:
    """The sheet as it is looked at, frame by frame, in a square from -1 to 1.

    ``grid`` is (n_frames, n_lines n_places, 2), ``points`` (n_frames, n_samples, 2), ``ring`` (n_frames,
    n_places, 2), ``border`` (n_frames, 2, 2) the ends of the line that separates at last.
    """

    grid: np.ndarray
    points: np.ndarray
    ring: np.ndarray
    border: np.ndarray

    @property
    def parts(self) -> tuple[np.ndarray, ...]:
        """The four of them, in this order."""
        return self.grid, self.points, self.ring, self.border


@dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet on its way through the layers: places (n_frames, n_places, n_units) in the layer's own space.

    ``y`` (n_samples,) are the classes of the points. The last neuron says 1 where ``weight`` h + ``bias`` is
    above 0; ``wrong`` counts its mistakes. ``right`` (n_frames,) is the share that a logistic regression, one
    straight line or plane, gets right at each frame. ``layer`` (n_frames,) counts from 1. ``leak`` is the
    share of the ring, the whole curve, that lies on the side of the disc, ``gap`` that of the disc's rim on
    the other; both are 0 without a ring.
    """

    grid: np.ndarray
    points: np.ndarray
    ring: np.ndarray
    y: np.ndarray
    weight: np.ndarray
    bias: float
    wrong: int
    right: np.ndarray
    layer: np.ndarray
    leak: float
    gap: float

    @property
    def numbers(self) -> dict[str, float]:
        """Return the numbers in the words: layers, n units, wrong of samples, and the leak in %."""
        sizes = {"layers": int(self.layer[-1]), "n": len(self.weight), "samples": len(self.y)}
        return sizes | {"wrong": self.wrong, "leak": 100 * self.leak}

    @property
    def n_places(self) -> int:
        """Return how many places of the grid make one line of it."""
        return N_PLACES

    @property
    def about_ring(self) -> str:
        """Say what became of the ring: ``no_ring``, or in the plane ``ring_held`` or ``ring_slipped``.

        In the plane it stays with the disc somewhere, even if all points are called right; in space it comes
        off wholly (``ring_open``) or not yet (``ring_leaks``).
        """
        if not self.ring.shape[1]:
            return "no_ring"
        if len(self.weight) == 2:
            return "ring_held" if self.wrong else "ring_slipped"
        return "ring_leaks" if self.leak else "ring_open"

    def seen(self, turn: float = 0.0) -> Seen:
        """Look at the sheet, from a camera that keeps all of it in view.

        In space it begins face to face with the sheet and ends with the separating plane edge-on, a vertical
        line; ``turn``, in degrees, goes around the vertical axis.
        """
        everything = np.concatenate([self.grid, self.points, self.ring], 1)
        n_units = everything.shape[2]
        centre = (everything.max(1, keepdims=True) + everything.min(1, keepdims=True)) / 2
        # A box is enough around what is seen from the front only.
        size = np.inf if n_units == 2 else 2
        radius = np.linalg.norm(everything - centre, ord=size, axis=2).max(1)[:, None, None]
        look = np.tile(np.eye(3)[:2, :n_units], (N_FRAMES, 1, 1))
        if n_units == 3:
            axis, angle = axis_angle(self._edge_on())
            yaw = rotation(np.array([0.0, 1.0, 0.0]), np.radians(turn))
            shares = np.linspace(0, 1, N_FRAMES)
            look = np.stack([(yaw @ rotation(axis, share * angle))[:2] for share in shares])
        flat = [((part - centre) / radius) @ look.transpose(0, 2, 1) for part in self._parts()]
        return Seen(*flat, self._border(centre[:, 0], radius[:, 0, 0], look, turn))

    def _parts(self) -> tuple[np.ndarray, ...]:
        return self.grid, self.points, self.ring

    def _edge_on(self) -> np.ndarray:
        """Return the rotation (3, 3) after which the weight points to the right, and the sheet is widest.

        Of the directions across the weight the one in which the sheet ends up widest points upwards.
        """
        right = self.weight / np.linalg.norm(self.weight)
        spread = self.grid[-1] - self.grid[-1].mean(0)
        up = np.linalg.svd(spread - np.outer(spread @ right, right), full_matrices=False)[2][0]
        return np.stack([right, up, np.cross(right, up)])

    def _border(self, centre: np.ndarray, radius: np.ndarray, look: np.ndarray, turn: float) -> np.ndarray:
        """Return the ends of the separating line; a plane is one only if it is seen edge-on."""
        normal = look @ self.weight * radius[:, None]
        bias = centre @ self.weight + self.bias
        ends, _ = drawn(torch.from_numpy(normal), torch.from_numpy(bias))
        late = np.arange(N_FRAMES) >= N_FRAMES - _LATE
        shown = late & (len(self.weight) == 2 or turn % 180 == 0)
        if len(self.weight) == 3:
            shown &= np.arange(N_FRAMES) == N_FRAMES - 1
        return np.where(shown[:, None, None], ends.numpy(), 99.0)


def crumple(
    X: Tensor,
    y: Tensor,
    *,
    n_units: int,
    n_layers: int,
    ring: tuple[float, float] | None = None,
    tick: Callable[[float], None] | None = None,
) -> Sheet:
    """Train a net of ``n_layers`` hidden layers of ``n_units`` tanh on X (n_samples, 2), y (n_samples, 1).

    `N_STARTS` beginnings race as one batch, the one of least loss carries the sheet. ``ring`` are the radii
    of the disc's rim and of the ring around it, if the data are that; inputs are of the size of one.
    """
    net = MLP((2, *[n_units] * n_layers, 1), ACTIVATIONS["tanh"])
    begin = net.initialise(range(N_STARTS)).float()
    history = train(net, begin, X.float(), y.float(), n_steps=N_STEPS[n_units], seconds=20, tick=tick, **ADAM)
    row = history.parameters[-1, history.best][None].double()
    *hidden, (v, c) = net.layers(row)
    found, sign = steps([(weight[0].numpy(), bias[0, 0].numpy()) for weight, bias in hidden])
    turn = np.linspace(0, 2 * np.pi, 73)
    circle = np.stack([np.cos(turn), np.sin(turn)], 1)
    curve = ring[1] * circle if ring else np.zeros((0, 2))
    points = carry(found, X.numpy(), N_FRAMES)
    wrong = (net.predict(row, X)[0] > 0).double() != y
    fine = np.linspace(0, 2 * np.pi, 3600, endpoint=False)
    fine = torch.from_numpy(np.stack([np.cos(fine), np.sin(fine)], 1))
    sides = [float((net.predict(row, radius * fine) > 0).double().mean()) for radius in ring or ()]
    return Sheet(
        carry(found, _grid(), N_FRAMES),
        points,
        carry(found, curve, N_FRAMES),
        y[:, 0].numpy(),
        v[0, 0].numpy() * sign,
        float(c),
        int(wrong.sum()),
        _shares_right(torch.from_numpy(points), y).numpy(),
        np.minimum(np.arange(N_FRAMES) * n_layers // (N_FRAMES - 1), n_layers - 1) + 1,
        sides[1] if ring else 0.0,
        1 - sides[0] if ring else 0.0,
    )


def _grid() -> np.ndarray:
    """Return the lines of the grid, (2 n_lines n_places, 2), one after another."""
    lines, places = np.linspace(-_EDGE, _EDGE, _LINES), np.linspace(-_EDGE, _EDGE, N_PLACES)
    along, across = (a.ravel() for a in np.meshgrid(places, lines))
    return np.concatenate([np.stack([along, across], 1), np.stack([across, along], 1)])


def _shares_right(places: Tensor, y: Tensor) -> Tensor:
    """Return what share of every frame's places a logistic regression of its own calls right, (n_frames,).

    ``places`` are (n_frames, n_samples, n_units), y (n_samples, 1) is 0 or 1. Newton's method on all frames
    at once; a small penalty keeps it finite where one cut parts the classes.
    """
    scaled = (places - places.mean(1, keepdim=True)) / places.std((1, 2), keepdim=True)
    X = torch.cat([torch.ones_like(scaled[..., :1]), scaled], 2)
    penalty = _L2 * torch.eye(X.shape[2], dtype=X.dtype)
    penalty[0, 0] = 0  # the bias
    w = X.new_zeros(len(X), X.shape[2], 1)
    for _ in range(_N_NEWTON):
        p = torch.sigmoid(X @ w)
        gradient = X.mT @ (p - y) / len(y) + penalty @ w
        hessian = X.mT @ (p * (1 - p) * X) / len(y) + penalty
        w = w - torch.linalg.solve(hessian, gradient)
    return ((X @ w > 0) == (y > 0.5)).double().mean((1, 2))
