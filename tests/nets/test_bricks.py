"""The rules of bricks against real layers of torch."""

import math
import random

import pytest
import torch
from torch import nn

from explainer.nets import bricks as pile
from explainer.nets.bricks import KINDS, Brick, Misfit
from explainer.nets.dropout import Dropout
from tests.nets.piles import random_stack


def shapes_of(net: nn.Sequential, X: torch.Tensor) -> tuple[list[tuple[int, ...]], bool]:
    """Return the shapes behind the layers that work, and whether one of them refuses."""
    shapes = [tuple(X.shape[1:])]
    for layer in net:
        try:
            X = layer(X)
        except (RuntimeError, ValueError):
            return shapes, True
        shapes.append(tuple(X.shape[1:]))
    return shapes, False


def test_shapes_counts_verdicts_and_places_are_those_of_a_real_sequential_on_random_stacks():
    hand = random.Random(0)
    refused = []
    for _ in range(400):
        stack = random_stack(hand)
        shapes, misfit = pile.joints(stack.bricks, stack.shape)
        net = pile.build(stack.bricks, stack.shape, seed=0)
        real, refuses = shapes_of(net, torch.zeros(3, *stack.shape))
        assert (real, refuses) == (shapes, misfit is not None), stack
        assert sum(p.numel() for p in net.parameters()) == stack.n_parameters, stack
        refused.append(refuses)
    assert 100 < sum(refused) < 300  # both verdicts are put to the test


def test_exported_code_runs_and_makes_the_same_network_on_random_stacks():
    hand = random.Random(1)
    for _ in range(300):
        stack = random_stack(hand)
        names: dict[str, object] = {"nn": nn}
        exec(pile.code(stack.bricks, stack.shape), names)
        written, built = names["model"], pile.build(stack.bricks, stack.shape, seed=3)
        X = torch.rand(3, *stack.shape, generator=torch.Generator().manual_seed(0))
        assert shapes_of(written, X) == shapes_of(built, X), stack
        written.load_state_dict(built.state_dict())
        if pile.joints(stack.bricks, stack.shape)[1] is None:
            written.eval(), built.eval()
            assert torch.equal(written(X), built(X)), stack


def test_a_network_is_the_same_for_its_seed_and_leaves_the_generator_of_all_alone():
    hand = random.Random(2)
    state = torch.random.get_rng_state()
    for _ in range(50):
        stack = random_stack(hand)
        first, again, other = (pile.build(stack.bricks, stack.shape, seed=seed) for seed in (4, 4, 5))
        for a, b in zip(first.parameters(), again.parameters(), strict=True):
            assert torch.equal(a, b)
        weights = [k for k in first.state_dict() if k.endswith("weight") and first.state_dict()[k].ndim > 1]
        assert all(not torch.equal(first.state_dict()[k], other.state_dict()[k]) for k in weights)
    assert torch.equal(torch.random.get_rng_state(), state)


@pytest.mark.parametrize(
    ("brick", "fan_in"), [(Brick("linear", 400, 300), 400), (Brick("conv", 40, 64), 360)]
)
def test_weights_and_biases_begin_as_torch_lets_them(brick, fan_in):
    shape = (400,) if brick.kind == "linear" else (40, 8, 8)
    (layer,) = pile.build([brick], shape, seed=0)
    for parameter in (layer.weight, layer.bias):
        assert parameter.abs().max() <= fan_in**-0.5
    std = layer.weight.detach().std().item()
    assert std == pytest.approx((3 * fan_in) ** -0.5, rel=0.02)
    theirs = nn.Linear(400, 300) if brick.kind == "linear" else nn.Conv2d(40, 64, 3)
    assert std == pytest.approx(theirs.weight.detach().std().item(), rel=0.02)


def test_dropouts_of_one_network_have_generators_of_their_own():
    net = pile.build([Brick("dropout", p=0.5), Brick("dropout", p=0.5)], (200,), seed=1)
    assert all(isinstance(layer, Dropout) for layer in net)
    X = torch.ones(1, 200)
    assert not torch.equal(net[0](X), net[1](X))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_read_and_any_bit_of_junk_is_refused(kind):
    sizes = {"n_in": 12, "n_out": 7, "p": 0.3}
    brick = Brick(kind, **{size: sizes[size] for size in KINDS[kind].sizes})
    text = pile.write([brick, brick])
    assert pile.read(text) == (brick, brick)
    junk = ("", " ", "x", f"{text}*", f"*{text}", f"{text}-1-1", f"{text}-", text.upper(), f"{text}\n")
    junk += (text.replace("*", "**"), f"{text}*linear-0-4", f"{text}*linear-4-99999", f"{text}*linear--4-4")
    junk += (f"{text}*dropout-1.0", f"{text}*dropout-0.55", f"{text}*linear-٣-4", f"{text}*linear-4-4-1")
    for wrong in junk:
        assert pile.read(wrong) is None, wrong


def test_stacks_survive_the_link_and_random_text_is_no_stack():
    hand = random.Random(3)
    for _ in range(2000):
        bricks = random_stack(hand).bricks
        text = pile.write(bricks)
        assert pile.read(text) == bricks
        spoiled = list(text)
        spoiled[hand.randrange(len(text))] = hand.choice("x%*-0 é")
        again = pile.read("".join(spoiled))
        assert again is None or pile.write(again) == "".join(spoiled)


def test_every_reason_of_a_misfit_is_met():
    cases = {
        "linear_count": (Brick("linear", 3, 1), (2,)),
        "linear_image": (Brick("linear", 64, 1), (1, 8, 8)),
        "needs_image": (Brick("conv", 1, 1), (9,)),
        "channels": (Brick("conv_1x1", 2, 1), (1, 8, 8)),
        "too_small": (Brick("max_pool"), (1, 1, 1)),
        "norm_count": (Brick("batch_norm", 4), (5,)),
    }
    for reason, (brick, shape) in cases.items():
        misfit = KINDS[brick.kind].rule(brick, shape)
        assert isinstance(misfit, Misfit)
        assert (misfit.reason, misfit.given) == (reason, shape)


def test_a_flatten_keeps_every_number():
    hand = random.Random(4)
    for _ in range(200):
        shape = tuple(hand.randint(1, 9) for _ in range(3))
        assert pile.joints([Brick("flatten")], shape) == ([shape, (math.prod(shape),)], None)
