"""Why did this happen: every rule recognises what it is for in a record, and nothing else."""

import dataclasses
from collections.abc import Mapping

import numpy as np
import pytest

from explainer.nets.diagnosis import MAX_LAYERS, MAX_WIDTH, RATES, RULES, STEPS, Record, findings
from explainer.nets.training import frame_steps

SETTINGS: dict[str, object] = {
    "hidden": (8, 8), "activation": ("tanh", "tanh"), "optimizer": "adam", "learning_rate": 0.03,
    "scheme": "xavier", "dropout": 0.0, "l1": 0.0, "l2": 0.0, "n_steps": 400, "patience": 0,
    "data": "spiral", "n_samples": 500, "train_share": 0.5, "batch_size": 0, "noise": 0.0, "seed": 0,
}  # fmt: skip
KEYS = {
    "untrained", "diverged", "linear", "dead", "saturated", "plateau", "capacity", "unfinished",
    "overfitting", "mixed", "jumps", "gap", "all_well",
}  # fmt: skip


def curve(*values: float, n_steps: int = 400) -> np.ndarray:
    """Return losses (n_frames,) that go through the values, evenly over the steps."""
    steps = frame_steps(n_steps)
    return np.interp(steps, np.linspace(0, n_steps, len(values)), values)


def record(
    loss: np.ndarray | None = None,
    *,
    test: np.ndarray | None = None,
    accuracy: float = 1.0,
    answered: float | None = None,
    settings: Mapping[str, object] | None = None,
    **more: object,
) -> Record:
    """Return the record of a good run, but for what is said."""
    loss = curve(0.69, 0.1, 0.02, 0.01) if loss is None else loss
    test = loss if test is None else test
    right = np.linspace(0.5, accuracy, len(loss))
    steps = np.array(frame_steps(400))
    assert len(steps) == len(loss)
    return dataclasses.replace(
        Record(
            steps=steps,
            losses=np.stack([loss, test], 1),
            accuracy=np.stack([right, right if answered is None else np.full(len(loss), answered)], 1),
            gradients=np.full((len(loss), 3), 0.1),
            idle=np.zeros(2, int),
            constant=0.69,
            neighbours=0.98,
            penalty=0.0,
            shrunk=1.5,
            n_parameters=105,
            ended="done",
            n_steps=400,
            settings=SETTINGS | dict(settings or {}),
        ),
        **more,
    )


def keys(r: Record) -> list[str]:
    return [finding.key for finding in findings(r)]


FLAT = curve(0.69, 0.685, 0.684, 0.684, 0.684)
HALFWAY = curve(0.69, 0.4, 0.35, 0.35, 0.349)
GROWN = curve(0.69, 0.3, 0.25, 0.4, 0.8)


def test_a_good_run_is_called_one():
    (finding,) = findings(record())
    assert finding.key == "all_well"
    assert not finding.change
    assert finding.numbers["accuracy"] == 1


def test_nothing_else_is_said_of_a_run_without_steps():
    r = record(accuracy=0.5, n_steps=0)
    assert keys(r) == ["untrained"]
    assert "untrained" not in keys(record(n_steps=1))


@pytest.mark.parametrize(("rate", "better"), [(1000.0, 0.03), (0.03, 0.01), (0.1, 0.03), (1e-5, 1e-5)])
def test_a_divergence_names_its_step_and_a_smaller_rate(rate, better):
    (finding,) = findings(record(accuracy=0.5, ended="diverged", n_steps=7, settings={"learning_rate": rate}))
    assert (finding.key, finding.suggestion) == ("diverged", "smaller_rate")
    assert (finding.numbers["step"], finding.numbers["learning_rate"]) == (7, rate)
    assert finding.change == {"learning_rate": better}


def test_a_large_loss_alone_is_no_divergence():
    assert "diverged" not in keys(record(curve(0.69, 50, 200)))


def test_a_linear_network_is_told_so_only_where_there_is_more_to_find():
    straight = {"activation": ("identity", "identity")}
    r = record(FLAT, accuracy=0.6, settings=straight)
    (finding,) = findings(r)
    assert (finding.key, finding.change) == ("linear", {"activation": ("tanh",)})
    (finding,) = findings(
        record(FLAT, accuracy=0.6, settings={"hidden": (), "activation": ()}, idle=np.zeros(0, int))
    )
    assert finding.change == {"hidden": (8,), "activation": ("tanh",)}
    assert keys(record(accuracy=0.99, settings=straight)) == ["all_well"]
    assert "linear" not in keys(record(FLAT, accuracy=0.6, neighbours=0.62, settings=straight))
    assert "linear" not in keys(record(FLAT, accuracy=0.6, settings={"activation": ("identity", "tanh")}))


