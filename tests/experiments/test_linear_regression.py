"""What the page on linear regression claims, as properties of its experiments."""

import dataclasses
import itertools
import re

import numpy as np
import pytest

from explainer.experiments import linear_regression as experiments
from explainer.nets.data import POINTS
from explainer.texts import LANGUAGES, load

PRESETS = ("no_noise", "some_noise", "one_outlier", "two_clusters", "same_x")
VERDICTS = {"arrived", "on_the_way", "bounces", "grows", "diverged"}


def finite(result: object) -> None:
    for field in dataclasses.fields(result):
        value = getattr(result, field.name)
        if dataclasses.is_dataclass(value):
            finite(value)
        elif value is not None and not isinstance(value, str):
            assert np.isfinite(value).all(), field.name


def line(weight: np.ndarray, x: object) -> np.ndarray:
    return weight[0] + weight[1] * np.asarray(x)


# -- points and the line ---------------------------------------------------------------------------


def test_every_preset_fits_into_the_picture_and_lies_on_the_grid_of_the_hand():
    for name, points in POINTS.items():
        assert all(abs(x) <= 3 and abs(y) <= 4 for x, y in points), name
        assert np.allclose(np.round(points, 1), points, atol=1e-12)


def test_the_presets_show_what_their_names_say():
    fits = {name: experiments.points_and_line(points=POINTS[name]) for name in PRESETS}
    assert fits["no_noise"].mse < 1e-20 < 0.02 < fits["some_noise"].mse < 1 < fits["one_outlier"].mse
    assert {name: fit.case for name, fit in fits.items() if fit.case != "full_rank"} == {"same_x": "equal_x"}
    clusters = POINTS["two_clusters"]
    slopes = [experiments.points_and_line(points=half).weight[1] for half in (clusters[:4], clusters[4:])]
    assert max(slopes) < -0.5 < 0.5 < fits["two_clusters"].weight[1]
    assert POINTS["one_outlier"][:-1] == POINTS["some_noise"]


def test_no_line_has_less_mean_squared_error():
    hand = np.random.default_rng(0)
    fit = experiments.points_and_line()
    assert fit.mse == pytest.approx(np.square(fit.y - fit.y_hat).mean())
    assert fit.mae == pytest.approx(np.abs(fit.y - fit.y_hat).mean())
    for weight in hand.normal(fit.weight, hand.choice([1e-3, 0.1, 1], (500, 1)), (500, 2)):
        assert np.square(fit.y - line(weight, fit.x)).mean() > fit.mse


@pytest.mark.parametrize(
    ("points", "case"),
    [
        (((1.0, 2.0),), "single_point"),
        (((0.0, 2.0),), "single_point"),
        (((1.0, 2.0), (1.0, 2.0)), "equal_x"),
        (((-3.0, 4.0), (-3.0, -4.0)), "equal_x"),
        (((1.0, 2.0), (1.1, 2.0)), "full_rank"),
    ],
)
def test_what_stands_in_the_way_of_a_single_line_is_named(points, case):
    assert experiments.points_and_line(points=points).case == case
    form = experiments.matrix_form(form_points=points)
    assert form.case == case
    assert (form.inverse is None) == (case != "full_rank")


def test_the_matrices_are_those_of_the_slide():
    form = experiments.matrix_form()
    assert form.X.tolist() == [[1, x] for x, _ in POINTS["three_points"]]
    assert form.y.tolist() == [y for _, y in POINTS["three_points"]]
    n, sum_x, sum_xx = 3, form.X[:, 1].sum(), np.square(form.X[:, 1]).sum()
    assert form.gram == pytest.approx(np.array([[n, sum_x], [sum_x, sum_xx]]))
    assert form.inverse @ form.gram == pytest.approx(np.eye(2), abs=1e-12)
    assert form.inverse @ form.moment == pytest.approx(form.weight, abs=1e-12)
    assert form.y_hat == pytest.approx(line(form.weight, form.X[:, 1]))
    assert form.difference < 1e-12


# -- descent ---------------------------------------------------------------------------------------


def descent(preset: str, rate: float, **settings: object) -> experiments.Descent:
    return experiments.descent(points=POINTS[preset], gd_rate=rate, **settings)


