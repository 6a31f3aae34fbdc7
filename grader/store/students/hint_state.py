"""What hints are made from and remembered in: the report beside a recorded submission, and how many were given.

Both lie where students can change them, so nothing in them is taken for granted.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from grader.core.findings.recorded import NotAReport, read_report
from grader.core.report.report import CheckResult
from grader.store.students.class_files import HINTS
from grader.store.students.plain_files import read_plain_file

_FORMAT_VERSION = 1
_MOST_REPORT = 8 * 2**20
_MOST_STATE = 4 * 2**10


def read_checks(record: Path) -> tuple[CheckResult, ...] | None:
    """Return the checks of the report in `record`; None if there is no report because judging did not end.

    Raises:
        NotAReport: if it cannot be read, or is not a report any more.
    """
    try:
        content, _ = read_plain_file(record / "report.json", _MOST_REPORT + 1)
        if len(content) > _MOST_REPORT:
            raise NotAReport
        return read_report(json.loads(content)).checks
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError):
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
