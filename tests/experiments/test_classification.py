"""What the page on classification claims, as properties of its experiments."""

import functools
import math

import numpy as np
import pytest
import torch

from explainer.charts import probability_map
from explainer.experiments import classification as experiments
from explainer.nets.maps import LEVELS, PICTURED, SIDE

train_it = functools.cache(experiments.train_it)


def ladder(rung: str, objects: str = "pts_overlap", **settings: float) -> experiments.Ladder:
    return experiments.ladder(objects=experiments.SETS[objects], rung=rung, **settings)


# -- the ladder ------------------------------------------------------------------------------------


def test_far_objects_drag_the_line_and_leave_the_sigmoid_where_it_was():
    line = [ladder("rung_threshold", name).numbers for name in ("pts_overlap", "pts_far")]
    curve = [ladder("sigmoid", name).numbers for name in ("pts_overlap", "pts_far")]
    assert line[1]["wrong"] > line[0]["wrong"]
    assert line[1]["w"] < line[0]["w"] / 2
    assert curve[1]["wrong"] == curve[0]["wrong"]
    assert curve[1]["w"] == pytest.approx(curve[0]["w"], rel=1e-3)


def test_the_line_leaves_what_a_probability_can_be_and_no_distribution_function_does():
    assert ladder("rung_line").curve.max() > 1
    for rung in experiments.RUNGS[1:]:
        for objects in experiments.SETS:
            net = ladder(rung, objects)
            assert 0 <= net.curve.min() <= net.curve.max() <= 1


def test_the_words_are_those_of_the_fit():
    verdicts = {rung: ladder(rung).verdict for rung in experiments.RUNGS}
    assert verdicts["rung_line"] == "line_leaves"
    assert (verdicts["sigmoid"], verdicts["normal_cdf"]) == ("odds_same", "odds_differ")
    away = ladder("sigmoid", "pts_apart")
    assert away.verdict == "apart"
    assert away.numbers["w5"] < away.numbers["w10"] < away.numbers["w20"]
    assert ladder("sigmoid", "pts_apart", l2_penalty=0.01).verdict == "odds_same"
    assert experiments.ladder(objects=((1, 0), (2, 0)), rung="sigmoid", l2_penalty=0.1).verdict == "one_class"
    assert experiments.ladder(objects=((1, 0), (1, 1)), rung="sigmoid").verdict == "same_x"
    mixed = ((1.0, 0.0), (2.0, 0.0), (9.0, 0.0), (3.0, 1.0), (3.5, 1.0), (4.0, 1.0), (5.0, 1.0), (0.5, 1.0))
    clipped = experiments.ladder(objects=mixed, rung="clipped_line")
    assert clipped.verdict == ("clipped_infinite" if math.isinf(clipped.numbers["loss"]) else "clipped")


def test_whatever_objects_a_hand_sets_the_rungs_can_be_drawn():
    random = np.random.default_rng(0)
    for _ in range(300):
        n = random.integers(2, 21)
        x = np.round(random.choice([random.uniform(0, 10, n), random.integers(0, 3, n) * 5.0]), 1)
        objects = tuple(zip(x.tolist(), random.integers(0, 2, n).astype(float).tolist(), strict=True))
        rung = str(random.choice(experiments.RUNGS))
        penalty, gamma = float(random.choice([0, 0.01, 0.2])), float(random.choice([0.05, 0.5, 0.95]))
        net = experiments.ladder(objects=objects, rung=rung, l2_penalty=penalty, gamma_level=gamma)
        for values in (net.line, net.curve):
            assert np.isfinite(values).all(), (objects, rung)
        assert math.isfinite(net.numbers["w"])
        assert net.numbers["wrong"] == net.wrong.sum() <= n == len(net.wrong)


# -- the price and the stalled neuron --------------------------------------------------------------


def test_the_price_and_its_slope_are_those_of_the_formula():
    for p in (0.01, 0.1, 0.5, 0.99):
        one, zero = (experiments.price(given_to_1=p, true_class=c).numbers for c in ("truth_1", "truth_0"))
        assert (one["loss"], one["slope"]) == pytest.approx((-math.log(p), -1 / p))
        assert (zero["loss"], zero["slope"]) == pytest.approx((-math.log(1 - p), 1 / (1 - p)))
        assert abs(one["bend"]) <= 2
    assert [experiments.price(given_to_1=p).verdict for p in (0.1, 0.5, 0.9)] == [
        "sure_and_wrong",
        "unsure",
        "sure_and_right",
    ]


def test_the_two_gradients_equal_autograd():
    net = experiments.stalled(start_t=3.0, stall_rate=0.7)
    z = torch.tensor(net.z, requires_grad=True)
    p = torch.sigmoid(z)
    losses = torch.stack([-(1 - p[0]).log(), p[1] ** 2 / 2])
    (gradient,) = torch.autograd.grad(losses.sum(), z)
    assert net.gradient == pytest.approx(gradient.numpy(), abs=1e-12)
    # w and b both learn, so that t makes twice the step of either.
    assert np.diff(net.z, axis=1) == pytest.approx(-2 * 0.7 * net.gradient[:, :-1], abs=1e-9)


