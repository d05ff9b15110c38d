"""The pictures of the page "Four trends": each a constant spec and a filler of its data."""

from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.moving import table
from explainer.charts.palette import CLASSES, DASHED, GREY, MODEL
from explainer.charts.scatter import FALLING, RISING, Axis, across, both, names, points, spread, tooltips
from explainer.texts import Texts

_BELOW = [(False, 24), (False, -24), (True, -24), (True, 36), (False, 0), (True, 0)]
_LONGEST = 26  # letters of a name that is written beside its point
_ERRORS = {  # years and their ticks, the largest error and ticks, the least on a logarithmic axis
    "imagenet": ((2010, 2018.2), (2010, 2012, 2014, 2016, 2018), 32, (5, 10, 20, 30), 2),
    "switchboard": ((2011, 2022), (2012, 2014, 2016, 2018, 2020), 20, (5, 10, 20), 3.5),
    "imagenet_top1": ((2012, 2024), (2012, 2015, 2018, 2021, 2024), 45, (10, 20, 40), 8),
    "cifar": ((2011, 2021.5), (2012, 2014, 2016, 2018, 2020), 22, (0.5, 1, 2, 5, 10, 20), 0.4),
    "mnist": ((1994, 2014.5), (1995, 2000, 2005, 2010), 15, (0.2, 0.5, 1, 2, 5, 10), 0.15),
}
_SETS = {  # years, ticks, the largest size with linear ticks, the least with logarithmic ones
    "images": ((1996, 2024), (2000, 2005, 2010, 2015, 2020), 5e9, 1e9, 3e3, (1e4, 1e6, 1e8, 1e10, 1e12)),
    "pairs": ((2020.5, 2023), (2021, 2022, 2023), 8e9, 2e9, 1e8, (1e8, 1e9, 1e10, 1e11)),
    "tokens": (
        (2015, 2026.5),
        (2016, 2018, 2020, 2022, 2024, 2026),
        2.6e14,
        5e13,
        3e7,
        (1e8, 1e10, 1e12, 1e14),
    ),
    "words": ((1960, 2022), (1960, 1980, 2000, 2020), 4e9, 1e9, 3e5, (1e6, 1e8, 1e10, 1e12)),
}
_COUNTERS = ("users", "sites", "emails", "searches", "posts", "tweets", "videos", "photos", "tumblr")
_DEVICES = {  # years, ticks, largest, linear step, least, logarithmic ticks
    "as_slide": ((2005.5, 2018.5), (2006, 2010, 2014, 2018), 20, 5, 0.08, (0.1, 1, 10, 100)),
    "fp32": ((2005, 2027), (2005, 2010, 2015, 2020, 2025), 200, 50, 0.08, (0.1, 1, 10, 100, 1000)),
    "tensor": (
        (2016, 2027),
        (2016, 2018, 2020, 2022, 2024, 2026),
        3000,
        1000,
        30,
        (30, 100, 300, 1000, 3000, 10000),
    ),
}


def variant(name: str, *options: str) -> str:
    """Name a picture; one of another kind has another name, by which the browser knows it again."""
    return "_".join([name, *options])


def axes_of(kind: Sequence, scale: str, title: str) -> tuple[Axis, Axis]:
    """Return the axes of a table's part, the upright one as the scale wants it."""
    years, ticks, largest, step, least, log_ticks = kind
    if scale == "axis_log":
        return Axis(years, ticks), Axis((least, max(largest, log_ticks[-1])), log_ticks, True, title)
    return Axis(years, ticks), Axis((0, largest), tuple(np.arange(0, largest, step)), False, title)


def _error_axes(t: Texts, benchmark: str, scale: str) -> tuple[Axis, Axis]:
    years, ticks, largest, error_ticks, least = _ERRORS[benchmark]
    bottom = least if scale == "axis_log" else 0
    shown = tuple(
        v for v in error_ticks if v >= bottom and (scale == "axis_log" or v == 0 or v >= largest / 8)
    )
    return Axis(years, ticks), Axis(
        (bottom, largest), shown, scale == "axis_log", t.say(f"title_{benchmark}")
    )


def rows_of(
    t: Texts, found: object, what: Sequence[str], series: Sequence[str], **more: np.ndarray
) -> pa.Table:
    """Make the data set ``points`` of rows of an experiment."""
    return table(
        x=found.x,
        y=found.y,
        series=list(series),
        what=list(what),
        source=[t.say("source_is", source=source) for source in found.source],
        standing=[t.say("standing_checked" if solid else "standing_estimate") for solid in found.solid],
        solid=found.solid,
        **more,
    )


