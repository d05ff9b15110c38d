"""Pictures of the graph of the two regressions, one by one."""

import itertools

import numpy as np
import pandas as pd
import pytest

from explainer.charts import (
    network,
)
from tests.charts.frames.linear_collapse import WEIGHTS
from tests.charts.specs import read, texts


def edges(**weights: float) -> pd.DataFrame:
    return read(network.graph_data(texts("en"), dict(zip(WEIGHTS, (1.0,) * 6, strict=True)) | weights))[
        "edges"
    ]


def test_every_weight_stands_on_the_edge_that_the_lecture_gives_it():
    """w11 and w12 weigh the constant, w21 and w22 the feature; w1 and w2 weigh the two regressions."""
    ends = {"w11": "1 h₁", "w21": "x h₁", "w12": "1 h₂", "w22": "x h₂", "w1": "h₁ y", "w2": "h₂ y"}
    nodes = read(network.graph_data(texts("en"), dict.fromkeys(WEIGHTS, 1.0)))["nodes"].set_index("name")
    for i, (name, pair) in enumerate(ends.items()):
        edge = edges(**{name: -2.5}).iloc[i]
        start, end = (nodes.loc[node] for node in pair.split())
        assert (edge["x"], edge["y"], edge["x2"], edge["y2"]) == (start["x"], start["y"], end["x"], end["y"])
        assert edge["label"] == f"{texts('en').say(name)} = −2.5"
        assert (edge["size"], edge["sign"]) == (2.5, "−")


def test_a_weight_of_zero_is_drawn_thin_and_not_negative():
    edge = edges(w1=-0.0).iloc[4]
    assert (edge["size"], edge["sign"], edge["label"]) == (0, "+", "w₁ = 0.0")


def test_the_numbers_stand_on_their_edges_and_apart_from_each_other():
    frame = edges()
    places = frame[["at_x", "at_y"]].to_numpy()
    start, end = frame[["x", "y"]].to_numpy(), frame[["x2", "y2"]].to_numpy()
    along = ((places - start) * (end - start)).sum(1) / np.square(end - start).sum(1)
    assert ((along > 0.1) & (along < 0.9)).all()
    assert places == pytest.approx(start + along[:, None] * (end - start), abs=1e-6)
    for a, b in itertools.combinations(places, 2):
        # A number is about 0.5 wide and 0.2 high in the units of the picture.
        assert abs(a[0] - b[0]) > 0.4 or abs(a[1] - b[1]) > 0.2
