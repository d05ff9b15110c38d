"""A visitor without a browser: Streamlit's AppTest, always through the entry."""

import base64
import functools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test, local_script_runner
from streamlit.testing.v1.element_tree import ButtonGroup

from explainer import contents
from explainer.texts import LANGUAGES, Texts, labels, load

ROOT = Path(__file__).parent.parent
CYRILLIC = re.compile("[а-яёА-ЯЁ]")

# Every session looks through all installed packages for components of their own; once is enough.
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)
# Every run compiles the entry and its page; a server does it once.
app_test.ScriptCache = local_script_runner.ScriptCache = functools.cache(ScriptCache)


@functools.lru_cache(maxsize=512)
def _table(sent: bytes) -> pd.DataFrame:
    """Read a table as the browser gets it; most are sent again as they were."""
    return pa.ipc.open_stream(sent).read_pandas()


@dataclass(frozen=True, eq=False)
class Picture:
    """A chart as it was sent: the spec to the letter, the tables, the words for who does not see it."""

    spec: str
    alt: str
    frames: dict[str, pd.DataFrame]


class Visit:
    """One session. A browser's part is played here: the address, and what the sliders send."""

    def __init__(self, page: str = contents.HOME, /, *, locale: str | None = "en-US", **query: str) -> None:
        self.page = page
        self.at = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
        path = "" if page == contents.HOME else page
        self.at.context = {"locale": locale, "url": f"http://localhost:8501/{path}"}
        self.at.query_params.update(query)
        if path:
            self.at.switch_page(f"pages/{page}.py")
        self.serial = 0
        for name in contents.built_pages():
            self.at.session_state[f"source-{name}"] = True
            for key in load(name, "en").sections:
                if key.endswith("_more"):  # so that every word of a page is there to be read
                    self.at.session_state[f"more-{name}-{key.removesuffix('_more')}"] = True
        self.at.run()

    # -- what the visitor does ---------------------------------------------------------------------

    def go(self, page: str) -> None:
        """Follow a link of the menu: the address keeps nothing of the old page."""
        self.page = page
        self.at.query_params.clear()
        self.at.switch_page(f"pages/{page}.py").run()

    def move(self, slider: str, value: object, *, revision: int | None = None) -> None:
        """Move a live slider, as its component reports it."""
        self.stage(slider, value, revision=revision)
        self.at.run()

    def stage(self, slider: str, value: object, *, revision: int | None = None) -> None:
        self.serial += 1
        message = {
            "value": value,
            "serial": self.serial,
            "rev": self._rev(slider) if revision is None else revision,
        }
        self.at.session_state[f"{self.page}.{slider}"] = {"moved": message}

    def choose(self, name: str, option: str) -> None:
        self.at.segmented_control(key=f"{self.page}.{name}").set_value(option).run()

    def _rev(self, slider: str) -> int | str:
        """Return the revision that the browser has for a slider; one that follows a text has its own."""
        shown = self.sliders
        return shown[slider]["rev"] if slider in shown else self.revision

    def pick(self, name: str, option: str) -> None:
        """Choose an option of a list, as its component reports it."""
        self.move(name, option)

    def build(self, **parts: object) -> None:
        """Change parts of the network on the board, as its component reports it: all of them, every time."""
        (board,) = self.components("net_board")
        self.move(board["name"], {**board["value"], **parts}, revision=board["rev"])

    def write(self, name: str, text: str) -> None:
        self.at.text_input(key=f"{self.page}.{name}").set_value(text).run()

    def flip(self, name: str) -> None:
        toggle = self.at.toggle(key=f"{self.page}.{name}")
        toggle.set_value(not toggle.value).run()

    def press(self, name: str) -> None:
        """Press a button of the frame by the name of its label, or one of the page by its key."""
        label = labels(self.lang).get(name)
        (button,) = [b for b in self.at.button if b.key == name or (b.key is None and b.label == label)]
        button.click().run()

    def speak(self, lang: str) -> None:
        self.at.segmented_control(key="lang_switch").set_value(lang).run()

    # -- what the visitor sees ---------------------------------------------------------------------

    @property
    def lang(self) -> str:
        return self.at.session_state["lang"]

    @property
    def t(self) -> Texts:
        return load(self.page, self.lang)

    @property
    def revision(self) -> int:
        return self.at.session_state["revision"]

    @property
    def values(self) -> dict[str, object]:
        """Return the values of the page's controls, by name."""
        store = self.at.session_state.get("values", {})
        mine = f"{self.page}."
        return {key.removeprefix(mine): value for key, value in store.items() if key.startswith(mine)}

    def components(self, name: str) -> list[dict]:
        """Return what was sent to the browser parts of one kind."""
        protos = [element.proto for element in self.at.get("bidi_component")]
        return [json.loads(p.json)[0] for p in protos if p.component_name.endswith(f"explainer_{name}")]

    @property
    def sliders(self) -> dict[str, dict]:
        return {data["name"]: data for data in self.components("live_slider")}

    @property
    def lists(self) -> dict[str, dict]:
        shown = [*self.components("select"), *self.components("thumbs")]
        return {data["name"]: data for data in shown}

    @property
    def link(self) -> dict[str, str]:
        """Return the part of the address that the movements report: what differs from its default."""
        reported = [data["values"] for data in self.components("report")]
        return {name: text for values in reported for name, text in values.items() if text is not None}

    @property
    def pictures(self) -> dict[str, Picture]:
        found = {}
        alts = {
            key.rpartition("-")[2]: alt
            for data in self.components("report")
            for key, alt in data["alts"].items()
        }
        for element in self.at.get("vega_lite_chart"):
            frames = {d.name: _table(d.data.data) for d in element.proto.datasets}
            name = json.loads(element.proto.spec)["name"]
            assert name not in found
            assert element.proto.alt, "a picture has a name before its first numbers come"
            alt = element.proto.alt if self.page == contents.HOME else alts[name]  # the map's stays as it is
            found[name] = Picture(element.proto.spec, alt, frames)
        return found

    @property
    def errors(self) -> list[str]:
        """Return everything that a visitor would take for a failure, the kind sentence included."""
        return [e.message for e in self.at.exception] + [e.value for e in self.at.error]

    @property
    def paragraphs(self) -> list[str]:
        return [element.value for element in self.at.markdown]

    def says(self, label: str) -> bool:
        """Tell whether a paragraph holds the label, whatever its numbers."""
        return any(self.holds(text, label) for text in self.paragraphs)

    def holds(self, text: str, label: str) -> bool:
        """Tell whether a text holds the label, whatever its numbers."""
        pieces = [re.escape(piece) for piece in re.split(r"\{[^{}]*\}", labels(self.lang)[label])]
        return re.search(".*".join(pieces), text, re.DOTALL) is not None

    def options(self, control: ButtonGroup) -> list[str]:
        """Return the options of a choice by their names in the code; the browser sees their labels."""
        found = []
        for name in (*LANGUAGES, *labels(self.lang)):
            try:
                label = control.format_func(name)
            except KeyError:
                continue
            if label in control.options:
                found.append(name)
        assert len(found) == len(control.options)
        return found

    def words(self) -> Iterator[str]:
        """Yield every word that is seen or read aloud, but for the language switch, which speaks both."""
        at = self.at
        for group in (at.title, at.header, at.subheader, at.markdown, at.caption, at.error):
            yield from (element.value for element in group)
        for control in at.segmented_control:
            if control.key != "lang_switch":
                yield from (control.label, *control.options)
        for group in (at.text_input, at.toggle, at.button, at.expander, at.download_button):
            yield from (element.label for element in group)
        yield from (button.proto.help for button in at.button)
        yield from (link.value for link in at.get("page_link"))
        for picture in self.pictures.values():
            yield from (picture.alt, *strings(json.loads(picture.spec)))
            for frame in picture.frames.values():
                for column in frame.select_dtypes(exclude="number"):
                    if column != "url":
                        yield from map(str, frame[column].unique())
        live = ("live_slider", "points", "drawing", "pad", "select", "thumbs", "net_board")
        for name in (*live, "play_bar"):
            for data in self.components(name):
                yield from strings(data)