def told(t: Texts, found: object, row: int) -> dict[str, object]:
    """Return name, value and source of a point, for the sentence under the picture."""
    return {"name": name_of(t, found, row), "value": float(found.y[row]), "source": str(found.source[row])}


def network(found: object, row: int) -> dict[str, object]:
    """Return name, operations and accuracy of a network, for the sentences under the picture."""
    points = found.points
    return {"name": str(points.name[row]), "operations": float(points.x[row]), "top1": float(points.y[row])}


def name_of(t: Texts, found: object, row: int) -> str:
    """Return the name of a point in the language of the page."""
    return str((found.name_ru if t.lang == "ru" else found.name)[row])


def named_points(
    t: Texts,
    found: object,
    axes: tuple[Axis, Axis],
    *,
    lines: Sequence[float] = (),
    only: object = None,
    sides: Sequence[tuple[bool, int]] = RISING,
    radius: float = 6,
) -> pa.Table:
    """Make the data set ``names``: the newest record first, then the first, then as many as find room."""
    chosen = found.record if only is None else only
    rows = [int(row) for row in np.flatnonzero(chosen)]
    order = [*rows[-1:], *rows[:1], *rows[-2:0:-1]]
    texts = [name_of(t, found, i) for i in range(len(found.x))]
    short = [text.partition(" (")[0] for text in texts]
    texts = [text if short.count(brief) > 1 else brief for text, brief in zip(texts, short, strict=True)]
    order = [row for row in order if len(texts[row]) <= _LONGEST]
    x, y = (axis.share(values) for axis, values in zip(axes, (found.x, found.y), strict=True))
    placed = spread(
        x, y, texts, order=order, lines=[float(axes[1].share(v)) for v in lines], sides=sides, radius=radius
    )
    at = placed["row"]
    if not at:  # one name of no letters, so that the picture has its data
        return table(x=found.x[:1], y=found.y[:1], text=[""], left=[False], dy=[0.0])
    return table(
        x=found.x[at],
        y=found.y[at],
        text=[texts[i].replace(" ", "\N{NO-BREAK SPACE}") for i in at],
        left=placed["left"],
        dy=placed["dy"],
    )


@cache
def accuracy(t: Texts, benchmark: str = "imagenet", scale: str = "axis_linear") -> dict:
    """Draw the errors of machines on a benchmark over the years, their record, and the people's lines."""
    x, y = both(_error_axes(t, benchmark, scale))
    record = (
        alt.Chart(alt.NamedData("record"))
        .mark_line(color=MODEL, strokeWidth=2.5, interpolate="step-after", clip=True)
        .encode(x=x, y=y)
    )
    people = alt.Chart(alt.NamedData("people"))
    rules = people.mark_rule(color=GREY, strokeDash=DASHED, strokeWidth=2.5).encode(y=y)
    words = people.mark_text(align="left", color=GREY, dy=alt.expr("datum.dy"), fontWeight="bold").encode(
        x=alt.value(4), y=y, text="text:N"
    )
    machine = points(x, y, [t.say("machines")], t, legend=False)
    default = (benchmark, scale) == ("imagenet", "axis_linear")
    name = "accuracy" if default else variant("accuracy", benchmark, scale)
    return alt.layer(record, rules, words, machine, names(x, y), name=name).to_dict()


def accuracy_data(
    t: Texts, found: object, benchmark: str = "imagenet", scale: str = "axis_linear"
) -> dict[str, pa.Table]:
    """Fill ``points``, ``record``, ``people`` and ``names`` from the errors of the experiment."""
    machines, people = found.machines, found.people
    what = [
        t.say("what_error", name=name_of(t, machines, i), value=float(machines.y[i]), year=int(machines.x[i]))
        for i in range(len(machines.x))
    ]
    axes = _error_axes(t, benchmark, scale)
    x, y = machines.x[machines.record], machines.y[machines.record]
    end = min(axes[0].domain[1], max(found.until + 1, float(x[-1])))
    values = [float(v) for v in sorted(people.y)] or [axes[1].domain[1]]
    above = [i == len(values) - 1 for i in range(len(values))]
    shown = [t.say("human_level", value=value) for value in values] if len(people.y) else [""]
    return {
        "points": rows_of(t, machines, what, [t.say("machines")] * len(what)),
        "record": table(x=np.r_[x, end], y=np.r_[y, y[-1]]),
        "people": table(y=values, text=shown, dy=[-14.0 if up else 16.0 for up in above]),
        "names": named_points(t, machines, axes, lines=people.y, sides=FALLING),
    }


