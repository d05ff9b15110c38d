"""A hidden layer unfolds what no line separates: by hand, by descent, and as far as topology lets it."""

import functools
import random

import numpy as np
import pytest
import torch
from scipy.optimize import linprog
from sklearn.svm import SVC
from torch.nn import functional

from explainer.experiments import mlp as experiments
from explainer.nets.army import MOST, N_STARTS
from explainer.nets.data import sample_four_clouds
from explainer.nets.logistic import DISTRIBUTIONS, fit
from explainer.nets.maps import LEVELS
from explainer.nets.training import N_FRAMES

army = functools.cache(experiments.army)
sheet = functools.cache(experiments.crumpled_sheet)


# -- by hand ---------------------------------------------------------------------------------------


def by_definition(net: experiments.ByHand, frame: int) -> tuple[np.ndarray, np.ndarray]:
    """Return h and p of the points from the parameters, with nothing but torch's layers."""
    w = torch.from_numpy(net.parameters[frame])
    h = torch.sigmoid(functional.linear(torch.from_numpy(net.X), w[:4].reshape(2, 2), w[4:6]))
    return h.numpy(), torch.sigmoid(functional.linear(h, w[None, 6:8], w[8:]))[:, 0].numpy()


@pytest.mark.parametrize("family", ["four_clouds", "ring"])
@pytest.mark.parametrize("lines", [experiments.LINES, experiments.DIAGONAL])
def test_descent_starts_from_exactly_the_weights_of_the_hand(family, lines):
    settings = {"family": family, "lines": lines, "steep_hidden": 0.7, "steep_third": 3.3}
    hand = experiments.by_hand(**settings)
    down = experiments.by_hand(**settings, who="descent")
    assert (down.parameters[0] == hand.parameters[0]).all()
    assert (down.h[0] == hand.h[0]).all()
    assert down.losses[0] == hand.losses[0]
    assert (down.maps[0] == hand.maps[0]).all()
    assert (down.lines[0] == hand.lines[0]).all()
    assert down.losses[-1] < down.losses[0]
    assert len(down.parameters) == N_FRAMES
    assert down.steps[0] == 0
    assert down.steps[-1] == experiments.DESCENT["n_steps"]


def test_every_frame_shows_the_network_of_its_parameters():
    net = experiments.by_hand(lines=experiments.DIAGONAL, who="descent")
    for frame in (0, 7, 30, 59):
        h, p = by_definition(net, frame)
        assert net.h[frame] == pytest.approx(h, abs=1e-12)
        assert net.wrong[frame] == ((p > 0.5) != (net.y > 0.5)).sum()
        assert (net.mistaken[frame] == ((p > 0.5) != (net.y > 0.5))).all()
        price = -np.where(net.y > 0.5, np.log(p), np.log(1 - p)).mean()
        assert net.losses[frame] == pytest.approx(price)


def test_what_is_called_separable_is_so_for_a_linear_programme_and_a_support_vector_machine():
    hand = random.Random(0)
    seen = {True: 0, False: 0}
    for _ in range(150):
        turn, offset, apart = hand.uniform(-1, 1), hand.uniform(0, 4), hand.choice([0.0, 3.0])
        a, b = (-5.0, 5 + offset + turn), (5.0, -5 + offset - turn)
        lines = (a, b, (-5.0 + apart, 5 - offset), (5.0 + apart, -5 - offset))
        net = experiments.by_hand(lines=lines, steep_hidden=hand.uniform(0.3, 2))
        h, sign = net.h[0], 2 * net.y - 1
        signed = sign[:, None] * np.column_stack([h, np.ones(len(h))])
        free = [(None, None)] * 3
        exists = linprog(np.zeros(3), A_ub=-signed, b_ub=-np.ones(len(h)), bounds=free).status == 0
        seen[exists] += 1
        assert (net.strips[0] > 0) == exists
        assert (net.verdict in ("separable", "solved")) == exists
        if net.strips[0] > 0.05:
            machine = SVC(kernel="linear", C=1e6).fit(h, net.y)
            assert 2 / np.linalg.norm(machine.coef_) == pytest.approx(net.strips[0], rel=1e-2)
    assert min(seen.values()) > 10


