"""What fills the pictures of the page neuron."""

from collections.abc import Callable

import pyarrow as pa

from explainer.charts import (
    neuron,
    separation,
)
from explainer.experiments import neuron as cells
from explainer.texts import Texts
from tests.charts.frames import of


def neuron_frames(picture: str) -> Callable[[Texts, int], dict[str, pa.Table]]:
    """Return what fills a picture of the page on the neuron with the numbers of a seed."""

    def frames(t: Texts, seed: int) -> dict[str, pa.Table]:
        w = {"w1": 1.0 - seed, "w2": 0.5, "gamma": 0.3 * seed}
        handles = ((-1.0, 0.5), (1.0, 0.5 - seed))
        sigma = ("linear_unit", "threshold", "sigmoid")[seed]
        three = cells.three_pictures(sigma=sigma, handles=handles)
        fitted = cells.it_is_regression(fit_sigma=("linear_unit", "sigmoid")[seed % 2], fit_sample=seed)
        rule = cells.learning_rule(samples=("and", "xor", "clouds")[seed], correction=4 * seed)
        eight = cells.eight_points(feature=cells.FEATURES[seed])
        fill = {
            "artificial": lambda: neuron.artificial_data(t, w, (1.0, -2.0), 0.1, 1),
            "biological": lambda: neuron.biological_data(t),
            "section": lambda: neuron.section_data(t, three.x, three.curves, sigma),
            "plane": lambda: neuron.plane_data(t, sigma, three.plane, three.line, handles, three.weights),
            "fits": lambda: neuron.fits_data(
                t, (fitted.x, fitted.y), fitted.grid, fitted.curves, fitted.curve
            ),
            "differences": lambda: neuron.differences_data(fitted.differences[: 60 * (seed != 1)]),
            "perceptron": lambda: separation.perceptron_data(
                t, (rule.points, rule.y, rule.mistaken), rule.region, rule.lines, rule.corrected
            ),
            "bound": lambda: separation.bound_data(t, **rule.counts),
            "eight": lambda: separation.eight_data(eight.points, eight.y, eight.mistaken, eight.plane),
            "feature": lambda: separation.feature_data(eight.h, eight.y, eight.mistaken, eight.threshold),
        }
        return fill[picture]()

    return frames


FRAMES = {
    **of(neuron, "artificial biological section plane fits differences", neuron_frames),
    **of(separation, "perceptron bound eight feature", neuron_frames),
}