def _network_axes(t: Texts, view: str, scale: str) -> tuple[Axis, Axis]:
    title = t.say("title_operations")
    accuracy = Axis((50, 96), (50, 60, 70, 80, 90), False, t.say("title_top1"))
    if view == "as_slide":
        accuracy = Axis((50, 84), (50, 60, 70, 80), False, t.say("title_top1"))
    if scale == "axis_log":
        return Axis((0.3, 60 if view == "as_slide" else 5000), (1, 10, 100, 1000), True, title), accuracy
    if view == "as_slide":
        return Axis((-2, 44), (0, 10, 20, 30, 40), False, title), accuracy
    return Axis((-90, 2200), (0, 500, 1000, 1500, 2000), False, title), accuracy


@cache
def bubbles(t: Texts, view: str = "as_today", scale: str = "axis_log") -> dict:
    """Draw accuracy over operations; the area of a bubble is the number of parameters.

    Networks whose operations are not known stand hollow at the left edge.
    """
    x, y = both(_network_axes(t, view, scale), inside=True)
    kinds = [t.say("convolutional"), t.say("transformer")]
    color = alt.Scale(domain=kinds, range=list(CLASSES[:2]))
    size = alt.Size(
        "parameters:Q",
        scale=alt.Scale(domain=[0, 700], range=[0, 3000]),
        legend=alt.Legend(
            title=t.say("title_parameters"),
            orient="top",
            values=[5, 50, 150],
            symbolType="circle",
            symbolFillColor=GREY,
            symbolStrokeColor=GREY,
            titleOrient="left",
            titleLimit=0,
        ),
    )
    networks = (
        alt.Chart(alt.NamedData("points"))
        .mark_point(strokeWidth=2, fillOpacity=0.4, opacity=1, clip=True)
        .encode(
            x=x,
            y=y,
            size=size,
            stroke=alt.Stroke("series:N", scale=color, legend=None),
            fill=alt.Fill("series:N", scale=color, legend=None),
            shape=alt.Shape(
                "series:N", scale=alt.Scale(domain=kinds, range=["circle", "square"]), legend=None
            ),
            tooltip=tooltips(t),
        )
    )
    without = (
        alt.Chart(alt.NamedData("without"))
        .mark_point(size=160, strokeWidth=2, stroke=GREY, shape="diamond", clip=True)
        .encode(x=alt.value(12), y=y, tooltip=tooltips(t))
    )
    name = "bubbles" if (view, scale) == ("as_today", "axis_log") else variant("bubbles", view, scale)
    return alt.layer(networks, without, names(x, y), name=name).to_dict()


def bubbles_data(
    t: Texts, found: object, view: str = "as_today", scale: str = "axis_log"
) -> dict[str, pa.Table]:
    """Fill ``points``, ``without`` and ``names`` from the networks of the experiment."""
    networks, without = found.points, found.without
    what = [
        t.say("what_network", name=str(name), operations=float(gops), top1=float(top1), sizes=float(size))
        for name, gops, top1, size in zip(
            networks.name, networks.x, networks.y, found.parameters, strict=True
        )
    ]
    kinds = [t.say(str(kind)) for kind in networks.series]
    incomplete = [
        t.say("what_incomplete", name=str(n), top1=float(v))
        for n, v in zip(without.name, without.y, strict=True)
    ]
    hollow = rows_of(t, without, incomplete, [t.say("convolutional")] * len(incomplete))
    if not incomplete:  # out of sight
        hollow = table(y=[-100.0], what=[""], source=[""], standing=[""])
    axes = _network_axes(t, view, scale)
    known = (
        "VGG-16",
        "AlexNet",
        "ResNet-50",
        "Inception-v4",
        "EfficientNet-B0",
        "ViT-H/14 (SWAG, 518 px)",
    )
    frame = rows_of(t, networks, what, kinds, parameters=found.parameters)
    return {
        "points": frame,
        "without": hollow,
        "names": named_points(t, networks, axes, only=np.isin(networks.name, known), sides=_BELOW, radius=16),
    }


@cache
def sets(t: Texts, unit: str = "images", scale: str = "axis_log") -> dict:
    """Draw the data sets of one unit over the years."""
    x, y = both(axes_of(_SETS[unit], scale, t.say(f"title_{unit}")), inside=True)
    layers = [points(x, y, [t.say("collection"), t.say("training_set")], t), names(x, y)]
    return alt.layer(
        *layers, name="sets" if (unit, scale) == ("images", "axis_log") else variant("sets", unit, scale)
    ).to_dict()


