"""The working replicas of the page on history: gates, a retina, XOR, certainty factors, a fall of errors."""

from collections.abc import Mapping, Sequence
from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer import facts
from explainer.charts.lines import axis_x, axis_y
from explainer.charts.moving import table
from explainer.charts.palette import CLASSES, DASHED, ERROR, GREY, MODEL, NEGATIVE, POSITIVE
from explainer.charts.tiles import strip
from explainer.charts.tiles import surface as surface_image
from explainer.texts import Texts, fixed

_VIEW = (-0.5, 1.5)
SHAPES = ("shape_square", "shape_circle", "shape_cross", "shape_triangle", "shape_t")
PAIR = {"one": "shape_square", "other": "shape_cross"}  # at first
_CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))


def _plane(name: str) -> dict:
    """Draw the plane of two inputs: where the answer is 1, the inputs by class, a ring where it is wrong."""
    x, y = axis_x("x₁", _VIEW, (0, 1)), axis_y(_VIEW, "x₂", (0, 1))
    image = alt.Chart(alt.NamedData("surface")).mark_image(aspect=False, clip=True)
    painted = image.encode(x=x, x2="x2:Q", y=y, y2="value2:Q", url="url:N")
    classes = alt.Scale(domain=["0", "1"], range=[POSITIVE, NEGATIVE])
    corners = alt.Chart(alt.NamedData("corners"))
    points = corners.mark_point(filled=True, size=420, opacity=1).encode(
        x=x,
        y=y,
        color=alt.Color("sign:N", scale=classes, legend=None),
        shape=alt.Shape(
            "sign:N", scale=alt.Scale(domain=["0", "1"], range=["circle", "triangle-up"]), legend=None
        ),
    )
    rings = (
        corners.transform_filter("datum.wrong == 1")
        .mark_point(size=1500, strokeWidth=4, color=ERROR, opacity=1)
        .encode(x=x, y=y)
    )
    answers = corners.mark_text(dx=26, dy=-18, align="left", color=GREY, fontWeight="bold").encode(
        x=x, y=y, text="answer:N"
    )
    return alt.layer(painted, points, rings, answers, name=name).to_dict()


def _fill_plane(
    t: Texts, surface: np.ndarray, target: Sequence[int], output: np.ndarray
) -> dict[str, pa.Table]:
    """Fill the plane: surface (n_cells,) between 0 and 1, row by row, and the answers (4,) to the inputs."""
    side = round(len(surface) ** 0.5)
    half = (_VIEW[1] - _VIEW[0]) / (side - 1) / 2  # of a pixel: the outer ones are cut in half
    low, high = _VIEW[0] - half, _VIEW[1] + half
    said = (output > 0.5).astype(int)
    image = surface_image(2 * surface.reshape(side, side)[::-1] - 1)  # from above
    return {
        "surface": table(x=[low], x2=[high], value=[low], value2=[high], url=[image]),
        "corners": table(
            x=[float(a) for a, _ in _CORNERS],
            value=[float(b) for _, b in _CORNERS],
            sign=[str(int(value)) for value in target],
            wrong=(said != np.asarray(target)).astype(int),
            answer=[t.say("unit_says", value=_answer(float(value))) for value in output],
        ),
    }


def _answer(value: float) -> str:
    """Write 0 and 1 as whole numbers, what lies between them with two decimals."""
    return fixed(value, 0 if value in (0, 1) else 2)


@cache
def gates(t: Texts) -> dict:
    """Draw where a threshold unit fires."""
    return _plane("gates")


def gates_data(t: Texts, net: object) -> dict[str, pa.Table]:
    """Fill the plane with the answers of a unit (experiments.history.Gate)."""
    return _fill_plane(t, net.surface, net.target, net.output)


@cache
def hidden_layer(t: Texts) -> dict:
    """Draw the surface of a network on XOR."""
    return _plane("hidden_layer")


def hidden_layer_data(t: Texts, net: object) -> dict[str, pa.Table]:
    """Fill the plane with the answers of a network (experiments.history.Xor)."""
    return _fill_plane(t, net.surface, net.target, net.output)


