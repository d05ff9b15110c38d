"""Pictures of the page on classification, one by one."""

import base64
import io

import numpy as np
from PIL import Image

from explainer.charts import (
    classification,
    palette,
    probability_map,
)
from tests.charts.specs import line_marks, read, texts


def test_a_map_is_clear_at_one_half_and_grey_where_the_threshold_is_crossed():
    levels = np.array([[0, 0, 125, 250, 250]] * 4, np.uint8)
    data = base64.b64decode(probability_map.pngs(levels[None], 0.6)[0].partition(",")[2])
    pixels = np.array(Image.open(io.BytesIO(data)).convert("RGBA"))[0]
    assert pixels[0, 3] > 150
    assert pixels[2, 3] == 0  # p = 1/2
    assert tuple(pixels[0, :3]) == (0, 0x72, 0xB2)  # class 0
    assert tuple(pixels[4, :3]) == (0xE6, 0x9F, 0)  # class 1
    assert tuple(pixels[3]) == (0x76, 0x76, 0x76, 255)


def test_the_bill_says_infinite_where_cutting_off_leaves_nothing():
    t, one = texts("en"), np.array([1.0])
    kinds = (12 * -one, one), (6e-6 * one, 12 * one), (0 * one, np.inf * one)
    cells = read(classification.bill_data(t, *kinds))
    assert "∞" in cells["cells"]["text"].tolist()
    assert cells["cells"]["bold"].sum() == 6 + 3  # headings, "mean" and both means


def test_the_tables_of_the_stalled_neuron_have_the_colours_of_the_picture():
    looks = line_marks(classification.hills(texts("ru")))
    for mark in classification.stalled_marks(texts("ru")):
        color, dash, _ = looks[mark["label"]]
        assert (mark["color"], mark["dash"] == "solid") == (color, dash == tuple(palette.SOLID))
