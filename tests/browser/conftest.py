"""One server and one browser for all tests of this folder, a fresh visitor for each."""

import json
import os
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

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
    with launch("--process-per-site") as browser:  # tabs of one profile share a renderer
        yield browser


@pytest.fixture(scope="session")
def url(browser: Browser, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of the server; tests that run in several processes share it."""
    if shared := getattr(request.config, "workerinput", {}).get("server"):
        yield shared
    else:
        with serve(keep=False) as server:
            yield server.url


class Profile:
    """A browser context that serves one visitor after another, each as a stranger.

    A page that stays open keeps the renderer alive and with it what the browser has made of the app's
    scripts: so an arrival costs half the time. All else that a visitor leaves behind is wiped out.
    """

    def __init__(self, browser: Browser, url: str, options: dict[str, object]) -> None:
        self.context: BrowserContext = browser.new_context(**options)
        self._keeper: Page = self.context.new_page()
        self._keeper.goto(f"{url}/_stcore/health")
        self.context.add_init_script(path=_PROBE)
        self._session = self.context.new_cdp_session(self._keeper)

    def forget(self, url: str) -> None:
        """Close the visitor's tabs and empty what the browser has stored for the server."""
        self.context.set_offline(False)
        for page in self.context.pages:
            if page != self._keeper:
                page.close()
        self.context.clear_cookies()
        stored = {"origin": url, "storageTypes": "local_storage,indexeddb,cache_storage,service_workers"}
        self._session.send("Storage.clearDataForOrigin", stored)


class Profiles:
    """The profiles that are free, by their options."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser, self._url = browser, url
        self._free: dict[str, list[Profile]] = {}

    def take(self, options: dict[str, object]) -> Profile:
        free = self._free.setdefault(json.dumps(options, sort_keys=True), [])
        return free.pop() if free else Profile(self._browser, self._url, options)

    def give_back(self, profile: Profile, options: dict[str, object]) -> None:
        self._free[json.dumps(options, sort_keys=True)].append(profile)


@pytest.fixture(scope="session")
def profiles(browser: Browser, url: str) -> Profiles:
    return Profiles(browser, url)


class Visits:
    """Visitors of one test; each has a browser profile of its own, as fresh as a stranger's."""

    def __init__(self, profiles: Profiles, url: str) -> None:
        self._profiles, self._url = profiles, url
        self._taken: list[tuple[Profile, dict[str, object], str]] = []
        self.visitors: list[Visitor] = []

    def __call__(self, link: str = "", *, server: Server | None = None, **options: object) -> Visitor:
        """Send a visitor to a link, by default an English one in front of a projector."""
        options = {"viewport": PROJECTOR, "locale": "en-US"} | options
        profile, url = self._profiles.take(options), server.url if server else self._url
        self._taken.append((profile, options, url))
        self.visitors.append(Visitor(profile.context, url))
        return self.visitors[-1].open(link)

    def leave(self) -> None:
        for profile, options, url in self._taken:
            profile.forget(url)
            self._profiles.give_back(profile, options)

    def faults(self) -> list[str]:
        """Return what the visitors have found since the last time."""
        return [fault for visitor in self.visitors for fault in visitor.faults()]

    def photograph(self) -> Iterator[str]:
        folder = Path(tempfile.mkdtemp(prefix="browser-test-"))
        for i, visitor in enumerate(self.visitors):
            path = folder / f"visitor-{i}.png"
            visitor.page.screenshot(path=path)
            yield f"{path} at {visitor.page.url}"


@pytest.fixture
def visit(profiles: Profiles, url: str) -> Iterator[Visits]:
    visits = Visits(profiles, url)
    yield visits
    visits.leave()


@pytest.fixture(scope="module")
def stay(profiles: Profiles, url: str) -> Iterator[Visits]:
    """Visitors who stay for all tests of a module: to go on takes half the time of coming."""
    visits = Visits(profiles, url)
    yield visits
    visits.leave()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give a test of this folder one more try, for a hiccup of a shared machine; the summary names it."""
    item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Let no test pass during which the console complained or a request left the machine."""
    result = yield
    for name in {"visit", "stay"} & set(pyfuncitem.funcargs):
        assert pyfuncitem.funcargs[name].faults() == []
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Save a screenshot of what a failing test saw last, and name it in the output."""
    report = yield
    if report.when == "call" and report.failed:
        for name in {"visit", "stay"} & set(getattr(item, "funcargs", {})):
            report.sections.append(("Screenshots", "\n".join(item.funcargs[name].photograph())))
    return report
