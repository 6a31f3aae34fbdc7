"""Stated answers, as students write them down in YAML."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from grader.core.report.finding import Finding, finding
from grader.core.words.errors import CourseInvalid, Fault, Position
from grader.core.words.numbers import NotANumber, parse_number
from grader.store.yaml.nodes import Mapping as YamlMapping
from grader.store.yaml.nodes import Scalar, parse_yaml

Answers = Mapping[str, float | Finding | None]


def read_answers(content: bytes, file: str, names: Iterable[str]) -> Answers:
    """Read `name: number` lines. What cannot be read is a Finding in its place: the other answers still count."""
    names = tuple(names)
    try:
        node = parse_yaml(content, file)
    except CourseInvalid as error:
        fault = error.faults[0]
        try:
            lines = content.decode("utf-8-sig").splitlines()
        except UnicodeDecodeError:
            lines = []
        return _line_by_line(lines, file, names, fault)
    if not isinstance(node, YamlMapping):
        wanted = finding("answers-not-by-line", **_place(node.at), name=names[0])
        return dict.fromkeys(names, wanted)
    answers: dict[str, float | Finding | None] = dict.fromkeys(names)
    strangers = [key for key, _ in node.entries if key.text not in names]
    for key, value in node.entries:
        if key.text in answers:
            answers[key.text] = _number(value) if isinstance(value, Scalar) else _refused(key)
    for key in strangers:
        near = difflib.get_close_matches(key.text, [name for name in names if answers[name] is None], n=1)
        for name in near:
            answers[name] = finding("answer-not-asked", **_place(key.at), found=key.text, near=name)
    return answers


def _line_by_line(lines: list[str], file: str, names: tuple[str, ...], fault: Fault) -> Answers:
    """Rescue the answers on separate lines of a file that is not YAML as a whole."""
    spoiled = finding("answers-unreadable", **_place(fault.at), what=fault.message)
    answers: dict[str, float | Finding | None] = {}
    for number, line in enumerate(lines, 1):
        name, colon, value = (part.strip() for part in line.partition(": "))
        if colon and name in names:
            at = Position(file, number, line.index(value) + 1 if value else 0)
            answers[name] = spoiled if name in answers else _number(Scalar(value, True, False, at))
    if not answers:
        return dict.fromkeys(names, spoiled)
    return {name: answers.get(name, spoiled if any(name in line for line in lines) else None) for name in names}


def _place(at: Position) -> dict[str, object]:
    return {"file": at.file, "line": at.line or None, "column": at.column or None}


def _number(value: Scalar) -> float | Finding | None:
    if not value.text.strip():
        return None
    try:
        return parse_number(value.text)
    except NotANumber:
        return finding("answer-not-a-number", **_place(value.at), found=value.text)


def _refused(key: Scalar) -> Finding:
    return finding("answer-not-one-number", **_place(key.at), name=key.text)
