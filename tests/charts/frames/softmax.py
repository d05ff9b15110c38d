"""What fills the pictures of the page softmax."""

import functools
from collections.abc import Callable

import pyarrow as pa

from explainer.charts import (
    classes,
)
from explainer.charts import softmax as boards
from explainer.experiments import softmax as softmax_experiments
from explainer.texts import Texts
from tests.charts.frames import of


@functools.cache
def trained_by(seed: int) -> tuple[softmax_experiments.Training, softmax_experiments.OnePoint]:
    of = softmax_experiments
    return of.train_it(groups=3 + seed, spoiled=10 * seed, draw=seed), of.one_point(wrong=5 * seed)


def softmax_frames(picture: str) -> Callable[[Texts, int], dict[str, pa.Table]]:
    """Return what fills a picture of the page on softmax with settings of its experiments."""

    def frames(t: Texts, seed: int) -> dict[str, pa.Table]:
        of, names = softmax_experiments, [t.say(name) for name in softmax_experiments.CLASSES]
        trained, point = trained_by(seed)
        place = (float(seed), -1.0)
        shift = of.shift(constant=710 * (seed - 1))
        curves = of.not_argmax(t1=float(seed), curves=("two", "three", "three")[seed])
        push = of.push(truth=of.CLASSES[seed], g1=(5.0, 10.0, -10.0)[seed])
        fill = {
            "stages": lambda: boards.stages_data(t, names, *of.stages(photo=of.PHOTOS[seed]).board),
            "point_stages": lambda: boards.point_stages_data(t, names, *point.board(seed)),
            "shift": lambda: boards.shift_data(t, shift.logits, shift.naive, shift.stable),
            "push": lambda: boards.push_data(
                t, names[:3], push.before, push.after, push.target, push.gradient
            ),
            "not_argmax": lambda: boards.not_argmax_data(
                t, curves.x, curves.curves, (curves.argmax, curves.sigmoid), float(seed), curves.at
            ),
            "regions": lambda: classes.regions_data(t, trained.regions, trained.X, trained.y, trained.wrong),
            "point_regions": lambda: classes.point_regions_data(
                t, point.regions, point.X, point.y, seed, place
            ),
            "class_losses": lambda: classes.class_losses_data(t, trained.losses, trained.blind),
            "class_counts": lambda: classes.class_counts_data(t, trained.confusion),
        }
        return fill[picture]()

    return frames


FRAMES = {
    **of(boards, "stages point_stages shift push not_argmax", softmax_frames),
    **of(classes, "regions point_regions class_losses class_counts", softmax_frames),
}
