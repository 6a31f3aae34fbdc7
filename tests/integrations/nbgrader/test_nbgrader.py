"""nbgrader from end to end: its own code writes the release, exports the grades and makes the feedback."""

from __future__ import annotations

import copy
import csv
import io
import json
import os
import re
import shutil
import sys
from contextlib import closing
from dataclasses import asdict
from html import unescape
from pathlib import Path

import pytest
from browsing import look
from garbage import HANDED_IN, garbage
from grading import DEMO, Class, Ended
from harvesting import BY_HAND, Harvest, passed_for_a_mark
from repository import HOSTILE

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: a class is graded in a locked box, and only Linux has one", allow_module_level=True)

import fcntl

from nbgrading import ASSIGNMENT, FULL, NAME, Room, answer_cell, cell_of, text_of

from grader.core.course.exercise import Coded
from grader.core.course.policies.showing import Showing
from grader.core.people.person import Role
from grader.sandbox.choose import try_level
from grader.store.course.course_files import find_course
from grader.store.grades.desk.comments import Comments
from grader.store.grades.desk.feedback_rules import FeedbackRules
from grader.store.grades.gradebook import Gradebook
from grader.store.grades.people.people import People

NOTEBOOKS = sorted((HOSTILE / "notebooks").glob("*.py"))
MARKUP = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a graded course; test workers that run side by side make it once."""
    trial = try_level("full")
    if not trial.holds:
        pytest.skip(f"NOT TESTED HERE: this machine cannot lock a box: {trial.why}. {trial.mend}")
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "nbgrader"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ended.json").exists():
            shutil.rmtree(folder / "course", ignore_errors=True)
            ended = handed_in(folder / "course").grade("-j", "2")
            (folder / "ended.json").write_text(json.dumps(asdict(ended)), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def room(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Room:
    return Room(Class(shutil.copytree(made / "course", tmp_path_factory.mktemp("nbgrader") / "course", symlinks=True)))


@pytest.fixture(scope="module")
def graded(made: Path) -> Ended:
    """Return how the grading ended."""
    return Ended(**json.loads((made / "ended.json").read_text(encoding="utf-8")))


def handed_in(folder: Path) -> Room:
    """Return a room with an assignment, and everything that students do to notebooks handed in."""
    from repository import copy_course

    room = Room(Class(copy_course(folder)))
    room.folder.mkdir()
    room.generate()
    right = room.solved()
    room.hand_in("ali", right)
    room.hand_in("vali", room.filled({"4.1": "dloss_dw = 2 * (2 * 1 - 4)", "4.5": DEMO["not_zeroed"]}))
    room.hand_in("untouched", room.release)
    room.hand_in("late", right, timestamp="2026-11-20 18:03:11 UTC")
    room.hand_in("renamed", right, name="lecture-4 (1).ipynb")
    room.hand_in("broken", b"{")
    room.hand_in("mutilated", mutilated(right))
    room.hand_in("stripped", stripped(right))
    room.hand_in("magic", room.filled({"4.5": f"!pip install torch\n{DEMO['right']}"}))
    room.hand_in("marked", room.filled({"4.6": f"w = 1.0\n\n\ndef gradient(x, y):\n    raise ValueError('{MARKUP}')"}))
    for path in NOTEBOOKS:
        room.hand_in(path.stem, room.filled({"4.5": path.read_text(encoding="utf-8")}))
    (room.folder / "submitted" / "absent" / ASSIGNMENT).mkdir(parents=True)
    (room.folder / "submitted" / "copying").mkdir()
    (room.folder / "submitted" / "copying" / ASSIGNMENT).symlink_to(room.folder / "submitted" / "ali" / ASSIGNMENT)
    (room.folder / "submitted" / "posing").symlink_to("ali")
    with room.book() as book:
        book.update_or_create_assignment(ASSIGNMENT, duedate="2026-11-20 18:00:00 UTC")
    return room


def mutilated(right: dict) -> dict:
    """Delete an exercise's cells, copy an answer into another exercise, empty a test, add cells, turn texts to code."""
    notebook = copy.deepcopy(right)
    cells = notebook["cells"]
    copied = copy.deepcopy(answer_cell(notebook, "4.5"))
    copied["source"] = answer_cell(notebook, "4.6")["source"]
    cells[cells.index(answer_cell(notebook, "4.6"))] = copied
    cells[:] = [each for each in cells if "-4-2" not in each["metadata"].get("nbgrader", {}).get("grade_id", "")]
    cell_of(notebook, "check-4-5-loop")["source"] = "w = 1 / 0"
    cell_of(notebook, "check-4-5-loop")["metadata"]["nbgrader"]["points"] = 1000
    whole = answer_cell(notebook, "4.7")["source"]
    answer_cell(notebook, "4.7")["source"] = whole.replace("import torch\n", "")
    cells.insert(
        0, {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 1, "source": "import torch"}
    )
    cells.append(
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 1, "source": "%matplotlib nope("}
    )
    return notebook