def test_below_the_critical_rate_it_comes_nearer_and_above_it_diverges():
    for preset, rate in itertools.product(PRESETS, np.arange(0.01, 0.605, 0.01)):
        run = descent(preset, float(rate))
        assert run.verdict in VERDICTS
        assert (run.factor > 1 + 1e-9) == (run.verdict in ("grows", "diverged"))
        if run.factor < 1:
            assert rate < run.critical
            assert (np.diff(run.distances) <= 1e-12).all()
            assert (np.diff(run.losses) <= 1e-12).all()
        if run.verdict == "arrived":
            assert run.distances[run.step] < experiments.CLOSE <= run.distances[run.step - 1]
        if run.verdict == "diverged":
            assert rate > run.critical
            assert run.distances[run.step] > 100 - 10
            assert run.step < experiments.N_STEPS


def test_the_page_has_every_speed_from_crawling_to_diverging():
    seen = {descent(preset, rate).verdict for preset in PRESETS for rate in np.arange(1, 61) / 100}
    assert seen == VERDICTS


def test_the_critical_rate_is_where_the_factor_is_one():
    for preset in PRESETS:
        run = descent(preset, 0.1)
        assert descent(preset, run.critical).factor == pytest.approx(1, abs=1e-9)
        assert descent(preset, run.critical).verdict == "bounces"
        assert np.interp(run.critical, run.rates, run.factors) == pytest.approx(1, abs=0.02)
        assert run.factors[9] == pytest.approx(run.factor)  # the tenth rate is 0.1


def test_who_starts_at_the_star_has_arrived_whatever_the_rate():
    star = tuple(descent("some_noise", 0.1).star.tolist())
    run = descent("some_noise", 0.3, gd_start=star)
    assert (run.verdict, run.step) == ("arrived", 0)
    assert descent("some_noise", 0.6, gd_start=star).verdict in ("grows", "diverged")


def test_the_recording_fits_itself():
    run = descent("two_clusters", 0.2, gd_start=(1.0, -2.0))
    assert run.way[0].tolist() == [1.0, -2.0]
    assert len(run.way) == len(run.losses) == len(run.lines) == experiments.N_FRAMES
    assert run.lines == pytest.approx(np.stack([line(weight, experiments.X_VIEW) for weight in run.way]))
    assert run.losses == pytest.approx(
        [np.square(run.y - line(weight, run.x)).mean() for weight in run.way], rel=1e-9
    )


def test_in_the_valley_of_equal_x_the_nearest_minimum_counts():
    run = descent("same_x", 0.2, gd_start=(2.0, -1.0))
    assert not run.full_rank
    assert run.verdict == "arrived"
    assert np.hypot(*(run.way[-1] - run.star)) > 1, "another point of the valley's floor"
    assert descent("same_x", 0.2, gd_start=(0.0, 0.0)).way[-1] == pytest.approx(run.star, abs=1e-9)


# -- MSE against MAE -------------------------------------------------------------------------------


def test_the_outlier_pulls_the_squared_error_and_hardly_the_absolute_one():
    fits = [experiments.mse_against_mae(outlier=(2.0, y)) for y in (-1.0, -2.0, -3.0, -4.0)]
    for fit, other in itertools.pairwise(fits):
        assert other.mse.weight[1] < fit.mse.weight[1] - 0.06
        assert other.mae.weight == pytest.approx(fit.mae.weight, abs=1e-12), (
            "the MAE line does not move at all"
        )
    last = fits[-1]
    assert abs(last.mse.weight[1] - last.mse.without[1]) > 3 * abs(last.mae.weight[1] - last.mae.without[1])


def test_the_exact_line_of_the_absolute_error_goes_through_two_points():
    hand = np.random.default_rng(2)
    for _ in range(40):
        outlier = tuple(hand.uniform((-3, -4), (3, 4)).round(1).tolist())
        fits = experiments.mse_against_mae(outlier=outlier)
        assert fits.met.sum() >= 2
        assert line(fits.mae.weight, fits.x[fits.met]) == pytest.approx(fits.y[fits.met], abs=1e-9)
        around = fits.mae.weight + hand.normal(0, 0.3, (200, 2))
        losses = np.abs(fits.y - around[:, :1] - around[:, 1:] * fits.x).mean(1)
        assert losses.min() >= fits.mae.loss
        assert (fits.mae.losses >= fits.mae.loss - 1e-12).all()


