"""Small networks as rows of one tensor: what they compute, how they start, and their derivatives by hand."""

import itertools
from collections.abc import Callable

import pytest
import torch
from torch import nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.mlp import MLP, SCHEMES, Residual

ORACLES = {
    "identity": nn.Identity,
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
}
FS = [ACTIVATIONS[name] for name in ORACLES]  # what every activation must do is in test_activations.py
SIZES = [(1, 1), (1, 3, 1), (1, 4, 4, 1), (1, 2, 5, 3, 1), (1, 8, 8, 1), (3, 4, 2, 1)]
NETS = [MLP(sizes, f) for sizes, f in itertools.product(SIZES, FS)] + [
    MLP((2, 5, 3, 1), ACTIVATIONS["tanh"], output) for output in FS
]
# Connections lead around hidden layers of as many neurons as inputs: none, one, and two of them here.
NETS += [MLP(sizes, f, residual=True) for sizes in ((1, 4, 1), (1, 4, 4, 1), (2, 3, 3, 3, 1)) for f in FS]
# Hidden layers with activations of their own.
NETS += [
    MLP((2, 4, 3, 5, 1), tuple(ACTIVATIONS[f] for f in names), residual=residual)
    for names in (("relu", "tanh", "sigmoid"), ("identity", "elu", "relu"))
    for residual in (False, True)
] + [MLP((2, 1), ())]
# Networks of several outputs predict, but have no Jacobian here.
WIDE = [MLP((2, 4, 3), ACTIVATIONS["relu"], output) for output in FS]
N_RUNS = 5


def name(net: MLP) -> str:
    return f"{net.sizes}-{'-'.join(f.name for f in net.activations)}" + "-residual" * net.residual


each = pytest.mark.parametrize("net", NETS, ids=name)
each_and_wide = pytest.mark.parametrize("net", NETS + WIDE, ids=name)


def random_parameters(net: MLP, seed: int, n_runs: int = N_RUNS) -> torch.Tensor:
    """Draw biases too, which a fresh network mostly has at zero."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(n_runs, net.n_parameters, generator=generator, dtype=torch.float64)


def inputs(net: MLP, n_samples: int = 40) -> torch.Tensor:
    """Spread one feature evenly over [-3, 3], draw several at random."""
    if net.sizes[0] == 1:
        return torch.linspace(-3, 3, n_samples, dtype=torch.float64)[:, None]
    generator = torch.Generator().manual_seed(0)
    return torch.randn(n_samples, net.sizes[0], generator=generator, dtype=torch.float64)


class Around(nn.Sequential):
    """Layers with a connection around them."""

    def __init__(self, n: int, *layers: nn.Module) -> None:
        super().__init__(*layers)
        self.n = n

    def forward(self, h: torch.Tensor) -> torch.Tensor:
        return h + super().forward(h) / self.n


def sequential(net: MLP, row: torch.Tensor) -> nn.Sequential:
    """Build the network from torch's own layers, which put the vector where they keep their parameters."""
    modules: list[nn.Module] = []
    pairs = list(itertools.pairwise(net.sizes))
    n_around = sum(n_in == n_out for n_in, n_out in pairs[:-1])
    for f, (n_in, n_out) in zip(net.activations, pairs[:-1], strict=False):
        layer = [nn.Linear(n_in, n_out, dtype=torch.float64), ORACLES[f.name]()]
        modules += [Around(n_around, *layer)] if net.residual and n_in == n_out else layer
    modules += [nn.Linear(*pairs[-1], dtype=torch.float64), ORACLES[net.output.name]()]
    model = nn.Sequential(*modules)
    vector_to_parameters(row, model.parameters())
    return model


def one_output(net: MLP, X: torch.Tensor) -> Callable[[torch.Tensor], torch.Tensor]:
    return lambda parameters: net.predict(parameters, X)[..., 0]


