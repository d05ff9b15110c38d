"""Nets that are too large for their few samples, many at once: what Dropout changes, and how much is luck."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from explainer.nets import bricks as pile
from explainer.nets import digits
from explainer.nets.bricks import Brick
from explainer.nets.data import sample_toy_set
from explainer.nets.dropout import Dropout
from explainer.nets.losses import cross_entropy
from explainer.nets.training import History, train_module

WIDTH, N_STEPS, LEARNING_RATE = 24, 100, 0.02
_SECONDS = 20.0


class Team(nn.Module):
    """Nets of one shape side by side: X (n_runs, n_samples, n_features) -> (n_runs, n_samples, n_classes).

    Each has two hidden layers of ReLU, a Dropout behind both, and starts like the `explainer.nets.bricks`
    of its seed. Every net learns for itself: added up, their losses have gradients that do not mix.
    """

    def __init__(self, n_features: int, n_classes: int, p: float, seeds: Sequence[int]) -> None:
        super().__init__()
        sizes = [(n_features, WIDTH), (WIDTH, WIDTH), (WIDTH, n_classes)]
        layers = [Brick("linear", n_in, n_out) for n_in, n_out in sizes]
        nets = [pile.build(layers, (n_features,), seed=seed) for seed in seeds]
        stacked = zip(*(net.parameters() for net in nets), strict=True)
        self.parts = nn.ParameterList(torch.stack([part.data for part in parts]) for parts in stacked)
        self.drops = nn.ModuleList([Dropout(p, 1), Dropout(p, 2)])

    def forward(self, X: Tensor) -> Tensor:
        """Answer with every net to its own samples."""
        h = X
        for k in range(3):
            weight, bias = self.parts[2 * k], self.parts[2 * k + 1]
            h = torch.baddbmm(bias[:, None], h, weight.mT)
            if k < 2:
                h = self.drops[k](h.relu())
        return h


def sample_few(few: str, seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return X, y, and fresh X, y: 100 of the "few_digits", or 40 noisy "few_points" of two moons."""
    if few == "few_digits":
        images, labels = digits.load()
        rows, test = digits.split(labels)
        generator = torch.Generator().manual_seed(seed)
        rows = rows[torch.randperm(len(rows), generator=generator)[:100]]
        return images[rows].flatten(1), labels[rows], images[test].flatten(1), labels[test]
    X, y = sample_toy_set("moons", 40, noise=0.5, seed=seed)
    fresh_X, fresh_y = sample_toy_set("moons", 500, noise=0.5, seed=1000 + seed)
    return X.float(), (y[:, 0] > 0).long(), fresh_X.float(), (fresh_y[:, 0] > 0).long()


def learn(
    few: str, p: float, seeds: Sequence[int], *, tick: Callable[[float], None] | None = None
) -> History:
    """Train a net a seed, on samples of its own, for `N_STEPS` steps of Adam.

    The losses are (n_frames, n_runs); what is watched are loss and accuracy (2, n_runs) on fresh samples.
    """
    parts = zip(*(sample_few(few, seed) for seed in seeds), strict=True)
    X, y, fresh_X, fresh_y = (torch.stack(part) for part in parts)
    team = Team(X.shape[2], int(fresh_y.max()) + 1, p, seeds)

    def watch(model: nn.Module) -> Tensor:
        y_hat = model(fresh_X)
        return torch.stack([cross_entropy(y_hat, fresh_y), (y_hat.argmax(-1) == fresh_y).float().mean(1)])

    return train_module(
        team, X, y, learning_rate=LEARNING_RATE, n_steps=N_STEPS, seconds=_SECONDS, tick=tick, watch=watch
    )
