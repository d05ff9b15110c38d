"""A page whose steps take half a second, or fail, for the tests of the live slider."""

import time

import streamlit as st

from explainer import ui
from explainer.texts import Texts
from explainer.ui import components, language, values

PAGE = "slow_app"
lang = language.current()
sections = {
    "slow": "## Slow\nEvery step takes half a second.",
    "failing": "## Failing\nThe steps from 4 to 6 fail.",
}
t = Texts(PAGE, lang, "Slow steps", sections | {f"{name}_more": "Nothing." for name in sections})
values.enter(PAGE)


@st.fragment
def slow() -> None:
    with ui.movement(t, "slow") as m:
        n = m.slider("depth", 0, 20, 0)
        time.sleep(0.5)
        m.figure.markdown(f"half a second for {n}")


@st.fragment
def failing() -> None:
    with ui.movement(t, "failing") as m:
        n = m.slider("width", 0, 10, 0)
        if 4 <= n <= 6:
            raise RuntimeError(f"the step {n} fails, as this page is meant to")
        m.figure.markdown(f"no failure for {n}")


slow()
failing()
components.stage(
    key="stage",
    data={"lang": lang, "page": PAGE, "path": "", "present": False, "go": None, "at": None},
    on_present_change=lambda: None,
)
