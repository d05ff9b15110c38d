"""Lines over x: the picture of a regression and of everything built from regressions."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from explainer.charts.palette import SOLID

X_VIEW = (-3, 3)
THICK = 4.5  # px
NARROW = alt.ExprRef("width > 520 ? 0 : 2")  # columns of a long legend: all in one line where there is room


@dataclass(frozen=True)
class Line:
    """How one of the lines looks: the name in its legend, its colour, its dash, thick or thin."""

    name: str
    color: str
    dash: Sequence[int] = tuple(SOLID)
    thick: bool = False


def axis_x(
    title: str = "x", domain: tuple[float, float] = X_VIEW, values: Sequence[float] = (-2, -1, 0, 1, 2)
) -> alt.X:
    """Return an x axis that does not move with the data; its title stands at the end of the tick labels."""
    axis = alt.Axis(
        title=title,
        values=list(values),
        titleAnchor="end",
        titleAlign="right",
        titleBaseline="top",
        titleY=7,
        labelFlush=False,
    )
    return alt.X("x:Q", scale=alt.Scale(domain=list(domain), nice=False), axis=axis)


def axis_y(
    domain: tuple[float, float], title: str = "y", values: Sequence[float] = (-4, -2, 0, 2, 4)
) -> alt.Y:
    """Return a y axis that does not move with the data; its title stands upright above the tick labels."""
    axis = alt.Axis(
        title=title,
        values=list(values),
        titleAngle=0,
        titleAlign="right",
        titleBaseline="top",
        titleX=-8,
        titleY=-2,
    )
    return alt.Y("value:Q", scale=alt.Scale(domain=list(domain), nice=False), axis=axis)


def styles(
    looks: Sequence[Line], *, thin: float = 2.5, legend: bool = True, columns: int | alt.ExprRef = 0
) -> dict[str, object]:
    """Encode the looks of named lines; the legend shows colour and dash at once. ``thin`` is in px.

    A narrow picture has its legend in few ``columns``; 0 puts all names in one line.
    """
    names = [look.name for look in looks]
    key = {"title": None, "orient": "top", "symbolType": "stroke", "symbolSize": 300, "labelLimit": 0}
    shown = alt.Legend(**key, **({"columns": columns} if columns else {})) if legend else None
    thick = alt.FieldOneOfPredicate(field="line", oneOf=[look.name for look in looks if look.thick])
    return {
        "color": alt.Color(
            "line:N", scale=alt.Scale(domain=names, range=[look.color for look in looks]), legend=shown
        ),
        "strokeDash": alt.StrokeDash(
            "line:N", scale=alt.Scale(domain=names, range=[list(look.dash) for look in looks]), legend=shown
        ),
        "strokeWidth": alt.when(thick).then(alt.value(THICK)).otherwise(alt.value(thin)),
    }


def lines(name: str, looks: Sequence[Line], *, domain: tuple[float, float], thin: float = 2.5) -> dict:
    """Draw lines from the data set ``lines`` with columns x, value, line (a name of ``looks``) and curve.

    ``curve`` tells curves of one name apart.
    """
    chart = (
        alt.Chart(alt.NamedData("lines"), name=name)
        .mark_line(clip=True)
        .encode(x=axis_x(), y=axis_y(domain), detail="curve:N", **styles(looks, thin=thin))
    )
    return chart.to_dict()
