"""Many nets at once, each on its few samples."""

import numpy as np
import pytest
import torch
from torch import nn

from explainer.nets import bricks as pile
from explainer.nets import few
from explainer.nets.bricks import Brick
from explainer.nets.losses import cross_entropy
from explainer.nets.training import train_module


def alone(X: torch.Tensor, n_classes: int, seed: int) -> nn.Sequential:
    n, width = X.shape[1], few.WIDTH
    layers = [Brick("linear", n, width), Brick("relu"), Brick("linear", width, width), Brick("relu")]
    return pile.build([*layers, Brick("linear", width, n_classes)], (n,), seed=seed)


@pytest.mark.parametrize("name", ["few_digits", "few_points"])
def test_a_net_of_a_team_learns_what_it_would_learn_alone(name):
    seeds = (0, 3, 5)
    team = few.learn(name, 0.0, seeds)
    for i, seed in enumerate(seeds):
        X, y, fresh_X, fresh_y = few.sample_few(name, seed)
        net = alone(X, int(fresh_y.max()) + 1, seed)
        run = train_module(net, X, y, learning_rate=few.LEARNING_RATE, n_steps=20, seconds=60)
        step = int(np.flatnonzero(team.steps == 20)[0])
        assert team.losses[step, i] == pytest.approx(run.losses[-1, 0], rel=1e-3)
        with torch.no_grad():
            loss = cross_entropy(net.eval()(fresh_X), fresh_y)
        assert team.watched[step][0, i].item() == pytest.approx(loss.item(), rel=1e-2)


def test_nets_of_a_team_have_weights_samples_and_masks_of_their_own():
    team = few.Team(4, 3, 0.5, range(5))
    first = team.parts[0]
    assert all(not torch.equal(first[0], first[i]) for i in range(1, 5))
    X = torch.ones(5, 6, few.WIDTH)
    masks = team.drops[0](X)
    assert all(not torch.equal(masks[0], masks[i]) for i in range(1, 5))
    assert not torch.equal(few.sample_few("few_digits", 0)[0], few.sample_few("few_digits", 1)[0])
    assert torch.equal(few.sample_few("few_digits", 0)[2], few.sample_few("few_digits", 1)[2])


def test_at_prediction_dropout_is_off():
    X = torch.rand(2, 7, 4, generator=torch.Generator().manual_seed(0))
    with_it, without = few.Team(4, 3, 0.8, (1, 2)), few.Team(4, 3, 0.0, (1, 2))
    assert torch.equal(with_it.eval()(X), without.eval()(X))
    assert not torch.equal(with_it.train()(X), without.train()(X))


def test_digits_to_learn_from_are_none_of_the_fresh_ones():
    X, y, fresh_X, fresh_y = few.sample_few("few_digits", 2)
    assert (len(X), len(fresh_X)) == (len(y), len(fresh_y)) == (100, 359)
    assert not (X[:, None] == fresh_X).all(2).any()
