"""A race of many beginnings: who is dropped, who begins anew, and that the winner is what it says it is."""

import itertools

import pytest
import torch

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.data import sample_toy_set
from explainer.nets.levenberg_marquardt import LevenbergMarquardt
from explainer.nets.losses import mse
from explainer.nets.mlp import MLP
from explainer.nets.restarts import first_to_reach, race

NET = MLP((2, 4, 2, 1), ACTIVATIONS["tanh"], ACTIVATIONS["tanh"])
X, Y = sample_toy_set("xor", 120, noise=0, seed=1)


def test_a_race_without_halvings_is_the_batch_of_its_seeds():
    lm = LevenbergMarquardt(NET, NET.initialise(range(7, 12)), X, Y)
    steps = race(NET, X, Y, seed=7, n_runs=5, n_steps=20, halvings={})
    for number, parameters, losses in itertools.islice(steps, 20):
        lm.step()
        assert number == 1
        assert torch.equal(parameters, lm.parameters)
        assert torch.equal(losses, lm.losses)


def test_halvings_drop_the_worse_runs_and_leave_the_others_alone():
    free = list(itertools.islice(race(NET, X, Y, n_runs=8, n_steps=30, halvings={}), 30))
    halved = list(itertools.islice(race(NET, X, Y, n_runs=8, n_steps=30, halvings={10: 0.5, 20: 0.25}), 30))
    assert [len(losses) for _, _, losses in halved] == [8] * 10 + [4] * 10 + [1] * 10
    order = free[9][2].argsort()[:4]
    for (_, _, all_losses), (_, _, losses) in zip(free[10:20], halved[10:20], strict=True):
        assert losses.numpy() == pytest.approx(all_losses[order].numpy(), rel=1e-6)


def test_every_round_begins_with_seeds_of_its_own():
    seen = list(itertools.islice(race(NET, X, Y, seed=3, n_runs=2, n_steps=4, halvings={2: 0.5}), 12))
    assert [number for number, _, _ in seen] == [1] * 4 + [2] * 4 + [3] * 4
    for i in range(3):
        lm = LevenbergMarquardt(NET, NET.initialise([3 + 2 * i, 4 + 2 * i]), X, Y)
        lm.step()
        assert torch.equal(seen[4 * i][1], lm.parameters)


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
    alone = LevenbergMarquardt(NET, NET.initialise(range(20)), X, Y)
    for _ in range(15):
        alone.step()
    slow = torch.nonzero(alone.losses > 0.05)[:, 0].tolist()
    assert slow
    winner = first_to_reach(
        NET, X, Y, target_loss=0.01, seconds=10, seed=slow[0], n_runs=1, n_steps=15, halvings={}
    )
    assert winner.reached
    assert winner.n_rounds > 1


def test_when_nobody_gets_there_the_best_of_all_wins_in_time():
    winner = first_to_reach(NET, X, Y, target_loss=-1, seconds=0.05, n_runs=3, n_steps=5)
    assert not winner.reached
    assert winner.loss == pytest.approx(float(mse(NET.predict(winner.parameters[None], X)[0], Y)))
    seen = itertools.islice(race(NET, X, Y, n_runs=3, n_steps=5), winner.n_steps)
    assert winner.loss == min(float(losses.min()) for _, _, losses in seen)


def test_a_race_of_runs_without_a_finite_loss_still_ends():
    winner = first_to_reach(NET, X * torch.nan, Y, target_loss=0.01, seconds=0.05, n_runs=2, n_steps=5)
    assert not winner.reached
    assert not winner.loss < torch.inf
