"""What is said to people on Windows: in their language, and as their shells take it."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from grader import environment_language
from grader.actions.student.submission import Request, handed_in
from grader.core.words.errors import UsageFault
from grader.sandbox.port import Requirement
from grader.store.course.course_files import find_course
from grader.store.release.wheel import wheel


@pytest.fixture
def shows_itself_in(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Let this be Windows, with the number of the language that it shows itself in."""
    windows = SimpleNamespace(language=0x0409)
    kernel = SimpleNamespace(GetUserDefaultUILanguage=lambda: windows.language)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    return windows


@pytest.mark.parametrize(
    ("number", "language"), [(0x0409, "en"), (0x0809, "en"), (0x0443, "uz"), (0x0419, None), (0xFFFF, None)]
)
def test_its_language_is_asked_for(shows_itself_in: SimpleNamespace, number: int, language: str | None) -> None:
    shows_itself_in.language = number
    assert environment_language() == language


@pytest.mark.parametrize(("named", "language"), [("uz", "uz"), ("ru_RU.UTF-8", None), ("", "en")])
def test_a_variable_that_is_set_goes_before(
    shows_itself_in: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, named: str, language: str | None
) -> None:
    monkeypatch.setenv("LANG", named)
    assert environment_language() == language


def test_elsewhere_only_the_environment_says_it() -> None:
    assert environment_language() is None


@pytest.mark.parametrize(
    ("platform", "told"),
    [("win32", '"work/4.5 (1).py"'), ("linux", "'work/4.5 (1).py'"), ("darwin", "'work/4.5 (1).py'")],
)
def test_a_second_copy_is_named_as_the_shell_takes_it(
    course: Path, monkeypatch: pytest.MonkeyPatch, platform: str, told: str
) -> None:
    (course / "work").mkdir(exist_ok=True)
    (course / "work" / "4.5 (1).py").write_text("x = 1\n", encoding="utf-8")
    monkeypatch.chdir(course)
    monkeypatch.setattr(sys, "platform", platform)
    files = find_course(course)
    with pytest.raises(UsageFault) as fault:
        handed_in(files, files.exercise("4.5"), Request("4.5"))
    assert fault.value.messages[0].said(str).endswith(f"course submit 4.5 {told}")


def test_the_grader_is_installed_from_a_file_that_has_a_name() -> None:
    assert Requirement.PACKAGE.value == f"pip install ./{wheel()[0]}"
