"""A visitor of the app: what a hand can do on a page and what an eye can see."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, WebSocket

PATIENCE = 20.0  # seconds until a condition counts as never met; nothing here measures speed
PAGE = "linear_collapse"

# Streamlit looks for its server below the address of a deep link before it finds it at the root.
_DEEP_LINK = re.compile(r"/\w+/_stcore/(health|host-config)$")

_READY = """page => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app?.dataset.testScriptState === "notRunning"
        && !document.querySelector('[data-testid="stSkeleton"]')
        && window.explainerStage?.page && (!page || explainerStage.page === page)
        && probe.charts().every(chart => probe.marks(chart).length)
        && [...probe.all()].every(e => e.tagName !== "LABEL" || e.getRootNode() === document || e.textContent);
}"""


class Visitor:
    """One browser tab of one visitor who has just arrived."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.url = url
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE * 1000)
        self.sent: list[str | bytes] = []  # frames to the server
        self.hosts: set[str] = set()
        self.complaints: list[str] = []
        self.forgiven: list[re.Pattern] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        self.page.on("request", self._note)
        self.page.on("websocket", self._listen)

    def forgive(self, pattern: str) -> None:
        """Accept console messages that this test causes on purpose."""
        self.forgiven.append(re.compile(pattern))

    def faults(self) -> list[str]:
        """Return what the console complained about, and the requests that left the machine."""
        host = urlsplit(self.url).netloc
        said = [text for text in self.complaints if not any(p.search(text) for p in self.forgiven)]
        return said + [f"asked {other}" for other in sorted(self.hosts - {host})]

    def _hear(self, message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        if message.type in ("error", "warning") and not _DEEP_LINK.search(where):
            self.complaints.append(f"{message.type}: {message.text} ({where})")

    def _note(self, request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            self.hosts.add(urlsplit(request.url).netloc)

    def _listen(self, socket: WebSocket) -> None:
        self.hosts.add(urlsplit(socket.url).netloc)
        socket.on("framesent", self.sent.append)

    # -- going about ----------------------------------------------------------------------------

    def open(self, link: str) -> "Visitor":
        self.page.goto(self.url + link)
        return self.settle(urlsplit(link).path.strip("/") or "home")

    def settle(self, page: str | None = None) -> "Visitor":
        """Wait until a page is complete: its script has run, its pictures are drawn, the stage stands."""
        self.page.wait_for_function(_READY, arg=page)
        return self

    def follow(self, page: str) -> "Visitor":
        """Use the menu."""
        path = "/" if page == "home" else f"/{page}"
        links = self.page.locator('[data-testid="stSidebarNavLink"]')
        next(link for link in links.all() if urlsplit(link.get_attribute("href")).path == path).click()
        return self.settle(page)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def button(self, label: str) -> Locator:
        return self.page.get_by_role("button", name=label)

    def speak(self, language: str) -> None:
        """Use the language switch."""
        self.page.locator(".st-key-lang_switch").get_by_text(language).click()
        lang = {"Русский": "ru", "English": "en"}[language]
        eventually(lambda: self.page.evaluate("document.documentElement.lang"), lang)
        self.settle()

    # -- seeing ---------------------------------------------------------------------------------

    def address(self) -> tuple[str, dict[str, str]]:
        """Return the page of the address and its parameters, without the language."""
        parts = urlsplit(self.page.evaluate("location.href"))
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        query.pop("lang", None)
        return parts.path.strip("/") or "home", query

    def heading(self) -> str:
        """Return the heading at the top of the screen, or of what is left to see below it."""
        return self.page.evaluate(
            """() => probe.movements().find(m => m.getBoundingClientRect().bottom > innerHeight * 0.4)
                ?.querySelector("h2, h3").textContent"""
        )

    def chart(self, name: str) -> str:
        """Return the selector of a chart, ``movement-chart``."""
        return f'.st-key-chart-{PAGE}-{name} [data-testid="stVegaLiteChart"]'

    def alt(self, name: str) -> str:
        return self.page.locator(self.chart(name)).get_attribute("aria-label")

    def words_in(self, name: str) -> list[str]:
        """Return the texts drawn in a chart."""
        return self.page.locator(f"{self.chart(name)} svg text").all_text_contents()

    def drawing(self, name: str) -> str:
        return self.page.evaluate(
            "selector => probe.drawing(document.querySelector(selector))", self.chart(name)
        )

    def watch(self, *names: str) -> None:
        """Begin to count how often charts change."""
        for name in names:
            self.page.evaluate("selector => probe.watch(selector)", self.chart(name))

    def redraws(self, name: str) -> int:
        return self.page.evaluate("selector => probe.redraws.get(selector).count", self.chart(name))

    # -- controls -------------------------------------------------------------------------------

    def slider(self, name: str, page: str = PAGE) -> Locator:
        return self.page.locator(f".st-key-{page}-{name} input[type=range]")

    def value(self, name: str, page: str = PAGE) -> float:
        return float(self.slider(name, page).input_value())

    def shown(self, name: str, page: str = PAGE) -> str:
        """Return the number that stands beside a slider."""
        return self.page.locator(f".st-key-{page}-{name} output").text_content()

    def point(self, name: str, value: float, page: str = PAGE) -> tuple[float, float]:
        """Return the place on the screen where a slider has a value."""
        slider = self.slider(name, page)
        slider.scroll_into_view_if_needed()
        low, high = (float(slider.get_attribute(edge)) for edge in ("min", "max"))
        box = slider.bounding_box()
        thumb = 1.3 * float(
            self.page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
        )
        x = box["x"] + thumb / 2 + (value - low) / (high - low) * (box["width"] - thumb)
        return x, box["y"] + box["height"] / 2

    @contextmanager
    def hold(self, name: str, page: str = PAGE) -> Iterator[Callable[[float], None]]:
        """Take a slider by its thumb; the block gets a function that pulls it to a value."""
        mouse = self.page.mouse
        mouse.move(*self.point(name, self.value(name, page), page))
        mouse.down()
        y = self.point(name, self.value(name, page), page)[1]

        def pull(value: float) -> None:
            mouse.move(self.point(name, value, page)[0], y)

        yield pull
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


def eventually(look: Callable[[], Any], expected: Any) -> None:
    """Wait until ``look()`` returns what is expected; the assertion at the end says what it saw."""
    end = time.monotonic() + PATIENCE
    while (seen := look()) != expected and time.monotonic() < end:
        time.sleep(0.05)
    assert seen == expected
