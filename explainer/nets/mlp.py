"""A multilayer perceptron as a shape and a vector: many networks of one shape are rows of one tensor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import torch
from torch import Tensor, nn

from explainer.nets.activations import ACTIVATIONS, Activation, sigmoid_derivative, tanh_derivative
from explainer.nets.unset import unset

# Standard deviations of random weights, of a layer of n_in inputs and n_out neurons, by name. Glorot and
# Bengio (AISTATS 2010, "Xavier") keep the signal's size in both directions for f'(0) = 1, He et al.
# (ICCV 2015) for ReLU, which lets half of it pass; 0.01 was AlexNet's (Krizhevsky et al., NIPS 2012). Weights
# that all are zero keep the neurons of a layer alike for ever.
SCHEMES: dict[str, Callable[[int, int], float]] = {
    "normal": lambda n_in, n_out: 1.0,
    "xavier": lambda n_in, n_out: (2 / (n_in + n_out)) ** 0.5,
    "he": lambda n_in, n_out: (2 / n_in) ** 0.5,
    "small": lambda n_in, n_out: 0.01,
    "zeros": lambda n_in, n_out: 0.0,
}

# Where f'(z) follows from the value f(z), which a sweep forward has computed already, torch's own sweeps back
# multiply by it in one operation: u, f(z) -> u f'(z).
BACKWARD = {
    tanh_derivative: torch.ops.aten.tanh_backward.grad_input,
    sigmoid_derivative: torch.ops.aten.sigmoid_backward.grad_input,
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


class Forward(NamedTuple):
    """What a sweep forward leaves for a sweep back, layer by layer; samples lie side by side.

    ``layers`` are weight (n_runs, n_out, n_in) and bias (n_runs, 1, n_out), ``inputs`` h (n_runs, n_in,
    n_samples), ``sums`` z = W h + b and ``values`` f(z), both (n_runs, n_out, n_samples).
    """

    layers: list[tuple[Tensor, Tensor]]
    inputs: list[Tensor]
    sums: list[Tensor]
    values: list[Tensor]

    @property
    def y_hat(self) -> Tensor:
        """Return what the networks answer, (n_runs, n_samples, n_outputs)."""
        return self.values[-1].mT

    def of(self, runs: Tensor) -> "Forward":
        """Return what belongs to these runs, given by their numbers or as a mask (n_runs,)."""
        layers = [(weight[runs], bias[runs]) for weight, bias in self.layers]
        return Forward(layers, *([part[runs] for part in parts] for parts in self[1:]))


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
        return sum(self.lengths)

    @cached_property
    def _pairs(self) -> list[tuple[int, int]]:
        return list(zip(self.sizes, self.sizes[1:], strict=False))

    @cached_property
    def lengths(self) -> list[int]:
        """Count the weights and the biases of every layer, in the order of the vector."""
        return [length for n_in, n_out in self._pairs for length in (n_in * n_out, n_out)]

    def around(self, layer: int) -> bool:
        """Tell whether a connection leads around a layer."""
        return self.residual and layer < len(self.sizes) - 2 and self.sizes[layer] == self.sizes[layer + 1]

    @cached_property
    def share(self) -> float:
        """Return how much a layer with a connection around it adds."""
        return 1 / max(1, sum(self.around(layer) for layer in range(len(self.sizes) - 1)))

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
            for layer, (n_in, n_out) in enumerate(self._pairs):
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
        parts = parameters.split(self.lengths, dim=1)
        n_runs = len(parameters)
        return [
            (weight.view(n_runs, n_out, n_in), bias.unsqueeze(1))
            for (n_in, n_out), weight, bias in zip(self._pairs, parts[::2], parts[1::2], strict=True)
        ]

    def cut(self, J: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Cut derivatives J (n_runs, n_parameters, n_samples) like `layers`, a pair a layer.

        Those by weights are (n_runs, n_out, n_in, n_samples), those by biases (n_runs, n_out, n_samples).
        """
        n_runs, _, n_samples = J.shape
        parts = J.split(self.lengths, dim=1)
        return [
            (by_weight.view(n_runs, n_out, n_in, n_samples), by_bias)
            for (n_in, n_out), by_weight, by_bias in zip(self._pairs, parts[::2], parts[1::2], strict=True)
        ]

    def predict(self, parameters: Tensor, X: Tensor) -> Tensor:
        """Return y_hat (n_runs, n_samples, n_outputs) for X (n_samples, n_features)."""
        return self.forward(self.layers(parameters), X).y_hat

    def sums(self, parameters: Tensor, X: Tensor) -> list[Tensor]:
        """Return z = W h + b of every layer, each (n_runs, n_samples, n_out); the last is the output's."""
        return [z.mT for z in self.forward(self.layers(parameters), X).sums]

    def forward(self, layers: list[tuple[Tensor, Tensor]], X: Tensor) -> Forward:
        """Sweep forward through `layers` with X (n_samples, n_features) and keep all on the way."""
        h = X.mT.expand(len(layers[0][0]), -1, -1)
        way = Forward(layers, [], [], [])
        for layer, (f, (weight, bias)) in enumerate(zip(self.activations, layers, strict=True)):
            z = torch.baddbmm(bias.mT, weight, h)
            value = f.function(z)
            way.inputs.append(h)
            way.sums.append(z)
            way.values.append(value)
            h = h + self.share * value if self.around(layer) else value
        return way

    def jacobian(self, parameters: Tensor, X: Tensor) -> tuple[Tensor, Tensor]:
        """Return y_hat (n_runs, n_samples) of the one output and its derivatives by the parameters.

        The derivatives are (n_runs, n_samples, n_parameters). One sweep forward, `forward`, keeps every
        layer's input h and value f(z); one sweep back, `derivatives`, makes of them what is asked for.
        """
        way = self.forward(self.layers(parameters), X)
        J = X.new_empty(len(parameters), self.n_parameters, len(X))
        self.derivatives(way, self.cut(J))
        return way.y_hat[..., 0], J.mT

    def derivatives(self, way: Forward, parts: list[tuple[Tensor, Tensor]]) -> None:
        """Write the derivatives of the one output by the parameters into ``parts``, cut by `cut`.

        The sweep back carries d y_hat / d z of every sample and layer,

            delta <- (delta W) f'(z)

        to which, in a residual network, comes what goes around the layer.
        The derivative by a weight is the product of delta and its layer's input, the one by a bias is delta.
        In memory the samples of a parameter lie side by side, which makes the products fast.

        Raises
        ------
        ValueError
            If the network has more than one output.
        """
        if self.sizes[-1] != 1:
            raise ValueError(f"the Jacobian is written for one output, not {self.sizes[-1]}")
        # Upstream is d y_hat / d of what a layer hands on, (n_runs, n_out, n_samples).
        activations, upstream = self.activations, torch.ones_like(way.values[-1])
        for layer in reversed(range(len(parts))):
            f, (by_weight, delta) = activations[layer], parts[layer]
            if f.derivative in BACKWARD:
                BACKWARD[f.derivative](upstream, way.values[layer], grad_input=delta)
            else:
                torch.mul(upstream, f.derivative(way.sums[layer]), out=delta)
            if self.around(layer):
                delta *= self.share
            torch.mul(delta.unsqueeze(2), way.inputs[layer].unsqueeze(1), out=by_weight)
            if layer > 0:
                back = torch.bmm(way.layers[layer][0].mT, delta)
                upstream = upstream + back if self.around(layer) else back

    def to_sequential(self, parameters: Tensor) -> nn.Sequential:
        """Build the ``nn.Sequential`` of one network from its vector (n_parameters,)."""
        modules: list[nn.Module] = []
        for layer, (f, (n_in, n_out)) in enumerate(zip(self.activations, self._pairs, strict=True)):
            parts: list[nn.Module] = [unset(nn.Linear, n_in, n_out, dtype=parameters.dtype)]
            if f.module is not None:
                parts.append(f.module())
            modules += [Residual(self.share, *parts)] if self.around(layer) else parts
        net = nn.Sequential(*modules)
        # Copied into memory of their own: where a matrix begins decides how its products are rounded.
        with torch.no_grad():
            for parameter, part in zip(net.parameters(), parameters.split(self.lengths), strict=True):
                parameter.copy_(part.view_as(parameter))
        return net
