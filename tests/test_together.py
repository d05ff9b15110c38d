"""What a run draws reaches the loop in its order, by few calls, and nothing is lost."""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.runtime.app_session import AppSession

from explainer.ui import together

N = 1000


class Session:
    """As much of Streamlit's session as hands messages over; the calls that wake its loop are counted."""

    def __init__(self) -> None:
        self._event_loop = asyncio.get_running_loop()
        self.wakes = 0

    def wake(self, callback) -> None:
        self.wakes += 1
        self._event_loop.call_soon_threadsafe(callback)


def run(receive: Callable[[], Coroutine]) -> object:
    """Run in a loop of a thread's own: where a browser is driven, this one has a loop already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(receive())).result()


@pytest.fixture(autouse=True)
def counted(monkeypatch):
    monkeypatch.setattr(together, "_call_soon", Session.wake)


def test_streamlit_hands_its_messages_over_this_way():
    assert AppSession._call_soon_on_event_loop is together._hand_over


def test_what_comes_while_the_loop_is_busy_wakes_it_once_and_keeps_its_order():
    async def receive() -> tuple[list[int], int]:
        session, received = Session(), []
        for i in range(N):
            together._hand_over(session, lambda i=i: received.append(i))
        await asyncio.sleep(0.01)
        return received, session.wakes

    assert run(receive) == (list(range(N)), 1)


def test_two_threads_lose_nothing():
    async def receive() -> list[tuple[int, int]]:
        session, received, done = Session(), [], []

        def draw(thread: int) -> None:
            for i in range(N):
                together._hand_over(session, lambda i=i: received.append((thread, i)))
            together._hand_over(session, lambda: done.append(thread))

        threads = [threading.Thread(target=draw, args=(thread,)) for thread in range(2)]
        for thread in threads:
            thread.start()
        while len(done) < 2:
            await asyncio.sleep(0)
        return received

    received = run(receive)
    for thread in range(2):
        assert [i for sender, i in received if sender == thread] == list(range(N))


def test_a_message_that_fails_holds_up_none(caplog):
    async def receive() -> list[str]:
        session, received = Session(), []
        together._hand_over(session, lambda: 1 / 0)
        together._hand_over(session, lambda: received.append("the next"))
        await asyncio.sleep(0.01)
        return received

    with caplog.at_level(logging.ERROR):
        assert run(receive) == ["the next"]
    assert "ZeroDivisionError" in caplog.text