@pytest.mark.parametrize(
    ("f", "key", "suggestion"),
    [
        ("relu", "dead", "leaky"),
        ("tanh", "saturated", "smaller_rate"),
        ("heaviside", "saturated", "another_activation"),
    ],
)
def test_idle_neurons_are_dead_or_saturated_by_their_activation(f, key, suggestion):
    r = record(settings={"activation": ("tanh", f)}, idle=np.array([0, 2]))
    (finding,) = findings(r)
    assert (finding.key, finding.suggestion) == (key, suggestion)
    assert finding.numbers == {"idle": 2, "units": 8, "layer": 2, "share": 0.25}
    assert keys(record(settings={"activation": ("tanh", f)}, idle=np.array([0, 1]))) == ["all_well"]
    assert keys(record(settings={"activation": (f, f)}, idle=np.array([1, 1]))) == ["all_well"]


def test_of_two_kinds_of_idle_neurons_each_layer_has_its_own():
    both = record(settings={"activation": ("relu", "tanh")}, idle=np.array([8, 8]))
    assert keys(both) == ["dead", "saturated"]
    assert findings(both)[0].change == {"activation": ("leaky_relu", "tanh")}
    wild = record(settings={"scheme": "normal"}, idle=np.array([8, 0]))
    assert findings(wild)[0].change == {"scheme": "xavier"}
    alike = record(settings={"scheme": "zeros", "activation": ("relu", "relu")}, idle=np.array([8, 8]))
    assert (findings(alike)[0].key, findings(alike)[0].change) == ("dead", {"scheme": "xavier"})


@pytest.mark.parametrize(
    ("settings", "suggestion", "change"),
    [
        ({}, "another_seed", {"seed": 1}),
        ({"learning_rate": 1e-4}, "larger_rate", {"learning_rate": 0.03}),
        ({"optimizer": "sgd", "learning_rate": 0.3}, "adam", {"optimizer": "adam", "learning_rate": 0.03}),
        ({"optimizer": "sgd", "learning_rate": 100.0}, "smaller_rate", {"learning_rate": 0.3}),
        ({"scheme": "small"}, "xavier", {"scheme": "xavier"}),
        ({"scheme": "zeros", "learning_rate": 1e-4}, "xavier", {"scheme": "xavier"}),
        ({"dropout": 0.5}, "less_dropout", {"dropout": 0.0}),
        ({"batch_size": 1}, "full_batch", {"batch_size": 0}),
        ({"activation": ("sigmoid", "sigmoid")}, "another_activation", {"activation": ("tanh", "tanh")}),
    ],
)
def test_a_plateau_has_the_way_off_that_fits_its_settings(settings, suggestion, change):
    finding = findings(record(FLAT, accuracy=0.6, settings=settings))[0]
    assert (finding.key, finding.suggestion, finding.change) == ("plateau", suggestion, change)
    numbers = finding.numbers
    assert numbers["loss_then"] == pytest.approx(numbers["loss_now"], rel=0.05)
    assert numbers["first_step"] < numbers["last_step"] == 400
    # Neither where the loss falls, nor where there is nothing to find, nor where all is found.
    assert "plateau" not in keys(record(curve(0.69, 0.6, 0.5), accuracy=0.6, settings=settings))
    assert "plateau" not in keys(record(FLAT, accuracy=0.6, neighbours=0.6, settings=settings))
    assert "plateau" not in keys(record(FLAT, accuracy=0.97, settings=settings))


@pytest.mark.parametrize("loss", [FLAT, HALFWAY])
def test_where_a_penalty_holds_the_weights_it_is_named(loss):
    r = record(loss, accuracy=0.6, penalty=0.3, settings={"l2": 0.1})
    finding = findings(r)[0]
    assert (finding.suggestion, finding.change) == ("less_penalty", {"l1": 0.0, "l2": 0.0})
    # One that shrank the weights to nothing costs nothing any more.
    shrunk = record(loss, accuracy=0.6, shrunk=0.01, settings={"l1": 0.1})
    assert findings(shrunk)[0].suggestion == "less_penalty"
    assert findings(record(loss, accuracy=0.6, shrunk=0.01))[0].suggestion != "less_penalty"


@pytest.mark.parametrize(("optimizer", "usual"), [("adam", 0.03), ("sgd", 0.3), ("momentum", 0.1)])
def test_steps_that_are_too_long_are_known_by_a_loss_above_that_of_a_constant(optimizer, usual):
    wild = curve(0.69, 3, 2, 3, 2.5)
    settings = {"optimizer": optimizer, "learning_rate": 10.0}
    (finding,) = findings(record(wild, accuracy=0.5, settings=settings))
    assert (finding.key, finding.change) == ("jumps", {"learning_rate": usual})
    assert finding.numbers["loss"] > finding.numbers["constant"]
    assert "jumps" not in keys(
        record(wild, accuracy=0.5, settings={"optimizer": optimizer, "learning_rate": usual})
    )
    assert "jumps" not in keys(record(FLAT, accuracy=0.5, settings=settings))
    assert "jumps" not in keys(record(settings=settings))


