"""Grade a class: judge what is new, record it, and say where everybody stands."""

from __future__ import annotations

import difflib
import hashlib
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

from grader import __version__
from grader.core.cohort.summary import Standing
from grader.core.course.exercise import Exercise, Stated, Tested
from grader.core.course.policy import Grade, Policy, grade_of
from grader.core.findings.report_json import as_kept
from grader.core.judge.judge import void
from grader.core.report.report import Report
from grader.core.words.errors import CouldNotJudge, CourseInvalid, Fault, UsageFault
from grader.core.words.message import Message, say
from grader.grading.batch.task import Outcome, Task, packed
from grader.grading.judge.judge import AnswerKey, answer_key
from grader.store.course.course_files import CourseFiles
from grader.store.grades.gradebook import Gradebook, Recorded, Result
from grader.store.machine.cache import content_key
from grader.store.machine.catalogues import translations
from grader.store.students.class_files import ClassFiles, FoundSubmission, Unknown, read_plain_file

_FORMAT = "result-3"
# Students whose reports are in memory at the same time.
_AT_ONCE = 100
T = TypeVar("T")
# A student and an exercise.
Place = tuple[str, str]


class Workers(Protocol):
    """Whatever judges tasks side by side."""

    def begin(self, isolation: str, most: int) -> None:
        """Make up to `most` of them ready before there are tasks, and their boxes."""
        ...

    def judge(self, tasks: Iterable[tuple[T, Task]]) -> Iterator[tuple[T, Outcome]]:
        """Yield the outcome of every task, in the order in which they are done."""
        ...

    def close(self) -> None:
        """End those that are not needed any more."""
        ...


class Progress(Protocol):
    """Whatever tells the user how far it is."""

    def begin(self, total: int) -> None: ...

    def advance(self, exercise: str) -> None: ...


@dataclass(frozen=True)
class GradeRequest:
    """What `course grade` was asked for; empty `only` and `students` mean all.

    Attributes:
        secret: what the hidden numbers are drawn from.
        practice: whether that is no secret.
        as_found: whether the run's grades are scores of what lies in the folder, whatever else was ever handed in, due
            or set by hand: who keeps grades elsewhere has these there.
    """

    folder: Path
    secret: bytes
    practice: bool
    isolation: str
    only: tuple[str, ...] = ()
    students: tuple[str, ...] = ()
    as_found: bool = False


@dataclass(frozen=True)
class Change:
    """A grade that is another one than before."""

    before: Grade
    after: Grade


@dataclass
class GradeRun:
    """What a run did.

    Attributes:
        found: submissions in the folder.
        judged: results that are new.
        same: submissions of the same bytes as one that was judged.
        reused: submissions that have their result already, or got one that was known; `regraded` are the latter.
        grades: by student and exercise, after the run.
        void: submissions that could not be judged.
        unknown: what in the folder is no submission.
        faults: of exercises that could not serve.
    """

    exercises: Sequence[Exercise]
    students: Sequence[str] = ()
    found: int = 0
    judged: int = 0
    same: int = 0
    reused: int = 0
    void: int = 0
    unknown: Sequence[Unknown] = ()
    regraded: int = 0
    grades: Mapping[Place, Grade] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    changes: Sequence[Change] = ()


@dataclass(frozen=True)
class _Group:
    """Submissions of the same bytes to the same exercise: judged once."""

    exercise: str
    key: str
    path: Path
    sha256: str
    submissions: tuple[int, ...]


