"""The Streamlit pieces that the pages share; a page needs nothing else to meet a reader."""

from explainer.ui.boot import cached, long
from explainer.ui.cards import resource_cards, topic_lines
from explainer.ui.closing import closing
from explainer.ui.frame import open_app, page_link, start_page
from explainer.ui.lecture_map import lecture_map, on_stage, ways_in
from explainer.ui.movement import movement
from explainer.ui.net_board import trained
from explainer.ui.shelf import presets
from explainer.ui.source import show_source
from explainer.ui.values import go

__all__ = [
    "cached",
    "closing",
    "go",
    "lecture_map",
    "long",
    "movement",
    "on_stage",
    "open_app",
    "page_link",
    "presets",
    "resource_cards",
    "show_source",
    "start_page",
    "topic_lines",
    "trained",
    "ways_in",
]
