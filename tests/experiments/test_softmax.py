"""What the page "Softmax" claims, as properties of its experiments."""

import dataclasses
import math
from decimal import Decimal, getcontext

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from explainer import facts
from explainer.experiments import softmax as experiments
from explainer.nets.data import mislabel, sample_classes

getcontext().prec = 40
EXACT = {
    "cat": ((0.7053845, 0.2594965, 0.0351190), 0.3490122),
    "fox": ((0.0179425, 0.0024283, 0.9796292), 0.0205811),
    "dog": ((0.4878556, 0.4878556, 0.0242889), 0.7177359),
}


def finite(result: object, *but: str) -> None:
    for field in dataclasses.fields(result):
        value = getattr(result, field.name)
        for part in value if isinstance(value, tuple) else (value,):
            if not isinstance(part, str) and field.name not in but:
                assert np.isfinite(part).all(), field.name


@pytest.mark.parametrize("photo", experiments.PHOTOS)
def test_the_slides_rows_round_to_what_it_prints_and_have_the_exact_values(photo):
    net = experiments.stages(photo=photo)
    row = facts.load("softmax_slide").set_index("photo").loc[photo]
    printed = [row[f"printed_{k}"] for k in (1, 2, 3)]
    assert net.printed == f"[{', '.join(f'{p:.2f}' for p in printed)}]"
    assert net.rounded.tolist() == pytest.approx(printed, abs=1e-12)
    assert row["printed_loss"] == f"-ln {printed[net.y]:.2f}"
    assert net.printed_price == pytest.approx(-math.log(printed[net.y]), rel=1e-12)
    probabilities, price = EXACT[photo]
    assert net.probabilities.tolist() == pytest.approx(probabilities, abs=5e-8)
    assert net.prices[net.y] == pytest.approx(price, abs=5e-8)
    powers = [Decimal(z).exp() for z in net.logits.tolist()]
    for k, power in enumerate(powers):
        p = power / sum(powers)
        assert net.probabilities[k] == pytest.approx(float(p), abs=1e-12)
        assert net.prices[k] == pytest.approx(float(-p.ln()), abs=1e-12)


def test_the_sliders_begin_with_the_slides_logits():
    for photo, logits in experiments.LOGITS.items():
        assert tuple(logits.values())[:3] == experiments._slide(photo)[0]
        assert experiments.CLASSES[experiments._slide(photo)[2]] == photo


def test_the_remark_is_about_the_rounding_that_shows():
    cat, fox, dog = (experiments.stages(photo=photo) for photo in experiments.PHOTOS)
    assert (cat.remark, cat.rounded_total) == ("sum", 1.01)
    assert (fox.remark, fox.rounded_total) == ("zero", 1.0)
    assert (dog.remark, dog.rounded_total) == ("none", 1.0)


def test_the_mean_is_that_of_the_three_photos():
    net = experiments.stages()
    assert net.mean == pytest.approx(sum(price for _, price in EXACT.values()) / 3, abs=1e-7)
    assert net.batch.tolist() == pytest.approx([price for _, price in EXACT.values()], abs=1e-7)


def test_what_is_not_the_slides_is_not_called_so():
    assert not experiments.stages(temperature=2.0).printed
    assert not experiments.stages(truth=(1, 2, 1)).printed
    moved = ((5.0, 4.0, 2.1), (4.0, 2.0, 8.0), (4.0, 4.0, 1.0))
    assert not experiments.stages(logits=moved).printed
    assert experiments.stages(photo="fox", logits=moved).printed


def test_a_shift_changes_nothing_until_the_naive_form_breaks():
    verdicts = [experiments.shift(constant=c).verdict for c in (0, 700, 710, 1000, -700, -1000)]
    assert verdicts == ["naive_same"] * 2 + ["naive_overflow"] * 2 + ["naive_same", "naive_underflow"]
    assert experiments.shift(constant=-740).verdict == "naive_inexact"
    assert experiments.shift(constant=85, arithmetic="float32").verdict == "naive_overflow"
    for constant in range(-1000, 1001, 5):
        net = experiments.shift(constant=constant)
        assert net.difference < 1e-12
        assert net.stable[1].sum() == pytest.approx(1, abs=1e-12)
        assert experiments.shift(constant=constant, arithmetic="float32").difference < 1e-4


