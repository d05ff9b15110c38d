"""The controls of a movement: live sliders, choices, points and curves that a hand sets on a picture.

Every control has a value, kept in the session and carried by the link (`explainer.ui.values`), and is
drawn at the end of its movement, after the picture: a live control's echo tells the browser that the
answer to its last value is on the screen.
"""

import functools
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from explainer.texts import Texts, labels
from explainer.ui import components, hand, values
from explainer.ui.presses import Presses


class Controls(Presses):
    """What can be asked of the reader in a movement."""

    def __init__(self, t: Texts, name: str) -> None:
        self.t, self.name = t, name
        self._controls: list[Callable[[], None]] = []
        self._report: dict[str, str | None] = {}
        self._rested: str | None = None  # what a hand has just left that other movements show, too

    def slider(
        self,
        name: str,
        low: float,
        high: float,
        default: float,
        step: float = 1,
        *,
        unit: str = "",
        of: str = "",
        offered: bool = True,
        shared: bool = False,
    ) -> float | int:
        """Offer a live slider and return its value, which is always on the grid between low and high.

        Where the range follows another control, ``of`` tells the ranges apart: what the browser has sent
        for another one does not count. What is not ``offered`` now keeps its value and its place in the link.
        What is ``shared`` with other movements is shown there when the hand rests.
        """
        value, draw = self._slider(name, low, high, default, step, unit, of, shared)
        if offered:
            self._controls.append(draw)
        return value

    def _slider(
        self,
        name: str,
        low: float,
        high: float,
        default: float,
        step: float,
        unit: str = "",
        of: str = "",
        shared: bool = False,
        *,
        label: str = "",
    ) -> tuple[float | int, Callable[[], None]]:
        """Return the value of a live slider, and what draws it."""
        rev = f"{values.revision()}-{of}" if of else values.revision()
        moved = self._moved(name, rev)
        key = f"{self.t.page}.{name}"
        candidates = (values.from_address(key), moved.get("value"), values.read(key, default), default)
        snapped = (values.snap(candidate, low, high, step) for candidate in candidates)
        value = values.store()[key] = next(value for value in snapped if value is not None)

        decimals = len(f"{step:.10f}".rstrip("0").partition(".")[2])
        data = {
            "label": self.t.say(label or name),
            "unit": unit,
            "min": low,
            "max": high,
            "step": step,
            "decimals": decimals,
            "widest": max(len(f"{edge:.{decimals}f}") for edge in (low, high)) + len(unit),
            "value": value,
            "rev": rev,
            "serial": moved["serial"],
            "name": name,
            "shared": shared,
            "texts": {key: labels(self.t.lang)[f"hand_{key}"] for key in ("number", "junk")},
        }
        self._report[name] = None if value == default else f"{value:.{decimals}f}"
        return value, functools.partial(self._draw_live, components.live_slider, name, data)

    def _draw_live(self, component: Callable, name: str, data: Mapping[str, object]) -> None:
        """Draw a live control; ``shared`` ones say when a hand has left them."""
        key = f"{self.t.page}.{name}"
        if not data["shared"]:
            component(key=key, data=data, on_moved_change=_nothing)
        elif component(key=key, data=data, on_moved_change=_nothing, on_rested_change=_nothing).rested:
            self._rested = name

    def _moved(self, name: str, rev: int | str | None = None) -> Mapping[str, object]:
        """Return what a live control has sent: its serial number, and the value if it is still current."""
        moved = (st.session_state.get(f"{self.t.page}.{name}") or {}).get("moved")
        moved = moved if isinstance(moved, Mapping) else {}
        current = moved.get("rev") == (values.revision() if rev is None else rev)
        return {"serial": moved.get("serial", 0)} | ({"value": moved.get("value")} if current else {})

    def choice(
        self,
        name: str,
        options: Sequence[str],
        default: str,
        *,
        offered: bool = True,
        shared: bool = False,
    ) -> str:
        """Offer named options, told apart by language-neutral keys whose labels are in the texts.

        Where the default is not among the options, it is the last one. What is not ``offered`` now keeps
        its value and its place in the link. What is ``shared`` is shown by other movements, too: they are run
        again when it changes.
        """
        shown = {option: self.t.say(option) for option in options}
        default = default if default in options else options[-1]
        value = self._native(name, default, {option: option for option in options})
        if not offered:
            return value
        self._controls.append(
            functools.partial(
                st.segmented_control,
                self.t.say(name),
                options,
                format_func=shown.__getitem__,
                key=f"{self.t.page}.{name}",
                required=True,
                on_change=values.share if shared else None,
            )
        )
        return value

    def text(
        self,
        name: str,
        default: str,
        refuse: Callable[[str], tuple[str, str] | None],
        *,
        longest: int = 200,
    ) -> str:
        """Offer a line of text and return the last one that was not refused.

        ``refuse`` returns the reason and the piece of the text that it speaks of, for the label
        ``refused_<reason>``; that sentence stands in the place of the hint ``<name>_hint`` until the text is
        accepted. A text from the address that is refused is not even shown.
        """
        key = f"{self.t.page}.{name}"
        text = values.from_address(key)
        if text is not None:
            st.session_state[key] = default if len(text) > longest or refuse(text) else text
        elif key not in st.session_state:
            st.session_state[key] = values.read(key, default)
        typed = str(st.session_state[key])
        if len(typed) > longest:  # the browser lets nobody type that
            typed = st.session_state[key] = typed[:longest]
        why = refuse(typed)
        value = values.store()[key] = values.read(key, default) if why else typed
        self._report[name] = None if value == default else value

        def draw() -> None:
            label = self.t.say(name)
            st.text_input(label, key=key, max_chars=longest, autocomplete="off", placeholder=label)
            with st.container(key=f"hint-{self.name}-{name}"):
                if why:
                    st.markdown(self.t.say(f"refused_{why[0]}", piece=f"`{why[1].replace('`', 'ˋ')}`"))
                else:
                    st.markdown(self.t.say(f"{name}_hint"))

        self._controls.append(draw)
        return value

    def weights(
        self,
        defaults: Mapping[str, float],
        *,
        limit: float,
        least: float | None = None,
        offered: int | None = None,
    ) -> dict[str, float]:
        """Offer the weights of one drawing as live sliders in two compact columns.

        They reach from ``least``, by default minus the limit, to ``limit``. Only the first ``offered`` are
        drawn, if that is given; the others keep their values and their places in the link.
        """
        sliders = {
            name: self._slider(name, -limit if least is None else least, limit, default, 0.1)
            for name, default in defaults.items()
        }

        def draw() -> None:
            with st.container(key=f"pairs-{self.name}-{next(iter(defaults))}", horizontal=True, gap="xsmall"):
                for _, draw_one in list(sliders.values())[:offered]:
                    draw_one()

        if offered != 0:
            self._controls.append(draw)
        return {name: value for name, (value, _) in sliders.items()}

    def points(
        self,
        name: str,
        default: Sequence[hand.Point],
        *,
        picture: str,
        x: tuple[float, float],
        y: tuple[float, float],
        step: float = 0.01,
        levels: Sequence[float] = (),
        at_least: int = 0,
        at_most: int = 20,
        add: bool = True,
        of: str = "",
        axes: tuple[str, str] = ("x", "y"),
        names: Sequence[str] = (),
        classes: Sequence[str] = (),
        hint: str = "",
        bare: bool = False,
        offered: bool = True,
    ) -> tuple[hand.Point, ...]:
        """Offer points that are dragged on a picture of this movement, and return them.

        ``picture`` is the name of its spec, which draws the points; ``x`` and ``y`` are the domains of
        its axes; with ``levels`` these are the only heights. Without ``add`` their number is fixed. A
        hand's points belong to ``of``, the preset they were made from: another preset brings its own. With
        ``classes``, their names, every point has a class, the last of its numbers, and a new one gets the
        class that is chosen among them. ``hint`` names the words above the buttons; ``bare`` points have
        nothing but the picture and the keyboard. What is not ``offered`` now keeps its value.
        """
        default = tuple(map(tuple, default))
        least, most = (at_least, at_most) if add else (len(default), len(default))
        plane = hand.Plane(x, y, step, least, most, tuple(map(float, levels)), len(classes))
        key, rev = f"{self.t.page}.{name}", f"{values.revision()}{of and '-'}{of}"
        moved, text = self._moved(name, rev), values.from_address(key)
        kept = values.read(key, None) if values.read(f"{key}.of", of) == of else None
        candidates = (None if text is None else plane.read(text), plane.check(moved.get("value")))
        known = (*candidates, plane.check(kept))
        points = next((value for value in known if value is not None), default)
        values.store().update({key: points, f"{key}.of": of})
        self._report[name] = None if points == default else plane.write(points)
        data = {
            "label": self.t.say(name),
            "value": points,
            "x": x,
            "y": y,
            "step": step,
            "levels": plane.levels,
            "decimals": plane.decimals,
            "least": least,
            "most": most,
            "add": add,
            "axes": axes,
            "names": names,
            "classes": classes,
            "bare": bare,
            "texts": self._words(hint or ("hint_points" if add else "hint_handles")),
        }
        if offered:
            self._on_picture(components.points, name, picture, rev, moved["serial"], data)
        return points

    def drawing(
        self, target: str, *, picture: str | None = None, y: tuple[float, float] = (0, 1)
    ) -> dict[str, tuple[float | None, ...]]:
        """Return ``{"drawn": heights}`` if that is the target, a height a column of [0, 1], else nothing.

        The curve is drawn on ``picture``, whose axes are x from 0 to 1 and ``y``. Without a picture it is
        the one that another movement of the page offers; every movement that shows it is run again when
        the hand that draws rests.
        """
        if target != (name := "drawn"):
            return {}
        key, rev, empty = f"{self.t.page}.{name}", str(values.revision()), (None,) * hand.N_COLUMNS
        moved, text = self._moved(name, rev), values.from_address(key)
        candidates = (None if text is None else hand.read_drawing(text), moved.get("value"))
        checked = (hand.check_drawing(candidate) for candidate in (*candidates, values.read(key, empty)))
        heights = values.store()[key] = next((value for value in checked if value is not None), empty)
        self._report[name] = None if heights == empty else hand.write_drawing(heights)
        if picture:
            data = {"value": heights, "columns": hand.N_COLUMNS, "x": (0, 1), "y": y, "heights": (0, 1)}
            data |= {"step": hand.STEP, "texts": self._words("hint_drawing")}
            self._on_picture(components.drawing, name, picture, rev, moved["serial"], data)
        return {name: heights}

    def pad(self, name: str, default: str = "") -> str:
        """Offer a sheet of 32 x 32 points to draw on, and return its ink as `hand.check_bitmap` has it."""
        key, rev = f"{self.t.page}.{name}", str(values.revision())
        moved, text = self._moved(name, rev), values.from_address(key)
        candidates = (text or None, moved.get("value"), values.read(key, default), default)
        checked = (hand.check_bitmap(candidate) for candidate in candidates)
        ink = values.store()[key] = next(value for value in checked if value is not None)
        self._report[name] = None if ink == default else ink
        data = {"label": self.t.say(name), "side": hand.SIDE, "brush": hand.BRUSH, "value": ink, "name": name}
        data |= {"texts": self._words("hint_pad") | {"keys": self.t.say("pad_keys")}, "rev": rev}
        data["serial"] = moved["serial"]

        def draw() -> None:
            components.pad(key=key, data=data, on_moved_change=_nothing)

        self._controls.append(draw)
        return ink

    def _words(self, hint: str) -> dict[str, str]:
        words = {name: self.t.say(f"hand_{name}") for name in ("undo", "clear", "add", "remove", "table")}
        words["junk"] = labels(self.t.lang)["hand_junk"]
        return {"hint": self.t.say(hint)} | words

    def _on_picture(
        self,
        component: Callable,
        name: str,
        picture: str,
        rev: int | str,
        serial: int,
        data: Mapping[str, object],
    ) -> None:
        key, place = f"{self.t.page}.{name}", f"picture-{self.name}-{picture}"
        data = {**data, "name": name, "rev": rev, "serial": serial, "picture": place}

        def draw() -> None:
            if component is components.points:
                component(key=key, data=data, on_moved_change=_nothing)
            elif component(key=key, data=data, on_moved_change=_nothing, on_rested_change=_nothing).rested:
                self._rested = name

        self._controls.append(draw)

    def _drawn_elsewhere(self) -> bool:
        """Tell whether a hand has left something that other movements of the page show."""
        if self._rested != "drawn":
            return self._rested is not None
        mine = [value for key, value in values.store().items() if key.startswith(f"{self.t.page}.")]
        return mine.count(self._rested) > 1

    def _native(self, name: str, default: object, options: Mapping[str, object]) -> object:
        """Return the value of a native widget that is about to be drawn, and remember it.

        ``options`` are its possible values by their texts in the link; anything else is the default.
        """
        key = f"{self.t.page}.{name}"
        text = values.from_address(key)
        if text is not None:
            st.session_state[key] = options.get(text, default)
        elif key not in st.session_state:
            st.session_state[key] = values.read(key, default)
        if st.session_state[key] not in options.values():
            st.session_state[key] = default
        value = values.store()[key] = st.session_state[key]
        texts = {option: text for text, option in options.items()}
        self._report[name] = None if value == default else texts[value]
        return value


def _nothing() -> None:
    """Serve as the callback that Streamlit wants before it keeps a component's state."""
