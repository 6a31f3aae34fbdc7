"""What lies behind a grade: the bytes that were handed in, where they still are what was judged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from grader.core.course.policies.policy import Grade
from grader.store.grades.gradebook import Gradebook
from grader.store.grades.hand_ins import HandIns
from grader.store.grades.queries import paths_of
from grader.store.students.plain_files import read_plain_file

# As much as a page shows; what is larger is shown nowhere.
_MOST_BYTES = 4 * 2**20

# Returns the bytes and the name of the file behind a grade; None where they are not to be had.
WorkOf = Callable[[Grade], tuple[bytes, str] | None]


def work_of(book: Gradebook) -> WorkOf:
    """Return what finds the file behind a grade, in a folder or among what was handed in at the server.

    Links are not followed, and what was changed since is not shown.
    """
    paths = paths_of(book.database)
    hand_ins = HandIns(book.database)
    sent = {(each.student, each.exercise, each.sha256): each for each in hand_ins.all()}

    def find(grade: Grade) -> tuple[bytes, str] | None:
        digest = grade.attempt.content if grade.attempt is not None else ""
        key = (grade.student, grade.exercise, digest)
        if key in sent:
            return hand_ins.content(digest), f"{grade.exercise}{sent[key].suffix}"
        path = paths.get(key)
        if path is None:
            return None
        try:
            content, _ = read_plain_file(Path(path), _MOST_BYTES)
        except OSError:
            return None
        return (content, Path(path).name) if hashlib.sha256(content).hexdigest() == digest else None

    return find
