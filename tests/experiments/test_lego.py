"""What the page "LEGO bricks" claims, as properties of its experiments."""

import random

import pytest

from explainer.experiments import lego as experiments
from explainer.nets import bricks as pile
from explainer.nets import stack as stacks
from tests.nets.piles import random_stack

# By hand: (1 + 1) 16 + (16 + 1) 16 + (16 + 1) 1, and so on with three outputs and with two inputs.
BY_HAND = {"perceptron": 321, "multi_regression": 355, "two_classes": 337, "multi_class": 371}


@pytest.mark.parametrize("recipe", experiments.RECIPES)
def test_the_recipes_counts_are_those_of_hand_computation(recipe):
    net = experiments.recipes(recipe=recipe)
    assert net.piles[net.chosen].n_parameters == BY_HAND[recipe]
    assert sum((n + 1) * m for n, m in net.counts) == BY_HAND[recipe]
    assert net.formula.endswith(f"= {BY_HAND[recipe]}")


@pytest.mark.parametrize("hidden", [1, 2, 7, 64])
def test_the_recipes_of_any_width_fit_and_differ_in_their_ends_only(hidden):
    net = experiments.recipes(hidden=hidden, dropped=0.9)
    for made, recipe in zip(net.piles, experiments.RECIPES, strict=True):
        assert made.misfit == -1
        assert made.kinds[:6] == ("linear", "relu", "dropout", "linear", "relu", "linear")
        n, m = int(made.numbers[0]), int(made.numbers[-1])
        assert made.n_parameters == (n + 1) * hidden + (hidden + 1) * hidden + (hidden + 1) * m, recipe
    assert [made.kinds[6:] for made in net.piles] == [(), (), ("sigmoid",), ("softmax",)]
    assert [made.loss for made in net.piles] == ["mse", "mse", "bce", "nll"]


def test_what_the_bench_shows_of_random_stacks_is_what_the_rules_say():
    hand = random.Random(0)
    for _ in range(300):
        stack = random_stack(hand)
        at = hand.randint(1, len(stack.bricks))
        now = experiments.bricks(task=stack.task, stack=stacks.write(stack), brick=at)
        shapes, misfit = stack.check()
        assert now.pile.n_parameters == stack.n_parameters
        assert [text for text in now.pile.shapes if text] == list(map(pile.shape_text, shapes))
        assert len(now.pile.shapes) == len(stack.bricks) + 1
        assert now.pile.misfit == (len(shapes) - 1 if misfit else -1)
        assert now.advice.startswith(("misfit_", "remark_", "all_fits"))
        assert (now.advice[:6] == "misfit") == (misfit is not None)
        if misfit:
            assert now.mended is not None
            assert stacks.read(now.mended["stack"], stack.task) == stacks.fix(stack)
            assert now.given == pile.shape_text(misfit.given)


def test_every_button_leads_to_a_stack_that_a_link_can_carry_and_to_a_brick_that_is_there():
    hand = random.Random(1)
    for _ in range(300):
        stack = random_stack(hand)
        at, kind = hand.randint(1, len(stack.bricks)), hand.choice(experiments.BRICKS)
        now = experiments.bricks(task=stack.task, stack=stacks.write(stack), brick=at, kind=kind)
        for name, settings in [*now.moves.items(), ("mend_it", now.mended)]:
            if settings is not None:
                made = stacks.read(settings["stack"], stack.task)
                assert made is not None, name
                assert 1 <= settings["brick"] <= len(made.bricks)
                assert made != stack or name in ("brick_up", "brick_down"), name  # twins may change places
        n = len(stack.bricks)
        idle = {name for name, settings in now.moves.items() if settings is None}
        full = {"add_brick", "copy_brick"} if n >= stacks.MOST else set()
        alone = {"remove_brick"} if n == 1 else set()
        ends = ({"brick_up"} if at == 1 else set()) | ({"brick_down"} if at == n else set())
        assert idle == full | alone | ends


def test_pressing_mend_again_and_again_ends_in_a_stack_that_fits():
    hand = random.Random(2)
    for _ in range(200):
        stack = random_stack(hand)
        text = stacks.write(stack)
        for _ in range(40):
            now = experiments.bricks(task=stack.task, stack=text)
            if not now.advice.startswith("misfit"):
                break
            text = now.mended["stack"]
        assert stacks.read(text, stack.task) == stacks.mend(stack)


def test_a_size_is_what_a_slider_can_move_and_the_brick_takes_it():
    hand = random.Random(3)
    for _ in range(300):
        stack = random_stack(hand)
        at = hand.randint(1, len(stack.bricks))
        settings = {"task": stack.task, "stack": stacks.write(stack), "brick": at}
        size = experiments.size(**settings)
        brick = stack.bricks[at - 1]
        assert (size is None) == (brick.kind not in ("linear", "conv", "conv_1x1", "dropout"))
        if size is None:
            assert experiments.resize(**settings) == settings["stack"]
            continue
        _, low, high, value, step = size
        assert low <= value <= high
        new = round(low + step * hand.randint(0, round((high - low) / step)), 10)
        after = stacks.read(experiments.resize(**settings, value=new), stack.task).bricks[at - 1]
        assert (after.p if brick.kind == "dropout" else after.n_out) == new


def test_the_default_is_the_slides_multi_class_network():
    now = experiments.bricks()
    assert now.pile.n_parameters == BY_HAND["multi_class"]
    assert now.advice == "remark_head_and_loss"
    assert now.kilobytes == pytest.approx(371 * 4 / 1000)
    assert now.pile.left == 16 * 5 + 3 + 3


def test_only_stacks_count_as_stacks():
    for junk in ("", "junk", "1", "relu", "nan", "*" * 30, "linear-2-16*relu", experiments.DEFAULT + "*"):
        assert not experiments.is_stack(text=junk)
    assert experiments.is_stack()


def test_the_experiments_at_the_end_show_what_their_words_promise():
    _, image = experiments.TRY["try_image"]
    presses, settings = 0, dict(image)
    while (now := experiments.bricks(**settings)).advice.startswith("misfit"):
        settings |= now.mended
        presses += 1
    assert presses == 2
    _, twice = experiments.TRY["try_twice"]
    assert experiments.bricks(**twice).advice == "remark_head_twice"
    _, collapse = experiments.TRY["try_collapse"]
    assert experiments.bricks(**collapse).advice == "remark_collapse"
    assert pile.read(collapse["stack"].rpartition("*")[0]) is not None