def test_the_default_lines_do_not_separate_and_the_diagonal_ones_do():
    assert experiments.by_hand().verdict == "inseparable"
    assert experiments.by_hand(lines=experiments.DIAGONAL).verdict == "separable"
    done = experiments.by_hand(lines=experiments.DIAGONAL, who="descent")
    assert (done.verdict, done.led, int(done.wrong[-1])) == ("solved", "descent", 0)
    assert experiments.by_hand(who="descent").led == "stuck"


def test_two_neurons_never_separate_the_ring():
    hand = random.Random(1)
    for _ in range(500):
        lines = tuple((hand.uniform(-6, 6), hand.uniform(-6, 6)) for _ in range(4))
        net = experiments.by_hand(family="ring", lines=lines, steep_hidden=hand.uniform(0.2, 12))
        assert net.verdict == "inseparable"


def test_whatever_the_hand_does_there_is_a_verdict_and_every_number_is_finite():
    hand = random.Random(2)

    def place(low: float, high: float) -> tuple[float, float]:
        return hand.choice([(hand.uniform(low, high), hand.uniform(low, high)), (low, high), (low, low)])

    verdicts = set()
    for i in range(300):
        placed = tuple((*place(-6, 6), hand.randint(0, 1)) for _ in range(hand.choice([1, 2, 9, 40])))
        net = experiments.by_hand(
            family=hand.choice(experiments.FAMILIES),
            placed=placed,
            lines=tuple(place(-6, 6) for _ in range(4)),
            third=tuple(place(-0.1, 1.1) for _ in range(2)),
            steep_hidden=hand.choice([0.2, 1.5, 12]),
            steep_third=hand.choice([0.2, 8, 12]),
            who="descent" if i % 10 == 0 else "hand",
        )
        verdicts.add(net.verdict)
        for array in (*net.plane, *net.space, net.strips):
            assert np.isfinite(array).all()
        assert np.isfinite(net.losses).all()
        assert all(np.isfinite(value) for value in net.numbers.values())
        if net.verdict == "solved":
            assert net.strips[-1] > 0
    assert verdicts == {"one_class", "inseparable", "separable", "solved"}


def test_the_clouds_are_xor_and_apart():
    X, y = sample_four_clouds(400, spread=0.7, seed=3)
    assert ((X.prod(1) > 0) == (y[:, 0] > 0.5)).all()
    assert X.abs().min() >= 3 - 2 * 0.7
    assert torch.equal(X, sample_four_clouds(400, spread=0.7, seed=3)[0])


# -- an army ---------------------------------------------------------------------------------------


def test_neurons_beyond_their_number_stay_exactly_zero():
    net = army()
    for n in range(1, MOST + 1):
        rows = net.parameters[n - 1]
        w1, b1, v = rows[:, :24].reshape(-1, 12, 2), rows[:, 24:36], rows[:, 36:48]
        for part in (w1, b1, v):
            assert (part[:, n:] == 0).all()
            assert (part[:, :n] != 0).any()


def test_three_neurons_close_the_ring_and_two_do_not():
    net = army()
    assert net.accuracy.shape == (MOST, N_STARTS)
    assert net.accuracy[:2].max() < 0.85
    assert net.accuracy[2:].min() > 0.9


@pytest.mark.parametrize(("n", "place"), [(1, 1), (4, 3), (12, 8)])
def test_a_squad_is_the_network_of_its_place(n, place):
    net = army()
    squad = net.of(n, place)
    losses = np.sort(net.losses[n - 1])
    assert net.losses[n - 1, net.start(n, place)] == losses[place - 1]
    assert squad.share.shape == (n,)
    assert squad.ends.shape == (1, n, 2, 2)
    row = net.parameters[n - 1, net.start(n, place)].astype(float)
    h = np.tanh(net.X / 3 @ row[:24].reshape(12, 2).T + row[24:36])
    logits = h @ row[36:48] + row[48]
    assert (squad.mistaken == ((logits > 0) != (net.y > 0.5))).all()
    loss = np.log1p(np.exp(-np.where(net.y > 0.5, logits, -logits))).mean()
    assert loss == pytest.approx(losses[place - 1], rel=1e-4)
    for j in range(n):  # where its border is drawn the neuron is 0
        inside = squad.ends[0, j] / 3 @ row[2 * j : 2 * j + 2] + row[24 + j]
        assert np.abs(inside).max() < 1e-3 or squad.ends[0, j].min() == 99


