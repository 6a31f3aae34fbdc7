"""Grade a class: judge what is new, record it, and say where everybody stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from grader.actions.teacher.grading_runs.basis import Basis
from grader.actions.teacher.grading_runs.grade_run import GradeRequest, GradeRun, Progress, Workers
from grader.actions.teacher.grading_runs.groups import Group, judged, sort_out
from grader.actions.teacher.grading_runs.handed_in import handed_in
from grader.actions.teacher.grading_runs.regrade import Accept, changes, declined, regrade
from grader.actions.teacher.standings import grades, require_known, scores
from grader.core.course.exercise import Exercise
from grader.core.course.policies.policy import Grade, Place
from grader.core.course.policies.trust import Trust
from grader.core.words.errors import CouldNotJudge, CourseInvalid, Fault, UsageFault
from grader.core.words.message import say
from grader.grading.batch.task import SEEN
from grader.grading.judge.answer_key import AnswerKey, answer_key, practice_key
from grader.grading.judge.judge import wants_torch
from grader.store.course.course_files import CourseFiles
from grader.store.grades.gradebook import Gradebook, Recorded, Result
from grader.store.grades.hand_ins import HandIns
from grader.store.students.class_files import ClassFiles
from grader.store.students.found import FoundSubmission, Unknown

_SECOND = timedelta(seconds=1)


def grade(
    files: CourseFiles,
    request: GradeRequest,
    book: Gradebook,
    workers: Workers,
    progress: Progress,
    accept: Accept = declined,
) -> GradeRun:
    """Find, look up, judge, record.

    A submission keeps its result when the exercise, the rules of judging or the machine change: it is stale then. Where
    that is asked for, stale ones are judged again too, and `accept` says whether that is to count.

    Raises:
        UsageFault: where the folder or an exercise is not there.
        CouldNotJudge: where the gradebook cannot be used.
    """
    if files.is_release:
        raise UsageFault(
            say("this is a students' copy: grading here is practice and gives no grades. Grade in the course itself")
        )
    run = _exercises(files, request)
    grading = _Grading(files, request, book, run)
    found = grading.found()
    known = book.standing()
    if len(found) > len(known):
        # There is something new: what workers import takes as long as all that is looked up meanwhile.
        grading.make_ready(workers, [each.exercise for each in found])
    rows, timed = _recorded(book, found, known)
    grading.ids = {row.id for row in rows}
    before = run.grades = grading.grades_by(rows if request.as_found else known)
    if grading.judge(found, rows, workers, progress) or timed:
        run.grades = grading.grades_by(book.standing())
    if request.regrade and run.stale and run.unrecorded is None:
        run.regrade = regrade(book, run, grading.grades_by, accept)
        if run.regrade.counts:
            run.grades = grading.grades_by(book.standing())
    run.changes = changes(before, run.grades)
    run.untimed = Counter(
        grade.attempt.trust
        for grade in run.grades.values()
        if grade.late and grade.attempt and grade.attempt.trust is not None and not grade.attempt.may_cost
    )
    return run


@dataclass
class _Grading:
    """One run over a class.

    Attributes:
        keys: what submissions are held to, by exercise, once they are found; none of an exercise that is not right.
        ids: of the submissions in the folder, once they are recorded.
    """

    files: CourseFiles
    request: GradeRequest
    book: Gradebook
    run: GradeRun
    keys: Mapping[str, AnswerKey] = field(default_factory=dict)
    ids: Collection[int] = ()

    def found(self) -> list[FoundSubmission]:
        """Return the submissions asked for that lie in the folder, and tell who is there and what is no submission."""
        request, run = self.request, self.run
        several = {exercise.id: exercise.work.submit for exercise in run.exercises}
        tree = (
            handed_in(self.book)
            if request.folder is None
            else ClassFiles(request.folder, self.files.exercise_ids(), several).read()
        )
        if not request.as_found:
            # Whoever keeps grades elsewhere has said more about a student without work.
            for student in request.students:
                place = request.folder or say("course serve")
                nobody = say("{folder} has no submission by {student}", folder=place, student=student)
                require_known(student, tree.students, nobody)
        gone = frozenset[str]() if request.as_found else self.book.forgotten()
        withdrawn = frozenset() if request.as_found else self.book.withdrawn()
        known = [
            each
            for each in tree.submissions
            if self._is_known(each.student)
            and each.student not in gone
            and (each.student, each.exercise, each.sha256) not in withdrawn
        ]
        asked = [each for each in known if _wanted(each.student, request.students)]
        keys = self.keys = self._answer_keys({each.exercise for each in asked})
        found = [each for each in asked if each.exercise in keys]
        misplaced = [each for each in found if not _answers(keys[each.exercise].exercise, each.suffix)]
        students = [each for each in tree.students if _wanted(each, request.students) and each not in gone]
        run.students = [student for student in students if self._is_known(student)]
        run.strangers = [student for student in students if not self._is_known(student)]
        run.forgotten = [each for each in tree.students if each in gone and each in (request.known or ())]
        run.renamed = [each for each in tree.renamed if each in found]
        run.found, run.unknown = len(found) - len(misplaced), [*tree.unknown, *map(_misplaced, misplaced)]
        return [each for each in found if _answers(keys[each.exercise].exercise, each.suffix)]

    def _is_known(self, student: str) -> bool:
        return self.request.known is None or student in self.request.known

    def _answer_keys(self, ids: Collection[str]) -> dict[str, AnswerKey]:
        """Return what is needed of the exercises; one that is not right does not stop the others."""
        keys: dict[str, AnswerKey] = {}
        for exercise in self.run.exercises:
            if exercise.id in ids:
                try:
                    keys[exercise.id] = _key(self.files, exercise, self.request)
                except CourseInvalid as error:
                    self.run.faults += error.faults
        return keys

    def make_ready(self, workers: Workers, exercises: Iterable[str]) -> None:
        """Let workers begin where programs are to be judged: stated values need no box."""
        asked = Counter(id for id in exercises if self.keys[id].exercise.work.by_program)
        if asked:
            workers.begin(self.request.isolation, asked.total(), wants_torch(self.keys[id] for id in asked))

    def grades_by(self, recorded: Iterable[Recorded]) -> dict[Place, Grade]:
        """Return the grades that follow from these submissions and their results."""
        if self.request.as_found:
            return scores(self.run.exercises, [each for each in recorded if each.id in self.ids])
        return grades(self.files, self.run.exercises, self.book, recorded)

    def judge(
        self, found: Sequence[FoundSubmission], rows: Sequence[Recorded], workers: Workers, progress: Progress
    ) -> bool:
        """Give submissions the results that are known, and judge the others; return whether a result was given.

        Each result is recorded as it comes: as that of its submissions, and of no stale one.
        """
        request, run = self.request, self.run
        secret, isolation, practice = request.secret, request.isolation, request.practice
        bases = {id: Basis(self.files, key, secret, isolation, practice) for id, key in self.keys.items()}
        looked_up = sort_out(self.book, found, rows, bases, request.regrade)
        self.book.add_gradings(looked_up.known)
        run.stale, run.reused = looked_up.stale, looked_up.standing + sum(map(len, looked_up.known.values()))
        self.make_ready(workers, [group.exercise for group in looked_up.groups])
        progress.begin(len(looked_up.groups))
        stored = HandIns(self.book.database).content
        for group, report in judged(looked_up.groups, self.keys, request, workers, progress, run, stored):
            try:
                self._record(group, report, bases[group.exercise])
            except CouldNotJudge as error:
                # What was recorded before stands; to judge on would be for nothing.
                run.unrecorded = error.message
                break
        return bool(looked_up.groups or looked_up.known)

    def _record(self, group: Group, outcome: Mapping[str, Any], basis: Basis) -> None:
        report = {name: value for name, value in outcome.items() if name != SEEN}
        run, score = self.run, report["score"]
        rests_on = basis.rests_on(group.sha256, group.suffix)
        if group.submissions or score is not None:
            result = Result(group.key, group.exercise, score, report["max_score"], report, rests_on)
            self.book.add_result(result, group.submissions, outcome.get(SEEN))
        run.judged += 1
        run.same += len(group.submissions) + group.stale - 1
        run.reused -= group.stale
        run.void += len(group.submissions) if score is None else 0


def _exercises(files: CourseFiles, request: GradeRequest) -> GradeRun:
    """Return the run over the exercises that are asked for. One that is not right does not stop the others."""
    faults: list[Fault] = []
    exercises: list[Exercise] = []
    for id in [files.require(id) for id in request.only] or files.exercise_ids():
        try:
            exercises.append(files.exercise(id))
        except CourseInvalid as error:
            faults += error.faults
    return GradeRun(exercises, faults=faults)


def _key(files: CourseFiles, exercise: Exercise, request: GradeRequest) -> AnswerKey:
    make = practice_key if request.practice else answer_key
    return make(files, exercise, request.secret)


def _answers(exercise: Exercise, suffix: str) -> bool:
    return (suffix == ".yaml") != exercise.work.by_program


def _misplaced(found: FoundSubmission) -> Unknown:
    wanted = ".py, .ipynb" if found.suffix == ".yaml" else ".yaml"
    return Unknown(found.path, say("the file for exercise {id} must end in {wanted}", id=found.exercise, wanted=wanted))


def _wanted(student: str, students: tuple[str, ...]) -> bool:
    return not students or student in students


def _recorded(
    book: Gradebook, found: Sequence[FoundSubmission], recorded: Iterable[Recorded]
) -> tuple[list[Recorded], bool]:
    """Return what the gradebook knows of each submission, after recording those that are new, and whether a time is.

    Copying a tree changes its files' times: the bytes that were handed in last are no new attempt.
    """
    known: dict[Place, list[Recorded]] = {}
    for each in recorded:
        known.setdefault((each.student, each.exercise), []).append(each)
    here = [_known(known.get((each.student, each.exercise), []), each) for each in found]
    new = [place for place, each in enumerate(here) if each is None]
    rows = [_row(found[i]) for i in new]
    ids = book.add_submissions([(row, found[i].path) for row, i in zip(rows, new, strict=True)]) if rows else []
    for place, row, number in zip(new, rows, ids, strict=True):
        here[place] = replace(row, id=number)
    better = [
        (row.id, each.submitted, each.trust)
        for row, each in zip(here, found, strict=True)
        if row is not None and row.trust is not None and _betters(each, row)
    ]
    if better:
        book.add_times(better)
    return [each for each in here if each is not None], bool(better)


def _betters(found: FoundSubmission, row: Recorded) -> bool:
    """Whether the time found counts in place of the one recorded: one believed more, or a teacher's later word."""
    assert row.trust is not None
    # A moment's difference only tells rows apart.
    said_anew = found.trust is row.trust is Trust.TEACHER and abs(found.submitted - row.submitted) >= _SECOND
    return found.trust < row.trust or said_anew


def _row(found: FoundSubmission) -> Recorded:
    return Recorded(0, found.student, found.exercise, found.submitted, found.sha256, trust=found.trust)


def _known(attempts: Sequence[Recorded], found: FoundSubmission) -> Recorded | None:
    alike = [each for each in attempts if each.sha256 == found.sha256]
    same = next((each for each in alike if found.collected or each.submitted == found.submitted), None)
    return same or (attempts[-1] if attempts and attempts[-1].sha256 == found.sha256 else None)
