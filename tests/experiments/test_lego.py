"""What the page "LEGO bricks" claims, as properties of its experiments."""

import random

import numpy as np
import pytest
import torch
from torch import nn

from explainer.experiments import lego as experiments
from explainer.nets import bricks as pile
from explainer.nets import lessons
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
    assert now.said["memory"] == pytest.approx(371 * 4 / 1000)
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


# -- one sample on its way, and training -----------------------------------------------------------


@pytest.mark.parametrize("mode", experiments.MODES)
def test_the_tensors_on_the_way_are_those_of_a_real_sequential(mode):
    hand = random.Random(4)
    for _ in range(40):
        stack = random_stack(hand)
        on = {"task": stack.task, "stack": stacks.write(stack)}
        i = hand.randint(1, 12)
        net = experiments.trace(**on, sample=i, mode=mode)
        fits = stacks.mend(stack)
        assert net.origin == ("fits_as_it_is" if fits == stack else "was_mended")
        assert net.code == pile.code(fits.bricks, fits.shape)
        X, _ = experiments.sample_of(stack.task)
        model = pile.build(fits.bricks, fits.shape, seed=0).train(mode == "mode_train")
        with torch.no_grad():
            assert np.array_equal(net.values[-1], model(X[:32])[i - 1].numpy())
        assert [v.shape for v in net.values] == fits.check()[0]
        for k, brick in enumerate(fits.bricks):
            if brick.kind == "dropout":
                before, behind = net.values[k], net.values[k + 1]
                stays = behind == (before if mode == "mode_eval" else before / np.float32(1 - brick.p))
                assert (np.isclose(behind, before / (1 - brick.p), rtol=1e-5) | (behind == 0) | stays).all()
                assert mode == "mode_train" or stays.all()


@pytest.mark.parametrize("recipe", experiments.RECIPES)
def test_the_recipes_learn_their_tasks(recipe):
    net = experiments.recipes(recipe=recipe)
    run = experiments.train_it(task=net.task, stack=net.text)
    assert run.ended == "done"
    assert run.losses.shape == (2, 60)
    assert len(run.views) == 60
    assert run.losses[0, -1] < 0.25 * run.losses[0, 0]
    if run.kind == "plane":
        assert run.accuracy[:, -1].min() > 0.95
    assert run.said["loss"] == run.losses[0, -1]


def test_a_digit_stack_learns_and_its_answers_are_counted():
    stack = "flatten*linear-64-32*relu*linear-32-10*cross_entropy"
    run = experiments.train_it(task="digit_images", stack=stack)
    assert run.accuracy[1, -1] > 0.94
    assert run.X.shape == (lessons.N_SHOWN, 8, 8)
    shown_right = np.mean(run.views[-1] == run.y)
    assert abs(shown_right - run.accuracy[1, -1]) < 0.2


def test_a_run_is_that_of_the_loop_that_everybody_writes():
    run = experiments.train_it(task="two_moons", stack="linear-2-8*relu*linear-8-1*logloss", seed=3)
    fits = stacks.read("linear-2-8*relu*linear-8-1*logloss", "two_moons")
    model = pile.build(fits.bricks, fits.shape, seed=3)
    X, y = experiments.sample_of("two_moons")
    optimizer, criterion = torch.optim.Adam(model.parameters(), lr=0.01), nn.BCEWithLogitsLoss()
    for _ in range(lessons.N_STEPS):
        optimizer.zero_grad()
        criterion(model(X), y).backward()
        optimizer.step()
    assert run.loss == pytest.approx(criterion(model(X), y).item(), rel=1e-3)


@pytest.mark.parametrize(
    ("stack", "ended"),
    [
        ("linear-2-128*relu*linear-128-128*relu*linear-128-128*relu*linear-128-3*nll", "too_large"),
        ("relu*softmax*nll", "done"),
        ("flatten*nll", "done"),
    ],
)
def test_odd_stacks_get_an_honest_answer(stack, ended):
    run = experiments.train_it(stack=stack)
    assert (run.ended, len(run.views), len(run.steps)) == (ended, 60, 60)
    assert np.isfinite(run.losses).all()


def test_a_rate_that_is_too_high_is_finite_or_says_that_it_diverged():
    for task, text in (("one_curve", "linear-1-64*linear-64-1*mse"), ("three_arms", experiments.DEFAULT)):
        run = experiments.train_it(task=task, stack=text, lg_rate=0.0)
        assert run.ended in ("done", "diverged", "budget")
        assert np.isfinite(run.losses).all()


@pytest.mark.parametrize(
    ("task", "stack"),
    [
        ("three_arms", experiments.DEFAULT),
        ("digit_images", "max_pool*batch_norm-1*flatten*dropout-0.3*linear-16-10*cross_entropy"),
    ],
)
def test_the_script_prints_the_pages_loss(alone, task, stack):
    printed = alone.number(experiments.train_it_script(task=task, stack=stack, seed=2))
    assert printed == pytest.approx(experiments.train_it(task=task, stack=stack, seed=2).loss, rel=1e-6)


