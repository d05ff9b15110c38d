"""The widest empty strip is what a linear programme and a support vector machine say it is."""

import numpy as np
import pytest
from scipy.optimize import linprog
from sklearn.svm import SVC

from explainer.nets.separability import widest_strip


def a_line_exists(X: np.ndarray, y: np.ndarray) -> bool:
    """Ask a linear programme: are there w and b with s (w x + b) >= 1 for every sample?"""
    signed = (2 * y - 1)[:, None] * np.column_stack([X, np.ones(len(X))])
    return linprog(np.zeros(3), A_ub=-signed, b_ub=-np.ones(len(X)), bounds=[(None, None)] * 3).status == 0


def samples(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw points whose classes a line parts, or nearly, or not at all."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 30))
    X = rng.normal(size=(n, 2)) * 10.0 ** rng.integers(-2, 3)
    side = (X @ rng.normal(size=2) > 0).astype(int)
    kind = seed % 3
    y = side if kind == 0 else rng.integers(0, 2, n)
    if kind == 2:
        y = np.where(rng.random(n) < 0.05, 1 - side, side)
    if seed % 5 == 0:  # some points come twice, and all may lie on one line
        X = np.concatenate([X, X[: n // 2]])
        y = np.concatenate([y, y[: n // 2]])
    if seed % 7 == 0:
        X = X[:, :1] * [1.0, 2.0]
    return X, y


def test_a_strip_is_found_exactly_where_a_linear_programme_finds_a_line():
    found = {True: 0, False: 0}
    for seed in range(400):
        X, y = samples(seed)
        if len(set(y.tolist())) < 2:
            assert widest_strip(X, y).width == 0
            continue
        exists = a_line_exists(X, y)
        found[exists] += 1
        assert (widest_strip(X, y).width > 0) == exists, seed
    assert min(found.values()) > 100


def test_the_strip_is_empty_touches_both_classes_and_is_as_wide_as_it_says():
    n_strips = 0
    for seed in range(0, 2000, 3):
        X, y = samples(seed)
        strip = widest_strip(X, y)
        if not strip.width:
            continue
        n_strips += 1
        height = X @ strip.weight + strip.bias
        assert height[y == 1].min() == pytest.approx(1, abs=1e-6)
        assert height[y == 0].max() == pytest.approx(-1, abs=1e-6)
        assert strip.width == pytest.approx(2 / np.linalg.norm(strip.weight))
    assert n_strips > 300


def test_no_direction_at_all_gives_a_wider_strip():
    turns = np.linspace(0, 2 * np.pi, 5000)
    directions = np.stack([np.cos(turns), np.sin(turns)])
    for seed in range(0, 300, 3):
        X, y = samples(seed)
        if len(set(y.tolist())) == 2:
            gaps = (X[y == 1] @ directions).min(0) - (X[y == 0] @ directions).max(0)
            size = np.abs(X).max()
            assert max(0.0, gaps.max()) <= widest_strip(X, y).width + 1e-9 * size
            assert widest_strip(X, y).width <= max(0.0, gaps.max()) + 4 * size * turns[1]


def test_its_middle_is_the_border_of_a_support_vector_machine():
    rng = np.random.default_rng(0)
    for _ in range(40):
        X = rng.normal(size=(20, 2))
        direction = rng.normal(size=2)
        y = (X @ direction > 0).astype(int)
        X += 0.3 * (2 * y[:, None] - 1) * direction / np.linalg.norm(direction)
        if len(set(y.tolist())) < 2:
            continue
        machine = SVC(kernel="linear", C=1e8, tol=1e-9).fit(X, y)
        strip = widest_strip(X, y)
        assert machine.coef_[0] == pytest.approx(strip.weight, rel=1e-3, abs=1e-3)
        assert float(machine.intercept_[0]) == pytest.approx(strip.bias, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize(("X", "y"), [([[1, 1], [1, 1]], [0, 1]), ([[0, 0]], [1]), ([], [])])
def test_points_in_one_place_one_class_or_no_point_have_no_strip(X, y):
    strip = widest_strip(np.array(X, float).reshape(-1, 2), np.array(y))
    assert (strip.width, strip.bias, strip.weight.tolist()) == (0, 0, [0, 0])
