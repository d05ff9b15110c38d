"""What the page on activation functions claims, as properties of its experiments."""

import dataclasses
import functools
import itertools
import re

import numpy as np
import pytest
import torch

from explainer.experiments import activations as experiments
from explainer.nets.activations import ACTIVATIONS, elu, leaky_relu
from explainer.nets.data import VIEW
from explainer.nets.mlp import MLP
from explainer.nets.training import train
from explainer.texts import labels

race = functools.cache(experiments.race)
each_target = pytest.mark.parametrize("target", experiments.TARGETS)


def finite(result: object) -> None:
    for field in dataclasses.fields(result):
        value = getattr(result, field.name)
        if not isinstance(value, (str, tuple)):
            assert np.isfinite(value).all(), field.name


def slopes(x: float) -> dict[str, float]:
    found = [experiments.one_cursor(cursor=x, group=group) for group in experiments.GROUPS]
    return {name: float(s) for net in found for name, s in zip(net.names, net.at_slope, strict=True)}


# -- from linear to nonlinear ----------------------------------------------------------------------


@each_target
def test_without_a_bend_the_network_is_the_least_squares_line(target):
    for neurons in (1, 8, 16):
        net = experiments.linear_to_nonlinear(bend_target=target, bend_neurons=neurons)
        assert net.loss == pytest.approx(net.line_loss, rel=1e-6)
        assert np.abs(np.diff(net.output, 2)).max() < 1e-12
        assert np.array_equal(net.f, net.x)


@each_target
def test_a_tenth_of_a_bend_is_enough_to_leave_it(target):
    for bend in (0.9, 0.5, 0.0):
        net = experiments.linear_to_nonlinear(bend=bend, bend_target=target)
        assert net.loss < 0.02 * net.line_loss


def test_the_loss_shown_is_that_of_the_curves_shown():
    net = experiments.linear_to_nonlinear(bend=0.3, bend_target="parabola", bend_neurons=3)
    assert net.loss == pytest.approx(np.square(net.output - net.curve).mean(), rel=1e-9)
    assert np.array_equal(net.f, np.where(net.x > 0, net.x, 0.3 * net.x))


# -- one cursor ------------------------------------------------------------------------------------


def test_the_groups_are_the_slides_table_and_what_came_later():
    assert experiments.GROUPS["eight"] == (
        "sigmoid", "tanh", "softsign", "heaviside", "softplus", "relu", "leaky_relu", "elu"
    )  # fmt: skip
    assert {"identity", *experiments.GROUPS["eight"], "gelu", "silu"} == set(experiments.NAMES)


def test_the_cursor_reads_the_very_functions_that_are_drawn():
    for group, cursor in itertools.product(experiments.GROUPS, (-6.0, -0.75, 0.0, 0.25, 6.0)):
        net = experiments.one_cursor(cursor=cursor, leak=0.4, elu_alpha=0.6, group=group)
        at = torch.tensor(cursor, dtype=torch.float64)
        for i, name in enumerate(net.names):
            f = {"leaky_relu": leaky_relu(0.4), "elu": elu(0.6)}.get(name, ACTIVATIONS[name])
            assert (net.at_f[i], net.at_slope[i]) == (float(f.function(at)), float(f.derivative(at)))
            if cursor != 0:
                nearest = np.abs(net.x - cursor).argmin()
                assert net.f[i, nearest] == pytest.approx(net.at_f[i], abs=1e-9)
                assert net.slope[i, nearest] == pytest.approx(net.at_slope[i], abs=1e-9)


def test_far_out_few_let_more_than_a_hundredth_of_the_gradient_through():
    """What the first experiment of "try this" leads to."""
    far, back = ({name for name, s in slopes(x).items() if abs(s) > experiments.DEAD} for x in (6, -6))
    assert set(experiments.GROUPS["eight"]) & far == {"softsign", "softplus", "relu", "leaky_relu", "elu"}
    assert set(experiments.GROUPS["eight"]) & back == {"softsign", "leaky_relu"}


# -- one function in detail ------------------------------------------------------------------------


