"""How long the playground takes to learn its data sets, and to show the first frame, in one process.

    python -m tests.benchmarks.playground [--seeds 10] [--browser]

(a) Default settings but for the data: the time until 95 % of the test points are right, asked at every
step, data, network and the 60 frames of the board included; the first run, which imports torch's
optimisers, is not. A seed that does not get there counts with the time of the whole run.
(b) The board before the first step, which a change shows first, and the whole board, after changes of one
setting each; the dearest boards that can be asked for; eight seeds.

(c) In Chromium, 1280 x 720: how often a second all pictures of the board follow the play bar while it is
pulled, a frame of the run at every frame of the screen; and how long after a press the untrained network is
seen, (d), alone and while another visitor's long run is under way.

Wall time and, because others work on the machine too, processor time. One thread.
"""

import argparse
import time
from collections.abc import Callable

import torch
from playwright.sync_api import Page

from explainer.experiments.playground import DEFAULTS, PRESETS, several
from explainer.nets.board import Board, train_board
from tests.benchmarks.measure import limit, machine, median, table
from tests.browser.chromium import PROJECTOR, launch, settle
from tests.server import serve

GOALS = {"spiral": 2.0, "circle": 0.5, "xor": 0.5, "gauss": 0.5}  # seconds
CHANGES: dict[str, dict[str, object]] = {
    "default": {},
    "data": {"data": "arms4"},
    "network": {"hidden": (16,) * 6},
    "sample": {"n_samples": 1000},
    "optimiser": {"optimizer": "lbfgs"},
    "all features": {"features": PRESETS["tensorflow_spiral"]["features"]},
    "batches": {"batch_size": 10, "dropout": 0.2, "l1": 1e-3},
}
DEAREST = {"hidden": (16,) * 6, "n_samples": 1000, "train_share": 0.9, "n_steps": 20_000}

LARGE = "hidden_layers=6&widths=16*16*16*16*16*16"
SCRUBBED = {
    "default": "",
    "six layers of 16": f"{LARGE}&n_steps=100",
    "four classes": "data=arms4&n_steps=100",
}
_BOARD = (
    "document.querySelector('.st-key-playground-net [data-testid=stBidiComponentIsolated]')"
    ".shadowRoot.querySelector('.net-board').board"
)
_SCRUB = f"""async seconds => {{
    const bar = document.querySelector(".st-key-play-playground-board-bar")
        .querySelector("[data-testid=stBidiComponentIsolated]").shadowRoot.querySelector("input");
    const before = {_BOARD}.drawn, begin = performance.now();
    for (let n = 0; performance.now() - begin < 1000 * seconds; n += 1) {{
        bar.value = n % 60;
        bar.dispatchEvent(new Event("input", {{ bubbles: true }}));
        await new Promise(requestAnimationFrame);
    }}
    return ({_BOARD}.drawn - before) / ((performance.now() - begin) / 1000);
}}"""
_FIRST = f"""size => new Promise(done => {{
    const begin = performance.now();
    const look = () =>
        {_BOARD}.net.sizes[1] === size ? done(performance.now() - begin) : requestAnimationFrame(look);
    look();
}})"""


def timed(run: Callable[[], object]) -> tuple[object, float, float]:
    """Return what a call returns, its wall time and its processor time, in seconds."""
    wall, processor = time.monotonic(), time.process_time()
    result = run()
    return result, time.monotonic() - wall, time.process_time() - processor


def board(**settings: object) -> tuple[Board, float, float]:
    """Train a board that nobody has trained before."""
    return timed(lambda: train_board(DEFAULTS | settings))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--browser", action="store_true", help="only (c) and (d)")
    given = parser.parse_args()
    seeds = range(given.seeds)
    torch.set_num_threads(1)
    machine()
    if given.browser:
        in_browser()
        return
    board(n_steps=2)

    rows: list[list[object]] = []
    for data, goal in GOALS.items():
        runs = [board(data=data, stop_accuracy=0.95, seed=seed) for seed in seeds]
        there = [run.ended == "accuracy_reached" for run, *_ in runs]
        within = sum(ok and wall <= goal for ok, (_, wall, _) in zip(there, runs, strict=True))
        steps = [run.n_steps for run, *_ in runs]
        rows.append(
            [
                data,
                f"{sum(there)}/{len(runs)}",
                max(steps),
                median([1000 * wall for _, wall, _ in runs]),
                max(1000 * wall for _, wall, _ in runs),
                max(1000 * processor for *_, processor in runs),
                f"{within} within {goal:g} s, {limit(within, 0.9 * len(runs), least=True)}",
            ]
        )
    heads = ["", "reached", "most steps", "median ms", "most ms", "processor", "goal"]
    table("(a) Until 95 % of the test points are right", heads, rows)

    rows = []
    for name, change in CHANGES.items():
        first = [board(**change, n_steps=0)[1] for _ in range(5)]
        whole, wall, processor = board(**change)
        most = 1000 * max(first)
        rows.append([name, most, limit(most, 400), 1000 * wall, 1000 * processor, whole.n_steps, whole.ended])
    for optimizer in ("adam", "lbfgs", "lm"):
        whole, wall, processor = board(**DEAREST, optimizer=optimizer)
        rows.append(
            [f"dearest, {optimizer}", None, None, 1000 * wall, 1000 * processor, whole.n_steps, whole.ended]
        )
    _, wall, processor = timed(several)
    rows.append(["eight seeds", None, None, 1000 * wall, 1000 * processor, DEFAULTS["n_steps"], None])
    heads = ["", "first frame, ms", "goal", "whole board, ms", "processor", "steps", "ended"]
    table("(b) After a change", heads, rows)
    in_browser()


def in_browser() -> None:
    """Measure what only a browser knows, and print it."""
    rows: list[list[object]] = []
    with serve() as server, launch() as browser:
        visitors = [browser.new_context(viewport=PROJECTOR, locale="en-US").new_page() for _ in range(2)]
        page, other = visitors

        def press(visitor: Page, name: str) -> None:
            button = visitor.locator(".st-key-playground-net").get_by_role("button", name=name)
            button.evaluate("button => button.click()")

        for name, query in SCRUBBED.items():
            page.goto(f"{server.url}/playground?{query}")
            settle(page, 120_000)
            page.wait_for_timeout(3000)
            rows.append([name, rate := page.evaluate(_SCRUB, 4), limit(rate, 30, least=True)])
        table("(c) Scrubbing", ["", "frames a second", "goal"], rows)

        rows = []
        for visitor in visitors:
            visitor.goto(f"{server.url}/playground?{LARGE}&n_steps=5000&l2=0.001")
            settle(visitor, 120_000)
        page.wait_for_timeout(5000)
        for name, busy in (("alone", False), ("another run is under way", True)):
            seen = []
            for size in (15, 14, 13):
                if busy:
                    press(other, "Remove a neuron from layer 1")
                    other.wait_for_timeout(500)
                press(page, "Remove a neuron from layer 1")
                seen.append(page.evaluate(_FIRST, size - 3 * busy))
                page.wait_for_timeout(8000)
            rows.append([name, median(seen), max(seen), limit(median(seen), 400)])
        table("(d) From a press to the first frame", ["", "median ms", "most ms", "goal"], rows)


if __name__ == "__main__":
    main()
