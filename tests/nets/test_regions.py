"""Linear regions: the polygons fill the square, and they are exactly the sets of neurons that are on."""

import itertools
import math

import pytest
import torch
from torch import Tensor

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.mlp import MLP
from explainer.nets.regions import cut, most_of_one_layer

RADIUS = 3.0


def random_net(seed: int) -> tuple[MLP, Tensor]:
    n_layers, width = 1 + seed % 4, 1 + seed % 7
    net = MLP((2, *n_layers * (width,), 1), ACTIVATIONS["relu"])
    if seed % 2:
        return net, net.initialise([seed])
    generator = torch.Generator().manual_seed(seed)
    return net, torch.randn(1, net.n_parameters, generator=generator, dtype=torch.float64)


def patterns(net: MLP, parameters: Tensor, X: Tensor) -> list[tuple[bool, ...]]:
    """Return which hidden neurons are on at every point."""
    on = torch.cat([z[0] > 0 for z in net.sums(parameters, X)[:-1]], 1)
    return [tuple(row) for row in on.tolist()]


def test_the_polygons_fill_the_square_and_each_has_its_own_set_of_neurons():
    """No region is missed: no point of a grid has a set that no polygon has."""
    side = torch.linspace(-RADIUS, RADIUS, 80, dtype=torch.float64) * 0.9999
    grid = torch.cartesian_prod(side, side)
    for seed in range(120):
        net, parameters = random_net(seed)
        found = cut(net, parameters, RADIUS)
        assert found.after[-1] == len(found.corners) == len(found.areas)
        assert found.areas.sum().item() == pytest.approx(4 * RADIUS**2, rel=1e-9)
        assert list(found.after) == sorted(found.after)
        large = found.areas > 1e-9  # the middle of a splinter may be on the other side by rounding
        middles = patterns(net, parameters, found.corners.mean(1)[large])
        assert len(set(middles)) == len(middles), seed
        missed = set(patterns(net, parameters, grid)) - set(middles)
        assert len(missed) <= int((~large).sum()), seed


def test_on_a_polygon_the_network_is_linear():
    generator = torch.Generator().manual_seed(0)
    for seed in range(120):
        net, parameters = random_net(seed)
        corners = cut(net, parameters, RADIUS).corners
        share = torch.rand(*corners.shape[:2], 1, generator=generator, dtype=torch.float64)
        share /= share.sum(1, keepdim=True)
        values = net.predict(parameters, corners.flatten(0, 1))[0].reshape(*corners.shape[:2], 1)
        inside = net.predict(parameters, (share * corners).sum(1))[0]
        assert torch.allclose((share * values).sum(1), inside, atol=1e-7 * float(1 + values.abs().max())), (
            seed
        )


def test_one_layer_cuts_like_lines():
    """1 + the lines that cross the square + their crossings inside it (Steiner's count in a convex set)."""
    for seed in range(200):
        net = MLP((2, 1 + seed % 12, 1), ACTIVATIONS["relu"])
        parameters = net.initialise([seed])
        (weight, bias), _ = net.layers(parameters)
        lines = list(zip(weight[0].tolist(), bias[0, 0].tolist(), strict=True))
        corners = list(itertools.product((-RADIUS, RADIUS), repeat=2))
        crossing = sum(
            len({math.copysign(1, a * x + b * y + c) for x, y in corners}) == 2 for (a, b), c in lines
        )
        inside = 0
        for ((a, b), c), ((d, e), f) in itertools.combinations(lines, 2):
            x, y = (b * f - c * e) / (a * e - b * d), (c * d - a * f) / (a * e - b * d)
            inside += max(abs(x), abs(y)) < RADIUS
        n_regions = cut(net, parameters, RADIUS).after[-1]
        assert n_regions == 1 + crossing + inside
        assert n_regions <= most_of_one_layer(net.sizes[1])


def test_no_network_exceeds_the_bound_and_lines_in_general_position_reach_it():
    for seed in range(120):
        net, parameters = random_net(seed)
        width = net.sizes[1]
        for layer, n in enumerate(cut(net, parameters, RADIUS).after, 1):
            assert n <= most_of_one_layer(width) ** layer
    net = MLP((2, 5, 1), ACTIVATIONS["relu"])
    angle = torch.arange(5, dtype=torch.float64) * math.pi / 5  # tangents of a circle cross each other nearby
    weight = torch.stack([angle.cos(), angle.sin()], 1).flatten()
    parameters = torch.cat([weight, torch.full((5,), -0.3), torch.ones(6)])[None].double()
    assert cut(net, parameters, 10.0).after == (most_of_one_layer(5),)


def test_a_dark_layer_cuts_nothing_more():
    net = MLP((2, 3, 3, 1), ACTIVATIONS["relu"])
    parameters = net.initialise([1])
    weight, bias = net.layers(parameters)[1]
    weight.fill_(-1)
    bias.fill_(-1)
    first, second = cut(net, parameters, RADIUS).after
    assert first == second > 1


def test_too_many_regions_are_refused(monkeypatch):
    net, parameters = random_net(6)
    monkeypatch.setattr("explainer.nets.regions.MOST", 3)
    with pytest.raises(ValueError, match="more than 3"):
        cut(net, parameters, RADIUS)
