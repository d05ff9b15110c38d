"""What fills the pictures of the page universal_approximation."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from explainer.charts import (
    approximation,
)
from explainer.texts import Texts
from tests.charts.frames import of


def approximation_frames(picture: str) -> Callable[[Texts, int], dict[str, pa.Table]]:
    """Return what fills a picture of the page on universal approximation with random numbers."""

    def frames(t: Texts, seed: int) -> dict[str, pa.Table]:
        random, x = np.random.default_rng(seed), np.linspace(0, 1, 21)
        curve, other, third = random.random((3, 21))
        n = 2 + seed
        fill = {
            "two_nets": lambda: approximation.two_nets_data(t, x, curve, other, third),
            "how_it_is_made": lambda: approximation.how_it_is_made_data(
                t, x, (curve, other), random.random((n, 21)), random.random((n, 2)), 1 + seed
            ),
            "errors": lambda: approximation.errors_data(
                t, np.arange(1, 6), random.random(5), random.random((5, 8)), 3
            ),
            "limits": lambda: approximation.limits_data(t, 2 * x - 0.5, curve, other),
            "challenge": lambda: approximation.challenge_data(t, x, curve, other),
        }
        return fill[picture]()

    return frames


FRAMES = of(approximation, "two_nets how_it_is_made errors limits challenge", approximation_frames)
