"""One part of the proof of an exercise, as a value that goes to a worker, and what the worker does with it."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from grader.core.course.exercise import Stated
from grader.core.course.sampling import seed_for
from grader.core.proof.findings import Finding, Program, ProgramSeen
from grader.core.proof.programs import seed_findings
from grader.core.words.errors import CouldNotJudge, CourseInvalid
from grader.core.words.message import say
from grader.grading.batch.task import in_warm_box, unpacked
from grader.grading.judge.answer_key import AnswerKey, Known, known_of
from grader.grading.judge.drivers import driven
from grader.grading.judge.judge import expected_answers, modules
from grader.grading.judge.programs import observe_wrong, reference
from grader.grading.judge.steps import Steps
from grader.grading.proof.mutants import MutationTask, Survivors, survivors
from grader.grading.proof.programs import closely, on_draw, on_more_draws, source_of
from grader.grading.proof.solution import of_solution

# What a worker brings back: autograd's answers, what it found and how programs did, or which mutants live.
Outcome = dict[str, float] | list[Finding | ProgramSeen] | Survivors | CourseInvalid | CouldNotJudge


@dataclass(frozen=True)
class CheckTask:
    """A part of the proof.

    Attributes:
        key: an AnswerKey, pickled by us; the parts of one exercise share it.
        draw: the number of the draw. On the first one programs are judged closely, on the others all in one child.
        programs: to be judged; none asks for the solution itself, or for autograd's answers.
        more: draws on which a wrong program must fail as well.
        observe: a check at which the wrong programs are to be observed.
    """

    key: bytes
    isolation: str
    draw: int = 0
    programs: tuple[Program, ...] = ()
    more: tuple[int, ...] = ()
    observe: str = ""


@lru_cache(maxsize=64)
def _known(packed: bytes, draw: int) -> Known:
    first = unpacked(packed)
    return known_of(key_of_draw(first.key, draw)) if draw else first


def key_of_draw(key: AnswerKey, draw: int) -> AnswerKey:
    """Return the key with the numbers of one draw. They are the same on every machine: red here is red there."""
    seed = seed_for(b"course check %d" % draw, key.exercise.id, key.judging)
    return replace(key, seed=seed)


def check_outcome(task: CheckTask | MutationTask) -> Outcome:
    """Do one part. Whatever is raised is an outcome."""
    try:
        return survivors(task) if isinstance(task, MutationTask) else _done(task)
    except (CourseInvalid, CouldNotJudge) as error:
        return error
    except Exception as error:  # noqa: BLE001 - the boundary of a worker; what it cannot do is told
        place = traceback.extract_tb(error.__traceback__)[-1]
        words = f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"
        return CouldNotJudge(say("a bug in the grader: {words}", words=words))


def _done(task: CheckTask) -> Outcome:
    known = _known(task.key, task.draw)
    wanted = modules(known, *map(source_of, task.programs))
    return driven(_steps(task, known), in_warm_box(task.isolation, wanted))


def _steps(task: CheckTask, known: Known) -> Steps[Outcome]:
    if isinstance(known.key.exercise.work, Stated):
        return dict((yield from expected_answers(known.observer)))
    if task.observe:
        yield from _observe(known, task.observe)
        return []
    if not task.programs:
        return list((yield from of_solution(known)))
    if task.draw:
        return list(seed_findings(task.draw, (yield from on_draw(known, task.programs))))
    found: list[Finding | ProgramSeen] = []
    for program in task.programs:
        seen = yield from closely(known, program)
        found.append(seen)
        if seen.lost is not None and task.more:
            again = yield from on_more_draws([_known(task.key, draw) for draw in task.more], program)
            for draw, each in zip(task.more, again, strict=False):
                found += seed_findings(draw, [each])
    return found


def _observe(known: Known, name: str) -> Steps[None]:
    """Observe the wrong programs at a check, for all that are judged later."""
    references = yield from reference(known.observer)
    if known.of_wrong is not None:
        checks = [check for check in known.coded.checks if check.name == name]
        yield from observe_wrong(known.of_wrong, checks, references)
