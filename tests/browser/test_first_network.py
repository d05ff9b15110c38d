"""Lines of code that are pressed, and a digit that a hand draws, in a real browser."""

from playwright.sync_api import Locator

from tests.browser.chromium import PHONE
from tests.browser.visitor import Visitor, eventually

PAGE = "first_network"


def _canvas(v: Visitor) -> Locator:
    canvas = v.page.locator(f".st-key-{PAGE}-sketch canvas")
    canvas.scroll_into_view_if_needed()
    return canvas


def _ink(v: Visitor) -> int:
    """Count the dark points of the sheet in the address."""
    return sum(int(digit, 16).bit_count() for digit in v.address()[1].get("sketch", ""))


def _words(v: Visitor) -> str:
    return v.page.locator(".st-key-words-draw").text_content()


def test_a_mouse_draws_and_the_network_answers_before_it_rests(visit):
    v = visit(f"/{PAGE}?lang=en&at=draw")
    box = _canvas(v).bounding_box()
    chart = v.page.locator(".st-key-movement-draw [data-testid='stVegaLiteChart']").first
    chart.evaluate("chart => probe.watch(chart, 'bars')")
    x, top, height = box["x"] + box["width"] / 2, box["y"] + 4, box["height"] - 8
    v.page.mouse.move(x, top)
    v.page.mouse.down()
    for i in range(24):
        v.page.mouse.move(x, top + height * (i + 1) / 24)
        v.page.wait_for_timeout(30)
    eventually(lambda: v.redraws("bars") > 1, True)
    v.page.mouse.up()
    eventually(lambda: "The network" in _words(v), True)
    eventually(lambda: 100 < _ink(v) < 250, True)
    control = v.page.locator(f".st-key-{PAGE}-sketch")
    control.locator(".undo").click()
    eventually(lambda: ("The sheet is empty" in _words(v), _ink(v)), (True, 0))
    assert control.locator(".clear").is_disabled()


def test_a_finger_draws_and_the_page_stays_where_it_is(visit):
    v = visit(f"/{PAGE}?lang=en&at=draw", viewport=PHONE, has_touch=True, is_mobile=True)
    box = _canvas(v).bounding_box()
    scrolled = "document.querySelector('[data-testid=stMain]').scrollTop"
    top, touch = v.page.evaluate(scrolled), v.page.context.new_cdp_session(v.page)

    def finger(kind: str, *places: float) -> None:
        points = [{"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] * p} for p in places]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    finger("touchStart", 0.1)
    for i in range(8):
        finger("touchMove", 0.1 + 0.1 * i)
        v.page.wait_for_timeout(30)
    finger("touchEnd")
    eventually(lambda: _ink(v) > 80, True)
    assert v.page.evaluate(scrolled) == top


def test_the_keyboard_draws_too(visit):
    v = visit(f"/{PAGE}?lang=en&at=draw")
    _canvas(v).focus()
    v.press("ArrowUp", "Space", "Shift+ArrowDown", "Shift+ArrowDown", "Space", "ArrowRight")
    eventually(lambda: 30 < _ink(v) < 100, True)
    assert v.on_stage() == "draw", "arrows move the pen, not the stage"


def test_a_press_runs_a_line_and_the_address_follows(visit):
    v = visit(f"/{PAGE}?lang=en")
    for line in ("y_hat = model(X)", "loss = loss_fn(y_hat, y)", "loss.backward()"):
        v.page.locator(".st-key-movement-five_lines").get_by_role("button", name=line).click()
        v.settle(PAGE)
    eventually(v.address, (PAGE, {"one_batch_lines": "013"}))
    eventually(
        lambda: "every weight has a gradient" in v.page.locator(".st-key-words-five_lines").text_content(),
        True,
    )
