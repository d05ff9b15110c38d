"""Layers whose weights are still to be set."""

import torch
from torch import nn


def unset(layer: type[nn.Module], *sizes: int, **settings: object) -> nn.Module:
    """Make a layer like ``nn.Linear`` without torch's own first weights.

    For those it would ask the generator that all visitors share. The same as ``nn.utils.skip_init``,
    which at its first call imports a library for symbolic mathematics.
    """
    made = layer(*sizes, device="meta", **settings)
    for name, parameter in list(made.named_parameters(recurse=False)):
        setattr(made, name, nn.Parameter(torch.empty(parameter.shape, dtype=parameter.dtype)))
    return made