@cache
def retina(t: Texts) -> dict:
    """Draw three squares of 20 × 20 cells: two pictures that were never shown before, and the weights."""
    base = alt.Chart(alt.NamedData("tiles"))
    y = alt.Y("y:Q", scale=alt.Scale(domain=[-0.1, 0.92], nice=False), axis=None)
    tiles = base.mark_image(aspect=True).encode(
        x=alt.X("x:Q", scale=alt.Scale(domain=[0, 3], nice=False), axis=None),
        y=y,
        x2="x2:Q",
        y2="y2:Q",
        url="url:N",
    )
    names = base.mark_text(baseline="middle", color=GREY, fontWeight="bold").encode(
        x=alt.X("middle:Q"), y=alt.datum(-0.01), text="name:N"
    )
    return alt.layer(tiles, names, name="retina").configure_view(stroke=None).to_dict()


def retina_data(
    t: Texts, samples: np.ndarray, weight: np.ndarray, names: Sequence[str]
) -> dict[str, pa.Table]:
    """Fill ``tiles`` with two pictures (2, 20, 20) and the weights (20, 20), drawn to their largest entry."""
    scaled = weight * (2.5 / max(1.0, np.abs(weight).max()))
    return {"tiles": table(**strip([*(2.5 * samples), scaled], [*names, t.say("weights")]))}


@cache
def learning(t: Texts) -> dict:
    """Draw the share of fresh pictures that are named rightly, lesson by lesson, and the present lesson."""
    x = axis_x(t.say("lessons_axis"), (0, 200), (0, 50, 100))
    y = axis_y((0.3, 1.35), t.say("lessons_right"), (0.5, 1))
    y["axis"]["format"] = "%"
    lessons = alt.Chart(alt.NamedData("lessons"))
    chance = lessons.mark_line(color=GREY, strokeDash=DASHED).encode(x=x, y=alt.Y("chance:Q"))
    line = lessons.mark_line(color=MODEL, strokeWidth=3, clip=True).encode(x=x, y=y)
    now = (
        lessons.transform_filter("datum.now == 1")
        .mark_point(filled=True, size=220, opacity=1, color=MODEL)
        .encode(x=x, y=y)
    )
    return alt.layer(chance, line, now, name="learning").to_dict()


def learning_data(t: Texts, accuracy: np.ndarray, at: int) -> dict[str, pa.Table]:
    """Fill ``lessons`` with the accuracy (n_lessons + 1,) and the present lesson."""
    n = np.arange(len(accuracy))
    return {
        "lessons": table(x=n, value=accuracy, chance=np.full(len(n), 0.5), now=(n == at).astype(int)),
    }


@cache
def mycin(t: Texts) -> dict:
    """Draw what three rules say and what they say together, as bars from surely not to surely."""
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[-1, 1], nice=False),
        axis=alt.Axis(title=t.say("certainty_axis"), values=[-1, -0.5, 0, 0.5, 1], labelFlush=False),
    )
    y = alt.Y("y:Q", scale=alt.Scale(domain=[-0.2, 4.1], nice=False), axis=None)
    bars = alt.Chart(alt.NamedData("bars"))
    color = alt.Color("sign:N", scale=alt.Scale(domain=["+", "−"], range=[POSITIVE, NEGATIVE]), legend=None)
    drawn = bars.mark_rect().encode(x=x, x2="x2:Q", y=y, y2="y2:Q", color=color)
    names = bars.mark_text(align="left", baseline="bottom", dy=-4, color=GREY, fontWeight="bold").encode(
        x=alt.datum(-1), y=alt.Y("y2:Q"), text="name:N"
    )
    zero = bars.mark_rule(color=GREY, strokeWidth=2).encode(x=alt.datum(0), y=y, y2="y2:Q")
    return alt.layer(drawn, zero, names, name="mycin").configure_view(stroke=None).to_dict()


def mycin_data(t: Texts, found: object) -> dict[str, pa.Table]:
    """Fill ``bars`` with what the rules say and what all say together (experiments.history.Diagnosis)."""
    values = [*found.factors.tolist(), found.together]
    names = [t.say(f"rule_{i}", cf=value) for i, value in enumerate(values[:-1], 1)]
    low = np.array([3.0, 2.0, 1.0, 0.0])
    return {
        "bars": table(
            x=np.minimum(0, values),
            x2=np.maximum(0, values),
            y=low,
            y2=low + np.array([0.4, 0.4, 0.4, 0.55]),
            sign=["−" if value < 0 else "+" for value in values],
            name=[*names, t.say("rules_together", cf=found.together)],
        )
    }


