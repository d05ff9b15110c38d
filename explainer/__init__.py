"""The explainer: everything behind the pages.

The import rule, one direction only (``tests/test_house.py`` holds it):

    pages -> ui ----------> texts, contents, facts     Streamlit lives here and in pages
          -> charts ------> texts, facts               Altair lives here
          -> experiments -> nets, facts                torch and NumPy live here
          -> facts                                     tables with their sources

Nothing in ``nets`` or ``experiments`` imports Streamlit or Altair, so the mathematics
can be read, tested and reused without a screen. This file and the ``__init__`` of
``nets``, ``experiments`` and ``charts`` import nothing: a page pays only for what it uses.
"""
