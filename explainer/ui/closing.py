"""How a page ends: what the slide says beside what is so, and experiments that one press sets up."""

from collections.abc import Mapping

import streamlit as st

from explainer.texts import Texts
from explainer.ui import values

_A_SCREEN = 2  # slides
_A_ROW = 4  # experiments


def closing(t: Texts, slides: int, **experiments: tuple[str, Mapping[str, object]]) -> None:
    """Draw the last screens of a page: its slides, two a screen, and what to try.

    The texts hold, for i = 1 … ``slides``, the sections ``slide_i`` (what the slide says), ``fact_i``
    and ``source_i``, and for every experiment a section of its name: what to do and what to look for.
    An experiment is a movement and the values that its button sets there.
    """
    for first in range(1, slides + 1, _A_SCREEN):
        with st.container(key="movement-slides" if first == 1 else f"movement-slides-{first}"):
            st.header(t.say("slides"), anchor=False)
            for i in range(first, min(first + _A_SCREEN, slides + 1)):
                with st.container(border=True, horizontal=True, key=f"slide-{i}"):
                    st.markdown(f"**{t.say('on_the_slide')}**  \n{t.prose(f'slide_{i}')}")
                    st.markdown(f"**{t.say('in_fact')}**  \n{t.prose(f'fact_{i}')}")
                    st.markdown(f":small[{t.prose(f'source_{i}')}]")
    with st.container(key="movement-try"):
        st.header(t.say("try_this"), anchor=False)
        names = list(experiments)
        for first in range(0, len(names), _A_ROW):
            row = st.container(horizontal=True, key=f"tries-{first}")
            for name in names[first : first + _A_ROW]:
                with row.container(border=True, key=f"try-{name}", gap="xsmall", height="stretch"):
                    st.markdown(t.prose(name))
                    key, done = f"button-{t.page}-{name}", (t.page, *experiments[name])
                    st.button(t.say("try"), key=key, on_click=_try, args=done)


def _try(page: str, at: str, settings: Mapping[str, object]) -> None:
    values.put({f"{page}.{name}": value for name, value in settings.items()})
    values.go(at)
