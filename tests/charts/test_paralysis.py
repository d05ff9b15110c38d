"""Pictures of the page on paralysis, one by one."""

import numpy as np
import pytest

from explainer.charts import (
    paralysis,
)
from tests.charts.specs import layers, read, texts


def test_the_map_has_a_cell_for_every_network_and_marks_exact_zeros_in_words():
    t = texts("en")
    powers = np.linspace(-40, 20, 120).reshape(4, 30)
    powers[2, 6:9] = -np.inf
    frames = read(paralysis.gradient_map_data(t, ("sigmoid", "tanh", "relu", "identity"), powers, "tanh", 12))
    cells = frames["cells"].iloc[:120]
    assert (cells["sign"].to_numpy() == np.where(powers.ravel() < 0, "−", "+")).all()
    shares = np.minimum(np.abs(powers.ravel()) / paralysis.FULL, 1)
    assert cells["share"].to_numpy() == pytest.approx(shares, abs=1e-6)
    middles = cells[["x", "x2"]].mean(axis=1).to_numpy().reshape(4, 30)
    assert (middles == np.arange(1, 31)).all(), "a cell stands over its depth"
    framed = frames["now"].iloc[0]
    row = cells.iloc[30 + 11]
    assert (framed["x"], framed["x2"]) == (row["x"], row["x2"])
    assert framed["y"] < row["y"] < row["y2"] < framed["y2"]
    words = frames["words"]
    assert words.loc[words["align"] == "center", "x"].tolist() == [7, 8, 9]
    rows = words.loc[words["align"] == "left", "text"].tolist()[:4]
    assert rows == [
        t.say("map_row", f=t.say(f), ratio=float(10.0 ** powers[i, 11]))
        for i, f in enumerate(("sigmoid", "tanh", "relu", "identity"))
    ]


def test_what_is_exactly_zero_leaves_the_profile_and_stands_at_the_edge_elsewhere():
    t = texts("en")
    gone = read(paralysis.profile_data(t, np.array([-np.inf, 0.0]), np.zeros(2), np.zeros(2)))["lines"][
        "value"
    ]
    low, _ = paralysis.profile(t)["encoding"]["y"]["scale"]["domain"]
    assert gone[0] < low
    zero = read(paralysis.paralysis_gradients_data(t, np.arange(2), np.zeros(2), np.ones(2)))["lines"][
        "value"
    ]
    lines, _ = layers(paralysis.paralysis_gradients(t))
    assert zero.tolist()[:2] == [lines["encoding"]["y"]["scale"]["domain"][0]] * 2


def test_a_run_of_one_step_is_seen_as_a_point():
    t = texts("en")
    lines = read(paralysis.paralysis_loss_data(t, np.array([0]), np.array([2e21]), 0.5))["lines"]
    assert lines.groupby("line")["last"].sum().tolist() == [1, 1]
    for name, group in lines.groupby("line"):
        assert group["x"][group["last"]].item() == group["x"].max(), name
