"""Reads the policies of course.yaml: due dates, lateness, extensions; attempt_policy.py reads the others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from grader.core.course.policies.lateness import Early, Late
from grader.core.course.policies.policy import Attempts, Policy
from grader.core.course.policies.slack import Slack
from grader.core.words.message import say
from grader.core.words.numbers import NotANumber, parse_number
from grader.store.course.policies.attempt_policy import read_attempts, read_early, read_slack
from grader.store.yaml import nodes as y
from grader.store.yaml.reader import Reading, kind

_EXAMPLE = "2026-12-01 23:59"
_SECONDS = {"s": 1, "min": 60, "h": 3600, "day": 86400, "days": 86400, "week": 604800, "weeks": 604800}
# Python reads more than people mean: 2026-12-01+05:00 as five in the morning.
_DATE = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII)
_AMOUNT = re.compile(r"(\S+)\s+(\S+)|([0-9.,]+)([a-z]+)")


def read_policy(reading: Reading, node: y.Node, exercise_ids: Sequence[str]) -> Policy:
    """Read `policies`; what is not right is noted in `reading`. Dates are given for exercises and for lectures."""
    zone = _zone(reading, node)
    known = [*dict.fromkeys(id.partition(".")[0] for id in exercise_ids), *exercise_ids]

    def dates(given: y.Node) -> Mapping[str, datetime]:
        return _dates(reading, given, zone, known)

    def duration(given: y.Node) -> timedelta | None:
        return _duration(reading, given)

    bare = _without_zone(node) if isinstance(node, y.Mapping) else None
    if bare is not None:
        what = say(
            "this date has no time zone; add to policies: timezone: {example} (earlier versions read it as UTC)",
            example="Asia/Tashkent",
        )
        reading.fault(bare, what)
    values = reading.fields(
        node,
        {},
        {
            "timezone": lambda _: zone,
            "due": dates,
            "late": lambda late: _late(reading, late),
            "early": lambda early: read_early(reading, early, duration),
            "slack": lambda slack: read_slack(reading, slack, lambda date: _date(reading, date, zone)),
            "attempts": lambda attempts: read_attempts(reading, attempts, duration, known),
            "extensions": lambda students: {
                key.text: dates(value) for key, value in _entries(reading, students, "s001: {…}")
            },
        },
    )
    due, late, attempts, extensions = (values.get(name) for name in ("due", "late", "attempts", "extensions"))
    early, slack = values.get("early"), values.get("slack")
    counts, rules = attempts if isinstance(attempts, tuple) else (Attempts.BEST, {})
    return Policy(
        due if isinstance(due, dict) else {},
        late if isinstance(late, Late) else Late(),
        counts,
        extensions if isinstance(extensions, dict) else {},
        zone,
        rules,
        early if isinstance(early, Early) else None,
        slack if isinstance(slack, Slack) else None,
    )


def _zone(reading: Reading, node: y.Node) -> tzinfo:
    named = node.get("timezone") if isinstance(node, y.Mapping) else None
    if named is None:
        return UTC
    scalar = reading.scalar(named, say("a time zone such as {example}", example="Asia/Tashkent"))
    try:
        return ZoneInfo(scalar.text) if scalar else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        found = scalar.text if scalar else ""
        reading.fault(
            named, say("{found} is not a time zone; write it as {example}", found=found, example="Asia/Tashkent")
        )
        return UTC


def _entries(reading: Reading, node: y.Node, example: str) -> tuple[tuple[y.Scalar, y.Node], ...]:
    if isinstance(node, y.Mapping):
        return node.entries
    reading.fault(node, say("found {found}; write it as {example}", found=kind(node), example=example))
    return ()


def _without_zone(policies: y.Mapping) -> y.Node | None:
    """Return where a date stands that says no time zone, if none is named for all of them."""
    if policies.get("timezone") is not None:
        return None
    due, extensions, slack = (policies.get(key) for key in ("due", "extensions", "slack"))
    students = extensions.entries if isinstance(extensions, y.Mapping) else ()
    tables = (each for each in (due, *(own for _, own in students)) if isinstance(each, y.Mapping))
    released = slack.get("released") if isinstance(slack, y.Mapping) else None
    listed = released.items if isinstance(released, y.Sequence) else (released,)
    values = (*(value for table in tables for _, value in table.entries), *listed)
    scalars = (value for value in values if isinstance(value, y.Scalar))
    dates = ((value, _DATE.fullmatch(value.text.strip())) for value in scalars)
    return next((value for value, date in dates if date is not None and date[3] is None), None)


def _dates(reading: Reading, node: y.Node, zone: tzinfo, known: Sequence[str]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for key, value in _entries(reading, node, '{"4": 2026-12-01 23:59}'):
        if key.text not in known:
            reading.unknown(key, say("there is no lecture or exercise {id}", id=key.text), known)
        moment = _date(reading, value, zone)
        if moment is not None:
            found[key.text] = moment
    return found


def _date(reading: Reading, node: y.Node, zone: tzinfo) -> datetime | None:
    scalar = reading.scalar(node, say("a date and time such as {example}", example=_EXAMPLE))
    if scalar is None:
        return None
    moment = moment_due(scalar.text.strip(), zone)
    if moment is None:
        words = say("{found} is not a date and time; write it as {example}", found=scalar.text, example=_EXAMPLE)
        reading.fault(node, words)
    return moment


def moment_due(text: str, zone: tzinfo) -> datetime | None:
    """Return the moment that a text names, with its zone: a day, a minute or a second at its end; None for no time."""
    date = _DATE.fullmatch(text)
    try:
        moment = datetime.fromisoformat(text) if date else None
    except ValueError:
        return None
    if date is None or moment is None:
        return None
    if date[1] is None:
        moment = datetime.combine(moment, time.max)
    elif date[2] is None:
        moment = moment.replace(second=59)
    moment = moment.replace(microsecond=999_999)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _late(reading: Reading, node: y.Node) -> Late:
    values = reading.fields(
        node,
        {},
        {
            "grace": lambda grace: _duration(reading, grace),
            "penalty": lambda penalty: reading.share(penalty),
            "every": lambda every: _duration(reading, every),
            "at_most": lambda most: reading.share(most),
        },
    )
    for key in ("grace", "every", "at_most"):
        if isinstance(node, y.Mapping) and node.get(key) is not None and node.get("penalty") is None:
            what = say("{key} says nothing without penalty: add what lateness costs, such as 10 %", key=key)
            reading.fault(node.get(key) or node, what)
    known = {name: value for name, value in values.items() if value is not None}
    return Late(**known)  # type: ignore[arg-type]


def _duration(reading: Reading, node: y.Node) -> timedelta | None:
    scalar = reading.scalar(node, say("a time such as {example}", example="15 min"))
    if scalar is None:
        return None
    match = _AMOUNT.fullmatch(scalar.text.strip())
    number, unit = (match[1] or match[3], match[2] or match[4]) if match else ("", "")
    try:
        seconds = parse_number(number) * _SECONDS[unit]
        if 0 < seconds < 10**9:
            return timedelta(seconds=seconds)
    except (NotANumber, KeyError):
        pass
    allowed = ", ".join(_SECONDS)
    reading.fault(
        node,
        say("{found} is not a time; write it as 15 min; units: {allowed}", found=scalar.text or '""', allowed=allowed),
    )
    return None
