"""Growth on a logarithmic scale: numpy.polyfit is the oracle of the line, tables are that of Student's t."""

import numpy as np
import pytest

from explainer.nets.growth import LEAST, fit, student_95


def samples(n: int) -> list[tuple[np.ndarray, np.ndarray]]:
    random = np.random.default_rng(0)
    found = []
    for _ in range(n):
        size = random.integers(LEAST, 60)
        x = random.uniform(1940, 2030, size)
        found.append((x, 2.0 ** random.normal(random.uniform(-3, 3) * (x - 1985), random.uniform(0, 5))))
    return found


def test_the_line_is_that_of_polyfit_on_the_logarithms():
    for x, y in samples(300):
        found = fit(x, y)
        slope, level = np.polyfit(x - x.mean(), np.log2(y), 1)
        assert found.slope == pytest.approx(slope, rel=1e-6, abs=1e-9)
        assert found.level == pytest.approx(level, rel=1e-6, abs=1e-6)


def test_the_interval_is_that_of_the_textbook():
    """slope ± t · standard error, the error from the covariance that polyfit scales by the residuals."""
    for x, y in samples(300):
        found = fit(x, y)
        if len(x) > 4:
            _, covariance = np.polyfit(x - x.mean(), np.log2(y), 1, cov=True)
            half = student_95(len(x) - 2) * np.sqrt(covariance[0, 0])
            assert found.high - found.slope == pytest.approx(half, rel=1e-5, abs=1e-9)
        assert found.low <= found.slope <= found.high


@pytest.mark.parametrize(
    ("degrees", "t"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (10, 2.228), (30, 2.042), (120, 1.980)],
)
def test_students_t_is_that_of_the_tables(degrees, t):
    assert student_95(degrees) == pytest.approx(t, abs=6e-4)


def test_the_interval_holds_the_true_slope_nineteen_times_in_twenty():
    random, hits = np.random.default_rng(1), 0
    for _ in range(2000):
        x = random.uniform(2000, 2020, 8)
        found = fit(x, 2.0 ** (0.5 * (x - 2010) + random.normal(0, 1, 8)))
        hits += found.low <= 0.5 <= found.high
    assert 0.935 < hits / 2000 < 0.965


def test_what_doubles_every_year_is_found_exactly():
    x = np.arange(2000.0, 2010.0)
    found = fit(x, 3 * 2.0 ** (x - 2000))
    assert (found.slope, found.low, found.high) == pytest.approx((1, 1, 1))
    line, low, high = found.at(np.array([2003.0, 2030.0]))
    assert line == pytest.approx(3 * 2.0 ** np.array([3, 30]))
    assert low == pytest.approx(high)


def test_the_band_is_narrowest_in_the_middle_and_holds_the_line():
    x, y = samples(1)[0]
    found = fit(x, y)
    line, low, high = found.at(np.array([found.center - 20, found.center, found.center + 20]))
    assert (low <= line).all()
    assert (line <= high).all()
    assert (high / low)[1] < min((high / low)[[0, 2]])


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([1, 2, 3], [1, 2, 3], "needs 4 points, got 3"),
        ([1, 2, 3, 4], [1, 2, 0, 4], "positive"),
        ([2012] * 5, [1, 2, 3, 4, 5], "2012"),
    ],
)
def test_what_cannot_be_fitted_is_refused(x, y, message):
    with pytest.raises(ValueError, match=message):
        fit(np.array(x, dtype=float), np.array(y, dtype=float))
