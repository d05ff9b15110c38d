"""The playground's network in a real browser: its arithmetic is torch's, and a hand can use all of it."""

import time

import numpy as np
import pytest
import torch

from explainer.experiments import playground as experiments
from explainer.nets.activations import ACTIVATIONS
from explainer.nets.features import features
from explainer.nets.mlp import MLP
from tests.browser.chromium import PHONE
from tests.browser.visitor import Visitor, eventually

PAGE = "playground"
_BOARD = f".st-key-{PAGE}-net"
_SMALL = "n_steps=10&n_samples=40"
_FIND = f"document.querySelector('{_BOARD} [data-testid=stBidiComponentIsolated]').shadowRoot"


def _ask(v: Visitor, expression: str) -> object:
    """Ask the board itself: ``board`` is what it shows of its numbers, ``shadow`` all that it holds."""
    begin = f"const shadow = {_FIND}, {{ board }} = shadow.querySelector('.net-board');"
    return v.page.evaluate(f"(() => {{ {begin} return {expression}; }})()")


def _ready(v: Visitor) -> Visitor:
    eventually(lambda: _ask(v, "board.drawn > 0"), True)
    return v


def _at_rest(v: Visitor) -> Visitor:
    """Wait until nothing has been sent for a second."""
    seen = -1
    while seen != len(v.sent):
        seen = len(v.sent)
        v.page.wait_for_timeout(1000)
    return v


def _torch(run: experiments.Board, frame: int, places: np.ndarray) -> np.ndarray:
    """Return what torch answers with the weights of a frame: (n_outputs, n_places)."""
    X = torch.from_numpy(places)
    h = (features(run.features, X) - torch.from_numpy(run.mean)) / torch.from_numpy(run.scale)
    net = MLP(run.sizes, ACTIVATIONS["identity"])
    layers = net.layers(torch.from_numpy(run.parameters[frame : frame + 1].astype("float64")))
    for i, (weight, bias) in enumerate(layers):
        z = h @ weight[0].T + bias[0]
        h = ACTIVATIONS[run.activations[i]].function(z) if i < len(layers) - 1 else z
    if run.output == "softmax":
        return torch.softmax(h, 1).numpy().T
    return ACTIVATIONS[run.output].function(h).numpy().T


@pytest.mark.parametrize(
    "settings",
    [
        {"data": "arms4", "hidden": (5, 4, 3, 2), "activation": ("gelu", "elu", "silu", "softplus")},
        {"data": "xor", "hidden": (4, 4), "activation": ("relu", "leaky_relu"), "loss": "squared"},
        {"data": "regress_gauss", "hidden": (3, 3, 3), "activation": ("softsign", "sigmoid", "heaviside")},
        {"data": "spiral", "hidden": (), "activation": ("tanh",), "features": experiments.FEATURES_OFFERED},
    ],
)
def test_the_browser_computes_what_torch_computes(visit, settings):
    given = {"n_steps": 10, "n_samples": 40} | settings
    hidden, f = given["hidden"], given["activation"]
    link = f"/{PAGE}?{_SMALL}&data={given['data']}&hidden_layers={len(hidden)}"
    link += f"&widths={'*'.join(map(str, (*hidden, 4, 4, 4, 4, 4, 4)[:6]))}"
    link += "".join(f"&f{i + 1}={name}" for i, name in enumerate(f[: len(hidden)]))
    link += f"&loss={given.get('loss', 'logloss')}&features={'*'.join(given.get('features', ('x1', 'x2')))}"
    v = _ready(visit(link))
    run = experiments.why(settings=given)
    places = np.random.default_rng(0).uniform(-6, 6, (50, 2))
    for frame in (0, 30, 59):
        answers = np.array(_ask(v, f"board.predict({places.tolist()}, {frame})"))
        assert answers == pytest.approx(_torch(run, frame, places), abs=1e-6)
        assert _ask(v, f"board.loss({frame})") == pytest.approx(run.losses[frame, 0], rel=1e-4, abs=1e-6)


