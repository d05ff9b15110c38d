"""Activation functions: what stands between two linear layers and keeps them from being one."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class Activation:
    """A function f of one number, applied to every entry of a tensor, with its derivative f'.

    ``module`` makes torch's layer of the same function; identity needs none. Where f has a kink, at 0,
    there is no derivative, and f' is what torch takes: the slope at the left.
    """

    name: str
    function: Callable[[Tensor], Tensor]
    derivative: Callable[[Tensor], Tensor]
    module: Callable[[], nn.Module] | None


def identity(t: Tensor) -> Tensor:
    """f(t) = t: no activation at all."""
    return t


def sigmoid_derivative(t: Tensor) -> Tensor:
    """sigma(t) (1 - sigma(t)), with sigma(t) = 1 / (1 + exp(-t))."""
    s = torch.sigmoid(t)
    return s * (1 - s)


def tanh_derivative(t: Tensor) -> Tensor:
    """1 - tanh(t)^2."""
    return 1 - torch.tanh(t) ** 2


def softsign_derivative(t: Tensor) -> Tensor:
    """1 / (1 + |t|)^2, the derivative of t / (1 + |t|), at 0 too."""
    return 1 / (1 + t.abs()) ** 2


def heaviside(t: Tensor) -> Tensor:
    """1 for t >= 0, else 0. To a comparison no gradient flows back: torch.heaviside refuses it outright."""
    return (t >= 0).to(t.dtype)


class Heaviside(nn.Module):
    """The step as a layer, which torch has not."""

    def forward(self, t: Tensor) -> Tensor:
        """Apply `heaviside`."""
        return heaviside(t)


def relu_derivative(t: Tensor) -> Tensor:
    """1 for t > 0, else 0. At 0 ReLU has no derivative; 0 is what torch takes there."""
    return (t > 0).to(t.dtype)


def leaky_relu(a: float = 0.01) -> Activation:
    """Return f(t) = t for t > 0, else a t; in a parametric ReLU the slope a is learned."""

    def derivative(t: Tensor) -> Tensor:
        return torch.where(t > 0, torch.ones_like(t), a)

    function = partial(functional.leaky_relu, negative_slope=a)
    return Activation("leaky_relu", function, derivative, partial(nn.LeakyReLU, a))


def elu(alpha: float = 1.0) -> Activation:
    """Return f(t) = t for t > 0, else alpha (exp(t) - 1); smooth at 0 for alpha = 1 alone."""

    def derivative(t: Tensor) -> Tensor:
        return torch.where(t > 0, torch.ones_like(t), alpha * torch.exp(t.clamp(max=0)))

    return Activation("elu", partial(functional.elu, alpha=alpha), derivative, partial(nn.ELU, alpha))


def gelu_derivative(t: Tensor) -> Tensor:
    """Phi(t) + t phi(t), the derivative of t Phi(t): Phi and phi are the normal distribution and density."""
    return torch.special.ndtr(t) + t * torch.exp(-(t**2) / 2) / math.sqrt(2 * math.pi)


def silu_derivative(t: Tensor) -> Tensor:
    """sigma(t) (1 + t (1 - sigma(t))), the derivative of t sigma(t)."""
    s = torch.sigmoid(t)
    return s * (1 + t * (1 - s))


ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation("identity", identity, torch.ones_like, None),
        Activation("sigmoid", torch.sigmoid, sigmoid_derivative, nn.Sigmoid),
        Activation("tanh", torch.tanh, tanh_derivative, nn.Tanh),
        Activation("softsign", functional.softsign, softsign_derivative, nn.Softsign),
        Activation("heaviside", heaviside, torch.zeros_like, Heaviside),
        Activation("softplus", functional.softplus, torch.sigmoid, nn.Softplus),
        Activation("relu", torch.relu, relu_derivative, nn.ReLU),
        leaky_relu(),
        elu(),
        Activation("gelu", functional.gelu, gelu_derivative, nn.GELU),
        Activation("silu", functional.silu, silu_derivative, nn.SiLU),
    )
}
