"""Lines in a plane as the borders of neurons: from two points on a line to weights, and back to its ends."""

from collections.abc import Sequence

import torch
from torch import Tensor

FAR = 30.0  # how far a drawn line reaches to both sides: beyond every view


def through(a: Sequence[float], b: Sequence[float], steepness: float) -> tuple[float, float, float]:
    """Return w1, w2 and the bias of the neuron whose border w x + bias = 0 goes through a and b.

    w is perpendicular to the border, at the right of who goes from a to b, and of length ``steepness``. Two
    points in one place have no line through them: then all three are 0.
    """
    (a1, a2), (b1, b2) = a, b
    length = ((b1 - a1) ** 2 + (b2 - a2) ** 2) ** 0.5
    if not length:
        return 0.0, 0.0, 0.0
    w1, w2 = steepness * (b2 - a2) / length, steepness * (a1 - b1) / length
    return w1, w2, -(w1 * a1 + w2 * a2)


def drawn(weight: Tensor, bias: Tensor, centre: Sequence[float] = (0.0, 0.0)) -> tuple[Tensor, Tensor]:
    """Return the ends (..., 2, 2) of the lines w x + bias = 0, and a place (..., 2) on their positive side.

    ``weight`` is (..., 2), ``bias`` (...). A line is drawn `FAR` to both sides of its point nearest to the
    ``centre`` of the view; the place is as far as 1 from that point. What has no weight has no line: all of
    it is far outside.
    """
    middle = torch.tensor(centre, dtype=weight.dtype)
    length = torch.linalg.vector_norm(weight, dim=-1, keepdim=True)
    normal = weight / length.clamp(min=1e-9)
    distance = ((weight * middle).sum(-1) + bias)[..., None] / length.clamp(min=1e-9)
    nearest = middle - distance * normal
    along = FAR * torch.stack([-normal[..., 1], normal[..., 0]], -1)
    exists = length > 1e-9
    ends = torch.stack([nearest - along, nearest + along], -2)
    outside = torch.full_like(nearest, 99.0)
    # Farther than any view a border is not drawn either, so that every number stays of the size of a picture.
    exists = exists & (distance.abs() < FAR)
    ends = torch.where(exists[..., None], ends, outside[..., None, :])
    return ends, torch.where(exists, nearest + normal, outside)