def test_every_formula_equals_autograd_and_the_step_is_refused():
    for name in experiments.NAMES:
        net = experiments.in_detail(detail=name)
        assert net.largest_difference < 1e-14
        assert net.checked_by == ("quotient" if name == "heaviside" else "autograd")
        assert 0.0 in net.x


@pytest.mark.parametrize(
    ("name", "peaks", "at", "peak"),
    [
        ("identity", "everywhere", 0, 1),
        ("sigmoid", "point", 0, 0.25),
        ("tanh", "point", 0, 1),
        ("softsign", "point", 0, 1),
        ("heaviside", "everywhere", 0, 0),
        ("softplus", "limit", None, 1),
        ("relu", "right", 0, 1),
        ("leaky_relu", "right", 0, 1),
        ("elu", "right", 0, 1),
        ("gelu", "point", 2**0.5, 1.128904),
        ("silu", "point", 2.399357, 1.099839),
    ],
)
def test_where_the_derivative_is_largest(name, peaks, at, peak):
    net = experiments.in_detail(detail=name)
    assert (net.peaks, net.peak) == (peaks, pytest.approx(peak, abs=1e-6))
    assert at is None or net.peak_at == pytest.approx(at, abs=1.1e-3)


def test_where_the_derivative_dies():
    logit = np.log((1 + np.sqrt(0.96)) / (1 - np.sqrt(0.96)))  # s (1 - s) = 0.01
    expected = {
        "sigmoid": ("both", logit),
        "tanh": ("both", np.arctanh(np.sqrt(0.99))),
        "softsign": ("both", 9),
        "softplus": ("left", np.log(99)),
        "relu": ("left", 0),
        "elu": ("left", np.log(100)),
        "leaky_relu": ("never", experiments.FAR),
        "identity": ("never", experiments.FAR),
    }
    for name, (dies, where) in expected.items():
        net = experiments.in_detail(detail=name)
        assert (net.dies, -net.low) == (dies, pytest.approx(where, abs=2e-3))
        assert net.high == (pytest.approx(where, abs=2e-3) if dies == "both" else experiments.FAR)
    assert experiments.in_detail(detail="heaviside").dies == "everywhere"
    assert experiments.in_detail(detail="gelu").dies == experiments.in_detail(detail="silu").dies == "left"


def test_at_a_kink_torch_takes_the_slope_at_the_left():
    kinks = {name for name in experiments.NAMES if experiments.in_detail(detail=name).at_zero != "smooth"}
    assert kinks == {"heaviside", "relu", "leaky_relu"}
    assert experiments.in_detail(detail="heaviside").at_zero == "jump"
    for a in (0.0, 0.3, 0.99):
        net = experiments.in_detail(detail="leaky_relu", detail_leak=a)
        assert (net.at_zero, net.left, net.right, net.taken) == ("kink", a, 1, a)
        net = experiments.in_detail(detail="elu", detail_alpha=a)
        assert (net.at_zero, net.left, net.taken) == ("kink", pytest.approx(a), a)
    assert experiments.in_detail(detail="elu", detail_alpha=1.5).peaks == "left"
    assert experiments.in_detail(detail="leaky_relu", detail_leak=1.0).at_zero == "smooth"


def test_the_ranges_on_the_screen_are_those_of_the_functions():
    x = torch.linspace(-40, 40, 800_001, dtype=torch.float64)
    for name, f in ACTIVATIONS.items():
        low, high = float(f.function(x).min()), float(f.function(x).max())
        text = labels("en")[f"formula_of_{name}"]
        if name == "elu":
            assert text.endswith(r"f > -\alpha")
            assert low == pytest.approx(-1)
        elif name == "heaviside":
            assert text.endswith(r"f \in \{{0, 1\}}")
            assert (low, high) == (0, 1)
        else:
            ends = re.search(r"f \\in [(\[](.+), (.+)\)$", text).groups()
            for end, found in zip(ends, (low, high), strict=True):
                if "infty" in end:
                    assert abs(found) > (0.3 if name == "leaky_relu" else 39)
                else:  # softsign comes as close as 1/41 by the edge of the view
                    assert found == pytest.approx(float(end), abs=0.03 if name == "softsign" else 5e-4)


