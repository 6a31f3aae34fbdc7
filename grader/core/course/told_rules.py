"""The rules of an exercise in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from grader.core.course.checks.author_tests import Tested
from grader.core.course.checks.recording import names_of
from grader.core.course.checks.rules import NO_RULES, RECURSION, SYNTAX, Rules
from grader.core.course.exercise import Coded, Exercise, Mixed, Stated
from grader.core.course.facets import Facets
from grader.core.course.questions import Questions
from grader.core.words.message import Message, say

_WITHOUT: Mapping[str, Message] = {
    "operators": say("without operators such as + and =="),
    "indexing": say("without indexing"),
    "loops": say("without loops: for, while, comprehensions, and functions such as map"),
    "branches": say("without if"),
    "classes": say("without classes of your own"),
    "imports": say("without imports"),
    RECURSION: say("without recursion"),
}


_COSTS: Mapping[str, Message] = {
    "operations": say("how many numbers torch computes is counted"),
    "calls": say("how often torch is asked is counted"),
    "memory": say("how much memory is held at once is counted"),
}


def told_rules(exercise: Exercise) -> list[Message]:
    """Return each rule on the source of programs, in words: those of the exercise, then those of single checks."""
    return list(_RULES.of(exercise.work)(exercise.work))


def _of_none(_: Stated | Questions) -> Iterator[Message]:
    return iter(())


def _of_coded(work: Coded) -> Iterator[Message]:
    if work.without_autograd:
        yield say("without autograd: derivatives are found by hand")
    yield from _of_program(work)
    for check in work.checks:
        for counted in names_of(check.compare, "cost"):
            yield say("{check}: {cost}", check=check.name, cost=_COSTS[counted])
        if check.device and check.device.required:
            yield say("{check}: tried on {device} as well", check=check.name, device=check.device.name)
        elif check.device:
            yield say(
                "{check}: tried on {device} as well, where there is one", check=check.name, device=check.device.name
            )


def _of_both(work: Mixed) -> Iterator[Message]:
    # The rules of the exercise are in both.
    yield from _of_coded(work.coded)
    yield from _of_program(replace(work.tested, rules=NO_RULES))


def _of_program(work: Coded | Tested) -> Iterator[Message]:
    yield from _told(work.rules)
    for check in work.checks:
        yield from (say("{check}: {rule}", check=check.name, rule=rule) for rule in _told(check.rules))


def _told(rules: Rules) -> Iterator[Message]:
    words = [word for word in SYNTAX if word in rules.without or (rules.only is not None and word not in rules.only)]
    names = [name for name in rules.without if name not in _WITHOUT]
    if names:
        yield say("without {names}", names=", ".join(names))
    if rules.only is not None:
        allowed = [name for name in rules.only if name not in _WITHOUT]
        yield say("of names only {names}", names=", ".join(allowed)) if allowed else say("with no names but your own")
    yield from (_WITHOUT[word] for word in words)
    if RECURSION in rules.without:
        yield _WITHOUT[RECURSION]
    if rules.lines is not None:
        yield say(
            "statements of a function, with those of the functions that it calls: at most {most}", most=rules.lines
        )


_RULES: Facets[Callable[[Any], Iterator[Message]]] = Facets(
    {Stated: _of_none, Questions: _of_none, Coded: _of_coded, Tested: _of_program, Mixed: _of_both}
)
