"""The way down: every recorded step is one of Levenberg and Marquardt's, and lower than the one before."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.data import CURVES, sample_curve
from explainer.nets.levenberg_marquardt import Descent, levenberg_marquardt
from explainer.nets.linear import best_line, with_ones
from explainer.nets.mlp import MLP

ENOUGH = 100  # steps


def train(net: MLP, target: str, seed: int, *, n_samples: int = 60, n_steps: int = 59) -> Descent:
    x, y = sample_curve(target, n_samples, noise=0.2, seed=seed)
    return levenberg_marquardt(net, net.initialise(seed=seed), x[:, None], y, n_steps=n_steps)


def bent(width: int, name: str = "tanh") -> MLP:
    return MLP((1, width, width, 1), ACTIVATIONS[name])


RUNS = [
    (net, target, seed)
    for net in (bent(1), bent(3, "relu"), bent(4), bent(8, "sigmoid"), MLP((1, 1), ACTIVATIONS["identity"]))
    for target in CURVES
    for seed in range(3)
]


@pytest.mark.parametrize("target", CURVES)
def test_a_deep_linear_network_ends_at_the_least_squares_loss(target):
    for n_hidden in (0, 1, 2, 3):
        for width in (1, 2, 5, 8):
            net = MLP((1, *[width] * n_hidden, 1), ACTIVATIONS["identity"])
            for seed in range(4):
                x, y = sample_curve(target, 60, noise=0.2, seed=seed)
                floor = float((y - with_ones(x) @ best_line(x, y)).square().mean())
                descent = train(net, target, seed, n_steps=ENOUGH)
                assert float(descent.losses[-1]) == pytest.approx(floor, rel=1e-6), (n_hidden, width, seed)


def test_no_linear_network_goes_below_least_squares():
    net = MLP((1, 4, 4, 1), ACTIVATIONS["identity"])
    for seed in range(10):
        x, y = sample_curve("sine", 60, noise=0.2, seed=seed)
        floor = float((y - with_ones(x) @ best_line(x, y)).square().mean())
        assert float(train(net, "sine", seed).losses.min()) >= floor * (1 - 1e-12)


def test_one_linear_layer_finds_intercept_and_slope_of_the_best_line():
    x, y = sample_curve("abs", 60, noise=0.2, seed=0)
    net = MLP((1, 1), ACTIVATIONS["identity"])
    descent = levenberg_marquardt(net, net.initialise(seed=0), x[:, None], y, n_steps=ENOUGH)
    slope, intercept = descent.parameters[-1]
    assert torch.stack((intercept, slope)).numpy() == pytest.approx(best_line(x, y).numpy(), abs=1e-6)


def test_the_loss_falls_with_every_recorded_step():
    for net, target, seed in RUNS:
        losses = train(net, target, seed).losses
        assert len(losses) > 1
        assert (losses.diff() < 0).all()


def test_the_recorded_losses_are_those_of_the_recorded_parameters():
    for net, target, seed in RUNS:
        x, y = sample_curve(target, 60, noise=0.2, seed=seed)
        descent = train(net, target, seed)
        assert torch.equal(descent.parameters[0], net.initialise(seed=seed))
        again = torch.stack([(y - net.predict(p, x[:, None])).square().mean() for p in descent.parameters])
        assert torch.equal(descent.losses, again)


@pytest.mark.parametrize(("width", "n_samples"), [(3, 60), (8, 40)], ids=["more-samples", "more-parameters"])
def test_every_step_solves_the_damped_normal_equations(width, n_samples):
    """(J'J + mu I) s = J'r for one mu > 0, whichever of the two systems it was computed from."""
    net = bent(width)
    assert (net.n_parameters > n_samples) == (width == 8)
    x, y = sample_curve("sine", n_samples, noise=0.2, seed=0)
    # Late steps have a mu so small that it drowns in the rounding of this check.
    parameters = train(net, "sine", 0, n_samples=n_samples).parameters[:6]
    for before, after in itertools.pairwise(parameters):
        y_hat, J = net.jacobian(before, x[:, None])
        s, g = after - before, J.T @ (y - y_hat)
        rest = g - J.T @ (J @ s)
        mu = rest @ s / (s @ s)
        assert mu > 0
        assert float((rest - mu * s).norm()) < 1e-6 * float(g.norm())


def test_more_parameters_than_samples_pass_through_every_sample():
    descent = train(bent(8), "sine", 0, n_samples=20, n_steps=300)
    assert float(descent.losses[-1]) < 1e-6


def test_a_run_is_as_long_as_allowed_and_no_longer():
    for n_steps in (0, 1, 7):
        descent = train(bent(4), "sine", 0, n_steps=n_steps)
        assert descent.losses.shape == (n_steps + 1,)
        assert descent.parameters.shape == (n_steps + 1, bent(4).n_parameters)


def test_a_longer_run_begins_like_a_shorter_one():
    short, long = (train(bent(4), "sine", 1, n_steps=n) for n in (10, 40))
    assert torch.equal(long.parameters[:11], short.parameters)


def test_a_perfect_start_is_the_end():
    net = bent(3)
    parameters, X = net.initialise(seed=0), torch.linspace(-3, 3, 30, dtype=torch.float64)[:, None]
    descent = levenberg_marquardt(net, parameters, X, net.predict(parameters, X), n_steps=20)
    assert descent.losses.tolist() == [0]


def test_a_run_stops_when_a_step_gains_next_to_nothing():
    net = MLP((1, 1), ACTIVATIONS["identity"])
    assert len(train(net, "sine", 0, n_steps=1000).losses) < 20


def test_neurons_that_are_all_dead_leave_the_mean():
    """With every ReLU off, only the last bias can move, and it goes to the mean of y."""
    net = MLP((1, 2, 1), ACTIVATIONS["relu"])
    x, y = sample_curve("sine", 60, noise=0.2, seed=0)
    parameters = torch.tensor([0.1, 0.1, -5.0, -5.0, 1.0, 1.0, 0.5], dtype=torch.float64)
    descent = levenberg_marquardt(net, parameters, x[:, None], y, n_steps=ENOUGH)
    assert descent.parameters.isfinite().all()
    assert float(descent.losses[-1]) == pytest.approx(float(y.var(correction=0)), rel=1e-6)


def test_a_seed_names_one_run_also_while_four_threads_train_at_once():
    alone = [train(net, target, seed) for net, target, seed in RUNS]
    global_state = torch.random.get_rng_state()
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda run: train(*run), RUNS * 2))
    for expected, found in zip(alone * 2, together, strict=True):
        assert torch.equal(found.parameters, expected.parameters)
        assert torch.equal(found.losses, expected.losses)
    assert torch.equal(torch.random.get_rng_state(), global_state)
