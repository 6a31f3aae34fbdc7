"""Classroom 50: the result.json that an autograder leaves for its runner, `classroom50/result/v1`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from grader.actions.student.report_format import Judged, ReportFormat
from grader.core.course.exercise import Exercise
from grader.core.report.flat_rows import Row, is_void, whole_scale
from grader.core.words.errors import CouldNotJudge, UsageFault
from grader.core.words.message import say

SCHEMA = "classroom50/result/v1"
_NEEDED = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
}
_OPTIONAL = {"assignment_type": "ASSIGNMENT_TYPE", "owner": "OWNER"}


def result(
    rows: Sequence[Row], exercises: Sequence[Exercise], environment: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    """Return the result for what the runner says in its environment.

    Classroom 50 takes whole numbers only: all points are multiplied by the factor that makes every score that these
    exercises can give a whole one, the same for all students.

    Raises:
        CouldNotJudge: where not all could be judged: the runner then records an error and no score.
        UsageFault: where the environment is not the runner's, or points cannot be made whole.
    """
    missing = [name for name in _NEEDED.values() if not environment.get(name)]
    if missing:
        raise UsageFault(
            say(
                "Classroom 50's runner sets {names}; they are not set here, so this is not it", names=", ".join(missing)
            )
        )
    if is_void(rows):
        raise CouldNotJudge(say("Not all could be judged: no score is recorded. Try again; your attempt is not lost."))
    scale = whole_scale(exercises)
    if scale is None:
        raise UsageFault(say("Classroom 50 takes whole points only: give these exercises points such as 1 or 0.5"))
    tests = [
        {
            "test-name": f"{row.exercise} {row.check}",
            "passed": row.verdict == "pass",
            "score": round((row.score or 0.0) * scale),
            "max-score": round(row.max_score * scale),
            "message": row.message,
        }
        for row in rows
    ]
    return {
        "schema": SCHEMA,
        **{key: environment[name] for key, name in _NEEDED.items()},
        "review": environment.get("REVIEW_URL") or environment["COMMIT_URL"],
        **{key: environment[name] for key, name in _OPTIONAL.items() if environment.get(name)},
        "datetime": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }


def _write(judged: Judged) -> bytes:
    content = result(judged.rows, judged.exercises, judged.environment, judged.now)
    text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    return text.encode("utf-8", "backslashreplace")


REPORT = ReportFormat(
    word="classroom50",
    summary=say("Write the results as Classroom 50's result.json."),
    write=_write,
    marks_count=True,
)
