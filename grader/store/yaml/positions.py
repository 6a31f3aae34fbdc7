"""Positions in a YAML file that is known to be valid."""

from __future__ import annotations

from grader.core.words.errors import Position
from grader.store.yaml import nodes as y


def place_of(node: y.Node, *path: str | int) -> Position:
    """Return where `path` leads in the tree, or the nearest place on the way to it."""
    for step in path:
        found = None
        if isinstance(node, y.Mapping) and isinstance(step, str):
            found = node.get(step)
        elif isinstance(step, int):
            items = node.items if isinstance(node, y.Sequence) else (node,)
            found = items[step] if step < len(items) else None
        if found is None:
            return node.at
        node = found
    return node.at
