"""Pictures of the page on the neuron, one by one."""

import base64
import io
import itertools
import json

from PIL import Image

from explainer.charts import (
    neuron,
    palette,
    separation,
)
from explainer.experiments import neuron as cells
from tests.charts.specs import parts, read, texts


def test_the_weight_of_the_constant_is_minus_gamma():
    weights = {"w1": 2.0, "w2": -1.0, "gamma": 0.7}
    frames = read(neuron.artificial_data(texts("en"), weights, (1.0, -2.0), 3.3, 1))
    assert frames["edges"]["label"].tolist() == ["−γ = −0.7", "w₁ = 2.0", "w₂ = −1.0", "3.30", "1"]
    assert frames["edges"]["sign"].tolist()[:3] == ["−", "+", "−"]
    assert frames["values"]["label"].tolist() == ["1.0", "−2.0"]


def test_the_side_that_is_called_one_has_the_colour_of_class_one_and_its_name():
    t, net = texts("en"), cells.three_pictures(sigma="threshold")
    frames = read(neuron.plane_data(t, "threshold", net.plane, net.line, cells.HANDLES, net.weights))
    for x, y, side in frames["sides"][["x", "value", "side"]].itertuples(index=False):
        w = net.weights
        assert (w["w1"] * x + w["w2"] * y >= w["gamma"]) == (side == "1")
    image = Image.open(io.BytesIO(base64.b64decode(frames["surface"]["url"][0].partition(",")[2])))
    top_right = image.convert("RGB").getpixel((cells.N_CELLS - 1, 0))
    hue = palette.CLASSES[1] if net.plane[0, -1] else palette.CLASSES[0]
    assert "#{:02X}{:02X}{:02X}".format(*top_right) == hue


def test_points_that_would_touch_on_the_axis_of_a_feature_stand_above_each_other():
    for name in cells.FEATURES:
        net = cells.eight_points(feature=name, angle=20)
        frame = read(separation.feature_data(net.h, net.y, net.mistaken, net.threshold))["samples"]
        places = frame[["x", "value"]].to_numpy()
        for a, b in itertools.combinations(places, 2):
            assert abs(a[0] - b[0]) >= 0.45 - 1e-6 or abs(a[1] - b[1]) > 0.99


def test_without_a_margin_there_is_no_bound_and_its_bar_ends_beyond_the_edge():
    frame = read(separation.bound_data(texts("en"), **cells.learning_rule(samples="xor").counts))["bars"]
    assert "∞" not in "".join(frame["label"])
    (scale,) = {
        json.dumps(p["scale"]) for p in parts(separation.bound(texts("en"))) if "type" in p.get("scale", {})
    }
    assert frame["x"].iloc[1] > json.loads(scale)["domain"][1]
