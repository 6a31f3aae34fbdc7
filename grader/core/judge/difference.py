"""Turns what a comparison measured into a finding."""

from __future__ import annotations

from grader.core.compare.comparison import Comparison
from grader.core.compare.tolerance import Mismatch
from grader.core.course.exercise import Call, Check
from grader.core.course.recording import asks
from grader.core.findings.telling import fields_of
from grader.core.judge.explain import about_call
from grader.core.report.finding import Finding, finding
from grader.core.run.plan import Numbers
from grader.core.words.numbers import accepted, show

_ANYWHERE = ("quantity", "name")


def difference(found: Mismatch, item: Comparison, check: Check, call: Call | None, numbers: Numbers) -> Finding:
    """Return the finding of a mismatch: what its sentence says, to as many digits as it says, and nothing more."""
    known: dict[str, object] = {**item.compared(check), **found.fields}
    if call is not None and asks([item], "values", "gradient"):
        known |= about_call(call, numbers)
    if found.place:
        known |= {"step": found.place[0] + 1, "index": found.place}
    if found.actual is not None:
        known["actual"] = float(show(found.actual))
    if "about" in known:
        known["expected"] = float(str(known.pop("about")))
    if found.expected is not None and found.allowed is not None:
        known["accepted"] = accepted(found.expected, found.allowed)
    told = fields_of(found.reason)
    return finding(found.reason, **{name: known[name] for name in known if name in told or name in _ANYWHERE})
