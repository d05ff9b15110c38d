"""How a visitor comes in: by a cold deep link, a prepared one, a broken one, a reload, in either language."""

import re
import time
from urllib.parse import urlencode

from tests.browser.visitor import PAGE, eventually
from tests.server import free_port, serve

# What is written in Latin letters in Russian too: names of functions, keys, measures and files.
_INTERNATIONAL = (
    r"\b(ReLU|relu|tanh|torch|MSE|logloss|Softmax|LEGO|CSV|ZIP|PNG|SVG|PageDown|PageUp|English|Language|Streamlit|Goodfellow"
    r"|Bengio|Courville|Deep Learning|MIT Press|PyTorch|[a-z]{1,2})\b"
)
# Streamlit's own words, which it has in English only.
_STREAMLIT = re.compile(
    r"^(Sidebar|Collapse sidebar|App pages|Copy to clipboard)$"
    r"|^(Show data|Download as PNG|Copy Vega-Lite spec|Fullscreen)\b"
)
_SPOKEN = """() => [...probe.all()]
    .filter(e => e.checkVisibility())
    .filter(e => !probe.within(e, "pre, code, [aria-hidden=true], [data-testid=stIconMaterial]"))
    .flatMap(e => ["aria-label", "aria-valuetext", "title", "alt", "placeholder"].map(a => e.getAttribute(a)))
    .filter(Boolean)"""
_WRITTEN = "() => probe.texts().filter(t => !t.code && !t.symbol).map(t => t.text)"
_STATE = {
    "sliders": {"depth": 7, "width": 9, "seed": 5, "w11": -1.5, "v2": 2.4, "neurons": 6, "noise": 0.35},
    "choices": {"f": "tanh", "target": "abs", "train_f": "relu"},
    "toggles": {"answer": "1"},
}
_QUERY = {k: str(v) for part in _STATE.values() for k, v in part.items()} | {"noise": "0.35"}


def _words(visitor):
    return [visitor.page.title(), *visitor.page.evaluate(_WRITTEN), *visitor.page.evaluate(_SPOKEN)]


def _controls(visitor):
    """Return everything that the controls of the test state show."""
    return (
        {name: visitor.value(name) for name in _STATE["sliders"]},
        {name: visitor.chosen(name) for name in _STATE["choices"]},
        {name: visitor.toggled(name) for name in _STATE["toggles"]},
    )


_SET = (_STATE["sliders"], {"f": "tanh", "target": "|x|", "train_f": "ReLU"}, {"answer": True})


def test_a_cold_deep_link_opens_the_right_page_in_the_right_language_with_our_menu(browser, visit):
    with serve(keep=False) as server:
        v = visit(f"/{PAGE}?lang=ru&depth=5", server=server)
        assert v.page.locator("h1").text_content() == "Регрессия из регрессий"
        assert v.page.evaluate("document.documentElement.lang") == "ru"
        menu = v.page.locator('[data-testid="stSidebarNavLink"]').all_text_contents()
        assert "Регрессия из регрессий" in menu, "Streamlit's own menu would show file names"
        assert v.page.get_by_role("dialog").count() == 0, "“Page not found”"
        icon = v.page.locator("link[rel~=icon]").get_attribute("href")
        assert icon.startswith("data:image/png"), "a file is gone whenever a run begins anew"
        v.says("deeper", "График: 5 слоёв")
        eventually(v.address, (PAGE, {"depth": "5"}))


def test_a_server_that_was_asleep_and_forgot_everybody_loses_no_value(browser, visit):
    port = free_port()
    with serve(port=port, keep=False) as server:
        v = visit(f"/{PAGE}?lang=ru", server=server)
        v.drag("depth", 7)
        v.choose("f", "tanh")
        state = (PAGE, {"depth": "7", "f": "tanh"})
        eventually(v.address, state)
    v.forgive(
        "WebSocket|ERR_CONNECTION|Failed to fetch|disconnected from server|Connection lost|Failed to load"
    )
    asleep = time.monotonic()
    with serve(port=port, keep=False):
        v.recover(since=asleep)
        v.drag("width", 9)
        eventually(v.address, (PAGE, {"depth": "7", "width": "9", "f": "tanh"}))
        assert (v.value("depth"), v.value("width"), v.chosen("f")) == (7, 9, "tanh")
        v.says("deeper", "График: 7 слоёв по 9 нейронов")


