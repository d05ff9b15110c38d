"""Points from a table that somebody pastes: two coordinates and a label a line, read with patience.

Nothing that is pasted is an error of the program: whatever is wrong is named, with its line.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_BYTES = 200_000
MAX_ROWS = 1_000
MAX_CLASSES = 4
EDGE, FILLED, SMALL = 6.0, 5.0, 1.5  # of the view; of points moved into it; what fills too little of it
LARGEST = 1e12  # of a number: what is larger has lost its digits when it is moved into the view
_NUMBER = re.compile(r"[+-]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)([eE][+-]?[0-9]{1,4})?", re.ASCII)
_INFINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)

Points = tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class Fault:
    """What is wrong in a ``line``, counted from 1 (0: in the whole), and the ``value`` found there.

    ``key`` is ``encoding`` (no text), ``too_long`` (more than `MAX_BYTES`), ``empty`` (no row),
    ``delimiter`` (none of comma, semicolon and tab), ``columns`` (not three), ``not_a_number``,
    ``not_finite``, ``too_large`` (more than `LARGEST`), ``no_label``, ``too_many_rows``,
    ``too_many_classes`` or ``one_point`` (fewer than two are left).
    """

    key: str
    line: int
    value: str = ""


@dataclass(frozen=True)
class Pasted:
    """What could be read: ``points`` (x, y, label), and every fault; points of faulty lines are left out.

    A label is the number of a class, from 0, of those in ``names``; or, in a ``regression``, a target.
    Where the points leave the view, or fill too little of it, they are moved into it, and targets are moved
    into [-1, 1]: shown = (given - centre) / scale, each (x, y, target), rounded to hundredths. ``n_rows``
    counts the rows but for the header and empty lines.
    """

    points: Points
    problem: str
    names: tuple[str, ...]
    centre: tuple[float, float, float]
    scale: tuple[float, float, float]
    rescaled: bool
    n_rows: int
    faults: tuple[Fault, ...]


def parse_points(text: str | bytes) -> Pasted:
    """Read a table of three columns: x, y and a label, parted by semicolons, tabs or commas.

    A header is optional, and a decimal comma is fine where commas do not part the columns. Labels that are
    whole numbers of at most `MAX_CLASSES` values, or words, are classes; other numbers are the targets of
    a regression. Never raises; everything is bounded by `MAX_BYTES` and `MAX_ROWS`.
    """
    faults: list[Fault] = []
    lines = _lines(text, faults)
    delimiter = next((d for d in "\t;," if lines and d in lines[0][1]), None)
    if lines and delimiter is None:
        faults.append(Fault("delimiter", lines[0][0], _short(lines[0][1])))
        lines = []
    rows, n_rows = [], 0
    for at, (number, line) in enumerate(lines):
        cells = [cell.strip().strip('"').strip() for cell in line.split(delimiter)]
        while len(cells) > 3 and not cells[-1]:
            cells.pop()
        if at == 0 and not any(_NUMBER.fullmatch(_plain(cell)) for cell in cells[:2]):
            continue  # a header
        n_rows += 1
        if n_rows > MAX_ROWS:
            faults.append(Fault("too_many_rows", number, str(MAX_ROWS)))
            break
        row = _row(number, cells, faults)
        if row is not None:
            rows.append(row)
    rows, labels, names = _labels(rows, faults)
    if not faults and not n_rows:
        faults.append(Fault("empty", 0))
    if len(rows) < 2 and n_rows:
        faults.append(Fault("one_point", 0, str(len(rows))))
    columns = [[row[1] for row in rows], [row[2] for row in rows]]
    centre, scale = _into_view(columns)
    target = (0.0, 1.0) if names or not rows else _frame(labels, 1.0)
    centre, scale = (*centre, target[0]), (*scale, target[1])
    points = tuple(
        tuple(round((value - c) / s, 2) for value, c, s in zip(point, centre, scale, strict=True))
        for point in zip(*columns, labels, strict=True)
    )
    problem = "regression" if rows and not names else "many" if len(names) > 2 else "two"
    moved = (centre, scale) != ((0.0,) * 3, (1.0,) * 3)
    return Pasted(points, problem, names, centre, scale, moved, min(n_rows, MAX_ROWS), tuple(faults))


def _lines(text: str | bytes, faults: list[Fault]) -> list[tuple[int, str]]:
    """Return the lines that are not empty, with their numbers."""
    if isinstance(text, str):
        text = text.encode("utf-8", "replace")
    if len(text) > MAX_BYTES:
        faults.append(Fault("too_long", 0, str(len(text))))
        return []
    for encoding in ("utf-16",) if text[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1251"):
        try:
            decoded = text.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", decoded):
            lines = re.split(r"\r\n|\r|\n", decoded)
            return [(number, line) for number, line in enumerate(lines, 1) if line.strip(' \t;,"')]
    faults.append(Fault("encoding", 0))
    return []


def _row(number: int, cells: Sequence[str], faults: list[Fault]) -> tuple[int, float, float, str] | None:
    """Read line number, x, y and the label of a row; what is wrong with it goes to the faults."""
    if len(cells) != 3:
        faults.append(Fault("columns", number, str(len(cells))))
        return None
    found = [_number(cell) for cell in cells[:2]]
    for cell, value in zip(cells, found, strict=False):
        if isinstance(value, str):
            faults.append(Fault(value, number, _short(cell)))
            return None
    if not cells[2]:
        faults.append(Fault("no_label", number))
        return None
    if _number(cells[2]) in ("not_finite", "too_large"):
        faults.append(Fault(_number(cells[2]), number, _short(cells[2])))
        return None
    return (number, *found, cells[2])


def _labels(
    rows: list[tuple[int, float, float, str]], faults: list[Fault]
) -> tuple[list[tuple[int, float, float, str]], list[float], tuple[str, ...]]:
    """Return the rows that stay, their labels as numbers, and the names of the classes, if any."""
    words = [row for row in rows if isinstance(_number(row[3]), str)]
    if 10 * len(words) <= len(rows):  # a word among many numbers is a slip
        faults += [Fault("not_a_number", row[0], _short(row[3])) for row in words]
        rows = [row for row in rows if row not in words]
        numbers = [_number(row[3]) for row in rows]
        kinds = sorted(set(numbers))
        if len(kinds) > MAX_CLASSES or any(kind != int(kind) for kind in kinds):
            return rows, numbers, ()
        return rows, [float(kinds.index(number)) for number in numbers], tuple(f"{kind:g}" for kind in kinds)
    names: list[str] = []
    kept = []
    for row in rows:
        name = _short(row[3])
        if name not in names and len(names) == MAX_CLASSES:
            faults.append(Fault("too_many_classes", row[0], name))
            continue
        if name not in names:
            names.append(name)
        kept.append(row)
    return kept, [float(names.index(_short(row[3]))) for row in kept], tuple(names)


def _into_view(columns: list[list[float]]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return centre and scale of both coordinates: those that move the points into the view, if need be."""
    if not columns[0]:
        return (0.0, 0.0), (1.0, 1.0)
    far = max(abs(value) for column in columns for value in column)
    if SMALL <= far <= EDGE:
        return (0.0, 0.0), (1.0, 1.0)
    (cx, sx), (cy, sy) = (_frame(column, FILLED) for column in columns)
    return (cx, cy), (sx, sy)


def _frame(values: Sequence[float], half: float) -> tuple[float, float]:
    """Return centre and scale that move values into [-half, half]."""
    low, high = min(values), max(values)
    return (low + high) / 2, (high - low) / 2 / half or 1.0


def _plain(cell: str) -> str:
    return cell.replace("\u2212", "-")


def _number(cell: str) -> float | str:
    """Return the number, or the key of what is wrong with it."""
    cell = _plain(cell)
    if _INFINITE.fullmatch(cell):
        return "not_finite"
    if len(cell) > 40 or not _NUMBER.fullmatch(cell):
        return "not_a_number"
    value = float(cell.replace(",", "."))
    return value if math.isfinite(value) and abs(value) <= LARGEST else "too_large"


def _short(cell: str) -> str:
    return cell if len(cell) <= 40 else cell[:39] + "…"
