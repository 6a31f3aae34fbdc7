"""What lies behind a grade: what was handed in, where it still is what was judged, and what was said of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar

from grader.core.course.policies.policy import Grade
from grader.store.grades.comments import Comment, Comments
from grader.store.grades.gradebook import Gradebook
from grader.store.grades.hand_ins import HandIns
from grader.store.grades.people import People
from grader.store.grades.queries import paths_of
from grader.store.students.plain_files import read_plain_file

T = TypeVar("T")
# As much as a page shows; what is larger is shown nowhere.
_MOST_BYTES = 4 * 2**20


@dataclass(frozen=True)
class Said:
    """A comment, and who wrote it."""

    by: str
    text: str


@dataclass(frozen=True)
class Work:
    """The file behind a grade, with the comments on its lines and on the misconceptions of its exercise."""

    content: bytes
    name: str
    on_lines: Mapping[int, Said] = field(default_factory=dict)
    on_causes: Mapping[str, Said] = field(default_factory=dict)


# Returns the file behind a grade; None where it is not to be had.
WorkOf = Callable[[Grade], Work | None]


def work_of(book: Gradebook) -> WorkOf:
    """Return what finds the file behind a grade, in a folder or among what was handed in at the server.

    Links are not followed, and what was changed since is not shown.
    """
    paths = paths_of(book.database)
    hand_ins, comments = HandIns(book.database), Comments(book.database)
    names = {person.id: person.shown for person in People(book.database).all()}
    sent = {(each.student, each.exercise, each.sha256): each for each in hand_ins.all()}

    def told(found: Mapping[T, Comment]) -> dict[T, Said]:
        return {place: Said(names.get(each.person, ""), each.text) for place, each in found.items()}

    @cache
    def on_causes(exercise: str) -> dict[str, Said]:
        return told(comments.on_causes(exercise))

    def find(grade: Grade) -> Work | None:
        digest = grade.attempt.content if grade.attempt is not None else ""
        key = (grade.student, grade.exercise, digest)
        if key in sent:
            on_lines = told(comments.on_lines(sent[key].submission))
            name = f"{grade.exercise}{sent[key].suffix}"
            return Work(hand_ins.content(digest), name, on_lines, on_causes(grade.exercise))
        path = paths.get(key)
        if path is None:
            return None
        try:
            content, _ = read_plain_file(Path(path), _MOST_BYTES)
        except OSError:
            return None
        if hashlib.sha256(content).hexdigest() != digest:
            return None
        return Work(content, Path(path).name, on_causes=on_causes(grade.exercise))

    return find
