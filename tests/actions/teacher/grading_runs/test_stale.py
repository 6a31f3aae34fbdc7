"""A mark stands until somebody has its work judged again: what is stale is told, and moves on command only."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from repository import BEFORE

from grader.actions.teacher.grading_runs import basis
from grader.actions.teacher.grading_runs.grade import grade
from grader.actions.teacher.grading_runs.grade_run import GradeRequest, GradeRun, Regrade
from grader.actions.teacher.grading_runs.regrade import declined
from grader.actions.teacher.grading_runs.versions import Versions
from grader.actions.teacher.standings import standings
from grader.core.cohort.summary import Standing
from grader.core.judge.digests import JUDGING
from grader.core.people.student import Student
from grader.core.words.errors import CouldNotJudge
from grader.core.words.message import say
from grader.grading.batch.first_pass import TakesLong
from grader.grading.batch.task import Later, Outcome, Task, close_boxes, in_the_end, judge_or_put_off
from grader.integrations.lms.grade_table import write_csv
from grader.integrations.lms.gradescope import of_standing
from grader.integrations.pages.class_page import class_page
from grader.integrations.pages.student_page import student_page
from grader.store.course.course_files import CourseFiles, find_course
from grader.store.grades.gradebook import Gradebook, Result

T = TypeVar("T")
AT = datetime(2026, 11, 28, tzinfo=UTC)
# What the gradebook there was written with.
SECRET, TORCH, PYTHON = b"qovun", "2.13.0+cpu", "3.11"


class Here:
    """Judges in this process, one task after another, without a lock: what is handed in here is our own."""

    def __init__(self) -> None:
        self.tasks: list[str] = []

    def begin(self, isolation: str, most: int, torch: bool = False) -> None:
        pass

    def judge(self, tasks: Iterable[tuple[T, Task]]) -> Iterator[tuple[T, Outcome]]:
        for tag, task in tasks:
            self.tasks.append(task.filename)
            yield tag, self.outcome(task)

    def outcome(self, task: Task) -> Outcome:
        outcome = judge_or_put_off(in_the_end(replace(task, isolation="none")))
        assert not isinstance(outcome, TakesLong)
        return outcome.outcome if isinstance(outcome, Later) else outcome

    def close(self) -> None:
        pass


class Meanwhile(Here):
    """Something happens while it judges."""

    def __init__(self, happens: Callable[[], None]) -> None:
        super().__init__()
        self.happens = happens

    def outcome(self, task: Task) -> Outcome:
        self.happens()
        return super().outcome(task)


class Unlucky(Here):
    """A machine that comes to nothing."""

    def outcome(self, task: Task) -> Outcome:
        return CouldNotJudge(say("the program could not be run: {detail}", detail="no power"))


class FullBook(Gradebook):
    """A gradebook whose disk is full after some results."""

    room = 1

    def add_result(self, result: Result, submissions: Iterable[int], evidence: Mapping[str, Any] | None = None) -> int:
        if not self.room:
            raise CouldNotJudge(
                say("the gradebook {url} cannot be used: {words}. What was recorded stays.", url="x", words="full")
            )
        self.room -= 1
        return super().add_result(result, submissions, evidence)


class Silent:
    def begin(self, total: int) -> None:
        pass

    def advance(self, exercise: str) -> None:
        pass


class Room:
    """A copy of the small course, with the gradebook that the grader before wrote."""

    def __init__(self, course: Path) -> None:
        self.course = course
        self.workers: Here = Here()
        self.proposed: list[Regrade] = []
        self.make_book = Gradebook

    @property
    def files(self) -> CourseFiles:
        return find_course(self.course)

    def book(self) -> Gradebook:
        return self.make_book(f"sqlite:///{self.course / 'gradebook.db'}")

    def change(self, id: str, old: str, new: str) -> None:
        path = self.course / "exercises" / id / "exercise.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def hand_in(self, student: str, name: str, text: str) -> None:
        path = self.course / "class" / student / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def grade(
        self,
        accept: Callable[[Regrade], bool] | None = None,
        secret: bytes = SECRET,
        isolation: str = "full",
        as_found: bool = False,
    ) -> GradeRun:
        """Grade the class; with `accept`, judge again what is stale."""

        def told(proposed: Regrade) -> bool:
            self.proposed.append(proposed)
            return (accept or declined)(proposed)

        request = GradeRequest(self.course / "class", secret, False, isolation, regrade=accept is not None)
        with closing(self.book()) as book:
            return grade(self.files, replace(request, as_found=as_found), book, self.workers, Silent(), told)

    def points(self) -> dict[tuple[str, str], float | None]:
        return {(each.grade.student, each.grade.exercise): each.grade.points for each in self.standings()}

    def standings(self) -> list[Standing]:
        with closing(self.book()) as book:
            students = ("ali", "vali", "zuhra")
            return list(standings(self.files, self.files.exercises(), students, book, versions=Versions(self.files)))


def accepted(_: Regrade) -> bool:
    return True


def counted(run: GradeRun) -> tuple[int, int, int]:
    return run.judged, run.same, run.reused


def told(run: GradeRun) -> set[tuple[str, str, tuple[str, ...]]]:
    """Return what is told to be stale, and why."""
    return {
        (each.recorded.student, each.recorded.exercise, tuple(reason.said(str) for reason in each.reasons))
        for each in run.stale
    }


def reasons(run: GradeRun) -> set[str]:
    return {reason for _, _, some in told(run) for reason in some}


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    # What is told of files, versions and secrets is told of results by the same rules.
    monkeypatch.setattr(basis, "JUDGING", 1)
    monkeypatch.setattr(basis, "torch_version", lambda: TORCH)
    monkeypatch.setattr(basis, "python_version", lambda: PYTHON)
    shutil.copytree(BEFORE, tmp_path / "course")
    return Room(tmp_path / "course")


@pytest.fixture(scope="module", autouse=True)
def _boxes() -> Iterator[None]:
    yield
    close_boxes()


# --- A gradebook of the version before ---


def test_a_class_that_was_graded_before_is_not_judged_again_and_keeps_its_grades(room: Room) -> None:
    run = room.grade()
    assert (counted(run), run.changes, run.stale) == ((0, 0, 8), [], [])
    written = list(csv.reader((BEFORE / "grades.csv").read_text(encoding="utf-8").splitlines()))
    now = list(csv.reader(write_csv(room.standings(), {}).splitlines()))
    # Columns have come since, at the end.
    assert [line[: len(written[0])] for line in now] == written


def test_a_class_that_was_graded_before_has_nothing_to_be_regraded(room: Room) -> None:
    run = room.grade(accepted)
    assert (counted(run), run.regrade, room.proposed) == ((0, 0, 8), None, [])


def test_a_class_that_was_graded_from_another_folder_is_known_too(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(room.course.parent)
    assert room.grade().stale == []
    monkeypatch.chdir(room.course / "exercises")
    assert room.grade().stale == []


@pytest.mark.parametrize(
    ("file", "exercise"),
    [
        ("exercises/9.1/exercise.yaml", "9.1"),
        ("exercises/9.2/starter.py", "9.2"),
        ("solutions/9.2/solution.py", "9.2"),
        ("solutions/9.2/wrong/squared.py", "9.2"),
        ("solutions/9.3/tests/test_means.py", "9.3"),
    ],
)
def test_of_rows_of_before_only_what_rests_on_a_changed_file_is_stale(room: Room, file: str, exercise: str) -> None:
    path = room.course / file
    path.write_text(path.read_text(encoding="utf-8") + "\n# Changed.\n", encoding="utf-8")
    run = room.grade()
    assert counted(run) == (0, 0, 8)
    assert {(id, why) for _, id, why in told(run)} == {(exercise, ("the exercise has changed",))}


def test_what_is_handed_in_after_the_update_is_judged_alone(room: Room) -> None:
    room.hand_in("new", "9.1.yaml", "dloss_dw: -12\n")
    run = room.grade()
    assert (counted(run), run.stale, room.workers.tasks) == ((1, 0, 8), [], ["9.1.yaml"])
    assert run.grades["new", "9.1"].score == 2


# --- What is stale, and why ---


def test_a_typo_mended_in_a_prompt_makes_nothing_stale(room: Room) -> None:
    room.hand_in("new", "9.1.yaml", "dloss_dw: -12\n")
    room.grade()
    room.change("9.1", "by hand", "by hand, please")
    run = room.grade()
    assert run.judged == 0
    # Rows of before say no more than which bytes they rest on; the new one knows that nothing was changed that counts.
    assert {student for student, _, _ in told(run)} == {"ali", "vali", "zuhra"}


@pytest.mark.parametrize(
    ("name", "version", "said"),
    [
        ("torch_version", "3.0.0", f"torch was {TORCH} and is 3.0.0"),
        ("python_version", "3.99", f"Python was {PYTHON} and is 3.99"),
    ],
)
def test_another_version_makes_results_stale_and_judges_nothing(
    room: Room, monkeypatch: pytest.MonkeyPatch, name: str, version: str, said: str
) -> None:
    monkeypatch.setattr(basis, name, lambda: version)
    run = room.grade()
    assert (counted(run), len(run.stale), reasons(run)) == ((0, 0, 8), 8, {said})


def test_other_rules_of_judging_make_results_stale(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(basis, "JUDGING", JUDGING)
    run = room.grade()
    assert (run.judged, len(run.stale), reasons(run)) == (0, 8, {"the grader judges by other rules"})


def test_another_isolation_makes_results_of_programs_stale(room: Room) -> None:
    run = room.grade(isolation="reduced")
    assert {id for _, id, _ in told(run)} == {"9.2", "9.3"}
    assert reasons(run) == {"isolation was full and is reduced"}


def test_another_secret_makes_results_stale(room: Room) -> None:
    run = room.grade(secret=b"another")
    assert (run.judged, len(run.stale), reasons(run)) == (0, 8, {"the course's secret has changed"})


def test_what_is_changed_back_is_not_stale_any_more(room: Room) -> None:
    room.change("9.1", "points: 2", "points: 3")
    assert len(room.grade().stale) == 3
    room.change("9.1", "points: 3", "points: 2")
    assert room.grade().stale == []


def test_a_notebook_under_the_name_of_a_program_is_judged_when_it_gets_its_own(room: Room) -> None:
    cell = {"cell_type": "code", "source": "def double(x):\n    return 2 * x"}
    text = json.dumps({"cells": [cell]})
    room.hand_in("new", "9.2.py", text)
    assert room.grade().grades["new", "9.2"].score == 0
    path = room.course / "class/new/9.2.py"
    path.rename(path.with_suffix(".ipynb"))
    run = room.grade()
    assert (run.judged, run.grades["new", "9.2"].score) == (1, 3)


# --- Judging again ---


def test_a_changed_exercise_moves_no_mark_by_itself(room: Room) -> None:
    before = room.points()
    room.change("9.1", "y: 5", "y: 6")
    room.change("9.1", ", expect: -12", "")
    run = room.grade()
    assert (counted(run), run.changes, room.points()) == ((0, 0, 8), [], before)


def test_a_regrade_lists_whose_mark_would_change_and_moves_nothing_where_it_is_declined(room: Room) -> None:
    before = room.points()
    room.change("9.1", "y: 5", "y: 6")
    room.change("9.1", ", expect: -12", "")
    run = room.grade(declined)
    # Vali's -12.0 is another file than Ali's -12; Zuhra's mark was set by hand.
    assert counted(run) == (3, 0, 5)
    (proposed,) = room.proposed
    listed = {(each.after.student, each.before.points, each.after.points) for each in proposed.changes}
    assert listed == {("ali", 2.0, 0.0), ("vali", 1.6, 0.0)}
    assert (proposed.submissions, proposed.void) == (3, 0)
    assert (run.changes, room.points(), len(run.stale)) == ([], before, 3)


def test_saying_yes_later_judges_nothing_and_lets_the_new_results_count(room: Room) -> None:
    room.change("9.1", "y: 5", "y: 6")
    room.change("9.1", ", expect: -12", "")
    room.grade(declined)
    run = room.grade(accepted)
    assert (counted(run), run.stale) == ((0, 0, 8), [])
    assert run.regrade is not None and run.regrade.counts
    assert {(each.after.student, each.after.points) for each in run.changes} == {("ali", 0.0), ("vali", 0.0)}
    assert room.points()["ali", "9.1"] == 0.0 and room.points()["zuhra", "9.1"] == 1.0
    assert room.grade().stale == []


@pytest.mark.parametrize("accept", [None, accepted])
def test_whose_work_is_taken_out_of_sight_while_it_is_judged_has_no_other_grade(
    room: Room, accept: Callable[[Regrade], bool] | None
) -> None:
    def forget() -> None:
        with closing(room.book()) as book:
            book.forget(["vali"], True, "left", "Nodira", AT)

    room.change("9.1", "y: 5", "y: 6")
    room.change("9.1", ", expect: -12", "")
    room.hand_in("ali", "9.3.py", "x = 1\n")
    room.workers = Meanwhile(forget)
    run = room.grade(accept)
    assert "vali" not in {student for student, _ in run.grades}
    assert {each.after.student for each in run.changes} == ({"ali"} if accept else set())


def test_a_regrade_judges_what_is_new_as_always(room: Room) -> None:
    room.change("9.1", "y: 5", "y: 6")
    room.change("9.1", ", expect: -12", "")
    room.hand_in("new", "9.1.yaml", "dloss_dw: -16\n")
    run = room.grade(declined)
    assert (counted(run), run.grades["new", "9.1"].score) == ((4, 0, 5), 2.0)


def test_of_the_same_bytes_a_new_submission_gets_its_result_and_the_stale_one_keeps_its_own(room: Room) -> None:
    room.change("9.1", "y: 5", "y: 6")
    room.change("9.1", ", expect: -12", "")
    room.hand_in("new", "9.1.yaml", "dloss_dw: -12\n")
    run = room.grade()
    assert (counted(run), run.grades["new", "9.1"].points, run.grades["ali", "9.1"].points) == ((1, 0, 8), 0.0, 2.0)


def test_a_regrade_that_comes_to_nothing_leaves_the_marks_standing(room: Room) -> None:
    before = room.points()
    room.change("9.1", "points: 2", "points: 3")
    room.workers = Unlucky()
    run = room.grade(accepted)
    assert run.regrade is not None
    assert (run.regrade.void, run.regrade.counts, run.void, room.proposed) == (3, False, 0, [])
    assert (run.changes, room.points(), len(run.stale)) == ([], before, 3)


def test_work_that_could_not_be_judged_has_no_result_that_stands_and_is_tried_again(room: Room) -> None:
    room.hand_in("new", "9.1.yaml", "dloss_dw: -12\n")
    room.workers = Unlucky()
    assert room.grade().void == 1
    room.workers = Here()
    run = room.grade()
    assert (counted(run), run.grades["new", "9.1"].score) == ((1, 0, 8), 2.0)


def test_marks_that_are_kept_elsewhere_follow_the_same_rule(room: Room) -> None:
    before = room.grade(as_found=True).grades
    room.change("9.1", "y: 5", "y: 6")
    room.change("9.1", ", expect: -12", "")
    run = room.grade(as_found=True)
    assert (run.judged, run.grades, len(run.stale)) == (0, before, 3)
    run = room.grade(accepted, as_found=True)
    assert {(each.after.student, each.after.points) for each in run.changes} == {("ali", 0.0), ("vali", 0.0)}


def test_every_submission_is_counted_once(room: Room) -> None:
    room.change("9.1", "points: 2", "points: 3")
    room.hand_in("new", "9.1.yaml", "dloss_dw: -12\n")
    for accept in (None, declined, accepted):
        run = room.grade(accept)
        assert sum(counted(run)) == run.found == 9


# --- A grade of an earlier version, until there is a new one ---


def states(room: Room) -> dict[tuple[str, str], str]:
    lines = csv.DictReader(io.StringIO(write_csv(room.standings(), {}), newline=""))
    return {(line["student"], line["exercise"]): line["state"] for line in lines}


def test_a_grade_of_an_earlier_version_counts_and_is_marked_in_exports_and_pages(room: Room) -> None:
    room.grade()
    before = room.points()
    room.change("9.1", "points: 2", "points: 4")
    assert room.points() == before
    assert states(room)["ali", "9.1"] == "stale" and states(room)["ali", "9.2"] == "graded"
    everyone = {id: Student(id) for id in ("ali", "vali", "zuhra")}
    arguments = everyone, room.files.exercises(), str, "en"
    assert "2†" in class_page("title", room.standings(), *arguments, AT)
    assert "graded by an earlier version" in student_page(everyone["ali"], room.standings(), *arguments[1:])
    (found,) = [each for each in room.standings() if (each.grade.student, each.grade.exercise) == ("ali", "9.1")]
    assert "An earlier version" in str(of_standing(found, str, "en"))


@pytest.mark.parametrize("accept", [None, accepted])
def test_a_regrade_that_comes_to_nothing_leaves_the_grade_and_its_mark(
    room: Room, accept: Callable[[Regrade], bool] | None
) -> None:
    room.grade()
    before = room.points()
    room.change("9.1", "points: 2", "points: 4")
    room.workers = Unlucky()
    room.grade(accept)
    assert room.points() == before and states(room)["ali", "9.1"] == "stale"
    room.workers = Here()
    room.grade(accepted)
    assert room.points()["ali", "9.1"] == 4 and states(room)["ali", "9.1"] == "graded"


def test_a_result_that_could_not_be_judged_takes_no_grade_away_that_was_given_before(room: Room) -> None:
    room.grade()
    before = room.points()
    with closing(room.book()) as book:
        (own,) = [each for each in book.standing() if (each.student, each.exercise) == ("ali", "9.1")]
        facts = book.rests_on([own.result])[own.result]
        void = Result("other", "9.1", None, 4.0, {}, {**facts, "judging_sha256": "another"})
        book.add_result(void, [own.id])
    assert room.points() == before and states(room)["ali", "9.1"] == "graded"


# --- A gradebook that takes no more ---


def test_a_full_gradebook_ends_the_run_and_keeps_what_was_recorded(room: Room) -> None:
    room.grade()
    for student in ("new", "newer", "newest"):
        room.hand_in(student, "9.1.yaml", f"dloss_dw: -{len(student)}\n")
    room.make_book = FullBook
    run = room.grade()
    assert (run.judged, len(room.workers.tasks)) == (1, 2) and run.unrecorded is not None
    assert "full" in run.unrecorded.said(str)
    room.make_book = Gradebook
    again = room.grade()
    assert (again.judged, again.unrecorded, again.void) == (2, None, 0)
