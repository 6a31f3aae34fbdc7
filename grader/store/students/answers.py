"""Answers, as students write them down in YAML: a line for each."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from grader.core.report.finding import Finding, finding
from grader.core.words.errors import CourseInvalid, Fault, Position
from grader.core.words.numbers import NotANumber, parse_number
from grader.store.yaml.nodes import Mapping as YamlMapping
from grader.store.yaml.nodes import Node, Scalar, parse_yaml

T = TypeVar("T")
Answers = Mapping[str, float | Finding | None]
# A whole file in place of an answer would be quoted in every report.
LONGEST_QUOTED = 60
# Reads what stands after a name; None where nothing does, a Finding where it cannot be read.
ReadAnswer = Callable[[Scalar, Node], T | Finding | None]


def read_answers(content: bytes, file: str, names: Iterable[str]) -> Answers:
    """Read `name: number` lines. What cannot be read is a Finding in its place: the other answers still count."""
    return read_by_name(content, file, names, _one_number)


def read_by_name(content: bytes, file: str, names: Iterable[str], read: ReadAnswer[T]) -> dict[str, T | Finding | None]:
    """Read `name: answer` lines. What cannot be read is a Finding in its place: the other answers still count."""
    names = tuple(names)
    try:
        node = parse_yaml(content, file)
    except CourseInvalid as error:
        fault = error.faults[0]
        try:
            lines = content.decode("utf-8-sig").splitlines()
        except UnicodeDecodeError:
            lines = []
        return _line_by_line(lines, file, names, fault, read)
    if not isinstance(node, YamlMapping):
        return dict.fromkeys(names, finding("answers-not-by-line", **place_in_file(node.at), name=names[0]))
    answers: dict[str, T | Finding | None] = dict.fromkeys(names)
    strangers = [key for key, _ in node.entries if key.text not in names]
    for key, value in node.entries:
        if key.text in answers:
            answers[key.text] = read(key, value)
    for key in strangers:
        near = difflib.get_close_matches(key.text, [name for name in names if answers[name] is None], n=1)
        for name in near:
            answers[name] = finding("answer-not-asked", **place_in_file(key.at), found=key.text, near=name)
    return answers


def _line_by_line(
    lines: list[str], file: str, names: tuple[str, ...], fault: Fault, read: ReadAnswer[T]
) -> dict[str, T | Finding | None]:
    """Rescue the answers on separate lines of a file that is not YAML as a whole."""
    spoiled = finding("answers-unreadable", **place_in_file(fault.at), what=fault.message)
    answers: dict[str, T | Finding | None] = {}
    for number, line in enumerate(lines, 1):
        name, colon, value = (part.strip() for part in line.partition(": "))
        if colon and name in names:
            at = Position(file, number, line.index(value) + 1 if value else 0)
            key = Scalar(name, True, False, Position(file, number, 1))
            answers[name] = spoiled if name in answers else read(key, Scalar(value, True, False, at))
    if not answers:
        return dict.fromkeys(names, spoiled)
    return {name: answers.get(name, spoiled if any(name in line for line in lines) else None) for name in names}


def place_in_file(at: Position) -> dict[str, object]:
    """Return a place as the fields of a finding."""
    return {"file": at.file, "line": at.line or None, "column": at.column or None}


def _one_number(key: Scalar, value: Node) -> float | Finding | None:
    if not isinstance(value, Scalar):
        return finding("answer-not-one-number", **place_in_file(key.at), name=key.text)
    if not value.text.strip():
        return None
    try:
        return parse_number(value.text)
    except NotANumber:
        return finding("answer-not-a-number", **place_in_file(value.at), found=value.text[:LONGEST_QUOTED])
