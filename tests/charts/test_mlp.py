"""Pictures of the page on the multilayer perceptron, one by one."""

import numpy as np

from explainer.charts import army, features, sheet
from explainer.charts.palette import CLASSES
from explainer.experiments import mlp as experiments
from explainer.nets.maps import PICTURED
from tests.charts.frames.mlp import mlp_frames
from tests.charts.specs import read, texts


def test_by_hand_there_is_one_frame_and_with_descent_there_are_all():
    t = texts("en")
    by_hand, descent = (read(mlp_frames("by_hand_plane")(t, seed)) for seed in (0, 1))
    assert [column for column in by_hand["map"] if column[0] == "f"] == ["f0"]
    pictured = [column for column in descent["map"] if column[0] == "f"]
    assert pictured == [f"f{i}" for i in range(len(PICTURED))]
    for name, n_rows in (("lines", 2), ("points", experiments.N_BY_HAND)):
        assert set(by_hand[name]["k"]) == {0}
        assert descent[name]["k"].tolist() == np.repeat(np.arange(60), n_rows).tolist()
    # Frame k is drawn with image ceil(k / 2), and that is the frame's own for every even k and the last.
    assert [PICTURED[-(-k // 2)] for k in range(0, 60, 2)] == list(range(0, 60, 2))
    assert PICTURED[-(-59 // 2)] == 59


def test_a_line_that_there_is_not_is_out_of_sight():
    lines = read(mlp_frames("by_hand_plane")(texts("en"), 2))["lines"]
    assert (lines[["x", "value", "x2", "value2"]] > 90).all(axis=None)


def test_neurons_have_colours_of_their_own_and_those_of_one_colour_a_dash():
    lines = read(mlp_frames("army_plane")(texts("en"), 2))["lines"]
    assert len(lines) == army.MOST
    assert len(set(zip(lines["color"], lines["dash"], strict=True))) == army.MOST
    assert not set(lines["color"]) & set(CLASSES[:2]), "these are the classes'"
    shares = read(mlp_frames("army_worth")(texts("en"), 2))["shares"]
    assert shares["color"].tolist() == lines["color"].tolist()


def place_of(way: str, k: int) -> tuple[float, float]:
    """Read a place at a frame as the picture does."""
    return tuple(int(way[4 * k + i : 4 * k + i + 2], 36) / 647.5 - 1 for i in (0, 2))


def test_the_sheet_travels_as_short_texts_and_loses_nothing_that_an_eye_could_see():
    net = experiments.crumpled_sheet()
    seen = net.seen()
    frame = read(sheet.sheet_data(texts("en"), *seen.parts, net.y, net.n_places))["places"]
    for name, places in (("grid", seen.grid), ("points", seen.points), ("ring", seen.ring)):
        for k in (0, 31, 59):
            drawn = [place_of(way, k) for way in frame.loc[frame["what"] == name, "way"]]
            assert np.abs(np.array(drawn) - places[k]).max() < 0.0008, "a sixth of a pixel of 400"


def test_every_column_of_maps_stands_under_its_layer_and_above_its_complexity():
    t = texts("en")
    maps, complexity = (read(mlp_frames(name)(t, 2)) for name in ("feature_maps", "feature_complexity"))
    heads = maps["heads"]["x"].tolist()
    assert heads == [0.5, 1.5, 2.5, 3.5, 4.5]
    assert complexity["means"]["x"].tolist() == heads[1:]
    inside = maps["maps"]
    assert (inside["x2"] - inside["x"] > 0.4).all()
    assert (inside["x"].astype(int) == (inside["x2"] - 0.01).astype(int)).all()
    assert inside["x2"].max() <= features.MOST_LAYERS + 2
