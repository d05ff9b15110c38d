"""Pictures of the page on softmax, one by one."""

import base64
import io

import numpy as np
from PIL import Image

from explainer.charts import (
    classes,
    palette,
)
from explainer.charts import softmax as boards
from explainer.experiments import softmax as softmax_experiments
from tests.charts.frames.softmax import softmax_frames
from tests.charts.specs import read, texts


def test_a_board_shows_the_numbers_of_the_slide_and_their_sum_in_the_colour_of_an_error():
    t = texts("en")
    frames = read(softmax_frames("stages")(t, 0))
    numbers = frames["numbers"].set_index("text")
    assert {"5.0", "4.0", "2.0", "0.71", "0.26", "0.04", "0.349", "Σ 210"} <= set(numbers.index)
    assert set(frames["notes"]["text"]) == {"≈0.7054", "≈0.2595", "≈0.0351"}
    assert numbers.loc["Σ 1.01", "color"] == palette.ERROR
    other = read(softmax_frames("stages")(t, 1))["numbers"].set_index("text")
    assert other.loc["Σ 1.00", "color"] == palette.GREY


def test_a_probability_that_rounds_to_nothing_or_all_is_written_as_what_it_is():
    net = softmax_experiments.stages(logits=((10.0, 0.0), (0.0, 0.0), (0.0, 0.0)), truth=(0, 0, 0))
    notes = read(boards.stages_data(texts("en"), ["a", "b"], *net.board))["notes"]
    assert notes["text"].tolist() == ["< 1", "≈4.5·10⁻⁵"]


def test_bars_stay_on_their_board_whatever_the_logits():
    for settings in ({}, {"temperature": 0.1}, {"logits": ((10.0, -10.0, -10.0),) * 3}):
        net = softmax_experiments.stages(**settings)
        for y in range(3):
            board = (net.logits, net.exponentials, net.probabilities, float(net.prices[y]), y)
            bars = read(boards.stages_data(texts("en"), ["a", "b", "c"], *board))["bars"]
            assert bars[["x", "x2"]].min(axis=None) >= 0
            assert bars[["x", "x2"]].max(axis=None) <= 100


def test_a_region_has_the_colour_of_its_class_and_is_the_fuller_the_surer():
    winner, confidence = np.array([[0, 1, 2]], np.uint8), np.array([[1 / 3, 0.7, 1.0]])
    (uri,) = classes.pngs(winner[None], confidence[None], 3)
    image = np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))).convert("RGBA"))
    assert ["#" + bytes(pixel[:3]).hex().upper() for pixel in image[0]] == list(palette.CLASSES[:3])
    opacity = image[0, :, 3]
    assert opacity[0] == 0 < opacity[1] < opacity[2] < 255


def test_the_counts_of_a_frame_are_those_of_its_column():
    net = softmax_experiments.train_it(groups=4)
    cells = read(classes.class_counts_data(texts("en"), net.confusion))["cells"]
    for i in (0, 7, classes.LAST_FRAME):
        assert cells[f"f{i}"].tolist() == net.confusion[i].ravel().tolist()
    on_diagonal = cells["color"] == palette.MODEL
    assert on_diagonal.tolist() == np.eye(4, dtype=bool).ravel().tolist()
