"""The newest wish counts: a run of a movement ends when its visitor asks for something newer."""

import threading
import time
from dataclasses import replace

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

_PATIENCE = 1.0  # seconds


def await_sent() -> None:
    """Wait until all that this run has drawn is on its way to the browser.

    Streamlit sends every ten milliseconds, and a run that begins before drops what was not sent yet.
    """
    # There is no public way to look, and nothing to see without a server, as in a test.
    sessions = getattr(runtime.get_instance(), "_session_mgr", None) if runtime.exists() else None
    if sessions is None:
        return
    session = sessions.get_session_info(get_script_run_ctx().session_id).session
    queued, end = threading.Event(), time.monotonic() + _PATIENCE
    session._call_soon_on_event_loop(queued.set)  # behind what this run has drawn
    while not (queued.is_set() and session._browser_queue.is_empty()) and time.monotonic() < end:
        time.sleep(0.005)


def give_up_if_unwanted() -> None:
    """End this run of the visitor's, by Streamlit's own exception, if another one is waiting.

    A run of the whole page ends any other one when the session is looked into. A run of a fragment waits,
    however long the one before it takes, unless it was asked for by ``st.rerun(scope="fragment")``. So one
    that waits is marked as such, and the fragments of this run are queued behind it, so that none is lost.
    Where a whole page is running, nothing is marked: all that is below would be missing.
    """
    ctx = get_script_run_ctx()
    if (requests := ctx.script_requests) and (running := ctx.fragment_ids_this_run):
        with requests._lock:  # there is no public way to look
            waiting = requests._rerun_data
            if requests._state is ScriptRequestType.RERUN and (first := waiting.fragment_id_queue):
                queue = list(dict.fromkeys([*first, *running]))
                requests._rerun_data = replace(
                    waiting, fragment_id_queue=queue, is_fragment_scoped_rerun=True
                )
    _ = "newest" in st.session_state
