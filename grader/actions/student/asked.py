"""What an exercise asks, as one student sees it, and how it is handed in. Options are in that student's order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from grader.core.course.checks.author_tests import Tested
from grader.core.course.exercise import Coded, Exercise, Mixed, Stated
from grader.core.course.facets import Facets
from grader.core.course.questions import Choice, Posed, Questions
from grader.core.course.variants import of_student
from grader.core.questions.order import NOBODY, in_order, letters
from grader.core.words.message import Message, say
from grader.core.words.numbers import show

Lines = Iterator[tuple[str, Message]]
Who = Callable[[], str]
# More answers than these are easier to write into a file.
_MOST_TYPED = 3


def begun(exercise: Exercise, student: str) -> str:
    """Return the file that answers begin with: a line for each; beside it the options, by the names they have there.

    Numbers of a student's own stand above, unless nobody says whose they would be.
    """
    own = of_student(exercise, student)
    return (_own_numbers(own) if student != NOBODY else "") + _BEGUN.of(own.work)(own, own.work)


def _own_numbers(exercise: Exercise) -> str:
    work: Any = exercise.work
    told = ", ".join(f"{name} = {show(work.at[name])}" for name in work.own)
    return f"# {told}\n" if told else ""


def asked(exercise: Exercise, who: Callable[[], str]) -> Lines:
    """Yield, for exercises that are answered in words, each question's name and a line of what it asks.

    Args:
        who: returns whose order and letters the options have; where it is nobody, options have their names.
    """
    return _ASKED.of(exercise.work)(exercise, exercise.work, who)


def handing_in(exercise: Exercise) -> Message:
    """Return which commands an exercise is begun and handed in with."""
    return _HANDING_IN.of(exercise.work)(exercise)


def _by_file(exercise: Exercise) -> Message:
    return say("Begin with: course start {id}\nHand in with: course submit {id}", id=exercise.id)


def _numbers(exercise: Exercise) -> Message:
    return _typed(exercise, say("NUMBER"))


def _words(exercise: Exercise) -> Message:
    return _typed(exercise, say("ANSWER"))


def _typed(exercise: Exercise, answer: Message) -> Message:
    if len(exercise.points) > _MOST_TYPED:
        return _by_file(exercise)
    told = say("Hand in with: course submit {id}", id=exercise.id)
    for name in exercise.points:
        told = say("{command} --answer {name}={answer}", command=told, name=name, answer=answer)
    return told


def _nothing(_exercise: Exercise, _work: Any, _who: Who) -> Lines:
    return iter(())


def numbers(exercise: Exercise, who: Who) -> Message | None:
    """Return which numbers of his own a student has in an exercise; None where all have the same."""
    work = exercise.work
    if not work.own:
        return None
    student = who()
    own: Any = of_student(exercise, student).work
    told = ", ".join(f"{name} = {show(own.at[name])}" for name in work.own)
    if student == NOBODY:
        return say("Everybody has other numbers. Say who you are, and see yours: --student NAME")
    return say("Your own numbers, {student}: {numbers}", student=student, numbers=told)


def _questions(exercise: Exercise, work: Questions, who: Who) -> Lines:
    student = who()
    for posed in work.questions:
        yield posed.name, say("{text}", text=posed.ask)
        if not isinstance(posed, Choice):
            continue
        if student == NOBODY:
            named = {option.name: option for option in in_order(posed, exercise.id, student)}
        else:
            named = dict(letters(posed, exercise.id, student))
        for name, option in named.items():
            yield posed.name, say("  {name}) {text}", name=name, text=option.text)
        if posed.several:
            yield posed.name, say("  More than one may be right: {name}=a,b", name=posed.name)


def _by_name(exercise: Exercise, _work: Any) -> str:
    return "".join(f"{name}:\n" for name in exercise.points)


def _with_options(exercise: Exercise, work: Questions) -> str:
    return "".join(f"{posed.name}:{_options(exercise, posed)}\n" for posed in work.questions)


def _options(exercise: Exercise, posed: Posed) -> str:
    if not isinstance(posed, Choice):
        return ""
    return "  # " + ", ".join(option.name for option in in_order(posed, exercise.id, NOBODY))


_BEGUN: Facets[Callable[[Exercise, Any], str]] = Facets(
    {Stated: _by_name, Coded: _by_name, Tested: _by_name, Mixed: _by_name, Questions: _with_options}
)
_ASKED: Facets[Callable[[Exercise, Any, Who], Lines]] = Facets(
    {Stated: _nothing, Coded: _nothing, Tested: _nothing, Mixed: _nothing, Questions: _questions}
)
_HANDING_IN: Facets[Callable[[Exercise], Message]] = Facets(
    {Stated: _numbers, Coded: _by_file, Tested: _by_file, Mixed: _by_file, Questions: _words}
)
