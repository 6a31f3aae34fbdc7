"""What an export format declares: one file for each, listed in a registry, so that none is known to the command."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from grader.core.words.message import Message, Translate

if TYPE_CHECKING:
    from grader.actions.teacher.results.export import Selection
    from grader.core.cohort.summary import Standing
    from grader.store.course.course_files import CourseFiles
    from grader.store.grades.gradebook import Gradebook

Own = TypeVar("Own")  # the dataclass of a format's own options
Lists = tuple[tuple[Message, tuple[str, ...]], ...]  # headings with the names that belong to them


@dataclass(frozen=True)
class Grades:
    """What an export of grades is made of: a selection of exercises and students, and the gradebook."""

    files: CourseFiles
    book: Gradebook
    chosen: Selection
    translate: Translate
    language: str

    def standings(self) -> Iterator[Standing]:
        """Yield where each student stands at each exercise; reports are read one at a time."""
        return self.chosen.standings(self.files, self.book)

    def totals(self) -> dict[str, float | None]:
        """Return each student's points over the selection; None where nothing counts yet."""
        from grader.actions.teacher.results.export import totals

        return totals(self.standings())

    def decided(self, system: str) -> dict[str, str | None]:
        """Return who the people of a system are, as far as matches.csv says; None for nobody of the roster.

        Raises:
            CourseInvalid: where matches.csv is not right.
        """
        from grader.store.students.matches import NAME, read_matches

        path, zone = self.files.root / NAME, self.files.course.policy.zone or UTC
        ids = self.files.exercise_ids()
        return read_matches(path, self.files.shown(path), self.chosen.students, ids, zone).students(system)


@dataclass(frozen=True)
class CourseParts:
    """What an export of the course is made of, which needs no grades.

    Attributes:
        asked: the exercises, as `course submit` takes them.
        secret: returns the course's secret, and makes one where there is none.
    """

    files: CourseFiles
    asked: str
    secret: Callable[[], bytes]


@dataclass(frozen=True)
class Exported:
    """What is told about an export that has been written.

    Attributes:
        done: the sentence on standard output; None where the export itself went there.
        lists: headings with the names that belong to them, on standard error; an empty list is not shown.
        lost: whether something of a student of the roster found no place in what was written.
    """

    done: Message | None = None
    lists: Lists = ()
    lost: bool = False


@dataclass(frozen=True)
class GradeExport(Generic[Own]):
    """A format that holds grades.

    Attributes:
        word: how the format is called on the command line.
        summary: one line, imperative mood.
        details: what a teacher must know before and after; may be None.
        example: the arguments of an example, after `course export <word>`.
        options: a dataclass whose fields are options (`grader.core.words.options`).
        write: writes the files. It raises UsageFault where one cannot be read or written, or is not what it should be.
        marks_stale: whether what is written with these options marks the grades of an earlier version of an exercise.
    """

    word: str
    summary: Message
    example: str
    options: type[Own]
    write: Callable[[Grades, Own], Exported]
    details: Message | None = None
    marks_stale: Callable[[Own], bool] = lambda _: False


@dataclass(frozen=True)
class CourseExport(Generic[Own]):
    """A format that is made of the course alone, such as an autograder. The attributes are those of `GradeExport`."""

    word: str
    summary: Message
    example: str
    options: type[Own]
    write: Callable[[CourseParts, Own], Exported]
    details: Message | None = None


Export = GradeExport[Any] | CourseExport[Any]
