"""JUnit XML, as pytest writes it and GitLab, Jenkins and GitHub's actions read it.

A check that is not right is a failure, one that we could not judge an error, one that was not looked at is skipped.
Practice is told as such and has no points, since some readers record those.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from itertools import groupby

from grader.actions.student.report_format import ReportFormat
from grader.core.report.flat_rows import Row
from grader.core.words.message import say
from grader.core.words.numbers import show

# What XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CHILD = {"fail": "failure", "error": "failure", "void": "error", "skipped": "skipped", "missing": "skipped"}


def junit(rows: Sequence[Row], practice: bool) -> bytes:
    """Return a suite for each exercise with a case for each check; the points of each where they are no practice."""
    root = ET.Element("testsuites", name="course")
    for exercise, group in groupby(rows, lambda row: row.exercise):
        own = list(group)
        found = [_CHILD.get(row.verdict) for row in own]
        counts = {"errors": "error", "failures": "failure", "skipped": "skipped"}
        numbers = {name: str(found.count(child)) for name, child in counts.items()}
        suite = ET.SubElement(root, "testsuite", {"name": exercise, "tests": str(len(own)), **numbers})
        if practice:
            ET.SubElement(ET.SubElement(suite, "properties"), "property", name="practice", value="true")
        for row in own:
            _case(suite, row, practice)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _case(suite: ET.Element, row: Row, practice: bool) -> None:
    case = ET.SubElement(suite, "testcase", classname=_xml(row.exercise), name=_xml(row.check))
    points = {} if practice else {"score": row.score, "max_score": row.max_score}
    properties = ET.SubElement(case, "properties") if points else case
    for name, value in points.items():
        if value is not None:
            ET.SubElement(properties, "property", name=name, value=show(value))
    if row.verdict in _CHILD:
        words = _xml(row.message)
        child = ET.SubElement(case, _CHILD[row.verdict], type=row.verdict, message=words.partition("\n")[0])
        child.text = words


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


REPORT = ReportFormat(
    word="junit",
    summary=say("Write the results as JUnit XML."),
    write=lambda judged: junit(judged.rows, judged.practice),
)
