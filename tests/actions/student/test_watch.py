"""Work is judged anew whenever its content changes, whatever an editor does to the file, and nothing is recorded."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from grading import SECRET
from repository import ROOT, copy_course

from grader.actions.student.watch import Seen, watch
from grader.cli.printing.points import points_at_once
from grader.core.report.report import Verdict
from grader.core.words.errors import UsageFault
from grader.sandbox.choose import make_box
from grader.sandbox.kept import KeptBox
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import find_course
from grader.store.students.saves import looks

RIGHT = (ROOT / "solutions" / "4.5" / "solution.py").read_text(encoding="utf-8")
WRONG = RIGHT.replace("w.grad.zero_()", "pass")
Change = Callable[[Path], object]


def saved(text: str, name: str = "4.5.py") -> Change:
    def change(work: Path) -> None:
        work.mkdir(exist_ok=True)
        (work / name).write_text(text, encoding="utf-8")

    return change


def renamed_to(text: str) -> Change:
    """Save as most editors do: beside the file, and then in its place."""

    def change(work: Path) -> None:
        (work / ".4.5.py.swp").write_text(text, encoding="utf-8")
        (work / ".4.5.py.swp").replace(work / "4.5.py")

    return change


def deleted(work: Path) -> None:
    (work / "4.5.py").unlink()


class Course:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.made: list[Sandbox] = []
        self.box = KeptBox(self._make)

    def _make(self, preload: Iterable[str]) -> Sandbox:
        self.made.append(make_box("none", preload))
        return self.made[-1]

    def seen(self, *changes: Change, ids: tuple[str, ...] | None = ("4.5",)) -> list[Seen]:
        """Return what is told where these changes are made one after the other; a look follows on each."""

        def after_each() -> Iterator[None]:
            for change in changes:
                change(self.root / "work")
                yield

        return list(watch(find_course(self.root), ids, "ali", self.box, after_each(), points_at_once))


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Course]:
    monkeypatch.setenv("COURSE_SECRET", SECRET)
    course = Course(copy_course(tmp_path / "course"))
    yield course
    course.box.close()


def told(seen: Seen) -> float | str | None:
    return seen.judgement.report.score if seen.judgement else type(seen.fault).__name__


def test_only_a_new_content_is_judged_and_what_changed_is_known(watched: Course) -> None:
    seen = watched.seen(
        lambda work: None,
        saved(RIGHT),
        lambda work: os.utime(work / "4.5.py"),
        renamed_to(WRONG),
        saved("for x in ("),
        deleted,
        lambda work: work.rmdir(),
        saved(RIGHT),
    )
    assert [(told(each), each.changed) for each in seen] == [
        ("UsageFault", None),
        (8.0, None),
        (4.0, ("loop",)),
        (0.0, ("forward", "loss", "loop")),
        ("UsageFault", None),
        (8.0, None),
    ]
    assert len(watched.made) == 1


def test_it_is_practice_at_numbers_that_may_be_shown_also_beside_the_secret(watched: Course) -> None:
    (seen,) = watched.seen(saved(RIGHT))
    assert seen.judgement is not None and seen.judgement.report.practice
    assert not (watched.root / "submissions").exists()


def test_a_program_that_never_ends_costs_the_next_save_nothing(watched: Course) -> None:
    exercise = watched.root / "exercises" / "4.5" / "exercise.yaml"
    text = exercise.read_text(encoding="utf-8").replace("    limits: {wall: 10 s, memory: 512 MiB}\n", "")
    exercise.write_text(text.replace("  - name: ", "  - limits: {wall: 1 s, cpu: 1 s}\n    name: "), encoding="utf-8")
    hanging, right = watched.seen(saved(f"{RIGHT}\nimport time\nwhile True:\n    time.sleep(0.01)\n"), saved(RIGHT))
    assert hanging.judgement is not None
    assert Verdict.ERROR in {check.verdict for check in hanging.judgement.report.checks}
    assert told(right) == 8.0


def test_without_an_exercise_all_that_lies_in_work_is_watched_when_it_comes(watched: Course) -> None:
    (watched.root / "exercises" / "4.6" / "exercise.yaml").write_text("title: [", encoding="utf-8")
    both = saved("ybar: 1\n", "4.1.yaml")
    seen = watched.seen(lambda work: None, saved(RIGHT), both, saved("x", "4.6.py"), lambda work: None, ids=None)
    assert [(each.exercise, each.first) for each in seen] == [("4.5", True), ("4.1", True), ("4.6", True)]
    assert told(seen[2]) == "CourseInvalid"


def test_answers_that_cost_an_attempt_are_not_watched(watched: Course) -> None:
    about = watched.root / "course.yaml"
    limit = "policies:\n  attempts: {limit: 3}\n"
    about.write_text(f"{about.read_text(encoding='utf-8')}\n{limit}", encoding="utf-8")
    assert [told(each) for each in watched.seen(saved(RIGHT))] == [8.0]
    with pytest.raises(UsageFault):
        watched.seen(saved("ybar: 1\n", "4.1.yaml"), ids=("4.1",))


def test_looking_goes_on_where_the_system_cannot_tell_of_changes(tmp_path: Path) -> None:
    look = looks(tmp_path / "not there" / "work")
    assert [next(look) for _ in range(3)] == [None, None, None]
