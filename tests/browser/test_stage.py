"""On stage: the keys of a presenter's remote, the black screen, and the way back through the history."""

import itertools

from explainer import contents
from tests.browser.visitor import PAGE, Visitor, eventually


def _stops(v: Visitor) -> list[str]:
    return v.page.evaluate("probe.movements().map(probe.titleOf)")


def _place(v: Visitor) -> tuple[str, str | None, str | None]:
    """Return page, movement on the screen, and movement as the address has it."""
    page, on_stage, first = v.address()[0], v.on_stage(), next(iter(_stops(v)), None)
    return page, on_stage, v.at() or first


def _walk(v: Visitor, key: str, expected: tuple[str, str]) -> None:
    v.press(key)
    page, movement = expected
    eventually(lambda: _place(v), (page, movement, movement))


def test_the_remote_walks_over_the_last_pages_and_back(visit):
    """That it leads through all movements of all pages is seen where they are measured (test_fit.py)."""
    *_, before_last, last = contents.built_pages()
    v = visit(f"/{before_last}")
    keys = itertools.cycle(("PageDown", "ArrowRight"))
    way = [(before_last, name) for name in _stops(v)]
    eventually(lambda: _place(v), (*way[0], way[0][1]))
    for stop in way[1:]:
        _walk(v, next(keys), stop)
    v.press(next(keys))
    v.settle(last)
    here = [(last, name) for name in _stops(v)]
    eventually(lambda: _place(v), (*here[0], here[0][1]))
    for stop in here[1:]:
        _walk(v, next(keys), stop)
    v.press("PageDown")  # the last page: nothing comes after it
    keys = itertools.cycle(("PageUp", "ArrowLeft"))
    for stop in (way + here)[-2::-1]:
        _walk(v, next(keys), stop)
    v.press("PageUp")
    v.settle(contents.built_pages()[-3])
    eventually(v.on_stage, _stops(v)[-1])


def test_the_remote_walks_on_right_after_any_control_was_used(visit):
    v = visit(f"/{PAGE}?at=deeper")
    eventually(v.on_stage, "deeper")

    v.drag("depth", 8)
    _walk(v, "ArrowRight", (PAGE, "with_activation"))
    v.choose("f", "tanh")
    _walk(v, "PageDown", (PAGE, "train_it"))
    v.choose("target", "line")
    _walk(v, "ArrowLeft", (PAGE, "with_activation"))
    v.toggle("why_not")
    _walk(v, "ArrowRight", (PAGE, "train_it"))
    play = v.page.locator(".st-key-movement-train_it .bar")
    play.get_by_role("button").first.click()
    _walk(v, "ArrowLeft", (PAGE, "with_activation"))
    v.page.locator(".st-key-more-linear_collapse-with_activation summary").click()
    v.page.locator(".st-key-more-linear_collapse-with_activation summary").click()
    _walk(v, "ArrowLeft", (PAGE, "deeper"))
    assert (v.value("depth"), v.chosen("f"), v.chosen("target")) == (8, "tanh", "line")


def test_in_a_slider_with_the_focus_arrows_are_its_own_and_page_keys_the_stage_s(visit):
    v = visit(f"/{PAGE}?at=deeper")
    v.slider("depth").focus()
    v.press("ArrowRight")
    assert v.value("depth") == 4
    _walk(v, "PageDown", (PAGE, "with_activation"))
    _walk(v, "PageUp", (PAGE, "deeper"))
    assert v.value("depth") == 4
    v.slider("depth").focus()
    v.press("ArrowLeft")
    assert (v.value("depth"), v.on_stage()) == (3, "deeper")
    v.drag("depth", 6)
    assert v.page.evaluate("document.activeElement === document.body"), "it gives up the focus on release"


def test_the_screen_goes_black_and_any_key_brings_it_back(visit):
    v = visit("/")
    black = """() => [[2, 2], [640, 360], [1270, 710]].every(([x, y]) => {
        const top = document.elementFromPoint(x, y), box = top.getBoundingClientRect();
        const whole = box.width >= innerWidth && box.height >= innerHeight;
        return whole && getComputedStyle(top).backgroundColor === "rgb(0, 0, 0)";
    })"""
    assert not v.page.evaluate(black)
    for closing, opening in ((".", "PageDown"), ("b", "x"), ("B", "."), (".", "b")):
        v.press(closing)
        assert v.page.evaluate(black)
        v.press(opening)
        assert not v.page.evaluate(black)
    assert v.on_stage() == _stops(v)[0], "the key that opens the curtain does nothing else"


