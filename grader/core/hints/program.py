"""Hints for programs: what is said of a check, and of the author's tests."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from grader.core.course.checks.author_tests import AuthorTest, Tested
from grader.core.course.exercise import Check, Coded, Mixed
from grader.core.course.feedback import Tells
from grader.core.findings.telling import told
from grader.core.hints.kind import Hints
from grader.core.hints.locations import asked_of_check, asked_of_tests, place_in
from grader.core.hints.questions import question_of_check, question_of_tests
from grader.core.report.report import CheckResult
from grader.core.words.message import Message, say

# Kinds of hint that an author wrote.
_AUTHORS = ("author-hint", "as-written")

W = TypeVar("W", Coded, Tested, Mixed)
P = TypeVar("P", Check, AuthorTest, Check | AuthorTest)


class ProgramHints(Hints[W, P]):
    """The hints for an exercise that is answered with a program."""

    # A file that cannot be read fails every check for one reason.
    once: ClassVar[bool] = True

    @abstractmethod
    def asked(self, part: P) -> Message:
        """Say what a check looks at."""

    def begin(self) -> Message:
        return say(
            "You have not handed in anything yet. Read what is asked for: course show {id}. Then course start "
            "{id} copies the starter into work/; fill in the first gap, and hand it in: course submit {id}",
            id=self.exercise.id,
        )

    def where(self, part: P, check: CheckResult) -> Message:
        # What the report has told already is not told again.
        place = place_in(check) if self.exercise.tells is Tells.VERDICT else None
        asked = self.asked(part)
        return asked if place is None else say("{asked} {place}", asked=asked, place=place)

    def likeliest(self, _part: P, check: CheckResult, _to_mend: Sequence[P]) -> Message:
        first = check.causes[0]
        # The author may have found better words since.
        own = self.authors.get(first.name) if first.hint.kind in _AUTHORS else None
        return told(first.hint) if own is None else say("{text}", text=own)


class CodedHints(ProgramHints[Coded, Check]):
    """The hints for an exercise with checks."""

    def parts(self) -> Sequence[Check]:
        return self.work.checks

    def asked(self, part: Check) -> Message:
        return asked_of_check(part)

    def own_question(self, part: Check, raised: bool) -> Message:
        return question_of_check(part, raised)


class TestedHints(ProgramHints[Tested, AuthorTest]):
    """The hints for an exercise with the author's tests."""

    def parts(self) -> Sequence[AuthorTest]:
        return self.work.checks

    def asked(self, part: AuthorTest) -> Message:
        return asked_of_tests(part)

    def own_question(self, _part: AuthorTest, raised: bool) -> Message:
        return question_of_tests(raised)


class MixedHints(ProgramHints[Mixed, Check | AuthorTest]):
    """The hints for an exercise with both: of each part what its own kind says."""

    def parts(self) -> Sequence[Check | AuthorTest]:
        return self.work.parts

    def asked(self, part: Check | AuthorTest) -> Message:
        return self._hints[part.name].asked(part)

    def own_question(self, part: Check | AuthorTest, raised: bool) -> Message:
        return self._hints[part.name].own_question(part, raised)

    @property
    def _hints(self) -> Mapping[str, ProgramHints[Any, Any]]:
        """The hints that know a part, by its name."""
        coded = CodedHints(self.exercise, self.work.coded, self.authors)
        tested = TestedHints(self.exercise, self.work.tested, self.authors)
        known: tuple[ProgramHints[Any, Any], ...] = (coded, tested)
        return {part.name: hints for hints in known for part in hints.parts()}
