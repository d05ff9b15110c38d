"""The small browser parts, one function each; their sources are in ``assets/components``."""

from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent.parent.parent / "assets" / "components"


def _component(name: str):
    def read(ending: str) -> str | None:
        path = _FOLDER / f"{name}.{ending}"
        return path.read_text(encoding="utf-8") if path.is_file() else None

    # The address bar's writer stands in front of every component; the first one to run creates it.
    js = (_FOLDER / "address.js").read_text(encoding="utf-8") + read("js")
    return st.components.v2.component(
        f"explainer_{name}", html=read("html") or "<span></span>", css=read("css"), js=js
    )


live_slider = _component("live_slider")
report = _component("report")
stage = _component("stage")
play_bar = _component("play_bar")
