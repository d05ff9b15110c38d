"""Every word on the screen, in Russian and English: prose from Markdown files, labels from one table.

A prose file opens with ``# Title``; sections follow, each opened by ``<!-- key -->``, which
Markdown previews hide. A missing text is a ``KeyError``, never a silent fallback.
"""

import math
import re
import string
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

LANGUAGES = ("ru", "en")
FOLDER = Path(__file__).parent.parent / "assets" / "texts"
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SECTION = re.compile(r"^<!-- (\w+) -->\s*$", re.MULTILINE)
_TOGETHER = re.compile(r"(?<=[\d}*]) (?=%)|(?<=§) ")  # a number and its sign stay on one line


@dataclass(frozen=True, eq=False)
class Texts:
    """The words of one page in one language."""

    page: str
    lang: str
    title: str
    sections: dict[str, str] = field(repr=False)

    def prose(self, key: str) -> str:
        """Return the Markdown of a section of this page."""
        return self.sections[key]

    def say(self, key: str, **values: object) -> str:
        """Return a label with ``{placeholders}`` filled; floats are formatted by `number`."""
        return _FORMATTER.vformat(labels(self.lang)[key], (), values)

    def known(self, value: float) -> float | str:
        """Return a number, or the word for one that there is not."""
        return float(value) if math.isfinite(value) else self.say("not_there")

    def zero(self, value: float) -> str:
        """Write a difference: exactly zero and zero to rounding are different words."""
        if value == 0:
            return self.say("zero_exactly")
        if abs(value) < 1e-9:
            return self.say("zero_rounded", value=value)
        return number(value)


@cache
def load(page: str, lang: str) -> Texts:
    """Read the texts of a page.

    Raises
    ------
    KeyError
        If there is no such language or page.
    """
    path = FOLDER / lang / f"{page}.md"
    if lang not in LANGUAGES or not path.is_file():
        raise KeyError(f"no text for page {page!r} in language {lang!r}")
    head, *rest = _SECTION.split(path.read_text(encoding="utf-8"))
    title = head.strip().removeprefix("# ").strip()
    sections = {key: _together(body.strip()) for key, body in zip(rest[::2], rest[1::2], strict=True)}
    return Texts(page, lang, title, sections)


@cache
def labels(lang: str) -> dict[str, str]:
    """Return all labels of a language; a label given as one string (a formula) serves both."""
    table = tomllib.loads((FOLDER / "labels.toml").read_text(encoding="utf-8"))
    return {key: _together(entry if isinstance(entry, str) else entry[lang]) for key, entry in table.items()}


def _together(text: str) -> str:
    return _TOGETHER.sub("\N{NO-BREAK SPACE}", text)


def number(value: float, digits: int = 3) -> str:
    """Write a number with ``digits`` significant digits, as the eye reads it: 0.0123, 1.2·10⁻⁵, −3.

    Exactly zero is ``0``; infinite and undefined values are words of mathematics, ∞ and ``?``.
    """
    if isinstance(value, int):
        return str(value).replace("-", "−")
    if not math.isfinite(value):
        return "?" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    if value == 0:
        return "0"
    exponent = int(f"{value:.{digits - 1}e}".partition("e")[2])  # after rounding: 0.00999… is 0.0100
    if -4 < exponent < 6:
        text = f"{value:.{max(0, digits - 1 - exponent)}f}"
    else:
        mantissa, power = f"{value:.{digits - 2}e}".split("e")
        text = f"{mantissa}·10{_superscript(int(power))}"
    return text.replace("-", "−")


def plain(value: float) -> str:
    """Write a number that somebody chose, without more digits than were chosen: 0.03, 400, 1.0·10⁻⁵."""
    text = f"{value:g}"
    return number(float(value), 2) if "e" in text else text.replace("-", "−")


def fixed(value: float, decimals: int = 2) -> str:
    """Write a number with fixed decimals and a true minus sign, so that it does not breathe."""
    text = f"{value:.{decimals}f}"
    if float(text) == 0:
        text = text.removeprefix("-")
    return text.replace("-", "−")


def signed(value: float, decimals: int = 2) -> str:
    """Write a term of a sum: ``+ 0.50`` or ``− 0.50``."""
    text = fixed(abs(value), decimals)
    return f"− {text}" if value < 0 and float(text) != 0 else f"+ {text}"


def factor(value: float, decimals: int = 2) -> str:
    """Write a factor of a product, a negative one in parentheses."""
    text = fixed(value, decimals)
    return f"({text})" if text.startswith("−") else text


def plural(n: int, forms: str) -> str:
    """Choose the form of a noun: two for English (``layer|layers``), three for Russian (1, 2–4, 5…)."""
    words = forms.split("|")
    if len(words) == 2:
        return words[n != 1]
    if n % 10 == 1 and n % 100 != 11:
        return words[0]
    if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14):
        return words[1]
    return words[2]


def matrix(values: object, decimals: int = 2) -> str:
    """Write an array as a LaTeX matrix with fixed decimals, a flat one as a column.

    Thousands go without decimals, and so does a first column of ones that has another beside it.
    """
    rows = values.tolist() if hasattr(values, "tolist") else values
    rows = [row if isinstance(row, list) else [row] for row in (rows if isinstance(rows, list) else [rows])]
    ones = all(len(row) > 1 and row[0] == 1 for row in rows)
    cells = [[fixed(cell, decimals if abs(cell) < 1000 else 0) for cell in row] for row in rows]
    lines = [" & ".join(["1", *row[1:]] if ones else row) for row in cells]
    return r"\begin{pmatrix} " + r" \\ ".join(lines) + r" \end{pmatrix}"


def _superscript(power: int) -> str:
    return str(power).translate(_SUPERSCRIPT)


class _Formatter(string.Formatter):
    """``{x}`` writes a number, ``{x:.2}`` fixed decimals, ``{x:+2}`` a term of a sum, ``{x:*2}`` a factor.

    ``{i:_}`` writes an index, ``{n:form|forms}`` the fitting form of a noun, ``{X:m2}`` a matrix.
    """

    def format_field(self, value: object, spec: str) -> str:
        if "|" in spec:
            return plural(int(value), spec)
        if spec.startswith("m"):
            return matrix(value, int(spec[1:]))
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if spec.startswith("."):
                return fixed(value, int(spec[1:]))
            if spec.startswith("+"):
                return signed(value, int(spec[1:]))
            if spec.startswith("*"):
                return factor(value, int(spec[1:]))
            if spec == "_":
                return str(value).translate(_SUBSCRIPT)
            return number(value)
        return str(value)


_FORMATTER = _Formatter()
