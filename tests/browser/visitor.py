"""A visitor of the app: what a hand can do on a page and what an eye can see."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Locator, Page, Request, WebSocket

from explainer import contents

PATIENCE = 60.0  # seconds until a condition counts as never met; nothing here measures speed
PAGE = "linear_collapse"
# The pictures of the page: movement, and place in it.
CHARTS = {
    "graph": ("two_regressions", 0),
    "regressions": ("two_regressions", 1),
    "matrices": ("deeper", 0),
    "deeper": ("deeper", 1),
    "with_activation": ("with_activation", 0),
    "training": ("train_it", 0),
    "losses": ("train_it", 1),
}

# Streamlit looks for its server below the address of a deep link before it finds it at the root.
_DEEP_LINK = re.compile(r"/\w+/_stcore/(health|host-config)$")

# Streamlit looks whether a file to take home is there, which a newer picture may have replaced meanwhile.
_REPLACED = re.compile(r"404 .*/media/\w+\.(zip|py|ipynb|txt)|Client Error: .* source error - 404")

# The stage is the last thing that a page mounts; a slider has no label before it is mounted.
_READY = """page => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app?.dataset.testScriptState === "notRunning"
        && !document.querySelector('[data-testid="stSkeleton"]')
        && window.explainerStage?.page && (!page || explainerStage.page === page)
        && probe.charts().every(chart => chart.querySelector("svg .role-mark > *"))
        && probe.shadows().every(shadow => shadow.querySelector("label")?.textContent !== "");
}"""


# What an expander holds comes from the server after the click.
_UNFOLDED = """within => [...document.querySelectorAll(`${within} details`)]
    .filter(e => e.checkVisibility())
    .every(e => e.open && e.querySelector("[data-testid=stMarkdown], [data-testid=stCode]"))"""


class Visitor:
    """One browser tab of one visitor who has just arrived."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.url = url
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE * 1000)
        self.sent: list[str | bytes] = []  # frames to the server
        self.heard = 0.0  # when the last frame came from it
        self.hosts: set[str] = set()
        self.complaints: list[str] = []
        self.forgiven: list[re.Pattern] = [_REPLACED]
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        self.page.on("request", self._note)
        self.page.on("websocket", self._listen)

    def forgive(self, pattern: str) -> None:
        """Accept console messages that this test causes on purpose."""
        self.forgiven.append(re.compile(pattern))

    def faults(self) -> list[str]:
        """Return what the console has complained of and who else was asked, since the last time."""
        host = urlsplit(self.url).netloc
        said = [text for text in self.complaints if not any(p.search(text) for p in self.forgiven)]
        asked = [f"asked {other}" for other in sorted(self.hosts - {host})]
        self.complaints.clear()
        self.hosts.clear()
        return said + asked

    def _hear(self, message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        if message.type in ("error", "warning") and not _DEEP_LINK.search(where):
            self.complaints.append(f"{message.type}: {message.text} ({where})")

    def _note(self, request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            self.hosts.add(urlsplit(request.url).netloc)

    def _listen(self, socket: WebSocket) -> None:
        self.hosts.add(urlsplit(socket.url).netloc)
        socket.on("framesent", lambda frame: self.sent.append(frame))
        socket.on("framereceived", lambda _: self._now_heard())

    def _now_heard(self) -> None:
        self.heard = time.monotonic()

    # -- going about ----------------------------------------------------------------------------

    def open(self, link: str) -> "Visitor":
        self.page.goto(self.url + link)
        return self.settle()

    def settle(self, page: str | None = None) -> "Visitor":
        """Wait until a page is complete: its script has run, its pictures are drawn, the stage stands."""
        self.page.wait_for_function(_READY, arg=page, polling=50)
        return self

    def recover(self, since: float) -> None:
        """Wait until the server was heard again, has said all, and the page is complete."""

        def recovered() -> bool:
            ready = self.page.evaluate(_READY)
            return ready and since < self.heard < time.monotonic() - 1

        eventually(recovered, True)

    def follow(self, page: str, *, hidden: bool = False) -> "Visitor":
        """Use the menu, also where it is ``hidden`` because it is closed."""
        path = "/" if page == "home" else f"/{page}"
        links = self.page.locator('[data-testid="stSidebarNavLink"]')
        link = next(link for link in links.all() if urlsplit(link.get_attribute("href")).path == path)
        if hidden:
            link.evaluate("element => element.click()")
        else:
            link.click()
        return self.settle(page)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def button(self, label: str) -> Locator:
        return self.page.get_by_role("button", name=label)

    def unfold(self, within: str = "") -> None:
        """Open what can be opened and is not open yet, and wait until what it holds has come."""
        for expander in self.page.locator(f"{within} summary:visible").all():
            if not expander.evaluate("summary => summary.parentElement.open"):
                expander.click()
        eventually(lambda: self.page.evaluate(_UNFOLDED, within), True)

    def speak(self, language: str, *, hidden: bool = False) -> None:
        """Use the language switch, also where it is ``hidden`` in a menu that is closed."""
        switch = self.page.locator(".st-key-lang_switch").get_by_text(language)
        if hidden:
            switch.evaluate("element => element.click()")
        else:
            switch.click()
        lang = {"Русский": "ru", "English": "en"}[language]
        eventually(lambda: self.page.evaluate("document.documentElement.lang"), lang)
        self.settle()

    # -- seeing ---------------------------------------------------------------------------------

    def address(self) -> tuple[str, dict[str, str]]:
        """Return the page of the address and its parameters, without language and movement."""
        path, query = self._link()
        return path, {name: text for name, text in query.items() if name not in ("lang", "at")}

    def at(self) -> str | None:
        """Return the movement that the address carries; the first one goes without saying."""
        return self._link()[1].get("at")

    def _link(self) -> tuple[str, dict[str, str]]:
        parts = urlsplit(self.page.evaluate("location.href"))
        return parts.path.strip("/") or "home", dict(parse_qsl(parts.query, keep_blank_values=True))

    def on_stage(self) -> str:
        """Return the movement at the top of the screen; at the end of a page, the last one in view."""
        return self.page.evaluate("probe.titleOf(probe.onStage())")

    def chart(self, name: str) -> Locator:
        movement, place = CHARTS[name]
        return self.page.locator(f'.st-key-movement-{movement} [data-testid="stVegaLiteChart"]').nth(place)

    def says(self, name: str, words: str) -> None:
        """Wait until the alternative text of a chart, which follows at rest, contains some words."""
        chart = self.chart(name)
        eventually(lambda: words in (said := chart.get_attribute("aria-label")) or said, True)

    def words_in(self, name: str) -> list[str]:
        """Return the texts drawn in a chart."""
        return self.chart(name).locator("svg text").all_text_contents()

    def drawing(self, name: str) -> str:
        return self.chart(name).evaluate("chart => probe.drawing(chart)")

    def watch(self, *names: str) -> None:
        """Begin to count how often charts change."""
        for name in names:
            self.chart(name).evaluate("(chart, name) => probe.watch(chart, name)", name)

    def redraws(self, name: str) -> int:
        return self.page.evaluate("name => probe.redraws.get(name).count", name)

    # -- controls -------------------------------------------------------------------------------

    def slider(self, name: str, page: str = PAGE) -> Locator:
        return self.page.locator(f".st-key-{page}-{name} input[type=range]")

    def value(self, name: str, page: str = PAGE) -> float:
        return float(self.slider(name, page).input_value())

    def shown(self, name: str, page: str = PAGE) -> str:
        """Return the number that stands beside a slider."""
        return self.page.locator(f".st-key-{page}-{name} .number").input_value()

    def track(self, name: str, page: str = PAGE) -> Callable[[float], tuple[float, float]]:
        """Bring a slider into view; the function tells where on the screen it has a value."""
        slider = self.slider(name, page)
        slider.scroll_into_view_if_needed()
        low, high, left, width, y = slider.evaluate(
            """slider => {
                const { left, top, width, height } = slider.getBoundingClientRect();
                const thumb = 1.3 * parseFloat(getComputedStyle(document.documentElement).fontSize);
                return [+slider.min, +slider.max, left + thumb / 2, width - thumb, top + height / 2];
            }"""
        )
        return lambda value: (left + (value - low) / (high - low) * width, y)

    @contextmanager
    def hold(self, name: str, page: str = PAGE) -> Iterator[Callable[[float], None]]:
        """Take a slider by its thumb; the block gets a function that pulls it to a value."""
        place, mouse = self.track(name, page), self.page.mouse
        mouse.move(*place(self.value(name, page)))
        mouse.down()
        yield lambda value: mouse.move(*place(value))
        mouse.up()

    def drag(self, name: str, *values: float, page: str = PAGE) -> None:
        """Pull a slider through values and let go at the last one."""
        with self.hold(name, page) as pull:
            for value in values:
                pull(value)

    def choose(self, name: str, option: str) -> None:
        self.page.locator(f".st-key-{PAGE}-{name}").get_by_role("radio", name=option, exact=True).click()

    def chosen(self, name: str) -> str:
        return self.page.locator(f".st-key-{PAGE}-{name}").get_by_role("radio", checked=True).text_content()

    def toggle(self, name: str) -> None:
        self.page.locator(f".st-key-{PAGE}-{name} label").click()

    def toggled(self, name: str) -> bool:
        return self.page.locator(f".st-key-{PAGE}-{name} input").is_checked()


def link(page: str, **query: str) -> str:
    """Return the address of a page, without the server."""
    return ("/" if page == contents.HOME else f"/{page}") + "?" + urlencode(query)


def eventually(look: Callable[[], Any], expected: Any) -> None:
    """Wait until ``look()`` returns what is expected; a failure says what it saw instead."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            seen = look()
        except Error as error:  # nothing to see while a page is left for another
            seen = error.message
        if seen == expected or time.monotonic() > end:
            break
        time.sleep(0.05)
    assert seen == expected, f"expected {expected!r}, saw {seen!r}"
