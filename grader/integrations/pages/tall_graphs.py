"""A computational graph from top to bottom, for windows that are too narrow for one from left to right.

What is written above and below a node there is inside its box here, where no arrow crosses it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from grader.core.report.evidence import Drawing, DrawnEdge, DrawnNode
from grader.integrations.pages.graphs import edge_style, local_derivative, node_style, numbers_of, text_width, write
from grader.integrations.pages.layout import Layout, Place, layout, spread
from grader.integrations.pages.notation import as_written
from grader.integrations.pages.svg import INK, LINK, MARK, MUTED, NORMAL, PAPER, SMALL, canvas, inline

_LINE = 16
# Above and below the boxes of a layer, for the heads of arrows.
_HEAD = 8
_PADDING = 8
_NARROWEST = 40
# Between two boxes beside each other; and from one layer to the next, where derivatives stand, at two heights or more.
_GAP, _BETWEEN = 12, 52
_HEIGHTS = 2
_MARGIN = 2
# Pixels from the first to the last row of the layout, where the nodes of a layer are side by side; and of a drawing
# that is whole on a phone, where it is made smaller to 80 %.
_WIDEST, _PHONE = 300, 440
_Sizes = Mapping[Place, tuple[float, float]]


@dataclass(frozen=True)
class _Line:
    text: str
    colour: str
    size: int
    bold: bool = False


@dataclass(frozen=True)
class _Placed:
    """A node's middle, the size of its box, and its layer."""

    x: float
    y: float
    width: float
    height: float
    top: float
    bottom: float


def tall_graph(drawing: Drawing, alternative: str, name: str) -> tuple[Markup, int]:
    """Draw the graph, and return the drawing with its width in pixels."""
    lines = {node.name: _lines(node) for node in drawing.nodes}
    found = layout(list(lines), [(edge.operand, edge.operation) for edge in drawing.edges])
    into = {layer: list(edges) for layer, edges in groupby(_by_layer(drawing, found), key=_layer_in(found))}
    places, width, height = _places(lines, found, into)
    figure, axes = canvas(height, (0, 0, 1, 1), width)
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.axis("off")
    for edges in into.values():
        routes = {edge: [places[place] for place in found.routes[edge.operand, edge.operation]] for edge in edges}
        for edge, at in zip(edges, _heights(edges, routes, width), strict=True):
            _edge(axes, routes[edge], edge, at)
    for node in drawing.nodes:
        _node(axes, lines[node.name], bool(node.expression), places[node.name])
    return inline(figure, alternative, name), round(width)


def _layer_in(found: Layout) -> Callable[[DrawnEdge], int]:
    return lambda edge: found.layers[edge.operation]


def _by_layer(drawing: Drawing, found: Layout) -> list[DrawnEdge]:
    """Return the edges by the layer that they end in, and from left to right as they come from the one before."""
    before = {edge: found.rows[found.routes[edge.operand, edge.operation][-2]] for edge in drawing.edges}
    return sorted(drawing.edges, key=lambda edge: (found.layers[edge.operation], before[edge], edge.operation))


def _levels(edges: Sequence[DrawnEdge], width: float) -> int:
    """Return at how many heights the derivatives of these edges stand, to have room beside each other."""
    written = sum(text_width(local_derivative(edge), SMALL) + _GAP for edge in edges)
    return max(_HEIGHTS, math.ceil(1.7 * written / width)) if width else _HEIGHTS


def _heights(
    edges: Sequence[DrawnEdge], routes: Mapping[DrawnEdge, Sequence[_Placed]], width: float
) -> Iterator[float]:
    """Yield how far down between two layers the derivative of each edge stands, as a share: where most room is left."""
    levels = _levels(edges, width)
    taken: list[list[tuple[float, float]]] = [[] for _ in range(levels)]
    for turn, edge in enumerate(edges):
        half = text_width(local_derivative(edge), SMALL) / 2
        best, found = math.inf, 0
        for level in (each % levels for each in range(turn, turn + levels)):
            x = _on_curve(routes[edge], _share(level, levels))
            lost = sum(max(0.0, half + other - abs(x - at)) for at, other in taken[level])
            if lost < best:
                best, found = lost, level
        taken[found].append((_on_curve(routes[edge], _share(found, levels)), half))
        yield _share(found, levels)


