"""What the page on network paralysis claims, as properties of its experiments."""

import dataclasses
import itertools

import numpy as np
import pytest
import torch

from explainer.experiments import vanishing_gradients as experiments
from explainer.nets.activations import ACTIVATIONS
from explainer.nets.gradients import signal_norms
from explainer.nets.training import train
from tests.nets.test_gradients import RANDOM

NAMES = experiments.NAMES


@pytest.fixture(scope="module")
def maps():
    """Return eight maps of each initialisation, by seed, and eight of narrow networks."""
    choices = {scheme: {"map_init": scheme} for scheme in RANDOM} | {"narrow": {"map_width": "neurons_4"}}
    return {
        name: [experiments.gradient_map(**choice, seed=seed) for seed in range(8)]
        for name, choice in choices.items()
    }


def finite(result: object) -> None:
    for field in dataclasses.fields(result):
        value = getattr(result, field.name)
        if dataclasses.is_dataclass(value):
            finite(value)
        elif not isinstance(value, str):
            assert np.isfinite(value).all(), field.name


# -- the map ---------------------------------------------------------------------------------------


def test_a_cell_is_the_network_that_its_place_names(maps):
    X, y = experiments._data()
    rng = np.random.default_rng(0)
    for _ in range(12):
        scheme, f = str(rng.choice(RANDOM)), str(rng.choice(NAMES))
        depth, seed = int(rng.integers(1, 31)), int(rng.integers(8))
        cell = maps[scheme][seed].cell(f, depth)
        net = experiments._net(f, depth)
        norms = signal_norms(net, net.initialise([seed], scheme=scheme), X, y)[0]
        assert cell.signals == pytest.approx((norms / norms[-1]).log10().numpy(), abs=1e-9)  # by autograd
        assert cell.ratio == pytest.approx(float(norms[0] / norms[-1]), rel=1e-8)
        assert cell.signals.shape == cell.bounds.shape == cell.slopes.shape == (depth,)
        assert maps[scheme][seed].firsts[NAMES.index(f), depth - 1] == cell.signals[0]


def test_no_network_of_the_maps_exceeds_its_bound(maps):
    for nets in itertools.chain(*maps.values()):
        there = ~np.isnan(nets.signals)
        assert (nets.signals[there] <= nets.bounds[there] + 1e-9).all()
        assert there.sum() == 4 * sum(range(1, 31))


def test_the_slopes_alone_are_exceeded_with_weights_of_variance_one(maps):
    cells = [maps["normal"][seed].cell("sigmoid", 30) for seed in range(8)]
    assert all(cell.ratio > 1e10 * cell.slope for cell in cells)
    assert all(cell.ratio < cell.bound for cell in cells)


def test_the_heading_is_what_the_default_cell_shows(maps):
    for seed in range(8):
        assert maps["xavier"][seed].cell("sigmoid", 20).verdict == "vanishes"
        assert maps["xavier"][seed].cell("tanh", 20).verdict == "passes"
        assert maps["he"][seed].cell("relu", 20).verdict == "passes"
        assert maps["normal"][seed].cell("relu", 20).verdict == "explodes"


def test_exact_zeros_are_dead_layers_and_stay_zero_further_back(maps):
    zero = np.isneginf(np.stack([nets.signals for nets in maps["narrow"]], 1))
    assert zero[NAMES.index("relu")].any()
    assert not np.delete(zero, NAMES.index("relu"), 0).any()
    for seed in range(8):
        for depth in range(1, 31):
            cell = maps["narrow"][seed].cell("relu", depth)
            dead = np.isneginf(cell.signals)
            assert (cell.verdict == "zero") == dead.any() == dead[0]
            assert (np.diff(dead.astype(int)) <= 0).all(), "from the first layer up to the dead one"


def test_what_is_lost_in_float32_is_tiny_but_not_zero_in_float64(maps):
    small = maps["small"][0]
    assert small.cell("sigmoid", 30).verdict == "lost"
    lost = small.lost & ~np.isneginf(small.signals[..., 0])
    assert lost.any()
    assert (small.signals[..., 0][lost] < -35).all()
    assert not any(nets.lost.any() for scheme in ("normal", "xavier", "he") for nets in maps[scheme])


# -- training and rescue ---------------------------------------------------------------------------


def test_the_paralysed_network_learns_the_mean_and_its_first_layer_stays_put():
    net = experiments.paralysis()
    run = net.run
    assert run.verdict == "constant"
    assert run.losses[-1] == pytest.approx(net.constant_loss, rel=1e-3)
    _, y = experiments._data()
    assert np.ptp(run.y_hat) < 1e-6
    assert run.y_hat.mean() == pytest.approx(float(y.mean()), abs=1e-4)
    assert 0 < run.moved_first < 1e-10 < 1e-3 < run.moved_last
    assert run.first[0] < 1e-10 * run.last[0]
    assert run.idle == run.idle_trained == 0, "no single neuron is saturated: the product is"
    assert run.n_units == 19 * 32


