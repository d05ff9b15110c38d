"""The playground's core: a board holds what the network does, whatever was set, and nothing breaks."""

import contextlib
import inspect
import io
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import nn

from explainer.experiments import playground
from explainer.experiments.playground import (
    ACTIVATIONS_OFFERED,
    BATCHES,
    DATA,
    DEFAULTS,
    FEATURES_OFFERED,
    LEARNING_RATES,
    N_PIXELS,
    OPTIMIZERS_OFFERED,
    PENALTIES,
    PRESETS,
    RUNS,
    SCHEMES_OFFERED,
    board,
    point,
    several,
    shelf,
    why,
)
from explainer.nets.board import Board, train_board
from explainer.nets.task import prepare
from explainer.nets.training import N_FRAMES

FUNCTIONS = {
    "identity": lambda z: z,
    "tanh": np.tanh,
    "sigmoid": lambda z: (1 + np.tanh(z / 2)) / 2,
    "relu": lambda z: np.maximum(z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "elu": lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
    "softplus": lambda z: np.logaddexp(0, z),
    "softsign": lambda z: z / (1 + np.abs(z)),
    "silu": lambda z: z * (1 + np.tanh(z / 2)) / 2,
    "gelu": lambda z: nn.functional.gelu(torch.tensor(z)).numpy(),
    "heaviside": lambda z: (z >= 0).astype(float),
}
INPUTS = {
    "x1": lambda X: X[:, 0],
    "x2": lambda X: X[:, 1],
    "x1_squared": lambda X: X[:, 0] ** 2,
    "x2_squared": lambda X: X[:, 1] ** 2,
    "x1_x2": lambda X: X[:, 0] * X[:, 1],
    "sin_x1": lambda X: np.sin(X[:, 0]),
    "sin_x2": lambda X: np.sin(X[:, 1]),
}


def sums(run: Board, X: np.ndarray, frame: int = -1) -> np.ndarray:
    """Go forward through the network as the browser does, from what the board holds: the last layer's z."""
    h = (np.stack([INPUTS[name](X) for name in run.features], 1) - run.mean) / run.scale
    row, at = run.parameters[frame].astype(float), 0
    for layer, (n_in, n_out) in enumerate(zip(run.sizes, run.sizes[1:], strict=False)):
        weight = row[at : at + n_in * n_out].reshape(n_out, n_in)
        at += n_in * n_out
        z = h @ weight.T + row[at : at + n_out]
        at += n_out
        h = FUNCTIONS[run.activations[layer]](z) if layer < len(run.activations) else z
    assert at == len(row) == run.n_parameters
    return z


def loss(run: Board, z: np.ndarray, y: np.ndarray) -> float:
    """Write the three losses as the lecture does."""
    if run.loss == "cross_entropy":
        p = np.exp(z - z.max(1, keepdims=True))
        return float(-np.log((p / p.sum(1, keepdims=True))[np.arange(len(y)), y]).mean())
    if run.loss == "logloss":
        return float((np.logaddexp(0, z[:, 0]) - y * z[:, 0]).mean())
    target = y[:, None] if run.problem == "regression" else 2.0 * y[:, None] - 1
    if run.problem == "many":
        target = 2.0 * np.eye(run.n_classes)[y] - 1
    answer = np.tanh(z) if run.output == "tanh" else z
    return float(((answer - target) ** 2).mean() / 2)


def answers(run: Board, z: np.ndarray) -> np.ndarray:
    return z.argmax(1) if run.problem == "many" else (z[:, 0] > 0).astype(int)


# -- what it reaches -------------------------------------------------------------------------------


def test_the_default_spiral_is_learned_by_nine_of_ten_seeds():
    assert several(settings={"stop_accuracy": 0.95}, n_seeds=10).ended.count("accuracy_reached") >= 9


@pytest.mark.parametrize("data", ["circle", "xor", "gauss"])
def test_circle_xor_and_clouds_are_learned_within_sixty_steps(data):
    spread = several(settings={"data": data, "n_steps": 60}, n_seeds=5)
    assert (spread.reached >= 0).all()


@pytest.mark.parametrize(
    ("preset", "key"),
    {
        "linear_cannot": "linear",
        "sigmoid_deep": "plateau",
        "relu_dead": "dead",
        "rate_too_large": "diverged",
        "too_small": "capacity",
        "overfits": "overfitting",
        "mixed_up": "mixed",
        "not_done": "unfinished",
        "newton": "all_well",
        "three_classes": "all_well",
    }.items(),
)
def test_a_preset_shows_what_it_is_named_for_and_its_suggestion_helps(preset, key):
    run = why(settings=PRESETS[preset])
    first = run.findings[0]
    assert first.key == key
    if first.change:
        better = why(settings=run.settings | dict(first.change))
        healed = key not in {finding.key for finding in better.findings}
        assert healed or key == "mixed" or better.losses[-1, 1] < run.losses[-1, 1] / 2
        assert better.accuracy[-1, 1] > run.accuracy[-1, 1] or better.losses[-1, 1] < run.losses[-1, 1]


def test_saturated_neurons_are_found_after_steps_that_were_too_long():
    run = why(settings={"data": "circle", "learning_rate": 3.0, "loss": "squared", "scheme": "normal"})
    assert "saturated" in {finding.key for finding in run.findings}
    assert "saturated" not in {finding.key for finding in why().findings}


@pytest.mark.parametrize(
    ("f", "keys"), [("tanh", {"plateau"}), ("relu", {"dead"}), ("sigmoid", {"plateau", "capacity"})]
)
@pytest.mark.parametrize("optimizer", OPTIMIZERS_OFFERED)
def test_neurons_that_begin_alike_stay_alike(f, keys, optimizer):
    way = {} if optimizer in ("lbfgs", "lm") else {"learning_rate": 0.1}
    run = why(
        settings={"data": "circle", "scheme": "zeros", "activation": (f,), "optimizer": optimizer, **way}
    )
    net, row = prepare(run.settings).net, torch.from_numpy(run.parameters[-1:])
    for weight, bias in net.layers(row)[:-1]:
        assert torch.allclose(weight[0], weight[0, :1].expand_as(weight[0]), atol=1e-6)
        assert torch.allclose(bias[0], bias[0, 0, 0], atol=1e-6)
        assert f == "sigmoid" or not weight.any()
    assert f == "sigmoid" or not run.parameters[-1, :-1].any(), "nothing moves but the bias of the output"
    assert run.findings[0].key in keys
    assert run.findings[0].change == {"scheme": "xavier"}


def test_presets_are_settings_of_the_board():
    for settings in PRESETS.values():
        assert settings.keys() <= DEFAULTS.keys()


# -- what a board holds ----------------------------------------------------------------------------


def random_settings(rng: np.random.Generator) -> dict[str, object]:
    """Draw settings as hands, links and hostile links put them together."""

    def one(choices: object) -> object:
        choices = tuple(choices)
        return choices[int(rng.integers(len(choices)))]

    n_hidden = int(rng.integers(0, 7))
    own = tuple(
        (float(x), float(y), float(rng.integers(0, one([1, 2, 4])))) for x, y in rng.normal(0, 3, (9, 2))
    )
    settings: dict[str, object] = {
        "data": one(DATA),
        "noise": one([0.0, 0.2, 0.5]),
        "train_share": one([0.1, 0.5, 0.9, 1.0]),
        "n_samples": one([2, 20, 60]),
        "data_seed": one(range(3)),
        "own": one([(), own[:1], own[:2], own, ((1.0, 2.0, 0.5), (3.0, 1.0, -1.0), (0.0, 0.0, 1.0))]),
        "features": tuple(name for name in FEATURES_OFFERED if rng.random() < 0.4),
        "standardise": one([True, False]),
        "hidden": tuple(int(rng.integers(1, 17)) for _ in range(n_hidden)),
        "activation": tuple(one(ACTIVATIONS_OFFERED) for _ in range(one([1, max(1, n_hidden), 6]))),
        "scheme": one(SCHEMES_OFFERED),
        "dropout": one([0.0, 0.0, 0.5]),
        "loss": one(["logloss", "squared"]),
        "optimizer": one(OPTIMIZERS_OFFERED),
        "learning_rate": one(LEARNING_RATES),
        "batch_size": one(BATCHES),
        "l1": one([0.0, 0.0, *PENALTIES]),
        "l2": one([0.0, 0.0, *PENALTIES]),
        "n_steps": one([0, 1, 5, 15]),
        "stop_loss": one([0.0, 0.1]),
        "stop_accuracy": one([0.0, 0.0, 0.9]),
        "patience": one([0, 0, 3]),
        "seed": one(range(5)),
        "start": one([(), (), ((0, 0.5),), ((3, -1e9), (-1, 1.0), (10**9, 1.0), (1, float("nan")))]),
    }
    return settings


def check(run: Board) -> None:
    """Hold a board against its own definition."""
    n_train, n_test, layers = len(run.X), len(run.X_test), len(run.sizes) - 1
    assert run.parameters.shape == (N_FRAMES, run.n_parameters)
    assert run.parameters.dtype == np.float32
    assert run.losses.shape == run.accuracy.shape == (N_FRAMES, 2)
    assert run.gradients.shape == (N_FRAMES, layers)
    assert run.confusion.shape == (N_FRAMES, run.n_classes, run.n_classes)
    assert (run.wrong.shape, run.wrong_test.shape) == ((n_train,), (n_test,))
    assert np.isfinite(run.parameters).all()
    assert np.isfinite(run.gradients).all()
    assert (np.diff(run.steps) >= 0).all()
    assert run.sizes[0] == len(run.features)
    assert len(run.activations) == layers - 1
    assert bool(run.findings) == (run.ended != "no_points")
    for column, n in enumerate((n_train, n_test)):
        assert np.isfinite(run.losses[:, column]).all() == (n > 0)
        assert np.isfinite(run.accuracy[:, column]).all() == (n > 0)
    if run.n_classes:
        assert (run.confusion.sum((1, 2)) == n_test).all()
        if n_test:
            right = np.trace(run.confusion, axis1=1, axis2=2) / n_test
            assert run.accuracy[:, 1] == pytest.approx(right)
            assert run.wrong_test.mean() == pytest.approx(1 - right[-1])
    else:
        assert not run.wrong.any()


def test_a_hundred_boards_hold_what_they_say_whatever_was_set():
    rng, ended, adjusted = np.random.default_rng(3), set(), set()
    for _ in range(120):
        settings = random_settings(rng)
        run = train_board(settings)
        check(run)
        ended.add(run.ended)
        adjusted |= set(run.adjusted)
        wild = np.abs(run.parameters).max() > 1e4  # where float32 has too few digits to compare
        for X, y, column in ((run.X, run.y, 0), (run.X_test, run.y_test, 1)):
            if not len(X) or wild or "heaviside" in run.activations:
                continue
            z = sums(run, X)
            assert loss(run, z, y) == pytest.approx(run.losses[-1, column], rel=2e-3, abs=1e-4), settings
    assert ended >= {"done", "diverged", "loss_reached", "accuracy_reached", "no_better", "no_points"}
    assert adjusted >= {
        "regression_squared", "lm_squared", "lm_no_penalty", "lm_one_output", "lm_full_batch",
        "lbfgs_full_batch", "lbfgs_no_dropout",
    }  # fmt: skip


def test_every_movement_stands_whatever_was_set():
    rng = np.random.default_rng(5)
    for _ in range(15):
        settings = random_settings(rng)
        traced = point(settings=settings, place=tuple(rng.normal(0, 9, 2)))
        spread = several(settings=settings, n_seeds=2)
        both = shelf(settings=settings, pinned=random_settings(rng))
        assert np.isfinite(traced.y_hats).all()
        assert np.isfinite(traced.prices).all() == (traced.index >= 0)
        assert spread.accuracy.shape == (N_FRAMES, 2, 2)
        assert np.isfinite(both.difference).all()
        assert set(both.changed) <= DEFAULTS.keys()
        compile(both.now.script(), "exported", "exec")


@pytest.mark.parametrize("data", ["spiral", "arms4", "regress_gauss"])
@pytest.mark.parametrize("wanted", ["logloss", "squared"])
def test_every_frame_has_the_losses_and_answers_of_its_parameters(data, wanted):
    names = ("tanh", "gelu", "sigmoid")
    run = board(
        data=data, loss=wanted, hidden=(5, 4, 3), activation=names, n_steps=80, features=("x1", "x1_x2")
    )
    check(run)
    assert run.activations == names
    for frame in (0, 17, 59):
        for X, y, column in ((run.X, run.y, 0), (run.X_test, run.y_test, 1)):
            z = sums(run, X, frame)
            assert loss(run, z, y) == pytest.approx(run.losses[frame, column], rel=1e-5, abs=1e-7)
            if run.n_classes:
                right = (answers(run, z) == y).mean()
                assert right == pytest.approx(run.accuracy[frame, column], abs=0.005)
            else:
                unexplained = ((z[:, 0] - y) ** 2).sum() / ((y - y.mean()) ** 2).sum()
                assert run.accuracy[frame, column] == pytest.approx(1 - unexplained, rel=1e-4)
    if run.n_classes:
        assert list(run.wrong) == list(answers(run, sums(run, run.X)) != run.y)


def test_the_gradients_are_those_that_autograd_leaves_at_torchs_own_layers():
    run = board(data="arms3", hidden=(6, 5), activation=("relu", "tanh"), n_steps=30)
    task = prepare(run.settings)
    for frame in (0, 30):
        model = task.net.to_sequential(torch.from_numpy(run.parameters[frame]).double())
        nn.functional.cross_entropy(model(task.inputs(task.X)), task.y).backward()
        norms = [float(p.grad.norm()) for p in model.parameters() if p.ndim == 2]
        assert run.gradients[frame] == pytest.approx(norms, rel=1e-4)


def test_inputs_are_standardised_by_the_points_to_learn_from():
    run = board(features=FEATURES_OFFERED, n_steps=0, noise=0.3)
    inputs = np.stack([INPUTS[name](run.X) for name in run.features], 1)
    assert run.mean == pytest.approx(inputs.mean(0))
    assert run.scale == pytest.approx(inputs.std(0))
    plain = board(features=("sin_x2", "x1", "nonsense"), n_steps=0, standardise=False)
    assert plain.features == ("x1", "sin_x2")
    assert (list(plain.mean), list(plain.scale)) == ([0, 0], [1, 1])


def test_training_and_test_points_part_the_sample():
    run = board(n_steps=0, train_share=0.7, n_samples=200, data="moons", noise=0.1)
    assert (len(run.X), len(run.X_test)) == (140, 60)
    assert len(np.unique(np.concatenate([run.X, run.X_test]), axis=0)) == 200


def test_no_steps_are_a_picture_of_the_start():
    still, first = board(n_steps=0), board(n_steps=1)
    assert (still.steps == 0).all()
    assert (still.parameters == still.parameters[0]).all()
    assert (still.parameters[0] == first.parameters[0]).all()
    assert [finding.key for finding in still.findings] == ["untrained"]


# -- the same again --------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [{}, {"batch_size": 10, "dropout": 0.3, "l1": 1e-3}, {"optimizer": "lbfgs"}])
def test_equal_settings_are_equal_runs_to_the_bit_while_others_train(more):
    settings = DEFAULTS | {"n_steps": 40} | more
    expected = train_board(settings)
    with ThreadPoolExecutor(3) as pool:
        for run in pool.map(lambda _: train_board(settings), range(3)):
            assert run.final_loss == expected.final_loss
            assert (run.parameters == expected.parameters).all()
            assert (run.losses == expected.losses).all()


def test_each_of_several_runs_is_the_run_of_its_seed():
    spread = several(settings={"n_steps": 100, "seed": 4, "stop_accuracy": 0.75}, n_seeds=3)
    assert list(spread.seeds) == [4, 5, 6]
    assert spread.losses.shape == (N_FRAMES, 3, 2)
    for i, seed in enumerate(spread.seeds):
        run = board(n_steps=100, seed=int(seed), stop_accuracy=0.75)
        assert (spread.losses[-1, i] == run.losses[-1]).all()
        assert spread.final[i] == run.accuracy[-1, 1]
        assert spread.ended[i] == run.ended
        # At every step of the common axis stands the run's last frame so far.
        for frame in (0, 20, 40):
            at = np.flatnonzero(run.steps <= spread.steps[frame])[-1]
            assert (spread.accuracy[frame, i] == run.accuracy[at]).all()


def test_the_settings_kept_and_shown_are_the_defaults_of_the_function():
    defaults = {name: p.default for name, p in inspect.signature(board).parameters.items() if name != "tick"}
    assert defaults == DEFAULTS
    assert board(**DEFAULTS) is board()  # computed once
    assert pickle.loads(pickle.dumps(board())).final_loss == board().final_loss


# -- how it ends -----------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("batch_size", [0, 10])
def test_a_rate_of_a_thousand_is_a_divergence_with_its_step_and_not_a_nan(optimizer, activation, batch_size):
    settings = {
        "learning_rate": 1e3, "optimizer": optimizer, "activation": (activation,), "batch_size": batch_size
    }  # fmt: skip
    run = board(**settings)
    check(run)
    assert run.ended == "diverged"
    assert 0 < run.n_steps <= 400
    assert run.steps[-1] < run.n_steps
    (finding,) = run.findings
    assert (finding.key, finding.numbers["step"]) == ("diverged", run.n_steps)
    assert board(**settings | dict(finding.change)).ended == "done"


def test_a_run_stops_where_it_is_told_to():
    free = board()
    loss_reached = board(stop_loss=0.1)
    assert (loss_reached.ended, loss_reached.final_loss <= 0.1) == ("loss_reached", True)
    accurate = board(stop_accuracy=0.9)
    assert accurate.ended == "accuracy_reached"
    assert (
        accurate.accuracy[-1, 1]
        >= 0.9
        > accurate.accuracy[:-1, 1][accurate.steps[:-1] < accurate.n_steps].max()
    )
    assert accurate.n_steps < free.n_steps
    patient = board(**DEFAULTS | PRESETS["overfits"] | {"patience": 50})
    assert patient.ended == "no_better"
    best = patient.steps[patient.losses[:, 1].argmin()]
    assert patient.n_steps - best >= 40  # a frame stands near the best step, not on it
    assert patient.n_steps < 1000


def test_newtons_kind_ends_where_nothing_moves_any_more():
    run = board(**DEFAULTS | PRESETS["newton"])
    assert run.ended == "stuck"
    assert run.n_steps < 200


def test_a_run_is_bounded_by_its_work_and_says_so():
    run = prepare(DEFAULTS | {"hidden": (16,) * 6, "n_samples": 1000, "n_steps": 20_000})
    assert "budget" in run.adjusted
    assert 100 < run.settings["n_steps"] < 5000
    assert prepare(DEFAULTS | {"n_steps": 2000}).adjusted == ()


def test_what_a_hostile_link_asks_for_is_cut_to_what_is_offered():
    own = tuple((float(i), 1.0, 0.0) for i in range(9000))
    many = prepare(DEFAULTS | {"data": "own", "own": own, "n_steps": 10**9, "hidden": (2,)})
    assert len(many.X) + len(many.X_test) == 1000
    assert many.settings["n_steps"] <= 20_000
    assert len(prepare(DEFAULTS | {"n_samples": 10**9}).X) == 500
    assert board(n_samples=-5, n_steps=3, noise=0.0).ended == "no_points"


@pytest.mark.parametrize("settings", [{}, {"optimizer": "momentum", "data": "arms3", "l1": 1e-3}])
def test_several_runs_as_one_batch_are_the_runs_of_their_seeds_to_rounding(settings):
    spread = several(settings={"n_steps": 60, "seed": 2} | settings, n_seeds=3)
    for i, seed in enumerate(spread.seeds):
        run = board(n_steps=60, seed=int(seed), **settings)
        assert spread.losses[:, i] == pytest.approx(run.losses, rel=1e-6)
        assert spread.ended[i] == run.ended == "done"


def test_a_penalty_pulls_also_where_a_step_passes_no_gradient_on():
    run = board(activation=("heaviside",), n_steps=10, l2=0.1)
    n_first = 2 * run.sizes[1]  # weights of the first layer
    assert (np.abs(run.parameters[-1, :n_first]) < np.abs(run.parameters[0, :n_first])).mean() > 0.9
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(run.script(), "exported", "exec"), {"__name__": "exported"})
    assert float(printed.getvalue().split()[-1]) == pytest.approx(run.final_loss, rel=1e-6)


