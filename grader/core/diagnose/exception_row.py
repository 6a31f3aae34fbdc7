"""One row of what is known of exceptions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from grader.core.program.features.code_features import LineRole
from grader.core.report.finding import Finding


@dataclass(frozen=True)
class Row:
    """A pattern of a message, the mistake that it shows and what is said of it.

    Attributes:
        when: it means this, of the line's role and the backward calls before it.
        needs: what the program must have for the hint to be true, by the name that `agrees` knows it by; "" for a hint
            that is true of whatever raises this.
    """

    pattern: str
    name: str
    hint: Finding
    when: Callable[[LineRole, int], bool] = lambda _role, _steps: True
    needs: str = ""
