"""Piles of bricks as on the slides, and beside them the neurons: shapes and counts at every joint.

Across, a pile goes from 0 to 100, and from 1, the input, down to 0; the rows share the height.
"""

from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts import tiles
from explainer.charts.board import INK
from explainer.charts.moving import table
from explainer.charts.palette import CLASSES, ERROR, GREY
from explainer.texts import Texts, fixed

# Colour, mark and colour of the words of a family of bricks.
FAMILIES = {
    "weights": (CLASSES[0], "square", "white"),
    "bend": (CLASSES[1], "triangle-up", "black"),
    "noise": (CLASSES[3], "cross", "black"),
    "scale": (CLASSES[2], "diamond", "black"),
    "shape": (CLASSES[4], "circle", "black"),
    "end": (GREY, "circle", "white"),
}
_ROW, _STUD = 0.1, 0.16  # the highest row; a stud, of a row
_NARROW = 400  # px of a picture on a phone, where briefer words stand on the bricks
_LEFT, _RIGHT = 3.0, 41.0  # of a brick
_JOINT, _COUNT = 42.5, 58.5  # where shapes and counts of parameters begin
_GRAPH = (75.0, 96.0)  # where the first and the last neuron stand
_ASIDE = 4.0  # how far a brick that does not fit lies beside its place
Pile = object  # explainer.experiments.lego.Pile: charts know no experiments


class _Rows:
    """Collects the marks of piles; the rows of a pile are counted from its input, 0."""

    def __init__(self, n_rows: int) -> None:
        self.height = min(_ROW, 0.98 / (n_rows + 1))
        self.rects: list[tuple] = []
        self.texts: list[tuple] = []
        self.icons: list[tuple] = []
        self.edges: list[tuple] = []

    def joint(self, i: int) -> float:
        """Return how high joint i lies: behind row i."""
        return 1 - self.height * (i + 2)

    def text(self, x: float, y: float, text: str, color: str = INK, brief: str = "") -> None:
        self.texts.append((x, y, text, color, brief or text))

    def brick(
        self,
        row: int,
        left: float,
        right: float,
        family: str,
        text: str,
        *,
        brief: str = "",
        outline: str = "",
        icon: bool = True,
    ) -> None:
        """Draw a brick with its studs, and around it an outline in a colour, if any."""
        color, mark, ink = FAMILIES[family]
        top, bottom = self.joint(row - 1), self.joint(row)
        stud = _STUD * self.height
        body = (left, right, top - 1.2 * stud, bottom + 0.25 * stud)
        width = (right - left) / 9
        for k in range(4):
            x = left + width * (1 + 2 * k)
            self.rects.append((x, x + width, top - 0.2 * stud, top - 1.3 * stud, color, "", 0.0))
        self.rects.append((*body, color, outline, 3.5 if outline else 0.0))
        middle = (body[2] + body[3]) / 2
        if icon:
            self.icons.append((left + 2.2, middle, mark, ink))
        self.text(left + (4.6 if icon else 1.5), middle, text, ink, brief)

    def frames(self) -> dict[str, pa.Table]:
        edges = self.edges or [(50.0, 0.5, 50.0, 0.5, 0.0)]  # a table must not be empty
        return {
            "edges": _columns(edges, ("x", "y", "x2", "y2", "opacity")),
            "bricks": _columns(self.rects, ("x", "x2", "y", "y2", "color", "stroke", "wide")),
            "icons": _columns(self.icons, ("x", "y", "shape", "color")),
            "words": _columns(self.texts, ("x", "y", "text", "color", "brief")),
        }


def _columns(rows: Sequence[tuple], names: Sequence[str]) -> pa.Table:
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    words = ("color", "stroke", "shape", "text", "brief")
    return table(**{k: list(v) if k in words else np.array(v, float) for k, v in columns.items()})


