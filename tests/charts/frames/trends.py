"""What fills the pictures of the page trends."""

from collections.abc import Callable

import pyarrow as pa

from explainer.charts import (
    doubling,
    trends,
)
from explainer.experiments import trends as four_trends
from explainer.texts import Texts
from tests.charts.frames import of


def trend_frames(picture: str) -> Callable[[Texts, int], dict[str, pa.Table]]:
    """Return what fills a picture of the page on trends, cut at some year."""

    def frames(t: Texts, seed: int) -> dict[str, pa.Table]:
        fill = {
            "accuracy": lambda: trends.accuracy_data(t, four_trends.accuracy(accuracy_until=2011 + 3 * seed)),
            "bubbles": lambda: trends.bubbles_data(t, four_trends.complexity(complexity_until=2014 + seed)),
            "counters": lambda: trends.counters_data(t, four_trends.counters(hours=1 + 11 * seed)),
            "sets": lambda: trends.sets_data(t, four_trends.data(data_until=1998 + 9 * seed)),
            "devices": lambda: trends.devices_data(t, four_trends.compute(compute_until=2007 + 9 * seed)),
            "doubling": lambda: doubling.doubling_data(t, four_trends.growth(last_year=1950 + 36 * seed)),
            "outlook": lambda: doubling.outlook_data(t, four_trends.guess(), revealed=bool(seed)),
        }
        return fill[picture]()

    return frames


FRAMES = {
    **of(trends, "accuracy bubbles counters sets devices", trend_frames),
    **of(doubling, "doubling outlook", trend_frames),
}