def stripped(right: dict) -> dict:
    """Return what an editor that knows nothing of nbgrader leaves."""
    cells = [{**cell, "metadata": {}} for cell in right["cells"]]
    return {**right, "cells": cells}


def test_nbgrader_finds_nothing_wrong_with_the_authors_version(room: Room) -> None:
    assert room.validated() == {}


def test_the_students_version_holds_neither_solutions_nor_expected_numbers(room: Room) -> None:
    text = "\n".join(map(text_of, room.release["cells"]))
    assert "SOLUTION" not in text
    for solution in ("(y_pred - y) ** 2", "2 * (x * w - y) * x", "torch.tanh(from_hidden", "-8", "15"):
        assert solution not in text
    assert text.count("raise NotImplementedError()") == 3 + 1 + 3 + 2 + 1 + 1


def test_each_check_is_a_graded_cell_with_its_points(room: Room) -> None:
    about = [cell["metadata"].get("nbgrader", {}) for cell in room.release["cells"]]
    points = {each["grade_id"]: each["points"] for each in about if each.get("grade")}
    assert sum(points.values()) == FULL
    assert {id: each for id, each in points.items() if id.startswith("check-4-5")} == {
        "check-4-5-forward": 2,
        "check-4-5-loss": 2,
        "check-4-5-loop": 4,
    }


def test_nbgraders_export_is_our_gradebook(room: Room, graded: Ended) -> None:
    ours: dict[str, float] = {}
    for (student, _), line in room.group.grades().items():
        ours[student] = ours.get(student, 0.0) + float(line["score"])
    assert {student: float(line["raw_score"]) for student, line in room.exported().items()} == ours
    assert ours["ali"] == FULL and ours["untouched"] == 0.0 and len(ours) == 10 + len(NOTEBOOKS)


def test_wrong_work_gets_what_is_right_in_it_and_a_comment_on_the_rest(room: Room, graded: Ended) -> None:
    assert room.scores("vali", "4.5") == [2.0, 2.0, 0.0]
    assert room.scores("vali", "4.1") == [0.0]
    said = room.comment("vali", "4.5")
    assert said.startswith("4.5: 4 / 8\n\n    ✓ forward  2/2\n") and "✗ loop  0/4" in said
    assert "gradient" in said


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_that_fools_nbgrader_gets_nothing(room: Room, graded: Ended, path: Path) -> None:
    assert room.scores(path.stem, "4.5") == [0.0, 0.0, 0.0]


def test_a_mutilated_notebook_loses_only_what_is_not_there(room: Room, graded: Ended) -> None:
    assert float(room.exported()["mutilated"]["raw_score"]) == FULL - 2
    assert "the cells of exercise 4.2 are missing" in room.comment("mutilated", "4.2")


def test_a_notebook_without_metadata_is_graded_by_its_texts(room: Room, graded: Ended) -> None:
    assert float(room.exported()["stripped"]["raw_score"]) == FULL


def test_a_file_that_is_no_notebook_says_so(room: Room, graded: Ended) -> None:
    assert set(room.scores("broken", "4.5")) == {0.0}
    for exercise in ("4.1", "4.5"):
        assert f"{NAME} is not a notebook: it is not JSON." in room.comment("broken", exercise)


def test_what_is_odd_is_told_to_the_teacher(room: Room, graded: Ended) -> None:
    odd = "\n".join(graded.below("About the notebooks:"))
    assert f"renamed/{ASSIGNMENT}/lecture-4 (1).ipynb: it was taken for {NAME}" in odd
    assert f"absent/{ASSIGNMENT}/{NAME}: this notebook is missing" in odd
    assert f"broken/{ASSIGNMENT}/{NAME}: " in odd
    for student in ("copying", "posing"):
        assert f"{student}/{ASSIGNMENT}: links are not followed" in odd
    assert float(room.exported()["renamed"]["raw_score"]) == FULL
    assert {"absent", "copying", "posing"}.isdisjoint(room.exported())


def test_what_was_left_out_of_a_program_is_told_in_the_comment_on_it(room: Room, graded: Ended) -> None:
    assert "!pip install torch" in room.comment("magic", "4.5")


def test_lateness_costs_what_nbgraders_plugin_says(room: Room, graded: Ended) -> None:
    line = room.exported()["late"]
    assert [float(line[name]) for name in ("raw_score", "late_submission_penalty", "score")] == [FULL, FULL, 0.0]
    assert float(room.exported()["ali"]["late_submission_penalty"]) == 0.0


