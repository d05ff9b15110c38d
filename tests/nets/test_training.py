"""The training loop: right against references, the same alone and in a batch, bounded, and stoppable."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parameters_to_vector

from explainer.nets import losses
from explainer.nets.activations import ACTIVATIONS
from explainer.nets.batches import batches
from explainer.nets.data import sample_classes
from explainer.nets.dropout import Dropout, with_dropout
from explainer.nets.mlp import MLP
from explainer.nets.sweep import Sweep
from explainer.nets.training import (
    N_FRAMES,
    OPTIMIZERS,
    frame_steps,
    gradient_step,
    train,
    train_module,
)

LINEAR = MLP((2, 1), ACTIVATIONS["identity"])
SMALL = MLP((1, 6, 1), ACTIVATIONS["tanh"])


def plane(n_samples: int = 50) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(5)
    X = torch.randn(n_samples, 2, generator=generator, dtype=torch.float64)
    y = X @ torch.tensor([[1.5], [-0.7]], dtype=torch.float64) + 0.3
    return X, y + 0.1 * torch.randn(n_samples, 1, generator=generator, dtype=torch.float64)


def curve(n_samples: int = 64) -> tuple[torch.Tensor, torch.Tensor]:
    x = torch.linspace(-1, 1, n_samples, dtype=torch.float64)[:, None]
    return x, torch.sin(3 * x)


@pytest.mark.parametrize(
    ("optimizer", "learning_rate", "n_steps"),
    [("lm", 0.1, 50), ("lbfgs", 1.0, 100), ("adam", 0.02, 6000), ("sgd", 0.1, 2000)],
)
def test_every_optimizer_finds_the_least_squares_plane(optimizer, learning_rate, n_steps):
    X, y = plane()
    ones = torch.cat([X, torch.ones(len(X), 1, dtype=X.dtype)], dim=1)
    reference = torch.linalg.lstsq(ones, y).solution[:, 0]
    history = train(
        LINEAR,
        LINEAR.initialise([3]),
        X,
        y,
        optimizer=optimizer,
        learning_rate=learning_rate,
        n_steps=n_steps,
        seconds=60,
    )
    assert history.parameters[-1, 0] == pytest.approx(reference, abs=1e-6)


def test_lbfgs_leaves_its_start_on_every_small_regression():
    """Its line search needs more than the one look that torch allows by default with one step at a time."""
    for seed in range(10):
        generator = torch.Generator().manual_seed(seed)
        X = 6 * torch.rand(40, 1, generator=generator, dtype=torch.float64) - 3
        y = 0.5 + 0.2 * X + 0.1 * torch.randn(40, 1, generator=generator, dtype=torch.float64)
        net = MLP((1, 1), ACTIVATIONS["identity"])
        history = train(net, torch.zeros(1, 2, dtype=X.dtype), X, y, optimizer="lbfgs", n_steps=40)
        ones = torch.cat([X, torch.ones_like(X)], dim=1)
        assert history.parameters[-1, 0] == pytest.approx(
            torch.linalg.lstsq(ones, y).solution[:, 0], abs=1e-6
        )


@pytest.mark.parametrize("optimizer", ["adam", "sgd", "lm"])
def test_eight_seeds_in_a_batch_equal_eight_single_runs(optimizer):
    X, y = curve()
    start = SMALL.initialise(range(8))
    settings = {"optimizer": optimizer, "n_steps": 300, "learning_rate": 0.01, "seconds": 60}
    together = train(SMALL, start, X, y, **settings)
    for i in range(8):
        alone = train(SMALL, start[i : i + 1], X, y, **settings)
        assert alone.losses[-1, 0] == pytest.approx(together.losses[-1, i], rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_run_is_the_same_to_the_bit_while_four_threads_train(optimizer):
    X, y = curve()

    def run(_: int) -> torch.Tensor:
        return train(
            SMALL, SMALL.initialise([1]), X, y, optimizer=optimizer, n_steps=60, seconds=60
        ).parameters

    expected = run(0)
    with ThreadPoolExecutor(4) as pool:
        assert all(torch.equal(expected, parameters) for parameters in pool.map(run, range(12)))


def test_one_adam_run_is_what_a_plain_torch_loop_gives():
    X, y = curve()
    start = SMALL.initialise([2])
    net = SMALL.to_sequential(start[0])
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(100):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(net(X), y)
        loss.backward()
        optimizer.step()
    history = train(SMALL, start, X, y, optimizer="adam", learning_rate=0.01, n_steps=100, seconds=60)
    assert history.losses[-1, 0] == pytest.approx(
        float(nn.functional.mse_loss(net(X), y).detach()), rel=1e-12
    )


def test_half_squared_error_is_half_of_mse_on_the_way_too():
    X, y = curve()
    whole, half = (
        train(SMALL, SMALL.initialise([0]), X, y, loss=loss, n_steps=20)
        for loss in ("mse", "half_squared_error")
    )
    assert half.losses == pytest.approx(whole.losses / 2)


@pytest.mark.parametrize("n_steps", [1, 5, 59, 60, 61, 100, 1000, 20000])
def test_frames_are_at_most_sixty_and_hold_both_ends(n_steps):
    steps = frame_steps(n_steps)
    assert steps == sorted(set(steps))
    assert (steps[0], steps[-1]) == (0, n_steps)
    assert len(steps) == min(n_steps + 1, N_FRAMES)


def test_divergence_is_recorded_with_its_step_and_the_last_finite_state():
    X, y = plane()
    history = train(LINEAR, LINEAR.initialise([0]), X, y, optimizer="sgd", learning_rate=1e3, n_steps=2000)
    assert history.ended == "diverged"
    assert 0 < history.n_steps < 2000
    assert history.steps[-1] == history.n_steps - 1
    assert np.isfinite(history.losses).all()
    assert torch.isfinite(history.parameters).all()


def test_a_run_that_takes_too_long_is_cut_short_and_says_so():
    X, y = curve()
    history = train(SMALL, SMALL.initialise([0]), X, y, optimizer="adam", n_steps=20_000, seconds=0.05)
    assert history.ended == "budget"
    assert history.steps[-1] == history.n_steps < 20_000
    assert len(history.steps) <= N_FRAMES


def test_a_tick_that_raises_stops_the_run_at_once():
    X, y = curve()
    ticks = []

    def tick(share: float) -> None:
        ticks.append(share)
        if len(ticks) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        train(SMALL, SMALL.initialise([0]), X, y, n_steps=100, tick=tick)
    assert ticks == [0.01, 0.02, 0.03]


def test_a_run_ends_when_its_loss_is_reached():
    X, y = curve()
    history = train(SMALL, SMALL.initialise([0]), X, y, n_steps=500, target_loss=1e-4)
    assert history.ended == "converged"
    assert history.losses[-1, 0] <= 1e-4 < history.losses[-2, 0]


def test_lbfgs_ends_where_more_steps_change_no_bit():
    net = MLP((2, 3), ACTIVATIONS["identity"])
    for seed in range(8):
        X, y = sample_classes(3, 150, twist=0.1 * seed, seed=seed)
        start = net.initialise([seed])
        history = train(net, start, X, y, optimizer="lbfgs", loss="cross_entropy", l2=0.01, n_steps=100)
        assert history.ended == "converged"
        assert 5 < history.n_steps < 80
        model = Sweep(net, start, losses.LOSSES["cross_entropy"], apart=True)
        bounds = {"max_eval": 30, "tolerance_grad": 1e-12, "tolerance_change": 1e-15}
        steps = torch.optim.LBFGS(model.parts, max_iter=1, line_search_fn="strong_wolfe", **bounds)
        for _ in range(100):
            gradient_step(model, steps, X, y, l2=0.01)
        assert torch.equal(history.parameters[-1], model.parameters())


@pytest.mark.parametrize(
    "wrong",
    [
        {"n_steps": 0},
        {"n_steps": 10**6},
        {"optimizer": "magic"},
        {"loss": "regret"},
        {"optimizer": "lm", "loss": "mae"},
    ],
)
def test_what_is_over_a_limit_or_unknown_is_a_value_error(wrong):
    X, y = curve()
    with pytest.raises(ValueError, match=r"got|unknown|not"):
        train(SMALL, SMALL.initialise([0]), X, y, **wrong)


def test_too_many_samples_or_runs_are_a_value_error():
    X, y = curve(5001)
    with pytest.raises(ValueError, match="n_samples"):
        train(SMALL, SMALL.initialise([0]), X, y)
    X, y = curve()
    with pytest.raises(ValueError, match="n_runs"):
        train(SMALL, SMALL.initialise(range(129)), X, y)
    with pytest.raises(ValueError, match="one network"):
        train(SMALL, SMALL.initialise(range(2)), X, y, optimizer="lbfgs")


def _one_row(net: MLP, X: torch.Tensor, row: torch.Tensor) -> torch.Tensor:
    return net.predict(row[None], X)[0, :, 0]


def test_the_jacobian_equals_autograd():
    for sizes, f, out in [
        ((1, 5, 1), "tanh", "identity"),
        ((2, 4, 3, 1), "sigmoid", "tanh"),
        ((3, 1), "relu", "identity"),
    ]:
        net = MLP(sizes, ACTIVATIONS[f], ACTIVATIONS[out])
        parameters = net.initialise([4, 5])
        X = torch.randn(7, sizes[0], generator=torch.Generator().manual_seed(0), dtype=torch.float64)
        y_hat, J = net.jacobian(parameters, X)
        for i in range(2):
            reference = torch.func.jacrev(partial(_one_row, net, X))(parameters[i])
            assert pytest.approx(reference, abs=1e-10) == J[i]
        assert torch.equal(y_hat, net.predict(parameters, X)[..., 0])


def test_rows_predict_what_their_sequentials_predict():
    net = MLP((2, 4, 3, 2), ACTIVATIONS["tanh"])
    parameters = net.initialise([1, 2, 3])
    X = torch.randn(9, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    together = net.predict(parameters, X)
    for i in range(3):
        assert pytest.approx(net.to_sequential(parameters[i])(X).detach(), abs=1e-12) == together[i]


def test_the_losses_are_torchs_own():
    generator = torch.Generator().manual_seed(0)
    z = torch.randn(12, 4, generator=generator, dtype=torch.float64)
    y = torch.randn(12, 4, generator=generator, dtype=torch.float64)
    labels = torch.randint(0, 4, (12,), generator=generator)
    bits = (y > 0).double()
    F = nn.functional
    assert losses.mse(z, y) == pytest.approx(F.mse_loss(z, y))
    assert losses.half_squared_error(z, y) == pytest.approx(F.mse_loss(z, y) / 2)
    assert losses.mae(z, y) == pytest.approx(F.l1_loss(z, y))
    assert losses.logloss(z, bits) == pytest.approx(F.binary_cross_entropy_with_logits(z, bits))
    assert losses.cross_entropy(z, labels) == pytest.approx(F.cross_entropy(z, labels))
    many = torch.stack([z, 2 * z])
    assert losses.cross_entropy(many, labels)[1] == pytest.approx(F.cross_entropy(2 * z, labels))


def test_logloss_stays_finite_for_a_sure_mistake():
    assert losses.logloss(torch.tensor([[1e4]]), torch.tensor([[0.0]])) == pytest.approx(1e4)


# -- the penalty and the forgetful L-BFGS ----------------------------------------------------------


def test_a_penalty_shrinks_weights_not_biases_and_is_not_in_the_recorded_loss():
    """With y constant the least penalised loss has no weight, and a bias that costs nothing."""
    net = MLP((2, 1), ACTIVATIONS["identity"])
    generator = torch.Generator().manual_seed(0)
    X = torch.randn(40, 2, generator=generator, dtype=torch.float64)
    y = torch.full((40, 1), 3.0, dtype=torch.float64)
    history = train(net, net.initialise([0]), X, y, optimizer="lbfgs", l2=1.0, n_steps=60)
    ((weight, bias),) = net.layers(history.parameters[-1])
    assert weight.abs().max() < 1e-5
    assert float(bias) == pytest.approx(3, abs=1e-5)
    assert history.losses[-1, 0] < 1e-9


def test_the_penalty_of_many_networks_is_that_of_each():
    net = MLP((2, 4, 3), ACTIVATIONS["tanh"])
    X, y = sample_classes(3, 60, seed=0)
    settings = {"optimizer": "adam", "loss": "cross_entropy", "l2": 0.1, "n_steps": 50}
    both = train(net, net.initialise([0, 1]), X, y, **settings)
    for i in (0, 1):
        alone = train(net, net.initialise([i]), X, y, **settings)
        assert torch.allclose(both.parameters[:, i], alone.parameters[:, 0], atol=1e-9)


def test_levenberg_marquardt_knows_no_penalty():
    net = MLP((1, 1), ACTIVATIONS["identity"])
    with pytest.raises(ValueError, match="penalty"):
        train(net, net.initialise([0]), torch.zeros(3, 1), torch.zeros(3, 1), l2=0.1)


def test_a_blind_network_answers_zero_before_it_has_learned():
    net = MLP((2, 5, 3), ACTIVATIONS["tanh"])
    X = torch.ones(4, 2, dtype=torch.float64)
    assert (net.predict(net.initialise([0], blind=True), X) == 0).all()
    assert torch.equal(net.initialise([0], blind=True)[:, :15], net.initialise([0])[:, :15])


# -- any module, mini-batches, penalties -----------------------------------------------------------


def by_hand(model: nn.Module, X: torch.Tensor, y: torch.Tensor, n_steps: int, rows=None, l1=0.0) -> None:
    """Train as everyone writes it, with SGD at 0.05."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for _ in range(n_steps):
        batch = slice(None) if rows is None else next(rows)
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(X[batch]), y[batch])
        if l1:
            loss = loss + l1 * sum(p.abs().sum() for p in model.parameters() if p.ndim > 1)
        loss.backward()
        optimizer.step()


