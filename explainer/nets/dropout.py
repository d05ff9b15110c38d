"""Dropout: while it learns, a network does without some of its neurons, chosen anew at every step."""

import torch
from torch import Tensor, nn


class Dropout(nn.Module):
    """torch's ``nn.Dropout`` with a generator of its own, so that a run is the same for its seed.

    While training, every entry of x becomes 0 with probability ``p``, and the others are divided by 1 - p:

        y = m x / (1 - p),  m ~ Bern(1 - p),  so that E[y] = x.

    In eval mode nothing happens. ``p`` is the probability of dropping, not of keeping.

    Raises
    ------
    ValueError
        If ``p`` is not in [0, 1).

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov. Dropout. JMLR 15, 2014 (there p keeps).
    """

    def __init__(self, p: float = 0.5, seed: int = 0) -> None:
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError(f"p must be at least 0 and less than 1, got {p}")
        self.p = p
        self.generator = torch.Generator().manual_seed(seed)

    def forward(self, x: Tensor) -> Tensor:
        """Drop entries of x, of any shape."""
        if not self.training or self.p == 0:
            return x
        kept = torch.rand(x.shape, generator=self.generator, dtype=x.dtype) >= self.p
        return x * kept / (1 - self.p)

    def extra_repr(self) -> str:
        """Show p in the printed network."""
        return f"p={self.p}"


def with_dropout(model: nn.Sequential, p: float, *, seed: int) -> nn.Sequential:
    """Put a `Dropout` in front of every linear layer but the first: behind every hidden layer."""
    modules: list[nn.Module] = []
    for module in model:
        if modules and isinstance(module, nn.Linear):
            modules.append(Dropout(p, seed + len(modules)))
        modules.append(module)
    return nn.Sequential(*modules)
