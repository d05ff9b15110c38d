"""Settings become a task: its data, its inputs, its losses, and what does not go together."""

import numpy as np
import pytest
import torch

from explainer.experiments.playground import DEFAULTS
from explainer.nets.features import FEATURES, features, scale
from explainer.nets.losses import LOSSES
from explainer.nets.task import prepare


def task(**settings: object) -> object:
    return prepare(DEFAULTS | settings)


def test_the_inputs_are_what_their_names_say():
    X = torch.tensor([[2.0, -3.0], [0.5, 1.0]], dtype=torch.float64)
    expected = {
        "x1": [2, 0.5], "x2": [-3, 1], "x1_squared": [4, 0.25], "x2_squared": [9, 1], "x1_x2": [-6, 0.5],
        "sin_x1": np.sin([2, 0.5]), "sin_x2": np.sin([-3, 1]),
    }  # fmt: skip
    assert expected.keys() == FEATURES.keys()
    found = features(tuple(FEATURES), X)
    for column, name in enumerate(FEATURES):
        assert found[:, column].numpy() == pytest.approx(expected[name])


def test_the_common_scale_has_mean_zero_and_deviation_one_and_spares_what_does_not_vary():
    X = torch.randn(50, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64) * 7 + 3
    X[:, 1] = 4.0
    mean, deviation = scale(X)
    scaled = (X - mean) / deviation
    assert scaled.mean(0).numpy() == pytest.approx([0, 0, 0], abs=1e-12)
    assert scaled.std(0, correction=0).numpy() == pytest.approx([1, 0, 1])


@pytest.mark.parametrize(
    "settings",
    [
        {}, {"loss": "squared"}, {"data": "arms3"}, {"data": "arms4", "loss": "squared"},
        {"data": "regress_gauss"},
        {"data": "own", "own": ((0, 0, 1), (1, 0, 1), (2, 1, 1), (1, 1, 0)), "train_share": 1.0},
    ],
)  # fmt: skip
def test_no_constant_answer_costs_less_than_the_best_one(settings):
    t = task(**settings)
    outputs = torch.zeros(len(t.X), t.net.sizes[-1], dtype=torch.float64)
    answer = torch.zeros(t.net.sizes[-1], dtype=torch.float64, requires_grad=True)
    descent = torch.optim.Adam([answer], lr=0.03)
    for _ in range(800):
        descent.zero_grad()
        loss = t.loss(outputs + answer, t.y)
        loss.backward()
        descent.step()
    assert t.constant == pytest.approx(float(loss.detach()), abs=2e-4)


@pytest.mark.parametrize(
    ("settings", "output", "loss", "n_outputs"),
    [
        ({}, "sigmoid", "logloss", 1),
        ({"loss": "squared"}, "tanh", "half_squared_error", 1),
        ({"data": "arms3"}, "softmax", "cross_entropy", 3),
        ({"data": "arms4", "loss": "squared"}, "tanh", "half_squared_error", 4),
        ({"data": "regress_plane"}, "identity", "half_squared_error", 1),
    ],
)
def test_the_output_and_the_loss_are_those_of_the_problem(settings, output, loss, n_outputs):
    t = task(**settings)
    assert (t.output, t.settings["loss"], t.net.sizes[-1]) == (output, loss, n_outputs)
    y_hat = t.net.predict(t.start, t.inputs(t.X))
    assert torch.equal(t.loss(y_hat, t.y), LOSSES[loss](y_hat, t.targets(t.y)))
    p = t.probabilities(y_hat)
    if output == "softmax":
        assert torch.allclose(p.sum(-1), torch.ones(1, len(t.X), dtype=torch.float64))
    if output != "identity":
        lowest = -1 if output == "tanh" else 0
        assert lowest <= p.min() <= p.max() <= 1


@pytest.mark.parametrize(
    ("settings", "adjusted", "used"),
    [
        ({"data": "regress_plane"}, ("regression_squared",), {"loss": "half_squared_error"}),
        ({"data": "arms3", "optimizer": "lm"}, ("lm_one_output",), {"optimizer": "lbfgs"}),
        ({"optimizer": "lm"}, ("lm_squared", "lm_no_penalty"), {"loss": "half_squared_error", "l2": 0.0}),
        ({"optimizer": "lbfgs", "batch_size": 10}, ("lbfgs_full_batch",), {"batch_size": 0}),
        ({"optimizer": "lbfgs", "dropout": 0.2}, ("lbfgs_no_dropout",), {"dropout": 0.0}),
        ({"optimizer": "sgd", "batch_size": 10, "dropout": 0.2}, (), {"batch_size": 10, "dropout": 0.2}),
        ({"hidden": (), "dropout": 0.2}, (), {"dropout": 0.0}),
        ({"hidden": (99, 0, 3), "activation": ("relu", "tanh")}, (), {"hidden": (16, 1, 3)}),
        ({"hidden": (2,) * 9}, (), {"hidden": (2,) * 6, "activation": ("tanh",) * 6}),
        ({"activation": ()}, (), {"activation": ("tanh", "tanh")}),
        ({"activation": "relu"}, (), {"activation": ("relu", "relu")}),
        ({"start": ((0, 1e99), (-1, 1.0), (149, 1.0))}, (), {"start": ((0, 1e6),)}),
    ],
)
def test_what_does_not_go_together_is_changed_and_named(settings, adjusted, used):
    t = task(**settings)
    assert t.adjusted == adjusted
    assert {name: t.settings[name] for name in used} == used


def test_a_new_sample_leaves_the_network_as_it_is_and_a_new_seed_the_sample():
    one, other, redrawn = task(), task(data_seed=1), task(seed=1)
    assert torch.equal(one.start, other.start)
    assert not torch.equal(one.X, other.X)
    assert torch.equal(one.X, redrawn.X)
    assert not torch.equal(one.start, redrawn.start)
