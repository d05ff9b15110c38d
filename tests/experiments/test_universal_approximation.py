"""What the page on universal approximation claims, as properties of its experiments."""

import dataclasses
import itertools

import numpy as np
import pytest
import torch

from explainer.experiments import universal_approximation as experiments
from explainer.nets.data import TARGETS

CONTINUOUS = [target for target in TARGETS if target not in ("step", "sawtooth")]
UNITS = experiments.UNITS
x = np.linspace(0, 1, experiments.N_POINTS)


def finite(result: object) -> None:
    for field in dataclasses.fields(result):
        value = getattr(result, field.name)
        if not isinstance(value, str):
            assert np.isfinite(value).all(), field.name


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_fits_into_the_picture(target):
    y = TARGETS[target](torch.linspace(0, 1, 1001, dtype=torch.float64))
    assert 0 <= float(y.min()) < float(y.max()) <= 1


@pytest.mark.parametrize("target", CONTINUOUS)
def test_both_constructions_come_closer_the_more_neurons_they_have(target):
    for unit in UNITS:
        nets = [experiments.two_nets(target=target, unit=unit, hidden=n) for n in (5, 20, 80)]
        means = [net.constructed_mean for net in nets]
        assert means[0] > 2 * means[1] > 4 * means[2] or means[2] < 1e-12, (unit, means)


def test_the_error_of_hats_on_a_smooth_curve_falls_like_one_over_n_squared():
    coarse, fine = (experiments.two_nets(target="sine", unit="relu", hidden=n) for n in (20, 40))
    assert coarse.constructed_max / fine.constructed_max == pytest.approx(4, rel=0.1)


def test_the_error_of_the_staircase_on_a_smooth_curve_falls_like_one_over_n():
    coarse, fine = (experiments.two_nets(target="sine", hidden=n) for n in (20, 40))
    assert coarse.constructed_mean / fine.constructed_mean == pytest.approx(2, rel=0.15)


def test_hats_go_through_their_knots():
    net = experiments.two_nets(target="nielsen", unit="relu", hidden=20)
    knots = slice(None, None, (experiments.N_POINTS - 1) // 20)
    assert np.abs(net.constructed - net.curve)[knots].max() < 1e-12


@pytest.mark.parametrize("target", CONTINUOUS)
def test_trained_sigmoids_beat_the_staircase_of_the_same_width(target):
    for hidden in (10, 30, 100):
        net = experiments.two_nets(target=target, hidden=hidden)
        assert net.trained_mean < net.constructed_mean


def test_evenly_spaced_hats_on_a_parabola_leave_training_nothing_to_gain():
    net = experiments.two_nets(target="parabola", unit="relu", hidden=100)
    assert net.constructed_mean < net.trained_mean < 1e-3


def test_one_sigmoid_meets_the_step_better_than_a_hundred_after_the_same_training():
    one, hundred = (experiments.two_nets(target="step", hidden=n) for n in (1, 100))
    assert one.trained_mean < 1e-3 * hundred.trained_mean


def test_the_errors_shown_are_those_of_the_curves_shown():
    net = experiments.two_nets(target="bumps", hidden=9)
    for name in ("constructed", "trained"):
        error = np.abs(getattr(net, name) - net.curve)
        assert getattr(net, f"{name}_max") == error.max()
        assert getattr(net, f"{name}_mean") == pytest.approx(error.mean(), rel=1e-12)
    assert net.mse == pytest.approx(np.square(net.trained - net.curve).mean(), rel=1e-9)
    assert net.n_parameters == 3 * 9 + 1


def test_a_learning_rate_that_is_too_large_is_told_and_leaves_finite_numbers():
    net = experiments.two_nets(optimizer="sgd", rate=3.0)
    assert net.ended == "diverged"
    assert 1 <= net.n_steps <= experiments.N_STEPS["sgd"]
    finite(net)
    assert experiments.two_nets(optimizer="sgd", rate=-3.0).ended == "done"


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"unit": "relu", "target": "abs", "hidden": 12},
        {"optimizer": "adam", "rate": -2.0, "hidden": 10},
        {"optimizer": "sgd", "rate": -1.5, "hidden": 10, "target": "sine"},
        {"target": "sawtooth", "hidden": 100},
        {"optimizer": "sgd", "rate": 3.0},
    ],
    ids=str,
)
def test_the_exported_script_prints_the_loss_of_the_page(alone, settings):
    printed = alone.number(experiments.two_nets_script(**settings))
    assert printed == pytest.approx(experiments.two_nets(**settings).mse, rel=1e-6)


def test_the_parts_of_the_staircase_add_up_to_it():
    for steps, steepness in itertools.product((1, 2, 7, 20), (2, 40, 100)):
        net = experiments.how_it_is_made(steps=steps, steepness=steepness)
        rest = net.output - net.terms.sum(0)
        assert np.ptp(rest) < 1e-12, "the bias of the output, the same everywhere"
        z = net.weight[:, None] * net.x + net.bias[:, None]
        assert np.allclose(net.terms, net.outer[:, None] * (1 + np.tanh(z / 2)) / 2, atol=1e-12)


