"""Where the nodes of a computational graph are drawn: in layers from left to right, with few crossings.

A layered drawing after Sugiyama, Tagawa and Toda (Methods for visual understanding of hierarchical system structures,
IEEE Trans. SMC 11, 1981), without their step that removes cycles: a graph of expressions has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import networkx as nx

Edge = tuple[str, str]
# A node of the drawing, or the place where an edge passes a layer that it has no node in.
Place = str | tuple[Edge, int]
Neighbours = Mapping[Place, Sequence[Place]]
# Sweeps that look for an order with few crossings, and then those that make lines straighter.
_ORDERING, _STRAIGHTENING = 8, 6
# The room that an edge needs where it passes a layer, in rows.
_PASSING = 0.3


@dataclass(frozen=True)
class Layout:
    """The drawing's coordinates.

    Attributes:
        layers: the layer of each place, 0 at the left.
        rows: the row of each place, 0 in the middle, downwards; the unit is the height of one node, so that two nodes
            of a layer are at least 1 apart.
        routes: the places of each edge, its two nodes included.
    """

    layers: Mapping[Place, int]
    rows: Mapping[Place, float]
    routes: Mapping[Edge, tuple[Place, ...]]


def layout(nodes: Sequence[str], edges: Sequence[Edge]) -> Layout:
    """Return the layout of an acyclic graph, each edge from an operand to the node that reads it.

    A node's layer is the length of the longest path to it; an input is moved right before the first node that reads it.

    Raises:
        networkx.NetworkXUnfeasible: where the graph has a cycle.
    """
    layers: dict[Place, int] = _layers(nodes, edges)
    routes: dict[Edge, tuple[Place, ...]] = {}
    for edge in edges:
        passed: list[Place] = [(edge, layer) for layer in range(layers[edge[0]] + 1, layers[edge[1]])]
        layers.update({place: place[1] for place in passed if isinstance(place, tuple)})
        routes[edge] = (edge[0], *passed, edge[1])
    steps = [pair for route in routes.values() for pair in pairwise(route)]
    return Layout(layers, _rows(layers, steps), routes)


def _layers(nodes: Sequence[str], edges: Sequence[Edge]) -> dict[Place, int]:
    graph = nx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(edges)
    layers = {node: layer for layer, group in enumerate(nx.topological_generations(graph)) for node in group}
    for node in nodes:
        if not graph.in_degree(node) and graph.out_degree(node):
            layers[node] = min(layers[reader] for reader in graph.successors(node)) - 1
    # Operands stand below each other as the expressions have them from left to right.
    backwards = nx.DiGraph([(reader, operand) for operand, reader in edges])
    backwards.add_nodes_from(nodes)
    ends = [node for node in reversed(nodes) if not graph.out_degree(node)]
    order = dict.fromkeys(node for end in ends for node in nx.dfs_postorder_nodes(backwards, end))
    return {node: layers[node] for node in order}


def _rows(layers: Mapping[Place, int], steps: Sequence[tuple[Place, Place]]) -> dict[Place, float]:
    """Return the rows by Sugiyama's barycentre method: sweeps over the layers, forth and back.

    In a sweep each place moves towards the mean row of its neighbours in the layer before. The first sweeps order the
    places of a layer, which takes out crossings; the last ones keep that order and make edges straighter.
    """
    columns: dict[int, list[Place]] = {}
    for place, layer in layers.items():
        columns.setdefault(layer, []).append(place)
    rows = {place: row - (len(column) - 1) / 2 for column in columns.values() for row, place in enumerate(column)}
    before, after = _neighbours((there, here) for here, there in steps), _neighbours(steps)
    both = {place: [*before.get(place, ()), *after.get(place, ())] for place in layers}
    for sweep in range(_ORDERING + _STRAIGHTENING):
        forth, ordering = sweep % 2 == 0, sweep < _ORDERING
        towards = both if not ordering else before if forth else after
        for layer in sorted(columns, reverse=not forth):
            _move_to_barycentres(columns[layer], rows, towards, ordering)
    for layer in sorted(columns):
        _move_to_barycentres(columns[layer], rows, before, False)
    return rows


def _move_to_barycentres(column: list[Place], rows: dict[Place, float], towards: Neighbours, ordering: bool) -> None:
    wanted = {place: _barycentre(place, rows, towards) for place in column}
    if ordering:
        column.sort(key=lambda place: wanted[place])
    sizes = [1.0 if isinstance(place, str) else _PASSING for place in column]
    apart = [(one + other) / 2 for one, other in pairwise(sizes)]
    rows.update(zip(column, spread([wanted[place] for place in column], apart), strict=True))


def _barycentre(place: Place, rows: Mapping[Place, float], towards: Neighbours) -> float:
    near = [rows[other] for other in towards.get(place, ())]
    return sum(near) / len(near) if near else rows[place]


def spread(wanted: Sequence[float], apart: Sequence[float]) -> list[float]:
    """Return places in the same order and far enough apart, with the least sum of squared distances from the wanted.

    Less the room between them, this is isotonic regression, solved by pool-adjacent-violators (Ayer et al.,
    An empirical distribution function for sampling with incomplete information, Ann. Math. Statist. 26, 1955).

    Args:
        wanted: one for each, in their order.
        apart: the least distance from each to the next, so one fewer.
    """
    places = [0.0, *accumulate(apart)]
    blocks: list[tuple[float, int]] = []
    for place, row in zip(places, wanted, strict=False):
        mean, size = row - place, 1
        while blocks and blocks[-1][0] > mean:
            other, count = blocks.pop()
            mean, size = (other * count + mean * size) / (count + size), count + size
        blocks.append((mean, size))
    means = [mean for mean, size in blocks for _ in range(size)]
    return [mean + place for place, mean in zip(places, means, strict=False)]


def _neighbours(steps: Iterable[tuple[Place, Place]]) -> dict[Place, list[Place]]:
    found: dict[Place, list[Place]] = {}
    for here, there in steps:
        found.setdefault(here, []).append(there)
    return found
