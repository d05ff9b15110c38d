"""What a stack has learned, frame by frame: curves, regions of a plane, or answers to written digits."""

from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts import classes
from explainer.charts.board import INK
from explainer.charts.images import png
from explainer.charts.lines import Line, axis_x, axis_y, styles
from explainer.charts.moving import curves, recorded, table
from explainer.charts.palette import CLASSES, DASHED, DOTTED, ERROR, GREY, MODEL
from explainer.texts import Texts

LAST_FRAME = 59
_COLUMNS, _ROWS = 8, 5  # of the digits
Learned = object  # explainer.experiments.lego.Learned: charts know no experiments


def _frame() -> alt.Parameter:
    bound = alt.binding_range(min=0, max=LAST_FRAME, step=1, name="frame")
    return alt.param(name="frame", value=LAST_FRAME, bind=bound)


def _outputs() -> list[Line]:
    return [
        Line("y₁", CLASSES[0], thick=True),
        Line("y₂", CLASSES[1], DASHED),
        Line("y₃", CLASSES[2], DOTTED),
    ]


@cache
def learned_curves(t: Texts) -> dict:
    """Draw the curves of a stack at the frame of the play bar, and the points that it learns from."""
    x, y = axis_x("x", (-1, 1), (-1, 0)), axis_y((-2, 2), "y", (-2, -1, 0, 1, 2))
    looks = styles(_outputs())
    lines = alt.Chart(alt.NamedData("runs")).transform_calculate(value="datum['f' + frame]")
    points = alt.Chart(alt.NamedData("samples")).mark_point(filled=True, size=35, opacity=0.45, clip=True)
    return (
        alt.layer(
            points.encode(x=x, y=y, color=looks["color"]),
            lines.mark_line(clip=True).encode(x=x, y=y, **looks),
            name="learned_curves",
        )
        .add_params(_frame())
        .configure_legend(symbolOpacity=1)
        .to_dict()
    )


def learned_curves_data(
    t: Texts, grid: np.ndarray, y_hat: np.ndarray, x: np.ndarray, y: np.ndarray
) -> dict[str, pa.Table]:
    """Fill ``runs`` with y_hat (n_frames, n_grid, n_outputs), ``samples`` with x (n,), y (n, n_outputs)."""
    names = [look.name for look in _outputs()][: y.shape[1]]
    n = len(x)
    return {
        "runs": recorded(grid, list(np.moveaxis(y_hat, 2, 0)), names),
        "samples": table(x=np.tile(x, len(names)), value=y.T.ravel(), line=np.repeat(names, n)),
    }


def ink(image: np.ndarray) -> str:
    """Return a picture (n_rows, n_columns) of ink from 0 to 1 as the data URI of a PNG, grey on clear."""
    alpha = (255 * np.clip(image, 0, 1)).round().astype(np.uint8)
    pixels = np.stack([np.full_like(alpha, 0x76)] * 3 + [alpha], -1).repeat(4, 0).repeat(4, 1)
    return png(pixels)


@cache
def answers(t: Texts) -> dict:
    """Draw fresh digits, and beside each the answer at the frame of the play bar, a wrong one in red."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, _COLUMNS], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, _ROWS], nice=False), axis=None)
    images = alt.Chart(alt.NamedData("images")).mark_image(aspect=True)
    said = (
        alt.Chart(alt.NamedData("answers"))
        .transform_calculate(answer="datum['f' + frame]")
        .mark_text(baseline="middle", fontWeight="bold")
    )
    wrong = alt.datum["answer"] != alt.datum["truth"]
    return (
        alt.layer(
            images.encode(x=x, x2="x2:Q", y=y, y2="y2:Q", url="url:N"),
            said.encode(
                x=x,
                y=y,
                text=alt.Text("answer:Q", format="d"),
                color=alt.when(wrong).then(alt.value(ERROR)).otherwise(alt.value(MODEL)),
            ),
            name="answers",
        )
        .add_params(_frame())
        .configure_view(stroke=None)
        .to_dict()
    )


def answers_data(t: Texts, images: np.ndarray, truth: np.ndarray, said: np.ndarray) -> dict[str, pa.Table]:
    """Fill the picture with images (n, n_rows, n_columns), their classes and the answers (n_frames, n)."""
    row, column = np.divmod(np.arange(len(images)), _COLUMNS)
    top = _ROWS - row
    frames = {f"f{i}": answers.astype(int) for i, answers in enumerate(said)}
    return {
        "images": table(
            x=column + 0.04,
            x2=column + 0.6,
            y=top - 0.08,
            y2=top - 0.92,
            url=[ink(image) for image in images],
        ),
        "answers": table(x=column + 0.8, y=top - 0.5, truth=truth.astype(int), **frames),
    }


def picture(t: Texts, learned: Learned) -> tuple[dict, dict[str, pa.Table]]:
    """Return the picture of a `Learned`: its kind is that of the task."""
    X, y, views = learned.X, learned.y, learned.views
    if learned.kind == "curves":
        return learned_curves(t), learned_curves_data(t, learned.grid, np.stack(views), X[:, 0], y)
    if learned.kind == "images":
        return answers(t), answers_data(t, X, y, np.stack(views))
    regions = tuple(np.stack(part) for part in zip(*views[1::2], strict=True))
    return classes.regions(t), classes.regions_data(t, regions, X, y, np.zeros(len(y), bool))


# -- losses ----------------------------------------------------------------------------------------


def _runs(t: Texts) -> list[Line]:
    return [Line(t.say("on_training"), MODEL, thick=True), Line(t.say("on_fresh_ones"), CLASSES[1], DASHED)]


def lesson_marks(t: Texts) -> list[dict[str, str]]:
    """Return label, colour and dash of the two rows of the play bar's table."""
    first, second = _runs(t)
    return [
        {"label": first.name, "color": first.color, "dash": "solid"},
        {"label": second.name, "color": second.color, "dash": "dashed"},
    ]


