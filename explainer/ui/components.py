"""The small browser parts, one function each; their sources are in ``assets/components``."""

from collections.abc import Callable, Mapping
from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent.parent.parent / "assets" / "components"


def _component(name: str, *parts: str, style: str | None = None) -> Callable:
    def read(file: str) -> str | None:
        path = _FOLDER / file
        return path.read_text(encoding="utf-8") if path.is_file() else None

    # The address bar's writer and the way to end stand in front of every component.
    js = "".join(read(f"{part}.js") for part in ("address", "ending", *parts, name))
    html, css = read(f"{name}.html") or "<span></span>", read(f"{style or name}.css")
    draw = st.components.v2.component(f"explainer_{name}", html=html, css=css, js=js)

    def mount(*, key: str, data: Mapping[str, object], **callbacks: Callable) -> object:
        """Draw the component with ``data``, and return what it has sent."""
        # Bare in a dictionary, every value is asked in vain whether it is a table: a twentieth of a page.
        return draw(key=key, data=[data], **callbacks)

    return mount


live_slider = _component("live_slider", "live")
select = _component("select", "live")
paste = _component("paste", "live")
net_board = _component("net_board", "live", "net", "net_picture", "net_hand")
thumbs = _component("thumbs", "live")
points = _component("points", "live", "sheet", style="hand")
drawing = _component("drawing", "live", "sheet", style="hand")
bricks = _component("bricks", "live", "sheet")
cells = _component("cells", "live", "sheet")
pad = _component("pad", "live", style="hand")
report = _component("report")
stage = _component("stage")
play_bar = _component("play_bar")
