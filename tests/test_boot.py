"""Two lanes: what is asked for often is quick, what takes long gives way."""

import itertools
import subprocess
import sys

import pytest

from explainer.ui import boot
from tests.server import ROOT


class Unwanted(BaseException):
    """As Streamlit's own stops: not an `Exception`."""


@pytest.fixture
def in_a_movement():
    with boot.QUICK:
        yield


def test_a_long_run_that_is_not_wanted_any_more_frees_its_lane_and_keeps_nothing(in_a_movement):
    calls = []

    def experiment(*, n: int = 0, tick=None) -> int:
        calls.append(n)
        assert not boot.LONG.free
        tick(0.0)
        if len(calls) == 1:
            raise Unwanted
        return n + 1

    with pytest.raises(Unwanted):
        boot.long(experiment)(n=5)
    assert boot.LONG.free
    assert boot.long(experiment)(n=5) == 6
    assert boot.long(experiment)(n=5) == 6
    assert calls == [5, 5], "the unwanted run left nothing behind, the second one is kept"


def test_a_run_looks_whether_it_is_still_wanted_at_most_every_few_hundredths(monkeypatch):
    now, looks = [0.0], []

    monkeypatch.setattr(boot.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(boot, "get_script_run_ctx", lambda **_: True)
    monkeypatch.setattr(boot, "give_up_if_unwanted", lambda: looks.append(now[0]))
    tick = boot._give_way()
    for step in range(1000):
        now[0] = step / 1000
        tick(step / 1000)
    gaps = [b - a for a, b in itertools.pairwise(looks)]
    assert 20 < len(looks) < 40
    assert max(gaps) < 0.05


def test_training_leaves_out_the_compiler_of_torch_and_its_symbolic_mathematics():
    look = (
        "import sys; from explainer.ui import boot\n"
        "from explainer.experiments import activations, neuron, first_network\n"
        "activations.race(); neuron.it_is_regression(); first_network.five_lines()\n"
        "print([name for name in ('torch._dynamo.eval_frame', 'sympy') if name in sys.modules])"
    )
    assert said(look) == "[]"


def test_what_trains_in_the_second_process_does_without_pandas():
    look = (
        "import sys; from explainer.experiments import softmax\n"
        "softmax.train_it(); softmax.one_point()\n"
        "print([name for name in ('pandas', 'pyarrow') if name in sys.modules])"
    )
    assert said(look) == "[]"


def said(program: str) -> str:
    """Return what a program prints in an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
