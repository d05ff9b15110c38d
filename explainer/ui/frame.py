"""What surrounds every page: menu, language, presenter mode, links to the neighbours, and the stage."""

import base64
import logging
from pathlib import Path

import streamlit as st

from explainer import contents, texts
from explainer.texts import Texts
from explainer.ui import boot, components, language, movement, values

_LOG = logging.getLogger(__name__)
_ASSETS = Path(__file__).parent.parent.parent / "assets"
_STYLE = _ASSETS / "style.css"
_SIDEBAR = 300  # px
# Written out, so that it needs no request: a file would be gone while any run of the page begins anew.
_ICON = f"data:image/png;base64,{base64.b64encode((_ASSETS / 'images' / 'icon.png').read_bytes()).decode()}"
_ROUTED, _WANTED = "routed", "wanted"


def open_app() -> None:
    """Run the app: the frame, the page that the visitor asked for, and the warm-up behind it."""
    with boot.QUICK.page():
        _run_page()
    boot.warm_up_later()


def _run_page() -> None:
    lang = language.current()
    t = texts.load(contents.HOME, lang)
    st.set_page_config(page_title=t.title, page_icon=_ICON, layout="wide", initial_sidebar_state=_SIDEBAR)
    st.html(_STYLE)
    pages = _menu(lang)
    page = st.navigation(_sections(pages, lang), expanded=True)
    _resume_deep_link(pages, page)
    name = next(name for name, candidate in pages.items() if candidate is page)
    _sidebar(t, name)
    if movement.presenting():
        st.button(t.say("leave"), key="leave", icon=":material/close:", on_click=_toggle_present)
    try:
        page.run()
    except Exception:
        _LOG.exception("page %s failed", name)
        st.error(t.say("failed"), icon=":material/error:")
    _neighbours(pages, name)
    _stage(lang, name)


def start_page(page: str) -> Texts:
    """Begin a page: its title, its opening sentence, and the values that its address carries."""
    _ensure_router()
    values.enter(page)
    t = texts.load(page, language.current())
    with st.container(key=f"head-{page}"):
        st.title(t.title, anchor=False)
        st.markdown(t.prose("sentence"))
    return t


def page_link(page: str, label: str | None = None, **options: object) -> None:
    """Link to a built page, or write the name of one that is still to come as plain text."""
    t = texts.load(page, language.current())
    if contents.is_built(page):
        st.page_link(_path(page), label=label or t.title, **options)
    else:
        st.markdown(f"**{label or t.title}**")


def _path(page: str) -> str:
    return f"pages/{page}.py"


def _menu(lang: str) -> dict[str, object]:
    return {
        page: st.Page(
            _path(page),
            title=texts.labels(lang)["map"] if page == contents.HOME else texts.load(page, lang).title,
            url_path="" if page == contents.HOME else page,
            default=page == contents.HOME,
        )
        for page in contents.built_pages()
    }


def _sections(pages: dict[str, object], lang: str) -> dict[str, list]:
    sections = {"": [pages[contents.HOME]]}
    for part, names in contents.PARTS.items():
        built = [pages[name] for name in names if name in pages]
        if built:
            sections[texts.labels(lang)[part]] = built
    return sections


def _sidebar(t: Texts, page: str) -> None:
    with st.sidebar:
        language.switch()
        st.button(
            t.say("present"), icon=":material/present_to_all:", on_click=_toggle_present, help=t.say("keys")
        )
        st.button(t.say("reset"), icon=":material/restart_alt:", on_click=values.reset, args=(page,))


def _toggle_present() -> None:
    st.session_state["present"] = not movement.presenting()


def _neighbours(pages: dict[str, object], name: str) -> None:
    order = list(pages)
    at = order.index(name)
    with st.container(horizontal=True, horizontal_alignment="distribute", key="neighbours"):
        with st.container(key="previous", width="content"):
            if at > 0:
                st.page_link(pages[order[at - 1]], icon=":material/arrow_back:")
        with st.container(key="next", width="content"):
            if at + 1 < len(order):
                st.page_link(pages[order[at + 1]], icon=":material/arrow_forward:", icon_position="right")


def _stage(lang: str, name: str) -> None:
    components.stage(
        key="stage",
        data={
            "lang": lang,
            "page": name,
            "path": "" if name == contents.HOME else name,
            "present": movement.presenting(),
            "go": values.gone(),
            "at": values.entered_at(),
        },
        on_present_change=_toggle_present,
    )


def _ensure_router() -> None:
    """Send a cold deep link through the entry.

    Beside a folder named ``pages`` a fresh Streamlit process runs the page of a deep link alone,
    without menu and language, until somebody has opened the entry once.
    """
    if _ROUTED not in st.session_state:
        language.current()  # read now: the way through the entry loses the address
        movement.presenting()
        st.session_state[_WANTED] = (st.context.url or "").rstrip("/").rsplit("/", 1)[-1]
        values.keep_query()
        st.switch_page("streamlit_app.py")


def _resume_deep_link(pages: dict[str, object], current: object) -> None:
    st.session_state[_ROUTED] = True
    name = st.session_state.pop(_WANTED, None)
    if name in pages and pages[name] is not current:
        st.switch_page(pages[name])