def test_the_switch_changes_every_word_and_no_value_and_stays_at_the_movement(visit):
    v = visit(f"/{PAGE}?{urlencode(_QUERY)}&at=train_it", locale="ru-RU")
    eventually(v.on_stage, "train_it")
    v.unfold()
    v.settle().says("losses", "График потерь")
    russian = _words(v)
    foreign = [
        words
        for words in russian
        if re.search("[A-Za-z]{3,}", re.sub(_INTERNATIONAL, "", words)) and not _STREAMLIT.match(words)
    ]
    assert foreign == []
    assert v.page.evaluate("document.documentElement.lang") == "ru"

    v.speak("English")
    v.says("deeper", "Chart: 7 layers of 9 neurons")
    left = ["Русский", "Язык · Language"]  # the switch, which speaks both, and its name for screen readers
    eventually(lambda: [words for words in _words(v) if re.search("[а-яё]", words, re.I)], left)
    english = _words(v)
    assert v.page.evaluate("document.documentElement.lang") == "en"
    assert english[0] != russian[0], "the title of the window"
    eventually(lambda: "all hidden neurons" in v.words_in("deeper"), True)  # the legend
    eventually(lambda: "step" in v.words_in("losses"), True)  # the axis
    eventually(lambda: _controls(v), _SET)
    eventually(v.address, (PAGE, _QUERY))

    v.speak("Русский")
    v.says("deeper", "График: 7 слоёв по 9 нейронов")
    eventually(lambda: set(_words(v)) - set(russian), set())
    eventually(lambda: _controls(v), _SET)
    eventually(lambda: (v.on_stage(), v.at()), ("train_it", "train_it"))


def test_the_browser_chooses_the_language_and_nonsense_in_the_link_is_ignored(visit):
    assert visit("/?lang=tlh", locale="ru-RU").page.evaluate("document.documentElement.lang") == "ru"
    assert visit("/?lang=", locale="de-DE").page.evaluate("document.documentElement.lang") == "en"


def test_a_prepared_link_opens_exactly_its_moment_and_a_reload_keeps_it(visit):
    link = _QUERY | {"at": "with_activation", "present": "1", "lang": "ru"}
    v = visit(f"/{PAGE}?{urlencode(link)}")

    def check():
        eventually(lambda: (v.on_stage(), v.at()), ("with_activation", "with_activation"))
        assert not v.page.locator('[data-testid="stSidebar"]').is_visible()
        eventually(lambda: _controls(v), _SET)
        v.says("deeper", "График: 7 слоёв по 9 нейронов")
        v.says("with_activation", "tanh")
        eventually(lambda: "w₁₁ = −1.5" in v.words_in("graph"), True)
        eventually(v.address, (PAGE, {k: text for k, text in link.items() if k not in ("lang", "at")}))

    check()
    v.page.reload()
    v.settle(PAGE)
    check()


def test_a_reload_brings_back_what_the_hand_and_the_keys_have_done(visit):
    v = visit(f"/{PAGE}")
    v.drag("depth", 6)
    v.toggle("answer")
    v.speak("Русский")
    v.press("p", "PageDown")
    eventually(lambda: v.page.locator('[data-testid="stSidebar"]').is_visible(), False)
    state = (PAGE, {"depth": "6", "answer": "1", "present": "1"})
    eventually(v.address, state)
    eventually(lambda: (v.on_stage(), v.at()), ("deeper", "deeper"))
    v.page.reload()
    v.settle(PAGE)
    eventually(lambda: (v.on_stage(), v.at()), ("deeper", "deeper"))
    assert v.page.evaluate("document.documentElement.lang") == "ru"
    assert not v.page.locator('[data-testid="stSidebar"]').is_visible()
    assert (v.value("depth"), v.toggled("answer")) == (6, True)
    eventually(v.address, state)


