"""What is said of one submission: a result for each check, and the report that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from grader.core.report.evidence import Exhibit
from grader.core.run.observation import RunStatus
from grader.core.words.message import Message, Translate

FORMAT_VERSION = 1
_FROM_BEST = list(RunStatus)


class Verdict(Enum):
    """What we think of the answer. `void` is ours: never scored, never a zero."""

    PASS = "pass"
    FAIL = "fail"
    ERROR = "error"
    SKIPPED = "skipped"
    VOID = "void"


@dataclass(frozen=True)
class NamedMisconception:
    """A named wrong idea that explains a result, with its hint.

    Attributes:
        edges: of the exercise's graph that the idea loses, as operand and operation.
    """

    name: str
    hint: Message
    edges: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CheckResult:
    """The result of one check.

    Attributes:
        messages: told in order, the most important first.
        cause: what is said of the misconceptions, or of what an exception means, in one sentence.
        carried: points for an answer that is not right, but follows from the student's own earlier ones, or for
            the share of an author's tests that hold.
        exhibit: what there is to see of it.
    """

    name: str
    status: RunStatus
    verdict: Verdict
    max_score: float
    messages: tuple[Message, ...] = ()
    misconceptions: tuple[NamedMisconception, ...] = ()
    carried: float = 0.0
    exhibit: Exhibit = Exhibit()
    cause: Message | None = None

    @property
    def said(self) -> tuple[Message, ...]:
        """All that is said of the check, in order."""
        return self.messages if self.cause is None else (*self.messages, self.cause)

    @property
    def score(self) -> float | None:
        """Points earned, all or none but for what was carried; None where we could not judge."""
        if self.verdict is Verdict.VOID:
            return None
        return self.max_score if self.verdict is Verdict.PASS else self.carried


@dataclass(frozen=True)
class Report:
    """Every check's result for one submission.

    Attributes:
        notices: what is said of the submission as a whole: what was not run, and why.
    """

    exercise: str
    student: str
    isolation: str
    practice: bool
    checks: tuple[CheckResult, ...]
    notices: tuple[Message, ...] = ()

    @property
    def status(self) -> RunStatus:
        """The worst that happened to any check's process."""
        return max((check.status for check in self.checks), key=_FROM_BEST.index, default=RunStatus.NOT_RUN)

    @property
    def max_score(self) -> float:
        return sum(check.max_score for check in self.checks)

    @property
    def score(self) -> float | None:
        """Points earned, or None where a check could not be judged."""
        scores = [check.score for check in self.checks]
        return None if None in scores else sum(score for score in scores if score is not None)

    @property
    def full_marks(self) -> bool:
        return all(check.verdict is Verdict.PASS for check in self.checks)

    @property
    def void(self) -> bool:
        return any(check.verdict is Verdict.VOID for check in self.checks)

    def in_languages(self, translations: Mapping[str, Translate]) -> dict[str, Any]:
        """Return the report as it is kept: as its JSON object, but without a student, its texts in every language."""

        def said(message: Message) -> dict[str, str]:
            return {language: message.said(translate, language) for language, translate in translations.items()}

        def joined(messages: tuple[Message, ...]) -> dict[str, str]:
            texts = [said(message) for message in messages]
            return {language: "\n".join(text[language] for text in texts) for language in translations}

        return {
            **self.as_json(str, ""),
            "student": "",
            **({"notices": [said(notice) for notice in self.notices]} if self.notices else {}),
            "checks": [
                {
                    **_check_as_json(check, str, ""),
                    "message": joined(check.messages),
                    "cause": joined(() if check.cause is None else (check.cause,)),
                    "misconceptions": [
                        {"name": named.name, "hint": said(named.hint)} for named in check.misconceptions
                    ],
                }
                for check in self.checks
            ],
        }

    def as_json(self, translate: Translate, language: str) -> dict[str, Any]:
        """Return the report as the JSON object that the design fixes, its messages in `language`.

        Where there is something to notice, `notices` says it.
        """
        return {
            "format_version": FORMAT_VERSION,
            "exercise": self.exercise,
            "student": self.student,
            "status": self.status.value,
            "isolation": self.isolation,
            "practice": self.practice,
            "score": self.score,
            "max_score": self.max_score,
            "checks": [_check_as_json(check, translate, language) for check in self.checks],
            **({"notices": [notice.said(translate, language) for notice in self.notices]} if self.notices else {}),
        }


def in_language(kept: Mapping[str, Any], student: str, language: str) -> dict[str, Any]:
    """Return a kept report as the JSON object that the design fixes, for one student and in one language.

    What names the cause is kept beside the message, so that a page can show the names instead; here it is part of it.
    """

    def said(texts: Mapping[str, str]) -> str:
        return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")

    checks = [
        {
            **{key: value for key, value in check.items() if key != "cause"},
            "message": "\n".join(filter(None, (said(check["message"]), said(check.get("cause", {}))))),
            "misconceptions": [{**named, "hint": said(named["hint"])} for named in check["misconceptions"]],
        }
        for check in kept["checks"]
    ]
    notices = {"notices": [said(notice) for notice in kept["notices"]]} if "notices" in kept else {}
    return {**kept, "student": student, "checks": checks, **notices}


def _check_as_json(check: CheckResult, translate: Translate, language: str) -> dict[str, Any]:
    return {
        "name": check.name,
        "status": check.status.value,
        "verdict": check.verdict.value,
        "score": check.score,
        "max_score": check.max_score,
        "message": "\n".join(message.said(translate, language) for message in check.said),
        "misconceptions": [
            {"name": named.name, "hint": named.hint.said(translate, language)} for named in check.misconceptions
        ],
    }
