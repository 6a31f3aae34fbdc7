"""Loads a submission: all of it as a script, or only its definitions; replaces given names as they are bound."""

from __future__ import annotations

import ast
import inspect
import linecache
import sys
import types
import warnings
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from grader.sandbox.inside.program.shims import offer_jupyters_names
from grader.sandbox.inside.program.values import adapted, is_tensor, new_parameter, set_in_place
from grader.sandbox.inside.recorders.stores import StoreRecorder

_DEFINITIONS = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
    ast.AugAssign,
    ast.Pass,
    ast.Global,
)


class Program:
    """A submission's source, and the module it becomes."""

    def __init__(self, source: str, filename: str) -> None:
        self._source = source
        self.filename = filename
        self.module = types.ModuleType("__main__")
        self.names = self.module.__dict__
        self.names["__file__"] = filename
        self.skipped: list[dict[str, Any]] = []
        self._leaves: dict[str, Any] = {}
        self.rebinding = Rebinding(self.names, {})
        sys.modules["__main__"] = self.module
        if _of_notebook(filename):
            offer_jupyters_names()
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)

    def run_definitions(self) -> None:
        """Run imports, def, class and assignments, a main guard's too; note and skip each one that raises."""
        self._run_each(_definitions_of(self._source, self.filename))

    def run_statements(self) -> None:
        """Run every statement but a main guard, as an import would; note and skip each one that raises."""
        self._run_each(_statements_of(self._source, self.filename))

    def _run_each(self, statements: Iterable[types.CodeType | SyntaxError]) -> None:
        for statement in statements:
            try:
                _run(_unless_raised(statement), self.names, self.names)
                self._note_leaves()
            except BaseException as error:
                self.skipped.append(self.raised(error))

    def run_script(self, given: dict[str, dict[str, Any]], stores: StoreRecorder | None) -> None:
        """Run the whole program as `__main__`, replacing `given` names whenever the top level binds them."""
        self.rebinding = Rebinding(self.names, given)
        _run(_script_of(self._source, self.filename, stores), self.names, self.rebinding)

    def assign(self, given: dict[str, Any]) -> str | None:
        """Give a bound name new numbers; return None, or the type that could not take them."""
        name = given["name"]
        try:
            old = self.names[name]
            # w = w.item() behind the loop: what forward works with during training is the tensor before it.
            if given["parameter"] and not is_tensor(old):
                old = self._leaves.get(name, old)
            self.names[name] = replaced(old, given)
        except TypeError as error:
            return str(error)
        return None

    def _note_leaves(self) -> None:
        for name, value in list(self.names.items()):
            if is_tensor(value) and value.is_leaf and value.requires_grad:
                self._leaves[name] = value

    def raised(self, error: BaseException) -> dict[str, Any]:
        """Describe an exception: its class, its words, and the last line of the student's own file on its way."""
        line, function = 0, ""
        step = error.__traceback__
        while step is not None:
            if step.tb_frame.f_code.co_filename == self.filename:
                line, function = step.tb_lineno, step.tb_frame.f_code.co_name
            step = step.tb_next
        if isinstance(error, SyntaxError) and error.filename == self.filename:
            line = error.lineno or 0
        return {
            "type_name": type(error).__name__[:200],
            "message": _words(error),
            "line": max(line, 0),
            "function": "" if function == "<module>" else function[:200],
        }


class Rebinding(dict[str, Any]):
    """The local names of the top level: every binding there lands here and goes on into the module.

    It stays empty itself, so that reads fall through to the module.
    """

    def __init__(self, names: dict[str, Any], given: dict[str, dict[str, Any]]) -> None:
        super().__init__()
        self._names = names
        self._given = given
        self.bound: set[str] = set()
        self.odd: dict[str, str] = {}

    def __setitem__(self, name: str, value: Any) -> None:
        given = self._given.get(name)
        # A parameter is only started elsewhere; the program's own updates of it stand.
        if given is not None and not (given["parameter"] and name in self.bound):
            self.bound.add(name)
            try:
                value = replaced(value, given)
            except TypeError as error:
                self.odd[name] = str(error)
        self._names[name] = value

    def __delitem__(self, name: str) -> None:
        del self._names[name]