@cache
def alexnet(t: Texts) -> dict:
    """Draw the winners' errors by year, one person's error, the reader's guess, and what a line foretells."""
    x = axis_x(" ", (2009.5, 2017.6), tuple(range(2010, 2018)))
    x["axis"]["format"] = "d"
    y = axis_y((-3.5, 37), "%", (0, 10, 20, 30))
    winners = alt.Chart(alt.NamedData("winners")).transform_filter("datum.shown == 1")
    tip = {"tooltip": "tip:N"}
    line = winners.mark_line(color=MODEL, strokeWidth=4).encode(x=x, y=y)
    dots = winners.mark_point(filled=True, size=170, opacity=1, color=MODEL).encode(x=x, y=y, **tip)
    names = [
        winners.transform_filter(years)
        .mark_text(align="left", baseline="middle", dx=dx, dy=dy, color=GREY)
        .encode(x=x, y=y, text="name:N", **tip)
        for years, dx, dy in (
            ("datum.x < 2015", 12, -4),
            ("datum.x > 2014", -8, 22),
        )
    ]
    human = alt.Chart(alt.NamedData("human"))
    person = human.mark_line(color=GREY, strokeDash=DASHED, strokeWidth=2).encode(x=x, y=y)
    who = (
        human.transform_filter("datum.x < 2010")
        .mark_text(align="left", dx=4, dy=14, color=GREY)
        .encode(x=x, y=y, text="name:N")
    )
    guesses = alt.Chart(alt.NamedData("guesses")).transform_filter("datum.shown == 1")
    kinds = alt.Scale(domain=["guess", "line"], range=["diamond", "cross"])
    marks = guesses.mark_point(size=260, strokeWidth=4, opacity=1).encode(
        x=x,
        y=y,
        shape=alt.Shape("kind:N", scale=kinds, legend=None),
        color=alt.Color(
            "kind:N", scale=alt.Scale(domain=["guess", "line"], range=[CLASSES[1], GREY]), legend=None
        ),
    )
    word = {"baseline": "middle", "color": GREY, "fontWeight": "bold"}
    said = [
        guesses.transform_filter(f"datum.kind == '{kind}'")
        .mark_text(align=align, dx=dx, **word)
        .encode(x=x, y=y, text="name:N")
        for kind, align, dx in (("guess", "right", -16), ("line", "left", 16))
    ]
    return alt.layer(person, who, line, dots, *names, marks, *said, name="alexnet").to_dict()


def alexnet_data(t: Texts, found: object, shown: bool) -> dict[str, pa.Table]:
    """Fill the picture (experiments.history.Drop); before it is asked for, only 2010 and 2011 are shown."""
    machines = (row for row in facts.rows("imagenet") if row["agent"] == "machine")
    winners = sorted(machines, key=lambda row: row["year"])
    years = np.array([row["year"] for row in winners])
    return {
        "winners": table(
            x=years.astype(float),
            value=[row["error_pct"] for row in winners],
            name=[_short(row["system"]) for row in winners],
            tip=[_winner(t, row) for row in winners],
            shown=((years < 2012) | shown).astype(int),
        ),
        "human": table(x=[2009.5, 2017.6], value=[found.human] * 2, name=[t.say("one_person")] * 2),
        "guesses": table(
            x=[2012.0, 2012.0],
            value=[found.guess, found.foretold],
            kind=["guess", "line"],
            name=[t.say("your_guess"), t.say("straight_on")],
            shown=[1, int(shown)],
        ),
    }


def _short(name: str) -> str:
    """Shorten the name of a winner; one that has no room between its neighbours is read by pointing at it."""
    return " " if name in ("NEC-UIUC", "XRCE", "Trimps-Soushen") else name.split(" (")[0]


def _winner(t: Texts, row: Mapping[str, object]) -> str:
    return t.say(
        "winner",
        year=int(row["year"]),
        name=row["system"],
        error=row["error_pct"],
        note=row[f"note_{t.lang}"],
    )
