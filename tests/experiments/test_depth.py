"""What a deep network buys for the price of a wide one: the claims of the page, measured."""

import dataclasses
import itertools

import numpy as np
import pytest
import torch

from explainer.experiments import depth as experiments
from explainer.nets.activations import ACTIVATIONS
from explainer.nets.mlp import MLP
from explainer.nets.training import History


@pytest.fixture(scope="module")
def duels():
    """Duels of a few steps only: what is told of them does not depend on how long they last."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(experiments, "N_STEPS", 6)
        return {
            (task, unit, n): experiments.duel(
                task=task, duel_unit=unit, duel_layers=n, duel_budget="budget_100"
            )
            for task, (unit, n) in itertools.product(experiments.TASKS, [("tanh", 2), ("relu", 8)])
        }


def test_every_budget_that_is_offered_is_an_equal_price():
    for task, size, n in itertools.product(experiments.TASKS, experiments.BUDGETS, range(2, 9)):
        wide, deep = experiments._shapes(task, size, n, "relu")
        assert abs(wide.n_parameters - deep.n_parameters) <= 0.02 * deep.n_parameters
        assert abs(deep.n_parameters - experiments.BUDGETS[size]) <= 0.1 * experiments.BUDGETS[size]
        assert len(deep.sizes) == n + 2


def test_both_sides_have_eight_beginnings_and_show_their_best(duels):
    for (task, unit, n), net in duels.items():
        assert len(net.deep.sizes) == n + 2
        for side in (net.wide, net.deep):
            assert len(side.errors) == experiments.N_SEEDS == 8
            assert np.isfinite(side.errors).all()
            assert side.errors[side.best] == side.least <= side.median
            assert (side.n_pieces > 0) == (task != "spiral" and unit == "relu")
            if task != "spiral":  # the picture is of the network that has the least error
                shown = np.sqrt(np.mean((side.output - net.y) ** 2))
                assert shown == pytest.approx(side.least, rel=1e-9)
            far = experiments.STUCK * net.y.std()
            assert side.n_stuck == (side.errors > far).sum()


def test_one_layer_has_no_more_pieces_than_it_has_neurons_and_one(duels):
    for task in ("sawtooth", "bumps", "random_heights"):
        wide = duels[task, "relu", 8].wide
        assert 1 <= wide.n_pieces <= wide.sizes[1] + 1


def test_the_picture_of_the_spiral_is_the_right_way_up(duels):
    net = duels["spiral", "tanh", 2]
    for side in (net.wide, net.deep):
        low, n = experiments.VIEW, experiments.N_PIXELS
        column = ((net.X[:, 0] + low) * n / (2 * low)).astype(int)
        row = ((low - net.X[:, 1]) * n / (2 * low)).astype(int)
        right = (side.output[row, column] > 0) == (net.y > 0)
        # Six steps are few, but the error says how many answers can be wrong at most.
        assert 1 - right.mean() <= side.least**2 + 0.05


def test_the_verdict_is_that_of_the_medians(duels):
    base = next(iter(duels.values()))

    def judged(wide: float, deep: float, task: str = "bumps", **changes: object) -> dict[str, object]:
        sides = [
            dataclasses.replace(side, errors=np.full(8, error), n_stuck=0, n_pieces=0, cut_short=False)
            for side, error in ((base.wide, wide), (base.deep, deep))
        ]
        return experiments._judge(task, sides[0], dataclasses.replace(sides[1], **changes))

    assert judged(0.2, 0.1) == {"verdict": "deep", "remark": "all_learned"}
    assert judged(0.1, 0.3)["verdict"] == "wide"
    assert judged(0.1, 0.12)["verdict"] == judged(0.12, 0.1)["verdict"] == "even"
    assert judged(0.0, 0.0)["verdict"] == "even"
    assert judged(0.0, 1e-3)["verdict"] == "wide"
    assert judged(0.1, 0.3, n_stuck=2)["remark"] == "stuck"
    assert judged(0.1, 0.3, task="sawtooth", n_stuck=2)["remark"] == "by_hand"
    assert judged(0.1, 0.3, task="sawtooth", cut_short=True)["remark"] == "cut_short"


def test_the_sawtooth_is_what_five_folds_make_for_thirty_one_parameters():
    _, y = experiments._task("sawtooth")
    assert len(np.flatnonzero(np.diff(np.sign(np.diff(y[:, 0]))))) == 2**experiments.N_FOLDS - 1 == 31
    strip = experiments.folding(folds=experiments.N_FOLDS)
    assert (strip.price, len(strip.x) - 1) == (31, 32)


def test_depth_wins_on_the_spiral_and_width_on_the_sawtooth():
    """The page's first picture, and the case that its words call honest."""
    net = experiments.duel()
    assert net.verdict == "deep"
    assert net.deep.least < net.wide.least
    assert not net.deep.cut_short
    net = experiments.duel(task="sawtooth")
    assert net.verdict == "wide"
    assert net.deep.median > 0.1  # of a sawtooth between 0 and 1


