"""Points on a picture: a hand drags, adds and removes them, and the line follows."""

import itertools

import pytest

from explainer.charts.regression import W_VIEW, X_VIEW, Y_VIEW
from explainer.ui.hand import Plane
from tests.browser.chromium import PHONE
from tests.browser.visitor import Visitor, eventually

PAGE = "linear_regression"
_PLANE = Plane(X_VIEW, Y_VIEW, 0.1, 1, 20)
_CONTROL = f".st-key-{PAGE}-points"
_THREE = "-2.0_-2.0*0.0_1.0*2.0_1.0"


def _place(v: Visitor, movement: str, picture: str, y: tuple[float, float] = Y_VIEW):
    sheet = v.page.locator(f".st-key-picture-{movement}-{picture} svg.sheet")
    sheet.scroll_into_view_if_needed()
    box, (left, right), (low, high) = sheet.bounding_box(), X_VIEW, y

    def place(at: float, height: float) -> tuple[float, float]:
        x = box["x"] + (at - left) / (right - left) * box["width"]
        return x, box["y"] + (high - height) / (high - low) * box["height"]

    return place


def _points(v: Visitor, name: str = "points") -> list[tuple[float, float]] | None:
    text = v.address()[1].get(name)
    points = None if text is None else _PLANE.read(text)
    return None if points is None else list(points)


def _alt(v: Visitor) -> str | None:
    return v.page.locator(".st-key-movement-points_and_line [role='graphics-document']").get_attribute(
        "aria-label"
    )


def _near(v: Visitor, *wanted: tuple[float, float]) -> None:
    """A pixel is a twentieth of a unit, and the grid a tenth."""

    def seen() -> bool:
        points = _points(v) or []
        return len(points) == len(wanted) and all(
            abs(p[i] - q[i]) < 0.16 for p, q in zip(points, wanted, strict=True) for i in (0, 1)
        )

    eventually(seen, True)


def test_a_point_is_dragged_added_and_removed_with_the_mouse_and_the_line_follows(visit):
    v = visit(f"/{PAGE}?points={_THREE}")
    chart = v.page.locator(".st-key-movement-points_and_line [data-testid=stVegaLiteChart]")
    chart.evaluate("chart => probe.watch(chart, 'points_and_line')")
    place, mouse = _place(v, "points_and_line", "points_and_line"), v.page.mouse
    mouse.move(*place(0, 1))
    mouse.down()
    steps = itertools.cycle(range(30))

    def followed() -> bool:
        i = next(steps)
        mouse.move(*place(0.03 * i, 1 + 0.05 * i))
        return v.redraws("points_and_line") >= 4

    eventually(followed, True)
    mouse.move(*place(0.87, 2.45))
    assert _points(v) == [(-2, -2), (0, 1), (2, 1)], "nothing is written while a hand drags"
    mouse.up()
    _near(v, (-2, -2), (0.87, 2.45), (2, 1))
    mouse.click(*place(-1, -3))
    _near(v, (-2, -2), (0.87, 2.45), (2, 1), (-1, -3))
    eventually(lambda: "Chart: 4 points" in (_alt(v) or ""), True)
    mouse.dblclick(*place(2, 1))
    _near(v, (-2, -2), (0.87, 2.45), (-1, -3))
    v.page.locator(f"{_CONTROL} .undo").click()
    _near(v, (-2, -2), (0.87, 2.45), (2, 1), (-1, -3))
    before = _points(v)
    v.page.reload()
    v.settle()
    assert _points(v) == before
    v.page.locator('[class*="points_preset"] button', has_text="equal").click()
    eventually(lambda: _points(v), None)
    eventually(lambda: "Chart: 4 points" in (_alt(v) or ""), True)


def test_a_point_is_moved_and_removed_by_keyboard_and_as_a_table(visit):
    v = visit(f"/{PAGE}?points={_THREE}")
    handle = v.page.locator(".st-key-picture-points_and_line-points_and_line svg.sheet circle").nth(1)
    handle.focus()
    handle.press("ArrowUp")
    handle.press("Shift+ArrowRight")
    eventually(lambda: _points(v), [(-2.0, -2.0), (1.0, 1.1), (2.0, 1.0)])
    handle.press("Delete")
    eventually(lambda: _points(v), [(-2.0, -2.0), (2.0, 1.0)])
    v.page.locator(f"{_CONTROL} summary").click()
    number = v.page.locator(f"{_CONTROL} tbody input").nth(1)
    number.fill("0.5")
    number.press("Tab")
    eventually(lambda: _points(v), [(-2.0, 0.5), (2.0, 1.0)])


@pytest.mark.parametrize(
    ("movement", "picture", "name", "start", "y"),
    [
        ("descent", "surface", "gd_start", (2.0, 2.0), W_VIEW),
        ("mse_against_mae", "two_lines", "outlier", (2.0, -3.0), Y_VIEW),
    ],
)
def test_a_finger_drags_the_start_of_the_descent_and_the_outlier(visit, movement, picture, name, start, y):
    v = visit(f"/{PAGE}", viewport=PHONE, has_touch=True, is_mobile=True)
    place = _place(v, movement, picture, y)
    session = v.page.context.new_cdp_session(v.page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        places = [dict(zip("xy", point, strict=True)) for point in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    touch("touchStart", place(*start))
    for i in range(1, 11):
        touch("touchMove", place(start[0] - 0.2 * i, start[1] - 0.05 * i))
        v.page.wait_for_timeout(20)
    touch("touchEnd")
    wanted = (start[0] - 2, start[1] - 0.5)
    eventually(
        lambda: [abs(p - q) < 0.2 for p, q in zip((_points(v, name) or [(9, 9)])[0], wanted, strict=True)],
        [True, True],
    )
