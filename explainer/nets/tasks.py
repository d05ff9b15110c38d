"""The tasks of the stacks (`explainer.nets.stack`): small data for each, to learn from and fresh."""

import torch
from torch import Tensor

from explainer.nets import digits
from explainer.nets.data import CURVES, VIEW, sample_classes, sample_curve, sample_toy_set

CURVE_NAMES = {"one_curve": ("sine",), "three_curves": ("sine", "abs", "parabola")}
NOISE = 0.15


def sample(task: str, *, fresh: bool = False) -> tuple[Tensor, Tensor]:
    """Return X (n_samples, ...) float32 and y of a task, drawn once and for all; ``fresh`` ones are others.

    y are numbers (n_samples, n_outputs), 0 or 1 for the two moons, or classes (n_samples,) int64.
    """
    seed = int(fresh)
    if task in CURVE_NAMES:
        x, _ = sample_curve("sine", 120, noise=0, seed=seed)
        generator = torch.Generator().manual_seed(10 + seed)
        clean = torch.stack([CURVES[name](x) for name in CURVE_NAMES[task]], dim=1)
        noise = NOISE * torch.randn(clean.shape, generator=generator, dtype=clean.dtype)
        return (x[:, None] / VIEW).float(), (clean + noise).float()
    if task == "two_moons":
        X, y = sample_toy_set("moons", 200, noise=0.2, seed=seed)
        return X.float(), (y > 0).float()
    if task == "three_arms":
        X, y = sample_classes(3, 180, twist=0.2, seed=seed)
        return X.float(), y
    images, labels = digits.load()
    rows = digits.split(labels)[seed]
    return images[rows][:, None], labels[rows]
