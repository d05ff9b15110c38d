"""The folded strip: a network built by hand whose every layer doubles the number of its linear pieces."""

import torch
from torch import Tensor

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.mlp import MLP


def fold(n_layers: int, *, crease: float = 0.5) -> tuple[MLP, Tensor]:
    """Build a network of ``n_layers`` layers of two ReLUs that folds [0, 1] as often; 2^n_layers pieces.

        T(h) = relu(h) / c - (1 / c + 1 / (1 - c)) relu(h - c)

    T rises from 0 to 1 as h comes to the crease c, and falls back to 0. The network is T(T(... T(x))).
    Each fold lays the part beyond the crease over the part before it, so what the next layer does once
    happens on both. Returns the shape and the parameters (1, 6 n_layers + 1).

    References
    ----------
    Montufar, Pascanu, Cho, Bengio. On the number of linear regions of deep neural networks. NIPS 2014.
    Telgarsky. Benefits of depth in neural networks. COLT 2016.
    """
    double = {"dtype": torch.float64}
    tent = torch.tensor([1 / crease, -1 / crease - 1 / (1 - crease)], **double)
    bias = torch.tensor([0.0, -crease], **double)
    first, between = torch.ones(2, **double), tent.repeat(2)
    parts = [first, bias, *(n_layers - 1) * (between, bias), tent, torch.zeros(1, **double)]
    return MLP((1, *n_layers * (2,), 1), ACTIVATIONS["relu"]), torch.cat(parts)[None]


def unfolding(x: Tensor, n_layers: int, n_frames: int, *, crease: float = 0.5) -> Tensor:
    """Return the way to T(T(... T(x))) as ``n_frames`` curves over x (n_points,): (n_frames, n_points).

    The first is x itself. Between two layers the curve h goes evenly to T(h).
    """
    net, parameters = fold(1, crease=crease)
    layers = [x]
    for _ in range(n_layers):
        layers.append(net.predict(parameters, layers[-1][:, None])[0, :, 0])
    at = torch.linspace(0, n_layers, n_frames, dtype=x.dtype)
    before = at.floor().long().clamp(max=n_layers - 1)
    curves = torch.stack(layers)
    return torch.lerp(curves[before], curves[before + 1], (at - before)[:, None])
