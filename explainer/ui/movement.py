"""A movement: one idea on one screen. Controls at the left, the picture at the right, words around.

    with ui.movement(t, "deeper") as m:
        depth = m.slider("depth", 1, 10, 3)
        net = ui.cached(experiments.deeper)(depth=depth)
        m.show(collapse.deeper(t), alt=..., height=300, stage=370, **collapse.deeper_data(t, net.x, ...))

Controls (`explainer.ui.controls`) are drawn at the end of the movement, in the order of their calls. A
step that fails is logged, the reader gets a sentence, and the controls stay alive.
"""

import functools
import io
import json
import logging
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from numbers import Integral
from types import TracebackType

import pyarrow as pa
import streamlit as st

from explainer import texts
from explainer.texts import Texts, labels, number
from explainer.ui import boot, components, values
from explainer.ui.fold import fold
from explainer.ui.net_board import NetBoard
from explainer.ui.newest import await_sent
from explainer.ui.shared import Shared

_LOG = logging.getLogger(__name__)
PRESENTER_FONT = 24  # px: the least size of body text in presenter mode
_FONT = 15  # px in pictures otherwise


def presenting() -> bool:
    """Tell whether the presenter mode is on: type and pictures are larger, the frame is gone."""
    if "present" not in st.session_state:  # to read the address takes longer than all the rest
        st.session_state["present"] = st.query_params.get("present") == "1"
    return st.session_state["present"]