def test_a_window_is_where_a_sigmoid_is_between_a_twentieth_and_the_rest_of_its_step():
    net = experiments.how_it_is_made(steps=5, steepness=40)
    for w, b, (low, high) in zip(net.weight, net.bias, net.windows, strict=True):
        assert 1 / (1 + np.exp(-(w * low + b))) == pytest.approx(0.05, rel=1e-6)
        assert 1 / (1 + np.exp(-(w * high + b))) == pytest.approx(0.95, rel=1e-6)


def test_steeper_steps_have_narrower_windows_which_never_vanish():
    nets = [experiments.how_it_is_made(steps=6, steepness=s) for s in (5, 10, 20, 40, 80, 100)]
    widths = [np.ptp(net.windows, axis=1).max() for net in nets]
    assert (np.diff(widths) < 0).all()
    assert widths[-1] > 0
    assert [net.share for net in nets] == sorted((net.share for net in nets), reverse=True)


def test_a_run_of_the_batch_is_the_run_alone():
    errors = experiments.error_against_n(error_target="sine")
    for width in (4, 9):
        i = experiments.WIDTHS.index(width)
        alone = experiments.two_nets(target="sine", hidden=width)  # its seed is the batch's first
        assert errors.trained[i, 0] == pytest.approx(alone.trained_mean, rel=1e-5)
        assert errors.constructed[i] == alone.constructed_mean


def test_errors_against_n_exist_for_every_target_and_unit_and_fall():
    for target, unit in itertools.product(TARGETS, UNITS):
        errors = experiments.error_against_n(error_target=target, error_unit=unit)
        assert errors.trained.shape == (len(experiments.WIDTHS), experiments.N_SEEDS)
        finite(errors)
        fell = np.median(errors.trained[-1]) < np.median(errors.trained[0])
        assert fell != ((target, unit) == ("step", "sigmoid")), "a step is one sigmoid"
        assert errors.constructed[-1] < errors.constructed[0] or errors.constructed[0] < 1e-12


def test_beyond_its_interval_the_network_goes_level_and_fails():
    net = experiments.limits(far_target="sine")
    assert net.inside < 1e-3 < 0.5 < net.outside


def test_a_continuous_network_misses_half_of_a_jump_somewhere():
    """Not on the points that it learned from, but between them."""
    for hidden, seed in itertools.product((1, 20, 100), range(3)):
        net, history = experiments._trained(TARGETS["step"], "sigmoid", hidden, [seed])
        near = torch.linspace(0.49, 0.51, 20_001, dtype=torch.float64)
        error = net.predict(history.parameters[-1], near[:, None])[0, :, 0] - TARGETS["step"](near)
        assert float(error.abs().max()) > 0.29


def test_no_heights_beat_the_medians():
    rng = np.random.default_rng(0)
    names = [f"b{i}" for i in range(1, experiments.N_BUMPS + 1)]
    best = experiments.challenge()
    for heights in rng.random((500, experiments.N_BUMPS)):
        assert experiments.challenge(**dict(zip(names, heights, strict=True))).deviation > best.least
    at = np.minimum((x * experiments.N_BUMPS).astype(int), experiments.N_BUMPS - 1)
    medians = [round(float(np.median(best.curve[at == i])), 2) for i in range(experiments.N_BUMPS)]
    solved = experiments.challenge(**dict(zip(names, medians, strict=True)))
    assert best.least - 1e-3 < solved.deviation < solved.enough < best.deviation


def test_any_settings_give_finite_numbers():
    rng = np.random.default_rng(1)
    targets = list(TARGETS)
    for _ in range(2000):
        finite(
            experiments.challenge(**{f"b{i}": float(rng.choice([0, 1, rng.random()])) for i in range(1, 6)})
        )
        settings = {
            "steps": int(rng.choice([1, 20, rng.integers(1, 21)])),
            "steepness": int(rng.integers(2, 101)),
        }
        finite(experiments.how_it_is_made(made_target=str(rng.choice(targets)), **settings))
    for i in range(150):
        hidden = int(rng.choice([1, 100, rng.integers(1, 101)]))
        finite(experiments.limits(far_target=str(rng.choice(targets)), far_hidden=hidden, far_seed=i % 10))
        optimizer = "lm" if i % 6 else str(rng.choice(["adam", "sgd"]))
        settings = {"optimizer": optimizer, "rate": float(rng.choice(np.arange(-4, 3.5, 0.5)))}
        unit, target = str(rng.choice(UNITS)), str(rng.choice(targets))
        finite(experiments.two_nets(target=target, unit=unit, hidden=hidden, **settings))
