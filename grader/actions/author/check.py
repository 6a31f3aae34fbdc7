"""Prove exercises before a student sees them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from grader.actions.teacher.grading_runs.grade_run import Progress
from grader.core.proof.findings import Finding
from grader.core.words.errors import CourseInvalid, Fault, UsageFault
from grader.core.words.message import say
from grader.grading.judge.judge import wants_torch
from grader.grading.proof.files import course_texts
from grader.grading.proof.parts import closely, conclude, first, of_mutants, of_tests, on_other_draws, take_in
from grader.grading.proof.proof import CheckRequest, Proof, begun
from grader.store.course.course_files import CourseFiles

T = TypeVar("T")


class Workers(Protocol):
    """Whatever does the parts side by side."""

    def begin(self, isolation: str, most: int, torch: bool = False) -> None: ...

    def judge(self, tasks: Iterable[tuple[T, Any]]) -> Iterator[tuple[T, Any]]: ...


@dataclass(frozen=True)
class Checked:
    """The proofs of exercises, and what is to be mended in course.yaml itself."""

    proofs: Sequence[Proof]
    findings: Sequence[Finding]

    @property
    def all_findings(self) -> list[Finding]:
        return [*self.findings, *(finding for proof in self.proofs for finding in proof.findings)]


def check(files: CourseFiles, request: CheckRequest, workers: Workers, progress: Progress) -> Checked:
    """Prove the exercises asked for; course.yaml as well where that is all of them.

    Raises:
        UsageFault: where one of them is not there.
        CourseInvalid: with the faults of all their files.
    """
    if files.is_release:
        raise UsageFault(say("this is a students' copy; what is to be proved is not here: check in the course itself"))
    proofs = _read(files, request)
    # What the rest stands on comes first.
    parts = (first, on_other_draws, closely, of_tests, of_mutants)
    tasks = [task for part in parts for proof in proofs for task in part(proof, request)]
    progress.begin(len(tasks))
    workers.begin(request.isolation, len(tasks), wants_torch(proof.key for proof in proofs))
    for proof, outcome in workers.judge(iter(tasks)):
        progress.advance(proof.exercise.id)
        take_in(proof, outcome)
    for proof in proofs:
        conclude(files, proof)
    every = len(proofs) == len(files.exercise_ids())
    return Checked(proofs, tuple(course_texts(files)) if every else ())


def _read(files: CourseFiles, request: CheckRequest) -> list[Proof]:
    """Read all that is asked for; the faults of all files are told at once."""
    proofs: list[Proof] = []
    faults: list[Fault] = []
    for id in [files.require(id) for id in request.only] or files.exercise_ids():
        try:
            proofs.append(begun(files, id, request))
        except CourseInvalid as error:
            faults += error.faults
    if faults:
        raise CourseInvalid(faults)
    return proofs