def test_p_switches_presenter_mode_and_stays_at_the_movement(visit):
    v = visit(f"/{PAGE}")
    frame = v.page.locator('[data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"]')
    visible = lambda: any(part.is_visible() for part in frame.all())  # noqa: E731
    assert visible()
    v.press("PageDown", "PageDown")
    eventually(v.on_stage, "with_activation")
    v.press("p")
    eventually(v.address, (PAGE, {"present": "1"}))
    eventually(lambda: (v.on_stage(), v.at(), visible()), ("with_activation", "with_activation", False))
    v.press("PageDown")
    # The letter P of a Russian keyboard is another letter; the key is the same.
    v.page.evaluate("""() => document.body.dispatchEvent(
        new KeyboardEvent("keydown", { key: "з", code: "KeyP", bubbles: true, composed: true }))""")
    eventually(lambda: (v.address(), v.on_stage(), v.at()), ((PAGE, {}), "train_it", "train_it"))
    eventually(visible, True)
    v.press("p", "PageUp")  # in one breath
    stage = (PAGE, {"present": "1"}), "with_activation", "with_activation"
    eventually(lambda: (v.address(), v.on_stage(), v.at()), stage)


def test_presenter_mode_can_be_entered_and_left_without_a_keyboard(visit):
    v = visit("/")
    v.button("Presenter mode (P)").click()
    eventually(v.address, ("home", {"present": "1"}))
    v.page.locator(".st-key-leave").get_by_role("button").click()
    eventually(v.address, ("home", {}))
    eventually(v.page.locator('[data-testid="stSidebar"]').is_visible, True)


def test_a_drag_leaves_at_most_one_entry_in_the_history_and_back_returns(visit):
    v = visit("/").follow(PAGE)
    length = v.page.evaluate("history.length")
    v.drag("depth", *range(1, 11), 6)
    v.drag("width", 3, 12)
    eventually(v.address, (PAGE, {"depth": "6", "width": "12"}))
    assert v.page.evaluate("history.length") <= length + 1
    v.page.go_back()
    v.settle("home")
    eventually(v.address, ("home", {}))
    eventually(v.page.locator(".st-key-ways-in").is_visible, True)
    v.page.go_forward()
    v.settle(PAGE)
    eventually(v.address, (PAGE, {"depth": "6", "width": "12"}))
    assert (v.value("depth"), v.value("width")) == (6, 12)
    v.says("deeper", "Chart: 6 layers of 12 neurons")


def test_returning_to_a_page_restores_its_controls(visit):
    v = visit(f"/{PAGE}?width=8")
    v.drag("w11", 2)
    v.choose("f", "sigmoid")
    v.toggle("why_not")
    weight = v.shown("w11")
    state = (PAGE, {"width": "8", "w11": weight, "f": "sigmoid", "why_not": "1"})
    eventually(v.address, state)
    v.follow("home")
    eventually(v.address, ("home", {}))
    v.follow(PAGE)
    assert (v.shown("w11"), v.value("width"), v.chosen("f"), v.toggled("why_not")) == (
        weight,
        8,
        "sigmoid",
        True,
    )
    eventually(lambda: f"w₁₁ = {weight}" in v.words_in("graph"), True)
    eventually(v.address, state)


def test_a_page_switch_in_the_middle_of_a_drag_leaves_address_and_page_in_agreement(visit):
    pages = contents.built_pages()
    before = pages[pages.index(PAGE) - 1]
    v = visit(f"/{PAGE}")
    with v.hold("w11") as pull:
        for value in (-2, 2, -1):
            pull(value)
        v.press("PageUp")
        v.settle(before)
    eventually(v.address, (before, {}))
    eventually(v.page.locator(f".st-key-head-{before}").count, 1)
    eventually(v.page.locator(".st-key-movement-deeper").count, 0)

    v.follow(PAGE)
    weight = v.shown("w11")
    assert weight != "0.5"
    eventually(v.address, (PAGE, {"w11": weight.replace("−", "-")}))
    eventually(lambda: f"w₁₁ = {weight}" in v.words_in("graph"), True)
