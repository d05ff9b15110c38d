"""Every mistake is a real training with that mistake: the same numbers as a loop that anybody could write."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from explainer.nets import digits
from explainer.nets.dropout import Dropout
from explainer.nets.mistakes import HEALTHY, MISTAKES, Recipe, build, listing, train

N_STEPS = 25
MADE = {"healthy": Recipe(), **MISTAKES}


def by_hand(name: str, seed: int) -> tuple[nn.Module, list[tuple[float, float]]]:
    """Train with one mistake, written out as a beginner writes it, and look after every step."""
    images, y = digits.load()
    rows, test = digits.split(y)
    X, y_train = images[rows].reshape(-1, 64), y[rows]
    if name == "shuffled_labels":
        y_train = y_train[torch.randperm(len(rows), generator=torch.Generator().manual_seed(seed))]
    theirs = digits.make_network(32, seed)
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), Dropout(0.5, seed), nn.Linear(32, 10))
    model[0].load_state_dict(theirs[0].state_dict())
    model[3].load_state_dict(theirs[2].state_dict())
    lr = 50.0 if name == "rate_times_100" else 0.5
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    softmax = nn.Softmax(1) if name == "softmax_twice" else nn.Identity()
    loss_fn = nn.CrossEntropyLoss()

    def look() -> tuple[float, float]:
        if name != "no_eval":
            model.eval()
        with torch.no_grad():
            price = loss_fn(softmax(model(X)), y_train).item()
            right = (softmax(model(images[test].reshape(-1, 64))).argmax(1) == y[test]).float().mean().item()
        model.train()
        return price, right

    seen, generator = [look()], torch.Generator().manual_seed(seed)
    while len(seen) <= N_STEPS:
        for batch in torch.randperm(len(rows), generator=generator).split(64):
            loss = loss_fn(softmax(model(X[batch])), y_train[batch])
            if name == "step_first":
                optimizer.zero_grad()
                optimizer.step()
                loss.backward()
            elif name == "late_zero_grad":
                loss.backward()
                optimizer.zero_grad()
                optimizer.step()
            elif name == "no_backward":
                optimizer.zero_grad()
                optimizer.step()
            else:
                if name != "no_zero_grad":
                    optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            seen.append(look())
            if len(seen) > N_STEPS:
                break
    return model, seen


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("seed", [0, 5])
def test_a_mistake_is_the_training_that_one_writes_with_it(name, seed):
    run = train(MADE[name], seed, n_steps=N_STEPS)
    model, seen = by_hand(name, seed)
    assert run.steps.tolist() == list(range(N_STEPS + 1))
    assert run.losses == pytest.approx([loss for loss, _ in seen], rel=1e-5)
    assert run.accuracy == pytest.approx([right for _, right in seen], abs=1e-6)
    gradient = model[0].weight.grad
    assert (run.gradient is None) == (gradient is None)
    if gradient is not None:
        assert run.gradient == pytest.approx(float(gradient.norm()), rel=1e-4, abs=1e-9)
    assert run.mishap == ""


@pytest.mark.parametrize("seed", range(3))
def test_every_mistake_has_the_symptom_that_its_words_promise(seed):
    runs = {name: train(recipe, seed, n_steps=200) for name, recipe in MADE.items()}
    healthy = runs["healthy"]
    assert healthy.accuracy[-1] > 0.9
    for name in ("step_first", "no_backward", "late_zero_grad"):
        assert runs[name].moved == 0
        assert len(set(runs[name].losses)) == 1
    assert runs["step_first"].gradient > 0
    assert runs["no_backward"].gradient is runs["late_zero_grad"].gradient is None
    piled = runs["no_zero_grad"].losses
    assert piled.min() < 0.6 * piled[0] < piled[-1]
    assert runs["no_zero_grad"].accuracy[-1] < 0.5
    wild = runs["rate_times_100"]
    assert wild.losses.max() > 2 * wild.losses[0]
    assert wild.accuracy[-1] < 0.2
    assert runs["softmax_twice"].losses.min() > 1.4611
    assert runs["softmax_twice"].accuracy[-1] > 0.3
    assert runs["softmax_twice"].losses[-1] > 3 * healthy.losses[-1]
    assert abs(runs["shuffled_labels"].accuracy[-1] - 0.1) < 0.1
    assert runs["shuffled_labels"].losses[-1] > 2
    assert healthy.accuracy[-1] - runs["no_eval"].accuracy[-1] > 0.05


def test_without_eval_two_tests_of_one_network_differ():
    loop, (_, _, X, _) = build(Recipe(), 0)
    model = loop.get("model")
    assert not torch.equal(model(X), model(X))
    model.eval()
    assert torch.equal(model(X), model(X))


def test_a_second_softmax_cannot_cost_less_than_1_46():
    sure = torch.zeros(1, 10)
    sure[0, 3] = 1.0
    least = float(nn.functional.cross_entropy(sure, torch.tensor([3])))
    assert least == pytest.approx(-math.log(math.e / (math.e + 9)))
    generator = torch.Generator().manual_seed(0)
    p = (20 * torch.randn(2000, 10, generator=generator)).softmax(1)
    y = torch.randint(0, 10, (2000,), generator=generator)
    assert float(nn.functional.cross_entropy(p, y, reduction="none").min()) >= least - 1e-5


def test_a_listing_holds_every_line_and_marks_what_is_wrong():
    for name, recipe in MADE.items():
        rows = listing(recipe)
        marked = {state for _, state in rows}
        assert (marked == {"right"}) == (name == "healthy"), name
        assert len(rows) <= 9
        body = [text.strip() for text, _ in rows if text.startswith("  ")]
        assert len(body) == len(HEALTHY) - 1
        missing = sum(state == "missing" for _, state in rows)
        assert missing == (len(HEALTHY) - len(recipe.lines)) + (not recipe.evaluates)
    moved = [text.strip() for text, state in listing(MISTAKES["step_first"]) if state == "wrong"]
    assert moved == ["loss.backward()"]


def test_a_run_that_breaks_keeps_what_was_seen_before():
    run = train(Recipe(("fetch", "forward", "loss", "backward", "backward")), 0, n_steps=10)
    assert run.mishap == "used_up"
    assert run.steps.tolist() == [0]
    assert np.isfinite(run.losses).all()
