"""What several movements of a page show: a text that the link carries, and what a hand changes of it.

A fragment runs alone, so when such a value has changed, the page is run again as a whole: at once after a
button or a choice, when the hand rests after a slider (`explainer.ui.values.share`).
"""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from explainer.ui import boot, components, values
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

    def pile(
        self,
        name: str,
        default: str,
        check: Callable[..., object],
        *,
        picture: str,
        chosen: str,
        rows: Callable[[int], Mapping[str, float]],
    ) -> tuple[str, str]:
        """Return a text that is `kept`, of parts between asterisks, and a name for the order of the moment.

        All parts but the last are rows of ``picture``, whose axes are x from 0 to 100 and y from 0 to 1: a
        hand drags them to other places, and the slider ``chosen`` follows the one in the hand. ``rows`` tells
        from their number ``left`` and ``right`` of all, the ``top`` of the first, and the ``height`` of one.
        What a hand changes of a part belongs to the order of the moment: see ``of`` of `part` and `slider`.
        """
        key, control, held = f"{self.t.page}.{name}", f"{name}_order", 0
        *parts, last = self.kept(name, default, check).split("*")
        moved = self._moved(control, _any_order(parts))
        if sent := _order(moved.get("value"), parts):
            parts, held = sent
            values.store()[f"{self.t.page}.{chosen}"] = held + 1

        def draw() -> None:  # when other controls have changed the parts
            parts = values.store()[key].split("*")[:-1]
            data = {
                "value": {"order": parts, "chosen": held},
                "x": (0, 100),
                "y": (0, 1),
                "rows": rows(len(parts)),
                "picture": f"picture-{self.name}-{picture}",
                "rev": _any_order(parts),
                "serial": moved["serial"],
                "name": control,
                "shared": True,
            }
            self._draw_live(components.bricks, control, data)

        self._controls.append(draw)
        return self.keep(name, "*".join([*parts, last]), default), f"{len(parts)}-{moved['serial']}"

    def cells(
        self,
        name: str,
        *,
        picture: str,
        x: tuple[float, float],
        y: tuple[float, float],
        columns: tuple[str, int],
        rows: tuple[str, Sequence[str]],
    ) -> str:
        """Let a hand point at the cells of a picture: the column sets a slider, the row a choice.

        The cells are one wide and one high; they begin at the left end of the axis ``x`` and at 0 of the axis
        ``y``. ``columns`` are the slider, which counts from 1, and their number; ``rows`` the choice and its
        options from above. Call it before both, and tell the slider the name that is returned: see ``of`` of
        `slider`.
        """
        moved, key = self._moved(name), f"{self.t.page}.{name}"
        (slider, n_columns), (choice, options) = columns, rows
        cell = moved.get("value")
        if moved["serial"] != st.session_state.get(f"{key}.seen", 0) and _is_cell(
            cell, n_columns, len(options)
        ):
            values.store()[f"{self.t.page}.{slider}"] = cell[0] + 1
            st.session_state[f"{self.t.page}.{choice}"] = options[len(options) - 1 - cell[1]]
        st.session_state[f"{key}.seen"] = moved["serial"]
        data = {"value": cell, "x": x, "y": y, "columns": n_columns, "rows": len(options)}
        self._on_picture(components.cells, name, picture, values.revision(), moved["serial"], data)
        return f"{moved['serial']}"

    def shown(self, name: str, default: object) -> object:
        """Return the value of a control that another movement, above this one, offers as ``shared``."""
        return values.read(f"{self.t.page}.{name}", default)

    def keep(self, name: str, text: str, default: str) -> str:
        """Change a text that is `kept`, and return it."""
        values.store()[f"{self.t.page}.{name}"] = text
        self._report[name] = None if text == default else text
        return text

    def result(
        self, experiment: Callable[..., object], defaults: Mapping[str, object]
    ) -> tuple[dict[str, object], object]:
        """Return the settings of a movement above this one, and what it has computed in the long lane.

        ``defaults`` are those of its controls, by name; the result is in the cache.
        """
        settings = {name: self.shown(name, default) for name, default in defaults.items()}
        return settings, boot.long(experiment)(**settings)

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


def _any_order(parts: list[str]) -> str:
    """Return the revision of a pile: what a hand sends counts as long as the parts are the same."""
    return f"{values.revision()}-{'*'.join(sorted(parts))}"


def _is_cell(sent: object, n_columns: int, n_rows: int) -> bool:
    """Tell whether a browser has sent a column and a row, each from 0."""
    return (
        isinstance(sent, list)
        and len(sent) == 2
        and all(isinstance(at, int) for at in sent)
        and sent[0] in range(n_columns)
        and sent[1] in range(n_rows)
    )


def _order(sent: object, parts: list[str]) -> tuple[list[str], int] | None:
    """Return the parts in the order that a browser has sent, and the place of the one in the hand, from 0."""
    if not isinstance(sent, Mapping):
        return None
    order, held = sent.get("order"), sent.get("chosen")
    if not isinstance(order, list) or not all(isinstance(part, str) for part in order):
        return None
    if sorted(order) != sorted(parts) or held not in range(len(parts)):
        return None
    return order, int(held)
