"""What is known of one threshold: it learns what a line separates, within Novikoff's bound, and no more."""

import itertools

import numpy as np
import pytest
import torch

from explainer.nets.perceptron import (
    LOGIC,
    SIGMAS,
    clouds,
    fewest_mistakes,
    learn,
    logic,
    logistic_regression,
    margin,
    nearest_to_origin,
    novikoff_bound,
    threshold,
    with_one,
)


def signed(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.where(y[:, None] == 1, X, -X)


def nearest_by_enumeration(points: np.ndarray) -> float:
    """Return the distance of the origin from a hull by looking at every face that could be the nearest.

    The nearest point p lies on the plane through some of the corners and is at right angles to it, and
    no corner is nearer along p; of all p that reach over every corner, the longest is the distance.
    """
    n_points, n_features = points.shape
    best = 0.0
    for size in range(1, n_features + 1):
        for chosen in itertools.combinations(range(n_points), size):
            corners = points[list(chosen)]
            edges = (corners[1:] - corners[0]).T
            p = corners[0]
            if edges.shape[1]:
                p = p - edges @ np.linalg.lstsq(edges, p, rcond=None)[0]
            length = np.linalg.norm(p)
            if length > 1e-9:
                best = max(best, float((points @ p).min() / length))
    return best


def random_sets(n_sets: int, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Draw data sets of every kind: some to be separated, some not, some with equal points."""
    rng = np.random.default_rng(seed)
    sets = []
    for _ in range(n_sets):
        n, d = rng.integers(2, 12), rng.integers(1, 4)
        points = rng.normal(size=(n, d)) * 10 ** rng.uniform(-2, 2)
        if rng.random() < 0.4:
            points = rng.integers(-2, 3, size=(n, d)).astype(float)
        y = rng.integers(0, 2, n)
        if rng.random() < 0.6:
            y = (points @ rng.normal(size=d) > 0.1 * rng.normal()).astype(int)
        sets.append((with_one(points), y))
    return sets


def test_the_margin_is_that_of_an_enumeration_of_all_faces():
    for X, y in random_sets(120, 0):
        rho, weights = margin(X, y)
        scale = float(np.abs(X).max())
        assert rho == pytest.approx(nearest_by_enumeration(signed(X, y)), abs=1e-6 * scale)
        if rho:
            assert np.linalg.norm(weights) == pytest.approx(1)
            assert (signed(X, y) @ weights).min() == pytest.approx(rho, rel=1e-6, abs=1e-9 * scale)


def test_no_point_of_the_hull_is_nearer_than_the_nearest():
    rng = np.random.default_rng(1)
    for _ in range(500):
        points = rng.normal(size=(rng.integers(1, 30), rng.integers(1, 6))) + rng.normal() * 2
        nearest = nearest_to_origin(points)
        mixed = rng.dirichlet(np.ones(len(points)), 50) @ points
        assert np.linalg.norm(nearest) <= np.linalg.norm(mixed, axis=1).min() + 1e-9
        assert (points @ nearest).min() >= nearest @ nearest - 1e-9


def test_points_that_nearly_coincide_have_a_nearest_point_too():
    """Saturated sigmoids put points into corners; of a hundred sets rounding let one go round for ever."""
    for seed in range(400):
        rng = np.random.default_rng(seed)
        h = 1 / (1 + np.exp(-40 * rng.normal(size=(20, 2))))
        points = with_one(h) * rng.choice([-1, 1], size=(20, 1))
        nearest = nearest_to_origin(points)
        assert (points @ nearest).min() >= nearest @ nearest - 1e-7


def test_a_perceptron_never_makes_more_mistakes_than_novikoff_allows():
    learned = 0
    for X, y in random_sets(1000, 2):
        rho, _ = margin(X, y)
        if rho < 0.02 * np.abs(X).max():  # a bound of thousands shows nothing and takes long
            continue
        way = learn(X, y)
        assert way.ended == "learned"
        assert len(way.wrong) <= novikoff_bound(X, rho) * (1 + 1e-9)
        assert ((X @ way.weights[-1] >= 0) == y).all()
        learned += 1
    assert learned > 300


def test_clouds_keep_their_gap_and_the_bound():
    rng = np.random.default_rng(3)
    for seed in range(200):
        gap = float(rng.choice([0.05, 0.1, 0.3, 0.6]))
        points, y = clouds(40, gap=gap, seed=seed)
        assert 0 < y.sum() < 40
        assert np.abs(points - 0.5).max() <= 1.1 + 1e-9, "all of it is in view"
        X = with_one(points)
        way, (rho, _) = learn(X, y), margin(X, y)
        assert way.ended == "learned"
        assert len(way.wrong) <= novikoff_bound(X, rho)
        distance = np.sqrt(((points[y == 1][:, None] - points[y == 0][None]) ** 2).sum(-1)).min()
        assert distance >= gap - 1e-9


def test_and_and_or_are_learned_and_xor_is_not():
    for name in LOGIC:
        points, y = logic(name)
        X = with_one(points)
        way, (rho, _) = learn(X, y), margin(X, y)
        assert (way.ended, rho > 0) == (("cycle", False) if name == "xor" else ("learned", True))
    assert novikoff_bound(X, rho) == np.inf


def test_what_ends_in_a_circle_comes_back_to_the_same_weights_and_example():
    points, y = logic("xor")
    X = with_one(points)
    way = learn(X, y)
    now, then = len(way.wrong), len(way.wrong) - way.repeats
    assert way.repeats > 0
    assert (way.weights[now] == way.weights[then]).all()
    wrong = np.flatnonzero((X @ way.weights[-1] >= 0) != y)
    assert way.wrong[then] in wrong, "and it is the same example that is wrong"


def test_every_correction_answers_a_mistake_by_its_own_example():
    for X, y in random_sets(100, 4):
        way = learn(X, y, max_corrections=300)
        assert way.ended in ("learned", "cycle", "limit")
        for i, before, after in zip(way.wrong, way.weights, way.weights[1:], strict=False):
            y_hat = int(X[i] @ before >= 0)
            assert y_hat != y[i]
            assert after == pytest.approx(before + (y[i] - y_hat) * X[i])


def test_a_learning_rate_changes_no_answer():
    """From zero weights it stretches all of them alike; a stretch of the data is the same by another name."""
    for name in ("and", "or", "xor"):
        points, y = logic(name)
        one, eight = learn(with_one(points), y), learn(8 * with_one(points), y)
        assert (one.wrong == eight.wrong).all()
        assert (8 * one.weights == eight.weights).all()


def test_newton_finds_where_the_gradient_of_the_logloss_is_zero():
    generator = torch.Generator().manual_seed(0)
    for _ in range(50):
        X = torch.randn(30, 3, generator=generator, dtype=torch.float64)
        X[:, 0] = 1
        y = (torch.rand(30, generator=generator) < 0.5).to(X.dtype)
        if margin(X.numpy(), y.numpy())[0]:
            continue
        w = logistic_regression(X, y).requires_grad_()
        torch.nn.functional.binary_cross_entropy_with_logits(X @ w, y).backward()
        assert float(w.grad.abs().max()) < 1e-9


def test_the_best_threshold_is_that_of_trying_all():
    rng = np.random.default_rng(5)
    for _ in range(500):
        h, y = rng.integers(-3, 4, 8).astype(float), rng.integers(0, 2, 8)
        mistakes, at, side = fewest_mistakes(h, y)
        tried = [((h >= edge) == (y == 1)).sum() for edge in np.arange(-3.5, 4)]
        assert mistakes == min(min(tried), 8 - max(tried))
        assert ((side * (h - at) >= 0) != (y == 1)).sum() == mistakes


def test_the_threshold_is_one_from_zero_on_and_the_limit_of_steep_sigmoids():
    t = torch.arange(-20, 21, dtype=torch.float64) / 10
    assert (threshold(t) == (t >= 0)).all()
    assert (SIGMAS["linear_unit"](t) == t).all()
    steep = torch.sigmoid(1e6 * t)
    assert (steep[t != 0] - threshold(t)[t != 0]).abs().max() < 1e-12
