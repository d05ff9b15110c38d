"""What holds for all tests: one thread for arithmetic, as in the app, so that it is repeatable and quick."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MKL_NUM_THREADS", "1")

import gc
import logging
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import torch._dynamo  # noqa: F401 (what the tests compare with needs torch's compiler; the app leaves it out)

from tests.alone import Alone
from tests.browser.chromium import executable
from tests.server import serve

ROOT = Path(__file__).parent.parent
# Whoever is free takes the next whole file, so the longest come first, and no process ends long after the
# others.
LONGEST = (
    "tests/browser/test_fit.py",
    "tests/test_walk.py",
    "tests/browser/test_walk.py",
    "tests/browser/test_look.py",
    "tests/browser/test_stage.py",
    "tests/browser",
    "tests/test_pages.py",
    "tests/experiments/test_linear_collapse.py",
    "tests/experiments",
)
assert all((ROOT / place).exists() for place in LONGEST)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def rank(item: pytest.Item) -> int:
        ranks = (i for i, place in enumerate(LONGEST) if item.path.is_relative_to(ROOT / place))
        return next(ranks, len(LONGEST))

    items.sort(key=rank)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Start one server for all processes of a run: its warm-up takes most of a minute of a processor."""
    if executable() is None:
        return
    if not hasattr(node.config, "shared_server"):
        stack = ExitStack()
        node.config.shared_server = stack.enter_context(serve(keep=False)).url
        node.config.add_cleanup(stack.close)
    node.workerinput["server"] = node.config.shared_server


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alone]:
    """An interpreter far from this project, for the programs that readers take home."""
    alone = Alone(tmp_path_factory.mktemp("alone"))
    yield alone
    alone.close()


@pytest.fixture(scope="session")
def frozen_garbage() -> Iterator[None]:
    """Streamlit collects garbage after every run; what the tests have imported is left out, as in the app."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def one_process(monkeypatch: pytest.MonkeyPatch, frozen_garbage: None) -> None:
    """Let the app run as in a process that has served somebody before, without the warm-up behind it.

    AppTest makes every run the first one of a process: it resets a class attribute of PagesManager. The reset
    goes to a class of its own here, and the attribute itself keeps what ``st.navigation`` leaves there.
    """
    from streamlit.runtime.pages_manager import PagesManager

    served = type("Served", (PagesManager,), {})
    monkeypatch.setattr("streamlit.testing.v1.app_test.PagesManager", served)
    monkeypatch.setattr(PagesManager, "uses_pages_directory", False)
    monkeypatch.setattr("explainer.ui.boot.warm_up_later", lambda: None)


@pytest.fixture
def nothing_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A page that fails shows a sentence and logs the reason; tests that make one fail clear the log."""
    yield
    failures = [r for r in caplog.get_records("call") if r.levelno >= logging.ERROR]
    assert not failures, caplog.text
