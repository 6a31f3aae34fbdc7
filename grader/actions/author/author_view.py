"""What an exercise comes to: numbers drawn, what is expected of them, how far off is allowed, and known mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from grader.core.course.checks.author_tests import Tested
from grader.core.course.draws.draw import PUBLIC_SEED
from grader.core.course.exercise import Coded, Exercise, Mixed, Stated
from grader.core.course.facets import Facets
from grader.core.course.questions import FormulaKey, Questions, TypedFormula
from grader.core.diagnose.wrong_programs import WrongProgram
from grader.core.judge.reference import Reference
from grader.core.questions.formula import Point, points
from grader.core.questions.judge import seed_of
from grader.core.run.plan import Numbers, probe_numbers
from grader.core.stated.mistakes import Idea, all_ideas
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.grading.judge.answer_key import AnswerKey, Known, practice_key
from grader.grading.judge.drivers import SideBySide, driven
from grader.grading.judge.judge import MakeBox, modules
from grader.grading.judge.kinds.coded import CodedKind
from grader.grading.judge.kinds.questions import QuestionsKind
from grader.grading.judge.kinds.stated import StatedKind
from grader.grading.judge.reference import ReferenceObserver, reference
from grader.store.course.course_files import CourseFiles

R = TypeVar("R")
_MOST_POINTS = 3


@dataclass(frozen=True)
class AuthorView:
    """What an author sees of an exercise.

    Attributes:
        public: whether the numbers come from the public seed, as a student's do in practice. The hidden ones of marks
            are shown to nobody.
    """

    exercise: Exercise
    public: bool


@dataclass(frozen=True)
class StatedView(AuthorView):
    """Of stated values, by ask: autograd's answer, and what mistakes give."""

    work: Stated
    answers: Mapping[str, float]
    ideas: Mapping[str, tuple[Idea, ...]]


@dataclass(frozen=True)
class CodedView(AuthorView):
    """Of a program, by check: the numbers drawn, and what is expected of them; and the wrong programs."""

    work: Coded
    numbers: Mapping[str, tuple[Numbers, ...]]
    references: Mapping[str, Reference]
    wrong: tuple[WrongProgram, ...]


@dataclass(frozen=True)
class TestedView(AuthorView):
    """Of a program with tests: these."""

    work: Tested


@dataclass(frozen=True)
class MixedView(AuthorView):
    """Of a program with checks and tests: both."""

    coded: CodedView
    tested: TestedView


@dataclass(frozen=True)
class QuestionsView(AuthorView):
    """Of questions in words: these, what is right, and what a formula must come to at points that are drawn."""

    work: Questions
    points: Mapping[str, tuple[Point, ...]]


def author_view(
    files: CourseFiles, exercise_id: str, seed: str | None, make_box: MakeBox, student: str = ""
) -> AuthorView:
    """Observe the reference, or remember it, and return all that follows from the exercise's files.

    Args:
        student: whose numbers are shown, where each has his own.

    Raises:
        UsageFault: if there is no such exercise, or this is a students' copy.
        CourseInvalid, CouldNotJudge: where the exercise or the machine cannot serve.
    """
    if files.is_release:
        raise UsageFault(say("this is a students' copy; what the author sees is in the course itself"))
    exercise = files.exercise(files.require(exercise_id))
    key = practice_key(files, exercise, PUBLIC_SEED if seed is None else seed.encode()).for_student(student)
    return _VIEWS.of(exercise.work)(key, key.exercise.work, seed is None, make_box)


def _stated(key: AnswerKey, work: Stated, public: bool, make_box: MakeBox) -> StatedView:
    known = StatedKind().known(key, work)
    ideas = {ask.name: tuple(all_ideas(work.graph, work.at, ask.question)) for ask in work.asks}
    return StatedView(key.exercise, public, work, _observed(known, known.observer, make_box), ideas)


def _coded(key: AnswerKey, work: Coded, public: bool, make_box: MakeBox) -> CodedView:
    known = CodedKind().known(key, work)
    references = _observed(known, known.observer, make_box)
    numbers = {check.name: probe_numbers(check, key.seed) for check in known.drawn.work.checks}
    return CodedView(key.exercise, public, work, numbers, references, key.wrong)


def _tested(key: AnswerKey, work: Tested, public: bool, _make_box: MakeBox) -> TestedView:
    return TestedView(key.exercise, public, work)


def _mixed(key: AnswerKey, work: Mixed, public: bool, make_box: MakeBox) -> MixedView:
    coded = _coded(key.with_work(work.coded), work.coded, public, make_box)
    return MixedView(key.exercise, public, coded, _tested(key, work.tested, public, make_box))


def _questions(key: AnswerKey, work: Questions, public: bool, _make_box: MakeBox) -> QuestionsView:
    QuestionsKind().known(key, work)
    drawn = {
        posed.name: tuple(islice(points(right, posed.names, seed_of(key.seed, posed)), _MOST_POINTS))
        for posed in work.questions
        if isinstance(posed, TypedFormula) and isinstance(right := (work.keys or {})[posed.name], FormulaKey)
    }
    return QuestionsView(key.exercise, public, work, drawn)


def _observed(known: Known, observer: ReferenceObserver[R], make_box: MakeBox) -> R:
    with SideBySide(lambda: make_box(modules(known))) as run:
        return driven(reference(observer), run)


_VIEWS: Facets[Callable[[AnswerKey, Any, bool, MakeBox], AuthorView]] = Facets(
    {Stated: _stated, Coded: _coded, Tested: _tested, Mixed: _mixed, Questions: _questions}
)
