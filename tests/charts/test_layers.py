"""Graphs in layers: what a reader of the picture may rely on."""

import itertools

import numpy as np
import pytest

from explainer.charts.layers import layout
from explainer.experiments import frameworks as experiments
from tests.experiments.test_frameworks import LOG, TEXTS


@pytest.mark.parametrize("text", [experiments.SLIDE, experiments.DIAMOND, LOG, *TEXTS[::3]])
def test_arguments_stand_left_of_their_operation_and_no_two_nodes_on_one_place(text):
    graph = experiments.two_lanes(program=text).graph
    at = layout(len(graph.label), graph.edges)
    assert (at.x[graph.edges[:, 0]] + at.half < at.x[graph.edges[:, 1]] - at.half).all()
    for values in (at.x, at.y):
        assert ((values > 0) & (values < 1)).all()
    for column in set(at.x.tolist()):
        heights = np.sort(at.y[at.x == column])
        assert (np.diff(heights) > 0.16).all(), "a box and the words below it fit between two rows"
    for (a, b), path in zip(graph.edges, at.paths, strict=True):
        assert path[0] == pytest.approx((at.x[a] + at.half, at.y[a]))
        assert path[-1] == pytest.approx((at.x[b] - at.half, at.y[b]))
        assert all(one[0] < two[0] for one, two in itertools.pairwise(path))
