"""Stacks between a task and its loss: mending, hands, and what is doubtful."""

import random
from dataclasses import replace

import pytest
import torch

from explainer.nets import bricks as pile
from explainer.nets import stack as stacks
from explainer.nets.bricks import KINDS, Brick
from explainer.nets.losses import LOSSES
from explainer.nets.stack import TASKS
from tests.nets.piles import random_stack

KNOWN = {
    "head_twice", "softmax_of_one", "softmax_inside", "by_rows", "collapse", "sigmoids", "bounded_end",
    "bent_end", "dropped_end", "no_effect", "head_and_loss",
}  # fmt: skip


def test_mending_ends_in_a_stack_that_fits_and_whose_answer_the_loss_can_judge():
    hand = random.Random(0)
    for _ in range(600):
        stack = random_stack(hand)
        mended = stacks.mend(stack)
        assert mended.check()[1] is None, stack
        assert stacks.mend(mended) == mended
        assert len(mended.bricks) <= len(stack.bricks) + 2
        assert stacks.read(stacks.write(mended), mended.task) == mended
        net = pile.build(mended.bricks, mended.shape, seed=0).eval()
        task = TASKS[mended.task]
        classes = mended.loss in ("cross_entropy", "nll")
        y = torch.zeros(4, dtype=torch.int64) if classes else torch.zeros(4, task.n_outputs)
        y_hat = net(torch.rand(4, *mended.shape, generator=torch.Generator().manual_seed(0)))
        assert y_hat.shape == (4, task.n_outputs)
        assert torch.isfinite(LOSSES[mended.loss](y_hat, y)), mended


def test_a_fix_mends_the_first_thing_only_and_leaves_what_is_before_it():
    hand = random.Random(1)
    seen = set()
    for i in range(600):
        stack = random_stack(hand)
        if i % 4 == 0:
            stack = replace(stacks.mend(stack), loss=TASKS[stack.task].losses[-1])
        shapes, misfit = stack.check()
        if misfit is None:
            assert stacks.fix(stack) == stack
            continue
        seen.add(misfit.reason)
        fixed = stacks.fix(stack)
        assert fixed != stack
        at = len(shapes) - 1
        if misfit.reason in ("linear_count", "channels", "norm_count", "linear_image", "too_small"):
            assert fixed.bricks[:at] == stack.bricks[:at]
            assert len(fixed.check()[0]) >= len(shapes)
    assert seen == {
        "linear_count", "linear_image", "needs_image", "channels", "norm_count", "too_small",
        "target_count", "target_image", "not_probabilities",
    }  # fmt: skip


def test_the_lectures_example_linear_on_an_image_is_mended_by_a_flatten():
    stack = stacks.read("linear-64-10*cross_entropy", "digit_images")
    shapes, misfit = stack.check()
    assert (len(shapes), misfit.reason, misfit.expected, misfit.given) == (1, "linear_image", 64, (1, 8, 8))
    assert stacks.write(stacks.fix(stack)) == "flatten*linear-64-10*cross_entropy"


def test_a_brick_that_came_after_its_flatten_moves_before_it():
    stack = stacks.read("relu*flatten*tanh*conv-1-4*linear-64-10*cross_entropy", "digit_images")
    assert stacks.fixable_by_move(stack)
    assert [b.kind for b in stacks.fix(stack).bricks] == ["relu", "conv", "flatten", "tanh", "linear"]
    stuck = stacks.read("flatten*linear-64-9*conv-1-4*cross_entropy", "digit_images")
    assert not stacks.fixable_by_move(stuck)
    assert [b.kind for b in stacks.fix(stuck).bricks] == ["flatten", "linear"]


def test_a_resized_brick_takes_those_along_that_did_fit():
    stack = stacks.read("linear-2-16*batch_norm-16*relu*dropout-0.5*linear-16-3*nll", "three_arms")
    wider = stacks.resize(stack, 0, n_out=40)
    assert stacks.write(wider) == "linear-2-40*batch_norm-40*relu*dropout-0.5*linear-40-3*nll"
    conv = stacks.read("conv-1-4*max_pool*flatten*linear-36-10*cross_entropy", "digit_images")
    assert stacks.write(stacks.resize(conv, 0, n_out=5)).startswith("conv-1-5*max_pool*flatten*linear-45-10")
    broken = stacks.read("linear-2-16*linear-9-3*nll", "three_arms")
    assert stacks.resize(broken, 0, n_out=8).bricks[1] == Brick("linear", 9, 3)  # it did not fit before
    assert stacks.resize(broken, 0, n_out=9).check()[1].reason == "not_probabilities"


def test_resizing_never_moves_the_first_misfit_forward():
    hand = random.Random(2)
    for _ in range(500):
        stack = random_stack(hand)
        sized = [i for i, b in enumerate(stack.bricks) if b.n_out]
        if not sized:
            continue
        at = hand.choice(sized)
        n_out = hand.randint(1, stacks.largest_size(stack.bricks[at]))
        after = stacks.resize(stack, at, n_out=n_out)
        assert after.bricks[at] == replace(stack.bricks[at], n_out=n_out)
        assert len(after.check()[0]) >= len(stack.check()[0]), (stack, at, n_out)


