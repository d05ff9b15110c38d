"""The timeline of the field: eras as bands, events as marks of seven kinds, the words of an event's card."""

import itertools
from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np
import pandas as pd
import pyarrow as pa

from explainer import facts
from explainer.charts.moving import table
from explainer.charts.palette import CLASSES, ERROR, GREY
from explainer.texts import Texts

ROWS, LANES = 13, 3  # of labels, and of bare marks below them; experiments.history lays them out
_LANE = 0.6  # height of a lane, in rows
_TOP, _BOTTOM = ROWS + 0.5, -LANES * _LANE - 0.7  # of the picture: era names above, years below
# Colour, shape in a picture, and the same shape as a letter.
KINDS = {
    "kind_idea": (CLASSES[0], "circle", "●"),
    "kind_model": (CLASSES[1], "triangle-up", "▲"),
    "kind_system": (CLASSES[2], "square", "■"),
    "kind_event": (CLASSES[3], "diamond", "◆"),
    "kind_book": (CLASSES[4], "cross", "✚"),
    "kind_hardware": (ERROR, "triangle-down", "▼"),
    "kind_framework": (GREY, "triangle-right", "▶"),
}
ROLES = {
    "role_promise": (CLASSES[1], "triangle-up"),
    "role_verdict": (ERROR, "diamond"),
    "role_seed": (CLASSES[2], "circle"),
}
YEARS = (
    "all_years",
    "era_birth",
    "era_first_optimism",
    "era_winter1",
    "era_thaw",
    "era_winter2",
    "era_classical_ml",
    "era_revolution",
    "era_modern",
)
# The filters of the timeline and their choices; the first one of each lets everything pass.
FILTERS = {"years": YEARS, "named": ("all_events", "only_lecture"), "kind": ("all_kinds", *KINDS)}
_WINTER = CLASSES[4]
_WORDS = "CanvasText"  # the system colour of words, which follows the light or dark page
_LETTER, _WIDTH = 0.5, 49.0  # of a letter and of the picture, in the size of the type


def unknown(text: str) -> tuple[str, str] | None:
    """Return why a search through the timeline is refused, and for what: no event has these words."""
    return None if facts.find("timeline", text).any() else ("nothing", text)


def _kind_names(t: Texts) -> list[str]:
    return [t.say(kind) for kind in KINDS]


def _scales(
    names: Sequence[str], looks: Sequence[tuple[str, ...]], legend: alt.Legend | None
) -> dict[str, object]:
    """Encode a name by colour and shape at once."""
    return {
        name: channel(
            "kind:N",
            scale=alt.Scale(domain=list(names), range=[look[i] for look in looks]),
            legend=legend,
        )
        for i, (name, channel) in enumerate({"color": alt.Color, "shape": alt.Shape}.items())
    }


def _across(domain: tuple[float, float] = (0, 1)) -> alt.X:
    return alt.X("x:Q", scale=alt.Scale(domain=list(domain), nice=False), axis=None)


def _bands(upwards: alt.Scale, x: alt.X) -> alt.Chart:
    return (
        alt.Chart(alt.NamedData("winters"))
        .mark_rect(color=_WINTER, opacity=0.28, clip=True)
        .encode(x=x, x2="x2:Q", y=alt.Y("low:Q", scale=upwards, axis=None), y2="high:Q")
    )


