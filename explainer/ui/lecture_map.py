"""The home page's pieces: the six parts of the lecture, and the ways in."""

from collections.abc import Mapping, Sequence

import streamlit as st

from explainer import contents
from explainer.texts import Texts, load
from explainer.ui import values
from explainer.ui.frame import page_link
from explainer.ui.movement import picture


def lecture_map(t: Texts, parts: Sequence[str], **pictures: tuple[Mapping, Mapping, str]) -> None:
    """Draw parts of the lecture side by side, each with its pages and one sentence a page.

    A page that is not built yet is plain text. ``pictures`` are spec, tables and words of a small picture
    below the sentence of the page of that name. The first picture of a browser takes long, a second one does
    not: it is good that one is drawn while the map is read.
    """
    with st.container(key=f"movement-{parts[0]}"):
        for part, column in zip(parts, st.columns(len(parts)), strict=True):
            with column.container(key=part):
                number = list(contents.PARTS).index(part) + 1
                st.subheader(f"{number}. {t.say(part)}", anchor=False)
                pages = contents.PARTS[part]
                across = 3 if len(pages) > 4 else 1
                for first in range(0, len(pages), across):  # row by row: a phone puts them below each other
                    for page, cell in zip(pages[first : first + across], st.columns(across), strict=False):
                        with cell.container(key=f"map-{page}", gap=None):
                            page_link(page)
                            st.markdown(load(page, t.lang).prose("sentence"))
                            if page in pictures:
                                spec, frames, alt = pictures[page]
                                picture(spec, frames, alt=alt, height=76, stage=80)


def on_stage(t: Texts) -> None:
    """Say, on request, what the keys do and how to prepare a moment."""
    with st.expander(t.say("on_stage"), icon=":material/keyboard:"):
        st.markdown(t.prose("on_stage"))


def ways_in(t: Texts) -> None:
    """Offer to start the lecture, to go on where this visitor was, and to forget all values."""
    first, *_ = [page for page in contents.built_pages() if page != contents.HOME]
    last = st.session_state.get("last_page")
    with st.container(horizontal=True, key="ways-in"):
        page_link(first, label=t.say("start"), icon=":material/play_arrow:")
        if last:
            name = load(last, t.lang).title
            page_link(last, label=t.say("resume", page=name), icon=":material/resume:")
        st.button(t.say("reset_all"), icon=":material/restart_alt:", on_click=values.reset)
