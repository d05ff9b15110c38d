"""A sheet carried slowly through the layers of a network: each stretches, turns, shifts and squashes it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Layer = tuple[np.ndarray, np.ndarray]  # weight (n_out, n_in) and bias (n_out,)


@dataclass(frozen=True, eq=False)
class Step:
    """One layer h -> tanh(W h + b) of as many neurons as inputs, W = R S with det W > 0.

    ``axis`` (3,) and ``angle`` are the rotation R, ``stretch`` S (n, n) is symmetric and positive; in the
    plane the axis is the third one.
    """

    axis: np.ndarray
    angle: float
    stretch: np.ndarray
    bias: np.ndarray

    def at(self, h: np.ndarray, share: float) -> np.ndarray:
        """Return where the points h (n_points, n) are after a ``share`` of the layer, 0 to 1.

        In the first half W and b grow from nothing, in the second one z moves on straight to tanh(z). At
        every share the plane (or space) is mapped one to one and continuously: nothing is torn or folded on
        the way, as in the layer itself.
        """
        n = len(self.bias)
        u = min(1.0, 2 * share)
        turned = rotation(self.axis, u * self.angle)[:n, :n]
        grown = (1 - u) * np.eye(n) + u * self.stretch
        z = h @ (turned @ grown).T + u * self.bias
        squashed = max(0.0, 2 * share - 1)
        return (1 - squashed) * z + squashed * np.tanh(z)


def rotation(axis: np.ndarray, angle: float) -> np.ndarray:
    """Return the rotation (3, 3) by ``angle`` around an axis of length 1 (Rodrigues)."""
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def axis_angle(turned: np.ndarray) -> tuple[np.ndarray, float]:
    """Return axis (3,) and angle, 0 to pi, of a rotation (3, 3): the inverse of `rotation`."""
    # What the rotation leaves alone: the least stretched direction of R - 1.
    axis = np.linalg.svd(turned - np.eye(3))[2][-1]
    aside = np.linalg.svd(axis[None])[2][1]
    moved = turned @ aside
    angle = float(np.arctan2(axis @ np.cross(aside, moved), aside @ moved))
    return (axis, angle) if angle >= 0 else (-axis, -angle)


def steps(layers: Sequence[Layer]) -> tuple[list[Step], np.ndarray]:
    """Cut hidden layers of tanh, all of as many neurons (2 or 3), into slow steps that compute the same.

    The first layer may have fewer inputs than neurons: then the sheet lies in space, and the weight gets a
    column of its own for the direction across, which is 0 everywhere. A weight with det W < 0 would turn
    the sheet over, for which there is no way within the plane. So a neuron changes its sign, in its own layer
    and in the next one: as tanh(-z) = -tanh(z), only the outputs of the last layer may differ, by the signs
    (n,) that are returned as well.

    Raises
    ------
    ValueError
        If a weight has no inverse: it would press the sheet flat.
    """
    found, sign = [], np.ones(layers[0][0].shape[1])
    for weight, bias in layers:
        n, n_in = weight.shape
        weight = weight * sign
        if n_in < n:
            weight = np.column_stack([weight, np.cross(*weight.T)])
        determinant = np.linalg.det(weight)
        if abs(determinant) < 1e-12:
            raise ValueError(f"a layer presses the sheet flat: the determinant is {determinant}")
        sign = np.ones(n)
        if determinant < 0:
            sign[0] = -1
        weight, bias = weight * sign[:, None], bias * sign
        u, s, vt = np.linalg.svd(weight)
        turned = np.eye(3)
        turned[:n, :n] = u @ vt
        found.append(Step(*axis_angle(turned), vt.T @ np.diag(s) @ vt, bias))
    return found, sign


def carry(found: Sequence[Step], X: np.ndarray, n_frames: int) -> np.ndarray:
    """Carry the points X (n_points, 2) through the steps: (n_frames, n_points, n), layer by layer."""
    n = len(found[0].bias)
    h = np.zeros((len(X), n))
    h[:, : X.shape[1]] = X
    frames, done = [], 0
    for frame in range(n_frames):
        place = frame / (n_frames - 1) * len(found)
        while done < min(int(place), len(found) - 1):
            h = found[done].at(h, 1.0)
            done += 1
        frames.append(found[done].at(h, place - done))
    return np.stack(frames)
