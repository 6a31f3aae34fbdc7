"""What a kind of exercise says in the ladder of hints."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, Protocol, TypeVar

from grader.core.course.exercise import Exercise, Work
from grader.core.course.feedback import Tells
from grader.core.hints.lessons import lesson_about
from grader.core.hints.questions import question_about, question_of_status
from grader.core.report.report import CheckResult, Verdict
from grader.core.words.message import Message, Text, say


class Part(Protocol):
    """A part of an exercise: a check, or a stated value."""

    @property
    def name(self) -> str: ...


W = TypeVar("W", bound=Work)
P = TypeVar("P", bound=Part)


@dataclass(frozen=True)
class Rung:
    """One hint. `misconception` is told by the last hint of a check only: a name gives much away."""

    text: Message
    check: str | None = None
    misconception: str | None = None


@dataclass(frozen=True)
class Hints(ABC, Generic[W, P]):
    """The hints for one exercise.

    Attributes:
        once: whether parts that fail for one and the same reason have one ladder.
        authors: the course's own hints, by the name of the misconception.
    """

    once: ClassVar[bool]

    exercise: Exercise
    work: W
    authors: Mapping[str, Text]

    @abstractmethod
    def begin(self) -> Message:
        """Say what to do before anything is handed in."""

    @abstractmethod
    def parts(self) -> Sequence[P]:
        """Return the parts in the order in which to mend them."""

    @abstractmethod
    def where(self, part: P, check: CheckResult) -> Message:
        """Say what the part is about, and where to look."""

    @abstractmethod
    def own_question(self, part: P, raised: bool) -> Message:
        """Return the question for a part whose mistake has no name.

        Args:
            raised: whether it ended with an error.
        """

    @abstractmethod
    def likeliest(self, part: P, check: CheckResult, to_mend: Sequence[P]) -> Message | None:
        """Return the hint of the first of its causes, of which there are some; None where it would tell too much."""

    def again(self, part: P, _check: CheckResult) -> Message:
        """Say what to do about a part that could not be judged."""
        return say(
            "{check} could not be judged, and it is not your fault. Hand it in once more: course submit {id}",
            check=part.name,
            id=self.exercise.id,
        )

    def question(self, part: P, check: CheckResult) -> Message:
        """Return the question that leads to the mistake without naming it."""
        named = question_about(check.causes[0].name) if check.causes else None
        return named or self.unnamed_question(part, check)

    def unnamed_question(self, part: P, check: CheckResult) -> Message:
        """Return the question that the way the check ended asks, or the part itself."""
        return question_of_status(check.status) or self.own_question(part, check.verdict is Verdict.ERROR)

    def rungs(self, part: P, check: CheckResult, to_mend: Sequence[P]) -> Iterator[Rung]:
        """Yield the hints for one part that did not pass: what it is about, a question, the idea, an example of it.

        The likeliest mistake comes last, where the report has not told it already.

        Args:
            to_mend: all parts that did not pass.
        """
        yield Rung(self.where(part, check), part.name)
        yield Rung(self.question(part, check), part.name)
        if not check.causes:
            return
        name, told = check.causes[0].name, self.exercise.tells is Tells.CAUSE
        lesson = lesson_about(name) if self.teaches(part) else ()
        for text in lesson:
            # The name, where it is told already, is beside the last hint as before.
            is_last = told and text is lesson[-1]
            yield Rung(text, part.name, name if is_last else None)
        likeliest = None if told else self.likeliest(part, check, to_mend)
        if likeliest is not None:
            yield Rung(likeliest, part.name, name)

    def teaches(self, _part: P) -> bool:
        """Whether the ideas behind mistakes, which speak of derivatives and trainings, fit a part."""
        return True
