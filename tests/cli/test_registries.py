"""Export formats, report formats and importers: one file each, which the command line knows from a table only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from commanding import course
from repository import ROOT

from grader.actions.author.importer import SystemImporter
from grader.actions.student.report_format import ReportFormat
from grader.actions.teacher.results.export_format import CourseExport, GradeExport
from grader.cli import composition
from grader.cli.composition import EXPORTS, IMPORTERS, REPORTS
from grader.core.words.message import say
from grader.core.words.options import option, options_of
from grader.core.words.registry import Entry, Registry

# The real command, in a process that knows one format more.
WITH_THE_TOY = """
import sys
from grader.cli.composition import EXPORTS
EXPORTS.extend("toys.tally")
from grader.cli import main
main()
"""
ALL: list[tuple[Registry[Any], str, type | tuple[type, ...]]] = [
    *((EXPORTS, word, (GradeExport, CourseExport)) for word in EXPORTS),
    *((REPORTS, word, ReportFormat) for word in REPORTS),
    *((IMPORTERS, word, SystemImporter) for word in IMPORTERS),
]
Toy = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def toy(tiny_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Toy:
    """Return a function that runs `course` with the toy format, in a course with one graded student."""
    folder = tmp_path_factory.mktemp("toy")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
        own = {**os.environ, "PYTHONPATH": paths, "LANG": "en_US.UTF-8"}
        own["COURSE_GRADEBOOK"] = f"sqlite:///{folder / 'gradebook.db'}"
        own["COURSE_SECRET"] = "qovun"
        command = [sys.executable, "-P", "-c", WITH_THE_TOY, *arguments]
        return subprocess.run(command, cwd=tiny_course, env=own, capture_output=True, encoding="utf-8", check=False)

    (folder / "class" / "ali").mkdir(parents=True)
    (folder / "class" / "ali" / "1.1.yaml").write_text("y_hat: 0\n")
    assert run("grade", str(folder / "class"), "--only", "1.1").returncode == 0
    return run


class TestAToyExport:
    def test_goes_through_the_real_command(self, toy: Toy, tmp_path: Path) -> None:
        ended = toy("export", "tally", "--out", str(tmp_path / "tally.txt"), "--heading", "who", "--shout")
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "2 exercises counted\n", "")
        assert (tmp_path / "tally.txt").read_text() == "WHO\n1.1 1\n1.2 0\n"

    def test_is_listed_with_the_others(self, toy: Toy) -> None:
        listed = toy("export", "--help").stdout.partition("Commands:\n")[2].splitlines()
        assert [line.split()[0] for line in listed if line[2:3].strip()] == [*EXPORTS, "tally"]

    def test_has_a_help_with_its_own_options_and_those_of_all(self, toy: Toy) -> None:
        told = toy("export", "tally", "--help").stdout
        assert "Example: course export tally --out tally.txt" in told
        assert all(name in told for name in ("--out FILE", "--heading TEXT", "--shout", "--only ID", "--lecture ID"))

    def test_takes_no_option_of_another_format(self, toy: Toy) -> None:
        ended = toy("export", "tally", "--out", "tally.txt", "--wide")
        words = "Error: tally does not take --wide. See: course export tally --help"
        assert (ended.returncode, ended.stderr.splitlines()[-1]) == (2, words)


class TestAnExport:
    @pytest.mark.parametrize(
        ("word", "other"),
        [
            (word, other)
            for word in EXPORTS
            for other in ("--worksheet", "--wide", "--column")
            if other not in {each.flag for each in options_of(EXPORTS[word].options)}
        ],
    )
    def test_refuses_what_only_other_formats_take(self, tmp_path: Path, word: str, other: str) -> None:
        ended = course("export", word, other, "x", cwd=tmp_path)
        assert ended.returncode == 2
        assert f"{word} does not take {other}. See: course export {word} --help" in ended.stderr

    @pytest.mark.parametrize(("word", "missing"), [("moodle", "--worksheet"), ("canvas", "--worksheet")])
    def test_without_what_it_needs_is_a_fault_of_usage(self, tmp_path: Path, word: str, missing: str) -> None:
        ended = course("export", word, cwd=tmp_path)
        assert (ended.returncode, f"Missing option '{missing}'." in ended.stderr) == (2, True)

    def test_that_does_not_exist_names_the_nearest(self, tmp_path: Path) -> None:
        ended = course("export", "mooodle", cwd=tmp_path)
        assert (ended.returncode, "Did you mean moodle?" in ended.stderr) == (2, True)

    def test_of_the_course_needs_no_gradebook(self, tiny_course: Path, tmp_path: Path) -> None:
        own = {"COURSE_GRADEBOOK": "sqlite:////no/such/folder/gradebook.db"}
        assert course("export", "csv", cwd=tiny_course, **own).returncode == 4
        assert course("export", "student-ci", "--out", str(tmp_path / "own"), cwd=tiny_course, **own).returncode == 0


@pytest.mark.parametrize(("registry", "word", "kinds"), ALL, ids=lambda value: value if isinstance(value, str) else "")
def test_the_table_says_what_the_file_declares(registry: Registry[Any], word: str, kinds: Any) -> None:
    declared = registry[word]
    assert isinstance(declared, kinds)
    assert (declared.word, declared.summary) == (word, registry.summaries()[word])


@pytest.mark.parametrize("name", composition.LOADED_LATER)
def test_what_is_loaded_later_is_there(name: str) -> None:
    assert getattr(composition, name).__module__.startswith("grader.integrations.")


LISTING = """
import json, sys
from grader.cli.boundary import run
try:
    run([*sys.argv[1:], "--help"])
