"""The playground does what its controls say, and its links bring everything back."""

import inspect
import re
from pathlib import Path

import pytest

from explainer.experiments import playground as experiments
from explainer.nets import diagnosis, points
from explainer.texts import LANGUAGES, load
from tests.app import Visit, flaws

PAGE = "playground"
SMALL = {"n_steps": "10", "n_samples": "20", "data": "circle", "widths": "8*8*4*4*4*4"}


pytestmark = pytest.mark.usefixtures("one_process")


def board(visit: Visit) -> dict:
    (data,) = visit.components("net_board")
    return data


def test_the_board_opens_with_the_defaults_of_the_experiment_which_are_computed_at_boot():
    visit = Visit(PAGE)
    net = experiments.board(**experiments.DEFAULTS)
    assert board(visit)["losses"][0] == net.losses[:, 0].tolist()
    assert board(visit)["net"]["sizes"] == list(net.sizes)
    assert visit.link == {}


def test_every_setting_of_the_experiment_can_be_set():
    by_hand = {"features", "hidden", "activation", "own", "start"}
    visit = Visit(PAGE)
    offered = set()
    for group in ("g_data", "g_network", "g_own_f", "g_learning", "g_brakes", "g_more"):
        visit.choose("panel", group)
        in_sight = set(visit.sliders) | set(visit.lists)
        assert 1 <= len(in_sight) <= 6
        offered |= in_sight
    assert set(experiments.DEFAULTS) - by_hand <= offered


@pytest.mark.parametrize(
    ("part", "value", "setting", "expected"),
    [
        ("features", ["sin_x1", "x1"], "features", ["x1", "sin_x1"]),
        ("widths", [3, 5, 4, 4, 4, 4], "sizes", [2, 3, 5, 1]),
        ("features", [], "features", ["x1", "x2"]),
        ("widths", [3, 17, 4, 4, 4, 4], "sizes", [2, 8, 8, 1]),
        ("widths", "junk", "sizes", [2, 8, 8, 1]),
    ],
)
def test_the_hand_builds_the_network_and_junk_is_not_believed(part, value, setting, expected):
    visit = Visit(PAGE, **SMALL)
    visit.build(**{part: value})
    assert board(visit)["net"][setting] == expected
    assert flaws(visit) == []
    assert Visit(PAGE, **visit.link).values == visit.values


def test_layers_and_their_own_activations_follow_the_panel():
    visit = Visit(PAGE, panel="g_network", **SMALL)
    visit.move("hidden_layers", 3)
    visit.choose("panel", "g_own_f")
    visit.pick("f2", "relu")
    assert board(visit)["net"]["activations"] == ["tanh", "relu", "tanh"]
    assert board(visit)["net"]["sizes"] == [2, 8, 8, 4, 1]


def test_ones_own_points_are_trained_on_and_travel_in_the_link():
    visit = Visit(PAGE, **SMALL | {"data": "own"})
    assert visit.says("ended_no_points")
    points = [[-3.0, 0.0, 0], [3.0, 0.0, 1], [-3.0, 1.5, 0], [2.51, -0.02, 1], [2.0, 2.0, 2]]
    visit.build(own=points)
    assert flaws(visit) == []
    assert visit.values["own"] == tuple(map(tuple, points))
    other = Visit(PAGE, **visit.link)
    assert other.values["own"] == visit.values["own"]
    assert board(other)["losses"] == board(visit)["losses"]


def test_a_weight_moved_by_hand_belongs_to_the_network_it_was_moved_in():
    visit = Visit(PAGE, **SMALL)
    start = board(visit)["run"]
    visit.build(start=["2-8-8", [0, 5.0]])
    moved = board(visit)["run"]
    assert moved != start
    assert board(Visit(PAGE, **visit.link))["run"] == moved
    visit.build(widths=[3, 8, 4, 4, 4, 4], start=["2-8-8", [0, 5.0]])
    assert board(visit)["run"] == board(Visit(PAGE, **SMALL | {"widths": "3*8*4*4*4*4"}))["run"]