@cache
def timeline(t: Texts) -> dict:
    """Draw eras, events and years; the legend filters by kind, a drag moves and Ctrl + wheel enlarges.

    All of it happens in the browser; a label with ``zoom`` above 1 appears when the picture is that
    many times enlarged.
    """
    top = _TOP + 0.6
    upwards = alt.Scale(domain=[_BOTTOM - 0.5, top], nice=False)
    x = _across()
    zoom = alt.selection_interval(
        name="zoom",
        encodings=["x"],
        bind="scales",
        zoom="wheel![event.ctrlKey || event.metaKey || event.shiftKey]",
    )
    kinds = alt.selection_point(name="kinds", fields=["kind"], bind="legend")
    legend = alt.Legend(
        title=None, orient="top", columns=len(KINDS), symbolSize=170, symbolOpacity=1, labelLimit=0
    )
    looks = _scales(_kind_names(t), list(KINDS.values()), legend)
    bands = _bands(upwards, x)
    eras = alt.Chart(alt.NamedData("eras"))
    borders = eras.mark_rule(color=GREY, opacity=0.5, strokeDash=[2, 4], clip=True).encode(
        x=x, y=alt.YDatum(_BOTTOM + 0.5, axis=None), y2=alt.datum(top)
    )
    names = eras.mark_text(color=GREY, fontWeight="bold", baseline="middle", clip=True).encode(
        x=alt.X("middle:Q", axis=None), y=alt.YDatum(_TOP, axis=None), text="name:N"
    )
    ticks = (
        alt.Chart(alt.NamedData("ticks"))
        .mark_text(color=GREY, baseline="middle", clip=True)
        .encode(x=x, y=alt.YDatum(_BOTTOM, axis=None), text="name:N")
    )
    events = alt.Chart(alt.NamedData("events")).transform_filter("datum.shown == 1")
    y = alt.Y("y:Q", scale=upwards, axis=None)
    there = alt.when(kinds).then(alt.value(1)).otherwise(alt.value(0.12))
    marks = (
        alt.Chart(alt.NamedData("events"), name="marks")
        .transform_filter("datum.shown == 1")
        .mark_point(filled=True, clip=True)
        .encode(x=x, y=y, size=alt.Size("size:Q", scale=None), tooltip="tip:N", opacity=there, **looks)
        .add_params(zoom, kinds)
    )
    room = "datum.zoom <= (isArray(zoom.x) ? 1.001 / (zoom.x[1] - zoom.x[0]) : 1)"
    labelled = events.transform_filter(room)
    label = {"baseline": "middle", "clip": True}
    words = [
        labelled.transform_filter(f"datum.left == {left}")
        .mark_text(align=align, dx=dx, color=_WORDS, **label)
        .encode(x=x, y=y, text="label:N", opacity=there, tooltip="tip:N")
        for left, align, dx in ((0, "left", 11), (1, "right", -11))
    ]
    return (
        alt.layer(bands, borders, ticks, names, *words, marks, name="timeline")
        .configure_view(stroke=None)
        .to_dict()
    )


def timeline_data(t: Texts, layout: object) -> dict[str, pa.Table]:
    """Fill the picture with the table's events where the layout (experiments.history.Layout) puts them."""
    events, eras = facts.load("timeline"), facts.load("eras")
    first, last = layout.window
    span = last - first
    starts, ends = ((eras[side].to_numpy() - first) / span for side in ("start", "end"))
    ends = ends + 1 / span
    cut = [np.clip(edge, 0, 1) for edge in (starts, ends)]
    names = eras[f"label_{t.lang}"]
    fits = (cut[1] - cut[0]) * _WIDTH >= names.str.len() * _LETTER
    winters = eras["id"].str.startswith("winter").to_numpy()
    years = _years(first, last)
    return {
        "winters": table(
            x=cut[0][winters],
            x2=cut[1][winters],
            low=np.full(winters.sum(), _BOTTOM + 0.5),
            high=np.full(winters.sum(), _TOP + 0.6),
        ),
        "eras": table(
            x=np.clip(starts, -1, 2), middle=(cut[0] + cut[1]) / 2, name=names.where(fits, " ").tolist()
        ),
        "ticks": table(x=(np.array(years) - first) / span, name=[str(year) for year in years]),
        "events": table(
            x=layout.x,
            y=np.where(layout.row < ROWS, ROWS - 0.5 - layout.row, (ROWS - 0.5 - layout.row) * _LANE),
            kind=[t.say(f"kind_{kind}") for kind in events["kind"]],
            label=events[f"label_{t.lang}"].tolist(),
            tip=[tip(t, event) for event in facts.rows("timeline")],
            shown=layout.shown.astype(int),
            left=layout.left.astype(int),
            zoom=np.where(np.isfinite(layout.zoom), layout.zoom, 99.0),
            size=np.where(layout.zoom == 1, 170.0, 100.0),
        ),
    }


def _years(first: float, last: float) -> list[int]:
    """Choose the years that are written below: every one, every second, fifth or tenth."""
    for step in (1, 2, 5, 10):
        years = [year for year in range(int(first), int(last) + 1) if year % step == 0]
        years = [
            year for year in years if first + 0.02 * (last - first) < year < last - 0.02 * (last - first)
        ]
        if len(years) * 3.4 <= _WIDTH:
            break
    return years


def tip(t: Texts, event: dict) -> str:
    """Write what hovering over an event shows: year, title, two sentences, and if nobody checked it."""
    checked = t.say("unchecked") if event["verified"] == "no" else ""
    return f"{event['year']} · {event[f'title_{t.lang}']}. {event[f'summary_{t.lang}']}{checked}"


