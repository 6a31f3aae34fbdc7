"""Numbers of a student's own: the same exercise with other inputs for each student, drawn from names alone."""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from grader.core.course.checks.author_tests import Tested
from grader.core.course.draws.draw import Draw, Source, stream_of
from grader.core.course.exercise import Coded, Exercise, Mixed, Stated
from grader.core.course.facets import Facets
from grader.core.course.questions import Questions
from grader.core.words.message import Text
from grader.core.words.numbers import show

# Who is nobody in particular has an example's numbers.
NOBODY = ""
_MOST_TRIES = 200
_DIGITS = 9


def of_student(exercise: Exercise, student: str) -> Exercise:
    """Return an exercise with a student's numbers in its inputs and its words; one that has none as it is."""
    return _OF_STUDENT.of(exercise.work)(exercise, exercise.work, student)


def _as_it_is(exercise: Exercise, _work: Any, _student: str) -> Exercise:
    return exercise


def _stated(exercise: Exercise, work: Stated, student: str) -> Exercise:
    if not work.own:
        return exercise
    at = numbers_of(work, exercise.id, student)
    told = {name: show(number) for name, number in at.items()}
    return replace(
        exercise,
        title=_said(exercise.title, told),
        prompt=_said(exercise.prompt, told),
        hints=tuple(_said(hint, told) for hint in exercise.hints),
        work=replace(work, at=at),
    )


def numbers_of(work: Stated, exercise: str, student: str) -> Mapping[str, float]:
    """Return a student's inputs. They follow from the draws and names alone, so that every machine has the same.

    Of the draws the first is taken at which every ask has a value, no two asks have the same, and no two inputs are of
    one size: whoever takes one for the other gets another number. Nothing here may go by what the grader knows of
    mistakes: it would give a student other numbers when it learns of a new one.
    """
    who = unicodedata.normalize("NFC", student).strip()
    seed = hashlib.sha256("\0".join(("own numbers", exercise, who)).encode("utf-8", "replace")).digest()
    found: Mapping[str, float] = work.at
    for index in range(_MOST_TRIES):
        found = {**work.at, **{name: _drawn(draw, seed, index, name) for name, draw in work.own.items()}}
        if _tells(work, found):
            break
    return found


def _drawn(draw: Draw, seed: bytes, index: int, name: str) -> float:
    return float(draw.numbers(Source(stream_of(seed, index, name), {})).numbers[0])


def _tells(work: Stated, at: Mapping[str, float]) -> bool:
    if len({abs(number) for number in at.values()}) < len(at):
        return False
    try:
        answers = [work.graph.answer(ask.question, at) for ask in work.asks]
    except (ArithmeticError, ValueError):
        return False
    rounded = {f"{answer:.{_DIGITS}g}" for answer in answers}
    return all(map(math.isfinite, answers)) and len(rounded) == len(answers)


def _said(text: Text, numbers: Mapping[str, str]) -> Text:
    """Return a text with the numbers in place of their names in braces."""
    names = re.compile(r"\{(" + "|".join(map(re.escape, numbers)) + r")\}")
    return Text.of({language: names.sub(lambda found: numbers[found[1]], each) for language, each in text.texts})


_OF_STUDENT: Facets[Callable[[Exercise, Any, str], Exercise]] = Facets(
    {Stated: _stated, Coded: _as_it_is, Tested: _as_it_is, Mixed: _as_it_is, Questions: _as_it_is}
)
