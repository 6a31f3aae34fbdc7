"""The proof of one exercise: what is asked, what was seen so far, and what is to be mended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import PurePath
from typing import cast

from grader.core.course.checks.author_tests import AuthorTest
from grader.core.course.exercise import Check, Exercise
from grader.core.program.source import Source
from grader.core.proof.findings import Finding, Program, ProgramSeen
from grader.core.proof.mutants import Change, Mutant, Mutation, may_have_gradients, mutants_of
from grader.core.proof.programs import nearest, program_findings, slowest, tested_findings
from grader.core.words.errors import CouldNotJudge, CourseInvalid, Fault, Position
from grader.grading.batch.task import packed
from grader.grading.judge.answer_key import AnswerKey, practice_key
from grader.grading.proof.check_task import key_of_draw
from grader.store.course.course_files import CourseFiles
from grader.store.students.programs import program_of_ours
from grader.store.yaml import nodes as y
from grader.store.yaml.nodes import place_of

Mutate = Callable[[str], Iterable[Change]]


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
    def of_programs(self) -> Callable[[Sequence[ProgramSeen], Mapping[str, Position]], Iterator[Finding]]:
        """What finds what is not right with the programs: with tests the starter shows something, too."""
        return program_findings if self.exercise.work.observed else tested_findings

    @property
    def nearest(self) -> tuple[float, float | None]:
        """How far the worst right program and the best wrong one, or mistake, are off, in units of what is allowed."""
        right, wrong = nearest(self.seen)
        return right, self.mistake if wrong is None else wrong

    @property
    def slowest(self) -> tuple[float, str]:
        """The largest share of its time limit that a right program used, and at which check."""
        return slowest(self.seen)


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
    if exercise is None or exercise.work.observed or not exercise.work.by_program:
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
    parts = [(key, i) for key in exercise.work.listed for i in range(_count(tree, key))]
    places = {name: place_of(tree, *part, "name") for name, part in zip(exercise.points, parts, strict=True)}
    key = key_of_draw(practice_key(files, exercise), 0)
    proof = Proof(exercise, tree, key, _programs(files, exercise, key), places)
    if request.mutate is not None and exercise.work.observed:
        proof.mutants = _mutants(proof, request.mutate)
    return proof


def _count(tree: y.Node, key: str) -> int:
    """Return how many parts are listed under a key; one that stands by itself is no list."""
    listed = tree.get(key) if isinstance(tree, y.Mapping) else None
    return len(listed.items) if isinstance(listed, y.Sequence) else 1


def _mutants(proof: Proof, mutate: Mutate) -> Sequence[Mutant]:
    """Return the mutants of the solution; none of one that cannot be read, which is told elsewhere."""
    read = ((each.role, program_of_ours(each.content, each.shown)) for each in proof.programs if each.role != "wrong")
    readable = [(role, source.text) for role, source in read if isinstance(source, Source)]
    right = [text for role, text in readable if role == "right"]
    solution = next((text for role, text in readable if role == "solution"), None)
    if solution is None:
        return ()
    # Whose work is observed has no other parts.
    parts = cast("Iterable[Check | AuthorTest]", proof.exercise.work.parts)
    gradients = may_have_gradients(parts, solution)
    return mutants_of(mutate(solution), solution, right, proof.key.shown, gradients)


def _programs(files: CourseFiles, exercise: Exercise, key: AnswerKey) -> list[Program]:
    if not exercise.work.by_program:
        return []
    name = "starter" if exercise.work.submit else "starter.py"
    starter = files.shown(files.root / "exercises" / exercise.id / name)
    right = [Program("right", shown, content) for shown, content in files.programs(exercise.id, "right").items()]
    wrong = [Program("wrong", each.shown, each.source, (each.name, *each.also), each.unnamed) for each in key.wrong]
    if not exercise.work.observed:
        # No behaviour names them: a test says itself what it found.
        others = files.programs(exercise.id, "wrong").items()
        wrong = [Program("wrong", shown, content, (PurePath(shown).stem,), "tests") for shown, content in others]
    first = [Program("starter", starter, exercise.work.starter), Program("solution", key.shown, key.solution)]
    return [*first, *right, *wrong]
