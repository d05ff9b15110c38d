"""Lines over x: the picture of a regression and of everything built from regressions."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from explainer.charts.palette import SOLID

X_VIEW = (-3, 3)


@dataclass(frozen=True)
class Line:
    """How one of the lines looks: the name in its legend, colour, dash, width in px."""

    name: str
    color: str
    dash: Sequence[int] = tuple(SOLID)
    width: float = 2


def axis_x() -> alt.X:
    """Return the x axis that all lines share."""
    return alt.X(
        "x:Q", scale=alt.Scale(domain=list(X_VIEW), nice=False), axis=alt.Axis(title="x", tickCount=6)
    )


def axis_y(domain: tuple[float, float], title: str, field: str = "value") -> alt.Y:
    """Return a y axis that does not move with the data."""
    return alt.Y(
        f"{field}:Q",
        scale=alt.Scale(domain=list(domain), nice=False),
        axis=alt.Axis(title=title, tickCount=6),
    )


def styles(looks: Sequence[Line], *, legend: bool = True) -> dict[str, object]:
    """Encode the looks of named lines; the legend shows colour, dash and width at once."""
    sort = {"domain": [look.name for look in looks]}
    key = {"title": None, "orient": "top", "symbolType": "stroke", "symbolSize": 500, "labelLimit": 0}
    legend = alt.Legend(**key) if legend else None
    return {
        "color": alt.Color(
            "line:N", scale=alt.Scale(**sort, range=[look.color for look in looks]), legend=legend
        ),
        "strokeDash": alt.StrokeDash(
            "line:N", scale=alt.Scale(**sort, range=[list(look.dash) for look in looks]), legend=legend
        ),
        "strokeWidth": alt.StrokeWidth(
            "line:N", scale=alt.Scale(**sort, range=[look.width for look in looks]), legend=legend
        ),
    }


def lines(name: str, looks: Sequence[Line], *, domain: tuple[float, float], y: str = "y") -> dict:
    """Draw lines from the data set ``lines`` with columns x, value, line (a name of ``looks``)."""
    chart = (
        alt.Chart(alt.NamedData("lines"), name=name)
        .mark_line(clip=True)
        .encode(x=axis_x(), y=axis_y(domain, y), **styles(looks))
    )
    return chart.to_dict()
