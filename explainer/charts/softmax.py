"""The boards and curves of the page "Softmax"; its points and regions are in `explainer.charts.classes`."""

from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts import board
from explainer.charts.board import COLORS, Board
from explainer.charts.lines import NARROW, Line, axis_x, axis_y, styles
from explainer.charts.moving import curves, table
from explainer.charts.palette import CLASSES, DASHDOTTED, DASHED, DOTTED, ERROR, GREY
from explainer.texts import Texts, fixed, number

_LARGEST_LOGIT, _LARGEST_PRICE = 10, 8  # where the bars of the boards end


# -- boards ----------------------------------------------------------------------------------------


@cache
def stages(t: Texts) -> dict:
    """Draw logits, their exponentials, the probabilities and the price of the true class, a row a class."""
    return board.spec("stages", notes=True)


def stages_data(
    t: Texts,
    names: Sequence[str],
    logits: np.ndarray,
    exponentials: np.ndarray,
    probabilities: np.ndarray,
    price: float,
    y: int,
) -> dict[str, pa.Table]:
    """Fill the board: three arrays (n_classes,), their classes' names or more, the price of class ``y``."""
    b = Board(len(logits))
    for x, head in ((17, t.say("head_logit")), (36, "exp(z/T)"), (56, "p = exp/Σ"), (87, "−ln p")):
        b.head(x, head)
    b.mark(y)
    for k, name in enumerate(names[: len(logits)]):
        color = COLORS[k]
        b.text(k, 1, name)
        b.text(k, 17, fixed(logits[k], 1))
        b.bar(k, 25, 25 + 8 * np.clip(logits[k] / _LARGEST_LOGIT, -1, 1), color)
        b.text(k, 36, number(float(exponentials[k])))
        b.bar(k, 36, 36 + 16 * exponentials[k] / exponentials.max(), color)
        b.text(k, 56, fixed(probabilities[k], 2))
        b.text(k, 66, _finer(float(probabilities[k])), note=True)
        b.bar(k, 56, 56 + 24 * probabilities[k], color)
    b.text(y, 87, number(price), color=ERROR)
    b.bar(y, 87, 87 + 12 * min(1.0, price / _LARGEST_PRICE), ERROR)
    rounded = round(float(probabilities.round(2).sum()), 2)
    b.foot(36, f"Σ {number(float(exponentials.sum()))}")
    b.foot(56, f"Σ {fixed(rounded, 2)}", color=GREY if rounded == 1 else ERROR)
    b.foot(72, "= 1")
    return b.frames()


def _finer(p: float) -> str:
    """Write a probability with four decimals, or with what is left of it where they would be 0 or 1."""
    if p > 0.99995:
        return "< 1"
    return "≈" + (fixed(p, 4) if p >= 1e-4 else number(p))


@cache
def point_stages(t: Texts) -> dict:
    """Draw the four stages of one point of the plane."""
    return board.spec("point_stages", notes=True)


def point_stages_data(t: Texts, *arguments: object) -> dict[str, pa.Table]:
    """Fill the board like `stages_data`."""
    return stages_data(t, *arguments)


@cache
def shift(t: Texts) -> dict:
    """Draw both ways of computing softmax, as the formula is written and with the maximum subtracted."""
    return board.spec("shift", notes=True)


def shift_data(t: Texts, logits: np.ndarray, naive: np.ndarray, stable: np.ndarray) -> dict[str, pa.Table]:
    """Fill the board with z + c (3,), and exponentials and probabilities (2, 3) of both ways."""
    b = Board(len(logits))
    for x, head in ((9, "z + c"), (25, t.say("head_naive")), (63, t.say("head_stable"))):
        b.head(x, head)
    for k, logit in enumerate(logits):
        b.text(k, 1, t.say(f"s{k + 1}"))
        b.text(k, 9, fixed(logit, 1))
        for x, (exponentials, probabilities) in ((25, naive), (63, stable)):
            e, p = float(exponentials[k]), float(probabilities[k])
            b.text(k, x, _raw(t, e), color=board.INK if np.isfinite(e) and e > 0 else ERROR)
            b.text(k, x + 20, _raw(t, p), color=board.INK if np.isfinite(p) else ERROR)
            if np.isfinite(p):
                b.bar(k, x + 20, x + 20 + 14 * p, COLORS[k])
        b.text(k, 21.5, "|", note=True)
        b.text(k, 60, "|", note=True)
    for x in (25, 63):
        b.foot(x, "exp(z)" if x == 25 else "exp(z−m)")
        b.foot(x + 24, "p")
    b.bar(0, 9, 9, GREY)  # the naive way may have no bar at all
    return b.frames()


