"""The experiments of the page "Frameworks": who made them, and the two ways to compute, line by line."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import fx

from explainer import facts
from explainer.nets.expressions import Program, parse, symbolic, worth, write
from explainer.nets.expressions import refusal as refusal  # what the text box asks
from explainer.nets.graph import (
    Drawn,
    backward,
    compute,
    edges_of,
    kept_by_lines,
    label,
    operations,
    places,
    result,
    run,
    simplify,
    trace,
)

SLIDE = "c = b * a; d = c + 1"
UNUSED = "c = b * a; e = a / b; d = c + 1"
REPEATED = "c = b * a; e = b * a; d = c + e"
DIAMOND = "c = b*a; d = c*exp(c)"
N_FRAMEWORKS = 10
LAST_YEAR = 2025.9  # the status that the table gives
N_ELEMENTS = 10  # of a vector, as on the slide
_BYTES = 8  # of a number in float64
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, eq=False)
class Family:
    """The frameworks in the order of their first release, and what one gave another.

    ``begin`` and ``end`` are years, ``slide`` the year that the slide gives or NaN, ``kind`` is static,
    dynamic or both, ``active`` tells who was developed in 2025; ``edges`` (n_edges, 2) are places of giver
    and taker, with ``edge_year`` and ``edge_kind``. ``words`` are the other columns of the table, by name.
    """

    name: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    slide: np.ndarray
    kind: np.ndarray
    active: np.ndarray
    edges: np.ndarray
    edge_year: np.ndarray
    edge_kind: np.ndarray
    chosen: int
    words: dict[str, tuple[str, ...]]


def family(*, release_number: int = N_FRAMEWORKS) -> Family:
    """Lay out the family tree and open the card of the one that came as number ``release_number``."""
    table = facts.load("frameworks").sort_values("first_release_date").reset_index(drop=True)
    edges = facts.load("framework_ancestry")
    place = {name: i for i, name in enumerate(table["id"])}
    active = table["ended"].isna().to_numpy()
    columns = [
        column for column in table if column not in ("framework", "kind", "slide_year", "ended", "licence")
    ]
    return Family(
        name=table["framework"].to_numpy(str),
        begin=np.array([_year(day) for day in table["first_release_date"]]),
        end=np.array([LAST_YEAR if day != day else _year(day) for day in table["ended"]]),
        slide=table["slide_year"].to_numpy(float),
        kind=table["kind"].to_numpy(str),
        active=active,
        edges=np.array([[place[a], place[b]] for a, b in zip(edges["parent"], edges["child"], strict=True)]),
        edge_year=edges["year"].to_numpy(float),
        edge_kind=edges["kind"].to_numpy(str),
        chosen=release_number - 1,
        words={column: tuple(table[column]) for column in columns},
    )


def _year(day: str) -> float:
    """Turn a date, 2009-04-02 or 2017-11, into a number of years."""
    year, month, *rest = map(int, day.split("-"))
    return year + (month - 1) / 12 + (rest[0] - 1 if rest else 15) / 365


@dataclass(frozen=True, eq=False)
class Growth:
    """The bars of the slide: names and growth scores, largest first."""

    name: np.ndarray
    score: np.ndarray


def growth() -> Growth:
    """Return the growth scores of spring 2019."""
    table = facts.load("framework_growth").sort_values("score", ascending=False)
    return Growth(table["framework"].to_numpy(str), table["score"].to_numpy(float))


@dataclass(frozen=True, eq=False)
class TwoLanes:
    """Both lanes after a step: rows of code, and the traced graph.

    ``left`` and ``right`` are lines of code with a state each: later, done, now or error. ``value`` and
    ``size`` are what the left line holds, NaN and 0 before it ran. ``error_line`` and ``error_node`` are
    where a lane has met an error, and ``error_words`` are torch's. ``bytes_left`` and ``bytes_right`` are
    the most that intermediate results take at once.
    """

    n_steps: int
    phase: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    left_state: tuple[str, ...]
    right_state: tuple[str, ...]
    value: np.ndarray
    size: np.ndarray
    graph: Drawn
    n_nodes: int
    n_unused: int
    n_merged: int
    bytes_left: int
    bytes_right: int
    error_line: str
    error_node: str
    error_words: str
    difference: float


def n_steps(*, program: str = SLIDE) -> int:
    """Return the number of steps of both lanes: every input, every line, compile, run."""
    read = parse(program)
    return len(read.inputs) + len(read.lines) + 2


def two_lanes(*, program: str = SLIDE, lane_step: int = 4, mistake: str = "no_mistake") -> TwoLanes:
    """Go ``lane_step`` steps through a program: at the left lines run, at the right they leave nodes.

    With the mistake "shape_mistake" the last input has nine elements instead of ten.
    """
    read = parse(program)
    n_inputs, n_lines = len(read.inputs), len(read.lines)
    total = n_inputs + n_lines + 2
    step = min(lane_step, total)
    sizes = dict.fromkeys(read.inputs, N_ELEMENTS)
    if mistake == "shape_mistake":
        sizes[read.inputs[-1]] = N_ELEMENTS - 1
    inputs = {name: torch.full((n,), worth(name), dtype=torch.float64) for name, n in sizes.items()}

    values, failed = _run_lines(read, inputs)
    raised = n_inputs + failed[0] + 1 if failed else total + 1  # the step of the error at the left
    names = [*read.inputs, *(name for name, _ in read.lines)]
    seen = [values.get(name) if i < min(step, raised - 1) else None for i, name in enumerate(names)]

    graph, nodes = trace(read)
    picture = list(graph.nodes)[:-1]
    named = _names(picture, nodes)
    labels = {node.name: label(node, named) for node in picture}
    edges = edges_of(picture)
    lines = {node.name: node.meta["line"] for node in picture}
    kept_left = kept_by_lines(graph, set(nodes.values()))
    inputs_seen = {name: i + 1 for i, name in enumerate(read.inputs)}
    merged, unused = simplify(graph)
    ran, error = run(graph, inputs)
    place = places(graph)

    compiled, running = step >= total - 1, step == total
    state, twin = [], []
    for node in (node.name for node in picture):
        born = inputs_seen.get(node, n_inputs + lines[node] + 1)
        gone = compiled and (node in merged or node in unused)
        if step < born:
            state.append("later")
        elif gone:
            state.append("merged" if node in merged else "unused")
        elif running and node in ran:
            state.append("value")
        else:
            state.append("error" if running and error and node == error[0] else "symbol")
        twin.append(labels[merged[node]] if gone and node in merged else "")
    shown = [ran.get(name) if kind == "value" else None for name, kind in zip(labels, state, strict=True)]
    drawn = Drawn(
        label=tuple(labels.values()),
        edges=edges,
        state=tuple(state),
        twin=tuple(twin),
        place=np.array([place.get(name, 0) if compiled else 0 for name in labels]),
        value=_first(shown),
        size=_sizes(shown),
        derivative=np.full(len(labels), np.nan),
        flows=np.full(len(edges), np.nan),
    )
    last = read.lines[-1][0]
    left = [_input_line(name, sizes[name]) for name in read.inputs]
    left += [f"{name} = {write(tree)}" for name, tree in read.lines]
    right = [f"{name.upper()} = Variable('{name.upper()}')" for name in read.inputs]
    right += [f"{name.upper()} = {symbolic(tree)}" for name, tree in read.lines]
    right += [f"f = compile({last.upper()})", f"{last} = f({', '.join(read.inputs)})"]
    both = failed is None and error is None
    return TwoLanes(
        n_steps=total,
        phase=_phase(step, n_inputs, total),
        left=tuple(left),
        right=tuple(right),
        left_state=_states(len(left), step, raised),
        right_state=_states(len(right), step, total if error else total + 1),
        value=_first(seen),
        size=_sizes(seen),
        graph=drawn,
        n_nodes=sum(kind != "later" for kind in state),
        n_unused=len(unused),
        n_merged=len(merged),
        bytes_left=kept_left * N_ELEMENTS * _BYTES,
        bytes_right=max(place.values()) * N_ELEMENTS * _BYTES,
        error_line=left[raised - 1] if failed and step >= raised else "",
        error_node=labels[error[0]] if error and running else "",
        error_words=failed[1].partition(" at non-singleton")[0] if failed else "",
        difference=_difference(values[last], ran[result(graph).name]) if both else 0.0,
    )


def _run_lines(
    read: Program, inputs: dict[str, torch.Tensor]
) -> tuple[dict[str, torch.Tensor], tuple[int, str] | None]:
    """Run line by line; return the values, and the line that failed with torch's words."""
    values = dict(inputs)
    for i, line in enumerate(read.lines):
        try:
            values = compute(Program(read.inputs, (line,)), values)
        except RuntimeError as error:
            return values, (i, str(error).splitlines()[0])
    return values, None