def test_a_seed_that_diverges_does_not_end_the_runs_of_the_others():
    spread = several(settings={"learning_rate": 10.0, "optimizer": "sgd", "n_steps": 30}, n_seeds=4)
    for i, seed in enumerate(spread.seeds):
        run = board(learning_rate=10.0, optimizer="sgd", n_steps=30, seed=int(seed))
        assert (spread.losses[-1, i] == run.losses[-1]).all() or run.ended == "done"
        assert spread.ended[i] == run.ended


def test_a_tick_that_raises_ends_the_run():
    def tick(share: float) -> None:
        assert 0 < share <= 1
        if share > 0.5:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        board(seed=77, tick=tick)
    with pytest.raises(InterruptedError):
        several(settings={"n_steps": 10}, n_seeds=2, tick=tick)


# -- by hand ---------------------------------------------------------------------------------------


def test_weights_set_by_hand_are_where_training_starts():
    plain, edited = board(n_steps=30), board(n_steps=30, start=((0, 2.5), (148, -1.25)))
    assert (edited.parameters[0, 0], edited.parameters[0, 148]) == (2.5, -1.25)
    same = np.ones(149, bool)
    same[[0, 148]] = False
    assert (edited.parameters[0, same] == plain.parameters[0, same]).all()
    assert edited.final_loss != plain.final_loss
    row = plain.parameters[30]
    onwards = board(n_steps=5, start=tuple(enumerate(map(float, row))))
    assert (onwards.parameters[0] == row).all()


