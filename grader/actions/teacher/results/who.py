"""Who makes a mistake: the students whose latest submission shows a cause."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from itertools import islice

from grader.core.report.report import Report
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.store.grades.gradebook import Gradebook, Recorded

# Reports that are in memory at the same time.
_AT_ONCE = 200
# By the name of a cause, the students who show it and the exercises in which they do.
Shown = Mapping[str, Mapping[str, tuple[str, ...]]]


def causes(book: Gradebook, students: Collection[str], exercises: Collection[str]) -> Shown:
    """Return who shows which cause in the latest submission at these exercises, the most frequent first."""
    latest: dict[tuple[str, str], Recorded] = {}
    for each in book.standing():
        if each.student in students and each.exercise in exercises and each.result and each.score is not None:
            latest[each.student, each.exercise] = each
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    rows = iter(sorted(latest.values(), key=lambda each: (each.student, each.exercise)))
    while some := list(islice(rows, _AT_ONCE)):
        reports = book.reports({each.result for each in some})
        for each in some:
            for name in _named(reports[each.result]):
                own = found.setdefault(name, {})
                own[each.student] = (*own.get(each.student, ()), each.exercise)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def who(shown: Shown, name: str) -> Mapping[str, tuple[str, ...]]:
    """Return the students who show this cause, with the exercises.

    Raises:
        UsageFault: where nobody does, with the nearest name that somebody shows.
    """
    if name in shown:
        return shown[name]
    near = difflib.get_close_matches(name, shown, n=1)
    if near:
        raise UsageFault(say("nobody shows {name}; did you mean {near}?", name=name, near=near[0]))
    listed = ", ".join(shown) or "–"
    raise UsageFault(say("nobody shows {name}; what somebody shows: {listed}", name=name, listed=listed))


def _named(report: Report) -> list[str]:
    return list(dict.fromkeys(cause.name for check in report.checks for cause in check.true_causes))
