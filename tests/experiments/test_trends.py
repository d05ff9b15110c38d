"""The experiments of the page "Four trends": what is shown is in the tables, and polyfit finds the same."""

import dataclasses
import itertools
import math

import numpy as np
import pytest

from explainer import facts
from explainer.experiments import trends
from explainer.nets.growth import LEAST


def polyfit_months(points: trends.Points, used: np.ndarray) -> float:
    return 12 / np.polyfit(points.x[used] - 2000, np.log2(points.y[used]), 1)[0]


def random_growths(n: int) -> list[dict]:
    random = np.random.default_rng(0)
    found = []
    for _ in range(n):
        quantity = str(random.choice(list(trends.SINCE)))
        low, high, _ = trends.SINCE[quantity]
        first, last = (int(random.integers(low, high + 1)) for _ in range(2))
        runs = str(random.choice(["all_runs", "record_runs"]))
        found.append({"quantity": quantity, "runs": runs, "first_year": first, "last_year": last})
    return found


def test_doubling_times_are_those_of_polyfit_on_the_logarithms():
    verdicts = set()
    for settings in random_growths(400):
        found = trends.growth(**settings)
        verdicts.add(found.verdict)
        if found.verdict != "few":
            months = polyfit_months(found.points, found.used)
            if found.verdict == "falls":
                assert months < 0 or math.isinf(months)
            else:
                assert found.months[0] == pytest.approx(months, rel=1e-5)
                assert found.months[1] <= found.months[0] <= found.months[2]
            assert (found.low <= found.line * (1 + 1e-9)).all()
            assert (found.line <= found.high * (1 + 1e-9)).all()
        assert (found.verdict == "perhaps") == (found.verdict != "falls" and math.isinf(found.months[2]))
    assert verdicts == {"few", "falls", "perhaps", "grows"}


def test_a_window_takes_the_points_of_its_years_in_any_order_of_its_ends():
    for settings in random_growths(100):
        found = trends.growth(**settings)
        first, last = sorted((settings["first_year"], settings["last_year"]))
        year = np.floor(found.points.x)
        inside = (year >= first) & (year <= last)
        assert (found.used <= inside).all()
        if settings["runs"] == "all_runs":
            assert (found.used == inside).all()
        else:
            assert (np.diff(found.points.y[found.used]) >= 0).all()
        swapped = {**settings, "first_year": settings["last_year"], "last_year": settings["first_year"]}
        assert trends.growth(**swapped).months == found.months
        assert (found.n_points < LEAST) <= (found.verdict == "few")


STUDIES = [row for _, row in facts.load("compute_growth").iterrows() if row["key"] != "moore"]


@pytest.mark.parametrize("study", STUDIES, ids=[row["key"] for row in STUDIES])
def test_a_fit_over_the_years_of_a_study_lies_in_its_range_or_reaches_it_with_its_interval(study):
    years = {"first_year": int(study["first_year"]), "last_year": int(study["last_year"])}
    found = trends.growth(runs=study["runs"], **years)
    assert found.study == study["key"]
    low, high = found.published
    assert low <= study["doubling_months"] <= high
    assert found.agrees in ("inside", "within")
    assert (found.agrees == "inside") == (low <= round(found.months[0], 1) <= high)
    assert found.months[1] <= high
    assert found.months[2] >= low


def test_which_studies_are_met():
    """What the page says in its longer words."""
    agrees = {}
    for row in STUDIES:
        years = {"first_year": int(row["first_year"]), "last_year": int(row["last_year"])}
        agrees[row["key"]] = trends.growth(runs=row["runs"], **years).agrees
    assert agrees == {
        "amodei": "within",
        "before": "inside",
        "deep": "within",
        "large": "within",
        "frontier": "inside",
    }


@pytest.mark.parametrize(
    ("months", "agrees"), [((5, 4, 6), "inside"), ((9, 5, 30), "within"), ((9, 7, 11), "outside")]
)
def test_agreement_is_inside_within_or_outside(months, agrees):
    assert trends._agreement(months, (5, 6)) == agrees


def all_settings(*lists: object) -> list[tuple]:
    return list(itertools.product(*lists))


@pytest.mark.parametrize("benchmark", trends.BENCHMARKS)
def test_errors_come_from_the_table_and_the_record_only_falls(benchmark):
    table = facts.load("accuracy")
    table = table[table["key"] == benchmark]
    first, last, _ = trends.BENCHMARKS[benchmark]
    before = 0
    for until in range(first, last + 1):
        found = trends.accuracy(benchmark=benchmark, accuracy_until=until).machines
        assert set(found.name) <= set(table["system"])
        assert (np.floor(found.x) <= until).all()
        assert (np.diff(found.y[found.record]) <= 0).all()
        assert len(found.x) >= max(1, before)
        before = len(found.x)
    assert before == (table["agent"] == "machine").sum()


def test_the_slide_has_the_points_of_its_chart_alone():
    for benchmark in trends.ON_SLIDES:
        today = trends.accuracy(benchmark=benchmark, accuracy_until=2025)
        slide = trends.accuracy(benchmark=benchmark, accuracy_until=2025, accuracy_view="as_slide")
        assert set(slide.machines.name) < set(today.machines.name)
        assert slide.machines.x.max() < 2018
        assert len(slide.people.x) == 1
    slide = trends.accuracy(accuracy_view="as_slide", accuracy_until=2017)
    assert "GoogLeNet" not in slide.machines.name
    assert "VGG" in slide.machines.name
    assert slide.people.y.tolist() == [5.1]


