"""Prove exercises before a student sees them."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from grader.actions.check_task import CheckTask, Outcome
from grader.actions.grade import Progress
from grader.actions.judge import AnswerKey, answer_key
from grader.core.check_finding import Finding, Program, ProgramSeen
from grader.core.check_programs import nearest, program_findings, seed_findings
from grader.core.check_solution import draw_findings, language_finding, missing_languages
from grader.core.check_stated import stated_findings
from grader.core.draw import seed_for
from grader.core.errors import CouldNotJudge, CourseInvalid, Fault, Position
from grader.core.exercise import Coded, Exercise, Stated
from grader.core.message import Text
from grader.store import yaml_nodes as y
from grader.store.course_files import CourseFiles
from grader.store.places import place_of

T = TypeVar("T")
# Wrong programs are many, and are wrong by far: a few draws show it.
_SEEDS_OF_WRONG = 3


class Workers(Protocol):
    """Whatever does the parts side by side."""

    def judge(self, tasks: Iterable[tuple[T, Any]]) -> Iterator[tuple[T, Any]]: ...


@dataclass(frozen=True)
class CheckRequest:
    """What `course check` was asked for; empty `only` means every exercise."""

    isolation: str
    seeds: int
    only: tuple[str, ...] = ()


@dataclass
class Proof:
    """What was seen of one exercise, and what is to be mended."""

    exercise: Exercise
    tree: y.Node
    keys: Sequence[AnswerKey]
    programs: Sequence[Program]
    places: Mapping[str, Position]
    findings: list[Finding] = field(default_factory=list)
    seen: list[ProgramSeen] = field(default_factory=list)
    could_not: list[CouldNotJudge] = field(default_factory=list)

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
    tasks += [task for proof in proofs for task in on_other_draws(proof, request)]
    tasks += [task for proof in proofs for task in _closely(proof, request)]
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
            proofs.append(begun(files, id, request))
        except CourseInvalid as error:
            faults += error.faults
    if faults:
        raise CourseInvalid(faults)
    return proofs


def begun(files: CourseFiles, id: str, request: CheckRequest) -> Proof:
    """Return the proof of an exercise of which nothing has been looked at but its files.

    Raises:
        CourseInvalid: with the faults of all of them.
    """
    faults: list[Fault] = []
    try:
        exercise = files.exercise(id)
    except CourseInvalid as error:
        faults += error.faults
    try:
        files.wrong_programs(id)
    except CourseInvalid as error:
        faults += error.faults
    if faults:
        raise CourseInvalid(faults)
    shown = files.shown(files.root / "exercises" / exercise.id / "exercise.yaml")
    tree = y.parse_yaml(exercise.content, shown)
    listed = "asks" if isinstance(exercise.work, Stated) else "checks"
    places = {name: place_of(tree, listed, i, "name") for i, name in enumerate(exercise.points)}
    # The seeds are the same on every machine: what is red here is red there.
    count = 1 if isinstance(exercise.work, Stated) else request.seeds
    first = answer_key(files, exercise, b"")
    keys = [replace(first, seed=_seed(first, number)) for number in range(count)]
    return Proof(exercise, tree, keys, _programs(files, exercise, keys[0]), places)


def _seed(key: AnswerKey, number: int) -> bytes:
    return seed_for(b"course check %d" % number, key.exercise.id, key.exercise.content, key.solution)


def _programs(files: CourseFiles, exercise: Exercise, key: AnswerKey) -> list[Program]:
    if not isinstance(exercise.work, Coded):
        return []
    folder = files.root / "solutions" / exercise.id
    starter = files.shown(files.root / "exercises" / exercise.id / "starter.py")
    right = [Program("right", files.shown(path), path.read_bytes()) for path in sorted((folder / "right").glob("*.py"))]
    wrong = [Program("wrong", each.shown, each.source, (each.name, *each.also), each.unnamed) for each in key.wrong]
    first = [Program("starter", starter, exercise.work.starter), Program("solution", key.shown, key.solution)]
    return [*first, *right, *wrong]


_Labelled = tuple[tuple[Proof, int], CheckTask]


def _first(proof: Proof, request: CheckRequest) -> Iterator[_Labelled]:
    """Yield what the rest stands on: the solution itself, autograd's answers, and the wrong programs as observed."""
    key = pickle.dumps(proof.keys[0])
    yield (proof, 0), CheckTask(key, request.isolation)
    if isinstance(proof.exercise.work, Coded) and proof.wrong:
        for each in proof.exercise.work.checks:
            yield (proof, 0), CheckTask(key, request.isolation, observe=each.name)


def on_other_draws(proof: Proof, request: CheckRequest) -> Iterator[_Labelled]:
    """Yield what is tried on every draw but the first, each with its number."""
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


def _take_in(proof: Proof, seed: int, outcome: Outcome) -> None:
    if isinstance(outcome, CouldNotJudge):
        proof.could_not.append(outcome)
    elif isinstance(outcome, CourseInvalid):
        for fault in outcome.faults:
            finding = Finding("solution-cannot-serve", fault.at, fault.message)
            if not any(known.name == finding.name for known in proof.findings):
                proof.findings.append(finding)
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
    if isinstance(proof.exercise.work, Coded) and not any(
        each.name == "solution-cannot-serve" for each in proof.findings
    ):
        proof.findings += program_findings(proof.seen, proof.places)
    proof.findings += file_findings(files, proof)
    proof.findings.sort(key=lambda finding: (finding.at, finding.name))


def file_findings(files: CourseFiles, proof: Proof) -> Iterator[Finding]:
    """Yield what the files show by themselves: texts that are missing, and names that are never drawn."""
    yield from _texts(files, proof)
    if isinstance(proof.exercise.work, Coded):
        for each in proof.exercise.work.checks:
            yield from draw_findings(each, proof.keys[0].seed, proof.places[each.name])


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