def test_a_confident_mistake_stalls_with_the_squared_error_only():
    net = experiments.stalled()
    assert net.verdict == "stalls"
    assert net.p[0, -1] < 0.01
    assert net.p[1, -1] > 0.99
    for start, rate in ((3.0, 1.0), (6.0, 5.0), (2.0, 0.5)):
        net = experiments.stalled(start_t=start, stall_rate=rate)
        for row, name in enumerate(("log", "squared")):
            needed = net.numbers[name]
            if needed < experiments.N_FRAMES:  # what is counted is what is trained
                assert net.p[row, needed] < 0.5 <= net.p[row, needed - 1]
    assert experiments.stalled(start_t=-1.0).verdict == "no_mistake"
    assert experiments.stalled(start_t=8.0, stall_rate=0.1).numbers["squared"] > 10_000


# -- the calculator --------------------------------------------------------------------------------


def test_cutting_off_after_two_digits_gives_what_the_slide_prints():
    for name, (t, y, printed) in experiments.SLIDE.items():
        net = experiments.calculator(examples=experiments.EXAMPLES[f"ex_{name}"])
        assert (net.t[0], net.y[0], net.printed[0]) == (t, y, printed)
        assert round(float(net.p[0]), 2) != printed  # rounding would print something else
    cat, dog = (experiments.calculator(examples=experiments.EXAMPLES[k]) for k in ("ex_cat", "ex_dog"))
    assert float(cat.p[0]) == pytest.approx(0.9999546021312976, abs=1e-12)
    assert float(dog.p[0]) == pytest.approx(0.2689414213699951, abs=1e-12)
    assert (cat.numbers["exact"], cat.numbers["ratio"]) == pytest.approx((4.5398899e-5, 221.378), rel=1e-5)
    assert (dog.numbers["exact"], dog.numbers["other"]) == pytest.approx((0.3132617, 0.3011051), abs=1e-7)


def test_without_brackets_a_confident_mistake_is_rewarded():
    surer = [
        experiments.calculator(examples=((t, 0.0),), beside="beside_literal")
        for t in (math.log(9), 5.0, 12.0)
    ]
    assert surer[0].numbers["exact"] == pytest.approx(2.302585, abs=1e-6)
    assert surer[0].numbers["other"] == pytest.approx(-2.302585, abs=1e-6)
    assert surer[2].numbers["other"] < surer[1].numbers["other"] < surer[0].numbers["other"] < 0
    right = experiments.calculator(examples=((3.0, 1.0),), beside="beside_literal")
    assert right.numbers["other"] == right.numbers["exact"]


def test_a_bill_of_any_objects_is_finite_but_for_what_cutting_off_ruins():
    random = np.random.default_rng(0)
    for _ in range(500):
        t = np.round(random.uniform(-12, 12, random.integers(1, 6)), 1)
        examples = tuple(zip(t.tolist(), random.integers(0, 2, len(t)).astype(float).tolist(), strict=True))
        net = experiments.calculator(examples=examples)
        assert np.isfinite(net.loss).all()
        assert (net.printed <= net.p).all()
        assert (net.verdict == "infinite") == bool(((net.printed == 0) & (net.y == 1)).any())


# -- training --------------------------------------------------------------------------------------


@pytest.mark.parametrize("plane_set", ["set_moons", "set_circles", "set_xor"])
def test_the_nets_reach_95_per_cent_for_nine_of_ten_seeds(plane_set):
    right = [train_it(plane_set=plane_set, sample_draw=i).fresh.at(0.5).last["right"] for i in range(10)]
    assert sum(share >= 95 for share in right) >= 9, right


def test_without_hidden_neurons_it_is_logistic_regression_and_xor_is_a_coin():
    net = train_it(plane_set="set_xor", hidden_relus=0)
    assert net.verdict == "regression"
    assert net.numbers["loss"] == pytest.approx(net.numbers["exact"], abs=1e-6)
    assert net.numbers["loss"] == pytest.approx(math.log(2), abs=0.02)
    assert net.numbers["parameters"] == 3
    parted = train_it(plane_set="set_blobs", hidden_relus=0, blur=0.0)
    assert parted.verdict == "parted"


def test_what_is_seen_of_the_training_fits_together():
    net = train_it()
    assert net.maps.shape == (len(PICTURED), SIDE, SIDE)
    assert (experiments.RADIUS, LEVELS) == (probability_map.RADIUS, probability_map.LEVELS)
    assert len(net.steps) == len(net.losses) == len(net.fresh.p) == experiments.N_FRAMES
    # A cell of the map is P(y = 1) there: training points lie in cells of their own colour.
    column = ((net.X[:, 0] + experiments.RADIUS) / (2 * experiments.RADIUS) * SIDE).astype(int)
    row = ((experiments.RADIUS - net.X[:, 1]) / (2 * experiments.RADIUS) * SIDE).astype(int)
    called = net.maps[-1][row, column] > LEVELS / 2
    assert (called == (net.y > 0.5)).mean() > 0.95
    assert net.fresh.at(0.5).counts.sum((1, 2)).tolist() == [experiments.N_FRESH] * experiments.N_FRAMES