def vertical(t: Texts, shown: np.ndarray) -> list[str]:
    """Write the events that are shown as a list for a phone, the eras as headings between them."""
    lines, era = [], None
    eras = facts.load("eras").set_index("id")
    for event in itertools.compress(facts.rows("timeline"), shown):
        if event["era"] != era:
            era = event["era"]
            start, end, name = (eras[column][era] for column in ("start", "end", f"name_{t.lang}"))
            lines.append(f"**{'❄ ' * era.startswith('winter')}{start}–{end} · {name}**")
        mark = KINDS[f"kind_{event['kind']}"][2]
        lines.append(f"{mark} {event['year']} · {_plain(event[f'title_{t.lang}'])}")
    return lines or [t.say("nothing_found")]


def card(t: Texts, at: int, slide_at: int) -> list[str]:
    """Write the card of an event: heading, two sentences, people, source, and what the slide says.

    ``at`` is a row of the table ``timeline``, ``slide_at`` one of ``history_slides``, or -1.
    """
    event = facts.rows("timeline")[at]
    slide = facts.rows("history_slides")[slide_at] if slide_at >= 0 else None
    month = "" if pd.isna(event["month"]) else f"{int(event['month']):02}."
    kind = f"kind_{event['kind']}"
    lines = [
        f"**{month}{event['year']} · {_plain(event[f'title_{t.lang}'])}** ({KINDS[kind][2]} {t.say(kind)})",
        _plain(event[f"summary_{t.lang}"]),
    ]
    if not pd.isna(event["people"]):
        lines.append(t.say("people", names=_plain(", ".join(_first(event["people"].split("; "), t)))))
    if slide:
        lines.append(t.say("card_slide", slide=_plain(slide[f"slide_{t.lang}"])))
        lines.append(t.say("card_fact", fact=_plain(slide[f"fact_{t.lang}"])))
    source = _plain(event["source"].split("; ")[0])
    link = "" if pd.isna(event["url"]) else f" [{t.say('open_source')}]({event['url']})"
    lines.append(t.say("card_source", source=source, link=link) + _checked(t, event["verified"]))
    return lines


def _first(people: list[str], t: Texts, n: int = 4) -> list[str]:
    return people if len(people) <= n else [*people[:n], t.say("and_others")]


def _checked(t: Texts, verified: str) -> str:
    return {"yes": "", "partly": t.say("partly_checked"), "no": t.say("unchecked")}[verified]


def _plain(text: str) -> str:
    """Keep a fact from being read as Markdown or a formula."""
    return text.replace("$", r"\$").replace("*", r"\*").replace("_", r"\_").replace("~", r"\~")


@cache
def strip(t: Texts) -> dict:
    """Draw all events as dashes of a ruler, those of the route taller, and the one where the walk stands."""
    upwards = alt.Scale(domain=[-1.4, 2.4], nice=False)
    x = _across((-0.04, 1.03))  # the first and the last year are written whole
    low = alt.Y("low:Q", scale=upwards, axis=None)
    dashes = (
        alt.Chart(alt.NamedData("dashes"))
        .mark_rule(strokeWidth=2, color=GREY)
        .encode(x=x, y=low, y2="high:Q", opacity=alt.Opacity("shade:Q", scale=None))
    )
    now = alt.Chart(alt.NamedData("now"))
    line = now.mark_rule(color=ERROR, strokeWidth=5).encode(x=x, y=low, y2="high:Q")
    year = now.mark_text(color=GREY, fontWeight="bold", baseline="middle").encode(
        x=x, y=alt.YDatum(1.9, axis=None), text="name:N"
    )
    ticks = (
        alt.Chart(alt.NamedData("ticks"))
        .mark_text(color=GREY, baseline="middle")
        .encode(x=x, y=alt.YDatum(-0.9, axis=None), text="name:N")
    )
    return (
        alt.layer(_bands(upwards, x), dashes, ticks, line, year, name="strip")
        .configure_view(stroke=None)
        .to_dict()
    )


def strip_data(t: Texts, stop: object) -> dict[str, pa.Table]:
    """Fill the ruler with a stop of the walk (experiments.history.Stop)."""
    return _ruler(stop.on_route, stop.event, every=10)


