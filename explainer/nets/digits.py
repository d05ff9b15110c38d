"""Real data: 1,797 digits that 13 people wrote by hand, each a grey picture of 8 x 8 numbers.

The forms were scanned as bitmaps of 32 x 32; a number of a picture counts the ink of a block of 4 x 4, from
0 to 16, and is divided by 16 here.
"""

from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

N_CLASSES = 10
SIDE = 8  # of a picture
BITMAP = 32  # the side of a scanned bitmap
BLOCK = BITMAP // SIDE

_FILE = Path(__file__).parent.parent.parent / "assets" / "data" / "digits.npz"


@cache
def load() -> tuple[Tensor, Tensor]:
    """Return the images (1797, 8, 8) float32 from 0, paper, to 1, ink, and the labels (1797,) int64.

    Callers share both and must not change them.

    References
    ----------
    Alpaydin, Kaynak. Optical Recognition of Handwritten Digits. UCI, 1998, doi:10.24432/C50P49, CC BY 4.0.
    """
    with np.load(_FILE) as file:
        images, labels = file["images"], file["labels"]
    return torch.from_numpy(images).float() / BLOCK**2, torch.from_numpy(labels).long()


def split(y: Tensor, *, share: float = 0.2, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Part the objects with labels y (n_samples,) at random: return their numbers, for training and for test.

    The ``share`` of every class, rounded, goes into the test; both lists are in random order.
    """
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(y), generator=generator)
    test = torch.zeros(len(y), dtype=torch.bool)
    for label in y.unique():
        members = order[y[order] == label]
        test[members[: round(share * len(members))]] = True
    return order[~test[order]], order[test[order]]


def blocks(bitmap: np.ndarray) -> np.ndarray:
    """Count the ink of bitmaps (..., 32, 32) of 0 and 1 as the data were made: (..., 8, 8), 0 to 1."""
    parts = bitmap.reshape(*bitmap.shape[:-2], SIDE, BLOCK, SIDE, BLOCK)
    return parts.sum((-3, -1)) / BLOCK**2
