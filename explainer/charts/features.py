"""What every neuron of a net answers over the plane, layer by layer, and how complex that is."""

from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.lines import THICK
from explainer.charts.moving import table
from explainer.charts.palette import GREY, MODEL
from explainer.charts.tiles import surface
from explainer.texts import Texts

MOST_LAYERS = 4
_ACROSS = 2  # maps side by side in a layer
_ROWS = 3
_HEAD = 0.55  # height of the names above, in maps


def _x() -> alt.X:
    """Return the axis of both pictures: the inputs at 0, then the layers, then the output."""
    return alt.X("x:Q", scale=alt.Scale(domain=[0, MOST_LAYERS + 2], nice=False), axis=None)


@cache
def feature_maps(t: Texts) -> dict:
    """Draw a small map for every input, hidden neuron and output, in columns of layers."""
    x = _x()
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, _ROWS + _HEAD], nice=False), axis=None)
    maps = alt.Chart(alt.NamedData("maps"))
    frames = {"x": x, "x2": "x2:Q", "y": y, "y2": "y2:Q"}
    return (
        alt.layer(
            maps.mark_image(aspect=False).encode(**frames, url="url:N"),
            maps.mark_rect(filled=False, stroke=GREY, strokeWidth=1).encode(**frames),
            alt.Chart(alt.NamedData("heads"))
            .mark_text(baseline="middle", fontWeight="bold", color=GREY)
            .encode(x=x, y=y, text="name:N"),
            name="feature_maps",
        )
        .configure_view(stroke=None)
        .to_dict()
    )


def feature_maps_data(
    t: Texts, inputs: np.ndarray, maps: np.ndarray, output: np.ndarray
) -> dict[str, pa.Table]:
    """Fill ``maps`` from inputs (2, n, n), hidden neurons (n_layers, n_neurons, n, n) and output (n, n)."""
    columns = [inputs, *maps, output[None]]
    rows = []
    for column, layer in enumerate(columns):
        across = 1 if len(layer) <= _ACROSS else _ACROSS
        width = 1 / _ACROSS
        for i, values in enumerate(layer):
            left = column + (1 - across * width) / 2 + (i % across) * width
            n_rows = -(-len(layer) // across)
            top = _ROWS - (_ROWS - n_rows) / 2 - i // across
            rows.append((left + 0.02, left + width - 0.02, top - 0.04, top - 0.96, surface(values)))
    x, x2, y, y2, url = zip(*rows, strict=True)
    names = [t.say("inputs_head"), *(t.say("layer_head", n=i + 1) for i in range(len(maps))), "p̂"]
    heads = [column + 0.5 for column in range(len(columns))]
    return {
        "maps": table(x=x, x2=x2, y=y, y2=y2, url=url),
        "heads": table(x=heads, y=[_ROWS + 0.6 * _HEAD] * len(heads), name=names),
    }


@cache
def feature_complexity(t: Texts) -> dict:
    """Draw the complexity of every neuron and the mean of its layer, under the columns of the maps."""
    x = _x()
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, 45], type="sqrt", nice=False), axis=None)
    means = alt.Chart(alt.NamedData("means"))
    text = {"fontWeight": "bold", "baseline": "bottom", "dy": -8}
    return (
        alt.layer(
            means.mark_line(color=MODEL, strokeWidth=THICK).encode(x=x, y=y),
            alt.Chart(alt.NamedData("neurons"))
            .mark_point(filled=True, size=45, color=GREY, opacity=0.8)
            .encode(x=x, y=y),
            means.mark_point(filled=True, size=130, color=MODEL, opacity=1).encode(x=x, y=y),
            means.mark_text(stroke="Canvas", strokeWidth=6, strokeJoin="round", **text).encode(
                x=x, y=y, text="name:N"
            ),
            means.mark_text(color=MODEL, **text).encode(x=x, y=y, text="name:N"),
            name="feature_complexity",
        )
        .configure_view(stroke=None)
        .to_dict()
    )


def feature_complexity_data(t: Texts, complexity: Sequence[np.ndarray]) -> dict[str, pa.Table]:
    """Fill ``neurons`` and ``means`` with the complexity (n_neurons,) of every layer, the output last."""
    place = [np.full(len(layer), column + 1.5) for column, layer in enumerate(complexity)]
    means = [float(layer.mean()) for layer in complexity]
    names = [t.say("one_decimal", value=mean) for mean in means]
    return {
        "neurons": table(x=np.concatenate(place), y=np.concatenate(list(complexity))),
        "means": table(x=[column + 1.5 for column in range(len(means))], y=means, name=names),
    }
