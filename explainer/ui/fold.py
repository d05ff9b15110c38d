"""What opens on request and is not sent before."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def fold(place: object, label: str, *, key: str, icon: str | None = None) -> DeltaGenerator:
    """Draw a closed fold at a place and return it; what is in it is drawn when it is ``open``."""
    st.session_state[key] = st.session_state.get(key, False)  # in another language it stays open
    return place.expander(label, key=key, icon=icon, on_change="rerun")
