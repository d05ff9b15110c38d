"""What stands between two layers: values and slopes as torch has them."""

import pytest
import torch
from torch import nn

from explainer.nets.activations import ACTIVATIONS, Activation, elu, leaky_relu

ORACLES = {
    "identity": nn.Identity(),
    "sigmoid": nn.Sigmoid(),
    "tanh": nn.Tanh(),
    "softsign": nn.Softsign(),
    "heaviside": lambda t: torch.heaviside(t, torch.ones_like(t)),
    "softplus": nn.Softplus(),
    "relu": nn.ReLU(),
    "leaky_relu": nn.LeakyReLU(),
    "elu": nn.ELU(),
    "gelu": nn.GELU(),
    "silu": nn.SiLU(),
}
# No point of this grid is zero, where some have a kink.
T = torch.linspace(-40, 40, 4000, dtype=torch.float64)
PARAMETERS = (0.0, 0.01, 0.25, 0.5, 1.0, 1.5)
FAMILIES = [family(value) for family in (leaky_relu, elu) for value in PARAMETERS]

each = pytest.mark.parametrize("f", ACTIVATIONS.values(), ids=ACTIVATIONS)


def gradient(f, t: torch.Tensor) -> torch.Tensor:
    t = t.clone().requires_grad_()
    return torch.autograd.grad(f(t).sum(), t)[0]


def test_every_activation_has_an_oracle_and_goes_by_its_own_name():
    assert list(ACTIVATIONS) == list(ORACLES)
    assert all(name == f.name for name, f in ACTIVATIONS.items())


@each
def test_the_function_is_torchs_own(f: Activation):
    zero = torch.zeros(1, dtype=torch.float64)
    for t in (T, zero, -zero):
        assert torch.equal(f.function(t), ORACLES[f.name](t))


@each
def test_the_layer_is_the_function(f: Activation):
    layer = nn.Identity() if f.module is None else f.module()
    assert isinstance(layer, nn.Module)
    assert torch.equal(layer(T), f.function(T))


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "heaviside"])
def test_the_derivative_equals_autograd_and_at_kinks_what_torch_takes(name: str):
    f = ACTIVATIONS[name]
    t = torch.cat([T, torch.zeros(1, dtype=torch.float64)])
    # torch's softplus is the identity beyond 20, where the derivative is 2e-9 from 1.
    least = 3e-9 if f.name == "softplus" else 1e-15
    assert torch.allclose(f.derivative(t), gradient(f.function, t), rtol=1e-12, atol=least)


@pytest.mark.parametrize("f", FAMILIES, ids=lambda f: f.name)
def test_the_families_do_so_for_every_parameter(f: Activation):
    t = torch.cat([T, torch.zeros(1, dtype=torch.float64)])
    assert torch.allclose(f.derivative(t), gradient(f.function, t), rtol=1e-12, atol=1e-15)
    assert torch.equal(f.module()(T), f.function(T))


def test_torch_refuses_to_differentiate_the_step_and_no_gradient_passes_a_comparison():
    with pytest.raises(RuntimeError, match="derivative for aten::heaviside is not implemented"):
        gradient(ORACLES["heaviside"], T)
    t = T.clone().requires_grad_()
    assert not ACTIVATIONS["heaviside"].function(t).requires_grad
    assert not ACTIVATIONS["heaviside"].derivative(T).any()


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


def test_only_the_identity_respects_sums():
    a, b = T[::2], T[1::2].flip(0) / 3
    linear = [
        name
        for name, f in ACTIVATIONS.items()
        if torch.allclose(f.function(a + b), f.function(a) + f.function(b))
    ]
    assert linear == ["identity"]


def test_the_families_contain_the_others():
    relu, identity = ACTIVATIONS["relu"], ACTIVATIONS["identity"]
    for family, value, member in ((leaky_relu, 0.0, relu), (elu, 0.0, relu), (leaky_relu, 1.0, identity)):
        assert torch.equal(family(value).function(T), member.function(T))
        assert torch.equal(family(value).derivative(T), member.derivative(T))


def test_two_neurons_that_face_each_other_can_be_straight():
    relu, tanh, sigmoid = (ACTIVATIONS[name].function for name in ("relu", "tanh", "sigmoid"))
    assert torch.equal(relu(T) - relu(-T), T)
    assert torch.equal(tanh(T) + tanh(-T), torch.zeros_like(T))
    assert torch.allclose(sigmoid(T) + sigmoid(-T), torch.ones_like(T), rtol=1e-15)


def test_two_leaky_neurons_make_a_relu():
    for a in (0.0, 0.25, 0.9, 0.99):
        f = leaky_relu(a).function
        assert torch.allclose(f(T) + a * f(-T), (1 - a**2) * torch.relu(T), rtol=1e-12, atol=1e-12)