@each_and_wide
def test_every_row_computes_what_the_same_layers_of_torch_compute(net: MLP):
    parameters, X = random_parameters(net, 0), inputs(net)
    y_hat = net.predict(parameters, X)
    assert y_hat.shape == (N_RUNS, 40, net.sizes[-1])
    for row, found in zip(parameters, y_hat, strict=True):
        with torch.no_grad():
            expected = sequential(net, row)(X)
        assert torch.allclose(found, expected, rtol=1e-12, atol=1e-13)


@each_and_wide
def test_it_has_as_many_parameters_as_the_same_layers_of_torch(net: MLP):
    layers = (nn.Linear(n_in, n_out) for n_in, n_out in itertools.pairwise(net.sizes))
    assert net.n_parameters == sum(p.numel() for layer in layers for p in layer.parameters())


@each_and_wide
def test_a_row_computes_alone_what_it_computes_in_a_batch(net: MLP):
    parameters, X = random_parameters(net, 1), inputs(net)
    together = net.predict(parameters, X)
    for i in range(N_RUNS):
        assert torch.allclose(net.predict(parameters[i : i + 1], X)[0], together[i], rtol=1e-12, atol=1e-13)


@each
def test_the_jacobian_by_hand_equals_torchs_and_no_row_depends_on_another(net: MLP):
    parameters, X = random_parameters(net, 2), inputs(net)
    y_hat, J = net.jacobian(parameters, X)
    every = torch.func.jacrev(one_output(net, X))(parameters)  # (n_runs, n_samples, n_runs, n_parameters)
    assert J.shape == (N_RUNS, 40, net.n_parameters)
    for i, j in itertools.product(range(N_RUNS), repeat=2):
        expected = every[i, :, j]
        if i == j:
            assert float((J[i] - expected).abs().max()) < 1e-10 * max(1, float(expected.abs().max()))
        else:
            assert (expected == 0).all()
    assert torch.equal(y_hat, net.predict(parameters, X)[..., 0])


@each
def test_the_jacobian_of_a_row_alone_is_that_of_the_row_in_a_batch(net: MLP):
    parameters, X = random_parameters(net, 3), inputs(net)
    _, together = net.jacobian(parameters, X)
    for i in range(N_RUNS):
        _, alone = net.jacobian(parameters[i : i + 1], X)
        assert torch.allclose(alone[0], together[i], rtol=1e-12, atol=1e-13)


@each
def test_the_jacobian_predicts_what_a_small_step_does(net: MLP):
    parameters, X = random_parameters(net, 1), inputs(net, 41)[1::2]  # no sample sits on a kink
    steps = 1e-7 * random_parameters(net, 2)
    y_hat, J = net.jacobian(parameters, X)
    moved = net.predict(parameters + steps, X)[..., 0]
    assert torch.allclose(moved - y_hat, (J @ steps[..., None])[..., 0], atol=1e-10)


def test_a_jacobian_of_several_outputs_is_refused():
    for net in WIDE:
        with pytest.raises(ValueError, match="one output, not 3"):
            net.jacobian(random_parameters(net, 0), inputs(net))


@each_and_wide
def test_the_layers_are_the_whole_vector_cut_in_the_order_of_torch(net: MLP):
    parameters = torch.arange(3 * net.n_parameters, dtype=torch.float64).reshape(3, -1)
    layers = net.layers(parameters)
    assert [weight.shape for weight, _ in layers] == [
        (3, n_out, n_in) for n_in, n_out in itertools.pairwise(net.sizes)
    ]
    assert [bias.shape for _, bias in layers] == [(3, 1, n_out) for n_out in net.sizes[1:]]
    for i, row in enumerate(parameters):
        pieces = [piece[i].flatten() for layer in layers for piece in layer]
        assert torch.equal(torch.cat(pieces), row)
        of_torch = [m for m in sequential(net, row).modules() if isinstance(m, nn.Linear)]
        for (weight, bias), linear in zip(layers, of_torch, strict=True):
            assert torch.equal(weight[i], linear.weight)
            assert torch.equal(bias[i, 0], linear.bias)


