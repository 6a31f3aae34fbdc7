"""What was handed in at the server, as a class's folder would hold it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.core.course.policies.trust import Trust
from grader.store.grades.gradebook import Gradebook
from grader.store.grades.hand_ins import HandIns
from grader.store.students.found import FoundSubmission, Unknown


@dataclass(frozen=True)
class HandedIn:
    """What is found there; nothing in it is unknown."""

    students: Sequence[str]
    submissions: Sequence[FoundSubmission]
    unknown: Sequence[Unknown] = ()
    renamed: Sequence[FoundSubmission] = ()


def handed_in(book: Gradebook) -> HandedIn:
    """Return all that was handed in at the server, in the order of a folder's."""
    found = [
        FoundSubmission(
            each.student, each.exercise, Path(f"{each.exercise}{each.suffix}"), each.submitted, each.sha256,
            each.suffix, Trust.SERVER, stored=True,
        )
        for each in HandIns(book.database).all()
    ]  # fmt: skip
    found.sort(key=lambda each: (each.student, each.exercise, each.submitted))
    return HandedIn(list(dict.fromkeys(each.student for each in found)), found)
