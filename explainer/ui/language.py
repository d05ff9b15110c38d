"""The reader's language: from ``?lang=``, else from the browser, changed by the switch in the sidebar."""

import streamlit as st

from explainer import texts

_KEY = "lang"


def current() -> str:
    """Return the language of this session, ``ru`` or ``en``."""
    if _KEY not in st.session_state:
        wanted = st.query_params.get("lang", "")
        locale = (st.context.locale or "").lower()
        st.session_state[_KEY] = (
            wanted if wanted in texts.LANGUAGES else ("ru" if locale.startswith("ru") else "en")
        )
    return st.session_state[_KEY]


def switch() -> None:
    """Draw the switch. Both languages are named in their own words, so that a lost reader finds it."""

    def choose() -> None:
        st.session_state[_KEY] = st.session_state["lang_switch"]

    st.session_state["lang_switch"] = current()
    st.segmented_control(
        "Язык · Language",
        texts.LANGUAGES,
        format_func={"ru": "Русский", "en": "English"}.__getitem__,
        key="lang_switch",
        on_change=choose,
        required=True,
    )
