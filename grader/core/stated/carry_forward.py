"""Error carried forward: what an ask comes to from the student's own other answers, right or wrong.

The model is that of Numbas ("adaptive marking"): the part is judged again with the student's own answers in place of
ours, and the better score is kept. All of the student's answers are used, so that one number written everywhere does
not follow from itself.
Never from an answer that is degenerate: not finite, or as good as 0, 1, -1, or a number that was given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from grader.core.autodiff.graph import Derivative, ValueOf
from grader.core.autodiff.tape import Edge, Tape, backward, roots, unroll
from grader.core.course.exercise import Ask, Stated


@dataclass(frozen=True)
class Carried:
    """What an ask comes to, and the asks whose wrong answers it was computed from."""

    value: float
    sources: tuple[Ask, ...]


def carried(
    work: Stated, ask: Ask, answers: Mapping[str, float], wrong: Collection[str], allowed: Callable[[Ask, float], float]
) -> Carried | None:
    """Return how an answer follows from the student's own other answers, the wrong ones among them; or None.

    Args:
        answers: the student's own, by name.
        wrong: the names of those that are not right.
        allowed: how far an answer may be from a number and still count as that number.
    """

    def same(value: float, other: float) -> bool:
        return math.isfinite(value) and math.isfinite(other) and abs(value - other) <= allowed(ask, other)

    stated = [other for other in work.asks if other is not ask and other.name in answers]
    right = {other: work.graph.answer(other.question, work.at) for other in stated if other.name not in wrong}
    own = {other: answers[other.name] for other in stated if other.name in wrong}
    usable = {other: number for other, number in own.items() if _usable(other, number, work, allowed)}
    value = _from(work, ask, {**right, **usable})
    if not same(answers[ask.name], value) or same(value, work.graph.answer(ask.question, work.at)):
        return None
    # What is degenerate carries nothing, and what is right must not stand in for it on the way.
    if not same(answers[ask.name], _from(work, ask, {**right, **own})):
        return None
    # The report names no more of them than it takes. Each is left out once: of sets there would be too many to try.
    sources = usable
    for source in reversed(usable):
        fewer = {other: number for other, number in sources.items() if other is not source}
        if fewer and same(_from(work, ask, {**right, **fewer}), value):
            sources = fewer
    return Carried(value, tuple(sources))


def _usable(ask: Ask, value: float, work: Stated, allowed: Callable[[Ask, float], float]) -> bool:
    given = (*work.at.values(), *(top.value for top in work.graph.arriving), 0.0, 1.0, -1.0)
    return math.isfinite(value) and all(abs(value - number) > allowed(ask, number) for number in given)


def _from(work: Stated, ask: Ask, known: Mapping[Ask, float]) -> float:
    """Return what the ask comes to where the known ones are as they are, each derived from the nearest of them."""
    values = {other.question.name: value for other, value in known.items() if isinstance(other.question, ValueOf)}
    try:
        return _answer(work, ask, known, unroll(work.graph, work.at, values))
    except (ArithmeticError, ValueError):
        return math.nan


def _answer(work: Stated, ask: Ask, known: Mapping[Ask, float], tape: Tape) -> float:
    if isinstance(ask.question, ValueOf):
        return tape.values[tape.place[ask.question.name]]
    start, by = roots(work.graph, tape, ask.question), tape.place[ask.question.by]
    slopes = {other.question: value for other, value in known.items() if isinstance(other.question, Derivative)}
    given = {tape.place[q.by]: value for q, value in slopes.items() if q.of == ask.question.of and q.by in tape.place}
    edges = {
        (tape.place[q.of], tape.place[q.by]): value
        for q, value in slopes.items()
        if q.of in tape.place and q.of != ask.question.of
    }

    def local(edge: Edge) -> float:
        return edges.get((edge.operation, edge.operand), edge.value)

    return backward(tape, start, by, local, given)[by]
