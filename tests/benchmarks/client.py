"""A visitor without a browser: Streamlit's websocket protocol in pure Python.

A session does what the frontend does. It keeps the state of its widgets and sends all of it with every
rerun, runs the fragment in which a control stands, and forgets what the last run no longer drew. It
reports no cached messages, so the server sends every picture in full.
"""

import asyncio
import json
import random
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.common import user_key_from_element_id
from streamlit.runtime.state.session_state import STREAMLIT_INTERNAL_KEY_PREFIX
from websockets.asyncio.client import ClientConnection, connect

PICTURES = {"vega_lite_chart", "echarts_chart", "graphviz_chart", "imgs"}
NATIVE = {
    "button": "button",
    "button_group": "choice",
    "checkbox": "switch",
    "download_button": "download",
    "slider": "native slider",
    "text_input": "text",
}
# Widgets that this client cannot use yet: a page that has one shows up as an error, not as a gap.
UNKNOWN = {
    *("audio_input", "camera_input", "chat_input", "color_picker", "date_input", "date_time_input"),
    *("feedback", "file_uploader", "menu_button", "multiselect", "number_input", "pagination", "radio"),
    *("selectbox", "text_area", "time_input"),
}
TEXTS = ("c = b * a; d = c + 1", "c = a * a; d = c + b", "d = exp(a) - b / 3", "max(a, b) * 2", "no program")
LIVE_COMPONENTS = {
    "explainer_live_slider": "live slider",
    "explainer_points": "points",
    "explainer_drawing": "drawing",
    "explainer_pad": "pad",
    "explainer_select": "list",
    "explainer_thumbs": "list",
    "explainer_net_board": "network",
    "explainer_paste": "table",
    "explainer_bricks": "pile",
    "explainer_cells": "cells",
}
LIVE = set(LIVE_COMPONENTS.values())
SILENT_COMPONENTS = {"explainer_play_bar", "explainer_report"}  # they never send anything


