"""Stated answers, as students write them down in YAML."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from grader.core.words.errors import CourseInvalid, Fault, Position
from grader.core.words.message import Message, say
from grader.core.words.numbers import NotANumber, parse_number
from grader.store.yaml.nodes import Mapping as YamlMapping
from grader.store.yaml.nodes import Scalar, parse_yaml

Answers = Mapping[str, float | Message | None]


def read_answers(content: bytes, file: str, names: Iterable[str]) -> Answers:
    """Read `name: number` lines. What cannot be read is a Message in its place: the other answers still count."""
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
        wanted = say("{where}: write one answer per line, such as {name}: -8", where=str(node.at), name=names[0])
        return dict.fromkeys(names, wanted)
    answers: dict[str, float | Message | None] = dict.fromkeys(names)
    strangers = [key for key, _ in node.entries if key.text not in names]
    for key, value in node.entries:
        if key.text in answers:
            answers[key.text] = _number(value) if isinstance(value, Scalar) else _refused(key)
    for key in strangers:
        near = difflib.get_close_matches(key.text, [name for name in names if answers[name] is None], n=1)
        for name in near:
            answers[name] = say(
                "{where}: {found} is not asked; did you mean {near}?",
                where=str(key.at),
                found=key.text,
                near=name,
            )
    return answers


def _line_by_line(lines: list[str], file: str, names: tuple[str, ...], fault: Fault) -> Answers:
    """Rescue the answers on separate lines of a file that is not YAML as a whole."""
    spoiled = say("{where}: {what}", where=str(fault.at), what=fault.message)
    answers: dict[str, float | Message | None] = {}
    for number, line in enumerate(lines, 1):
        name, colon, value = (part.strip() for part in line.partition(": "))
        if colon and name in names:
            at = Position(file, number, line.index(value) + 1 if value else 0)
            answers[name] = spoiled if name in answers else _number(Scalar(value, True, False, at))
    if not answers:
        return dict.fromkeys(names, spoiled)
    return {name: answers.get(name, spoiled if any(name in line for line in lines) else None) for name in names}


def _number(value: Scalar) -> float | Message | None:
    if not value.text.strip():
        return None
    try:
        return parse_number(value.text)
    except NotANumber:
        return say(
            "{where}: {found} is not a number; write it as -8, 0.5 or 1e-2", where=str(value.at), found=value.text
        )


def _refused(key: Scalar) -> Message:
    return say("{where}: one number is expected for {name}", where=str(key.at), name=key.text)
