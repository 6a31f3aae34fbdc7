"""Holds checks that count what a call costs to what such a count can bear."""

from __future__ import annotations

from collections.abc import Sequence

from grader.core.course.checks.recording import asks
from grader.core.course.exercise import Check
from grader.core.words.message import say
from grader.core.words.numbers import show
from grader.store.yaml import nodes as y
from grader.store.yaml.reader import Reading

# Of the points of what is computed: a count is a rule, and no proof.
_MOST = 0.25


def hold_costs(reading: Reading, node: y.Sequence, checks: Sequence[Check]) -> None:
    """Note what is wrong with checks that count: nothing costs less than a wrong answer."""
    points = {check.name: check.points for check in checks}
    for check in checks:
        if not asks(check.compare, "cost"):
            continue
        at = next((item for item in node.items if _name(item) == check.name), node)
        needed = sum(points.get(name, 0) for name in check.needs)
        if not asks(check.compare, "values"):
            reading.fault(
                at, say("check {check}: compare value too; what returns nothing costs nothing", check=check.name)
            )
        if check.points > _MOST * needed:
            what = say(
                "check {check}: what a call costs is counted where the program runs, so it is worth at most a quarter "
                "of the checks that it needs, and these have {needed} points. Name them under needs, or give it fewer "
                "points",
                check=check.name,
                needed=show(needed),
            )
            reading.fault(at, what)


def _name(item: y.Node) -> str | None:
    name = item.get("name") if isinstance(item, y.Mapping) else None
    return name.text if isinstance(name, y.Scalar) else None
