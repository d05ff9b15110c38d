"""The folded strip: every layer doubles the pieces, wherever the crease is."""

import pytest
import torch

from explainer.nets.folding import fold, unfolding
from explainer.nets.pieces import walk

CREASES = (0.2, 0.35, 0.5, 0.8)


def tent(h: torch.Tensor, crease: float) -> torch.Tensor:
    return torch.where(h < crease, h / crease, (1 - h) / (1 - crease))


@pytest.mark.parametrize("crease", CREASES)
@pytest.mark.parametrize("n_layers", range(1, 11))
def test_the_network_has_two_to_the_power_of_its_layers_pieces(n_layers, crease):
    net, parameters = fold(n_layers, crease=crease)
    assert parameters.shape == (1, net.n_parameters)
    assert net.n_parameters == 6 * n_layers + 1
    line = walk(net, parameters, 0.0, 1.0)
    assert line.n_pieces == 2**n_layers
    assert line.after == tuple(2**n for n in range(1, n_layers + 1))
    # Up and down between 0 and 1, every piece all the way.
    assert torch.allclose(line.values, (torch.arange(2**n_layers + 1) % 2).double(), atol=1e-6)


@pytest.mark.parametrize("crease", CREASES)
def test_it_is_the_tent_of_the_tent(crease):
    x = torch.linspace(0, 1, 1001, dtype=torch.float64)
    net, parameters = fold(4, crease=crease)
    h = x
    for _ in range(4):
        h = tent(h, crease)
    assert torch.allclose(net.predict(parameters, x[:, None])[0, :, 0], h, atol=1e-9)


@pytest.mark.parametrize("crease", CREASES)
def test_the_way_begins_with_the_strip_and_ends_with_the_network(crease):
    for n_layers in range(1, 9):
        net, parameters = fold(n_layers, crease=crease)
        x = walk(net, parameters, 0.0, 1.0).edges
        way = unfolding(x, n_layers, 60, crease=crease)
        assert torch.equal(way[0], x)
        assert torch.allclose(way[-1], net.predict(parameters, x[:, None])[0, :, 0], atol=1e-9)
        assert way.min() >= -1e-9
        assert way.max() <= 1 + 1e-9
        # Nothing jumps: a frame moves no point by more than its share of a fold.
        assert way.diff(dim=0).abs().max() <= n_layers / 59 + 1e-9
