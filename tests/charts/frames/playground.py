"""What fills the pictures of the page playground."""

import functools
from collections.abc import Callable

import pyarrow as pa

from explainer.charts import playground as charts
from explainer.charts import seeds, shelf, way
from explainer.experiments import playground as experiments
from explainer.texts import Texts
from tests.charts.frames import of

SETTINGS = (
    {"data": "circle", "hidden": (3,), "n_steps": 30},
    {"data": "arms3", "hidden": (16, 2), "n_steps": 20, "train_share": 0.9},
    {"data": "regress_gauss", "hidden": (), "n_steps": 10, "features": experiments.FEATURES_OFFERED},
)


@functools.cache
def trained(seed: int) -> experiments.Board:
    return experiments.why(settings=SETTINGS[seed])


def playground_frames(picture: str) -> Callable[[Texts, int], dict[str, pa.Table]]:
    """Return what fills a picture of the playground after a short training."""

    def frames(t: Texts, seed: int) -> dict[str, pa.Table]:
        run = trained(seed)
        point = experiments.point(settings=SETTINGS[seed], place=(1.0, float(seed)))
        both = experiments.shelf(settings=SETTINGS[seed], pinned=SETTINGS[(seed + 1) % 3])
        tests = [both.before.losses[:, 1], both.now.losses[:, 1]]
        fill = {
            "run_losses": lambda: charts.run_losses_data(t, run.losses, run.steps),
            "run_gradients": lambda: charts.run_gradients_data(t, run.gradients),
            "story": lambda: charts.story_data(t, run.losses, run.steps, [0.0, 7.0][:seed]),
            "point_price": lambda: charts.point_price_data(point.prices, run.steps),
            "way": lambda: way.way_data(t, run.features, point),
            "surfaces": lambda: shelf.surfaces_data(t, *both.surfaces, both.difference),
            "starts": lambda: seeds.starts_data(t, run.accuracy[:, [1] * (1 + seed)], run.steps),
            "pasted": lambda: seeds.pasted_data(((), ((1, 2, 0), (0, 0, 3)), ((1, 2, -0.5),))[seed]),
            "two_runs": lambda: shelf.two_runs_data(t, tests),
        }
        return fill[picture]()

    return frames


FRAMES = {
    **of(charts, "run_losses run_gradients story point_price", playground_frames),
    **of(way, "way", playground_frames),
    **of(seeds, "starts pasted", playground_frames),
    **of(shelf, "surfaces two_runs", playground_frames),
}
