"""Run a program on an exercise's probes, and give back everything that was seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from grader.core.course.checks.author_tests import Tested
from grader.core.course.draws.draw import PUBLIC_SEED
from grader.core.course.exercise import Check, Coded, Exercise, Mixed, Stated
from grader.core.course.facets import Facets
from grader.core.course.questions import Questions
from grader.core.findings.telling import told
from grader.core.program.source import Source
from grader.core.report.finding import Finding
from grader.core.run.observation import Run, RunStatus
from grader.core.run.plan import Numbers, probe_numbers, program_jobs
from grader.core.run.preloads import preloads
from grader.core.words.errors import CouldNotJudge, UsageFault
from grader.core.words.message import say
from grader.grading.judge.answer_key import AnswerKey, practice_key
from grader.grading.judge.drivers import InTurn, driven
from grader.grading.judge.judge import MakeBox
from grader.grading.judge.kinds.coded import CodedKind
from grader.grading.judge.reference import reference
from grader.grading.judge.steps import Alone
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import CourseFiles
from grader.store.students.plain_files import read_plain_file
from grader.store.students.programs import whole_program
from grader.store.students.several_files import read_folder


@dataclass(frozen=True)
class Tried:
    """One check's runs: one a probe for a script, one in all for calls, every signature's probes after the other's."""

    check: Check
    numbers: tuple[Numbers, ...]
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Trial:
    """What was seen of a program.

    Attributes:
        public: whether the numbers come from the public seed, or are the hidden ones of marks.
    """

    exercise: Exercise
    isolation: str
    public: bool
    checks: tuple[Tried, ...]


def try_program(files: CourseFiles, path: Path, exercise_id: str | None, seed: str | None, make_box: MakeBox) -> Trial:
    """Run every check's probes, without comparing anything.

    Raises:
        UsageFault: where the program cannot be read, or is for no exercise that asks for a program.
        CouldNotJudge: where the box failed.
        CourseInvalid: where the exercise is not right.
    """
    exercise = files.exercise(files.require(exercise_id or _named_by(files, path)))
    return _TRIALS.of(exercise.work)(exercise.work, _Asked(files, exercise, path, seed, make_box))


@dataclass(frozen=True)
class _Asked:
    """What is to be run, on the numbers of which seed, and in which box."""

    files: CourseFiles
    exercise: Exercise
    path: Path
    seed: str | None
    make_box: MakeBox


def _stated(_work: Stated, asked: _Asked) -> NoReturn:
    raise UsageFault(say("exercise {id} asks for stated values: it has no program to run", id=asked.exercise.id))


def _questions(_work: Questions, asked: _Asked) -> NoReturn:
    raise UsageFault(say("exercise {id} is answered in words: it has no program to run", id=asked.exercise.id))


def _tested(_work: Tested, asked: _Asked) -> NoReturn:
    raise UsageFault(say("exercise {id} has tests instead of probes: use course submit {id}", id=asked.exercise.id))


def _mixed(work: Mixed, asked: _Asked) -> Trial:
    # Tests have no probes.
    return _coded(work.coded, asked)


def _coded(work: Coded, asked: _Asked) -> Trial:
    source = _source(asked.path, work.submit)
    drawn_from = PUBLIC_SEED if asked.seed is None else asked.seed.encode()
    key = practice_key(asked.files, asked.exercise, drawn_from)
    box = asked.make_box(preloads(work, source.text))
    try:
        work = _drawn(work, key, box)
        needs = [Alone(program_jobs(check, source.text, source.filename, key.seed, work)) for check in work.checks]
        runs = InTurn(lambda: box)(needs)
        isolation = box.isolation
    finally:
        box.close()
    for run in (run for some in runs for run in some):
        if run.status is RunStatus.SANDBOX_FAILED:
            raise CouldNotJudge(say("the program could not be run: {detail}", detail=run.detail))
    tried = tuple(
        Tried(check, probe_numbers(check, key.seed), tuple(some)) for check, some in zip(work.checks, runs, strict=True)
    )
    return Trial(asked.exercise, isolation, asked.seed is None, tried)


def _drawn(work: Coded, key: AnswerKey, box: Sandbox) -> Coded:
    """Return the checks with their data and the files of their probes, which are made in the box."""
    if not work.varied and all(check.data is None for check in work.checks):
        return work
    known = CodedKind().known(key, work)
    driven(reference(known.observer), InTurn(lambda: box))
    return known.drawn.work


def _source(path: Path, submit: Sequence[str]) -> Source:
    try:
        found = read_folder(path, submit, read_plain_file) if path.is_dir() and submit else None
        source = whole_program(found[0] if found else path.read_bytes(), path.name)
    except OSError as error:
        raise UsageFault(say("{file} cannot be read: {words}", file=path, words=error.strerror or "")) from None
    if isinstance(source, Finding):
        raise UsageFault(told(source))
    return source


def _named_by(files: CourseFiles, path: Path) -> str:
    """Return the exercise that the path names: work/4.5.py, solutions/4.5/wrong/update-sign.py."""
    ids = files.exercise_ids()
    parts = (path.stem, path.name, *reversed(path.absolute().parts[:-1]))
    found = next((part for part in parts if part in ids), None)
    if found is None:
        raise UsageFault(
            say("the name {file} does not say which exercise it is for; write: course try {file} ID", file=path)
        )
    return found


_TRIALS: Facets[Callable[[Any, _Asked], Trial]] = Facets(
    {Stated: _stated, Coded: _coded, Tested: _tested, Mixed: _mixed, Questions: _questions}
)
