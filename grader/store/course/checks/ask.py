"""Reads ask.py, the author's functions for the expressions of an exercise."""

from __future__ import annotations

from grader.core.course.checks.call import faults_of_ask
from grader.core.words.errors import Position
from grader.core.words.message import say
from grader.store.yaml.reader import Reading


def read_ask(reading: Reading, content: bytes | None, shown: str) -> str:
    """Return the text of ask.py; "" where there is none, or where it cannot serve.

    Args:
        shown: the file as messages show it.
    """
    try:
        text = (content or b"").decode("utf-8")
    except UnicodeDecodeError:
        reading.fault(
            Position(shown, 1, 1), say("{file} is not UTF-8. Save it again with the encoding UTF-8.", file=shown)
        )
        return ""
    faults = faults_of_ask(text)
    for fault in faults:
        reading.fault(Position(shown, fault.line, 1), fault.message)
    # Of a file that is read, expressions know the functions, whatever else is wrong with it.
    return "" if any(fault.unreadable for fault in faults) else text
