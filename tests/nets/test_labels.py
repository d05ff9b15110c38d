"""Labels on a line never lie on each other, however many there are and however wide."""

import itertools

import numpy as np
import pytest

from explainer.nets.labels import BARE, GAP, MARK, ZOOMS, place


def boxes(x, widths, row, left, zoom, times, width):
    """Return (row, start, end, labelled) of all events, as they are seen in a picture that is enlarged."""
    for i in range(len(x)):
        at = x[i] * width * times
        if zoom[i] <= times:
            words = (widths[i] + GAP) * np.array([left[i], not left[i]])
            yield row[i], at - MARK / 2 - words[0], at + MARK / 2 + words[1], True
        else:
            yield row[i], at - BARE / 2, at + BARE / 2, False


@pytest.mark.parametrize("seed", range(40))
def test_no_words_lie_on_words_or_marks_at_any_enlargement(seed):
    random = np.random.default_rng(seed)
    n, width = int(random.integers(1, 120)), float(random.uniform(10, 60))
    x = random.beta(random.uniform(0.3, 2), random.uniform(0.3, 2), n)
    widths = random.uniform(0, 12, n)
    n_rows, n_lanes = int(random.integers(1, 15)), int(random.integers(1, 4))
    result = place(x, widths, order=random.permutation(n), n_rows=n_rows, n_lanes=n_lanes, width=width)
    row, _, zoom = result
    assert ((row >= 0) & (row < n_rows + n_lanes)).all()
    assert set(zoom) <= {*ZOOMS, np.inf}
    assert ((zoom == 1) == (row < n_rows)).all()
    for times in (*ZOOMS, 3, 20):
        seen = sorted(boxes(x, widths, *result, times, width))
        for (r, _, end, labelled), (other, start, _, other_labelled) in itertools.pairwise(seen):
            if r == other and (labelled or other_labelled):
                assert end <= start + 1e-9, times


def test_no_label_is_cut_at_the_edges():
    x, widths = np.array([0.0, 0.01, 0.99, 1.0]), np.full(4, 5.0)
    row, left, zoom = place(x, widths, order=[0, 1, 2, 3], n_rows=9, n_lanes=1, width=50)
    for _, start, end, labelled in boxes(x, widths, row, left, zoom, 1, 50):
        assert not labelled or (start >= 0 and end <= 50)


def test_who_comes_first_has_the_best_place_and_who_has_no_room_none():
    x, widths = np.full(3, 0.5), np.full(3, 20.0)
    row, left, zoom = place(x, widths, order=[2, 0, 1], n_rows=2, n_lanes=1, width=60)
    assert row.tolist() == [1, 2, 0]
    assert zoom.tolist() == [1, 2, 1]
    assert not left.any()


def test_what_is_not_in_the_order_is_left_alone():
    row, _, zoom = place(np.full(3, 0.5), np.ones(3), order=[1], n_rows=2, n_lanes=1, width=60)
    assert (row[1], zoom[1]) == (0, 1)
    assert np.isinf(zoom[[0, 2]]).all()
