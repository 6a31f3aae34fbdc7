"""Notebooks as we write them: format 4.5, with nbgrader's metadata (schema 3)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

Cell = dict[str, Any]
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def text_cell(source: str, **nbgrader: object) -> Cell:
    """Return a cell of text."""
    return {"cell_type": "markdown", "metadata": _about(nbgrader), "source": source}


def code_cell(source: str, **nbgrader: object) -> Cell:
    """Return a cell of code that has not run."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": _about(nbgrader),
        "outputs": [],
        "source": source,
    }


def _about(nbgrader: dict[str, object]) -> dict[str, object]:
    if not nbgrader:
        return {}
    plain = {"schema_version": 3, "grade": False, "locked": False, "solution": False, "task": False}
    return {"nbgrader": {**plain, **nbgrader}}


def notebook(cells: Sequence[Cell], kernel: object = None) -> str:
    """Return a notebook's text; the same cells always give the same."""
    content = {
        "cells": [{**cell, "id": f"cell-{number}"} for number, cell in enumerate(cells, 1)],
        "metadata": {"kernelspec": kernel or KERNEL, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    # Halves of characters, which JSON can spell, are in no file of UTF-8.
    return text.encode("utf-8", "replace").decode()
