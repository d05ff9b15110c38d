"""A short run of a movement is not announced.

"Running" and "not running" make the browser go through every block of the page once each, for the sake of
a fading that begins after half a second. So what a hand sets off says that it runs only if it takes long.
"""

from asyncio import TimerHandle
from weakref import WeakKeyDictionary

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession

PATIENCE = 0.3  # seconds

_enqueue = AppSession._enqueue_forward_msg  # there is no public way
_of_fragment: WeakKeyDictionary[AppSession, bool] = WeakKeyDictionary()  # what a session runs or ran last
_held: WeakKeyDictionary[AppSession, TimerHandle] = WeakKeyDictionary()


def announce_late() -> None:
    """From now on a run of a fragment says that it runs after ``PATIENCE`` alone."""
    AppSession._enqueue_forward_msg = _enqueue_or_hold


def _enqueue_or_hold(session: AppSession, message: ForwardMsg) -> None:
    kind = message.WhichOneof("type")
    if kind == "new_session":
        _of_fragment[session] = len(message.metadata.run.fragment_ids) > 0
    starts = kind == "session_status_changed" and message.session_status_changed.script_is_running
    ends = kind == "session_status_changed" and not starts
    if starts and _of_fragment.get(session):  # always on the session's loop
        _held[session] = session._event_loop.call_later(PATIENCE, _let_go, session, message)
    elif ends and session in _held:
        _held.pop(session).cancel()
    else:
        _enqueue(session, message)


def _let_go(session: AppSession, message: ForwardMsg) -> None:
    del _held[session]
    _enqueue(session, message)
