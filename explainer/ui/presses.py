"""Lines of code as buttons: a program that is pressed, line after line."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from explainer.texts import Texts
from explainer.ui import values


class Presses:
    """The part of a movement's controls (`explainer.ui.controls`) that is pressed in any order."""

    t: Texts
    name: str
    _controls: list[Callable[[], None]]
    _report: dict[str, str | None]

    def sequence(
        self,
        name: str,
        options: Mapping[str, str],
        default: Sequence[str] = (),
        *,
        most: int,
        offered: bool = True,
        **shortcuts: Sequence[str],
    ) -> tuple[str, ...]:
        """Offer lines of code as buttons, pressed one after another in any order, and return the presses.

        ``options`` are the lines by their names; each of the ``shortcuts``, by the name of its label, presses
        several lines at once. In the link a press is a digit, the line's number, and "-" is none at all. At
        most ``most`` presses are kept; what is not ``offered`` now keeps its value and its place in the link.
        """
        key, names, default = f"{self.t.page}.{name}", list(options), tuple(default)
        text = values.from_address(key)
        digits = "" if text == "-" else text
        if text and len(digits) <= most and set(digits) <= set("0123456789"[: len(names)]):
            values.store()[key] = tuple(names[int(digit)] for digit in digits)
        presses = values.store()[key] = tuple(values.read(key, default))
        told = "".join(str(names.index(press)) for press in presses) or "-"
        self._report[name] = None if presses == default else told

        def button(label: str, which: str, after: Sequence[str]) -> None:
            st.button(
                label,
                key=f"{key}.{which}",
                on_click=values.store().__setitem__,
                args=(key, tuple(after)),
                disabled=len(after) > most or tuple(after) == presses,
                width="stretch",
            )

        def draw() -> None:
            with st.container(key=f"lines-{self.name}-{name}", gap="xxsmall"):
                for option, line in options.items():
                    button(f"`{line}`", option, (*presses, option))
            with st.container(key=f"presses-{self.name}-{name}", horizontal=True, gap="xxsmall"):
                for shortcut, lines in shortcuts.items():
                    button(self.t.say(shortcut), shortcut, (*presses, *lines))
                button(self.t.say("hand_undo"), "undo", presses[:-1])
                button(self.t.say("hand_clear"), "clear", ())

        if offered:
            self._controls.append(draw)
        return presses
