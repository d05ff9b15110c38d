"""How long a small network takes to learn: the loop everyone writes, scikit-learn, and ours, in one run.

    python -m tests.benchmarks.training [--seeds 10] [--curve-seeds 5]

(a) Curves: 256 points on [-1, 1], one hidden layer of tanh, the time until the mean squared error is 1e-4.
(b) Toy sets: 250 points to learn from and 250 others, tanh in every layer, the time until half the
mean squared error on the others is 0.01. It is read after every step, outside the clock.

Everything is in the time: initialisation, Jacobian, restarts; imports and a first run are not. One thread.
On the toy sets a run of ours takes a millisecond, of which half may be waking up: torch's first operations
after another process had the processor take three times as long. scikit-learn's fit comes after shorter ones
that have woken it. So ours, and the fit that counts, are made three times each, and the median is the time.

- Everyday loop: ``nn.Sequential``, autograd, Adam with learning rate 0.01 (curves) or 0.03 (toy sets, the
  default of TensorFlow Playground), float32, torch's own initialisation, 4,000 steps at most.
- scikit-learn: ``MLPRegressor`` without weight decay or ``MLPClassifier`` with ``alpha=0.01`` (without any,
  it overfits), L-BFGS. A fit cannot be watched, so fits of more and more iterations are made, and only the
  first one that reaches the goal is counted. Its probability p of class 1 answers 2 p - 1.
- Ours: Levenberg-Marquardt in float64. Curves by `train`, its neurons spread as on the page "Universal
  approximation". Toy sets by `race`: one network at a time, the best of some random ones whose last layer is
  fitted at once; on the spiral sixteen of 128, as one batch. Which of them answers is decided by the points
  to learn from alone.

The clock of the toy sets stops when the network that would answer now is first good enough, for all three
alike; a moment later it may be worse again. Therefore the last line says, more strictly, on how many spirals
the network is right that a race of one second of the processor keeps without having seen the other points.
The arms of the spiral begin in one point of both classes; where one label is learnt and the other one asked
for, the best fit of what was learnt costs 0.008 of the 0.01.

Who gives up is counted with the time until then, so that its ratio is a lower bound.
"""

import argparse
import itertools
import math
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor
from threadpoolctl import threadpool_limits
from torch import Tensor, nn

from explainer.nets.activations import ACTIVATIONS
from explainer.nets.data import sample_between, sample_toy_set
from explainer.nets.losses import half_squared_error, mse
from explainer.nets.mlp import MLP
from explainer.nets.restarts import race
from explainer.nets.training import train
from tests.benchmarks.measure import limit, machine, median, table

TARGETS: dict[str, Callable[[Tensor], Tensor]] = {
    "sine": lambda x: torch.sin(6 * x),
    "step": torch.sign,
    "abs": torch.abs,
    "wiggly": lambda x: torch.sin(6 * x) * torch.cos(20 * x),
}
WIDTHS = (16, 64)
HIDDEN = {"circle": (4, 2), "xor": (4, 2), "gauss": (4, 2), "spiral": (8, 8)}
CURVE_GOAL, TOY_GOAL = 1e-4, 0.01
PATIENCE = 4000  # steps of the everyday loop
REPEATS = 3
ITERATIONS = sorted({int(1.25**i) for i in range(39)})  # of scikit-learn, up to 4,814
KINDS = ("everyday", "scikit-learn", "ours")

Answer = Callable[[Tensor], Tensor]  # X (n_samples, n_features) -> y_hat (n_samples, 1)