def test_lateness_costs_in_the_courses_own_exports_what_the_course_says(room: Room, graded: Ended) -> None:
    course = room.group.course / "course.yaml"
    before = course.read_text(encoding="utf-8")
    # Whose notebook has no timestamp.txt came later still, and only a file says so.
    rules = 'policies: {timezone: UTC, due: {"4": 2026-11-20 18:00}, late: {penalty: 50 %}}\n'
    try:
        course.write_text(before + rules, encoding="utf-8")
        table = csv.DictReader(io.StringIO(room.group.run("export", "csv", "--only", "4.1").out))
        grades = {row["student"]: float(row["grade"]) for row in table if row["grade"]}
    finally:
        course.write_text(before, encoding="utf-8")
    assert (grades["late"], grades["ali"]) == (0.5, 1.0)


def test_the_graded_notebook_has_every_cell_that_was_handed_out_and_our_report_below_it(
    room: Room, graded: Ended
) -> None:
    notebook = room.autograded("mutilated")
    loop = cell_of(notebook, "check-4-5-loop")
    assert loop["source"] == text_of(cell_of(room.release, "check-4-5-loop"))
    assert loop["metadata"]["nbgrader"]["points"] == 4
    (output,) = loop["outputs"]
    assert (
        "✓ loop  4/4" in output["data"]["text/plain"] and "<code><bdi>loop</bdi></code>" in output["data"]["text/html"]
    )
    ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in notebook["cells"]]
    handed_out = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in room.release["cells"]]
    assert sorted(filter(None, ids)) == sorted(filter(None, handed_out))


