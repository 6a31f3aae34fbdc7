"""Looks whether the names in an exercise's rules are there: a misspelt one would forbid nothing, in silence."""

from __future__ import annotations

from collections.abc import Iterator

from grader.core.course.checks.author_tests import Tested
from grader.core.course.checks.limits import Limits
from grader.core.course.checks.rules import Rules
from grader.core.course.exercise import Coded
from grader.core.proof.findings import Finding
from grader.core.run.jobs import ProgramJob
from grader.core.words.errors import Position
from grader.core.words.message import say
from grader.grading.judge.answer_key import Known
from grader.grading.judge.steps import Alone, Steps

_LOOK = """
import importlib

def there(name):
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            thing = importlib.import_module(".".join(parts[:count]))
        except ImportError:
            continue
        for part in parts[count:]:
            if not hasattr(thing, part):
                return 0.0
            thing = getattr(thing, part)
        return 1.0
    return 0.0

found = [there(name) for name in NAMES]
"""
# To import a large package for the first time takes long.
_LIMITS = Limits(wall=60.0, cpu=60.0, memory=2**31)


def misspelt_rules(known: Known, work: Coded | Tested) -> Steps[list[Finding]]:
    """Return what is said of each dotted name that is not to be found where submissions run."""
    names = tuple(dict.fromkeys(_dotted(work)))
    if not names:
        return []
    source = f"NAMES = {list(names)!r}\n{_LOOK}"
    job = ProgramJob(source, "rules.py", script=True, finals=("found",), limits=_LIMITS, trusted=True)
    ((run,),) = yield [Alone((job,))]
    seen = run.ran.finals.get("found") if run.ran is not None else None
    if seen is None or seen.data is None or seen.data.size != len(names):
        return []
    at = Position(known.key.shown)
    missing = (name for name, there in zip(names, seen.data.reshape(-1), strict=True) if not there)
    return [
        Finding("rule-names-nothing", at, say("{name} is not found, so a rule about it holds nothing", name=name))
        for name in missing
    ]


def _dotted(work: Coded | Tested) -> Iterator[str]:
    of_checks: list[Rules] = [check.rules for check in work.checks]
    for rules in (work.rules, *of_checks):
        for name in (*rules.without, *(rules.only or ())):
            if "." in name.strip("."):
                yield name
