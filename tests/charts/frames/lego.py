"""What fills the pictures of the page lego."""

from collections.abc import Callable

import pandas as pd

from explainer.charts import lego as charts
from explainer.experiments import lego as experiments
from explainer.texts import Texts
from tests.charts.frames import of

STACKS = (
    experiments.DEFAULT,
    "linear-2-128*linear-16-16*dropout-0.5*cross_entropy",
    "conv-1-8*relu*batch_norm-8*max_pool*flatten*linear-72-10*nll",
)


def lego_frames(picture: str) -> Callable[[Texts, int], dict[str, pd.DataFrame]]:
    """Return what fills a picture of the page with settings of its experiments."""

    def frames(t: Texts, seed: int) -> dict[str, pd.DataFrame]:
        task = "digit_images" if seed == 2 else "three_arms"
        now = experiments.bricks(task=task, stack=STACKS[seed], brick=1 + seed)
        four = experiments.recipes(recipe=experiments.RECIPES[seed], hidden=1 + 60 * seed)
        names = [t.say(f"head_{name}") for name in experiments.RECIPES]
        fill = {
            "bricks": lambda: charts.bricks_data(t, now.pile, 1 + seed),
            "recipes": lambda: charts.recipes_data(t, four.piles, names, four.chosen),
        }
        return fill[picture]()

    return frames


FRAMES = of(charts, "bricks recipes", lego_frames)