def test_vgg_paid_fifty_times_too_much():
    found = trends.complexity()
    assert found.points.name[found.rival] == "MobileNetV2"
    assert found.points.x[found.vgg] / found.points.x[found.rival] == pytest.approx(51.4, abs=0.05)
    assert found.points.x[found.vgg] == pytest.approx(2 * 15.47)
    early = trends.complexity(complexity_until=2014)
    assert early.rival == early.vgg


@pytest.mark.parametrize("view", ["as_today", "as_slide"])
def test_the_rival_is_the_cheapest_that_is_as_good_as_vgg(view):
    for until in range(2014, 2026):
        found = trends.complexity(complexity_view=view, complexity_until=until)
        good = found.points.y >= found.points.y[found.vgg]
        assert found.points.x[found.rival] == found.points.x[good].min()
        assert len(found.parameters) == len(found.points.x)
        assert np.isfinite(found.parameters).all()
        assert not found.without.solid.any()


def test_the_operations_are_twice_the_multiply_accumulates():
    table = facts.load("architectures").dropna(subset=["gops"])
    assert (table["gops"] / table["gmacs"]).to_numpy() == pytest.approx(2, abs=1e-3)


def test_a_day_has_more_than_a_part_of_it():
    for hours in range(1, 25):
        found = trends.counters(hours=hours)
        assert found.daily[found.since_midnight] == pytest.approx(
            found.shown[found.since_midnight] * 24 / hours
        )
        assert (found.daily[~found.since_midnight] == found.shown[~found.since_midnight]).all()
    tweets = [trends.counters(hours=h).daily[trends.counters().keys == "tweets"][0] / 1e6 for h in (20, 15)]
    assert [round(n, -1) for n in tweets] == [650, 870]  # the erratum's 660 to 860 million


def test_units_are_never_mixed():
    table = facts.load("datasets").set_index("dataset")
    for unit, (first, last, _) in trends.UNITS.items():
        for until in range(first, last + 1):
            found = trends.data(counted=unit, data_until=until)
            assert set(table.loc[list(found.points.name), "unit"]) == {unit}
            assert found.points.y[found.largest] == found.points.y.max()


def test_precisions_are_never_mixed():
    table = facts.load("hardware").set_index("device")
    columns = {"fp32": "fp32_tflops", "as_slide": "fp32_tflops", "tensor": "tensor_fp16_bf16_dense_tflops"}
    for precision, column in columns.items():
        found = trends.compute(precision=precision)
        assert found.points.y == pytest.approx(table.loc[list(found.points.name), column].to_numpy())
        for kind, row in found.best.items():
            assert found.points.y[row] == found.points.y[found.points.series == kind].max()
    slide = trends.compute(precision="as_slide")
    assert set(slide.points.series) == {"GPU", "CPU"}
    assert slide.points.x.max() <= 2017


def test_first_years_have_a_point_of_every_kind_that_the_sentence_compares():
    for precision, (first, last, _) in trends.DEVICES.items():
        wanted = {"GPU", "TPU"} if precision == "tensor" else {"GPU", "CPU"}
        for until in range(first, last + 1):
            assert wanted <= set(trends.compute(precision=precision, compute_until=until).best)


@pytest.mark.parametrize("quantity", trends.CUTS)
def test_a_guess_starts_at_the_last_known_record_and_is_measured_against_the_last_of_all(quantity):
    low, high, _ = trends.CUTS[quantity]
    sign = -1 if quantity == "error_rate" else 1
    for until, months in all_settings(range(low, high + 1), (2, 7, 24, 120)):
        found = trends.guess(guess_quantity=quantity, guess_until=until, guess_months=months)
        assert np.floor(found.known.x).max() <= until
        assert len(found.later.x)
        assert np.floor(found.later.x).min() > until
        best = (sign * found.known.y).max() * sign
        assert found.known.y[found.start] == best
        year = found.x[0] + months / 12  # one doubling later
        if year < found.x[-1]:
            value = 2.0 ** np.interp(year, found.x, np.log2(found.line))
            assert value == pytest.approx(best * 2.0**sign, rel=1e-6)
        everything = np.r_[found.known.y, found.later.y]
        assert found.end_value == (sign * everything).max() * sign
        assert math.isinf(found.months) == (found.end_value == best)
        if math.isfinite(found.months):
            right = trends.guess(guess_quantity=quantity, guess_until=until, guess_months=found.months)
            assert right.ratio == pytest.approx(1)


def test_records_are_the_best_so_far():
    for points in (trends._quantity(name) for name in (*trends.SINCE, "error_rate")):
        sign = -1 if points.series[0] == "error_rate" else 1
        best = -math.inf
        for value, record in zip(sign * points.y, points.record, strict=True):
            assert record == (value >= best)
            best = max(best, value)


def test_a_year_is_a_date_with_a_fraction():
    years = trends._years(["2012-01-01", "2012-07-02", "2012-12-31", "2012", 2012])
    assert years == pytest.approx([2012, 2012.5, 2013, 2012.5, 2012.5], abs=0.01)
    assert np.floor(years).tolist() == [2012] * 5


def test_results_are_arrays_that_nobody_shares():
    for name in ("accuracy", "complexity", "counters", "data", "compute", "growth", "guess"):
        found = getattr(trends, name)()
        assert dataclasses.is_dataclass(found)
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(found, dataclasses.fields(found)[0].name, None)
