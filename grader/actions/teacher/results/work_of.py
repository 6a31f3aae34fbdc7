"""What lies behind a grade: what was handed in, where it still is what was judged, and what was said of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.actions.teacher.results.comments_of import said_about
from grader.actions.teacher.results.said import SaidAbout, SaidOf
from grader.core.course.policies.policy import Grade
from grader.store.grades.gradebook import Gradebook
from grader.store.grades.hand_ins import HandIns
from grader.store.grades.queries import paths_of
from grader.store.students.plain_files import read_plain_file

# As much as a page shows; what is larger is shown nowhere.
_MOST_BYTES = 4 * 2**20


@dataclass(frozen=True)
class Work:
    """The file behind a grade, with the comments on its lines and on the misconceptions of its exercise."""

    content: bytes
    name: str
    said: SaidOf = SaidOf()


# Returns the file behind a grade; None where it is not to be had.
WorkOf = Callable[[Grade], Work | None]


def work_of(book: Gradebook, said: SaidAbout | None = None) -> WorkOf:
    """Return what finds the file behind a grade, in a folder or among what was handed in at the server.

    Links are not followed, and what was changed since is not shown.

    Args:
        said: finds the comments; all that there are where it is not given.
    """
    paths = paths_of(book.database)
    hand_ins, said = HandIns(book.database), said or said_about(book)
    sent = {(each.student, each.exercise, each.sha256): each for each in hand_ins.all()}

    def find(grade: Grade) -> Work | None:
        digest = grade.attempt.content if grade.attempt is not None else ""
        key = (grade.student, grade.exercise, digest)
        if key in sent:
            return Work(hand_ins.content(digest), f"{grade.exercise}{sent[key].suffix}", said(*key))
        path = paths.get(key)
        if path is None:
            return None
        try:
            content, _ = read_plain_file(Path(path), _MOST_BYTES)
        except OSError:
            return None
        if hashlib.sha256(content).hexdigest() != digest:
            return None
        return Work(content, Path(path).name, said(*key))

    return find
