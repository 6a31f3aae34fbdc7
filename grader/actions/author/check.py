"""Prove exercises before a student sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import PurePath
from typing import Any, Protocol, TypeVar

from grader.actions.teacher.grade_run import Progress
from grader.core.course.exercise import Coded, Exercise, Stated, Tested
from grader.core.program.source import Source
from grader.core.proof.findings import Finding, Program, ProgramSeen
from grader.core.proof.mutants import Change, Mutant, Mutation, mutants_of, mutation_findings, mutation_of
from grader.core.proof.programs import nearest, program_findings, slowest, tested_findings
from grader.core.proof.solution import draw_findings, language_finding, missing_languages
from grader.core.proof.stated import nearest_mistake, stated_findings
from grader.core.words.errors import CouldNotJudge, CourseInvalid, Fault, Position, UsageFault
from grader.core.words.message import Text, say
from grader.grading.batch.task import packed
from grader.grading.judge.judge import AnswerKey, answer_key
from grader.grading.proof.check_task import CheckTask, Outcome, key_of_draw
from grader.grading.proof.mutation_task import MutationTask, Survivors
from grader.store.course.course_files import CourseFiles
from grader.store.students.programs import whole_program
from grader.store.yaml import nodes as y
from grader.store.yaml.positions import place_of

T = TypeVar("T")
Mutate = Callable[[str], Iterable[Change]]
# Wrong programs are many, and are wrong by far: a few draws show it.
_SEEDS_OF_WRONG = 3
_MUTANTS_AT_ONCE = 8


class Workers(Protocol):
    """Whatever does the parts side by side."""

    def begin(self, isolation: str, most: int) -> None: ...

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
    key: AnswerKey
    programs: Sequence[Program]
    places: Mapping[str, Position]
    findings: list[Finding] = field(default_factory=list)
    seen: list[ProgramSeen] = field(default_factory=list)
    could_not: list[CouldNotJudge] = field(default_factory=list)
    mistake: float | None = None
    mutants: Sequence[Mutant] = ()
    survived: set[int] = field(default_factory=set)
    mutation: Mutation | None = None

    def findings_of(self, name: str) -> list[Finding]:
        return [each for each in self.findings if each.name == name]

    @cached_property
    def packed(self) -> bytes:
        """The key as it goes to workers."""
        return packed(self.key)

    @property
    def right(self) -> int:
        return sum(each.role == "right" for each in self.programs)

    @property
    def wrong(self) -> int:
        return sum(each.role == "wrong" for each in self.programs)

    @property
    def nearest(self) -> tuple[float, float | None]:
        """How far the worst right program and the best wrong one, or mistake, are off, in units of what is allowed."""
        right, wrong = nearest(self.seen)
        return right, self.mistake if wrong is None else wrong

    @property
    def slowest(self) -> tuple[float, str]:
        """The largest share of its time limit that a right program used, and at which check."""
        return slowest(self.seen)


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
    parts = (_first, on_other_draws, closely, _of_mutants)
    tasks = [task for part in parts for proof in proofs for task in part(proof, request)]
    progress.begin(len(tasks))
    workers.begin(request.isolation, len(tasks))
    for proof, outcome in workers.judge(iter(tasks)):
        progress.advance(proof.exercise.id)
        _take_in(proof, outcome)
    for proof in proofs:
        _conclude(files, proof)
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


def begun(files: CourseFiles, id: str, request: CheckRequest) -> Proof:
    """Return the proof of an exercise of which nothing has been looked at but its files.

    Raises:
        CourseInvalid: with the faults of all of them.
    """
    faults: list[Fault] = []
    exercise = None
    try:
        exercise = files.exercise(id)
    except CourseInvalid as error:
        faults += error.faults
    readers: list[Callable[[str], object]] = [partial(files.programs, role="right")]
    if exercise is None or not isinstance(exercise.work, Tested):
        readers += [files.wrong_programs, files.equivalents]
    for read in readers:
        try:
            read(id)
        except CourseInvalid as error:
            faults += error.faults
    if exercise is None or faults:
        raise CourseInvalid(faults)
    shown = files.shown(files.root / "exercises" / exercise.id / "exercise.yaml")
    tree = y.parse_yaml(exercise.content, shown)
    listed = {Stated: "asks", Coded: "checks", Tested: "tests"}[type(exercise.work)]
    places = {name: place_of(tree, listed, i, "name") for i, name in enumerate(exercise.points)}
    key = key_of_draw(answer_key(files, exercise, b""), 0)
    proof = Proof(exercise, tree, key, _programs(files, exercise, key), places)
    if request.mutate is not None and isinstance(exercise.work, Coded):
        proof.mutants = _mutants(proof, request.mutate)
    return proof


def _mutants(proof: Proof, mutate: Mutate) -> Sequence[Mutant]:
    """Return the mutants of the solution; none of one that cannot be read, which is told elsewhere."""
    readable = [
        (each.role, source.text)
        for each in proof.programs
        if each.role in ("solution", "right") and isinstance(source := whole_program(each.content, each.shown), Source)
    ]
    right = [text for role, text in readable if role == "right"]
    solution = next((text for role, text in readable if role == "solution"), None)
    return () if solution is None else mutants_of(mutate(solution), solution, right, proof.key.shown)


def _programs(files: CourseFiles, exercise: Exercise, key: AnswerKey) -> list[Program]:
    if isinstance(exercise.work, Stated):
        return []
    starter = files.shown(files.root / "exercises" / exercise.id / "starter.py")
    right = [Program("right", shown, content) for shown, content in files.programs(exercise.id, "right").items()]
    wrong = [Program("wrong", each.shown, each.source, (each.name, *each.also), each.unnamed) for each in key.wrong]
    if isinstance(exercise.work, Tested):
        # No behaviour names them: a test says itself what it found.
        others = files.programs(exercise.id, "wrong").items()
        wrong = [Program("wrong", shown, content, (PurePath(shown).stem,), "tests") for shown, content in others]
    first = [Program("starter", starter, exercise.work.starter), Program("solution", key.shown, key.solution)]
    return [*first, *right, *wrong]


Labelled = tuple[Proof, CheckTask | MutationTask]


def _first(proof: Proof, request: CheckRequest) -> Iterator[Labelled]:
    """Yield what the rest stands on: the solution itself, autograd's answers, and the wrong programs as observed."""
    if isinstance(proof.exercise.work, Tested):
        return
    yield proof, CheckTask(proof.packed, request.isolation)
    if isinstance(proof.exercise.work, Coded) and proof.wrong:
        for each in proof.exercise.work.checks:
            yield proof, CheckTask(proof.packed, request.isolation, observe=each.name)


