"""Runs the author's tests under pytest, from memory, and tells what each came to. No code of a submission runs here."""

from __future__ import annotations

import ast
import builtins
import dataclasses
import importlib.abc
import importlib.machinery
import linecache
import os
import sys
import types
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from _pytest.assertion.rewrite import rewrite_asserts

from grader.sandbox.inside.channel import Channel
from grader.sandbox.inside.tests.approx import empty_equals_no_number
from grader.sandbox.inside.tests.kinship import Kinship
from grader.sandbox.inside.tests.missing import NoSuchName, named
from grader.sandbox.inside.tests.proxy import MODULE, Submission, TestsLine

_MOST_TEXT = 8000
_CONFTEST = "conftest.py"
_IN_PLACE = "in_place"
_TYPE, _ITSELF = "__type_of__", "__itself__"
_HERE = str(Path(__file__).parent)
_ARGUMENTS = (
    *("-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:faulthandler", "-p", "no:threadexception"),
    # There may be nothing to write to, so output is caught in memory; and no settings of anybody's are read.
    *(
        "-p",
        "no:unraisableexception",
        "-p",
        "no:warnings",
        "-p",
        "no:logging",
        "--capture=sys",
        "--noconftest",
        "-c",
        os.devnull,
    ),
    *("--rootdir", _HERE, "--confcutdir", _HERE),
)


def run_author_tests(channel: Channel, job: dict[str, Any]) -> None:
    """Run the chosen tests beside the program at the other end of the channel."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ.pop("PYTEST_ADDOPTS", None)
    line = TestsLine(channel, {name.removesuffix(".py") for name, _ in job["files"]})
    sys.modules[MODULE] = Submission(line)
    empty_equals_no_number()
    dataclasses.is_dataclass = line.kinship.is_dataclass  # type: ignore[assignment]
    plugin = AuthorTestsPlugin(channel, line, dict(job["files"]), job["chosen"])
    sys.meta_path.insert(0, plugin.modules)
    try:
        code = pytest.main([*_ARGUMENTS, __file__], plugins=[plugin])
        if code in (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR):
            plugin.broken(RuntimeError(f"pytest ended with code {int(code)}"))
    except BaseException as error:
        plugin.broken(error)


class AuthorTestsPlugin:
    """A plugin: collects the author's files from memory, keeps the tests chosen, and reports each.

    Args:
        files: names and texts.
        chosen: tests, as `file.py::test_name`.
    """

    def __init__(self, channel: Channel, line: TestsLine, files: dict[str, str], chosen: list[str]) -> None:
        self._channel = channel
        self._line = line
        self._files = files
        self._chosen = [tuple(each.split("::")) for each in chosen]
        self._awarded: dict[str, tuple[float, str]] = {}
        self._said: set[str] = set()
        self.modules = _Modules(files, line.kinship)

    def broken(self, error: BaseException) -> None:
        """Say that there is nothing to report, because the tests cannot be read."""
        where = "" if self._line.line_of(error) is None else "the program raised "
        self._channel.send({"frame": "broken", "text": f"{where}{type(error).__name__}: {error}"[:_MOST_TEXT]})

    def pytest_configure(self, config: pytest.Config) -> None:
        self.modules.config = config
        config.addinivalue_line("markers", f"{_IN_PLACE}: what a call changes in its arguments changes in the test.")
        if _CONFTEST in self._files:
            config.pluginmanager.register(importlib.import_module("conftest"), _CONFTEST)

    def pytest_collect_file(self, file_path: Path, parent: Any) -> Any:
        return _Files.from_parent(parent, path=file_path, names=[file for file, *_ in self._chosen], plugin=self)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if self._wanted(item)]
        self._channel.send({"frame": "collected", "names": [_name(item) for item in items]})

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        self._line.in_place = item.get_closest_marker(_IN_PLACE) is not None
        return (yield)

    @pytest.fixture
    def award(self, request: pytest.FixtureRequest) -> Callable[..., None]:
        """Give a share of a test's points, from 0 to 1: the last one given counts, also where the test fails then."""

        def award(share: float, because: str = "") -> None:
            if not 0 <= float(share) <= 1:
                raise ValueError(f"a share is a number from 0 to 1, not {share}")
            self._awarded[request.node.nodeid] = (float(share), str(because)[:1000])

        return award

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
        report = yield
        if item.nodeid not in self._said and (report.outcome != "passed" or report.when == "teardown"):
            self._said.add(item.nodeid)
            self._channel.send({"frame": "case", "name": _name(item), **self._came_to(item, report, call)})
        return report

    def _wanted(self, item: pytest.Item) -> bool:
        names = [getattr(node, "originalname", None) or node.name for node in item.listchain()]
        return any(_stands_in(each, names) for each in self._chosen)

    def _came_to(self, item: pytest.Item, report: Any, call: pytest.CallInfo[None]) -> dict[str, Any]:
        share, because = self._awarded.get(item.nodeid, (None, ""))
        told: dict[str, Any] = {"outcome": "passed", "share": share, "because": because}
        if report.outcome == "passed" or call.excinfo is None:
            return told
        error = call.excinfo.value
        line = self._line.line_of(error)
        held = isinstance(error, AssertionError | pytest.fail.Exception | NoSuchName) and line is None
        told["outcome"] = "skipped" if report.outcome == "skipped" else "failed" if held else "raised"
        if line is None and told["outcome"] == "raised":
            told["outcome"] = "error"
        told["type_name"] = type(error).__name__[:200]
        told["text"] = (
            (error.missing if isinstance(error, NoSuchName) else self._words(error))[:_MOST_TEXT]
            .encode("utf-8", "replace")
            .decode()
        )
        told["line"] = self._line_of_test(error) if line is None else line
        return told

    def _words(self, error: BaseException) -> str:
        """Return what an assertion says; of an isinstance() what it was asked of, not only that it is false."""
        asked = self._line.kinship.denied
        where = f"\n +  where False = {asked.partition('(')[0]}("
        return str(error).replace(f"assert False{where}", f"assert {asked}{where}") if asked else str(error)

    def _line_of_test(self, error: BaseException) -> int:
        found, step = 0, error.__traceback__
        while step is not None:
            if step.tb_frame.f_code.co_filename in self._files:
                found = step.tb_lineno
            step = step.tb_next
        return found


