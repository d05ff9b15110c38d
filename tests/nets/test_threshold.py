"""What threshold units can do, what they cannot, and what Rosenblatt's rule finds."""

import itertools

import numpy as np
import pytest

from explainer.nets import retina
from explainer.nets.certainty import LEAST, combine, premise
from explainer.nets.threshold import GATES, INPUTS, count_positions, fires, learn

GRID = np.arange(-20, 21) / 10


@pytest.mark.parametrize("gate", ["gate_and", "gate_or", "gate_not"])
def test_one_unit_makes_and_or_not(gate):
    n_make, n, most = count_positions(GATES[gate], GRID, GRID)
    assert n == len(GRID) ** 3
    assert 0 < n_make < n
    assert most == 4


def test_one_unit_makes_fourteen_of_the_sixteen_gates_and_neither_xor_nor_its_opposite():
    made = {
        target
        for target in itertools.product((0, 1), repeat=4)
        if count_positions(target, GRID, GRID)[2] == 4
    }
    assert set(itertools.product((0, 1), repeat=4)) - made == {(0, 1, 1, 0), (1, 0, 0, 1)}


def test_a_sum_that_equals_the_threshold_fires_whatever_the_rounding():
    for a, b in itertools.product(GRID, GRID):
        assert fires(INPUTS, np.array([a, b]), round(a + b, 1))[3] == 1


def test_the_rule_stops_at_last_where_a_line_parts_the_classes_and_never_on_xor():
    """Novikoff: at most (R / margin)^2 corrections."""
    order = np.tile(np.arange(4), 50)
    for gate, target in GATES.items():
        path = learn(INPUTS, np.array(target), order)
        corrections = int((path[1:] != path[:-1]).any(1).sum())
        right = ((INPUTS @ path[-1, :2] + path[-1, 2] > 0) == target).all()
        if gate == "gate_xor":
            assert corrections > 50
            assert not right
        else:
            assert right
            assert (path[-100:] == path[-1]).all()


def test_a_step_is_made_only_after_a_mistake():
    random = np.random.default_rng(0)
    X, y = random.random((30, 7)), random.integers(0, 2, 30)
    order = random.integers(0, 30, 200)
    path = learn(X, y, order)
    for step, i in enumerate(order):
        said = float(X[i] @ path[step, :-1] + path[step, -1] > 0)
        change = path[step + 1] - path[step]
        assert change == pytest.approx((y[i] - said) * np.append(X[i], 1))


# -- the retina --------------------------------------------------------------------------------------


def test_every_figure_is_drawn_of_about_the_same_number_of_cells_away_from_the_edges():
    for name, figure in retina.FIGURES.items():
        assert figure.shape == (20, 20)
        assert 25 <= figure.sum() <= 45, name
        rows, columns = np.nonzero(figure)
        assert min(rows.min(), columns.min()) >= 4, name  # a shift of five cells moves over the edge by one
        assert max(rows.max(), columns.max()) <= 15, name


def test_noise_flips_its_share_of_cells_and_a_shift_keeps_the_number_of_cells():
    figure = retina.FIGURES["shape_circle"]
    noisy = retina.show(figure, 500, shift=0, noise=0.2, seed=1)
    assert abs((noisy != figure.ravel()).mean() - 0.2) < 0.005
    moved = retina.show(figure, 200, shift=4, noise=0.0, seed=1)
    assert (moved.sum(1) == figure.sum()).all()
    assert len(np.unique(moved, axis=0)) > 40
    assert (retina.show(figure, 5, shift=0, noise=0.0, seed=3) == figure.ravel()).all()


# -- certainty factors -------------------------------------------------------------------------------


def test_certainty_factors_combine_in_any_order_and_stay_certainty_factors():
    random = np.random.default_rng(0)
    for a, b, c in random.uniform(-0.99, 0.99, (2000, 3)):
        assert combine(a, b) == pytest.approx(combine(b, a))
        assert -1 <= combine(a, b) <= 1
        assert combine(combine(a, b), c) == pytest.approx(combine(a, combine(b, c)), abs=1e-9)
        assert combine(a, 0) == pytest.approx(a)
        assert combine(a, -a) == pytest.approx(0)


def test_evidence_for_makes_surer_and_evidence_against_less_sure():
    values = np.linspace(-0.95, 0.95, 39)
    for a in values:
        combined = [combine(a, b) for b in values]
        assert (np.diff(combined) > 0).all()


def test_full_certainty_against_its_opposite_is_no_knowledge():
    assert combine(1.0, -1.0) == combine(-1.0, 1.0) == 0
    assert combine(1.0, 0.5) == combine(1.0, -0.5) == 1


def test_a_premise_is_as_certain_as_its_least_certain_condition_or_not_at_all():
    assert premise((1.0, 0.5, 0.8)) == 0.5
    assert premise((1.0, LEAST)) == premise((1.0, -1.0)) == 0