def test_no_learning_rate_of_the_slider_diverges_wherever_the_outlier_is():
    for corner in itertools.product((-3.0, 0.0, 3.0), (-4.0, 4.0)):
        fits = experiments.mse_against_mae(outlier=corner, both_rate=0.25)
        assert np.abs(fits.mse.way).max() < 10
        assert (np.diff(fits.mse.losses) <= 1e-9).all()
        assert np.abs(fits.mae.way).max() < 10


def test_arrows_point_downhill_the_gradient_of_a_square_grows_and_that_of_a_modulus_is_bounded():
    fits = experiments.mse_against_mae()
    steepest = np.hypot(1, np.abs(fits.x).mean())
    assert np.linalg.norm(fits.mae.arrows, axis=1).max() <= steepest + 1e-12
    assert np.linalg.norm(fits.mse.arrows, axis=1).max() > 5 * steepest
    for fit, power in ((fits.mse, 2), (fits.mae, 1)):

        def loss(places: np.ndarray, power: int = power) -> np.ndarray:
            return (np.abs(fits.y - places[:, :1] - places[:, 1:] * fits.x) ** power).mean(1)

        assert (loss(fit.places + 1e-4 * fit.arrows) < loss(fit.places)).all()


# -- what the words promise ------------------------------------------------------------------------


def test_the_numbers_in_the_words_are_those_of_the_experiments():
    critical = descent("some_noise", 0.35).critical
    for lang in LANGUAGES:
        words = load("linear_regression", lang).prose("try_edge")
        assert f"{critical:.3f}" in re.findall(r"0\.\d+", words)
    assert descent("some_noise", 0.35).verdict == "on_the_way"
    assert descent("some_noise", 0.36).verdict == "grows"
    assert descent("some_noise", 0.25).verdict == "arrived"
    n = len(POINTS["some_noise"]) + 1
    assert n == 9
    assert n * (n - 1) // 2 == 36


def test_with_a_large_rate_the_descent_down_the_absolute_error_dances_and_shrinking_steps_calm_it():
    same, shrinking = (
        experiments.mse_against_mae(both_rate=0.25, both_steps=steps)
        for steps in ("same_steps", "shrinking_steps")
    )
    assert (
        np.abs(np.diff(same.mae.way[-10:], axis=0)).max()
        > 5 * np.abs(np.diff(shrinking.mae.way[-10:], axis=0)).max()
    )
    assert same.mae.distances[-20:].max() > 4 * shrinking.mae.distances[-20:].max()


# -- anything goes ---------------------------------------------------------------------------------


def test_any_settings_give_finite_numbers():
    hand = np.random.default_rng(3)

    def points(least: int, most: int) -> tuple[tuple[float, float], ...]:
        n = int(hand.choice([least, most, hand.integers(least, most + 1)]))
        x = hand.choice(
            [hand.uniform(-3, 3, n), hand.choice([-3.0, 3.0], n), np.full(n, hand.uniform(-3, 3))]
        )
        return tuple(zip(x.round(1).tolist(), hand.uniform(-4, 4, n).round(1).tolist(), strict=True))

    def place(x: float, y: float) -> tuple[float, float]:
        return tuple((hand.choice([-1, 0, 1, hand.uniform(-1, 1)], 2) * (x, y)).round(1).tolist())

    for i in range(2000):
        finite(experiments.points_and_line(points=points(1, 20)))
        finite(experiments.matrix_form(form_points=points(1, 4)))
        if i % 5 == 0:
            rate = round(float(hand.uniform(0.01, 0.6)), 2)
            finite(experiments.descent(points=points(1, 20), gd_start=place(3, 3), gd_rate=rate))
        if i % 10 == 0:
            steps = str(hand.choice(["same_steps", "shrinking_steps"]))
            rate = float(hand.choice([0.01, 0.25, 0.1]))
            finite(experiments.mse_against_mae(outlier=place(3, 4), both_rate=rate, both_steps=steps))
