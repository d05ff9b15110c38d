"""The entry: ``streamlit run streamlit_app.py``. Pages: ``pages``; their order: ``explainer/contents.py``."""

from explainer import ui

ui.open_app()
