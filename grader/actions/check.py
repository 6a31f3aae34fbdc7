"""Prove exercises before a student sees them."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from grader.actions.check_task import CheckTask, Outcome
from grader.actions.grade import Progress
from grader.actions.judge import AnswerKey, answer_key
from grader.actions.mutation_task import MutationTask, Survivors
from grader.core.check_finding import Finding, Program, ProgramSeen
from grader.core.check_programs import nearest, program_findings, seed_findings, tested_findings
from grader.core.check_solution import draw_findings, language_finding, missing_languages
from grader.core.check_stated import stated_findings
from grader.core.errors import CouldNotJudge, CourseInvalid, Fault, Position
from grader.core.exercise import Coded, Exercise, Stated, Tested
from grader.core.message import Text
from grader.core.mutant import Change, Mutant, Mutation, mutants_of, mutation_findings, mutation_of
from grader.core.source import Source, read_source, syntax_fault
from grader.store import yaml_nodes as y
from grader.store.course_files import CourseFiles
from grader.store.places import place_of

T = TypeVar("T")
Mutate = Callable[[str], Iterable[Change]]
# Wrong programs are many, and are wrong by far: a few draws show it.
_SEEDS_OF_WRONG = 3
_MUTANTS_AT_ONCE = 8


class Workers(Protocol):
    """Whatever does the parts side by side."""

    def judge(self, tasks: Iterable[tuple[T, Any]]) -> Iterator[tuple[T, Any]]: ...


@dataclass(frozen=True)
class CheckRequest:
    """What `course check` was asked for; empty `only` means every exercise.

    Attributes:
        mutate: makes changes of a solution; None leaves mutation out.
    """

    isolation: str
    seeds: int
    only: tuple[str, ...] = ()
    mutate: Mutate | None = None


@dataclass
class Proof:
    """What was seen of one exercise, and what is to be mended.

    Attributes:
        mutants: of the solution; none where nobody asked for them.
        survived: the numbers of those that got full marks on every seed.
        mutation: what that comes to; None where it is not known.
    """

    exercise: Exercise
    tree: y.Node
    keys: Sequence[AnswerKey]
    programs: Sequence[Program]
    places: Mapping[str, Position]
    findings: list[Finding] = field(default_factory=list)
    seen: list[ProgramSeen] = field(default_factory=list)
    could_not: list[CouldNotJudge] = field(default_factory=list)
    mutants: Sequence[Mutant] = ()
    survived: set[int] = field(default_factory=set)
    mutation: Mutation | None = None

    def findings_of(self, name: str) -> list[Finding]:
        return [each for each in self.findings if each.name == name]

    @property
    def right(self) -> int:
        return sum(each.role == "right" for each in self.programs)

    @property
    def wrong(self) -> int:
        return sum(each.role == "wrong" for each in self.programs)

    @property
    def nearest(self) -> tuple[float, float | None]:
        return nearest(self.seen)


def check(files: CourseFiles, request: CheckRequest, workers: Workers, progress: Progress) -> list[Proof]:
    """Return the proofs of the exercises asked for.

    Raises:
        UsageFault: where one of them is not there.
        CourseInvalid: with the faults of all their files.
    """
    proofs = _read(files, request)
    tasks = [task for proof in proofs for task in _first(proof, request)]
    tasks += [task for proof in proofs for task in _others(proof, request)]
    tasks += [task for proof in proofs for task in _closely(proof, request)]
    tasks += [task for proof in proofs for task in _of_mutants(proof, request)]
    progress.begin(len(tasks))
    for (proof, seed), outcome in workers.judge(iter(tasks)):
        progress.advance(proof.exercise.id)
        _take_in(proof, seed, outcome)
    for proof in proofs:
        _conclude(files, proof)
    return proofs


def _read(files: CourseFiles, request: CheckRequest) -> list[Proof]:
    """Read all that is asked for; the faults of all files are told at once."""
    proofs: list[Proof] = []
    faults: list[Fault] = []
    for id in [files.require(id) for id in request.only] or files.exercise_ids():
        try:
            exercise = files.exercise(id)
        except CourseInvalid as error:
            faults += error.faults
            exercise = None
        for read in (files.wrong_programs, files.equivalents):
            try:
                if exercise is None or not isinstance(exercise.work, Tested):
                    read(id)
            except CourseInvalid as error:
                faults += error.faults
        if exercise is not None and not faults:
            proofs.append(_proof(files, exercise, request))
    if faults:
        raise CourseInvalid(faults)
    return proofs


def _proof(files: CourseFiles, exercise: Exercise, request: CheckRequest) -> Proof:
    shown = files.shown(files.root / "exercises" / exercise.id / "exercise.yaml")
    tree = y.parse_yaml(exercise.content, shown)
    listed = {Stated: "asks", Coded: "checks", Tested: "tests"}[type(exercise.work)]
    places = {name: place_of(tree, listed, i, "name") for i, name in enumerate(exercise.points)}
    # The seeds are the same on every machine: what is red here is red there.
    count = request.seeds if isinstance(exercise.work, Coded) else 1
    keys = [answer_key(files, exercise, b"course check %d" % seed) for seed in range(count)]
    proof = Proof(exercise, tree, keys, _programs(files, exercise, keys[0]), places)
    if request.mutate is not None and isinstance(exercise.work, Coded):
        proof.mutants = _mutants(proof, request.mutate)
    return proof


def _mutants(proof: Proof, mutate: Mutate) -> Sequence[Mutant]:
    """Return the mutants of the solution; none of one that cannot be read, which is told elsewhere."""
    sources = [
        source.text
        for each in proof.programs
        if each.role in ("solution", "right")
        and isinstance(source := read_source(each.content, each.shown), Source)
        and (each.role == "right" or syntax_fault(source) is None)
    ]
    if len(sources) <= proof.right:
        return ()
    return mutants_of(mutate(sources[0]), sources[0], sources[1:], proof.keys[0].shown)


def _programs(files: CourseFiles, exercise: Exercise, key: AnswerKey) -> list[Program]:
    if isinstance(exercise.work, Stated):
        return []
    folder = files.root / "solutions" / exercise.id
    starter = files.shown(files.root / "exercises" / exercise.id / "starter.py")
    right = [Program("right", files.shown(path), path.read_bytes()) for path in sorted((folder / "right").glob("*.py"))]
    wrong = [Program("wrong", each.shown, each.source, (each.name, *each.also), each.unnamed) for each in key.wrong]
    if isinstance(exercise.work, Tested):
        # No behaviour names them: a test says itself what it found.
        paths = sorted((folder / "wrong").glob("*.py"))
        wrong = [Program("wrong", files.shown(path), path.read_bytes(), (path.stem,), "tests") for path in paths]
    first = [Program("starter", starter, exercise.work.starter), Program("solution", key.shown, key.solution)]
    return [*first, *right, *wrong]


_Labelled = tuple[tuple[Proof, int], CheckTask | MutationTask]


def _first(proof: Proof, request: CheckRequest) -> Iterator[_Labelled]:
    """Yield what the rest stands on: the solution itself, autograd's answers, and the wrong programs as observed."""
    if isinstance(proof.exercise.work, Tested):
        return
    key = pickle.dumps(proof.keys[0])
    yield (proof, 0), CheckTask(key, request.isolation)
    if isinstance(proof.exercise.work, Coded) and proof.wrong:
        for each in proof.exercise.work.checks:
            yield (proof, 0), CheckTask(key, request.isolation, observe=each.name)