def _share(level: int, levels: int) -> float:
    """Return how far down a level is: the last one ends above the heads of the arrows."""
    return 0.15 + 0.65 * (level + 0.5) / levels


def _on_curve(route: Sequence[_Placed], at: float) -> float:
    """Return where the end of an edge is at that height: it is level at both ends, so steepest in the middle."""
    start, end = route[-2], _end(route)
    return start.x + (end - start.x) * at * at * (3 - 2 * at)


def _end(route: Sequence[_Placed]) -> float:
    """Return where an edge arrives: from the left or right beside the middle, or arrows would cover each other."""
    return route[-1].x + max(-12.0, min(12.0, (route[-2].x - route[-1].x) / 6))


def _lines(node: DrawnNode) -> tuple[_Line, ...]:
    """Return what stands in a node's box: its value, its name, what it is computed from, and the root's derivative."""
    texts = [*_numbers(node.value, node.wrong_value, INK), _Line(as_written(node.name), INK, NORMAL, True)]
    if node.expression:
        texts.append(_Line(as_written(node.expression), MUTED, SMALL))
    if node.gradient is not None or node.wrong_gradient is not None or node.expression:
        texts += _numbers(node.gradient, node.wrong_gradient, LINK)
    return tuple(texts)


def _numbers(right: float | None, wrong: float | None, colour: str) -> list[_Line]:
    own, told = numbers_of(right, wrong)
    return [
        *([_Line(own, MARK, NORMAL, True)] if own else []),
        *([_Line(told.strip(), colour, NORMAL)] if told else []),
    ]


def _places(
    lines: Mapping[str, Sequence[_Line]], found: Layout, into: Mapping[int, Sequence[DrawnEdge]]
) -> tuple[dict[Place, _Placed], float, float]:
    sizes = {place: _size(lines[place]) if isinstance(place, str) else (0.0, 0.0) for place in found.layers}
    layers: dict[int, list[Place]] = {}
    for place in sorted(found.layers, key=lambda each: found.rows[each]):
        layers.setdefault(found.layers[place], []).append(place)
    turns = {layer: _turns(beside, sizes, found) for layer, beside in layers.items()}
    unit = max((_unit(beside, turns[layer], sizes, found) for layer, beside in layers.items()), default=0.0)
    middles = {place: x for layer in layers for place, x in _beside(layers[layer], turns[layer], sizes, found, unit)}
    left = min((x - sizes[place][0] / 2 for place, x in middles.items()), default=0.0)
    right = max((x + sizes[place][0] / 2 for place, x in middles.items()), default=0.0)
    places: dict[Place, _Placed] = {}
    top = bottom = float(_MARGIN)
    for layer in sorted(layers):
        levels = _levels(into.get(layer, ()), right - left)
        top = bottom + (_BETWEEN + (levels - _HEIGHTS) * _LINE if layer else 0)
        tall = max(sizes[place][1] for place in layers[layer]) + 2 * _HEAD
        bottom = top + tall * (1 + max(turns[layer].values()))
        for place in layers[layer]:
            x, y = _MARGIN + middles[place] - left, top + tall * (turns[layer][place] + 0.5)
            places[place] = _Placed(x, y, *sizes[place], top, bottom)
    return places, right - left + 2 * _MARGIN, bottom + _MARGIN


