"""Hints for questions in words. What is wrong with an answer, the report says; no hint leads to the right one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from grader.core.course.questions import Posed, Questions
from grader.core.findings.telling import told_check
from grader.core.hints.kind import Hints, Rung
from grader.core.report.report import CheckResult
from grader.core.words.message import Message, say


class QuestionsHints(Hints[Questions, Posed]):
    """The hints for an exercise that is answered in words."""

    once: ClassVar[bool] = False

    def begin(self) -> Message:
        return say(
            "You have not handed in anything yet. Read the questions: course show {id}. Hand in your answers: "
            "course submit {id} --answer {name}=ANSWER",
            id=self.exercise.id,
            name=self.work.questions[0].name,
        )

    def parts(self) -> Sequence[Posed]:
        return self.work.questions

    def rungs(self, part: Posed, check: CheckResult, _to_mend: Sequence[Posed]) -> Iterator[Rung]:
        yield Rung(self.where(part, check), part.name)

    def again(self, part: Posed, check: CheckResult) -> Message:
        if self.work.keys is not None:
            return super().again(part, check)
        return told_check(check)[-1]

    def where(self, part: Posed, _check: CheckResult) -> Message:
        return say("{name}: read the question once more: {ask}", name=part.name, ask=part.ask)

    def own_question(self, part: Posed, _raised: bool) -> Message:
        return say("{text}", text=part.ask)

    def likeliest(self, _part: Posed, _check: CheckResult, _to_mend: Sequence[Posed]) -> None:
        return None
