"""The page on the multilayer perceptron shows what its controls say."""

import functools
import json

import numpy as np
import pytest

from explainer.experiments import mlp as experiments
from explainer.texts import LANGUAGES
from tests.app import Visit, flaws
from tests.charts.test_mlp import place_of

PAGE = "mlp"
army = functools.cache(experiments.army)


pytestmark = pytest.mark.usefixtures("one_process")


def words(visit: Visit, movement: str) -> str:
    return " ".join(m.value for m in visit.at.get_by_key(f"words-{movement}").markdown)


def points(visit: Visit) -> dict[str, dict]:
    return {data["name"]: data for data in visit.components("points")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_moment_of_separability_is_said_and_descent_goes_on_from_the_hand(lang):
    visit = Visit(PAGE, lang=lang)
    assert visit.holds(words(visit, "by_hand"), "space_inseparable")
    visit.move("lines", [list(p) for p in experiments.DIAGONAL], revision=points(visit)["lines"]["rev"])
    assert visit.holds(words(visit, "by_hand"), "space_separable")
    by_hand = visit.pictures["by_hand_plane"].frames
    visit.choose("who", "descent")
    assert visit.holds(words(visit, "by_hand"), "space_solved")
    assert visit.holds(words(visit, "by_hand"), "led_descent")
    frames = visit.pictures["by_hand_plane"].frames
    assert frames["map"]["f0"].equals(by_hand["map"]["f0"]), "the first frame is the hand's"
    first = frames["lines"].query("k == 0").drop(columns="last")
    assert first.equals(by_hand["lines"].drop(columns="last"))
    assert frames["handles"].equals(by_hand["handles"])
    bar = visit.components("play_bar")[0]
    assert [bar["steps"][0], bar["steps"][-1], bar["frames"]] == [0, 118, 60]
    assert bar["rows"][0]["values"][1][-1] == "0"
    assert flaws(visit) == []


def test_descent_that_is_stuck_says_so():
    visit = Visit(PAGE, who="descent")
    assert visit.holds(words(visit, "by_hand"), "led_stuck")


def test_points_are_dragged_on_the_axes_that_they_are_drawn_on():
    visit = Visit(PAGE, family="own_points")
    assert set(points(visit)) == {"placed", "lines", "third", "traced_place"}
    for data in points(visit).values():
        spec = json.loads(visit.pictures[data["picture"].rpartition("-")[2]].spec)
        for axis in "xy":
            domains = [
                layer["encoding"][axis]["scale"]["domain"]
                for layer in spec["layer"]
                if "scale" in layer["encoding"].get(axis, {})
            ]
            assert list(data[axis]) == domains[0]


def test_own_points_have_classes_are_kept_in_the_link_and_leave_with_their_family():
    visit = Visit(PAGE, family="own_points")
    placed = points(visit)["placed"]
    assert placed["classes"] == [visit.t.say("class_zero"), visit.t.say("class_one")]
    visit.move("placed", [[1, 2, 1], [-3.04, 0, 0], [4, 4, 1]], revision=placed["rev"])
    drawn = visit.pictures["by_hand_plane"].frames["points"]
    assert drawn["kind"].tolist() == ["1", "0", "1"]
    assert drawn["x"].tolist() == [1, -3, 4]
    assert visit.link["placed"] == "1.0_2.0_1*-3.0_0.0_0*4.0_4.0_1"
    assert Visit(PAGE, **visit.link).values == visit.values
    for junk in ([], [[1, 2, 3]], [[1, 2]], [[1, 2, 0.5]], [[1, 2, "1"], [9, 9, 1]], [[1, 2, None]]):
        visit.move("placed", junk, revision=placed["rev"])
        assert visit.pictures["by_hand_plane"].frames["points"]["x"].tolist() == [1, -3, 4]
    visit.choose("family", "four_clouds")
    assert "placed" not in points(visit)
    assert len(visit.pictures["by_hand_plane"].frames["points"]) == experiments.N_BY_HAND
    visit.choose("family", "own_points")
    assert visit.pictures["by_hand_plane"].frames["points"]["x"].tolist() == [1, -3, 4]


def test_one_class_is_nothing_to_separate():
    visit = Visit(PAGE, family="own_points")
    for placed in ([[1, 1, 1]], [[1, 1, 0], [2, 2, 0]]):
        visit.move("placed", placed, revision=points(visit)["placed"]["rev"])
        assert flaws(visit) == []
        assert visit.holds(words(visit, "by_hand"), "space_one_class")
        visit.choose("who", "descent")
        assert flaws(visit) == []
        visit.choose("who", "hand")


def test_the_army_shows_the_network_of_its_sliders():
    visit = Visit(PAGE)
    net = army()
    for n, place in ((1, 1), (7, 8), (12, 3)):
        visit.stage("army_n", n)
        visit.move("army_place", place)
        assert flaws(visit) == []
        assert len(visit.pictures["army_plane"].frames["lines"]) == n
        shown = visit.pictures["army_worth"].frames["now"]
        assert shown["x"].tolist() == [n]
        assert shown["value"].iloc[0] == pytest.approx(net.accuracy[n - 1, net.start(n, place)])
        assert visit.t.say("army_says", **net.numbers(n, place)) in words(visit, "army")
        shares = visit.pictures["army_worth"].frames["shares"]["value"].to_numpy()
        assert shares == pytest.approx(net.of(n, place).share, rel=1e-6)


def test_a_point_is_traced_with_its_own_numbers():
    visit = Visit(PAGE)
    visit.move("traced_place", [[-1.5, 2.5]], revision=points(visit)["traced_place"]["rev"])
    said = experiments.traced().trace((-1.5, 2.5))
    formula = " ".join(m.value for m in visit.at.get_by_key("formula-traced").markdown)
    for part in ("product", "hidden", "output"):
        assert visit.t.say(f"trace_{part}", **said) in formula
    values = visit.pictures["traced_graph"].frames["values"]["label"].tolist()
    assert values == [
        visit.t.say("two_decimals", value=v) for v in (-1.5, 2.5, *said["h"][0].tolist(), said["p"])
    ]


def test_the_sheet_says_what_became_of_the_ring():
    visit = Visit(PAGE)
    assert visit.holds(words(visit, "crumpled_sheet"), "ring_held")
    assert "sheet_turn" not in visit.sliders
    flat = visit.pictures["sheet"].frames["places"]
    visit.choose("sheet_units", "units_3")
    assert visit.holds(words(visit, "crumpled_sheet"), "ring_open")
    front = visit.pictures["sheet"].frames
    visit.move("sheet_turn", 90)
    aside = visit.pictures["sheet"].frames
    last = [np.array([place_of(way, 59) for way in frames["places"]["way"]]) for frames in (front, aside)]
    moved = np.abs(last[1] - last[0]).max(0)
    assert moved[0] > 0.1
    assert moved[1] < 0.002, "around the vertical axis: heights stay, but for the rounding"
    assert len(front["places"]) == len(flat)
    bar = visit.components("play_bar")[-1]
    assert bar["frame"] == visit.t.say("carry_frame", n="{n}")
    assert (bar["steps"][0], bar["steps"][-1]) == (1, 2)


def test_the_maps_are_as_many_as_the_neurons_and_the_words_count_the_right_thing():
    for f, label in (("relu", "counted_relu"), ("tanh", "counted_smooth")):
        visit = Visit(PAGE, feature_f=f, feature_layers="2", feature_set="set_moons")
        maps = visit.pictures["feature_maps"].frames["maps"]
        assert len(maps) == 2 + 2 * experiments.N_FEATURES + 1
        net = experiments.features(feature_f=f, feature_layers=2, feature_set="set_moons")
        assert visit.t.say(label, **net.numbers) in words(visit, "features")


def test_one_press_sets_up_what_its_words_promise():
    visit = Visit(PAGE, who="descent", sheet_units="units_3")
    visit.press(f"button-{PAGE}-try_diagonal")
    assert visit.holds(words(visit, "by_hand"), "space_separable")
    visit.press(f"button-{PAGE}-try_ring")
    assert army().accuracy[1].max() < 0.9
    assert len(visit.pictures["army_plane"].frames["lines"]) == 2
    visit.press(f"button-{PAGE}-try_lift")
    assert visit.holds(words(visit, "crumpled_sheet"), "ring_open")
    assert flaws(visit) == []
