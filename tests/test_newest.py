"""What ends a run: a newer wish of the same visitor."""

from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests

from explainer.ui import newest


@pytest.fixture
def requests(monkeypatch):
    """The requests of a visitor; looking into the session is what lets Streamlit end a run."""
    requests = ScriptRequests()
    monkeypatch.setattr(newest.st, "session_state", {})
    return requests


def look(monkeypatch, requests: ScriptRequests, running: list[str] | None):
    """Look, from a run of some fragments or of the page, and return what ends it."""
    ctx = SimpleNamespace(script_requests=requests, fragment_ids_this_run=running)
    monkeypatch.setattr(newest, "get_script_run_ctx", lambda: ctx)
    newest.give_up_if_unwanted()
    return requests.on_scriptrunner_yield()


def test_streamlit_alone_lets_a_fragment_wait(requests):
    requests.request_rerun(RerunData(fragment_id="board"))
    assert requests.on_scriptrunner_yield() is None


def test_a_newer_run_of_the_same_movement_ends_the_older_one(monkeypatch, requests):
    assert look(monkeypatch, requests, ["board"]) is None, "nobody waits"
    requests.request_rerun(RerunData(fragment_id="board"))
    ended = look(monkeypatch, requests, ["board"])
    assert ended.rerun_data.fragment_id_queue == ["board"]
    assert look(monkeypatch, requests, ["board"]) is None, "it was handed over once"


def test_another_movement_goes_first_and_the_older_run_begins_again_after_it(monkeypatch, requests):
    requests.request_rerun(RerunData(fragment_id="shelf"))
    ended = look(monkeypatch, requests, ["board", "why"])
    assert ended.rerun_data.fragment_id_queue == ["shelf", "board", "why"]


def test_a_movement_does_not_end_a_run_of_the_page(monkeypatch, requests):
    requests.request_rerun(RerunData(fragment_id="board"))
    assert look(monkeypatch, requests, None) is None


def test_the_page_ends_a_run_of_a_movement(monkeypatch, requests):
    requests.request_rerun(RerunData())
    assert look(monkeypatch, requests, ["board"]).rerun_data.fragment_id_queue == []