def _others(proof: Proof, request: CheckRequest) -> Iterator[_Labelled]:
    for seed, key in enumerate(proof.keys[1:], 1):
        roles = ("solution", "right") + (("wrong",) if seed < _SEEDS_OF_WRONG else ())
        programs = tuple(each for each in proof.programs if each.role in roles)
        # A worker keeps the key; without the wrong programs it is small.
        packed = pickle.dumps(replace(key, wrong=()))
        yield (proof, seed), CheckTask(packed, request.isolation, programs, closely=False)


def _closely(proof: Proof, request: CheckRequest) -> Iterator[_Labelled]:
    key = pickle.dumps(proof.keys[0])
    for program in proof.programs:
        yield (proof, 0), CheckTask(key, request.isolation, (program,))


def _of_mutants(proof: Proof, request: CheckRequest) -> Iterator[_Labelled]:
    keys = tuple(pickle.dumps(replace(key, wrong=())) for key in proof.keys)
    numbered = [(number, mutant.source) for number, mutant in enumerate(proof.mutants)]
    for first in range(0, len(numbered), _MUTANTS_AT_ONCE):
        some = tuple(numbered[first : first + _MUTANTS_AT_ONCE])
        yield (proof, 0), MutationTask(keys, request.isolation, some, proof.keys[0].shown)