def test_nbgraders_feedback_shows_our_comments_and_nothing_of_a_student_as_markup(room: Room, graded: Ended) -> None:
    page = (room.feedback() / "marked" / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")
    assert "✗ dloss_dw  0/1" in page and "course-check error" in page
    assert "ValueError: &lt;script&gt;alert(1)&lt;/script&gt;" in page and MARKUP not in page


def test_what_nbgrader_shows_is_worth_no_mark(room: Room, graded: Ended) -> None:
    student = Harvest()
    pages = [page.read_text(encoding="utf-8") for page in room.feedback().rglob("*.html")]
    for text in (*pages, *(room.comment(each, "4.6") for each in ("untouched", "vali", "marked"))):
        student.read(text)
    assert student.answers and passed_for_a_mark(student.program(BY_HAND)) == set()


def test_formgrader_shows_scores_comments_and_reports(room: Room, graded: Ended, browser: str, tmp_path: Path) -> None:
    with room.formgrader(tmp_path / "jupyter") as address:
        # What it would fetch from elsewhere draws formulas.
        offline = "--host-resolver-rules=MAP cdnjs.cloudflare.com 127.0.0.1:1"
        page = f"{address}/submissions/{room.submission('marked')}/"
        seen = unescape(look(browser, tmp_path, offline, "--virtual-time-budget=30000", "--dump-dom", page))
    assert 'placeholder="4.6: 0 / 6\n\n    ! gradient  0/3\n' in seen
    assert re.search(r'id="check-4-6-gradient"[^>]*placeholder="0"', seen)
    assert "course-check error" in seen


def test_what_a_teacher_says_of_a_misconception_is_in_the_comment_until_it_is_held_back(
    room: Room, graded: Ended
) -> None:
    room.grade()
    with closing(Gradebook(f"sqlite:///{room.group.book}")) as book:
        reports = book.reports(each.result for each in book.standing("vali") if each.exercise == "4.5")
        cause = next(check.causes[0].name for report in reports.values() for check in report.checks if check.causes)
        teacher = People(book.database).add("Nodira", Role.TEACHER).id
        Comments(book.database).on_cause("4.5", cause, f"Slide 12.\n{MARKUP}", teacher)
        room.grade()
        assert f"        Nodira: Slide 12.\n        {MARKUP}" in room.comment("vali", "4.5")
        assert "Slide 12." not in room.comment("ali", "4.5")
        FeedbackRules(book.database).set({"4.5": Showing.HELD}, teacher)
    room.grade()
    assert "Slide 12." not in room.comment("vali", "4.5")


def test_marks_set_by_hand_stay_and_a_second_run_changes_nothing(room: Room, graded: Ended) -> None:
    with room.book() as book:
        by_hand = book.find_grade("check-4-5-loop", ASSIGNMENT, ASSIGNMENT, "vali")
        by_hand.manual_score, by_hand.extra_credit, by_hand.needs_manual_grade = 3.0, 1.0, False
        said = book.find_comment("answer-4-5", ASSIGNMENT, ASSIGNMENT, "vali")
        said.manual_comment = "We talked about it."
        book.db.commit()
    files = {path: path.read_bytes() for path in (room.folder / "autograded").rglob("*.ipynb")}
    exported = room.exported()
    again = room.grade("-j", "2")
    assert again.counted[:2] == (0, 0)
    assert room.exported() == exported
    assert float(exported["vali"]["raw_score"]) == 8.0
    assert room.grades("vali")["check-4-5-loop"] == (0.0, 3.0, False)
    assert room.comment("vali", "4.5") == "We talked about it."
    assert {path: path.read_bytes() for path in (room.folder / "autograded").rglob("*.ipynb")} == files


def test_where_nothing_has_changed_nbgrader_is_not_even_imported(room: Room, graded: Ended) -> None:
    room.grade()
    # What is imported tells only a process that starts from nothing.
    options = {"PYTHONPROFILEIMPORTTIME": "1"}
    process = room.group.start("nbgrader", "grade", ASSIGNMENT, "--course-dir", "nb", **options)
    out, err = process.communicate()
    again = Ended(process.returncode, out, err)
    assert "grader.actions.teacher.grading_runs.grade" in again.err and "nbgrader.api" not in again.err
    assert again.counted[:2] == (0, 0)
    assert f"renamed/{ASSIGNMENT}/lecture-4 (1).ipynb: it was taken for {NAME}" in again.out


def test_what_is_taken_out_of_nbgraders_gradebook_or_folders_comes_back(room: Room, graded: Ended) -> None:
    room.grade()
    before, notebook = room.exported(), room.autograded("mutilated")
    with room.book() as book:
        book.remove_submission(ASSIGNMENT, "ali")
    shutil.rmtree(room.folder / "autograded" / "mutilated")
    assert "ali" not in room.exported() or room.exported()["ali"]["raw_score"] != before["ali"]["raw_score"]
    again = room.grade()
    assert again.counted[:2] == (0, 0)
    assert room.exported() == before
    assert room.autograded("mutilated") == notebook


def test_an_exercise_that_has_changed_is_judged_again_on_command_where_nothing_was_handed_in_since(
    room: Room, graded: Ended
) -> None:
    room.grade()
    before = room.scores("ali", "4.5")
    room.group.change("exercises/4.5/exercise.yaml", "points: 4", "points: 2")
    ended = room.grade("-j", "2")
    assert ended.counted[:2] == (0, 0) and any(
        line.startswith("4.5 ") for line in ended.below("Stale: judged before something changed. Their grades stay:")
    )
    assert room.grade("-j", "2", "--regrade").counted[0] > 0
    assert room.scores("ali", "4.5") == before
    assert room.grade("-j", "2", "--regrade", "--yes").counted[:2] == (0, 0)
    # The cell keeps its points: the share is what was earned.
    assert room.scores("ali", "4.5") == [2.0, 2.0, 4.0]
    room.group.change("exercises/4.5/exercise.yaml", "points: 2\n    run: script", "points: 4\n    run: script")
    room.grade("--regrade", "--yes")


def test_what_could_not_be_judged_has_no_score_and_is_for_a_person_to_look_at(room: Room, graded: Ended) -> None:
    room.hand_in("unlucky", room.filled({"4.5": f"# {__name__}\n{DEMO['right']}"}))
    ended = room.grade("--student", "unlucky", "--isolation", "full", lockless=True, code=4)
    assert "could not be judged" in ended.out
    assert {room.grades("unlucky")[f"check-4-5-{name}"] for name in ("forward", "loss", "loop")} == {(None, None, True)}
    assert "that is not your fault" in room.comment("unlucky", "4.5")


def test_table_and_reports_are_of_what_was_handed_in_last_as_nbgraders_marks_are(room: Room, graded: Ended) -> None:
    arguments = ("--student", "again", "--json", "again.json")
    for notebook, most in ((room.solved(), FULL), (room.release, 0)):
        room.hand_in("again", notebook)
        room.grade(*arguments)
        reports = json.loads((room.group.course / "again.json").read_text())["reports"]
        assert sum(report["score"] for report in reports) == most
        assert float(room.exported()["again"]["raw_score"]) == most


def test_what_computes_nothing_gets_nothing(room: Room, graded: Ended) -> None:
    """The last test: it hands in more. Of all that computes nothing the same is held in tests/grading/judge."""
    files = find_course(room.group.course)
    works = {id: work for id in files.exercise_ids() if isinstance(work := files.exercise(id).work, Coded)}
    for place, result in enumerate(HANDED_IN):
        room.hand_in(f"garbage{place}", room.filled({id: garbage(work, result) for id, work in works.items()}))
    room.grade("-j", "2")
    scores = [room.scores(f"garbage{place}", id) for place in range(len(HANDED_IN)) for id in works]
    assert {score for each in scores for score in each} == {0}
