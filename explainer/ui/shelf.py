"""Runs put aside, and what can be done with one press: apply a suggestion, pin, bring back.

A pinned run is the text of its settings, as they stand in the link: ``name:text;name:text``, or ``0`` for
the defaults; the runs of a page stand in the link as ``pins``, one after another.
"""

import functools
from collections.abc import Mapping, Sequence

import streamlit as st

from explainer.texts import plain
from explainer.ui import net_parts, values

MOST = 4  # pinned runs
_OWN_WORDS = ("features", "hidden", "activation", "start")  # settings whose controls have other names
_DEFAULTS, _AMONG, _BETWEEN, _IS = "0", "~", ";", ":"


def presets(
    names: Sequence[str],
    changes: Mapping[str, Mapping[str, object]],
    default: Mapping[str, object],
    at: str,
) -> dict[str, tuple[str, dict[str, object]]]:
    """Return what `explainer.ui.closing.closing` needs to set up ``changes`` of the default settings."""
    settings = {key: value for key, value in default.items() if key != "own"}
    made = {name: net_parts.taken_apart(settings | changes[name], (4,) * 6) for name in names}
    return {f"try_{name}": (at, values) for name, values in made.items()}


class Shelf:
    """What a movement can do with runs of a network: see `explainer.ui.net_board.NetBoard`."""

    def findings(self, findings: Sequence[object], at: str) -> None:
        """Show what was found in the record of a run; a button follows a suggestion and leads to ``at``."""
        with self.figure.container(key=f"findings-{self.name}", gap="xsmall"):
            for finding in findings:
                chosen = {k: plain(v) for k, v in finding.numbers.items() if k == "learning_rate"}
                with st.container(border=True, key=f"finding-{finding.key}", gap="xsmall"):
                    st.markdown(self.t.say(f"found_{finding.key}", **{**finding.numbers, **chosen}))
                    if finding.change:
                        advice = self.t.say(f"advice_{finding.suggestion}")
                        new = ", ".join(map(self._value, finding.change.values()))
                        change = net_parts.taken_apart(finding.change, self._built["widths"])
                        self._button(f"apply-{finding.key}", change, label=f"{advice}: {new}", at=at)

    def pinned(self, at: str) -> dict[str, object]:
        """Offer to put the board's run aside and to bring one back, and return the chosen one's settings.

        Where nothing is put aside, these are the defaults.
        """
        key = f"{self.t.page}.pins"
        text = values.from_address(key)
        kept = values.read(key, ()) if text is None else text.split(_AMONG)
        pins = values.store()[key] = tuple(pin for pin in kept if self._texts(pin) is not None)[:MOST]
        self._report["pins"] = _AMONG.join(pins) or None
        now = _BETWEEN.join(f"{name}{_IS}{text}" for name, text in self._link.items()) or _DEFAULTS
        options = tuple(f"pin_{i + 1}" for i in range(len(pins))) or ("pin_0",)
        chosen = self.choice("pin", options, options[-1])
        pin = pins[options.index(chosen)] if pins else _DEFAULTS
        texts = self._texts(pin) or {}
        panel, parts = net_parts.read_settings(texts, self._panel, self._rules)
        others = tuple(other for other in pins if other != pin)
        back = {name: value for name, value in (panel | parts).items() if name != "place"}

        def draw() -> None:
            with st.container(key=f"buttons-{self.name}", horizontal=True, gap="xsmall"):
                full = len(pins) == MOST or now in pins
                self._button("pin_this", {"pins": (*pins, now)}, disabled=full)
                self._button("unpin", {"pins": others}, disabled=not pins)
                self._button("restore", back, at=at)

        self._controls.append(draw)
        return net_parts.assembled(self._default, panel, parts) | self._untrained()

    def _texts(self, pin: str) -> dict[str, str] | None:
        """Return the settings of a pinned run by their texts in the link, or ``None`` if these are none."""
        if pin == _DEFAULTS:
            return {}
        pairs = [part.split(_IS) for part in pin.split(_BETWEEN)]
        known = {setting[0] for group in self._panel.values() for setting in group} | set(self._rules)
        return dict(pairs) if all(len(pair) == 2 and pair[0] in known for pair in pairs) else None

    def put(self, name: str, change: Mapping[str, object], at: str) -> None:
        """Offer a button that changes settings of the board, if there is anything to change."""
        change = net_parts.taken_apart(change, self._built["widths"])
        draw = functools.partial(self._button, name, change, at=at, disabled=not change)
        self._controls.append(draw)

    def compared(self, before: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
        """Say in words which settings differ: what each was before, and what it is now."""
        said = []
        for name, value in now.items():
            if value != before[name]:
                label = self.t.say(f"setting_{name}" if name in _OWN_WORDS else name)
                said.append(f"{label}: {self._value(before[name])} → **{self._value(value)}**")
        return [self.t.say("shelf_changed", changes="; ".join(said)) if said else self.t.say("shelf_same")]

    def _value(self, value: object) -> str:
        if isinstance(value, bool):
            return self.t.say("standard_on" if value else "standard_off")
        if isinstance(value, str):
            return self.t.say(value if value not in self._offers["features"] else f"feature_{value}")
        if isinstance(value, (int, float)):
            return plain(value)
        if len(value) > 8 or (value and isinstance(value[0], tuple)):
            return str(len(value))
        return ", ".join(self._value(part) for part in value) or "0"
