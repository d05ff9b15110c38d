"""Pieces along a line are counted exactly, bends as often as a curve has inflections."""

import itertools

import numpy as np
import pytest
import torch

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.complexity import bends, chords, pieces


def relu_net(seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(seed)
    widths = [2, *rng.integers(1, 9, rng.integers(1, 5)), 1]
    return [
        (rng.normal(size=(n_out, n_in)), rng.normal(size=n_out)) for n_in, n_out in itertools.pairwise(widths)
    ]


def answers(layers: list, X: np.ndarray) -> list[np.ndarray]:
    """Return what every layer answers, ReLU everywhere but at the end."""
    found, h = [], X
    for i, (weight, bias) in enumerate(layers):
        z = h @ weight.T + bias
        h = np.maximum(z, 0) if i < len(layers) - 1 else z
        found.append(h)
    return found


def kinks(values: np.ndarray) -> np.ndarray:
    """Count the kinks of curves (n_places, n_curves) at even distances, from nothing but their values.

    A cell with a kink inside has a slope of its own, different from both its neighbours': two changes in a
    row are one kink, three or four are two.
    """
    n_places = len(values)
    slope = np.diff(values, axis=0) * (n_places - 1)
    # Slopes that are equal differ by rounding: of the answers, over the width of a cell.
    equal = 1e-6 * np.abs(slope).max() + 1e-14 * n_places * np.abs(values).max()
    changed = np.abs(np.diff(slope, axis=0)) > equal
    counts = []
    for column in changed.T:
        places = np.flatnonzero(column)
        rows = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1) if len(places) else []
        counts.append(sum((len(row) + 1) // 2 for row in rows))
    return np.array(counts)


def test_pieces_are_those_that_a_fine_numerical_count_finds_on_two_hundred_nets():
    share = np.linspace(0, 1, 50_001)[:, None]
    for seed in range(200):
        layers = relu_net(seed)
        start, end = chords(1, 6.0, seed=seed)[0]
        counted = pieces(layers, start, end)
        for layer, values in enumerate(answers(layers, start + share * (end - start))):
            assert (counted[layer] == 1 + kinks(values)).all(), (seed, layer)


def test_a_first_neuron_has_one_kink_at_most_and_no_layer_has_more_than_can_be():
    for seed in range(300):
        layers = relu_net(seed)
        counted = pieces(layers, *chords(1, 6.0, seed=seed)[0])
        assert counted[0].max() <= (2 if len(layers) > 1 else 1)
        most = 1  # every neuron of a layer can cut each piece before it once
        for layer, count in zip(layers, counted, strict=True):
            most = most * (len(layer[1]) + 1)
            assert count.min() >= 1
            assert count.max() <= most


@pytest.mark.parametrize(
    ("weight", "bias", "expected"),
    [([[1.0, 0.0]], [0.0], 2), ([[1.0, 0.0]], [9.0], 1), ([[1.0, 0.0]], [-9.0], 1), ([[0.0, 1.0]], [0.0], 1)],
)
def test_one_neuron_is_bent_where_its_border_is_crossed(weight, bias, expected):
    layers = [(np.array(weight), np.array(bias)), (np.ones((1, 1)), np.zeros(1))]
    counted = pieces(layers, np.array([-6.0, 0.0]), np.array([6.0, 0.0]))
    assert [int(layer[0]) for layer in counted] == [expected, expected]


def test_two_kinks_that_cancel_are_no_kink():
    layers = [(np.array([[1.0, 0.0], [-1.0, 0.0]]), np.zeros(2)), (np.array([[1.0, -1.0]]), np.zeros(1))]
    hidden, output = pieces(layers, np.array([-6.0, 1.0]), np.array([6.0, 1.0]))
    assert hidden.tolist() == [2, 2]
    assert output.tolist() == [1], "relu(x) - relu(-x) = x"


def test_bends_are_the_inflections_of_known_curves():
    x = torch.linspace(-6, 6, 400, dtype=torch.float64)
    curves = {
        1: torch.tanh(x),
        0: x**2,
        3: x**5 - 20 * x**3 + 3,  # where 20 x^3 - 120 x changes its sign
        11: torch.sin(3 * x),
    }
    for expected, curve in curves.items():
        for factor in (1.0, -1e3, 1e-3):
            assert int(bends(factor * curve)) == expected


def test_straight_and_saturated_curves_have_no_bends_however_they_round():
    x = torch.linspace(-6, 6, 400, dtype=torch.float64)
    for curve in (0 * x, x / 3 + 0.1, torch.tanh(x + 40), torch.sigmoid(0.1 * x + 700)):
        assert int(bends(curve)) == 0


def test_a_smooth_neuron_of_the_first_layer_has_one_inflection_at_most():
    generator = torch.Generator().manual_seed(0)
    weight, bias = (torch.randn(2000, 1, generator=generator, dtype=torch.float64) * 3 for _ in range(2))
    z = weight * torch.linspace(-2, 2, 400, dtype=torch.float64) + bias
    for f in ("tanh", "sigmoid"):
        counted = bends(ACTIVATIONS[f].function(z))
        assert counted.max() == 1
        inside = (bias.abs() < 1.9 * weight.abs())[:, 0] & (weight.abs() > 0.2)[:, 0]
        assert (counted[inside] == 1).all()


def test_chords_end_on_the_circle_and_are_the_same_for_a_seed():
    ends = chords(200, 6.0, seed=3)
    assert np.hypot(*ends.reshape(-1, 2).T) == pytest.approx(np.full(400, 6.0))
    assert (ends == chords(200, 6.0, seed=3)).all()
    assert (ends != chords(200, 6.0, seed=4)).any()
