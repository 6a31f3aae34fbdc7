"""Judge what lies in work/ anew whenever it changes. That is practice: nothing is recorded, and no attempt is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from itertools import chain

from grader.actions.student.judgement import Judgement
from grader.actions.student.submission import Request, Submission, handed_in, submitter
from grader.actions.student.submit import judged_by
from grader.core.course.exercise import Exercise
from grader.core.report.report import Report
from grader.core.words.errors import CouldNotJudge, CourseInvalid, UsageFault
from grader.core.words.message import say
from grader.grading.judge.answer_key import Known, practice_key
from grader.grading.judge.judge import MakeBox, known_closely, modules
from grader.grading.judge.steps import Decided
from grader.store.course.course_files import CourseFiles
from grader.store.students.submissions import earlier_submissions

_FAULTS = (UsageFault, CourseInvalid, CouldNotJudge)
# Shows that something is being judged, and is told the points as soon as they are known.
Working = Callable[[], AbstractContextManager[Callable[[Decided], None]]]


@dataclass(frozen=True)
class Seen:
    """What one save came to.

    Attributes:
        first: whether it is the first that is told of this look.
        judgement: None where there is nothing to judge, or it could not be judged: then `fault` says why.
        changed: the checks of which something else is told than the time before; None where nothing was told before.
    """

    exercise: str
    first: bool
    judgement: Judgement | None = None
    fault: UsageFault | CourseInvalid | CouldNotJudge | None = None
    changed: tuple[str, ...] | None = None


def watch(
    files: CourseFiles,
    ids: Sequence[str] | None,
    student: str | None,
    make_box: MakeBox,
    looks: Iterable[object],
    working: Working,
) -> Iterator[Seen]:
    """Yield what each file comes to, first as it lies there and then as often as its content is another one.

    Only numbers that may be shown decide here, also where the course's secret is at hand: whoever could try hidden
    ones without recording it could find them out.

    Args:
        ids: an exercise, or several: of these, and of all where it is None, those that have something in work/, now or
            later.
        make_box: should make boxes that are kept.
        looks: yields when it is time to look.

    Raises:
        UsageFault: where nobody says whose work it is, or the one exercise that was named cannot be watched.
        CourseInvalid, CouldNotJudge: where that one cannot be judged at all.
    """
    watching = _Watching(files, submitter(Request("", student=student)), make_box, working)
    several = ids is None or len(ids) > 1
    if ids is not None and not several:
        watching.add(ids)
    for _ in looks:
        first = True
        for seen in chain(watching.try_to_add(_begun(files, ids)) if several else (), watching.look()):
            yield replace(seen, first=first)
            first = False


def _begun(files: CourseFiles, ids: Sequence[str] | None) -> list[str]:
    """Return those of the exercises for which something lies in work/."""
    try:
        found = {name for path in (files.root / "work").iterdir() for name in (path.name, path.stem)}
    except OSError:
        return []
    return [id for id in ids or files.exercise_ids() if id in found]


class _Watching:
    """What is known of each exercise from one look to the next."""

    def __init__(self, files: CourseFiles, student: str, make_box: MakeBox, working: Working) -> None:
        self._files, self._student, self._make_box, self._working = files, student, make_box, working
        self._known: dict[str, Known] = {}
        self._versions: dict[str, object] = {}
        self._there: dict[str, Submission | UsageFault] = {}
        self._told: dict[str, Report] = {}
        self._left_out: set[str] = set()
        self._wanted: list[str] = []

    def add(self, ids: Iterable[str]) -> None:
        """Watch these, too, and let the box import what they need before there is anything to judge."""
        new = [id for id in ids if id not in self._known]
        for id in new:
            self._learn(id)
        self._wanted += [module for id in new for module in modules(self._known[id])]
        self._warm()

    def try_to_add(self, ids: Iterable[str]) -> Iterator[Seen]:
        """Watch these as far as they can be; yield why one cannot, once."""
        for id in ids:
            if id in self._left_out:
                continue
            try:
                self.add([id])
            except _FAULTS as fault:
                self._left_out.add(id)
                yield Seen(id, False, fault=fault)

    def look(self) -> Iterator[Seen]:
        """Yield what became of those whose content is another than at the look before."""
        for id, known in list(self._known.items()):
            there: Submission | UsageFault
            try:
                there = handed_in(self._files, known.key.exercise, Request(id, student=self._student))
            except UsageFault as fault:
                there = fault
            except OSError as error:
                there = UsageFault(say("{file} cannot be read: {words}", file="work/", words=error.strerror or ""))
            if not _same(there, self._there.get(id)):
                self._there[id] = there
                yield self._seen(id, there)

    def _seen(self, id: str, there: Submission | UsageFault) -> Seen:
        before = self._told.pop(id, None)
        if isinstance(there, UsageFault):
            return Seen(id, False, fault=there)
        try:
            # An author may have changed the exercise meanwhile.
            if self._versions[id] != _version(self._files, id):
                self._learn(id)
            earlier = earlier_submissions(self._files.root, self._student, id)
            with self._working() as told:
                judgement = judged_by(self._known[id], there, self._student, self._make_box, earlier, told)
            self._warm()
        except _FAULTS as fault:
            return Seen(id, False, fault=fault)
        self._told[id] = judgement.report
        return Seen(id, False, judgement, changed=None if before is None else _changed(before, judgement.report))

    def _warm(self) -> None:
        """Let a box begin to import, where there is none; a program that never ends may have cost the last one."""
        if self._wanted:
            self._make_box(self._wanted)

    def _learn(self, id: str) -> None:
        self._versions[id] = _version(self._files, id)
        exercise = self._files.exercise(id)
        self._refuse(exercise)
        self._known[id] = known_closely(practice_key(self._files, exercise).for_student(self._student))

    def _refuse(self, exercise: Exercise) -> None:
        """Refuse answers that cost an attempt here: they could be tried until one is right, and only then handed in."""
        rules = self._files.course.policy.rules_for(exercise.id, exercise.work.listed)
        counted = bool(rules.cost or rules.pause) or rules.limit is not None
        if counted and not exercise.work.by_program and not self._files.is_release:
            raise UsageFault(
                say("each answer to {id} is an attempt, so it is not watched: course submit {id}", id=exercise.id)
            )


def _version(files: CourseFiles, id: str) -> object:
    """Return what tells whether an exercise, its solution and its wrong programs are as they were."""
    about = {}
    for folder in (files.root / "exercises" / id, files.root / "solutions" / id):
        for path in folder.rglob("*"):
            # An author's editor makes files and takes them away again.
            with suppress(OSError):
                status = path.lstat()
                about[path] = (status.st_mtime_ns, status.st_size)
    return about


def _same(now: Submission | UsageFault, before: Submission | UsageFault | None) -> bool:
    if isinstance(now, UsageFault) and isinstance(before, UsageFault):
        return now.messages == before.messages
    return now == before


def _changed(before: Report, now: Report) -> tuple[str, ...]:
    known = {check.name: (check.verdict, check.score, check.findings) for check in before.checks}
    return tuple(
        check.name for check in now.checks if known.get(check.name) != (check.verdict, check.score, check.findings)
    )
