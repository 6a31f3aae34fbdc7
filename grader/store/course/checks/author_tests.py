"""Reads the tests of an exercise: which of the author's tests are which check, and the files that hold them."""

from __future__ import annotations

import ast
import difflib
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.core.course.checks.author_tests import AuthorFile, AuthorTest, Tested
from grader.core.course.checks.limits import Limits
from grader.core.words.errors import Position
from grader.core.words.message import say
from grader.store.course.checks.limits import read_limits
from grader.store.course.checks.rules import hold_autograd, rule_readers, rules_of
from grader.store.yaml import nodes as y
from grader.store.yaml.reader import Reading, kind

SUBMISSION = "submission"


@dataclass
class Tests:
    """The author's files, and the tests found in them.

    Attributes:
        found: each test by its full name, `file.py::test_name`.
        complete: whether the answer side is there; students have the public files only.
    """

    files: list[AuthorFile] = field(default_factory=list)
    found: dict[str, Position] = field(default_factory=dict)
    complete: bool = True

    def named(self, name: str) -> list[str]:
        """Return the full names that `name` can mean: a test, a class, or a file with one of them."""
        return [full for full in self.found if f"::{full}".endswith(f"::{name}")]

    def within(self, full: str) -> set[str]:
        """Return the tests that a full name means: a class means all of its tests."""
        return {other for other in self.found if other == full or other.startswith(f"{full}::")}


def read_test_files(reading: Reading, folders: Mapping[Path, bool], shown: Mapping[Path, str]) -> Tests:
    """Read the author's files of one exercise.

    Args:
        folders: where they lie, and whether students have that folder.
        shown: how messages call the folders.
    """
    tests = Tests()
    for folder, public in folders.items():
        tests.complete = tests.complete and (public or folder.parent.is_dir())
        for path in sorted(folder.glob("*.py")):
            at = Position(f"{shown[folder]}/{path.name}")
            if any(file.name == path.name for file in tests.files):
                reading.fault(at, say("{file} is in both folders of tests; rename one of the two", file=path.name))
            tree, text = _parsed(reading, path, at)
            if tree is not None:
                tests.files.append(AuthorFile(path.name, text, at.file, public))
                _hold_imports(reading, tree, at)
                if path.name.startswith("test_"):
                    tests.found.update(_tests_in(tree, at, path.name))
    return tests


def read_tested(
    reading: Reading,
    node: y.Node,
    tests: Tests,
    starter: bytes | None,
    definitions: bool,
    earlier: tuple[str, ...] = (),
) -> Tested | None:
    """Read the list of tests of an exercise: each entry is a check.

    Args:
        earlier: the names of the checks that stand beside them, which they may need.
    """
    if not isinstance(node, y.Sequence) or not node.items:
        reading.fault(node, say("found {found}; expected a list of tests", found=kind(node)))
        return None
    before = len(reading.faults)
    checks: list[AuthorTest] = []
    for item in node.items:
        check = _read_test(reading, item, tests, (*earlier, *(check.name for check in checks)))
        if check is not None:
            checks.append(check)
    listed = {test for check in checks for full in check.tests for test in tests.within(full)}
    if len(reading.faults) == before:
        for full in (full for full in tests.found if "::" in full and not tests.within(full) & listed):
            reading.fault(node, say("no check uses {test}: list it with its points, or delete it", test=full))
    if starter is None or len(reading.faults) > before:
        return None
    return Tested(starter, tuple(checks), tuple(tests.files), definitions)


def _read_test(reading: Reading, node: y.Node, tests: Tests, names: tuple[str, ...]) -> AuthorTest | None:
    before = len(reading.faults)
    values = reading.fields(
        node,
        {"name": reading.name, "points": lambda points: reading.number(points, 0, 10_000)},
        {
            "test": lambda test: reading.sequence(test, lambda one: _read_full_name(reading, one, tests)),
            "partial": reading.truth,
            "needs": lambda needs: reading.sequence(needs, lambda one: reading.word(one, names)),
            "limits": lambda limits: read_limits(reading, limits),
            **rule_readers(reading),
        },
    )
    hold_autograd(reading, node, values)
    name = values.get("name")
    if name in names:
        reading.fault(node, say("duplicate name: {name}", name=name or ""))
    if isinstance(name, str) and "test" not in values:
        at = node.get("name") if isinstance(node, y.Mapping) else None
        own = y.Scalar(f"test_{name}", True, False, (at or node).at)
        full = _read_full_name(reading, own, tests)
        values["test"] = () if full is None else (full,)
    if len(reading.faults) > before:
        return None
    return AuthorTest(
        name,  # type: ignore[arg-type]
        values["points"],  # type: ignore[arg-type]
        values["test"],  # type: ignore[arg-type]
        bool(values.get("partial")),
        values.get("needs", ()),  # type: ignore[arg-type]
        values.get("limits") or Limits(),  # type: ignore[arg-type]
        rules_of(values),
    )


def _read_full_name(reading: Reading, node: y.Node, tests: Tests) -> str | None:
    scalar = reading.scalar(node, say("a test such as test_square or test_file.py::test_square"))
    if scalar is None:
        return None
    found = tests.named(scalar.text)
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        reading.fault(scalar, say("{name} is found more than once: {found}", name=scalar.text, found=", ".join(found)))
    elif tests.complete:
        known = {full.partition("::")[2]: full for full in tests.found}
        near = difflib.get_close_matches(scalar.text, known, n=1)
        listed = ", ".join(near or known) or "–"
        reading.fault(scalar, say("there is no test {name}; found: {listed}", name=scalar.text, listed=listed))
    return scalar.text


def _parsed(reading: Reading, path: Path, at: Position) -> tuple[ast.Module | None, str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            return ast.parse(text, path.name), text
    except OSError as error:
        reading.fault(at, say("this file cannot be read: {words}", words=error.strerror or ""))
    except UnicodeDecodeError:
        reading.fault(at, say("this is not UTF-8 text; save the file again as UTF-8"))
    except SyntaxError as error:
        place = Position(at.file, error.lineno or 1, error.offset or 1)
        reading.fault(place, say("Python cannot read this line: {words}", words=error.msg or ""))
    except ValueError:
        reading.fault(at, say("not a Python source file: it contains null bytes"))
    return None, ""


def _hold_imports(reading: Reading, tree: ast.Module, at: Position) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == SUBMISSION and node.names[0].name == "*":
            place = Position(at.file, node.lineno, node.col_offset + 1)
            what = say(
                "name what you import from submission: with *, a program could replace Python's "
                "all() or abs() by its own"
            )
            reading.fault(place, what)


def _tests_in(tree: ast.Module, at: Position, file: str) -> Iterator[tuple[str, Position]]:
    for node in tree.body:
        place = Position(at.file, getattr(node, "lineno", 1), 1)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            yield f"{file}::{node.name}", place
        elif isinstance(node, ast.ClassDef) and _holds_tests(node):
            yield f"{file}::{node.name}", place
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and inner.name.startswith("test"):
                    yield f"{file}::{node.name}::{inner.name}", Position(at.file, inner.lineno, inner.col_offset + 1)


def _holds_tests(node: ast.ClassDef) -> bool:
    return node.name.startswith("Test") or any(ast.unparse(base).endswith("TestCase") for base in node.bases)
