"""Pictures of the page on bricks, one by one."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from explainer.charts import dropping, lego, lessons, palette
from explainer.experiments import lego as experiments
from explainer.texts import LANGUAGES
from tests.charts.specs import read, texts

IMAGE = "conv-1-8*relu*batch_norm-8*max_pool*flatten*linear-72-10*nll"


def words(task: str, stack: str, chosen: int = 1) -> list[str]:
    pile = experiments.bricks(task=task, stack=stack).pile
    return read(lego.bricks_data(texts("en"), pile, chosen))["words"]["text"].tolist()


def test_every_family_of_bricks_has_a_colour_and_a_mark_of_its_own():
    assert len({color for color, _, _ in lego.FAMILIES.values()}) == len(lego.FAMILIES)
    families = {family for family in lego.FAMILIES if family != "end"}
    assert len({lego.FAMILIES[family][1] for family in families}) == len(families)
    for kind in experiments.BRICKS:
        now = experiments.bricks(task="digit_images", stack=experiments.DEFAULT, kind=kind)
        made = experiments.bricks(**{"task": "digit_images", **now.moves["add_brick"]})
        assert set(made.pile.families) <= families


def test_shapes_and_counts_stand_at_the_joints():
    said = words("digit_images", IMAGE)
    for text in ("Input: digits", "Conv 3×3 1 → 8", "1×8×8", "8×6×6", "8×3×3", "72", "80", "16", "730"):
        assert text in said
    assert "?" not in said


def test_a_misfit_is_framed_lies_aside_and_hides_what_is_unknown():
    pile = experiments.bricks(stack="linear-2-16*linear-8-3*relu*nll").pile
    frames = read(lego.bricks_data(texts("en"), pile, 1))
    framed = frames["bricks"][frames["bricks"]["stroke"] == palette.ERROR]
    assert len(framed) == 1
    fits = frames["bricks"]["x"].min()
    assert framed["x"].item() > fits
    said = frames["words"]["text"].tolist()
    assert "16 ✕" in said
    assert said.count("?") == 2


@pytest.mark.parametrize("n", [1, 7, 14])
def test_a_pile_of_any_height_stays_in_its_picture_and_its_rows_do_not_overlap(n):
    pile = experiments.bricks(task="one_curve", stack="*".join(["tanh"] * n) + "*mse").pile
    frame = read(lego.bricks_data(texts("en"), pile, n))["bricks"]
    assert frame[["y", "y2"]].to_numpy().min() >= 0
    assert frame[["y", "y2"]].to_numpy().max() <= 1
    bodies = frame[frame["x2"] - frame["x"] > 20].sort_values("y", ascending=False)
    assert len(bodies) == n + 2
    assert (bodies["y2"].to_numpy()[:-1] > bodies["y"].to_numpy()[1:]).all()


def test_weights_join_all_with_all_and_other_bricks_one_with_one():
    pile = experiments.bricks(stack="linear-2-4*relu*linear-4-3*nll").pile
    edges = read(lego.bricks_data(texts("en"), pile, 1))["edges"]
    counts = edges.groupby("y").size().sort_index(ascending=False).tolist()
    assert counts == [2 * 4, 4, 4 * 3]


def test_a_dropped_neuron_is_joined_with_nothing():
    pile = experiments.bricks(stack="linear-2-4*dropout-0.5*linear-4-3*nll").pile
    frames = read(lego.bricks_data(texts("en"), pile, 1))
    crosses = frames["icons"][(frames["icons"]["shape"] == "cross") & (frames["icons"]["x"] > 70)]
    assert len(crosses) == 2
    counts = frames["edges"].groupby("y").size().sort_index(ascending=False).tolist()
    assert counts == [2 * 4, 2, 2 * 3]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_four_recipes_stand_side_by_side_and_one_is_outlined(lang):
    net = experiments.recipes(recipe="two_classes")
    frames = read(lego.recipes_data(texts(lang), net.piles, net.chosen))
    outlined = frames["bricks"][frames["bricks"]["wide"] > 0]
    assert len(outlined) == len(net.piles[2].kinds) + 2
    assert outlined["x"].min() > 50
    assert outlined["x2"].max() < 75
    totals = [text for text in frames["words"]["text"] if text.startswith("Σ")]
    assert totals == [f"Σ {pile.n_parameters}" for pile in net.piles]


def test_a_strip_shows_a_tensor_blue_above_zero_and_orange_below():
    net = experiments.trace(stack="linear-2-4*nll")
    frames = read(lessons.journey_data(texts("en"), *lego.journey_rows(texts("en"), net.pile, net.values)))
    url = frames["tensors"]["url"].iloc[1]
    pixels = np.array(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB")).astype(
        int
    )
    middle = pixels[pixels.shape[0] // 2, 6::12][: net.values[1].size]
    assert ((middle[:, 2] > middle[:, 0]) == (net.values[1] > 0)).all()


def test_wrong_answers_are_told_from_right_ones_by_their_colour_at_the_frame():
    run = experiments.train_it(task="digit_images", stack="flatten*linear-64-10*cross_entropy")
    spec, tables = lessons.picture(texts("en"), run)
    data = read(tables)
    assert spec["name"] == "answers"
    assert data["answers"]["truth"].tolist() == run.y.tolist()
    assert data["answers"]["f59"].tolist() == run.views[-1].tolist()
    (layer,) = [layer for layer in spec["layer"] if "text" in layer["encoding"]]
    (condition,) = layer["encoding"]["color"]["condition"]
    assert condition["value"] == palette.ERROR
    assert condition["test"] == "(datum['answer'] !== datum['truth'])"


def test_crosses_mark_what_is_dropped_and_the_band_narrows():
    net = experiments.dropout(p_given=0.3)
    cells = read(dropping.masks_data(texts("en"), net.y))["cells"]
    assert (cells["value"] == 0).sum() == net.said["gone"]
    band = read(dropping.expectation_data(texts("en"), *net.course))["band"]
    width = (band["high"] - band["low"]).to_numpy()
    assert (np.diff(width) <= 1e-6).all()
    assert (band["value"] == 1).all()