def test_two_classes_are_a_sigmoid_and_three_are_not():
    for heat in (-2.0, -0.5, 0.0, 1.0):
        assert experiments.not_argmax(curves="two", heat=heat).difference < 1e-14
    assert experiments.not_argmax(curves="three").difference > 0.05


def test_the_colder_the_nearer_to_argmax():
    distances = []
    for heat in (1.0, 0.0, -1.0, -2.0):
        net = experiments.not_argmax(heat=heat)
        clear = np.abs(net.x) > 0.15
        distances.append(np.abs(net.curves[0] - net.argmax)[clear].max())
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] < 1e-6
    tie = experiments.not_argmax(t1=2.0, t2=2.0, heat=-2.0)
    assert (tie.remark, tie.at[0]) == ("heat_tie", 0.5)


def test_the_gradient_is_autograds_and_a_small_step_against_it_pays():
    rng = np.random.default_rng(0)
    for _ in range(200):
        g = dict(zip(("g1", "g2", "g3"), rng.uniform(-10, 10, 3).round(1).tolist(), strict=True))
        net = experiments.push(**g, truth=str(rng.choice(experiments.CLASSES[:3])), eta=0.5)
        assert net.difference < 1e-15
        assert np.abs(net.gradient - (net.before[1] - net.target)).max() < 1e-15
        assert net.gradient.sum() == pytest.approx(0, abs=1e-15)
        assert net.loss_after <= net.loss
        assert np.abs(net.gradient).max() <= 1


@pytest.mark.parametrize("model", experiments.MODELS)
def test_training_begins_at_a_blind_guess_and_goes_down(model):
    for groups in (3, 4, 5):
        net = experiments.train_it(model=model, groups=groups, twist=0.2)
        assert net.losses[:, 0].tolist() == pytest.approx([math.log(groups)] * 2, rel=1e-15)
        assert net.blind == math.log(groups)
        assert net.losses[0, -1] < 0.3 * net.blind
        assert (net.confusion.sum((1, 2)) == experiments.N_FRESH).all()
        hits = np.trace(net.confusion, axis1=1, axis2=2) / experiments.N_FRESH
        assert hits == pytest.approx(net.accuracy[1], abs=1e-12)


@pytest.mark.parametrize("groups", [3, 4, 5])
def test_multi_class_logistic_regression_is_scikit_learns(groups):
    """On classes that overlap, with the same penalty; the intercepts are told up to a common shift."""
    net, history, X, labels, _ = experiments._learn("linear", groups, 0.3, 10, 0)
    strength = 1 / (len(X) * experiments.L2)
    solver = LogisticRegression(C=strength, tol=1e-12, max_iter=1000, solver="newton-cg")
    other = solver.fit(X.numpy(), labels.numpy())
    ((weight, bias),) = net.layers(history.parameters[-1])
    assert weight[0].numpy() == pytest.approx(other.coef_, abs=1e-4)
    ours = (bias - bias.mean())[0, 0].numpy()
    assert ours == pytest.approx(other.intercept_ - other.intercept_.mean(), abs=1e-4)


def test_lines_cannot_part_arms_that_turn_and_a_hidden_layer_can():
    for draw in range(3):
        lines, bent = (
            experiments.train_it(model=model, groups=4, twist=0.6, draw=draw) for model in experiments.MODELS
        )
        assert lines.accuracy[0, -1] < 0.8
        assert bent.accuracy[0, -1] > 0.95


def test_the_net_does_not_believe_wrong_labels():
    net = experiments.train_it(model="hidden_layer", spoiled=30)
    assert net.wrong.mean() == 0.3
    assert net.accuracy[1, -1] > 0.9 > 0.8 > net.accuracy[0, -1]


