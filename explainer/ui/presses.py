"""Lines of code as buttons: a program that is pressed, line after line."""

from collections.abc import Callable, Mapping, Sequence

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
