"""An exported script runs alone and prints the loss of the run it was exported from."""

import contextlib
import io

import pytest
import torch

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.dropout import with_dropout
from explainer.nets.export import script
from explainer.nets.mlp import MLP
from explainer.nets.training import train, train_module

CURVE = torch.linspace(-1, 1, 40, dtype=torch.float64)[:, None]
PLANE = torch.randn(40, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


@pytest.mark.parametrize(
    ("sizes", "f", "settings"),
    [
        ((1, 8, 1), "tanh", {"optimizer": "lm", "n_steps": 40}),
        ((1, 5, 5, 1), "relu", {"optimizer": "lm", "n_steps": 60, "loss": "half_squared_error"}),
        ((1, 8, 1), "sigmoid", {"optimizer": "adam", "n_steps": 300, "learning_rate": 0.03}),
        ((1, 8, 1), "tanh", {"optimizer": "sgd", "n_steps": 200, "learning_rate": 0.05, "loss": "mae"}),
        ((2, 6, 1), "tanh", {"optimizer": "lbfgs", "n_steps": 40, "loss": "logloss"}),
        ((2, 6, 3), "relu", {"optimizer": "adam", "n_steps": 200, "loss": "cross_entropy"}),
    ],
)
def test_the_script_prints_the_loss_of_the_run(alone, sizes, f, settings):
    net = MLP(sizes, ACTIVATIONS[f])
    X = CURVE if sizes[0] == 1 else PLANE
    y = torch.sin(3 * CURVE) if sizes[0] == 1 else (PLANE.prod(1, keepdim=True) > 0).double()
    if settings.get("loss") == "cross_entropy":
        y = (PLANE.sum(1) > 0).long() + (PLANE[:, 0] > 1).long()
    history = train(net, net.initialise([3], sharpness=2.0), X, y, seconds=60, **settings)
    made = settings | {"n_steps": history.n_steps}
    program = script("A test.", net, X, y, seed=3, initialisation={"sharpness": 2.0}, **made)
    assert alone.number(program) == pytest.approx(history.losses[-1, 0], rel=1e-6)


@pytest.mark.parametrize("drop", [0.0, 0.4])
@pytest.mark.parametrize("batch", [{}, {"batch_size": 7, "batch_seed": 2, "l1": 1e-3, "l2": 1e-2}])
def test_the_script_does_without_neurons_in_batches_and_starts_by_hand_as_the_run_did(drop, batch):
    net, y = MLP((2, 6, 4, 1), (ACTIVATIONS["relu"], ACTIVATIONS["sigmoid"])), PLANE.prod(1, keepdim=True)
    start = net.initialise([3], scheme="he")
    start[0, 4] = -2.0
    settings = {"optimizer": "sgd", "loss": "mse", "n_steps": 40} | batch
    model = with_dropout(net.to_sequential(start[0]), drop, seed=3)
    history = train_module(model, PLANE, y, seconds=60, **settings)
    how = settings | {"start": [(4, -2.0)], "drop": drop, "seed": 3, "initialisation": {"scheme": "he"}}
    how |= {"learning_rate": 0.01, "momentum": 0.9}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(script("A test.", net, PLANE, y, **how), "exported", "exec"), {"__name__": "exported"})
    assert float(printed.getvalue().split()[-1]) == pytest.approx(history.losses[-1, 0], rel=1e-9)