def _beside(
    layer: Sequence[Place], turns: Mapping[Place, int], sizes: _Sizes, found: Layout, unit: float
) -> Iterator[tuple[Place, float]]:
    """Yield the middles of a layer's places: at their rows, or as near to them as the width of a phone allows."""
    rows = found.rows.values()
    span, centre = max(rows) - min(rows), (max(rows) + min(rows)) / 2
    widest = max((size for size, _ in sizes.values()), default=0.0)
    step = min(unit, max(_PHONE - widest, 0.0) / span) if span else unit
    apart = [_apart(one, other, turns, sizes) for one, other in pairwise(layer)]
    middles = spread([step * (found.rows[place] - centre) for place in layer], apart)
    over = min(x - sizes[place][0] / 2 for place, x in zip(layer, middles, strict=True)) + _PHONE / 2
    under = max(x + sizes[place][0] / 2 for place, x in zip(layer, middles, strict=True)) - _PHONE / 2
    shift = -min(over, 0.0) - max(under, 0.0)
    yield from zip(layer, (x + shift for x in middles), strict=True)


def _apart(one: Place, other: Place, turns: Mapping[Place, int], sizes: _Sizes) -> float:
    widths = sizes[one][0], sizes[other][0]
    # In two lines, the edges of one pass between what stands in the other.
    return (sum(widths) / 2 if turns[one] == turns[other] else max(widths) / 2) + _GAP


def _turns(beside: Sequence[Place], sizes: _Sizes, found: Layout) -> dict[Place, int]:
    """Return in which of two lines the places of a layer stand: all in the first, or in turn where they are many."""
    alone = dict.fromkeys(beside, 0)
    span = max(found.rows.values()) - min(found.rows.values())
    if _unit(beside, alone, sizes, found) * span <= _WIDEST:
        return alone
    drawn = [place for place in beside if isinstance(place, str)]
    return {**alone, **{place: turn % 2 for turn, place in enumerate(drawn)}}


def _unit(beside: Sequence[Place], turns: Mapping[Place, int], sizes: _Sizes, found: Layout) -> float:
    """Return how many pixels a row of the layout must be wide for these, from left to right in one layer."""
    unit = 0.0
    for at, one in enumerate(beside):
        for other in beside[at + 1 :]:
            unit = max(unit, _apart(one, other, turns, sizes) / (found.rows[other] - found.rows[one]))
    return unit


def _size(lines: Sequence[_Line]) -> tuple[float, float]:
    width = max(text_width(line.text, line.size) * (1.1 if line.bold else 1) for line in lines)
    return max(_NARROWEST, width + 2 * _PADDING), len(lines) * _LINE + _PADDING


def _edge(axes: Axes, route: Sequence[_Placed], edge: DrawnEdge, at: float) -> None:
    first, last, end = route[0], route[-1], _end(route)
    corners, codes = [(first.x, first.y + first.height / 2), (first.x, first.bottom)], [Path.MOVETO, Path.LINETO]
    for here in route[1:]:
        (x, y), to_x = corners[-1], end if here is last else here.x
        half = (here.top - y) / 2
        corners += [(x, y + half), (to_x, y + half), (to_x, here.top), (to_x, here.bottom)]
        codes += [Path.CURVE4] * 3 + [Path.LINETO]
    corners[-1] = (end, last.y - last.height / 2)
    axes.add_patch(FancyArrowPatch(path=Path(corners, codes), **edge_style(edge)))  # type: ignore[arg-type]
    start = route[-2]
    x, y = _on_curve(route, at), start.bottom + at * (last.top - start.bottom)
    axes.text(
        x, y, local_derivative(edge), color=MARK if edge.broken else INK,
        fontsize=SMALL, ha="center", va="center_baseline", parse_math=False,
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5},
    )  # fmt: skip


def _node(axes: Axes, lines: Sequence[_Line], computed: bool, place: _Placed) -> None:
    corner = (place.x - place.width / 2, place.y - place.height / 2)
    # What is given has ends that are round, as its ellipse has from left to right.
    shape = f"round,pad=0,rounding_size={9 if computed else min(place.width, place.height) / 2}"
    axes.add_patch(FancyBboxPatch(corner, place.width, place.height, boxstyle=shape, **node_style()))  # type: ignore[arg-type]
    for turn, line in enumerate(lines):
        y = corner[1] + _PADDING / 2 + _LINE * (turn + 0.5)
        write(axes, place.x, y, line.text, line.colour, line.size, "bold" if line.bold else "normal")
