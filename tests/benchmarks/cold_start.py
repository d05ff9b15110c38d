"""From the start of the process to the first page in the browser, beside a bare app; memory.

    python -m tests.benchmarks.cold_start [--runs 5]

The runs alternate, so that what else the machine does falls on all of them.
"""

import argparse
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page

from explainer import contents
from tests.benchmarks.measure import limit, machine, median, memory, serve_bare, table, wait_until_idle
from tests.browser.chromium import PROJECTOR, launch
from tests.server import Server, serve

_CHARTS = "[data-testid=stVegaLiteChart]"
_SHOWN = """([selector, charts]) =>
    document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')
    && document.querySelector(selector)?.checkVisibility()
    && [...document.querySelectorAll(charts)].every(chart => chart.querySelector('svg.marks, canvas'))"""


@dataclass(frozen=True)
class Start:
    """One cold start: seconds to a healthy server and to the page, MB then and after every page."""

    healthy: float
    shown: float
    memory: float
    memory_at_rest: float | None = None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="cold starts of each kind")
    runs = parser.parse_args().runs
    machine()
    deep = next((page for page in contents.built_pages() if page == "linear_collapse"), contents.HOME)
    with launch() as browser:
        bare, home, link = [], [], []
        for _ in range(runs):
            bare.append(_start(browser, serve_bare, "/", f"{_CHARTS} svg"))
            home.append(_start(browser, serve, "/", ".st-key-neighbours", every_page=True))
            link.append(_start(browser, serve, f"/{deep}", f"{_CHARTS} svg"))
    yardstick = median([start.shown for start in bare])
    heads = ["", "healthy s", "page s", "of bare", "limit", "memory MB", "every page, warm MB", "limit"]
    kinds = {"bare": bare, "home": home, f"/{deep}": link}
    rows = [_row(name, starts, yardstick) for name, starts in kinds.items()]
    rows[1][4] = limit(rows[1][3], 1.5)
    rows[1][7] = limit(rows[1][6], 600)
    table(f"Cold start, medians of {runs} alternate runs", heads, rows)


def _start(
    browser: Browser,
    start: Callable[[], AbstractContextManager[Server]],
    path: str,
    selector: str,
    *,
    every_page: bool = False,
) -> Start:
    begin = time.perf_counter()
    with start() as server, browser.new_context(viewport=PROJECTOR) as context:
        page = context.new_page()
        _open(page, server.url + path, selector)
        shown = time.perf_counter() - begin
        first = memory(server.process.pid)
        if not every_page:
            return Start(server.seconds_to_health, shown, first)
        for name in contents.built_pages():
            _open(page, f"{server.url}/{'' if name == contents.HOME else name}", ".st-key-neighbours")
        wait_until_idle(server.process.pid)
        return Start(server.seconds_to_health, shown, first, memory(server.process.pid))


def _open(page: Page, url: str, selector: str) -> None:
    page.goto(url, wait_until="commit")
    page.wait_for_function(_SHOWN, arg=[selector, _CHARTS], timeout=60_000)


def _row(name: str, starts: list[Start], yardstick: float) -> list[object]:
    shown = median([start.shown for start in starts])
    at_rest = [start.memory_at_rest for start in starts if start.memory_at_rest]
    return [
        name,
        median([start.healthy for start in starts]),
        shown,
        shown / yardstick,
        None,
        median([start.memory for start in starts]),
        median(at_rest) if at_rest else None,
        None,
    ]


if __name__ == "__main__":
    main()