class movement(NetBoard, Shared, AbstractContextManager):  # noqa: N801 (reads as a verb in the pages)
    """Open the movement ``name`` of a page: its heading, its sentence, two columns, its place in the link.

    The section of the texts named like the movement opens with ``## Heading``; what follows is the
    sentence. The section ``<name>_more`` holds the longer words, which open on request.
    """

    def __init__(self, t: Texts, name: str) -> None:
        super().__init__(t, name)
        self._frames: dict[str, pa.Table] = {}
        self._alts: dict[str, str] = {}
        self._script: Callable[[], str] | None = None

    def __enter__(self) -> "movement":
        boot.QUICK.acquire()
        try:
            self._open()
        except BaseException:
            boot.QUICK.release()
            raise
        return self

    def _open(self) -> None:
        if values.shared():
            st.rerun()
        text = self.t.prose(self.name)
        self._heading = text.partition("\n")[0].removeprefix("## ")
        self.whole = st.container(key=f"movement-{self.name}")
        with self.whole:
            st.markdown(text)
            sides = st.container(key=f"sides-{self.name}", horizontal=True, gap="medium")
        self.controls = sides.container(key=f"controls-{self.name}", gap="xsmall")
        self.figure = sides.container(key=f"figure-{self.name}", gap="xsmall")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        try:
            return self._close(error)
        finally:
            boot.QUICK.release()
            boot.QUICK.give_way()

    def _close(self, error: BaseException | None) -> bool:
        failed = isinstance(error, Exception)
        if failed:
            _LOG.error("movement %s.%s failed", self.t.page, self.name, exc_info=error)
            self.figure.error(self.t.say("failed"), icon=":material/error:")
        if error is None or failed:  # Streamlit's own stops and reruns pass through
            self._more()
            with self.controls:
                for draw in self._controls:
                    draw()
            with self.whole:
                components.report(
                    key=f"report-{self.t.page}-{self.name}",
                    data={"page": self.t.page, "values": self._report, "alts": self._alts},
                )
            if self._again and not values.runs_again():
                with boot.QUICK.away():
                    await_sent()
                st.rerun(scope="fragment")
            if self._drawn_elsewhere():
                st.rerun()
        return failed

    def _more(self) -> None:
        """Put the longer words and the numbers of the pictures where they open on request.

        What is closed is not sent: every element of a page costs the browser time at every step. (A
        file made on request would be lost as soon as any other visitor's run ends before it is fetched.)
        """
        more = fold(self.whole, self.t.say("more"), key=f"more-{self.t.page}-{self.name}")
        if more.open:
            more.markdown(self.t.prose(f"{self.name}_more"))
            if self._frames:
                more.download_button(
                    self.t.say("download"),
                    data=_zip(self._frames),
                    file_name=f"{self.t.page}-{self.name}.zip",
                    mime="application/zip",
                    key=f"download-{self.t.page}-{self.name}",
                    on_click="ignore",
                    icon=":material/download:",
                )
            if self._script:
                script = self._script()
                more.markdown(self.t.say("script"))
                more.download_button(
                    self.t.say("download_script"),
                    data=script,
                    file_name=f"{self.name}.py",
                    mime="text/x-python",
                    key=f"script-{self.t.page}-{self.name}",
                    on_click="ignore",
                    icon=":material/download:",
                )
                more.code(script, language="python", height=400)

    def export(self, script: Callable[..., str], **settings: object) -> None:
        """Offer what ran as a script that needs torch alone; it is written when somebody opens it."""
        self._script = functools.partial(script, **settings)

    # -- what is seen ---------------------------------------------------------------------------

    def ask(self, name: str) -> bool:
        """Put the question first: its section of the texts, and a switch that shows the answer."""
        shown = self._native(name, False, {"0": False, "1": True})
        with self.figure.container(key=f"ask-{name}", horizontal=True, vertical_alignment="center"):
            st.markdown(self.t.prose(f"{name}_answer" if shown else f"{name}_question"))
            st.toggle(self.t.say(name), key=f"{self.t.page}.{name}")
        return shown

    def show(
        self,
        spec: Mapping,
        *,
        alt: str,
        height: int,
        stage: int,
        place: object = None,
        **frames: pa.Table,
    ) -> None:
        """Draw a picture, ``height`` px high, ``stage`` px when presented: a constant spec with moving data.

        The browser keeps the picture and only moves its data as long as the spec is the same to the
        letter, so numbers that change belong into the frames and into ``alt``, which the browser
        sets by itself: Streamlit's own alt is part of the spec and gets the constant heading.
        """
        key = f"picture-{self.name}-{spec['name']}"
        self._frames.update(frames)
        self._alts[key] = alt
        with (self.figure if place is None else place).container(key=key):
            picture(spec, frames, alt=self._heading, height=height, stage=stage)

    def split(self, *shares: int) -> Sequence:
        """Divide the place of the picture into columns side by side."""
        widths = "-".join(str(share) for share in shares)  # unequal ones have their rules in style.css
        row = self.figure.container(key=f"split-{widths}-{self.name}", horizontal=True, gap="small")
        return [row.container() for _ in shares]

    def formula(self, *lines: str) -> None:
        """Write a formula with the numbers of the moment, a line each; long lines break on a phone."""
        with self.figure.container(key=f"formula-{self.name}"):
            st.markdown("  \n".join(f"$\\displaystyle {line}$" for line in lines))

    def say(self, *lines: str) -> None:
        """Write sentences with the numbers of the moment under the picture, a line each."""
        with self.figure.container(key=f"words-{self.name}"):
            st.markdown("  \n".join(lines))

    def code(
        self,
        source: str,
        *,
        height: int | str = "content",
        stage: int | str = "content",
        among_controls: bool = False,
    ) -> None:
        """Show a program, ``height`` px high, ``stage`` px when presented; what is longer scrolls."""
        high = stage if presenting() else height
        draw = functools.partial(st.code, source, language="python", height=high)
        if among_controls:
            self._controls.append(draw)
            return
        with self.figure.container(key=f"code-{self.name}"):
            draw()

    def offer(self, name: str, content: str, ending: str) -> None:
        """Offer a file to take home, named like the page, on a button among the controls."""
        key = f"{self.t.page}-{name}"
        self._controls.append(
            functools.partial(
                st.download_button,
                self.t.say(name),
                data=content,
                file_name=f"{self.t.page}.{ending}",
                mime="text/plain",
                key=key,
                on_click="ignore",
                icon=":material/download:",
                width="stretch",
            )
        )

    def advise(
        self, words: str, *, button: str = "", settings: Mapping[str, object] | None = None, page: str = ""
    ) -> None:
        """Say what is wrong or odd, beside a button that mends it and a link to the page about it.

        It stands below both columns; the button sets controls of this page, by name.
        """
        with self.whole.container(
            key=f"advice-{self.name}", horizontal=True, vertical_alignment="center", gap="small"
        ):
            st.markdown(words)
            if settings is not None:
                self._button(button, settings)
            if page:
                st.page_link(f"pages/{page}.py", label=texts.load(page, self.t.lang).title)

    def cards(self, cards: Sequence[str], *, page: int, at_once: int = 3) -> None:
        """Show the cards of Markdown of one page, counted from 1; beyond the last page, those of the last."""
        n_pages = max(1, -(-len(cards) // at_once))
        page = min(page, n_pages)
        with self.figure.container(key=f"cards-{self.name}", gap="xsmall"):
            for text in cards[at_once * (page - 1) : at_once * page]:
                with st.container(border=True):
                    st.markdown(text)
            count = self.t.say("n_cards", n=len(cards), page=page, pages=n_pages)
            st.markdown(count if cards else self.t.say("no_cards"))

    def play_bar(
        self,
        marks: Sequence[Mapping[str, str]],
        *,
        steps: Sequence[int] | None = None,
        label: str = "play_label",
        play: str = "play_play",
        frame: str = "play_frame",
        curve: str = "",
        **columns: Sequence[Sequence[float]],
    ) -> None:
        """Play recorded runs: move the parameter ``frame`` of this movement's pictures, in the browser alone.

        ``marks`` are label, colour and dash of the runs, a row each; every column gives, for every
        run, its number in every frame, and is headed by the label of its name. ``steps`` are the steps
        that the frames show, if not every step is a frame; ``label``, ``play`` and ``frame`` name the
        labels of a step, of the button and of a step's number, if what is played is no training. ``curve`` is
        a picture of the movement whose axis are the frames: a press on it shows that frame.
        """
        recorded = list(columns.values())
        data = {
            "frames": len(recorded[0][0]),
            "columns": [self.t.say(name) for name in columns],
            "rows": [
                {**mark, "values": [[number(_plain(value)) for value in column[i]] for column in recorded]}
                for i, mark in enumerate(marks)
            ],
            "frame": labels(self.t.lang)[frame],
            "steps": list(range(len(recorded[0][0])) if steps is None else steps),
            "curve": f"picture-{self.name}-{curve}" if curve else "",
            "label": self.t.say(label),
            "play": self.t.say(play),
            **{key: self.t.say(f"play_{key}") for key in ("pause", "back", "step")},
        }
        with self.figure.container(key=f"play-{self.name}"):
            components.play_bar(key=f"play-{self.t.page}-{self.name}-bar", data=data)


def picture(spec: Mapping, frames: Mapping[str, pa.Table], *, alt: str, height: int, stage: int) -> None:
    """Draw a picture by itself, ``height`` px high, ``stage`` px when presented; ``alt`` stays as it is."""
    st.vega_lite_chart(
        spec={**_sized(_hashable(spec), presenting()), "datasets": frames},
        height=stage if presenting() else height,
        width="stretch",
        alt=alt,
    )


def _plain(value: float) -> float | int:
    """Return a number of NumPy's or of Python's as Python's own: a count stays a count."""
    return int(value) if isinstance(value, Integral) else float(value)


def _zip(frames: Mapping[str, pa.Table]) -> bytes:
    """Pack tables into a ZIP of CSV files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, frame in frames.items():
            archive.writestr(f"{name}.csv", frame.to_pandas().to_csv(index=False))
    return buffer.getvalue()


def _hashable(spec: Mapping) -> str:
    return json.dumps(spec, sort_keys=True)


@functools.lru_cache(maxsize=256)
def _sized(spec: str, large: bool) -> dict:
    """Give every text of a picture the size of the room: a lecture hall's, or a reader's desk."""
    size = PRESENTER_FONT if large else _FONT
    spec = json.loads(spec)
    config = spec.setdefault("config", {})
    labels_and_title = {"labelFontSize": size, "titleFontSize": size}
    for part, settings in {
        # The alternative text describes the picture; hundreds of marks read aloud describe nothing.
        "mark": {"aria": False},
        "axis": labels_and_title | {"titleFontWeight": "bold", "aria": False},
        "legend": labels_and_title | {"offset": 4, "padding": 0, "aria": False},
        "text": {"fontSize": size},
        "circle": {"size": 3.4 * size**2},  # a node that its name fits into
    }.items():
        config[part] = {**config.get(part, {}), **settings}
    return {"padding": {"left": 4, "right": 8, "top": 4, "bottom": 4}, **spec}