def test_a_link_hides_controls_from_a_class():
    visit = Visit(PAGE, hide="noise*g_data*standardise*features*nonsense", **SMALL)
    assert "noise" not in visit.sliders
    assert "train_share" in visit.sliders
    assert board(visit)["locked"] == ["features"]
    (panel,) = [c for c in visit.at.segmented_control if c.key == f"{PAGE}.panel"]
    assert "g_more" not in visit.options(panel)
    assert set(visit.link["hide"].split("*")) == {"noise", "standardise", "features"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_finding_and_every_piece_of_advice_has_its_words(lang):
    t, source = load(PAGE, lang), inspect.getsource(diagnosis)
    numbers = {name for pair in re.findall(r'"(\w+)"|\b(\w+)=', source) for name in pair if name}
    keys = set(re.findall(r'Finding\(\s*"(\w+)"', source)) | {"dead", "saturated"}
    assert len(keys) > 8
    for key in keys:
        assert t.say(f"found_{key}", **dict.fromkeys(numbers, 1.5))


def test_a_share_of_right_answers_has_its_digits_and_a_rate_those_it_was_chosen_with():
    visit = Visit(PAGE)
    (well,) = experiments.board(**experiments.DEFAULTS).findings
    said = visit.t.say("found_all_well", **well.numbers)
    assert "1.00" in said
    assert said in visit.paragraphs
    visit = Visit(PAGE, learning_rate="3", optimizer="adam", **SMALL)
    (text,) = [text for text in visit.paragraphs if visit.holds(text, "found_jumps")]
    assert text.endswith("the learning rate is 3.")


def test_one_press_follows_the_advice():
    visit = Visit(PAGE, data="circle", f="identity", n_steps="100", n_samples="100")
    assert visit.says("found_linear")
    visit.press(f"button-{PAGE}-why-apply-linear")
    assert board(visit)["net"]["activations"] != ["identity", "identity"]
    assert not visit.says("found_linear")


def test_a_run_is_put_aside_changed_compared_and_brought_back():
    visit = Visit(PAGE, **SMALL)
    assert visit.says("shelf_changed")  # against the first settings
    visit.press(f"button-{PAGE}-shelf-pin_this")
    assert visit.says("shelf_same")
    first = board(visit)["run"]
    visit.move("noise", 0.3)
    assert any("→ **0.3**" in text for text in visit.paragraphs)
    assert board(visit)["run"] != first
    pins = visit.values["pins"]
    visit.go("linear_collapse")
    visit.go(PAGE)
    assert visit.values["pins"] == pins
    assert Visit(PAGE, **visit.link).values == visit.values
    visit.press(f"button-{PAGE}-shelf-restore")
    assert board(visit)["run"] == first
    visit.press(f"button-{PAGE}-shelf-unpin")
    assert visit.values["pins"] == ()


@pytest.mark.parametrize("junk", ["junk", "a:b", "noise:0.1;junk", "~~~", ";", "noise"])
def test_junk_among_the_runs_put_aside_is_dropped(junk):
    visit = Visit(PAGE, pins=f"{junk}~noise:0.10", **SMALL)
    assert visit.values["pins"] == ("noise:0.10",)
    assert flaws(visit) == []


def test_the_point_nearest_to_the_place_is_traced():
    visit = Visit(PAGE, place="3*-2", **SMALL)
    settings = {"n_steps": 10, "n_samples": 20, "data": "circle", "hidden": (8, 8)}
    net = experiments.board(**experiments.DEFAULTS | settings)
    i, test = net.nearest(3, -2)
    point = net.point(i, test=test)
    cells = visit.pictures["way"].frames["cells"]
    assert len(cells) == 2 + 8 + 8 + 1
    assert cells["text"].iloc[-1] == f"{point.outputs[-1][0]:.2f}"


def test_seven_more_starts_are_trained_when_somebody_asks():
    visit = Visit(PAGE, **SMALL)
    assert visit.pictures["starts"].frames["lines"]["curve"].nunique() == 1
    visit.flip("how_often")
    lines = visit.pictures["starts"].frames["lines"]
    assert lines["curve"].nunique() == 8
    own = lines[lines["curve"] == 0]["value"].to_numpy()
    assert own == pytest.approx(board(visit)["accuracy"][1], rel=1e-6)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_pasted_table_is_read_its_faults_are_named_and_it_goes_to_the_board(lang):
    visit = Visit(PAGE, lang=lang, **SMALL)
    visit.move("table", "x;y;class\n-1,5;2;cat\n1;oops;dog\n3;-2;dog\n0,25;1;cat")
    assert visit.says("table_read")
    assert visit.says("fault_not_a_number")
    assert len(visit.pictures["pasted"].frames["points"]) == 3
    visit.press(f"button-{PAGE}-own_data-to_board")
    assert visit.values["data"] == "own"
    assert visit.values["own"] == ((-1.5, 2.0, 0.0), (3.0, -2.0, 1.0), (0.25, 1.0, 0.0))
    assert flaws(visit) == []


@pytest.mark.parametrize(
    "junk", [None, 5, [], {}, "", "\x00", ",,,\n" * 9, "1,2,3,4", "nan,inf,1", "x" * 300_000]
)
def test_whatever_is_pasted_gets_a_sentence(junk):
    visit = Visit(PAGE, **SMALL)
    visit.move("table", junk)
    assert flaws(visit) == []
    assert visit.says("table_read")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_fault_of_a_table_has_its_sentence(lang):
    source = Path(points.__file__).read_text(encoding="utf-8")
    keys = set(re.findall(r'Fault\("(\w+)"', source)) | {"not_a_number", "not_finite"}
    for key in keys:
        assert "{" not in load(PAGE, lang).say(f"fault_{key}", n=3, value="a"), key


@pytest.mark.parametrize("name", ["tensorflow_circle", "linear_cannot", "rate_too_large"])
def test_one_press_sets_up_a_preset_whatever_was_set_before(name):
    visit = Visit(PAGE, **SMALL | {"noise": "0.3", "f2": "relu", "l1": "0.01"})
    visit.press(f"button-{PAGE}-try_{name}")
    net = experiments.why(settings=experiments.PRESETS[name])
    assert board(visit)["losses"][0] == net.losses[:, 0].tolist()
    assert flaws(visit) == []