@pytest.mark.parametrize(
    ("settings", "suggestion", "change"),
    [
        ({"hidden": (2,), "activation": ("tanh",)}, "wider", {"hidden": (8,)}),
        ({"hidden": (8, 12)}, "wider", {"hidden": (16, 16)}),
        ({"scheme": "zeros"}, "xavier", {"scheme": "xavier"}),
        ({"hidden": (16, 16)}, "deeper", {"hidden": (16, 16, 16)}),
        ({"hidden": (16,) * 6, "activation": ("tanh",) * 6}, "another_seed", {"seed": 1}),
        ({"dropout": 0.5}, "less_dropout", {"dropout": 0.0}),
    ],
)
def test_too_little_capacity_is_where_the_neighbours_find_more(settings, suggestion, change):
    idle = np.zeros(len(settings.get("hidden", (8, 8))), int)
    r = record(HALFWAY, accuracy=0.7, settings=settings, idle=idle)
    (finding,) = findings(r)
    assert (finding.key, finding.suggestion, finding.change) == ("capacity", suggestion, change)
    assert finding.numbers == {"accuracy": 0.7, "neighbours": 0.98, "n_parameters": 105}
    assert "capacity" not in keys(
        record(HALFWAY, accuracy=0.7, neighbours=0.72, settings=settings, idle=idle)
    )
    assert "capacity" not in keys(record(HALFWAY, accuracy=0.96, settings=settings, idle=idle))
    slow = settings | {"optimizer": "sgd", "learning_rate": 0.3}
    assert "capacity" not in keys(record(HALFWAY, accuracy=0.7, settings=slow, idle=idle))


def test_a_run_whose_loss_still_falls_is_not_done():
    falling = curve(0.69, 0.6, 0.5, 0.4)
    (finding,) = findings(record(falling, accuracy=0.8))
    assert (finding.key, finding.change) == ("unfinished", {"n_steps": 1000})
    assert finding.numbers["loss_now"] < finding.numbers["loss_then"]
    assert keys(record(falling, accuracy=0.96)) == ["all_well"]
    assert "unfinished" not in keys(record(HALFWAY, accuracy=0.7))
    longest = findings(record(falling, accuracy=0.8, n_steps=5000))[0]
    assert (longest.key, longest.suggestion, longest.change) == ("unfinished", "", {})
    assert findings(record(falling, accuracy=0.8, ended="budget"))[0].change == {}


def test_patience_that_was_too_short_is_named():
    finding = findings(record(FLAT, accuracy=0.6, ended="no_better", settings={"patience": 50}))[0]
    assert (finding.key, finding.suggestion) == ("unfinished", "more_patience")


def test_what_is_learned_by_heart_is_known_by_a_test_loss_that_turned():
    r = record(test=GROWN, answered=0.8)
    finding = findings(r)[0]
    assert (finding.key, finding.change) == ("overfitting", {"l2": 0.01})
    assert 0 < finding.numbers["best_step"] < 400
    assert finding.numbers["best"] < finding.numbers["test"]
    assert findings(record(test=GROWN, settings={"l2": 1e-3}))[0].change == {"l2": 0.01}
    assert findings(record(test=GROWN, settings={"l2": 0.01}))[0].change == {"patience": 50}
    assert findings(record(test=GROWN, settings={"l2": 0.01, "patience": 50}))[0].change == {}
    assert "overfitting" not in keys(record())
    assert "overfitting" not in keys(record(GROWN, test=GROWN))  # both grow: that is something else
    assert "overfitting" not in keys(record(test=curve(0.69, 0.3, 0.25, 0.26, 0.27)))
    assert "overfitting" not in keys(record(test=np.full(60, np.nan)))  # nothing to test with


@pytest.mark.parametrize(
    ("settings", "suggestion", "change"),
    [
        ({"train_share": 0.1}, "more_points", {"train_share": 0.5}),
        ({}, "more_points", {"n_samples": 1000}),
        ({"n_samples": 1000}, "penalty", {"l2": 0.01}),
        ({"data": "own"}, "penalty", {"l2": 0.01}),
    ],
)
def test_too_few_points_are_known_by_test_points_that_never_were(settings, suggestion, change):
    level = curve(0.69, 0.66, 0.65, 0.66)
    (finding,) = findings(record(test=level, answered=0.75, settings=settings))
    assert (finding.key, finding.suggestion, finding.change) == ("gap", suggestion, change)
    assert finding.numbers == {"accuracy": 1.0, "test": 0.75}
    assert keys(record(test=level, answered=0.95, settings=settings)) == ["all_well"]
    assert "gap" not in keys(record(HALFWAY, accuracy=0.7, answered=0.5, settings=settings))
    assert keys(record(test=GROWN, answered=0.75, settings=settings)) == ["overfitting"]