@dataclass(frozen=True)
class Time:
    """Seconds until the goal, or until giving up."""

    seconds: float
    reached: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=10, help="of each toy set")
    parser.add_argument("--curve-seeds", type=int, default=5, help="of each curve and width")
    options = parser.parse_args()
    machine()
    warnings.simplefilter("ignore", ConvergenceWarning)
    torch.set_num_threads(1)
    with threadpool_limits(1):
        _curve("abs", 4, 0), _toy("gauss", 0)  # what is slow at its first use
        curves = {
            (name, width): [_curve(name, width, seed) for seed in range(options.curve_seeds)]
            for width, name in itertools.product(WIDTHS, TARGETS)
        }
        _print(f"Curves: ms to a mean squared error of {CURVE_GOAL:g}", curves)
        toys = {(name, HIDDEN[name]): [_toy(name, seed) for seed in range(options.seeds)] for name in HIDDEN}
        _print(
            f"Toy sets: ms to half a mean squared error of {TOY_GOAL:g} on the points not learnt from", toys
        )
        kept = sum(_spiral_kept(seed) < TOY_GOAL for seed in range(options.seeds))
    _print_goals(curves, toys)
    print(f"\nThe network that a race of a second keeps is right for {kept} of {options.seeds} spirals.")


# -- the clock -------------------------------------------------------------------------------------


def _clock(answers: Iterator[Answer], reached: Callable[[Answer], bool], patience: float = math.inf) -> Time:
    """Stop the time that the answers take until one is good enough; the question takes none."""
    spent = 0.0
    while spent < patience:
        begin = time.perf_counter()
        answer = next(answers, None)
        spent += time.perf_counter() - begin
        if answer is None:
            break
        if reached(answer):
            return Time(spent, True)
    return Time(spent, False)


def _usual(times: Sequence[Time]) -> Time:
    """Return the median of a few times."""
    return sorted(times, key=lambda each: each.seconds)[len(times) // 2]


def _everyday(
    sizes: Sequence[int], X: Tensor, y: Tensor, *, seed: int, learning_rate: float, last: Sequence[nn.Module]
) -> Iterator[Answer]:
    """The loop that everyone writes."""
    X, y = X.float(), y.float()
    with torch.random.fork_rng():
        torch.random.default_generator.manual_seed(seed)
        layers = [nn.Linear(n_in, n_out) for n_in, n_out in itertools.pairwise(sizes)]
    model = nn.Sequential(*(m for layer in layers[:-1] for m in (layer, nn.Tanh())), layers[-1], *last)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    for _ in range(PATIENCE):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(X), y)
        loss.backward()
        optimizer.step()
        yield lambda X: model(X.float())


def _scikit(fit: Callable[[int], tuple[Answer, int]], reached: Callable[[Answer], bool]) -> Time:
    """Time the fit of fewest iterations that reaches the goal."""
    made = 0

    def once(n_iterations: int) -> Time:
        nonlocal made
        begin = time.perf_counter()
        answer, made = fit(n_iterations)
        spent = time.perf_counter() - begin
        return Time(spent, reached(answer))

    for n_iterations in ITERATIONS:
        last = once(n_iterations)
        if last.reached or made < n_iterations:  # it is there, or has converged elsewhere
            break
    return _usual([last, *(once(n_iterations) for _ in range(REPEATS - 1))])


# -- (a) curves ------------------------------------------------------------------------------------


def _curve(name: str, width: int, seed: int) -> dict[str, Time]:
    X = torch.linspace(-1, 1, 256, dtype=torch.float64)[:, None]
    y = TARGETS[name](X)

    def reached(answer: Answer) -> bool:
        with torch.no_grad():
            return float(mse(answer(X).double(), y)) <= CURVE_GOAL

    def fit(n_iterations: int) -> tuple[Answer, int]:
        model = MLPRegressor(
            hidden_layer_sizes=(width,), activation="tanh", solver="lbfgs", alpha=0, tol=1e-10,
            max_iter=n_iterations, max_fun=10**6, random_state=seed,
        )  # fmt: skip
        model.fit(X.numpy(), y[:, 0].numpy())
        return lambda X: torch.from_numpy(model.predict(X.numpy()))[:, None], model.n_iter_

    def ours() -> Iterator[Answer]:
        net = MLP((1, width, 1), ACTIVATIONS["tanh"])
        start = net.initialise([seed], sharpness=4 * math.sqrt(width))
        history = train(net, start, X, y, n_steps=1000, target_loss=CURVE_GOAL)
        yield lambda X: net.predict(history.parameters[-1], X)[0]

    everyday = _everyday((1, width, 1), X, y, seed=seed, learning_rate=0.01, last=())
    times = (_clock(everyday, reached), _scikit(fit, reached), _clock(ours(), reached))
    return dict(zip(KINDS, times, strict=True))


