"""The traced graph: torch's own interpreter, passes and autograd are the oracles."""

import random

import pytest
import torch
from torch import fx

from explainer.nets.expressions import Refusal, parse, worth, write
from explainer.nets.graph import (
    backward,
    compute,
    kept_by_lines,
    operands,
    operations,
    places,
    result,
    run,
    simplify,
    trace,
)
from tests.nets.test_expressions import random_tree

N = 10


def programs(n: int) -> list:
    """Return random programs of one to three lines."""
    hand, found = random.Random(2), []
    while len(found) < n:
        lines = [f"{name} = {write(random_tree(hand, 2))}" for name in "cde"[: hand.randint(1, 3)]]
        text = "; ".join(lines).replace("= b", hand.choice(["= b", "= c"]), 1)
        try:
            found.append(parse(text))
        except Refusal:
            continue
    return found


PROGRAMS = programs(150)


def vectors(program, n: int = N, seed: int = 0) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return {name: 0.5 + torch.rand(n, generator=generator, dtype=torch.float64) for name in program.inputs}


def same(one: torch.Tensor, other: torch.Tensor) -> bool:
    return torch.equal(one.nan_to_num(7.0), other.nan_to_num(7.0))


def test_the_graph_computes_what_the_lines_compute_before_and_after_simplifying():
    for program in PROGRAMS:
        x = vectors(program)
        expected = compute(program, x)[program.lines[-1][0]]
        graph, nodes = trace(program)
        assert same(run(graph, x)[0][nodes[program.lines[-1][0]]], expected)
        # torch's own way to run it
        module = fx.GraphModule(torch.nn.Module(), graph)
        assert same(module(*x.values()), expected)
        simplify(graph)
        graph.lint()
        values, error = run(graph, x)
        assert error is None
        assert same(values[result(graph).name], expected)


def test_what_is_left_is_used_and_no_operation_stands_twice():
    for program in PROGRAMS:
        graph, _ = trace(program)
        before = {node.name for node in operations(graph)}
        merged, unused = simplify(graph)
        kept = {node.name for node in operations(graph)}
        assert kept | set(merged) | unused == before
        assert len(kept) + len(merged) + len(unused) == len(before)
        assert set(merged.values()) <= kept
        keys = [(node.target, tuple(map(str, operands(node)))) for node in operations(graph)]
        assert len(set(keys)) == len(keys)
        assert all(node.users for node in operations(graph))


def test_the_slides_claim_an_unused_variable_is_found_and_a_repetition_merged():
    graph, nodes = trace(parse("c = b * a; e = a / b; f = b * a; d = c + f"))
    assert simplify(graph) == ({nodes["f"]: nodes["c"]}, {nodes["e"]})
    graph, _ = trace(parse("c = a * b; e = b * a; d = c + e"))  # equal, but nobody has told torch
    assert simplify(graph) == ({}, set())


def test_results_that_are_written_over_each_other_are_still_right():
    """Run in the planned places, each a buffer that is really overwritten."""
    for program in PROGRAMS:
        x = vectors(program)
        expected = compute(program, x)[program.lines[-1][0]]
        graph, _ = trace(program)
        simplify(graph)
        if result(graph).op == "placeholder":
            continue
        place = places(graph)
        buffers = {i: torch.full((N,), torch.nan, dtype=torch.float64) for i in place.values()}
        where = {name: buffers[i] for name, i in place.items()} | x
        for node in operations(graph):
            args = fx.map_arg(node.args, lambda n, where=where: where[n.name])
            where[node.name].copy_(node.target(*args, **node.kwargs))
        assert same(where[result(graph).name], expected)
        named = {node.name for node in operations(graph)}
        assert max(place.values()) <= kept_by_lines(graph, named)


def test_derivatives_equal_autograd_ties_of_max_included():
    checked = 0
    texts = [
        "max(a, b)",
        "max(a, a) * b",
        "max(a, 1)",
        "max(1, a) / b",
        "a * a * a",
        "a - (b - a)",
        "-exp(-a)",
    ]
    for program in [*PROGRAMS, *map(parse, texts)]:
        for values in ({"a": 1.0, "b": 1.0}, {"a": 0.7, "b": 1.9}, {"a": -1.3, "b": 0.4}):
            x = {n: torch.tensor(values.get(n, worth(n)), dtype=torch.float64) for n in program.inputs}
            graph, _ = trace(program)
            simplify(graph)
            derivative, flows = backward(graph, run(graph, x)[0])
            leaves = {name: value.clone().requires_grad_() for name, value in x.items()}
            out = compute(program, leaves)[program.lines[-1][0]]
            grads = (
                torch.autograd.grad(out, list(leaves.values()), allow_unused=True)
                if out.requires_grad
                else []
            )
            for name, grad in zip(leaves, grads, strict=True):
                expected = 0.0 if grad is None else float(grad)
                if abs(expected) < 1e12 and abs(derivative[name]) < 1e12:
                    assert derivative[name] == pytest.approx(expected, rel=1e-9, abs=1e-12), program
                    checked += 1
            # What arrives at a node is the sum of what flows to it.
            for name in program.inputs:
                arrived = sum(flow.amount for flow in flows if flow.target == name)
                assert arrived == pytest.approx(derivative[name], nan_ok=True)
    assert checked > 400


def test_a_wrong_shape_stops_the_run_at_its_node_with_torchs_own_words():
    graph, nodes = trace(parse("c = b * a; d = c + 1"))
    values, error = run(graph, {"a": torch.ones(10), "b": torch.ones(9)})
    assert error[0] == nodes["c"]
    assert "must match" in error[1]
    assert set(values) == {"a", "b"}