def _run(code: types.CodeType, names: dict[str, Any], own: dict[str, Any]) -> None:
    """Run code with these global and local names; what awaits outside of functions in an event loop."""
    if code.co_flags & inspect.CO_COROUTINE:
        from grader.sandbox.inside.program.event_loop import wait_for

        wait_for(eval(code, names, own))  # noqa: S307 - running a submission is what the box is for
    else:
        exec(code, names, own)


def replaced(old: Any, given: dict[str, Any]) -> Any:
    """Return what a given name is bound to instead of `old`.

    Raises:
        TypeError: where `old` cannot hold the numbers.
    """
    numbers, shape = given["numbers"], given["shape"]
    if not given["parameter"]:
        return adapted(old, numbers, shape)
    if set_in_place(old, numbers, shape):
        return old
    return new_parameter(old, numbers, shape)


# A child that does several jobs does them with one source.
@lru_cache(maxsize=1)
def _definitions_of(source: str, filename: str) -> list[types.CodeType | SyntaxError]:
    tree = ast.parse(source, filename)
    return _each_compiled(tree, _definitions(tree.body), filename)


@lru_cache(maxsize=1)
def _statements_of(source: str, filename: str) -> list[types.CodeType | SyntaxError]:
    tree = ast.parse(source, filename)
    return _each_compiled(tree, [each for each in tree.body if not _is_main_guard(each)], filename)


def _each_compiled(
    tree: ast.Module, statements: Iterable[ast.stmt], filename: str
) -> list[types.CodeType | SyntaxError]:
    """Return each statement compiled, or why it cannot be: `return` outside a function is no fault of the others."""
    future = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    found: list[types.CodeType | SyntaxError] = []
    for statement in statements:
        try:
            found.append(_compiled(ast.Module([*future, statement], []), filename))
        except SyntaxError as error:
            found.append(error)
    return found


def _unless_raised(definition: types.CodeType | SyntaxError) -> types.CodeType:
    if isinstance(definition, SyntaxError):
        raise definition
    return definition


def _script_of(source: str, filename: str, stores: StoreRecorder | None) -> types.CodeType:
    if stores is None:
        return _plain_script_of(source, filename)
    return _compiled(stores.instrument(ast.parse(source, filename)), filename)


@lru_cache(maxsize=1)
def _plain_script_of(source: str, filename: str) -> types.CodeType:
    return _compiled(source, filename)


def _compiled(program: ast.Module | str, filename: str) -> types.CodeType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if _of_notebook(filename) else 0
        code: types.CodeType = compile(program, filename, "exec", flags, dont_inherit=True)
        return code


def _of_notebook(filename: str) -> bool:
    """Whether one may await outside of functions, and finds Jupyter's own names."""
    return filename.endswith(".ipynb")


def _definitions(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        if _is_main_guard(statement):
            assert isinstance(statement, ast.If)
            yield from _definitions(statement.body)
        elif _only_defines(statement):
            yield statement


def _only_defines(statement: ast.stmt) -> bool:
    """Whether it is a definition, or an if, try or with that holds nothing else."""
    if isinstance(statement, ast.If | ast.Try | ast.With):
        handlers = [inner for handler in getattr(statement, "handlers", []) for inner in handler.body]
        parts = [*statement.body, *getattr(statement, "orelse", []), *getattr(statement, "finalbody", []), *handlers]
        return all(_only_defines(part) for part in parts)
    return isinstance(statement, _DEFINITIONS) or _changes_in_place(statement)


def _changes_in_place(statement: ast.stmt) -> bool:
    """Whether it is a call as w.requires_grad_(): torch ends the names of what changes a tensor with an underscore."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(), attr=name))):
            return name.endswith("_") and not name.startswith("_")
        case _:
            return False


def _is_main_guard(statement: ast.stmt) -> bool:
    match statement:
        case ast.If(
            test=ast.Compare(
                left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")]
            ),
            orelse=[],
        ):
            return True
        case _:
            return False


def _words(error: BaseException) -> str:
    try:
        text = str(error)
    # str() of an exception can be the submission's own code.
    except BaseException:
        return ""
    return text[:2000].encode("utf-8", "replace").decode()
