"""A multilayer perceptron with one input and one output, small enough to write its Jacobian by hand."""

from dataclasses import dataclass

import torch
from torch import Tensor

from explainer.nets.activations import Activation


@dataclass(frozen=True, eq=False)
class MLP:
    """The shape of a network: layer sizes, and the activation after every layer but the last.

    The parameters are one vector, layer by layer: weight (n_in, n_out) row by row, then bias (n_out,).
    """

    sizes: tuple[int, ...]
    activation: Activation

    @property
    def n_parameters(self) -> int:
        """Count the weights and biases."""
        return sum((n_in + 1) * n_out for n_in, n_out in zip(self.sizes, self.sizes[1:], strict=False))

    def initialise(self, *, seed: int, view: float = 3.0) -> Tensor:
        """Draw the parameters (n_parameters,), float64.

        Weights are N(0, 1 / n_in). The biases of the first layer place the neurons' centres evenly
        over [-view, view], so that no stretch of the input starts without a neuron; the others are zero.
        """
        generator = torch.Generator().manual_seed(seed)
        parts = []
        for layer, (n_in, n_out) in enumerate(zip(self.sizes, self.sizes[1:], strict=False)):
            weight = torch.randn(n_in, n_out, generator=generator, dtype=torch.float64) * n_in**-0.5
            bias = torch.zeros(n_out, dtype=torch.float64)
            if layer == 0 and len(self.sizes) > 2:
                centres = torch.linspace(-view, view, n_out + 2, dtype=torch.float64)[1:-1]
                bias = -weight[0] * centres
            parts += [weight.reshape(-1), bias]
        return torch.cat(parts)

    def layers(self, parameters: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Cut the parameter vector into (weight, bias) views, one pair a layer."""
        result, at = [], 0
        for n_in, n_out in zip(self.sizes, self.sizes[1:], strict=False):
            weight = parameters[at : at + n_in * n_out].view(n_in, n_out)
            bias = parameters[at + n_in * n_out : at + (n_in + 1) * n_out]
            result.append((weight, bias))
            at += (n_in + 1) * n_out
        return result

    def predict(self, parameters: Tensor, X: Tensor) -> Tensor:
        """Return y_hat (n_samples,) for X (n_samples, 1)."""
        *hidden, (weight, bias) = self.layers(parameters)
        h = X
        for w, b in hidden:
            h = self.activation.function(torch.addmm(b, h, w))
        return torch.addmm(bias, h, weight)[:, 0]

    def jacobian(self, parameters: Tensor, X: Tensor) -> tuple[Tensor, Tensor]:
        """Return y_hat (n_samples,) and its derivatives by the parameters (n_samples, n_parameters).

        One sweep forward keeps every layer's input h and slope f'(z); one sweep back carries
        d y_hat / d z of every sample and layer, delta <- (delta W^T) f'(z). The derivative by a
        weight is the product of its layer's input and delta, the derivative by a bias is delta.
        """
        layers = self.layers(parameters)
        h, inputs, slopes = X, [], []
        for w, b in layers[:-1]:
            z = torch.addmm(b, h, w)
            inputs.append(h)
            slopes.append(self.activation.derivative(z))
            h = self.activation.function(z)
        inputs.append(h)
        y_hat = torch.addmm(layers[-1][1], h, layers[-1][0])[:, 0]

        delta = torch.ones(len(X), 1, dtype=X.dtype)
        parts = []
        for layer in reversed(range(len(layers))):
            parts.append(delta)
            parts.append((inputs[layer][:, :, None] * delta[:, None, :]).flatten(1))
            if layer > 0:
                delta = (delta @ layers[layer][0].T) * slopes[layer - 1]
        return y_hat, torch.cat(parts[::-1], dim=1)
