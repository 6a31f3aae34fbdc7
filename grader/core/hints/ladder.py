"""The ladder of hints for one recorded submission: where to look, a question, and only then the likeliest mistake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grader.core.course.checks.author_tests import Tested
from grader.core.course.exercise import Coded, Exercise, Mixed, Stated
from grader.core.course.facets import Facets
from grader.core.course.questions import Questions
from grader.core.hints.kind import Hints, Rung
from grader.core.hints.program import CodedHints, MixedHints, TestedHints
from grader.core.hints.stated import StatedHints
from grader.core.hints.words import QuestionsHints
from grader.core.report.finding import Finding
from grader.core.report.report import CheckResult, Verdict
from grader.core.words.message import Text, say

_HINTS: Facets[type[Hints[Any, Any]]] = Facets(
    {Stated: StatedHints, Coded: CodedHints, Tested: TestedHints, Mixed: MixedHints, Questions: QuestionsHints}
)


def ladder(
    exercise: Exercise,
    report: Sequence[CheckResult],
    authors: Mapping[str, Text] | None = None,
) -> tuple[Rung, ...]:
    """Return all hints for a submission in the order in which they are given; none where every check passed.

    Args:
        authors: the course's own hints, by the name of the misconception.
    """
    hints = _hints(exercise, authors or {})
    seen = {check.name: check for check in report}
    wrong = [(part, seen[part.name]) for part in hints.parts() if _to_mend(seen.get(part.name))]
    to_mend = [part for part, _ in wrong]
    rungs: list[Rung] = []
    before: set[tuple[Finding, ...]] = set()
    for part, check in wrong:
        if hints.once and check.verdict is Verdict.ERROR and check.findings in before:
            continue
        before.add(check.findings)
        is_void = check.verdict is Verdict.VOID
        rungs += [Rung(hints.again(part, check), part.name)] if is_void else hints.rungs(part, check, to_mend)
    own = [Rung(say("{text}", text=text)) for text in exercise.hints] if rungs else []
    return (*own, *rungs)


def before_any_attempt(exercise: Exercise) -> Rung:
    """Return what to do first."""
    return Rung(_hints(exercise, {}).begin())


def _hints(exercise: Exercise, authors: Mapping[str, Text]) -> Hints[Any, Any]:
    return _HINTS.of(exercise.work)(exercise, exercise.work, authors)


def _to_mend(check: CheckResult | None) -> bool:
    # What was skipped waits for another check, and that one has hints of its own.
    return check is not None and check.verdict not in (Verdict.PASS, Verdict.SKIPPED)
