"""The way down: every step is one of Levenberg and Marquardt's or refused, in every run of a batch alone."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.data import CURVES, VIEW, sample_curve
from explainer.nets.levenberg_marquardt import LevenbergMarquardt
from explainer.nets.linear import best_line, with_ones
from explainer.nets.mlp import MLP
from explainer.nets.training import History, train

ENOUGH = 100  # steps
LINE = MLP((1, 1), ACTIVATIONS["identity"])


def start(net: MLP, *seeds: int) -> torch.Tensor:
    return net.initialise(seeds, view=(-VIEW, VIEW), sharpness=VIEW)


def samples(target: str, seed: int, n_samples: int = 60) -> tuple[torch.Tensor, torch.Tensor]:
    x, y = sample_curve(target, n_samples, noise=0.2, seed=seed)
    return x[:, None], y[:, None]


def descend(net: MLP, target: str, *seeds: int, n_samples: int = 60, n_steps: int = 59) -> History:
    """Train a network a seed, on the samples of the first; up to 59 steps, every step is a frame."""
    return train(net, start(net, *seeds), *samples(target, seeds[0], n_samples), n_steps=n_steps, seconds=60)


def least_squares_loss(X: torch.Tensor, y: torch.Tensor) -> float:
    x, y = X[:, 0], y[:, 0]
    return float((y - with_ones(x) @ best_line(x, y)).square().mean())


def bent(width: int, name: str = "tanh") -> MLP:
    return MLP((1, width, width, 1), ACTIVATIONS[name])


RUNS = [
    (net, target, seed)
    for net in (bent(1), bent(3, "relu"), bent(4), bent(8, "sigmoid"), LINE)
    for target in CURVES
    for seed in range(3)
]


# -- one run ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", CURVES)
def test_a_deep_linear_network_ends_at_the_least_squares_loss(target):
    for n_hidden in (0, 1, 2, 3):
        for width in (1, 2, 5, 8):
            net = MLP((1, *[width] * n_hidden, 1), ACTIVATIONS["identity"])
            for seed in range(4):
                floor = least_squares_loss(*samples(target, seed))
                history = descend(net, target, seed, n_steps=ENOUGH)
                assert history.losses[-1, 0] == pytest.approx(floor, rel=1e-6), (n_hidden, width, seed)


def test_no_linear_network_goes_below_least_squares():
    net = MLP((1, 4, 4, 1), ACTIVATIONS["identity"])
    for seed in range(10):
        floor = least_squares_loss(*samples("sine", seed))
        assert descend(net, "sine", seed).losses.min() >= floor * (1 - 1e-12)


def test_one_linear_layer_finds_intercept_and_slope_of_the_best_line():
    X, y = samples("abs", 0)
    slope, intercept = train(LINE, start(LINE, 0), X, y, n_steps=ENOUGH).parameters[-1, 0]
    expected = best_line(X[:, 0], y[:, 0]).numpy()
    assert torch.stack((intercept, slope)).numpy() == pytest.approx(expected, abs=1e-6)


def test_a_step_lowers_the_loss_or_changes_nothing():
    taken, refused = 0, 0
    for net, target, seed in RUNS:
        history = descend(net, target, seed)
        falls = np.diff(history.losses[:, 0])
        moved = (history.parameters.diff(dim=0) != 0).any(2)[:, 0].numpy()
        assert (falls[moved] < 0).all()
        assert (falls[~moved] == 0).all()
        assert moved[:10].any()
        taken, refused = taken + moved.sum(), refused + (~moved).sum()
    assert min(taken, refused) > 100  # both kinds were seen


def test_the_recorded_losses_are_those_of_the_recorded_parameters():
    for net, target, seed in RUNS:
        X, y = samples(target, seed)
        history = descend(net, target, seed)
        assert torch.equal(history.parameters[0], start(net, seed))
        again = [float((y - net.predict(p, X)[0]).square().mean()) for p in history.parameters]
        assert history.losses[:, 0].tolist() == again


@pytest.mark.parametrize(("width", "n_samples"), [(3, 60), (8, 40)], ids=["more-samples", "more-parameters"])
def test_every_accepted_step_solves_the_damped_normal_equations_of_its_run(width, n_samples):
    """(J'J + mu I) s = J'r for one mu > 0, whichever of the two systems it was computed from."""
    net = bent(width)
    assert (net.n_parameters > n_samples) == (width == 8)
    X, y = samples("sine", 0, n_samples)
    lm = LevenbergMarquardt(net, start(net, *range(6)), X, y)
    n_checked = np.zeros(6)
    # Late steps have a mu so small that it drowns in the rounding of this check.
    for _ in range(8):
        before, losses = lm.parameters, lm.losses
        y_hat, J = net.jacobian(before, X)
        lm.step()
        for i in torch.nonzero(lm.losses < losses)[:, 0].tolist():
            s, g = lm.parameters[i] - before[i], J[i].T @ (y[:, 0] - y_hat[i])
            rest = g - J[i].T @ (J[i] @ s)
            mu = rest @ s / (s @ s)
            assert mu > 0
            assert float((rest - mu * s).norm()) < 1e-6 * float(g.norm())
            n_checked[i] += 1
    assert (n_checked >= 3).all()


def test_more_parameters_than_samples_pass_through_every_sample():
    history = descend(bent(8), "sine", 0, n_samples=20, n_steps=300)
    assert history.losses[-1, 0] < 1e-6


def test_a_run_is_as_long_as_allowed_and_no_longer():
    for n_steps in (1, 7, 59):
        history = descend(bent(4), "sine", 0, n_steps=n_steps)
        assert (history.ended, history.n_steps) == ("done", n_steps)
        assert history.steps.tolist() == list(range(n_steps + 1))
        assert history.losses.shape == (n_steps + 1, 1)
        assert history.parameters.shape == (n_steps + 1, 1, bent(4).n_parameters)


def test_a_longer_run_begins_like_a_shorter_one():
    short, long = (descend(bent(4), "sine", 1, n_steps=n) for n in (10, 40))
    assert torch.equal(long.parameters[:11], short.parameters)


def test_a_perfect_start_is_the_end():
    net, (X, _) = bent(3), samples("sine", 0)
    parameters = start(net, 0)
    history = train(net, parameters, X, net.predict(parameters, X)[0], n_steps=20)
    assert (history.ended, history.n_steps) == ("converged", 1)
    assert (history.losses == 0).all()
    assert (history.parameters == parameters).all()


def test_what_the_caller_passed_stays_as_it_was():
    X, y = samples("sine", 0)
    parameters = start(bent(4), 0, 1)
    before = [t.clone() for t in (parameters, X, y)]
    lm = LevenbergMarquardt(bent(4), parameters, X, y)
    for _ in range(5):
        lm.step()
    assert not torch.equal(lm.parameters, parameters)
    assert all(torch.equal(t, b) for t, b in zip((parameters, X, y), before, strict=True))


# -- stuck -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", CURVES)
def test_a_run_that_is_stuck_ends_as_converged_at_the_bottom(target):
    floor = least_squares_loss(*samples(target, 0))
    history = descend(LINE, target, 0, n_steps=1000)
    assert history.ended == "converged"
    assert history.n_steps < ENOUGH
    assert history.losses[-1, 0] == pytest.approx(floor, rel=1e-12)


def until_all_are_stuck(net: MLP, *seeds: int) -> tuple[LevenbergMarquardt, list[list[bool]]]:
    """Make steps until every run is stuck; tell after each step which are."""
    lm = LevenbergMarquardt(net, start(net, *seeds), *samples("sine", 0))
    stuck = []
    while not lm.stuck.all():
        assert len(stuck) < 3000
        lm.step()
        stuck.append(lm.stuck.tolist())
    return lm, stuck


def relative_gradient(lm: LevenbergMarquardt) -> torch.Tensor:
    """Return |J'r| / (|J| |r|) of every run: 0 at the bottom, at most 1."""
    y_hat, J = lm.net.jacobian(lm.parameters, lm.X)
    r = lm.y - y_hat
    return (J.mT @ r[..., None]).flatten(1).norm(dim=1) / (J.flatten(1).norm(dim=1) * r.norm(dim=1))


def test_where_a_smooth_network_is_stuck_the_loss_has_no_slope():
    lm, _ = until_all_are_stuck(MLP((1, 3, 1), ACTIVATIONS["tanh"]), 0, 1, 2, 3)
    assert (relative_gradient(lm) < 1e-9).all()


def test_a_network_of_relus_is_stuck_where_there_is_no_slope_or_a_sample_is_on_a_kink():
    net = bent(2, "relu")
    lm, _ = until_all_are_stuck(net, *range(8))
    h, nearest = lm.X.expand(8, *lm.X.shape), torch.full((8,), torch.inf, dtype=torch.float64)
    for weight, bias in net.layers(lm.parameters)[:-1]:
        z = h @ weight.mT + bias
        nearest = nearest.minimum(z.abs().amin((1, 2)))
        h = z.relu()
    at_the_bottom = relative_gradient(lm) < 1e-9
    assert (nearest[~at_the_bottom] < 1e-12).all()
    assert at_the_bottom.any()
    assert (~at_the_bottom).any()


def test_a_batch_ends_with_the_step_that_leaves_its_last_run_stuck():
    net = MLP((1, 3, 1), ACTIVATIONS["tanh"])
    lm, stuck = until_all_are_stuck(net, 0, 1, 2, 3)
    assert any(0 < sum(row) < 4 for row in stuck)
    history = train(net, start(net, 0, 1, 2, 3), *samples("sine", 0), n_steps=3000, seconds=60)
    assert (history.ended, history.n_steps) == ("converged", len(stuck))
    assert torch.equal(history.parameters[-1], lm.parameters)


def test_neurons_that_are_all_dead_leave_the_mean():
    """With every ReLU off, only the last bias can move, and it goes to the mean of y."""
    net = MLP((1, 2, 1), ACTIVATIONS["relu"])
    X, y = samples("sine", 0)
    parameters = torch.tensor([[0.1, 0.1, -5.0, -5.0, 1.0, 1.0, 0.5]], dtype=torch.float64)
    history = train(net, parameters, X, y, n_steps=ENOUGH)
    assert (history.parameters[:, :, :-1] == parameters[:, :-1]).all()
    assert float(history.parameters[-1, 0, -1]) == pytest.approx(float(y.mean()), abs=1e-6)
    assert history.losses[-1, 0] == pytest.approx(float(y.var(correction=0)), rel=1e-6)


def test_a_network_that_answers_zero_to_everything_is_stuck_where_it_starts():
    """A ReLU at the output that is off for every sample has no slope at all: J = 0."""
    net = MLP((1, 2, 1), ACTIVATIONS["tanh"], ACTIVATIONS["relu"])
    X, y = samples("sine", 0)
    parameters = torch.tensor([[1.0, 1.0, 0.0, 0.0, 1.0, 1.0, -5.0]], dtype=torch.float64)
    history = train(net, parameters, X, y, n_steps=ENOUGH)
    assert history.ended == "converged"
    assert (history.parameters == parameters).all()
    assert history.losses[:, 0] == pytest.approx(float(y.square().mean()), rel=1e-12)


# -- many runs at once -----------------------------------------------------------------------------


@pytest.mark.parametrize("n_samples", [60, 20])
@pytest.mark.parametrize(
    "net",
    [bent(1), bent(3, "relu"), bent(4), bent(8, "sigmoid"), MLP((1, 5, 1), ACTIVATIONS["identity"])],
    ids=lambda net: f"{net.sizes}-{net.activation.name}",
)
def test_each_run_of_a_batch_makes_the_steps_that_it_makes_alone(net, n_samples):
    X, y = samples("sine", 0, n_samples)
    parameters = start(net, *range(6))
    together = LevenbergMarquardt(net, parameters, X, y)
    alone = [LevenbergMarquardt(net, row[None], X, y) for row in parameters]
    taken = np.zeros((6, 59))
    for step in range(59):
        before = together.losses
        together.step()
        taken[:, step] = together.losses < before
        for i, run in enumerate(alone):
            run.step()
            assert run.losses[0] == pytest.approx(float(together.losses[i]), rel=1e-9, abs=1e-20)
            assert torch.allclose(run.parameters[0], together.parameters[i], rtol=1e-6, atol=1e-8)
    assert len({tuple(row) for row in taken}) > 1  # some runs were refused steps that others took


def test_a_stuck_run_rests_while_the_others_go_on_however_long():
    """Its damping grows with every step, past the largest number there is."""
    net, (X, _) = bent(3), samples("sine", 0)
    parameters = start(net, 0, 1, 2)
    y = net.predict(parameters[:1], X)[0]  # the first run starts with nothing left to learn
    lm = LevenbergMarquardt(net, parameters, X, y)
    losses = []
    for _ in range(700):
        losses.append(lm.step())
    assert lm.stuck.tolist() == [True, False, False]
    assert torch.equal(lm.parameters[0], parameters[0])
    assert lm.parameters.isfinite().all()
    assert (losses[-1][1:] < losses[-100][1:]).all()


@pytest.mark.parametrize("n_samples", [60, 20])
@pytest.mark.parametrize("factor", [1e200, torch.nan], ids=["overflow", "undefined"])
def test_a_run_without_a_finite_loss_leaves_the_others_as_they_are(n_samples, factor):
    net, (X, y) = bent(4), samples("sine", 0, n_samples)
    parameters = start(net, 0, 1, 2)
    broken = parameters * torch.tensor([[1.0], [factor], [1.0]], dtype=torch.float64)
    healthy, mixed = (LevenbergMarquardt(net, rows, X, y) for rows in (parameters, broken))
    for _ in range(20):
        healthy.step()
        mixed.step()
    assert not mixed.losses[1].isfinite()
    assert mixed.losses[[0, 2]].numpy() == pytest.approx(healthy.losses[[0, 2]].numpy(), rel=1e-9)


def test_seeds_name_the_same_runs_also_while_four_threads_train_at_once():
    jobs = [*RUNS, *((net, target, 0, 1, 2, 3) for net, target, seed in RUNS if seed == 0)]
    alone = [descend(*job) for job in jobs]
    global_state = torch.random.get_rng_state()
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda job: descend(*job), jobs * 2))
    for expected, found in zip(alone * 2, together, strict=True):
        assert torch.equal(found.parameters, expected.parameters)
        assert np.array_equal(found.losses, expected.losses)
    assert torch.equal(torch.random.get_rng_state(), global_state)
