"""What is wrong with otter's marks: around questions in raw cells, in code, and in the cells of tests."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import yaml

from grader.core.words.message import say
from grader.integrations.importers.marks import Mark, MarkFault, faults_of, looks_like_mark, marks_in

BEGIN_TEST = re.compile(r'(?:.\s*=\s*)?"""?"?\s*#\s*BEGIN\s*TEST\s*CONFIG', re.IGNORECASE)
END_TEST = re.compile(r'"""?"?\s*#\s*END\s*TEST\s*CONFIG', re.IGNORECASE)
_AROUND = ("QUESTION", "PROMPT", "SOLUTION", "TESTS")
_RAW = re.compile(rf"#\s+(BEGIN|END)\s+({'|'.join(_AROUND)})\b.*", re.IGNORECASE)
_IN_CODE = {
    "SOLUTION": re.compile(
        r"(?:\s*#\s*(?=BEGIN SOLUTION(?: NO PROMPT)?\s*$)|.*#\s*(?=END SOLUTION\s*$))(?P<side>BEGIN|END) SOLUTION.*"
    ),
    "PROMPT": re.compile(r'(?:\s*(?:""";? )?# (?=BEGIN)|.*# (?=END))(?P<side>BEGIN|END) PROMPT\s*'),
}
_OF_ONE_LINE = re.compile(r".*# ?(?:SOLUTION(?: NO PROMPT)?|SEED)\s*")
_IN_TESTS = {
    "TEST CONFIG": re.compile(
        r'(?:(?:.\s*=\s*)?"""?"?\s*#\s*(?=BEGIN)|"""?"?\s*#\s*(?=END))(?P<side>BEGIN|END)\s*TEST\s*CONFIG.*',
        re.IGNORECASE,
    )
}
_HIDDEN = re.compile(r"\s*#.*\bhidden\b.*", re.IGNORECASE)
_SETTINGS = {"hidden", "points", "name", "success_message", "failure_message"}


def around_faults(cells: Sequence[tuple[str, bool, bool]]) -> list[tuple[int, MarkFault]]:
    """Return what is wrong with the marks around questions and their parts, each with the number of its cell.

    Args:
        cells: the text of each cell, whether it is one in which otter looks for these marks, and whether it is code.
    """
    found: list[Mark | MarkFault] = []
    for number, (text, looked_in, code) in enumerate(cells, 1):
        first, *others = text.strip().split("\n") or [""]
        mark = _RAW.match(text) if looked_in else None
        if mark is not None:
            # Its cell stands for its line: only that is needed to find its partner.
            found.append(Mark(number, mark[1].upper() == "BEGIN", mark[2].upper(), first))
        elif looked_in and looks_like_mark(first, _AROUND, ("ASSIGNMENT CONFIG",)) and not _is_config(first):
            found.append(MarkFault(number, first, say("{mark} has no known meaning", mark=first[:80])))
        elif not looked_in and _RAW.match(first) and not (code and any(map(str.strip, others))):
            # In code with more lines it may be a mark of that code.
            what = say("{mark} is not in a raw cell, where otter looks for it", mark=first[:80])
            found.append(MarkFault(number, first, what))
    return [(fault.line, MarkFault(1, fault.text, fault.what)) for fault in faults_of(found, nested=True)]


def _is_config(line: str) -> bool:
    return re.match(r"#\s+ASSIGNMENT\s+CONFIG\b", line, re.IGNORECASE) is not None


def near(questions: Sequence[tuple[int, bool]], faults: Collection[int], last: int) -> set[int]:
    """Return the numbers of all cells that are between the same ends of questions as one of these.

    Args:
        questions: the cells where a question begins (True) or ends, by number.
        last: the number of the last cell.
    """
    # A question ends with its own cell, and the next begins with its own.
    starts = sorted({1, *(number + (not begins) for number, begins in questions)})
    ends = [*(start - 1 for start in starts[1:]), last]
    spans = [range(start, end + 1) for start, end in zip(starts, ends, strict=True)]
    return {number for span in spans if any(fault in span for fault in faults) for number in span}


def code_faults(text: str) -> list[MarkFault]:
    """Return what is wrong with the marks in a cell of code."""
    others = ("SOLUTION", "SOLUTION NO PROMPT")
    return faults_of(list(marks_in(text, _IN_CODE, others, alright=_OF_ONE_LINE)), nested=True)


def test_faults(text: str) -> list[MarkFault]:
    """Return what is wrong with the marks and settings of a cell of tests, because of which it might not be hidden."""
    lines = text.split("\n")
    found = list(marks_in(text, _IN_TESTS, ("HIDDEN",)))
    if _HIDDEN.fullmatch(lines[0]):
        found = [each for each in found if each.line > 1]
    faults = faults_of(found)
    begin = next((each for each in found if isinstance(each, Mark) and each.begins), None)
    if begin is not None and begin.line > 1:
        faults.append(MarkFault(begin.line, begin.text, say("{mark} is not in the first line", mark=begin.text)))
    if begin is not None and not faults:
        end = next(each.line for each in found if isinstance(each, Mark) and not each.begins)
        settings = yaml.safe_load("\n".join(lines[begin.line : end - 1]))
        unknown = [str(key) for key in settings if key not in _SETTINGS] if isinstance(settings, dict) else []
        faults += [MarkFault(begin.line, key, say("otter knows no setting {key}", key=key)) for key in unknown]
    return faults
