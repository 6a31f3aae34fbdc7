"""What stated values are held to: autograd against the host's own derivatives, and inputs that tell ideas apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice, product

from grader.core.check_finding import Finding
from grader.core.check_programs import LEAST_WRONG
from grader.core.errors import Position
from grader.core.exercise import Ask, Stated
from grader.core.graph import Derivative
from grader.core.ideas import all_ideas
from grader.core.judge_stated import ask_allowed
from grader.core.message import say
from grader.core.number import show
from grader.core.tape import backward, roots, unroll

# Tried in the place of an author's number, the friendliest first.
_NUMBERS = (2.0, 3.0, 4.0, 5.0, 1.0, -2.0, -3.0, 0.5, 1.5, -1.0)
_MOST_TRIED = 1500
_MOST_FOR_ONE_NUMBER = 0.3
_CLOSE = 1e-9

# Which names give one number, by ask; "" stands for the right value.
_Ties = dict[str, dict[float, tuple[str, ...]]]


def stated_findings(work: Stated, answers: Mapping[str, float], places: Mapping[str, Position]) -> Iterator[Finding]:
    """Yield what is not right with the asks of an exercise.

    Args:
        answers: autograd's.
        places: where each ask stands in the exercise's file.
    """
    for ask in work.asks:
        yield from _derivatives(work, ask, answers[ask.name], places[ask.name])
        off = nearest_mistake(work, ask, answers[ask.name])
        if off is None:
            message = say("no mistake gives another number than the right one here: choose other inputs")
            yield Finding("check-not-needed", places[ask.name], message)
        elif off < LEAST_WRONG:
            message = say(
                "a mistake about {about} is off by only {excess} times the allowed error: ask for more digits",
                about=str(ask.question),
                excess=round(off, 3),
            )
            yield Finding("wrong-near-the-edge", places[ask.name], message)
    yield from _ambiguous(work, places)
    yield from _constant(work, answers, places)


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
                "autograd gives {answer} for {about}, the grader's own derivative {value}: a fault of the grader, "
                "please tell us",
                answer=show(answer, 12),
                about=str(ask.question),
                value=show(value, 12),
            )
            yield Finding("derivatives-disagree", at, message)
            return
    if ask.expect is not None and abs(ask.expect - answer) > ask_allowed(ask, answer):
        message = say("{about} is {actual} here, not {found}", about=str(ask.question), actual=answer, found=ask.expect)
        yield Finding("expect-wrong", at, message)


def _ambiguous(work: Stated, places: Mapping[str, Position]) -> Iterator[Finding]:
    asked = replace(work, asks=tuple(ask for ask in work.asks if not (ask.ambiguous or work.ambiguous)))
    here = _ties(asked, work.at)
    if not asked.asks or not _count(here):
        return
    names = list(work.at)
    fewest, best, at_best = _count(here), None, here
    # What keeps most of the author's numbers comes first.
    choices = product(*([work.at[name], *(n for n in _NUMBERS if n != work.at[name])] for name in names))
    for numbers in sorted(islice(choices, _MOST_TRIED), key=lambda some: _changed(some, list(work.at.values()))):
        at = dict(zip(names, numbers, strict=True))
        try:
            ties = _ties(asked, at)
        except (ArithmeticError, ValueError, KeyError):
            continue
        if _count(ties) < fewest:
            fewest, best, at_best = _count(ties), at, ties
            if not fewest:
                break
    if best is None:
        return
    suggestion = ", ".join(f"{name} = {show(value)}" for name, value in best.items())
    for ask in asked.asks:
        if _count({ask.name: here[ask.name]}) <= _count({ask.name: at_best[ask.name]}):
            continue
        told = "; ".join(
            f"{show(value)}: {', '.join(name or '✓' for name in some)}" for value, some in here[ask.name].items()
        )
        message = say(
            "at these inputs different ideas about {about} give the same number ({told}), so a wrong answer cannot "
            "be told from another, or from the right one (✓). With {suggestion} more of them differ. If the inputs "
            "must stay, say why: ambiguous: …",
            about=str(ask.question),
            told=told,
            suggestion=suggestion,
        )
        yield Finding("ambiguous-inputs", places[ask.name], message)


def _changed(numbers: tuple[float, ...], before: list[float]) -> int:
    return sum(one != other for one, other in zip(numbers, before, strict=True))


def _ties(work: Stated, at: Mapping[str, float]) -> _Ties:
    found: _Ties = {}
    for ask in work.asks:
        values: dict[float, list[str]] = defaultdict(list)
        values[float(f"{work.graph.answer(ask.question, at):.9g}")].append("")
        for idea in all_ideas(work.graph, at, ask.question):
            names = values[float(f"{idea.value:.9g}")]
            if idea.name not in names:
                names.append(idea.name)
        found[ask.name] = {value: tuple(names) for value, names in values.items() if len(names) > 1}
    return found


def _count(ties: _Ties) -> int:
    return sum(len(names) - 1 for values in ties.values() for names in values.values())


def _constant(work: Stated, answers: Mapping[str, float], places: Mapping[str, Position]) -> Iterator[Finding]:
    """One number given to every ask must not earn much. What is right for one ask only is no such number."""
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
            "whoever answers {number} to everything earns {share} of the points, {most} are allowed: choose "
            "inputs with different answers, or say why these must stay: ambiguous: …",
            number=number,
            share=f"{round(100 * most / total)} %",
            most=f"{round(100 * _MOST_FOR_ONE_NUMBER)} %",
        )
        yield Finding("constant-earns-too-much", places[first.name], message)