# -- dropout ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("reading", ["p_drops", "p_keeps"])
@pytest.mark.parametrize("p", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_masks_are_bernoulli_and_the_mean_is_kept(p, reading):
    net = experiments.dropout(p_given=p, reading=reading, batch_no=100)
    drop = p if reading == "p_drops" else 1 - p
    assert net.drop == pytest.approx(drop)
    survivors = net.y[net.kept]
    assert survivors == pytest.approx(net.x[net.kept] / (1 - drop), rel=1e-12)
    assert (net.y[~net.kept] == 0).all()
    shares = [experiments.dropout(p_given=p, reading=reading, batch_no=k).said["gone"] for k in range(1, 101)]
    n = 100 * net.x.size
    assert abs(sum(shares) - n * drop) < 5 * (n * drop * (1 - drop)) ** 0.5
    assert net.means.shape == (100, 16)
    assert net.inside >= 11  # of 16, of which each is inside in about 95 of 100 cases
    n_all = 100 * net.x.size
    assert net.said["mean"] == pytest.approx(1, abs=5 * (drop / (1 - drop) / n_all) ** 0.5 * 1.2)


def test_torchs_own_layer_drops_as_often_and_keeps_the_same_mean():
    x = torch.tensor(experiments.dropout().x).expand(4000, 8, 16)
    theirs = nn.Dropout(0.3).train()(x)
    for survivors in (theirs[theirs > 0] / x[theirs > 0],):
        assert survivors.numpy() == pytest.approx(1 / 0.7, rel=1e-9)
    assert (theirs == 0).double().mean().item() == pytest.approx(0.3, abs=0.005)
    assert (theirs.mean() / x.mean()).item() == pytest.approx(1, abs=0.01)


def test_the_band_holds_about_95_of_100_means():
    """Over many masks of their own the running mean lies in the band as often as it says."""
    x = torch.tensor(experiments.dropout().x[:, 0])
    generator = torch.Generator().manual_seed(0)
    kept = torch.rand(2000, 100, 8, generator=generator) >= 0.5
    means = (x * kept / 0.5).mean((1, 2)) / x.mean()
    low, high = experiments.dropout().band[-1]
    inside = ((means > low) & (means < high)).double().mean().item()
    assert inside == pytest.approx(0.95, abs=0.02)
    shown = [
        experiments.dropout(p_given=p, batch_no=100, reading=reading).inside
        for p in (0.2, 0.3, 0.4, 0.5, 0.6)
        for reading in ("p_drops", "p_keeps")
    ]
    assert np.mean(shown) / 16 > 0.85


def test_prediction_changes_nothing_and_without_the_stretch_the_mean_sinks():
    off = experiments.dropout(layer_mode="layer_predicts", stretched="no_stretch", batch_no=7)
    assert np.array_equal(off.x, off.y)
    assert (off.verdict, off.said["gone"], off.expected) == ("off", 0, 1)
    assert off.means == pytest.approx(1)
    assert off.inside == 16
    bare = experiments.dropout(stretched="no_stretch", p_given=0.3, batch_no=100)
    assert bare.y[bare.kept] == pytest.approx(bare.x[bare.kept])
    assert (bare.verdict, bare.expected) == ("unscaled", 0.7)
    assert bare.said["mean"] == pytest.approx(0.7, abs=0.02)


def test_both_runs_of_a_pair_have_the_same_data_and_the_same_first_weights():
    net = experiments.overfit(few="few_points", strength="p_fifth")
    assert net.losses.shape == net.accuracy.shape == (2, experiments.N_SEEDS, 60)
    assert np.array_equal(net.losses[0, :, 0], net.losses[1, :, 0])
    assert len(set(net.losses[0, :, 0])) == experiments.N_SEEDS
    assert (net.learned[0] < 0.1).all()  # without Dropout the few points are learned by heart
    said = net.said
    assert said["won"] == sum(b > a for a, b in zip(*net.accuracy[:, :, -1], strict=True))
    assert said["won_loss"] == sum(b < a for a, b in zip(*net.losses[:, :, -1], strict=True))
    assert said["right_0"] == pytest.approx(100 * np.median(net.accuracy[0, :, -1]))


# -- the quiz --------------------------------------------------------------------------------------


def test_the_quizs_network_learns_as_many_parameters_as_counted_by_hand():
    net = experiments.quiz(blank_in="in_1600", blank_out="out_10")
    assert net.verdict == "blanks_right"
    assert net.counts == (1600 * 100 + 100, 100 * 50, 50 * 10 + 10)
    assert net.n_parameters == 165610
    names: dict[str, object] = {"nn": nn}
    exec(net.code, names)
    assert sum(p.numel() for p in names["model"].parameters()) == 165610
    assert names["model"](torch.zeros(2, 1600)).shape == (2, 10)


@pytest.mark.parametrize("blank_in", experiments.BLANKS_IN)
@pytest.mark.parametrize("blank_out", experiments.BLANKS_OUT)
def test_every_pair_of_blanks_is_judged_as_torch_judges_it(blank_in, blank_out):
    net = experiments.quiz(blank_in=blank_in, blank_out=blank_out)
    names: dict[str, object] = {"nn": nn}
    exec(net.code, names)
    try:
        given = names["model"](torch.zeros(1, 1600)).shape[1]
        verdict = "blanks_right" if given == 10 else "out_wrong"
    except RuntimeError:
        verdict = "in_wrong"
    assert net.verdict == verdict


def test_a_count_is_judged_by_what_was_forgotten_in_it():
    net = experiments.quiz()
    verdicts = {"": "count_open", " ": "count_open", "165610": "count_right", "165,610": "count_right"}
    verdicts |= {
        "165 660": "count_bias",
        "165500": "count_no_bias",
        "165000": "count_wrong",
    }
    for text, verdict in verdicts.items():
        assert experiments.refuse_count(text) is None
        assert net.judge(text) == verdict
    for junk in ("x", "1.5", "-3", "½", "٣٣٣٣٣٣", "1e5", "nan", "0", "99999", "1656100", "9" * 200):
        assert experiments.refuse_count(junk) == ("count", junk)
