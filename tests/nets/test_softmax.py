"""Softmax and cross-entropy: torch and Python's decimal arithmetic are the oracles."""

import math
from decimal import Decimal, getcontext

import pytest
import torch

from explainer.nets import losses
from explainer.nets.softmax import (
    cross_entropy,
    cross_entropy_gradient,
    log_loss,
    naive_softmax,
    shifted,
    softmax,
)

getcontext().prec = 40


def random_logits(n: int, n_classes: int, seed: int, scale: float = 5.0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return scale * torch.randn(n, n_classes, generator=generator, dtype=torch.float64)


def exact(logits: list[float], temperature: float = 1.0) -> tuple[list[Decimal], list[Decimal]]:
    """Return probabilities and -ln p with 40 digits."""
    powers = [(Decimal(z) / Decimal(temperature)).exp() for z in logits]
    p = [power / sum(powers) for power in powers]
    return p, [-x.ln() for x in p]


@pytest.mark.parametrize(
    ("logits", "probabilities"),
    [
        ([5, 4, 2], [0.7053845, 0.2594965, 0.0351190]),
        ([4, 2, 8], [0.0179425, 0.0024283, 0.9796292]),
        ([4, 4, 1], [0.4878556, 0.4878556, 0.0242889]),
    ],
)
def test_the_slides_examples_have_the_exact_numbers_of_decimal_arithmetic(logits, probabilities):
    p, prices = exact(logits)
    z = torch.tensor(logits, dtype=torch.float64)
    assert softmax(z).tolist() == pytest.approx(probabilities, abs=5.1e-8)
    assert softmax(z).tolist() == pytest.approx([float(x) for x in p], abs=1e-15)
    assert log_loss(z).tolist() == pytest.approx([float(x) for x in prices], rel=1e-14, abs=1e-15)


def test_any_logits_agree_with_decimal_and_with_torch():
    for i, z in enumerate(random_logits(60, 5, 0)):
        temperature = (0.1, 0.7, 1.0, 5.0)[i % 4]
        p, prices = exact(z.tolist(), temperature)
        assert softmax(z, temperature).tolist() == pytest.approx([float(x) for x in p], rel=1e-12)
        assert log_loss(z, temperature).tolist() == pytest.approx(
            [float(x) for x in prices], rel=1e-12, abs=1e-14
        )
    z = random_logits(1000, 6, 1)
    assert torch.allclose(softmax(z), torch.softmax(z, -1), rtol=1e-13, atol=0)
    assert torch.allclose(log_loss(z), -torch.log_softmax(z, -1), rtol=1e-12, atol=1e-14)


def test_cross_entropy_is_torchs_and_its_mean_the_loss_of_training():
    z, y = random_logits(500, 4, 2), torch.arange(500) % 4
    per_object = torch.nn.functional.cross_entropy(z, y, reduction="none")
    assert torch.allclose(cross_entropy(z, y), per_object, rtol=1e-12, atol=1e-14)
    assert float(cross_entropy(z, y).mean()) == pytest.approx(float(losses.cross_entropy(z, y)), rel=1e-12)


def test_the_gradient_is_p_minus_onehot_also_by_autograd():
    for temperature in (0.3, 1.0, 4.0):
        z, y = random_logits(300, 5, 3).requires_grad_(), torch.arange(300) % 5
        (slope,) = torch.autograd.grad(cross_entropy(z, y, temperature).sum(), z)
        formula = cross_entropy_gradient(z.detach(), y, temperature)
        assert torch.allclose(formula, slope, rtol=0, atol=1e-14)
        assert formula.sum(-1).abs().max() < 1e-14
        assert (formula.gather(1, y[:, None]) <= 0).all()
        assert (formula < 0).sum() <= len(y), "only the true class is pushed up"


@pytest.mark.parametrize("shift", [1000.0, -1000.0, 12.5])
def test_a_common_shift_changes_no_probability(shift):
    z = random_logits(400, 4, 4).round(decimals=3)
    assert torch.allclose(softmax(z + shift), softmax(z), rtol=0, atol=1e-12)
    assert torch.allclose(log_loss(z + shift), log_loss(z), rtol=1e-11, atol=1e-12)


def test_naive_exponentials_overflow_where_the_shifted_ones_survive():
    z = torch.tensor([5.0, 4.0, 2.0], dtype=torch.float64)
    assert torch.allclose(naive_softmax(z), softmax(z), rtol=1e-14)
    for shift in (1000.0, -1000.0):
        assert naive_softmax(z + shift).isnan().all()
        assert torch.equal(softmax(z + shift), softmax(z))
    assert naive_softmax(z.float() + 85).isnan().any(), "float32 ends at exp(88.7)"
    assert shifted(z + 1000).tolist() == [0, -1, -3]


def test_two_classes_are_the_sigmoid_of_the_difference():
    z = random_logits(500, 2, 5, scale=20)
    for temperature in (0.5, 1.0, 3.0):
        expected = torch.sigmoid((z[:, 0] - z[:, 1]) / temperature)
        assert torch.allclose(softmax(z, temperature)[:, 0], expected, rtol=1e-12, atol=0)


def test_a_cold_softmax_is_argmax_and_a_hot_one_is_even():
    z = random_logits(300, 4, 6).round(decimals=1)
    best = torch.nn.functional.one_hot(z.argmax(1), 4).double()
    clear = z.topk(2).values.diff().abs()[:, 0] > 0.05
    assert torch.allclose(softmax(z, 1e-3)[clear], best[clear], atol=1e-12)
    assert torch.allclose(softmax(z, 1e9), torch.full_like(z, 0.25), atol=1e-7)
    tie = torch.tensor([4.0, 4.0, 1.0], dtype=torch.float64)
    assert softmax(tie, 1e-3).tolist() == [0.5, 0.5, 0], "a tie is shared, argmax would pick one"


def test_softmax_is_never_zero_where_a_double_can_hold_it():
    z = torch.tensor([0.0, -700.0], dtype=torch.float64)
    assert softmax(z)[1] > 0
    assert float(log_loss(torch.tensor([0.0, -5000.0], dtype=torch.float64))[1]) == 5000


def test_a_blind_guess_costs_ln_of_the_number_of_classes():
    for n_classes in range(2, 7):
        assert log_loss(torch.zeros(n_classes, dtype=torch.float64)).tolist() == pytest.approx(
            [math.log(n_classes)] * n_classes, rel=1e-15
        )


@pytest.mark.parametrize("temperature", [0.0, -1.0, math.nan])
def test_a_temperature_that_is_not_positive_is_refused(temperature):
    with pytest.raises(ValueError, match="temperature"):
        softmax(torch.zeros(2), temperature)
