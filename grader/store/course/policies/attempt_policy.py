"""Reads what further attempts cost, what being early earns, and slack days: the rest of the policies of course.yaml."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from grader.core.course.checks.author_tests import Tested
from grader.core.course.exercise import Coded, Stated
from grader.core.course.policies.attempts import AttemptRules
from grader.core.course.policies.lateness import Early
from grader.core.course.policies.policy import Attempts
from grader.core.course.policies.slack import Slack
from grader.core.course.questions import Questions
from grader.core.words.message import say
from grader.store.yaml import nodes as y
from grader.store.yaml.reader import Reading, kind

Duration = Callable[[y.Node], timedelta | None]
Moment = Callable[[y.Node], datetime | None]

# Kinds of exercise, by what their files list.
KINDS = tuple(name for work in (Stated, Coded, Tested, Questions) for name in work.listed)
_MOST = 1000
_OWN = ("free", "cost", "at_most", "limit", "pause")


def read_attempts(
    reading: Reading, node: y.Node, duration: Duration, known: Sequence[str]
) -> tuple[Attempts, dict[str, AttemptRules]]:
    """Read which attempt counts, and the rules of attempts by what they are for: "" for everything.

    Args:
        known: the ids of lectures and exercises.
    """
    words = [attempts.value for attempts in Attempts]
    if isinstance(node, y.Scalar):
        only = reading.word(node, words)
        return Attempts(only) if only else Attempts.BEST, {}

    def of(own: y.Node) -> dict[str, AttemptRules]:
        return _rules_of(reading, own, duration, known)

    values = reading.fields(
        node, {}, {"counts": lambda word: reading.word(word, words), **_readers(reading, duration), "for": of}
    )
    rules = values.get("for")
    found = dict(rules) if isinstance(rules, dict) else {}
    if any(values.get(key) is not None for key in _OWN):
        found[""] = _rules(reading, node, values)
    word = values.get("counts")
    return Attempts(word) if isinstance(word, str) else Attempts.BEST, found


def _rules_of(reading: Reading, node: y.Node, duration: Duration, known: Sequence[str]) -> dict[str, AttemptRules]:
    if not isinstance(node, y.Mapping):
        example = '{asks: {limit: 3}, "4.1": {limit: 1}}'
        reading.fault(node, say("found {found}; write it as {example}", found=kind(node), example=example))
        return {}
    allowed = (*KINDS, *known)
    found = {}
    for key, own in node.entries:
        if key.text not in allowed:
            reading.unknown(key, say("there is no lecture, exercise or kind of exercise {id}", id=key.text), allowed)
        found[key.text] = _rules(reading, own, reading.fields(own, {}, _readers(reading, duration)))
    return found


def _readers(reading: Reading, duration: Duration) -> dict[str, Callable[[y.Node], object]]:
    return {
        "free": lambda free: reading.whole(free, 0, _MOST),
        "cost": reading.share,
        "at_most": reading.share,
        "limit": lambda limit: reading.whole(limit, 1, _MOST),
        "pause": duration,
    }


def _rules(reading: Reading, node: y.Node, values: dict[str, object]) -> AttemptRules:
    for key in ("free", "at_most"):
        if isinstance(node, y.Mapping) and node.get(key) is not None and node.get("cost") is None:
            what = say("{key} says nothing without cost: add what each further attempt costs, such as 10 %", key=key)
            reading.fault(node.get(key) or node, what)
    known = {key: values[key] for key in _OWN if values.get(key) is not None}
    return AttemptRules(**known)  # type: ignore[arg-type]


def read_early(reading: Reading, node: y.Node, duration: Duration) -> Early | None:
    """Read what being early earns."""
    values = reading.fields(
        node,
        {"bonus": reading.share, "every": duration, "at_most": reading.share},
        {"above_maximum": reading.truth},
    )
    bonus, every, at_most = (values.get(key) for key in ("bonus", "every", "at_most"))
    if not (isinstance(bonus, float) and isinstance(every, timedelta) and isinstance(at_most, float)):
        return None
    return Early(bonus, every, at_most, values.get("above_maximum") is True)


def read_slack(reading: Reading, node: y.Node, moment: Moment) -> Slack | None:
    """Read how many slack days each student has."""
    values = reading.fields(
        node,
        {"days": lambda days: reading.whole(days, 1, _MOST)},
        {
            "at_most": lambda days: reading.whole(days, 1, _MOST),
            "released": lambda dates: tuple(sorted(reading.sequence(dates, moment))),
        },
    )
    days, at_most, released = (values.get(key) for key in ("days", "at_most", "released"))
    if not isinstance(days, int):
        return None
    most = at_most if isinstance(at_most, int) else None
    return Slack(days, most, released if isinstance(released, tuple) else ())
