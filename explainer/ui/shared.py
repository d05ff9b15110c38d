"""What several movements of a page show: a text that the link carries, and what a hand changes of it.

A fragment runs alone, so when such a value has changed, the page is run again as a whole: at once after a
button or a choice, when the hand rests after a slider (`explainer.ui.values.share`).
"""

from collections.abc import Callable, Mapping

import streamlit as st

from explainer.ui import values
from explainer.ui.controls import Controls


class Shared(Controls):
    """The controls of a movement, and those that change what other movements show."""

    def part(
        self, name: str, size: tuple[str, float, float, float, float] | None, *, of: str
    ) -> float | None:
        """Offer a live slider for a part of a value that is kept elsewhere, and return what it shows.

        ``size`` are the name of its label, least, largest, the value as it is kept, and the step; without any
        there is nothing to move. It has no place of its own in the link; ``of`` tells the parts apart. When
        the hand rests, the movements that show the whole are run again.
        """
        key = f"{self.t.page}.{name}"
        values.from_address(key)
        if size is None:
            values.store().pop(key, None)
            return None
        label, low, high, kept, step = size
        values.store()[key] = kept
        value, draw = self._slider(name, low, high, kept, step, of=of, label=label, shared=True)
        self._report[name] = None
        self._controls.append(draw)
        return value

    def kept(self, name: str, default: str, check: Callable[..., object]) -> str:
        """Return a text that buttons set and the link carries; by ``check(text=...)`` junk is the default."""
        key = f"{self.t.page}.{name}"
        known = (values.from_address(key), values.read(key, default), default)
        return self.keep(name, next(text for text in known if text is not None and check(text=text)), default)

    def shown(self, name: str, default: str) -> str:
        """Return the value of a choice that another movement, above this one, offers as ``shared``."""
        return values.read(f"{self.t.page}.{name}", default)

    def keep(self, name: str, text: str, default: str) -> str:
        """Change a text that is `kept`, and return it."""
        values.store()[f"{self.t.page}.{name}"] = text
        self._report[name] = None if text == default else text
        return text

    def buttons(self, above: int = 0, **moves: Mapping[str, object] | None) -> None:
        """Offer buttons side by side; each sets controls of the page, by name, or is idle without any.

        They stand above as many of the controls that were offered so far.
        """

        def draw() -> None:
            with st.container(key=f"buttons-{self.name}", horizontal=True, gap="xsmall"):
                for name, settings in moves.items():
                    self._button(name, settings)

        self._controls.insert(len(self._controls) - above, draw)

    def _button(
        self,
        name: str,
        settings: Mapping[str, object] | None,
        *,
        label: str = "",
        at: str | None = None,
        disabled: bool = False,
    ) -> None:
        """Draw a button that sets controls of the page, by name, and leads to its movement ``at``."""
        st.button(
            label or self.t.say(name),
            key=f"button-{self.t.page}-{self.name}-{name}",
            disabled=disabled or settings is None,
            on_click=_set,
            args=(self.t.page, settings, at),
        )


def _set(page: str, settings: Mapping[str, object], at: str | None) -> None:
    values.put({f"{page}.{name}": value for name, value in settings.items()})
    values.share()
    if at:
        values.go(at)
