"""The graph behind a program: recorded by torch, made smaller, run, and walked backwards.

The function that records is the function that computes (`explainer.nets.expressions.evaluate`): fed with
tensors it returns numbers, fed with `torch.fx.Proxy` it leaves a node for everything that is done to it.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, fx

from explainer.nets.expressions import Program, evaluate


def maximum(x: Tensor | float, y: Tensor | float) -> Tensor:
    """Return the larger of two, element by element; one of them may be a number."""
    if isinstance(x, float):
        x, y = y, x
    return torch.clamp(x, min=y) if isinstance(y, float) else torch.maximum(x, y)


DO: dict[str, Callable] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "neg": operator.neg,
    "exp": torch.exp,
    "log": torch.log,
    "max": maximum,
}
SIGNS = {action: sign for sign, action in DO.items()} | {torch.maximum: "max", torch.clamp: "max"}


def _wins(x: Tensor, y: Tensor) -> Tensor:
    """Return 1 where x is larger, 0 where y is, a half where they are equal; NaN loses to nobody."""
    return torch.where(x == y, 0.5, torch.where(x < y, 0.0, 1.0))


# The derivatives of z = f(x, y) by x and y. Where max has two winners each gets a half, as in torch; against
# a number torch gives the variable all of it.
LOCAL: dict[Callable, Callable] = {
    operator.add: lambda x, y, z: (1, 1),
    operator.sub: lambda x, y, z: (1, -1),
    operator.mul: lambda x, y, z: (y, x),
    operator.truediv: lambda x, y, z: (1 / y, -x / y**2),
    operator.neg: lambda x, z: (-1,),
    torch.exp: lambda x, z: (z,),
    torch.log: lambda x, z: (1 / x,),
    torch.maximum: lambda x, y, z: (_wins(x, y), _wins(y, x)),
    torch.clamp: lambda x, y, z: ((x >= y).to(x.dtype), 0),
}


def compute(program: Program, inputs: Mapping[str, object]) -> dict[str, object]:
    """Run the lines of a program one after another and return the value of every name.

    Raises
    ------
    RuntimeError
        By torch, where shapes do not fit.
    """
    values = dict(inputs)
    for name, tree in program.lines:
        values[name] = evaluate(tree, values, DO)
    return values


def trace(program: Program) -> tuple[fx.Graph, dict[str, str]]:
    """Record a program: its graph, and the node of every name. ``node.meta["line"]`` is its line, from 0."""
    graph = fx.Graph()
    recorder = fx.proxy.GraphAppendingTracer(graph)
    values = {name: fx.Proxy(graph.placeholder(name), recorder) for name in program.inputs}
    for i, (name, tree) in enumerate(program.lines):
        values[name] = evaluate(tree, values, DO)
        for node in graph.nodes:
            node.meta.setdefault("line", -1 if node.op == "placeholder" else i)
    graph.output(values[program.lines[-1][0]].node)
    return graph, {name: value.node.name for name, value in values.items()}


def operations(graph: fx.Graph) -> list[fx.Node]:
    """Return the nodes that compute, in the order of their work."""
    return [node for node in graph.nodes if node.op == "call_function"]


def operands(node: fx.Node) -> tuple[fx.Node | float, ...]:
    """Return the arguments of an operation, nodes and numbers."""
    return (*node.args, *node.kwargs.values())


def result(graph: fx.Graph) -> fx.Node:
    """Return the node whose value the graph returns."""
    return next(node for node in graph.nodes if node.op == "output").args[0]


def simplify(graph: fx.Graph) -> tuple[dict[str, str], set[str]]:
    """Do in place what a compiler does first: equal operations become one, unused ones go.

    Returns the merged nodes with those that stand for them, and the unused ones. They are told apart by
    name: b * a and a * b are two, because nobody has told torch that they are equal.
    """
    before = {node.name for node in operations(graph)}
    merged: dict[str, str] = {}
    first: dict[tuple, fx.Node] = {}
    for node in operations(graph):
        key = (node.target, *(part if isinstance(part, fx.Node) else repr(part) for part in operands(node)))
        if key in first:
            node.replace_all_uses_with(first[key])
            merged[node.name] = first[key].name
        first.setdefault(key, node)
    graph.eliminate_dead_code()
    kept = {node.name for node in operations(graph)}
    merged = {name: other for name, other in merged.items() if other in kept}
    return merged, before - kept - set(merged)


def run(graph: fx.Graph, inputs: Mapping[str, Tensor]) -> tuple[dict[str, Tensor], tuple[str, str] | None]:
    """Run a graph node by node: the values by node, and the node that failed with torch's own words."""
    values = dict(inputs)
    for node in operations(graph):
        args, kwargs = (fx.map_arg(part, lambda n: values[n.name]) for part in (node.args, node.kwargs))
        try:
            values[node.name] = node.target(*args, **kwargs)
        except RuntimeError as error:
            return values, (node.name, str(error).splitlines()[0])
    return values, None


