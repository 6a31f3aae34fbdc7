"""JSON Schemas of the files that authors write, for their editors. The readers of those files have the last word."""

from __future__ import annotations

from pathlib import Path

import grader

SCHEMAS = ("exercise", "course", "misconceptions", "equivalent")
_FOLDER = Path(grader.__file__).parent / "schemas"


def schema_text(name: str) -> str:
    """Return the schema of the file of that name, one in SCHEMAS: `exercise` is that of exercise.yaml."""
    return (_FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")
