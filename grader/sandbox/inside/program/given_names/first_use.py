"""Finds where a program fills its given names after they are bound, and has the numbers put in behind that.

A list may be appended to, an array written to, a name bound in a function. What is there then is the program's own
until the next statement, before which the hidden numbers take its place. A loop that fills a list is left alone until
it ends: how long it goes on may depend on what it has written. What a program makes of the numbers themselves is kept.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial

from grader.sandbox.inside.program.given_names.carriers import carriers_of
from grader.sandbox.inside.program.given_names.quick_look import may_be_filled
from grader.sandbox.inside.program.given_names.rebinding import Rebinding
from grader.sandbox.inside.program.given_names.writes import (
    FUNCTIONS,
    Place,
    Write,
    adds_numbers,
    bound_by,
    loads,
    own_statements,
    writes_of,
)
from grader.sandbox.inside.program.statements import Pass

# No program can spell this name, and it lives among the builtins, not in the submission's namespace.
_HOOK = "<given>"
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def first_use_of(source: str, filename: str, rebinding: Rebinding) -> tuple[Pass, ...]:
    """Return what instruments a program that fills its given names; nothing for one that only binds them."""
    names, given = rebinding.data, rebinding.all
    found = _filling_of(source, filename, names, given) if given else ()
    if found:
        setattr(builtins, _HOOK, rebinding)
    return found


# A child that runs a program several times looks at it once, and compiles what one and the same pass makes of it once.
@lru_cache(maxsize=1)
def _filling_of(source: str, filename: str, names: frozenset[str], given: frozenset[str]) -> tuple[Pass, ...]:
    try:
        tree = ast.parse(source, filename)
        if not may_be_filled(tree, names):
            return ()
        before = sum(1 for _ in ast.walk(tree))
        fills = sum(1 for _ in ast.walk(_instrumented(tree, names, given))) != before
    # It is compiled as it is, which tells what is wrong with it.
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    return (partial(_instrumented, names=names, given=given),) if fills else ()


def _instrumented(tree: ast.Module, names: frozenset[str], given: frozenset[str]) -> ast.Module:
    shared = {name for each in ast.walk(tree) if isinstance(each, ast.Global) for name in each.names}
    scope = _Scope(names, carriers_of([*ast.walk(tree)], names), top=True, past=given & shared)
    tree.body = _block(tree.body, scope)
    return ast.fix_missing_locations(tree)


@dataclass(frozen=True)
class _Scope:
    """Where statements are.

    Attributes:
        names: the given names that are those of the top level here, and no function's own.
        carriers: names that may hold what a given name holds.
        binds: the given names whose bindings here pass by the top level's own.
        past: those that the top level itself binds past it: Python does so with all that some function calls global.
    """

    names: frozenset[str]
    carriers: frozenset[str]
    top: bool = False
    binds: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()

    def of_function(self, function: ast.FunctionDef | ast.AsyncFunctionDef, all_names: frozenset[str]) -> _Scope:
        inner = list(own_statements(function.body))
        shared = {name for each in inner if isinstance(each, ast.Global) for name in each.names}
        arguments = {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)}
        stored = {name for each in inner for name in bound_by(each)}
        own = (arguments | stored) - shared
        return replace(
            self,
            names=(self.names - own) | (all_names & shared),
            carriers=self.carriers | (all_names & own),
            top=False,
            past=frozenset(),
            binds=frozenset(all_names & shared),
        )


@dataclass
class _Pending:
    """What was written since the numbers were last put in."""

    names: dict[str, None] = field(default_factory=dict)
    made: dict[str, None] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)

    def hooks(self, beside: ast.stmt) -> Iterator[ast.stmt]:
        if self.names:
            yield _call("filled", self.names, beside)
        if made := [name for name in self.made if name not in self.names]:
            yield _call("made", made, beside)
        for place in self.places:
            yield _call("wrote", [place], beside)
        self.names, self.made, self.places = {}, {}, []


def _block(body: list[ast.stmt], scope: _Scope, all_names: frozenset[str] | None = None) -> list[ast.stmt]:
    """Return the statements of a block, changed in place, with the hooks that they need."""
    all_names = scope.names if all_names is None else all_names
    result: list[ast.stmt] = []
    pending = _Pending()
    for statement in body:
        writes = () if isinstance(statement, ast.ClassDef) else _writes(statement, scope)
        goes_on = (writes or _makes_data(statement, scope)) and not _derived(statement, scope) & {*pending.names}
        if not goes_on and result:
            result += pending.hooks(result[-1])
        if scope.top and isinstance(statement, ast.Assert):
            # What a program asserts of its own numbers need not hold for others.
            statement = ast.copy_location(ast.Pass(), statement)
        if isinstance(statement, _LOOPS) and (filled := _filled_by(statement, scope)):
            result.append(_left_alone(statement, filled, scope))
            continue
        _inner_blocks(statement, scope, all_names)
        result += _read_from(statement, scope)
        for write in writes:
            if write.name is not None:
                (pending.made if write.made else pending.names)[write.name] = None
            elif write.place is not None:
                pending.places.append(write.place)
    return result + list(pending.hooks(result[-1])) if result else result


def _inner_blocks(statement: ast.stmt, scope: _Scope, all_names: frozenset[str]) -> None:
    if isinstance(statement, FUNCTIONS):
        scope = scope.of_function(statement, all_names)
    elif isinstance(statement, ast.ClassDef):
        for each in statement.body:
            if isinstance(each, FUNCTIONS):
                _inner_blocks(each, scope, all_names)
        return
    inner = [*getattr(statement, "handlers", []), *getattr(statement, "cases", [])]
    for owner in (statement, *inner):
        for part in ("body", "orelse", "finalbody"):
            statements = getattr(owner, part, None)
            if isinstance(statements, list) and statements and isinstance(statements[0], ast.stmt):
                setattr(owner, part, _block(statements, scope, all_names))


def _writes(statement: ast.stmt, scope: _Scope) -> tuple[Write, ...]:
    """Return the writes of a simple statement that call for the numbers to be put in behind it."""
    if hasattr(statement, "body") or isinstance(statement, ast.Match):
        return ()
    made = _derived(statement, scope)
    bound = [Write(name, made=name in made) for name in bound_by(statement) if name in scope.binds]
    return (*writes_of(statement, scope.names, scope.carriers), *bound)


def _makes_data(statement: ast.stmt, scope: _Scope) -> bool:
    """Whether a statement does nothing but bind given names: what is in the making before it may go on behind it."""
    bound = set(bound_by(statement))
    simple = isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign)
    return isinstance(statement, FUNCTIONS) or (simple and bool(bound) and bound <= scope.names)


def _filled_by(loop: ast.stmt, scope: _Scope) -> frozenset[str]:
    """Return the given names that a loop fills; none where there is a training in it as well."""
    filled = frozenset(_fillings(loop, scope))
    inner = [each for each in own_statements([loop]) if isinstance(each, _LOOPS) and each is not loop]
    uses = any(loads(each) & scope.names and not filled & set(_fillings(each, scope)) for each in inner)
    return frozenset() if uses else filled


def _fillings(loop: ast.stmt, scope: _Scope) -> Iterator[str]:
    for each in own_statements([loop]):
        if hasattr(each, "body"):
            continue
        yield from (write.name for write in _writes(each, scope) if write.name is not None)
        yield from (name for name in bound_by(each) if name in scope.names and name in loads(each))
        if isinstance(each, ast.AugAssign) and isinstance(each.target, ast.Name) and each.target.id in scope.names:
            yield each.target.id


def _left_alone(loop: ast.stmt, filled: frozenset[str], scope: _Scope) -> ast.stmt:
    simple = [each for each in own_statements([loop]) if not hasattr(each, "body")]
    written = {write.name for each in simple for write in _writes(each, scope) if not write.made}
    bound = {name for each in simple for name in {*bound_by(each)} - _derived(each, scope)}
    made, read = filled - written - bound, (loads(loop) & scope.names) - filled
    before = _calls({"filling": filled, "reading": read | filled - made}, loop)
    return ast.copy_location(
        ast.Try([*before, loop], [], [], _calls({"filled": filled - made, "made": made, "read": read}, loop)), loop
    )


def _read_from(statement: ast.stmt, scope: _Scope) -> list[ast.stmt]:
    """Return a statement with what is to be done around it where it makes given data of others, or of themselves."""
    if not _makes_data(statement, scope) or isinstance(statement, FUNCTIONS):
        return [statement, *(() if hasattr(statement, "body") else _bound_past(statement, scope))]
    derived = _derived(statement, scope) if scope.top else frozenset[str]()
    read = (_indexed(statement) & scope.names) - frozenset(bound_by(statement))
    before, after = _calls({"deriving": derived, "reading": read}, statement), _calls({"read": read}, statement)
    return [*before, statement, *_bound_past(statement, scope), *after]


def _bound_past(statement: ast.stmt, scope: _Scope) -> list[ast.stmt]:
    return _calls({"rebound": scope.past.intersection(bound_by(statement))}, statement)


def _derived(statement: ast.stmt, scope: _Scope) -> frozenset[str]:
    """Return the given names that a statement binds to what it makes of what they hold; numbers added are none."""
    match statement:
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            read = loads(value)
        case ast.AugAssign(value=value, target=ast.Name(id=name)):
            read = loads(value) | {name}
        case _:
            return frozenset()
    bound = frozenset(bound_by(statement)) & scope.names & read
    return frozenset() if adds_numbers(value, bound) else bound


def _indexed(statement: ast.stmt) -> frozenset[str]:
    return frozenset[str]().union(
        *(loads(each.value) for each in ast.walk(statement) if isinstance(each, ast.Subscript))
    )


def _calls(hooks: Mapping[str, frozenset[str]], beside: ast.stmt) -> list[ast.stmt]:
    return [_call(method, sorted(names), beside) for method, names in hooks.items() if names]


def _call(method: str, arguments: Iterable[str | ast.expr], beside: ast.stmt) -> ast.stmt:
    function = ast.Attribute(ast.Name(_HOOK, ast.Load()), method, ast.Load())
    given = [ast.Constant(each) if isinstance(each, str) else each for each in arguments]
    return ast.copy_location(ast.Expr(ast.Call(function, given, [])), beside)