@pytest.mark.parametrize(
    ("settings", "change"),
    [
        ({"noise": 0.5}, {"noise": 0.25}),
        ({"noise": 0.05}, {"noise": 0.0}),
        ({}, {"n_samples": 1000}),
        ({"n_samples": 1000}, {}),
        ({"data": "own"}, {}),
    ],
)
def test_points_among_each_other_are_nobodys_fault(settings, change):
    r = record(HALFWAY, accuracy=0.8, neighbours=0.78, settings=settings)
    (finding,) = findings(r)
    assert (finding.key, finding.change) == ("mixed", change)
    assert keys(record(accuracy=0.99, neighbours=0.78, settings=settings)) == ["all_well"]
    assert "mixed" not in keys(record(HALFWAY, accuracy=0.8, neighbours=0.99, settings=settings))


def random_record(rng: np.random.Generator) -> Record:
    """Draw a record as a run might leave it, however odd."""
    n_frames, n_hidden = int(rng.integers(1, 61)), int(rng.integers(0, MAX_LAYERS + 1))
    scale = 10.0 ** rng.uniform(-12, 6)
    losses = scale * np.exp(rng.normal(0, rng.choice([0, 1e-3, 1, 20]), (n_frames, 2)))
    accuracy = rng.uniform(rng.choice([-5, 0, 0.9]), 1, (n_frames, 2))
    if rng.random() < 0.2:
        losses[:, 1] = accuracy[:, 1] = np.nan
    hidden = tuple(int(width) for width in rng.integers(1, MAX_WIDTH + 1, n_hidden))
    names = ["identity", "tanh", "relu", "sigmoid", "heaviside", "gelu"]
    optimizer = str(rng.choice(["sgd", "momentum", "adam", "lbfgs", "lm"]))
    n_steps = int(rng.choice([0, 1, 400, 20_000]))
    l1 = float(rng.choice([0, 1.0]))
    ended = str(rng.choice(["done", "diverged", "stuck", "no_better", "budget", "loss_reached"]))
    return Record(
        steps=np.sort(rng.choice(20_000, n_frames, replace=False)) * int(rng.integers(0, 2)),
        losses=losses,
        accuracy=accuracy,
        gradients=rng.choice([0, 1e-300, 1, 1e300], (n_frames, n_hidden + 1)),
        idle=np.array([rng.integers(0, width + 1) for width in hidden], int),
        constant=float(rng.choice([0, 0.69, scale])),
        neighbours=float(rng.uniform(-1, 1)),
        penalty=l1 * float(rng.choice([0, 1, 1e9])),
        shrunk=float(rng.choice([0, 1])),
        n_parameters=100,
        ended=ended,
        n_steps=n_steps,
        settings=SETTINGS
        | {
            "n_steps": n_steps,
            "patience": 50 if ended == "no_better" else int(rng.choice([0, 50])),
            "hidden": hidden,
            "activation": tuple(str(name) for name in rng.choice(names, n_hidden)),
            "optimizer": optimizer,
            "learning_rate": float(rng.choice(RATES)),
            "scheme": str(rng.choice(["xavier", "he", "normal", "small", "zeros"])),
            "dropout": float(rng.choice([0, 0.5])),
            "l1": l1,
            "noise": float(rng.choice([0, 0.05, 0.5])),
            "data": str(rng.choice(["own", "circle"])),
            "n_samples": int(rng.choice([20, 1000])),
            "train_share": float(rng.choice([0.1, 1.0])),
            "batch_size": int(rng.choice([0, 1, 10])),
        },
    )


def test_two_thousand_odd_records_have_reasons_with_finite_numbers_and_changes_that_change_something():
    rng, seen = np.random.default_rng(0), set()
    for _ in range(2000):
        r = random_record(rng)
        found = findings(r)
        assert found
        seen |= {finding.key for finding in found}
        assert len({finding.key for finding in found}) == len(found)
        for finding in found:
            assert np.isfinite(list(finding.numbers.values())).all(), finding
            assert bool(finding.change) <= bool(finding.suggestion)
            kept = all(value == r.settings[name] for name, value in finding.change.items())
            # There is no learning rate below the least.
            assert not finding.change or not kept or finding.change == {"learning_rate": RATES[0]}, finding
            rate, steps = finding.change.get("learning_rate"), finding.change.get("n_steps")
            assert rate is None or rate in RATES
            assert steps is None or steps in STEPS
    assert seen == KEYS
    assert len(KEYS) == len(RULES) + 1
