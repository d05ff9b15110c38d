"""Linear pieces: a broken line, a strip that is folded, a plane that is cut, and how their numbers grow."""

from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.classification import frame
from explainer.charts.images import channels, png
from explainer.charts.lines import THICK, Line, axis_x, axis_y, styles
from explainer.charts.moving import curves, recorded, table
from explainer.charts.palette import CLASSES, DASHDOTTED, DASHED, GREY, MODEL, SHAPES
from explainer.texts import Texts

LAST_LAYER, MOST_PIECES = 6, 1e6
_OUT_OF_SIGHT = 1e3
_TENS = "datum.value > 1e5 ? '10⁶' : datum.value > 1e3 ? '10⁴' : format(datum.value, 'd')"
RADIUS = 3
_PANE = 130  # of 255: the opacity of a region's colour


@cache
def broken_line(t: Texts) -> dict:
    """Draw the pieces of a network in two alternating blues, and its breaks."""
    x = axis_x(domain=(-1, 1), values=(-1, 0))
    y = axis_y((-1.15, 1.45), values=(-1, 0, 1))
    lines = alt.Chart(alt.NamedData("pieces")).mark_line(strokeWidth=THICK, strokeCap="butt")
    breaks = alt.Chart(alt.NamedData("breaks")).mark_point(
        filled=True, size=36, color=GREY, opacity=1, clip=True
    )
    return alt.layer(
        lines.encode(x=x, y=y, detail="piece:N", stroke=alt.Stroke("shade:N", scale=None)),
        breaks.encode(x=x, y=y),
        name="broken_line",
    ).to_dict()


def broken_line_data(x: np.ndarray, y: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``pieces`` and ``breaks`` from the ends of the pieces x and y, both (n_pieces + 1,)."""
    piece = np.repeat(np.arange(len(x) - 1), 2)
    inner = (x[1:-1], y[1:-1]) if len(x) > 2 else ([_OUT_OF_SIGHT], [0.0])
    return {
        "pieces": table(
            x=np.repeat(x, 2)[1:-1],
            value=np.repeat(y, 2)[1:-1],
            piece=piece,
            shade=np.array([MODEL, CLASSES[4]])[piece % 2],
        ),
        "breaks": table(x=inner[0], value=inner[1]),
    }


def _growth_looks(t: Texts) -> list[Line]:
    return [
        Line(t.say("this_network"), MODEL, thick=True),
        Line(t.say("one_layer_most"), CLASSES[1], DASHDOTTED),
        Line(t.say("shape_bound"), GREY, DASHED),
    ]


@cache
def pieces_growth(t: Texts, of: str = "n_pieces") -> dict:
    """Draw how many pieces, or regions, there are after each layer, and two bounds, on a logarithmic axis."""
    x = axis_x(t.say("after_layers"), (0, LAST_LAYER), (0, 2, 4))
    upwards = {
        "scale": alt.Scale(type="log", domain=[1, MOST_PIECES], nice=False),
        "axis": alt.Axis(
            title=t.say(of),
            values=[1, 100, 10_000, 1_000_000],
            labelExpr=_TENS,
            titleAngle=0,
            titleAlign="left",
            titleBaseline="top",
            titleX=6,
            titleY=2,
        ),
    }
    band = (
        alt.Chart(alt.NamedData("band"))
        .mark_area(color=MODEL, opacity=0.25, clip=True)
        .encode(x=x, y=alt.Y("low:Q", **upwards), y2="high:Q")
    )
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_line(point=True, clip=True)
        .encode(x=x, y=alt.Y("value:Q", **upwards), **styles(_growth_looks(t), columns=1))
    )
    name = "pieces_growth" if of == "n_pieces" else f"pieces_growth_{of}"
    return alt.layer(band, lines, name=name).to_dict()


def pieces_growth_data(
    t: Texts, here: np.ndarray, one_layer: np.ndarray, bound: np.ndarray, low: np.ndarray, high: np.ndarray
) -> dict[str, pa.Table]:
    """Fill ``lines`` and ``band`` with numbers (n_layers,); before the first layer there is one piece."""
    names = [look.name for look in _growth_looks(t)]
    layers = np.arange(len(here) + 1)
    here, one_layer, bound, low, high = (
        np.concatenate([[1.0], values]) for values in (here, one_layer, bound, low, high)
    )
    return {
        "lines": curves(layers, [here, one_layer, np.minimum(bound, 1e9)], names),
        "band": table(x=layers, low=low, high=high),
    }


@cache
def folded(t: Texts) -> dict:
    """Draw where each place x of a strip lies after the folds of the frame."""
    x = axis_x(domain=(0, 1), values=(0, 0.5))
    y = axis_y((-0.04, 1.2), "h", values=(0, 0.5, 1))
    strip = alt.Chart(alt.NamedData("strip")).transform_calculate(value="datum['f' + frame]")
    return (
        alt.layer(
            strip.mark_line(color=MODEL, strokeWidth=3, strokeJoin="round").encode(x=x, y=y),
            strip.mark_point(filled=True, size=26, color=GREY, opacity=1).encode(x=x, y=y),
            name="folded",
        )
        .add_params(frame())
        .to_dict()
    )


def folded_data(t: Texts, x: np.ndarray, strip: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``strip`` with places x (n_points,) and their heights in all frames (n_frames, n_points)."""
    return {"strip": recorded(x, [strip], [t.say("deep_net")])}


def fold_marks(t: Texts) -> list[dict[str, str]]:
    """Return label, colour and dash of the strip, for the table of the play bar."""
    return [{"label": t.say("deep_net"), "color": MODEL, "dash": "solid"}]


def _price_looks(t: Texts) -> list[Line]:
    return [
        Line(t.say("deep_net"), MODEL, thick=True),
        Line(t.say("wide_net"), CLASSES[1], DASHDOTTED),
    ]


@cache
def prices(t: Texts) -> dict:
    """Draw pieces against parameters, both logarithmic: folding networks, and one wide layer."""
    log = {"type": "log", "nice": False}
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[3, 5000], **log),
        axis=alt.Axis(title=t.say("n_parameters"), values=[10, 100, 1000], format="~g", titleAnchor="end"),
    )
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[1, 10_000], **log),
        axis=alt.Axis(
            title=t.say("n_pieces"),
            values=[1, 100, 10_000],
            labelExpr=_TENS,
            titleAngle=0,
            titleAlign="left",
            titleBaseline="top",
            titleX=6,
            titleY=2,
        ),
    )
    lines = alt.Chart(alt.NamedData("lines")).mark_line(point=True)
    now = alt.Chart(alt.NamedData("now")).mark_point(size=300, strokeWidth=3, color=GREY, opacity=1)
    return alt.layer(
        lines.encode(x=x, y=y, **styles(_price_looks(t), columns=1)), now.encode(x=x, y=y), name="prices"
    ).to_dict()


