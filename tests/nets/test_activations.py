"""What stands between two layers: values and slopes as torch has them."""

import pytest
import torch
from torch import nn

from explainer.nets.activations import ACTIVATIONS, Activation

ORACLES = {"identity": nn.Identity(), "relu": nn.ReLU(), "tanh": nn.Tanh(), "sigmoid": nn.Sigmoid()}
# No point of this grid is zero, where ReLU has its kink.
T = torch.linspace(-40, 40, 4000, dtype=torch.float64)

each = pytest.mark.parametrize("f", ACTIVATIONS.values(), ids=ACTIVATIONS)


def test_every_activation_has_an_oracle_and_goes_by_its_own_name():
    assert set(ACTIVATIONS) == set(ORACLES)
    assert all(name == f.name for name, f in ACTIVATIONS.items())


@each
def test_the_function_is_torchs_own(f: Activation):
    assert torch.equal(f.function(T), ORACLES[f.name](T))


@each
def test_the_derivative_equals_autograd_away_from_kinks(f: Activation):
    t = T.clone().requires_grad_()
    (expected,) = torch.autograd.grad(f.function(t).sum(), t)
    assert torch.allclose(f.derivative(T), expected, rtol=1e-12, atol=1e-15)


@each
def test_the_derivative_is_the_slope_of_the_function(f: Activation):
    h = 1e-5
    t = torch.linspace(-4, 4, 80, dtype=torch.float64)  # no kink within h of any point
    slope = (f.function(t + h) - f.function(t - h)) / (2 * h)
    assert torch.allclose(f.derivative(t), slope, atol=1e-8)


@each
def test_shape_and_precision_are_kept(f: Activation):
    for dtype in (torch.float32, torch.float64):
        t = torch.zeros(2, 3, dtype=dtype)
        for g in (f.function, f.derivative):
            assert g(t).shape == t.shape
            assert g(t).dtype == dtype


@each
def test_no_finite_input_gives_an_infinite_or_undefined_number(f: Activation):
    t = torch.tensor([-1e300, -1e3, -0.0, 0.0, 1e-300, 1e3, 1e300], dtype=torch.float64)
    assert f.function(t).isfinite().all()
    assert f.derivative(t).isfinite().all()


def test_at_its_kink_relu_has_the_slope_that_torch_takes():
    t = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    (expected,) = torch.autograd.grad(torch.relu(t), t)
    assert ACTIVATIONS["relu"].derivative(t.detach()) == expected


def test_only_the_identity_respects_sums():
    a, b = T[::2], T[1::2].flip(0) / 3
    linear = {
        name: torch.allclose(f.function(a + b), f.function(a) + f.function(b))
        for name, f in ACTIVATIONS.items()
    }
    assert linear == {"identity": True, "relu": False, "tanh": False, "sigmoid": False}


def test_two_neurons_that_face_each_other_can_be_straight():
    relu, tanh, sigmoid = (ACTIVATIONS[name].function for name in ("relu", "tanh", "sigmoid"))
    assert torch.equal(relu(T) - relu(-T), T)
    assert torch.equal(tanh(T) + tanh(-T), torch.zeros_like(T))
    assert torch.allclose(sigmoid(T) + sigmoid(-T), torch.ones_like(T), rtol=1e-15)
