"""The page on the first network does what its buttons say."""

import itertools

import pytest

from explainer.experiments import first_network as experiments
from explainer.texts import LANGUAGES, fixed
from tests.app import Visit, flaws

PAGE = "first_network"


pytestmark = pytest.mark.usefixtures("one_process")


def words(visit: Visit, movement: str) -> str:
    return " ".join(m.value for m in visit.at.get_by_key(f"words-{movement}").markdown)


def press(visit: Visit, name: str, *lines: str) -> None:
    for line in lines:
        visit.press(f"{PAGE}.{name}.{line}")


def test_every_press_runs_one_line_and_the_link_carries_them_all():
    visit = Visit(PAGE)
    program = []
    for line in (*experiments.FEEDS["one_batch"], "backward", "undo", "forward"):
        press(visit, "one_batch_lines", line)
        program = program[:-1] if line == "undo" else [*program, line]
        assert flaws(visit) == []
        net = experiments.five_lines(program=tuple(program))
        assert visit.values["one_batch_lines"] == tuple(program)
        assert visit.holds(words(visit, "five_lines"), f"ran_{net.verdict}")
        assert fixed(net.all_loss, 4) in words(visit, "five_lines")
        cells = visit.pictures["tensors"].frames["cells"]
        assert (cells["changed"] > 0).sum() == net.n_changed
    assert visit.link == {"one_batch_lines": "012340"}
    again = Visit(PAGE, **visit.link)
    assert again.pictures["tensors"].frames["cells"].equals(visit.pictures["tensors"].frames["cells"])
    press(visit, "one_batch_lines", "clear")
    assert visit.link == {}


def test_shortcuts_press_several_lines_and_there_is_an_end():
    visit = Visit(PAGE, lines_feed="epoch_of_batches")
    press(visit, "epoch_of_batches_lines", "whole_epoch", "whole_step")
    assert visit.values["epoch_of_batches_lines"] == 4 * experiments.FEEDS["epoch_of_batches"]
    assert "**4**" in words(visit, "five_lines")
    full = "01234" * 24
    visit = Visit(PAGE, one_batch_lines=full)
    assert visit.values["one_batch_lines"] == 24 * experiments.FEEDS["one_batch"]
    disabled = {b.key.rpartition(".")[2] for b in visit.at.button if b.disabled and ".one_batch" in b.key}
    assert disabled == {*experiments.FEEDS["one_batch"], "whole_step", "ten_steps"}
    press(visit, "one_batch_lines", "undo")
    assert len(visit.values["one_batch_lines"]) == len(full) - 1


@pytest.mark.parametrize("junk", ["5", "01x", "0" * 121, "-1", " "])
def test_a_link_with_lines_that_are_none_is_ignored(junk):
    visit = Visit(PAGE, one_batch_lines=junk, arranged=junk)
    assert flaws(visit) == []
    assert visit.values["one_batch_lines"] == ()
    assert visit.values["arranged"] == experiments.QUIZ


def test_the_quiz_is_repaired_by_pressing_the_lines():
    visit = Visit(PAGE)
    assert visit.holds(words(visit, "repair"), "quiz_still")
    press(visit, "arranged", "undo", "backward", "step")
    assert visit.holds(words(visit, "repair"), "quiz_repaired")
    losses = visit.pictures["quiz_losses"].frames["quiz_losses"]
    healthy, mine = (group["value"].tolist() for _, group in losses.groupby("line", sort=False))
    assert healthy == mine
    press(visit, "arranged", "clear")
    assert visit.link["arranged"] == "-"
    assert Visit(PAGE, **visit.link).values["arranged"] == ()
    press(visit, "arranged", "loss")
    assert visit.holds(words(visit, "repair"), "quiz_undefined")
    assert flaws(visit) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_mistake_says_how_to_recognise_it(lang):
    visit = Visit(PAGE, lang=lang)
    for mistake in experiments.MISTAKES:
        visit.choose("broken_by", mistake)
        assert flaws(visit) == []
        assert visit.holds(words(visit, "break_it"), f"error_{mistake}")
        assert visit.holds(words(visit, "break_it"), f"home_{mistake}")


