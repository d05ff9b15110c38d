"""A visitor who tries everything in no order at all."""

import random

import pytest
from playwright.sync_api import Error

from explainer import contents
from tests.browser.visitor import eventually

_STEPS = 30
_SEEN = """[probe.blank(), probe.charts().length,
    document.querySelectorAll('[data-testid="stAlert"], [data-testid="stException"]').length]"""
_ONE = "share => { const all = probe.controls(); return all[Math.floor(share * all.length)]; }"
_RANGE_KEYS = ("Home", "End", "ArrowLeft", "ArrowRight", "Shift+ArrowLeft", "Shift+ArrowRight")


@pytest.mark.parametrize("page", contents.built_pages())
def test_a_random_walk_never_leaves_a_blank_picture(visit, page):
    v = visit("/" if page == contents.HOME else f"/{page}")
    v.forgive("Multiple different fragmentIds detected")  # two steps at once: no hand is as quick as this one
    hand = random.Random(page)
    n_charts = v.page.evaluate("probe.charts().length")
    done = []
    for _ in range(_STEPS):
        control = v.page.evaluate_handle(_ONE, hand.random()).as_element()
        kind, name = control.evaluate("control => [control.type, probe.name(control)]")
        if kind == "range":
            key = hand.choice(_RANGE_KEYS)
            done.append(f"{key} on {name}")
            try:
                control.press(key)
            except Error as error:  # a late answer to the last step has put another in its place
                if "not attached" not in str(error):
                    raise
        else:
            control.evaluate("control => control.click()")
            done.append(f"click on {name}")
        v.page.wait_for_timeout(30)
        v.settle(page)
        # On stage every picture is drawn anew, and a click may be answered after all seemed settled.
        eventually(lambda: (*v.page.evaluate(_SEEN), done), ([], n_charts, 0, done))
        assert v.faults() == [], done
