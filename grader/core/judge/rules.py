"""Which rules of the exercise a program breaks at a check: as its source says, and as its runs showed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from grader.core.course.checks.author_tests import AuthorTest, Tested
from grader.core.course.checks.recording import names_of
from grader.core.course.checks.rules import SYNTAX, Rules, rules_at
from grader.core.course.exercise import Check, Coded
from grader.core.program.autograd import autograd_used
from grader.core.program.rules import broken_rules
from grader.core.program.source import Source
from grader.core.report.finding import Finding, finding
from grader.core.run.author_tests import AuthorTestsRun
from grader.core.run.observation import Raised, Run

# What the box raises in place of a call that breaks a rule.
_RAISED = "RuleBroken"


def tells_of_rule(found: Finding) -> bool:
    """Return whether a finding says which rule on the source a program breaks."""
    return found.kind.startswith(("rule-", "autograd-"))


def broken_at(check: Check, work: Coded, source: Source, runs: Sequence[Run]) -> tuple[Finding, ...]:
    """Return what is said of the rules that a program breaks at a check; nothing where it keeps them all."""
    by_hand = _by_hand(check, source, runs) if work.without_autograd else None
    if by_hand is not None:
        return (by_hand,)
    rules = rules_at(work, check)
    if not rules:
        return ()
    return broken_rules(source, rules, _asked(check, source), work.starter) or _seen(_raised(runs), rules, source)


def broken_beside_tests(check: AuthorTest, work: Tested, source: Source, run: Run) -> tuple[Finding, ...]:
    """Return the same of a program that the author's tests ask, whatever function or class of it they do."""
    rules = rules_at(work, check)
    if not rules:
        return ()
    tests = run.author_tests or AuthorTestsRun()
    raised = (Raised(case.type_name, case.text, case.line) for case in tests.cases)
    return broken_rules(source, rules, (), work.starter) or _seen(raised, rules, source)


def _by_hand(check: Check, source: Source, runs: Sequence[Run]) -> Finding | None:
    line = autograd_used(source, _asked(check, source))
    if line is not None:
        return finding("autograd-used", **source.place(line), code=source.line(line))
    if any(run.ran and run.ran.trace and run.ran.trace.count for run in runs):
        return finding("autograd-called")
    return None


def _asked(check: Check, source: Source) -> tuple[str, ...] | None:
    """Return the names that a check asks for; None where the whole program runs, and () where it may be any of them."""
    if check.script:
        return None
    if source.parts:
        # What one file needs of another, module.name, is not followed.
        return ()
    whole = any("program" in call.loaded for call in check.calls)
    return None if whole else (*sorted(check.asked), *names_of(check.compare, "final")) or None


def _raised(runs: Sequence[Run]) -> Iterator[Raised]:
    for run in runs:
        of_run = (run.ran.raised if run.ran else None, run.trained.raised if run.trained else None)
        found = [*of_run, *(called.raised for called in run.called)]
        yield from (each for each in found if each is not None)


def _seen(raised: Iterable[Raised], rules: Rules, source: Source) -> tuple[Finding, ...]:
    """Return what is said of the first call that the box refused."""
    for each in raised:
        if each.type_name == _RAISED:
            place = {**source.place(each.line), "code": source.line(each.line)}
            # The words are the program's own, if it likes.
            rule = next((rule for rule in rules.named.values() if rule == each.message), None)
            if rule is None:
                return (finding("rule-unreadable", **place, name=each.message[:40]),)
            if rule in SYNTAX:
                return (finding(f"rule-{rule}", **place),)
            return (finding("rule-without", **place, name=rule),)
    return ()
