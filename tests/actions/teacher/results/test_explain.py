"""course explain says why a student has this mark, from the gradebook alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from grading import Class, Ended
from repository import BEFORE
from test_imports import imported


@pytest.fixture
def room(tmp_path: Path) -> Class:
    shutil.copytree(BEFORE, tmp_path / "course")
    return Class(tmp_path / "course")


def explained(room: Class, *arguments: str, code: int = 0) -> Ended:
    ended = room.run("explain", *arguments)
    assert ended.code == code, ended
    return ended


def as_json(room: Class, *arguments: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(explained(room, *arguments, "--json").out)
    assert content["format_version"] == 1
    return content


def test_of_several_attempts_the_one_that_counts_is_shown_with_its_checks(room: Class) -> None:
    lines = explained(room, "vali", "9.2").out.splitlines()
    assert lines[:4] == ["vali  9.2  A double", "Grade: 3 of 3", "  computed: 3", "The best attempt counts."]
    attempts = [line for line in lines if "sha256" in line]
    assert ["this one counts" in line for line in attempts] == [False, True]
    assert "  0/3  sha256 a29283bbccc69d94…" in attempts[0] and "  3/3  sha256 06a91095ee8697b9…" in attempts[1]
    assert any("isolation full, torch 2.13.0+cpu, Python 3.11" in line for line in lines)
    assert "  ✓ double  3/3  right" in lines


def test_what_is_wrong_is_told_in_the_language_of_the_reader(room: Class) -> None:
    # A report is shown in the words in which it was written.
    assert "the sign is the other way round" in explained(room, "zuhra", "9.1").out
    told = explained(room, "zuhra", "9.1", "--lang", "uz").out
    assert "notoʻgʻri" in told and "not right" not in told


def test_lateness_and_what_it_costs_are_told(room: Class) -> None:
    told = explained(room, "vali", "9.1").out
    assert "Grade: 1.6 of 2" in told and "less 0.4 because it was 34 h late" in told and "Due: 2026-11-20" in told


def test_an_extension_is_told_beside_the_date_of_the_others(room: Class) -> None:
    room.change("course.yaml", "  late:", '  extensions: {vali: {"9.1": 2026-11-25 12:00}}\n  late:')
    told = explained(room, "vali", "9.1").out
    assert "Due for this student, with an extension: 2026-11-25" in told and "Grade: 2 of 2" in told


def test_a_mark_set_by_hand_is_told_with_its_reason_and_who_set_it(room: Class) -> None:
    told = explained(room, "zuhra", "9.1").out
    assert "set by hand, whatever was computed" in told and "  computed: 0" in told
    assert told.rstrip().endswith("1  teacher: explained it at the board")


def test_nothing_handed_in_is_no_mark(room: Class) -> None:
    assert "Grade: none; nothing was handed in." in explained(room, "vali", "9.3").out


def test_that_an_exercise_has_changed_since_is_told(room: Class) -> None:
    content = as_json(room, "ali", "9.2")
    # Which torch and Python there are is the machine's; the exercise is as it was.
    assert "the exercise has changed" not in content["attempts"][0]["stale"]
    room.change("exercises/9.2/exercise.yaml", "points: 3", "points: 4")
    assert as_json(room, "ali", "9.2")["attempts"][0]["stale"][0] == "the exercise has changed"
    assert "stale: the exercise has changed" in explained(room, "ali", "9.2").out


def test_without_a_solution_nothing_is_said_about_its_age(room: Class) -> None:
    (room.course / "solutions/9.2/solution.py").unlink()
    assert as_json(room, "ali", "9.2")["attempts"][0]["stale"] is None


def test_machines_get_all_of_it(room: Class) -> None:
    content = as_json(room, "vali", "9.1")
    assert {name: content[name] for name in ("student", "exercise", "state", "score", "penalty", "points")} == {
        "student": "vali",
        "exercise": "9.1",
        "state": "graded",
        "score": 2.0,
        "penalty": 0.4,
        "points": 1.6,
    }
    assert content["policy"]["due"].startswith("2026-11-20T23:59") and content["policy"]["attempts"] == "best"
    assert content["policy"]["late"] == {"grace_seconds": 0, "penalty": 0.1, "every_seconds": 86400, "at_most": 1}
    (attempt,) = content["attempts"]
    assert attempt["counts"] and attempt["late_seconds"] == 122_400
    assert attempt["results"][0]["rests_on"]["submission_sha256"] == attempt["sha256"]
    assert [check["verdict"] for check in content["report"]["checks"]] == ["pass"]
    assert content["report"]["student"] == "vali" and content["overrides"] == []


@pytest.mark.parametrize(
    ("student", "exercise", "said"),
    [
        ("valo", "9.1", "there is no student valo; did you mean vali?"),
        ("nobody-at-all", "9.1", "neither in roster.csv nor in the gradebook"),
        ("vali", "9.9", "there is no exercise 9.9; did you mean 9."),
    ],
)
def test_who_or_what_is_not_there_is_told_with_the_nearest_name(
    room: Class, student: str, exercise: str, said: str
) -> None:
    assert said in explained(room, student, exercise, code=2).err


def test_where_nobody_has_graded_yet_that_is_said_and_no_gradebook_is_made(room: Class) -> None:
    room.book.unlink()
    assert "course grade DIR" in explained(room, "vali", "9.1", code=2).err
    assert not room.book.exists()


def test_what_a_student_wrote_cannot_steer_the_teachers_terminal(room: Class) -> None:
    path = room.course / "class" / "eve" / "9.2.py"
    path.parent.mkdir()
    path.write_text("raise ValueError('\x1b]0;owned\x07\x1b[2J')\n", encoding="utf-8")
    room.grade("--only", "9.2", "--student", "eve")
    assert "\x1b" not in explained(room, "eve", "9.2").out


def test_torch_is_not_imported(room: Class) -> None:
    modules = imported(room.course, "explain", "vali", "9.1")
    assert "sqlalchemy" in modules and not {"torch", "numpy.testing"} & modules
