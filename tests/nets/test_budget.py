"""Networks at a price: a wide and a deep one cost the same."""

import itertools

import pytest

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.budget import TOLERANCE, at_one_price

RELU = ACTIVATIONS["relu"]


@pytest.mark.parametrize("n_inputs", [1, 2])
def test_the_prices_match_within_two_percent_and_lie_near_the_budget(n_inputs):
    assert TOLERANCE <= 0.02
    for budget, n_layers in itertools.product(range(100, 801, 100), range(2, 9)):
        broad, narrow = at_one_price(n_inputs, n_layers, budget, RELU)
        assert abs(broad.n_parameters - narrow.n_parameters) <= TOLERANCE * narrow.n_parameters
        assert abs(narrow.n_parameters - budget) <= 0.1 * budget
        for net in (narrow, broad):
            counted = sum(p.numel() for p in net.to_sequential(net.initialise([0])[0]).parameters())
            assert net.n_parameters == counted
        assert len(broad.sizes) == 3
        hidden = narrow.sizes[1:-1]
        assert len(hidden) == n_layers
        assert list(hidden) == sorted(hidden, reverse=True)
        assert hidden[0] - hidden[-1] in (0, 1)
        assert narrow.sizes[0] == broad.sizes[0] == n_inputs