@pytest.mark.parametrize("batch_size", [None, 1, 7, 64, 1000])
@pytest.mark.parametrize("l1", [0.0, 0.01])
def test_a_module_is_trained_as_everyone_would_write_it(batch_size, l1):
    X, y = curve()
    start = SMALL.initialise([2])[0]
    ours, theirs = SMALL.to_sequential(start), SMALL.to_sequential(start)
    settings = {"optimizer": "sgd", "loss": "mse", "learning_rate": 0.05, "l1": l1, "n_steps": 100}
    history = train_module(ours, X, y, batch_size=batch_size, batch_seed=3, seconds=60, **settings)
    by_hand(theirs, X, y, 100, batch_size and batches(len(X), batch_size, seed=3), l1)
    for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert torch.allclose(mine, other, rtol=1e-12, atol=1e-12)
    rows = train(SMALL, start[None], X, y, batch_size=batch_size, batch_seed=3, seconds=60, **settings)
    assert torch.equal(rows.parameters[-1], history.parameters[-1])
    several = train(
        SMALL, start.repeat(3, 1), X, y, batch_size=batch_size, batch_seed=3, seconds=60, **settings
    )
    assert torch.allclose(several.parameters[-1], rows.parameters[-1].expand(3, -1), rtol=1e-9, atol=1e-12)