def _raw(t: Texts, value: float) -> str:
    """Write a number as the machine answers, also where that is infinite or not a number."""
    return t.say("not_a_number") if np.isnan(value) else number(value)


@cache
def push(t: Texts) -> dict:
    """Draw p, the truth, their difference as arrows, and what one step against the gradient does."""
    return board.spec("push", tips=True)


def push_data(
    t: Texts,
    names: Sequence[str],
    before: np.ndarray,
    after: np.ndarray,
    target: np.ndarray,
    gradient: np.ndarray,
) -> dict[str, pa.Table]:
    """Fill the board; ``before`` and ``after`` the step are (2, 3), logits and probabilities."""
    (z, p), (z_after, p_after) = before, after
    b = Board(len(names))
    heads = ((13, "z"), (24, "p"), (40, "y"), (48, "p − y"), (69, "z′"), (81, "p′"))
    for x, head in heads:
        b.head(x, head)
    b.mark(int(target.argmax()))
    for k, name in enumerate(names):
        color = COLORS[k]
        b.text(k, 1, name)
        b.text(k, 13, fixed(z[k], 1))
        b.text(k, 24, fixed(p[k], 3))
        b.bar(k, 24, 24 + 13 * p[k], color)
        b.text(k, 40, f"{target[k]:.0f}")
        b.text(k, 52, fixed(gradient[k], 3))
        b.arrow(k, 57, 57 - 9 * gradient[k], color)
        b.text(k, 69, fixed(z_after[k], 2))
        b.text(k, 81, fixed(p_after[k], 3))
        b.bar(k, 81, 81 + 17 * p_after[k], color)
    b.foot(24, "Σ 1")
    b.foot(48, "Σ 0")
    b.foot(81, "Σ 1")
    frames = b.frames()
    if "tips" not in frames:  # nothing is pushed: a point out of sight keeps the table
        frames["tips"] = table(x=[-50.0], y=[-1.0], shape=["triangle-left"], color=[GREY])
    return frames


# -- curves ----------------------------------------------------------------------------------------


def _looks(t: Texts) -> list[Line]:
    return [
        Line("p₁", CLASSES[0], thick=True),
        Line("p₂", CLASSES[1], DASHED),
        Line("p₃", CLASSES[2], DOTTED),
        Line("argmax", GREY, DASHDOTTED),
        Line(t.say("sigmoid_of_difference"), GREY, DASHED, thick=True),
    ]


@cache
def not_argmax(t: Texts) -> dict:
    """Draw the probabilities against the first logit, argmax, and the sigmoid of the difference."""
    x = axis_x("z₁", (-5, 5), (-4, -2, 0, 2, 4))
    y = axis_y((-0.02, 1.2), "p", (0, 0.5, 1))
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_line(clip=True)
        .encode(x=x, y=y, detail="curve:N", **styles(_looks(t), columns=NARROW))
    )
    now = alt.Chart(alt.NamedData("now"))
    rule = now.mark_rule(color=GREY).encode(x=x)
    points = now.mark_point(filled=True, size=160, opacity=1).encode(
        x=x, y=y, fill=alt.Fill("color:N", scale=None)
    )
    return alt.layer(rule, lines, points, name="not_argmax").to_dict()


def not_argmax_data(
    t: Texts,
    x: np.ndarray,
    probabilities: np.ndarray,
    others: tuple[np.ndarray, np.ndarray],
    z: float,
    at: np.ndarray,
) -> dict[str, pa.Table]:
    """Fill ``lines`` with (n_classes, n_points), argmax and the sigmoid, ``now`` with the points at ``z``."""
    names = [look.name for look in _looks(t)]
    names = [*names[: len(probabilities)], *names[3:]]
    return {
        "lines": curves(x, [*probabilities, *others], names),
        "now": table(x=np.full(len(at), z), value=at, color=list(CLASSES[: len(at)])),
    }
