"""The debugger's tensors are those of plain PyTorch, whatever lines are run and in whatever order."""

import random

import numpy as np
import pytest
import torch
from torch import nn

from explainer.nets import debugger
from explainer.nets.debugger import FEEDS, N_FEW, PARAMETERS, execute
from explainer.nets.loop import FIVE, LINES


class Plain:
    """The five lines as anybody writes them, as methods; nothing of the debugger's machinery."""

    def __init__(self, feed: str, rate: float) -> None:
        theirs = debugger.small_loop(feed, rate)
        self.model = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 1))
        self.model.load_state_dict(theirs.get("model").state_dict())
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=rate)
        self.generator = torch.Generator().manual_seed(0)
        self.rows: list[torch.Tensor] = []
        self.n_moved = 0
        if feed == "one_batch":
            self.X, self.y = theirs.get("X"), theirs.get("y")

    def fetch(self) -> None:
        if not self.rows:
            self.rows = list(torch.randperm(N_FEW, generator=self.generator).split(4))
        X, y = debugger._zeros_and_ones()
        rows = self.rows.pop(0)
        self.X, self.y = X[rows], y[rows]

    def forward(self) -> None:
        self.y_hat = self.model(self.X)

    def loss(self) -> None:
        self.price = nn.functional.binary_cross_entropy_with_logits(self.y_hat, self.y)

    def zero_grad(self) -> None:
        self.optimizer.zero_grad()

    def backward(self) -> None:
        self.price.backward()

    def step(self) -> None:
        before = [p.detach().clone() for p in self.model.parameters()]
        self.optimizer.step()
        pairs = zip(before, self.model.parameters(), strict=True)
        self.n_moved += any(not torch.equal(a, b) for a, b in pairs)

    def press(self, line: str) -> bool:
        try:
            getattr(self, line)()
        except (AttributeError, RuntimeError):
            return False
        return True


def assert_same(found: np.ndarray | None, expected: torch.Tensor | None) -> None:
    assert (found is None) == (expected is None)
    if found is not None:
        assert np.array_equal(found, expected.detach().numpy())


@pytest.mark.parametrize("feed", FEEDS)
def test_after_a_hundred_random_presses_every_tensor_is_that_of_plain_torch(feed):
    hand = random.Random(feed)
    for trial in range(12):
        # Half of the time the next line of an orderly step, so that long programs get somewhere.
        plain, program, rate = Plain(feed, 0.7), [], 0.7
        for _ in range(100):
            order = FEEDS[feed]
            after = order[(order.index(program[-1]) + 1) % len(order)] if program else order[0]
            program.append(hand.choice([after, hand.choice(order)]))
        ran = [plain.press(line) for line in program]
        net = execute(tuple(program), feed=feed, learning_rate=rate)
        assert (net.mishap == "") == ran[-1], trial
        assert net.n_steps == plain.n_moved
        for name in ("X", "y", "y_hat"):
            assert_same(net.values[name], getattr(plain, name, None))
        assert_same(net.values["loss"], getattr(plain, "price", None))
        for name, parameter in plain.model.named_parameters():
            assert_same(net.values[name], parameter)
            assert_same(net.grads[name], parameter.grad)


@pytest.mark.parametrize("feed", FEEDS)
def test_what_is_marked_as_changed_is_what_differs_from_the_line_before(feed):
    hand = random.Random(1)
    for _ in range(60):
        program = tuple(hand.choices(FEEDS[feed], k=hand.randint(1, 25)))
        before = execute(program[:-1], feed=feed, learning_rate=1.0)
        after = execute(program, feed=feed, learning_rate=1.0)
        for old, new, marks in (
            (before.values, after.values, after.changed),
            (before.grads, after.grads, after.changed_grads),
        ):
            for name, mark in marks.items():
                if old[name] is None or new[name] is None or old[name].shape != new[name].shape:
                    assert mark.all() == (new[name] is not None or old[name] is not None), name
                else:
                    assert np.array_equal(mark, old[name] != new[name])
        assert after.before == before.all_loss


def test_each_line_does_what_its_sentence_says():
    def verdict(*program: str) -> str:
        return execute(program, feed="one_batch", learning_rate=1.0).verdict

    assert verdict() == "nothing"
    assert verdict("forward") == "forward"
    assert verdict("zero_grad") == "no_grads"
    assert verdict("step") == "no_step"
    assert verdict("backward") == verdict("loss") == "undefined"
    assert verdict("forward", "loss", "backward") == "backward"
    assert verdict("forward", "loss", "backward", "backward") == "used_up"
    assert verdict("forward", "loss", "backward", "forward", "loss", "backward") == "added"
    assert verdict("forward", "loss", "backward", "forward", "loss", "step", "backward") == "modified"
    assert verdict("forward", "loss", "backward", "zero_grad") == "zero_grad"
    assert verdict("forward", "loss", "backward", "zero_grad", "step") == "no_step"
    assert verdict(*FIVE) == "step"


def test_a_line_that_fails_changes_nothing():
    for program in (("backward",), (*FIVE[:4], "backward"), ("forward", "loss", "backward", "backward")):
        net = execute(program, feed="one_batch", learning_rate=1.0)
        assert net.mishap
        assert net.n_changed == 0


def test_gradients_add_up_when_nobody_clears_them():
    once = execute(("forward", "loss", "backward"), feed="one_batch", learning_rate=1.0)
    twice = execute(("forward", "loss", "backward") * 2, feed="one_batch", learning_rate=1.0)
    for name in PARAMETERS:
        assert np.allclose(twice.grads[name], 2 * once.grads[name])


def test_orderly_steps_bring_the_loss_down_and_an_epoch_sees_every_picture_once():
    losses = [execute(n * FIVE, feed="one_batch", learning_rate=1.0).all_loss for n in (0, 1, 5, 20)]
    assert losses == sorted(losses, reverse=True)
    seen = [
        execute(n * FEEDS["epoch_of_batches"], feed="epoch_of_batches", learning_rate=1.0).values["X"]
        for n in (1, 2, 3)
    ]
    X, _ = debugger._zeros_and_ones()
    assert np.array_equal(np.unique(np.concatenate(seen), axis=0), np.unique(X.numpy(), axis=0))


def test_the_lines_are_the_code_that_the_page_shows():
    assert list(LINES) == ["fetch", *FIVE]
    for feed, lines in FEEDS.items():
        following, program = [], ()
        for line in lines:
            following.append(execute(program, feed=feed, learning_rate=1.0).following)
            program += (line,)
        assert tuple(following) == lines
