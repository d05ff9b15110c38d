"""The error's signal layer by layer: torch as the oracle, the bound, and what the lecture says of depth."""

import numpy as np
import pytest
import torch
from torch import nn

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.data import sample_curve
from explainer.nets.gradients import (
    STEEPEST,
    idle_units,
    log_bounds_by_depth,
    norm,
    signal_norms,
    signals,
    weight_gradient_norms,
)
from explainer.nets.losses import mse
from explainer.nets.mlp import MLP, SCHEMES

x, target = sample_curve("sine", 64, noise=0.1, seed=0)
X, y = x[:, None], target[:, None]
RANDOM = [scheme for scheme in SCHEMES if scheme != "zeros"]


def net(f: str, depth: int, width: int = 32, **options: bool) -> MLP:
    return MLP((1, *[width] * (depth - 1), 1), ACTIVATIONS[f], **options)


def ratio(f: str, depth: int, width: int, scheme: str, measure=signal_norms) -> np.ndarray:
    """Return the first layer's norm over the last one's, of five networks, in powers of ten."""
    deep = net(f, depth, width)
    norms = measure(deep, deep.initialise(range(5), scheme=scheme), X, y)
    return (norms[:, 0] / norms[:, -1]).log10().numpy()


@pytest.mark.parametrize("measure", [signal_norms, weight_gradient_norms])
@pytest.mark.parametrize("width", [32, 64, 128])
def test_twenty_sigmoids_lose_six_powers_of_ten_where_twenty_relus_keep_all_but_two(width, measure):
    """By the signal and by the gradient of the weights: sigmoids with Xavier's weights, ReLU with He's."""
    assert (ratio("sigmoid", 20, width, "xavier", measure) < -6).all()
    assert (np.abs(ratio("relu", 20, width, "he", measure)) < 2).all()


def log_bounds(f: str, deep: MLP, start: torch.Tensor) -> torch.Tensor:
    """Return the bounds (n_runs, n_layers): the last of those of the networks cut off after every layer."""
    runs = [[(weight[i], bias[i]) for weight, bias in deep.layers(start)] for i in range(len(start))]
    by_weights = torch.stack([log_bounds_by_depth(layers[:-1], layers)[-1] for layers in runs])
    return by_weights + np.log10(STEEPEST[f]) * torch.arange(len(runs[0]) - 1, -1, -1)


def test_the_bound_is_never_exceeded_by_any_network():
    rng = np.random.default_rng(0)
    for _ in range(120):
        f = str(rng.choice(list(STEEPEST)))
        deep = net(f, int(rng.integers(1, 31)), int(rng.choice([1, 2, 4, 32])))
        start = deep.initialise(rng.integers(0, 10**6, 3), scheme=str(rng.choice(RANDOM)))
        start += float(rng.choice([0, 0.1, 1])) * torch.from_numpy(rng.standard_normal(start.shape))
        norms = signal_norms(deep, start, X, y)
        measured, bounds = (norms / norms[:, -1:]).log10(), log_bounds(f, deep, start)
        assert measured.shape == bounds.shape == (3, len(deep.sizes) - 1)
        assert (measured <= bounds + 1e-9).all(), deep
        assert (bounds[:, -1] == 0).all()


def test_the_slopes_alone_are_no_bound():
    assert (ratio("sigmoid", 30, 32, "normal") > 29 * np.log10(0.25) + 10).all()


def test_the_bound_is_reached_where_every_step_back_lengthens_all_it_can():
    one = net("identity", 12, 1)  # one linear neuron a layer: the product of the weights, to the letter
    start = one.initialise(range(5), scheme="normal")
    norms = signal_norms(one, start, X, y)
    bounds = log_bounds("identity", one, start)
    assert torch.allclose((norms[:, 0] / norms[:, -1]).log10(), bounds[:, 0], atol=1e-12)


@pytest.mark.parametrize("f", STEEPEST)
def test_the_steepest_slope_is_the_largest_derivative(f):
    slopes = ACTIVATIONS[f].derivative(torch.linspace(-40, 40, 8001, dtype=torch.float64))
    assert float(slopes.abs().max()) == STEEPEST[f]


@pytest.mark.parametrize("residual", [False, True])
@pytest.mark.parametrize("f", STEEPEST)
def test_the_signals_are_the_gradients_that_torch_leaves_at_the_layers_of_its_own_network(f, residual):
    deep = net(f, 5, 6, residual=residual)
    start = deep.initialise([3], scheme="normal")
    model = deep.to_sequential(start[0])
    linear = [module for module in model.modules() if isinstance(module, nn.Linear)]
    outputs = []

    def keep(module: nn.Module, given: tuple, out: torch.Tensor) -> None:
        out.retain_grad()
        outputs.append(out)

    for layer in linear:
        layer.register_forward_hook(keep)
    mse(model(X), y).backward()
    for signal, out in zip(signals(deep, start, X, y), outputs, strict=True):
        assert torch.allclose(signal[0], out.grad, rtol=1e-10, atol=1e-13)
    by_weights = weight_gradient_norms(deep, start, X, y)[0]
    for found, layer in zip(by_weights, linear, strict=True):
        assert float(found) == pytest.approx(float(layer.weight.grad.norm()), rel=1e-10)


def test_a_row_has_alone_the_signal_that_it_has_in_a_batch():
    deep = net("tanh", 7)
    start = deep.initialise(range(4), scheme="he")
    together = signal_norms(deep, start, X, y)
    for i in range(4):
        assert torch.allclose(signal_norms(deep, start[i : i + 1], X, y)[0], together[i], rtol=1e-12)


def test_linear_and_relu_networks_have_gradients_of_one_size_at_both_ends_even_where_the_signal_fades():
    for f in ("identity", "relu"):
        assert (ratio(f, 20, 32, "small") < -20).all()
        assert (np.abs(ratio(f, 20, 32, "small", weight_gradient_norms)) < 2).all()


def test_a_norm_is_zero_only_if_all_is_zero():
    tiny = torch.full((1, 4), 1e-200, dtype=torch.float64)
    assert float(norm(tiny)) == pytest.approx(2e-200, rel=1e-12)
    assert float(norm(0 * tiny)) == 0
    generator = torch.Generator().manual_seed(0)
    values = torch.randn(3, 5, 7, generator=generator, dtype=torch.float64)
    assert torch.allclose(norm(values), values.flatten(1).norm(dim=1), rtol=1e-14)


def test_a_connection_around_the_layers_carries_the_signal_past_sigmoids():
    around = net("sigmoid", 20, residual=True)
    norms = signal_norms(around, around.initialise(range(5), scheme="xavier"), X, y)
    assert ((norms[:, 0] / norms[:, -1]).log10() > -1).all()


@pytest.mark.parametrize(("f", "z"), [("sigmoid", 9.0), ("tanh", 9.0), ("relu", -1.0)])
def test_idle_is_what_is_saturated_or_dead_for_every_sample(f, z):
    """Two neurons of slope 0.001: the first one stands where nothing passes, the second one where it does."""
    one = MLP((1, 2, 1), ACTIVATIONS[f])
    row = torch.tensor([[1e-3, 1e-3, z, 0.5, 1.0, 1.0, 0.0]], dtype=torch.float64)
    assert idle_units(one, row, X).tolist() == [1]
    moved = row.clone()
    moved[0, 0] = 10.0  # steep enough to reach into the living part for some sample
    assert idle_units(one, moved, X).tolist() == [0]


def test_a_network_without_hidden_neurons_has_no_idle_ones():
    assert idle_units(net("relu", 1), torch.ones(3, 2, dtype=torch.float64), X).tolist() == [0, 0, 0]
