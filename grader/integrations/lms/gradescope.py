"""Gradescope: the results.json that its autograder harness reads, one for each student and exercise."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.actions.student.report_format import ReportFormat
from grader.actions.teacher.results.export_format import Exported, GradeExport, Grades
from grader.core.cohort.summary import Standing
from grader.core.course.policies.told_policies import not_the_score
from grader.core.findings.telling import rows_of
from grader.core.report.flat_rows import Row, total
from grader.core.words.message import Translate, clean, say
from grader.core.words.numbers import written
from grader.core.words.options import option
from grader.store.machine.files import unwritable, write_whole
from grader.store.students.submissions import folder_name, folder_names

Results = dict[str, Any]


def results_of(rows: Sequence[Row], translate: Translate = str, language: str = "en") -> Results:
    """Return what Gradescope shows of all that a student handed in at once.

    Where a check could not be judged, there is neither a score nor a test that has one: Gradescope would add up the
    others and record the sum. It then calls the run failed, and keeps the grade that there was.
    """
    score = total(rows)
    if score is None:
        return not_judged(translate, language)
    tests = [_test(f"{row.exercise} {row.check}", row) for row in rows]
    return {**_frame(""), "score": written(score), "tests": tests}


def not_judged(translate: Translate = str, language: str = "en") -> Results:
    """Return what Gradescope shows where there is no score."""
    sentence = say("Not all could be judged: no score is recorded. Try again; your attempt is not lost.")
    return _frame(sentence.said(translate, language))


def write_results(
    standings: Iterable[Standing], folder: Path, translate: Translate = str, language: str = "en"
) -> list[Path]:
    """Write `<student>/<exercise>/results.json` below `folder` and return the files; missing work has none.

    The score is the grade recorded, after lateness and marks set by hand.

    Raises:
        OSError: where one cannot be written.
    """
    written = []
    standings = list(standings)
    folders = folder_names(standing.grade.student for standing in standings)
    for standing in standings:
        content = of_standing(standing, translate, language)
        if content is not None:
            path = folder / folders[standing.grade.student] / folder_name(standing.grade.exercise) / "results.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, _file(content))
            written.append(path)
    return written


def of_standing(standing: Standing, translate: Translate, language: str) -> Results | None:
    """Return what Gradescope shows of one exercise; None where nothing was handed in."""
    grade, report = standing.grade, standing.report
    if report is None and grade.points is None and grade.attempt is None:
        return None
    if grade.points is None:
        return not_judged(translate, language)
    content = _frame("")
    if report is not None and report.score is not None:
        content["tests"] = [_test(row.check, row) for row in rows_of(report, translate, language)]
    content["score"] = written(grade.points)
    changed = list(not_the_score(grade))
    if changed:
        content["output"] = " ".join(sentence.said(translate, language) for sentence in changed)
    elif standing.stale:
        sentence = say(
            "An earlier version of the exercise gave this grade; it counts until the exercise is judged again."
        )
        content["output"] = sentence.said(translate, language)
    return content


def _file(content: Results) -> bytes:
    text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    return text.encode("utf-8", "backslashreplace")


def _frame(output: str) -> Results:
    return {"output": output, "output_format": "text", "test_output_format": "text", "visibility": "visible"}


def _test(name: str, row: Row) -> Results:
    return {
        "name": name,
        "score": written(row.score),
        "max_score": row.max_score,
        "status": "passed" if row.verdict == "pass" else "failed",
        "output": clean(row.message),
        "output_format": "text",
        "visibility": "visible",
    }


@dataclass(frozen=True)
class GradescopeOptions:
    out: Path = option(say("Folder to write to."), say("DIR"))


def _export(grades: Grades, options: GradescopeOptions) -> Exported:
    try:
        paths = write_results(grades.standings(), options.out, grades.translate, grades.language)
    except OSError as error:
        raise unwritable(options.out, error) from None
    return Exported(say("{count} files written to {folder}", count=len(paths), folder=options.out))


EXPORT = GradeExport(
    word="gradescope",
    summary=say("Write a Gradescope results.json for each exercise."),
    example="--out results",
    options=GradescopeOptions,
    write=_export,
    marks_stale=lambda _: True,
)

REPORT = ReportFormat(
    word="gradescope",
    summary=say("Write the results as Gradescope's results.json."),
    write=lambda judged: _file(results_of(judged.rows, judged.translate, judged.language)),
    marks_count=True,
    not_judged=lambda translate, language: _file(not_judged(translate, language)),
)
