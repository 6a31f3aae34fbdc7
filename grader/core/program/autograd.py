"""Where a program names autograd's tools, in all of it or in what is asked of it: a reading of the source, no proof."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cached_property

from grader.core.program.kept import kept_for
from grader.core.program.names.held import Held
from grader.core.program.names.names import Names
from grader.core.program.source import Source

_NAMES = frozenset({"backward", "autograd", "requires_grad", "requires_grad_", "aten", "grad_fn", "run_backward"})
# Libraries that find derivatives. torch brings SymPy with it.
_DERIVING = frozenset({"autograd", "functorch", "sympy", "jax", "tinygrad", "mygrad", "numdifftools", "tensorflow"})
_IMPORTERS = frozenset("__import__ eval exec import_module importlib modules runpy".split())
# What leads to any name of a program, so that its source does not tell what a function needs of it.
_ANYWHERE = _IMPORTERS | frozenset(
    "__builtins__ __code__ __dict__ __getattribute__ __globals__ __loader__ __main__ __setattr__ __subclasses__ "
    "_getframe attrgetter builtins compile ctypes currentframe delattr f_globals f_locals gc getattr globals inspect "
    "locals marshal methodcaller setattr vars".split()
)


def autograd_used(source: Source, roots: Sequence[str] | None = None) -> int | None:
    """Return the first line that names autograd's tools, or None.

    Args:
        roots: the names that are asked for, where only these and what they need is read. All of the program is where
            there are none, and where the source does not tell what they need.
    """
    program = _program(source.text)
    nodes = program.behind(roots) if roots and not source.parts else program.nodes
    # A function of one's own may be called backward: by hand is what is asked.
    own = {node.name for node in nodes if isinstance(node, ast.FunctionDef)} & {"backward"}
    telling = _NAMES if any(map(_brings_torch, nodes)) else _NAMES - own
    return min((line for node in nodes if (line := _line(node, telling)) is not None), default=None)


class _Program:
    def __init__(self, text: str) -> None:
        self._tree = ast.parse(text)
        self.nodes = list(ast.walk(self._tree))
        self._imports = [node for node in self.nodes if isinstance(node, ast.Import | ast.ImportFrom)]
        self._told = not any(_ANYWHERE & set(_words(node)) for node in self.nodes)

    @cached_property
    def _held(self) -> Held:
        return Held(self._tree, Names(self._tree), "")

    def behind(self, roots: Sequence[str]) -> list[ast.AST]:
        """Return all nodes behind names of the program, with the imports of what these read."""
        if not self._told:
            return self.nodes
        try:
            statements = [self._held.asked([root]) for root in roots]
        except RecursionError:
            return self.nodes
        if not all(statements):
            return self.nodes
        nodes = [node for each in statements for statement in each for node in ast.walk(statement)]
        read = {node.id for node in nodes if isinstance(node, ast.Name)}
        return [*nodes, *(each for each in self._imports if _is_of_use(each, read))]


@kept_for(8)
def _program(text: str) -> _Program:
    return _Program(text)


def _words(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=word) | ast.Attribute(attr=word):
            yield word
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            for word in (getattr(node, "module", None) or "", *(each.name for each in names)):
                yield from word.split(".")


def _is_of_use(node: ast.Import | ast.ImportFrom, read: set[str]) -> bool:
    """Whether an import brings something of its own that is read: import torch.autograd alone brings torch."""
    if isinstance(node, ast.ImportFrom):
        return any(each.name == "*" or (each.asname or each.name) in read for each in node.names)
    return any((each.asname or each.name) in read for each in node.names)


def _brings_torch(node: ast.AST) -> bool:
    words = set(_words(node))
    return bool(words & _IMPORTERS) or (
        isinstance(node, ast.Import | ast.ImportFrom) and any(word.startswith("torch") for word in words)
    )


def _line(node: ast.AST, telling: frozenset[str]) -> int | None:
    match node:
        case ast.Attribute(attr=name, lineno=line) if name in telling:
            return line
        case ast.keyword(arg=name, lineno=line) if name in telling:
            return line
        case ast.Attribute(value=ast.Name(id="torch"), attr="func" | "ops", lineno=line):
            return line
        case ast.ImportFrom(module=module, names=names, lineno=line):
            return line if any(_is_autograd(f"{module}.{alias.name}") for alias in names) else None
        case ast.Import(names=names, lineno=line):
            return line if any(_is_autograd(alias.name) for alias in names) else None
        case _:
            return None


def _is_autograd(module: str) -> bool:
    return bool(_DERIVING & set(module.split("."))) or f"{module}.".startswith(("torch.func.", "torch.ops."))