# -- the matrix form -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", experiments.TOY_SETS)
def test_the_numbers_of_a_point_are_those_of_torch_and_of_the_map(name):
    for n in (2, 3, 4):
        net = experiments.traced(traced_set=name, traced_neurons=n)
        hand = random.Random(n)
        for _ in range(50):
            place = (hand.uniform(-6, 6), hand.uniform(-6, 6))
            said = net.trace(place)
            x = torch.tensor([place], dtype=torch.float64)
            h = torch.sigmoid(x @ torch.from_numpy(net.W1) + torch.from_numpy(net.b1))
            p = torch.sigmoid(h @ torch.from_numpy(net.W2) + torch.from_numpy(net.b2))
            assert said["h"] == pytest.approx(h.numpy())
            assert said["p"] == pytest.approx(float(p))
        row, column = 7, 30
        centre = (-6 + 12 * (column + 0.5) / 40, 6 - 12 * (row + 0.5) / 40)
        assert net.map[0, row, column] == pytest.approx(LEVELS * net.trace(centre)["p"], abs=1)


@pytest.mark.parametrize(("name", "n"), [("set_circles", 3), ("set_spiral", 4), ("set_xor", 2)])
def test_the_exported_script_prints_the_loss_of_the_page(alone, name, n):
    settings = {"traced_set": name, "traced_neurons": n}
    printed = alone.number(experiments.traced_script(**settings))
    assert printed == pytest.approx(experiments.traced(**settings).loss, rel=1e-6)


def test_three_sigmoids_are_enough_for_the_ring():
    net = experiments.traced(traced_neurons=3)
    called = [net.trace(tuple(x))["p"] > 0.5 for x in net.X]
    assert (np.array(called) == (net.y > 0.5)).all()


# -- the crumpled sheet ----------------------------------------------------------------------------


@pytest.mark.parametrize("layers", [1, 2, 3, 4])
def test_in_the_plane_the_ring_is_never_parted_from_the_disc_even_if_all_points_are(layers):
    net = sheet(sheet_layers=layers)
    assert net.leak > 0.01
    assert net.about_ring == ("ring_held" if net.wrong else "ring_slipped")
    assert net.about_ring == ("ring_held" if layers < 3 else "ring_slipped")


@pytest.mark.parametrize("layers", [1, 2])
def test_in_space_it_is(layers):
    net = sheet(sheet_units="units_3", sheet_layers=layers)
    assert (net.leak, net.wrong, net.about_ring) == (0, 0, "ring_open")


def test_no_random_network_of_two_units_parts_a_ring_from_what_is_inside():
    """The theorem, on networks that nobody has trained, with the sharpest weights, too."""
    turn = torch.linspace(0, 2 * torch.pi, 20_001, dtype=torch.float64)[:-1]
    circle = torch.stack([turn.cos(), turn.sin()], 1)
    generator = torch.Generator().manual_seed(0)
    inside = circle[::100] * torch.rand(200, 1, generator=generator, dtype=torch.float64)
    seen = 0
    for seed in range(500):
        h = torch.cat([circle, 0.95 * inside])
        for _ in range(1 + seed % 4):
            weight = torch.randn(2, 2, generator=generator, dtype=torch.float64) * (1 + seed % 3)
            h = torch.tanh(h @ weight.T + torch.randn(2, generator=generator, dtype=torch.float64))
        direction = torch.randn(2, generator=generator, dtype=torch.float64)
        height = h @ direction
        ring, disc = height[:20_000], height[20_000:]
        assert ring.max() >= disc.max() - 1e-9, seed
        assert ring.min() <= disc.min() + 1e-9, seed
        seen += 1
    assert seen == 500