finally:
    print(json.dumps(sorted(name for name in sys.modules if name.startswith("grader.integrations."))))
"""


@pytest.mark.parametrize("name", ["export", "import", "submit"])
def test_a_list_of_formats_imports_none_of_them(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-c", LISTING, name]
    own = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=own, capture_output=True, encoding="utf-8", check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == []


class TestARegistry:
    def test_takes_the_same_module_twice(self) -> None:
        registry: Registry[Any] = Registry("EXPORT", {})
        registry.extend("grader.integrations.lms.moodle")
        registry.extend("grader.integrations.lms.moodle")
        assert list(registry) == ["moodle"]

    def test_refuses_a_word_that_is_taken(self) -> None:
        registry: Registry[Any] = Registry("EXPORT", {"moodle": Entry("grader.integrations.lms.canvas", say("x"))})
        with pytest.raises(ValueError, match="duplicate word: moodle"):
            registry.extend("grader.integrations.lms.moodle")

    def test_has_only_the_words_of_its_table(self) -> None:
        assert "xlsx" not in EXPORTS
        with pytest.raises(KeyError):
            EXPORTS["xlsx"]


def test_options_are_the_fields_of_a_dataclass() -> None:
    from dataclasses import dataclass

    @dataclass(frozen=True)
    class Options:
        id_column: str | None = option(say("Column."), say("TITLE"), default=None)

    (found,) = options_of(Options)
    assert (found.flag, found.kind, found.required, found.default) == ("--id-column", str | None, False, None)


def _commands(group: click.Group, *path: str) -> list[tuple[tuple[str, ...], click.Command]]:
    found: list[tuple[tuple[str, ...], click.Command]] = []
    for name in group.list_commands(None):  # type: ignore[arg-type]
        command = group.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        found.append(((*path, name), command))
        if isinstance(command, click.Group):
            found += _commands(command, *path, name)
    return found


def _every() -> list[tuple[tuple[str, ...], click.Command]]:
    from grader.cli.app import build

    return _commands(build())


EVERY = pytest.mark.parametrize(
    ("path", "command"), [pytest.param(path, command, id=" ".join(path)) for path, command in _every()]
)


@EVERY
def test_every_command_has_a_line_of_help_and_an_example(path: tuple[str, ...], command: click.Command) -> None:
    line, example = (command.help or "").split("\n\n")[:2]
    assert line.endswith(".") and "\n" not in line and line[0].isupper()
    assert not line.split()[0].endswith(("s", "ing", "ed")), "imperative mood"
    assert example.startswith(f"Example: course {' '.join(path)}")


@EVERY
def test_every_option_has_a_sentence_of_help(path: tuple[str, ...], command: click.Command) -> None:
    for each in command.params:
        if isinstance(each, click.Option):
            assert each.help and each.help[0].isupper() and each.help.endswith("."), (path, each.name)


@EVERY
def test_every_command_is_in_the_docs(path: tuple[str, ...], command: click.Command) -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    assert any(f"course {' '.join(path)}" in page.read_text(encoding="utf-8") for page in pages)
