"""The slider that reports while it moves, and what a slow, failing or lost server does to it; playback."""

from pathlib import Path

import pytest

from tests.browser.visitor import PAGE, eventually
from tests.server import Server, serve


@pytest.fixture(scope="module")
def slow_server(browser) -> Server:
    with serve(Path(__file__).parent / "slow_app.py", keep=False) as server:
        yield server


def test_a_drag_redraws_many_times_and_ends_exactly_under_the_pointer(visit):
    v = visit(f"/{PAGE}")
    v.watch("deeper", "matrices")
    with v.hold("depth") as pull:
        depth = 3
        while v.redraws("deeper") < 12:
            depth = depth % 10 + 1
            pull(depth)
        assert v.redraws("matrices") >= 6
        assert v.address() == (PAGE, {}), "nothing is written while a hand moves"
        pull(5)
        pull(9)
    eventually(v.address, (PAGE, {"depth": "9"}))
    assert (v.value("depth"), v.shown("depth")) == (9, "9")
    v.says("deeper", "Chart: 9 layers")
    eventually(lambda: [name in v.words_in("matrices") for name in ("W₉", "W₁₀")], [True, False])
    assert v.page.evaluate("probe.redraws.get('deeper').svg.isConnected"), (
        "the picture was moved, not built anew"
    )


def test_slider_picture_formula_and_address_agree_after_a_drag_and_after_keys(visit):
    v = visit(f"/{PAGE}")
    v.drag("w11", 1, 2, 3, -1.7)
    shown = v.shown("w11")
    assert abs(v.value("w11") + 1.7) < 0.25, "under the pointer, within a few pixels of a narrow slider"
    assert shown == f"{v.value('w11'):.1f}".replace("-", "−")
    eventually(v.address, (PAGE, {"w11": shown.replace("−", "-")}))
    eventually(lambda: f"w₁₁ = {shown}" in v.words_in("graph"), True)
    v.says("graph", f"weight {shown} from 1 to h₁")
    formula = v.page.locator(".st-key-formula-two_regressions annotation").first
    weight = f"({shown.replace('−', '-')} "
    eventually(lambda: weight in formula.text_content().replace("−", "-"), True)

    slider = v.slider("w21")
    for key, value in (
        *(("ArrowRight", 1.1), ("ArrowDown", 1.0), ("Shift+ArrowLeft", 0), ("Shift+ArrowUp", 1.0)),
        *(("End", 3), ("Shift+ArrowRight", 3), ("Home", -3)),
    ):
        slider.press(key)
        assert v.value("w21") == value, key
        assert slider.get_attribute("aria-valuetext") == v.shown("w21") == f"{value:.1f}".replace("-", "−")
    eventually(v.address, (PAGE, {"w11": shown.replace("−", "-"), "w21": "-3.0"}))
    eventually(lambda: "w₂₁ = −3.0" in v.words_in("graph"), True)


def test_a_number_is_typed_and_junk_gets_a_sentence_and_keeps_the_last_good_value(visit):
    v = visit(f"/{PAGE}")
    number = v.page.locator(f".st-key-{PAGE}-w11 .number")
    said = v.page.locator(f".st-key-{PAGE}-w11 .junk")
    number.click()
    number.fill("-1,7")
    number.press("Enter")
    eventually(v.address, (PAGE, {"w11": "-1.7"}))
    assert (v.value("w11"), v.shown("w11")) == (-1.7, "−1.7")
    v.says("graph", "weight −1.7 from 1 to h₁")
    for junk in ("abc", "1e999", "", "7", "--2", "0x1g"):
        number.click()
        number.fill(junk)
        number.press("Enter")
        assert said.text_content() == "That is no number from −3 to 3: the last value stays.", junk
        assert (v.value("w11"), v.shown("w11")) == (-1.7, "−1.7")
    number.click()
    number.fill("2.2")
    number.press("Escape")
    assert (v.shown("w11"), said.text_content()) == ("−1.7", "")
    v.slider("w11").focus()
    v.press("2", ".", "5", "Enter")  # a digit on the slider begins to type; a point is none of the stage's
    eventually(v.address, (PAGE, {"w11": "2.5"}))
    assert not v.page.locator("#explainer-blank").count()


def test_nothing_jumps_while_a_hand_moves(visit):
    v = visit(f"/{PAGE}?answer=1&why_not=1")
    for movement, sliders, choices in (
        ("two_regressions", ("w11", "w22"), ()),
        ("deeper", ("depth", "width", "seed"), ()),
        ("with_activation", ("v11", "v1"), (("f", "f(x) = x"), ("f", "tanh"))),
        ("train_it", ("neurons", "noise"), (("target", "line"), ("train_f", "ReLU"), ("target", "|x|"))),
    ):
        v.page.evaluate("name => probe.stand(name)", movement)
        for name in sliders:
            low, high = (float(v.slider(name).get_attribute(edge)) for edge in ("min", "max"))
            v.drag(name, *(low + i / 5 * (high - low) for i in range(6)), low, high)
            assert v.value(name) == high
        eventually(lambda name=sliders[-1]: name in v.address()[1], True)
        for name, option in choices:
            before = v.address()
            v.choose(name, option)
            eventually(lambda before=before: v.address() != before, True)
        assert v.page.evaluate("probe.moved()") == []