def test_junk_in_the_link_falls_back_to_the_defaults_with_a_picture(visit):
    junk = {
        **{"depth": "99", "width": "abc", "seed": "-1", "neurons": "3.7e400", "noise": "nan"},
        **{
            "w11": "",
            "w12": "1e400",
            "w1": "<b>",
            "v1": "None",
            "f": "softmax",
            "target": "../..",
            "train_f": "0",
        },
        **{"answer": "2", "why_not": "yes", "at": "nowhere", "present": "7", "lang": "xx", "sample": "½"},
    }
    v = visit(f"/{PAGE}?{urlencode(junk)}")
    eventually(v.address, (PAGE, {}))
    sliders = {
        "depth": 3,
        "width": 4,
        "seed": 3,
        "neurons": 4,
        "noise": 0.2,
        "w11": 0.5,
        "w12": 1,
        "w1": 1,
        "v1": 1,
    }
    assert {name: v.value(name) for name in sliders} == sliders
    assert [v.chosen(name) for name in ("f", "target", "train_f")] == ["ReLU", "sine", "tanh"]
    assert (v.toggled("answer"), v.toggled("why_not")) == (False, False)
    assert v.page.evaluate("probe.blank()") == []
    assert v.page.locator('[data-testid="stAlert"]').count() == 0
    assert v.on_stage() == "two_regressions"
    assert v.page.locator('[data-testid="stSidebar"]').is_visible()

    v.open(f"/{PAGE}?depth=6.4&w11=0.537")  # beside the grid of the slider: it is put there
    assert (v.value("depth"), v.value("w11")) == (6, 0.5)
    eventually(v.address, (PAGE, {"depth": "6"}))


def test_reset_returns_the_defaults_and_cleans_the_address(visit):
    v = visit(f"/{PAGE}?{urlencode(_QUERY)}")
    v.drag("v1", -2)
    v.button("Reset this page").click()
    eventually(v.address, (PAGE, {}))
    eventually(
        lambda: (v.value("depth"), v.value("v1"), v.chosen("f"), v.toggled("answer")), (3, 1, "ReLU", False)
    )
    v.says("deeper", "Chart: 3 layers of 4 neurons")
    v.drag("depth", 5)
    eventually(v.address, (PAGE, {"depth": "5"}))
    v.says("deeper", "Chart: 5 layers")


def test_reset_on_the_map_forgets_the_values_of_all_pages(visit):
    v = visit(f"/{PAGE}?depth=8&f=tanh").follow("home")
    v.button("Reset all pages").click()
    v.settle("home").follow(PAGE)
    eventually(v.address, (PAGE, {}))
    eventually(lambda: (v.value("depth"), v.chosen("f")), (3, "ReLU"))


def test_an_experiment_of_the_page_is_set_up_by_one_press(visit):
    v = visit(f"/{PAGE}")
    v.page.locator(".st-key-try-try_ten").get_by_role("button").click()
    eventually(v.address, (PAGE, {"depth": "10", "width": "16"}))
    eventually(lambda: (v.value("depth"), v.value("width")), (10, 16))
    v.says("deeper", "Chart: 10 layers of 16 neurons")
    eventually(lambda: (v.on_stage(), v.at()), ("deeper", "deeper"))


def test_what_draws_pictures_has_drawn_one_while_the_map_is_read(visit):
    v = visit("/?lang=en")
    drawing, loaded = ("ArrowVegaLiteChart", "embed", "vega-interpreter"), []
    v.page.on("request", lambda request: loaded.append(request.url))
    scripts = "performance.getEntriesByType('resource').map(entry => entry.name)"

    def missing() -> list[str]:
        return [name for name in drawing if f"/{name}." not in " ".join(v.page.evaluate(scripts))]

    eventually(missing, [])
    eventually(v.page.locator(".st-key-map-history svg.marks").count, 1)
    loaded.clear()
    v.follow("history")
    eventually(v.page.locator(".st-key-picture-timeline-timeline svg.marks").count, 1)
    assert not [url for url in loaded if any(f"/{name}." in url for name in drawing)]