def test_rate_and_width_train_the_network_of_the_pictures():
    visit = Visit(PAGE)
    for rate, width in itertools.islice(
        itertools.product(experiments.RATES, ("digits_4", "digits_64")), 1, 8, 3
    ):
        visit.choose("digits_rate", rate)
        visit.choose("digits_width", width)
        net = experiments.digits(digits_rate=rate, digits_width=width)
        assert flaws(visit) == []
        assert visit.holds(words(visit, "digits"), f"digits_{net.verdict}")
        assert fixed(100 * float(net.accuracy[1, -1]), 1) in words(visit, "digits")
        (bar,) = visit.components("play_bar")
        assert bar["steps"] == net.steps.tolist()
        cells = visit.pictures["digit_confusion"].frames["cells"]
        assert cells["f59"].tolist() == net.confusion[-1].ravel().tolist()


def test_a_drawing_is_answered_and_kept_in_the_link():
    visit = Visit(PAGE)
    (pad,) = visit.components("pad")
    assert visit.holds(words(visit, "draw"), "drawn_empty")
    ink = "0" * 64 + "00003c00" * 16 + "0" * 64
    visit.move("sketch", ink, revision=pad["rev"])
    assert visit.values["sketch"] == ink
    assert visit.link["sketch"] == ink
    net = experiments.draw(sketch=ink)
    assert visit.holds(words(visit, "draw"), f"drawn_{net.verdict}")
    bars = visit.pictures["ten_probabilities"].frames["bars"]["value"]
    assert bars.tolist() == pytest.approx(net.probabilities.tolist(), abs=1e-6)
    for junk in (None, "x" * 256, "f" * 255, 5, ["f"], "F" * 256, {"a": 1}):
        visit.move("sketch", junk, revision=pad["rev"])
        assert visit.values["sketch"] == ink
        assert flaws(visit) == []
    visit.move("sketch", "0" * 256, revision=pad["rev"])
    assert visit.values["sketch"] == ""
    assert "sketch" not in visit.link


def test_the_network_that_was_trained_reads_drawings_and_is_taken_home():
    ink = "0" * 64 + "00003c00" * 16 + "0" * 64
    visit = Visit(PAGE, sketch=ink)
    first = visit.pictures["ten_probabilities"].frames["bars"]["value"].tolist()
    visit.choose("digits_width", "digits_4")
    visit.choose("digits_rate", "rate_1")
    visit.move("digits_seed", 3)
    learned = experiments.digits(digits_rate="rate_1", digits_width="digits_4", digits_seed=3)
    net = experiments.draw(sketch=ink, network=learned.network)
    bars = visit.pictures["ten_probabilities"].frames["bars"]["value"].tolist()
    assert bars == pytest.approx(net.probabilities.tolist(), abs=1e-6)
    assert bars != pytest.approx(first, abs=1e-3)
    assert visit.holds(words(visit, "draw"), "drawn_by")
    assert fixed(100 * float(learned.accuracy[1, -1]), 1) in words(visit, "draw")
    assert f"{float(learned.losses[1, -1]):.6f}" in words(visit, "take_home")
    assert any("nn.Linear(64, 4)" in code.value and "lr=0.1" in code.value for code in visit.at.code)
    assert flaws(visit) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_taken_home_prints_what_the_page_says_in_the_reader_s_language(lang):
    visit = Visit(PAGE, lang=lang)
    home = experiments.take_home(words=tuple(visit.t.prose(f"cell_{name}") for name in experiments.CELLS))
    assert home.script.strip() in [code.value.strip() for code in visit.at.code]
    assert fixed(float(experiments.digits().losses[1, -1]), 6) in words(visit, "take_home")
    files = [button.key for button in visit.at.download_button if button.key.endswith("_file")]
    assert files == [f"{PAGE}-script_file", f"{PAGE}-notebook_file"]


def test_one_press_sets_up_what_its_words_promise():
    visit = Visit(PAGE)
    visit.press(f"button-{PAGE}-try_again")
    assert visit.holds(words(visit, "five_lines"), "ran_used_up")
    visit.press(f"button-{PAGE}-try_rate")
    assert visit.holds(words(visit, "digits"), "digits_lost")
    visit.press(f"button-{PAGE}-try_full")
    assert visit.holds(words(visit, "draw"), "drawn_heavy")
    assert flaws(visit) == []
