"""A training to take home: cells of words and code, as a script and as a Jupyter notebook."""

import json
import textwrap
from collections.abc import Sequence

from explainer.nets.loop import FIVE, LINES

Cells = Sequence[tuple[str, str]]  # words in Markdown, and code

_DATA = """import torch
from sklearn.datasets import load_digits
from torch import nn

torch.set_num_threads(1)  # one thread adds numbers up in one order: the same digits everywhere
digits = load_digits()
X = torch.tensor(digits.data, dtype=torch.float32) / 16
y = torch.tensor(digits.target)

generator = torch.Generator().manual_seed({seed})
order = torch.randperm(len(y), generator=generator)
for_test = torch.zeros(len(y), dtype=torch.bool)
for digit in range(10):
    members = order[y[order] == digit]
    for_test[members[: round(0.2 * len(members))]] = True
train, test = order[~for_test[order]], order[for_test[order]]
X_train, y_train, X_test, y_test = X[train], y[train], X[test], y[test]"""

_MODEL = """model = nn.Sequential(nn.Linear(64, {width}), nn.ReLU(), nn.Linear({width}, 10))
generator = torch.Generator().manual_seed({seed})
with torch.no_grad():
    for layer in (model[0], model[2]):
        layer.weight.normal_(0, (2 / layer.in_features) ** 0.5, generator=generator)
        layer.bias.zero_()
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr={learning_rate!r})"""

_LOOP = """generator = torch.Generator().manual_seed({seed})
step = 0
while step < {n_steps}:
    for rows in torch.randperm(len(X_train), generator=generator).split({batch_size}):
        X, y = X_train[rows], y_train[rows]
{five}
        step += 1
        if step == {n_steps}:
            break"""

_TEST = """model.eval()
with torch.no_grad():
    y_hat = model(X_test)
    print(f"loss {{loss_fn(y_hat, y_test).item():.6f}}")
    print(f"accuracy {{(y_hat.argmax(1) == y_test).float().mean().item():.6f}}")"""


def cells(
    words: Sequence[str],
    *,
    width: int,
    seed: int,
    learning_rate: float,
    batch_size: int,
    n_steps: int,
) -> Cells:
    """Write the training of the digits as cells: data, network, loop, test; ``words`` stand above each."""
    five = "\n".join(f"        {LINES[line]}" for line in FIVE)
    settings = {"width": width, "seed": seed, "learning_rate": learning_rate}
    settings |= {"batch_size": batch_size, "n_steps": n_steps, "five": five}
    code = [part.format(**settings) for part in (_DATA, _MODEL, _LOOP, _TEST)]
    return list(zip(words, code, strict=True))


def script(cells: Cells) -> str:
    """Return the cells as a Python program, the words as comments."""
    parts = []
    for words, code in cells:
        lines = [part for line in words.splitlines() for part in textwrap.wrap(line, 86)]
        comment = "\n".join(f"# {line}" for line in lines)
        parts.append(f"{comment}\n{code}\n")
    return "\n".join(parts)


def notebook(cells: Cells) -> str:
    """Return the cells as a Jupyter notebook of format 4.5, which is JSON."""
    written = []
    for i, (words, code) in enumerate(cells):
        for kind, text in (("markdown", words), ("code", code)):
            cell = {"cell_type": kind, "id": f"{kind}-{i}", "metadata": {}}
            cell["source"] = text.splitlines(keepends=True)
            if kind == "code":
                cell |= {"execution_count": None, "outputs": []}
            written.append(cell)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    content = {"cells": written, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content, ensure_ascii=False, indent=1)
