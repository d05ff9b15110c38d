"""The moving half of a picture."""

import numpy as np
import pytest

from explainer.charts.moving import curves, recorded, table


def test_floats_travel_in_single_precision_and_everything_else_as_it_is():
    frame = table(a=[0.1, 0.2], n=[1, 2], name=["x", "y"])
    assert frame["a"].dtype == "float32"
    assert frame["n"].dtype == "int64"
    assert frame["name"].tolist() == ["x", "y"]


def test_curves_of_one_name_are_told_apart_by_number():
    x = np.array([0.0, 1.0, 2.0])
    frame = curves(x, [x, -x, 2 * x], ["a", "a", "b"])
    assert frame["line"].tolist() == ["a"] * 6 + ["b"] * 3
    assert frame["curve"].tolist() == [0] * 3 + [1] * 3 + [2] * 3
    assert frame["x"].tolist() == [0, 1, 2] * 3
    assert frame["value"].tolist() == [0, 1, 2, 0, -1, -2, 0, 2, 4]


def test_a_recording_has_one_column_a_frame_and_one_row_a_point():
    x = np.array([0.0, 1.0, 2.0])
    first, second = np.arange(6.0).reshape(2, 3), np.arange(6.0, 12.0).reshape(2, 3)
    frame = recorded(x, [first, second], ["a", "b"])
    assert list(frame) == ["x", "line", "f0", "f1"]
    assert frame["line"].tolist() == ["a"] * 3 + ["b"] * 3
    assert frame["f0"].tolist() == [0, 1, 2, 6, 7, 8]
    assert frame["f1"].tolist() == [3, 4, 5, 9, 10, 11]


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="same length"):
        table(a=[1, 2], b=[1])