def test_the_regions_are_what_the_net_says():
    net = experiments.train_it(model="hidden_layer", twist=0.3)
    winner, confidence = (image[-1] for image in net.regions)
    assert winner.shape == (experiments.N_PIXELS,) * 2
    assert ((confidence >= 1 / 3 - 1e-6) & (confidence <= 1 + 1e-6)).all()
    side = 12 / experiments.N_PIXELS
    column, row = ((net.X[:, 0] + 6) // side).astype(int), ((6 - net.X[:, 1]) // side).astype(int)
    assert (winner[row, column] == net.y).mean() > 0.97


def test_the_loss_is_the_mean_of_the_prices_and_the_dearest_point_has_a_wrong_label():
    net = experiments.one_point()
    assert net.loss == pytest.approx(net.prices.mean(), rel=1e-12)
    i = net.nearest(*experiments.PLACE[0])
    assert i == net.prices.argmax()
    _, _, true = experiments._learn("linear", 4, experiments.POINT_TWIST, 4, 0)[2:]
    assert net.y[i] != true[i]
    z, e, p, price, y = net.board(i)
    assert p == pytest.approx(e / e.sum(), abs=1e-12)
    assert price == pytest.approx(-math.log(p[y]), rel=1e-9)
    assert y == net.y[i]
    assert all(net.nearest(*X) == k for k, X in enumerate(net.X[:20]))
    assert z.shape == (4,)


def test_the_exported_script_prints_the_loss_of_the_page(alone):
    settings = {"model": "hidden_layer", "twist": 0.4, "spoiled": 10}
    printed = alone.number(experiments.train_it_script(**settings))
    assert printed == pytest.approx(experiments.train_it(**settings).losses[0, -1], rel=1e-6)


def test_labels_are_spoiled_in_the_asked_for_number_and_always_to_another_class():
    _, y = sample_classes(4, 200, seed=0)
    spoiled = mislabel(y, 4, 0.25, seed=1)
    assert int((spoiled != y).sum()) == 50
    assert set(spoiled.tolist()) == {0, 1, 2, 3}
    assert torch.equal(mislabel(y, 4, 0.0, seed=1), y)


def test_any_settings_give_finite_numbers():
    rng = np.random.default_rng(1)

    def pick(low: float, high: float, n: int) -> list[float]:
        return rng.choice([low, high, *rng.uniform(low, high, 4).round(1)], n).tolist()

    for i in range(300):
        k = int(rng.integers(2, 7))
        logits = tuple(tuple(pick(-10, 10, k)) for _ in experiments.PHOTOS)
        truth = tuple(rng.integers(0, k, 3).tolist())
        photo, temperature = str(rng.choice(experiments.PHOTOS)), float(rng.choice([0.1, 1.0, 5.0]))
        net = experiments.stages(photo=photo, logits=logits, truth=truth, temperature=temperature)
        finite(net)
        assert net.probabilities.sum() == pytest.approx(1, abs=1e-12)
        s = dict(zip(("s1", "s2", "s3"), pick(-10, 10, 3), strict=True))
        arithmetic = ("float32", "float64")[i % 2]
        finite(
            experiments.shift(**s, constant=5 * int(rng.integers(-200, 201)), arithmetic=arithmetic), "naive"
        )
        t = dict(zip(("t1", "t2", "t3"), pick(-5, 5, 3), strict=True))
        finite(experiments.not_argmax(**t, curves=("two", "three")[i % 2], heat=float(rng.uniform(-2, 1))))
        g = dict(zip(("g1", "g2", "g3"), pick(-10, 10, 3), strict=True))
        finite(experiments.push(**g, truth="fox", eta=float(rng.choice([0, 5, 1.3]))))
    for i in range(30):
        model = experiments.MODELS[i % 2]
        settings = {"groups": int(rng.integers(3, 6)), "twist": float(rng.choice([0, 0.3, 0.6]))}
        spoiled = int(rng.choice([0, 40, 14]))
        finite(experiments.train_it(model=model, **settings, spoiled=spoiled, draw=i % 10))
        if i % 4 == 0:
            finite(experiments.one_point(machine=model, wrong=spoiled))
