"""A quick look at a program: whether it may fill its given names at all. Most do not, and each child has to ask."""

from __future__ import annotations

import ast

from grader.sandbox.inside.program.given_names.carriers import carriers_of
from grader.sandbox.inside.program.given_names.writes import FILLING, bound_by, loads, root_of

_BINDINGS = frozenset({ast.Assign, ast.AnnAssign, ast.AugAssign})
_ALWAYS = frozenset({ast.Assert, ast.Global})
_SPACES = frozenset({"globals", "vars"})


def may_be_filled(tree: ast.Module, names: frozenset[str]) -> bool:
    """Whether a program may do anything that instrumenting it for these given names is for.

    It says yes too often, and never no where something would be instrumented.
    """
    roots: set[str] = set()
    for node in ast.walk(tree):
        kind = type(node)
        if isinstance(node, ast.Attribute | ast.Subscript):
            if isinstance(node.ctx, ast.Store):
                roots.add(root_of(node))
            elif isinstance(node, ast.Attribute) and node.attr in FILLING:
                roots.add(root_of(node.value))
        elif kind in _ALWAYS or (isinstance(node, ast.Name) and node.id in _SPACES):
            return True
        elif kind in _BINDINGS:
            assert isinstance(node, ast.stmt)
            bound = names.intersection(bound_by(node))
            if bound and (isinstance(node, ast.AugAssign) or loads(node) & names):
                return True
    return not roots.isdisjoint(names) or not (roots <= {""} or roots.isdisjoint(carriers_of(tree, names)))