def test_every_epoch_goes_through_all_samples_once_in_an_order_of_its_own():
    stream = batches(10, 4, seed=1)
    epochs = [torch.cat([next(stream) for _ in range(3)]) for _ in range(5)]
    for epoch in epochs:
        assert sorted(epoch.tolist()) == list(range(10))
    assert len({tuple(epoch.tolist()) for epoch in epochs}) == 5
    assert torch.equal(next(batches(10, 4, seed=1)), epochs[0][:4])
    with pytest.raises(ValueError, match="at least one"):
        next(batches(10, 0, seed=1))


def test_what_is_watched_is_seen_at_every_frame_in_eval_mode():
    X, y = curve()
    model = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), Dropout(0.5, seed=1), nn.Linear(8, 1)).double()

    def watch(model: nn.Module) -> tuple[bool, float]:
        return model.training, losses.mse(model(X), y).item()

    history = train_module(model, X, y, loss="mse", n_steps=200, seconds=60, watch=watch)
    assert len(history.watched) == len(history.steps) == N_FRAMES
    assert {training for training, _ in history.watched} == {False}
    assert [loss for _, loss in history.watched] == history.losses[:, 0].tolist()
    assert model.training


@pytest.mark.parametrize("batch_size", [None, 16])
def test_a_module_that_diverges_is_left_in_its_last_finite_state(batch_size):
    X, y = curve()
    model = SMALL.to_sequential(SMALL.initialise([2])[0])
    history = train_module(
        model,
        X,
        1e3 * y,
        loss="mse",
        optimizer="sgd",
        learning_rate=1e3,
        batch_size=batch_size,
        n_steps=500,
        watch=lambda model: model(X).isfinite().all().item(),
    )
    assert history.ended == "diverged"
    assert len(history.watched) == len(history.steps)
    assert all(history.watched)
    assert torch.isfinite(history.parameters).all()
    assert torch.equal(parameters_to_vector(model.parameters()), history.parameters[-1, 0])


