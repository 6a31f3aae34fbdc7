"""Shells are told what can follow: commands and the ids of exercises."""

from __future__ import annotations

from pathlib import Path

import pytest
from commanding import course
from repository import ROOT

from grader.cli.completing import PowerShellComplete, exercise_ids


def test_ids_that_begin_so_are_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert [each.value for each in exercise_ids(None, None, "4.5")] == ["4.5"]  # type: ignore[arg-type]


def test_outside_of_a_course_nothing_is_offered_and_nothing_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert exercise_ids(None, None, "4") == []  # type: ignore[arg-type]
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("words", "current", "expected"),
    [
        ("course\nsubmit\n4.", "4.", (["submit"], "4.")),
        ("course\nsubmit", "", (["submit"], "")),
        ("course\nsub", "sub", ([], "sub")),
    ],
)
def test_powershell_hands_over_the_words_before_the_one_that_is_typed(
    monkeypatch: pytest.MonkeyPatch, words: str, current: str, expected: tuple[list[str], str]
) -> None:
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", current)
    assert PowerShellComplete(None, {}, "course", "X").get_completion_args() == expected  # type: ignore[arg-type]


def test_each_shell_has_a_script_and_the_command_answers_it() -> None:
    assert "powershell_complete" in course("completion", "powershell", cwd=ROOT).stdout
    asked = {"_COURSE_COMPLETE": "powershell_complete", "COMP_WORDS": "course\nhint\n4.5", "COMP_CWORD": "4.5"}
    assert course(cwd=ROOT, **asked).stdout.split() == ["4.5"]


def test_help_of_a_command_is_what_its_option_says() -> None:
    asked = course("help", "export", "moodle", cwd=ROOT).stdout
    assert asked == course("export", "moodle", "--help", cwd=ROOT).stdout and "--worksheet" in asked
    assert course("help", cwd=ROOT).stdout == course("--help", cwd=ROOT).stdout
