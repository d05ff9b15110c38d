"""What makes the first click fast: one thread for BLAS, a warm-up behind the visitor's back, two lanes.

Importing this module sets the number of OpenMP threads, so it must come before torch. The measurements
behind every line stand in CONTRIBUTING.md, "Why the app is fast".
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MKL_NUM_THREADS", "1")

import functools
import gc
import importlib
import inspect
import logging
import threading
import time
from collections.abc import Callable

import streamlit as st

from explainer import contents, texts

_LOG = logging.getLogger(__name__)

# Two Python threads of small tensor operations are slower together than one after the other, so one
# permit serves all quick work. Long work waits in its own lane and never delays a hundred quick ones.
QUICK = threading.BoundedSemaphore(1)
LONG = threading.BoundedSemaphore(1)

_HEAD_START = 1.0  # seconds in which the first page reaches the browser before torch is imported


@functools.cache
def cached(function: Callable) -> Callable:
    """Return the experiment behind a bounded cache shared by all visitors, run in the quick lane.

    Equal settings are computed once, also when many ask at the same time. The function must be pure.
    """

    @st.cache_data(max_entries=512, show_spinner=False)
    @functools.wraps(function)
    def run(*args: object, **settings: object) -> object:
        with QUICK:
            return function(*args, **settings)

    return run


@st.cache_resource(show_spinner=False)
def warm_up_later() -> threading.Thread:
    """Start the warm-up once a process, after the first page was sent."""
    thread = threading.Thread(target=_warm_up, name="warm-up", daemon=True)
    thread.start()
    return thread


def _warm_up() -> None:
    """Import torch, run every experiment once with its defaults, and freeze the garbage collector.

    Streamlit collects garbage after every run of a page; with torch's objects that costs a tenth of
    a second while nothing else runs. Frozen objects are left out of sight.
    """
    time.sleep(_HEAD_START)
    try:
        for page in contents.built_pages():
            for lang in texts.LANGUAGES:
                texts.load(page, lang)
            try:
                module = importlib.import_module(f"explainer.experiments.{page}")
            except ModuleNotFoundError:  # a page without experiments
                continue
            for _, function in inspect.getmembers(module, inspect.isfunction):
                if function.__module__ == module.__name__ and not function.__name__.startswith("_"):
                    with QUICK:
                        function()
        importlib.import_module("altair")
    except Exception:
        _LOG.exception("the warm-up failed; pages will warm up as they are opened")
    gc.collect()
    gc.freeze()
