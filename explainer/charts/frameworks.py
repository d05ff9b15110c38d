"""The pictures of the page "Frameworks": a family tree, a slide's bars, two lanes of code, and the graph."""

from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.graphs import short
from explainer.charts.moving import table
from explainer.charts.palette import CLASSES, DASHED, DOTTED, ERROR, GREY, MODEL, NEGATIVE, SOLID
from explainer.texts import Texts

YEARS = (2003, 2026.6)
_FAINT = 0.22
_KINDS = ("static_graph", "dynamic_graph", "both_graphs")
_ROWS = 10
_PITCH = 0.14  # of the height: the most that two lines of code are apart
# A phone has no room for a monospace font.
_CODE = alt.ExprRef("width < 420 ? 'Source Sans, sans-serif' : 'monospace'")


def _x(domain: Sequence[float], field: str = "x:Q", axis: alt.Axis | None = None) -> alt.X:
    return alt.X(field, scale=alt.Scale(domain=list(domain), nice=False), axis=axis)


def _y(domain: Sequence[float], field: str = "y:Q") -> alt.Y:
    return alt.Y(field, scale=alt.Scale(domain=list(domain), nice=False), axis=None)


@cache
def family(t: Texts) -> dict:
    """Draw a bar of life for every framework, what one gave another, and the year that the slide gives."""
    axis = alt.Axis(values=[2007, 2010, 2015, 2020, 2025], format="d", title=None, grid=True, gridOpacity=0.3)
    x, y = _x(YEARS, axis=axis), _y((_ROWS + 0.6, 0.4))
    names = [t.say(kind) for kind in _KINDS]
    key = alt.Legend(title=None, orient="top", symbolSize=200, labelLimit=0)
    color = alt.Color(
        "kind:N", scale=alt.Scale(domain=names, range=[NEGATIVE, MODEL, CLASSES[2]]), legend=key
    )
    shape = alt.Shape(
        "kind:N", scale=alt.Scale(domain=names, range=["square", "circle", "triangle-up"]), legend=key
    )
    seen = alt.Opacity("seen:Q", scale=None, legend=None)
    lives, edges = alt.Chart(alt.NamedData("lives")), alt.Chart(alt.NamedData("edges"))
    dash = alt.StrokeDash(
        "link:N", scale=alt.Scale(domain=["runs_on", "passed_on"], range=[SOLID, DASHED]), legend=None
    )
    at = {"x": x, "y": y}
    now = lives.transform_filter("datum.chosen == 1")
    return (
        alt.layer(
            now.mark_rule(color=GREY, strokeDash=DOTTED, strokeWidth=2).encode(x=x),
            lives.mark_rule(strokeWidth=9, strokeCap="butt").encode(
                **at, x2="end:Q", color=color, opacity=seen
            ),
            edges.mark_rule(color=GREY, strokeWidth=2.5).encode(
                **at, y2="y2:Q", strokeDash=dash, opacity=seen
            ),
            edges.mark_text(color=GREY, baseline="middle").encode(
                x=x, y=_y((_ROWS + 0.6, 0.4), "y2:Q"), text="arrow:N", opacity=seen
            ),
            lives.mark_point(filled=True, size=260, opacity=1).encode(
                **at, color=color, shape=shape, opacity=seen, tooltip=["name:N", "first:N", "status:N"]
            ),
            lives.mark_text(align="right", dx=-12, baseline="middle", color=GREY, fontWeight="bold").encode(
                x="label_x:Q", y=y, text="name:N", opacity=seen
            ),
            lives.mark_text(align="left", dx=3, baseline="middle", color=GREY).encode(
                x="end:Q", y=y, text="ending:N", opacity=seen
            ),
            lives.transform_filter("datum.slide > 0")
            .mark_point(shape="diamond", size=200, color=ERROR, strokeWidth=3, opacity=1)
            .encode(x="slide:Q", y=y, opacity=seen),
            name="family",
        )
        .configure_view(stroke=None)
        .to_dict()
    )


def family_data(
    t: Texts,
    names: Sequence[str],
    lives: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    kind: Sequence[str],
    edges: tuple[np.ndarray, np.ndarray, Sequence[str]],
    chosen: int,
    dates: Sequence[str],
    statuses: Sequence[str],
) -> dict[str, pa.Table]:
    """Fill ``lives`` (begin, end, slide's year, still active) and ``edges`` (ends, year, kind).

    What is later than the chosen one is faint.
    """
    begin, end, slide, active = lives
    rows = np.arange(1, len(names) + 1)
    seen = np.where(rows - 1 <= chosen, 1.0, _FAINT)
    ends, year, edge_kind = edges
    slide = np.nan_to_num(slide)
    return {
        "lives": table(
            x=begin,
            end=end,
            y=rows,
            name=list(names),
            kind=[t.say(k) for k in kind],
            seen=seen,
            chosen=(rows - 1 == chosen).astype(int),
            label_x=np.where(slide > 0, np.minimum(np.where(slide > 0, slide, begin), begin), begin),
            slide=slide,
            ending=["▸" if alive else "✕" for alive in active],
            first=[date(t, day) for day in dates],
            status=list(statuses),
        ),
        "edges": table(
            x=year,
            y=ends[:, 0] + 1.0,
            y2=ends[:, 1] + 1 - 0.32 * np.sign(ends[:, 1] - ends[:, 0]),
            link=list(edge_kind),
            arrow=["▼" if down else "▲" for down in ends[:, 1] > ends[:, 0]],
            seen=np.where(ends.max(axis=1) <= chosen, 1.0, _FAINT),
        ),
    }