def test_what_cannot_be_done_in_mini_batches_is_refused():
    X, y = curve()
    model = SMALL.to_sequential(SMALL.initialise([2])[0])
    with pytest.raises(ValueError, match="lbfgs"):
        train_module(model, X, y, loss="mse", optimizer="lbfgs", batch_size=8)
    with pytest.raises(ValueError, match="lm"):
        train(SMALL, SMALL.initialise([1]), X, y, optimizer="lm", batch_size=8)
    with pytest.raises(ValueError, match="multilayer"):
        train_module(model, X, y, loss="mse", optimizer="lm")
    with pytest.raises(ValueError, match="penalty"):
        train(SMALL, SMALL.initialise([1]), X, y, optimizer="lm", l1=0.1)


# -- dropout -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("p", [0.0, 0.1, 0.5, 0.9])
def test_dropout_keeps_the_expected_value_and_drops_with_p_as_torch_does(p):
    x = torch.full((200_000,), 3.0, dtype=torch.float64)
    y = Dropout(p, seed=7)(x)
    theirs = nn.functional.dropout(x, p)
    assert y.unique().tolist() == pytest.approx(theirs.unique().tolist(), rel=1e-12)
    assert float((y == 0).double().mean()) == pytest.approx(p, abs=0.01)
    assert float(y.mean()) == pytest.approx(3, rel=0.02)
    assert torch.equal(Dropout(p, seed=7)(x), y)