def _take_in(proof: Proof, seed: int, outcome: Outcome) -> None:
    if isinstance(outcome, CouldNotJudge):
        proof.could_not.append(outcome)
    elif isinstance(outcome, CourseInvalid):
        for fault in outcome.faults:
            finding = Finding("solution-cannot-serve", fault.at, fault.message)
            if not proof.findings_of(finding.name):
                proof.findings.append(finding)
    elif isinstance(outcome, Survivors):
        proof.survived |= outcome.numbers
    elif isinstance(outcome, dict):
        assert isinstance(proof.exercise.work, Stated)
        proof.findings += stated_findings(proof.exercise.work, outcome, proof.places)
    else:
        proof.findings += [each for each in outcome if isinstance(each, Finding)]
        seen = [each for each in outcome if isinstance(each, ProgramSeen)]
        if seed:
            proof.findings += seed_findings(seed, seen)
        else:
            proof.seen += seen


def _conclude(files: CourseFiles, proof: Proof) -> None:
    proof.findings += _texts(files, proof)
    if isinstance(proof.exercise.work, Tested) and not proof.findings_of("solution-cannot-serve"):
        proof.findings += tested_findings(proof.seen, proof.places)
    if isinstance(proof.exercise.work, Coded):
        if not proof.findings_of("solution-cannot-serve"):
            proof.findings += program_findings(proof.seen, proof.places)
        for each in proof.exercise.work.checks:
            proof.findings += draw_findings(each, proof.keys[0].seed, proof.places[each.name])
        _conclude_mutation(files, proof)
    proof.findings.sort(key=lambda finding: (finding.at, finding.name))


def _conclude_mutation(files: CourseFiles, proof: Proof) -> None:
    serves = not any(each.name == "solution-cannot-serve" for each in proof.findings)
    if proof.mutants and serves and not proof.could_not:
        proof.mutation = mutation_of(proof.mutants, proof.survived, files.equivalents(proof.exercise.id))
        proof.findings += mutation_findings(proof.mutation, files.course.mutation, proof.keys[0].shown)


def _texts(files: CourseFiles, proof: Proof) -> Iterator[Finding]:
    languages, exercise = files.course.languages, proof.exercise

    def held(what: str, text: Text, at: Position) -> Iterator[Finding]:
        missing = missing_languages(dict(text.texts), languages)
        if missing:
            yield language_finding(what, missing, at)

    yield from held("title", exercise.title, place_of(proof.tree, "title"))
    yield from held("prompt", exercise.prompt, place_of(proof.tree, "prompt"))
    for place, hint in enumerate(exercise.hints):
        yield from held("hints", hint, place_of(proof.tree, "hints", place))
    told: set[str] = set()
    path = files.root / "solutions" / exercise.id / "misconceptions.yaml"
    tree = y.parse_yaml(path.read_bytes(), files.shown(path)) if path.is_file() else None
    for each in proof.keys[0].wrong:
        if each.name not in told and tree is not None:
            told.add(each.name)
            yield from held(f"{each.name}: hint", each.hint, place_of(tree, "misconceptions", each.name, "hint"))
