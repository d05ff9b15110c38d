"""The page on bricks does what its buttons say."""

import pytest

from explainer.experiments import lego as experiments
from explainer.nets import lessons
from explainer.nets import stack as stacks
from explainer.texts import LANGUAGES
from tests.app import Visit, flaws

PAGE = "lego"


@pytest.fixture(autouse=True)
def short_lessons(monkeypatch, one_process):
    """What is learned is the business of other tests."""
    monkeypatch.setattr(lessons, "N_STEPS", 10)
    monkeypatch.setattr(experiments, "N_SEEDS", 2)


def press(visit: Visit, name: str, movement: str = "bricks") -> None:
    visit.press(f"button-{PAGE}-{movement}-{name}")
    assert flaws(visit) == []


def words(visit: Visit) -> list[str]:
    """Return what stands on the picture of the bench."""
    return visit.pictures["bricks"].frames["words"]["text"].tolist()


def advice(visit: Visit) -> str:
    return " ".join(m.value for m in visit.at.get_by_key("advice-bricks").markdown)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_image_for_a_linear_brick_is_explained_and_mended_by_its_button(lang):
    visit = Visit(PAGE, lang=lang, task="digit_images", stack="linear-64-10*cross_entropy")
    assert visit.holds(advice(visit), "misfit_linear_image")
    assert "64" in advice(visit)
    assert "1×8×8" in advice(visit)
    press(visit, "mend_it")
    assert visit.link == {"task": "digit_images", "stack": "flatten*linear-64-10*cross_entropy"}
    assert visit.holds(advice(visit), "all_fits")
    assert "650" in words(visit)


def test_bricks_are_put_in_copied_moved_and_taken_out():
    visit = Visit(PAGE, new_brick="brick_tanh", brick="2")
    kinds = lambda: [b.kind for b in stacks.read(visit.values["stack"], "three_arms").bricks]  # noqa: E731
    before = kinds()
    press(visit, "add_brick")
    assert kinds() == [*before[:2], "tanh", *before[2:]]
    assert visit.values["brick"] == 3
    press(visit, "copy_brick")
    assert kinds()[2:4] == ["tanh", "tanh"]
    assert visit.values["brick"] == 4
    press(visit, "brick_up")
    press(visit, "brick_up")
    assert (visit.values["brick"], kinds()[1]) == (2, "tanh")
    press(visit, "brick_down")
    press(visit, "remove_brick")
    visit.move("brick", 3)
    press(visit, "remove_brick")
    assert kinds() == before
    for _ in before[1:]:
        press(visit, "remove_brick")
    assert len(kinds()) == 1
    assert "brick" not in visit.sliders


def drag(visit: Visit, order: object, held: object) -> None:
    """Send the order of the bricks as the browser does, with the place of the one in the hand, from 0."""
    (pile,) = visit.components("bricks")
    visit.move(pile["name"], {"order": order, "chosen": held}, revision=pile["rev"])
    assert flaws(visit) == []


def test_bricks_are_dragged_and_what_is_changed_of_one_stays_with_it():
    visit = Visit(PAGE)
    visit.move("size", 40)  # of the first brick
    (pile,) = visit.components("bricks")
    parts = pile["value"]["order"]
    assert "*".join([*parts, "nll"]) == visit.values["stack"]
    drag(visit, [*parts[1:4], parts[0], *parts[4:]], 3)
    assert visit.values["stack"] == "*".join([*parts[1:4], parts[0], *parts[4:], "nll"])
    assert (visit.values["brick"], visit.sliders["brick"]["value"], visit.sliders["size"]["value"]) == (
        4,
        4,
        40,
    )
    visit.move("brick", 3)  # another Linear: it keeps its own width
    assert visit.sliders["size"]["value"] == 16
    drag(visit, visit.components("bricks")[0]["value"]["order"], 0)  # a press chooses
    assert visit.values["brick"] == 1
    assert "stack_order" not in visit.link
    assert Visit(PAGE, **visit.link).values["stack"] == visit.values["stack"]
    press(visit, "brick_down")
    assert visit.values["brick"] == 2


def test_junk_from_a_hand_that_drags_moves_no_brick():
    visit = Visit(PAGE)
    parts = visit.components("bricks")[0]["value"]["order"]
    junk = (None, "junk", parts[1:], [*parts, "relu"], ["relu"] * 7, [None] * 7, [[]] * 7, {"0": "relu"})
    for order in junk:
        drag(visit, order, 0)
        assert visit.values["stack"] == experiments.DEFAULT
    for held in (None, "0", -1, 7, 0.5, [], float("nan")):
        drag(visit, parts[::-1], held)
        assert visit.values["stack"] == experiments.DEFAULT
    for value in (None, [], "junk", 7):
        visit.move("stack_order", value, revision=visit.components("bricks")[0]["rev"])
        assert visit.values["stack"] == experiments.DEFAULT


def test_a_width_is_dragged_and_the_next_linear_follows():
    visit = Visit(PAGE)
    visit.move("size", 40)
    assert visit.values["stack"].startswith("linear-2-40*relu*dropout-0.2*linear-40-16*")
    assert "FC 2 → 40" in words(visit)
    assert "size" not in visit.link
    assert Visit(PAGE, **visit.link).values["stack"] == visit.values["stack"]
    visit.move("brick", 3)
    visit.move("size", 0.5)
    assert "dropout-0.5" in visit.values["stack"]
    visit.move("brick", 2)
    assert "size" not in visit.sliders
    visit.move("brick", 1)
    assert visit.sliders["size"]["value"] == 40