def _spec(name: str, **words: object) -> dict:
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 100], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    color = alt.Color("color:N", scale=None)
    edges = alt.Chart(alt.NamedData("edges")).mark_rule(color=GREY, strokeWidth=1.2, clip=True)
    bricks = alt.Chart(alt.NamedData("bricks")).mark_rect(cornerRadius=3)
    icons = alt.Chart(alt.NamedData("icons")).mark_point(filled=True, size=90, opacity=1)
    texts = alt.Chart(alt.NamedData("words")).mark_text(
        align="left",
        baseline="middle",
        fontWeight="bold",
        text=alt.expr(f"width < {_NARROW} ? datum.brief : datum.text"),
        **words,
    )
    return (
        alt.layer(
            edges.encode(x=x, y=y, x2="x2:Q", y2="y2:Q", opacity=alt.Opacity("opacity:Q", scale=None)),
            bricks.encode(
                x=x,
                x2="x2:Q",
                y=y,
                y2="y2:Q",
                fill=alt.Fill("color:N", scale=None),
                stroke=alt.Stroke("stroke:N", scale=None),
                strokeWidth=alt.StrokeWidth("wide:Q", scale=None),
            ),
            icons.encode(x=x, y=y, color=color, shape=alt.Shape("shape:N", scale=None)),
            texts.encode(x=x, y=y, color=color),
            name=name,
        )
        .configure_view(stroke=None)
        .to_dict()
    )


def brick_name(t: Texts, kind: str, size: str) -> str:
    """Return what stands on a brick: its name on the slide and its sizes."""
    return f"{t.say(f'brick_{kind}')} {size}".rstrip()


# -- one pile with its neurons ---------------------------------------------------------------------


@cache
def bricks(t: Texts) -> dict:
    """Draw a pile from the input down to the loss, shapes and counts at the joints, and the neurons."""
    return _spec("bricks")


def bricks_data(t: Texts, pile: Pile, chosen: int) -> dict[str, pa.Table]:
    """Fill the picture from a `Pile`; brick number ``chosen``, from 1, is marked, a misfit lies aside."""
    n = len(pile.kinds)
    rows = _Rows(n + 2)
    head = rows.joint(-2) - rows.height / 2
    for x, text in ((_JOINT, "head_shape"), (_COUNT, "head_parameters"), (_GRAPH[0] + 1.5, "head_neurons")):
        rows.text(x, head, t.say(text), GREY)
    task = t.say(pile.task)
    rows.brick(0, _LEFT, _RIGHT, "end", f"{t.say('brick_input')}: {task}", brief=task, icon=False)
    aside = 0.0
    for i in range(n):
        aside = _ASIDE if i == pile.misfit else aside
        name = brick_name(t, pile.kinds[i], pile.sizes[i])
        outline = ERROR if i == pile.misfit else INK if i + 1 == chosen else ""
        rows.brick(i + 1, _LEFT + aside, _RIGHT + aside, pile.families[i], name, outline=outline)
        middle = (rows.joint(i) + rows.joint(i + 1)) / 2
        if i + 1 == chosen:
            rows.text(0.2, middle, "▸")
        if pile.parameters[i]:
            rows.text(_COUNT, middle, str(pile.parameters[i]))
    aside = _ASIDE if n == pile.misfit else aside
    outline = ERROR if n == pile.misfit else ""
    rows.brick(
        n + 1, _LEFT + aside, _RIGHT + aside, "end", t.say(f"loss_{pile.loss}"), outline=outline, icon=False
    )
    for i, shape in enumerate(pile.shapes):
        color = ERROR if i == pile.misfit else INK if shape else GREY
        rows.text(_JOINT + 3, rows.joint(i), f"{shape} ✕" if i == pile.misfit else shape or "?", color)
    _neurons(rows, pile)
    return rows.frames()


def rows(n: int) -> dict[str, float]:
    """Return where n bricks lie: left and right of all, the top of the first, the height of a row."""
    rows = _Rows(n + 2)
    return {"left": 0.0, "right": _RIGHT + _ASIDE, "top": rows.joint(0), "height": rows.height}


def _places(n: int) -> np.ndarray:
    low, high = _GRAPH
    return (low + high) / 2 + (np.arange(n) - (n - 1) / 2) * min(6.0, (high - low) / max(1, n - 1))


def _neurons(rows: _Rows, pile: Pile) -> None:
    """Draw the first neurons, or channels, of every joint, and what joins them."""
    most = pile.dropped.shape[1]
    shown = [int(min(units, most)) for units in pile.units]
    for i, n in enumerate(shown):
        y = rows.joint(i)
        for j, x in enumerate(_places(n)):
            gone = bool(pile.dropped[i, j])
            mark = "square" if pile.images[i] else "circle"
            rows.icons.append((x, y, "cross" if gone else mark, FAMILIES["noise"][0] if gone else GREY))
        if pile.units[i] > n:
            rows.text(_GRAPH[1] + 1.3, y, "…", GREY)
        if i == 0 or n == 0:
            continue
        above = rows.joint(i - 1)
        ends = _joined(pile.families[i - 1], shown[i - 1], n, pile.images[i - 1] != pile.images[i])
        before, behind = _places(shown[i - 1]), _places(n)
        alive = [(a, b) for a, b in ends if not (pile.dropped[i, b] or pile.dropped[i - 1, a])]
        rows.edges += [(before[a], above, behind[b], y, 0.55) for a, b in alive]


