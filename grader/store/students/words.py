"""Answers in words: read from YAML, where an option has its name, and written down so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import ascii_letters

from grader.core.autodiff.expression import ExpressionFault
from grader.core.course.questions import Choice, Option, Posed, Questions, ShortText, TypedFormula
from grader.core.questions.formula import MOST_CHARACTERS, parse_typed
from grader.core.questions.order import NOBODY, letters
from grader.core.questions.written import Answer, Answers, Written
from grader.core.report.finding import Finding, finding
from grader.store.students.answers import LONGEST_QUOTED, place_in_file, read_by_name
from grader.store.yaml.nodes import Node, Scalar
from grader.store.yaml.nodes import Sequence as Listed
from grader.store.yaml.writer import quoted


def read_written(work: Questions, content: bytes, file: str) -> Written:
    """Read `name: answer` lines in which every option has its name: a letter means another one to each student."""
    return Written(_read(work, content, file, {}))


def with_names(work: Questions, exercise: str, student: str, content: bytes, file: str) -> bytes | Finding:
    """Return answers with the names of options in place of the letters that this student saw; why not, if not."""
    # Where nobody knows whose letters these are, they mean nothing.
    choices = [posed for posed in work.questions if isinstance(posed, Choice) and student != NOBODY]
    seen = {choice.name: letters(choice, exercise, student) for choice in choices}
    answers = _read(work, content, file, seen)
    fault = next((answer for answer in answers.values() if isinstance(answer, Finding)), None)
    return fault or as_yaml(answers).encode()


def as_yaml(answers: Answers) -> str:
    """Return answers as the file that they can be read from."""
    return "".join(f"{name}: {_written(answer)}\n" for name, answer in answers.items() if isinstance(answer, tuple))


def _written(answer: Sequence[str]) -> str:
    return quoted(answer[0]) if len(answer) == 1 else "[" + ", ".join(map(quoted, answer)) + "]"


def _read(work: Questions, content: bytes, file: str, seen: Mapping[str, Mapping[str, Option]]) -> Answers:
    posed = {each.name: each for each in work.questions}

    def read(key: Scalar, value: Node) -> Answer:
        return _answer(posed[key.text], key, value, seen.get(key.text, {}))

    return read_by_name(content, file, posed, read)


def _answer(posed: Posed, key: Scalar, value: Node, seen: Mapping[str, Option]) -> Answer:
    if isinstance(posed, Choice):
        return _chosen(posed, key, value, seen)
    if not isinstance(value, Scalar):
        return finding("answer-no-text", **place_in_file(key.at), name=key.text)
    most = posed.most if isinstance(posed, ShortText) else MOST_CHARACTERS
    if len(value.text.strip()) > most:
        return finding("answer-too-long", **place_in_file(value.at), most=most)
    text = value.text.strip()
    if isinstance(posed, TypedFormula) and text:
        try:
            parse_typed(text, posed.names)
        except ExpressionFault as fault:
            return finding("answers-unreadable", **place_in_file(value.at), what=fault.message)
    return (text,) if text else None


def _chosen(choice: Choice, key: Scalar, value: Node, seen: Mapping[str, Option]) -> Answer:
    items = value.items if isinstance(value, Listed) else (value,)
    chosen: set[str] = set()
    for item in items:
        if not isinstance(item, Scalar):
            return finding("one-option-wanted", **place_in_file(key.at), name=key.text)
        for part in filter(None, map(str.strip, item.text.split(","))):
            option = _option(choice, part, seen)
            if option is None:
                return _no_option(choice, item, part)
            chosen.add(option.name)
    if len(chosen) > 1 and not choice.several:
        return finding("one-option-wanted", **place_in_file(key.at), name=key.text)
    return tuple(option.name for option in choice.options if option.name in chosen) or None


def _option(choice: Choice, typed: str, seen: Mapping[str, Option]) -> Option | None:
    named = {option.name.casefold(): option for option in choice.options}
    return named.get(typed.casefold()) or seen.get(typed.casefold().rstrip(")."))


def _no_option(choice: Choice, at: Scalar, typed: str) -> Finding:
    kind = "option-by-letter" if typed in ascii_letters else "option-unknown"
    names = tuple(option.name for option in choice.options)
    return finding(kind, **place_in_file(at.at), found=typed[:LONGEST_QUOTED], names=names)