def test_gelu_and_silu_have_a_dip_where_the_text_says():
    x = torch.linspace(-3, 0, 300_001, dtype=torch.float64)
    for name, place in (("gelu", -0.75), ("silu", -1.28)):
        at = x[ACTIVATIONS[name].function(x).argmin()]
        assert round(float(at), 2) == place
        assert abs(float(ACTIVATIONS[name].derivative(at))) < 1e-5


# -- the race --------------------------------------------------------------------------------------


def final(**settings: str) -> dict[str, np.ndarray]:
    net = race(**settings)
    assert (net.steps[0], net.steps[-1], len(net.steps)) == (0, experiments.N_STEPS, 60)
    assert net.losses.shape == (len(net.names), 60, experiments.N_SEEDS)
    finite(net)
    return dict(zip(net.names, net.losses[:, -1], strict=True))


@pytest.mark.parametrize("settings", [{}, {"race_target": "abs", "race_depth": "hidden_3"}], ids=str)
def test_without_an_activation_the_race_ends_at_the_line_and_every_other_goes_below(settings):
    line = race(**settings).line_loss
    ends = final(**settings)
    assert np.median(ends.pop("identity")) == pytest.approx(line, rel=0.02)
    assert all(np.median(losses) < 0.5 * line for losses in ends.values())


@pytest.mark.parametrize("settings", [{}, {"race_target": "abs", "race_depth": "hidden_3"}], ids=str)
def test_the_steps_first_layer_never_moves_and_what_it_learns_is_little(settings):
    net = race(**settings)
    moved = dict(zip(net.names, net.moved, strict=True))
    assert moved.pop("heaviside") == 0
    assert min(moved.values()) > 0.01
    ends = final(**settings)
    least = min(np.median(losses) for losses in ends.values())
    assert np.median(ends["heaviside"]) > 10 * least


def test_eight_layers_deep_one_of_the_sigmoids_starts_ends_no_better_than_a_line():
    """What the third experiment of "try this" leads to."""
    line = race(race_depth="hidden_8").line_loss
    ends = final(race_depth="hidden_8")
    failures = {name: int((losses > 0.9 * line).sum()) for name, losses in ends.items()}
    assert failures.pop("sigmoid") == 1
    assert failures.pop("identity") == experiments.N_SEEDS
    assert not any(failures.values())


def test_a_seed_of_the_batch_is_the_run_alone():
    net = MLP((1, experiments.WIDTH, 1), ACTIVATIONS["tanh"])
    x, y = experiments._samples("sine")
    start = net.initialise([3], view=(-VIEW, VIEW), sharpness=VIEW)
    settings = {"optimizer": "adam", "learning_rate": experiments.LEARNING_RATE, "seconds": 30}
    alone = train(net, start, x[:, None], y[:, None], n_steps=experiments.N_STEPS, **settings)
    together = race().losses[experiments.NAMES.index("tanh"), :, 3]
    assert alone.losses[:, 0] == pytest.approx(together, rel=1e-6)


# -- whatever is asked for -------------------------------------------------------------------------


def test_any_settings_give_finite_numbers():
    rng = np.random.default_rng(0)
    for _ in range(1500):
        finite(
            experiments.one_cursor(
                cursor=float(rng.choice([-6, 0, 6, rng.uniform(-6, 6)])),
                leak=float(rng.choice([0, 1, rng.random()])),
                elu_alpha=float(rng.choice([0, 1, 1.5, rng.uniform(0, 1.5)])),
                group=str(rng.choice(list(experiments.GROUPS))),
            )
        )
    for i in range(200):
        parameters = {"detail_leak": float(rng.choice([0, 1, rng.random()]))}
        parameters["detail_alpha"] = float(rng.choice([0, 1, 1.5, rng.uniform(0, 1.5)]))
        net = experiments.in_detail(detail=experiments.NAMES[i % len(experiments.NAMES)], **parameters)
        finite(net)
        assert net.largest_difference < 1e-14
    for _ in range(100):
        net = experiments.linear_to_nonlinear(
            bend=float(rng.choice([0, 0.99, 1, rng.random()])),
            bend_target=str(rng.choice(experiments.TARGETS)),
            bend_neurons=int(rng.choice([1, 16, rng.integers(1, 17)])),
        )
        finite(net)
        assert net.loss < 2 * net.line_loss