def grade(files: CourseFiles, request: GradeRequest, book: Gradebook, workers: Workers, progress: Progress) -> GradeRun:
    """Find, look up, judge, record.

    Raises:
        UsageFault: where the folder or an exercise is not there.
        CouldNotJudge: where the gradebook cannot be used.
    """
    if files.is_release:
        raise UsageFault(
            say("this is a students' copy; what is graded here is practice, never marks: grade in the course itself")
        )
    keys, run = _answer_keys(files, request)
    tree = ClassFiles(request.folder, files.exercise_ids()).read()
    if not request.as_found:
        # Whoever keeps grades elsewhere has said more about a student without work.
        for student in request.students:
            nobody = say("{folder} has no work of {student}", folder=request.folder, student=student)
            require_known(student, tree.students, nobody)
    found = [each for each in tree.submissions if each.exercise in keys and _wanted(each.student, request.students)]
    misplaced = [each for each in found if not _answers(keys[each.exercise].exercise, each.path.suffix)]
    found = [each for each in found if _answers(keys[each.exercise].exercise, each.path.suffix)]
    run.students = [student for student in tree.students if _wanted(student, request.students)]
    run.found, run.unknown = len(found), [*tree.unknown, *map(_misplaced, misplaced)]
    known = book.recorded()
    if len(found) > len(known):
        # There is something new: what workers import takes as long as all that is looked up meanwhile.
        _make_ready(workers, keys, [each.exercise for each in found], request)
    rows = _recorded(book, found, known)
    ids = {row.id for row in rows}

    def current(recorded: Iterable[Recorded]) -> dict[Place, Grade]:
        if request.as_found:
            return _scores(run.exercises, [each for each in recorded if each.id in ids])
        return grades(files, run.exercises, book, recorded)

    before = run.grades = current(rows if request.as_found else known)
    held = {id: _Held(key, request) for id, key in keys.items()}
    groups = _to_judge(book, run, found, rows, held)
    _make_ready(workers, keys, [group.exercise for group in groups], request)
    progress.begin(len(groups))
    _judge(groups, keys, held, request, book, workers, progress, run)
    if groups or run.regraded:
        run.grades = current(book.recorded())
    run.changes = [
        Change(grade, run.grades[place])
        for place, grade in before.items()
        # What nothing was recorded for until now has no other grade than before.
        if grade.points is not None and grade.points != run.grades[place].points
    ]
    return run


def _make_ready(
    workers: Workers, keys: Mapping[str, AnswerKey], exercises: Iterable[str], request: GradeRequest
) -> None:
    """Let workers begin where programs are to be judged: stated values need no box."""
    programs = sum(not isinstance(keys[id].exercise.work, Stated) for id in exercises)
    if programs:
        workers.begin(request.isolation, programs)


def grades(
    files: CourseFiles, exercises: Sequence[Exercise], book: Gradebook, recorded: Iterable[Recorded]
) -> dict[Place, Grade]:
    """Return the grade of everybody who has handed something in, or has a mark set by hand, at these exercises."""
    attempts: dict[Place, list[Recorded]] = {}
    for each in recorded:
        attempts.setdefault((each.student, each.exercise), []).append(each)
    overrides = book.overrides()
    max_scores = {exercise.id: exercise.max_score for exercise in exercises}
    return {
        place: grade_of(
            *place,
            max_scores[place[1]],
            [each.attempt for each in attempts.get(place, ())],
            files.course.policy,
            overrides.get(place),
        )
        for place in sorted({*attempts, *overrides})
        if place[1] in max_scores
    }


def _scores(exercises: Sequence[Exercise], submissions: Iterable[Recorded]) -> dict[Place, Grade]:
    max_scores = {exercise.id: exercise.max_score for exercise in exercises}
    return {
        (each.student, each.exercise): grade_of(
            each.student, each.exercise, max_scores[each.exercise], [each.attempt], Policy()
        )
        for each in submissions
    }


def standings(
    files: CourseFiles,
    exercises: Sequence[Exercise],
    students: Iterable[str],
    book: Gradebook,
    known: Mapping[Place, Grade] | None = None,
) -> Iterator[Standing]:
    """Yield where each of these students stands at each exercise, missing work included.

    Args:
        known: all grades, where they have been computed already.
    """
    known = grades(files, exercises, book, book.recorded()) if known is None else known
    for some in _batched(students, _AT_ONCE):
        found = [
            known.get((student, exercise.id))
            or grade_of(student, exercise.id, exercise.max_score, (), files.course.policy)
            for student in some
            for exercise in exercises
        ]
        reports = book.reports({grade.attempt.result for grade in found if grade.attempt})
        for grade in found:
            report = reports.get(grade.attempt.result) if grade.attempt else None
            yield Standing(grade, report and replace(report, student=grade.student))


