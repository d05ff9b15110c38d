"""Bricks: every layer is a function with a rule for shapes, and a network is a pile of them that fits.

Shapes are those of one sample: (n,) numbers, or an image (n_channels, height, width). The rules are
written down here by hand, without running anything, so that a pile can be judged while it is built; the
tests hold them against real ``nn.Sequential``.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import nn

from explainer.nets.dropout import Dropout
from explainer.nets.unset import unset

Shape = tuple[int, ...]
KERNEL, POOL = 3, 2  # pixels along a side
LARGEST = 4096  # numbers that a brick can take
_NUMBER, _SHARE = re.compile(r"[1-9]\d{0,3}"), re.compile(r"0\.\d")


@dataclass(frozen=True)
class Brick:
    """A layer: its kind, how much it takes and gives, and the probability to drop of Dropout.

    ``n_in`` and ``n_out`` are numbers for Linear, channels for convolutions and, ``n_in`` alone, for batch
    normalisation; bricks that take whatever comes have none.
    """

    kind: str
    n_in: int = 0
    n_out: int = 0
    p: float = 0.0
    bias: bool = True


@dataclass(frozen=True)
class Misfit:
    """Why a brick does not fit on the one before it: the reason, what it expects, and what it is given."""

    reason: str
    expected: int
    given: Shape


def _learns_nothing(brick: Brick) -> int:
    """Count the parameters of a brick that has none."""
    return 0


@dataclass(frozen=True)
class Kind:
    """What there is to know about a kind of bricks.

    ``sizes`` are the fields of `Brick` that the link carries; ``rule`` returns the shape behind the brick,
    or why it does not fit; ``module`` and ``code`` make torch's layer for a brick and the shape before it.
    """

    family: str
    sizes: tuple[str, ...]
    rule: Callable[[Brick, Shape], Shape | Misfit]
    module: Callable[[Brick, Shape], nn.Module]
    code: Callable[[Brick, Shape], str]
    n_parameters: Callable[[Brick], int] = _learns_nothing


# -- shapes ----------------------------------------------------------------------------------------


def _same(brick: Brick, shape: Shape) -> Shape:
    return shape


def _linear(brick: Brick, shape: Shape) -> Shape | Misfit:
    # torch's Linear works along the last axis, whatever stands before it: an image goes row by row.
    if shape[-1] != brick.n_in:
        return Misfit("linear_image" if len(shape) > 1 else "linear_count", brick.n_in, shape)
    return (*shape[:-1], brick.n_out)


def _convolution(kernel: int) -> Callable[[Brick, Shape], Shape | Misfit]:
    def rule(brick: Brick, shape: Shape) -> Shape | Misfit:
        if len(shape) != 3:
            return Misfit("needs_image", brick.n_in, shape)
        if shape[0] != brick.n_in:
            return Misfit("channels", brick.n_in, shape)
        if min(shape[1:]) < kernel:
            return Misfit("too_small", kernel, shape)
        return brick.n_out, shape[1] - kernel + 1, shape[2] - kernel + 1

    return rule


def _max_pool(brick: Brick, shape: Shape) -> Shape | Misfit:
    if len(shape) != 3:
        return Misfit("needs_image", 0, shape)
    if min(shape[1:]) < POOL:
        return Misfit("too_small", POOL, shape)
    return shape[0], shape[1] // POOL, shape[2] // POOL


def _batch_norm(brick: Brick, shape: Shape) -> Shape | Misfit:
    return shape if shape[0] == brick.n_in else Misfit("norm_count", brick.n_in, shape)


def _flatten(brick: Brick, shape: Shape) -> Shape:
    return (math.prod(shape),)


# -- layers of torch -------------------------------------------------------------------------------


def _of(name: str, *settings: object) -> dict[str, Callable]:
    """Return how a layer without sizes is made, and its code."""
    words = ", ".join(f"{s}" for s in settings)
    return {
        "module": lambda brick, shape: getattr(nn, name)(*settings),
        "code": lambda brick, shape: f"nn.{name}({words})",
    }


def _linear_module(brick: Brick, shape: Shape) -> nn.Module:
    return unset(nn.Linear, brick.n_in, brick.n_out, bias=brick.bias)


def _conv_module(kernel: int, brick: Brick, shape: Shape) -> nn.Module:
    return unset(nn.Conv2d, brick.n_in, brick.n_out, kernel)


def _norm_name(shape: Shape) -> str:
    return "BatchNorm1d" if len(shape) == 1 else "BatchNorm2d"


def _conv(kernel: int) -> Kind:
    return Kind(
        "weights",
        ("n_in", "n_out"),
        _convolution(kernel),
        partial(_conv_module, kernel),
        lambda brick, shape: f"nn.Conv2d({brick.n_in}, {brick.n_out}, {kernel})",
        lambda brick: (kernel**2 * brick.n_in + 1) * brick.n_out,
    )


KINDS: dict[str, Kind] = {
    "linear": Kind(
        "weights",
        ("n_in", "n_out"),
        _linear,
        _linear_module,
        lambda brick, shape: f"nn.Linear({brick.n_in}, {brick.n_out}{'' if brick.bias else ', bias=False'})",
        lambda brick: (brick.n_in + brick.bias) * brick.n_out,
    ),
    "relu": Kind("bend", (), _same, **_of("ReLU")),
    "leaky_relu": Kind("bend", (), _same, **_of("LeakyReLU", 0.01)),
    "elu": Kind("bend", (), _same, **_of("ELU")),
    "sigmoid": Kind("bend", (), _same, **_of("Sigmoid")),
    "tanh": Kind("bend", (), _same, **_of("Tanh")),
    "softplus": Kind("bend", (), _same, **_of("Softplus")),
    "softmax": Kind("bend", (), _same, **_of("Softmax", 1)),
    "dropout": Kind(
        "noise",
        ("p",),
        _same,
        lambda brick, shape: Dropout(brick.p, 0),
        lambda brick, shape: f"nn.Dropout({brick.p})",
    ),
    "batch_norm": Kind(
        "scale",
        ("n_in",),
        _batch_norm,
        lambda brick, shape: getattr(nn, _norm_name(shape))(brick.n_in),
        lambda brick, shape: f"nn.{_norm_name(shape)}({brick.n_in})",
        lambda brick: 2 * brick.n_in,
    ),
    "conv": _conv(KERNEL),
    "conv_1x1": _conv(1),
    "max_pool": Kind("shape", (), _max_pool, **_of("MaxPool2d", POOL)),
    "flatten": Kind("shape", (), _flatten, **_of("Flatten")),
}


# -- piles -----------------------------------------------------------------------------------------


def joints(bricks: Sequence[Brick], shape: Shape) -> tuple[list[Shape], Misfit | None]:
    """Return the shapes at the joints, from the input's to the last that is known, and what does not fit.

    If brick i, from 0, does not fit, there are i + 1 shapes, and the misfit is its.
    """
    shapes = [shape]
    for brick in bricks:
        behind = KINDS[brick.kind].rule(brick, shapes[-1])
        if isinstance(behind, Misfit):
            return shapes, behind
        shapes.append(behind)
    return shapes, None


def shape_text(shape: Shape) -> str:
    """Write a shape: 64, or 1×8×8."""
    return "×".join(map(str, shape))


def n_parameters(brick: Brick) -> int:
    """Count the weights and biases that a brick learns."""
    return KINDS[brick.kind].n_parameters(brick)


def _befores(bricks: Sequence[Brick], shape: Shape) -> list[Shape]:
    """Return the shape before every brick; beyond a misfit, where none is known, the last one."""
    shapes, _ = joints(bricks, shape)
    return [shapes[min(i, len(shapes) - 1)] for i in range(len(bricks))]


def build(bricks: Sequence[Brick], shape: Shape, *, seed: int) -> nn.Sequential:
    """Build the ``nn.Sequential`` of a pile, float32, also of one that does not fit; see `initialise`."""
    befores = _befores(bricks, shape)
    layers = [KINDS[b.kind].module(b, before) for b, before in zip(bricks, befores, strict=True)]
    return initialise(nn.Sequential(*layers), seed)


def initialise(net: nn.Sequential, seed: int) -> nn.Sequential:
    """Draw weights and biases anew, and give every Dropout a generator; return the same network.

    They are even on ±1 / sqrt(n), n being the numbers that a neuron adds up: torch's own choice for Linear
    and Conv2d, drawn here from a generator that no other network shares.
    """
    generator = torch.Generator().manual_seed(seed)
    for i, layer in enumerate(net):
        if isinstance(layer, Dropout):
            layer.generator.manual_seed(100 * seed + i)
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            bound = layer.weight[0].numel() ** -0.5
            for parameter in layer.parameters():
                drawn = torch.rand(parameter.shape, generator=generator)
                parameter.data = bound * (2 * drawn - 1)
    return net


def code(bricks: Sequence[Brick], shape: Shape) -> str:
    """Write the ``nn.Sequential`` of a pile as Python, a brick a line."""
    befores = _befores(bricks, shape)
    lines = [KINDS[b.kind].code(b, before) for b, before in zip(bricks, befores, strict=True)]
    return "\n".join(["model = nn.Sequential(", *(f"    {line}," for line in lines), ")"])


# -- text ------------------------------------------------------------------------------------------


def write(bricks: Sequence[Brick]) -> str:
    """Write a pile for a link: ``linear-2-16*relu*dropout-0.5``; a Linear without bias ends in ``-0``."""
    return "*".join(
        "-".join([b.kind, *(str(getattr(b, size)) for size in KINDS[b.kind].sizes), *["0"] * (not b.bias)])
        for b in bricks
    )


def read(text: str) -> tuple[Brick, ...] | None:
    """Read what `write` wrote, or return ``None``: anything may stand in a link."""
    bricks = [_read_one(part) for part in text.split("*")]
    return None if None in bricks else tuple(bricks)


def _read_one(text: str) -> Brick | None:
    name, *numbers = text.split("-")
    if name not in KINDS:
        return None
    bias = not (name == "linear" and numbers[2:] == ["0"])
    numbers, sizes = numbers if bias else numbers[:2], KINDS[name].sizes
    if len(numbers) != len(sizes):
        return None
    found: dict[str, float] = {}
    for size, number in zip(sizes, numbers, strict=True):
        if not number.isascii() or not (_SHARE if size == "p" else _NUMBER).fullmatch(number):
            return None
        found[size] = float(number) if size == "p" else int(number)
    if max(found.get("n_in", 0), found.get("n_out", 0)) > LARGEST:
        return None
    return replace(Brick(name, bias=bias), **found)
