"""Two classes of points and the handles of lines on one picture: a hand reaches all of them."""

from explainer.ui.hand import Plane
from tests.browser.visitor import Visitor, eventually

PAGE = "mlp"
_PLANE = Plane((-6, 6), (-6, 6), 0.1, 1, 40, n_classes=2)
_LINES = Plane((-6, 6), (-6, 6), 0.1, 4, 4)


def _place(v: Visitor, picture: str, low: float, high: float):
    sheet = v.page.locator(f".st-key-picture-by_hand-{picture} svg.sheet").first
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            box["x"] + (x - low) / (high - low) * box["width"],
            box["y"] + (high - y) / (high - low) * box["height"],
        )

    return place


def _own(v: Visitor) -> list[tuple[float, ...]]:
    return list(_PLANE.read(v.address()[1].get("own", "")) or ())


def test_a_point_gets_the_pressed_class_and_a_line_is_dragged_on_the_same_picture(visit):
    v = visit(f"/{PAGE}?family=own_points&own=-3.0_-3.0_1*3.0_-3.0_0")
    place, mouse = _place(v, "by_hand_plane", -6, 6), v.page.mouse
    v.page.locator(f".st-key-{PAGE}-own button", has_text="class 1").click()
    mouse.click(*place(3, 3))
    eventually(lambda: [point[2] for point in _own(v)], [1, 0, 1])
    assert abs(_own(v)[2][0] - 3) < 0.2
    assert abs(_own(v)[2][1] - 3) < 0.2
    point = v.page.locator('.st-key-picture-by_hand-by_hand_plane svg.sheet[data-name="own"] circle').nth(1)
    point.focus()
    point.press("1")
    eventually(lambda: [point[2] for point in _own(v)], [1, 1, 1])
    point.press("0")
    point.press("ArrowUp")
    eventually(lambda: [point[2] for point in _own(v)], [1, 0, 1])
    before = _own(v)
    mouse.move(*place(0.5, 4))  # a handle of the first line
    mouse.down()
    mouse.move(*place(-1, 4.5), steps=5)
    mouse.up()

    def dragged() -> bool:
        handles = _LINES.read(v.address()[1].get("lines", ""))
        return bool(handles) and abs(handles[1][0] + 1) < 0.2 and abs(handles[1][1] - 4.5) < 0.2

    eventually(dragged, True)
    assert _own(v) == before, "the press on the handle has set no point"


def test_the_descent_is_played_in_both_spaces_without_the_server(visit):
    v = visit(f"/{PAGE}?who=descent")
    plane = v.page.locator(".st-key-picture-by_hand-by_hand_plane [data-testid=stVegaLiteChart]")
    space = v.page.locator(".st-key-picture-by_hand-by_hand_space [data-testid=stVegaLiteChart]")
    for chart, name in ((plane, "plane"), (space, "space")):
        chart.evaluate("(chart, name) => probe.watch(chart, name)", name)
    sent = len(v.sent)
    bar = v.page.locator(".st-key-play-by_hand input[type=range]")
    bar.focus()
    bar.press("Home")
    eventually(lambda: [v.redraws("plane") > 0, v.redraws("space") > 0], [True, True])
    bar.press("End")
    eventually(lambda: [v.redraws("plane") > 1, v.redraws("space") > 1], [True, True])
    assert len(v.sent) == sent
