"""A computational graph from top to bottom, for windows that are too narrow for one from left to right.

What is written above and below a node there is inside its box here, where no arrow crosses it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from grader.core.report.evidence import Drawing, DrawnEdge, DrawnNode
from grader.integrations.pages.graphs import edge_style, local_derivative, node_style, numbers_of, text_width, write
from grader.integrations.pages.layout import Layout, Place, layout
from grader.integrations.pages.notation import as_written
from grader.integrations.pages.svg import INK, LINK, MARK, MUTED, NORMAL, PAPER, SMALL, canvas, inline

_LINE = 16
# Above and below the boxes of a layer, for the heads of arrows.
_HEAD = 8
_PADDING = 8
_NARROWEST = 40
# Between two boxes beside each other, and from one layer to the next: there derivatives stand, at two heights.
_GAP, _BETWEEN = 12, 52
_HEIGHTS = (0.32, 0.62)
_MARGIN = 2
# Pixels from the first to the last row of the layout, where the nodes of a layer are side by side.
_WIDEST = 300
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
    places, width, height = _places(lines, found)
    figure, axes = canvas(height, (0, 0, 1, 1), width)
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.axis("off")
    into = sorted(drawing.edges, key=lambda edge: (edge.operation, _last_steps(places, found, edge)[0].x))
    for _, edges in groupby(into, key=lambda edge: edge.operation):
        for turn, edge in enumerate(edges):
            _edge(axes, [places[place] for place in found.routes[edge.operand, edge.operation]], edge, turn)
    for node in drawing.nodes:
        _node(axes, lines[node.name], bool(node.expression), places[node.name])
    return inline(figure, alternative, name), round(width)


def _last_steps(places: Mapping[Place, _Placed], found: Layout, edge: DrawnEdge) -> list[_Placed]:
    return [places[place] for place in found.routes[edge.operand, edge.operation][-2:]]


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


def _places(lines: Mapping[str, Sequence[_Line]], found: Layout) -> tuple[dict[Place, _Placed], float, float]:
    sizes = {place: _size(lines[place]) if isinstance(place, str) else (0.0, 0.0) for place in found.layers}
    layers: dict[int, list[Place]] = {}
    for place in sorted(found.layers, key=lambda each: found.rows[each]):
        layers.setdefault(found.layers[place], []).append(place)
    turns = {layer: _turns(beside, sizes, found) for layer, beside in layers.items()}
    unit = max((_unit(beside, turns[layer], sizes, found) for layer, beside in layers.items()), default=0.0)
    left = min((unit * found.rows[place] - sizes[place][0] / 2 for place in found.layers), default=0.0)
    right = max((unit * found.rows[place] + sizes[place][0] / 2 for place in found.layers), default=0.0)
    places: dict[Place, _Placed] = {}
    top = float(_MARGIN)
    for layer in sorted(layers):
        tall = max(sizes[place][1] for place in layers[layer]) + 2 * _HEAD
        bottom = top + tall * (1 + max(turns[layer].values()))
        for place in layers[layer]:
            x, y = _MARGIN + unit * found.rows[place] - left, top + tall * (turns[layer][place] + 0.5)
            places[place] = _Placed(x, y, *sizes[place], top, bottom)
        top = bottom + _BETWEEN
    return places, right - left + 2 * _MARGIN, max(top - _BETWEEN, _MARGIN) + _MARGIN


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
            widths = sizes[one][0], sizes[other][0]
            # In two lines, the edges of one pass between what stands in the other.
            room = sum(widths) / 2 if turns[one] == turns[other] else max(widths) / 2
            unit = max(unit, (room + _GAP) / (found.rows[other] - found.rows[one]))
    return unit


def _size(lines: Sequence[_Line]) -> tuple[float, float]:
    width = max(text_width(line.text, line.size) * (1.1 if line.bold else 1) for line in lines)
    return max(_NARROWEST, width + 2 * _PADDING), len(lines) * _LINE + _PADDING


def _edge(axes: Axes, route: Sequence[_Placed], edge: DrawnEdge, turn: int) -> None:
    first, last = route[0], route[-1]
    # Edges that come from the left or right end so, or their arrows would lie on each other.
    end = last.x + max(-12.0, min(12.0, (route[-2].x - last.x) / 6))
    corners, codes = [(first.x, first.y + first.height / 2), (first.x, first.bottom)], [Path.MOVETO, Path.LINETO]
    for here in route[1:]:
        (x, y), to_x = corners[-1], end if here is last else here.x
        half = (here.top - y) / 2
        corners += [(x, y + half), (to_x, y + half), (to_x, here.top), (to_x, here.bottom)]
        codes += [Path.CURVE4] * 3 + [Path.LINETO]
    corners[-1] = (end, last.y - last.height / 2)
    axes.add_patch(FancyArrowPatch(path=Path(corners, codes), **edge_style(edge)))  # type: ignore[arg-type]
    start, at = route[-2], _HEIGHTS[turn % len(_HEIGHTS)]
    # Where the curve is at that height: its ends are level there, so it is steepest in the middle.
    x = start.x + (end - start.x) * at * at * (3 - 2 * at)
    axes.text(
        x, start.bottom + at * (last.top - start.bottom), local_derivative(edge), color=MARK if edge.broken else INK,
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
