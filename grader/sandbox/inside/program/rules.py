"""Holds the calls of a program to what its exercise is solved without.

Each call in the program's own code is put through a function that knows what is called, by identity: whatever name it
goes by, and whatever way led to it. Nothing is taken from a module, so torch itself calls what it wants. What the
source shows is told by the host; this is for what it does not show. A rule, not a lock.
"""

from __future__ import annotations

import ast
import builtins
import functools
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

# No name that a program could have.
_HELD = "held to the rules"
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
# What runs text runs calls that nobody has put through anything.
_OBSCURE = (exec, eval, compile)
_MOST_BEHIND = 8
# They call their first argument from within.
_CALLERS = {id(each): each for each in (map, filter, functools.partial, functools.reduce)}


class RuleBroken(RuntimeError):
    """Raised in place of a call that the exercise is solved without; its text is the rule."""


def hold_calls(names: Iterable[Sequence[str]]) -> None:
    """Let calls of compiled programs be held to rules.

    Args:
        names: what may not be called, dotted, `.name` for whatever is called so; each with the rule that says it.
    """
    setattr(builtins, _HELD, _Held([(name, rule) for name, rule in names]))


def held_in_functions(tree: ast.Module) -> ast.Module:
    """Put the calls in functions through the rules: what runs outside of them is not asked for by anybody."""
    for node in list(ast.walk(tree)):
        if isinstance(node, _FUNCTIONS):
            body = node.body if isinstance(node.body, list) else [node.body]
            _put_through(inner for each in body for inner in ast.walk(each))
    return tree


def held_everywhere(tree: ast.Module) -> ast.Module:
    """Put all calls of a program through the rules."""
    _put_through(ast.walk(tree))
    return tree


def _put_through(nodes: Iterable[ast.AST]) -> None:
    for node in list(nodes):
        if isinstance(node, ast.Call) and not _is_put_through(node.func):
            name = ast.copy_location(ast.Name(_HELD, ast.Load()), node.func)
            node.func = ast.copy_location(ast.Call(name, [node.func], []), node.func)


def _is_put_through(node: ast.expr) -> bool:
    match node:
        case ast.Name(id=name) | ast.Call(func=ast.Name(id=name)):
            return name == _HELD
        case _:
            return False


class _Held:
    """Gives back what is about to be called, if it may be."""

    def __init__(self, names: Sequence[tuple[str, str]]) -> None:
        self._methods = {name[1:]: rule for name, rule in names if name.startswith(".")}
        self._dotted = [(name, rule) for name, rule in names if not name.startswith(".")]
        self._modules: list[tuple[str, str]] = []
        # By identity: what a program calls can say of itself that it is equal to anything.
        self._things = {id(each): (each, str(each.__name__)) for each in _OBSCURE}
        self._imported = 0

    def __call__(self, called: Any) -> Any:
        if len(sys.modules) != self._imported:
            self._look_up()
        for thing in _behind(called):
            rule = self._rule(thing)
            if rule is not None:
                raise RuleBroken(rule)
        return functools.partial(self._through, called) if id(called) in _CALLERS else called

    def _through(self, caller: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
        return caller(*(self(each) if place == 0 else each for place, each in enumerate(args)), **named)

    def _look_up(self) -> None:
        """Find what the names stand for, in the modules that are there by now."""
        self._imported = len(sys.modules)
        self._modules = [(name, rule) for name, rule in self._dotted if name in sys.modules]
        for name, rule in self._dotted:
            for thing in _named(name):
                self._things[id(thing)] = (thing, rule)

    def _rule(self, thing: Any) -> str | None:
        found = self._things.get(id(thing))
        if found is not None and found[0] is thing:
            return found[1]
        if not _is_known(thing):
            return None
        name = getattr(thing, "__name__", "")
        if name in self._methods and not _is_the_programs(thing) and getattr(builtins, name, None) is not thing:
            return self._methods[name]
        module = getattr(thing, "__module__", None) if self._modules else None
        if isinstance(module, str):
            return next((rule for of, rule in self._modules if module == of or module.startswith(f"{of}.")), None)
        return None


# Types of what can be called whose attributes no program can have written.
_COMPILED = (
    types.BuiltinFunctionType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.MethodWrapperType,
    types.ClassMethodDescriptorType,
)


def _is_known(thing: Any) -> bool:
    # isinstance would ask the thing itself what it is.
    return issubclass(type(thing), (type, types.FunctionType)) or _is_compiled(thing)


def _is_compiled(thing: Any) -> bool:
    of = type(thing)
    return of in _COMPILED or (of.__module__ == "numpy" and of.__name__ in ("ufunc", "_ArrayFunctionDispatcher"))


def _is_the_programs(thing: Any) -> bool:
    return getattr(thing, "__module__", None) == "__main__"


def _behind(called: Any) -> Sequence[Any]:
    """Return what is called, and what it stands for: a method's function, a partial's, the bases of a class."""
    if type(called) is types.FunctionType:
        return (called,)
    found = [called]
    while len(found) < _MOST_BEHIND:
        last = found[-1]
        if type(last) is types.MethodType:
            found.append(last.__func__)
        elif type(last) is functools.partial:
            found.append(last.func)
        elif type(last) in (types.BuiltinFunctionType, types.MethodWrapperType) and _is_bound(last):
            found.append(_in_class(type(last.__self__), last.__name__))
        elif issubclass(type(last), type):
            return [*found, *type.mro(last)[1:-1]]
        else:
            break
    return found


def _is_bound(builtin: Any) -> bool:
    return builtin.__self__ is not None and not isinstance(builtin.__self__, types.ModuleType)


def _in_class(of: type, name: str) -> Any:
    return next((vars(each)[name] for each in type.mro(of) if name in vars(each)), None)


def _named(name: str) -> Iterator[Any]:
    """Yield what a dotted name stands for: of a module, what can be called in it and belongs to it."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        module = sys.modules.get(".".join(parts[:count]))
        if module is None:
            continue
        thing: Any = module
        for part in parts[count:]:
            thing = getattr(thing, part, None)
        if isinstance(thing, types.ModuleType):
            yield from (each for each in list(vars(thing).values()) if _belongs(each, name))
        elif thing is not None:
            yield thing
            yield from [each for each in vars(thing).values() if callable(each)] if isinstance(thing, type) else []
        return


def _belongs(thing: Any, module: str) -> bool:
    """Whether something in a module is its own: what is compiled says at most to which package it belongs."""
    if not _is_compiled(thing) or getattr(builtins, thing.__name__, None) is thing:
        return False
    of = getattr(thing, "__module__", None) or module
    return bool(of.partition(".")[0] == module.partition(".")[0])
