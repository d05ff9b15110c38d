"""Who goes first in the long lane, and that nobody is left in it."""

import threading

import pytest

from explainer.ui.lane import Lane


class Unwanted(BaseException):
    """As Streamlit's own stops: not an `Exception`."""


@pytest.fixture
def now(monkeypatch):
    """The seconds of a clock that the test sets."""
    now = [0.0]
    monkeypatch.setattr("explainer.ui.lane.time.monotonic", lambda: now[0])
    return now


def patient(share: float) -> None:
    """Wait on."""


def stay(lane: Lane, kind: str, now: list[float], seconds: float) -> None:
    with lane.turn(kind, patient):
        now[0] += seconds


def queue(lane: Lane, now: list[float], arrivals: list[tuple[float, str]]) -> list[str]:
    """Hold the lane until all have arrived, and return the kinds in the order in which they came through."""
    passed, threads = [], []

    def come(kind: str) -> None:
        with lane.turn(kind, patient):
            passed.append(kind)

    with lane.turn("holder", patient):
        for seconds, kind in arrivals:
            now[0] = seconds
            threads.append(threading.Thread(target=come, args=(kind,)))
            n_waiting = len(lane._line)
            threads[-1].start()
            while len(lane._line) == n_waiting:
                pass
    for thread in threads:
        thread.join(20)
    return passed


def test_of_equal_runs_the_first_to_come_goes_first(now):
    assert queue(Lane(), now, [(i, f"run {i}") for i in range(9)]) == [f"run {i}" for i in range(9)]


def test_a_short_run_goes_before_a_long_one_that_came_a_little_earlier_but_not_much(now):
    lane = Lane()
    stay(lane, "long", now, 2.0)
    stay(lane, "short", now, 0.1)
    begin, ahead = now[0], lane.PATIENCE * (2.0 - 0.1)
    arrivals = [(begin, "long"), (begin + ahead - 1, "short"), (begin + ahead + 1, "short")]
    assert queue(lane, now, arrivals) == ["short", "long", "short"]


def test_what_a_run_is_thought_to_take_follows_what_runs_of_its_kind_take(now):
    lane = Lane()
    for seconds in (4.0, *[0.1] * 9):
        stay(lane, "changed", now, seconds)
    for _ in range(2):
        stay(lane, "other", now, 1.0)
    assert queue(lane, now, [(now[0], "other"), (now[0] + 1, "changed")]) == ["changed", "other"]


def test_a_run_that_fails_or_is_unwanted_leaves_the_lane_free():
    lane = Lane()

    def run(error: type[BaseException]) -> None:
        with lane.turn("run", patient):
            assert not lane.free
            raise error

    for error in (ValueError, Unwanted):
        with pytest.raises(error):
            run(error)
        assert lane.free


def test_one_who_is_not_wanted_any_more_leaves_the_line():
    lane, left = Lane(), threading.Event()

    def unwanted(share: float) -> None:
        raise Unwanted

    def come() -> None:
        with pytest.raises(Unwanted), lane.turn("run", unwanted):
            raise AssertionError("it was let in")
        left.set()

    with lane.turn("holder", patient):
        threading.Thread(target=come).start()
        assert left.wait(20)
        assert not lane.free
    assert lane.free
    with lane.turn("next", patient):
        assert not lane.free
