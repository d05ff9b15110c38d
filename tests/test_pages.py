"""Every page opens in both languages, and its controls do what the words say."""

import functools
import inspect
import itertools
import json
import random
import re

import numpy as np
import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import app_test

from explainer import contents, facts
from explainer.experiments import history, linear_collapse, linear_regression
from explainer.texts import LANGUAGES, load, number
from explainer.ui.hand import N_COLUMNS, write_drawing
from tests.app import CYRILLIC, Visit, flaws
from tests.charts.specs import faults

COLLAPSE = "linear_collapse"
LOCALES = {"ru": "ru-RU", "en": "en-US"}

pytestmark = pytest.mark.usefixtures("one_process", "nothing_is_logged")
each_page = pytest.mark.parametrize("page", contents.built_pages())
each_language = pytest.mark.parametrize("lang", LANGUAGES)


# -- opening ---------------------------------------------------------------------------------------


@each_page
@each_language
def test_every_page_opens_in_both_languages(page, lang):
    visit = Visit(page, locale=LOCALES[lang])
    assert flaws(visit) == []
    assert visit.lang == lang
    assert visit.at.title[0].value == load(page, lang).title
    assert load(page, lang).prose("sentence") in visit.paragraphs


@each_page
def test_every_picture_is_valid_also_as_it_is_sent_at_the_desk_and_on_stage(page):
    for present in ("0", "1"):
        for picture in Visit(page, present=present).pictures.values():
            assert faults(json.loads(picture.spec)) == []


@each_page
def test_an_english_page_holds_no_russian_word(page):
    visit = Visit(page, answer="1", why_not="1")
    words = list(visit.words())
    assert len(words) > 10
    assert [text for text in words if CYRILLIC.search(text)] == []


@each_page
def test_a_russian_page_holds_no_english_sentence(page):
    visit = Visit(page, locale="ru", answer="1", why_not="1")
    two_words = re.compile(r"[A-Za-z]{3,},? [A-Za-z]{3,}")
    for text in visit.words():
        bare = re.sub(r"\$[^$]*\$|`[^`]*`|:material/\w+:|'Source Sans, sans-serif'", "", text)
        assert CYRILLIC.search(bare) or not two_words.search(bare), text


