"""What a hand sets on a picture itself: points that are dragged, a curve that is drawn.

Their values in the link are short texts: points as ``x_y*x_y``, points of several classes as ``x_y_class``,
a drawing as two digits a column, ``__`` where nothing was drawn. The browser and the address can send
anything, so nothing is taken on trust.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from explainer.ui.values import finite

Point = tuple[float, ...]  # x and y, and the class where there are several
N_COLUMNS = 64  # of a drawing
SIDE, BRUSH = 32, 2.2  # of a bitmap, and the radius of the pen that draws on it, in points
STEP = 0.01  # of a drawing's heights, from 0 to 0.99: two digits


@dataclass(frozen=True)
class Plane:
    """The axes on which points lie, the grid they snap to, and how many there may be.

    With ``levels`` these are the only heights that a point may have; with ``n_classes`` every point has one,
    counted from 0.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    step: float
    least: int
    most: int
    levels: tuple[float, ...] = ()
    n_classes: int = 0

    @property
    def decimals(self) -> int:
        """Return how many decimals a coordinate has."""
        return len(f"{self.step:.10f}".rstrip("0").partition(".")[2])

    def check(self, candidate: object) -> tuple[Point, ...] | None:
        """Return the points on their grid, or ``None`` if these are no points of this plane."""
        if not isinstance(candidate, (list, tuple)) or not self.least <= len(candidate) <= self.most:
            return None
        points = [self._point(pair) for pair in candidate]
        return None if None in points else tuple(points)

    def _point(self, pair: object) -> Point | None:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2 + bool(self.n_classes):
            return None
        snapped = []
        for value, (low, high) in zip(pair[:2], (self.x, self.y), strict=True):
            number = _number(value)
            if number is None or not low <= number <= high:
                return None
            snapped.append(round(min(high, low + round((number - low) / self.step) * self.step), 10))
        if self.levels:
            snapped[1] = min(self.levels, key=lambda level: abs(level - number))
        if self.n_classes:
            kind = _number(pair[2])
            if kind not in range(self.n_classes):
                return None
            snapped.append(int(kind))
        return tuple(snapped)

    def read(self, text: str) -> tuple[Point, ...] | None:
        """Read points from a link."""
        return self.check([pair.split("_") for pair in text.split("*")] if text else [])

    def write(self, points: Sequence[Point]) -> str:
        """Write points for a link."""
        decimals = (self.decimals, self.decimals, 0)
        return "*".join(
            "_".join(f"{value:.{n}f}" for value, n in zip(point, decimals, strict=False)) for point in points
        )


def check_drawing(candidate: object) -> tuple[float | None, ...] | None:
    """Return a drawing of ``N_COLUMNS`` heights on their grid, or ``None`` if this is none."""
    if not isinstance(candidate, (list, tuple)) or len(candidate) != N_COLUMNS:
        return None
    heights = [None if height is None else _number(height) for height in candidate]
    for height, given in zip(heights, candidate, strict=True):
        if given is not None and (height is None or not 0 <= height <= 1):
            return None
    return tuple(None if y is None else round(round(min(y, 1 - STEP) / STEP) * STEP, 2) for y in heights)


def read_drawing(text: str) -> tuple[float | None, ...] | None:
    """Read a drawing from a link."""
    pairs = [text[i : i + 2] for i in range(0, len(text), 2)]
    if any(pair != "__" and not (len(pair) == 2 and pair.isascii() and pair.isdigit()) for pair in pairs):
        return None
    return check_drawing([None if pair == "__" else int(pair) * STEP for pair in pairs])


def write_drawing(heights: Sequence[float | None]) -> str:
    """Write a drawing for a link."""
    return "".join("__" if y is None else f"{round(y / STEP):02}" for y in heights)


def check_bitmap(candidate: object) -> str | None:
    """Return a bitmap of ``SIDE`` x ``SIDE`` points as hexadecimal digits, four points each, or ``None``.

    An empty sheet is an empty text.
    """
    if not isinstance(candidate, str) or (candidate and len(candidate) != SIDE * SIDE // 4):
        return None
    if not set(candidate) <= set("0123456789abcdef"):
        return None
    return candidate if candidate.strip("0") else ""


def _number(value: object) -> float | None:
    return None if isinstance(value, bool) else finite(value)