def test_junk_from_the_sliders_changes_no_brick():
    visit = Visit(PAGE)
    for junk in (None, "junk", [], {}, float("nan"), 1e308, 0, 129, -3):
        visit.move("size", junk)
        assert flaws(visit) == []
        assert visit.values["stack"] == experiments.DEFAULT


@pytest.mark.parametrize("recipe", experiments.RECIPES)
def test_a_recipe_is_taken_to_the_bench_with_its_task_and_loss(recipe):
    visit = Visit(PAGE, recipe=recipe, wide="8")
    press(visit, "build_it", "recipes")
    net = experiments.recipes(recipe=recipe, hidden=8)
    assert (visit.values["task"], visit.values["stack"]) == (net.task, net.text)
    assert visit.at.segmented_control(key=f"{PAGE}.task").value == net.task
    has_head = recipe in ("two_classes", "multi_class")
    assert visit.holds(advice(visit), "remark_head_and_loss" if has_head else "all_fits")
    assert str(net.piles[net.chosen].n_parameters) in net.formula


def test_a_doubtful_design_links_to_the_page_about_it():
    visit = Visit(PAGE)
    visit.press(f"button-{PAGE}-try_collapse")
    assert visit.holds(advice(visit), "remark_collapse")
    assert [link.value for link in visit.at.get_by_key("advice-bricks").get("page_link")]
    press(visit, "mend_it")
    press(visit, "mend_it")
    assert visit.holds(advice(visit), "all_fits")
    assert flaws(visit) == []


@pytest.mark.parametrize(
    "text", ["", "nll", "relu*relu", "linear-2-999*nll", "x" * 5000, "linear-٢-3*nll", "*" * 40]
)
def test_a_stack_that_is_none_is_the_default(text):
    visit = Visit(PAGE, stack=text)
    assert flaws(visit) == []
    assert visit.values["stack"] == experiments.DEFAULT
    assert visit.link == {}


def test_the_steepest_link_is_drawn():
    text = "*".join(["conv_1x1-4096-16"] * 7 + ["linear-4096-128"] * 7 + ["mse"])
    visit = Visit(PAGE, stack=text, brick="14", task="one_curve")
    assert flaws(visit) == []
    assert visit.values["brick"] == 14


def test_the_movements_below_show_the_pile_that_is_on_the_bench():
    visit = Visit(PAGE)
    visit.press(f"button-{PAGE}-try_image")
    code = next(block.value for block in visit.at.code if "Sequential" in block.value)
    assert "nn.Flatten()," in code
    assert "nn.Linear(64, 16)," in code
    assert visit.says("was_mended")
    assert "answers" in visit.pictures
    press(visit, "mend_it")
    press(visit, "mend_it")
    assert not visit.says("was_mended")
    assert visit.says("fits_as_it_is")


@pytest.mark.parametrize(
    ("task", "picture"),
    [
        ("one_curve", "learned_curves"),
        ("three_curves", "learned_curves"),
        ("two_moons", "regions"),
        ("three_arms", "regions"),
        ("digit_images", "answers"),
    ],
)
def test_every_task_is_learned_and_drawn_whatever_the_pile(task, picture):
    visit = Visit(PAGE, task=task, stack="relu*dropout-0.9*mse", lang="ru")
    assert flaws(visit) == []
    assert picture in visit.pictures
    assert len(visit.pictures) == 9


def test_dropout_says_what_its_controls_say():
    visit = Visit(PAGE)
    assert visit.says("masks_on")
    visit.choose("stretched", "no_stretch")
    assert visit.says("masks_unscaled")
    visit.choose("layer_mode", "layer_predicts")
    assert visit.says("masks_off")
    assert (visit.pictures["masks"].frames["cells"]["value"] > 0).all()
    visit.choose("layer_mode", "layer_trains")
    visit.move("batch_no", 40)
    assert len(visit.pictures["expectation"].frames["means"]) == 40 * 16
    assert flaws(visit) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_quiz_is_checked_and_explained(lang):
    visit = Visit(PAGE, lang=lang)
    assert visit.says("in_wrong")
    assert visit.says("count_open")
    visit.choose("blank_in", "in_1600")
    assert visit.says("out_wrong")
    visit.choose("blank_out", "out_10")
    assert visit.says("blanks_right")
    for text, verdict in (("165660", "count_bias"), ("165500", "count_no_bias"), ("165000", "count_wrong")):
        visit.write("count", text)
        assert visit.says(verdict)
    visit.write("count", "many")
    assert visit.says("refused_count")
    assert visit.says("count_wrong")
    visit.write("count", "165 610")
    assert visit.says("count_right")
    assert not visit.says("refused_count")
    assert visit.t.prose("quiz_answer_answer") not in visit.paragraphs
    visit.flip("quiz_answer")
    assert visit.t.prose("quiz_answer_answer") in visit.paragraphs
    assert flaws(visit) == []
