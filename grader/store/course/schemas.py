"""JSON Schemas of the files that authors write, for their editors. The readers of those files have the last word."""

from __future__ import annotations

import json
from pathlib import Path

import grader
from grader.store.course.declared_schema import argument_schema, comparison_schema, draw_schema, given_schema

SCHEMAS = ("exercise", "course", "misconceptions", "equivalent")
_FOLDER = Path(grader.__file__).parent / "schemas"


def schema_text(name: str) -> str:
    """Return the schema of the file of that name, one in SCHEMAS: `exercise` is that of exercise.yaml."""
    text = (_FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")
    if name != "exercise":
        return text
    schema = json.loads(text)
    schema["$defs"] |= {
        "compare": comparison_schema(),
        "draw": draw_schema(),
        "given": given_schema(),
        "argument": argument_schema(),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
