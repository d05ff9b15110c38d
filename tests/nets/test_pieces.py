"""Linear pieces are counted exactly: as many as a dense look at the slopes finds, and none above a bound."""

import numpy as np
import pytest
import torch
from torch import Tensor

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.mlp import MLP
from explainer.nets.pieces import most_after, walk

N_NETS = 200
N_DENSE, N_FINER = 20_001, 65  # points of the interval, and of a stretch of it that holds a break


def random_net(seed: int) -> tuple[MLP, Tensor]:
    """Draw a shape of 1 to 5 layers and parameters: the project's own, or plain noise in all of them."""
    random = np.random.default_rng(seed)
    sizes = tuple(int(n) for n in random.integers(1, 13, random.integers(1, 6)))
    net = MLP((1, *sizes, 1), ACTIVATIONS["relu"])
    if seed % 2:
        return net, net.initialise([seed])
    generator = torch.Generator().manual_seed(seed)
    return net, torch.randn(1, net.n_parameters, generator=generator, dtype=torch.float64)


def slopes(model: torch.nn.Module, x: Tensor) -> Tensor:
    """Return autograd's derivative of the output at every x (n_points,)."""
    x = x[:, None].clone().requires_grad_()
    return torch.autograd.grad(model(x).sum(), x)[0][:, 0]


def counted_densely(model: torch.nn.Module, low: float, high: float) -> int:
    """Count the changes of the slope on a dense grid, looking closer and closer where it changes."""
    x = torch.linspace(low, high, N_DENSE, dtype=torch.float64)
    slope = slopes(model, x)
    # Slopes are sums of products: what rounding leaves of a zero is small against the largest terms.
    scale = slope.abs().max() + 1e-300
    for _ in range(4):
        breaks = (slope.diff().abs() > 1e-9 * scale).nonzero()[:, 0]
        if not len(breaks):
            return 1
        start, end = x[breaks], x[breaks + 1]
        if (end - start).max() < 1e-9 * (high - low):
            break
        share = torch.linspace(0, 1, N_FINER, dtype=torch.float64)
        finer = torch.lerp(start[:, None], end[:, None], share)
        x = finer.flatten()
        slope = slopes(model, x)
    return 1 + len(breaks)


@pytest.mark.parametrize("half", [0, 1])
def test_as_many_pieces_are_found_as_a_dense_count_finds(half):
    for seed in range(half, N_NETS, 2):
        net, parameters = random_net(seed)
        line = walk(net, parameters, -1.0, 1.0)
        assert line.n_pieces == counted_densely(net.to_sequential(parameters[0]), -1.0, 1.0), seed


def test_between_its_breaks_the_network_is_the_line_through_their_values():
    for seed in range(2000):
        net, parameters = random_net(seed)
        parameters = parameters * 10.0 ** (seed % 5 - 3)  # nearly nothing, or steep
        line = walk(net, parameters, -2.0, 3.0)
        x = torch.linspace(-2, 3, 101, dtype=torch.float64)
        exact = net.predict(parameters, x[:, None])[0, :, 0].numpy()
        drawn = np.interp(x, line.edges, line.values)
        assert np.abs(drawn - exact).max() <= 1e-9 * np.abs(exact).max() + 1e-30, seed
        assert (line.edges.diff() > 0).all()
        assert (line.edges[0], line.edges[-1]) == (-2, 3)
        assert len(line.edges) == len(line.values) == line.n_pieces + 1


def test_no_network_exceeds_the_bound_and_one_layer_reaches_it():
    for seed in range(1000):
        n_layers, width = 1 + seed % 6, 1 + seed % 16
        net = MLP((1, *n_layers * (width,), 1), ACTIVATIONS["relu"])
        line = walk(net, net.initialise([seed]), -1.0, 1.0)
        assert all(n <= most_after(width, i) for i, n in enumerate(line.after, 1))
        assert line.n_pieces <= line.after[-1]
        if n_layers == 1:
            assert line.n_pieces == most_after(width, 1) == width + 1


def test_what_no_later_neuron_passes_on_is_no_break():
    net = MLP((1, 1, 1, 1), ACTIVATIONS["relu"])
    parameters = torch.tensor([[1.0, 0.0, -1.0, -1.0, 5.0, 2.0]], dtype=torch.float64)
    line = walk(net, parameters, -1.0, 1.0)  # relu(x) breaks at 0, but relu(-relu(x) - 1) is dark
    assert line.after == (2, 1)
    assert line.values.tolist() == [2.0, 2.0]
    zero = torch.zeros_like(parameters)
    assert walk(net, zero, -1.0, 1.0).n_pieces == 1


def test_two_neurons_that_break_at_one_place_make_one_break():
    net = MLP((1, 2, 1), ACTIVATIONS["relu"])
    parameters = torch.tensor([[1.0, 3.0, -0.1, -0.3, 1.0, 1.0, 0.0]], dtype=torch.float64)
    assert walk(net, parameters, 0.0, 1.0).n_pieces == 2
    parameters[0, 5] = -1 / 3  # the two cancel: nothing is left of either
    assert walk(net, parameters, 0.0, 1.0).n_pieces == 1
