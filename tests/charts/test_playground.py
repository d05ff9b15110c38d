"""Pictures of the playground, one by one."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from explainer.charts import palette, shelf, way
from explainer.charts import playground as charts
from explainer.experiments import playground as experiments
from tests.charts.frames.playground import SETTINGS, trained
from tests.charts.specs import read, texts


def pixels(uri: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))).convert("RGBA"))


def test_losses_beyond_the_axis_lie_on_its_edge_and_their_words_are_exact():
    losses = np.tile([[1e-9, 250.0]], (60, 1))
    data = read(charts.run_losses_data(texts("en"), losses, np.arange(60)))
    assert data["losses"]["value"].unique().tolist() == pytest.approx([1e-4, 10.0])
    assert data["steps"]["text"].iloc[7] == "step 7: 1.0·10⁻⁹ | 250"


def test_a_test_loss_that_is_not_known_is_not_drawn():
    losses = np.column_stack([np.linspace(1, 0.1, 60), np.full(60, np.nan)])
    data = read(charts.run_losses_data(texts("en"), losses, np.arange(60)))
    assert data["losses"]["line"].unique().tolist() == ["training"]


def test_the_gradients_of_a_frame_are_those_of_the_run_layer_by_layer():
    run = trained(1)
    layers = read(charts.run_gradients_data(texts("en"), run.gradients))["layers"]
    assert layers["x"].tolist() == [1, 2, 3]
    for i in (0, 30, 59):
        assert layers[f"f{i}"].to_numpy() == pytest.approx(
            np.clip(run.gradients[i], *charts.NORM_VIEW), rel=1e-6
        )


def test_what_the_findings_speak_of_is_marked_at_the_nearest_frame():
    run = trained(0)
    events = read(charts.story_data(texts("en"), run.losses, run.steps, [0.0, 30.0]))["events"]
    assert events["x"].tolist() == [0, int(np.argmax(run.steps == 30))]


def test_the_way_shows_every_number_of_the_point_in_its_colour():
    point = experiments.point(settings=SETTINGS[0], place=(1.0, 1.0))
    cells = read(way.way_data(texts("en"), ("x1", "x2"), point))["cells"]
    numbers = np.concatenate([point.inputs, *point.outputs])
    assert [float(text.split(": ")[-1].replace("−", "-")) for text in cells["text"]] == pytest.approx(
        numbers, abs=0.005
    )
    assert (cells["color"] == palette.CLASSES[1]).tolist() == (numbers >= 0).tolist()
    assert cells[["x", "x2", "y", "y2"]].min(axis=None) >= 0
    assert cells[["x", "x2", "y", "y2"]].max(axis=None) <= 1


@pytest.mark.parametrize("loss", ["logloss", "squared"])
@pytest.mark.parametrize("data", ["circle", "arms3", "regress_gauss"])
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_the_formula_of_the_price_comes_to_the_price(loss, data, lang):
    settings = {"data": data, "loss": loss, "hidden": (3,), "n_steps": 10}
    point = experiments.point(settings=settings, place=(1.0, 2.0))
    *_, price = way.formulas(texts(lang), point)
    assert float(price.rpartition("= ")[2]) == pytest.approx(point.price, abs=6e-5)


def test_a_difference_is_orange_where_the_answer_grew_and_clear_where_nothing_changed():
    values = np.array([[-1.0, 0.0], [0.5, 1.0]])
    planes = read(shelf.surfaces_data(texts("en"), (values, None), (values, None), values))["planes"]
    picture = pixels(planes["url"].iloc[2])
    assert ["#" + bytes(p[:3]).hex().upper() for p in picture[[0, 1], [0, 1]]] == list(palette.CLASSES[:2])
    assert picture[0, 1, 3] == 0
    assert 0 < picture[1, 0, 3] < picture[1, 1, 3]
