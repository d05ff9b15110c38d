"""Linear regions: a network of ReLUs cuts the plane into polygons, on each of which it is linear."""

from dataclasses import dataclass

import torch
from torch import Tensor

from explainer.nets.mlp import MLP

MOST = 20_000  # polygons


@dataclass(frozen=True, eq=False)
class Regions:
    """The polygons into which the hidden layers cut a square.

    ``corners`` (n_regions, n_corners, 2) goes around each; a polygon of fewer corners repeats its first.
    ``after`` counts the regions after each hidden layer.
    """

    corners: Tensor
    after: tuple[int, ...]

    @property
    def areas(self) -> Tensor:
        """Return the areas (n_regions,) of the polygons."""
        x, y = self.corners.unbind(2)
        return (x * y.roll(-1, 1) - y * x.roll(-1, 1)).sum(1).abs() / 2


def cut(net: MLP, parameters: Tensor, radius: float) -> Regions:
    """Cut the square [-radius, radius]^2 along the lines at which a hidden ReLU switches on or off.

    ``parameters`` are (1, n_parameters) of a network of two inputs. On a polygon every sum of the next
    layer is linear, z = a x + c, so each neuron cuts it along one straight line or not at all: in the
    first layer along one line across the whole plane, deeper along one that bends at every earlier cut.

    Raises
    ------
    ValueError
        If there are more than `MOST` regions.
    """
    square = [[-radius, -radius], [radius, -radius], [radius, radius], [-radius, radius]]
    corners = torch.tensor([square], dtype=torch.float64)
    slope, level = torch.eye(2, dtype=torch.float64)[None], torch.zeros(1, 2, dtype=torch.float64)
    after = []
    for weight, bias in net.layers(parameters)[:-1]:
        slope, level = weight[0] @ slope, level @ weight[0].T + bias[0, 0]
        for j in range(len(weight[0])):
            corners, slope, level = _split(corners, slope, level, j, 1e-9 * radius)
            if len(corners) > MOST:
                raise ValueError(f"more than {MOST} regions")
        # A corner may lie on a line; the middle of a polygon never does.
        z = (slope @ corners.mean(1)[..., None])[..., 0] + level
        slope, level = slope * (z > 0)[..., None], level * (z > 0)
        after.append(len(corners))
    return Regions(corners, tuple(after))


def _split(
    corners: Tensor, slope: Tensor, level: Tensor, j: int, room: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Cut every polygon on which neuron ``j`` changes its sign in two, unless only by ``room`` at an edge.

    ``slope`` (n_regions, n_neurons, 2) and ``level`` (n_regions, n_neurons) are those of all neurons.
    """
    steep = slope[:, j].norm(dim=1, keepdim=True).clamp_min(1e-300)
    z = ((corners @ slope[:, j, :, None])[..., 0] + level[:, j, None]) / steep  # distances from the line
    cut = (z.amax(1) > room) & (z.amin(1) < -room)
    if not cut.any():
        return corners, slope, level
    polygons, z = corners[cut], z[cut]
    next_corners, next_z = polygons.roll(-1, 1), z.roll(-1, 1)
    crosses = (z > 0) != (next_z > 0)
    share = torch.where(crosses, z / (z - next_z), 0.0)[..., None]
    path = torch.stack([polygons, torch.lerp(polygons, next_corners, share)], 2).flatten(1, 2)
    real = (polygons != polygons[:, :1]).any(2)  # not the first one, repeated
    real[:, 0] = True
    sides = []
    for side in (z > 0, z <= 0):
        kept = torch.stack([side & real, crosses], 2).flatten(1)
        order = (~kept).to(torch.uint8).argsort(dim=1, stable=True)[:, : int(kept.sum(1).max())]
        polygon = path.gather(1, order[..., None].expand(-1, -1, 2))
        sides.append(torch.where(kept.gather(1, order)[..., None], polygon, polygon[:, :1]))
    parts = (corners[~cut], *sides)
    most = max(part.shape[1] for part in parts)
    return (
        torch.cat([_padded(part, most) for part in parts]),
        torch.cat([slope[~cut], slope[cut], slope[cut]]),
        torch.cat([level[~cut], level[cut], level[cut]]),
    )


def _padded(polygons: Tensor, n_corners: int) -> Tensor:
    """Repeat first corners until there are ``n_corners``."""
    missing = n_corners - polygons.shape[1]
    return torch.cat([polygons, polygons[:, :1].expand(-1, missing, -1)], 1)


def most_of_one_layer(n_neurons: int) -> int:
    """Return the most regions into which n lines cut the plane: 1 + n + n (n - 1) / 2.

    References
    ----------
    Steiner. Einige Gesetze über die Theilung der Ebene und des Raumes. 1826.
    """
    return 1 + n_neurons + n_neurons * (n_neurons - 1) // 2
