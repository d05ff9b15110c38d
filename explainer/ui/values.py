"""The values of the controls: one store a session, fed by the address when a page is entered.

A value goes by the name ``page.control``. The browser sends what a live slider shows together with
the revision of the page it belongs to; Python raises the revision when it moves the controls itself
(a reset, an example, another page), and what is still on its way from before is ignored.
"""

import math
from collections.abc import Mapping

import streamlit as st

from explainer import contents

_STORE, _REVISION, _ADDRESS, _PAGE, _QUERY, _AT = "values", "revision", "address", "page", "query", "at"
_GO, _SHARED, _AGAIN = "go", "shared", "again"


def enter(page: str) -> None:
    """Begin a run of a page. When the visitor comes to it, its address is read, once."""
    shared()  # this run shows it everywhere
    if st.session_state.get(_PAGE) == page:
        return
    st.session_state[_PAGE] = page
    if page != contents.HOME:
        st.session_state["last_page"] = page
    query = st.session_state.pop(_QUERY, None) or st.query_params.to_dict()
    st.session_state[_ADDRESS] = {f"{page}.{name}": text for name, text in query.items()}
    st.session_state[_AT] = query.get("at")
    renew()


def keep_query() -> None:
    """Keep the query of a deep link that is sent through the entry.

    Handing it on to Streamlit would make the browser report it for ever, whatever the address says later.
    """
    st.session_state[_QUERY] = st.query_params.to_dict()


def entered_at() -> str | None:
    """Return the movement that the address named when the page was entered."""
    return st.session_state.get(_AT)


def go(at: str) -> None:
    """Bring a movement to the top of the screen when this run is done."""
    st.session_state[_GO] = {"at": at, "serial": st.session_state.get(_GO, {}).get("serial", 0) + 1}


def gone() -> dict[str, object] | None:
    """Return where the last `go` led, with its number."""
    return st.session_state.get(_GO)


def renew() -> None:
    """Raise the revision: from now on the browser takes the values from Python."""
    st.session_state[_REVISION] = revision() + 1


def revision() -> int:
    """Return the number that a browser's message must carry to count."""
    return st.session_state.get(_REVISION, 0)


def read(key: str, default: object) -> object:
    """Return the stored value of a control, or its default."""
    return store().get(key, default)


def store() -> dict[str, object]:
    """Return the values of all controls that this session has seen."""
    return st.session_state.setdefault(_STORE, {})


def from_address(key: str) -> str | None:
    """Return the text that the address gave for a control, the first time it is asked for."""
    return st.session_state.get(_ADDRESS, {}).pop(key, None)


def put(values: Mapping[str, object]) -> None:
    """Move controls from Python, by full name; native widgets take the value when they are drawn next."""
    store().update(values)
    for key in values:
        st.session_state.pop(key, None)
    renew()


def share() -> None:
    """Note that a value has changed that several movements of the page show."""
    st.session_state[_SHARED] = True


def shared() -> bool:
    """Tell, once, whether such a value has changed since the page was run as a whole."""
    return st.session_state.pop(_SHARED, False)


def run_again(wanted: bool) -> None:
    """Note whether this run of the page is a first look, after which it is run once more at once."""
    st.session_state[_AGAIN] = wanted


def runs_again() -> bool:
    """Tell whether this run of the page is a first look."""
    return st.session_state.get(_AGAIN, False)


def reset(page: str | None = None) -> None:
    """Forget the values of a page, or of all pages; every control returns to its default."""
    for key in [key for key in store() if page is None or key.startswith(f"{page}.")]:
        del store()[key]
        st.session_state.pop(key, None)
    st.session_state[_ADDRESS] = {}
    renew()


def snap(value: object, low: float, high: float, step: float) -> float | int | None:
    """Put a number on the slider's grid; anything that is no number of the range is ``None``.

    The browser and the address can send anything, so nothing is taken on trust.
    """
    number = finite(value)
    if number is None or not low <= number <= high:
        return None
    number = low + round((number - low) / step) * step
    return round(number) if all(isinstance(x, int) for x in (low, high, step)) else round(number, 10)


def finite(value: object) -> float | None:
    """Return a finite number, or ``None`` for anything else."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