def _stands_in(chosen: Sequence[str], names: Sequence[str]) -> bool:
    """Whether the parts of `chosen` stand next to each other in the names on the way to a test."""
    return any(tuple(names[i : i + len(chosen)]) == tuple(chosen) for i in range(len(names)))


def _name(item: pytest.Item) -> str:
    chain = item.listchain()
    module = next(place for place, node in enumerate(chain) if isinstance(node, pytest.Module))
    return "::".join(node.name for node in chain[module + 1 :])[:500].encode("utf-8", "replace").decode()


class _Files(pytest.File):
    """Stands for the one file that pytest is asked to look at; in it are the author's."""

    def __init__(self, *, names: list[str], plugin: AuthorTestsPlugin, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._names = list(dict.fromkeys(names))
        self._plugin = plugin

    def collect(self) -> Iterator[pytest.Module]:
        for name in self._names:
            yield _Module.from_parent(self, name=name, path=self.path.with_name(name), plugin=self._plugin)


class _Module(pytest.Module):
    def __init__(self, *, plugin: AuthorTestsPlugin, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._plugin = plugin

    def _getobj(self) -> types.ModuleType:
        try:
            return importlib.import_module(self.name.removesuffix(".py"))
        except BaseException as error:
            self._plugin.broken(error)
            raise


class _Modules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the author's files from memory, their assertions rewritten so that they say what they compared."""

    config: Any = None

    def __init__(self, files: dict[str, str], kinship: Kinship) -> None:
        self._files = files
        self._builtins = {**vars(builtins), **kinship.builtins()}
        self._asked = {_TYPE: kinship.class_of, _ITSELF: kinship.itself}

    def find_spec(self, fullname: str, _path: Any = None, _target: Any = None) -> Any:
        if f"{fullname}.py" not in self._files:
            return None
        return importlib.machinery.ModuleSpec(fullname, self)

    def create_module(self, _spec: Any) -> None:
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        name = f"{module.__name__}.py"
        text = self._files[name]
        module.__file__ = name
        module.__dict__.update({"__builtins__": self._builtins, **self._asked})
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        tree = _AsksForTypes().visit(_EachNameForItself().visit(ast.parse(text, name)))
        rewrite_asserts(tree, text.encode(), name, self.config)
        exec(compile(tree, name, "exec", dont_inherit=True), module.__dict__)


class _EachNameForItself(ast.NodeTransformer):
    """Lets a name that the program lacks be missing where it is used, not for all tests of a file at once."""

    def __init__(self) -> None:
        self._top = True

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        self._top, before = False, self._top
        self.generic_visit(node)
        self._top = before
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt:
        if node.module != MODULE or node.level or any(alias.name == "*" for alias in node.names):
            return node
        lines = [f"import {MODULE}", f"from {named.__module__} import named as _named"]
        for alias in node.names:
            value = f"_named({MODULE}, {alias.name!r})" if self._top else f"{MODULE}.{alias.name}"
            lines.append(f"{alias.asname or alias.name} = {value}")
        block = ast.parse("if True:\n" + "\n".join(f"    {line}" for line in lines)).body[0]
        for inner in ast.walk(block):
            if isinstance(inner, ast.stmt | ast.expr):
                inner.lineno = inner.end_lineno = node.lineno
        return block


class _AsksForTypes(ast.NodeTransformer):
    """Makes type(x), x.__class__ and `is` answer for the program's objects and not for their proxies."""

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        sides = [node.left, *node.comparators]
        if isinstance(node.ops[0], ast.Is | ast.IsNot) and not any(isinstance(side, ast.Constant) for side in sides):
            node.left, *node.comparators = (_called(_ITSELF, side) for side in sides)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "type" and len(node.args) == 1 and not node.keywords:
            return _called(_TYPE, node.func, node.args[0])
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        asks = node.attr == "__class__" and isinstance(node.ctx, ast.Load)
        python = ast.copy_location(ast.Name("type", ast.Load()), node)
        return _called(_TYPE, python, node.value) if asks else node


def _called(function: str, *arguments: ast.expr) -> ast.expr:
    name = ast.copy_location(ast.Name(function, ast.Load()), arguments[-1])
    return ast.copy_location(ast.Call(name, [*arguments], []), arguments[-1])
