"""What makes the first click fast: a warm-up behind the visitor's back, two lanes, and two processes.

Importing this module says what torch must know before it is imported, so it must come first. The
measurements behind every line stand in CONTRIBUTING.md, "Why the app is fast".
"""

import contextlib
import functools
import gc
import importlib
import inspect
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from types import ModuleType

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from explainer import contents, lean, texts
from explainer.ui.lane import Lane, QuickLane
from explainer.ui.newest import give_up_if_unwanted
from explainer.ui.quiet import announce_late
from explainer.ui.second_process import PAUSE, SecondProcess
from explainer.ui.together import wake_once
from explainer.worker import call

_LOG = logging.getLogger(__name__)

lean.before_torch()
wake_once()
announce_late()

# Two Python threads of small operations are slower together than one after the other, so one permit
# serves all quick work, a movement at a time: a hundred visitors wait a third of the time that they
# would in a crowd. Long work waits in its own lane and runs in its own process, one at a time, short before
# long, and never delays a hundred quick ones.
QUICK = QuickLane()
LONG = Lane()
SECOND_PROCESS = SecondProcess()
_IN_LINE: set[object] = set()  # a token of every visitor's run that wants the long lane

_YOUNG = 5_000  # new objects until the collector looks; with 700 it takes an eighth of the time of a class
_HEAD_START = 1.0  # seconds in which the first page reaches the browser before torch is imported
_REST = 5.0  # seconds for which nobody must have wanted the long lane before the warm-up tries it again


class _GaveWay(BaseException):
    """Ends a long run of the warm-up when a visitor wants the lane."""


@functools.cache
def _cached_in(lane: AbstractContextManager | Lane, function: Callable) -> Callable:
    @st.cache_data(max_entries=512, show_spinner=False)
    @functools.wraps(function)
    def run(**settings: object) -> object:
        tick = _give_way()
        if lane is LONG:
            with LONG.turn(function, tick):
                return SECOND_PROCESS.run(function, settings, tick)
        with lane:
            return call(function, settings, tick)

    return run


def _give_way() -> Callable[[float], None]:
    """Return a callback that ends a run of the visitor's who asks for something newer, within `PAUSE`.

    A run of the warm-up, which is for nobody, ends as soon as a visitor is in line.
    """
    looked = time.monotonic()

    def tick(share: float) -> None:
        nonlocal looked
        if time.monotonic() - looked <= PAUSE:
            return
        looked = time.monotonic()
        if get_script_run_ctx(suppress_warning=True):
            give_up_if_unwanted()
        elif _IN_LINE:
            raise _GaveWay

    return tick


@functools.cache
def _defaults(function: Callable) -> Mapping[str, object]:
    parameters = inspect.signature(function).parameters
    return {name: parameter.default for name, parameter in parameters.items() if name != "tick"}


def _kept_in(lane: AbstractContextManager | Lane, function: Callable, settings: Mapping) -> object:
    """Return a result from the cache, where it is known by all settings, in the function's own order."""
    return _cached_in(lane, function)(**{**_defaults(function), **settings})


def cached(function: Callable) -> Callable:
    """Return the experiment behind a bounded cache shared by all visitors, run in the quick lane.

    Equal settings are computed once, also when many ask at the same time. The function must be pure.
    """
    return lambda **settings: _kept_in(QUICK, function, settings)


def long(function: Callable) -> Callable:
    """Return the experiment behind a cache like `cached`, run in the long lane.

    Only a movement may call it: it lets go of the quick lane for that time. An experiment that takes a
    ``tick`` and calls it often is stopped when its visitor asks for something newer.
    """

    def run(**settings: object) -> object:
        _IN_LINE.add(token := object())
        try:
            with QUICK.away():
                return _kept_in(LONG, function, settings)
        finally:
            _IN_LINE.discard(token)

    return run


@st.cache_resource(show_spinner=False)
def warm_up_later() -> threading.Thread:
    """Start the warm-up once a process, after the first page was sent."""
    thread = threading.Thread(target=_warm_up, name="warm-up", daemon=True)
    thread.start()
    return thread


def _warm_up() -> None:
    """Import torch, run every quick experiment once with its defaults, and let no collector look at all that.

    A module names in ``WARM`` further settings that import something at their first use. At last the
    long experiments are computed for the settings that their module names in ``KEPT``, so that no visitor
    waits for them, unless the environment says ``EXPLAINER_KEEP=0``: it takes a minute and a half.
    """
    _send_at_once()
    time.sleep(_HEAD_START)
    try:
        SECOND_PROCESS.start()
        for page in contents.built_pages():
            for lang in texts.LANGUAGES:
                texts.load(page, lang)
        modules = [module for page in contents.built_pages() if (module := _experiments(page))]
        for module in modules:
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if function.__module__ == module.__name__ and not name.startswith("_"):
                    default = [] if name in getattr(module, "KEPT", {}) else [{}]
                    for settings in [*default, *getattr(module, "WARM", {}).get(name, ())]:
                        with QUICK:
                            function(**settings)
                        _let_in()
        importlib.import_module("altair")
        gc.collect()
        gc.freeze()
        gc.set_threshold(_YOUNG)
        lean.give_memory_back()
        for module in modules if os.environ.get("EXPLAINER_KEEP") != "0" else ():
            for name, kept in getattr(module, "KEPT", {}).items():
                for settings in kept:
                    _keep(getattr(module, name), settings)
        lean.give_memory_back()
    except Exception:
        _LOG.exception("the warm-up failed; pages will warm up as they are opened")


def _keep(experiment: Callable, settings: Mapping[str, object]) -> None:
    """Put a result into the cache, whenever nobody wants the long lane."""
    rest = PAUSE
    while True:
        _await_rest(rest)
        with contextlib.suppress(_GaveWay):
            _kept_in(LONG, experiment, settings)
            return
        rest = _REST  # what was given up begins anew: a class that is at work would end it again and again


def _await_rest(seconds: float) -> None:
    begin = time.monotonic()
    while time.monotonic() - begin < seconds:
        _let_in()
        if _IN_LINE:
            begin = time.monotonic()


def _let_in() -> None:
    """Let a visitor in who waits for a lane: no lock is fair, and the warm-up would take it again at once."""
    time.sleep(PAUSE)


def _experiments(page: str) -> ModuleType | None:
    try:
        return importlib.import_module(f"explainer.experiments.{page}")
    except ModuleNotFoundError:  # a page without experiments
        return None


def _send_at_once() -> None:
    """Tell the server's sockets not to hold small packets back until the last ones are acknowledged.

    The server's listening socket is opened without naming its protocol, so asyncio does not see that it is
    TCP, and every step of the hand waits 40 ms for a delayed acknowledgement. Connections inherit the option
    from the listening socket.
    """
    for sock in [thing for thing in gc.get_objects() if issubclass(type(thing), socket.socket)]:
        try:
            if sock.type == socket.SOCK_STREAM and sock.family in (socket.AF_INET, socket.AF_INET6):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError:  # closed meanwhile
            continue
