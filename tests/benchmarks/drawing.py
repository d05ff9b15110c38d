"""How often a second the network answers while a hand draws a digit, in a real browser.

    python -m tests.benchmarks.drawing [--digits 12]

A hand draws random loops on the sheet, one after another, a point every 16 ms. An answer is a frame in which
the bars of the ten probabilities changed; the time between two sheets does not count. Last comes how long
after the pen was lifted the bars changed for the last time.
"""

import argparse
import math
import random
import time

from playwright.sync_api import Page

from tests.benchmarks.interaction import PROBE
from tests.benchmarks.measure import limit, machine, median, table, wait_until_idle
from tests.browser.chromium import PROJECTOR, launch, settle
from tests.server import serve

_SHEET = ".st-key-first_network-sketch canvas"
_BARS = ".st-key-picture-draw-ten_probabilities"
_SECONDS = 1.5  # for a digit
_POINT = 0.016  # seconds from one point to the next
_LEAST = 8  # answers a second


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--digits", type=int, default=12)
    options = parser.parse_args()
    machine()
    rng, rates, late = random.Random(0), [], []
    with serve() as server, launch() as browser:
        page = browser.new_context(viewport=PROJECTOR).new_page()
        page.add_init_script(PROBE)
        page.goto(f"{server.url}/first_network?lang=en&at=draw")
        settle(page, timeout=60_000)
        wait_until_idle(server.process.pid)
        page.locator(_BARS).evaluate("bars => probe.watch(bars)")
        for i in range(options.digits + 1):
            answers, rest = _draw(page, rng)
            if i:  # the first one loads code
                rates.append(answers)
                late.append(rest)
            page.locator(".st-key-first_network-sketch .clear").click()
            page.evaluate("probe.rest('release', false)")
    rows = [
        ["answers a second, median", median(rates), limit(median(rates), _LEAST, least=True)],
        ["answers a second, fewest", min(rates), None],
        ["from the last point to the last answer, ms", median(late), None],
    ]
    table(f"{len(rates)} drawings of {_SECONDS} s", ["", "", "limit"], rows)


def _draw(page: Page, rng: random.Random) -> tuple[float, float]:
    """Draw two loops; return answers a second, and the ms from the pen's lift to the last answer."""
    box = page.locator(_SHEET).bounding_box()
    wide, high = rng.uniform(0.15, 0.35), rng.uniform(0.1, 0.2)
    places = [
        (
            0.5 + wide * math.sin(4 * math.pi * k),
            0.1 + (0.8 - high) * k + high * math.sin(2 * math.pi * k) ** 2,
        )
        for k in (i * _POINT / _SECONDS for i in range(round(_SECONDS / _POINT)))
    ]
    place = lambda x, y: (box["x"] + x * box["width"], box["y"] + y * box["height"])  # noqa: E731
    page.mouse.move(*place(*places[0]))
    page.mouse.down()
    page.evaluate("probe.count()")
    begin = time.monotonic()
    for i, point in enumerate(places):
        page.mouse.move(*place(*point))
        time.sleep(max(0.0, begin + i * _POINT - time.monotonic()))
    answers = page.evaluate("Math.max(0, ...probe.counts.values())") / (time.monotonic() - begin)
    page.mouse.up()
    return answers, page.evaluate("probe.rest('release', false)")


if __name__ == "__main__":
    main()
