"""The digests, seeds and result keys of the shipped lecture 4, frozen. Run as a program, it freezes them again:

.venv/bin/python tests/support/frozen_keys.py

That is right after an exercise was changed on purpose. After a change to the grader it is not: whoever has graded with
the version before would have every class called stale. Make the form in grader/core/judge/digests.py what it was.
"""

from __future__ import annotations

import json
from pathlib import Path
from unittest import mock

from repository import lecture

from grader.actions.teacher.grading_runs import basis
from grader.actions.teacher.grading_runs.basis import Basis
from grader.core.judge.digests import declared_digest
from grader.grading.judge.answer_key import answer_key
from grader.store.course.course_files import CourseFiles, find_course

FROZEN = Path(__file__).parent / "frozen_keys.json"
SECRET = b"qovun"


def keys(files: CourseFiles) -> dict[str, dict[str, str]]:
    """Return what is frozen of each exercise, as it would be with one certain torch and Python."""
    found = {}
    versions = {"torch_version": lambda: "2.9.0", "python_version": lambda: "3.12"}
    with mock.patch.multiple(basis, **versions):
        for id in lecture(files.exercise_ids(), every=False):
            key = answer_key(files, files.exercise(id), SECRET)
            result = Basis(files, key, SECRET, "full", practice=False).key("0" * 64, ".py", "")
            declared = declared_digest(key.exercise)
            found[id] = {"judging": key.judging, "declared": declared, "seed": key.seed.hex(), "result": result}
    return found


if __name__ == "__main__":
    FROZEN.write_text(json.dumps(keys(find_course(FROZEN.parent)), indent=1) + "\n", encoding="utf-8")
