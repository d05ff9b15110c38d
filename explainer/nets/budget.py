"""Networks at a price: a wide one and a deep one of as many parameters."""

from explainer.nets.activations import Activation
from explainer.nets.mlp import MLP

TOLERANCE = 0.02  # of the price: more than that is no equal price


def at_one_price(n_inputs: int, n_layers: int, budget: int, activation: Activation) -> tuple[MLP, MLP]:
    """Return a network of one wide hidden layer and one of ``n_layers`` narrow ones, both near ``budget``.

    The narrow layers are equal, but the first ones may have a neuron more than the last ones. A neuron of
    the wide layer costs n_inputs + 2 parameters, so not every price can be met: of the deep networks that
    a wide one meets within `TOLERANCE`, the one nearest to the budget is taken.
    """
    widths = range(1, budget // n_layers + 1)
    deep = [
        MLP((n_inputs, *k * (width + 1,), *(n_layers - k) * (width,), 1), activation)
        for width in widths
        for k in range(n_layers)
    ]
    pairs = [(_wide(n_inputs, net.n_parameters, activation), net) for net in deep]
    fair = [
        pair
        for pair in pairs
        if abs(pair[0].n_parameters - pair[1].n_parameters) <= TOLERANCE * pair[1].n_parameters
    ]
    return min(fair, key=lambda pair: abs(pair[1].n_parameters - budget))


def _wide(n_inputs: int, price: int, activation: Activation) -> MLP:
    """Return the network of one hidden layer whose number of parameters is nearest to ``price``."""
    n_neurons = max(1, round((price - 1) / (n_inputs + 2)))
    return MLP((n_inputs, n_neurons, 1), activation)
