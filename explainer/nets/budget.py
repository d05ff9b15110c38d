"""Networks at a price: a wide one and a deep one for the same number of parameters."""

from explainer.nets.activations import Activation
from explainer.nets.mlp import MLP


def deep(n_inputs: int, n_layers: int, budget: int, activation: Activation) -> MLP:
    """Return the network of ``n_layers`` nearly equal hidden layers whose price is nearest to ``budget``.

    No layer is wider than the one before it, and the first has at most one neuron more than the last.
    """
    nets = [
        MLP((n_inputs, *k * (width + 1,), *(n_layers - k) * (width,), 1), activation)
        for width in range(1, budget)
        for k in range(n_layers)
        if n_layers * width <= budget
    ]
    return min(nets, key=lambda net: abs(net.n_parameters - budget))


def wide(n_inputs: int, price: int, activation: Activation) -> MLP:
    """Return the network of one hidden layer whose number of parameters is nearest to ``price``.

    A neuron of it costs n_inputs + 2 parameters, so the two differ by half of that at most.
    """
    n_neurons = max(1, round((price - 1) / (n_inputs + 2)))
    return MLP((n_inputs, n_neurons, 1), activation)