def strings(data: object) -> Iterator[str]:
    """Yield all strings of nested data, but not the names of fields."""
    if isinstance(data, dict):
        data = list(data.values())
    if isinstance(data, list):
        for part in data:
            yield from strings(part)
    elif isinstance(data, str):
        yield data


def flaws(visit: Visit) -> list[str]:
    """Name what must never be on a screen, whatever the controls."""
    found = list(visit.errors)
    for name, picture in visit.pictures.items():
        if not picture.alt.strip() or re.search(r"\b(nan|inf|None)\b|[{}∞?]", picture.alt):
            found.append(f"{name}: alt {picture.alt!r}")
        named = set(re.findall(r'"data": ?\{"name": ?"(\w+)"\}', picture.spec))
        if named != set(picture.frames):
            found.append(f"{name}: draws {named}, sent {set(picture.frames)}")
        for key, frame in picture.frames.items():
            if frame.empty or not np.isfinite(frame.select_dtypes("number").to_numpy()).all():
                found.append(f"{name}: {key} is empty or not finite")
    for name, data in visit.sliders.items():
        steps = (data["value"] - data["min"]) / data["step"]
        if not data["min"] <= data["value"] <= data["max"] or abs(steps - round(steps)) > 1e-6:
            found.append(f"{name}: stands at {data['value']}")
        if data["value"] != visit.values[name]:
            found.append(f"{name}: shows {data['value']}, means {visit.values[name]}")
    for name, data in visit.lists.items():
        if data["value"] not in [value for value, _ in data["options"]]:
            found.append(f"{name}: shows {data['value']}")
    for data in visit.components("net_board"):
        for part in ("parameters", "X", "y"):
            if not np.isfinite(np.frombuffer(base64.b64decode(data[part]), "<f4")).all():
                found.append(f"board: {part} is not finite")
    found += [f"paragraph {text!r}" for text in visit.paragraphs if re.search(r"\b(nan|inf|None)\b", text)]
    return found
