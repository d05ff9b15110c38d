"""Pictures of the page on linear regression, one by one."""

import numpy as np
import pytest

from explainer.charts import (
    regression,
)
from explainer.experiments import linear_regression
from tests.charts.specs import read, texts


def test_an_arrow_begins_at_its_place_and_points_where_it_should_the_longest_as_long_as_all():
    random = np.random.default_rng(0)
    places, arrows = random.normal(size=(2, 6, 2))
    frame = read(
        regression.bowl_data(texts("en"), random.normal(size=(2, 5, 2)), places[0], places, places, arrows)
    )
    arrow = frame["arrows"][["x", "value"]].to_numpy().reshape(-1, 5, 2)  # tail, tip, side, tip, other side
    tails, tips = arrow[:, 0], arrow[:, 1]
    shafts = tips - tails
    assert tails == pytest.approx(places, abs=1e-6)
    assert np.allclose(shafts / arrows, (shafts / arrows)[0, 0], rtol=1e-4)
    assert (arrow[:, 3] == tips).all()
    assert np.linalg.norm(shafts, axis=1).max() == pytest.approx(0.75, rel=1e-5)


def test_every_point_has_its_crease_once_the_creases_are_shown():
    random = np.random.default_rng(1)
    two, way, contours = random.normal(size=2), random.normal(size=(60, 2)), random.normal(size=(2, 5, 2))
    x, y = random.normal(size=(2, 5))
    shown, hidden = (
        read(regression.facets_data(texts("en"), contours, two, way, way, way, points))["creases"]
        for points in ((x, y), None)
    )
    for w0, w1 in (("x", "value"), ("x2", "y2")):  # both ends lie on w0 + w1 x = y
        assert shown[w0].to_numpy() + shown[w1].to_numpy() * x == pytest.approx(y, abs=1e-5)
    assert (hidden[["x", "x2"]].abs() > 100).all(axis=None)


def test_errors_are_drawn_from_the_point_to_the_line_and_only_when_asked_for():
    x, y = np.array([0.0, 1.0]), np.array([1.0, -1.0])
    for y_hat, ends in ((None, y), (y / 2, y / 2)):
        frames = read(regression.points_and_line_data(texts("en"), x, y, y_hat, np.array([0.5, -1.0])))
        assert frames["errors"]["value"].tolist() == y.tolist()
        assert frames["errors"]["y_hat"].tolist() == ends.tolist()
        assert frames["line"]["value"].tolist() == [3.5, -2.5]


def test_the_descents_have_a_line_for_every_step_of_the_play_bar():
    assert regression.LAST_FRAME == linear_regression.N_FRAMES - 1
    run = linear_regression.descent()
    frame = read(regression.at_step_data(texts("en"), run.x, run.y, run.lines, run.star))["runs"]
    for i in (0, 17, 59):
        assert frame[frame["step"] == i]["value"].to_numpy() == pytest.approx(run.lines[i], abs=1e-5)
