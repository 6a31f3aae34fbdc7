"""Which answers count where a question takes a few only: the same by every road that submissions come on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.core.course.checks.author_tests import Tested
from grader.core.course.exercise import Coded, Mixed, Stated, Work
from grader.core.course.facets import Facets
from grader.core.course.questions import Questions
from grader.core.questions.judge import reasons as reasons_for
from grader.core.report.finding import Finding, finding
from grader.core.report.report import CheckResult, Report, Verdict

# Kinds of finding that say which answer was judged, and how many more may follow.
_ANSWERED = ("option-chosen", "answer-written")
_NUMBERED = ("attempts-left", "attempts-used")
_REASONED = ("why-option-is-wrong", "author-hint")


# Returns what the author says of the wrong answer that a result is about, for after the last attempt.
Reasons = Callable[[CheckResult], Sequence[Finding]]


def attempts_of(work: Work) -> Mapping[str, int]:
    """Return how many different answers count, by question; nothing for kinds that take any number."""
    return _ATTEMPTS.of(work)(work)


def _any_number(_work: Any) -> Mapping[str, int]:
    return {}


def _of_questions(work: Questions) -> Mapping[str, int]:
    return {posed.name: posed.attempts for posed in work.questions}


_ATTEMPTS: Facets[Callable[[Any], Mapping[str, int]]] = Facets(
    {Stated: _any_number, Coded: _any_number, Tested: _any_number, Mixed: _any_number, Questions: _of_questions}
)


# Each option chosen, or the one text: its name, where the report has it, and its words.
Answer = tuple[tuple[str, str], ...]


def answered(check: CheckResult) -> Answer:
    """Return which answer a result is about; empty where there was none to be read."""
    return tuple(
        (found.text("name"), str(found.fields.get("text") or found.text("found")))
        for found in check.findings
        if _is_answer(found)
    )


def is_same(one: Answer, other: Answer) -> bool:
    """Whether two answers are one: by the names of options, since their words may have changed in between.

    Reports of before names were kept have words alone.
    """
    all_named = all(name for name, _ in (*one, *other))
    mine, theirs = (sorted(name if all_named else words for name, words in each) for each in (one, other))
    return mine == theirs


def _is_answer(found: Finding) -> bool:
    return found.kind in _ANSWERED


def reasons_of(work: Work) -> Reasons:
    """Return what finds the reasons in an exercise's work; it finds none where nobody knows what is right."""
    return _REASONS.of(work)(work)


def _no_reasons(_work: Any) -> Reasons:
    return lambda _: ()


def _reasons_in_answers(work: Questions) -> Reasons:
    posed, keys = {each.name: each for each in work.questions}, work.keys or {}

    def find(check: CheckResult) -> Sequence[Finding]:
        answer = tuple(name or words for name, words in answered(check))
        known = answer and check.name in posed and check.name in keys
        return reasons_for(posed[check.name], keys[check.name], answer) if known else ()

    return find


_REASONS: Facets[Callable[[Any], Reasons]] = Facets(
    {
        Stated: _no_reasons,
        Coded: _no_reasons,
        Tested: _no_reasons,
        Mixed: _no_reasons,
        Questions: _reasons_in_answers,
    }
)


def as_at_last(work: Work, report: Report) -> Report | None:
    """Return a report as it would be after the last attempt at each question; None where that is no other one."""
    find = reasons_of(work)
    checks = tuple(_with_reasons(check, find) for check in report.checks)
    return None if checks == report.checks else replace(report, checks=checks)


def reasons_in(reports: Iterable[Report]) -> Reasons:
    """Return what finds the reasons that such reports hold, where what is right is not known."""
    found = {
        (check.name, answered(check)): tuple(each for each in check.findings if each.kind in _REASONED)
        for report in reports
        for check in report.checks
    }
    return lambda check: found.get((check.name, answered(check)), ())


def _with_reasons(check: CheckResult, reasons: Reasons) -> CheckResult:
    if check.verdict is not Verdict.FAIL:
        return check
    new = (found for found in reasons(check) if found not in check.findings)
    return replace(check, findings=(*check.findings, *new))


def counted(
    most: Mapping[str, int], reports: Sequence[Mapping[str, CheckResult]], reasons: Reasons = lambda _: ()
) -> Iterator[Mapping[str, CheckResult]]:
    """Yield, of submissions one after the other, the results that count for each question: none after its last attempt.

    Each was judged by itself, and is told here as one that comes after the others.

    Args:
        most: how many different answers count, by question.
    """
    seen: dict[str, list[Answer]] = {name: [] for name in most}
    counting: dict[str, CheckResult] = {}
    for report in reports:
        for name, check in report.items():
            before, given = seen.setdefault(name, []), answered(check)
            if given and (not before or not is_same(before[-1], given)):
                before.append(given)
            # What is left out, or cannot be read, takes nothing away.
            if name not in counting or (given and len(before) <= most.get(name, len(before))):
                counting[name] = check
        yield {name: _in_order(check, len(seen[name]), most.get(name), reasons) for name, check in counting.items()}


def _in_order(check: CheckResult, given: int, most: int | None, reasons: Reasons) -> CheckResult:
    """Return a result with what follows from how many different answers were given until then."""
    if most is None or not answered(check):
        return check
    told = [found for found in check.findings if found.kind not in _NUMBERED]
    if given > most:
        told.insert(0, finding("attempts-used", most=most))
    if check.verdict is Verdict.FAIL and given < most:
        told.append(finding("attempts-left", count=most - given))
    in_order = replace(check, findings=tuple(told))
    return in_order if given < most else _with_reasons(in_order, reasons)
