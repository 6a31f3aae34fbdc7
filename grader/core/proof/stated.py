"""What stated values must satisfy: autograd agrees with the host's own derivatives, and inputs tell mistakes apart."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations, islice, product

from grader.core.autodiff.graph import Derivative
from grader.core.autodiff.tape import backward, roots, unroll
from grader.core.course.exercise import Ask, Stated
from grader.core.course.variants import numbers_of
from grader.core.proof.findings import Finding
from grader.core.proof.programs import LEAST_WRONG
from grader.core.stated.judge import ask_allowed
from grader.core.stated.mistakes import all_ideas
from grader.core.words.errors import Position
from grader.core.words.message import say
from grader.core.words.numbers import show

# Tried in the place of an author's number, the friendliest first.
_NUMBERS = (2.0, 3.0, 4.0, 5.0, 1.0, -2.0, -3.0, 0.5, 1.5, -1.0)
_MOST = 1500
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)
_POINTS = 8
_NO_VALUE = (ArithmeticError, ValueError, KeyError)
_MOST_FOR_ONE_NUMBER = 0.3
_CLOSE = 1e-9
# So many students have numbers looked at, where each has his own.
SAMPLES = 50


def stated_findings(work: Stated, answers: Mapping[str, float], places: Mapping[str, Position]) -> Iterator[Finding]:
    """Yield what is not right with the asks of an exercise.

    Args:
        answers: autograd's.
        places: the position of each ask in the exercise's file.
    """
    for ask in work.asks:
        yield from _derivatives(work, ask, answers[ask.name], places[ask.name])
        off = nearest_mistake(work, ask, answers[ask.name])
        if off is None:
            message = say("at these inputs every mistake gives the right number: choose other inputs")
            yield Finding("check-not-needed", places[ask.name], message)
        elif off < LEAST_WRONG:
            message = say(
                "a mistake about {about} is off by only {excess} times the tolerance: ask for more digits",
                about=str(ask.question),
                excess=round(off, 3),
            )
            yield Finding("wrong-near-the-edge", places[ask.name], message)
    if not work.own:
        yield from _ambiguous(work, places)
    yield from _constant(work, answers, places)


def variants_findings(work: Stated, exercise: str, places: Mapping[str, Position]) -> Iterator[Finding]:
    """Yield what is not right with numbers of one's own, at those of so many students that nobody has."""
    if not work.own or work.ambiguous:
        return
    samples = [replace(work, at=numbers_of(work, exercise, f"sample {number}")) for number in range(SAMPLES)]
    for ask in work.asks:
        if ask.ambiguous:
            continue
        ever = _always_tied(work, ask)
        tied = [sample for sample in samples if _pairs(sample, ask, sample.at) - ever]
        if tied:
            at = ", ".join(f"{name} = {show(number)}" for name, number in tied[0].at.items())
            message = say(
                "of {all} students, {count} have numbers at which different mistakes about {about} give the same one: "
                "{numbers}. Draw from others, or give a reason to keep these: ambiguous: …",
                all=SAMPLES,
                count=len(tied),
                about=str(ask.question),
                numbers=at,
            )
            yield Finding("ambiguous-inputs", places[ask.name], message)


def nearest_mistake(work: Stated, ask: Ask, right: float) -> float | None:
    """Return how far off the nearest mistake is, in units of what is allowed; None where all give the right number."""
    ideas = all_ideas(work.graph, work.at, ask.question)
    off = [abs(idea.value - right) for idea in ideas]
    different = [each for each in off if each > _CLOSE * max(abs(right), 1.0)]
    return min(different) / ask_allowed(ask, right) if different else None


def _derivatives(work: Stated, ask: Ask, answer: float, at: Position) -> Iterator[Finding]:
    own = [work.graph.answer(ask.question, work.at)]
    tape = unroll(work.graph, work.at)
    if isinstance(ask.question, Derivative):
        by = tape.place[ask.question.by]
        own.append(backward(tape, roots(work.graph, tape, ask.question), by)[by])
    else:
        own.append(tape.values[tape.place[ask.question.name]])
    for value in own:
        if abs(value - answer) > _CLOSE * max(abs(answer), 1.0):
            message = say(
                "autograd gives {answer} for {about}, the grader's own derivative {value}: this is a "
                "bug in the grader, please report it",
                answer=show(answer, 12),
                about=str(ask.question),
                value=show(value, 12),
            )
            yield Finding("derivatives-disagree", at, message)
            return


