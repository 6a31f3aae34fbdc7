"""The graph of stated values on a terminal: a tree, the root at the top and its operands below it."""

from __future__ import annotations

from rich.text import Text
from rich.tree import Tree

from grader.cli.language import translate
from grader.core.report.evidence import Drawing, DrawnNode
from grader.core.words.numbers import show

_HIDDEN = "?"


def graph_tree(drawing: Drawing) -> Tree:
    """Return the tree. A node that several others read has its operands below it once."""
    nodes = {node.name: node for node in drawing.nodes}
    operands: dict[str, list[tuple[str, bool]]] = {name: [] for name in nodes}
    for edge in drawing.edges:
        operands[edge.operation].append((edge.operand, edge.broken))
    shown: set[str] = set()

    def grow(name: str, lost: str, below: Tree | None) -> Tree:
        label = _label(nodes[name], drawing.root, lost)
        tree = Tree(label) if below is None else below.add(label)
        if name not in shown:
            shown.add(name)
            for operand, broken in operands[name]:
                grow(operand, f"∂{name}/∂{operand}" if broken else "", tree)
        return tree

    return grow(_top(drawing), "", None)


def _top(drawing: Drawing) -> str:
    """Return the node that everything flows into: the root, where it is a node."""
    names = [node.name for node in drawing.nodes]
    return drawing.root if drawing.root in names else names[-1]


def _label(node: DrawnNode, root: str, lost: str) -> Text:
    parts = [node.name, node.expression, _number(node.value)]
    label = Text(" = ".join(part for part in parts if part))
    label.append_text(_not_right(node.wrong_value))
    if node.name != root and (node.gradient is not None or node.wrong_gradient is not None):
        label.append(f", ∂{root}/∂{node.name} = {_number(node.gradient)}")
        label.append_text(_not_right(node.wrong_gradient))
    if lost:
        label.append("  ✗ " + translate("perhaps missing: {edge}").format(edge=lost), style="red")
    return label


def _not_right(wrong: float | None) -> Text:
    if wrong is None:
        return Text()
    return Text(" (" + translate("not {answer}").format(answer=show(wrong)) + ")", style="red")


def _number(value: float | None) -> str:
    return _HIDDEN if value is None else show(value)
