"""Turns what a comparison measured into a finding."""

from __future__ import annotations

from grader.core.compare.mismatch import Mismatch, Reason
from grader.core.course.exercise import (
    Call,
    Check,
    Compare,
    CompareFinal,
    CompareGradient,
    CompareOutput,
    CompareParameter,
    CompareStores,
    CompareValue,
)
from grader.core.findings.table import fields_of
from grader.core.judge.explain import about_call
from grader.core.report.finding import Finding, finding
from grader.core.run.plan import Numbers
from grader.core.words.numbers import accepted, show

_OF_A_STEP = {Reason.STEP_LOSS: "loss", Reason.STEP_GRADIENT: "gradient"}
_OF_A_STEP |= {Reason.STEP_PARAMETER: "parameter", Reason.START_PARAMETER: "parameter"}
_ANYWHERE = ("quantity", "name")


def difference(found: Mismatch, item: Compare, check: Check, call: Call | None, numbers: Numbers) -> Finding:
    """Return the finding of a mismatch: what its sentence says, to as many digits as it says, and nothing more."""
    known: dict[str, object] = {**_compared(item, check), **found.fields}
    if call is not None and isinstance(item, CompareValue | CompareGradient):
        known |= about_call(call, numbers)
    if found.reason in _OF_A_STEP:
        known["quantity"] = _OF_A_STEP[found.reason]
    if found.place:
        known |= {"step": found.place[0] + 1, "index": found.place}
    if found.actual is not None:
        known["actual"] = float(show(found.actual))
    if "about" in known:
        known["expected"] = float(str(known.pop("about")))
    if found.expected is not None and found.allowed is not None:
        known["accepted"] = accepted(found.expected, found.allowed)
    told = fields_of(found.reason.value)
    return finding(found.reason.value, **{name: known[name] for name in known if name in told or name in _ANYWHERE})


def _compared(item: Compare, check: Check) -> dict[str, object]:
    match item:
        case CompareValue():
            return {"quantity": "value"}
        case CompareGradient(name):
            return {"quantity": "gradient", "name": name}
        case CompareStores(name):
            return {"quantity": "stores", "name": name}
        case CompareFinal(name) | CompareParameter(name):
            return {"quantity": "final" if check.script else "variable", "name": name}
        case CompareOutput():
            return {"quantity": "output"}
        case _:
            return {}