def test_scrubbing_moves_all_pictures_and_asks_nobody(visit):
    v = _at_rest(_ready(visit(f"/{PAGE}?n_steps=100&n_samples=40")))
    sent, drawn = len(v.sent), _ask(v, "board.drawn")
    bar = v.page.locator(f".st-key-play-{PAGE}-board-bar input[type=range]")
    numbers = _ask(v, "shadow.querySelector('.numbers').textContent")
    charts = v.page.locator(".st-key-movement-board [data-testid=stVegaLiteChart]")
    before = [chart.evaluate("chart => probe.drawing(chart)") for chart in charts.all()]
    bar.focus()
    for _ in range(30):
        v.press("ArrowLeft")
    eventually(lambda: _ask(v, "board.frame"), 29)
    eventually(lambda: _ask(v, "board.drawn") > drawn, True)
    assert _ask(v, "shadow.querySelector('.numbers').textContent") != numbers
    for chart, old in zip(charts.all(), before, strict=True):
        eventually(lambda chart=chart, old=old: chart.evaluate("chart => probe.drawing(chart)") != old, True)
    assert len(v.sent) == sent
    bar.press("End")
    eventually(lambda: _ask(v, "shadow.querySelector('.numbers').textContent"), numbers)


def test_a_hand_switches_features_adds_neurons_and_the_link_follows(visit):
    v = _ready(visit(f"/{PAGE}?{_SMALL}"))
    board = v.page.locator(_BOARD)
    board.get_by_role("button", name="Feature x₁x₂").click()
    eventually(lambda: v.address()[1].get("features"), "x1*x2*x1_x2")
    board.get_by_role("button", name="Add a neuron to layer 1").press("Enter")
    eventually(lambda: v.address()[1].get("widths"), "13*8*4*4*4*4")
    eventually(lambda: _ask(v, "board.net.sizes"), [3, 13, 8, 1])
    v.page.reload()
    v.settle()
    eventually(lambda: _ask(_ready(v), "board.net.sizes"), [3, 13, 8, 1])


def test_a_weight_moved_by_hand_changes_the_answer_at_once_and_nobody_is_asked(visit):
    v = _at_rest(_ready(visit(f"/{PAGE}?{_SMALL}")))
    sent = len(v.sent)
    before = _ask(v, "board.predict([[1, 1]], 59)")
    v.page.locator(_BOARD).get_by_role("button", name="Output 1").press("Enter")
    weight = v.page.locator(f"{_BOARD} .edit input[type=range]")
    weight.press("End")
    eventually(lambda: _ask(v, "board.predict([[1, 1]], 59)") != before, True)
    assert len(v.sent) == sent
    v.page.locator(_BOARD).get_by_role("button", name="Undo").click()
    eventually(lambda: _ask(v, "board.predict([[1, 1]], 59)"), before)


