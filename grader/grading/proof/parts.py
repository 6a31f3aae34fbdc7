"""The parts of a proof: the tasks that workers do, and what their outcomes come to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from grader.core.proof.findings import Finding
from grader.core.proof.mutants import mutation_findings, mutation_of
from grader.core.words.errors import CouldNotJudge, CourseInvalid
from grader.grading.batch.task import packed
from grader.grading.proof.check_task import CheckTask, key_of_draw
from grader.grading.proof.files import file_findings
from grader.grading.proof.kinds import PROOFS
from grader.grading.proof.mutants import MutationTask, Survivors
from grader.grading.proof.proof import CheckRequest, Proof
from grader.store.course.course_files import CourseFiles

# Wrong programs are many, and are wrong by far: a few draws show it.
_SEEDS_OF_WRONG = 3
_MUTANTS_AT_ONCE = 8
# Findings after which nothing is held to the solution.
_CANNOT_SERVE = frozenset({"solution-cannot-serve", "tolerance-too-wide", "kink-unavoidable", "goal-out-of-reach"})
Labelled = tuple[Proof, CheckTask | MutationTask]


def draws_of(proof: Proof, seeds: int) -> int:
    """Return on how many draws an exercise is proved, where so many are asked for."""
    work = proof.exercise.work
    return min(seeds, PROOFS.of(work).most_draws(work))


def first(proof: Proof, request: CheckRequest) -> Iterator[Labelled]:
    """Yield what the rest stands on: the solution itself, autograd's answers, and the wrong programs as observed."""
    work = proof.exercise.work
    if work.observed or not work.by_program:
        yield proof, CheckTask(proof.packed, request.isolation)
    if work.observed and proof.wrong:
        for each in work.parts:
            yield proof, CheckTask(proof.packed, request.isolation, observe=each.name)


def of_tests(proof: Proof, request: CheckRequest) -> Iterator[Labelled]:
    """Yield what is tried of an author's own tests: they are put to programs that know nothing."""
    if proof.exercise.work.files and not proof.exercise.work.observed:
        yield proof, CheckTask(proof.packed, request.isolation)


def on_other_draws(proof: Proof, request: CheckRequest) -> Iterator[Labelled]:
    """Yield what is tried on every draw but the first: what gets full marks there must get them here."""
    right = tuple(each for each in proof.programs if each.role in ("solution", "right"))
    drawn = bool(right) and proof.exercise.work.observed
    for draw in range(1, draws_of(proof, request.seeds) if drawn else 1):
        yield proof, CheckTask(proof.packed, request.isolation, draw, right)


def closely(proof: Proof, request: CheckRequest) -> Iterator[Labelled]:
    """Yield what is tried of each program as a student's are; of a wrong one also that it fails on a few more draws."""
    drawn = proof.exercise.work.observed
    draws = tuple(range(1, min(draws_of(proof, request.seeds), _SEEDS_OF_WRONG))) if drawn else ()
    for program in proof.programs:
        more = draws if program.role == "wrong" else ()
        yield proof, CheckTask(proof.packed, request.isolation, programs=(program,), more=more)


def of_mutants(proof: Proof, request: CheckRequest) -> Iterator[Labelled]:
    if not proof.mutants:
        return
    keys = tuple(
        packed(replace(key_of_draw(proof.key, draw), wrong=())) for draw in range(draws_of(proof, request.seeds))
    )
    numbered = [(number, mutant.source) for number, mutant in enumerate(proof.mutants)]
    for first in range(0, len(numbered), _MUTANTS_AT_ONCE):
        some = tuple(numbered[first : first + _MUTANTS_AT_ONCE])
        yield proof, MutationTask(keys, request.isolation, some, proof.key.shown)


def take_in(proof: Proof, outcome: object) -> None:
    if isinstance(outcome, CouldNotJudge):
        proof.could_not.append(outcome)
    elif isinstance(outcome, CourseInvalid):
        for fault in outcome.faults:
            finding = Finding("solution-cannot-serve", fault.at, fault.message)
            if not proof.findings_of(finding.name):
                proof.findings.append(finding)
    elif isinstance(outcome, Survivors):
        proof.survived |= outcome.numbers
    else:
        work = proof.exercise.work
        PROOFS.of(work).take_in(proof, work, outcome)


def conclude(files: CourseFiles, proof: Proof) -> None:
    proof.findings += file_findings(files, proof)
    serves = not any(each.name in _CANNOT_SERVE for each in proof.findings)
    if proof.exercise.work.by_program and serves:
        found = proof.of_programs(proof.seen, proof.places)
        # A program that could not be run may be the one that fails the check.
        proof.findings += [each for each in found if not (proof.could_not and each.name == "check-not-needed")]
    if proof.exercise.work.observed:
        _conclude_mutation(files, proof)
    proof.findings.sort(key=lambda finding: (finding.at, finding.name))


def _conclude_mutation(files: CourseFiles, proof: Proof) -> None:
    serves = not any(each.name in _CANNOT_SERVE for each in proof.findings)
    if proof.mutants and serves and not proof.could_not:
        proof.mutation = mutation_of(proof.mutants, proof.survived, files.equivalents(proof.exercise.id))
        proof.findings += mutation_findings(proof.mutation, files.course.mutation, proof.key.shown)