@pytest.mark.parametrize("units", experiments.UNITS)
def test_the_sheet_begins_flat_ends_where_the_last_neuron_cuts_and_stays_in_view(units):
    net = sheet(sheet_units=units)
    assert net.points.shape == (N_FRAMES, experiments.N_SHEET, experiments.UNITS[units])
    wrong = ((net.points[-1] @ net.weight + net.bias > 0) != (net.y > 0.5)).sum()
    assert wrong == net.wrong
    assert net.right[0] < 0.65
    assert net.right[-1] > 0.95
    assert net.layer[0] == 1
    assert net.layer[-1] == 2
    for turn in (0.0, -180.0, 55.0):
        seen = net.seen(turn)
        for part in (seen.grid, seen.points, seen.ring):
            assert np.abs(part).max() <= 1 + 1e-9
        sides = seen.points[-1] - seen.border[-1, 0]
        along = seen.border[-1, 1] - seen.border[-1, 0]
        if seen.border[-1].max() < 90:
            left = along[0] * sides[:, 1] - along[1] * sides[:, 0] > 0
            mistakes = (left != (net.y > 0.5)).sum()
            assert min(mistakes, len(net.y) - mistakes) == net.wrong, "the line on the screen is the cut"
    assert net.seen(0).border[-1].max() < 90
    assert net.seen(0).border[:50].min() == 99


@pytest.mark.parametrize("which", experiments.SHEETS)
@pytest.mark.parametrize("settings", [{"sheet_layers": 1}, {"sheet_units": "units_3", "sheet_layers": 4}])
def test_every_frame_has_the_logistic_regression_of_its_own_places(which, settings):
    """Newton's steps on all frames at once end where damped Newton ends frame by frame."""
    net = sheet(sheet_set=which, **settings)
    y = torch.from_numpy(net.y)
    for frame in range(0, N_FRAMES, 10):
        h = torch.from_numpy(net.points[frame])
        scaled = (h - h.mean(0)) / h.std()
        bias, *weight = fit(scaled, y, DISTRIBUTIONS["sigmoid"], l2=1e-3).parameters
        right = ((bias + scaled @ torch.stack(weight) > 0) == (y > 0.5)).double().mean()
        assert net.right[frame] == right, frame


def test_without_a_ring_there_is_none():
    net = sheet(sheet_set="set_moons", sheet_units="units_3", sheet_layers=1)
    assert (net.about_ring, net.ring.shape[1], net.leak) == ("no_ring", 0, 0)


def test_the_walk_around_changes_the_view_alone():
    net = sheet(sheet_units="units_3")
    one, two = net.seen(0.0), net.seen(90.0)
    assert not np.allclose(one.grid, two.grid)
    assert one.grid[..., 1] == pytest.approx(two.grid[..., 1]), "around the vertical axis no height changes"


# -- features of features --------------------------------------------------------------------------


@pytest.mark.parametrize("f", experiments.FEATURE_F)
def test_on_the_spiral_complexity_grows_from_layer_to_layer(f):
    net = experiments.features(feature_f=f, feature_layers=3)
    means = [float(layer.mean()) for layer in net.complexity]
    assert means == sorted(means)
    assert means[-1] > 3 * means[0]
    assert net.complexity[0].max() <= (2 if f == "relu" else 1)
    assert net.maps.shape == (3, experiments.N_FEATURES, experiments.FEATURE_SIDE, experiments.FEATURE_SIDE)
    for maps in (net.maps, net.output, net.inputs):
        assert np.abs(maps).max() <= 1
    if f == "relu":
        assert net.maps.min() >= 0


def test_the_inputs_are_the_plane_itself():
    net = experiments.features(feature_layers=1)
    assert (np.diff(net.inputs[0], axis=1) > 0).all(), "x1 grows to the right"
    assert (np.diff(net.inputs[1], axis=0) < 0).all(), "x2 grows upwards"


def test_long_runs_can_be_stopped_at_every_step():
    calls = []

    def tick(share: float) -> None:
        calls.append(share)
        if len(calls) == 5:
            raise InterruptedError

    for run in (experiments.army, experiments.crumpled_sheet, experiments.features):
        calls.clear()
        with pytest.raises(InterruptedError):
            run(tick=tick)
        assert len(calls) == 5
