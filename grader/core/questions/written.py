"""What a student wrote for each question, now and before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from grader.core.report.finding import Finding

# The names of the options that are chosen, or the one text; a Finding where it cannot be read; None where there is
# nothing.
Answer = tuple[str, ...] | Finding | None
Answers = Mapping[str, Answer]


@dataclass(frozen=True)
class Written:
    """The answers of one submission, and of those before it, the oldest first."""

    answers: Answers
    earlier: tuple[Answers, ...] = ()

    def after(self, earlier: Sequence[Written]) -> Written:
        """Return it as what was handed in after these."""
        return replace(self, earlier=tuple(each.answers for each in earlier))

    def attempts(self, name: str) -> list[Answer]:
        """Return the different answers that were given to a question, one after the other.

        What could not be read is no attempt, but for the last one; to hand in the same once more is none either.
        """
        given = [each.get(name) for each in self.earlier]
        readable = [each for each in given if isinstance(each, tuple)]
        *before, last = (*readable, self.answers.get(name))
        different: list[Answer] = []
        different += (each for place, each in enumerate(before) if not place or each != before[place - 1])
        if last is None:
            return different or [None]
        return different if different and last == different[-1] else [*different, last]
