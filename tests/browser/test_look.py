"""What the eye sees: on a projector, on a phone, with a screen reader, without a network."""

from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe

from explainer import contents
from tests.browser.chromium import PHONE
from tests.browser.visitor import PAGE, eventually

PAGES = contents.built_pages()
# Streamlit's own findings inside our containers, by rule; the next version may have fewer.
_STREAMLIT = {}


def _link(page: str, **query: str) -> str:
    return ("/" if page == contents.HOME else f"/{page}") + "?" + urlencode(query)


@pytest.mark.parametrize("answers", ["0", "1"])
@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_movement_fits_one_projector_screen(visit, page, lang, answers):
    v = visit(_link(page, lang=lang, present="1", answer=answers, why_not=answers))
    eventually(lambda: v.page.locator('[data-testid="stSidebar"]').is_visible(), False)
    outside, small = [], []
    names = v.page.evaluate("probe.movements().map(probe.titleOf)")
    for i, name in enumerate(names):
        if i:
            v.press("PageDown")
        eventually(lambda: v.at() or names[0], name)
        outside += v.page.evaluate("name => probe.outside(name)", name)
        small += v.page.evaluate("name => probe.small(name, 24)", name)
    assert outside == []
    assert small == []


@pytest.mark.parametrize("page", PAGES)
def test_a_phone_has_no_horizontal_scroll(visit, page):
    for lang in ("ru", "en"):
        v = visit(
            _link(page, lang=lang, answer="1", why_not="1"), viewport=PHONE, has_touch=True, is_mobile=True
        )
        assert v.page.evaluate("probe.wide()") == []
        assert v.page.evaluate("visualViewport.scale") == 1


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
    eventually(lambda: v.alt("deeper").startswith("Chart: 8 layers"), True)
    assert v.page.evaluate(scrolled) == top, "the finger moved the slider, not the page"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_serious_in_our_own_containers(visit, page, scheme):
    v = visit(_link(page, answer="1", why_not="1"), color_scheme=scheme)
    for expander in v.page.locator("summary").all():
        expander.click()
    ours = '[class*="st-key-movement-"], [class*="st-key-head-"], .st-key-ways-in, .st-key-neighbours'
    found = Axe().run(v.page, context={"include": [ours]}, options={"resultTypes": ["violations"]}).response
    serious = {
        f"{violation['id']}: {violation['help']}": [
            f"{' '.join(map(str, node['target']))}: {node['html'][:120]}" for node in violation["nodes"]
        ]
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical") and violation["id"] not in _STREAMLIT
    }
    assert found["violations"] is not None
    assert serious == {}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_needs_nothing_but_its_own_server(visit, page):
    """The browser resolves no name but loopback's; every test checks its console and its requests, too."""
    v = visit(_link(page))
    assert (
        v.page.evaluate("fetch('https://example.org').then(() => 'an answer', () => 'no network')")
        == "no network"
    )
    v.forgive("example.org")
    v.hosts.remove("example.org")
    assert v.hosts == {v.page.evaluate("location.host")}
    assert v.page.evaluate("probe.blank()") == []
    assert v.page.evaluate("document.fonts.size") > 0
