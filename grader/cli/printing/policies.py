"""What a course's policies did to a grade, and what they say of an exercise, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from grader.cli.language import translate
from grader.cli.printing.due import lasting
from grader.core.course.attempts import Aside
from grader.core.words.numbers import show

if TYPE_CHECKING:
    from grader.core.course.policy import Grade, Policy


def rules_of_attempts(policy: Policy, exercise: str, kinds: Sequence[str]) -> Iterator[str]:
    """Yield what further attempts at an exercise cost, and how many there are; nothing where they are free."""
    rules = policy.rules_for(exercise, kinds)
    if rules.limit is not None:
        yield translate("Attempts that count: {limit}.").format(limit=rules.limit)
    if rules.cost:
        words = translate(
            "Each attempt after number {free} costs {cost} of the score, at most {at_most} in total; handing in the "
            "same again is no new attempt."
        )
        yield words.format(free=rules.free, cost=_percent(rules.cost), at_most=_percent(rules.at_most))
    if rules.pause:
        yield translate("Between two attempts: {pause}.").format(pause=shortly(rules.pause))


def rules_of_time(policy: Policy) -> Iterator[str]:
    """Yield what being early earns, and how many slack days there are."""
    if policy.early is not None:
        words = translate("Each {every} before the due date earns {bonus} of the score, at most {at_most} in total.")
        early = policy.early
        yield words.format(every=shortly(early.every), bonus=_percent(early.bonus), at_most=_percent(early.at_most))
    if policy.slack is not None:
        words = translate("Slack days for each student: {days}. They are spent where they bring the most points.")
        yield words.format(days=policy.slack.days)


def what_changed(grade: Grade) -> Iterator[str]:
    """Yield what attempts, earliness and slack days did to a grade; what lateness cost stands elsewhere."""
    if grade.price:
        words = translate("{points} points less because it is attempt number {number}")
        yield words.format(points=show(grade.price), number=grade.number)
    if grade.bonus:
        yield translate("{points} points more for being early").format(points=show(grade.bonus))
    if grade.slack:
        yield translate("slack days spent on it: {days}").format(days=grade.slack)


def why_aside(grade: Grade, policy: Policy, kinds: Sequence[str]) -> str | None:
    """Return why an attempt does not count; None where it may."""
    rules = policy.rules_for(grade.exercise, kinds)
    match grade.aside:
        case Aside.LIMIT:
            words = translate("does not count: it is attempt number {number}, and {limit} count")
            return words.format(number=grade.number, limit=rules.limit)
        case Aside.PAUSE:
            words = translate("does not count: it came less than {pause} after the attempt before")
            return words.format(pause=shortly(rules.pause))
        case Aside.STARTER:
            return translate("is the starter, unchanged, and so no attempt")
        case None:
            return None


def of_this_attempt(grade: Grade, policy: Policy, kinds: Sequence[str]) -> Iterator[str]:
    """Yield what is said right after an attempt: what it cost, and what the next one will."""
    if grade.attempt is not None and grade.attempt.starter:
        yield translate("This is the starter, unchanged: it is no attempt.")
        return
    rules = policy.rules_for(grade.exercise, kinds)
    if not (rules.cost or rules.limit is not None) or not grade.number or grade.state.value == "void":
        return
    if grade.aside is Aside.LIMIT:
        words = translate("This is attempt number {number}; {limit} count, so it changes no grade.")
        yield words.format(number=grade.number, limit=rules.limit)
        return
    yield translate("Attempt number {number}.").format(number=grade.number)
    if grade.price:
        yield translate("It costs {share} of the score.").format(share=_percent(rules.share(grade.number)))
    if grade.number == rules.limit:
        yield translate("It was the last one that counts.")
    elif rules.share(grade.number + 1):
        words = translate("Another one will cost {share} of its score.")
        yield words.format(share=_percent(rules.share(grade.number + 1)))


def shortly(time: timedelta) -> str:
    """Return a time as course.yaml says it: whole days, or hours and minutes."""
    days, rest = divmod(time, timedelta(days=1))
    return translate("{days} d").format(days=days) if days and not rest else lasting(time)


def _percent(share: float) -> str:
    return f"{show(100 * share)} %"
