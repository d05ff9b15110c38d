"""What a network says over a square of the plane, as maps of few levels."""

import numpy as np
import torch
from torch import Tensor

from explainer.nets.mlp import MLP
from explainer.nets.training import N_FRAMES

SIDE, LEVELS = 40, 250  # cells of a map a side, steps of probability
PICTURED = (*range(0, N_FRAMES, 2), N_FRAMES - 1)  # the frames of a run that have a map


def cells(view: tuple[float, float], side: int) -> Tensor:
    """Return the centres (side^2, 2), float32, of the cells of a square, row by row from the top."""
    low, high = view
    centres = low + (high - low) * (torch.arange(side, dtype=torch.float32) + 0.5) / side
    down, across = torch.meshgrid(centres.flip(0), centres, indexing="ij")
    return torch.stack([across.ravel(), down.ravel()], 1)


def probability_maps(net: MLP, rows: Tensor, view: tuple[float, float], *, scale: float = 1.0) -> np.ndarray:
    """Return sigma of the output of networks ``rows`` (n_runs, n_parameters) over the ``view``.

    The maps are (n_runs, SIDE, SIDE) uint8, in steps of 1 / LEVELS; the networks get places divided by
    ``scale``.
    """
    # Single precision is finer than a step of colour and twice as fast.
    p = torch.sigmoid(net.predict(rows.float(), cells(view, SIDE) / scale)[..., 0])
    return (p * LEVELS).round().to(torch.uint8).reshape(len(rows), SIDE, SIDE).numpy()