def test_ten_times_the_learning_rate_does_not_wake_the_first_layer():
    run = experiments.paralysis(deep_rate="rate_1").run
    assert run.verdict == "constant"
    assert run.moved_first < 1e-9


def test_small_weights_leave_the_first_layer_unmoved_to_the_last_bit():
    run = experiments.paralysis(deep_init="small").run
    assert run.moved_first == 0
    assert run.first.max() > 0


def test_three_of_the_four_remedies_work_alone_and_hes_weights_do_not():
    remedies = {
        "saved_f": "relu",
        "saved_init": "he",
        "saved_path": "residual_path",
        "saved_layers": "layers_2",
    }
    verdicts = {}
    for name, option in remedies.items():
        net = experiments.rescue(**{name: option})
        finite(net)
        assert net.before.verdict == "constant"
        verdicts[name] = net.after.verdict
    assert verdicts == dict.fromkeys(remedies, "learned") | {"saved_init": "constant"}


def test_before_and_after_are_one_network_where_nothing_is_chosen():
    net = experiments.rescue()
    assert (net.before.y_hat == net.after.y_hat).all()
    assert (net.before.losses == experiments.paralysis().run.losses).all()


def test_relu_is_no_guarantee():
    X, y = experiments._data()
    net, rate = experiments._net("relu", 20), {"optimizer": "sgd", "learning_rate": 0.01, "seconds": 60}
    stuck = train(net, net.initialise([4], scheme="xavier"), X, y, n_steps=experiments.N_STEPS, **rate)
    assert stuck.losses[-1, 0] > 0.9 * experiments._constant_loss()
    gone = train(net, net.initialise([2], scheme="he"), X, y, n_steps=experiments.N_STEPS, **rate)
    assert gone.losses[-1, 0] > 1 or gone.ended == "diverged"


def test_connections_around_layers_that_are_not_divided_by_their_number_blow_up():
    """The words under the rescue say so: the sum of twenty sigmoids grows, and with it the steps."""
    X, y = experiments._data()
    net = experiments._net("sigmoid", 20, residual=True)
    model = net.to_sequential(net.initialise([0], scheme="xavier")[0])
    for layer in model:
        if hasattr(layer, "share"):
            assert layer.share == 1 / 18
            layer.share = 1.0
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    for _ in range(50):
        optimizer.zero_grad()
        loss = (model(X) - y).square().mean()
        loss.backward()
        optimizer.step()
    assert not loss.item() < 100 * experiments._constant_loss()


def test_every_choice_of_training_gives_finite_numbers():
    rng = np.random.default_rng(0)
    schemes, rates = RANDOM, list(experiments.RATES)
    for f, scheme in itertools.product(NAMES[:3], schemes):
        net = experiments.paralysis(
            deep_f=f,
            deep_init=scheme,
            deep_layers=str(rng.choice(experiments.DEPTHS[:3])),
            deep_rate=str(rng.choice(rates)),
        )
        finite(net)
        assert net.run.steps[0] == 0
        assert net.run.idle <= net.run.n_units
    diverged = experiments.paralysis(deep_f="relu", deep_init="normal")
    finite(diverged)
    assert diverged.run.verdict == diverged.run.ended == "diverged"


# -- the chain -------------------------------------------------------------------------------------


def test_the_product_along_the_chain_is_the_derivative_that_torch_finds():
    rng = np.random.default_rng(0)
    for i in range(2000):
        f = ("sigmoid", "tanh", "relu")[i % 3]
        w = float(rng.choice([0, -12, 12, rng.uniform(-12, 12)]))
        b, start = float(rng.choice([0, -6, 6])), float(rng.choice([0, -3, 3, rng.uniform(-3, 3)]))
        depth = int(rng.integers(3, 13))
        net = experiments.chain(chain_f=f, chain_depth=depth, chain_weight=w, chain_bias=b, chain_x=start)
        finite(net)
        assert (np.abs(net.products) <= net.most * (1 + 1e-12)).all()
        if i % 10 == 0:
            x = torch.tensor(start, dtype=torch.float64, requires_grad=True)
            h = x
            for _ in range(depth):
                h = ACTIVATIONS[f].function(w * h + b)
            (derivative,) = torch.autograd.grad(h, x)
            assert net.derivative == pytest.approx(float(derivative), rel=1e-6, abs=1e-300)
            assert net.states[-1] == float(h.detach())


def test_a_chain_of_sigmoids_fades_unless_the_weight_is_at_least_four():
    for w in np.arange(-3.5, 4, 0.5):
        for b in (-6, -2, 0, 2, 6):
            nets = [experiments.chain(chain_weight=w, chain_bias=b, chain_depth=n) for n in (3, 12)]
            assert all(abs(net.derivative) < 0.875**n for n, net in zip((3, 12), nets, strict=True))


def test_at_the_middle_of_the_sigmoid_a_weight_of_eight_explodes_and_a_hair_off_it_collapses():
    settings = {"chain_weight": 8, "chain_bias": -4, "chain_depth": 8}
    assert experiments.chain(**settings, chain_x=0.5).derivative == 2**8
    assert experiments.chain(**settings, chain_x=0.6).derivative < 1e-3
