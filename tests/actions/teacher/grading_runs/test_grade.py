"""A class is graded as a teacher grades it: with the real command, in a copy of the course, and in real boxes."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from grading import BY_HAND, CRASHING, DEMO, HANGING, Class, Ended, by_place, notebook
from repository import ROOT
from test_cli import TestJson as Json
from test_imports import foreign, imported

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: a class is graded in a locked box, and only Linux has one", allow_module_level=True)

from grader.sandbox.choose import try_level

KEYS, CHECK_KEYS = Json.KEYS, Json.CHECK_KEYS
# pytest would take it for a class of this file.
del Json


@pytest.fixture(scope="session", autouse=True)
def _holds() -> None:
    trial = try_level("full")
    if not trial.holds:
        pytest.skip(f"NOT TESTED HERE: this machine cannot lock a box: {trial.why}. {trial.mend}")


@pytest.fixture
def group(course: Path) -> Class:
    """A class of two with answers to 4.1, which need no box: one right, one wrong."""
    group = Class(course)
    group.hand_in("ali", "4.1.yaml", "dloss_dw: -8\n")
    group.hand_in("vali", "4.1.yaml", "dloss_dw: -4\n")
    return group


# --- Every kind of submission, graded together ---


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Class, Ended]:
    """Return a class with every kind of submission, and how its grading ended."""
    from repository import copy_course

    group = Class(copy_course(tmp_path_factory.mktemp("mixed") / "course"))
    group.change("exercises/4.5/exercise.yaml", "limits: {wall: 10 s,", "limits: {wall: 2 s,")
    for student, name, content in (
        ("right", "4.5.py", DEMO["right"]),
        ("wrong", "4.5.py", DEMO["not_zeroed"]),
        ("crashing", "4.5.py", CRASHING),
        ("hanging", "4.5.py", HANGING),
        ("same", "4.5.py", DEMO["right"]),
        ("jupyter", "4.5.ipynb", notebook(f"%matplotlib inline\n{DEMO['right']}")),
        ("right", "4.1.yaml", "dloss_dw: −8\n"),
        ("wrong", "4.1.yaml", "dloss_dw: -4\n"),
        ("wrong", "4.2.py", "dL_dx = 15\n"),
        ("wrong", "4.3.yaml", "y_hat: 1\n"),
        ("right", "9.9.py", "pass\n"),
        ("right", "notes.txt", "I liked it.\n"),
    ):
        group.hand_in(student, name, content)
    (group.course / "class" / "same" / "4.4.py").symlink_to(group.course / "class" / "right" / "4.5.py")
    (group.course / "class" / "loose.py").write_text("pass\n")
    roster = 'id,name\nright,"Oʻrinov, Ali"\nwrong,\ncrashing,\nhanging,\njupyter,\nabsent,Nodira Karimova\n'
    (group.course / "roster.csv").write_text(roster, encoding="utf-8")
    return group, group.grade(*("-j", "2", "--add-unknown", "--json", "reports.json", "--csv", "grades.csv"), code=1)


def test_every_kind_of_submission_gets_its_score(mixed: tuple[Class, Ended]) -> None:
    scores = {place: report["score"] for place, report in mixed[0].reports().items()}
    assert scores == {
        ("right", "4.5"): 8.0,
        ("wrong", "4.5"): 4.0,
        ("crashing", "4.5"): 0.0,
        ("hanging", "4.5"): 4.0,
        ("same", "4.5"): 8.0,
        ("jupyter", "4.5"): 8.0,
        ("right", "4.1"): 1.0,
        ("wrong", "4.1"): 0.0,
        ("wrong", "4.3"): 1.0,
    }


def test_every_check_says_what_became_of_its_process(mixed: tuple[Class, Ended]) -> None:
    seen = {
        student: [(check["status"], check["verdict"]) for check in mixed[0].reports()[student, "4.5"]["checks"]]
        for student in ("right", "crashing", "hanging")
    }
    assert seen == {
        "right": [("completed", "pass")] * 3,
        "crashing": [("completed", "fail")] * 2 + [("crashed", "error")],
        "hanging": [("completed", "pass")] * 2 + [("timed_out", "error")],
    }


def test_a_report_has_the_keys_of_the_design_and_no_others(mixed: tuple[Class, Ended]) -> None:
    for (student, exercise), report in mixed[0].reports().items():
        assert tuple(report) == KEYS
        assert {tuple(check) for check in report["checks"]} == {CHECK_KEYS}
        assert (report["practice"], report["isolation"]) == (False, "full" if exercise == "4.5" else "not_run")
        assert report["student"] == student


def test_identical_submissions_are_judged_once_and_their_reports_differ_in_the_student_alone(
    mixed: tuple[Class, Ended],
) -> None:
    assert mixed[1].counted == (8, 1, 0)
    one, other = (mixed[0].reports()[student, "4.5"] for student in ("right", "same"))
    assert {**one, "student": ""} == {**other, "student": ""}


def test_missing_work_is_missing_and_no_zero(mixed: tuple[Class, Ended]) -> None:
    with (mixed[0].course / "grades.csv").open(encoding="utf-8") as file:
        lines = by_place(file.read())
    assert len(lines) == 7 * 8
    for place in (("absent", "4.1"), ("right", "4.4")):
        assert [lines[place][name] for name in ("state", "score", "grade", "attempts")] == ["missing", "", "", "0"]
    assert [lines["crashing", "4.5"][name] for name in ("state", "score", "grade")] == ["graded", "0", "0"]
    assert lines["right", "4.5"]["name"] == "Oʻrinov, Ali"


def test_who_is_missing_and_who_is_unknown_is_listed(mixed: tuple[Class, Ended]) -> None:
    assert mixed[1].below("Not in the roster:") == ["same"]
    assert mixed[1].below("Nothing handed in:") == ["absent  Nodira Karimova"]


def test_what_is_no_submission_is_listed_and_a_link_is_not_followed(mixed: tuple[Class, Ended]) -> None:
    assert sorted(mixed[1].below("Not graded:")) == [
        "class/loose.py: expected one folder per student",
        "class/right/9.9.py: this course has no exercise 9.9",
        "class/right/notes.txt: a submission must end in .py, .ipynb, .yaml",
        "class/same/4.4.py: links are not followed",
        "class/wrong/4.2.py: the file for exercise 4.2 must end in .yaml",
    ]


def test_a_summary_tells_how_each_exercise_went(mixed: tuple[Class, Ended]) -> None:
    rows = {line.split()[0]: line.split()[1:] for line in mixed[1].out.splitlines() if line.startswith("4.")}
    # Of the roster's six: two have answered 4.1, one of them rightly.
    assert rows["4.1"] == ["2", "4", "50", "%", "1", "0", "0"]
    assert rows["4.5"] == ["5", "1", "60", "%", "2", "2", "0"]
    assert "Most frequent mistakes:\n  4.1  chain-factor-missing 1\n" in mixed[1].out


def test_messages_are_in_the_language_asked_for_and_nothing_is_judged_for_that(mixed: tuple[Class, Ended]) -> None:
    group, _ = mixed
    again = group.grade("--lang", "uz", "--json", "uz.json", "--add-unknown", code=1)
    assert "9" in again.out and group.recorded() == (9, 8, 0)
    english, uzbek = group.reports(), group.reports("uz.json")
    assert english.keys() == uzbek.keys()
    for place, report in english.items():
        told = [check["message"] for check in report["checks"] if check["message"]]
        translated = [check["message"] for check in uzbek[place]["checks"] if check["message"]]
        assert len(told) == len(translated) and not set(told) & set(translated)
        assert report["score"] == uzbek[place]["score"]


def test_reports_alone_go_to_standard_output(mixed: tuple[Class, Ended]) -> None:
    ended = mixed[0].grade("--json", "--add-unknown", code=1)
    assert ended.out == (mixed[0].course / "reports.json").read_text(encoding="utf-8")


def test_grades_alone_go_to_standard_output(mixed: tuple[Class, Ended]) -> None:
    ended = mixed[0].grade("--csv", "-", "--add-unknown", code=1)
    assert ended.out == (mixed[0].course / "grades.csv").read_text(encoding="utf-8")


def test_a_second_run_judges_nothing(mixed: tuple[Class, Ended]) -> None:
    assert mixed[0].grade("--add-unknown", code=1).counted == (0, 0, 9)


def test_only_one_exercise_and_only_one_student_are_graded_where_asked(mixed: tuple[Class, Ended]) -> None:
    group, _ = mixed
    ended = group.grade("--only", "4.1", "--only", "4.3", "--student", "wrong", "--json", "only.json", code=1)
    assert set(group.reports("only.json")) == {("wrong", "4.1"), ("wrong", "4.3")}
    assert ended.counted == (0, 0, 2)
    assert ended.below("Nothing handed in:") == []


def test_other_hidden_numbers_are_practice_and_are_not_recorded(mixed: tuple[Class, Ended]) -> None:
    group, _ = mixed
    before = group.recorded()
    ended = group.grade("--seed", "trial", "--only", "4.1", "--json", "trial.json", code=1)
    assert ended.counted == (2, 0, 0)
    assert {report["practice"] for report in group.reports("trial.json").values()} == {True}
    assert group.recorded() == before


# --- What is judged again ---


def test_a_changed_submission_alone_is_judged_and_the_better_attempt_counts(group: Class) -> None:
    assert group.grade().counted == (2, 0, 0)
    group.hand_in("vali", "4.1.yaml", "dloss_dw: -8.0\n")
    ended = group.grade()
    assert ended.counted == (1, 0, 1)
    assert ended.below("Grades that changed:") == ["vali  4.1  0 → 1"]
    assert [group.grades()["vali", "4.1"][name] for name in ("grade", "attempts")] == ["1", "2"]


def test_another_time_of_the_same_file_is_no_new_attempt(group: Class) -> None:
    group.grade()
    os.utime(group.course / "class" / "vali" / "4.1.yaml", (2e9, 2e9))
    assert group.grade().counted == (0, 0, 2)
    assert group.grades()["vali", "4.1"]["attempts"] == "1"


REGRADE = "To see what judging them again would change: course grade DIR --regrade"


def test_a_changed_exercise_alone_is_judged_again_on_command_and_changed_grades_are_told(group: Class) -> None:
    group.hand_in("ali", "4.2.yaml", "dL_dx: 15\ndL_dy: 10\n")
    group.grade()
    group.change("exercises/4.1/exercise.yaml", "y: 4, w: 1", "y: 6, w: 1")
    group.change("exercises/4.1/exercise.yaml", ", expect: -8", "")
    ended = group.grade()
    assert ended.counted == (0, 0, 3)
    assert ended.below("Stale: judged before something changed. Their grades stay:") == [
        "4.1  2  (the exercise has changed)"
    ]
    assert REGRADE in ended.out.splitlines() and ended.below("Grades that changed:") == []
    ended = group.grade("--regrade")
    assert ended.counted == (2, 0, 1)
    assert ended.below("Grades that would change:") == ["ali  4.1  1 → 0 (−1)"]
    assert group.grades()["ali", "4.1"]["grade"] == "1"
    ended = group.grade("--regrade", "--yes")
    assert ended.counted == (0, 0, 3)
    assert ended.below("Grades that changed:") == ["ali  4.1  1 → 0"]
    assert group.grades()["ali", "4.1"]["grade"] == "0" and "Stale" not in group.grade().out


def test_a_changed_solution_has_its_exercise_judged_again_on_command(group: Class) -> None:
    group.hand_in("ali", "4.6.py", BY_HAND["right"])
    assert group.grade("-j", "1").counted == (3, 0, 0)
    group.change("solutions/4.6/solution.py", "0.01", "0.02")
    assert group.grade("-j", "1").counted == (0, 0, 3)
    ended = group.grade("-j", "1", "--regrade", "--yes")
    assert ended.counted == (1, 0, 2)
    assert ended.below("Grades that changed:") == ["ali  4.6  6 → 3"]


def test_a_score_that_was_known_once_is_known_again(group: Class) -> None:
    group.grade()
    group.change("exercises/4.1/exercise.yaml", "points: 1", "points: 2")
    assert group.grade("--regrade", "--yes").counted == (2, 0, 0)
    group.change("exercises/4.1/exercise.yaml", "points: 2", "points: 1")
    ended = group.grade("--regrade", "--yes")
    assert ended.counted == (0, 0, 2)
    assert ended.below("Grades that changed:") == ["ali  4.1  2 → 1"]


def test_words_of_an_exercise_may_be_mended_and_nothing_is_stale(group: Class) -> None:
    group.grade()
    group.change("exercises/4.1/exercise.yaml", "by hand", "by hand, with care")
    ended = group.grade()
    assert ended.counted == (0, 0, 2) and "Stale" not in ended.out


def test_the_table_counts_what_is_stale(group: Class) -> None:
    group.grade()
    assert "stale" not in group.grade().out
    group.change("exercises/4.1/exercise.yaml", "points: 1", "points: 2")
    lines = [line.split() for line in group.grade().out.splitlines()]
    assert lines[0][-1] == "stale" and lines[1][0] == "4.1" and lines[1][-1] == "2"


def test_what_would_change_is_told_beside_reports_on_standard_output(group: Class) -> None:
    group.grade()
    group.change("exercises/4.1/exercise.yaml", "points: 1", "points: 2")
    ended = group.grade("--regrade", "--json")
    assert json.loads(ended.out)["format_version"] == 2
    assert "  ali  4.1  1 → 2 (+1)" in ended.err.splitlines()


def test_yes_alone_is_a_fault_of_usage(group: Class) -> None:
    assert "--yes requires --regrade" in group.grade("--yes", code=2).err
    assert not group.book.exists()


@pytest.mark.parametrize(("answer", "grade"), [("y", "2"), ("n", "1"), ("", "1")])
def test_on_a_terminal_a_teacher_is_asked_before_a_mark_changes(group: Class, answer: str, grade: str) -> None:
    group.grade()
    group.change("exercises/4.1/exercise.yaml", "points: 1", "points: 2")
    shown = group.on_a_terminal("grade", "class", "-j", "1", "--regrade", answers=(f"{answer}\n",))
    assert "ali  4.1  1 → 2 (+1)" in shown and "Use the new results of 2 submissions?" in shown
    assert by_place(group.run("export", "csv").out)["ali", "4.1"]["grade"] == grade


# --- A course that is not right ---


def test_a_broken_exercise_is_told_with_its_place_and_stops_no_other(group: Class) -> None:
    group.hand_in("ali", "4.2.yaml", "dL_dx: 15\n")
    group.change("exercises/4.2/exercise.yaml", "format_version: 1", "format_version: 2")
    ended = group.grade("--json", "reports.json", code=3)
    assert ended.below("Exercises with findings, which were not graded:") == [
        "exercises/4.2/exercise.yaml:1:17: 2 is out of range; allowed: 1 … 1"
    ]
    assert set(group.reports()) == {("ali", "4.1"), ("vali", "4.1")}


@pytest.mark.parametrize(
    ("solution", "fault"),
    [
        ("w = (\n", "solutions/4.6/solution.py: solutions/4.6/solution.py:1: Python cannot read this line:"),
        ("w = 1\n", "solutions/4.6/solution.py: check gradient:"),
        (None, "solutions/4.6/solution.py: solution.py is missing"),
    ],
)
def test_a_broken_solution_is_told_and_stops_no_other_exercise(group: Class, solution: str | None, fault: str) -> None:
    path = group.course / "solutions" / "4.6" / "solution.py"
    path.unlink()
    if solution is not None:
        path.write_text(solution)
    for student in ("ali", "vali"):
        group.hand_in(student, "4.6.py", f"# {student}\n{BY_HAND['right']}")
    ended = group.grade("-j", "1", "--json", "reports.json", code=3)
    assert ended.below("Exercises with findings, which were not graded:")[0].startswith(fault)
    assert set(group.reports()) == {("ali", "4.1"), ("vali", "4.1")}


def test_a_solution_that_is_missing_where_nobody_handed_in_is_left_to_course_check(group: Class) -> None:
    (group.course / "solutions" / "4.6" / "solution.py").unlink()
    assert not group.grade().below("Exercises with findings, which were not graded:")
    assert "solutions/4.6/solution.py: solution.py is missing" in group.run("check", "4.6", "-j", "1").err


def test_a_broken_roster_is_told_before_anything_is_judged(group: Class) -> None:
    (group.course / "roster.csv").write_text("id\nali\nali\n")
    ended = group.grade(code=3)
    assert ended.err == "roster.csv:3: ali is in the roster twice\n"
    assert not group.book.exists()


def test_a_folder_that_is_not_there_is_a_fault_of_usage(group: Class) -> None:
    ended = group.run("grade", "clas")
    assert (ended.code, ended.err) == (2, "Error: clas cannot be read: No such file or directory\n")


# --- What course submit recorded ---


def submit(group: Class, *answers: str) -> None:
    for answer in answers:
        assert group.run("submit", "4.1", "--answer", answer, "--student", "ali").code in (0, 1)


@pytest.mark.parametrize(("attempts", "grade"), [("best", "1"), ("last", "0")])
def test_recorded_attempts_are_found_and_the_policy_says_which_counts(group: Class, attempts: str, grade: str) -> None:
    submit(group, "-4", "-8", "-2")
    with (group.course / "course.yaml").open("a") as file:
        file.write(f"policies: {{attempts: {attempts}}}\n")
    ended = group.run("grade", "submissions")
    assert (ended.code, ended.counted) == (0, (3, 0, 0))
    line = group.grades()["ali", "4.1"]
    assert (line["grade"], line["attempts"]) == (grade, "3")


def test_a_student_submits_without_a_gradebook(group: Class) -> None:
    group.grade()
    before = group.book.read_bytes()
    assert not foreign(imported(group.course, "submit", "4.1", "--answer", "-8")) & {"sqlalchemy"}
    submit(group, "-8")
    assert group.book.read_bytes() == before
    assert [path.name for path in group.course.glob("gradebook*")] == ["gradebook.db"]


# --- Boxes ---


def test_a_box_that_holds_nothing_is_stamped_on_every_report(group: Class) -> None:
    group.hand_in("ali", "4.6.py", BY_HAND["right"])
    group.grade("--isolation", "none", "-j", "1", "--json", "reports.json")
    isolation = {place: report["isolation"] for place, report in group.reports().items()}
    assert isolation == {("ali", "4.6"): "none", ("ali", "4.1"): "not_run", ("vali", "4.1"): "not_run"}


def test_without_a_box_that_locks_nothing_is_graded_and_the_mending_line_is_told(group: Class) -> None:
    ended = group.grade("--json", lockless=True, code=4)
    assert "other people's code runs only in a sandbox" in ended.err
    assert "To fix this: docker run --security-opt seccomp=unconfined" in ended.err
    assert json.loads(ended.out)["error"]["code"] == "could_not_judge"
    assert not group.book.exists()


def test_what_could_not_be_judged_is_no_zero_and_alone_is_tried_again(group: Class) -> None:
    # Where autograd's answers are not known yet, stated values need a box too.
    group.grade("--only", "4.1")
    group.hand_in("ali", "4.6.py", BY_HAND["right"])
    group.hand_in("vali", "4.6.py", BY_HAND["uphill"])
    failed = group.grade("--isolation", "full", "-j", "2", "--json", "reports.json", lockless=True, code=4)
    assert "2 could not be judged: they have no grade." in failed.out
    assert group.recorded() == (4, 2, 2)
    report = group.reports()["ali", "4.6"]
    assert (report["score"], report["status"]) == (None, "sandbox_failed")
    assert {(check["verdict"], check["score"]) for check in report["checks"]} == {("void", None)}
    exported = group.run("export", "csv")
    line = by_place(exported.out)["ali", "4.6"]
    assert [line[name] for name in ("state", "score", "grade")] == ["void", "", ""]
    not_judged = "Without a grade, because they have not been judged yet; run course grade again:"
    assert exported.err.splitlines() == [not_judged, "  ali 4.6", "  vali 4.6"]
    assert group.run("report", "--out", "pages").err == exported.err
    assert group.grade("--isolation", "full").counted == (2, 0, 2)
    assert group.recorded() == (4, 4, 2)
    assert [group.grades()[student, "4.6"]["grade"] for student in ("ali", "vali")] == ["6", "3"]


# --- Marks by hand, and lateness ---


def test_a_mark_set_by_hand_counts_until_it_is_taken_back(group: Class) -> None:
    group.grade()
    arguments = ("override", "vali", "4.1", "--reason", "explained it at the board", "--by", "teacher")
    assert group.run(*arguments, "0,5") == Ended(0, "vali  4.1  0.5/1\n", "")
    line = group.grades()["vali", "4.1"]
    told = [line[name] for name in ("state", "score", "grade", "override_reason")]
    assert told == ["overridden", "0", "0.5", "explained it at the board"]
    assert group.grade().counted == (0, 0, 2)
    assert group.grades()["vali", "4.1"]["grade"] == "0.5"
    assert group.run(*arguments, "--clear") == Ended(0, "vali  4.1  0/1\n", "")
    assert [group.grades()["vali", "4.1"][name] for name in ("state", "grade")] == ["graded", "0"]
    with closing(sqlite3.connect(group.book)) as connection:
        rows = connection.execute("SELECT student, exercise, score, reason, by FROM overrides").fetchall()
    reason = ("explained it at the board", "teacher")
    assert rows == [("vali", "4.1", 0.5, *reason), ("vali", "4.1", None, *reason)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["val", "4.1", "1", "--reason", "x"], "there is no student val; did you mean vali?"),
        (
            ["zz", "4.1", "1", "--reason", "x"],
            "there is no student zz, neither in roster.csv, where you can add them, nor in the gradebook",
        ),
        (["vali", "4.1", "1", "--reason", " "], "give a reason: later it explains the grade"),
        (["vali", "4.1", "much", "--reason", "x"], "much is not a number; write it as -8, 0.5 or 1e-2"),
        (["vali", "4.1", "99", "--reason", "x"], "99 is out of range; allowed: 0 … 10"),
        (["vali", "4.1", "--reason", "x"], "give either POINTS or --clear"),
    ],
)
def test_a_mark_that_cannot_be_meant_is_refused(group: Class, arguments: list[str], said: str) -> None:
    group.grade()
    assert group.run("override", *arguments) == Ended(2, "", f"Error: {said}\n")


def test_lateness_costs_its_share_and_an_extension_spares_it(group: Class) -> None:
    group.hand_in("vali", "4.1.yaml", "dloss_dw: -8.0\n")
    for student in ("ali", "vali"):
        (group.course / "class" / student / "timestamp.txt").write_text("2026-12-02 12:00:00 UTC")
    with (group.course / "course.yaml").open("a") as file:
        file.write(
            "policies:\n"
            "  timezone: UTC\n"
            '  due: {"4": 2026-12-01 12:00:00}\n'
            "  late: {penalty: 25 %, every: 1 day}\n"
            '  extensions: {vali: {"4.1": 2026-12-03}}\n'
        )
    group.grade()
    lines = group.grades("--only", "4.1")
    seen = {
        student: [line[name] for name in ("score", "penalty", "grade", "late_seconds")]
        for (student, _), line in lines.items()
    }
    assert seen == {"ali": ["1", "0.25", "0.75", "86399"], "vali": ["1", "0", "1", "0"]}


def test_lateness_by_a_files_own_time_costs_nothing_and_is_told(group: Class) -> None:
    os.utime(group.course / "class" / "ali" / "4.1.yaml", (1.9e9, 1.9e9))
    with (group.course / "course.yaml").open("a") as file:
        file.write('policies: {timezone: Asia/Tashkent, due: {"4": 2026-11-01}, late: {penalty: 10 %}}\n')
    ended = group.grade()
    assert group.grades("--only", "4.1")["ali", "4.1"]["grade"] == "1"
    assert "Timed only by the file, so that lateness costs nothing: 2" in ended.out
    assert "by the time of the file, which costs nothing" in group.run("explain", "ali", "4.1").out


def test_a_penalty_that_is_waived_is_told_and_can_be_taken_back(group: Class) -> None:
    (group.course / "class" / "ali" / "timestamp.txt").write_text("2026-12-02 12:00:00 UTC")
    with (group.course / "course.yaml").open("a") as file:
        file.write('policies: {timezone: UTC, due: {"4": 2026-12-01}, late: {penalty: 25 %}}\n')
    group.grade()
    assert group.grades("--only", "4.1")["ali", "4.1"]["grade"] == "0.75"
    assert group.run("waive", "ali", "4.1", "--reason", "was ill").out == "ali  4.1  1/1\n"
    assert group.grades("--only", "4.1")["ali", "4.1"]["grade"] == "1"
    assert "which costs nothing; s001: was ill" in group.run("explain", "ali", "4.1").out
    group.run("waive", "ali", "4.1", "--reason", "was not", "--clear")
    assert group.grades("--only", "4.1")["ali", "4.1"]["grade"] == "0.75"
    assert group.run("waive", "nobody", "4.1", "--reason", "x").code == 2


def test_where_a_class_stands(group: Class) -> None:
    (group.course / "roster.csv").write_text("id,name\nali,Ali\nvali,Vali\nsoli,Soli Karimov\n")
    (group.course / "class" / "ali" / "timestamp.txt").write_text("2026-12-02 12:00:00 UTC")
    with (group.course / "course.yaml").open("a") as file:
        file.write('policies: {timezone: UTC, due: {"4.1": 2026-12-01}, late: {penalty: 25 %}}\n')
    assert group.run("status").code == 2
    group.grade()
    ended = group.run("status", "--only", "4.1")
    assert ended.below("4.1: nothing yet from 1 of 3 · Due: 2026-12-01 23:59 (UTC)") == ["soli Soli Karimov"]
    assert ended.below("Late") == ["4.1  ali Ali  12 h late, −0.25"]
    group.run("waive", "ali", "4.1", "--reason", "was ill")
    assert group.run("status", "--only", "4.1").below("Late") == ["4.1  ali Ali  12 h late"]
    own = group.run("status", "--student", "ali").out
    assert "1 of 1" in own and "12 h late" in own and own.splitlines()[-1].startswith("1 of ")
    assert group.run("status", "--student", "nobody").code == 2
    group.run("waive", "ali", "4.1", "--reason", "a slip", "--clear")
    due = (
        (group.course / "course.yaml")
        .read_text()
        .replace('{"4.1": 2026-12-01}', '{"4.1": 2026-12-01, "4.5": 2026-01-01}')
    )
    (group.course / "course.yaml").write_text(due)
    # Where it is everybody, their names say nothing.
    assert (
        group.run("status", "--only", "4.5").below("4.5: nobody has handed in anything · Due: 2026-01-01 23:59 (UTC)")
        == []
    )


# --- Who is not in the roster ---


def test_work_of_people_who_are_not_in_the_roster_is_left_aside_unless_asked_for(group: Class) -> None:
    (group.course / "roster.csv").write_text("id\nali\n")
    ended = group.grade(code=1)
    assert (ended.counted, group.recorded()) == ((1, 0, 0), (1, 1, 0))
    assert ended.below(
        "Not in the roster, so nothing of theirs was graded or recorded. To see whose work it is: course collect DIR; "
        "to grade it all the same: --add-unknown"
    ) == ["vali"]
    assert ended.err.endswith("Some work was left aside; everything else is graded.\n")
    assert group.grade("--add-unknown").counted == (1, 0, 1)


def test_who_is_forgotten_is_in_no_export_and_is_not_graded_again(group: Class) -> None:
    group.grade()
    (group.course / "roster.csv").write_text("id\nali\n")
    ended = group.run("forget", "--not-in-roster", "--reason", "folders of another course")
    assert ended.below("Forgotten; to take it back: --undo") == ["vali"]
    (group.course / "roster.csv").unlink()
    assert {student for student, _ in group.grades("--only", "4.1")} == {"ali"}
    assert group.grade().counted == (0, 0, 1)
    group.run("forget", "vali", "--undo", "--reason", "is one of ours")
    assert {student for student, _ in group.grades("--only", "4.1")} == {"ali", "vali"}
    assert group.run("forget", "nobody", "--reason", "x").code == 2
    assert group.run("forget", "--not-in-roster", "--reason", "x").code == 2


def test_nothing_to_grade_is_no_success(group: Class) -> None:
    ended = group.grade("--only", "4.2", code=1)
    assert ended.err == "Nothing was graded: no submission for an exercise of this course was found.\n"


# --- Files as people name them ---


@pytest.mark.parametrize("name", ["4.1 (1).yaml", "4_1.yml", "Ali_4.1.YAML", "4.1.yaml.txt"])
def test_a_file_of_another_name_is_taken_where_none_has_the_right_one(group: Class, name: str) -> None:
    path = group.course / "class" / "ali" / "4.1.yaml"
    path.rename(path.with_name(name))
    ended = group.grade()
    assert group.grades("--only", "4.1")["ali", "4.1"]["grade"] == "1"
    assert ended.below("Taken, though the name of the file is another one:") == [f"class/ali/{name}: ali 4.1"]


def test_beside_the_right_name_another_one_is_left_aside(group: Class) -> None:
    group.hand_in("ali", "4.1 (1).yaml", "dloss_dw: 0\n")
    group.hand_in("vali", "4.2 (1).yaml", "dL_dx: 15\n")
    group.hand_in("vali", "4.2 (2).yaml", "dL_dx: 15\n")
    ended = group.grade(code=1)
    assert ended.below("Not graded:") == [
        "class/ali/4.1 (1).yaml: 4.1 is there under its right name, and that file counts",
        "class/vali/4.2 (1).yaml: several files could be 4.2; name the right one 4.2",
        "class/vali/4.2 (2).yaml: several files could be 4.2; name the right one 4.2",
    ]


# --- Downloads ---


def test_a_download_is_collected_and_graded_in_one_go_and_again_nothing_is_new(group: Class) -> None:
    downloads = ROOT / "tests" / "downloads"
    (group.course / "roster.csv").write_bytes((downloads / "roster.csv").read_bytes())
    ended = group.run("grade", str(downloads / "moodle"), "-j", "1")
    assert (ended.code, ended.counted) == (1, (3, 0, 0)), ended
    assert "Moodle, 5 people, 4 of them recognised as students" in ended.out
    grades = {student: line["grade"] for (student, _), line in group.grades("--only", "4.1").items()}
    assert grades == {"s001": "1", "s002": "0", "s003": "0", "s004": ""}
    again = group.run("grade", str(downloads / "moodle"), "-j", "1")
    assert (again.code, again.counted) == (1, (0, 0, 3))
    better = group.run("grade", str(downloads / "gradescope"), "-j", "1")
    assert (better.code, better.counted) == (0, (0, 0, 4)), better
    assert group.grades("--only", "4.1")["s001", "4.1"]["attempts"] == "1"
    assert group.grades("--only", "4.1")["s001", "4.1"]["submitted"].startswith("2026-11-20T16:06:11")


def test_a_download_of_strangers_alone_grades_nothing(group: Class) -> None:
    (group.course / "roster.csv").write_text("id,name\nx1,Nobody Here\n")
    ended = group.run("grade", str(ROOT / "tests" / "downloads" / "moodle"), "-j", "1")
    assert ended.code == 1 and ended.err.startswith(
        "Nothing was graded: nothing in these downloads is work of a student"
    )
    assert group.recorded() == (0, 0, 0)


# --- Out of the gradebook ---


@pytest.fixture
def exported(group: Class) -> Class:
    (group.course / "roster.csv").write_text("id,name,email\nali,Ali Valiyev,ali@example.org\nvali,Vali Aliyev,\n")
    group.hand_in("ali", "4.2.yaml", "dL_dx: 15\n")
    group.grade()
    return group


def test_grades_are_exported_as_a_wide_table(exported: Class) -> None:
    ended = exported.run("export", "csv", "--wide", "--only", "4.1", "--only", "4.2")
    assert ended.out.splitlines() == [
        "student,name,email,4.1,4.2,total,max_total",
        "ali,Ali Valiyev,ali@example.org,1,1,2,3",
        "vali,Vali Aliyev,,0,,0,3",
    ]


def test_a_worksheet_of_moodle_is_filled(exported: Class) -> None:
    worksheet = "Identifier,Full name,Email address,Grade,Maximum Grade\nParticipant 1,Ali Valiyev,,,10.00\n"
    (exported.course / "moodle.csv").write_text(
        worksheet + "Participant 7,Begona Odam,,,10.00\nParticipant 8,Boshqa Odam,,,10.00\n"
    )
    ended = exported.run("export", "moodle", "--worksheet", "moodle.csv", "--only", "4.1")
    assert (ended.code, ended.out) == (1, "1 grades written to moodle-filled.csv\n")
    assert ended.err.splitlines()[1:] == [
        "  Participant 7, Begona Odam",
        "  Participant 8, Boshqa Odam",
        "Students with a grade who are not in the file: vali",
    ]
    filled = (exported.course / "moodle-filled.csv").read_text()
    assert filled.splitlines()[1] == "Participant 1,Ali Valiyev,,10,10.00"


def test_a_gradebook_of_canvas_is_filled(exported: Class) -> None:
    header = "Student,ID,SIS User ID,SIS Login ID,Section,Lecture 4 (7)\n"
    rows = '    Points Possible,,,,,3.00\n"Valiyev, Ali",1,ali,ali,A,\n"Aliyev, Vali",2,vali,vali,A,\n'
    (exported.course / "canvas.csv").write_text(header + rows)
    arguments = ("--worksheet", "canvas.csv", "--column", "Lecture 4 (7)", "--only", "4.1", "--only", "4.2")
    ended = exported.run("export", "canvas", *arguments, "--out", "filled.csv")
    assert (ended.code, ended.out, ended.err) == (0, "2 grades written to filled.csv\n", "")
    filled = (exported.course / "filled.csv").read_text()
    assert [line.rpartition(",")[2] for line in filled.splitlines()[2:]] == ["2", "0"]


def test_results_for_gradescope_are_written(exported: Class) -> None:
    ended = exported.run("export", "gradescope", "--out", "results", "--only", "4.1")
    assert (ended.code, ended.err) == (0, "")
    files = sorted((exported.course / "results").rglob("*.json"))
    assert len(files) == 2
    assert [json.loads(file.read_text(encoding="utf-8"))["score"] for file in files] == [1, 0]


def test_an_exercise_that_gives_other_points_by_now_is_named_beside_its_grades(exported: Class) -> None:
    exported.change("exercises/4.1/exercise.yaml", "points: 1", "points: 3")
    told = ["These exercises gave other points when they were judged; see course grade DIR --regrade:", "  4.1"]
    assert exported.run("export", "csv", "--only", "4.1", "--only", "4.2").err.splitlines() == told
    exported.grade("--regrade", "--yes")
    assert exported.run("export", "csv").err == ""


def test_grades_of_an_earlier_version_are_named_beside_an_export_that_cannot_mark_them(exported: Class) -> None:
    exported.change("exercises/4.1/exercise.yaml", "y: 4, w: 1", "y: 6, w: 1")
    exported.change("exercises/4.1/exercise.yaml", ", expect: -8", "")
    title = "Grades given by an earlier version of the exercise; to judge them again: course grade DIR --regrade"
    assert exported.run("export", "csv", "--wide").err.splitlines() == [title, "  4.1  2"]
    marked = exported.run("export", "csv", "--only", "4.1")
    assert marked.err == "" and marked.out.count(",4.1,stale,") == 2


def test_who_has_a_grade_and_is_not_in_the_roster_is_named_beside_every_export(exported: Class) -> None:
    (exported.course / "roster.csv").write_text("id\nali\n")
    told = ["Left out, because they have a grade but are not in the roster:", "  vali"]
    assert exported.run("export", "csv").err.splitlines() == told
    assert exported.run("export", "gradescope", "--out", "results").err.splitlines() == told


def test_an_extension_for_nobody_in_the_roster_is_listed(exported: Class) -> None:
    with (exported.course / "course.yaml").open("a") as file:
        file.write('policies:\n  timezone: UTC\n  extensions: {val: {"4.1": 2026-12-03}, vali: {"4.1": 2026-12-03}}\n')
    heading = "Extensions in course.yaml for students who are not in the roster:"
    assert exported.grade().below(heading) == ["val"]
    assert exported.grade("--student", "ali").below(heading) == []


def test_a_student_who_is_not_there_is_told_with_the_nearest_name(group: Class) -> None:
    assert group.grade("--student", "val", code=2).err == "Error: there is no student val; did you mean vali?\n"
    assert group.grade("--student", "zz", code=2).err == "Error: class has no submission by zz\n"


def test_of_two_files_with_one_time_the_one_that_came_later_counts(group: Class) -> None:
    with (group.course / "course.yaml").open("a") as file:
        file.write("policies: {attempts: last}\n")
    for student, answer in (("ali", "-4"), ("vali", "-8"), ("ali", "-8"), ("vali", "-4")):
        group.hand_in(student, "4.1.yaml", f"dloss_dw: {answer}\n")
        (group.course / "class" / student / "timestamp.txt").write_text("2026-11-20 12:00:00 UTC")
        group.grade("--student", student)
    grades = group.grades("--only", "4.1")
    assert [(grades[student, "4.1"]["grade"], grades[student, "4.1"]["attempts"]) for student in ("ali", "vali")] == [
        ("1", "2"),
        ("0", "2"),
    ]


def test_a_first_grade_is_no_change(group: Class) -> None:
    group.hand_in("ali", "4.6.py", BY_HAND["right"])
    group.grade("--isolation", "full", lockless=True, code=4)
    assert group.grade("--isolation", "full").below("Grades that changed:") == []


def test_more_points_than_there_are_are_recorded_only_as_a_bonus_and_remarked_on(group: Class) -> None:
    group.grade()
    slip = group.run("override", "vali", "4.1", "2", "--reason", "a second way", "--by", "teacher")
    assert slip.code == 2 and "if that is meant, add --bonus" in slip.err
    ended = group.run("override", "vali", "4.1", "2", "--reason", "a second way", "--by", "teacher", "--bonus")
    assert (ended.code, ended.out) == (0, "vali  4.1  2/1\n")
    assert ended.err == "This is more than the exercise is worth. To remove it: --clear\n"


# --- Ctrl-C ---


@pytest.fixture
def many(group: Class) -> Class:
    """A class with more programs than are judged before somebody loses patience."""
    for number in range(24):
        group.hand_in(f"s{number:02d}", "4.6.py", f"# {number}\n{BY_HAND['right' if number % 2 else 'uphill']}")
    return group


def is_worker(process: psutil.Process) -> bool:
    try:
        return "--multiprocessing-fork" in process.cmdline()
    except psutil.Error:
        return False


def interrupted(group: Class, results: int) -> None:
    """Press Ctrl-C once there is a worker and so many results, and hold what follows to what is documented."""
    process = group.start("grade", "class", "-j", "2")
    family: set[psutil.Process] = set()
    while not any(map(is_worker, family)) or group.recorded()[1] < results:
        assert process.poll() is None, process.communicate()
        family |= set(psutil.Process(process.pid).children(recursive=True))
        time.sleep(0.01)
    family |= set(psutil.Process(process.pid).children(recursive=True))
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert (
        err.splitlines()[-1] == "Interrupted. What has been recorded is kept; run the same command again to continue."
    )
    assert "Traceback" not in err, err
    _, alive = psutil.wait_procs(family, timeout=30)
    assert alive == []


def test_ctrl_c_leaves_no_process_behind_and_the_next_run_goes_on(many: Class) -> None:
    interrupted(many, results=0)
    interrupted(many, results=4)
    done = many.recorded()[1]
    assert 4 <= done < 26
    assert many.grade("-j", "2", "--json", "reports.json").counted == (26 - done, 0, done)
    scores = {place: report["score"] for place, report in many.reports().items() if place[1] == "4.6"}
    assert scores == {(f"s{number:02d}", "4.6"): 6.0 if number % 2 else 3.0 for number in range(24)}
    assert many.recorded() == (26, 26, 0)
