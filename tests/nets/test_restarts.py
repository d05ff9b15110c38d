"""A race of many beginnings: who is dropped, who begins anew, and that the winner is what it says it is."""

import itertools

import numpy as np
import pytest
import torch

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.data import sample_toy_set
from explainer.nets.levenberg_marquardt import LevenbergMarquardt
from explainer.nets.losses import mse
from explainer.nets.mlp import MLP
from explainer.nets.restarts import DAMPING, RIDGE, beginnings, first_to_reach, race

NET = MLP((2, 4, 2, 1), ACTIVATIONS["tanh"], ACTIVATIONS["tanh"])
X, Y = sample_toy_set("xor", 120, noise=0, seed=1)


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


# -- beginnings ------------------------------------------------------------------------------------


def begin(net: MLP, X: torch.Tensor, y: torch.Tensor, n_runs: int, n_drawn: int, seed: int = 0):
    """Return the parameters (n_runs, n_parameters)."""
    return beginnings(net, X, y, n_runs=n_runs, n_drawn=n_drawn, generator=generator(seed))[0]


@pytest.mark.parametrize("output", ["identity", "tanh"])
def test_the_last_layer_begins_as_the_ridge_regression_of_its_inputs(output):
    net = MLP((2, 4, 2, 1), ACTIVATIONS["tanh"], ACTIVATIONS[output])
    target = (Y if output == "identity" else torch.atanh(0.9 * Y))[:, 0].numpy()
    for row in begin(net, X, Y, 4, 4):
        H = net.forward(net.layers(row[None]), X).inputs[-1][0].T.numpy()
        rows = np.vstack([np.c_[H, np.ones(120)], (RIDGE * 120) ** 0.5 * np.eye(3)])
        expected = np.linalg.lstsq(rows, np.r_[target, np.zeros(3)], rcond=None)[0]
        assert row[-3:].numpy() == pytest.approx(expected, abs=1e-9)


def test_those_that_begin_best_are_kept_in_order_with_their_losses():
    every, best = begin(NET, X, Y, 20, 20), begin(NET, X, Y, 5, 20)
    losses = (NET.predict(every, X) - Y).square().mean((1, 2))
    assert (losses.diff() >= 0).all()
    assert torch.equal(best, every[:5])
    _, found = beginnings(NET, X, Y, n_runs=5, n_drawn=20, generator=generator(0))
    assert torch.allclose(found, losses[:5], rtol=1e-12)


def test_a_beginning_does_not_depend_on_how_large_the_inputs_are():
    plain, large = begin(NET, X, Y, 3, 9), begin(NET, 100 * X, Y, 3, 9)
    assert torch.allclose(NET.predict(plain, X), NET.predict(large, 100 * X), atol=1e-9)


def test_drawing_more_begins_better():
    losses = [
        float((NET.predict(begin(NET, X, Y, 1, n_drawn, seed), X)[0] - Y).square().mean())
        for n_drawn in (1, 30)
        for seed in range(20)
    ]
    assert sum(losses[20:]) < 0.8 * sum(losses[:20])


def test_two_clouds_need_hardly_a_step_after_that():
    for seed in range(10):
        clouds, labels = sample_toy_set("gauss", 500, noise=0, seed=seed)
        y_hat = NET.predict(begin(NET, clouds[:250], labels[:250], 1, 32, seed), clouds[250:])[0]
        assert ((y_hat > 0) == (labels[250:] > 0)).all()