@pytest.mark.parametrize(
    ("own", "problem", "n_classes"),
    [
        ((), "two", 2),
        (((1, 2, 0),), "two", 2),
        (((1, 2, 0), (1, 2, 0)), "two", 2),
        (((1, 2, 0), (2, 1, 1), (0, 0, 1)), "two", 2),
        (((1, 2, 0), (2, 1, 2)), "many", 3),
        (((1, 2, 3), (2, 1, 3)), "many", 4),
        (((1, 2, 0.5), (2, 1, -1), (0, 3, 1)), "regression", 0),
        (((float("nan"), 2, 0), (2, float("inf"), 1)), "two", 2),
    ],
)
@pytest.mark.parametrize("train_share", [0.5, 1.0])
def test_points_of_ones_own_are_learned_however_few(own, problem, n_classes, train_share):
    run = board(data="own", own=own, train_share=train_share, n_steps=10)
    check(run)
    assert (run.problem, run.n_classes) == (problem, n_classes)
    finite = [p for p in own if np.isfinite(p).all()]
    assert sorted(map(tuple, [*run.X.tolist(), *run.X_test.tolist()])) == sorted((x, y) for x, y, _ in finite)
    assert (run.ended == "no_points") == (len(finite) < 2)


@pytest.mark.parametrize("settings", [{}, {"loss": "squared"}, {"data": "arms4"}, {"data": "regress_plane"}])
def test_a_points_way_through_the_network_ends_in_its_price(settings):
    run = board(**settings | {"n_steps": 50})
    traced = [run.point(i, test=True) for i in range(len(run.X_test))]
    for frame in (0, -1):
        prices = [p.prices[frame] for p in traced]
        assert np.mean(prices) == pytest.approx(run.losses[frame, 1], rel=1e-5, abs=1e-9)
    p, z = traced[7], sums(run, run.X_test[7:8])[0]
    assert p.sums[-1] == pytest.approx(z, rel=1e-9)
    if run.output == "softmax":
        assert p.outputs[-1].sum() == pytest.approx(1)
        assert p.price == pytest.approx(-np.log(p.outputs[-1][int(p.truth)]))
    elif run.output == "sigmoid":
        chance = p.outputs[-1][0]
        assert p.price == pytest.approx(-np.log(chance if p.truth else 1 - chance), rel=1e-6)
    else:
        target = p.truth if run.problem == "regression" else 2 * p.truth - 1
        assert p.price == pytest.approx((p.outputs[-1][0] - target) ** 2 / 2)
    h = p.inputs
    for weight, bias, z, out in zip(p.weights, p.biases, p.sums, p.outputs, strict=True):
        assert z == pytest.approx(weight @ h + bias)
        h = out
    dearest = point(settings=run.settings)
    assert dearest.price == pytest.approx(max(p.price for p in traced))
    assert (dearest.index, dearest.test) == run.dearest()
    place = tuple(run.X[11] + 1e-6)
    near = point(settings=run.settings, place=place)
    assert (near.x == (run.X_test if near.test else run.X)[near.index]).all()
    assert np.hypot(*(near.x - place)) < 1e-5
    assert np.isnan(run.place(1.0, 2.0).price)


