"""The small network, its parameters in one vector, and its derivatives written by hand."""

import itertools

import pytest
import torch
from torch import nn

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.mlp import MLP

ORACLES = {"identity": nn.Identity, "relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}
SIZES = [(1, 1), (1, 3, 1), (1, 4, 4, 1), (1, 2, 5, 3, 1), (1, 8, 8, 1)]
NETS = [MLP(sizes, f) for sizes, f in itertools.product(SIZES, ACTIVATIONS.values())]

each = pytest.mark.parametrize("net", NETS, ids=[f"{net.sizes}-{net.activation.name}" for net in NETS])


def random_parameters(net: MLP, seed: int) -> torch.Tensor:
    """Draw biases too, which a fresh network mostly has at zero."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(net.n_parameters, generator=generator, dtype=torch.float64)


def inputs(n_samples: int = 40) -> torch.Tensor:
    return torch.linspace(-3, 3, n_samples, dtype=torch.float64)[:, None]


def sequential(net: MLP, parameters: torch.Tensor) -> nn.Sequential:
    modules: list[nn.Module] = []
    for weight, bias in net.layers(parameters):
        layer = nn.Linear(*weight.shape, dtype=torch.float64)
        layer.weight.data, layer.bias.data = weight.T, bias
        modules += [layer, ORACLES[net.activation.name]()]
    return nn.Sequential(*modules[:-1])


@each
def test_it_computes_what_the_same_layers_of_torch_compute(net: MLP):
    for seed in range(5):
        parameters = random_parameters(net, seed)
        with torch.no_grad():
            expected = sequential(net, parameters)(inputs())[:, 0]
        assert torch.allclose(net.predict(parameters, inputs()), expected, rtol=1e-12, atol=1e-13)


@each
def test_it_has_as_many_parameters_as_the_same_layers_of_torch(net: MLP):
    model = sequential(net, random_parameters(net, 0))
    assert net.n_parameters == sum(p.numel() for p in model.parameters())


@each
def test_the_jacobian_by_hand_equals_torchs(net: MLP):
    for seed in range(5):
        parameters = random_parameters(net, seed)
        y_hat, J = net.jacobian(parameters, inputs())
        expected = torch.func.jacrev(net.predict)(parameters, inputs())
        assert J.shape == (40, net.n_parameters)
        assert float((J - expected).abs().max()) < 1e-10 * max(1, float(expected.abs().max()))
        assert torch.equal(y_hat, net.predict(parameters, inputs()))


@each
def test_the_jacobian_predicts_what_a_small_step_does(net: MLP):
    parameters = random_parameters(net, 1)
    step = 1e-7 * random_parameters(net, 2)
    y_hat, J = net.jacobian(parameters, inputs(41)[1::2])  # no sample sits on a kink
    moved = net.predict(parameters + step, inputs(41)[1::2])
    assert torch.allclose(moved - y_hat, J @ step, atol=1e-10)


@each
def test_the_layers_are_the_whole_vector_cut_in_order(net: MLP):
    parameters = torch.arange(net.n_parameters, dtype=torch.float64)
    pieces = [piece.flatten() for layer in net.layers(parameters) for piece in layer]
    assert torch.equal(torch.cat(pieces), parameters)
    assert [tuple(weight.shape) for weight, _ in net.layers(parameters)] == list(
        zip(net.sizes, net.sizes[1:], strict=False)
    )


@each
def test_a_seed_names_the_initial_parameters_and_leaves_the_global_generator_alone(net: MLP):
    before = torch.random.get_rng_state()
    first, again, other = (net.initialise(seed=seed) for seed in (1, 1, 2))
    assert first.shape == (net.n_parameters,)
    assert first.dtype == torch.float64
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize("width", [1, 2, 4, 8])
def test_the_first_neurons_start_evenly_spread_over_the_view(width):
    net = MLP((1, width, width, 1), ACTIVATIONS["relu"])
    (weight, bias), *later = net.layers(net.initialise(seed=3, view=3.0))
    centres = (-bias / weight[0]).tolist()
    assert centres == pytest.approx([-3 + 6 * (i + 1) / (width + 1) for i in range(width)])
    assert all((b == 0).all() for _, b in later)


def test_initial_weights_have_variance_one_by_the_number_of_inputs():
    net = MLP((1, 16, 16, 1), ACTIVATIONS["tanh"])
    weights = [net.layers(net.initialise(seed=seed))[1][0] for seed in range(60)]
    entries = torch.stack(weights).flatten()
    assert float(entries.var()) == pytest.approx(1 / 16, rel=5 * (2 / len(entries)) ** 0.5)


def test_without_an_activation_any_depth_is_a_line():
    for sizes in SIZES:
        net = MLP(sizes, ACTIVATIONS["identity"])
        y = net.predict(random_parameters(net, 4), inputs())
        bends = y[2:] - 2 * y[1:-1] + y[:-2]
        assert float(bends.abs().max()) < 1e-12 * max(1, float(y.abs().max()))