@cache
def lesson_losses(t: Texts) -> dict:
    """Draw the loss frame by frame, of the samples that a stack learns from and of fresh ones."""
    x, y = axis_x(t.say("frame_axis"), (0, LAST_FRAME), (0, 20, 40)), axis_y((0, 2.5), "", (0, 1, 2))
    marks = styles(_runs(t), legend=False)
    base = alt.Chart(alt.NamedData("losses"))
    now = base.transform_filter("datum.x == frame")
    return (
        alt.layer(
            now.mark_rule(color=GREY).encode(x=x),
            base.mark_line(clip=True).encode(x=x, y=y, **marks),
            now.mark_point(filled=True, size=120, opacity=1, clip=True).encode(
                x=x, y=y, color=marks["color"]
            ),
            name="lesson_losses",
        )
        .add_params(_frame())
        .to_dict()
    )


def lesson_losses_data(t: Texts, losses: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``losses`` (2, n_frames), cut off where no axis reaches."""
    shown = np.clip(losses, 0, 1e6)
    return {"losses": curves(np.arange(LAST_FRAME + 1), list(shown), [look.name for look in _runs(t)])}


# -- a sample on its way ---------------------------------------------------------------------------

_STRIP = (37.0, 72.0)  # where tensors stand
_WORDS = 74.0


@cache
def journey(t: Texts) -> dict:
    """Draw bricks, and beside each the tensor that it makes: blue is positive, orange negative."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 100], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    color = alt.Color("color:N", scale=None)
    bricks = alt.Chart(alt.NamedData("bricks")).mark_rect(cornerRadius=3)
    tensors = alt.Chart(alt.NamedData("tensors")).mark_image(aspect=False)
    words = alt.Chart(alt.NamedData("words")).mark_text(align="left", baseline="middle", fontWeight="bold")
    return (
        alt.layer(
            bricks.encode(x=x, x2="x2:Q", y=y, y2="y2:Q", color=color),
            tensors.encode(x=x, x2="x2:Q", y=y, y2="y2:Q", url="url:N"),
            words.encode(x=x, y=y, color=color, text="text:N"),
            name="journey",
        )
        .configure_view(stroke=None)
        .to_dict()
    )


def journey_data(
    t: Texts,
    names: Sequence[str],
    looks: Sequence[tuple[str, str]],
    urls: Sequence[str],
    widths: Sequence[float],
    notes: Sequence[str],
) -> dict[str, pa.Table]:
    """Fill the picture, a row a joint: the brick's name, its colour and that of its words, its tensor.

    ``widths`` are from 0 to 1, the share of the place that a tensor's image takes; ``notes`` stand behind.
    """
    n = len(names)
    height = min(0.13, 1 / n)
    top = 1 - height * np.arange(n)
    middle = top - height / 2
    left, right = _STRIP
    colors = [*(ink for _, ink in looks), *[INK] * n]
    return {
        "bricks": table(
            x=np.zeros(n),
            x2=np.full(n, 34.0),
            y=top - 0.08 * height,
            y2=top - 0.92 * height,
            color=[color for color, _ in looks],
        ),
        "tensors": table(
            x=np.full(n, left),
            x2=left + (right - left) * np.array(widths),
            y=top - 0.1 * height,
            y2=top - 0.9 * height,
            url=list(urls),
        ),
        "words": table(
            x=np.concatenate([np.full(n, 1.0), np.full(n, _WORDS)]),
            y=np.tile(middle, 2),
            text=[*names, *notes],
            color=colors,
        ),
    }
