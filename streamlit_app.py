"""The entry: ``streamlit run streamlit_app.py``. The pages are in ``pages``, their order in ``explainer/contents.py``."""

from explainer import ui

ui.open_app()
