"""A short run of a fragment is not announced, a long one is; what a run draws is sent as ever."""

import asyncio

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession

from explainer.ui import quiet
from tests.test_together import run


class Session:
    """As much of Streamlit's session as enqueues messages."""

    def __init__(self) -> None:
        self._event_loop = asyncio.get_running_loop()
        self.sent: list[str] = []

    def start(self, *fragments: str, announced: bool = True) -> None:
        message = ForwardMsg()
        message.metadata.run.fragment_ids.extend(fragments)
        message.new_session.name = "page"
        quiet._enqueue_or_hold(self, message)
        if announced:
            self.running(True)

    def running(self, is_running: bool) -> None:
        message = ForwardMsg()
        message.session_status_changed.script_is_running = is_running
        quiet._enqueue_or_hold(self, message)

    def draw(self) -> None:
        message = ForwardMsg()
        message.delta.new_element.empty.SetInParent()
        quiet._enqueue_or_hold(self, message)


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    def enqueue(session: Session, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        running = kind == "session_status_changed" and message.session_status_changed.script_is_running
        session.sent.append("running" if running else kind)

    monkeypatch.setattr(quiet, "_enqueue", enqueue)
    monkeypatch.setattr(quiet, "PATIENCE", 0.05)


def test_streamlit_hands_its_messages_over_this_way():
    assert AppSession._enqueue_forward_msg is quiet._enqueue_or_hold


def test_a_short_run_of_a_fragment_only_draws():
    async def visit() -> list[str]:
        session = Session()
        for _ in range(3):
            session.start("movement")
            session.draw()
            session.running(False)
        await asyncio.sleep(0.1)
        return session.sent

    assert run(visit) == ["new_session", "delta"] * 3


def test_a_long_one_is_announced_and_ended():
    async def visit() -> list[str]:
        session = Session()
        session.start("movement")
        await asyncio.sleep(0.1)
        session.draw()
        session.running(False)
        return session.sent

    assert run(visit) == ["new_session", "running", "delta", "session_status_changed"]


def test_the_whole_page_is_announced_at_once_after_a_fragment_too():
    async def visit() -> list[str]:
        session = Session()
        session.start("movement")
        session.running(False)
        session.start()
        session.running(False)
        return session.sent

    assert run(visit) == ["new_session", "new_session", "running", "session_status_changed"]


def test_a_page_that_goes_on_where_a_fragment_ran_leaves_nothing_running():
    """Streamlit says nothing in between: the run of the one becomes that of the other."""

    async def visit() -> list[str]:
        session = Session()
        session.start("movement")
        session.start(announced=False)
        session.running(False)
        await asyncio.sleep(0.1)
        return session.sent

    assert run(visit) == ["new_session", "new_session"]


def test_a_fragment_that_interrupts_the_page_leaves_nothing_running():
    async def visit() -> list[str]:
        session = Session()
        session.start()
        session.running(False)
        session.start("movement")
        session.running(False)
        await asyncio.sleep(0.1)
        return session.sent

    assert run(visit) == ["new_session", "running", "session_status_changed", "new_session"]
