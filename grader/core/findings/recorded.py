"""Reads reports that were kept, in this format and in the one before, without believing anything in them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from grader.core.findings.report_json import FORMAT_VERSION, MOST
from grader.core.findings.telling import sentence_of
from grader.core.findings.vocabulary import FIELDS, Type
from grader.core.report.finding import Finding, Words, finding
from grader.core.report.report import CheckResult, NamedMisconception, Report, Verdict
from grader.core.run.observation import RunStatus
from grader.core.words.message import Text

_MOST_CHECKS = 1000
_LONGEST = 40_000
_LONGEST_NAME = 200
_LARGEST = 10**15
# A finding, its rows, and what they are made of.
_DEEPEST = 3
_SPECIAL = {"NaN": math.nan, "inf": math.inf, "-inf": -math.inf}


class NotAReport(ValueError):
    """It is not what this grader, or an earlier one, writes."""


def read_report(kept: object) -> Report:
    """Return a report from its JSON object.

    One of format 1 has sentences and no findings: they become findings that say what was written.

    Raises:
        NotAReport: where it is none, or one of a later format.
    """
    try:
        return _report(_object(kept))
    except (KeyError, TypeError, ValueError, RecursionError, OverflowError):
        raise NotAReport from None


def _report(kept: Mapping[str, Any]) -> Report:
    version = _whole(kept["format_version"])
    if not 1 <= version <= FORMAT_VERSION:
        raise NotAReport
    check, notice = (_written_check, _as_written) if version == 1 else (_check, _finding)
    notices = kept.get("notices" if version == 1 else "notice_findings", [])
    return Report(
        _name(kept["exercise"]),
        _name(kept["student"]),
        _name(kept["isolation"]),
        kept["practice"] is True,
        tuple(map(check, _list(kept["checks"], _MOST_CHECKS))),
        tuple(map(notice, _list(notices))),
    )


def _check(kept: Any) -> CheckResult:
    return _result(
        kept,
        tuple(map(_finding, _list(kept["findings"]))),
        tuple(
            NamedMisconception(_name(each["name"]), _finding(each["finding"]), _edges(each.get("edges", [])))
            for each in _list(kept["misconceptions"])
        ),
    )


def _written_check(kept: Any) -> CheckResult:
    """Read a check of format 1; what names the causes is a sentence of its own, or part of the message."""
    causes = tuple(
        NamedMisconception(_name(each["name"]), _as_written(each["hint"])) for each in _list(kept["misconceptions"])
    )
    names = tuple(cause.name for cause in causes)
    told = (_as_written(kept["message"]), _as_written(kept.get("cause", "")).with_fields(causes=names))
    return _result(kept, tuple(each for each in told if "text" in each.fields), causes)


def _result(kept: Any, findings: tuple[Finding, ...], causes: tuple[NamedMisconception, ...]) -> CheckResult:
    verdict = Verdict(kept["verdict"])
    score = kept["score"]
    earned = 0.0 if score is None else _points(score)
    if (score is None) is not (verdict is Verdict.VOID):
        raise NotAReport
    return CheckResult(
        _name(kept["name"]),
        RunStatus(kept["status"]),
        verdict,
        _points(kept["max_score"]),
        findings,
        causes,
        0.0 if verdict is Verdict.PASS else earned,
    )


def _finding(kept: Any, depth: int = 1) -> Finding:
    kind = _name(_object(kept)["kind"])
    if depth > _DEEPEST:
        raise NotAReport
    # Fields that are not known come from a later version, as do kinds; of these the English sentence is told.
    known = {name: _field(FIELDS[name][0], value, depth) for name, value in kept.items() if name in FIELDS}
    return finding(kind, **known, **({} if sentence_of(kind) else {"message": _text(kept.get("message", ""))}))


def _field(type: Type, kept: Any, depth: int) -> object:
    if type is Type.FINDING:
        return _finding(kept, depth + 1)
    if type is Type.FINDINGS:
        return tuple(_finding(each, depth + 1) for each in _list(kept))
    return _READERS[type](kept)


def _as_written(kept: Any) -> Finding:
    return finding("as-written", text=_words(kept))


def _words(kept: Any) -> Words:
    if isinstance(kept, str):
        return _text(kept)
    texts = {_name(language): _text(text) for language, text in _object(kept).items() if text}
    return Text.of(texts) if texts else ""


def _number(kept: Any) -> object:
    if isinstance(kept, str):
        return kept if kept == "?" else _SPECIAL[kept]
    if type(kept) not in (int, float):
        raise NotAReport
    return float(kept)


def _points(kept: Any) -> float:
    points = _number(kept)
    if not isinstance(points, float) or not 0 <= points <= _LARGEST:
        raise NotAReport
    return points


def _whole(kept: Any) -> int:
    if type(kept) is not int or abs(kept) > _LARGEST:
        raise NotAReport
    return kept


def _text(kept: Any) -> str:
    if not isinstance(kept, str) or len(kept) > _LONGEST:
        raise NotAReport
    return kept


def _name(kept: Any) -> str:
    if not isinstance(kept, str) or len(kept) > _LONGEST_NAME:
        raise NotAReport
    return kept


def _list(kept: Any, most: int = MOST) -> list[Any]:
    if not isinstance(kept, list) or len(kept) > most:
        raise NotAReport
    return kept


def _object(kept: Any) -> Mapping[str, Any]:
    if not isinstance(kept, dict):
        raise NotAReport
    return kept


def _pairs(kept: Any) -> tuple[tuple[str, str], ...]:
    return tuple((_text(name), _text(value)) for name, value in map(_list, _list(kept)))


def _interval(kept: Any) -> tuple[object, ...]:
    low, high = _list(kept)
    return _number(low), _number(high)


def _edges(kept: Any) -> tuple[tuple[str, str], ...]:
    return tuple((_name(operand), _name(operation)) for operand, operation in map(_list, _list(kept)))


_READERS: Mapping[Type, Callable[[Any], object]] = {
    Type.TEXT: _text,
    Type.WORDS: _words,
    Type.WHOLE: _whole,
    Type.NUMBER: _number,
    Type.INTERVAL: _interval,
    Type.WHOLES: lambda kept: tuple(map(_whole, _list(kept))),
    Type.TEXTS: lambda kept: tuple(map(_text, _list(kept))),
    Type.PAIRS: _pairs,
}
