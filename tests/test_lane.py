"""Who goes first in the two lanes, and that nobody is left in them."""

import threading
from contextlib import suppress

import pytest

from explainer.ui.lane import Lane, QuickLane


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


# -- the quick lane ----------------------------------------------------------------------------------


def page_among(now: list[float], seconds: float, *, n_movements: int = 3) -> list[str]:
    """Run a page, and ``seconds`` later let another one and a movement ask for the lane; tell the order."""
    lane, seen, threads = QuickLane(), [], []

    def later_page() -> None:
        with lane.page():
            seen.append("later page")

    def movement() -> None:
        with lane:
            seen.append("movement")

    with lane.page():
        now[0] += seconds
        for run in (later_page, movement):
            threads.append(threading.Thread(target=run))
            threads[-1].start()
            while len(lane._line) < len(threads):
                pass
        for i in range(n_movements):
            with lane:
                seen.append(f"part {i}")
            lane.give_way()
    for thread in threads:
        thread.join(20)
    return seen


def test_a_movement_goes_between_the_parts_of_a_page_and_a_later_page_after_it(now):
    assert page_among(now, 0.01) == ["part 0", "movement", "part 1", "part 2", "later page"]


def test_a_page_that_has_waited_long_enough_lets_nobody_go_first(now):
    seen = page_among(now, QuickLane.PATIENCE + 0.01)
    assert seen == ["part 0", "part 1", "part 2", "movement", "later page"]


def test_whoever_is_in_may_come_in_again_and_is_in_until_the_last_way_out():
    lane, order = QuickLane(), []

    def other() -> None:
        with lane:
            order.append("other")

    with lane:
        thread = threading.Thread(target=other)
        with lane:
            thread.start()
            while not lane._line:
                pass
        order.append("still in")
    thread.join(20)
    assert order == ["still in", "other"]


@pytest.mark.parametrize("error", [ValueError, Unwanted])
def test_one_who_was_away_is_in_again_as_far_as_before_even_if_it_failed_there(error):
    lane, came = QuickLane(), threading.Event()

    def other() -> None:
        with lane:
            came.set()

    with lane, lane:
        with suppress(error), lane.away():
            threading.Thread(target=other).start()
            assert came.wait(20)
            raise error
        assert lane._owner == threading.get_ident()
        lane.release()
        assert lane._owner == threading.get_ident()
        lane.acquire()
    assert lane._owner is None


def test_to_give_way_is_for_those_who_are_in():
    lane = QuickLane()
    lane.give_way()
    with lane:
        pass
    assert lane._owner is None
