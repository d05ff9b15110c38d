"""What a hand sets on the picture itself: a curve that is drawn."""

from explainer.charts.approximation import VIEW_Y
from explainer.ui.hand import N_COLUMNS, read_drawing
from tests.browser.chromium import PHONE
from tests.browser.visitor import Visitor, eventually

DRAW = "/universal_approximation?target=drawn&hidden=12"
_CONTROL = ".st-key-universal_approximation-drawn"


def _sheet(v: Visitor):
    sheet = v.page.locator(".st-key-picture-two_nets-two_nets svg.sheet")
    sheet.scroll_into_view_if_needed()
    box, (low, high) = sheet.bounding_box(), VIEW_Y
    return lambda x, y: (box["x"] + x * box["width"], box["y"] + (high - y) / (high - low) * box["height"])


def _draw(v: Visitor, *points: tuple[float, float]) -> None:
    place, mouse = _sheet(v), v.page.mouse
    mouse.move(*place(*points[0]))
    mouse.down()
    for point in points[1:]:
        mouse.move(*place(*point), steps=8)
    mouse.up()


def _drawn(v: Visitor) -> list[float | None] | None:
    return read_drawing(v.address()[1].get("drawn", ""))


def _alt(v: Visitor, movement: str) -> str:
    return v.page.locator(f".st-key-movement-{movement} [role='graphics-document']").get_attribute(
        "aria-label"
    )


def test_a_curve_is_drawn_with_the_mouse_and_the_networks_follow(visit):
    v = visit(DRAW)
    chart = v.page.locator(".st-key-movement-two_nets [data-testid=stVegaLiteChart]")
    chart.evaluate("chart => probe.watch(chart, 'two_nets')")
    place, mouse = _sheet(v), v.page.mouse
    mouse.move(*place(0.02, 0.2))
    mouse.down()
    for i in range(60):
        mouse.move(*place(0.02 + 0.016 * i, 0.2 + 0.01 * i))
        v.page.wait_for_timeout(20)
    eventually(lambda: v.redraws("two_nets") >= 4, True)
    assert "drawn" not in v.address()[1], "nothing is written while a hand draws"
    mouse.up()
    eventually(lambda: _drawn(v) is not None, True)
    drawn = _drawn(v)
    known = [(i / (N_COLUMNS - 1), y) for i, y in enumerate(drawn) if y is not None]
    assert len(known) > 0.9 * N_COLUMNS, "every column that the hand has passed"
    assert all(abs(y - (0.2 + 0.01 * (x - 0.02) / 0.016)) < 0.04 for x, y in known)

    v.page.reload()
    v.settle()
    assert _drawn(v) == drawn
    assert "empty" not in v.page.locator(".st-key-words-two_nets").text_content()


def test_undo_and_clear_and_one_point_and_a_level_line(visit):
    v = visit(DRAW)
    words = v.page.locator(".st-key-words-two_nets")
    control = v.page.locator(_CONTROL)
    assert "The sheet is empty" in words.text_content()
    assert control.locator(".undo").is_disabled()
    place = _sheet(v)
    v.page.mouse.click(*place(0.5, 0.7))
    eventually(lambda: "One point" in words.text_content(), True)
    _draw(v, (0.1, 0.4), (0.9, 0.4))
    eventually(lambda: "A constant target" in words.text_content(), True)
    _draw(v, (0.2, 0.8), (0.4, 0.6))
    eventually(lambda: "Levenberg" in words.text_content() or "LM" in words.text_content(), True)
    control.locator(".undo").click()
    eventually(lambda: "A constant target" in words.text_content(), True)
    control.locator(".clear").click()
    eventually(lambda: "The sheet is empty" in words.text_content(), True)
    eventually(lambda: _drawn(v), None)
    control.locator(".undo").click()
    eventually(lambda: "A constant target" in words.text_content(), True)


def test_a_curve_can_be_set_with_the_keyboard_alone(visit):
    v = visit(DRAW)
    control = v.page.locator(_CONTROL)
    control.locator("summary").focus()
    v.press("Enter")
    for x, y in (("0", "0.1"), ("1", "0.9"), ("0.5", "0.2")):
        control.locator("input.x").fill(x)
        control.locator("input.y").fill(y)
        control.locator("button.put").focus()
        v.press("Enter")
    eventually(lambda: [y for y in _drawn(v) or [] if y is not None], [0.1, 0.2, 0.9])
    row = control.locator("tbody input").first
    row.fill("0.55")
    row.press("Tab")
    eventually(lambda: [y for y in _drawn(v) or [] if y is not None], [0.55, 0.2, 0.9])


def test_a_finger_draws_and_what_others_show_of_the_drawing_follows_when_it_rests(visit):
    v = visit(DRAW + "&made_target=drawn", viewport=PHONE, has_touch=True, is_mobile=True)
    before = _alt(v, "how_it_is_made")
    place, top = _sheet(v), v.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")
    session = v.page.context.new_cdp_session(v.page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        session.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [dict(zip("xy", p, strict=True)) for p in points]},
        )

    touch("touchStart", place(0.1, 0.9))
    for i in range(20):
        touch("touchMove", place(0.1 + 0.04 * i, 0.9 - 0.04 * i))
        v.page.wait_for_timeout(20)
    touch("touchEnd")
    eventually(lambda: _drawn(v) is not None, True)
    assert v.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == top
    eventually(lambda: _alt(v, "how_it_is_made") != before, True)
