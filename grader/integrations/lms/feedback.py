"""What students are told of their work, in the forms in which learning management systems take it back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

from grader.actions.teacher.results.comments_of import said_to_students
from grader.actions.teacher.results.export_format import Grades, Lists
from grader.actions.teacher.results.said import Said, SaidAbout
from grader.actions.teacher.results.work_of import WorkOf, work_of
from grader.core.cohort.summary import Standing
from grader.core.course.exercise import Exercise
from grader.core.course.policies.told_policies import not_the_score
from grader.core.findings.held_back import held_back
from grader.core.findings.telling import told_check
from grader.core.people.student import Student
from grader.core.report.report import CheckResult
from grader.core.words.message import Message, Translate, clean, say
from grader.core.words.numbers import show
from grader.integrations.pages.checks import verdict_word
from grader.integrations.pages.remarks import place_of
from grader.integrations.pages.source_code import shown_source
from grader.integrations.pages.student_page import student_page
from grader.integrations.pages.writing import in_zone
from grader.store.machine.zips import zipped

FORMS = ("text", "html")


def comments(grades: Grades, form: str) -> dict[str, str]:
    """Return what each student is told in a column of comments: nothing of work that is not judged.

    Both forms are HTML, which is what such a column takes: `text` has lines alone, `html` headings and lists.
    """
    exercises = {exercise.id: exercise for exercise in grades.chosen.exercises}
    tell = _as_html if form == "html" else _as_lines
    said = said_to_students(grades.files, grades.book)
    find = work_of(grades.book, said)
    return {
        student: "".join(
            tell(_told_of(exercises[each.grade.exercise], each, said, find, grades.translate, grades.language))
            for each in standings
            if each.report is not None and each.grade.points is not None
        )
        for student, standings in _by_student(grades.standings()).items()
    }


def untold(grades: Grades, how: Message) -> Lists:
    """Return the list of grades that are what they are by lateness, attempts, early work or slack days.

    What a teacher set by hand is no news to the teacher.

    Args:
        how: how students are told.
    """
    listed = (
        f"{each.grade.student} {each.grade.exercise}: " + " ".join(_changed(each, grades.translate, grades.language))
        for each in grades.standings()
        if each.grade.points is not None and each.grade.override is None and any(not_the_score(each.grade))
    )
    heading = say(
        "Lateness, attempts, early work or slack days had a part in these grades, and the file does not say so. {how}",
        how=how,
    )
    return ((heading, tuple(listed)),)


def pages(grades: Grades) -> dict[str, str]:
    """Return the page of each student of whose work something is judged."""
    zone = grades.files.course.policy.zone
    tells = {exercise.id: exercise.tells for exercise in grades.chosen.exercises}

    def shown(standing: Standing) -> Standing:
        report = standing.report
        return standing if report is None else replace(standing, report=held_back(report, tells[report.exercise]))

    find = work_of(grades.book, said_to_students(grades.files, grades.book))
    students, chosen = grades.chosen.students, grades.chosen.exercises
    return {
        student: student_page(
            students.get(student, Student(student)), mine, chosen, grades.translate, grades.language, "", find
        )
        for student, mine in _by_student(shown(in_zone(each, zone)) for each in grades.standings()).items()
        if any(each.report is not None and each.grade.points is not None for each in mine)
    }


def packed(files: Mapping[str, str]) -> bytes:
    """Return texts as a ZIP, by their names in it."""
    return zipped({name: text.encode() for name, text in files.items()})


def as_name(text: str) -> str:
    """Return a person's name as part of the name of a file: systems part names at each underscore."""
    return re.sub(r"[_/\\:*?\"<>|\x00-\x1f]+", " ", text).strip(" .") or "student"


def _by_student(standings: Iterable[Standing]) -> dict[str, list[Standing]]:
    found: dict[str, list[Standing]] = {}
    for each in standings:
        found.setdefault(each.grade.student, []).append(each)
    return found


@dataclass(frozen=True)
class _Told:
    """What a student is told of an exercise: each part is some lines of text."""

    head: str
    changed: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]


def _told_of(
    exercise: Exercise, standing: Standing, said: SaidAbout, find: WorkOf, translate: Translate, language: str
) -> _Told:
    grade = standing.grade
    comments = said(grade.student, grade.exercise, grade.attempt.content if grade.attempt else "")
    checks = [
        (*_told(check, translate, language), *_lines(comments.of(check))) for check in _checks(exercise, standing)
    ]
    work = find(grade) if comments.on_lines else None
    source = work and shown_source(work.content, work.name, Path(work.name).suffix)
    on_lines = [
        (f"{place_of(source, line, translate, language)}:", *_lines(each)) if source else _lines(each)
        for line, each in comments.on_lines.items()
    ]
    changed = tuple(_changed(standing, translate, language))
    return _Told(_head(exercise, standing, language), changed, (*checks, *on_lines))


def _lines(said: Said | None) -> tuple[str, ...]:
    return () if said is None else tuple(said.shown.splitlines())


def _as_lines(told: _Told) -> str:
    lines = (told.head, *told.changed, *(line for part in told.parts for line in part))
    return "".join(f"{escape(clean(line))}<br>\n" for line in lines)


def _as_html(told: _Told) -> str:
    items = ("<br>\n".join(escape(clean(line)) for line in part) for part in told.parts)
    listed = "".join(f"<li>{item}</li>\n" for item in items)
    changed = "".join(f"<p>{escape(clean(line))}</p>\n" for line in told.changed)
    return f"<h4>{escape(clean(told.head))}</h4>\n{changed}<ul>\n{listed}</ul>\n"


def _head(exercise: Exercise, standing: Standing, language: str) -> str:
    points = f"{show(standing.grade.points or 0.0)} / {show(standing.grade.max_score)}"
    return f"{exercise.id} {exercise.title.said_in(language)}: {points}"


def _changed(standing: Standing, translate: Translate, language: str) -> Iterator[str]:
    """Yield why the grade is not the sum of the checks below it."""
    return (sentence.said(translate, language) for sentence in not_the_score(standing.grade))


def _checks(exercise: Exercise, standing: Standing) -> Sequence[CheckResult]:
    return held_back(standing.report, exercise.tells).checks if standing.report is not None else ()


def _told(check: CheckResult, translate: Translate, language: str) -> Iterator[str]:
    points = "–" if check.score is None else show(check.score)
    yield f"{check.name}: {points} / {show(check.max_score)}, {verdict_word(check.verdict, translate)}"
    for sentence in told_check(check):
        yield from sentence.said(translate, language).splitlines()
