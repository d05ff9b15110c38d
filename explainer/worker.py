"""A process of its own for long experiments: ``python -m explainer.worker``.

The server and its hundred visitors share one interpreter, which does one thing at a time; what trains for
a second here would hold all of them up there. Requests come through the standard input, answers leave
through the standard output, both pickled: ``("run", number, module, function, settings)`` is answered by
``(number, "done", result)`` or ``(number, "failed", error)``; ``("stop", number)`` ends a run at its next
``tick``, which is answered by ``(number, "stopped", None)``. When the input ends, so does the process.
"""

import contextlib
import importlib
import inspect
import os
import pickle
import queue
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from typing import BinaryIO

from explainer import lean


class _Stopped(BaseException):
    """Ends a run that nobody waits for any more."""


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests one after the other until there are no more."""
    waiting: queue.SimpleQueue = queue.SimpleQueue()
    stopped: set[int] = set()
    threading.Thread(target=_listen, args=(requests, waiting, stopped), daemon=True).start()
    while (request := waiting.get()) is not None:
        number, module, name, settings = request
        function = getattr(importlib.import_module(module), name)
        answers.write(_packed(number, *_answer(function, settings, number, stopped)))
        answers.flush()
        lean.give_memory_back()


def _listen(requests: BinaryIO, waiting: queue.SimpleQueue, stopped: set[int]) -> None:
    number = 0
    with contextlib.suppress(EOFError):
        while True:
            kind, number, *rest = pickle.load(requests)
            if kind == "stop":
                stopped.add(number)
            else:
                waiting.put((number, *rest))
    stopped.update(range(number + 1))
    waiting.put(None)


def call(function: Callable, settings: Mapping[str, object], tick: Callable[[float], None]) -> object:
    """Call an experiment, with the ``tick`` if it takes one."""
    cancellable = {"tick": tick} if "tick" in inspect.signature(function).parameters else {}
    return function(**settings, **cancellable)


def _answer(function: Callable, settings: dict, number: int, stopped: set[int]) -> tuple[str, object]:
    def tick(share: float) -> None:
        if number in stopped:
            raise _Stopped

    try:
        tick(0.0)
        return "done", call(function, settings, tick)
    except _Stopped:
        return "stopped", None
    except Exception as error:
        return "failed", error


def _packed(number: int, kind: str, result: object) -> bytes:
    try:
        return pickle.dumps((number, kind, result))
    except Exception as error:  # the result, or the error, cannot travel
        return pickle.dumps((number, "failed", RuntimeError(f"{type(result).__name__}: {error}")))


if __name__ == "__main__":
    lean.before_torch()
    lean.keep_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server's to hear
    if hasattr(os, "nice"):
        os.nice(5)  # the visitors' clicks first
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    try:
        serve(sys.stdin.buffer, output)
    except BrokenPipeError:  # the server was ended while it waited
        os._exit(0)  # at the usual end Python would try to send what is left
