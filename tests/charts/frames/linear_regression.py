"""What fills the pictures of the page linear_regression."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from explainer.charts import (
    regression,
)
from explainer.texts import Texts
from tests.charts.frames import of


def regression_frames(picture: str) -> Callable[[Texts, int], dict[str, pa.Table]]:
    """Return what fills a picture of the page on linear regression with random numbers."""

    def frames(t: Texts, seed: int) -> dict[str, pa.Table]:
        random = np.random.default_rng(seed)
        x, y, y_hat = random.normal(size=(3, 1 + 4 * seed))
        two, way = random.normal(size=2), random.normal(size=(60, 2))
        contours, arrows = random.normal(size=(3, 9, 2)), random.normal(size=(4, 2))
        surface, more = (contours, two, way), np.append(x, [seed, 1.0])
        fill = {
            "points_and_line": lambda: regression.points_and_line_data(t, x, y, None, two),
            "few_points": lambda: regression.few_points_data(t, x, y, y_hat, two),
            "surface": lambda: regression.surface_data(t, *surface),
            "at_step": lambda: regression.at_step_data(t, more, more, way, two),
            "factors": lambda: regression.factors_data(t, way[:, 0], way[:, 1], 0.3, (0.1, 5.0)),
            "two_lines": lambda: regression.two_lines_data(t, more, more, [two, two], more > 0),
            "bowl": lambda: regression.bowl_data(t, *surface, arrows, 0 * arrows),
            "facets": lambda: regression.facets_data(
                t, *surface, arrows, arrows, (more, more) if seed else None
            ),
        }
        return fill[picture]()

    return frames


PICTURES = "points_and_line few_points surface at_step factors two_lines bowl facets"
FRAMES = of(regression, PICTURES, regression_frames)
