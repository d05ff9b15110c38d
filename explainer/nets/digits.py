"""Real data: 1,797 digits that 13 people wrote by hand, each a grey picture of 8 x 8 numbers.

The forms were scanned as bitmaps of 32 x 32; a number of a picture counts the ink of a block of 4 x 4, from
0 to 16, and is divided by 16 here.
"""

from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from explainer.nets.unset import unset

N_CLASSES = 10
SIDE = 8  # of a picture
BITMAP = 32  # the side of a scanned bitmap
BLOCK = BITMAP // SIDE
_WIDEST = 20  # of a digit on its bitmap

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


def fit(bitmap: np.ndarray) -> np.ndarray:
    """Place the ink of a bitmap (32, 32) as in the data: as high as the sheet, up to 20 wide, in the middle.

    What is flatter than a digit keeps its proportions and becomes 20 wide; an empty sheet stays empty.

    References
    ----------
    Garris et al. NIST form-based handprint recognition system. NISTIR 5469, 1994: its size, 20 x 32.
    """
    ink = np.argwhere(bitmap)
    if not len(ink):
        return np.zeros_like(bitmap)
    (top, left), (height, width) = ink.min(0), np.ptp(ink, axis=0) + 1
    flat = width > 1.25 * height
    scale = _WIDEST / width if flat else BITMAP / height
    high, wide = max(1, round(height * scale)), min(_WIDEST, max(1, round(width * scale)))
    rows = top + ((np.arange(high) + 0.5) * height / high).astype(int)
    columns = left + ((np.arange(wide) + 0.5) * width / wide).astype(int)
    sheet, y, x = np.zeros_like(bitmap), (BITMAP - high) // 2, (BITMAP - wide) // 2
    sheet[y : y + high, x : x + wide] = bitmap[np.ix_(rows, columns)]
    return sheet


def read_bitmap(text: str) -> np.ndarray:
    """Read a bitmap (32, 32) of 0 and 1 from 256 hexadecimal digits, row by row; an empty text is empty."""
    bits = np.array([int(digit, 16) >> k & 1 for digit in text or "0" * 256 for k in (3, 2, 1, 0)])
    return bits.reshape(BITMAP, BITMAP)


def write_bitmap(bitmap: np.ndarray) -> str:
    """Write a bitmap as `read_bitmap` reads it."""
    return np.packbits(bitmap.astype(bool).ravel()).tobytes().hex() if bitmap.any() else ""


def make_network(width: int, seed: int) -> nn.Sequential:
    """Make a network 64 -> ``width`` -> 10 with ReLU; its weights are He's, its biases zero."""
    generator = torch.Generator().manual_seed(seed)
    # Without torch's own first weights, for which it would ask the generator that all visitors share.
    first, last = (unset(nn.Linear, *sizes) for sizes in ((64, width), (width, 10)))
    with torch.no_grad():
        for layer in (first, last):
            layer.weight.normal_(0, (2 / layer.in_features) ** 0.5, generator=generator)
            layer.bias.zero_()
    return nn.Sequential(first, nn.ReLU(), last)