@each_and_wide
def test_a_sequential_is_made_of_torchs_own_layers_and_a_copy_of_the_vector(net: MLP):
    (row,) = random_parameters(net, 4, n_runs=1)
    before = row.clone()
    model = net.to_sequential(row)
    named = {Around: Residual}
    expected = [type(module) for module in sequential(net, row) if not isinstance(module, nn.Identity)]
    expected = [named.get(kind, kind) for kind in expected]
    assert [type(module) for module in model] == expected
    assert all(p.requires_grad and p.dtype == torch.float64 for p in model.parameters())
    assert torch.equal(parameters_to_vector(model.parameters()), row)
    with torch.no_grad():
        for p in model.parameters():
            p.add_(1)
    assert torch.equal(row, before)


@each_and_wide
def test_a_seed_names_the_initial_parameters_and_leaves_the_global_generator_alone(net: MLP):
    before = torch.random.get_rng_state()
    first, again, other = (net.initialise([seed]) for seed in (1, 1, 2))
    assert first.shape == (1, net.n_parameters)
    assert first.dtype == torch.float64
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert torch.equal(torch.random.get_rng_state(), before)


@each_and_wide
def test_a_row_starts_as_its_seed_says_whatever_the_other_seeds(net: MLP):
    settings = {"view": (-2.0, 5.0), "sharpness": 1.7}
    rows = net.initialise([4, 0, 4, 9], **settings)
    for seed, row in zip((4, 0, 4, 9), rows, strict=True):
        assert torch.equal(row, net.initialise([seed], **settings)[0])
    assert len({tuple(row.tolist()) for row in rows}) == 3


@pytest.mark.parametrize("width", [1, 2, 4, 8])
@pytest.mark.parametrize("view", [(-3.0, 3.0), (0.0, 1.0), (2.0, 10.0)])
def test_the_first_neurons_start_evenly_spread_over_the_view(width, view):
    net = MLP((1, width, width, 1), ACTIVATIONS["relu"])
    low, high = view
    (weight, bias), *later = net.layers(net.initialise(range(3), view=view, sharpness=2.5))
    for i in range(3):
        centres = (-bias[i, 0] / weight[i, :, 0]).tolist()
        assert centres == pytest.approx([low + (high - low) * (j + 1) / (width + 1) for j in range(width)])
    assert all((b == 0).all() for _, b in later)


def test_sharpness_makes_the_first_neurons_steeper_and_nothing_else():
    net = MLP((1, 6, 6, 1), ACTIVATIONS["tanh"])
    plain, sharp = (net.initialise(range(4), view=(-3.0, 3.0), sharpness=s) for s in (1.0, 4.0))
    (first, *rest), (sharp_first, *sharp_rest) = net.layers(plain), net.layers(sharp)
    for a, b in zip(first, sharp_first, strict=True):
        assert torch.allclose(4 * a, b, rtol=1e-14)
    for (weight, bias), (sharp_weight, sharp_bias) in zip(rest, sharp_rest, strict=True):
        assert torch.equal(weight, sharp_weight)
        assert torch.equal(bias, sharp_bias)


def spread(values: list[torch.Tensor], *, standard_deviation: float) -> None:
    """Assert that the values are N(0, standard_deviation^2) by mean and variance, to five standard errors."""
    entries = torch.cat([value.flatten() for value in values]) / standard_deviation
    assert abs(float(entries.mean())) < 5 * len(entries) ** -0.5
    assert float(entries.var()) == pytest.approx(1, abs=5 * (2 / len(entries)) ** 0.5)


def test_initial_weights_have_variance_one_by_the_number_of_inputs():
    net = MLP((1, 16, 16, 1), ACTIVATIONS["tanh"])
    _, *deeper = net.layers(net.initialise(range(200)))
    for weight, _ in deeper:
        spread([weight], standard_deviation=1 / 4)