def test_dropout_does_nothing_in_eval_mode_and_refuses_a_p_that_leaves_nothing():
    x = torch.randn(50, generator=torch.Generator().manual_seed(1))
    assert Dropout(0.7, seed=1).eval()(x) is x
    for p in (1.0, -0.1, 2.0, float("nan")):
        with pytest.raises(ValueError, match="p must be"):
            Dropout(p)


def test_dropout_stands_behind_every_hidden_layer_and_changes_no_parameter():
    net = MLP((2, 4, 3, 1), (ACTIVATIONS["tanh"], ACTIVATIONS["identity"]))
    plain = net.to_sequential(net.initialise([1])[0])
    model = with_dropout(plain, 0.5, seed=3)
    names = [type(module).__name__ for module in model]
    assert names == ["Linear", "Tanh", "Dropout", "Linear", "Dropout", "Linear"]
    assert torch.equal(parameters_to_vector(model.parameters()), parameters_to_vector(plain.parameters()))
    X, _ = plane()
    assert torch.equal(model.eval()(X), plain(X))
    first, second = (module.generator.initial_seed() for module in model if isinstance(module, Dropout))
    assert first != second


# -- when to stop ------------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_run_ends_when_it_is_told_that_it_is_enough(optimizer):
    X, y = curve()
    asked = []

    def enough(step: int, rows: torch.Tensor) -> bool:
        asked.append((step, rows.clone()))
        return step == 7

    history = train(SMALL, SMALL.initialise([0]), X, y, optimizer=optimizer, n_steps=100, enough=enough)
    assert (history.ended, history.n_steps) == ("enough", 7)
    assert [step for step, _ in asked] == list(range(1, 8))
    assert torch.equal(asked[-1][1], history.parameters[-1])


def test_mini_batches_ask_whether_it_is_enough_where_a_frame_is():
    X, y = curve()
    asked = []
    settings = {"optimizer": "sgd", "loss": "mse", "batch_size": 8, "n_steps": 300}
    model = SMALL.to_sequential(SMALL.initialise([0])[0])
    train_module(model, X, y, enough=lambda step, rows: asked.append(step), **settings)
    assert asked == frame_steps(300)[1:]


def test_a_loss_above_the_most_is_a_divergence():
    X, y = plane()
    settings = {"optimizer": "sgd", "learning_rate": 10.0, "n_steps": 1000}
    start = LINEAR.initialise([0])
    first = train(LINEAR, start, X, y, **settings | {"n_steps": 1}).losses[0, 0]
    bounded = train(LINEAR, start, X, y, **settings, most_loss=100 * first)
    free = train(LINEAR, start, X, y, **settings)
    assert bounded.ended == free.ended == "diverged"
    assert bounded.n_steps < free.n_steps
    assert bounded.losses.max() <= 100 * first
    assert bounded.steps[-1] == bounded.n_steps - 1
