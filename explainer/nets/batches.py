"""Mini-batches: the data in small portions, in a new random order every epoch."""

from collections.abc import Iterator

import torch
from torch import Tensor


def batches(n_samples: int, batch_size: int, *, seed: int) -> Iterator[Tensor]:
    """Yield the row numbers of one batch after another, each (batch_size,) int64, without end.

    Every epoch goes through all rows once, in an order of its own; its last batch may be smaller.

    Raises
    ------
    ValueError
        If ``batch_size`` is not positive.
    """
    if batch_size < 1:
        raise ValueError(f"a batch has at least one sample, got {batch_size}")
    generator = torch.Generator().manual_seed(seed)
    while True:
        yield from torch.randperm(n_samples, generator=generator).split(batch_size)