def test_eight_narrow_layers_learn_worse_than_two_at_one_price():
    few, many = (experiments.duel(duel_layers=n, duel_budget="budget_100").deep for n in (2, 8))
    assert few.n_stuck == 0
    assert many.n_stuck >= 6
    assert many.median > 5 * few.median


def test_eight_layers_win_once_a_layer_has_enough_neurons():
    net = experiments.duel(duel_layers=8, duel_budget="budget_400")
    assert net.verdict == "deep"
    assert net.deep.n_stuck <= 1


def test_a_duel_ends_when_nobody_wants_it_any_more():
    class NewerError(Exception):
        pass

    def tick(share: float) -> None:
        assert 0 < share <= 1
        raise NewerError

    with pytest.raises(NewerError):
        experiments.duel(tick=tick)


def test_what_is_cut_short_says_so(monkeypatch):
    run = experiments._run

    def cut(*args: object) -> History:
        return dataclasses.replace(run(*args), ended="budget")

    monkeypatch.setattr(experiments, "N_STEPS", 2)
    monkeypatch.setattr(experiments, "_run", cut)
    assert experiments.duel().remark == "cut_short"


def test_the_exported_script_prints_the_loss_of_the_page(alone, monkeypatch):
    monkeypatch.setattr(experiments, "N_STEPS", 30)
    for settings in ({}, {"task": "bumps", "duel_unit": "relu", "duel_layers": 2}):
        net = experiments.duel(**settings)
        program = experiments.duel_script(**settings, best=net.deep.best)
        assert alone.number(program) == pytest.approx(net.deep.least**2, rel=1e-6)


# -- pieces ----------------------------------------------------------------------------------------


def test_the_broken_line_is_the_network_moved_and_scaled():
    for depth, width, seed in itertools.product((1, 3, 6), (1, 8, 16), range(4)):
        line = experiments.pieces(depth=depth, width=width, seed=seed)
        assert len(line.x) == len(line.y) == line.n_pieces + 1
        assert line.n_neurons == depth * width
        assert np.abs(line.y).max() == pytest.approx(1) or not line.y.any()
        net = MLP((1, *depth * (width,), 1), ACTIVATIONS["relu"])
        exact = net.predict(net.initialise([seed]), torch.from_numpy(line.x)[:, None])[0, :, 0].numpy()
        if np.ptp(exact) > 1e-9:
            scaled = 2 * (exact - exact.min()) / np.ptp(exact) - 1
            assert np.abs(line.y - scaled).max() < 1e-6


def test_the_growth_starts_within_its_band_and_stays_under_its_bound():
    for depth, width in itertools.product(range(1, 7), (1, 2, 5, 16)):
        for seed in (0, 9):
            growth = experiments.pieces(depth=depth, width=width, seed=seed).growth
            assert all(len(line) == depth for line in growth.lines)
            assert (growth.low <= growth.here).all()
            assert (growth.here <= growth.high).all()
            assert (growth.high <= growth.bound).all()
            assert (growth.one_layer == np.arange(1, depth + 1) * width + 1).all()


def test_random_networks_have_about_as_many_pieces_as_neurons():
    """Hanin and Rolnick, ICML 2019: in proportion to the neurons, however they are arranged."""
    for depth, width in ((1, 16), (2, 16), (4, 16), (6, 16), (3, 8), (6, 10)):
        counts = [experiments.pieces(depth=depth, width=width, seed=seed).n_pieces for seed in range(10)]
        assert 0.4 < np.mean(counts) / (depth * width) < 1.4