def _joined(family: str, n: int, m: int, flattens: bool) -> list[tuple[int, int]]:
    """Return which of n neurons are joined with which of m: all with all by weights, else one with one."""
    if family == "weights":
        return [(a, b) for a in range(n) for b in range(m)]
    if flattens:
        return [(b * n // m, b) for b in range(m)]
    return [(a, a) for a in range(min(n, m))]


def journey_rows(
    t: Texts, pile: Pile, values: Sequence[np.ndarray]
) -> tuple[list[str], list[tuple[str, str]], list[str], list[float], list[str]]:
    """Return what `explainer.charts.lessons.journey_data` wants of a pile and the tensors at its joints."""
    names = [
        t.say("brick_input"),
        *(brick_name(t, *brick) for brick in zip(pile.kinds, pile.sizes, strict=True)),
    ]
    looks = [FAMILIES[family] for family in ("end", *pile.families)]
    matrices = [_matrix(value) for value in values]
    widths = [min(1.0, max(matrix.shape[1], 3) / 32) for matrix in matrices]
    urls = [tiles.png(2.5 * matrix / max(float(np.abs(matrix).max()), 1e-12)) for matrix in matrices]
    return names, [(color, ink) for color, _, ink in looks], urls, widths, [_note(t, v) for v in values]


def _matrix(value: np.ndarray) -> np.ndarray:
    """Lay a tensor flat: numbers in one row, the channels of an image side by side."""
    return value[None] if value.ndim == 1 else np.concatenate(list(value), axis=1)


def _note(t: Texts, value: np.ndarray) -> str:
    if value.size <= 3:
        return ", ".join(fixed(float(v), 2) for v in value.ravel())
    zeros = int((value == 0).sum())
    low, high = (fixed(float(edge), 1) for edge in (value.min(), value.max()))
    if low == high:
        low, high = (fixed(float(edge), 2) for edge in (value.min(), value.max()))
    return (
        t.say("tensor_range_zeros", low=low, high=high, n=zeros)
        if zeros
        else t.say("tensor_range", low=low, high=high)
    )


# -- the slides' four piles ------------------------------------------------------------------------


@cache
def recipes(t: Texts) -> dict:
    """Draw four piles side by side."""
    return _spec("recipes", limit=alt.ExprRef("0.22 * width"))


def recipes_data(t: Texts, piles: Sequence[Pile], chosen: int) -> dict[str, pa.Table]:
    """Fill the picture from `Pile` objects; the ``chosen`` one, from 0, is outlined."""
    n_rows = max(len(pile.kinds) for pile in piles) + 3
    rows = _Rows(n_rows)
    width = 100 / len(piles)
    for k, pile in enumerate(piles):
        left, right = k * width + 0.8, (k + 1) * width - 0.8
        marked = k == chosen
        name = t.say(f"head_{pile.task}")
        rows.text(left, rows.joint(-2) - rows.height / 2, name, INK if marked else GREY)
        outline = INK if marked else ""
        first = t.say("recipe_input", shape=pile.shapes[0])
        rows.brick(0, left, right, "end", first, outline=outline, icon=False)
        for i, kind in enumerate(pile.kinds):
            text = brick_name(t, kind, pile.sizes[i])
            brief = t.say("brick_dropout") if kind == "dropout" else ""
            rows.brick(i + 1, left, right, pile.families[i], text, brief=brief, outline=outline, icon=False)
        end, loss = len(pile.kinds) + 1, t.say(f"loss_{pile.loss}")
        brief = loss.partition("(")[0]
        rows.brick(end, left, right, "end", loss, brief=brief, outline=outline, icon=False)
        total = t.say("recipe_total", n=pile.n_parameters)
        rows.text(left, rows.joint(n_rows - 2) - rows.height / 2, total, INK if marked else GREY)
    rows.icons.append((50.0, 0.5, "circle", "transparent"))  # a table must not be empty
    return rows.frames()
