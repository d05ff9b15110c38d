"""The sweep by hand: the numbers of autograd, to the bit for one network and to rounding for many."""

import random

import pytest
import torch

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.losses import LOSSES
from explainer.nets.mlp import MLP
from explainer.nets.sweep import Graph, Sweep
from explainer.nets.training import train, train_module


def task(i: int, n_samples: int) -> tuple[MLP, torch.Tensor, torch.Tensor, torch.Tensor, str]:
    """Draw a network with any activations, its start, data, and a loss that goes with it."""
    rng, generator = random.Random(i), torch.Generator().manual_seed(i)
    hidden = tuple(rng.randint(1, 16) for _ in range(rng.randint(0, 4)))
    loss = rng.choice(["half_squared_error", "mse", "mae", "logloss", "cross_entropy"])
    n_outputs = rng.randint(2, 4) if loss == "cross_entropy" else rng.choice([1, 3])
    activations = tuple(ACTIVATIONS[rng.choice(list(ACTIVATIONS))] for _ in hidden)
    net = MLP((rng.choice([1, 2, 7]), *hidden, n_outputs), activations, residual=rng.random() < 0.3)
    X = torch.randn(n_samples, net.sizes[0], generator=generator, dtype=torch.float64)
    y = torch.rand(n_samples, n_outputs, generator=generator, dtype=torch.float64).round()
    return net, net.initialise([i], scheme="xavier"), X, y.argmax(1) if loss == "cross_entropy" else y, loss


@pytest.mark.parametrize("optimizer", ["adam", "sgd", "lbfgs"])
def test_one_network_is_trained_to_the_same_bits_as_a_sequential(optimizer):
    for i in range(40):
        net, start, X, y, loss = task(i, n_samples=(1, 5, 40, 250)[i % 4])
        settings = {
            "optimizer": optimizer,
            "loss": loss,
            "n_steps": 20,
            "seconds": 60,
            "l2": (0, 0.01)[i % 2],
        }
        settings |= {"batch_size": (None, 1, 7)[i % 3] if optimizer != "lbfgs" else None}
        ours = train(net, start, X, y, **settings)
        torchs = train_module(net.to_sequential(start[0]), X, y, **settings)
        assert torch.equal(ours.parameters, torchs.parameters)
        assert (ours.losses == torchs.losses).all()
        assert (ours.n_steps, ours.ended) == (torchs.n_steps, torchs.ended)


def test_many_networks_have_the_gradients_of_each():
    for i in range(40):
        net, _, X, y, loss = task(i, n_samples=30)
        starts = net.initialise(range(3), scheme="xavier")
        together = Sweep(net, starts, LOSSES[loss])
        losses = together.see(X, y)
        together.back()
        for run, start in enumerate(starts):
            alone = Graph(net.to_sequential(start), LOSSES[loss])
            torch.testing.assert_close(losses[run], alone.see(X, y))
            alone.back()
            for (_, ours), (_, autograds) in zip(together.weights, alone.weights, strict=True):
                torch.testing.assert_close(ours[run], autograds)
        assert torch.equal(together.parameters(), starts)
