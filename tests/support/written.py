"""A course of one exercise that a test writes: its file, its solution, and what submissions come to there."""

from __future__ import annotations

from pathlib import Path

from grader.core.findings.telling import told_check
from grader.core.program.source import Source
from grader.core.report.report import CheckResult
from grader.grading.judge.answer_key import answer_key
from grader.grading.judge.drivers import InTurn
from grader.grading.judge.judge import judge, known_of
from grader.grading.judge.programs import KnownCoded
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import CourseFiles, find_course

ID = "1.1"
COURSE = (
    'format_version: 1\nid: written\ntitle: {en: Written}\nlanguages: [en]\nlectures: [{id: "1", title: {en: L}}]\n'
)
HEAD = f'format_version: 1\nid: "{ID}"\ntitle: {{en: Written}}\nprompt: {{en: Write it.}}\n'


def write_exercise(root: Path, checks: str, solution: str, head: str = HEAD, **right: str) -> CourseFiles:
    """Write a course with one exercise, and return it.

    Args:
        checks: what is in exercise.yaml behind the head.
        right: other right programs, by name.
    """
    for folder in (root / "exercises" / ID, root / "solutions" / ID / "right"):
        folder.mkdir(parents=True, exist_ok=True)
    (root / "course.yaml").write_text(COURSE, encoding="utf-8")
    (root / "exercises" / ID / "exercise.yaml").write_text(head + checks, encoding="utf-8")
    (root / "exercises" / ID / "starter.py").write_text("import torch\n", encoding="utf-8")
    (root / "solutions" / ID / "solution.py").write_text(solution, encoding="utf-8")
    for name, text in right.items():
        (root / "solutions" / ID / "right" / f"{name}.py").write_text(text, encoding="utf-8")
    return find_course(root)


def known_to(course: CourseFiles, secret: bytes = b"qovun") -> KnownCoded:
    """Return what submissions are held to."""
    return KnownCoded.of(known_of(answer_key(course, course.exercise(ID), secret)))


def judged(known: KnownCoded, box: Sandbox, text: str) -> list[CheckResult]:
    """Return the results of a program with this text."""
    return list(judge(known, Source(text, f"{ID}.py"), InTurn(lambda: box)).checks)


def said(result: CheckResult) -> list[str]:
    """Return what is told of a check, in English."""
    return [each.said(str, "en") for each in told_check(result)]
