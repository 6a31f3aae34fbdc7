"""What docs/findings.md and the JSON Schema of reports say of findings, made from the tables in the code.

.venv/bin/python tests/support/finding_docs.py

writes both files anew.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from repository import ROOT

from grader.core.findings.report_json import FORMAT_VERSION
from grader.core.findings.telling import fields_of, kinds, sentence_of
from grader.core.findings.vocabulary import FIELDS, Type
from grader.core.report.report import Verdict
from grader.core.run.observation import RunStatus

DOCS = ROOT / "docs" / "findings.md"
SCHEMA = ROOT / "grader" / "schemas" / "report.schema.json"

_HEAD = """# Findings: every kind, and every field

A [report](report.md) says what was found as data. Each finding has a `kind` and the fields that are known; other fields
are absent. A kind keeps its name and the meaning of its fields for ever: new versions add kinds, and fields to kinds. A
program that meets a kind that it does not know can show the finding's `message`.

This page is made from the code by `tests/support/finding_docs.py`.

## Fields

"""
_NUMBER = {"oneOf": [{"type": "number"}, {"enum": ["NaN", "inf", "-inf", "?"]}]}
_TYPES: dict[Type, dict[str, Any]] = {
    Type.TEXT: {"type": "string"},
    Type.WORDS: {"oneOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]},
    Type.WHOLE: {"type": "integer"},
    Type.NUMBER: _NUMBER,
    Type.INTERVAL: {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2},
    Type.WHOLES: {"type": "array", "items": {"type": "integer"}},
    Type.TEXTS: {"type": "array", "items": {"type": "string"}},
    Type.PAIRS: {
        "type": "array",
        "items": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2},
    },
    Type.FINDING: {"$ref": "#/$defs/finding"},
    Type.FINDINGS: {"type": "array", "items": {"$ref": "#/$defs/finding"}},
}


def docs() -> str:
    """Return the page."""
    fields = [f"| `{name}` | {type.value} | {meaning} |" for name, (type, meaning) in FIELDS.items()]
    rows = [
        f"| `{kind}` | {', '.join(f'`{name}`' for name in FIELDS if name in fields_of(kind))} | {_cell(kind)} |"
        for kind in kinds()
    ]
    table = ["| field | type | meaning |", "|---|---|---|", *fields]
    of_kinds = ["| kind | fields of its sentence | sentence |", "|---|---|---|", *rows]
    return _HEAD + "\n".join(table) + "\n\n## Kinds\n\n" + "\n".join(of_kinds) + "\n"


def _cell(kind: str) -> str:
    sentence = sentence_of(kind)
    assert sentence is not None
    return sentence.template.replace("|", "\\|").replace("\n", " ⏎ ").replace("{", "‹").replace("}", "›")


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a report."""
    points = {"type": "number", "minimum": 0}
    finding = {
        "type": "object",
        "required": ["kind"],
        "properties": {
            "kind": {"type": "string"},
            "message": {"type": "string", "description": "its sentence"},
            **{name: {**_TYPES[type], "description": meaning} for name, (type, meaning) in FIELDS.items()},
        },
    }
    cause = {
        "type": "object",
        "required": ["name", "hint", "finding"],
        "properties": {
            "name": {"type": "string"},
            "hint": {"type": "string"},
            "finding": {"$ref": "#/$defs/finding"},
            "edges": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
        },
    }
    check = {
        "type": "object",
        "required": ["name", "status", "verdict", "score", "max_score", "message", "misconceptions", "findings"],
        "properties": {
            "name": {"type": "string"},
            "status": {"enum": [status.value for status in RunStatus]},
            "verdict": {"enum": [verdict.value for verdict in Verdict]},
            "score": {"oneOf": [points, {"type": "null"}]},
            "max_score": points,
            "message": {"type": "string"},
            "misconceptions": {"type": "array", "items": cause},
            "findings": {"type": "array", "items": {"$ref": "#/$defs/finding"}},
        },
        "additionalProperties": False,
    }
    keys = ["format_version", "exercise", "student", "status", "isolation", "practice", "score", "max_score", "checks"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What course submit --json and course grade --json say of one submission",
        "type": "object",
        "required": keys,
        "properties": {
            "format_version": {"const": FORMAT_VERSION},
            "exercise": {"type": "string"},
            "student": {"type": "string"},
            "status": {"enum": [status.value for status in RunStatus]},
            "isolation": {"enum": ["full", "reduced", "none", "not_run"]},
            "practice": {"type": "boolean"},
            "score": {"oneOf": [points, {"type": "null"}]},
            "max_score": points,
            "checks": {"type": "array", "items": check},
            "notices": {"type": "array", "items": {"type": "string"}},
            "notice_findings": {"type": "array", "items": {"$ref": "#/$defs/finding"}},
        },
        "additionalProperties": False,
        "$defs": {"finding": finding},
    }


def main() -> int:
    DOCS.write_text(docs(), encoding="utf-8")
    SCHEMA.write_text(json.dumps(schema(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