def on_other_draws(proof: Proof, request: CheckRequest) -> Iterator[Labelled]:
    """Yield what is tried on every draw but the first: what gets full marks there must get them here."""
    right = tuple(each for each in proof.programs if each.role in ("solution", "right"))
    drawn = bool(right) and isinstance(proof.exercise.work, Coded)
    for draw in range(1, request.seeds if drawn else 1):
        yield proof, CheckTask(proof.packed, request.isolation, draw, right)


def closely(proof: Proof, request: CheckRequest) -> Iterator[Labelled]:
    """Yield what is tried of each program as a student's are; of a wrong one also that it fails on a few more draws."""
    drawn = isinstance(proof.exercise.work, Coded)
    draws = tuple(range(1, min(request.seeds, _SEEDS_OF_WRONG))) if drawn else ()
    for program in proof.programs:
        more = draws if program.role == "wrong" else ()
        yield proof, CheckTask(proof.packed, request.isolation, programs=(program,), more=more)


def _of_mutants(proof: Proof, request: CheckRequest) -> Iterator[Labelled]:
    if not proof.mutants:
        return
    keys = tuple(packed(replace(key_of_draw(proof.key, draw), wrong=())) for draw in range(request.seeds))
    numbered = [(number, mutant.source) for number, mutant in enumerate(proof.mutants)]
    for first in range(0, len(numbered), _MUTANTS_AT_ONCE):
        some = tuple(numbered[first : first + _MUTANTS_AT_ONCE])
        yield proof, MutationTask(keys, request.isolation, some, proof.key.shown)