def test_a_seed_names_the_beginnings_and_the_global_generator_is_left_alone():
    before = torch.random.get_rng_state()
    first, again, other = (begin(NET, X, Y, 2, 8, seed) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize(("sizes", "output"), [((2, 4, 2), "tanh"), ((2, 4, 1), "sigmoid")])
def test_outputs_to_which_no_last_layer_is_fitted_are_refused(sizes, output):
    net = MLP(sizes, ACTIVATIONS["tanh"], ACTIVATIONS[output])
    with pytest.raises(ValueError, match="no last layer is fitted"):
        begin(net, X, Y, 1, 1)


# -- the race --------------------------------------------------------------------------------------


def test_a_race_without_halvings_is_the_batch_of_its_beginnings():
    lm = LevenbergMarquardt(NET, begin(NET, X, Y, 5, 10, 7), X, Y, **DAMPING)
    steps = race(NET, X, Y, seed=7, n_runs=5, n_drawn=10, n_steps=20, halvings={})
    for i, (number, parameters, losses) in enumerate(itertools.islice(steps, 21)):
        if i > 0:
            lm.step()
        assert number == 1
        assert torch.equal(parameters, lm.parameters)
        assert torch.allclose(losses, lm.losses, rtol=1e-12)


def test_halvings_drop_the_worse_runs_and_leave_the_others_alone():
    free = list(itertools.islice(race(NET, X, Y, n_runs=8, n_steps=30, halvings={}), 31))
    halved = list(itertools.islice(race(NET, X, Y, n_runs=8, n_steps=30, halvings={10: 0.5, 20: 0.25}), 31))
    assert [len(losses) for _, _, losses in halved] == [8] * 11 + [4] * 10 + [1] * 10
    order = free[10][2].argsort()[:4]
    for (_, _, all_losses), (_, _, losses) in zip(free[11:21], halved[11:21], strict=True):
        assert losses.numpy() == pytest.approx(all_losses[order].numpy(), rel=1e-6)


def test_every_round_begins_with_networks_of_its_own():
    steps = race(NET, X, Y, seed=3, n_runs=2, n_drawn=6, n_steps=4, halvings={2: 0.5})
    seen = list(itertools.islice(steps, 15))
    assert [number for number, _, _ in seen] == [1] * 5 + [2] * 5 + [3] * 5
    one = generator(3)
    for i in range(3):
        start, _ = beginnings(NET, X, Y, n_runs=2, n_drawn=6, generator=one)
        assert torch.equal(seen[5 * i][1], start)


def test_a_race_whose_runs_are_all_stuck_begins_anew():
    flat = MLP((2, 1), ACTIVATIONS["identity"])  # it has one bottom and is soon there
    rounds = [number for number, _, _ in itertools.islice(race(flat, X, Y, n_runs=2, n_steps=10**6), 600)]
    assert rounds[-1] > 1


def test_the_winner_has_the_loss_it_says_and_it_is_the_one_asked_for():
    winner = first_to_reach(NET, X, Y, target_loss=0.01, seconds=60, n_runs=4, n_steps=60)
    assert winner.reached
    assert winner.loss == float(mse(NET.predict(winner.parameters[None], X)[0], Y)) <= 0.01
    again = first_to_reach(NET, X, Y, target_loss=0.01, seconds=60, n_runs=4, n_steps=60)
    assert torch.equal(winner.parameters, again.parameters)
    assert (winner.n_rounds, winner.n_steps) == (again.n_rounds, again.n_steps)


def test_restarts_find_what_a_single_beginning_misses():
    settings = {"n_runs": 1, "n_drawn": 1, "n_steps": 15, "halvings": {}}
    first_rounds = [itertools.islice(race(NET, X, Y, seed=seed, **settings), 16) for seed in range(20)]
    slow = [seed for seed, steps in enumerate(first_rounds) if min(float(loss) for *_, loss in steps) > 0.05]
    assert slow
    winner = first_to_reach(NET, X, Y, target_loss=0.01, seconds=10, seed=slow[0], **settings)
    assert winner.reached
    assert winner.n_rounds > 1


def test_when_nobody_gets_there_the_best_of_all_wins_in_time():
    winner = first_to_reach(NET, X, Y, target_loss=-1, seconds=0.05, n_runs=3, n_steps=5)
    assert not winner.reached
    assert winner.loss == pytest.approx(float(mse(NET.predict(winner.parameters[None], X)[0], Y)))
    seen = itertools.islice(race(NET, X, Y, n_runs=3, n_steps=5), winner.n_rounds + winner.n_steps)
    assert winner.loss == min(float(losses.min()) for _, _, losses in seen)


def test_a_race_of_runs_without_a_finite_loss_still_ends():
    winner = first_to_reach(NET, X * torch.nan, Y, target_loss=0.01, seconds=0.05, n_runs=2, n_steps=5)
    assert not winner.reached
    assert not winner.loss < torch.inf
