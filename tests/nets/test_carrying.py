"""The slow way through a layer ends where the layer ends, and tears and folds nothing on the way."""

import itertools

import numpy as np
import pytest

from explainer.nets.carrying import axis_angle, carry, rotation, steps


def layers(seed: int, n: int, n_layers: int) -> list[tuple[np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(seed)
    widths = [2] + [n] * n_layers
    return [
        (rng.normal(size=(n_out, n_in)) * rng.uniform(0.2, 3), rng.normal(size=n_out))
        for n_in, n_out in itertools.pairwise(widths)
    ]


@pytest.mark.parametrize("n", [2, 3])
def test_the_last_frame_is_what_the_network_computes_up_to_the_signs_of_neurons(n):
    for seed in range(150):
        net = layers(seed, n, 1 + seed % 5)
        X = np.random.default_rng(1000 + seed).uniform(-1.2, 1.2, (20, 2))
        h = X
        for weight, bias in net:
            h = np.tanh(h @ weight.T + bias)
        found, sign = steps(net)
        frames = carry(found, X, 60)
        assert frames.shape == (60, 20, n)
        assert frames[0][:, :2] == pytest.approx(X)
        assert frames[-1] * sign == pytest.approx(h, abs=1e-9)
        assert set(np.abs(sign)) == {1.0}


@pytest.mark.parametrize("n", [2, 3])
def test_every_share_of_a_layer_keeps_the_orientation_everywhere(n):
    """The derivative of the map has a positive determinant, so that nothing is folded or turned over."""
    rng = np.random.default_rng(0)
    for seed in range(60):
        (step, *_), _ = steps([(rng.normal(size=(n, n)), rng.normal(size=n))])
        for share in (0.01, 0.2, 0.5, 0.51, 0.7, 1.0):
            for place in rng.uniform(-1, 1, (3, n)):
                near = place + 1e-6 * np.vstack([np.eye(n), -np.eye(n)])
                moved = step.at(near, share)
                derivative = (moved[:n] - moved[n:]) / 2e-6
                assert np.linalg.det(derivative) > 0, (seed, share)


def test_nothing_jumps_from_frame_to_frame():
    X = np.random.default_rng(0).uniform(-1.2, 1.2, (50, 2))
    for seed in range(40):
        for n in (2, 3):
            frames = carry(steps(layers(seed, n, 3))[0], X, 600)
            step = np.abs(np.diff(frames, axis=0)).max()
            assert step < 0.05 * np.abs(frames).max()


def test_a_rotation_is_found_again_from_its_matrix():
    rng = np.random.default_rng(0)
    for angle in (*rng.uniform(0, np.pi, 1000), 0.0, 1e-9, 1e-4, np.pi - 1e-9, np.pi):
        axis = rng.normal(size=3)
        turned = rotation(axis / np.linalg.norm(axis), float(angle))
        assert turned @ turned.T == pytest.approx(np.eye(3), abs=1e-12)
        assert np.linalg.det(turned) == pytest.approx(1)
        found, again = axis_angle(turned)
        assert rotation(found, again) == pytest.approx(turned, abs=1e-7)
        assert again == pytest.approx(angle, abs=1e-7)


def test_a_layer_that_presses_the_sheet_flat_is_refused():
    with pytest.raises(ValueError, match="determinant is 0"):
        steps([(np.array([[1.0, 2.0], [2.0, 4.0]]), np.zeros(2))])
