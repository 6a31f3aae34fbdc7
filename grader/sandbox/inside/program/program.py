"""Loads a submission: all of it as a script with hidden numbers in its given names, or only its definitions."""

from __future__ import annotations

import inspect
import linecache
import sys
import types
from collections.abc import Iterable, Mapping
from typing import Any

from grader.sandbox.inside.program.environment.imports import allow_only
from grader.sandbox.inside.program.environment.jupyter import of_notebook, offer_jupyters_names, offer_stand_ins
from grader.sandbox.inside.program.environment.lacks import lacking
from grader.sandbox.inside.program.environment.shims import stand_for_people
from grader.sandbox.inside.program.given_names.first_use import first_use_of
from grader.sandbox.inside.program.given_names.rebinding import Rebinding, replaced
from grader.sandbox.inside.program.helpers import helpers_of
from grader.sandbox.inside.program.rules import held_everywhere, held_in_functions, hold_calls
from grader.sandbox.inside.program.signatures import is_function, parameters
from grader.sandbox.inside.program.statements import (
    Pass,
    Statement,
    definitions_of,
    script_of,
    statements_of,
)
from grader.sandbox.inside.program.values import is_tensor
from grader.sandbox.inside.several import OwnModules, apart

_MOST_NAMES = 500
# Of the lines that led to an exception, the outermost ones say which statement of the program it was.
_MOST_ON_THE_WAY = 8


class Program:
    """A submission's source, and the module it becomes.

    Args:
        job: with `source`, `filename`; where the source is that of several files, `main`, which of them is run; where
            there is one, `ask`, the author's functions for expressions; where imports are held to them, `packages` and
            their `modules`; and where calls are held to rules, what they are done `without`.
    """

    def __init__(self, job: Mapping[str, Any]) -> None:
        source, filename = job["source"], job["filename"]
        self.filename = filename
        self._has_rules = "without" in job
        files = apart(source) if job.get("main") else {}
        self._source = files.get(job.get("main", ""), source)
        whole = self._has_rules and job.get("script", False)
        self.own = OwnModules(files, filename, (held_everywhere,) if whole else self._passes)
        self.module = types.ModuleType("__main__")
        self.names = self.module.__dict__
        self.names["__file__"] = filename
        self.own.spaces.append(self.names)
        self.skipped: list[dict[str, Any]] = []
        self._leaves: dict[str, Any] = {}
        self.rebinding = Rebinding(self.names, {})
        self.helpers = helpers_of(job.get("ask", ""))
        # What a training has made, for all that is asked after it.
        self.trained: dict[str, Any] = {}
        sys.modules["__main__"] = self.module
        stand_for_people()
        offer_stand_ins()
        if of_notebook(source, filename):
            offer_jupyters_names()
        self.own.offer()
        if "packages" in job:
            allow_only(self.own.spaces, job["packages"], [*job["modules"], *files])
        if self._has_rules:
            hold_calls(job["without"])
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)

    def __contains__(self, name: str) -> bool:
        """Whether it has a name: at the top level of the file that is run, or as another of its files."""
        return name in self.names or name in self.own

    def run_definitions(self) -> None:
        """Run imports, def, class and assignments, a main guard's too; note and skip each one that raises."""
        self._run_each(definitions_of(self._source, self.filename, self._passes))

    def run_statements(self) -> None:
        """Run every statement but a main guard, as an import would; note and skip each one that raises."""
        self._run_each(statements_of(self._source, self.filename, self._passes))

    @property
    def _passes(self) -> tuple[Pass, ...]:
        return (held_in_functions,) if self._has_rules else ()

    def _run_each(self, statements: Iterable[Statement]) -> None:
        for statement in statements:
            try:
                if isinstance(statement, SyntaxError):
                    raise statement
                _run(statement, self.names, self.names)
                self._note_leaves()
            except BaseException as error:
                self.skipped.append(self.raised(error))

    def run_script(self, given: dict[str, dict[str, Any]], passes: Iterable[Pass] = ()) -> None:
        """Run the whole program as `__main__`; the numbers of `given` names are in them before they are used."""
        self.rebinding = Rebinding(self.names, given)
        passes = [*first_use_of(self._source, self.filename, self.rebinding), *passes]
        if self._has_rules:
            passes.append(held_everywhere)
        _run(script_of(self._source, self.filename, tuple(passes)), self.names, self.rebinding)

    def loaded(self) -> dict[str, Any]:
        """Return the frame that tells what loading found."""
        own = [name for name in list(self.names) if not name.startswith("__")][:_MOST_NAMES]
        functions = {name: parameters(self.names[name]) for name in own if is_function(self.names[name])}
        names = [name[:200] for name in own if not isinstance(self.names[name], types.ModuleType)]
        return {"frame": "loaded", "names": names, "functions": functions, "skipped": self.skipped[:20]}

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
        """Describe an exception: its class, its words, and its way through the student's own file."""
        line, function = 0, ""
        way: list[int] = []
        step = error.__traceback__
        while step is not None:
            if step.tb_frame.f_code.co_filename == self.filename:
                line, function = step.tb_lineno, step.tb_frame.f_code.co_name
                way.append(max(line, 0))
            step = step.tb_next
        if isinstance(error, SyntaxError) and error.filename == self.filename:
            line = error.lineno or 0
        return {
            "type_name": type(error).__name__[:200],
            "message": _words(error),
            "line": max(line, 0),
            "function": "" if function == "<module>" else function[:200],
            "way": way[:_MOST_ON_THE_WAY],
            "lack": lacking(error),
        }


def _run(code: types.CodeType, names: dict[str, Any], own: dict[str, Any]) -> None:
    """Run code with these global and local names; what awaits outside of functions in an event loop."""
    if code.co_flags & inspect.CO_COROUTINE:
        from grader.sandbox.inside.program.environment.event_loop import wait_for

        wait_for(eval(code, names, own))  # noqa: S307 - running a submission is what the box is for
    else:
        exec(code, names, own)


def _words(error: BaseException) -> str:
    try:
        text = str(error)
        # Where a module lies on the teacher's machine is nobody's business.
        if isinstance(error, ImportError) and error.path:
            text = text.replace(f" ({error.path})", "").replace(error.path, error.name or "")
    # str() of an exception can be the submission's own code.
    except BaseException:
        return ""
    return text[:2000].encode("utf-8", "replace").decode()
