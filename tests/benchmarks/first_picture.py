"""From the words of a page to its picture in the browser: ninety events, beside the one line of a bare app.

    python -m tests.benchmarks.first_picture [--visits 7]

A visit has a browser with nothing in its cache. (a) A link to the page itself, and the bare app: the code
that draws pictures comes and runs for the first time. (b) The same page from the map, which has
drawn a small picture, and (c) from a page of pictures. The visits alternate.
"""

import argparse
from collections.abc import Callable

from playwright.sync_api import Browser, Page

from explainer import contents, texts
from tests.benchmarks.measure import limit, machine, median, serve_bare, table, wait_until_idle
from tests.browser.chromium import PROJECTOR, launch, settle
from tests.server import serve

_PICTURE = "svg.marks .role-mark > *"
# Times in ms at which words and picture are first seen in a frame; whatever was there before does not count.
_WATCH = """([words, text, picture]) => {
    const seen = (window.seen = {});
    const look = () => {
        const title = [...document.querySelectorAll(words)].some(e => e.textContent.includes(text));
        if (title) seen.words ??= performance.now();
        if (title && document.querySelector(picture)) seen.picture ??= performance.now();
        if (!seen.picture) requestAnimationFrame(look);
    };
    look();
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--visits", type=int, default=7, help="visits of each kind")
    n_visits = parser.parse_args().visits
    machine()
    title = texts.load("history", "en").title
    watched = ["h1", title, f".st-key-picture-timeline-timeline {_PICTURE}"]
    with serve() as ours, serve_bare() as bare, launch() as browser:
        kinds: dict[str, Callable[[], float]] = {
            "bare app, one line": lambda: _arrive(browser, bare.url, ["label", "frequency", _PICTURE]),
            "(a) history, a link": lambda: _arrive(browser, f"{ours.url}/history?lang=en", watched),
            "(b) from the map": lambda: _follow(browser, f"{ours.url}/?lang=en", watched),
            "(c) from a page with a picture": lambda: _follow(browser, f"{ours.url}/trends?lang=en", watched),
        }
        for visit in kinds.values():  # the servers' own first time
            visit()
        wait_until_idle(ours.process.pid)
        took: dict[str, list[float]] = {name: [] for name in kinds}
        for _ in range(n_visits):
            for name, visit in kinds.items():
                took[name].append(visit())
    yardstick = median(took["bare app, one line"])
    rows = []
    for name, times in took.items():
        least = limit(median(times), 300) if name.startswith("(") else None
        rows.append([name, median(times), median(times) / yardstick, least, min(times), max(times)])
    heads = ["", "words to picture, ms", "of bare", "limit", "least", "most"]
    table(f"A page's picture after its words, medians of {n_visits} visits", heads, rows)


def _arrive(browser: Browser, url: str, watched: list[str]) -> float:
    """Open a link in a new browser."""
    with browser.new_context(viewport=PROJECTOR) as context:
        page = context.new_page()
        page.add_init_script(f"({_WATCH})({watched!r})")
        page.goto(url)
        return _took(page)


def _follow(browser: Browser, url: str, watched: list[str]) -> float:
    """Go to the page from another one, in a new browser, when that one has come to rest."""
    with browser.new_context(viewport=PROJECTOR) as context:
        page = context.new_page()
        page.goto(url)
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning] h1")
        settle(page, timeout=60_000)
        page.wait_for_timeout(2000)
        page.evaluate(_WATCH, watched)
        page.locator('[data-testid="stSidebarNavLink"]').nth(contents.built_pages().index("history")).click()
        return _took(page)


def _took(page: Page) -> float:
    page.wait_for_function("window.seen?.picture")
    return page.evaluate("seen.picture - seen.words")


if __name__ == "__main__":
    main()
