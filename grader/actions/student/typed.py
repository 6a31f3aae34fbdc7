"""Answers that are typed on the command line, and files with answers: what each kind of exercise makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from grader.core.course.checks.author_tests import Tested
from grader.core.course.exercise import Coded, Exercise, Mixed, Stated
from grader.core.course.facets import Facets
from grader.core.course.questions import Questions
from grader.core.findings.telling import told
from grader.core.report.finding import Finding
from grader.core.words.errors import UsageFault
from grader.core.words.message import Message, say
from grader.core.words.numbers import NotANumber, parse_number
from grader.store.students.words import with_names
from grader.store.yaml.writer import quoted

TYPED = "--answer"
# Returns who hands it in: to ask costs time, and most kinds of exercise need not know.
Who = Callable[[], str]


def typed_answers(exercise: Exercise, typed: Sequence[str], who: Who) -> tuple[bytes, Mapping[str, float] | None]:
    """Return what `--answer` came to: the bytes that are recorded, and numbers that need not be read again.

    Args:
        who: returns whose letters the options have.

    Raises:
        UsageFault: where the answers are not for this exercise.
    """
    return _TYPED.of(exercise.work)(exercise, exercise.work, typed, who)


def as_recorded(exercise: Exercise, content: bytes, shown: str, who: Who) -> bytes:
    """Return what a file comes to when that student hands it in: what is recorded.

    Raises:
        UsageFault: where it cannot be read and the attempt would be lost.
    """
    return _RECORDED.of(exercise.work)(exercise, exercise.work, content, shown, who)


def _named(exercise: Exercise, typed: Sequence[str], several: Message) -> dict[str, str]:
    """Return the answers by name; a bare one where one thing is asked.

    Args:
        several: what is said where an answer needs a name and has none.
    """
    names = list(exercise.points)
    answers: dict[str, str] = {}
    for each in typed:
        name, equals, answer = each.partition("=")
        name = name.strip()
        # A number, or a formula with its left side.
        bare = not equals or (name and not name.isidentifier())
        if bare and len(names) > 1:
            raise UsageFault(several)
        if bare:
            name, answer = names[0], each
        if name not in names:
            raise UsageFault(
                say("this exercise does not ask {found}; it asks {names}", found=name or '""', names=", ".join(names))
            )
        if name in answers:
            raise UsageFault(say("{name} is answered twice", name=name))
        answers[name] = answer
    return answers


def _numbers(exercise: Exercise, _work: Stated, typed: Sequence[str], _who: Who) -> tuple[bytes, Mapping[str, float]]:
    several = say(
        "this exercise asks several values; write --answer NAME=NUMBER, where NAME is one of {names}",
        names=", ".join(exercise.points),
    )
    answers = {name: _typed_number(number) for name, number in _named(exercise, typed, several).items()}
    return "".join(f"{name}: {number!r}\n" for name, number in answers.items()).encode(), answers


def _words(exercise: Exercise, work: Questions, typed: Sequence[str], who: Who) -> tuple[bytes, None]:
    several = say(
        "this exercise asks several questions; write --answer NAME=ANSWER, where NAME is one of {names}",
        names=", ".join(exercise.points),
    )
    lines = (f"{name}: {quoted(answer)}\n" for name, answer in _named(exercise, typed, several).items())
    content = "".join(lines).encode("utf-8", "replace")
    return _with_names(exercise, work, content, TYPED, who), None


def _refused(exercise: Exercise, _work: Coded | Tested | Mixed, _typed: Sequence[str], _who: Who) -> tuple[bytes, None]:
    raise UsageFault(say("the answer to exercise {id} is a program; --answer is for stated values", id=exercise.id))


def _as_it_is(_exercise: Exercise, _work: Any, content: bytes, _shown: str, _who: Who) -> bytes:
    return content


def _with_names(exercise: Exercise, work: Questions, content: bytes, shown: str, who: Who) -> bytes:
    named = with_names(work, exercise.id, who(), content, shown)
    if isinstance(named, Finding):
        raise UsageFault(told(named))
    return named


def _typed_number(number: str) -> float:
    try:
        return parse_number(number)
    except NotANumber:
        raise UsageFault(
            say("{found} is not a number; write it as -8, 0.5 or 1e-2", found=number.strip() or '""')
        ) from None


_TYPED: Facets[Callable[..., tuple[bytes, Mapping[str, float] | None]]] = Facets(
    {Stated: _numbers, Coded: _refused, Tested: _refused, Mixed: _refused, Questions: _words}
)
_RECORDED: Facets[Callable[..., bytes]] = Facets(
    {Stated: _as_it_is, Coded: _as_it_is, Tested: _as_it_is, Mixed: _as_it_is, Questions: _with_names}
)
