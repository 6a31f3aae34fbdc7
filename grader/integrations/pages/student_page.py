"""The page of one student: each exercise with its checks, what was said of them, and how the grade came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.actions.teacher.results.said import SaidOf
from grader.actions.teacher.results.work_of import Work, WorkOf
from grader.core.cohort.at_risk import share_of
from grader.core.cohort.summary import Standing
from grader.core.course.exercise import Exercise
from grader.core.course.policies.policy import Grade, State
from grader.core.people.student import Student
from grader.core.report.report import CheckResult
from grader.core.words.message import Translate
from grader.integrations.pages.checks import CheckPart, check_part
from grader.integrations.pages.remarks import by_line, remarks_of
from grader.integrations.pages.rendering import render, span
from grader.integrations.pages.source_code import SourcePart, shown_source, source_part


@dataclass(frozen=True)
class WorkPart:
    """One exercise as the page shows it; `late` is empty where the work came in time, `lines` are its checks'."""

    id: str
    title: str
    grade: Grade
    state: str
    late: str
    checks: tuple[CheckPart, ...]
    lines: tuple[int, ...] = ()
    source: SourcePart | None = None
    said: SaidOf = SaidOf()


def student_page(
    student: Student,
    standings: Sequence[Standing],
    exercises: Sequence[Exercise],
    translate: Translate,
    language: str,
    home: str = "",
    handed_in: WorkOf = lambda _: None,
) -> str:
    """Return the page; `home` is the address of the class's page, empty where the page goes to the student.

    Args:
        handed_in: finds the file behind a grade, which the page shows.
    """
    mine = {standing.grade.exercise: standing for standing in standings if standing.grade.student == student.id}
    group = [
        mine.get(exercise.id) or Standing(Grade(student.id, exercise.id, State.MISSING, exercise.max_score))
        for exercise in exercises
    ]
    recorded = [standing.grade for standing in group if standing.grade.points is not None]
    return render(
        "student.html",
        translate,
        language,
        student=student,
        home=home,
        works=[_work(*pair, handed_in, translate, language) for pair in zip(exercises, group, strict=True)],
        points=sum(grade.points or 0.0 for grade in recorded),
        most=sum(grade.max_score for grade in recorded),
        share=share_of(group),
    )


def _work(exercise: Exercise, standing: Standing, handed_in: WorkOf, translate: Translate, language: str) -> WorkPart:
    grade = standing.grade
    checks = standing.report.checks if standing.report else ()
    work = handed_in(grade)
    lines, source = _source(work, checks, translate, language)
    return WorkPart(
        exercise.id,
        exercise.title.said_in(language),
        grade,
        translate("graded by an earlier version") if standing.stale else _state(grade.state, translate),
        span(grade.late, translate) if grade.late else "",
        tuple(check_part(check, translate, language) for check in checks),
        lines,
        source,
        work.said if work else SaidOf(),
    )


def _source(
    given: Work | None, checks: Sequence[CheckResult], translate: Translate, language: str
) -> tuple[tuple[int, ...], SourcePart | None]:
    """Return the line that each check is about, 0 where it is none, and the source with what is said of its lines."""
    if given is None:
        return (0,) * len(checks), None
    content, name = given.content, given.name
    source = shown_source(content, name, Path(name).suffix)
    told = [remarks_of(check, source, translate, language) for check in checks]
    lines = tuple(found[0].line if found else 0 for found in told)
    remarks = by_line(remark for found in told for remark in found)
    return lines, source_part(source, len(content), Path(name).suffix, remarks, translate)


def _state(state: State, translate: Translate) -> str:
    return {
        State.GRADED: translate("graded"),
        State.MISSING: translate("not handed in"),
        State.VOID: translate("not judged"),
        State.OVERRIDDEN: translate("set by hand"),
    }[state]
