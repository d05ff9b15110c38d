"""The page on the neuron shows what its controls say."""

import json

import pytest

from explainer.experiments import neuron as experiments
from explainer.texts import LANGUAGES, number
from tests.app import Visit, flaws

PAGE = "neuron"


pytestmark = pytest.mark.usefixtures("one_process")


def formula(visit: Visit, movement: str) -> str:
    return " ".join(m.value for m in visit.at.get_by_key(f"formula-{movement}").markdown)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_answers_are_given_on_request(lang):
    visit = Visit(PAGE, lang=lang)
    for name in ("why_not", "answer"):
        assert visit.t.prose(f"{name}_question") in visit.paragraphs
        visit.flip(name)
        assert visit.t.prose(f"{name}_answer") in visit.paragraphs
        assert visit.t.prose(f"{name}_question") not in visit.paragraphs


def test_the_neuron_answers_one_when_its_sum_reaches_gamma():
    visit = Visit(PAGE)
    assert "1.00 < 1.5" in formula(visit, "one_neuron")
    visit.move("x2", 0.5)
    assert r"1.50 \ge 1.5" in formula(visit, "one_neuron")
    assert visit.pictures["artificial"].frames["edges"]["label"].tolist()[-1] == "1"


def test_the_switch_leaves_the_border_and_changes_the_words():
    visit = Visit(PAGE)
    borders = []
    for sigma in ("linear_unit", "threshold", "sigmoid"):
        visit.choose("sigma", sigma)
        assert visit.says(f"is_{sigma}")
        borders.append(visit.pictures["plane"].frames["border"])
    assert borders[0].equals(borders[1])
    assert borders[1].equals(borders[2])
    visit = Visit(PAGE, handles="1.0_1.0*1.0_1.0")
    assert flaws(visit) == []
    assert visit.says("no_direction")


def test_the_largest_difference_from_the_regression_is_shown():
    visit = Visit(PAGE)
    for sigma in ("linear_unit", "sigmoid"):
        visit.choose("fit_sigma", sigma)
        net = experiments.it_is_regression(fit_sigma=sigma, spread=0.7)
        (said,) = [m.value for m in visit.at.get_by_key("words-it_is_regression").markdown]
        assert visit.t.zero(net.difference) in said
        (bar,) = visit.components("play_bar")
        assert [row["values"][1][-1] for row in bar["rows"]] == [number(float(net.weights[-1, 1]))] * 2


def test_one_press_sets_up_what_its_words_promise():
    visit = Visit(PAGE)
    visit.press(f"button-{PAGE}-try_gate")
    assert "y = 1" in formula(visit, "one_neuron")
    visit.press(f"button-{PAGE}-try_apart")
    assert visit.says("fit_apart")
    assert len(visit.components("play_bar")[0]["rows"]) == 1
    visit.move("spread", 0.4)
    assert visit.says("fit_sigmoid")
    visit.press(f"button-{PAGE}-try_circle")
    assert visit.says("rule_cycle")
    assert flaws(visit) == []


def test_the_words_follow_the_corrections_from_the_start_to_the_last():
    visit = Visit(PAGE, correction="0")
    assert visit.says("rule_start")
    visit.move("correction", 3)
    assert visit.says("rule_going")
    visit.move("correction", 40)
    assert visit.says("rule_learned")
    visit.choose("samples", "xor")
    assert visit.says("rule_cycle")
    assert visit.says("rule_learned") is False


def test_only_two_features_are_free_of_mistakes():
    visit = Visit(PAGE)
    for feature in experiments.FEATURES:
        visit.choose("feature", feature)
        assert visit.says("all_right") == (feature in ("max_abs", "sum_squares"))
    assert "angle" not in visit.sliders


def test_the_border_is_dragged_on_the_picture_itself():
    visit = Visit(PAGE)
    (points,) = visit.components("points")
    spec = json.loads(visit.pictures["plane"].spec)
    domains = {axis: spec["layer"][0]["encoding"][axis]["scale"]["domain"] for axis in "xy"}
    assert {axis: list(points[axis]) for axis in "xy"} == domains
    assert points["picture"] == "picture-three_pictures-plane"
    visit.move("handles", [[0, -1], [0, 2]], revision=points["rev"])
    handles = visit.pictures["plane"].frames["handles"]
    assert handles[["x", "value"]].to_numpy().tolist() == [[0, -1], [0, 2]]
    assert "1.50" in formula(visit, "three_pictures")