@pytest.mark.parametrize(("view", "sharpness"), [((-1.0, 1.0), 1.0), ((-3.0, 3.0), 3.0), ((0.0, 8.0), 2.0)])
def test_the_first_weights_of_one_input_are_sharpness_over_half_the_view(view, sharpness):
    net = MLP((1, 16, 1), ACTIVATIONS["tanh"])
    (weight, _), _ = net.layers(net.initialise(range(200), view=view, sharpness=sharpness))
    spread([weight], standard_deviation=sharpness / ((view[1] - view[0]) / 2))


def test_the_first_layer_of_several_inputs_starts_with_random_biases():
    net = MLP((4, 16, 16, 1), ACTIVATIONS["tanh"])
    (weight, bias), *later = net.layers(net.initialise(range(200), view=(-3.0, 3.0), sharpness=5.0))
    spread([weight], standard_deviation=1 / 2)
    spread([bias], standard_deviation=1)
    assert all((b == 0).all() for _, b in later)


def test_one_layer_alone_starts_without_a_bias():
    for n_in in (1, 3):
        net = MLP((n_in, 1), ACTIVATIONS["identity"])
        ((weight, bias),) = net.layers(net.initialise(range(300), view=(-3.0, 3.0), sharpness=5.0))
        spread([weight], standard_deviation=n_in**-0.5)
        assert (bias == 0).all()


def test_without_an_activation_any_depth_is_a_line():
    for sizes in SIZES:
        net = MLP(sizes, ACTIVATIONS["identity"])
        x = torch.linspace(-3, 3, 40, dtype=torch.float64)[:, None].expand(-1, sizes[0])
        for y in net.predict(random_parameters(net, 4), x):
            bends = y[2:] - 2 * y[1:-1] + y[:-2]
            assert float(bends.abs().max()) < 1e-12 * max(1, float(y.abs().max()))


# -- schemes ---------------------------------------------------------------------------------------

TORCH = {
    "normal": lambda weight, generator: nn.init.normal_(weight, generator=generator),
    "xavier": lambda weight, generator: nn.init.xavier_normal_(weight, generator=generator),
    "he": lambda weight, generator: nn.init.kaiming_normal_(weight, nonlinearity="relu", generator=generator),
    "small": lambda weight, generator: nn.init.normal_(weight, std=0.01, generator=generator),
    "zeros": lambda weight, generator: nn.init.zeros_(weight),
}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_scheme_draws_what_torch_draws_by_that_name_and_no_biases(scheme: str):
    net = MLP((3, 40, 20, 2), ACTIVATIONS["relu"])
    for seed in range(3):
        generator = torch.Generator().manual_seed(seed)
        for weight, bias in net.layers(net.initialise([seed], scheme=scheme)):
            expected = TORCH[scheme](torch.empty_like(weight[0]), generator)
            assert torch.allclose(weight[0], expected, rtol=1e-12)
            assert torch.equal(bias, torch.zeros_like(bias))


def test_schemes_of_one_seed_differ_by_factors_only():
    net = MLP((1, 6, 6, 1), ACTIVATIONS["relu"])
    drawn = [net.layers(net.initialise([5], scheme=scheme)) for scheme in SCHEMES]
    for layers in zip(*drawn, strict=True):
        for weight, _ in layers[1:]:
            factor = weight / layers[0][0]
            assert torch.allclose(factor, factor.mean(), rtol=1e-12)


def test_an_unknown_scheme_is_refused():
    with pytest.raises(KeyError, match="nobody"):
        MLP((1, 2, 1), ACTIVATIONS["relu"]).initialise([0], scheme="nobody")


def test_as_many_activations_as_hidden_layers_are_asked_for():
    with pytest.raises(ValueError, match="2 hidden layers need as many activations, got 1"):
        MLP((2, 3, 3, 1), (ACTIVATIONS["tanh"],))
    one, each = MLP((2, 3, 3, 1), ACTIVATIONS["tanh"]), MLP((2, 3, 3, 1), (ACTIVATIONS["tanh"],) * 2)
    assert one.activations == each.activations
    assert [f.name for f in one.activations] == ["tanh", "tanh", "identity"]
