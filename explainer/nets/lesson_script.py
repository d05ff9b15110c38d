"""A lesson outside the app: the training of a stack as a script that needs torch alone."""

import base64
import inspect
import zlib

from torch import Tensor

from explainer.nets import batches, dropout, lessons, losses
from explainer.nets import bricks as pile
from explainer.nets.stack import Stack

_HEAD = '''"""A stack of bricks learns: {task}.

A standalone script: it needs Python 3.11 and torch. It prints the loss that the page shows.
"""

import base64
import os
import zlib

os.environ["OMP_NUM_THREADS"] = "1"  # one thread adds numbers up in one order: the same digits everywhere
'''

_DATA = """
# The data as they were: X {X_shape} float32 and y {y_shape} {y_type}, packed.
def unpack(text, dtype, *shape):
    return torch.frombuffer(bytearray(zlib.decompress(base64.b85decode(text))), dtype=dtype).reshape(shape)


X = unpack("{X}", torch.float32, {X_size})
y = unpack("{y}", torch.{y_type}, {y_size})

{code}
"""

_LOOP = """
initialise(model, {seed})
optimizer = torch.optim.Adam(model.parameters(), lr={learning_rate!r})
rows = batches(len(X), {batch_size}, seed={seed})
for step in range({n_steps}):
    batch = next(rows)
    optimizer.zero_grad()
    loss = {loss}(model(X[batch]), y[batch])
    loss.backward()
    optimizer.step()

print(model)
model.eval()
with torch.no_grad():
    print(f"{loss}: {{{loss}(model(X), y).item():.6e}}")
"""


def script(stack: Stack, X: Tensor, y: Tensor, *, learning_rate: float, seed: int, n_steps: int) -> str:
    """Write the script of `explainer.nets.lessons.learn` with these arguments; ``n_steps`` were made.

    Its Dropout is the one with a generator of its own, so that it prints the page's loss.
    """
    kind = str(y.dtype).removeprefix("torch.")
    data = _DATA.format(
        X=_pack(X),
        y=_pack(y),
        X_shape=tuple(X.shape),
        y_shape=tuple(y.shape),
        X_size=", ".join(map(str, X.shape)),
        y_size=", ".join(map(str, y.shape)),
        y_type=kind,
        code=pile.code(stack.bricks, stack.shape).replace("nn.Dropout(", "Dropout("),
    )
    loop = _LOOP.format(
        seed=seed,
        learning_rate=learning_rate,
        n_steps=n_steps,
        loss=stack.loss,
        batch_size=lessons.batch_size(stack),
    )
    sources = [inspect.getsource(module) for module in (dropout, losses, batches)]
    parts = [_HEAD.format(task=stack.task), *map(_alone, sources), inspect.getsource(pile.initialise)]
    return "\n".join([*parts, data, loop])


def _alone(source: str) -> str:
    return "\n".join(line for line in source.splitlines() if not line.startswith("from explainer"))


def _pack(tensor: Tensor) -> str:
    return base64.b85encode(zlib.compress(tensor.contiguous().numpy().tobytes(), 9)).decode()
