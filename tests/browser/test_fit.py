"""On a projector every movement is one screen, and the last row can read it."""

import pytest

from explainer import contents
from tests.browser.visitor import eventually, link

_FAULTS = "name => [...probe.outside(name), ...probe.overlaps(name), ...probe.small(name, 24)]"


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("page", contents.built_pages())
def test_every_movement_fits_one_projector_screen_and_can_be_read_from_afar(visit, page, lang):
    v = visit(link(page, lang=lang, present="1"))
    for part in ("Sidebar", "Header", "Toolbar"):
        eventually(lambda part=part: v.page.locator(f'[data-testid="st{part}"]').is_visible(), False)
    names = v.page.evaluate("probe.movements().map(probe.titleOf)")
    n_answers = 0
    for i, name in enumerate(names):
        if i:
            v.press("PageDown")
        eventually(lambda name=name: v.at() or names[0], name)
        eventually(lambda name=name: v.page.evaluate(_FAULTS, name), [])  # pictures may still grow
        for answer in v.page.locator(f'.st-key-movement-{name} [class*="st-key-ask-"] label').all():
            box = answer.bounding_box()  # a hand that presses where it sees the switch scrolls nothing
            v.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            n_answers += 1
            eventually(lambda: len(v.address()[1]), 1 + n_answers)
            v.settle(page)
            eventually(lambda name=name: v.page.evaluate(_FAULTS, name), [])