# -- (b) toy sets ----------------------------------------------------------------------------------


def _toy(name: str, seed: int) -> dict[str, Time]:
    X, y = sample_toy_set(name, 500, noise=0, seed=seed)
    X, X_test, y, y_test = X[:250], X[250:], y[:250], y[250:]
    sizes = (2, *HIDDEN[name], 1)

    def reached(answer: Answer) -> bool:
        with torch.no_grad():
            return float(half_squared_error(answer(X_test).double(), y_test)) < TOY_GOAL

    def fit(n_iterations: int) -> tuple[Answer, int]:
        model = MLPClassifier(
            hidden_layer_sizes=HIDDEN[name], activation="tanh", solver="lbfgs", alpha=0.01, tol=1e-10,
            max_iter=n_iterations, max_fun=10**6, random_state=seed,
        )  # fmt: skip
        model.fit(X.numpy(), y[:, 0].numpy())
        return lambda X: torch.from_numpy(2 * model.predict_proba(X.numpy())[:, 1:] - 1), model.n_iter_

    everyday = _everyday(sizes, X, y, seed=seed, learning_rate=0.03, last=[nn.Tanh()])

    def ours() -> Iterator[Answer]:
        if name == "spiral":
            return (answer for _, answer in _spiral(X, y, seed))
        return _one_by_one(X, y, seed)

    often = _usual([_clock(ours(), reached, patience=1.0) for _ in range(REPEATS)])
    times = (_clock(everyday, reached), _scikit(fit, reached), often)
    return dict(zip(KINDS, times, strict=True))


def _one_by_one(X: Tensor, y: Tensor, seed: int) -> Iterator[Answer]:
    """Train one network, the best beginning of eight; when it hangs, the next one."""
    net = MLP((2, 4, 2, 1), ACTIVATIONS["tanh"], ACTIVATIONS["tanh"])
    damping = {"damping": 0.3, "shrink": 3.0, "grow": 8.0}
    settings = {"n_runs": 1, "n_drawn": 8, "n_steps": 15, "halvings": {}, "damping": damping}
    for _, parameters, _ in race(net, X, y, seed=seed, **settings):
        yield lambda X, parameters=parameters: net.predict(parameters, X)[0]


def _spiral(X: Tensor, y: Tensor, seed: int) -> Iterator[tuple[float, Answer]]:
    """Race on the points and on as many between them; points between them also choose the one that answers.

    What is learnt:

    - Points share their labels with those that are nearer than usual: a label is the mean over all points,
      weighted by a bell of a quarter of the usual distance between neighbours. This is felt only where
      the arms begin.
    - The points between are moved by N(0, s^2), s being 0.15 of the distance to the other class.
    - All labels are a little less than tanh can reach (LeCun et al. Efficient BackProp, 1998, section 4.5),
      so that a neuron that is right does not go on growing.
    """
    net = MLP((2, 8, 8, 1), ACTIVATIONS["tanh"], ACTIVATIONS["tanh"])
    distance = torch.cdist(X, X)
    neighbour = (distance + torch.where(y == y.mT, 0, math.inf)).fill_diagonal_(math.inf).amin(1)
    near = torch.exp(-((distance / (0.25 * neighbour.median())) ** 2) / 2)
    y_shared = near @ y / near.sum(1, keepdim=True)
    X_more, y_more = sample_between(X, y, 250, seed=2 * seed)
    room = (torch.cdist(X_more, X) + torch.where(y_more == y.mT, math.inf, 0)).amin(1, keepdim=True)
    generator = torch.Generator().manual_seed(seed)
    X_more = X_more + 0.15 * room * torch.randn(X_more.shape, generator=generator, dtype=X.dtype)
    X_learn, y_learn = torch.cat([X, X_more]), 0.95 * torch.cat([y_shared, y_more])
    X_choose, y_choose = sample_between(X, y, 250, seed=2 * seed + 1)
    X_choose, y_choose = torch.cat([X, X_choose]), torch.cat([y_shared, y_choose])
    steps = race(net, X_learn, y_learn, seed=seed, n_runs=16, n_drawn=128)
    for _, parameters, _ in itertools.islice(steps, 0, None, 3):
        losses = half_squared_error(net.predict(parameters, X_choose), y_choose)
        best = losses.argmin()
        row = parameters[best][None]
        yield float(losses[best]), lambda X, row=row: net.predict(row, X)[0]


