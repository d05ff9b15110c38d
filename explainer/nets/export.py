"""The same code, outside the app: a training run as a script that needs torch alone.

The script holds the modules that ran, word for word, the data, and the loop; it ends with the loss of
the trained ``nn.Sequential``, which is the one that the page shows.
"""

import inspect
from collections.abc import Mapping, Sequence
from types import ModuleType

from torch import Tensor

from explainer.nets import activations, batches, dropout, levenberg_marquardt, losses, mlp, unset
from explainer.nets.mlp import MLP

_HEAD = '''"""{title}

A standalone script: it needs Python 3.11 and torch. It prints the loss that the page shows.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"  # one thread adds numbers up in one order: the same digits everywhere
'''

_DATA = """
# The data: X (n_samples, n_features) and y.
X = torch.tensor({X}, dtype=torch.float64)
y = torch.tensor({y}, dtype=torch.{dtype})

net = MLP({sizes}, {activation}, ACTIVATIONS["{output}"])
start = net.initialise([{seed}], **{initialisation})
"""

_BY_HAND = """
# Parameters that were set by hand: (index, value).
for index, value in {start}:
    start[0, index] = value
"""

_LM = """
lm = LevenbergMarquardt(net, start, X, y)
for step in range({n_steps}):
    lm.step()
    if lm.stuck.all():
        break
model = net.to_sequential(lm.parameters[0])
"""

_GRADIENT = """
model = {model}
optimizer = torch.optim.{optimizer}
{before}for step in range({n_steps}):
{batch}
    def closure():
        optimizer.zero_grad()
        loss = {loss}(model({X}), {y})
        loss.backward(){penalty}
        return loss

    optimizer.step(closure)
model.eval()
"""

_PENALTY = """
        with torch.no_grad():  # the penalty and its derivatives; biases are left out
            for p in model.parameters():
                if p.ndim > 1:
                    p.grad = torch.zeros_like(p) if p.grad is None else p.grad{l1}{l2}"""
_L1 = """
                    p.grad += {l1!r} * p.sign()
                    loss = loss + {l1!r} * p.abs().sum()"""
_L2 = """
                    p.grad += {l2!r} * p
                    loss = loss + {l2!r} / 2 * p.square().sum()"""

_TAIL = """
print(model)
with torch.no_grad():
    print(f"{loss}: {{{loss}(model(X), y).item():.9e}}")
"""

_OPTIMIZERS = {
    "adam": "Adam(model.parameters(), lr={learning_rate!r})",
    "sgd": "SGD(model.parameters(), lr={learning_rate!r}, momentum={momentum!r})",
    "lbfgs": (
        'LBFGS(model.parameters(), line_search_fn="strong_wolfe", max_iter=1,\n'
        "    max_eval=30, tolerance_grad=1e-12, tolerance_change=1e-15)"
    ),
}


def script(
    title: str,
    net: MLP,
    X: Tensor,
    y: Tensor,
    *,
    seed: int,
    initialisation: Mapping[str, object],
    n_steps: int,
    start: Sequence[tuple[int, float]] = (),
    optimizer: str = "lm",
    loss: str = "mse",
    learning_rate: float = 0.01,
    momentum: float = 0.9,
    l1: float = 0.0,
    l2: float = 0.0,
    batch_size: int | None = None,
    batch_seed: int = 0,
    drop: float = 0.0,
) -> str:
    """Write the script of a run of `explainer.nets.training.train` with these arguments and one network.

    ``initialisation`` are the keywords of `MLP.initialise`, ``start`` (index, value) are parameters set by
    hand before training; ``n_steps`` counts the steps made. ``drop`` is the probability that `with_dropout`
    is given, with ``seed``.
    """
    modules: list[ModuleType] = [activations, losses, unset, mlp]
    if optimizer == "lm":
        modules.append(levenberg_marquardt)
        loop = _LM.format(n_steps=n_steps)
    else:
        model, before, batch = "net.to_sequential(start[0])", "", ""
        if drop:
            modules.append(dropout)
            model = f"with_dropout({model}, {drop!r}, seed={seed})"
        if batch_size:
            modules.append(batches)
            before = f"rows = batches(len(X), {batch_size}, seed={batch_seed})\n"
            batch = "    batch = next(rows)\n"
        loop = _GRADIENT.format(
            model=model,
            before=before,
            batch=batch,
            optimizer=_OPTIMIZERS[optimizer].format(learning_rate=learning_rate, momentum=momentum),
            n_steps=n_steps,
            loss=loss,
            X="X[batch]" if batch_size else "X",
            y="y[batch]" if batch_size else "y",
            penalty=_penalty(l1, l2),
        )
    data = _DATA.format(
        X=X.tolist(),
        y=y.tolist(),
        dtype=str(y.dtype).removeprefix("torch."),
        sizes=net.sizes,
        activation=_activation(net),
        output=net.output.name,
        seed=seed,
        initialisation=dict(initialisation),
    )
    by_hand = _BY_HAND.format(start=list(start)) if start else ""
    sources = [_source(module) for module in modules]
    return "\n".join([_HEAD.format(title=title), *sources, data + by_hand, loop, _TAIL.format(loss=loss)])


def _penalty(l1: float, l2: float) -> str:
    """Write what the penalty adds to the loss and to the gradients, the words of `gradient_step`."""
    parts = {"l1": _L1.format(l1=l1) if l1 else "", "l2": _L2.format(l2=l2) if l2 else ""}
    return _PENALTY.format(**parts) if l1 or l2 else ""


def _activation(net: MLP) -> str:
    """Write the argument ``activation`` of a network: one, or one a hidden layer where they differ."""
    names = [f'ACTIVATIONS["{f.name}"]' for f in net.activations[:-1]]
    if isinstance(net.activation, tuple):
        return f"({', '.join(names)}{',' * (len(names) == 1)})"
    return f'ACTIVATIONS["{net.activation.name}"]'


def _source(module: ModuleType) -> str:
    """Return a module's source without its imports from this project: the script has them above."""
    lines = inspect.getsource(module).splitlines()
    return "\n".join(line for line in lines if not line.startswith("from explainer"))
