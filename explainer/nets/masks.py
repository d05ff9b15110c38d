"""The masks of Dropout, batch after batch, and what they do to the mean of a layer's outputs."""

from dataclasses import dataclass

import numpy as np
import torch

from explainer.nets.dropout import Dropout

SHEET, N_BATCHES = (8, 16), 100  # samples and neurons


@dataclass(frozen=True, eq=False)
class Masks:
    """One layer's outputs before and behind Dropout, batch after batch.

    ``x`` and ``y`` are (n_samples, n_neurons), of the batch shown; ``kept`` tells which of them got through.
    ``drop`` is the probability to drop that was meant, 0 at prediction. ``means`` (n_batches, n_neurons) are
    the means of each neuron's y over all samples and batches so far, over the mean of its x; ``band``
    (n_batches, 2) is where one lies in about 95 of 100 cases, ``inside`` how many do at the last batch, and
    ``expected`` what theory gives.
    """

    x: np.ndarray
    y: np.ndarray
    kept: np.ndarray
    drop: float
    means: np.ndarray
    band: np.ndarray
    expected: float
    inside: int

    @property
    def course(self) -> tuple[np.ndarray, np.ndarray, float]:
        """Return the means so far, where they should lie, and what is expected."""
        return self.means, self.band, self.expected

    @property
    def verdict(self) -> str:
        """Name what happens to the layer: "off" at prediction, "on", or "unscaled" without the division."""
        if self.drop == 0:
            return "off"
        return "on" if self.expected == 1 else "unscaled"

    @property
    def said(self) -> dict[str, float]:
        """Return the numbers of the moment: how many were dropped of how many, and the first survivor."""
        alive = self.kept & (self.x > 0.5)
        i = int(alive.ravel().argmax())
        return {
            "gone": int((~self.kept).sum()),
            "all": int(self.kept.size),
            "drop": self.drop,
            "keep": 1 - self.drop,
            "before": float(self.x.ravel()[i]),
            "after": float(self.y.ravel()[i]),
            "mean": float((self.means[-1] * self.x.mean(0)).mean() / self.x.mean()),
            "inside": self.inside,
            "neurons": self.x.shape[1],
            "expected": self.expected,
        }


def send(drop: float, batch_no: int, *, training: bool, stretch: bool) -> Masks:
    """Send the same outputs through Dropout `N_BATCHES` times and look at batch number ``batch_no``, from 1.

    Without ``stretch`` the survivors are not divided by 1 - ``drop``.
    """
    layer = Dropout(drop, 0).double().train(training)
    generator = torch.Generator().manual_seed(1)
    x = 0.2 + 0.8 * torch.rand(SHEET, generator=generator, dtype=torch.float64)
    factor = 1.0 if stretch or not training else 1 - drop
    batches = torch.stack([factor * layer(x) for _ in range(N_BATCHES)])
    numbers = torch.arange(1, N_BATCHES + 1)
    means = batches.mean(1).cumsum(0) / numbers[:, None] / x.mean(0)
    # The variance of one y is x^2 drop / (1 - drop), and all are independent.
    odds = drop / (1 - drop) if training else 0.0
    half = 1.96 * factor * (odds * x.square().sum(0) / x.sum(0) ** 2 / numbers[:, None]).sqrt()
    inside = (means - factor).abs() <= half + 1e-9
    edge = half.mean(1)
    y = batches[batch_no - 1]
    return Masks(
        x.numpy(),
        y.numpy(),
        (y > 0).numpy(),
        drop if training else 0.0,
        means[:batch_no].numpy(),
        (factor + torch.stack([-edge, edge], 1)).numpy(),
        factor,
        int(inside[batch_no - 1].sum()),
    )
