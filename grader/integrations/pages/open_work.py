"""What is still open in a class: what a teacher looks at before grades are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from grader.core.cohort.summary import Standing
from grader.core.course.policies.policy import State
from grader.core.words.message import Translate


@dataclass(frozen=True)
class OpenPart:
    """One kind of open work: what it is, and each student's exercises."""

    words: str
    students: tuple[tuple[str, str], ...]


def open_work(table: Mapping[str, Sequence[Standing]], translate: Translate) -> tuple[OpenPart, ...]:
    """Return what is open, the most urgent first; nothing where every grade is final.

    Work that nobody has handed in is not missing: it is not asked for yet.

    Args:
        table: each student's standing at every exercise.
    """
    given = {each.grade.exercise for row in table.values() for each in row if each.grade.state is not State.MISSING}

    def where(open_: Callable[[Standing], bool]) -> tuple[tuple[str, str], ...]:
        found = ((student, [each.grade.exercise for each in row if open_(each)]) for student, row in table.items())
        return tuple((student, ", ".join(exercises)) for student, exercises in found if exercises)

    parts = (
        (
            translate("Not judged: the fault is the grader's. Run course grade again. Students: {count}"),
            where(lambda each: each.grade.state is State.VOID),
        ),
        (
            translate("Graded by an earlier version: course grade grades it again. Students: {count}"),
            where(lambda each: each.stale),
        ),
        (
            translate("Not handed in, which others have. Students: {count}"),
            where(lambda each: each.grade.state is State.MISSING and each.grade.exercise in given),
        ),
    )
    return tuple(OpenPart(words.format(count=len(students)), students) for words, students in parts if students)
