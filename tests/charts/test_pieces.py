"""The pictures of pieces and regions show every break and every cut."""

import base64
import io

import numpy as np
from PIL import Image

from explainer.charts import duel, pieces
from explainer.charts.palette import CLASSES
from tests.charts.specs import read, texts

GAP, BORDER = len(CLASSES), len(CLASSES) + 1


def pixels(url: str) -> np.ndarray:
    return np.array(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))))


def test_panes_are_parted_by_clear_lines_and_the_answer_has_a_border():
    random = np.random.default_rng(0)
    for _ in range(50):
        colors = np.kron(random.integers(0, 5, (4, 4)), np.ones((6, 6), int)).astype(np.uint8)
        same = np.zeros(colors.shape, bool)
        shown = pixels(pieces.glass_png(colors, same))
        assert not (shown == BORDER).any()
        assert (shown[shown < GAP] == colors[shown < GAP]).all()
        for axis in (0, 1):  # no two panes touch
            a, b = (np.take(shown, range(*ends), axis) for ends in ((0, 23), (1, 24)))
            assert ((a == b) | (a == GAP) | (b == GAP)).all()
        half = np.arange(24)[:, None] + np.zeros(24) > random.integers(2, 20)
        assert ((pixels(pieces.glass_png(colors, half)) == BORDER).sum(0) == 3).all()


def test_the_border_does_not_come_out_at_the_other_side():
    half = np.zeros((8, 8), bool)
    half[0] = True  # the border is between the first two rows
    shown = pixels(pieces.glass_png(np.zeros((8, 8), np.uint8), half)) == BORDER
    assert shown[0].all()
    assert not shown[3:].any()


def test_a_broken_line_alternates_and_marks_its_inner_breaks():
    x, y = np.array([-1, -0.5, 0.2, 1]), np.array([0, 1, -1, 0.5])
    frames = read(pieces.broken_line_data(x, y))
    line = frames["pieces"]
    assert line["x"].tolist() == np.float32([-1, -0.5, -0.5, 0.2, 0.2, 1]).tolist()
    assert line.groupby("piece")["shade"].first().tolist() == [CLASSES[0], CLASSES[4], CLASSES[0]]
    assert frames["breaks"]["value"].tolist() == [1, -1]
    straight = read(pieces.broken_line_data(x[[0, 3]], y[[0, 3]]))  # no break: its mark is out of sight
    assert abs(straight["breaks"]["x"][0]) > 1


def test_the_growth_begins_with_one_piece():
    frames = read(pieces.pieces_growth_data(texts("en"), *(np.array([3.0, 1e12]),) * 5))
    assert (frames["lines"].groupby("line")["value"].first() == 1).all()
    assert frames["lines"]["value"].iloc[-1] == 1e9  # the bound, out of sight and no trouble for the browser
    assert frames["band"]["low"].tolist()[:2] == [1, 3]


def test_the_best_is_drawn_over_a_line_or_over_the_plane():
    t, n = texts("en"), 5
    for side in duel.SIDES:
        line, _ = duel.best(t, np.zeros((n, 1)), np.zeros(n), np.zeros(n), side)
        plane, _ = duel.best(t, np.zeros((n, 2)), np.zeros(n), np.zeros((n, n)), side)
        assert line["name"].startswith("duel_fit")
        assert plane["name"].startswith("duel_plane")
    names = {duel.duel_fit(t, side)["name"] for side in duel.SIDES}
    assert len(names) == len(duel.SIDES)


def test_the_plane_is_the_right_way_up():
    frames = read(duel.duel_plane_data(np.array([[0.0, 5.0]]), np.array([1.0]), np.array([[1.0], [-1.0]])))
    image = frames["image"]
    assert (image["y"][0], image["y2"][0]) == (6, -6)  # the upper row of the output is the upper one seen
    assert frames["points"]["color"][0] == CLASSES[1]
