"""The page "A regression of regressions": what is a line, what bends, and what training makes of both."""

import dataclasses
import inspect
import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from explainer.experiments import linear_collapse
from explainer.experiments.linear_collapse import (
    N_FRAMES,
    N_FRESH,
    N_SAMPLES,
    N_STARTS,
    deeper,
    train_it,
    two_regressions,
    with_activation,
)
from explainer.nets.activations import ACTIVATIONS
from explainer.nets.data import CURVES, VIEW, sample_curve
from explainer.nets.mlp import MLP
from explainer.nets.training import train as train_net

# What the page calls "zero to rounding". Rounding errs by less than 1e-12 here, and nothing that bends is
# as straight as this: see test_whatever_bends_bends_by_more_than_counts_as_zero.
ZERO = 1e-9
# By how much of the least-squares loss a network must be below it. Over all settings of the sliders the
# losses either agree to 1e-14 or differ by at least 3e-5.
BELOW = 1 - 1e-6

FIRST = ("w11", "w21", "w12", "w22", "w1", "w2")
SECOND = ("v11", "v21", "v12", "v22", "v1", "v2")
BENT = ("relu", "tanh", "sigmoid")  # what the page offers beside the identity


class Hand:
    """A hand on the controls: any value of the grid, often an end of it, sometimes a value beside it."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)

    def whole(self, low: int, high: int) -> int:
        if self.random.random() < 0.3:
            return int(self.random.choice([low, high]))
        return int(self.random.integers(low, high + 1))

    def weight(self) -> float:
        if self.random.random() < 0.3:
            return float(self.random.choice([-3.0, 3.0, 0.0, -0.0, 0.1, -0.1, 1e-300, -1e-9, 2.9999]))
        return round(float(self.random.integers(-30, 31)) / 10, 1)

    def one_of(self, *options: str) -> str:
        return str(self.random.choice(options))


def two_regressions_settings(hand: Hand) -> dict[str, object]:
    return {name: hand.weight() for name in FIRST}


def deeper_settings(hand: Hand) -> dict[str, object]:
    return {"depth": hand.whole(1, 10), "width": hand.whole(1, 16), "seed": hand.whole(0, 9)}


def with_activation_settings(hand: Hand) -> dict[str, object]:
    return {"f": hand.one_of("identity", *BENT), **{name: hand.weight() for name in SECOND}}


def train_it_settings(hand: Hand) -> dict[str, object]:
    return {
        "target": hand.one_of(*CURVES),
        "train_f": hand.one_of(*BENT),
        "neurons": hand.whole(1, 8),
        "noise": round(hand.whole(1, 12) * 0.05, 2),
        "sample": hand.whole(0, 9),
    }


SETTINGS: dict[Callable, Callable[[Hand], dict[str, object]]] = {
    two_regressions: two_regressions_settings,
    deeper: deeper_settings,
    with_activation: with_activation_settings,
    train_it: train_it_settings,
}


def flaws(result: object, name: str = "") -> list[str]:
    """Name every number of a result that is infinite or undefined."""
    if dataclasses.is_dataclass(result):
        inner = ((f.name, getattr(result, f.name)) for f in dataclasses.fields(result))
    elif isinstance(result, tuple):
        inner = ((str(i), value) for i, value in enumerate(result))
    else:
        is_text = isinstance(result, str)
        return [] if is_text or np.isfinite(np.asarray(result, float)).all() else [name]
    return [flaw for key, value in inner for flaw in flaws(value, f"{name}.{key}")]


def test_every_experiment_of_the_page_is_fuzzed():
    public = {
        function
        for name, function in inspect.getmembers(linear_collapse, inspect.isfunction)
        if function.__module__ == linear_collapse.__name__ and not name.startswith("_")
    }
    assert set(SETTINGS) == public


# -- two regressions, and a third on top -----------------------------------------------------------


def test_any_six_weights_give_finite_lines_of_the_right_shape():
    hand = Hand(0)
    for _ in range(2000):
        settings = two_regressions_settings(hand)
        net = two_regressions(**settings)
        assert not flaws(net), settings
        n = len(net.x)
        assert (net.hidden.shape, net.output.shape, net.line.shape) == ((2, n), (n,), (n,))


def test_the_gammas_are_those_of_the_slide():
    hand = Hand(1)
    for _ in range(500):
        w = two_regressions_settings(hand)
        net = two_regressions(**w)
        assert net.gamma_1 == pytest.approx(w["w1"] * w["w11"] + w["w2"] * w["w12"], abs=1e-14)
        assert net.gamma_2 == pytest.approx(w["w1"] * w["w21"] + w["w2"] * w["w22"], abs=1e-14)


def test_the_third_regression_is_one_more_line():
    hand = Hand(2)
    for _ in range(500):
        w = two_regressions_settings(hand)
        net = two_regressions(**w)
        assert net.hidden[0] == pytest.approx(w["w11"] + w["w21"] * net.x, abs=1e-14)
        assert net.hidden[1] == pytest.approx(w["w12"] + w["w22"] * net.x, abs=1e-14)
        assert net.output == pytest.approx(w["w1"] * net.hidden[0] + w["w2"] * net.hidden[1], abs=1e-13)
        assert net.line == pytest.approx(net.gamma_1 + net.gamma_2 * net.x, abs=1e-13)
        assert net.largest_difference == np.abs(net.output - net.line).max() < 1e-12


def test_regressions_that_cancel_leave_exactly_nothing():
    net = two_regressions(w11=0.7, w21=1.3, w12=0.7, w22=1.3, w1=1.0, w2=-1.0)
    assert (net.gamma_1, net.gamma_2, net.largest_difference) == (0, 0, 0)


# -- deeper ----------------------------------------------------------------------------------------


def test_any_deep_linear_network_gives_finite_arrays_of_the_right_shape():
    hand = Hand(3)
    for _ in range(2000):
        settings = deeper_settings(hand)
        depth, width = settings["depth"], settings["width"]
        net = deeper(**settings)
        assert not flaws(net), settings
        n = len(net.x)
        assert net.hidden.shape == ((depth - 1) * width, n)
        assert net.layer.tolist() == [i for i in range(1, depth) for _ in range(width)]
        assert net.output.shape == (n,)
        sizes = [2, *[width] * (depth - 1), 1]
        assert [m.shape for m in net.matrices] == [*itertools.pairwise(sizes), (2, 1)]


def test_on_every_setting_of_the_sliders_the_stack_is_its_line():
    for depth, width, seed in itertools.product(range(1, 11), range(1, 17), range(10)):
        net = deeper(depth=depth, width=width, seed=seed)
        line = net.gamma_1 + net.gamma_2 * net.x
        assert net.largest_difference < 1e-12
        assert np.abs(net.output - line).max() < 1e-12
        product = np.linalg.multi_dot([np.eye(2), *net.matrices[:-1]])
        assert net.matrices[-1] == pytest.approx(product, abs=1e-12)
        assert (net.gamma_1, net.gamma_2) == tuple(net.matrices[-1][:, 0])


def test_all_those_parameters_pretend_to_be_two():
    for depth, width in itertools.product(range(1, 11), range(1, 17)):
        inner = 0 if depth == 1 else (depth - 2) * width**2 + 3 * width
        assert deeper(depth=depth, width=width).n_parameters == (2 if depth == 1 else inner)


def test_every_hidden_neuron_is_a_line_too():
    for depth, width, seed in itertools.product((2, 6, 10), (1, 4, 16), range(10)):
        hidden = deeper(depth=depth, width=width, seed=seed).hidden
        bends = hidden[:, 2:] - 2 * hidden[:, 1:-1] + hidden[:, :-2]
        assert np.abs(bends).max() < 1e-11


def test_other_random_weights_are_another_line():
    lines = {(net.gamma_1, net.gamma_2) for net in (deeper(seed=seed) for seed in range(10))}
    assert len(lines) == 10


# -- with an activation ----------------------------------------------------------------------------


def bend(f: str, *units: tuple[int, int, int], view: float = VIEW) -> float:
    """Return the distance of sum_j v_j f(b_j + a_j x) from its best line; b, a, v are tenths.

    Computed here with NumPy on a grid of its own.
    """
    x = np.linspace(-view, view, 997)
    function = {
        "identity": lambda z: z,
        "relu": lambda z: np.maximum(z, 0),
        "tanh": np.tanh,
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    }[f]
    y = sum(v / 10 * function(b / 10 + a / 10 * x) for b, a, v in units)
    return float(np.abs(y - np.polyval(np.polyfit(x, y, 1), x)).max())


def run(f: str, *units: tuple[int, int, int]) -> linear_collapse.WithActivation:
    (b1, a1, v1), (b2, a2, v2) = units
    return with_activation(f=f, v11=b1 / 10, v21=a1 / 10, v12=b2 / 10, v22=a2 / 10, v1=v1 / 10, v2=v2 / 10)


def tenths(random: np.random.Generator) -> tuple[int, int, int]:
    """Draw a neuron: intercept, slope and outer weight in tenths; zeros and ends more often than others."""
    return tuple(
        int(random.choice([0, -30, 30, 1, -1]) if random.random() < 0.15 else random.integers(-30, 31))
        for _ in range(3)
    )


def cancelling(random: np.random.Generator, f: str) -> list[tuple[int, int, int]]:
    """Draw two neurons whose bends lie in view and cancel."""
    while True:
        b, a, v = tenths(random)
        if f == "relu":
            # Kinks at one place, with jumps v |a| of the slope that add up to zero.
            b, a, v = b // 5, a // 5, v // 5
            p, q = random.integers(1, 6, 2).tolist()
            flip = int(random.choice([-1, 1]))
            units = [(p * b, p * a, q * v), (flip * q * b, flip * q * a, -p * v)]
            in_view = abs(b) < VIEW * abs(a)
        else:
            # f(-z) is -f(z) for tanh, 1 - f(z) for sigmoid.
            same = bool(random.integers(2))
            units = [(b, a, v), (b, a, -v) if same else (-b, -a, v)]
            in_view = True
        if a and v and in_view and all(abs(x) <= 30 for unit in units for x in unit):
            return units


def settings_of_the_sliders(n: int, seed: int) -> list[tuple[str, list[tuple[int, int, int]]]]:
    """Draw settings, half of them at random, half at or next to where two bends cancel."""
    random = np.random.default_rng(seed)
    drawn = []
    for i in range(n):
        f = BENT[i % 3]
        if i % 2:
            units = cancelling(random, f)
            if i % 4 == 1:  # one control is moved by one or two steps
                j, k = random.integers(0, [2, 3])
                moved = list(units[j])
                moved[k] = int(np.clip(moved[k] + random.choice([-2, -1, 1, 2]), -30, 30))
                units[j] = tuple(moved)
        else:
            units = [tenths(random), tenths(random)]
        drawn.append((f, units))
    return drawn


def test_any_setting_of_f_and_weights_gives_finite_curves_of_the_right_shape():
    hand = Hand(4)
    for _ in range(2000):
        settings = with_activation_settings(hand)
        net = with_activation(**settings)
        assert not flaws(net), settings
        n = len(net.x)
        assert (net.terms.shape, net.output.shape, net.best_line.shape) == ((2, n), (n,), (n,))
        assert net.residual >= 0


def test_the_curve_is_the_sum_of_what_the_neurons_bring():
    for f, units in settings_of_the_sliders(300, seed=5):
        net = run(f, *units)
        for term, (b, a, v) in zip(net.terms, units, strict=True):
            z = torch.from_numpy(b / 10 + a / 10 * net.x)
            assert term == pytest.approx(v / 10 * ACTIVATIONS[f].function(z).numpy(), abs=1e-12)
        assert net.output == pytest.approx(net.terms.sum(0), abs=1e-13)


def test_the_residual_is_the_distance_from_the_line_of_least_squares():
    for f, units in settings_of_the_sliders(300, seed=6):
        net = run(f, *units)
        line = np.polyval(np.polyfit(net.x, net.output, 1), net.x)
        assert net.best_line == pytest.approx(line, abs=1e-11)
        assert net.residual == pytest.approx(np.abs(net.output - line).max(), abs=1e-11)


def test_whatever_bends_bends_by_more_than_counts_as_zero():
    """Over all settings of the sliders, so that "zero to rounding" is never said of a small bend.

    Let r1, r2 be what is left of two neurons beside their best lines. However the outer weights are set,
    |v1 r1 + v2 r2| is at least 0.1 max(|r1|, |r2|) sin(angle between r1 and r2), since no outer weight that
    is not zero is smaller than 0.1. Neurons that mirror each other have parallel r and are left out, and so
    are ReLUs that share their kink: those cancel exactly or leave a multiple of one bend.
    """
    x = np.linspace(-VIEW, VIEW, 241)
    basis, _ = np.linalg.qr(np.stack([np.ones_like(x), x], 1))
    b, a = np.array([(b, a) for b in range(-30, 31) for a in range(1, 31)]).T  # the others mirror these
    for name in BENT:
        keep = np.abs(b) < VIEW * a if name == "relu" else np.full(len(a), True)
        z = torch.from_numpy((b[keep, None] + a[keep, None] * x) / 10)
        left = ACTIVATIONS[name].function(z).numpy()
        left = left - left @ basis @ basis.T
        size = np.linalg.norm(left, axis=1)
        assert (
            0.1 * size.min() / np.sqrt(len(x)) > ZERO
        )  # one neuron alone; the root mean square is the least
        first, second = np.triu_indices(len(left), 1)
        cosine = ((left @ left.T) / np.outer(size, size))[first, second]
        if name == "relu":
            places = (b / a)[keep]
            apart = np.abs(places[first] - places[second]) > 1e-9
            first, second, cosine = first[apart], second[apart], cosine[apart]
        least = 0.1 * np.maximum(size[first], size[second]) * np.sqrt(np.clip(1 - cosine**2, 0, None))
        assert least.min() / np.sqrt(len(x)) > ZERO


def test_the_residual_is_positive_exactly_when_an_uncancelled_bend_lies_in_view():
    verdicts = set()
    for f, units in settings_of_the_sliders(6000, seed=7):
        net = run(f, *units)
        assert (net.verdict == "bends") == (net.residual > ZERO), (f, units, net.residual)
        assert (net.verdict == "bends") == (bend(f, *units) > ZERO), (f, units)
        verdicts.add((f, net.verdict))
    reasons = {"relu": {"bends", "silent", "cancelled", "out_of_view"}}
    expected = {(f, v) for f in BENT for v in reasons.get(f, {"bends", "silent", "cancelled"})}
    assert verdicts == expected


def test_where_it_is_a_line_the_reason_given_is_the_reason():
    for f, units in settings_of_the_sliders(2000, seed=8):
        verdict = run(f, *units).verdict
        alone = [bend(f, unit) > ZERO for unit in units]
        anywhere = [bend(f, unit, view=31) > ZERO for unit in units]  # no kink is farther out than 3 / 0.1
        if verdict == "cancelled":
            assert all(alone), (f, units)
        elif verdict == "out_of_view":
            assert not any(alone), (f, units)
            assert any(anywhere), (f, units)
        elif verdict == "silent":
            assert not any(anywhere), (f, units)
            assert all(a == 0 or v == 0 for _, a, v in units)


def test_opposite_bends_cancel_wherever_they_are_built_to():
    random = np.random.default_rng(9)
    for i in range(900):
        f = BENT[i % 3]
        units = cancelling(random, f)
        net = run(f, *units)
        assert net.verdict == "cancelled", (f, units)
        assert net.residual < ZERO


def test_the_identity_bends_nothing_at_any_weights():
    random = np.random.default_rng(10)
    for _ in range(500):
        net = run("identity", tenths(random), tenths(random))
        assert net.verdict == "identity"
        assert net.residual < ZERO


def test_relu_minus_its_mirror_image_is_the_slides_line():
    net = with_activation(f="relu", v11=0.5, v21=1.0, v12=-0.5, v22=-1.0, v1=1.0, v2=-1.0)
    assert net.output == pytest.approx(0.5 + net.x, abs=1e-13)
    assert net.verdict == "cancelled"


def test_a_kink_on_the_very_edge_of_the_picture_is_not_in_view():
    on_the_edge = with_activation(f="relu", v11=3.0, v21=1.0, v12=0, v22=0, v1=1.0, v2=1.0)
    assert (on_the_edge.verdict, on_the_edge.residual < ZERO) == ("out_of_view", True)
    just_inside = with_activation(f="relu", v11=2.9, v21=1.0, v12=0, v22=0, v1=1.0, v2=1.0)
    assert (just_inside.verdict, just_inside.residual > 1e-3) == ("bends", True)


# -- training --------------------------------------------------------------------------------------

# Settings where the first network of ReLUs, or a later one, comes down to the best line itself and stays
# there: see test_a_start_that_rests_on_the_best_line_itself_does_not_count_as_below.
AT_THE_FLOOR = [
    {"target": target, "train_f": "relu", "neurons": neurons, "noise": noise, "sample": sample}
    for target, neurons, noise, sample in (
        *(("parabola", 1, noise, 1) for noise in (0.05, 0.25, 0.45, 0.6)),
        *(("parabola", 1, 0.25, 0), ("parabola", 1, 0.6, 9), ("sine", 3, 0.5, 1), ("sine", 4, 0.6, 0)),
        *(("line", 1, 0.3, 5), ("line", 1, 0.05, 3), ("line", 2, 0.15, 3), ("line", 2, 0.1, 3)),
        ("line", 3, 0.5, 2),
    )
]
# Settings where all starts fail.
STUCK = [
    {"target": "line", "train_f": "relu", "neurons": 1, "noise": 0.3, "sample": 6},
    {"target": "line", "train_f": "relu", "neurons": 1, "noise": 0.05, "sample": 1},
    {"target": "line", "train_f": "tanh", "neurons": 1, "noise": 0.1, "sample": 2},
]


def train(settings: dict[str, object]) -> linear_collapse.Training:
    """Train, check the curves of all frames, keep the first and the last: the recordings are large."""
    training = train_it(**settings)
    assert not flaws(training), settings
    ends = {}
    for name in ("one_layer", "deep_linear", "with_f"):
        run = getattr(training, name)
        assert run.y_hat.shape == (N_FRAMES, len(training.grid)), settings
        ends[name] = dataclasses.replace(run, y_hat=run.y_hat[[0, -1]])
    return dataclasses.replace(training, **ends)


@pytest.fixture(scope="module")
def trainings() -> list[tuple[dict, linear_collapse.Training]]:
    """Train at three hundred random settings, ends included, and at those where training is hard."""
    hand = Hand(11)
    drawn = [train_it_settings(hand) for _ in range(300)] + AT_THE_FLOOR + STUCK
    return [(settings, train(settings)) for settings in drawn]


def test_any_settings_of_training_give_finite_arrays_of_the_right_shape(monkeypatch):
    """Two thousand settings, each for a few steps from at most two starts: the same code, sooner done."""
    monkeypatch.setattr(linear_collapse, "N_FRAMES", 6)
    monkeypatch.setattr("explainer.nets.training.N_FRAMES", 6)  # where `every_frame` looks
    monkeypatch.setattr(linear_collapse, "N_STARTS", 2)
    hand = Hand(13)
    for _ in range(2000):
        settings = train_it_settings(hand)
        have_the_right_shape(settings, train_it(**settings), n_frames=6, n_starts=2)


def test_trainings_to_the_end_give_finite_arrays_of_the_right_shape(trainings):
    for settings, training in trainings:
        have_the_right_shape(settings, training, n_frames=N_FRAMES, n_starts=N_STARTS)


def have_the_right_shape(
    settings: dict[str, object], training: linear_collapse.Training, *, n_frames: int, n_starts: int
) -> None:
    assert not flaws(training), settings
    assert training.x.shape == training.y.shape == (N_SAMPLES,)
    assert training.curve.shape == training.grid.shape
    n = settings["neurons"]
    sizes = (2, (n + n * n + n) + (n + n + 1), (n + n * n + n) + (n + n + 1))
    runs = (training.one_layer, training.deep_linear, training.with_f)
    for run, n_parameters in zip(runs, sizes, strict=True):
        assert run.train_loss.shape == run.fresh_loss.shape == (n_frames,)
        assert run.n_parameters == n_parameters
        assert 0 < run.n_steps < n_frames
        assert 1 <= run.start <= n_starts


def test_the_losses_never_rise_and_rest_while_steps_are_refused_and_when_the_run_is_over(trainings):
    for settings, training in trainings:
        for run in (training.one_layer, training.deep_linear, training.with_f):
            falls = np.diff(run.train_loss)
            assert (falls <= 0).all(), settings
            assert (falls < 0).any(), settings
            assert (falls[run.n_steps :] == 0).all(), settings
            assert (np.diff(run.fresh_loss)[falls == 0] == 0).all(), (
                settings
            )  # a refused step changes nothing


def test_the_floor_is_the_loss_of_the_least_squares_line(trainings):
    for settings, training in trainings:
        line = np.polyval(np.polyfit(training.x, training.y, 1), training.x)
        floor = np.square(training.y - line).mean()
        assert training.least_squares_loss == pytest.approx(floor, rel=1e-9), settings


def test_both_linear_networks_end_at_the_floor(trainings):
    for settings, training in trainings:
        for run in (training.one_layer, training.deep_linear):
            assert run.train_loss[-1] == pytest.approx(training.least_squares_loss, rel=1e-6), settings


def test_both_linear_networks_end_as_the_best_line(trainings):
    for settings, training in trainings[::20]:
        line = np.polyval(np.polyfit(training.x, training.y, 1), training.grid)
        for run in (training.one_layer, training.deep_linear):
            assert run.y_hat[-1] == pytest.approx(line, abs=1e-4), settings


def test_wherever_the_curve_bends_the_network_with_f_goes_below_the_floor(trainings):
    """True of every setting of the sliders; here it is seen on a random part and where it is hardest."""
    bent = [(s, t) for s, t in trainings if s["target"] != "line"]
    above = [s for s, t in bent if not t.with_f.train_loss[-1] < BELOW * t.least_squares_loss]
    assert len(bent) > 150
    assert not above


def test_the_verdict_says_what_the_losses_say(trainings):
    wrong, seen = [], set()
    for settings, training in trainings:
        below = training.with_f.train_loss[-1] < BELOW * training.least_squares_loss
        better = training.with_f.fresh_loss[-1] < training.one_layer.fresh_loss[-1]
        expected = ("below" if better else "noise") if below else "stuck"
        seen.add(expected)
        if training.verdict != expected:
            wrong.append((settings, training.verdict, expected))
    assert seen == {"below", "noise", "stuck"}
    assert not wrong


def test_more_starts_are_tried_only_until_one_goes_below(trainings):
    for settings, training in trainings:
        assert training.one_layer.start == training.deep_linear.start == 1
        if training.verdict == "stuck":
            assert training.with_f.start == N_STARTS, settings
    assert {training.with_f.start for _, training in trainings} > {1, 2}


def losses_of_starts(settings: dict[str, object], n_starts: int) -> list[float]:
    """Train the network with f from its first starts, one by one, and return what each ends at."""
    training = train_it(**settings)
    n, sample = settings["neurons"], settings["sample"]
    net = MLP((1, n, n, 1), ACTIVATIONS[settings["train_f"]])
    X, y = torch.from_numpy(training.x)[:, None], torch.from_numpy(training.y)[:, None]
    starts = net.initialise([sample + 1000 * i for i in range(n_starts)], view=(-VIEW, VIEW), sharpness=VIEW)
    return [float(train_net(net, row[None], X, y, n_steps=N_FRAMES - 1).losses[-1, 0]) for row in starts]


@pytest.mark.parametrize("settings", AT_THE_FLOOR)
def test_a_start_that_rests_on_the_best_line_itself_does_not_count_as_below(settings):
    training = train_it(**settings)
    *failed, last = losses_of_starts(settings, training.with_f.start)
    relative = np.array(failed) / training.least_squares_loss
    assert (relative >= BELOW).all()
    assert (np.abs(relative - 1) < 1e-12).any()
    assert training.with_f.train_loss[-1] == last < BELOW * training.least_squares_loss


@pytest.mark.parametrize("settings", STUCK)
def test_of_starts_that_all_failed_the_best_is_shown(settings):
    training = train_it(**settings)
    assert training.verdict == "stuck"
    assert training.with_f.train_loss[-1] == min(losses_of_starts(settings, N_STARTS))


def test_on_the_straight_line_many_neurons_learn_noise_whatever_the_sample():
    for f, sample in itertools.product(BENT, range(10)):
        training = train_it(target="line", train_f=f, neurons=8, sample=sample)
        assert training.verdict == "noise"
        assert training.with_f.train_loss[-1] < BELOW * training.one_layer.train_loss[-1]
        assert training.with_f.fresh_loss[-1] > training.one_layer.fresh_loss[-1]


def test_the_deep_networks_start_from_the_same_weights():
    training = train_it(target="sine", train_f="tanh", neurons=4, sample=3)
    assert training.with_f.start == 1
    starts = {}
    for name in ("identity", "tanh"):
        net = MLP((1, 4, 4, 1), ACTIVATIONS[name])
        parameters = net.initialise([3], view=(-VIEW, VIEW), sharpness=VIEW)
        starts[name] = net.predict(parameters, torch.from_numpy(training.grid)[:, None])[0, :, 0].numpy()
    assert training.deep_linear.y_hat[0] == pytest.approx(starts["identity"], abs=1e-6)
    assert training.with_f.y_hat[0] == pytest.approx(starts["tanh"], abs=1e-6)


@pytest.mark.parametrize("sample", range(10))
def test_fresh_points_are_of_the_same_kind_but_not_the_same(sample):
    training = train_it(target="parabola", noise=0.3, neurons=2, sample=sample)
    line = np.polyfit(training.x, training.y, 1)
    losses = {}
    for seed in range(20):
        x, y = (tensor.numpy() for tensor in sample_curve("parabola", N_FRESH, noise=0.3, seed=seed))
        losses[seed] = np.square(y - np.polyval(line, x)).mean()
    matching = [s for s, loss in losses.items() if loss == pytest.approx(training.one_layer.fresh_loss[-1])]
    used = [
        s
        for s in range(20)
        if np.array_equal(sample_curve("parabola", N_SAMPLES, noise=0.3, seed=s)[1], training.y)
    ]
    assert len(matching) == len(used) == 1
    assert matching != used


def test_equal_settings_give_equal_runs_also_while_four_threads_train_at_once():
    hand = Hand(12)
    drawn = [train_it_settings(hand) for _ in range(12)]
    alone = [train_it(**settings) for settings in drawn]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda settings: train_it(**settings), drawn * 2))
    for expected, found in zip(alone * 2, together, strict=True):
        assert found.verdict == expected.verdict
        for name in ("one_layer", "deep_linear", "with_f"):
            a, b = getattr(expected, name), getattr(found, name)
            assert np.array_equal(a.y_hat, b.y_hat)
            assert np.array_equal(a.train_loss, b.train_loss)
            assert np.array_equal(a.fresh_loss, b.fresh_loss)
