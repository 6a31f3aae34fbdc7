"""Where a program names autograd's tools, in all of it or in what is asked of it: a reading of the source, no proof."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from grader.core.program.kept import kept_for
from grader.core.program.names.held import Held
from grader.core.program.names.names import Names
from grader.core.program.source import Source

_NAMES = frozenset({"backward", "autograd", "requires_grad", "requires_grad_", "aten", "grad_fn", "run_backward"})
# Libraries that find derivatives. torch brings SymPy with it.
_DERIVING = frozenset({"autograd", "functorch", "sympy", "jax", "tinygrad", "mygrad", "numdifftools", "tensorflow"})
_IMPORTERS = frozenset("import_module importlib runpy".split())
_RUNNERS = frozenset("__import__ eval exec".split())
# What leads to any name of a program, so that its source does not tell what a function needs of it.
_ANYWHERE = _IMPORTERS | frozenset(
    "__builtins__ __code__ __dict__ __getattribute__ __globals__ __loader__ __main__ __setattr__ __subclasses__ "
    "_getframe attrgetter builtins compile ctypes currentframe delattr f_globals f_locals gc getattr globals inspect "
    "locals marshal methodcaller modules setattr vars".split()
)
_FUNCTION_LIKE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.GeneratorExp)
_HANDED_ON = (*_FUNCTION_LIKE, ast.Yield, ast.YieldFrom, ast.Await)


def autograd_used(source: Source, roots: Sequence[str] | None = None) -> int | None:
    """Return the first line that names autograd's tools, or None.

    Args:
        roots: the names that are asked for. Beside these and what they need, a program may compare with autograd. It
            may not where there are none, and where the source does not tell what they need.
    """
    program = _program(source.text)
    nodes = program.behind(roots) if roots and not source.parts else program.nodes
    rest = () if nodes is program.nodes else program.beside
    # A function of one's own may be called backward: by hand is what is asked.
    own = {node.name for node in nodes if isinstance(node, ast.FunctionDef)} & {"backward"}
    telling = _NAMES if any(map(_brings_torch, nodes)) else _NAMES - own
    return min((line for node in (*nodes, *rest) if (line := _line(node, telling)) is not None), default=None)


class _Program:
    def __init__(self, text: str) -> None:
        self._tree = ast.parse(text)
        self.nodes = list(ast.walk(self._tree))
        self._imports = [node for node in self.nodes if isinstance(node, ast.Import | ast.ImportFrom)]
        self._told = not any(_leads_anywhere(node) for node in self.nodes)

    @cached_property
    def _held(self) -> Held:
        return Held(self._tree, Names(self._tree), "")

    @cached_property
    def beside(self) -> list[ast.AST]:
        """All nodes but those that call autograd to compare, from where nothing of it comes to what is asked."""
        compares = _comparing(self._tree, self.nodes)
        return [node for node in self.nodes if id(node) not in compares]

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


def _leads_anywhere(node: ast.AST) -> bool:
    return bool(_ANYWHERE & set(_words(node))) or _runs(node)


def _runs(node: ast.AST) -> bool:
    """Whether it is a function that runs or imports what its argument says; model.eval() is none."""
    return isinstance(node, ast.Name) and node.id in _RUNNERS


def _brings_torch(node: ast.AST) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom():
            return any(word.startswith("torch") or word in _IMPORTERS for word in _words(node))
        case ast.Attribute(value=ast.Name(id="sys"), attr="modules"):
            return True
        case _:
            return _runs(node) or bool(_IMPORTERS & set(_words(node)))


def _comparing(tree: ast.Module, nodes: Sequence[ast.AST]) -> set[int]:
    """Return the nodes that name autograd's tools to call them, outside of functions or in one that is only called.

    Whoever hands such a function on, decorates it, calls it in a lambda or has another one made in it could bring it to
    what is asked, past all that the source says of that. Outside of functions no hidden number is known. The graph's
    nodes are never free: what they hold can be written over later.
    """
    used = [node for node in nodes if isinstance(node, ast.Name)]
    free, bare = _only_called(tree, used)
    modules = {id(module) for node in free if (module := _asked_for_grad(node)) is not None}
    otherwise = {node.id for node in used if id(node) not in modules}
    found = set[int]()
    for node in free:
        match node:
            case ast.Call(func=ast.Attribute(attr="backward" | "requires_grad_") as tool):
                found.add(id(tool))
            case ast.keyword(arg="requires_grad") | ast.Attribute(attr="requires_grad"):
                found.add(id(node))
            case ast.Attribute(value=ast.Name(id="torch"), attr="autograd") if id(node) in modules:
                found.add(id(node))
            case ast.Import(names=[ast.alias(name="torch.autograd", asname=None)]):
                found.add(id(node))
            case ast.ImportFrom(module="torch.autograd", names=names):
                if all(each.name in ("grad", "Variable") and (each.asname or each.name) not in bare for each in names):
                    found.add(id(node))
            case ast.ImportFrom(module="torch", names=[ast.alias(name="autograd") as each]):
                if (each.asname or each.name) not in otherwise:
                    found.add(id(node))
    return found


def _asked_for_grad(node: ast.AST) -> ast.expr | None:
    match node:
        case ast.Call(func=ast.Attribute(value=module, attr="grad")):
            return module
        case _:
            return None


def _only_called(tree: ast.Module, used: Sequence[ast.Name]) -> tuple[list[ast.AST], set[str]]:
    """Return what is outside of functions and in those that are only ever called from there, and all other names."""
    outside = list(_outside(tree))
    inside = [
        (each.name, list(ast.walk(each)))
        for each in tree.body
        if isinstance(each, ast.FunctionDef) and not _hands_on(each)
    ]
    called = {id(name) for nodes in (outside, *(nodes for _, nodes in inside)) for name in _called(nodes)}
    bare = {node.id for node in used if id(node) not in called}
    alone, ahead = dict(enumerate(inside)), list(bare)
    places: dict[str, list[int]] = {}
    for place, (name, _) in alone.items():
        places.setdefault(name, []).append(place)
    while ahead:
        # What is called in a function that is handed on is handed on with it.
        for place in places.pop(ahead.pop(), ()):
            more = {name.id for name in _called(alone.pop(place)[1])} - bare
            bare |= more
            ahead += more
    return [*outside, *(node for _, nodes in alone.values() for node in nodes)], bare


def _called(nodes: Iterable[ast.AST]) -> Iterator[ast.Name]:
    return (node.func for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))


def _hands_on(function: ast.FunctionDef) -> bool:
    inside = (node for node in ast.walk(function) if node is not function)
    return bool(function.decorator_list) or any(isinstance(node, _HANDED_ON) for node in inside)


def _outside(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield all nodes that are in no function, class or generator."""
    ahead: list[ast.AST] = [tree]
    while ahead:
        node = ahead.pop()
        yield node
        ahead += (each for each in ast.iter_child_nodes(node) if not isinstance(each, _FUNCTION_LIKE))


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
