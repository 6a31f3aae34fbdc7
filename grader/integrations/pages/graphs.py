"""A computational graph as lecture slides draw it: values above nodes, gradients below, local derivatives between."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse, FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from grader.core.report.evidence import Drawing, DrawnEdge, DrawnNode
from grader.core.words.message import clean
from grader.core.words.numbers import show
from grader.integrations.pages.layout import Layout, Place, layout
from grader.integrations.pages.notation import as_written
from grader.integrations.pages.svg import INK, LINK, MARK, MUTED, NORMAL, PAPER, RAISED, SMALL, canvas, inline

HIDDEN = "?"
WRONG = "✗"
_BOX = 40
_ROW = _BOX + 58
_GAP = 24
# Room beside a column's widest node, for the head of an arrow.
_HEAD = 8
_MARGIN = 2
# Room beside what is written on an edge.
_AROUND = 18
_NARROWEST = 40
_LONGEST = 24
# A derivative of longer names is told by its number alone.
_LONGEST_DERIVATIVE = 14
# Of the widest letters that a page is set in, in parts of their height.
_LETTER = 0.62


@dataclass(frozen=True)
class _Placed:
    """A node's middle, the width of its box, and the column that it stands in."""

    x: float
    y: float
    width: float
    left: float
    right: float


def graph_plot(drawing: Drawing, alternative: str, name: str) -> tuple[Markup, int]:
    """Draw the graph, and return the drawing with its width in pixels."""
    nodes = {node.name: node for node in drawing.nodes}
    found = layout(list(nodes), [(edge.operand, edge.operation) for edge in drawing.edges])
    places, width, height = _places(drawing, nodes, found)
    figure, axes = canvas(height, (0, 0, 1, 1), width)
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.axis("off")
    for edge in drawing.edges:
        _edge(axes, [places[place] for place in found.routes[edge.operand, edge.operation]], edge)
    for node in drawing.nodes:
        _node(axes, node, drawing.root, places[node.name])
    return inline(figure, alternative, name), round(width)


def _places(
    drawing: Drawing, nodes: Mapping[str, DrawnNode], found: Layout
) -> tuple[dict[Place, _Placed], float, float]:
    widths = [0.0] * (max(found.layers.values(), default=0) + 1)
    for name, node in nodes.items():
        widths[found.layers[name]] = max(widths[found.layers[name]], _column(node, drawing.root))
    gaps = [0.0] + [float(_GAP)] * (len(widths) - 1)
    for edge in drawing.edges:
        layer = found.layers[edge.operation]
        gaps[layer] = max(gaps[layer], text_width(local_derivative(edge), SMALL) + _AROUND)
    lefts = [_MARGIN + sum(widths[:layer]) + sum(gaps[: layer + 1]) for layer in range(len(widths))]
    top = min(found.rows.values(), default=0.0)
    places: dict[Place, _Placed] = {}
    for place, layer in found.layers.items():
        width = _width(nodes[place]) if isinstance(place, str) else 0.0
        middle = _MARGIN + _ROW * (found.rows[place] - top + 0.5)
        left, right = lefts[layer], lefts[layer] + widths[layer]
        places[place] = _Placed((left + right) / 2, middle, width, left, right)
    rows = max(found.rows.values(), default=0.0) - top + 1
    return places, lefts[-1] + widths[-1] + _MARGIN, _ROW * rows + 2 * _MARGIN


def _edge(axes: Axes, route: list[_Placed], edge: DrawnEdge) -> None:
    first, last = route[0], route[-1]
    # Edges that come from above or below end so, or their arrows would lie on each other.
    end = last.y + max(-10.0, min(10.0, (route[-2].y - last.y) / 6))
    corners, codes = [(first.x + first.width / 2, first.y), (first.right, first.y)], [Path.MOVETO, Path.LINETO]
    middle = (0.0, 0.0)
    for here in route[1:]:
        (x, y), to_y = corners[-1], end if here is last else here.y
        half = (here.left - x) / 2
        middle = x + half, (y + to_y) / 2
        # Level within a column, where numbers stand above and below the nodes.
        corners += [(x + half, y), (x + half, to_y), (here.left, to_y), (here.right, to_y)]
        codes += [Path.CURVE4] * 3 + [Path.LINETO]
    corners[-1] = (last.x - last.width / 2, end)
    axes.add_patch(FancyArrowPatch(path=Path(corners, codes), **edge_style(edge)))  # type: ignore[arg-type]
    colour = MARK if edge.broken else INK
    axes.text(
        *middle, local_derivative(edge), color=colour, fontsize=SMALL, ha="center", va="center_baseline",
        parse_math=False,
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5},
    )  # fmt: skip