def _spiral_kept(seed: int) -> float:
    """Return the test loss of the network that is best at the end of a second, chosen without the test.

    The second is one of the processor: what else the machine does makes no difference.
    """
    X, y = sample_toy_set("spiral", 500, noise=0, seed=seed)
    best, end = (math.inf, None), time.thread_time() + 1
    for candidate in _spiral(X[:250], y[:250], seed):
        best = min(best, candidate, key=lambda pair: pair[0])
        if time.thread_time() > end:
            return float(half_squared_error(best[1](X[250:]), y[250:]))
    raise AssertionError("a race has no end")


# -- what is printed -------------------------------------------------------------------------------


Times = dict[tuple[str, object], list[dict[str, Time]]]


def _print(title: str, times: Times) -> None:
    heads = ["", "net", *itertools.chain(*((kind, "reached") for kind in KINDS)), "of everyday", "of scikit"]
    rows = []
    for (name, size), runs in times.items():
        cells = []
        for kind in KINDS:
            cells += [
                1000 * median([run[kind].seconds for run in runs]),
                f"{sum(run[kind].reached for run in runs)}/{len(runs)}",
            ]
        rows.append([name, str(size), *cells, *(_faster(runs, kind) for kind in KINDS[:2])])
    table(title, heads, rows)


def _faster(runs: Sequence[dict[str, Time]], kind: str) -> float:
    """Return the median of how many times the time of ours another one takes; 0 where ours gives up."""
    return median([run[kind].seconds / run["ours"].seconds if run["ours"].reached else 0.0 for run in runs])


def _print_goals(curves: Times, toys: Times) -> None:
    every_curve = [run for runs in curves.values() for run in runs]
    rows: list[list[object]] = [
        [f"curves: times faster than {kind}", ratio, limit(ratio, goal, least=True)]
        for kind, goal in (("everyday", 20), ("scikit-learn", 4))
        for ratio in [_faster(every_curve, kind)]
    ]
    hard = [run for (name, _), runs in curves.items() if name in ("step", "wiggly") for run in runs]
    for kind in KINDS:
        share = sum(run[kind].reached for run in hard) / len(hard)
        goal = limit(share, 1, least=True) if kind == "ours" else None
        rows.append([f"step and wiggly: share that {kind} brings to the goal", share, goal])
    for (name, _), runs in toys.items():
        if name == "spiral":
            quick = sum(run["ours"].reached and run["ours"].seconds < 1 for run in runs)
            rows.append(
                [
                    f"spiral: seeds of {len(runs)} within a second",
                    quick,
                    limit(quick, 0.9 * len(runs), least=True),
                ]
            )
        else:
            rows += [
                [
                    f"{name}: times faster than {kind}",
                    _faster(runs, kind),
                    limit(_faster(runs, kind), 5, least=True),
                ]
                for kind in KINDS[:2]
            ]
    table("Goals", ["", "measured", "goal"], rows)


if __name__ == "__main__":
    main()
