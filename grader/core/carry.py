"""Error carried forward: what an ask comes to from the student's own other answers, right or wrong.

The model is that of Numbas: the student's own answer stands where ours would, the part is marked again, and the better
mark is kept. Never from an answer that is degenerate: not finite, 0, 1, -1, or a number that was given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

from grader.core.exercise import Ask, Stated
from grader.core.graph import Derivative, ValueOf
from grader.core.tape import Edge, backward, roots, unroll


@dataclass(frozen=True)
class Carried:
    """What an ask comes to, and the asks whose wrong answers it was computed from."""

    value: float
    sources: tuple[Ask, ...]


def carried(
    work: Stated, ask: Ask, stated: float, wrong: Mapping[str, float], allowed: Callable[[Ask, float], float]
) -> Carried | None:
    """Return how `stated` follows from the student's own wrong answers, from as few of them as possible; or None.

    Args:
        wrong: the wrong answers to the other asks, by name.
        allowed: how far an answer may be from a number and still count as that number.
    """
    usable = [other for other in work.asks if other is not ask and _usable(wrong.get(other.name), work)]
    right = work.graph.answer(ask.question, work.at)
    for count in range(1, len(usable) + 1):
        for sources in combinations(usable, count):
            value = _from(work, ask, {source.name: wrong[source.name] for source in sources}, sources)
            follows = math.isfinite(value) and abs(value - stated) <= allowed(ask, value)
            if follows and abs(value - right) > allowed(ask, right):
                return Carried(value, sources)
    return None


def _usable(value: float | None, work: Stated) -> bool:
    given = (*work.at.values(), *(top.value for top in work.graph.arriving), 0.0, 1.0, -1.0)
    return value is not None and math.isfinite(value) and value not in given


def _from(work: Stated, ask: Ask, answers: Mapping[str, float], sources: tuple[Ask, ...]) -> float:
    values = {each.question.name: answers[each.name] for each in sources if isinstance(each.question, ValueOf)}
    try:
        tape = unroll(work.graph, work.at, values)
    except (ArithmeticError, ValueError):
        return math.nan
    if isinstance(ask.question, ValueOf):
        return tape.values[tape.place[ask.question.name]]
    start, by = roots(work.graph, tape, ask.question), tape.place[ask.question.by]
    slopes = {each.question: answers[each.name] for each in sources if isinstance(each.question, Derivative)}
    given = {tape.place[q.by]: value for q, value in slopes.items() if q.of == ask.question.of and q.by in tape.place}
    edges = {
        (tape.place[q.of], tape.place[q.by]): value
        for q, value in slopes.items()
        if q.of in tape.place and q.of != ask.question.of
    }

    def local(edge: Edge) -> float:
        return edges.get((edge.operation, edge.operand), edge.value)

    return backward(tape, start, by, local, given)[by]