def sets_data(t: Texts, found: object, unit: str = "images", scale: str = "axis_log") -> dict[str, pa.Table]:
    """Fill ``points`` and ``names`` from the data sets of the experiment."""
    some = found.points
    what = [
        t.say("what_set", name=str(n), value=float(v), unit=t.say(unit), year=int(x))
        for n, v, x in zip(some.name, some.y, some.x, strict=True)
    ]
    series = [t.say("training_set" if kind == "training" else "collection") for kind in some.series]
    axes = axes_of(_SETS[unit], scale, "")
    return {"points": rows_of(t, some, what, series), "names": named_points(t, some, axes)}


@cache
def counters(t: Texts, scale: str = "axis_log") -> dict:
    """Draw the nine counters of the slide as bars, and what they imply for a day as their open ends."""
    log = scale == "axis_log"
    axis = Axis((1e6, 1e13), (1e6, 1e8, 1e10, 1e12), True) if log else Axis((0, 6e11), (0, 2e11, 4e11, 6e11))
    x, rows = across(axis, "low"), alt.Scale(domain=[8.6, -0.6], nice=False)
    y = alt.Y("row:Q", scale=rows, axis=None)
    kinds = [t.say("in_all"), t.say("since_midnight")]
    color = alt.Color(
        "series:N",
        scale=alt.Scale(domain=kinds, range=[CLASSES[1], CLASSES[0]]),
        legend=alt.Legend(title=None, orient="top", labelLimit=0),
    )
    bars = alt.Chart(alt.NamedData("bars"))
    shown = bars.mark_rect(clip=True).encode(x=x, x2="value:Q", y=y, y2="bottom:Q", color=color)
    implied = bars.mark_rect(filled=False, strokeWidth=1.5, strokeDash=[4, 3], stroke=GREY, clip=True).encode(
        x=across(axis, "value"), x2="daily:Q", y=y, y2="bottom:Q"
    )
    words = bars.mark_text(align="left", baseline="middle", color=GREY).encode(
        x=alt.value(2), y=alt.Y("middle:Q", scale=rows, axis=None), text="text:N"
    )
    return alt.layer(shown, implied, words, name="counters" if log else variant("counters", scale)).to_dict()


def counters_data(t: Texts, found: object, scale: str = "axis_log") -> dict[str, pa.Table]:
    """Fill ``bars`` from the counters of the experiment."""
    row = np.arange(len(found.shown), dtype=float)
    digits = [f"{int(v):,}" if t.lang == "en" else f"{int(v):,}".replace(",", "\u202f") for v in found.shown]
    return {
        "bars": table(
            row=row + 0.2,
            bottom=row + 0.42,
            middle=row - 0.15,
            low=np.full(len(row), 1e6 if scale == "axis_log" else 0),
            value=found.shown,
            daily=found.daily,
            series=[t.say("since_midnight" if m else "in_all") for m in found.since_midnight],
            text=[f"{t.say(f'counter_{key}')}: {n}" for key, n in zip(_COUNTERS, digits, strict=True)],
        )
    }


@cache
def devices(t: Texts, precision: str = "fp32", scale: str = "axis_log") -> dict:
    """Draw peak TFLOP/s over the years, one precision a picture; "as_slide" is the slide's part of FP32."""
    kind = _DEVICES[precision]
    title = t.say("title_tensor" if precision == "tensor" else "title_fp32")
    x, y = both(axes_of(kind, scale, title), inside=True)
    name = "devices" if (precision, scale) == ("fp32", "axis_log") else variant("devices", precision, scale)
    return alt.layer(points(x, y, ["GPU", "CPU", "TPU"], t), names(x, y), name=name).to_dict()


def devices_data(
    t: Texts, found: object, precision: str = "fp32", scale: str = "axis_log"
) -> dict[str, pa.Table]:
    """Fill ``points`` and ``names`` from the devices of the experiment."""
    some = found.points
    what = [
        t.say("what_gpu", name=str(n), value=float(v), year=int(x))
        for n, v, x in zip(some.name, some.y, some.x, strict=True)
    ]
    axes = axes_of(_DEVICES[precision], scale, "")
    only = np.isin(np.arange(len(some.x)), list(found.best.values())) | some.record
    return {"points": rows_of(t, some, what, some.series), "names": named_points(t, some, axes, only=only)}
