"""What an exercise comes to: numbers drawn, what is expected of them, how far off is allowed, and known mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from grader.core.course.exercise import Exercise, Stated, Tested
from grader.core.diagnose.wrong_programs import WrongProgram
from grader.core.judge.reference import Reference
from grader.core.run.plan import Numbers, probe_numbers
from grader.core.stated.mistakes import Idea, all_ideas
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.grading.judge.answer_key import AnswerKey, answer_key, known_of
from grader.grading.judge.drivers import SideBySide, driven
from grader.grading.judge.judge import MakeBox, expected_answers, modules
from grader.grading.judge.programs import reference
from grader.grading.judge.reference import ReferenceObserver
from grader.grading.judge.steps import Steps
from grader.store.course.course_files import CourseFiles
from grader.store.students.identity import PUBLIC_SEED, course_secret

T = TypeVar("T")


@dataclass(frozen=True)
class AuthorView:
    """What an author sees of an exercise.

    Attributes:
        public: whether the numbers come from the public seed, or are the hidden ones of marks.
        answers, ideas: of stated values, by ask: autograd's answer, and what mistakes give.
        numbers, references: of a program's checks, by check.
    """

    exercise: Exercise
    public: bool
    answers: Mapping[str, float]
    ideas: Mapping[str, tuple[Idea, ...]]
    numbers: Mapping[str, tuple[Numbers, ...]]
    references: Mapping[str, Reference]
    wrong: tuple[WrongProgram, ...]


def author_view(files: CourseFiles, exercise_id: str, seed: str | None, make_box: MakeBox) -> AuthorView:
    """Observe the reference, or remember it, and return all that follows from the exercise's files.

    Raises:
        UsageFault: if there is no such exercise, or this is a students' copy.
        CourseInvalid, CouldNotJudge: where the exercise or the machine cannot serve.
    """
    if files.is_release:
        raise UsageFault(say("this is a students' copy; what the author sees is in the course itself"))
    exercise = files.exercise(files.require(exercise_id))
    secret = course_secret(files.course.id)
    key = answer_key(files, exercise, (secret or PUBLIC_SEED) if seed is None else seed.encode())
    public = secret is None and seed is None
    if isinstance(exercise.work, Stated):
        ideas = {ask.name: tuple(_ideas(exercise.work, ask.name)) for ask in exercise.work.asks}
        return AuthorView(exercise, public, _observed(key, expected_answers, make_box), ideas, {}, {}, ())
    if isinstance(exercise.work, Tested):
        return AuthorView(exercise, public, {}, {}, {}, {}, ())
    numbers = {check.name: probe_numbers(check, key.seed) for check in exercise.work.checks}
    return AuthorView(exercise, public, {}, {}, numbers, _observed(key, reference, make_box), key.wrong)


def _ideas(work: Stated, name: str) -> list[Idea]:
    question = next(ask.question for ask in work.asks if ask.name == name)
    return list(all_ideas(work.graph, work.at, question))


def _observed(key: AnswerKey, steps: Callable[[ReferenceObserver], Steps[T]], make_box: MakeBox) -> T:
    known = known_of(key)
    with SideBySide(lambda: make_box(modules(known))) as run:
        return driven(steps(known.observer), run)
