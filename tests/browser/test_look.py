"""What the eye sees: on a phone, with a screen reader, without a network."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from explainer import contents
from tests.browser.chromium import PHONE
from tests.browser.visitor import PAGE, Visitor, eventually

PAGES = contents.built_pages()
# Streamlit's own findings inside our containers, by rule, with the reason.
_STREAMLIT = {"scrollable-region-focusable": "source code of a fixed height scrolls, but takes no focus"}
_FADING = """() => document.getAnimations()
    .filter(a => a instanceof CSSTransition && a.playState === "running").length"""
_DARK = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    return getComputedStyle(app).backgroundColor.match(/\\d+/)[0] < 128;
}"""


@pytest.fixture(scope="module")
def reader(stay) -> Visitor:
    """Somebody in front of a projector's screen who goes from page to page."""
    return stay("/")


@pytest.fixture(scope="module")
def passenger(stay) -> Visitor:
    """Somebody with a phone who goes from page to page."""
    return stay("/?lang=ru", viewport=PHONE, has_touch=True, is_mobile=True)


def answered(v: Visitor, page: str) -> Visitor:
    """Go to a page and have all its questions answered."""
    v.follow(page, hidden=True)
    asked, answers = '[class*="st-key-ask-"] input', 0
    while (left := v.page.locator(f"{asked}:not(:checked)")).count():
        left.first.evaluate("input => input.click()")
        answers += 1
        eventually(v.page.locator(f"{asked}:checked").count, answers)
    return v.settle(page)


@pytest.mark.parametrize("page", PAGES)
def test_a_phone_has_no_horizontal_scroll(passenger, stay, page):
    v = answered(passenger, page)
    for language in ("English", "Русский"):
        v.speak(language, hidden=True)
        eventually(lambda: v.page.evaluate("probe.wide()"), [])
        eventually(lambda: v.page.evaluate("visualViewport.scale"), 1)


def test_on_a_phone_the_picture_stands_above_its_controls_and_a_thumb_can_drag(visit):
    v = visit(f"/{PAGE}", viewport=PHONE, has_touch=True, is_mobile=True)
    for movement in ("two_regressions", "deeper", "with_activation", "train_it"):
        box = {
            part: v.page.locator(f".st-key-{part}-{movement}").bounding_box()
            for part in ("figure", "controls")
        }
        assert box["figure"]["y"] + box["figure"]["height"] <= box["controls"]["y"] + 1, movement
    v.watch("deeper")
    v.page.locator(".st-key-controls-deeper").scroll_into_view_if_needed()
    place = v.track("depth")
    chart, slider = v.chart("deeper").bounding_box(), v.slider("depth").bounding_box()
    assert chart["y"] + chart["height"] > 0, "a part of the picture is in view"
    assert slider["y"] + slider["height"] <= PHONE["height"]
    scrolled = "document.querySelector('[data-testid=\"stMain\"]').scrollTop"
    top = v.page.evaluate(scrolled)
    touch = v.page.context.new_cdp_session(v.page)

    def finger(kind, *values):
        points = [dict(zip("xy", place(value), strict=True)) for value in values]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    finger("touchStart", 3)
    for depth in (4, 5, 6, 7, 8):
        finger("touchMove", depth)
    eventually(lambda: v.redraws("deeper") > 0, True)
    finger("touchEnd")
    eventually(v.address, (PAGE, {"depth": "8"}))
    v.says("deeper", "Chart: 8 layers")
    assert v.page.evaluate(scrolled) == top, "the finger moved the slider, not the page"


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_serious_in_our_own_containers(reader, stay, page):
    v = answered(reader, page)
    v.unfold('[class*="st-key-movement-"]')
    ours = ('[class*="st-key-movement-"]', '[class*="st-key-head-"]', ".st-key-ways-in", ".st-key-neighbours")
    there = [selector for selector in ours if v.page.locator(selector).count()]
    rules = {rule: {"enabled": False} for rule in _STREAMLIT}
    for scheme, is_dark, only in (("light", False, {}), ("dark", True, {"runOnly": ["color-contrast"]})):
        v.page.emulate_media(color_scheme=scheme)
        eventually(lambda: v.page.evaluate(_DARK), is_dark)
        eventually(lambda: v.page.evaluate(_FADING), 0)
        options = {"resultTypes": ["violations"], "rules": rules} | only

        def serious(scheme: str = scheme, options: dict = options) -> list[str]:
            found = Axe().run(v.page, {"include": [[selector] for selector in there]}, options).response
            return [
                f"{scheme}, {violation['id']}: {node['html'][:200]} {node['failureSummary']}"
                for violation in found["violations"]
                if violation["impact"] in ("serious", "critical")
                for node in violation["nodes"]
            ]

        eventually(serious, [])


def test_there_is_no_network_but_the_app_s_own_server(visit):
    """So every test shows that the app needs no other; each looks at all requests of its pages, too."""
    v = visit("/")
    assert (
        v.page.evaluate("fetch('https://example.org').then(() => 'an answer', () => 'nothing')") == "nothing"
    )
    v.forgive("example.org")
    v.hosts.remove("example.org")
    assert v.hosts == {v.page.evaluate("location.host")}
