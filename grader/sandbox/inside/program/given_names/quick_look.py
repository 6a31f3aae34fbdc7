"""A quick look at a program: whether it may fill its given names at all. Most do not, and each child has to ask."""

from __future__ import annotations

import ast

from grader.sandbox.inside.program.given_names.carriers import carriers_of
from grader.sandbox.inside.program.given_names.writes import FILLING, bound_by, loads, root_of

_SPACES = frozenset({"globals", "vars"})


def may_be_filled(tree: ast.Module, names: frozenset[str]) -> bool:
    """Whether a program may do anything that instrumenting it for these given names is for.

    It says yes too often, and never no where something would be instrumented.
    """
    nodes = list(ast.walk(tree))
    roots: set[str] = set()
    for node in nodes:
        match node:
            case ast.Name(id=name):
                if name in _SPACES:
                    return True
            case ast.Attribute(ctx=ast.Store()) | ast.Subscript(ctx=ast.Store()):
                roots.add(root_of(node))
            case ast.Attribute(value=place, attr=method):
                if method in FILLING:
                    roots.add(root_of(place))
            case ast.Assert() | ast.Global():
                return True
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                bound = names.intersection(bound_by(node))
                if bound and (isinstance(node, ast.AugAssign) or loads(node) & names):
                    return True
    roots.discard("")
    return bool(roots) and not roots.isdisjoint(names | carriers_of(nodes, names))