def test_points_are_set_with_finger_and_keys_and_the_nearest_one_is_traced(visit):
    v = _ready(visit(f"/{PAGE}?{_SMALL}&data=own", viewport=PHONE, has_touch=True, is_mobile=True))
    plane = v.page.locator(f"{_BOARD} .plane")
    plane.scroll_into_view_if_needed()
    box = plane.bounding_box()
    v.page.touchscreen.tap(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    eventually(lambda: len(v.address()[1].get("own", "")), 6)
    plane.press("2")
    for _ in range(3):
        plane.press("Shift+ArrowRight")
    plane.press("Enter")
    eventually(lambda: len(v.address()[1].get("own", "")), 12)
    before = v.address()[1]["own"]
    plane.press("Enter")  # lifts the point under the cross
    plane.press("ArrowUp")
    plane.press("3")  # of another class
    plane.press("Enter")
    eventually(
        lambda: len(after := v.address()[1]["own"]) == 12 and after[:8] == before[:8] and after != before,
        True,
    )
    eventually(lambda: v.address()[1]["own"][-2:], "8c")  # 2 + 1, in hundredths
    plane.press("Delete")
    eventually(lambda: len(v.address()[1].get("own", "")), 6)
    assert "place" in v.address()[1]


def test_a_point_is_dragged_and_removed_with_the_mouse_and_a_value_makes_it_a_regression(visit):
    v = _at_rest(_ready(visit(f"/{PAGE}?{_SMALL}&data=own")))
    board, plane = v.page.locator(_BOARD), v.page.locator(f"{_BOARD} .plane")
    box = plane.bounding_box()

    def spot(x: float, y: float) -> tuple[float, float]:
        return box["x"] + box["width"] * (x + 6) / 12, box["y"] + box["height"] * (6 - y) / 12

    v.page.mouse.click(*spot(-3, 0))
    eventually(lambda: len(_ask(v, "[...board.own]")), 1)
    board.get_by_role("slider", name="Or a number from −1 to 1").fill("-0.5")
    v.page.mouse.click(*spot(3, 0))
    eventually(lambda: _ask(v, "board.own.map(point => point[2])"), [0, -0.5])
    eventually(lambda: _ask(v, "board.net.problem"), "regression")
    v.page.mouse.move(*spot(3, 0))
    v.page.mouse.down()
    v.page.mouse.move(*spot(2, 1), steps=4)
    v.page.mouse.move(*spot(1, 2), steps=4)
    v.page.mouse.up()
    eventually(lambda: _ask(v, "board.own[1].map(value => Math.round(5 * value) / 5)"), [1, 2, -0.4])
    assert _ask(v, "board.own.length") == 2
    eventually(lambda: "R²" in _ask(v, "shadow.querySelector('.numbers').textContent"), True)
    v.page.mouse.dblclick(*spot(1, 2))
    eventually(lambda: _ask(v, "board.own.length"), 1)


def test_data_are_chosen_by_pictures_with_the_arrows(visit):
    v = _at_rest(_ready(visit(f"/{PAGE}?{_SMALL}")))
    chosen = v.page.get_by_role("radio", name="spiral")
    assert chosen.is_checked()
    chosen.focus()
    v.press("ArrowRight")
    eventually(lambda: v.address()[1].get("data"), "moons")
    assert v.page.get_by_role("radio", name="moons").is_checked()


def test_a_press_on_the_curve_of_the_loss_shows_that_frame_and_asks_nobody(visit):
    v = _at_rest(_ready(visit(f"/{PAGE}?{_SMALL}")))
    sent = len(v.sent)
    axes = v.page.locator(".st-key-picture-board-run_losses svg .root > g > path.background")
    box = axes.bounding_box()
    v.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    eventually(lambda: _ask(v, "board.frame") in (29, 30), True)
    bar = v.page.locator(f".st-key-play-{PAGE}-board-bar input[type=range]")
    assert bar.input_value() in ("29", "30")
    assert len(v.sent) == sent


def test_a_link_brings_own_points_settings_seed_and_loss_to_a_second_browser(visit):
    v = _at_rest(_ready(visit(f"/{PAGE}?n_steps=30&data=own&seed=7&noise=0.2&f=relu&features=x1*x2*x1_x2")))
    plane = v.page.locator(f"{_BOARD} .plane")
    side = plane.bounding_box()["width"]
    places = [(side * (0.2 + 0.2 * (i % 4)), side * (0.3 + 0.4 * (i // 4))) for i in range(8)]
    for i, (x, y) in enumerate(places):
        v.page.locator(_BOARD).get_by_role("button", name=f"Set points of class {1 + i % 3}").click()
        plane.click(position={"x": x, "y": y})
        eventually(lambda: _ask(v, "board.own.length"), i + 1)
    eventually(lambda: len(v.address()[1].get("own", "")), 6 * 8)
    _at_rest(v)
    link = v.page.evaluate("location.pathname + location.search")
    other = _at_rest(_ready(visit(link)))
    assert other.page.context != v.page.context
    assert other.address() == v.address()
    for what in ("board.own", "board.net.sizes", "board.net.features", "board.net.activations"):
        assert _ask(other, what) == _ask(v, what)
    losses = [_ask(one, "board.losses.map(column => column.at(-1))") for one in (v, other)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-6)
    assert losses[0][0] < _ask(v, "board.losses[0][0]")  # it was trained


def test_the_untrained_network_is_shown_first_and_then_the_trained_one(visit):
    """Press after press, also when the page was run again in between and had the run at hand."""
    now = time.time_ns() // 10**6  # what the server has trained before, it shows at once
    v = _at_rest(
        _ready(visit(f"/{PAGE}?n_steps=5000&n_samples=200&seed={now % 10}&data_seed={now // 10 % 10}"))
    )
    v.page.evaluate(
        f"""() => {{
            window.shown = [];
            const look = () => {{
                const {{ board }} = {_FIND}.querySelector(".net-board");
                const now = `${{board.net.sizes}} ${{board.steps ? "trained" : "untrained"}}`;
                if (now !== shown.at(-1)) shown.push(now);
                requestAnimationFrame(look);
            }};
            look();
        }}"""
    )
    seen = ["2,12,8,1 trained"]
    for size in (13, 14):
        v.page.locator(_BOARD).get_by_role("button", name="Add a neuron to layer 1").click()
        seen += [f"2,{size},8,1 untrained", f"2,{size},8,1 trained"]
        eventually(lambda seen=seen: v.page.evaluate("shown"), seen)
        _at_rest(v)
