"""What a hand sets on a picture survives its way through the link, and nothing else comes in by it."""

import math
import random

import pytest

from explainer.ui.hand import N_COLUMNS, Plane, check_drawing, read_drawing, write_drawing

PLANE = Plane((-2.0, 2.0), (0.0, 10.0), 0.05, 1, 12)


def test_points_come_back_from_a_link_as_they_went():
    chance = random.Random(0)
    for _ in range(200):
        n = chance.randint(1, 12)
        points = PLANE.check([(chance.uniform(-2, 2), chance.uniform(0, 10)) for _ in range(n)])
        assert len(points) == n
        assert PLANE.read(PLANE.write(points)) == points


def test_points_lie_on_their_grid_and_inside_their_plane():
    (x, y), edge = PLANE.check([(0.0249, 9.99), (2, 10)])
    assert (x, y) == (0.0, 10.0)
    assert edge == (2.0, 10.0)


NO_POINTS = [
    *(
        None,
        7,
        "",
        "1_2",
        [],
        [[]],
        [[1]],
        [[1, 2, 3]],
        [["a", 1]],
        [[None, 1]],
        [[math.nan, 1]],
        [[math.inf, 1]],
    ),
    *([[3, 1]], [[0, -1]], [[0, 1]] * 13, {"0": [0, 1]}, [[True, 1]], [[[0], 1]], [[10**400, 1]]),
]


@pytest.mark.parametrize("candidate", NO_POINTS, ids=lambda c: repr(c)[:20])
def test_what_is_no_set_of_points_is_refused(candidate):
    assert PLANE.check(candidate) is None


@pytest.mark.parametrize(
    "text", ["", "*", "_", "1", "1_2_3", "0_0*", "nan_0", "inf_0", "0x1_0", "0_0" + "*0_0" * 20]
)
def test_a_link_that_holds_no_points_is_refused(text):
    assert PLANE.read(text) is None


def test_a_drawing_comes_back_from_a_link_as_it_went():
    chance = random.Random(0)
    for _ in range(200):
        drawing = check_drawing([chance.choice((None, chance.random())) for _ in range(N_COLUMNS)])
        assert len(write_drawing(drawing)) == 2 * N_COLUMNS
        assert read_drawing(write_drawing(drawing)) == drawing


NO_DRAWINGS = [None, 5, "12" * N_COLUMNS, [], [0.5] * (N_COLUMNS - 1), [2.0] * N_COLUMNS, [-0.1] * N_COLUMNS]
NO_DRAWINGS += [[math.nan] * N_COLUMNS, ["x"] * N_COLUMNS, [[0.5]] * N_COLUMNS]


@pytest.mark.parametrize("candidate", NO_DRAWINGS, ids=lambda c: repr(c)[:20])
def test_what_is_no_drawing_is_refused(candidate):
    assert check_drawing(candidate) is None


def test_with_levels_a_point_has_one_of_these_heights_and_comes_back_from_a_link():
    plane = Plane((0.0, 10.0), (-0.6, 1.6), 0.1, 1, 12, (0.0, 1.0))
    points = plane.check([(1.23, 0.2), (5, 1.6), (3, -0.6), (10, 0.51)])
    assert points == ((1.2, 0.0), (5.0, 1.0), (3.0, 0.0), (10.0, 1.0))
    assert plane.read(plane.write(points)) == points
    assert plane.check([(1, 2)]) is None


def test_points_of_several_classes_keep_them_and_nothing_else_is_a_class():
    plane = Plane((-6.0, 6.0), (-6.0, 6.0), 0.1, 0, 9, n_classes=3)
    points = plane.check([(1.23, 0.2, 2), [5, -1.6, 0], (0, 0, 1.0)])
    assert points == ((1.2, 0.2, 2), (5.0, -1.6, 0), (0.0, 0.0, 1))
    assert plane.write(points) == "1.2_0.2_2*5.0_-1.6_0*0.0_0.0_1"
    assert plane.read(plane.write(points)) == points
    for junk in ((1, 2), (1, 2, 3), (1, 2, -1), (1, 2, 0.5), (1, 2, None), (1, 2, True), (1, 2, 1, 1)):
        assert plane.check([junk]) is None
    for text in ("1_2", "1_2_3", "1_2_x", "1_2_1_1", "1_2_nan"):
        assert plane.read(text) is None
