"""What fills the pictures of the page classification."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from explainer.charts import (
    classification,
    probability_map,
)
from explainer.texts import Texts
from tests.charts.frames import of


def classification_frames(picture: str) -> Callable[[Texts, int], dict[str, pa.Table]]:
    """Return what fills a picture of the page on classification with random numbers."""

    def frames(t: Texts, seed: int) -> dict[str, pa.Table]:
        random, x = np.random.default_rng(seed), np.linspace(0, 10, 21)
        y, p, steps = (random.random(5) > 0.5).astype(float), random.random(5), random.random((60, 5))
        level = (0.5, (3.0, np.nan, 1e300)[seed])
        other = (None if seed else p, np.append(p[:4], np.inf))
        fill = {
            "ladder": lambda: classification.ladder_data(
                t, x, (x, -1e9 * x), list(zip(p, y, strict=True)), y > 0, level
            ),
            "price": lambda: classification.price_data(
                t, x / 10, random.random((3, 21)), (0.1, 2.3), random.random((2, 2))
            ),
            "hills": lambda: classification.hills_data(
                t, x, random.random((2, 21)), 10 * random.random((2, 60))
            ),
            "beliefs": lambda: classification.beliefs_data(t, random.random((2, 60))),
            "calculator": lambda: classification.calculator_data((x, x), 10 * p, y, p),
            "bill": lambda: classification.bill_data(t, (10 * p, y), (p, p), other),
            "probability_map": lambda: probability_map.probability_map_data(
                random.integers(0, 251, (60, 8, 8)).astype(np.uint8), 0.3, random.random((5, 2)), y
            ),
            "confusion": lambda: probability_map.confusion_data(t, random.integers(0, 99, (60, 2, 2))),
            "calibration": lambda: probability_map.calibration_data(
                steps, steps, random.integers(0, 9, (60, 5))
            ),
        }
        return fill[picture]()

    return frames


FRAMES = {
    **of(classification, "ladder price hills beliefs calculator bill", classification_frames),
    **of(probability_map, "probability_map confusion calibration", classification_frames),
}