def _difference(one: torch.Tensor, other: torch.Tensor) -> float:
    """Return the largest difference; where both are infinite or undefined in the same way there is none."""
    same = (one == other) | (one.isnan() & other.isnan())
    return float(torch.where(same, 0.0, (one - other).abs()).max())


def _phase(step: int, n_inputs: int, total: int) -> str:
    if step == 0:
        return "nothing"
    if step <= n_inputs:
        return "input"
    return {total: "run", total - 1: "compile"}.get(step, "line")


def _states(n_rows: int, step: int, raised: int) -> tuple[str, ...]:
    """Return the states of rows: those before the step are done, it is now, and after an error nothing is."""
    states = ["done" if i < step else "now" if i == step else "later" for i in range(1, n_rows + 1)]
    if step >= raised:
        states[raised - 1 :] = ["error"] + ["later"] * (n_rows - raised)
    elif step > n_rows:
        states = ["done"] * n_rows
    return tuple(states)


def _input_line(name: str, size: int) -> str:
    factor = "" if worth(name) == 1 else f" * {worth(name):g}"
    return f"{name} = ones({size}){factor}"


def _names(picture: list[fx.Node], nodes: dict[str, str]) -> dict[str, str]:
    """Name every node: by its line, or v₁, v₂ … within one, as books on differentiation do."""
    named = {node: name for name, node in reversed(nodes.items())}
    rest = [node.name for node in picture if node.name not in named and node.op != "placeholder"]
    return named | {node: "v" + str(i).translate(_SUBSCRIPT) for i, node in enumerate(rest, start=1)}


