"""Judges stated values: each against autograd's answer, and against what follows from the student's own others."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from grader.core.course.exercise import Ask, Stated
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult, NamedMisconception, Verdict
from grader.core.run.observation import RunStatus
from grader.core.stated.carry_forward import Carried, carried
from grader.core.stated.mistakes import explaining, without_numbers
from grader.core.words.numbers import accepted, show

# What is nearer than this, as a share of the right answer, was rounded rather than misunderstood.
_CLOSE = 0.02


def judge_asks(
    work: Stated, stated: Mapping[str, float | Finding | None], answers: Mapping[str, float], reveal: bool
) -> tuple[CheckResult, ...]:
    """Judge stated values against autograd's answers. A Finding in place of a value is why it could not be read."""
    to_find = [ask for ask in work.asks if not _is_right(ask, stated.get(ask.name), answers[ask.name])]
    hides = hiding([] if reveal else to_find, answers)
    results = [_judge_ask(ask, work, stated.get(ask.name), answers[ask.name], reveal, hides) for ask in work.asks]
    numbers = {name: value for name, value in stated.items() if isinstance(value, float)}
    wrong = [result.name for result in results if result.verdict is Verdict.FAIL and result.name in numbers]
    left = work.carried_at_most * sum(ask.points for ask in work.asks)
    for place, ask in enumerate(work.asks):
        follows = carried(work, ask, numbers, wrong, ask_allowed) if ask.name in wrong else None
        if follows is not None and left > 0:
            points = min(work.carried * ask.points, left)
            left -= points
            results[place] = _carried(results[place], follows, points)
    return _jointly(results, work)


def _jointly(results: Sequence[CheckResult], work: Stated) -> tuple[CheckResult, ...]:
    """Tell an idea that explains several wrong answers once, with the first of them; nothing else is told then."""
    explained = [result for result in results if result.causes]
    common = [
        cause
        for cause in (explained[0].causes if len(explained) > 1 else ())
        if all(_told_by(cause) in map(_told_by, other.causes) for other in explained)
    ]
    if not common:
        return tuple(results)
    first = explained[0].name
    question = next(str(ask.question) for ask in work.asks if ask.name == first)
    wanted = {_told_by(cause) for cause in common}
    found = []
    for result in results:
        if result.causes:
            causes = tuple(cause for cause in result.causes if _told_by(cause) in wanted)
            why = tuple(_of_common(each, causes, result.name == first, question) for each in result.findings)
            result = replace(result, causes=causes, findings=why)
        found.append(result)
    return tuple(found)


def _told_by(cause: NamedMisconception) -> tuple[str, str, str]:
    return cause.name, cause.hint.kind, str(cause.hint.fields)


def _of_common(each: Finding, causes: Sequence[NamedMisconception], is_first: bool, question: str) -> Finding:
    if each.kind != "comes-out-when":
        return each
    if is_first:
        return each.with_fields(causes=tuple(cause.name for cause in causes))
    return finding("same-mistake", about=question)


def not_judged(work: Stated, stated: Mapping[str, float | Finding | None]) -> tuple[CheckResult, ...]:
    """Return what is said of stated values where nobody knows what is right; one that cannot be read is told so."""
    results = []
    for ask in work.asks:
        answer = stated.get(ask.name)
        if isinstance(answer, float):
            why, verdict = finding("recorded-not-judged"), Verdict.VOID
        elif isinstance(answer, Finding):
            why, verdict = answer, Verdict.ERROR
        else:
            why, verdict = finding("no-answer", about=ask.name), Verdict.FAIL
        results.append(CheckResult(ask.name, RunStatus.NOT_RUN, verdict, ask.points, (why,)))
    return tuple(results)


def _carried(result: CheckResult, follows: Carried, points: float) -> CheckResult:
    follows_from = finding("follows-from-own", sources=tuple(str(source.question) for source in follows.sources))
    # What looks like a separate mistake here is only the earlier one, carried forward.
    return replace(result, findings=(result.findings[0], follows_from), causes=(), carried=points)


def ask_allowed(ask: Ask, expected: float) -> float:
    """Return the accepted distance of a stated value: half a unit of its last asked significant digit.

    What students' own answers come to may be infinite or no number; nothing is near that.
    """
    if not math.isfinite(expected):
        return 0.0
    if expected == 0:
        return 0.5 * 10.0**-ask.digits
    half_digit = 0.5 * 10.0 ** (math.floor(math.log10(abs(expected))) + 1 - ask.digits)
    # An answer rounded from the very middle is off by that half, and by what a float cannot hold of it.
    return half_digit * (1 + 1e-9)


def hiding(asks: Sequence[Ask], answers: Mapping[str, float]) -> Callable[[float], bool]:
    """Return what tells whether a number is the answer to one of these, which no hint may give away."""
    return lambda number: any(abs(number - answers[ask.name]) <= ask_allowed(ask, answers[ask.name]) for ask in asks)


def _is_right(ask: Ask, stated: float | Finding | None, expected: float) -> bool:
    return isinstance(stated, float) and abs(stated - expected) <= ask_allowed(ask, expected)


def _judge_ask(
    ask: Ask,
    work: Stated,
    stated: float | Finding | None,
    expected: float,
    reveal: bool,
    hides: Callable[[float], bool],
) -> CheckResult:
    def result(verdict: Verdict, *findings: Finding) -> CheckResult:
        return CheckResult(ask.name, RunStatus.NOT_RUN, verdict, ask.points, findings)

    about = str(ask.question)
    if stated is None:
        return result(Verdict.FAIL, finding("no-answer", about=about))
    if isinstance(stated, Finding):
        return result(Verdict.ERROR, stated)
    if math.isnan(stated):
        return result(Verdict.FAIL, finding("answer-nan", about=about))
    if math.isinf(stated):
        return result(Verdict.FAIL, finding("answer-infinite", about=about))
    if _is_right(ask, stated, expected):
        return result(Verdict.PASS)
    inputs = tuple((name, show(value)) for name, value in work.at.items())
    wrong = [finding("answer-wrong", actual=stated, about=about, inputs=inputs)]
    ideas = explaining(work.graph, work.at, ask.question, stated, lambda value: ask_allowed(ask, value))
    if not reveal:
        ideas = without_numbers(ideas, ask.question, hides)
    if reveal:
        wrong.append(finding("answer-accepted", accepted=accepted(expected, ask_allowed(ask, expected))))
    elif not ideas:
        wrong.append(_unexplained(ask, stated, expected))
    causes = tuple(NamedMisconception(idea.name, idea.hint, idea.edges) for idea in ideas)
    if causes:
        wrong.append(finding("comes-out-when", actual=stated, causes=tuple(cause.name for cause in causes)))
    return replace(result(Verdict.FAIL, *wrong), causes=causes)


def _unexplained(ask: Ask, stated: float, expected: float) -> Finding:
    if abs(stated - expected) <= _CLOSE * (abs(expected) or 1.0):
        return finding("answer-close", digits=ask.digits)
    return finding("answer-unexplained")
