"""The bench of the page on bricks: what a hand changes there, the movements below show."""

from playwright.sync_api import Locator

from tests.browser.chromium import PHONE
from tests.browser.visitor import Visitor, eventually

PAGE = "lego"
DEFAULT = ["linear-2-16", "relu", "dropout-0.2", "linear-16-16", "relu", "linear-16-3", "softmax", "nll"]


def stack(v: Visitor) -> list[str]:
    """Return the bricks and the loss of the link; the default one goes without saying."""
    return v.address()[1].get("stack", "*".join(DEFAULT)).split("*")


def code(v: Visitor) -> str:
    return v.page.locator(".st-key-controls-trace code").inner_text()


def rows(v: Visitor) -> Locator:
    """Return the bricks of the picture, as a hand can take them."""
    found = v.page.locator(".st-key-picture-bricks-bricks svg.sheet rect.row")
    found.last.scroll_into_view_if_needed()
    return found


def middle(row: Locator) -> tuple[float, float]:
    box = row.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def press(v: Visitor, name: str, movement: str = "bricks"):
    return v.page.locator(f".st-key-button-lego-{movement}-{name} button")


def test_a_width_that_is_dragged_reaches_the_movements_below_when_the_hand_rests(visit):
    v = visit(f"/{PAGE}")
    with v.hold("size", PAGE) as pull:
        for width in (30, 50, 40):
            pull(width)
        eventually(lambda: "FC 2 → 40" in v.page.locator(".st-key-movement-bricks").inner_text(), True)
        assert "nn.Linear(2, 16)" in code(v)  # the hand still holds it
    eventually(lambda: "nn.Linear(2, 40)" in code(v), True)
    eventually(lambda: stack(v), ["linear-2-40", *DEFAULT[1:3], "linear-40-16", *DEFAULT[4:]])


def test_bricks_are_moved_by_keyboard_and_other_sliders_stay_alive(visit):
    v = visit(f"/{PAGE}")
    press(v, "add_brick").focus()
    v.press("Enter")
    eventually(lambda: stack(v), [DEFAULT[0], "relu", *DEFAULT[1:]])
    eventually(lambda: v.value("brick", PAGE), 2)
    eventually(lambda: code(v).count("nn.ReLU()"), 3)
    press(v, "brick_down").focus()
    v.press("Enter")
    eventually(lambda: v.value("brick", PAGE), 3)
    press(v, "remove_brick").click()
    eventually(lambda: stack(v), DEFAULT)
    v.drag("batch_no", 40, page=PAGE)
    eventually(lambda: v.address()[1].get("batch_no"), "40")
    v.drag("brick", 4, page=PAGE)
    eventually(lambda: v.address()[1].get("brick"), "4")


def test_a_thumb_mends_what_does_not_fit_and_a_reload_keeps_it(visit):
    v = visit(
        f"/{PAGE}?task=digit_images&stack=linear-64-10*cross_entropy",
        viewport=PHONE,
        has_touch=True,
        is_mobile=True,
    )
    press(v, "mend_it").tap()
    eventually(lambda: stack(v), ["flatten", "linear-64-10", "cross_entropy"])
    eventually(lambda: "nn.Flatten()" in code(v), True)
    v.page.reload()
    v.settle(PAGE)
    assert stack(v) == ["flatten", "linear-64-10", "cross_entropy"]
    assert press(v, "mend_it").count() == 0


def test_a_recipe_goes_to_the_bench_with_its_task(visit):
    v = visit(f"/{PAGE}?recipe=two_classes&wide=5")
    press(v, "build_it", "recipes").click()
    eventually(lambda: v.address()[1].get("task"), "two_moons")
    eventually(lambda: stack(v)[0], "linear-2-5")
    eventually(lambda: "nn.Sigmoid()" in code(v), True)


def test_a_mouse_drags_a_brick_and_the_shapes_follow_before_it_rests(visit):
    v = visit(f"/{PAGE}?lang=en")
    eventually(lambda: rows(v).count(), 7)
    mouse = v.page.mouse
    mouse.move(*middle(rows(v).nth(2)))  # Dropout
    mouse.down()
    eventually(lambda: v.value("brick", PAGE), 3)
    mouse.move(*middle(rows(v).nth(4)), steps=6)
    eventually(lambda: v.value("brick", PAGE), 5)
    assert v.page.locator("svg.sheet rect.ghost.held").is_visible()
    assert code(v).index("Dropout") < code(v).index("Linear(16, 16)")  # the hand still holds it
    mouse.move(*middle(rows(v).nth(0)), steps=6)
    eventually(lambda: v.value("brick", PAGE), 1)
    mouse.up()
    moved = [DEFAULT[2], *DEFAULT[:2], *DEFAULT[3:]]
    eventually(lambda: stack(v), moved)
    eventually(lambda: code(v).index("Dropout") < code(v).index("Linear(2, 16)"), True)
    assert v.page.locator("svg.sheet rect.ghost.held").count() == 0
    v.drag("size", 0.7, page=PAGE)  # the slider is that of the brick in the hand
    eventually(lambda: stack(v)[0], "dropout-0.7")
    press(v, "brick_down").click()
    eventually(lambda: stack(v)[:2], ["linear-2-16", "dropout-0.7"])
    eventually(lambda: v.value("brick", PAGE), 2)
    v.page.reload()
    v.settle(PAGE)
    assert stack(v)[:2] == ["linear-2-16", "dropout-0.7"]


def test_a_brick_that_is_dragged_where_it_does_not_fit_says_so_while_the_hand_holds_it(visit):
    v = visit(f"/{PAGE}?lang=en&task=digit_images&stack=flatten*linear-64-10*cross_entropy")
    eventually(lambda: rows(v).count(), 2)
    mouse = v.page.mouse
    mouse.move(*middle(rows(v).nth(0)))
    mouse.down()
    mouse.move(*middle(rows(v).nth(1)), steps=4)
    eventually(lambda: press(v, "mend_it").count(), 1)  # the hand still holds it
    mouse.up()
    eventually(lambda: stack(v), ["linear-64-10", "flatten", "cross_entropy"])
    press(v, "mend_it").click()
    eventually(lambda: stack(v)[:2], ["flatten", "linear-64-10"])


def test_a_finger_drags_a_brick_and_the_page_stays_where_it_is(visit):
    v = visit(f"/{PAGE}?lang=en", viewport=PHONE, has_touch=True, is_mobile=True)
    eventually(lambda: rows(v).count(), 7)
    scrolled = "document.querySelector('[data-testid=stMain]').scrollTop"
    (x, y), (_, end) = middle(rows(v).nth(0)), middle(rows(v).nth(1))
    top, touch = v.page.evaluate(scrolled), v.page.context.new_cdp_session(v.page)

    def finger(kind: str, *places: float) -> None:
        points = [{"x": x, "y": place} for place in places]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    finger("touchStart", y)
    for i in range(5):
        finger("touchMove", y + (end - y) * (i + 1) / 5)
        v.page.wait_for_timeout(30)
    finger("touchEnd")
    eventually(lambda: stack(v), ["relu", "linear-2-16", *DEFAULT[2:]])
    assert v.page.evaluate(scrolled) == top
