"""Two runs side by side: the answer before, the answer now, and where they differ."""

from functools import cache

import altair as alt
import numpy as np
import pyarrow as pa

from explainer.charts.images import channels, png
from explainer.charts.lines import Line, axis_y, styles
from explainer.charts.moving import table
from explainer.charts.palette import CLASSES, DASHED, GREY, MODEL
from explainer.texts import Texts

LAST_FRAME = 59
LOSS_VIEW = (1e-4, 10.0)
_STRONGEST = 0.75
_GAP = 0.02  # between two pictures, which are one unit wide each


def _png(colors: np.ndarray, strength: np.ndarray) -> str:
    """Return the data URI of a picture of colours (n, n, 3) with opacities (n, n) from 0 to 1."""
    alpha = (255 * np.clip(strength, 0, 1))[..., None]
    return png(np.concatenate([colors, alpha], axis=2).round().astype(np.uint8))


def _signed(values: np.ndarray) -> str:
    """Draw values from -1 to 1 from blue over clear to orange."""
    colors = np.where((values < 0)[..., None], channels(CLASSES[0]), channels(CLASSES[1]))
    return _png(colors, _STRONGEST * np.abs(values))


def _winners(winner: np.ndarray, sure: np.ndarray) -> str:
    colors = np.stack([channels(color) for color in CLASSES])[winner.astype(int)]
    return _png(colors, _STRONGEST * sure)


@cache
def surfaces(t: Texts) -> dict:
    """Draw three pictures of the plane in a row, each under its name."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 3 + 2 * _GAP], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, 1.16], nice=False), axis=None)
    base = alt.Chart(alt.NamedData("planes"))
    return (
        alt.layer(
            base.mark_image(aspect=False).encode(x=x, x2="x2:Q", y=y, y2="y2:Q", url="url:N"),
            base.mark_rect(fillOpacity=0, stroke=GREY).encode(x=x, x2="x2:Q", y=y, y2="y2:Q"),
            base.mark_text(baseline="bottom", dy=-4, color=GREY, fontWeight="bold").encode(
                x=alt.X("middle:Q", axis=None), y=alt.Y("y2:Q", axis=None), text="name:N"
            ),
            name="surfaces",
        )
        .configure_view(stroke=None)
        .to_dict()
    )


def surfaces_data(
    t: Texts,
    before: tuple[np.ndarray, np.ndarray | None],
    now: tuple[np.ndarray, np.ndarray | None],
    difference: np.ndarray,
) -> dict[str, pa.Table]:
    """Fill ``planes`` from the answers before and now, and their difference (n, n).

    An answer is a pair: signed values (n, n) and nothing, or the class that wins and how sure it is.
    """
    urls = [_signed(values) if sure is None else _winners(values, sure) for values, sure in (before, now)]
    urls.append(_signed(difference))
    left = np.arange(3) * (1 + _GAP)
    names = [t.say(name) for name in ("shelf_before", "shelf_now", "shelf_difference")]
    return {
        "planes": table(
            x=left, x2=left + 1, y=np.zeros(3), y2=np.ones(3), middle=left + 0.5, url=urls, name=names
        )
    }


def _looks(t: Texts) -> list[Line]:
    return [Line(t.say("shelf_before"), CLASSES[1], DASHED), Line(t.say("shelf_now"), MODEL, thick=True)]


@cache
def two_runs(t: Texts) -> dict:
    """Draw the test losses of the run before and of the run now, frame by frame."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, LAST_FRAME], nice=False), axis=None)
    y = axis_y(LOSS_VIEW, t.say("test_loss_axis"), (0.001, 0.1, 10))
    y["scale"] = alt.Scale(domain=list(LOSS_VIEW), type="log", nice=False, clamp=True)
    y["axis"]["format"] = "~g"
    y["axis"]["titleAlign"], y["axis"]["titleX"] = "left", 6
    lines = alt.Chart(alt.NamedData("lines"), name="two_runs")
    return lines.mark_line(clip=True).encode(x=x, y=y, **styles(_looks(t))).to_dict()


def two_runs_data(t: Texts, losses: np.ndarray) -> dict[str, pa.Table]:
    """Fill ``lines`` from losses (2, n_frames), before and now; what is not known is left out."""
    names = [look.name for look in _looks(t)]
    known = [(name, row) for name, row in zip(names, losses, strict=True) if np.isfinite(row).all()]
    known = known or [(names[0], np.full(LAST_FRAME + 1, LOSS_VIEW[0]))]
    frames = np.arange(LAST_FRAME + 1)
    return {
        "lines": table(
            x=np.tile(frames, len(known)),
            value=np.concatenate([np.clip(row, *LOSS_VIEW) for _, row in known]),
            line=np.repeat([name for name, _ in known], LAST_FRAME + 1),
        )
    }