def test_what_a_hand_does_can_be_undone_by_a_hand():
    hand = random.Random(3)
    for _ in range(300):
        stack = random_stack(hand)
        at = hand.randrange(len(stack.bricks))
        kind = hand.choice(list(KINDS))
        assert stacks.remove(stacks.insert(stack, at, kind), at) == stack
        assert stacks.insert(stack, at, kind).bricks[at].kind == kind
        assert stacks.remove(stacks.duplicate(stack, at), at) == stack
        if at:
            assert stacks.move(stacks.move(stack, at, -1), at - 1, 1) == stack


def test_a_new_brick_fits_on_what_is_before_it_unless_it_needs_an_image_or_a_flatten():
    hand = random.Random(4)
    for _ in range(500):
        stack = random_stack(hand)
        known = len(stack.check()[0]) - 1
        at, kind = hand.randint(0, min(known, len(stack.bricks))), hand.choice(list(KINDS))
        shapes, misfit = pile.joints(stacks.insert(stack, at, kind).bricks[: at + 1], stack.shape)
        if misfit:
            assert misfit.reason in ("needs_image", "too_small", "linear_image")
            assert len(shapes) == at + 1


def test_a_mended_stack_is_remarked_until_the_remarks_have_been_followed():
    hand = random.Random(5)
    seen = set()
    for _ in range(500):
        stack = stacks.mend(random_stack(hand))
        for _ in range(30):
            remark = stacks.remark(stack)
            if remark is None or remark.mended == stack:
                break
            seen.add(remark.name)
            stack = stacks.mend(remark.mended)
        else:
            pytest.fail(f"no end of remarks on {stack}")
    assert seen == KNOWN


@pytest.mark.parametrize(
    ("task", "text", "name"),
    [
        ("three_arms", "linear-2-3*softmax*cross_entropy", "head_twice"),
        ("two_moons", "linear-2-1*sigmoid*logloss", "head_twice"),
        ("three_arms", "linear-2-3*softmax*nll", "head_and_loss"),
        ("two_moons", "linear-2-4*softmax*linear-4-1*logloss", "softmax_inside"),
        ("one_curve", "linear-1-1*softmax*mse", "softmax_of_one"),
        ("three_arms", "linear-2-4*dropout-0.5*linear-4-3*cross_entropy", "collapse"),
        (
            "two_moons",
            "linear-2-2*sigmoid*linear-2-2*sigmoid*linear-2-2*sigmoid*linear-2-1*logloss",
            "sigmoids",
        ),
        ("one_curve", "linear-1-1*relu*mse", "bounded_end"),
        ("two_moons", "linear-2-1*relu*logloss", "bent_end"),
        ("one_curve", "linear-1-1*dropout-0.5*mse", "dropped_end"),
        ("one_curve", "flatten*linear-1-1*mse", "no_effect"),
        ("digit_images", "linear-8-8*flatten*relu*linear-64-10*cross_entropy", "by_rows"),
    ],
)
def test_doubtful_designs_are_remarked(task, text, name):
    stack = stacks.read(text, task)
    assert stack.check()[1] is None
    assert stacks.remark(stack).name == name


@pytest.mark.parametrize(
    ("task", "text"),
    [
        ("one_curve", "linear-1-16*relu*dropout-0.2*linear-16-16*relu*linear-16-1*mse"),
        ("three_arms", "linear-2-16*relu*linear-16-3*cross_entropy"),
        ("digit_images", "conv-1-8*relu*max_pool*flatten*linear-72-10*cross_entropy"),
        ("two_moons", "linear-2-2*sigmoid*linear-2-1*logloss"),
    ],
)
def test_ordinary_designs_are_not(task, text):
    stack = stacks.read(text, task)
    assert stack.check()[1] is None
    assert stacks.remark(stack) is None


def test_two_linear_bricks_that_are_remarked_really_are_one_matrix():
    stack = stacks.read("linear-2-4*linear-4-3*cross_entropy", "three_arms")
    assert stacks.remark(stack).name == "collapse"
    first, second = pile.build(stack.bricks, stack.shape, seed=0).double()
    X = torch.rand(9, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    one = X @ (second.weight @ first.weight).T + second.weight @ first.bias + second.bias
    assert torch.allclose(second(first(X)), one, atol=1e-12)


def test_another_task_keeps_the_bricks_and_takes_a_loss_of_its_own():
    text = "linear-2-3*softmax*nll"
    assert stacks.read(text, "digit_images").loss == "nll"
    assert stacks.read(text, "two_moons").loss == "logloss"
    assert stacks.read("linear-2-1*sigmoid*nll", "two_moons").loss == "bce"
    assert stacks.read(text, "one_curve").loss == "mse"


@pytest.mark.parametrize(
    "text", ["", "nll", "relu", "relu*x", "relu*nll*nll", "linear-2-999*nll", "relu*" * 15 + "nll"]
)
def test_junk_is_no_stack(text):
    assert stacks.read(text, "three_arms") is None
