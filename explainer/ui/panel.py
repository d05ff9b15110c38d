"""Many settings in little room: lists that open, a panel of groups, a place for a table."""

import functools
from collections.abc import Mapping, Sequence

from explainer.texts import plain
from explainer.ui import components, values

# A setting of a panel: a name with options and a default, or with a range, a default and a step.
Setting = tuple[str, Sequence[str | float], str | float] | tuple[str, float, float, float, float]


class Panel:
    """More that can be asked of the reader in a movement: see `explainer.ui.controls.Controls`."""

    _pictures: Mapping[str, Mapping[str, object]] = {}  # of lists that are pictures, by name

    def select(
        self,
        name: str,
        options: Sequence[str | float],
        default: str | float,
        *,
        offered: bool = True,
        shared: bool = False,
    ) -> str | float:
        """Offer many options as a list that opens: names whose labels are in the texts, or numbers.

        ``offered`` and ``shared`` are those of `slider`.
        """
        key, named = f"{self.t.page}.{name}", {option_name(option): option for option in options}
        moved, text = self._moved(name), values.from_address(key)
        kept = values.read(key, default)
        sent = moved.get("value")
        candidates = (named.get(text), named.get(sent) if isinstance(sent, str) else None, kept)
        value = next((v for v in candidates if v is not None and v in options), default)
        values.store()[key] = value
        self._report[name] = None if value == default else option_name(value)
        data = {
            "label": self.t.say(name),
            "options": [
                (text, self.t.say(option) if isinstance(option, str) else plain(option))
                for text, option in named.items()
            ],
            "value": option_name(value),
            "rev": values.revision(),
            "serial": moved["serial"],
            "name": name,
            "shared": shared,
        }
        component = components.thumbs if name in self._pictures else components.select
        if offered:
            data |= self._pictures.get(name, {})
            self._controls.append(functools.partial(self._draw_live, component, name, data))
        return value

    def panel(
        self,
        name: str,
        groups: Mapping[str, Sequence[Setting]],
        *,
        also: Sequence[str] = (),
        offered: bool = True,
    ) -> dict[str, str | float]:
        """Offer many settings, one group of them at a time, and return all of them by name.

        The choice ``name`` tells which group is in sight. Other movements of the page read the same panel
        without it being ``offered`` there; they are run again when the hand rests. The link may name
        settings, and what the pictures ``also`` offer, in ``hide=a*b``, which are then not offered at all.
        """
        known = [setting[0] for settings in groups.values() for setting in settings]
        hidden = self._hidden([*known, *also])
        shown = [group for group, settings in groups.items() if {s[0] for s in settings} - hidden]
        in_sight = self.choice(name, shown, shown[0]) if offered and shown else None
        found = {}
        for group, settings in groups.items():
            for setting, *rest in settings:
                offer = self.select if isinstance(rest[0], (tuple, list)) else self.slider
                seen = group == in_sight and setting not in hidden
                found[setting] = offer(setting, *rest, offered=seen, shared=True)
        return found

    def _hidden(self, known: Sequence[str]) -> set[str]:
        """Return the settings that the link hides from a class."""
        key = f"{self.t.page}.hide"
        text = values.from_address(key)
        kept = values.read(key, ()) if text is None else text.split("*")
        hidden = values.store()[key] = tuple(name for name in known if name in kept)
        self._report["hide"] = "*".join(hidden) or None
        return set(hidden)

    def paste(self, name: str, *, longest: int) -> str:
        """Offer a place for a table, pasted, typed or from a file, which is kept in the session only."""
        moved = self._moved(name)
        text = moved.get("value")
        text = text[: longest + 1] if isinstance(text, str) else ""
        data = {
            "label": self.t.say(name),
            "file": self.t.say(f"{name}_file"),
            "example": self.t.say(f"{name}_example"),
            "longest": longest,
            "value": text,
            "rev": values.revision(),
            "serial": moved["serial"],
            "name": name,
            "shared": False,
        }
        self._controls.append(functools.partial(self._draw_live, components.paste, name, data))
        return text


def option_name(option: str | float) -> str:
    """Return the text of an option in the link."""
    return option if isinstance(option, str) else f"{option:g}"
