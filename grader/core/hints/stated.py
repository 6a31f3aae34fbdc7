"""Hints for stated values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from grader.core.autodiff.graph import ValueOf
from grader.core.autodiff.tape import edges_between, roots, unroll
from grader.core.course.exercise import Ask, Stated
from grader.core.findings.telling import told
from grader.core.hints.kind import Hints, Rung
from grader.core.hints.locations import asked_of_ask
from grader.core.hints.questions import question_of_ask
from grader.core.report.report import CheckResult
from grader.core.stated.judge import hiding
from grader.core.stated.mistakes import masked
from grader.core.words.message import Message, say

# A tie of more ideas than these is no longer a hint.
_MOST_IDEAS = 3


class StatedHints(Hints[Stated, Ask]):
    """The hints for an exercise that is answered with numbers."""

    once: ClassVar[bool] = False

    def begin(self) -> Message:
        return say(
            "You have not handed in anything yet. Read what is asked for: course show {id}. Draw the graph, "
            "write the local derivative at each edge, and hand in what you have: course submit {id} --answer "
            "{name}=NUMBER",
            id=self.exercise.id,
            name=self.work.asks[0].name,
        )

    def parts(self) -> Sequence[Ask]:
        """Return the asks in the order of the graph."""
        return sorted(self.work.asks, key=self._depth)

    def _depth(self, ask: Ask) -> tuple[int, int]:
        work = self.work
        if isinstance(ask.question, ValueOf):
            names = [node.name for node in work.graph.nodes]
            return 0, names.index(ask.question.name) if ask.question.name in names else -1
        tape = unroll(work.graph, work.at)
        start = roots(work.graph, tape, ask.question)
        return 1, len(edges_between(tape, start, tape.place[ask.question.by]))

    def rungs(self, part: Ask, check: CheckResult, to_mend: Sequence[Ask]) -> Iterator[Rung]:
        if not check.carried:
            yield from super().rungs(part, check, to_mend)
            return
        carried = say("The method is right here: the number follows from one of your earlier answers. Which one?")
        yield Rung(self.where(part, check), part.name)
        yield Rung(carried, part.name)

    def where(self, part: Ask, _check: CheckResult) -> Message:
        return asked_of_ask(self.work, part)

    def question(self, part: Ask, check: CheckResult) -> Message:
        # The questions about names speak of derivatives and trainings, never of a node's value.
        of_value = isinstance(part.question, ValueOf)
        return self.unnamed_question(part, check) if of_value else super().question(part, check)

    def teaches(self, part: Ask) -> bool:
        return not isinstance(part.question, ValueOf)

    def own_question(self, part: Ask, raised: bool) -> Message:
        return question_of_ask(part, raised)

    def likeliest(self, _part: Ask, check: CheckResult, to_mend: Sequence[Ask]) -> Message | None:
        """Return all ideas that give the number; None where a report of format 1 may tell what is still to be found."""
        if self.exercise.reveal and check.causes[0].hint.kind == "as-written":
            return None
        graph, at = self.work.graph, self.work.at
        hides = hiding(to_mend, {ask.name: graph.answer(ask.question, at) for ask in to_mend})
        # A report has them with numbers where the exercise reveals its answers; a hint never does.
        idea, *others = [told(masked(cause.hint, hides)) for cause in check.causes[:_MOST_IDEAS]]
        sentence = say("Your number is what you get when {idea}.", idea=idea)
        for other in others:
            sentence = say("{sentence}\n  Or: {idea}.", sentence=sentence, idea=other)
        return sentence
