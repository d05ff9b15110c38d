"""What a run draws reaches Streamlit's event loop together.

The loop sends every ten milliseconds, but Streamlit wakes it for every element, two hundred times a page, and
every time the run and the loop change places.
"""

import threading
from collections.abc import Callable
from functools import partial
from weakref import WeakKeyDictionary

from streamlit.runtime.app_session import AppSession

_call_soon = AppSession._call_soon_on_event_loop  # there is no public way
_LOCK = threading.Lock()
_waiting: WeakKeyDictionary[AppSession, list[Callable[[], None]]] = WeakKeyDictionary()


def wake_once() -> None:
    """From now on the loop is woken only by what comes first after it has taken all that waited."""
    AppSession._call_soon_on_event_loop = _hand_over


def _hand_over(session: AppSession, callback: Callable[[], None]) -> None:
    with _LOCK:
        waiting = _waiting.setdefault(session, [])
        waiting.append(callback)
        first = len(waiting) == 1
    if first:
        _call_soon(session, partial(_take, session))


def _take(session: AppSession) -> None:
    with _LOCK:
        waiting = _waiting.pop(session)
    for callback in waiting:  # each by itself: one that fails holds up none
        session._event_loop.call_soon(callback)
