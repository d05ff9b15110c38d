"""What fills the pictures of the page lego."""

import functools
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from explainer.charts import dropping, lessons
from explainer.charts import lego as charts
from explainer.experiments import lego as experiments
from explainer.texts import Texts
from tests.charts.frames import of

STACKS = (
    experiments.DEFAULT,
    "linear-2-128*linear-16-16*dropout-0.5*cross_entropy",
    "conv-1-8*relu*batch_norm-8*max_pool*flatten*linear-72-10*nll",
)
TASKS = ("three_arms", "two_moons", "digit_images")


@functools.cache
def learned(task: str, stack: str) -> experiments.Learned:
    return experiments.train_it(task=task, stack=stack)


def bench_frames(picture: str) -> Callable[[Texts, int], dict[str, pa.Table]]:
    """Return what fills a picture of bricks with settings of the experiments."""

    def frames(t: Texts, seed: int) -> dict[str, pa.Table]:
        on = {"task": TASKS[seed], "stack": STACKS[seed]}
        now = experiments.bricks(**on, brick=1 + seed)
        four = experiments.recipes(recipe=experiments.RECIPES[seed], hidden=1 + 30 * seed)
        net = experiments.trace(**on, sample=1 + seed, mode=experiments.MODES[seed % 2])
        fill = {
            "bricks": lambda: charts.bricks_data(t, now.pile, 1 + seed),
            "recipes": lambda: charts.recipes_data(t, four.piles, four.chosen),
            "journey": lambda: lessons.journey_data(t, *charts.journey_rows(t, net.pile, net.values)),
        }
        return fill[picture]()

    return frames


def lesson_frames(picture: str) -> Callable[[Texts, int], dict[str, pa.Table]]:
    """Return what fills a picture of a lesson or of Dropout."""

    def frames(t: Texts, seed: int) -> dict[str, pa.Table]:
        sheet = experiments.dropout(p_given=(0.1, 0.5, 0.9)[seed], batch_no=(1, 50, 100)[seed])
        random = np.random.default_rng(seed)
        losses = random.random((2, 8, 60)) * 10.0 ** (3 * seed)
        if picture == "learned_curves":
            task = ("one_curve", "three_curves", "one_curve")[seed]
            return lessons.picture(t, learned(task, experiments.recipe_bricks(recipe="perceptron")))[1]
        if picture == "answers":
            return lessons.picture(t, learned("digit_images", STACKS[2]))[1]
        fill = {
            "lesson_losses": lambda: lessons.lesson_losses_data(t, losses[:, 0]),
            "masks": lambda: dropping.masks_data(t, sheet.y),
            "expectation": lambda: dropping.expectation_data(t, *sheet.course),
            "overfit": lambda: dropping.overfit_data(t, np.arange(60), losses),
            "run_pairs": lambda: dropping.run_pairs_data(t, random.random((2, 8))),
        }
        return fill[picture]()

    return frames


FRAMES = {
    **of(charts, "bricks recipes", bench_frames),
    **of(lessons, "journey", bench_frames),
    **of(lessons, "learned_curves answers lesson_losses", lesson_frames),
    **of(dropping, "masks expectation overfit run_pairs", lesson_frames),
}
