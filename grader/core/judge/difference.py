"""Turns what a comparison measured into a finding."""

from __future__ import annotations

from grader.core.compare.comparison import Comparison
from grader.core.compare.mismatch import Mismatch
from grader.core.course.exercise import Call
from grader.core.findings.table import fields_of
from grader.core.findings.telling import told
from grader.core.judge.explain import about_call
from grader.core.report.finding import Finding, finding
from grader.core.run.plan import Numbers
from grader.core.words.numbers import accepted, show

_ANYWHERE = ("quantity", "name")


def difference(found: Mismatch, item: Comparison, call: Call | None, numbers: Numbers) -> Finding:
    """Return the finding of a mismatch: what its sentence says, to as many digits as it says, and nothing more."""
    called = {} if call is None else about_call(call, numbers)
    known: dict[str, object] = {"quantity": item.word, "name": getattr(item, "name", None), **called, **found.fields}
    known["subject"] = found.subject
    if found.subject is None:
        # What most comparisons compare is the call itself, which is data.
        about = told(finding("called", **called))
        own = item.subject(about)
        known["subject"] = None if own is about else own
    if found.place:
        known |= {"step": found.place[0] + 1, "index": found.place}
    if found.actual is not None:
        known["actual"] = float(show(found.actual))
    if "about" in known:
        known["expected"] = float(str(known.pop("about")))
    if found.expected is not None and found.allowed is not None:
        known["accepted"] = accepted(found.expected, found.allowed)
    said = fields_of(found.reason, item.reasons[found.reason])
    return finding(found.reason, **{name: known[name] for name in known if name in said or name in _ANYWHERE})
