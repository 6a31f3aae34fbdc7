"""Grade a class: judge what is new, record it, and say where everybody stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from grader.actions.teacher.basis import Basis
from grader.actions.teacher.grade_run import GradeRequest, GradeRun, Progress, Workers
from grader.actions.teacher.groups import Group, judged, sort_out
from grader.actions.teacher.regrade import Accept, changes, declined, regrade
from grader.actions.teacher.standings import Place, grades, require_known, scores
from grader.core.course.exercise import Exercise, Stated
from grader.core.course.policy import Grade
from grader.core.words.errors import CourseInvalid, Fault, UsageFault
from grader.core.words.message import say
from grader.grading.judge.answer_key import AnswerKey, answer_key
from grader.store.course.course_files import CourseFiles
from grader.store.grades.gradebook import Gradebook, Recorded, Result
from grader.store.students.class_files import ClassFiles, FoundSubmission, Unknown


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
    keys, run = _answer_keys(files, request)
    found = _found(files, request, keys, run)
    known = book.recorded()
    if len(found) > len(known):
        # There is something new: what workers import takes as long as all that is looked up meanwhile.
        _make_ready(workers, keys, [each.exercise for each in found], request)
    rows = _recorded(book, found, known)
    ids = {row.id for row in rows}

    def current(recorded: Iterable[Recorded]) -> dict[Place, Grade]:
        if request.as_found:
            return scores(run.exercises, [each for each in recorded if each.id in ids])
        return grades(files, run.exercises, book, recorded)

    before = run.grades = current(rows if request.as_found else known)
    bases = {id: Basis(files, key, request.secret, request.isolation, request.practice) for id, key in keys.items()}
    looked_up = sort_out(book, found, rows, bases, request.regrade)
    book.add_gradings(looked_up.known)
    run.stale, run.reused = looked_up.stale, looked_up.standing + sum(map(len, looked_up.known.values()))
    _judge(looked_up.groups, keys, bases, request, book, workers, progress, run)
    if looked_up.groups or looked_up.known:
        run.grades = current(book.recorded())
    if request.regrade and run.stale:
        run.regrade = regrade(book, run, current, accept)
        if run.regrade.counts:
            run.grades = current(book.recorded())
    run.changes = changes(before, run.grades)
    return run


def _found(
    files: CourseFiles, request: GradeRequest, keys: Mapping[str, AnswerKey], run: GradeRun
) -> list[FoundSubmission]:
    """Return the submissions asked for that lie in the folder; `run` says who is there, and what is no submission."""
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
    return found


def _make_ready(
    workers: Workers, keys: Mapping[str, AnswerKey], exercises: Iterable[str], request: GradeRequest
) -> None:
    """Let workers begin where programs are to be judged: stated values need no box."""
    programs = sum(not isinstance(keys[id].exercise.work, Stated) for id in exercises)
    if programs:
        workers.begin(request.isolation, programs)


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


def _judge(
    groups: Sequence[Group],
    keys: Mapping[str, AnswerKey],
    bases: Mapping[str, Basis],
    request: GradeRequest,
    book: Gradebook,
    workers: Workers,
    progress: Progress,
    run: GradeRun,
) -> None:
    """Judge groups, and record each result as it comes: as that of its submissions, and of no stale one."""
    _make_ready(workers, keys, [group.exercise for group in groups], request)
    progress.begin(len(groups))
    for group, report in judged(groups, keys, request, workers, progress, run):
        run.judged += 1
        run.same += len(group.submissions) + group.stale - 1
        run.reused -= group.stale
        run.void += len(group.submissions) if report["score"] is None else 0
        rests_on = bases[group.exercise].rests_on(group.sha256, group.path.suffix)
        result = Result(group.key, group.exercise, report["score"], report["max_score"], report, rests_on)
        if group.submissions or report["score"] is not None:
            book.add_result(result, group.submissions)