def _ambiguous(work: Stated, places: Mapping[str, Position]) -> Iterator[Finding]:
    for ask in work.asks:
        if ask.ambiguous or work.ambiguous:
            continue
        ever = _always_tied(work, ask)
        here = _pairs(work, ask, work.at) - ever
        if not here:
            continue
        told = "; ".join(
            f"{show(value)}: {', '.join(name or '✓' for name in sorted(names))}"
            for value, names in _names(work, ask, work.at).items()
            if any(pair <= names for pair in here)
        )
        message = say(
            "at these inputs different mistakes about {about} give the same number ({told}), so "
            "a wrong answer cannot be told from another, or from the right one (✓). With "
            "{suggestion} there are fewer. To keep these inputs, give a reason: ambiguous: …",
            about=str(ask.question),
            told=told,
            suggestion=_suggestion(work),
        )
        yield Finding("ambiguous-inputs", places[ask.name], message)


def _suggestion(work: Stated) -> str:
    """Return small numbers at which the fewest ideas give one number by accident; those of the author come first."""
    tied = {ask.name: _always_tied(work, ask) for ask in work.asks}
    names, own = list(work.at), tuple(work.at.values())
    choices = islice(product(*([work.at[name], *(n for n in _NUMBERS if n != work.at[name])] for name in names)), _MOST)
    fewest, best = 1_000_000, own
    for numbers in sorted(choices, key=lambda some: sum(one != other for one, other in zip(some, own, strict=True))):
        at = dict(zip(names, numbers, strict=True))
        try:
            count = sum(len(_pairs(work, ask, at) - tied[ask.name]) for ask in work.asks)
        except _NO_VALUE:
            continue
        if count < fewest:
            fewest, best = count, numbers
        if not fewest:
            break
    return ", ".join(f"{name} = {show(value)}" for name, value in zip(names, best, strict=True))


def _always_tied(work: Stated, ask: Ask) -> set[frozenset[str]]:
    """Return the pairs of ideas that give one number wherever one looks: that is not the fault of the inputs."""
    tied: set[frozenset[str]] | None = None
    for signs in range(_POINTS):
        # Roots of different primes: what is equal here is equal by more than accident.
        at = {
            name: math.sqrt(_PRIMES[(place + signs) % len(_PRIMES)]) * (-1 if signs >> place % 3 & 1 else 1)
            for place, name in enumerate(work.at)
        }
        try:
            pairs = _pairs(work, ask, at)
        except _NO_VALUE:
            continue
        tied = pairs if tied is None else tied & pairs
    return tied or set()


def _pairs(work: Stated, ask: Ask, at: Mapping[str, float]) -> set[frozenset[str]]:
    """Return the pairs of mistakes that give the same number; "" is the right value."""
    return {frozenset(pair) for names in _names(work, ask, at).values() for pair in combinations(sorted(names), 2)}


def _names(work: Stated, ask: Ask, at: Mapping[str, float]) -> dict[float, set[str]]:
    """Return which ideas give a number, by number."""
    found: dict[float, set[str]] = defaultdict(set)
    found[float(f"{work.graph.answer(ask.question, at):.9g}")].add("")
    for idea in all_ideas(work.graph, at, ask.question):
        found[float(f"{idea.value:.9g}")].add(idea.name)
    return found


def _constant(work: Stated, answers: Mapping[str, float], places: Mapping[str, Position]) -> Iterator[Finding]:
    """One number given to every ask must not earn much. A number that is right for a single ask does not count."""
    if work.ambiguous:
        return
    total = sum(ask.points for ask in work.asks)
    most, number, first = 0.0, 0.0, work.asks[0]
    for constant in dict.fromkeys(answers.values()):
        hit = [ask for ask in work.asks if abs(answers[ask.name] - constant) <= ask_allowed(ask, answers[ask.name])]
        points = sum(ask.points for ask in hit)
        if len(hit) > 1 and points > most:
            most, number, first = points, constant, hit[0]
    if most > _MOST_FOR_ONE_NUMBER * total:
        message = say(
            "answering {number} everywhere earns {share} of the points, and {most} is the most "
            "allowed: choose inputs with different answers, or give a reason to keep these: "
            "ambiguous: …",
            number=number,
            share=f"{round(100 * most / total)} %",
            most=f"{round(100 * _MOST_FOR_ONE_NUMBER)} %",
        )
        yield Finding("constant-earns-too-much", places[first.name], message)
