"""Who goes first: in the lane of the quick work, and in the lane of the long runs."""

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

_GUESS = 0.5  # seconds that a run is thought to take before the first of its kind
_LOOK = 0.2  # seconds between two looks whether one who waits is still wanted


class QuickLane:
    """Lets one thread in at a time, and keeps a run of a page together: first come, first served.

    Whoever is in may come in again, as with a lock that is reentrant. A run of a whole page stays in until
    it is done, but at the end of every movement (`give_way`) it lets those go first that are due earlier:
    runs of one movement, which are short, unless the page has waited for `PATIENCE` already.
    """

    PATIENCE = 0.3  # seconds

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._line: list[_Place] = []
        self._owner: int | None = None
        self._depth = 0
        self._due = 0.0

    def acquire(self, patience: float = 0.0) -> None:
        """Come in, when nobody is due before the end of one's patience."""
        if self._owner != threading.get_ident():
            self._wait(time.monotonic() + patience)
        self._depth += 1

    def release(self) -> None:
        """Go out, if this was the first time in."""
        self._depth -= 1
        if not self._depth:
            self._leave()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    @contextmanager
    def page(self) -> Iterator[None]:
        """Stay in for the run of a whole page."""
        self.acquire(self.PATIENCE)
        try:
            yield
        finally:
            self.release()

    def give_way(self) -> None:
        """Let those go first who are due earlier, and come in again."""
        due = self._due
        if self._owner == threading.get_ident() and any(place.due < due for place in self._line):
            with self.away():
                pass

    @contextmanager
    def away(self) -> Iterator[None]:
        """Let others in for a while, and come in again, as far as before."""
        depth, due = self._depth, self._due
        self._leave()
        try:
            yield
        finally:
            self._wait(due)
            self._depth = depth

    def _wait(self, due: float) -> None:
        place = None
        with self._lock:
            if self._owner is None:
                self._owner = threading.get_ident()
            else:
                place = _Place(due, threading.get_ident())
                self._line.append(place)
        if place:
            place.called.wait()
        self._depth, self._due = 0, due

    def _leave(self) -> None:
        with self._lock:
            self._depth, self._owner = 0, None
            if self._line:
                place = min(self._line, key=lambda place: place.due)
                self._line.remove(place)
                self._owner = place.thread
                place.called.set()


class _Place:
    """Somebody's place in the line."""

    def __init__(self, due: float, thread: int = 0) -> None:
        self.due, self.thread = due, thread
        self.called = threading.Event()


class Lane:
    """Lets one run in at a time: of those that wait, the one that is due first.

    A run is due `PATIENCE` times as long after its arrival as the latest ones of its kind took. So a short
    one goes before long ones that came somewhat earlier, and nobody waits for ever.
    """

    PATIENCE = 10.0

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._line: list[_Place] = []
        self._busy = False
        self._seconds: dict[Hashable, float] = {}

    @property
    def free(self) -> bool:
        """Tell whether nobody is in the lane."""
        return not self._busy

    @contextmanager
    def turn(self, kind: Hashable, tick: Callable[[float], None]) -> Iterator[None]:
        """Wait for a turn, hold the lane, and leave it; ``tick`` may raise to leave the line."""
        place = _Place(time.monotonic() + self.PATIENCE * self._seconds.get(kind, _GUESS))
        with self._lock:
            self._line.append(place)
            self._call_next()
        try:
            while not place.called.wait(_LOOK):
                tick(0.0)
            begin = time.monotonic()
            yield
            took = time.monotonic() - begin
            self._seconds[kind] = (self._seconds.get(kind, took) + took) / 2
        finally:
            with self._lock:
                if place in self._line:
                    self._line.remove(place)
                else:
                    self._busy = False
                    self._call_next()

    def _call_next(self) -> None:
        if self._line and not self._busy:
            place = min(self._line, key=lambda place: place.due)
            self._line.remove(place)
            self._busy = True
            place.called.set()