# -- folding ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("folds", range(1, 9))
def test_the_strip_has_two_to_the_power_of_its_folds_pieces_in_the_end(folds):
    for crease in (0.2, 0.5, 0.8):
        strip = experiments.folding(folds=folds, crease=crease)
        assert (strip.n_folds[0], strip.n_pieces[0]) == (0, 1)
        assert (strip.n_folds[-1], strip.n_pieces[-1]) == (folds, 2**folds)
        assert strip.n_pieces.tolist() == (2**strip.n_folds).tolist()
        assert strip.curves.shape == (60, 2**folds + 1)
        for curve, n in zip(strip.curves, strip.n_pieces, strict=True):  # the number is that of the picture
            slopes = np.diff(curve) / np.diff(strip.x)
            assert 1 + (np.abs(np.diff(slopes)) > 1e-6 * np.abs(slopes).max()).sum() == n


def test_the_prices_are_those_of_torch_and_the_wide_layer_can_pay_for_no_piece_more():
    strip = experiments.folding(folds=8)
    assert (strip.price, strip.wide_neurons, strip.wide_price) == (49, 255, 766)
    (deep, wide), (many, as_many) = strip.prices, strip.counts
    assert many.tolist() == as_many.tolist() == [2**n for n in range(1, 11)]
    assert deep.tolist() == [6 * n + 1 for n in range(1, 11)]
    for price, n in zip(wide, as_many, strict=True):
        net = MLP((1, int(n) - 1, 1), ACTIVATIONS["relu"])
        assert price == sum(p.numel() for p in net.to_sequential(net.initialise([0])[0]).parameters())


# -- regions ---------------------------------------------------------------------------------------


def test_colours_differ_across_every_cut():
    """Wherever two neighbouring pixels differ in one neuron, they differ in colour."""
    for layers, units, kind in ((1, 2, "at_random"), (3, 7, "at_random"), (2, 8, "trained")):
        glass = experiments.regions(layers=layers, units=units, weights_are=kind, glass_seed=3)
        n = experiments.N_PAINTED
        assert glass.colors.shape == glass.positive.shape == (n, n)
        assert glass.colors.max() < 5
        if kind == "trained":
            continue
        net = MLP((2, *layers * (units,), 1), ACTIVATIONS["relu"])
        sums = net.sums(net.initialise([3]), experiments._plane(n, experiments.RADIUS))
        on = torch.cat([z[0] > 0 for z in sums[:-1]], 1).reshape(n, n, -1).numpy()
        for axis in (0, 1):
            switched = (np.diff(on.astype(int), axis=axis) != 0).sum(2)
            changed = np.diff(glass.colors.astype(int), axis=axis) != 0
            assert changed[switched == 1].all()
            assert not changed[switched == 0].any()


def test_the_counts_of_regions_and_the_points_are_those_of_the_settings():
    for layers, units, seed in itertools.product((1, 3, 5), (2, 10), range(3)):
        glass = experiments.regions(layers=layers, units=units, glass_seed=seed)
        assert glass.n_regions == glass.growth.here[-1]
        assert glass.n_neurons == layers * units
        assert (glass.growth.here <= glass.growth.bound).all()
        assert len(glass.X) == len(glass.y) == 0
        if layers == 1:
            assert glass.n_regions <= glass.growth.one_layer[-1]


def test_random_networks_have_of_the_order_of_the_square_of_their_neurons_regions():
    """Hanin and Rolnick, NeurIPS 2019: about N^2 / 2 in the plane, whatever the depth."""
    for layers, units in ((1, 10), (2, 10), (3, 8), (5, 6), (5, 10)):
        counts = [experiments.regions(layers=layers, units=units, glass_seed=i).n_regions for i in range(5)]
        assert 0.2 < np.mean(counts) / ((layers * units) ** 2 / 2) < 2


def test_the_trained_network_has_learned_its_circle():
    for seed in range(4):
        glass = experiments.regions(layers=3, units=8, weights_are="trained", glass_seed=seed)
        assert len(glass.X) == experiments.N_TRAINING
        assert glass.accuracy >= 95
        n, radius = experiments.N_PAINTED, experiments.RADIUS
        row, column = ((way * glass.X[:, i] + radius) * n / (2 * radius) for i, way in ((1, -1), (0, 1)))
        seen = glass.positive[row.astype(int), column.astype(int)] == (glass.y > 0)
        assert seen.mean() >= 0.94