@dataclass
class Control:
    """A control on the screen; ``data`` is what Python told a live control, its echo included."""

    id: str
    kind: str
    name: str
    element: Any
    movement: str
    fragment: str
    script: str
    run: str
    data: dict = field(default_factory=dict)

    def another_value(self, rng: random.Random) -> float | list | dict | str:
        """Return a value of a live control that it does not have now."""
        if self.kind == "points":
            step, axes, most = self.data["step"], (self.data["x"], self.data["y"]), self.data["most"]
            n = rng.randint(min(max(2, self.data["least"]), most), most)
            grids = [
                [round(low + k * step, 10) for k in range(round((high - low) / step) + 1)]
                for low, high in axes
            ]
            grids[1] = self.data["levels"] or grids[1]
            if self.data["classes"]:
                grids.append(list(range(len(self.data["classes"]))))
            return [[rng.choice(grid) for grid in grids] for _ in range(n)]
        if self.kind == "pad":
            return "".join(rng.choices("0f", k=self.data["side"] ** 2 // 4))
        if self.kind == "drawing":
            return [rng.randint(0, 99) / 100 for _ in range(self.data["columns"])]
        if self.kind == "list":
            options = [value for value, _ in self.data["options"]]
            return rng.choice([value for value in options if value != self.data["value"]])
        if self.kind == "table":
            return "\n".join(f"{rng.uniform(-5, 5):.2f},{rng.uniform(-5, 5):.2f},{i % 2}" for i in range(20))
        if self.kind == "cells":
            return [rng.randrange(self.data["columns"]), rng.randrange(self.data["rows"])]
        if self.kind == "pile":
            order = self.data["value"]["order"]
            return {"order": rng.sample(order, len(order)), "chosen": rng.randrange(len(order))}
        if self.kind == "network":
            widths = [rng.randint(1, self.data["most"]) for _ in self.data["value"]["widths"]]
            return {**self.data["value"], "widths": widths}
        return rng.choice([value for value in self.grid() if value != self.data["value"]])

    def grid(self) -> list[float]:
        """Return all values that a live slider can take."""
        low, step = self.data["min"], self.data["step"]
        n_steps = round((self.data["max"] - low) / step)
        return [round(low + i * step, self.data["decimals"]) for i in range(n_steps + 1)]


@dataclass
class Run:
    """One run of the page or of a fragment, as its messages arrive; times are of ``time.perf_counter``."""

    id: str
    fragments: list[str]
    pictures: int = 0
    new_pictures: int = 0
    last_picture: float = 0.0
    last_delta: float = 0.0
    finished: bool = False


@dataclass(frozen=True)
class Answer:
    """What an action brought: the seconds until the last picture (or element) was here, the pictures."""

    seconds: float
    pictures: int
    new_pictures: int


class Session:
    """One visitor of the app at ``url``, on ``page`` with the query of a link."""

    def __init__(self, url: str, page: str = "", query: str = "", locale: str = "ru-RU") -> None:
        self.url, self.page, self.query, self.locale = url, page, query, locale
        self.controls: dict[str, Control] = {}
        self.pages: dict[str, str] = {}  # URL path -> hash
        self.errors: list[str] = []
        self.run: Run | None = None
        self.n_bytes = 0
        self._states: dict[str, WidgetState] = {}
        self._pictures: dict[tuple[int, ...], str] = {}
        self._movements: dict[tuple[int, ...], str] = {}
        self._page_hash = self._main_hash = ""
        self._socket: ClientConnection

    async def __aenter__(self) -> "Session":
        self._socket = await connect(
            self.url.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=["streamlit"],
            compression=None,
            max_size=None,
            max_queue=None,
            ping_interval=None,
            open_timeout=60,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._socket.close()

    # -- what a visitor does ------------------------------------------------------------------------

    async def open(self) -> Answer:
        """Run the page of the link for the first time."""
        return await self._rerun()

    async def go(self, page: str) -> Answer:
        """Follow a link of the menu: only the widgets of the frame keep their state."""
        kept = {control.id for control in self.controls.values() if control.script == self._main_hash}
        self._states = {id: state for id, state in self._states.items() if id in kept}
        self.page, self.query = page, ""
        return await self._rerun(page_hash=self.pages[page])

    async def act(self, control: Control, rng: random.Random) -> Answer:
        """Use a control in a random way and wait for everything that this brings."""
        state, trigger = WidgetState(id=control.id), None
        if control.kind in LIVE:
            value = control.another_value(rng)
            self.move(control, value)
            answer = await self._rerun(fragment=control.fragment)
            if control.id not in self.controls:  # a run that shows it is still to come
                await self.rest()
            if control.id not in self.controls:  # an earlier choice, whose run came late, has no use for it
                return answer
            echo = self.controls[control.id].data
            if (echo["value"], echo["serial"]) != (value, self.serial(control)):
                self.errors.append(f"{control.name}: sent {value}, echoed {echo['value']}")
            return answer
        if control.kind == "download":
            return await self._fetch(control)
        if control.kind == "choice":
            options = [option.content for option in control.element.options]
            now = list(self._states[control.id].string_array_value.data)
            state.string_array_value.data.append(rng.choice([o for o in options if o not in now] or now))
        elif control.kind in ("switch", "expander"):
            state.bool_value = not self._states[control.id].bool_value
        elif control.kind == "native slider":
            low, high = control.element.min, control.element.max
            state.double_array_value.data.extend(rng.uniform(low, high) for _ in control.element.default)
        elif control.kind == "text":
            state.string_value = rng.choice(
                [text for text in TEXTS if text != self._states[control.id].string_value]
            )
        elif control.kind == "button":
            state.trigger_value = True
            trigger = state
        else:  # the stage asks for presenter mode
            state.id = f"{STREAMLIT_INTERNAL_KEY_PREFIX}_{control.id}__events"
            state.json_trigger_value = json.dumps([{"event": "present", "value": True}])
            trigger = state
        if trigger is None:
            self._states[control.id] = state
        return await self._rerun(fragment=control.fragment, trigger=trigger)

    def move(self, control: Control, value: float | list) -> int:
        """Set the state of a live control as the browser does; return the serial number of the message."""
        serial = max(self.serial(control), self.controls[control.id].data["serial"]) + 1
        moved = {"value": value, "serial": serial, "rev": self.controls[control.id].data["rev"]}
        self._states[control.id] = WidgetState(id=control.id, json_value=json.dumps({"moved": moved}))
        return serial

    def serial(self, control: Control) -> int:
        """Return the serial number of the last message of a live control."""
        state = self._states.get(control.id)
        return json.loads(state.json_value)["moved"]["serial"] if state else 0

    async def push(self, control: Control, value: float, patience: float) -> bool:
        """Move a live slider within a drag; return whether its echo came while the browser would wait."""
        serial = self.move(control, value)
        await self._send(fragment=control.fragment)
        try:
            await self._until(lambda: self.controls[control.id].data["serial"] == serial, patience)
        except TimeoutError:
            return False
        return True

    async def rest(self, quiet: float = 1.0) -> None:
        """Take in what still comes, until nothing has come for a while."""
        while True:
            try:
                await self._until(lambda: False, quiet)
            except TimeoutError:
                return

    # -- the protocol -------------------------------------------------------------------------------

    async def _rerun(self, *, fragment: str = "", page_hash: str = "", trigger: Any = None) -> Answer:
        self.run = None
        begin = time.perf_counter()
        await self._send(fragment=fragment, page_hash=page_hash, trigger=trigger)
        await self._until(lambda: self.run is not None and self.run.finished, 60)
        run = self.run
        self._forget(run)
        return Answer((run.last_picture or run.last_delta) - begin, run.pictures, run.new_pictures)

    async def _send(self, *, fragment: str = "", page_hash: str = "", trigger: Any = None) -> None:
        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string = self.query
        rerun.page_script_hash = page_hash or self._page_hash
        rerun.page_name = "" if rerun.page_script_hash else self.page
        rerun.fragment_id = fragment
        rerun.widget_states.widgets.extend(self._states.values())
        if trigger is not None:
            rerun.widget_states.widgets.append(trigger)
        info = rerun.context_info
        info.locale, info.timezone, info.color_scheme = self.locale, "Europe/Moscow", "light"
        info.url = f"{self.url}/{self.page}"
        await self._socket.send(message.SerializeToString())

    async def _until(self, done: Callable[[], bool], timeout: float) -> None:
        async with asyncio.timeout(timeout):
            while not done():
                raw = await self._socket.recv()
                self.n_bytes += len(raw)
                self._take(ForwardMsg.FromString(raw))

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            new = message.new_session
            self._page_hash, self._main_hash = new.page_script_hash, new.main_script_hash
            run = message.metadata.run
            self.run = Run(run.script_run_id, list(run.fragment_ids))
        elif kind == "navigation":
            self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            self._page_hash = message.navigation.page_script_hash
        elif kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                self.errors.append("the page does not compile")
            if self.run and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self.run.finished = True
        elif kind == "page_not_found":
            self.errors.append(f"page not found: {message.page_not_found.page_name}")
        elif kind == "delta" and self.run:
            self._take_delta(message, tuple(message.metadata.delta_path))

    def _take_delta(self, message: ForwardMsg, path: tuple[int, ...]) -> None:
        run, delta = self.run, message.delta
        run.last_delta = time.perf_counter()
        if delta.WhichOneof("type") == "add_block":
            key = user_key_from_element_id(delta.add_block.id) or ""
            if key.startswith("movement-"):
                self._movements[path] = key.removeprefix("movement-")
            else:
                self._movements.pop(path, None)
            if delta.add_block.expandable.id:
                self._control(message, delta.add_block.expandable, path, "expander")
                state = self._states.setdefault(delta.add_block.expandable.id, WidgetState())
                state.id, state.bool_value = (
                    delta.add_block.expandable.id,
                    delta.add_block.expandable.expanded,
                )
            return
        kind = delta.new_element.WhichOneof("type")
        element = getattr(delta.new_element, kind)
        if kind in PICTURES:
            run.last_picture = run.last_delta
            run.pictures += 1
            run.new_pictures += self._pictures.get(path) != message.hash
            self._pictures[path] = message.hash
        elif kind == "exception":
            self.errors.append(f"exception: {element.type} {element.message}")
        elif kind == "alert" and element.format == Alert.ERROR:
            self.errors.append(f"error on the page: {element.body[:60]}")
        elif kind == "bidi_component":
            self._take_component(message, element, path)
        elif kind in NATIVE:
            self._take_widget(message, element, path, NATIVE[kind])
        elif kind in UNKNOWN:
            self.errors.append(f"no action for a {kind}")

    def _take_component(self, message: ForwardMsg, element: Any, path: tuple[int, ...]) -> None:
        if element.component_name == "explainer_stage":
            self._control(message, element, path, "stage")
        elif kind := LIVE_COMPONENTS.get(element.component_name):
            self._control(message, element, path, kind).data = json.loads(element.json)[0]
        elif element.component_name not in SILENT_COMPONENTS:
            self.errors.append(f"no action for the component {element.component_name}")

    def _take_widget(self, message: ForwardMsg, element: Any, path: tuple[int, ...], kind: str) -> None:
        self._control(message, element, path, kind)
        forced = getattr(element, "set_value", False)
        if kind in ("button", "download") or (element.id in self._states and not forced):
            return
        state = self._states[element.id] = WidgetState(id=element.id)
        if kind == "switch":
            state.bool_value = element.value if forced else element.default
        elif kind == "text":
            state.string_value = element.value if forced else element.default
        elif kind == "native slider":
            state.double_array_value.data.extend(element.value if forced else element.default)
        else:
            chosen = element.raw_values if forced else [element.options[i].content for i in element.default]
            state.string_array_value.data.extend(chosen)

    def _control(self, message: ForwardMsg, element: Any, path: tuple[int, ...], kind: str) -> Control:
        inside = [name for start, name in self._movements.items() if path[: len(start)] == start]
        name = user_key_from_element_id(element.id) or getattr(element, "icon", "") or element.label
        control = self.controls[element.id] = Control(
            element.id,
            kind,
            name.removeprefix(f"{self.page}."),
            element,
            inside[0] if inside else "",
            message.delta.fragment_id,
            message.metadata.active_script_hash,
            self.run.id,
        )
        return control

    def _forget(self, run: Run) -> None:
        """Drop the controls that a finished run should have drawn and has not."""
        for control in list(self.controls.values()):
            if control.run != run.id and (not run.fragments or control.fragment in run.fragments):
                del self.controls[control.id]
                self._states.pop(control.id, None)

    async def _fetch(self, control: Control) -> Answer:
        """Download a file."""
        begin = time.perf_counter()
        try:
            await asyncio.to_thread(_get, self.url + control.element.url)
        except OSError as error:
            self.errors.append(f"{control.name}: {error}")
        return Answer(time.perf_counter() - begin, 0, 0)


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read()