def _batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the items in lists of at most `size`."""
    iterator = iter(items)
    while some := list(islice(iterator, size)):
        yield some


class _Held:
    """What the results of one exercise rest on, besides the submission."""

    def __init__(self, key: AnswerKey, request: GradeRequest) -> None:
        work = key.exercise.work
        self._parts = {
            "exercise_sha256": hashlib.sha256(key.exercise.content).hexdigest(),
            "starter_sha256": hashlib.sha256(b"" if isinstance(work, Stated) else work.starter).hexdigest(),
            "solution_sha256": hashlib.sha256(key.solution).hexdigest(),
            "wrong_programs_sha256": hashlib.sha256(repr(key.wrong).encode()).hexdigest(),
            # Whoever has the course's secret can make the seed anew and see that it is this one.
            "seed_sha256": hashlib.sha256(key.seed).hexdigest(),
            "isolation": "not_run" if isinstance(work, Stated) else request.isolation,
            "practice": request.practice,
            "grader": __version__,
            "torch": version("torch"),
            "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        }
        if isinstance(work, Tested):
            self._parts["tests_sha256"] = hashlib.sha256(repr(work.files).encode()).hexdigest()
        self._all = content_key((_FORMAT, *map(str, self._parts.values())))

    def rests_on(self, sha256: str) -> dict[str, Any]:
        return {"submission_sha256": sha256, **self._parts}

    def key(self, sha256: str, suffix: str) -> str:
        return content_key((self._all, suffix, sha256))


def _answer_keys(files: CourseFiles, request: GradeRequest) -> tuple[dict[str, AnswerKey], GradeRun]:
    """Return what submissions are held to. One exercise that is not right does not stop the others."""
    keys: dict[str, AnswerKey] = {}
    faults: list[Fault] = []
    exercises: list[Exercise] = []
    for id in [files.require(id) for id in request.only] or files.exercise_ids():
        try:
            exercise = files.exercise(id)
            exercises.append(exercise)
            keys[id] = answer_key(files, exercise, request.secret)
        except CourseInvalid as error:
            faults += error.faults
    return keys, GradeRun(exercises, faults=faults)


def require_known(student: str, known: Collection[str], otherwise: Message) -> None:
    """Refuse a student whom nobody knows, with the nearest name.

    Raises:
        UsageFault: saying `otherwise` where no name is near.
    """
    if student in known:
        return
    near = difflib.get_close_matches(student, known, n=1)
    if near:
        raise UsageFault(say("nobody is called {student}; did you mean {near}?", student=student, near=near[0]))
    raise UsageFault(otherwise)


def _answers(exercise: Exercise, suffix: str) -> bool:
    return (suffix == ".yaml") == isinstance(exercise.work, Stated)


def _misplaced(found: FoundSubmission) -> Unknown:
    wanted = ".py, .ipynb" if found.path.suffix == ".yaml" else ".yaml"
    return Unknown(found.path, say("exercise {id} is answered with {wanted}", id=found.exercise, wanted=wanted))


def _wanted(student: str, students: tuple[str, ...]) -> bool:
    return not students or student in students


def _recorded(book: Gradebook, found: Sequence[FoundSubmission], recorded: Iterable[Recorded]) -> list[Recorded]:
    """Return what the gradebook knows of each submission, after recording those that are new.

    Copying a tree changes its files' times: the bytes that were handed in last are no new attempt.
    """
    known: dict[Place, list[Recorded]] = {}
    for each in recorded:
        known.setdefault((each.student, each.exercise), []).append(each)
    here = [_known(known.get((each.student, each.exercise), []), each) for each in found]
    new = [place for place, each in enumerate(here) if each is None]
    rows = [Recorded(0, found[i].student, found[i].exercise, found[i].submitted, found[i].sha256) for i in new]
    ids = book.add_submissions([(row, found[i].path) for row, i in zip(rows, new, strict=True)]) if rows else []
    for place, row, number in zip(new, rows, ids, strict=True):
        here[place] = replace(row, id=number)
    return [each for each in here if each is not None]


def _known(attempts: Sequence[Recorded], found: FoundSubmission) -> Recorded | None:
    same = next((each for each in attempts if (each.submitted, each.sha256) == (found.submitted, found.sha256)), None)
    return same or (attempts[-1] if attempts and attempts[-1].sha256 == found.sha256 else None)


def _to_judge(
    book: Gradebook,
    run: GradeRun,
    found: Sequence[FoundSubmission],
    recorded: Sequence[Recorded],
    held: Mapping[str, _Held],
) -> list[_Group]:
    """Give known results to the submissions that have another one; return what nothing is known of."""
    results = book.results()
    groups: dict[str, _Group] = {}
    regraded: dict[int, list[int]] = {}
    for each, row in zip(found, recorded, strict=True):
        key = held[each.exercise].key(each.sha256, each.path.suffix)
        if row.key == key and not row.void:
            run.reused += 1
        elif key in results:
            run.reused += 1
            run.regraded += 1
            regraded.setdefault(results[key], []).append(row.id)
        else:
            group = groups.get(key) or _Group(each.exercise, key, each.path, each.sha256, ())
            groups[key] = replace(group, submissions=(*group.submissions, row.id))
    for number, submissions in regraded.items():
        book.add_gradings(number, submissions)
    # Exercise by exercise: a worker makes ready for each one once.
    return sorted(groups.values(), key=lambda group: group.exercise)


def _judge(
    groups: Sequence[_Group],
    keys: Mapping[str, AnswerKey],
    held: Mapping[str, _Held],
    request: GradeRequest,
    book: Gradebook,
    workers: Workers,
    progress: Progress,
    run: GradeRun,
) -> None:
    packs = {id: packed(key) for id, key in keys.items()}
    broken: set[str] = set()

    def tasks() -> Iterator[tuple[_Group, Task]]:
        for group in groups:
            if group.exercise in broken:
                continue
            content = _content(group)
            if content is None:
                run.unknown = (*run.unknown, _changed(group))
                progress.advance(group.exercise)
                continue
            name = f"{group.exercise}{group.path.suffix}"
            yield (
                group,
                Task(packs[group.exercise], content, name, request.isolation, request.practice),
            )

    for group, outcome in workers.judge(tasks()):
        progress.advance(group.exercise)
        if isinstance(outcome, CourseInvalid):
            broken.add(group.exercise)
            run.faults += [fault for fault in outcome.faults if fault not in run.faults]
            continue
        report = outcome if isinstance(outcome, dict) else _void_report(keys[group.exercise].exercise, outcome, request)
        run.judged += 1
        run.same += len(group.submissions) - 1
        run.void += len(group.submissions) if report["score"] is None else 0
        rests_on = held[group.exercise].rests_on(group.sha256)
        result = Result(group.key, group.exercise, report["score"], report["max_score"], report, rests_on)
        book.add_result(result, group.submissions)


def _content(group: _Group) -> bytes | None:
    """Return the submission's bytes, if they still are those that were found."""
    try:
        content, _ = read_plain_file(group.path)
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == group.sha256 else None


def _changed(group: _Group) -> Unknown:
    return Unknown(group.path, say("it was changed while the class was graded; grade again"))


def _void_report(exercise: Exercise, why: CouldNotJudge, request: GradeRequest) -> dict[str, Any]:
    checks = tuple(void(name, points, why.message) for name, points in exercise.points.items())
    return as_kept(Report(exercise.id, "", request.isolation, request.practice, checks), translations())