def edge_style(edge: DrawnEdge) -> dict[str, object]:
    """Return how an edge is drawn, as matplotlib's arrows say it."""
    return {
        "arrowstyle": "-|>,head_length=6,head_width=3",
        "mutation_scale": 1,
        "shrinkA": 0,
        "shrinkB": 0,
        "color": MARK if edge.broken else MUTED,
        "linewidth": 2.2 if edge.broken else 1.3,
        "linestyle": (0, (4, 2.5)) if edge.broken else "-",
        "fill": True,
    }


def node_style() -> dict[str, object]:
    """Return how a node is drawn, as matplotlib's patches say it."""
    return {"facecolor": RAISED, "edgecolor": INK, "linewidth": 1.2}


def local_derivative(edge: DrawnEdge) -> str:
    """Return what is written on an edge: the local derivative, with its number where that may be told."""
    name = _derivative(edge.operation, edge.operand)
    return name if edge.derivative is None else _equation(name, number(edge.derivative))


def _derivative(of: str, by: str) -> str:
    """Return a derivative's name; "" where it is too long to be written into a drawing."""
    name = f"∂{as_written(clean(of))}/∂{as_written(clean(by))}"
    return name if len(name) <= _LONGEST_DERIVATIVE else ""


def _equation(name: str, shown: str) -> str:
    return f"{name} = {shown}" if name and shown else shown


def _node(axes: Axes, node: DrawnNode, root: str, place: _Placed) -> None:
    left, top = place.x - place.width / 2, place.y - _BOX / 2
    style = node_style()
    if node.expression:
        box = FancyBboxPatch((left, top), place.width, _BOX, boxstyle="round,pad=0,rounding_size=9", **style)  # type: ignore[arg-type]
        axes.add_patch(box)
        write(axes, place.x, place.y - 8, as_written(node.name), INK, NORMAL, "bold")
        write(axes, place.x, place.y + 9, as_written(node.expression), MUTED, SMALL)
    else:
        axes.add_patch(Ellipse((place.x, place.y), place.width, _BOX, **style))  # type: ignore[arg-type]
        write(axes, place.x, place.y, as_written(node.name), INK, NORMAL, "bold")
    _numbers(axes, place.x, top - 10, node.value, node.wrong_value, INK)
    if node.gradient is not None or node.wrong_gradient is not None or node.expression:
        name = _derivative(root, node.name)
        _numbers(axes, place.x, top + _BOX + 11, node.gradient, node.wrong_gradient, LINK, name)


def _numbers(
    axes: Axes, x: float, y: float, right: float | None, wrong: float | None, colour: str, name: str = ""
) -> None:
    """Write a number, and before it, marked, the student's own that is not right."""
    own, told = numbers_of(right, wrong, name)
    left = x - text_width(own + told, NORMAL) / 2
    write(axes, left + text_width(own, NORMAL) / 2, y, own, MARK, NORMAL, "bold")
    write(axes, left + text_width(own, NORMAL) + text_width(told, NORMAL) / 2, y, told, colour, NORMAL)


def numbers_of(right: float | None, wrong: float | None, name: str = "") -> tuple[str, str]:
    """Return the student's own number where it is not right, marked, and the right one; "" for what is not written."""
    if wrong is None:
        return "", _equation(name, number(right))
    own = _equation(name, f"{WRONG} {number(wrong)}")
    return own, "" if right is None else f"  {number(right)}"


def number(value: float | None) -> str:
    """Return a number as the drawing writes it; a question mark for one that is still to be found."""
    return HIDDEN if value is None else show(value, 5).replace("-", "−")


def write(axes: Axes, x: float, y: float, text: str, colour: str, size: int, weight: str = "normal") -> None:
    """Write a text, cut where it is long, with its middle at a place."""
    axes.text(
        x, y, _short(text), color=colour, fontsize=size, fontweight=weight, ha="center", va="center_baseline",
        parse_math=False,
    )  # fmt: skip


def _width(node: DrawnNode) -> float:
    longest = max(text_width(as_written(node.name), NORMAL) * 1.1, text_width(as_written(node.expression), SMALL))
    return max(_NARROWEST, longest + (16 if node.expression else 14))


def _column(node: DrawnNode, root: str) -> float:
    texts = [numbers_of(node.value, node.wrong_value)]
    if node.gradient is not None or node.wrong_gradient is not None or node.expression:
        texts.append(numbers_of(node.gradient, node.wrong_gradient, _derivative(root, node.name)))
    return max(_width(node), *(text_width("".join(pair), NORMAL) for pair in texts)) + 2 * _HEAD


def text_width(text: str, size: int) -> float:
    """Return the most pixels that a text is wide as it is written."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in _short(text))
    return (len(_short(text)) + wide) * size * _LETTER


def _short(text: str) -> str:
    line = clean(text)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
