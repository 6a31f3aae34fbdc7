"""Prove one part of an exercise at a time, in this process: what a test runner asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from grader.core.proof.findings import Finding, Program, ProgramSeen
from grader.core.words.errors import CouldNotJudge, CourseInvalid, Position
from grader.core.words.message import say
from grader.grading.batch.task import close_boxes
from grader.grading.proof.check_task import CheckTask
from grader.grading.proof.files import course_texts, file_findings
from grader.grading.proof.kinds import PROOFS
from grader.grading.proof.outcome import check_outcome
from grader.grading.proof.parts import closely, on_other_draws
from grader.grading.proof.proof import CheckRequest, Proof, begun
from grader.store.course.course_files import CourseFiles, find_course

_OF_VALUES = ("autograd", "inputs")
_OF_AUTOGRAD = ("derivatives-disagree",)
_OF_GRADIENTS = ("gradient-wrong", "gradient-unproved")
_OF_CHECKS = ("check-not-needed",)
_OF_TESTS = ("weak-test",)


@dataclass(frozen=True)
class PartSeen:
    """What there is to mend in one part.

    Attributes:
        blame: the part that has the findings: another one where this one cannot be looked at because of it.
    """

    findings: tuple[Finding, ...]
    blame: str


@dataclass(frozen=True)
class _Known:
    """An exercise that is being proved."""

    files: CourseFiles
    proof: Proof
    outcomes: dict[CheckTask, Any] = field(default_factory=dict)


class Prover:
    """Proves parts of a course's exercises in this process's warm box, and keeps what it has seen.

    Args:
        root: the folder of course.yaml.
    """

    def __init__(self, root: Path, request: CheckRequest) -> None:
        self._root, self._request = root, request
        self._files: CourseFiles | None = None
        self._known: dict[str, _Known] = {}

    def seen(self, exercise_id: str, part: str) -> PartSeen:
        """Prove one part: `yaml`, `starter`, `solution`, `right/<name>`, `wrong/<name>`, `checks`, `gradcheck`,
        `seeds`; of stated values `yaml`, `autograd`, `inputs`.

        Raises:
            CouldNotJudge: where this machine could not do it.
        """
        try:
            known = self._exercise(exercise_id)
        except CourseInvalid as error:
            return PartSeen(_as_findings(error, "course-invalid"), "yaml")
        try:
            return PartSeen(tuple(self._findings(known, part)), part)
        except CourseInvalid as error:
            return PartSeen(_as_findings(error, "solution-cannot-serve"), "solution")

    def close(self) -> None:
        """End the box."""
        close_boxes()

    def _exercise(self, id: str) -> _Known:
        if id not in self._known:
            self._files = self._files or find_course(self._root)
            proof = begun(self._files, id, self._request)
            self._known[id] = _Known(self._files, proof)
        return self._known[id]

    def _findings(self, known: _Known, part: str) -> Iterator[Finding]:
        proof, (role, _, name) = known.proof, part.partition("/")
        if role == "yaml":
            yield from file_findings(known.files, proof)
            if proof.exercise.id == known.files.exercise_ids()[0]:
                # The course's own file has no item of its own.
                yield from course_texts(known.files)
        elif proof.exercise.work.by_program == (role in _OF_VALUES):
            yield _kind_not_seen(known)
        elif role in _OF_VALUES:
            work = proof.exercise.work
            found = PROOFS.of(work).findings(work, self._outcome(known), proof.places)
            yield from (each for each in found if (each.name in _OF_AUTOGRAD) == (role == "autograd"))
        elif role == "seeds":
            tasks = (*on_other_draws(proof, self._request), *closely(proof, self._request))
            for task in (task for _, task in tasks if isinstance(task, CheckTask) and (task.draw or task.more)):
                yield from (each for each in self._done(known, task) if isinstance(each, Finding))
        elif role == "checks":
            yield from self._not_needed(known)
            if proof.exercise.work.files:
                yield from (
                    each for each in self._outcome(known) if each.name in _OF_TESTS or not proof.exercise.work.observed
                )
        elif role == "gradcheck":
            yield from (each for each in self._outcome(known) if each.name in _OF_GRADIENTS)
        else:
            alone: list[Finding] = self._outcome(known) if role == "solution" and proof.exercise.work.observed else []
            seen = [self._program(known, each) for each in proof.programs if _is(each, role, name)]
            found = _of_programs(proof, seen)
            yield from (each for each in (*alone, *found) if each.name not in (*_OF_GRADIENTS, *_OF_CHECKS, *_OF_TESTS))

    def _not_needed(self, known: _Known) -> list[Finding]:
        """Return the checks that no wrong program fails, having looked at no more programs than that takes."""
        seen: list[ProgramSeen] = []
        # Of tests the starter, too, shows what they find.
        roles = ("starter", "wrong") if known.proof.exercise.work.files else ("wrong",)
        for program in (None, *(each for each in known.proof.programs if each.role in roles)):
            seen += [self._program(known, program)] if program else []
            found = [each for each in _of_programs(known.proof, seen) if each.name in _OF_CHECKS]
            if not found:
                break
        return found

    def _program(self, known: _Known, program: Program) -> ProgramSeen:
        tasks = [task for _, task in closely(known.proof, self._request) if isinstance(task, CheckTask)]
        outcome = self._done(known, next(task for task in tasks if task.programs == (program,)))
        return next(each for each in outcome if isinstance(each, ProgramSeen))

    def _outcome(self, known: _Known) -> Any:
        """Return what is seen of the solution by itself, of autograd, or of an author's tests."""
        return self._done(known, CheckTask(known.proof.packed, self._request.isolation))

    def _done(self, known: _Known, task: CheckTask) -> Any:
        if task not in known.outcomes:
            known.outcomes[task] = check_outcome(task)
        outcome = known.outcomes[task]
        if isinstance(outcome, CouldNotJudge):
            # Whatever was wrong with this box, the next part gets another one.
            del known.outcomes[task]
            close_boxes()
        if isinstance(outcome, CourseInvalid | CouldNotJudge):
            raise outcome
        return outcome


def _of_programs(proof: Proof, seen: Sequence[ProgramSeen]) -> Iterator[Finding]:
    return proof.of_programs(seen, proof.places)


def _is(program: Program, role: str, name: str) -> bool:
    return program.role == role and (not name or PurePath(program.shown).stem == name)


def _as_findings(error: CourseInvalid, name: str) -> tuple[Finding, ...]:
    return tuple(Finding(name, fault.at, fault.message) for fault in error.faults)


def _kind_not_seen(known: _Known) -> Finding:
    at = known.files.shown(known.files.root / "exercises" / known.proof.exercise.id / "exercise.yaml")
    message = say("start a line with {key}: a test runner finds the kind of exercise only in this way", key="checks:")
    return Finding("kind-not-seen", Position(at), message)
