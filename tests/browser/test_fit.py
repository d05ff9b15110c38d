"""On a projector every movement is one screen, and the last row can read it."""

import pytest

from explainer import contents
from tests.browser.visitor import Visitor, eventually, link

PAGES = contents.built_pages()
_FAULTS = "name => [...probe.outside(name), ...probe.overlaps(name), ...probe.small(name, 24)]"


@pytest.fixture(scope="module")
def lecturers() -> dict[str, Visitor]:
    """Whoever holds the lecture in a language; the remote leads from page to page."""
    return {}


def come_to(page: str, lang: str, stay, lecturers: dict[str, Visitor]) -> Visitor:
    """Come by the remote from the end of the page before, or by a link if that is not where one is."""
    if lang not in lecturers:
        lecturers[lang] = stay(link(page, lang=lang, present="1"))
        return lecturers[lang]
    v, before = lecturers[lang], PAGES[PAGES.index(page) - 1]
    if v.address()[0] == before and v.at() == v.page.evaluate("probe.titleOf(probe.movements().at(-1))"):
        v.press("PageDown")
        return v.settle(page)
    return v.open(link(page, lang=lang, present="1"))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_every_movement_fits_one_projector_screen_and_can_be_read_from_afar(stay, lecturers, page, lang):
    v = come_to(page, lang, stay, lecturers)
    for part in ("Sidebar", "Header", "Toolbar"):
        eventually(lambda part=part: v.page.locator(f'[data-testid="st{part}"]').is_visible(), False)
    names = v.page.evaluate("probe.movements().map(probe.titleOf)")
    assert v.page.evaluate("document.documentElement.lang") == lang
    n_answers = 0
    for i, name in enumerate(names):
        if i:
            v.press("PageDown")
        eventually(lambda name=name: (v.on_stage(), v.at() or names[0]), (name, name))
        eventually(lambda name=name: v.page.evaluate(_FAULTS, name), [])  # pictures may still grow
        for answer in v.page.locator(f'.st-key-movement-{name} [class*="st-key-ask-"] label').all():
            box = answer.bounding_box()  # a hand that presses where it sees the switch scrolls nothing
            v.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            n_answers += 1
            eventually(lambda: len(v.address()[1]), 1 + n_answers)
            v.settle(page)
            eventually(lambda name=name: v.page.evaluate(_FAULTS, name), [])
