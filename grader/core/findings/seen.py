"""What there is to see of a judged submission beside its report, kept and read again: curves, output, a graph."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from grader.core.findings.recorded import read_report
from grader.core.report.evidence import Drawing, DrawnEdge, DrawnNode, Evidence, PrintedRow, Printout, Series
from grader.core.report.report import CheckResult, Report

# Where a question takes several answers: the report that is shown after the last of them.
AT_LAST = "at_last"
_SPECIAL = {"NaN": math.nan, "inf": math.inf, "-inf": -math.inf}
# A page has a few hundred points across.
_DIGITS = 9


def seen_as_kept(checks: Sequence[CheckResult], drawing: Drawing | None) -> dict[str, Any]:
    """Return the evidence of checks, and the graph, as a JSON object; empty where there is neither."""
    curves = {check.name: list(map(_kept, check.evidence)) for check in checks if check.evidence}
    graph = None if drawing is None else _plain(asdict(drawing))
    return {**({"curves": curves} if curves else {}), **({"drawing": graph} if graph else {})}


def at_last(kept: Mapping[str, Any]) -> Report | None:
    """Return the report as it would be after the last attempt, where it is kept and can be read."""
    try:
        return read_report(kept[AT_LAST]) if AT_LAST in kept else None
    except ValueError:
        return None


def with_seen(report: Report, kept: Mapping[str, Any]) -> tuple[Report, Drawing | None]:
    """Return a report with its evidence again, and the graph; what cannot be read is left out."""
    try:
        curves = {name: tuple(map(_evidence, found)) for name, found in kept.get("curves", {}).items()}
        graph = kept.get("drawing")
        drawing = None if graph is None else _drawing(graph)
    except (KeyError, TypeError, ValueError, AttributeError):
        return report, None
    checks = tuple(replace(check, evidence=curves.get(check.name, ())) for check in report.checks)
    return replace(report, checks=checks), drawing


def _kept(evidence: Evidence) -> dict[str, Any]:
    kept: dict[str, Any] = _plain(asdict(evidence))
    return kept


def _plain(value: Any) -> Any:
    match value:
        case float() if not math.isfinite(value):
            return "NaN" if math.isnan(value) else "inf" if value > 0 else "-inf"
        case float():
            return float(f"{value:.{_DIGITS}g}")
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list() | tuple():
            return list(map(_plain, value))
        case _:
            return value


def _evidence(kept: Any) -> Evidence:
    if "rows" in kept:
        rows = (
            PrintedRow(None if row["actual"] is None else str(row["actual"]), str(row["expected"]))
            for row in kept["rows"]
        )
        inputs = tuple((str(name), str(value)) for name, value in kept["inputs"])
        return Printout(tuple(rows), int(kept["departure"]), int(kept["before"]), int(kept["after"]), inputs)
    return Series(
        str(kept["quantity"]),
        tuple(map(_number, kept["expected"])),
        tuple(map(_number, kept["actual"])),
        None if kept["departure"] is None else int(kept["departure"]),
    )


def _drawing(kept: Any) -> Drawing:
    names = ("value", "gradient", "wrong_value", "wrong_gradient")
    nodes = (
        DrawnNode(
            str(each["name"]),
            str(each["expression"]),
            *(_known(each[name]) for name in names),
        )
        for each in kept["nodes"]
    )
    edges = (
        DrawnEdge(str(each["operand"]), str(each["operation"]), bool(each["broken"]), _known(each.get("derivative")))
        for each in kept["edges"]
    )
    return Drawing(str(kept["root"]), tuple(nodes), tuple(edges))


def _known(kept: Any) -> float | None:
    return None if kept is None else _number(kept)


def _number(kept: Any) -> float:
    return _SPECIAL[kept] if isinstance(kept, str) else float(kept)
