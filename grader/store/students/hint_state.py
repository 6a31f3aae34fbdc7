"""What hints are made from and remembered in: the report beside a recorded submission, and how many were given.

Both lie where students can change them, so nothing in them is taken for granted.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from grader.core.hints.ladder import RecordedCheck
from grader.core.report.report import Verdict
from grader.core.words.message import clean
from grader.store.students.class_files import HINTS, read_plain_file

_FORMAT_VERSION = 1
_MOST_REPORT = 8 * 2**20
_MOST_STATE = 4 * 2**10
_LONGEST = 4000
_LONGEST_NAME = 100
_MOST_NAMES = 20


class NotAReport(ValueError):
    """The file is not what was written beside the submission."""


def read_report(record: Path) -> tuple[RecordedCheck, ...] | None:
    """Return the checks of the report in `record`; None if there is no report because judging did not end.

    Raises:
        NotAReport: if it cannot be read, or is not a report any more.
    """
    try:
        content, _ = read_plain_file(record / "report.json", _MOST_REPORT + 1)
        if len(content) > _MOST_REPORT:
            raise NotAReport
        return tuple(_check(check) for check in _list(json.loads(content)["checks"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise NotAReport from None


def hints_given(folder: Path, record: str) -> int:
    """Return how many hints were given for the submission `record` below `folder`; 0 where nothing tells."""
    try:
        content, _ = read_plain_file(folder / HINTS, _MOST_STATE)
        state = json.loads(content)
        given = state["given"] if state["record"] == record else 0
        return max(given, 0) if type(given) is int else 0
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return 0


def remember_hints(folder: Path, record: str, given: int) -> None:
    """Write down that `given` hints were given for the submission `record`. The record itself stays as it is.

    Raises:
        OSError: where it cannot be written.
    """
    state = {"format_version": _FORMAT_VERSION, "record": record, "given": given}
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".hints-")
    # Replacing also does away with a link that somebody put there.
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(json.dumps(state) + "\n")
        Path(name).replace(folder / HINTS)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _check(found: Any) -> RecordedCheck:
    verdict = Verdict(found["verdict"])
    score = found["score"]
    return RecordedCheck(
        _text(found["name"], _LONGEST_NAME),
        verdict,
        _text(found["status"], _LONGEST_NAME),
        _text(found["message"], _LONGEST),
        carried=verdict is Verdict.FAIL and isinstance(score, int | float) and score > 0,
        misconceptions=tuple(
            (_text(named["name"], _LONGEST_NAME), _text(named["hint"], _LONGEST))
            for named in _list(found["misconceptions"])[:_MOST_NAMES]
        ),
    )


def _list(found: object) -> list[Any]:
    if not isinstance(found, list):
        raise NotAReport
    return found


def _text(found: object, longest: int) -> str:
    if not isinstance(found, str):
        raise NotAReport
    return clean(found[:longest])