def _take_in(proof: Proof, outcome: Outcome) -> None:
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
        work = proof.exercise.work
        proof.findings += stated_findings(work, outcome, proof.places)
        off = [nearest_mistake(work, ask, outcome[ask.name]) for ask in work.asks]
        proof.mistake = min((each for each in off if each is not None), default=None)
    else:
        proof.findings += [each for each in outcome if isinstance(each, Finding)]
        proof.seen += [each for each in outcome if isinstance(each, ProgramSeen)]


def _conclude(files: CourseFiles, proof: Proof) -> None:
    proof.findings += file_findings(files, proof)
    if not isinstance(proof.exercise.work, Stated) and not proof.findings_of("solution-cannot-serve"):
        of_programs = tested_findings if isinstance(proof.exercise.work, Tested) else program_findings
        found = of_programs(proof.seen, proof.places)
        # A program that could not be run may be the one that fails the check.
        proof.findings += [each for each in found if not (proof.could_not and each.name == "check-not-needed")]
    if isinstance(proof.exercise.work, Coded):
        _conclude_mutation(files, proof)
    proof.findings.sort(key=lambda finding: (finding.at, finding.name))


def file_findings(files: CourseFiles, proof: Proof) -> Iterator[Finding]:
    """Yield what the files show by themselves: texts that are missing, and names that are never drawn."""
    yield from _texts(files, proof)
    if isinstance(proof.exercise.work, Coded):
        for each in proof.exercise.work.checks:
            yield from draw_findings(each, proof.key.seed, proof.places[each.name])


def _conclude_mutation(files: CourseFiles, proof: Proof) -> None:
    serves = not any(each.name == "solution-cannot-serve" for each in proof.findings)
    if proof.mutants and serves and not proof.could_not:
        proof.mutation = mutation_of(proof.mutants, proof.survived, files.equivalents(proof.exercise.id))
        proof.findings += mutation_findings(proof.mutation, files.course.mutation, proof.key.shown)


def course_texts(files: CourseFiles) -> Iterator[Finding]:
    """Yield the texts of course.yaml that are missing in a language of the course."""
    path = files.root / "course.yaml"
    tree = y.parse_yaml(path.read_bytes(), files.shown(path))
    yield from _held("title", files.course.title, files, place_of(tree, "title"))
    for place, lecture in enumerate(files.course.lectures):
        yield from _held("title", lecture.title, files, place_of(tree, "lectures", place, "title"))


def _held(what: str, text: Text, files: CourseFiles, at: Position) -> Iterator[Finding]:
    missing = missing_languages(dict(text.texts), files.course.languages)
    if missing:
        yield language_finding(what, missing, at)


def _texts(files: CourseFiles, proof: Proof) -> Iterator[Finding]:
    exercise = proof.exercise
    yield from _held("title", exercise.title, files, place_of(proof.tree, "title"))
    yield from _held("prompt", exercise.prompt, files, place_of(proof.tree, "prompt"))
    for place, hint in enumerate(exercise.hints):
        yield from _held("hints", hint, files, place_of(proof.tree, "hints", place))
    told: set[str] = set()
    path = files.root / "solutions" / exercise.id / "misconceptions.yaml"
    tree = y.parse_yaml(path.read_bytes(), files.shown(path)) if path.is_file() else None
    for each in proof.key.wrong:
        if each.name not in told and tree is not None:
            told.add(each.name)
            yield from _held(
                f"{each.name}: hint", each.hint, files, place_of(tree, "misconceptions", each.name, "hint")
            )
