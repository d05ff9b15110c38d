"""The server's side of `explainer.worker`: long experiments run in a second process, if it was started."""

import contextlib
import itertools
import logging
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from explainer.worker import call

_LOG = logging.getLogger(__name__)
_ROOT = Path(__file__).parent.parent.parent
PAUSE = 0.03  # seconds between two looks whether a run is still wanted


class SecondProcess:
    """One worker, one run at a time (the caller sees to that).

    Before `start`, and after the worker was lost, everything runs in the caller's own process.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen | None = None
        self._answers: queue.SimpleQueue = queue.SimpleQueue()
        self._numbers = itertools.count(1)

    def start(self) -> None:
        """Start the worker; it ends when this process does."""
        self._answers = queue.SimpleQueue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "explainer.worker"],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        listener = threading.Thread(target=_listen, args=(self._process, self._answers), daemon=True)
        listener.start()

    def stop(self) -> None:
        """End the worker; what is asked from now on runs in the caller's process."""
        process, self._process = self._process, None
        with contextlib.suppress(OSError):  # it was lost
            process.stdin.close()
        process.wait()
        process.stdout.close()

    def run(
        self, function: Callable, settings: Mapping[str, object], tick: Callable[[float], None]
    ) -> object:
        """Call an experiment in the worker and return its result; ``tick`` may raise to end the run.

        An error of the experiment is raised as it was.
        """
        if self._process is None:
            return call(function, settings, tick)
        number = next(self._numbers)
        try:
            self._send(("run", number, function.__module__, function.__name__, dict(settings)))
            kind, result = self._await(number, tick)
        except OSError:
            kind, result = "lost", None
        if kind == "lost":
            _LOG.warning("the second process was lost; %s runs in this one", function.__name__)
            self.stop()
            self.start()
            return call(function, settings, tick)
        if kind == "failed":
            raise result
        return result

    def _send(self, request: tuple) -> None:
        pickle.dump(request, self._process.stdin)
        self._process.stdin.flush()

    def _await(self, number: int, tick: Callable[[float], None]) -> tuple[str, object]:
        while True:
            try:
                answered, kind, result = self._answers.get(timeout=PAUSE)
            except queue.Empty:
                try:
                    tick(0.0)
                except BaseException:
                    with contextlib.suppress(OSError):
                        self._send(("stop", number))
                    raise
                continue
            if answered in (number, None):  # the answer to a run that was stopped is not asked for
                return kind, result


def _listen(process: subprocess.Popen, answers: queue.SimpleQueue) -> None:
    with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            answers.put(pickle.load(process.stdout))
    answers.put((None, "lost", None))
