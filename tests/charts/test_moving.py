"""The moving half of a picture."""

import numpy as np
import pyarrow as pa
import pytest

from explainer.charts.moving import curves, recorded, table


def test_floats_travel_in_single_precision_and_everything_else_as_it_is():
    made = table(a=[0.1, 0.2], n=[1, 2], name=["x", "y"], maybe=["x", None], names=np.array(["x", "y"]))
    assert made.schema.types == [pa.float32(), pa.int64(), *[pa.string()] * 3]
    assert made["name"].to_pylist() == made["names"].to_pylist() == ["x", "y"]
    assert made["maybe"].to_pylist() == ["x", None]


def test_curves_of_one_name_are_told_apart_by_number():
    x = np.array([0.0, 1.0, 2.0])
    made = curves(x, [x, -x, 2 * x], ["a", "a", "b"]).to_pydict()
    assert made["line"] == ["a"] * 6 + ["b"] * 3
    assert made["curve"] == [0] * 3 + [1] * 3 + [2] * 3
    assert made["x"] == [0, 1, 2] * 3
    assert made["value"] == [0, 1, 2, 0, -1, -2, 0, 2, 4]
    assert curves(x, [x, x], ["a", "b"], first=5)["curve"].to_pylist() == [5] * 3 + [6] * 3


def test_a_recording_has_one_column_a_frame_and_one_row_a_point():
    x = np.array([0.0, 1.0, 2.0])
    first, second = np.arange(6.0).reshape(2, 3), np.arange(6.0, 12.0).reshape(2, 3)
    made = recorded(x, [first, second], ["a", "b"])
    assert made.column_names == ["x", "line", "f0", "f1"]
    assert made["line"].to_pylist() == ["a"] * 3 + ["b"] * 3
    assert made["f0"].to_pylist() == [0, 1, 2, 6, 7, 8]
    assert made["f1"].to_pylist() == [3, 4, 5, 9, 10, 11]


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="expected length 2 but got length 1"):
        table(a=[1, 2], b=[1])