def test_a_point_is_found_where_there_are_none():
    assert point(settings={"data": "own"}).index == -1


def test_a_run_beside_itself_is_no_different_and_beside_another_is():
    still = shelf()
    assert (still.changed, still.agree, np.abs(still.difference).max()) == ((), 1.0, 0.0)
    other = shelf(settings={"seed": 1, "n_steps": 60}, pinned={"seed": 2, "l2": 0.0, "n_steps": 60})
    assert other.changed == ("l2", "seed")
    (before, _), (now, _) = other.surfaces
    assert other.difference == pytest.approx((now - before) / 2)
    assert other.agree == ((now > 0) == (before > 0)).mean()
    # Rows from above: the pixel in the corner is the place in the corner.
    corner = sums(other.now, np.array([[-5.95, 5.95]]))[0, 0]
    assert np.tanh(corner / 2) == pytest.approx(now[0, 0], abs=0.1)
    assert now.shape == (N_PIXELS, N_PIXELS)


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("pinned", ["arms3", "regress_plane"])
def test_runs_of_any_two_problems_can_stand_side_by_side(data, pinned):
    both = shelf(
        settings={"data": data, "n_steps": 3}, pinned={"data": pinned, "loss": "squared", "n_steps": 3}
    )
    for (values, sure), run in zip(both.surfaces, (both.before, both.now), strict=True):
        if run.problem == "many":
            assert set(np.unique(values)) <= set(range(run.n_classes))
            assert 0 <= sure.min() <= sure.max() <= 1
        else:
            assert sure is None
            assert np.abs(values).max() <= 1
    assert np.abs(both.difference).max() <= 1
    assert 0 <= both.agree <= 1


