"""What fills the pictures of the page activations."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from explainer.charts import (
    activations,
)
from explainer.experiments import activations as activations_experiments
from explainer.texts import Texts
from tests.charts.frames import of


def activations_frames(picture: str) -> Callable[[Texts, int], dict[str, pa.Table]]:
    """Return what fills a picture of the page on activation functions."""

    def frames(t: Texts, seed: int) -> dict[str, pa.Table]:
        random, x = np.random.default_rng(seed), np.linspace(-3, 3, 21)
        names = activations_experiments.NAMES
        losses = 10.0 ** random.uniform(-6, 1, (len(names), 60, 8))
        steps = np.linspace(0, 300, 60).round()
        fill = {
            "hinge": lambda: activations.hinge_data(x, np.maximum(x, seed / 2 * x)),
            "fit": lambda: activations.fit_data(t, x, random.random(21), random.random(21) if seed else None),
            "panels": lambda: panels_frames(t, (-6.0, 0.3, 6.0)[seed], "newer" if seed == 1 else "eight")[0],
            "detail": lambda: activations.detail_data(x, x, x**2, (-40, (40, 2, -40)[seed]), (20.7, 1.0)),
            "race": lambda: activations.race_data(t, steps, losses, seed),
            "ranking": lambda: activations.ranking_data(t, names, losses, seed),
        }
        return fill[picture]()

    return frames


def panels_frames(t: Texts, cursor: float, group: str) -> tuple[dict[str, pa.Table], object]:
    net = activations_experiments.one_cursor(cursor=cursor, group=group, leak=1.0, elu_alpha=1.5)
    at = (net.at_f, net.at_slope)
    return activations.panels_data(t, net.names, net.x, (net.f, net.slope), cursor, at), net


FRAMES = of(activations, "hinge fit panels detail race ranking", activations_frames)
