"""Judges stated values: each against autograd's answer, and against what follows from the student's own others."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from grader.core.carry import Carried, carried
from grader.core.exercise import Ask, Stated
from grader.core.ideas import explaining, told
from grader.core.message import Message, say
from grader.core.number import show, show_interval
from grader.core.observation import RunStatus
from grader.core.report import CheckResult, NamedMisconception, Verdict


def judge_asks(
    work: Stated, stated: Mapping[str, float | Message | None], answers: Mapping[str, float], reveal: bool
) -> tuple[CheckResult, ...]:
    """Judge stated values against autograd's answers. A Message in place of a value is why it could not be read."""
    results = [_judge_ask(ask, work, stated.get(ask.name), answers[ask.name], reveal) for ask in work.asks]
    wrong = {
        result.name: value
        for result in results
        if result.verdict is Verdict.FAIL and isinstance(value := stated.get(result.name), float)
    }
    left = work.carried_at_most * sum(ask.points for ask in work.asks)
    for place, ask in enumerate(work.asks):
        follows = carried(work, ask, wrong[ask.name], wrong, ask_allowed) if ask.name in wrong else None
        if follows is not None and left > 0:
            points = min(work.carried * ask.points, left)
            left -= points
            results[place] = _carried(results[place], follows, points)
    return tuple(results)


def _carried(result: CheckResult, follows: Carried, points: float) -> CheckResult:
    sources = ", ".join(str(source.question) for source in follows.sources)
    message = say("The method is right: it follows from your own {sources}.", sources=sources)
    # What looks like an idea of its own here is only the earlier mistake.
    return replace(result, messages=(result.messages[0], message), misconceptions=(), carried=points, cause=None)


def ask_allowed(ask: Ask, expected: float) -> float:
    """Return the accepted distance of a stated value: half a unit of its last asked significant digit."""
    if expected == 0:
        return 0.5 * 10.0**-ask.digits
    half_digit = 0.5 * 10.0 ** (math.floor(math.log10(abs(expected))) + 1 - ask.digits)
    # An answer rounded from the very middle is off by that half, and by what a float cannot hold of it.
    return half_digit * (1 + 1e-9)


def _judge_ask(ask: Ask, work: Stated, stated: float | Message | None, expected: float, reveal: bool) -> CheckResult:
    def result(verdict: Verdict, *messages: Message) -> CheckResult:
        return CheckResult(ask.name, RunStatus.NOT_RUN, verdict, ask.points, messages)

    about = str(ask.question)
    if stated is None:
        return result(Verdict.FAIL, say("No answer is given for {about}.", about=about))
    if isinstance(stated, Message):
        return result(Verdict.ERROR, stated)
    if math.isnan(stated):
        return result(Verdict.FAIL, say("NaN is not a value of {about}: a finite number is asked.", about=about))
    if math.isinf(stated):
        return result(
            Verdict.FAIL, say("{about} is a finite number; yours is infinite, or too large to be read.", about=about)
        )
    allowed = ask_allowed(ask, expected)
    if abs(stated - expected) <= allowed:
        return result(Verdict.PASS)
    where = ", ".join(f"{name} = {show(value)}" for name, value in work.at.items())
    wrong = [say("{actual} is not {about} at {where}.", actual=stated, about=about, where=where)]
    ideas = explaining(work.graph, work.at, ask.question, stated, lambda value: ask_allowed(ask, value))
    if reveal:
        wrong.append(say("Accepted: {interval}", interval=show_interval(expected, allowed)))
    elif not ideas:
        wrong.append(say("An answer must agree in the first {digits} significant digits.", digits=ask.digits))
    named = tuple(NamedMisconception(idea.name, idea.hint, idea.edges) for idea in ideas)
    cause = told(ideas, stated) if ideas else None
    return replace(result(Verdict.FAIL, *wrong), misconceptions=named, cause=cause)
