"""Activation functions: what stands between two linear layers and keeps them from being one."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Activation:
    """A function f of one number, applied to every entry of a tensor, with its derivative f'.

    ``module`` is torch's layer of the same function; identity needs none.
    """

    name: str
    function: Callable[[Tensor], Tensor]
    derivative: Callable[[Tensor], Tensor]
    module: type[nn.Module] | None


def identity(t: Tensor) -> Tensor:
    """f(t) = t: no activation at all."""
    return t


def relu_derivative(t: Tensor) -> Tensor:
    """1 for t > 0, else 0. At 0 ReLU has no derivative; 0 is what torch takes there."""
    return (t > 0).to(t.dtype)


def tanh_derivative(t: Tensor) -> Tensor:
    """1 - tanh(t)^2."""
    return 1 - torch.tanh(t) ** 2


def sigmoid_derivative(t: Tensor) -> Tensor:
    """sigma(t) (1 - sigma(t)), with sigma(t) = 1 / (1 + exp(-t))."""
    s = torch.sigmoid(t)
    return s * (1 - s)


ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation("identity", identity, torch.ones_like, None),
        Activation("relu", torch.relu, relu_derivative, nn.ReLU),
        Activation("tanh", torch.tanh, tanh_derivative, nn.Tanh),
        Activation("sigmoid", torch.sigmoid, sigmoid_derivative, nn.Sigmoid),
    )
}