# -- taken home ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"batch_size": 10, "dropout": 0.2, "l1": 1e-3, "activation": ("relu", "sigmoid"), "n_steps": 80},
        {
            "optimizer": "momentum",
            "data": "arms4",
            "features": ("x1", "sin_x1"),
            "loss": "squared",
            "n_steps": 90,
        },
        {"optimizer": "lbfgs", "data": "arms3", "n_steps": 60, "start": ((0, 1.5), (5, -2.0))},
        {"optimizer": "lm", "data": "regress_gauss", "n_steps": 60, "hidden": (4,)},
        {"learning_rate": 1e3, "seed": 2},
        {"patience": 30, "noise": 0.5, "standardise": False, "hidden": ()},
    ],
)
def test_the_script_prints_the_final_loss_to_six_digits(settings):
    run = board(**settings)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(run.script(), "exported", "exec"), {"__name__": "exported"})
    assert float(printed.getvalue().split()[-1]) == pytest.approx(run.final_loss, rel=5e-7)


def test_own_data_reads_what_the_board_can_learn():
    pasted = playground.own_data(text="x;y;who\n1,5;2;cat\n-1;-2,5;dog\n0;1;cat\n")
    assert pasted.faults == ()
    assert board(data="own", own=pasted.points, n_steps=5).problem == "two"


def test_a_run_that_was_trained_elsewhere_is_at_hand_for_all_that_ask_for_it():
    settings = DEFAULTS | {"n_steps": 12, "seed": 77}
    asked = {"settings": settings, "pinned": settings}
    assert not RUNS.at_hand(settings)
    assert not RUNS.at_hand(asked)
    assert RUNS.at_hand(settings | {"n_steps": 0}), "an untrained network takes no time"
    RUNS.remember(playground.own_data(text="1,2,0"))
    elsewhere = train_board(settings)
    RUNS.remember(elsewhere)
    assert RUNS.at_hand(settings)
    assert RUNS.at_hand(asked)
    assert not RUNS.at_hand(asked | {"pinned": settings | {"seed": 78}})
    assert not RUNS.at_hand({"settings": settings, "n_seeds": 8})
    assert playground.why(settings=settings) is elsewhere


def test_only_the_latest_runs_are_at_hand():
    runs = [DEFAULTS | {"n_steps": 1, "n_samples": 10, "seed": seed} for seed in range(70)]
    for settings in runs:
        playground.board(**settings)
    assert [RUNS.at_hand(settings) for settings in runs] == [False] * 6 + [True] * 64
