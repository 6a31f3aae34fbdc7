"""When the teacher says that a file was handed in: of which bytes that was said, and what was said before."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from grader.actions.teacher.collecting.earlier_answers import Source, source_of
from grader.core.course.policies.trust import Trust
from grader.store.students.records import about_record
from grader.store.students.submissions import ABOUT, SET_ASIDE, folder_name


@dataclass(frozen=True)
class SaidTime:
    """What the cell handed_in says of some bytes.

    Attributes:
        moment: when they were handed in; None where nothing is said of them.
        corrected: records of them with another time, which was said before.
        is_of_others: whether a time is said that was said of other bytes, which the file held before.
        was_cleared: whether a time was said of them, and is no more.
    """

    moment: datetime | None
    corrected: tuple[Path, ...] = ()
    is_of_others: bool = False
    was_cleared: bool = False


@dataclass(frozen=True)
class _Before:
    """A record with a time that the teacher said."""

    folder: Path
    sha256: str
    source: tuple[Source, str]
    moment: datetime


def said_time(
    root: Path, student: str, exercise: str, source: tuple[Source, Set[str]], sha256: str, moment: datetime | None
) -> SaidTime:
    """Return what is said of these bytes, by what was said, and recorded, before.

    A time is said of what a file held when it was written down: what it holds later has come later.

    Args:
        source: the file, and what its download is called where a name says who somebody is in that alone, else nothing.
        moment: what stands in the cell; None where nothing does.
    """
    before = list(_said_before(root, student, exercise))
    mine = [each for each in before if each.sha256 == sha256]
    if moment is None:
        return SaidTime(None, was_cleared=any(_is_from(each, source) for each in mine))
    of_others = any(_is_from(each, source) and each.moment == moment.astimezone(UTC) for each in before)
    if of_others and not any(each.moment == moment.astimezone(UTC) for each in mine):
        return SaidTime(None, is_of_others=not mine)
    return SaidTime(moment, tuple(each.folder for each in mine if each.moment != moment.astimezone(UTC)))


def _said_before(root: Path, student: str, exercise: str) -> Iterator[_Before]:
    for path in sorted((root / "submissions" / folder_name(student) / exercise).glob(f"*/{ABOUT}")):
        folder = path.parent
        about, told = about_record(folder, exercise), source_of(folder)
        if about and told and about[3] is Trust.TEACHER and not (folder / SET_ASIDE).exists():
            file, sha256, download = told
            yield _Before(folder, sha256, (file, download), about[2])


def _is_from(each: _Before, source: tuple[Source, Set[str]]) -> bool:
    file, downloads = source
    return each.source[0] == file and (not downloads or each.source[1] in downloads)