@pytest.mark.parametrize(
    ("locale", "lang"),
    [
        ("ru", "ru"),
        ("ru-RU", "ru"),
        ("RU-ru", "ru"),
        ("en-US", "en"),
        ("de-DE", "en"),
        ("uk-UA", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_a_russian_browser_is_spoken_to_in_russian_and_any_other_in_english(locale, lang):
    assert Visit(locale=locale).at.title[0].value == load("home", lang).title


def test_the_address_is_stronger_than_the_browsers_language():
    assert Visit(locale="ru-RU", lang="en").lang == "en"
    assert Visit(locale="en-US", lang="ru").lang == "ru"


@pytest.mark.parametrize("nonsense", ["", "de", "RU", "ru,en", "1", "../ru", "<b>", "рус"])
def test_nonsense_for_a_language_is_ignored(nonsense):
    for lang, locale in LOCALES.items():
        assert Visit(locale=locale, lang=nonsense).lang == lang


@each_language
def test_a_cold_deep_link_goes_through_the_router(monkeypatch, lang):
    """The first request of a fresh process: Streamlit takes the folder ``pages`` for an app of its own."""
    monkeypatch.setattr(app_test, "PagesManager", PagesManager)
    query = {"lang": lang, "at": "deeper", "depth": "7", "f": "tanh", "present": "1", "embed": "true"}
    visit = Visit(COLLAPSE, locale="de-DE", **query)
    assert flaws(visit) == []
    assert visit.at.title[0].value == load(COLLAPSE, lang).title
    assert visit.at.sidebar.segmented_control(key="lang_switch").value == lang  # our menu, not Streamlit's
    assert (visit.values["depth"], visit.values["f"]) == (7, "tanh")
    assert visit.at.session_state["present"] is True
    assert visit.components("stage")[0]["at"] == "deeper"
    assert visit.at.query_params["embed"] == "true"
    assert PagesManager.uses_pages_directory is False


def test_the_map_links_to_the_pages_that_are_built_and_names_the_others():
    for lang, locale in LOCALES.items():
        visit = Visit(locale=locale)
        links = [link.value for link in visit.at.get("page_link")]
        for page in contents.PAGES[1:]:
            title = load(page, lang).title
            assert (title in links) == contents.is_built(page)
            assert (f"**{title}**" in visit.paragraphs) == (not contents.is_built(page))
            assert load(page, lang).prose("sentence") in visit.paragraphs
        for part in contents.PARTS:
            assert any(visit.t.say(part) in element.value for element in visit.at.subheader)


def test_the_map_has_the_ruler_of_the_walk_through_history():
    visit = Visit()
    ruler, stop = visit.pictures["strip"], history.walk()
    dashes = ruler.frames["dashes"]
    assert np.allclose(dashes["x"], history.timeline().x, atol=1e-6)
    assert (dashes["high"] == np.where(stop.on_route, 1.0, 0.5)).all()
    assert ruler.frames["now"]["name"].tolist() == ["1943"]
    assert f"{len(stop.on_route)} events, {stop.on_route.sum()} of them" in ruler.alt


def test_the_map_leads_back_to_where_the_visitor_was():
    visit = Visit()
    title = load(COLLAPSE, "en").title
    resume = visit.t.say("resume", page=title)
    assert resume not in [link.value for link in visit.at.get("page_link")]
    visit.go(COLLAPSE)
    visit.go("home")
    assert resume in [link.value for link in visit.at.get("page_link")]


# -- language and reset ----------------------------------------------------------------------------


def play(visit: Visit) -> dict[str, object]:
    """Set some controls of every kind and return what all are worth then."""
    visit.move("w11", -2.3)
    visit.move("depth", 9)
    visit.move("noise", 0.35)
    visit.choose("f", "sigmoid")
    visit.choose("target", "abs")
    visit.flip("answer")
    return dict(visit.values)


def test_switching_the_language_changes_the_words_and_no_value():
    visit = Visit(COLLAPSE)
    values = play(visit)
    assert values["w11"] == -2.3
    assert (values["f"], values["answer"]) == ("sigmoid", True)
    for lang in ("ru", "en", "ru", "en"):
        visit.speak(lang)
        assert visit.at.title[0].value == load(COLLAPSE, lang).title
        assert visit.values == values
        assert visit.at.segmented_control(key=f"{COLLAPSE}.f").value == "sigmoid"
        assert visit.at.toggle(key=f"{COLLAPSE}.answer").value is True
        assert flaws(visit) == []


def test_the_language_is_kept_from_page_to_page():
    visit = Visit(locale="en-US")
    visit.speak("ru")
    visit.go(COLLAPSE)
    assert visit.at.title[0].value == load(COLLAPSE, "ru").title


def test_who_leaves_a_page_and_returns_finds_the_controls_as_they_were():
    visit = Visit(COLLAPSE)
    values = play(visit)
    visit.go("home")
    visit.speak("ru")
    visit.go(COLLAPSE)
    assert visit.values == values
    assert visit.sliders["w11"]["value"] == -2.3
    assert visit.at.segmented_control(key=f"{COLLAPSE}.target").value == "abs"


def test_reset_returns_a_page_to_its_defaults():
    visit = Visit(COLLAPSE)
    defaults = dict(visit.values)
    assert play(visit) != defaults
    visit.press("reset")
    assert visit.values == defaults
    assert visit.link == {}
    assert visit.at.segmented_control(key=f"{COLLAPSE}.f").value == defaults["f"]
    assert visit.at.toggle(key=f"{COLLAPSE}.answer").value is False
    assert flaws(visit) == []


def test_reset_on_the_map_returns_all_pages_to_their_defaults():
    visit = Visit(COLLAPSE)
    defaults = dict(visit.values)
    play(visit)
    visit.go("home")
    visit.press("reset_all")
    assert flaws(visit) == []
    visit.go(COLLAPSE)
    assert visit.values == defaults


def test_what_a_slider_sent_before_a_reset_does_not_count_after_it():
    visit = Visit(COLLAPSE)
    before = visit.revision
    visit.move("w11", 2.5)
    visit.press("reset")
    visit.move("w11", 1.5, revision=before)
    assert visit.values["w11"] == 0.5
    visit.move("w11", 1.5)
    assert visit.values["w11"] == 1.5


def test_a_slider_hears_back_which_of_its_messages_was_heard():
    visit = Visit(COLLAPSE)
    for value in (1.0, -1.0):
        visit.move("w11", value)
        assert visit.sliders["w11"]["serial"] == visit.serial
        assert visit.sliders["w11"]["value"] == value


@each_language
def test_presenter_mode_is_entered_by_link_or_button_and_left_by_either_button(lang):
    visit = Visit(COLLAPSE, lang=lang, present="1")
    assert visit.at.session_state["present"] is True
    assert "leave" in [button.key for button in visit.at.button]
    visit.press("leave")
    assert visit.at.session_state["present"] is False
    assert "leave" not in [button.key for button in visit.at.button]
    visit.press("present")
    assert visit.at.session_state["present"] is True
    assert flaws(visit) == []


def test_on_stage_the_pictures_have_larger_type_and_the_same_data():
    desk, stage = Visit(COLLAPSE).pictures, Visit(COLLAPSE, present="1").pictures
    assert set(desk) == set(stage)
    for name in desk:
        sizes = [
            max(map(int, re.findall(r'"(?:labelFontSize|titleFontSize|fontSize)": ?(\d+)', p[name].spec)))
            for p in (desk, stage)
        ]
        assert 24 <= sizes[1] > sizes[0]
        for key, frame in desk[name].frames.items():
            assert frame.equals(stage[name].frames[key])


# -- links -----------------------------------------------------------------------------------------

JUNK = [
    "",
    "junk",
    "nan",
    "-inf",
    "1e999",
    "99999",
    "-99999",
    "None",
    "true",
    "[1]",
    "1,5",
    "½",
    "' or 1=1",
    "<i>",
]
STRANGE = ("at", "present", "page", "nonsense")  # parameters that are no control's


@functools.cache
def defaults_of(page: str) -> dict[str, object]:
    return Visit(page).values


def _falls_back(page: str, query: dict[str, str]) -> None:
    visit = Visit(page, **query)
    assert flaws(visit) == [], query
    assert visit.values == defaults_of(page), query
    assert visit.link == {}, query
    assert visit.at.session_state["present"] is False, query


@pytest.mark.parametrize("junk", JUNK)
def test_any_junk_in_every_parameter_of_the_address_falls_back_to_the_defaults(junk):
    _falls_back(COLLAPSE, dict.fromkeys([*defaults_of(COLLAPSE), *STRANGE], junk))


@each_page
@pytest.mark.parametrize("first", range(0, len(JUNK), 4))
def test_junk_in_every_parameter_of_every_page_falls_back_to_the_defaults(page, first):
    """Every parameter gets another piece of junk; a few turns, and each has met several."""
    junk = itertools.islice(itertools.cycle(JUNK), first, None)
    _falls_back(page, dict(zip([*defaults_of(page), *STRANGE], junk, strict=False)))


def test_junk_for_one_control_does_not_spoil_the_others():
    visit = Visit(COLLAPSE, w11="junk", depth="11", f="cosine", width="16", target="abs", noise="0.6")
    values = visit.values
    assert (values["w11"], values["depth"], values["f"]) == (0.5, 3, "relu")
    assert (values["width"], values["target"], values["noise"]) == (16, "abs", 0.6)


def test_junk_from_a_slider_is_not_believed():
    visit = Visit(COLLAPSE)
    for junk in (None, "junk", [], {}, [1], float("nan"), float("inf"), -1e308, 10**400, 3.2, "9" * 500):
        visit.move("v22", junk)
        assert flaws(visit) == [], junk
        assert visit.values["v22"] == -0.5


def test_a_message_of_an_unknown_shape_is_ignored():
    visit = Visit(COLLAPSE)
    for junk in (None, 5, "junk", [], [1], {"rev": "x"}, {"rev": None, "value": 2}, {"value": 2}):
        visit.at.session_state[f"{COLLAPSE}.w11"] = {"moved": junk}
        visit.at.run()
        assert flaws(visit) == [], junk
        assert visit.values["w11"] == 0.5


def test_a_value_between_the_steps_is_put_on_the_nearest():
    visit = Visit(COLLAPSE, w11="1.2345", depth="3.4", noise="0.199")
    assert (visit.values["w11"], visit.values["depth"], visit.values["noise"]) == (1.2, 3, 0.2)
    assert isinstance(visit.values["depth"], int)


def test_a_link_carries_what_differs_from_the_defaults_and_nothing_else():
    visit = Visit(COLLAPSE)
    assert visit.link == {}
    values = play(visit)
    assert visit.link == {
        "w11": "-2.3",
        "depth": "9",
        "noise": "0.35",
        "f": "sigmoid",
        "target": "abs",
        "answer": "1",
    }
    assert Visit(COLLAPSE, **visit.link).values == values


def test_an_address_is_read_once_and_then_the_hand_counts():
    visit = Visit(COLLAPSE, w11="2.0", f="tanh")
    visit.move("w11", -1.0)
    visit.choose("f", "relu")
    assert (visit.values["w11"], visit.values["f"]) == (-1.0, "relu")


# -- the page on linear collapse -------------------------------------------------------------------

WEIGHTS = ("w11", "w21", "w12", "w22", "w1", "w2")
V_WEIGHTS = ("v11", "v21", "v12", "v22", "v1", "v2")


def drawn(visit: Visit, picture: str) -> list[np.ndarray]:
    """Return the values of the curves of a picture, in the order in which they were sent."""
    frame = visit.pictures[picture].frames["lines"]
    return [group["value"].to_numpy() for _, group in frame.groupby("curve")]


def test_the_answer_is_hidden_until_it_is_asked_for():
    for lang in LANGUAGES:
        visit = Visit(COLLAPSE, lang=lang)

        def gives_away(visit: Visit = visit) -> dict[str, bool]:
            formula = " ".join(m.value for m in visit.at.get_by_key("formula-two_regressions").markdown)
            below = visit.at.get_by_key("words-two_regressions")
            return {
                "line": "y" in set(visit.pictures["two_regressions"].frames["lines"]["line"]),
                "formula": r"\gamma_1" in formula,
                "words": visit.t.prose("answer_answer") in visit.paragraphs,
                "alt": "−0.50" in visit.pictures["two_regressions"].alt,
                "difference": any(visit.holds(m.value, "largest_difference") for m in below.markdown),
            }

        assert set(gives_away().values()) == {False}
        assert visit.t.prose("answer_question") in visit.paragraphs
        visit.flip("answer")
        assert set(gives_away().values()) == {True}
        assert visit.t.prose("answer_question") not in visit.paragraphs
        visit.flip("answer")
        assert set(gives_away().values()) == {False}


def test_the_formula_has_the_numbers_of_the_moment():
    visit = Visit(COLLAPSE, answer="1", w1="-2.0", w11="1.5", w2="3.0", w12="-0.5", w21="0.0", w22="2.0")
    formula = " ".join(m.value for m in visit.at.get_by_key("formula-two_regressions").markdown)
    for piece in ("−2.0", "1.5", "(−0.5)", "= −4.50 + 6.00"):  # gamma1 = -3 - 1.5, gamma2 = 0 + 6
        assert piece in formula


def test_the_first_pictures_show_the_network_that_the_six_sliders_set():
    visit = Visit(COLLAPSE, answer="1")
    hand = random.Random(0)
    for _ in range(5):
        w = {name: hand.randint(-30, 30) / 10 for name in WEIGHTS}
        for name, value in w.items():
            visit.stage(name, value)
        visit.at.run()
        net = linear_collapse.two_regressions(**w)
        for found, expected in zip(drawn(visit, "two_regressions"), [*net.hidden, net.output], strict=True):
            assert found == pytest.approx(expected, abs=1e-5)
        edges = visit.pictures["graph"].frames["edges"]
        signs = edges["sign"].map({"+": 1, "−": -1})
        assert (edges["size"] * signs).tolist() == pytest.approx(list(w.values()))
        numbers = re.findall(r"−?\d\.\d", visit.pictures["graph"].alt)
        assert [float(n.replace("−", "-")) for n in numbers] == list(w.values())


def test_deeper_shows_the_network_of_that_depth_width_and_seed():
    visit = Visit(COLLAPSE)
    for depth, width, seed in [(1, 1, 0), (1, 16, 3), (10, 16, 9), (4, 2, 5)]:
        for name, value in (("depth", depth), ("width", width), ("seed", seed)):
            visit.stage(name, value)
        visit.at.run()
        assert flaws(visit) == []
        net = linear_collapse.deeper(depth=depth, width=width, seed=seed)
        for found, expected in zip(drawn(visit, "deeper"), [*net.hidden, net.output], strict=True):
            assert found == pytest.approx(expected, abs=1e-4)
        assert len(visit.pictures["matrices"].frames["tiles"]) == depth + 1
        assert visit.says("two_only" if depth == 1 else "pretend")
        if depth > 1:
            assert visit.t.say(
                "pretend", n=net.n_parameters, gamma_1=net.gamma_1, gamma_2=net.gamma_2
            ) in " ".join(visit.paragraphs)
            assert f"2×{width}" in visit.pictures["matrices"].alt


def test_with_f_the_picture_and_the_verdict_are_those_of_the_sliders():
    visit = Visit(COLLAPSE)
    hand = random.Random(1)
    for f in ("relu", "tanh", "sigmoid", "identity"):
        visit.choose("f", f)
        v = {name: hand.randint(-30, 30) / 10 for name in V_WEIGHTS}
        for name, value in v.items():
            visit.stage(name, value)
        visit.at.run()
        net = linear_collapse.with_activation(f=f, **v)
        expected = [*net.terms, net.output, net.best_line]
        for found, curve in zip(drawn(visit, "with_activation"), expected, strict=True):
            assert found == pytest.approx(curve, abs=1e-4)
        assert visit.says(f"verdict_{net.verdict}")
        said = visit.pictures["with_activation"].alt
        if net.verdict == "bends":
            assert number(net.residual) in said
        else:
            assert visit.holds(said, "zero_rounded") or visit.holds(said, "zero_exactly")


@each_language
def test_the_identity_leaves_a_line_and_the_page_says_so(lang):
    visit = Visit(COLLAPSE, lang=lang)
    assert visit.says("verdict_bends")
    visit.choose("f", "identity")
    *_, y, line = drawn(visit, "with_activation")
    assert y == pytest.approx(line, abs=1e-6)
    assert visit.says("verdict_identity")
    assert not visit.says("verdict_bends")
    assert visit.holds(visit.pictures["with_activation"].alt, "zero_rounded")


def test_why_not_is_answered_on_request():
    visit = Visit(COLLAPSE)
    assert visit.t.prose("why_not_question") in visit.paragraphs
    visit.flip("why_not")
    assert visit.t.prose("why_not_answer") in visit.paragraphs
    assert visit.t.prose("why_not_question") not in visit.paragraphs


def test_training_shows_the_three_networks_of_these_settings():
    visit = Visit(COLLAPSE)
    for target, f, neurons, noise, sample in [
        ("line", "relu", 8, 0.6, 9),
        ("parabola", "sigmoid", 1, 0.05, 0),
    ]:
        for name, value in (("neurons", neurons), ("noise", noise), ("sample", sample)):
            visit.stage(name, value)
        visit.choose("target", target)
        visit.choose("train_f", f)
        assert flaws(visit) == []
        net = linear_collapse.train_it(target=target, train_f=f, neurons=neurons, noise=noise, sample=sample)
        runs = (net.one_layer, net.deep_linear, net.with_f)
        frames = visit.pictures["training"].frames
        assert frames["points"]["value"].to_numpy() == pytest.approx(net.y, abs=1e-5)
        assert frames["curve"]["value"].to_numpy() == pytest.approx(net.curve, abs=1e-5)
        for run, (_, group) in zip(runs, frames["runs"].groupby("line", sort=False), strict=True):
            assert group["f0"].to_numpy() == pytest.approx(run.y_hat[0], abs=1e-4)
            assert group["f59"].to_numpy() == pytest.approx(run.y_hat[-1], abs=1e-4)
        losses = visit.pictures["losses"].frames["losses"]
        for run, (_, group) in zip(runs, losses.groupby("line", sort=False), strict=True):
            assert group["value"].to_numpy() == pytest.approx(run.train_loss, rel=1e-4)
        assert visit.says(f"verdict_{net.verdict}")


def test_the_page_says_how_many_attempts_the_network_took_and_whether_they_helped():
    for neurons, noise, sample, target in [(4, 0.2, 0, "sine"), (3, 0.1, 2, "parabola"), (1, 0.3, 6, "line")]:
        settings = {"target": target, "train_f": "relu", "neurons": neurons, "noise": noise, "sample": sample}
        visit = Visit(COLLAPSE, **{name: str(value) for name, value in settings.items()})
        net = linear_collapse.train_it(**settings)
        (said,) = [m.value for m in visit.at.get_by_key("words-train_it").markdown]
        lucky = net.with_f.start > 1 and net.verdict != "stuck"
        assert visit.holds(said, f"verdict_{net.verdict}")
        assert visit.holds(said, "attempt") == lucky
        if lucky:
            assert visit.t.say("attempt", n=net.with_f.start) in said
        if net.verdict == "stuck":
            assert number(net.with_f.train_loss[-1]) in said  # where it is stuck, not where it should be
    assert net.verdict == "stuck"


def test_the_play_bar_has_every_networks_losses_in_every_frame():
    visit = Visit(COLLAPSE)
    (bar,) = visit.components("play_bar")
    assert bar["frames"] == linear_collapse.N_FRAMES
    net = linear_collapse.train_it()
    for row, run in zip(bar["rows"], (net.one_layer, net.deep_linear, net.with_f), strict=True):
        for shown, losses in zip(row["values"], (run.train_loss, run.fresh_loss), strict=True):
            assert len(shown) == linear_collapse.N_FRAMES
            assert float(shown[-1]) == pytest.approx(losses[-1], rel=0.006)
            assert float(shown[0]) == pytest.approx(losses[0], rel=0.006)
    assert "{n}" in bar["frame"]
    assert len(bar["columns"]) == 2


PRESETS = {
    "try_cancel": {"f": "relu", "v11": 0.5, "v21": 1.0, "v12": -0.5, "v22": -1.0, "v1": 1.0, "v2": -1.0},
    "try_ten": {"depth": 10, "width": 16},
    "try_noise": {"target": "line", "neurons": 8},
}


@pytest.mark.parametrize("name", PRESETS)
def test_one_press_sets_an_experiment_up_wherever_the_controls_stood(name):
    visit = Visit(COLLAPSE, f="sigmoid", v11="-3", depth="2", target="sine", neurons="1", w1="2.5")
    before = dict(visit.values)
    visit.press(f"button-{COLLAPSE}-{name}")
    assert flaws(visit) == []
    assert visit.values == before | PRESETS[name]
    assert visit.components("stage")[0]["go"]["at"] in ("with_activation", "deeper", "train_it")
    visit.press(f"button-{COLLAPSE}-{name}")
    assert visit.components("stage")[0]["go"]["serial"] == 2  # pressed again, it brings the movement up again


def test_the_experiments_show_what_their_words_promise():
    visit = Visit(COLLAPSE)
    visit.press(f"button-{COLLAPSE}-try_cancel")
    assert visit.says("verdict_cancelled")
    for name, step in itertools.product(V_WEIGHTS, (0.1, -0.1)):  # "Move any weight by 0.1"
        moved = PRESETS["try_cancel"] | {name: round(PRESETS["try_cancel"][name] + step, 1)}
        assert linear_collapse.with_activation(**moved).verdict == "bends"
    visit.press(f"button-{COLLAPSE}-try_ten")
    assert "2096" in " ".join(visit.paragraphs)
    visit.press(f"button-{COLLAPSE}-try_noise")
    assert visit.says("verdict_noise")


def test_the_source_that_is_shown_is_the_source_that_ran():
    visit = Visit(COLLAPSE)
    shown = [code.value.strip() for code in visit.at.code]
    names = ("two_regressions", "deeper", "with_activation", "train_it")
    assert shown == [inspect.getsource(getattr(linear_collapse, name)).strip() for name in names]
    visit.at.session_state[f"source-{COLLAPSE}"] = False
    visit.at.run()
    assert not visit.at.code, "what is closed is not sent"


def test_a_step_that_fails_leaves_a_sentence_and_everything_else_alive(monkeypatch, caplog):
    def deeper(**settings: object) -> None:
        raise ArithmeticError("out of numbers")

    visit = Visit(COLLAPSE)
    with monkeypatch.context() as broken:
        broken.setattr(linear_collapse, "deeper", deeper)
        visit.move("depth", 5)
        assert [e.value for e in visit.at.error] == [visit.t.say("failed")]
        assert "out of numbers" in caplog.text
        assert not any("out of numbers" in text for text in visit.words())
        assert {"depth", "width", "w11", "neurons"} <= set(visit.sliders)
        assert {"two_regressions", "with_activation", "training"} <= set(visit.pictures)
        visit.move("w11", 2.0)  # another movement goes on
        assert visit.values["w11"] == 2.0
    caplog.clear()
    visit.move("width", 6)
    assert flaws(visit) == []
    assert (visit.values["depth"], visit.values["width"]) == (5, 6)


# -- the longer words ------------------------------------------------------------------------------


def test_the_longer_words_and_the_numbers_are_sent_when_they_are_opened():
    visit = Visit(COLLAPSE)
    key = f"more-{COLLAPSE}-deeper"
    words = visit.t.prose("deeper_more")
    download = f"download-{COLLAPSE}-deeper"
    assert words in [m.value for m in visit.at.markdown]
    assert download in [b.key for b in visit.at.download_button]
    visit.at.session_state[key] = False
    visit.at.run()
    assert words not in [m.value for m in visit.at.markdown]
    assert download not in [b.key for b in visit.at.download_button]


# -- the page "Universal approximation": a curve that a hand draws -------------------------------------

UA = "universal_approximation"
NO_LINKS = ["1", "zz" * N_COLUMNS, "12" * (N_COLUMNS + 1), "٣٤" * N_COLUMNS, "__", "1" * 99_999]


@pytest.mark.parametrize("text", NO_LINKS, ids=lambda text: text[:8])
def test_a_junk_drawing_in_the_link_is_an_empty_sheet(text):
    visit = Visit(UA, target="drawn", drawn=text)
    assert visit.says("remark_empty")
    assert "drawn" not in visit.link
    assert flaws(visit) == []


@pytest.mark.parametrize(
    ("heights", "remark"),
    [
        ([None] * 64, "remark_empty"),
        ([0.4] + [None] * 63, "remark_one_point"),
        ([0.4] * 64, "remark_constant"),
        ([0.1] * 32 + [0.9] * 32, "made_lm"),
    ],
)
def test_every_movement_shows_the_drawing_and_says_what_is_odd_about_it(heights, remark):
    link = write_drawing(heights)
    names = ("target", "made_target", "error_target", "far_target")
    visit = Visit(UA, drawn=link, hidden="9", **dict.fromkeys(names, "drawn"))
    assert visit.says(remark)
    assert flaws(visit) == []
    assert visit.link["drawn" if any(h is not None for h in heights) else "target"] in (link, "drawn")
    level = 0.5 if remark == "remark_empty" else heights[0]
    for name in ("two_nets", "how_it_is_made", "limits"):
        lines = visit.pictures[name].frames["lines"]
        target = lines[lines["line"] == visit.t.say("target_curve")].sort_values("x")
        assert target["value"].iloc[0] == pytest.approx(level)


def test_a_hand_points_at_the_numbers_that_the_axes_show():
    visit = Visit(UA, target="drawn")
    (data,) = visit.components("drawing")
    spec = json.loads(visit.pictures[data["picture"].rpartition("-")[2]].spec)
    assert spec["encoding"]["x"]["scale"]["domain"] == data["x"]
    assert spec["encoding"]["y"]["scale"]["domain"] == data["y"]


# -- the page "Frameworks": a text that a reader types -----------------------------------------------


@each_language
def test_a_text_that_is_refused_gets_its_sentence_and_leaves_the_last_good_picture(lang):
    visit = Visit("frameworks", lang=lang)
    visit.write("program", "c = a * a; d = c + b")
    drawn, link = visit.pictures["trace"].frames["nodes"], visit.link
    for text, reason in [
        ("__import__('os')", "word"),
        ("10**10**10", "power"),
        ("", "empty"),
        ("c = (a", "grammar"),
    ]:
        visit.write("program", text)
        assert visit.says(f"refused_{reason}"), text
        assert visit.pictures["trace"].frames["nodes"].equals(drawn)
        assert (visit.link, flaws(visit)) == (link, [])
    visit.write("program", "a / b")
    assert not visit.says("refused_grammar")
    assert visit.link["program"] == "a / b"
    assert Visit("frameworks", **visit.link).values == visit.values


def test_a_text_from_the_address_is_bounded():
    for text in ("a" * 100_000, "a+" * 99 + "a", "<b>", "__import__('os')"):
        visit = Visit("frameworks", program=text)
        assert visit.at.text_input(key="frameworks.program").value == "c = b * a; d = c + 1"
        assert (visit.link, flaws(visit)) == ({}, [])


def test_the_buttons_of_the_pluses_and_minuses_set_the_step_that_shows_them():
    visit = Visit("frameworks", program="a * 2", lane_step="1")
    visit.press("button-frameworks-plus_unused")
    assert visit.says("right_compile")
    assert "unused" in set(visit.pictures["trace"].frames["nodes"]["state"])
    visit.press("button-frameworks-plus_memory")
    assert "merged" in set(visit.pictures["trace"].frames["nodes"]["state"])
    visit.press("button-frameworks-minus_errors")
    assert visit.says("left_error")
    assert visit.says("right_error")
    visit.press("button-frameworks-plus_derivatives")
    visit.move("steps_back", visit.sliders["steps_back"]["max"])
    assert visit.says("back_done")
    assert flaws(visit) == []


# -- the page on linear regression -----------------------------------------------------------------

REGRESSION = "linear_regression"


def drag(visit: Visit, name: str, *points: tuple[float, float]) -> None:
    """Put points somewhere else, as the sheet over their picture reports it."""
    (data,) = [d for d in visit.components("points") if d["name"] == name]
    visit.serial += 1
    message = {"value": [list(point) for point in points], "serial": visit.serial, "rev": data["rev"]}
    visit.at.session_state[f"{visit.page}.{name}"] = {"moved": message}
    visit.at.run()


def test_the_line_follows_the_points_and_a_preset_brings_its_own():
    visit = Visit(REGRESSION)
    drag(visit, "points", (-1.0, 0.0), (1.0, 2.0))
    assert flaws(visit) == []
    frames = visit.pictures["points_and_line"].frames
    assert frames["points"][["x", "value"]].to_numpy().tolist() == [[-1, 0], [1, 2]]
    assert frames["line"]["value"].tolist() == pytest.approx([-2, 4], abs=1e-5)
    assert "y = 1.00 + 1.00" in " ".join(visit.paragraphs).replace(r"\hat{y}", "y")
    assert visit.link["points"] == "-1.0_0.0*1.0_2.0"
    visit.choose("points_preset", "same_x")
    assert visit.says("fit_equal_x")
    assert len(visit.pictures["points_and_line"].frames["points"]) == 4
    assert "points" not in visit.link


def test_the_errors_are_drawn_and_named_when_they_are_asked_for():
    visit = Visit(REGRESSION)
    for shown in (False, True):
        errors = visit.pictures["points_and_line"].frames["errors"]
        assert bool((errors["value"] != errors["y_hat"]).any()) == shown
        assert visit.says("line_errors") == shown
        visit.flip("penalty")


@each_language
def test_points_above_each_other_get_a_sentence_and_the_shortest_weights(lang):
    visit = Visit(REGRESSION, lang=lang)
    assert visit.says("form_full_rank")
    drag(visit, "form_points", (2.0, -1.0), (2.0, 3.0))
    assert flaws(visit) == []
    assert visit.says("form_equal_x")
    formula = " ".join(m.value for m in visit.at.get_by_key("formula-matrix_form").markdown)
    assert r"X^{+} y = \begin{pmatrix} 0.20 \\ 0.40 \end{pmatrix}" in formula
    assert "^{-1}" not in formula
    drag(visit, "form_points", (2.0, -1.0))
    assert visit.says("form_single_point")
    assert flaws(visit) == []


def test_what_the_descent_says_of_every_learning_rate_is_what_it_does():
    visit = Visit(REGRESSION, gd_preset="some_noise")
    for rate, verdict in ((0.01, "on_the_way"), (0.2, "arrived"), (0.36, "grows"), (0.6, "diverged")):
        visit.move("gd_rate", rate)
        assert flaws(visit) == []
        run = linear_regression.descent(
            points=linear_regression.POINTS["some_noise"], gd_start=(2.0, 2.0), gd_rate=rate
        )
        (said,) = [m.value for m in visit.at.get_by_key("words-descent").markdown]
        assert visit.holds(said, f"gd_{verdict}")
        assert number(run.critical) in said
        way = visit.pictures["surface"].frames["way"]
        assert way[["x", "value"]].to_numpy() == pytest.approx(run.way, rel=1e-5, abs=1e-5)


def test_the_descent_starts_where_the_hand_puts_it():
    visit = Visit(REGRESSION)
    drag(visit, "gd_start", (-2.5, 0.5))
    assert visit.pictures["surface"].frames["way"][["x", "value"]].iloc[0].tolist() == [-2.5, 0.5]
    assert visit.link["gd_start"] == "-2.5_0.5"
    drag(visit, "gd_start", (-9.0, 0.5))  # beyond the axes: not believed
    assert visit.pictures["surface"].frames["way"][["x", "value"]].iloc[0].tolist() == [-2.5, 0.5]


def test_creases_and_rings_appear_with_the_answer_and_the_outlier_moves_both_lines():
    visit = Visit(REGRESSION)
    for shown in (False, True):
        frames = visit.pictures["facets"].frames
        assert (len(frames["creases"]) == 9) == shown
        assert (visit.pictures["two_lines"].frames["rings"]["x"].abs() < 10).all() == shown
        visit.flip("exact")
    before = visit.pictures["two_lines"].frames["lines"]["value"].to_numpy()
    drag(visit, "outlier", (-1.0, 4.0))
    after = visit.pictures["two_lines"].frames["lines"]["value"].to_numpy()
    assert (np.abs(after - before) > 0.01).all()
    assert flaws(visit) == []


def test_the_play_bar_counts_down_to_both_minima():
    bars = {tuple(bar["columns"]): bar for bar in Visit(REGRESSION).components("play_bar")}
    fits = linear_regression.mse_against_mae()
    (bar,) = [bar for bar in bars.values() if len(bar["rows"]) == 2]
    for row, fit in zip(bar["rows"], (fits.mse, fits.mae), strict=True):
        assert row["values"][0] == [number(float(value)) for value in fit.losses]
        assert row["values"][1] == [number(float(value)) for value in fit.distances]


def test_the_regression_experiments_show_what_their_words_promise():
    visit = Visit(REGRESSION)
    for name in ("try_vertical", "try_edge", "try_crease"):
        visit.press(f"button-{REGRESSION}-{name}")
        assert flaws(visit) == []
    assert visit.values["form_points"] == ((1.0, -1.0), (1.1, 1.0))
    assert visit.says("form_full_rank")
    assert visit.says("gd_on_the_way")
    visit.move("gd_rate", 0.36)
    assert visit.says("gd_grows")
    visit.move("gd_rate", 0.25)
    assert visit.says("gd_arrived")
    drag(visit, "form_points", (1.0, -1.0), (1.0, 1.0))
    assert visit.says("form_equal_x")


# -- the page "A little history" -----------------------------------------------------------------------

HISTORY = "history"


@each_language
def test_the_card_shows_the_event_its_source_and_what_the_slide_says(lang):
    visit = Visit(HISTORY, lang=lang, route="route_slides")
    slides = facts.load("history_slides").set_index("event")
    table = facts.load("timeline")
    stops = table[table["id"].isin(slides.index)].to_dict("records")
    for i in (1, 2, 9, len(stops)):
        visit.move("event", i)
        (card,) = [m.value for m in visit.at.get_by_key("words-walk").markdown]
        event = stops[i - 1]
        for words in (str(event["year"]), event[f"title_{lang}"], slides[f"fact_{lang}"][event["id"]]):
            assert words in card
        assert event["source"].split("; ")[0] in card
        assert flaws(visit) == []


def test_what_nobody_has_checked_says_so():
    visit = Visit(HISTORY, route="route_all")
    table = facts.load("timeline")
    for i in (0, 1, 3, 9):
        visit.move("event", i + 1)
        (card,) = [m.value for m in visit.at.get_by_key("words-walk").markdown]
        verified = table["verified"][i]
        assert (visit.t.say("unchecked") in card) == (verified == "no")
        assert (visit.t.say("partly_checked") in card) == (verified == "partly")


@each_language
def test_a_filter_that_finds_nothing_is_a_sentence(lang):
    visit = Visit(HISTORY, lang=lang, years="era_birth", kind="kind_framework")
    assert visit.says("nothing_found")
    assert visit.pictures["timeline"].frames["events"]["shown"].sum() == 0
    assert flaws(visit) == []


@each_language
def test_the_list_for_a_phone_holds_what_the_picture_shows(lang):
    visit = Visit(HISTORY, lang=lang, years="era_thaw")
    (text,) = [m.value for m in visit.at.get_by_key("words-timeline").markdown]
    table = facts.load("timeline").query("era == 'thaw'")
    assert text.count("\n") == len(table)  # and the era's own line
    assert all(title in text for title in table[f"title_{lang}"])


def test_the_years_after_2011_are_hidden_until_they_are_asked_for():
    visit = Visit(HISTORY)
    for shown in (False, True):
        winners = visit.pictures["alexnet"].frames["winners"]
        assert (winners["shown"].sum() == 8) == shown
        assert ("16.4" in visit.pictures["alexnet"].alt) == shown
        found = visit.pictures["winters"].frames["found"]
        assert bool(found["shown"].all()) == shown
        visit.flip("drop")
        visit.flip("common")
