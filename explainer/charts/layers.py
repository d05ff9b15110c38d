"""Graphs in layers: every operation one column to the right of its last argument, few lines crossing."""

import itertools
from dataclasses import dataclass

import numpy as np

_PITCH = 0.36  # the most that two rows are apart, of the height
_THIN = 0.35  # what a line that passes a column takes of a row


@dataclass(frozen=True, eq=False)
class Layout:
    """Places in the unit square: ``x`` and ``y`` of nodes, half a node's width, and a path for every edge."""

    x: np.ndarray
    y: np.ndarray
    half: float
    paths: list[list[tuple[float, float]]]


def layout(n_nodes: int, edges: np.ndarray) -> Layout:
    """Place nodes, which come in an order of work, and edges (n_edges, 2) from argument to operation."""
    level = np.zeros(n_nodes, int)
    for node in range(n_nodes):
        level[node] = max((level[a] + 1 for a, b in edges if b == node), default=0)
    for node in range(n_nodes):  # an input stands right before its first use
        if node not in edges[:, 1]:
            level[node] = min((level[b] - 1 for a, b in edges if a == node), default=0)
    columns: list[list] = [[] for _ in range(level.max() + 1)]
    before: dict = {}
    after: dict = {}
    chains = []
    for node in range(n_nodes):
        columns[level[node]].append(node)
    for number, (a, b) in enumerate(edges.tolist()):
        passing = [(number, at) for at in range(level[a] + 1, level[b])]
        for stop in passing:
            columns[stop[1]].append(stop)
        chain = [a, *passing, b]
        chains.append(chain)
        for one, two in itertools.pairwise(chain):
            before.setdefault(two, []).append(one)
            after.setdefault(one, []).append(two)
    height: dict = {}
    for column in columns:
        _stack(column, height)
    for sweep in range(4):
        neighbours = after if sweep % 2 else before
        for column in columns[:: -1 if sweep % 2 else 1]:
            # Stable: what has no neighbours on that side keeps its place.
            column.sort(key=lambda item, side=neighbours: -_middle(item, side, height))
            _stack(column, height)
    spacing = 1 / len(columns)
    half = min(0.085, 0.42 * spacing)
    x = (level + 0.5) * spacing
    paths = []
    for chain in chains:
        a, *passing, b = chain
        points = [
            ((at + 0.5) * spacing + side, height[number, at])
            for number, at in passing
            for side in (-half, half)
        ]
        paths.append([(x[a] + half, height[a]), *points, (x[b] - half, height[b])])
    return Layout(x, np.array([height[node] for node in range(n_nodes)]), half, paths)


def _stack(column: list, height: dict) -> None:
    """Give the items of a column their heights, from the top."""
    weight = [1 if isinstance(item, int) else _THIN for item in column]
    pitch = min(_PITCH, 0.96 / sum(weight))
    top = 0.5 + pitch * sum(weight) / 2
    for item, share in zip(column, weight, strict=True):
        height[item] = top - pitch * share / 2
        top -= pitch * share


def _middle(item: object, side: dict, height: dict) -> float:
    found = [height[other] for other in side.get(item, ())]
    return sum(found) / len(found) if found else height[item]
