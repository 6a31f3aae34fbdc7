"""What teachers and assistants said of misconceptions and lines, for whoever tells a student of their work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from grader.core.report.report import CheckResult


@dataclass(frozen=True)
class Said:
    """A comment, and who wrote it."""

    by: str
    text: str

    @property
    def shown(self) -> str:
        return f"{self.by}: {self.text}" if self.by else self.text


@dataclass(frozen=True)
class SaidOf:
    """What was said of a submission: by line, and by misconception of its exercise, which it may not have."""

    on_lines: Mapping[int, Said] = field(default_factory=dict)
    on_causes: Mapping[str, Said] = field(default_factory=dict)

    def of(self, check: CheckResult) -> Said | None:
        """Return what was said of the misconception that explains a check best: pages show no other."""
        return self.on_causes.get(check.causes[0].name) if check.causes else None


# Returns what was said of the work of a student at an exercise; the third is the SHA-256 of its bytes, in hex.
SaidAbout = Callable[[str, str, str], SaidOf]
