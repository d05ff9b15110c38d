"""A border goes through the points it was made from, and is drawn where the neuron is 0."""

import numpy as np
import pytest
import torch

from explainer.nets.borders import FAR, drawn, through


def test_the_border_goes_through_both_points_and_w_stands_at_its_right():
    rng = np.random.default_rng(0)
    for _ in range(2000):
        a, b = rng.uniform(-6, 6, (2, 2))
        steepness = float(rng.uniform(0.01, 20))
        w1, w2, bias = through(a, b, steepness)
        for point in (a, b, 3 * a - 2 * b):
            assert w1 * point[0] + w2 * point[1] + bias == pytest.approx(0, abs=1e-9 * (1 + 20 * steepness))
        assert np.hypot(w1, w2) == pytest.approx(steepness)
        ahead = b - a
        assert ahead[0] * w2 - ahead[1] * w1 < 0, "the right of who goes from a to b"
        assert through(b, a, steepness) == pytest.approx((-w1, -w2, -bias))


def test_two_points_in_one_place_have_no_border():
    assert through((1.0, 2.0), (1.0, 2.0), 3.0) == (0, 0, 0)


def test_a_drawn_line_lies_on_the_border_and_its_place_on_the_positive_side():
    generator = torch.Generator().manual_seed(0)
    weight = torch.randn(2000, 2, generator=generator, dtype=torch.float64)
    bias = 3 * torch.randn(2000, generator=generator, dtype=torch.float64)
    ends, side = drawn(weight, bias, (0.5, 0.5))
    shown = (side < 90).all(-1)
    assert shown.float().mean() > 0.9
    assert torch.allclose(
        (ends[shown] * weight[shown, None]).sum(-1) + bias[shown, None], torch.zeros(1).double(), atol=1e-9
    )
    assert ((side[shown] * weight[shown]).sum(-1) + bias[shown] > 0).all()
    assert torch.allclose((ends[shown, 1] - ends[shown, 0]).norm(dim=-1), torch.tensor(2 * FAR).double())


def test_a_neuron_without_a_direction_or_with_a_border_far_away_is_drawn_out_of_sight():
    ends, side = drawn(torch.tensor([[0.0, 0.0], [1e-3, 0.0]]), torch.tensor([1.0, 5.0]))
    assert (ends == 99).all()
    assert (side == 99).all()