@cache
def glance(t: Texts) -> tuple[dict, dict[str, pa.Table], str]:
    """Return the ruler by itself, spec, tables and words: what the lecture names, from its first event on."""
    events = facts.load("timeline")
    named = (events["in_lecture"] == "yes").to_numpy()
    at = int(np.flatnonzero(named)[0])
    numbers = {"year": int(events["year"][at]), "n": len(events), "n_named": int(named.sum())}
    return strip(t), _ruler(named, at, every=20), t.say("glance_alt", **numbers)


def _ruler(tall: np.ndarray, at: int, *, every: int) -> dict[str, pa.Table]:
    eras = facts.load("eras")
    first, last = eras["start"].min() - 0.5, eras["end"].max() + 1.5
    x = (facts.dates("timeline") - first) / (last - first)
    winters = eras[eras["id"].str.startswith("winter")]
    years = range(1940 + every, 2021, every)
    return {
        "winters": table(
            x=(winters["start"].to_numpy() - first) / (last - first),
            x2=(winters["end"].to_numpy() + 1 - first) / (last - first),
            low=[-0.3] * len(winters),
            high=[1.3] * len(winters),
        ),
        "dashes": table(
            x=x, low=np.zeros(len(x)), high=np.where(tall, 1.0, 0.5), shade=np.where(tall, 1, 0.45)
        ),
        "ticks": table(x=(np.array(years) - first) / (last - first), name=[str(year) for year in years]),
        "now": table(x=[x[at]], low=[-0.3], high=[1.3], name=[str(facts.load("timeline")["year"][at])]),
    }


@cache
def winters(t: Texts) -> dict:
    """Draw two winters below each other, aligned at their first year, and what surrounded them."""
    upwards = alt.Scale(domain=[-0.9, 13], nice=False)
    x = _across((-21, 8))
    legend = alt.Legend(title=None, orient="top", symbolSize=170, labelLimit=0)
    looks = _scales([t.say(role) for role in ROLES], list(ROLES.values()), legend)
    y = alt.Y("y:Q", scale=upwards, axis=None)
    lanes = (
        alt.Chart(alt.NamedData("lanes"))
        .mark_text(color=GREY, fontWeight="bold", align="left", baseline="middle")
        .encode(x=x, y=y, text="name:N")
    )
    ticks = (
        alt.Chart(alt.NamedData("ticks"))
        .mark_text(color=GREY, baseline="middle")
        .encode(x=x, y=alt.YDatum(-0.4, axis=None), text="name:N")
    )
    found = alt.Chart(alt.NamedData("found"))
    marks = [
        found.transform_filter(f"datum.shown == {shown}")
        .mark_point(filled=True, size=170, opacity=1, **look)
        .encode(x=x, y=y, tooltip="tip:N", **roles)
        for shown, look, roles in ((0, {"color": GREY}, {}), (1, {}, looks))
    ]
    words = [
        found.transform_filter(f"datum.left == {left}")
        .mark_text(align=align, dx=dx, color=_WORDS, baseline="middle")
        .encode(x=x, y=y, text="label:N", tooltip="tip:N")
        for left, align, dx in ((0, "left", 11), (1, "right", -11))
    ]
    return (
        alt.layer(_bands(upwards, x), lanes, ticks, *words, *marks, name="winters")
        .configure_view(stroke=None)
        .to_dict()
    )


def winters_data(t: Texts, result: object, shown: bool) -> dict[str, pa.Table]:
    """Fill the two lanes from the result (experiments.history.Winters); their roles only when asked for."""
    events = facts.rows("timeline")
    found = [events[row] for row in result.event]
    roles = facts.load("winters")["role"]
    tops = np.where(result.winter == 1, 12.2, 5.7)
    return {
        "winters": table(
            x=[0.0, 0.0], x2=[length + 1.0 for length in result.length], low=[7.0, 0.5], high=[13.0, 6.5]
        ),
        "lanes": table(x=[-20.8, -20.8], y=[7.5, 1.0], name=[t.say("lane_1"), t.say("lane_2")]),
        "ticks": table(x=[-20, -15, -10, -5, 0, 5], name=["−20", "−15", "−10", "−5", "0", "+5"]),
        "found": table(
            x=result.x,
            y=tops - 0.95 * result.row,
            kind=[t.say(f"role_{role}") for role in roles],
            label=[event[f"label_{t.lang}"] for event in found],
            tip=[tip(t, event) for event in found],
            left=result.left.astype(int),
            shown=np.full(len(found), int(shown)),
        ),
    }
