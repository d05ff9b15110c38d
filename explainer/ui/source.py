"""The source of what just ran, on the page: the functions themselves, not a copy."""

import functools
import inspect
from collections.abc import Callable

import streamlit as st

from explainer.texts import Texts
from explainer.ui import values
from explainer.ui.newest import await_sent


def show_source(t: Texts, *functions: Callable) -> None:
    """Show the source of functions, one after another, closed until somebody asks.

    It is the end of a page: one that was a first look is run once more at once.
    """
    with st.expander(t.say("source"), icon=":material/code:"):
        for function in functions:
            module, source = _source(function)
            st.caption(f"`{module}.py`")
            st.code(source, language="python")
    if values.runs_again():
        values.run_again(False)
        await_sent()
        st.rerun()


@functools.cache
def _source(function: Callable) -> tuple[str, str]:
    module = inspect.getmodule(function).__name__.replace(".", "/")
    return module, inspect.getsource(inspect.unwrap(function))
