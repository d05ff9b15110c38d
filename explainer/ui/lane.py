"""The lane of the long runs: one at a time, and short ones do not wait behind all the long ones."""

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

_GUESS = 0.5  # seconds that a run is thought to take before the first of its kind
_LOOK = 0.2  # seconds between two looks whether one who waits is still wanted


class _Place:
    """Somebody's place in the line."""

    def __init__(self, due: float) -> None:
        self.due = due
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
