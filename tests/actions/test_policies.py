"""Policies from course.yaml to what a student and a teacher are told: the rules themselves are tested in core."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from commanding import course
from repository import ROOT

from grader.actions.teacher.standings import grades
from grader.cli.printing.due import late_text
from grader.core.course.policies.lateness import Late
from grader.core.course.policies.policy import Extension, Override, Policy, Waiver
from grader.core.course.policies.slack import Slack
from grader.core.course.policies.trust import Trust
from grader.store.course.course_files import find_course
from grader.store.grades.gradebook import Gradebook, Recorded, Result
from grader.store.grades.schema.tables import gradings
from grader.store.students.submissions import Origin, record_submission

ATTEMPTS = 'policies:\n  attempts: {for: {asks: {free: 1, cost: 25 %, limit: 3}, "4.1": {pause: 1 h}}}\n'
SLACK = """\
policies:
  timezone: UTC
  due: {"4": 2026-01-10, "4.2": 2026-01-20}
  late: {penalty: 50 %, every: 1 day}
  slack: {days: 1}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a course of two exercises with stated values."""
    root = tmp_path / "course"
    for folder in ("exercises/4.1", "exercises/4.2", "solutions/4.1", "solutions/4.2"):
        if (ROOT / folder).is_dir():
            shutil.copytree(ROOT / folder, root / folder)
    shutil.copy(ROOT / "course.yaml", root)
    return root


def with_policies(root: Path, text: str) -> None:
    path = root / "course.yaml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def run(root: Path, *arguments: str, code: int | None = None) -> str:
    own = {"COURSE_STUDENT": "ali", "LANG": "en_US.UTF-8", "COURSE_SECRET": "sir", "HOME": str(root.parent)}
    done = course(*arguments, cwd=root, **own)
    assert code is None or done.returncode == code, done.stdout + done.stderr
    return str(done.stdout + done.stderr)


def test_a_student_is_told_what_an_attempt_costs_and_the_gradebook_takes_it(root: Path) -> None:
    with_policies(root, ATTEMPTS)
    assert "Attempts that count: 3." in run(root, "show", "4.2", code=0)
    told = [run(root, "submit", "4.2", "--answer", f"dL_dx={guess}") for guess in (3, 2, 15, 5)]
    assert "Attempt number 1.\nAnother one will cost 25 % of its score." in told[0]
    assert "It costs 50 % of the score.\nIt was the last one that counts." in told[2]
    assert "This is attempt number 4; 3 count, so it changes no grade." in told[3]
    run(root, "grade", "submissions", "-j", "1", "--isolation", "none", code=0)
    explained = json.loads(run(root, "explain", "ali", "4.2", "--json", code=0))
    assert [(each["attempt_number"], each["aside"]) for each in explained["attempts"]] == [
        (1, None),
        (2, None),
        (3, None),
        (4, "limit"),
    ]
    assert "does not count: it is attempt number 4, and 3 count" in run(root, "explain", "ali", "4.2")


def test_who_asks_too_soon_is_refused_and_nothing_is_recorded(root: Path) -> None:
    with_policies(root, ATTEMPTS)
    run(root, "submit", "4.1", "--answer", "3")
    for _ in range(2):
        refused = run(root, "submit", "4.1", "--answer", "-8", code=2)
        assert "the next attempt at 4.1 can be handed in from" in refused
    assert len(list(root.glob("submissions/ali/4.1/*/"))) == 1
    # The same again is no new attempt, so there is nothing to wait for.
    run(root, "submit", "4.1", "--answer", "3", code=1)


def test_slack_days_move_grades_and_every_road_tells_where_they_went(root: Path) -> None:
    with_policies(root, SLACK)
    for exercise, day in (("4.1", 10), ("4.2", 20)):
        late = datetime(2026, 1, day, 23, 59, 59, 999_999, UTC) + timedelta(hours=3)
        hand_in(root, exercise, late)
    run(root, "grade", "submissions", "-j", "1", "--isolation", "none", code=0)
    grades = {line.split(",")[3]: line.split(",") for line in run(root, "export", "csv").splitlines()[1:]}
    most = {id: float(line[6]) for id, line in grades.items()}
    spent = {id: line[-1] for id, line in grades.items()}
    assert most["4.2"] > most["4.1"] and spent == {"4.1": "0", "4.2": "1"}
    assert (float(grades["4.1"][8]), float(grades["4.2"][8])) == (most["4.1"] / 2, most["4.2"])
    assert "slack days spent on it: 1" in run(root, "explain", "ali", "4.2")


def test_the_same_bytes_again_after_the_due_date_cost_nothing_where_the_last_attempt_counts(root: Path) -> None:
    with_policies(root, SLACK.replace("  slack: {days: 1}\n", "  attempts: last\n"))
    for moment in (datetime(2026, 1, 10, 22, tzinfo=UTC), datetime(2026, 1, 11, 0, 10, tzinfo=UTC)):
        hand_in(root, "4.1", moment)
    for about in (root / "submissions").rglob("submission.json"):
        # As `course submit` records it, which knows no download.
        told = {key: each for key, each in json.loads(about.read_bytes()).items() if key not in ("trust", "from")}
        about.unlink()
        about.write_text(json.dumps(told), encoding="utf-8")
    run(root, "grade", "submissions", "-j", "1", "--isolation", "none")
    (row,) = csv.DictReader(io.StringIO(run(root, "export", "csv", "--only", "4.1", code=0)))
    assert (row["grade"], row["attempts"], row["submitted"][:16]) == ("1", "1", "2026-01-10T22:00")


def test_an_exercise_that_is_not_right_moves_no_slack_day_of_others(root: Path) -> None:
    with_policies(root, SLACK)
    for exercise, day in (("4.1", 10), ("4.2", 20)):
        hand_in(root, exercise, datetime(2026, 1, day, 23, 59, 59, 999_999, UTC) + timedelta(hours=3))
    run(root, "grade", "submissions", "-j", "1", "--isolation", "none", code=0)
    path = root / "exercises" / "4.2" / "exercise.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "pionts: 3\n", encoding="utf-8")
    said = run(root, "explain", "ali", "4.1", code=3)
    assert "exercises/4.2/exercise.yaml" in said and "pionts" in said


class TestDaysThatWereSpentWhenGradesWereGivenOut:
    """One day, late work at two due dates: worth more at the second, of which nothing was known at the release."""

    RELEASED = datetime(2026, 2, 1, tzinfo=UTC)

    @pytest.fixture
    def spent(self, root: Path, tmp_path: Path) -> Iterator[Callable[[], dict[str, int]]]:
        with_policies(root, SLACK.replace("{days: 1}", "{days: 1, released: 2026-02-01}"))
        files = find_course(root)
        self.book = Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}")
        self.numbers = {}
        for exercise, day in (("4.1", 10), ("4.2", 20)):
            late = datetime(2026, 1, day, 23, 59, 59, 999_999, UTC) + timedelta(hours=3)
            row = Recorded(0, "ali", exercise, late, exercise, trust=Trust.SERVER)
            (self.numbers[exercise],) = self.book.add_submissions([(row, Path("x"))])

        def days() -> dict[str, int]:
            found = grades(files, files.exercises(), self.book, self.book.standing())
            return {exercise: grade.slack for (_, exercise), grade in found.items()}

        self.judged("4.1", datetime(2026, 1, 25, tzinfo=UTC))
        yield days
        self.book.close()

    def judged(self, exercise: str, at: datetime) -> None:
        most = {"4.1": 1.0, "4.2": 2.0}[exercise]
        self.book.add_result(Result(exercise, exercise, most, most, {}, {}), [self.numbers[exercise]])
        with self.book.database.writing() as connection:
            mine = gradings.c.submission == self.numbers[exercise]
            connection.execute(gradings.update().where(mine).values(at=at))

    def test_they_stay_whatever_is_judged_later(self, spent: Callable[[], dict[str, int]]) -> None:
        assert spent()["4.1"] == 1
        self.judged("4.2", self.RELEASED + timedelta(days=9))
        assert spent() == {"4.1": 1, "4.2": 0}

    def test_what_was_judged_before_had_the_day(self, spent: Callable[[], dict[str, int]]) -> None:
        self.judged("4.2", self.RELEASED - timedelta(days=2))
        assert spent() == {"4.1": 0, "4.2": 1}

    @pytest.mark.parametrize("decision", ["override", "waiver", "extension"])
    def test_they_stay_whatever_is_decided_later(self, spent: Callable[[], dict[str, int]], decision: str) -> None:
        self.judged("4.2", self.RELEASED - timedelta(days=2))
        said = ("x", "Nodira", self.RELEASED + timedelta(days=9))
        if decision == "override":
            self.book.add_override("ali", "4.2", Override(0.5, *said))
        elif decision == "waiver":
            self.book.add_waiver("ali", "4.2", Waiver(True, *said))
        else:
            self.book.add_extension("ali", "4.2", Extension(datetime(2026, 1, 30, tzinfo=UTC), *said))
        assert spent()["4.1"] == 0


def test_who_is_late_is_told_that_slack_days_may_make_up_for_it() -> None:
    due = datetime(2026, 1, 10, tzinfo=UTC)
    policy = Policy(due={"4": due}, late=Late(penalty=0.2), zone=UTC)
    later = due + timedelta(hours=2)
    assert str(late_text(policy, "4.1", "ali", later)).endswith("lower for that by 20 %.")
    assert "Slack days that are left" in str(late_text(replace(policy, slack=Slack(4)), "4.1", "ali", later))


def hand_in(root: Path, exercise: str, moment: datetime) -> None:
    """Record the right answers as if a system had told this moment."""
    right = {"4.1": b"dloss_dw: -8\n", "4.2": b"dL_dx: 15\ndL_dy: 10\n"}
    record_submission(root, "ali", exercise, ".yaml", right[exercise], Origin(moment, Trust.SYSTEM, {}))
