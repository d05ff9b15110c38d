"""Linear layers on linear layers are one linear layer."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import nn

from explainer.nets.linear import best_line, collapse, random_weights, states, with_ones

EPSILON = torch.finfo(torch.float64).eps
STACKS = [(depth, width, seed) for depth in range(1, 11) for width in range(1, 17) for seed in (0, 7)]


def rounding(X: torch.Tensor, weights: list[torch.Tensor]) -> float:
    """Bound what rounding may change in a product of matrices.

    Higham, Accuracy and Stability of Numerical Algorithms, section 3.5: k eps |X| |W1| ... |Wd|, where k
    counts the additions on one path through the product. Two orders of multiplication differ by twice that.
    """
    magnitude = X.abs()
    for weight in weights:
        magnitude = magnitude @ weight.abs()
    return 2 * EPSILON * sum(len(weight) for weight in weights) * float(magnitude.max())


@pytest.fixture
def x() -> torch.Tensor:
    return torch.linspace(-3, 3, 25, dtype=torch.float64)


def test_a_stack_of_any_depth_width_and_seed_equals_one_matrix_product(x):
    X = with_ones(x)
    for depth, width, seed in STACKS:
        weights = random_weights(depth, width, seed=seed)
        A = collapse(weights)
        assert A.shape == (2, 1)
        difference = float((states(X, weights)[-1] - X @ A).abs().max())
        assert difference <= rounding(X, weights), (depth, width, seed)


def test_the_collapsed_matrix_is_the_one_torch_multiplies(x):
    for depth, width, seed in STACKS:
        weights = random_weights(depth, width, seed=seed)
        expected = torch.linalg.multi_dot(weights) if depth > 1 else weights[0]
        bound = rounding(torch.eye(2, dtype=torch.float64), weights)
        assert float((collapse(weights) - expected).abs().max()) <= bound, (depth, width, seed)


def test_a_stack_equals_torchs_linear_layers_without_bias(x):
    X = with_ones(x)
    for depth, width, seed in STACKS:
        weights = random_weights(depth, width, seed=seed)
        layers = [nn.Linear(*w.shape, bias=False, dtype=torch.float64) for w in weights]
        for layer, weight in zip(layers, weights, strict=True):
            layer.weight.data = weight.T
        with torch.no_grad():
            difference = float((nn.Sequential(*layers)(X) - states(X, weights)[-1]).abs().max())
        assert difference <= rounding(X, weights), (depth, width, seed)


def test_every_neuron_of_every_layer_draws_a_straight_line(x):
    X = with_ones(x)
    for depth, width, seed in STACKS[:: len(STACKS) // 40]:
        weights = random_weights(depth, width, seed=seed)
        for layer, state in enumerate(states(X, weights), 1):
            bends = state[2:] - 2 * state[1:-1] + state[:-2]
            assert float(bends.abs().max()) <= 4 * rounding(X, weights[:layer])


def test_the_states_are_those_of_all_layers_in_order(x):
    X = with_ones(x)
    weights = random_weights(4, 3, seed=1)
    found = states(X, weights)
    assert [s.shape for s in found] == [(25, 3), (25, 3), (25, 3), (25, 1)]
    before = X
    for weight, state in zip(weights, found, strict=True):
        assert torch.equal(state, before @ weight)
        before = state


def test_random_weights_have_the_shapes_of_a_chain_from_constant_and_feature_to_one_output():
    for depth, width, seed in STACKS:
        weights = random_weights(depth, width, seed=seed)
        sizes = [2, *[width] * (depth - 1), 1]
        assert [tuple(w.shape) for w in weights] == list(itertools.pairwise(sizes))
        assert all(w.dtype == torch.float64 for w in weights)


@pytest.mark.parametrize("width", [4, 9, 16])
def test_weights_have_mean_zero_and_variance_one_by_width(width):
    stacks = [random_weights(10, width, seed=seed) for seed in range(60)]
    first = torch.cat([weights[0].flatten() for weights in stacks])
    later = torch.cat([w.flatten() for weights in stacks for w in weights[1:]])
    for entries, variance in ((first, 1.0), (later, 1 / width)):
        # Five standard errors of the mean and of the variance of so many normal numbers.
        assert abs(float(entries.mean())) < 5 * (variance / len(entries)) ** 0.5
        assert float(entries.var()) == pytest.approx(variance, rel=5 * (2 / len(entries)) ** 0.5)


def test_depth_neither_explodes_nor_extinguishes_the_output_on_average():
    def mean_square(depth: int) -> float:
        slopes = [float(collapse(random_weights(depth, 16, seed=seed))[1]) for seed in range(400)]
        return float(np.mean(np.square(slopes)))

    # E[slope^2] is 1 for every depth; the estimate from 400 stacks is far from exact, hence the wide band.
    for depth in (1, 3, 10):
        assert 0.5 < mean_square(depth) < 2


def test_a_seed_names_one_network_and_leaves_the_global_generator_alone():
    before = torch.random.get_rng_state()
    first, again, other = (random_weights(3, 5, seed=seed) for seed in (3, 3, 4))
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not torch.equal(first[0], other[0])
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize(("depth", "width"), [(0, 4), (-1, 4), (3, 0), (3, -2)])
def test_a_network_without_layers_or_neurons_is_refused_with_the_numbers_it_got(depth, width):
    with pytest.raises(ValueError, match=f"{depth} and {width}"):
        random_weights(depth, width, seed=0)


def test_the_column_of_ones_turns_the_intercept_into_a_weight(x):
    X = with_ones(x)
    assert torch.equal(X @ torch.tensor([[2.0], [3.0]], dtype=torch.float64), (2 + 3 * x)[:, None])


def test_the_best_line_is_that_of_least_squares():
    generator = torch.Generator().manual_seed(0)
    for _ in range(50):
        x = torch.randn(30, generator=generator, dtype=torch.float64)
        y = torch.randn(30, generator=generator, dtype=torch.float64)
        line = best_line(x, y)
        slope, intercept = np.polyfit(x.numpy(), y.numpy(), 1)
        assert line.numpy() == pytest.approx([intercept, slope], abs=1e-10)
        # The normal equations: what is left is orthogonal to the constant and to x.
        left = y - with_ones(x) @ line
        assert (with_ones(x).T @ left).abs().max() < 1e-12


def test_points_on_a_line_get_that_line_back(x):
    assert best_line(x, 0.7 - 1.3 * x).numpy() == pytest.approx([0.7, -1.3], abs=1e-12)


def test_the_best_line_of_the_same_points_is_the_same_to_the_last_bit():
    """Whoever asks, in whichever thread, and wherever the numbers lie in memory."""
    x = torch.linspace(-3, 3, 241, dtype=torch.float64)
    y = -0.9 + 2.1 * x
    held = []

    def ask(i: int) -> tuple[float, ...]:
        held.append(bytearray(37 * i + 1))  # so that the next numbers lie somewhere else
        return tuple(best_line(x.clone(), y.clone()).tolist())

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(ask, range(1000)))) == 1