def date(t: Texts, day: str) -> str:
    """Write a date, 2009-04-02, as the language does."""
    year, month, day = day.split("-")
    return t.say("framework_date", year=year, month=month, day=day)


@cache
def growth(t: Texts) -> dict:
    """Draw the bars of the slide, named at the left and numbered at their ends."""
    x, y = _x((-42, 100)), _y((4.6, 0.4))
    bars = alt.Chart(alt.NamedData("bars"))
    text = bars.mark_text(baseline="middle", fontWeight="bold", color=GREY)
    return (
        alt.layer(
            bars.mark_rect(color=MODEL, cornerRadius=3).encode(
                x=x, x2="end:Q", y=_y((4.6, 0.4), "top:Q"), y2="bottom:Q"
            ),
            text.mark_text(align="right", dx=-8, color=GREY, fontWeight="bold").encode(
                x=x, y=y, text="name:N"
            ),
            text.mark_text(align="left", dx=8, color=GREY, fontWeight="bold").encode(
                x="end:Q", y=y, text="score:N"
            ),
            name="growth",
        )
        .configure_view(stroke=None)
        .to_dict()
    )


def growth_data(names: Sequence[str], scores: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``bars``, largest first."""
    rows = np.arange(1, len(names) + 1)
    return {
        "bars": table(
            x=np.zeros(len(names)),
            end=scores,
            y=rows,
            top=rows - 0.3,
            bottom=rows + 0.3,
            name=list(names),
            score=[f"{score:.0f}" for score in scores],
        )
    }


@cache
def lanes(t: Texts) -> dict:
    """Draw both lanes of code; what has not run yet is faint, the line of the moment is marked."""
    y = _y((0, 1))
    rows = alt.Chart(alt.NamedData("lanes"))

    def code(side: str, wide: float) -> list[alt.Chart]:
        state = f"{side}_state"
        is_ = lambda *names: alt.FieldOneOfPredicate(field=state, oneOf=list(names))  # noqa: E731
        band = (
            rows.transform_filter(is_("now", "error"))
            .mark_rect(opacity=0.16, cornerRadius=4)
            .encode(
                x=_x((0, 1), f"{side}_x:Q"),
                x2=f"{side}_x2:Q",
                y=_y((0, 1), "top:Q"),
                y2="bottom:Q",
                color=alt.when(is_("error")).then(alt.value(ERROR)).otherwise(alt.value(MODEL)),
            )
        )
        text = rows.mark_text(
            align="left", baseline="middle", font=_CODE, limit=alt.ExprRef(f"{wide} * width"), dx=6
        ).encode(
            x=_x((0, 1), f"{side}_x:Q"),
            y=y,
            text=f"{side}:N",
            color=alt.when(is_("error"))
            .then(alt.value(ERROR))
            .when(is_("now"))
            .then(alt.value(MODEL))
            .otherwise(alt.value(GREY)),
            opacity=alt.when(is_("later")).then(alt.value(0.5)).otherwise(alt.value(1)),
        )
        return [band, text]

    value = rows.mark_text(
        align="right", baseline="middle", font=_CODE, fontWeight="bold", color=MODEL, dx=-6
    )
    heads = rows.transform_filter("datum.left_state == 'head'")
    return (
        alt.layer(
            *code("left", 0.31),
            *code("right", 0.46),
            value.encode(x=_x((0, 1), "left_x2:Q"), y=y, text="value:N"),
            heads.mark_rule(color=GREY).encode(
                x=_x((0, 1), "left_x:Q"), x2="left_x2:Q", y=_y((0, 1), "bottom:Q")
            ),
            heads.mark_rule(color=GREY).encode(
                x=_x((0, 1), "right_x:Q"), x2="right_x2:Q", y=_y((0, 1), "bottom:Q")
            ),
            name="lanes",
        )
        .configure_view(stroke=None)
        .to_dict()
    )


def lanes_data(
    t: Texts,
    left: tuple[Sequence[str], Sequence[str], np.ndarray, np.ndarray],
    right: tuple[Sequence[str], Sequence[str]],
) -> dict[str, pa.Table]:
    """Fill ``lanes`` with lines of code and their states, the left ones with an element and the size."""
    lines, states, values, sizes = left
    n = max(len(lines), len(right[0]))
    pad = n - len(lines)
    held = [f"{size} × {short(x)}" if size else "" for x, size in zip(values, sizes, strict=True)]
    pitch = min(_PITCH, 1 / (n + 1))
    y = 1 - pitch * (np.arange(n + 1) + 0.5)
    return {
        "lanes": table(
            y=y,
            top=y + pitch / 2,
            bottom=y - pitch / 2,
            left_x=np.full(n + 1, 0.0),
            left_x2=np.full(n + 1, 0.48),
            right_x=np.full(n + 1, 0.53),
            right_x2=np.full(n + 1, 1.0),
            left=[t.say("lane_left"), *lines, *[""] * pad],
            left_state=["head", *states, *["later"] * pad],
            value=["", *held, *[""] * pad],
            right=[t.say("lane_right"), *right[0]],
            right_state=["head", *right[1]],
        )
    }
