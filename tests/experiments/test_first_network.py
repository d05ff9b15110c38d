"""The experiments of the first network: the quiz, digits that are read, drawings, a script and a notebook."""

import itertools
import json

import numpy as np
import pytest
import torch

from explainer.experiments import first_network as experiments
from explainer.nets import digits as data
from explainer.nets.loop import FIVE


def plain_verdict(arranged: tuple[str, ...]) -> str:
    """Judge an order of the five lines, each once, by what a textbook says."""
    at = {line: i for i, line in enumerate(arranged)}
    if not at["forward"] < at["loss"] < at["backward"]:
        return "undefined"
    if at["backward"] < at["step"]:
        return "still" if at["backward"] < at["zero_grad"] < at["step"] else "repaired"
    return "step before backward"


def test_the_quiz_is_judged_by_running_it():
    assert experiments.repair().verdict == "still"  # as it is given
    found = {}
    for arranged in itertools.permutations(FIVE):
        expected = plain_verdict(arranged)
        if expected == "repaired" or arranged[0] == "forward":
            found[arranged] = (experiments.repair(arranged=arranged), expected)
    repaired = [arranged for arranged, (_, expected) in found.items() if expected == "repaired"]
    assert len(repaired) == 4
    for arranged, (net, expected) in found.items():
        if expected in ("repaired", "still"):
            assert net.verdict == expected, arranged
        else:
            assert net.verdict != "repaired", arranged
    assert experiments.repair(arranged=("forward", "loss", "backward", "step")).verdict == "piling"
    assert experiments.repair(arranged=()).verdict == "still"
    twice = experiments.repair(arranged=("forward", "loss", "zero_grad", "backward", "backward", "step"))
    assert (twice.verdict, twice.failed_at) == ("used_up", 1)
    doubled = experiments.repair(arranged=("forward", "loss", "zero_grad", "backward", "step", "step"))
    assert doubled.verdict == "otherwise"


@pytest.fixture(scope="module")
def learned() -> experiments.Digits:
    return experiments.digits()


def test_the_network_at_default_settings_reads_95_percent_for_nine_of_ten_seeds():
    """In a fixed number of steps; how long they take is measured by the benchmarks."""
    right = [float(experiments.digits(digits_seed=seed).accuracy[1, -1]) for seed in range(10)]
    assert sum(share >= 0.95 for share in right) >= 9, right


def test_what_is_counted_agrees_with_itself(learned):
    n_test = learned.confusion[-1].sum()
    assert (n_test, 1797 - n_test) == (359, 1438)  # the numbers in the words of the page
    for i in range(experiments.N_FRAMES):
        assert learned.confusion[i].trace() / n_test == pytest.approx(learned.accuracy[1, i])
    assert learned.numbers["wrong"] == n_test - learned.confusion[-1].trace()
    wrong = learned.truth != learned.answer
    assert wrong.all()
    for truth, answer in zip(learned.truth, learned.answer, strict=True):
        assert learned.confusion[-1][truth, answer] > 0
    assert learned.losses[0, 0] == pytest.approx(np.log(10), abs=0.5)
    assert len(learned.network) == 64 * 64 + 64 + 64 * 10 + 10
    assert learned.verdict == "learned"
    assert experiments.digits(digits_rate="digits_rate_1").verdict == "lost"
    assert experiments.digits(digits_width="digits_4").verdict == "weak"


def test_the_last_tiles_are_the_weights_of_the_network_that_reads(learned):
    assert np.array_equal(learned.weights[-1].ravel(), learned.network[: 64 * 64])
    sketch = data.write_bitmap(DRAWN[2])
    reads, first = (experiments.draw(sketch=sketch, network=n).probabilities for n in (learned.network, None))
    assert np.array_equal(reads, first)
    narrow = experiments.digits(digits_width="digits_4")
    W, b, V, c = np.split(narrow.network, np.cumsum([4 * 64, 4, 10 * 4]))
    drawn = experiments.draw(sketch=sketch, network=narrow.network)
    z = V.reshape(10, 4) @ np.maximum(W.reshape(4, 64) @ drawn.seen.ravel() + b, 0) + c
    assert drawn.probabilities == pytest.approx(np.exp(z - z.max()) / np.exp(z - z.max()).sum(), rel=1e-3)


def test_a_training_can_be_stopped():
    class NotWantedError(Exception):
        pass

    def tick(share: float) -> None:
        if share > 0.1:
            raise NotWantedError

    for experiment in (experiments.digits, experiments.break_it):
        with pytest.raises(NotWantedError):
            experiment(tick=tick)


# -- drawing -------------------------------------------------------------------------------------------


def strokes(*points: tuple[float, float], radius: float = 2.2) -> np.ndarray:
    """Draw a line through points with a round pen."""
    y, x = np.mgrid[:32, :32] + 0.5
    bitmap = np.zeros((32, 32), int)
    for (a, b), (c, d) in itertools.pairwise(points):
        for k in np.linspace(0, 1, 30):
            bitmap |= (x - a - k * (c - a)) ** 2 + (y - b - k * (d - b)) ** 2 <= radius**2
    return bitmap


