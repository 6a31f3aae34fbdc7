"""Reads the modules that a course names: comparisons and draws of its own."""

from __future__ import annotations

from grader.store.yaml.nodes import Node
from grader.store.yaml.reader import Reading

_MODULE = r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*"


def read_extension(reading: Reading, node: Node) -> str | None:
    """Read the name of a module, and add what it has."""
    module = reading.id(node, _MODULE, "my_kinds.mean")
    if module is None:
        return None
    # Most courses name none, and need no registry before an exercise is read.
    from grader.core.extensions import extend

    fault = extend(module)
    if fault is not None:
        reading.fault(node, fault)
    return module
