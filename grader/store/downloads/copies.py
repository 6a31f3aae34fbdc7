"""A student's copy of the course, as students hand it in whole: which of its files are their work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.store.students.records import TIMESTAMP

_COURSE, _WORK, _RECORDS = "course.yaml", "work", "submissions"
_ABOUT = "submission.json"


def own_work(paths: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    """Return which of a person's files may be work.

    Of a copy of the course that is what lies in `work`, or where nothing does, what `course submit` recorded last; of
    records of `course submit` the newest of each exercise. Everything counts where there is neither.
    """
    everything = [tuple(path) for path in paths if path[-1] != TIMESTAMP]
    roots = {path[:-1] for path in everything if path[-1] == _COURSE}
    copied = [path for path in everything if any(path[: len(root)] == root for root in roots)]
    others = [path for path in everything if path not in set(copied)]
    found = _newest(others)
    for root in roots:
        inside = [path for path in copied if path[: len(root)] == root]
        work = [path for path in inside if path[len(root) : len(root) + 1] == (_WORK,)]
        found += work or _newest([path for path in inside if path[len(root) : len(root) + 1] == (_RECORDS,)])
    return found


def _newest(paths: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the paths without the files of all records but the newest of each exercise: their names begin so."""
    records = sorted(path[:-1] for path in paths if path[-1] == _ABOUT and len(path) > 1)
    newest = {record[:-1]: record for record in records}
    old = set(records) - set(newest.values())
    return [path for path in paths if path[:-1] not in old and path[-1] not in (_ABOUT, "report.json", "hints.json")]
