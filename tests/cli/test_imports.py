"""What a command imports: help answers at once, and the host of a submission never loads what only the box needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from repository import ROOT

from grader.cli.app import build

COMMANDS = list(build().list_commands(None))  # type: ignore[arg-type]
DRIVER = """
import json, os, sys
before = set(sys.modules)
sys.argv = ["course", *json.loads(os.environ["ARGUMENTS"])]
from grader.cli.boundary import run
try:
    run()
except SystemExit as end:
    code = end.code
with open(os.environ["SEEN"], "w") as file:
    json.dump([code, sorted(set(sys.modules) - before)], file)
"""


def imported(course: Path, *arguments: str) -> set[str]:
    """Run `course` with arguments that succeed and return the names of all modules that it imported."""
    seen = course.parent / "seen.json"
    own = {"ARGUMENTS": json.dumps(arguments), "SEEN": str(seen), "LANG": "en_US.UTF-8", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", DRIVER], cwd=course, env={**os.environ, **own}, capture_output=True, check=False
    )
    code, modules = json.loads(seen.read_text())
    assert code == 0, done.stderr
    return set(modules)


def foreign(modules: set[str]) -> set[str]:
    """Return the packages among `modules` that are neither Python's nor ours."""
    return {name.partition(".")[0] for name in modules} - set(sys.stdlib_module_names) - {"grader"}


def boxes(modules: set[str]) -> set[str]:
    """Return what runs submissions among `modules`: every command tells which places are closed, and that is a list."""
    return {name for name in modules if name.startswith("grader.sandbox.")} - {"grader.sandbox.closed"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["--lang", "uz", "--help"]], ids=" ".join)
def test_help_imports_click_and_nothing_else_that_was_installed(course: Path, arguments: list[str]) -> None:
    assert foreign(imported(course, *arguments)) == {"click"}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_imports_click_and_nothing_else_that_was_installed(course: Path, name: str) -> None:
    assert foreign(imported(course, name, "--help")) == {"click"}


def test_help_imports_no_command(course: Path) -> None:
    assert not {name for name in imported(course, "--help") if name.startswith("grader.cli.commands.")}


def test_help_imports_nothing_of_ours_outside_the_command_line(course: Path) -> None:
    ours = {name.split(".")[1] for name in imported(course, "--help") if name.startswith("grader.")}
    assert ours == {"cli"}


def test_a_command_imports_no_other_command(course: Path) -> None:
    commands = {name for name in imported(course, "list") if name.startswith("grader.cli.commands.")}
    assert commands == {"grader.cli.commands.list"}


@pytest.mark.parametrize("arguments", [["list"], ["show", "4.5"], ["start", "4.5"]], ids=" ".join)
def test_reading_the_course_imports_no_box_and_no_torch(course: Path, arguments: list[str]) -> None:
    modules = imported(course, *arguments)
    assert not foreign(modules) & {"torch", "sqlalchemy", "msgspec", "safetensors", "psutil"}
    assert not boxes(modules)


class TestAStatedValueWhoseReferenceIsKnown:
    @pytest.fixture
    def modules(self, course: Path) -> set[str]:
        imported(course, "submit", "4.1", "--answer", "-8")
        return imported(course, "submit", "4.1", "--answer", "-8")

    def test_imports_neither_torch_nor_a_data_base(self, modules: set[str]) -> None:
        assert not foreign(modules) & {"torch", "sqlalchemy"}

    def test_starts_no_box(self, modules: set[str]) -> None:
        assert not modules & {"grader.sandbox.linux.fork", "grader.sandbox.portable.spawn", "psutil"}

    def test_is_seen_to_be_judged(self, modules: set[str]) -> None:
        assert "grader.core.judge.judge" in modules


def test_a_program_is_judged_by_a_host_without_torch(course: Path) -> None:
    modules = imported(course, "submit", "4.4", "solutions/4.4/solution.py")
    assert not foreign(modules) & {"torch", "sqlalchemy"}
    assert not {name for name in modules if name.startswith("grader.sandbox.inside")}
