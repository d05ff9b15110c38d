"""The source of what just ran, on the page: the functions themselves, not a copy."""

import functools
import inspect
from collections.abc import Callable, Sequence

import streamlit as st

from explainer.texts import Texts
from explainer.ui import values
from explainer.ui.fold import fold
from explainer.ui.newest import await_sent


def show_source(t: Texts, *functions: Callable) -> None:
    """Show the source of functions, one after another, closed and not sent until somebody asks.

    It is the end of a page: one that was a first look is run once more at once.
    """
    _sources(t, functions)
    if values.runs_again():
        values.run_again(False)
        await_sent()
        st.rerun()


@st.fragment
def _sources(t: Texts, functions: Sequence[Callable]) -> None:
    shown = fold(st, t.say("source"), key=f"source-{t.page}", icon=":material/code:")
    if shown.open:
        for function in functions:
            module, source = _source(function)
            shown.caption(f"`{module}.py`")
            shown.code(source, language="python")


@functools.cache
def _source(function: Callable) -> tuple[str, str]:
    module = inspect.getmodule(function).__name__.replace(".", "/")
    return module, inspect.getsource(inspect.unwrap(function))
