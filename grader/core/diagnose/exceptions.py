"""What torch and Python raise in a training, explained: what it means, what to do, and the mistake behind it.

Which messages there are is in `exception_rows`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from grader.core.diagnose.exception_rows import ROWS
from grader.core.program.features.code_features import LineRole
from grader.core.report.finding import Finding
from grader.core.run.observation import Raised


@dataclass(frozen=True)
class Explained:
    """What an exception means; `name` is the misconception that it shows by itself, "" where it shows none."""

    name: str
    hint: Finding


_ABOUT_SHAPES = re.compile(r"shape|[Ss]izes? |size mismatch|to have \d+ channels")


def explained(raised: Raised, role: LineRole, steps: int, holds: Callable[[str], bool]) -> Explained | None:
    """Return what an exception means, or None where nothing is known of it.

    Args:
        role: of the line that raised it.
        steps: backward calls that had succeeded before, -1 where they were not recorded.
        holds: whether the program has what a hint needs, by its name.
    """
    said = f"{raised.type_name}: {raised.message}"
    for row in ROWS:
        if re.search(row.pattern, said) and row.when(role, steps) and (not row.needs or holds(row.needs)):
            return Explained(row.name, row.hint)
    return None


def kind_of(raised: Raised) -> str:
    """Return an exception without what varies: numbers, addresses, precisions, and which attribute None lacks."""
    said = f"{raised.type_name}: {raised.message}"
    said = re.sub(r"('NoneType' object has no attribute) '\w+'", r"\1", said)
    said = re.sub(r"\b(Float|Double|Half|BFloat16|b?float(16|32|64))\b", "Float", said)
    return re.sub(r"0x[0-9a-f]+|[-+]?\d+(\.\d+)?(e[-+]?\d+)?", "#", said)


def sizes_in(raised: Raised) -> tuple[str, ...]:
    """Return the sizes that do not fit where that is what was raised: other sizes come of another idea."""
    return tuple(re.findall(r"\d+", raised.message)) if _ABOUT_SHAPES.search(raised.message) else ()