def places(graph: fx.Graph) -> dict[str, int]:
    """Give every intermediate result a place in memory, from 1, that is used again as soon as it is free.

    All operations work element by element, so a result may be written over an argument that nobody needs
    later. The inputs belong to the caller and have no place.
    """
    order = operations(graph)
    last = {part: node for node in order for part in operands(node) if isinstance(part, fx.Node)}
    last[result(graph)] = None
    place: dict[fx.Node, int] = {}
    free: list[int] = []
    for node in order:
        parts = {part for part in operands(node) if isinstance(part, fx.Node)}
        free += [place[part] for part in parts if part in place and last[part] is node]
        free.sort()
        place[node] = free.pop(0) if free else 1 + max(place.values(), default=0)
        if node not in last:  # unused: free again at once
            free.append(place[node])
    return {node.name: where for node, where in place.items()}


def kept_by_lines(graph: fx.Graph, named: set[str]) -> int:
    """Return how many results exist at once, at most, when lines run as they stand.

    A result with a name, a node in ``named``, stays till the end; one within a line goes when it is used.
    """
    alive: set[str] = set()
    most = 0
    for node in operations(graph):
        alive.add(node.name)
        most = max(most, len(alive))
        alive -= {part.name for part in operands(node) if isinstance(part, fx.Node)} - named
    return most


def label(node: fx.Node, named: dict[str, str]) -> str:
    """Write what stands on a node: the name of its line, its sign, a number it is given: ``d: + 1``."""
    name = named.get(node.name, "")
    if node.op == "placeholder":
        return name or node.name
    glyph = {"*": "×", "/": "÷", "-": "−", "neg": "−"}
    sign = glyph.get(SIGNS[node.target], SIGNS[node.target])
    first, *rest = operands(node)
    if not isinstance(first, fx.Node):
        sign = f"{first:.4g} {sign}"
    elif rest and not isinstance(rest[0], fx.Node):
        sign = f"{sign} {rest[0]:.4g}"
    return f"{name}: {sign}".removeprefix(": ").replace("-", "−")


def edges_of(nodes: Sequence[fx.Node]) -> np.ndarray:
    """Return the edges (n_edges, 2) among nodes, as places of argument and operation."""
    at = {node: i for i, node in enumerate(nodes)}
    ends = [(at[part], at[node]) for node in nodes for part in operands(node) if isinstance(part, fx.Node)]
    return np.array(sorted(set(ends), key=lambda end: (end[1], end[0])))


@dataclass(frozen=True, eq=False)
class Drawn:
    """A graph as a picture needs it, node by node in the order of tracing.

    ``label`` is what stands on a node; ``edges`` (n_edges, 2) are places of argument and operation. ``state``
    is later, symbol, value, unused, merged or error; ``twin`` is the label of the node that replaces a merged
    one; ``place`` is a place in memory, from 1, or 0; ``value`` is one element of what a node holds, ``size``
    the number of elements; ``derivative`` and ``flows`` (n_edges,) tell what has flowed back, NaN where
    nothing has.
    """

    label: tuple[str, ...]
    edges: np.ndarray
    state: tuple[str, ...]
    twin: tuple[str, ...]
    place: np.ndarray
    value: np.ndarray
    size: np.ndarray
    derivative: np.ndarray
    flows: np.ndarray


@dataclass(frozen=True)
class Flow:
    """What flows back along an edge: from an operation to an argument, factor times what has arrived."""

    source: str
    target: str
    factor: float
    amount: float


def backward(graph: fx.Graph, values: Mapping[str, Tensor]) -> tuple[dict[str, float], list[Flow]]:
    """Walk a graph backwards, for inputs that are single numbers: every node's derivative of the result.

        dR/dx = sum over the operations z that use x of dR/dz * dz/dx

    Returns the derivatives by node, and what flowed along every edge, in that order.
    """
    derivative = {node.name: torch.zeros((), dtype=torch.float64) for node in graph.nodes}
    derivative[result(graph).name] += 1
    flows = []
    for node in reversed(operations(graph)):
        parts = operands(node)
        numbers = [
            values[part.name] if isinstance(part, fx.Node) else torch.tensor(part, dtype=torch.float64)
            for part in parts
        ]
        for part, factor in zip(parts, LOCAL[node.target](*numbers, values[node.name]), strict=True):
            if isinstance(part, fx.Node):
                amount = derivative[node.name] * factor
                derivative[part.name] = derivative[part.name] + amount
                flows.append(Flow(node.name, part.name, float(factor), float(amount)))
    return {name: float(value) for name, value in derivative.items()}, flows
