"""One part of the proof of an exercise, as a value that goes to a worker."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from grader.core.course.draws.draw import seed_for
from grader.core.proof.findings import Program
from grader.grading.batch.task import unpacked
from grader.grading.judge.answer_key import AnswerKey, Known
from grader.grading.judge.judge import known_of


@dataclass(frozen=True)
class CheckTask:
    """A part of the proof.

    Attributes:
        key: an AnswerKey, pickled by us; the parts of one exercise share it.
        draw: the number of the draw. On the first one programs are judged closely, on the others all in one child.
        programs: to be judged; none asks for the solution itself, for autograd's answers, or for what cheats pass.
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
def known_on(packed: bytes, draw: int) -> Known:
    """Return what a task's key holds, with the numbers of one draw, and remember it."""
    first = unpacked(packed)
    return known_of(key_of_draw(first.key, draw)) if draw else first


def key_of_draw(key: AnswerKey, draw: int) -> AnswerKey:
    """Return the key with the numbers of one draw. They are the same on every machine: red here is red there."""
    seed = seed_for(b"course check %d" % draw, key.exercise.id, key.judging)
    return key.with_one_seed(seed)