def prices_data(
    t: Texts, parameters: np.ndarray, pieces: np.ndarray, now: tuple[int, int], n_pieces: int
) -> dict[str, pa.Table]:
    """Fill ``lines`` with parameters and pieces, both (2, n_nets), deep first.

    ``now`` are the prices of the deep and the wide network of ``n_pieces`` that are ringed.
    """
    names = [look.name for look in _price_looks(t)]
    line = np.repeat(names, parameters.shape[1])
    return {
        "lines": table(x=parameters.ravel().astype(float), value=pieces.ravel().astype(float), line=line),
        "now": table(x=[float(price) for price in now], value=2 * [float(n_pieces)]),
    }


def _panes() -> tuple[bytes, bytes]:
    """Return colours and opacities: five panes, the clear gaps between them, and the border of the answer."""
    rgb = np.array([channels(color) for color in (*CLASSES, GREY, GREY)], np.uint8)
    return rgb.tobytes(), bytes([*len(CLASSES) * [_PANE], 0, 255])


def glass_png(colors: np.ndarray, positive: np.ndarray) -> str:
    """Return regions (n_rows, n_columns) of colours 0 to 4 as the data URI of a PNG, clear lines between.

    Where ``positive`` changes there is a thick grey line.
    """
    gap, border = (_changes(values) for values in (colors, positive))
    thick = border.copy()
    thick[1:] |= border[:-1]
    thick[:-1] |= border[1:]
    thick[:, 1:] |= border[:, :-1]
    thick[:, :-1] |= border[:, 1:]
    pixels = np.where(thick, len(CLASSES) + 1, np.where(gap, len(CLASSES), colors)).astype(np.uint8)
    return png(pixels, *_panes())


def _changes(values: np.ndarray) -> np.ndarray:
    """Mark the pixels whose right or lower neighbour differs."""
    change = np.zeros(values.shape, bool)
    change[:, :-1] |= values[:, 1:] != values[:, :-1]
    change[:-1] |= values[1:] != values[:-1]
    return change


@cache
def glass(t: Texts) -> dict:
    """Draw a square of the plane, its regions painted, and the points that a network has learned from."""
    view = (-RADIUS, RADIUS)
    x = axis_x("x₁", domain=view, values=(-2, 0, 2))
    y = axis_y(view, "x₂", values=(-2, 0, 2))
    image = alt.Chart(alt.NamedData("image")).mark_image(aspect=False)
    points = alt.Chart(alt.NamedData("points")).mark_point(
        filled=True, size=60, opacity=1, stroke="Canvas", strokeWidth=1.2, clip=True
    )
    return alt.layer(
        image.encode(x=x, x2="x2:Q", y=y, y2="value2:Q", url="url:N"),
        points.encode(x=x, y=y, fill=alt.Fill("color:N", scale=None), shape=alt.Shape("shape:N", scale=None)),
        name="glass",
    ).to_dict()


def glass_data(colors: np.ndarray, positive: np.ndarray, X: np.ndarray, y: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``image`` (n_rows, n_columns), ``points`` from X (n_samples, 2), if any, and y, -1 or 1."""
    kind = (y > 0).astype(int) if len(y) else np.array([0])
    X = X if len(X) else np.full((1, 2), _OUT_OF_SIGHT)
    side = float(RADIUS)
    url = glass_png(colors, positive)
    return {
        "image": table(x=[-side], x2=[side], value=[side], value2=[-side], url=[url]),
        "points": table(
            x=X[:, 0], value=X[:, 1], color=np.array(CLASSES)[kind], shape=np.array(SHAPES)[kind]
        ),
    }
