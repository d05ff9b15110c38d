"""One server and one browser for all tests of this folder, a fresh visitor for each."""

import os
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.chromium import PROJECTOR, executable, launch
from tests.browser.visitor import Visitor
from tests.server import Server, serve

_PROBE = Path(__file__).parent / "probe.js"
_NO_BROWSER = (
    "No Chromium or Chrome is installed on this machine, so nothing here can be seen as a visitor sees it. "
    "Install one (Debian: apt install chromium) to run the browser tests."
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if executable() is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(_NO_BROWSER, pytrace=False)
        pytest.skip(_NO_BROWSER)
    with launch() as browser:
        yield browser


@pytest.fixture(scope="session")
def server(browser: Browser) -> Iterator[Server]:
    with serve() as server:
        yield server


class Visits:
    """Visitors of one test; each has a browser context of its own, as fresh as a stranger's."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self._browser, self._server = browser, server
        self.contexts: list[BrowserContext] = []
        self.visitors: list[Visitor] = []

    def __call__(self, link: str = "", *, server: Server | None = None, **options: object) -> Visitor:
        """Send a visitor to a link, by default an English one in front of a projector."""
        context = self._browser.new_context(**{"viewport": PROJECTOR, "locale": "en-US"} | options)
        context.add_init_script(path=_PROBE)
        self.contexts.append(context)
        self.visitors.append(Visitor(context, (server or self._server).url))
        return self.visitors[-1].open(link)

    def faults(self) -> list[str]:
        return [fault for visitor in self.visitors for fault in visitor.faults()]

    def photograph(self) -> Iterator[str]:
        folder = Path(tempfile.mkdtemp(prefix="browser-test-"))
        for i, visitor in enumerate(self.visitors):
            path = folder / f"visitor-{i}.png"
            visitor.page.screenshot(path=path)
            yield f"{path} at {visitor.page.url}"


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visits]:
    visits = Visits(browser, server)
    yield visits
    for context in visits.contexts:
        context.close()


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Let no test pass during which the console complained or a request left the machine."""
    result = yield
    if "visit" in pyfuncitem.funcargs:
        assert pyfuncitem.funcargs["visit"].faults() == []
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Save a screenshot of what a failing test saw last, and name it in the output."""
    report = yield
    if report.when == "call" and report.failed and "visit" in getattr(item, "funcargs", {}):
        report.sections.append(("Screenshots", "\n".join(item.funcargs["visit"].photograph())))
    return report