def test_playback_moves_pictures_cursor_and_numbers_together_and_asks_the_server_nothing(visit):
    v = visit(f"/{PAGE}?at=train_it")
    movement = v.page.locator(".st-key-movement-train_it")
    bar = movement.locator(".bar")
    range_, (back, play, step) = bar.locator("input[type=range]"), bar.get_by_role("button").all()
    v.watch("training", "losses")
    sent = len(v.sent)

    def frames():
        """Return the frame as the play bar, both charts and the cursor of the loss have it."""
        shown = movement.evaluate(
            """(movement, chart) => {
                const width = chart.querySelector("path.background").getBBox().width;
                const rule = chart.querySelector(".mark-rule.role-mark line");
                const cursor = rule.transform.baseVal.consolidate().matrix.e;
                const inputs = [...movement.querySelectorAll('.vega-bindings input[name="frame"]')];
                return [...inputs.map(input => +input.value), Math.round(cursor / width * 59)];
            }""",
            v.chart("losses").element_handle(),
        )
        return [int(range_.input_value()), *shown]

    def table_agrees():
        """Compare the numbers of the table with the heights of the points at the cursor."""
        rows = bar.locator("tbody tr").all()[1:]
        numbers = [float(row.locator("td").first.text_content()) for row in rows]
        heights = v.chart("losses").evaluate(
            """chart => {
                const height = chart.querySelector("path.background").getBBox().height;
                return [...chart.querySelectorAll(".mark-symbol.role-mark path")].map(path =>
                    10 ** (4 * (1 - path.transform.baseVal.consolidate().matrix.f / height) - 3));
            }"""
        )
        assert sorted(numbers) == pytest.approx(sorted(heights), rel=0.02)

    eventually(frames, [59, 59, 59, 59])
    table_agrees()
    last = v.drawing("training")
    step.click()
    assert frames() == [59, 59, 59, 59], "there is nothing after the last step"

    back.click()
    eventually(frames, [58, 58, 58, 58])
    box = range_.bounding_box()
    v.page.mouse.move(box["x"] + box["width"] - 8, box["y"] + box["height"] / 2)
    v.page.mouse.down()
    for share in (0.8, 0.6, 0.4, 0.2, 0.0):
        v.page.mouse.move(box["x"] + 4 + share * (box["width"] - 8), box["y"] + box["height"] / 2)
    v.page.mouse.up()
    eventually(frames, [0, 0, 0, 0])
    eventually(lambda: v.drawing("training") != last, True)
    table_agrees()
    step.click(click_count=3)
    eventually(frames, [3, 3, 3, 3])
    table_agrees()

    count = v.redraws("training"), v.redraws("losses")
    play.click()
    assert play.get_attribute("aria-label") == "Pause"
    eventually(lambda: v.redraws("training") >= count[0] + 5, True)
    play.click()
    assert play.get_attribute("aria-label") == "Play the training"
    eventually(lambda: len(set(frames())), 1)
    assert 3 < frames()[0] < 59
    eventually(lambda: v.redraws("losses") >= count[1] + 5, True)
    table_agrees()

    range_.press("End")
    eventually(frames, [59, 59, 59, 59])
    eventually(lambda: v.drawing("training") == last, True)
    assert len(v.sent) == sent, "a frame of the recording went to the server"

    v.drag("neurons", 2)
    eventually(lambda: len(v.sent) > sent, True)


def test_a_half_second_step_does_not_freeze_a_slider(visit, slow_server):
    v = visit("/", server=slow_server)
    sent = len(v.sent)
    with v.hold("depth", page="slow_app") as pull:
        for value in (*range(1, 21), *range(19, 12, -1)):
            pull(value)
    answer = v.page.locator(".st-key-figure-slow")
    eventually(lambda: answer.inner_text(), "half a second for 13")
    assert v.value("depth", page="slow_app") == 13
    assert len(v.sent) - sent <= 6, "a value leaves when the last was answered; those between are skipped"
    eventually(v.address, ("home", {"depth": "13"}))
    v.drag("depth", 4, page="slow_app")
    eventually(lambda: answer.inner_text(), "half a second for 4")


@pytest.mark.parametrize(
    ("locale", "message"), [("ru-RU", "Здесь что-то пошло не так"), ("en-US", "Something went wrong")]
)
def test_a_failing_step_does_not_freeze_a_slider(visit, slow_server, locale, message):
    v = visit("/", server=slow_server, locale=locale)
    figure = v.page.locator(".st-key-figure-failing")
    with v.hold("width", page="slow_app") as pull:
        pull(5)
        eventually(lambda: message in figure.inner_text(), True)
        pull(6)
        pull(8)
        eventually(figure.inner_text, "no failure for 8")
        pull(4)
        eventually(lambda: message in figure.inner_text(), True)
    assert v.value("width", page="slow_app") == 4
    v.drag("width", 10, page="slow_app")
    eventually(figure.inner_text, "no failure for 10")
    eventually(v.address, ("home", {"width": "10"}))


def test_a_connection_that_drops_and_comes_back_loses_no_value(visit):
    v = visit(f"/{PAGE}")
    v.forgive("WebSocket|when disconnected from server|ERR_INTERNET_DISCONNECTED")
    v.choose("f", "tanh")
    v.drag("depth", 7)
    v.says("deeper", "Chart: 7 layers")

    v.page.context.set_offline(True)
    v.page.evaluate("probe.sockets.forEach(socket => socket.close())")
    v.drag("width", 11)
    v.drag("w11", -2)
    weight = v.shown("w11")
    assert v.value("width") == 11
    v.page.context.set_offline(False)

    v.page.wait_for_function("probe.sockets.at(-1).readyState === WebSocket.OPEN")
    v.says("deeper", "Chart: 7 layers of 11 neurons")
    eventually(lambda: f"w₁₁ = {weight}" in v.words_in("graph"), True)
    assert (v.value("depth"), v.value("width"), v.shown("w11"), v.chosen("f")) == (7, 11, weight, "tanh")
    eventually(v.address, (PAGE, {"depth": "7", "width": "11", "f": "tanh", "w11": weight.replace("−", "-")}))
    v.drag("depth", 2)
    v.says("deeper", "Chart: 2 layers of 11 neurons")