def _first(tensors: list[torch.Tensor | None]) -> np.ndarray:
    return np.array([np.nan if one is None else float(one.reshape(-1)[0]) for one in tensors])


def _sizes(tensors: list[torch.Tensor | None]) -> np.ndarray:
    return np.array([0 if one is None else one.numel() for one in tensors])


@dataclass(frozen=True, eq=False)
class Backwards:
    """A graph after some steps of the way back.

    ``flows`` is what the operation of the step has sent to its arguments: from z to x.
    ``inputs`` are the inputs with their derivatives as far as they are known, ``autograd`` is what torch's
    own gives for them; ``undefined`` is the first operation that has no finite value or derivative.
    """

    n_steps: int
    result: str
    graph: Drawn
    flows: tuple[dict[str, str | float], ...]
    inputs: tuple[str, ...]
    ours: np.ndarray
    autograd: np.ndarray
    difference: float
    undefined: str


def n_steps_back(*, grad_program: str = DIAMOND) -> int:
    """Return the number of steps back: the result itself, and every operation that is left of it."""
    graph, _ = trace(parse(grad_program))
    simplify(graph)
    return len(operations(graph)) + 1


def backwards(
    *, grad_program: str = DIAMOND, steps_back: int = 0, value_a: float = 1.0, value_b: float = 2.0
) -> Backwards:
    """Send the derivative of the result back through the graph, ``steps_back`` operations far."""
    read = parse(grad_program)
    given = {"a": value_a, "b": value_b}
    numbers = {name: given.get(name, worth(name)) for name in read.inputs}
    inputs = {name: torch.tensor(float(x), dtype=torch.float64) for name, x in numbers.items()}
    graph, nodes = trace(read)
    simplify(graph)
    values, _ = run(graph, inputs)
    derivative, flows = backward(graph, values)
    picture = list(graph.nodes)[:-1]
    named = _names(picture, nodes)
    labels = {node.name: label(node, named) for node in picture}
    order = [node.name for node in reversed(operations(graph))]
    back = min(steps_back, len(order) + 1)
    done = order[: max(0, back - 1)]
    flown = [flow for flow in flows if flow.source in done]
    reached = {flow.target for flow in flown} | ({order[0]} if back else set())
    so_far = {name: sum(flow.amount for flow in flown if flow.target == name) for name in reached}
    so_far |= {result(graph).name: 1.0} if back else {}
    edges = edges_of(picture)
    place = {node.name: i for i, node in enumerate(picture)}
    amounts = {}
    for flow in flown:
        ends = (place[flow.target], place[flow.source])
        amounts[ends] = amounts.get(ends, 0.0) + flow.amount
    tensors = [values[name] for name in labels]
    leaves = {name: value.clone().requires_grad_() for name, value in inputs.items()}
    out = compute(read, leaves)[read.lines[-1][0]]
    grads = torch.autograd.grad(out, list(leaves.values()), allow_unused=True)
    autograd = np.array([0.0 if grad is None else float(grad) for grad in grads])
    ours = np.array([derivative[name] for name in read.inputs])
    finite = [
        name for name in order[::-1] if np.isfinite(float(values[name])) and np.isfinite(derivative[name])
    ]
    lost = [name for name in order[::-1] if name not in finite]
    spoiled = [name for name in read.inputs if not np.isfinite(derivative[name])]
    return Backwards(
        n_steps=len(order) + 1,
        result=read.lines[-1][0],
        graph=Drawn(
            label=tuple(labels.values()),
            edges=edges,
            state=("value",) * len(labels),
            twin=("",) * len(labels),
            place=np.zeros(len(labels), int),
            value=_first(tensors),
            size=_sizes(tensors),
            derivative=np.array([so_far.get(name, np.nan) for name in labels]),
            flows=np.array([amounts.get(tuple(ends), np.nan) for ends in edges.tolist()]),
        ),
        flows=tuple(
            {
                "z": named.get(flow.source, flow.source),
                "x": named.get(flow.target, flow.target),
                "factor": flow.factor,
                "amount": flow.amount,
            }
            for flow in flown
            if done and flow.source == done[-1]
        ),
        inputs=read.inputs,
        ours=ours,
        autograd=autograd,
        difference=_gap(ours, autograd),
        undefined=labels[[*lost, *spoiled][0]] if lost or spoiled else "",
    )


def _gap(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Return the largest difference, relative to numbers above one, of those that both have."""
    both = np.isfinite(ours) & np.isfinite(theirs)
    ours, theirs = ours[both], theirs[both]
    return float(np.max(np.abs(ours - theirs) / np.maximum(1, np.abs(theirs)), initial=0.0))
