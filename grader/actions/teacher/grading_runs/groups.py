"""Submissions of the same bytes to the same exercise, judged once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader.actions.teacher.grading_runs.basis import Basis
from grader.actions.teacher.grading_runs.grade_run import GradeRequest, GradeRun, Progress, Stale, Workers
from grader.core.course.exercise import Exercise
from grader.core.findings.report_json import as_kept
from grader.core.judge.judge import void
from grader.core.report.report import Report
from grader.core.words.errors import CouldNotJudge, CourseInvalid
from grader.core.words.message import say
from grader.grading.batch.task import Task, packed
from grader.grading.judge.answer_key import AnswerKey
from grader.store.grades.gradebook import Gradebook, Recorded
from grader.store.machine.catalogues import translations
from grader.store.students.found import FoundSubmission, Unknown, read_found


@dataclass(frozen=True)
class Group:
    """What is to be judged.

    Attributes:
        submissions: those whose result it will be.
        names: of the files in the folder of `path`, where it is several.
        student: whose numbers it is about, where each has his own.
        stored: whether its bytes are in the gradebook.
        stale: how many more keep the result that they have until somebody says otherwise.
    """

    exercise: str
    key: str
    path: Path
    sha256: str
    suffix: str
    submissions: tuple[int, ...] = ()
    stale: int = 0
    names: tuple[str, ...] = ()
    student: str = ""
    stored: bool = False


@dataclass(frozen=True)
class Sorted:
    """What is known of the submissions found.

    Attributes:
        known: submissions without a standing result, by the number of the result that their bytes got before.
        groups: to be judged.
        stale: those whose standing result rests on something older; they keep it.
        standing: how many have a result.
    """

    known: Mapping[int, Sequence[int]]
    groups: Sequence[Group]
    stale: Sequence[Stale]
    standing: int


def sort_out(
    book: Gradebook,
    found: Sequence[FoundSubmission],
    recorded: Sequence[Recorded],
    bases: Mapping[str, Basis],
    regrade: bool,
) -> Sorted:
    """Say of each submission whether its result stands, is known, or has to be found out.

    Args:
        regrade: whether stale submissions are to be judged as well.
    """
    # What was handed in at the server has a page, which a result from elsewhere would leave bare.
    results = book.results(seen=any(each.stored for each in found))
    keys = [bases[each.exercise].key(each.sha256, each.suffix, each.student) for each in found]
    older = [row.result for row, key in zip(recorded, keys, strict=True) if row.key != key and row.result]
    facts = book.rests_on(older)
    groups: dict[str, Group] = {}
    known: dict[int, list[int]] = {}
    stale: list[Stale] = []
    standing = 0
    for each, row, key in zip(found, recorded, keys, strict=True):
        group = groups.get(key) or Group(
            each.exercise,
            key,
            each.path,
            each.sha256,
            each.suffix,
            names=each.names,
            student=each.student,
            stored=each.stored,
        )
        basis, rests_on = bases[each.exercise], facts.get(row.result)
        if row.void or not (row.key == key or (rests_on and basis.stands(rests_on, each.suffix))):
            if key in results:
                known.setdefault(results[key], []).append(row.id)
            else:
                groups[key] = replace(group, submissions=(*group.submissions, row.id))
            continue
        standing += 1
        reasons = basis.changed_since(rests_on) if rests_on else ()
        if reasons:
            stale.append(Stale(row, key, reasons))
        if reasons and regrade and key not in results:
            groups[key] = replace(group, stale=group.stale + 1)
    # Exercise by exercise: a worker makes ready for each one once.
    return Sorted(known, sorted(groups.values(), key=lambda group: group.exercise), stale, standing)


def judged(
    groups: Sequence[Group],
    keys: Mapping[str, AnswerKey],
    request: GradeRequest,
    workers: Workers,
    progress: Progress,
    run: GradeRun,
    stored: Callable[[str], bytes],
) -> Iterator[tuple[Group, dict[str, Any]]]:
    """Yield the report on each group as it comes. What cannot be judged is told in `run`.

    Args:
        stored: returns bytes that are in the gradebook, by their SHA-256.
    """
    packs = {id: packed(key) for id, key in keys.items()}
    broken: set[str] = set()

    def tasks() -> Iterator[tuple[Group, Task]]:
        for group in groups:
            if group.exercise in broken:
                continue
            content = stored(group.sha256) if group.stored else _content(group)
            if content is None:
                run.unknown = (*run.unknown, _changed(group))
                progress.advance(group.exercise)
                continue
            name = f"{group.exercise}{group.suffix}"
            key = keys[group.exercise]
            own = packed(key.for_student(group.student)) if key.exercise.work.own else packs[group.exercise]
            # What was handed in at the server has a page there.
            yield group, Task(own, content, name, request.isolation, request.practice, first=True, seen=group.stored)

    for group, outcome in workers.judge(tasks()):
        progress.advance(group.exercise)
        if isinstance(outcome, CourseInvalid):
            broken.add(group.exercise)
            run.faults += [fault for fault in outcome.faults if fault not in run.faults]
        elif isinstance(outcome, CouldNotJudge):
            yield group, _void_report(keys[group.exercise].exercise, outcome, request)
        else:
            yield group, outcome


def _content(group: Group) -> bytes | None:
    """Return the submission's bytes, if they still are those that were found."""
    try:
        content, _ = read_found(group.path, group.names)
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == group.sha256 else None


def _changed(group: Group) -> Unknown:
    return Unknown(group.path, say("it was changed while the class was graded; grade again"))


def _void_report(exercise: Exercise, why: CouldNotJudge, request: GradeRequest) -> dict[str, Any]:
    checks = tuple(void(name, points, why.message) for name, points in exercise.points.items())
    return as_kept(Report(exercise.id, "", request.isolation, request.practice, checks), translations())
