"""What fills the pictures of the page first_network."""

import functools
from collections.abc import Callable

import pyarrow as pa

from explainer.charts import debugger, digits, listing
from explainer.experiments import first_network as experiments
from explainer.texts import Texts
from tests.charts.frames import of


@functools.cache
def results(seed: int) -> tuple:
    """Return a result of every experiment; a training serves all pictures of its movement."""
    mistake = ("no_zero_grad", "rate_times_100", "shuffled_labels")[seed]
    rate = ("rate_01", "digits_rate_1", "rate_1")[seed]
    width = ("digits_64", "digits_4", "digits_16")[seed]
    return (
        experiments.break_it(broken_by=mistake),
        experiments.digits(digits_rate=rate, digits_width=width, digits_seed=seed),
    )


def first_network_frames(picture: str) -> Callable[[Texts, int], dict[str, pa.Table]]:
    """Return what fills a picture of the page on the first network with settings of its experiments."""

    def frames(t: Texts, seed: int) -> dict[str, pa.Table]:
        broken, learned = results(seed)
        program = (experiments.FEEDS["one_batch"] * 3)[: 4 * seed]
        tensors = experiments.five_lines(program=program)
        drawn = experiments.draw(sketch=("", "0f" * 128, experiments.FULL)[seed])
        quiz = experiments.QUIZ[: seed + 1]
        fill = {
            "tensors": lambda: debugger.tensors_data(
                t, tensors.values, tensors.grads, tensors.changed, tensors.changed_grads
            ),
            "listing": lambda: listing.listing_data(broken.listing),
            "arranged": lambda: listing.arranged_data([experiments.QUIZ_LINES[name] for name in quiz]),
            "both_losses": lambda: listing.both_losses_data(t, *broken.losses),
            "both_accuracies": lambda: listing.both_accuracies_data(t, *broken.accuracies),
            "quiz_losses": lambda: listing.quiz_losses_data(t, *broken.losses),
            "digit_losses": lambda: digits.digit_losses_data(t, learned.steps, learned.losses),
            "digit_accuracy": lambda: digits.digit_accuracy_data(t, learned.steps, learned.accuracy),
            "digit_confusion": lambda: digits.digit_confusion_data(learned.confusion),
            "digit_weights": lambda: digits.digit_weights_data(learned.weights),
            "worst_mistakes": lambda: digits.worst_mistakes_data(
                learned.worst, learned.truth, learned.answer
            ),
            "ten_probabilities": lambda: digits.ten_probabilities_data(drawn.probabilities),
            "seen_and_nearest": lambda: digits.seen_and_nearest_data(t, *drawn.pair),
        }
        return fill[picture]()

    return frames


FRAMES = {
    **of(debugger, "tensors", first_network_frames),
    **of(listing, "listing arranged both_losses both_accuracies quiz_losses", first_network_frames),
    **of(
        digits,
        "digit_losses digit_accuracy digit_confusion digit_weights worst_mistakes ten_probabilities"
        " seen_and_nearest",
        first_network_frames,
    ),
}