DRAWN = {
    0: strokes((16, 4), (9, 8), (8, 16), (10, 25), (16, 28), (22, 25), (24, 16), (22, 8), (16, 4)),
    2: strokes((9, 9), (12, 5), (18, 4), (22, 8), (21, 13), (9, 27), (24, 27)),
    3: strokes((9, 6), (15, 4), (21, 7), (20, 12), (14, 15), (21, 18), (22, 24), (16, 28), (8, 26)),
    4: strokes((19, 28), (19, 4), (8, 19), (25, 19)),
    5: strokes((22, 4), (11, 4), (10, 14), (16, 13), (22, 17), (21, 24), (15, 28), (8, 26)),
    6: strokes((20, 4), (12, 11), (9, 20), (12, 27), (18, 28), (22, 23), (19, 18), (12, 18), (9, 22)),
}


@pytest.mark.parametrize("digit", DRAWN)
def test_a_digit_drawn_by_hand_is_read_wherever_and_however_large_it_is_drawn(digit):
    bitmap = DRAWN[digit]
    for shift in (-4, 0, 3):
        net = experiments.draw(sketch=data.write_bitmap(np.roll(bitmap, shift, 1)))
        assert net.numbers["answer"] == digit
        assert net.verdict in ("sure", "unsure")
    assert net.probabilities.sum() == pytest.approx(1, abs=1e-5)


def test_an_empty_a_full_and_a_scribbled_sheet_get_an_honest_answer():
    assert experiments.draw().verdict == "empty"
    for fitting in experiments.FITTINGS:
        assert experiments.draw(sketch=experiments.FULL, fitting=fitting).verdict == "heavy"
    cross = strokes((3, 3), (29, 29)) | strokes((29, 3), (3, 29)) | strokes((16, 2), (16, 30))
    cross |= strokes((2, 16), (30, 16))
    for bitmap in (cross, strokes((2, 16), (30, 16))):
        assert experiments.draw(sketch=data.write_bitmap(bitmap)).verdict in ("strange", "heavy")


def test_when_the_most_similar_picture_is_another_digit_the_answer_is_not_called_sure(learned):
    """Nearly all wrong answers to test pictures are told by that, asked of the pictures of the training."""
    images, y = data.load()
    rows, test = data.split(y)
    X = images.flatten(1)
    W, b, V, c = (torch.from_numpy(part) for part in np.split(learned.network, np.cumsum([4096, 64, 640])))
    answers = ((X[test] @ W.reshape(64, 64).T + b).relu() @ V.reshape(10, 64).T + c).argmax(1)
    nearest = y[rows][torch.cdist(X[test], X[rows]).argmin(1)]
    wrong = answers != y[test]
    assert (nearest != answers)[wrong].float().mean() > 0.8
    assert (nearest != answers)[~wrong].float().mean() < 0.05
    random = np.random.default_rng(0)
    for _ in range(100):
        scribble = strokes(*random.uniform(2, 30, (14, 2)))
        net = experiments.draw(sketch=data.write_bitmap(scribble))
        if net.verdict in ("sure", "torn"):
            assert (net.verdict == "sure") == (net.nearest_label == net.numbers["answer"])


def test_a_drawing_is_judged_alike_for_two_thousand_random_ones():
    random = np.random.default_rng(0)
    for _ in range(2000):
        bitmap = random.random((32, 32)) < random.choice([0, 0.01, 0.3, 1])
        net = experiments.draw(
            sketch=data.write_bitmap(bitmap), fitting=str(random.choice(experiments.FITTINGS))
        )
        assert np.isfinite(net.probabilities).all()
        assert (net.verdict == "empty") == (not bitmap.any())
        assert net.seen.min() >= 0
        assert net.seen.max() <= 1


def test_the_pictures_of_the_data_are_not_called_strange():
    images, labels = data.load()
    usual, most = experiments._usual()
    assert float(images.mean((1, 2)).max()) == most
    distances = torch.cdist(images.flatten(1), images.flatten(1)).fill_diagonal_(torch.inf).amin(1)
    assert float((distances > usual).float().mean()) <= 0.002
    assert len(labels) == len(distances)


# -- take it home --------------------------------------------------------------------------------------

HOME = [{}, {"digits_rate": "rate_1", "digits_width": "digits_16", "digits_seed": 3}]


@pytest.mark.parametrize("settings", HOME)
def test_script_and_notebook_print_the_numbers_of_the_page(settings, alone):
    words = ("one\ntwo", "", "три", "“four”")
    home, page = experiments.take_home(words=words, **settings), experiments.digits(**settings)
    loss, accuracy = float(page.losses[1, -1]), float(page.accuracy[1, -1])
    expected = ["loss", f"{loss:.6f}", "accuracy", f"{accuracy:.6f}"]
    notebook = json.loads(home.notebook)
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    more = experiments.digits_script(**settings)
    programs = [home.script, "\n\n".join(code), more]
    assert [alone.run(program).split() for program in programs] == 3 * [expected]


def test_the_notebook_is_one():
    notebook = json.loads(experiments.take_home(words=("a", "b", "c", "d")).notebook)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    kinds = [cell["cell_type"] for cell in notebook["cells"]]
    assert kinds == ["markdown", "code"] * 4
    assert len({cell["id"] for cell in notebook["cells"]}) == 8
    assert [cell["source"] for cell in notebook["cells"][::2]] == [["a"], ["b"], ["c"], ["d"]]
    for cell in notebook["cells"][1::2]:
        assert set(cell) == {"cell_type", "id", "metadata", "source", "execution_count", "outputs"}
