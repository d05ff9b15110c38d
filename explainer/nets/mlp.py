"""A multilayer perceptron as a shape and a vector: many networks of one shape are rows of one tensor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.utils import vector_to_parameters

from explainer.nets.activations import ACTIVATIONS, Activation
from explainer.nets.unset import unset

# Standard deviations of random weights, of a layer of n_in inputs and n_out neurons, by name. Glorot and
# Bengio (AISTATS 2010, "Xavier") keep the signal's size in both directions for f'(0) = 1, He et al.
# (ICCV 2015) for ReLU, which lets half of it pass; 0.01 was AlexNet's (Krizhevsky et al., NIPS 2012).
SCHEMES: dict[str, Callable[[int, int], float]] = {
    "normal": lambda n_in, n_out: 1.0,
    "xavier": lambda n_in, n_out: (2 / (n_in + n_out)) ** 0.5,
    "he": lambda n_in, n_out: (2 / n_in) ** 0.5,
    "small": lambda n_in, n_out: 0.01,
}


class Residual(nn.Module):
    """A layer with a connection around it: h + share layer(h)."""

    def __init__(self, share: float, *layer: nn.Module) -> None:
        super().__init__()
        self.share = share
        self.layer = nn.Sequential(*layer)

    def forward(self, h: Tensor) -> Tensor:
        """Add what the layer computes to what it was given."""
        return h + self.share * self.layer(h)


@dataclass(frozen=True)
class MLP:
    """The shape of a network: layer sizes, the activation of the hidden layers, and that of the output.

    ``activation`` is one for all hidden layers or a tuple of one for each.

    In a ``residual`` network every hidden layer of as many neurons as inputs has a connection around it,
    h <- h + f(W h + b) / n (He et al., CVPR 2016, without normalisation). Dividing by their number n keeps
    the sum from growing with depth (Hanin, Rolnick, NeurIPS 2018).

    The parameters of a network are one vector, layer by layer, in the order of ``nn.Sequential``:
    weight (n_out, n_in) row by row, then bias (n_out,). Several networks are rows (n_runs, n_parameters).
    """

    sizes: tuple[int, ...]
    activation: Activation | tuple[Activation, ...]
    output: Activation = ACTIVATIONS["identity"]
    residual: bool = False

    def __post_init__(self) -> None:
        n_hidden, given = len(self.sizes) - 2, self.activation
        if isinstance(given, tuple) and len(given) != n_hidden:
            raise ValueError(f"{n_hidden} hidden layers need as many activations, got {len(given)}")

    @property
    def activations(self) -> tuple[Activation, ...]:
        """Return the activation of every layer, the output's at the end."""
        given, n_hidden = self.activation, len(self.sizes) - 2
        return (*(given if isinstance(given, tuple) else (given,) * n_hidden), self.output)

    @property
    def n_parameters(self) -> int:
        """Count the weights and biases of one network."""
        return sum((n_in + 1) * n_out for n_in, n_out in self._pairs())

    def _pairs(self) -> list[tuple[int, int]]:
        return list(zip(self.sizes, self.sizes[1:], strict=False))

    def _around(self, layer: int) -> bool:
        """Tell whether a connection leads around a layer."""
        return self.residual and layer < len(self.sizes) - 2 and self.sizes[layer] == self.sizes[layer + 1]

    @property
    def _share(self) -> float:
        """Return how much a layer with a connection around it adds."""
        return 1 / max(1, sum(self._around(layer) for layer in range(len(self.sizes) - 1)))

    def initialise(
        self,
        seeds: Sequence[int],
        *,
        view: tuple[float, float] = (-1.0, 1.0),
        sharpness: float = 1.0,
        scheme: str | None = None,
        blind: bool = False,
    ) -> Tensor:
        """Draw the parameters (n_seeds, n_parameters), float64, a row a seed.

        Weights are N(0, 1 / n_in). A first layer of one input is different: its neurons' centres
        -bias / weight stand evenly over ``view``, so that no stretch of the input starts without a
        neuron, and its weights are N(0, 1) times sharpness over half the view. Other biases are
        N(0, 1) where there are several inputs, and zero in deeper layers and in a network of one layer.

        A ``scheme`` of `SCHEMES` is plainer: weights are N(0, its standard deviation squared), biases are
        zero. Schemes of one seed differ by factors only.
        With ``blind`` the last layer is zero: before training the network answers 0 to everything.
        """
        rows = []
        for seed in seeds:
            generator = torch.Generator().manual_seed(int(seed))
            parts = []
            for layer, (n_in, n_out) in enumerate(self._pairs()):
                weight = torch.randn(n_out, n_in, generator=generator, dtype=torch.float64) * n_in**-0.5
                bias = torch.zeros(n_out, dtype=torch.float64)
                if scheme is not None:
                    weight *= n_in**0.5 * SCHEMES[scheme](n_in, n_out)
                elif layer == 0 and len(self.sizes) > 2:
                    if n_in == 1:
                        low, high = view
                        weight *= sharpness * 2 / (high - low)
                        centres = torch.linspace(low, high, n_out + 2, dtype=torch.float64)[1:-1]
                        bias = -weight[:, 0] * centres
                    else:
                        bias = torch.randn(n_out, generator=generator, dtype=torch.float64)
                if blind and layer == len(self.sizes) - 2:
                    weight, bias = torch.zeros_like(weight), torch.zeros_like(bias)
                parts += [weight.reshape(-1), bias]
            rows.append(torch.cat(parts))
        return torch.stack(rows)

    def layers(self, parameters: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Cut parameters into weight (n_runs, n_out, n_in) and bias (n_runs, 1, n_out), a pair a layer."""
        pairs = self._pairs()
        lengths = [length for n_in, n_out in pairs for length in (n_in * n_out, n_out)]
        parts = iter(parameters.split(lengths, dim=1))
        result = [
            (weight.unflatten(1, (n_out, n_in)), bias[:, None])
            for (n_in, n_out), weight, bias in zip(pairs, parts, parts, strict=True)
        ]
        return result

    def predict(self, parameters: Tensor, X: Tensor) -> Tensor:
        """Return y_hat (n_runs, n_samples, n_outputs) for X (n_samples, n_features)."""
        return self.output.function(self.sums(parameters, X)[-1])

    def sums(self, parameters: Tensor, X: Tensor) -> list[Tensor]:
        """Return z = W h + b of every layer, each (n_runs, n_samples, n_out); the last is the output's."""
        h = X.expand(len(parameters), *X.shape)
        activations, result = self.activations, []
        for layer, (weight, bias) in enumerate(self.layers(parameters)):
            if layer > 0:
                f = activations[layer - 1].function(result[-1])
                h = h + self._share * f if self._around(layer - 1) else f
            result.append(torch.baddbmm(bias, h, weight.mT))
        return result

    def jacobian(self, parameters: Tensor, X: Tensor) -> tuple[Tensor, Tensor]:
        """Return y_hat (n_runs, n_samples) of the one output and its derivatives by the parameters.

        The derivatives are (n_runs, n_samples, n_parameters). One sweep forward keeps every layer's
        input h and slope f'(z); one sweep back carries d y_hat / d z of every sample and layer,

            delta <- (delta W) f'(z)

        to which, in a residual network, comes what goes around the layer.
        The derivative by a weight is the product of delta and its layer's input, the one by a bias is delta.

        Raises
        ------
        ValueError
            If the network has more than one output.
        """
        if self.sizes[-1] != 1:
            raise ValueError(f"the Jacobian is written for one output, not {self.sizes[-1]}")
        layers = self.layers(parameters)
        h = X.expand(len(parameters), *X.shape)
        inputs, slopes = [], []
        for layer, (f, (weight, bias)) in enumerate(zip(self.activations, layers, strict=True)):
            z = torch.baddbmm(bias, h, weight.mT)
            inputs.append(h)
            slopes.append(f.derivative(z))
            h = h + self._share * f.function(z) if self._around(layer) else f.function(z)

        upstream = torch.ones_like(slopes[-1])  # d y_hat / d of what the layer hands on
        parts = []
        for layer in reversed(range(len(layers))):
            delta = upstream * slopes[layer] * (self._share if self._around(layer) else 1)
            parts.append(delta)
            parts.append((delta[..., :, None] * inputs[layer][..., None, :]).flatten(2))
            back = delta @ layers[layer][0]
            upstream = upstream + back if self._around(layer) else back
        return h[..., 0], torch.cat(parts[::-1], dim=2)

    def to_sequential(self, parameters: Tensor) -> nn.Sequential:
        """Build the ``nn.Sequential`` of one network from its vector (n_parameters,)."""
        modules: list[nn.Module] = []
        for layer, (f, (n_in, n_out)) in enumerate(zip(self.activations, self._pairs(), strict=True)):
            parts: list[nn.Module] = [unset(nn.Linear, n_in, n_out, dtype=parameters.dtype)]
            if f.module is not None:
                parts.append(f.module())
            modules += [Residual(self._share, *parts)] if self._around(layer) else parts
        net = nn.Sequential(*modules)
        vector_to_parameters(parameters.detach().clone(), net.parameters())
        return net
