"""What a course's policies say of an exercise, and what they did to a grade, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from grader.core.course.policies.attempts import Aside
from grader.core.course.policies.policy import Grade, Policy, State
from grader.core.words.message import Message, say
from grader.core.words.numbers import show

_DAY = timedelta(days=1)


def rules_of_attempts(policy: Policy, exercise: str, kinds: Sequence[str]) -> Iterator[Message]:
    """Yield what further attempts at an exercise cost, and how many there are; nothing where they are free."""
    rules = policy.rules_for(exercise, kinds)
    if rules.limit is not None:
        yield say("Attempts that count: {limit}.", limit=rules.limit)
    if rules.cost:
        yield say("Attempts that cost nothing: {free}.", free=rules.free)
        yield _at_most(
            say("Each further attempt takes {cost} of the score.", cost=_percent(rules.cost)),
            say(
                "Each further attempt takes {cost} of the score, at most {at_most} in total.",
                cost=_percent(rules.cost),
                at_most=_percent(rules.at_most),
            ),
            rules.at_most,
        )
        yield say("To hand in the same again is no new attempt.")
    if rules.pause:
        yield say(
            "An attempt that comes less than {pause} after the one before does not count.", pause=told(rules.pause)
        )


def rules_of_time(policy: Policy) -> Iterator[Message]:
    """Yield what being late costs, what being early earns, and how many slack days there are."""
    late, early, slack = policy.late, policy.early, policy.slack
    if late.penalty:
        yield _late(policy)
        if late.grace:
            yield say("The first {grace} after the due date cost nothing.", grace=told(late.grace))
    if early is not None:
        yield _at_most(
            say(
                "Each {every} before the due date earns {bonus} of the score.",
                every=_each(early.every),
                bonus=_percent(early.bonus),
            ),
            say(
                "Each {every} before the due date earns {bonus} of the score, at most {at_most} in total.",
                every=_each(early.every),
                bonus=_percent(early.bonus),
                at_most=_percent(early.at_most),
            ),
            early.at_most,
        )
    if slack is not None:
        yield say(
            "Slack days for each student: {days}. They are spent where they bring the most points.", days=slack.days
        )
        if slack.at_most is not None and slack.at_most < slack.days:
            yield say("Slack days for one due date: at most {days}.", days=slack.at_most)


def _late(policy: Policy) -> Message:
    late = policy.late
    penalty, at_most = _percent(late.penalty), _percent(late.at_most)
    if late.every is None:
        return say("Late work loses {penalty} of the score.", penalty=_percent(min(late.penalty, late.at_most)))
    every = _each(late.every)
    return _at_most(
        say("Late work loses {penalty} of the score for each {every} begun.", penalty=penalty, every=every),
        say(
            "Late work loses {penalty} of the score for each {every} begun, at most {at_most} in total.",
            penalty=penalty,
            every=every,
            at_most=at_most,
        ),
        late.at_most,
    )


def _at_most(bare: Message, bounded: Message, share: float) -> Message:
    """Return the sentence with its bound, where that is less than everything."""
    return bounded if share < 1.0 else bare


def what_changed(grade: Grade) -> Iterator[Message]:
    """Yield what attempts, earliness and slack days did to a grade; what lateness cost stands elsewhere."""
    if grade.price:
        yield say(
            "{points} points less because it is attempt number {number}",
            points=show(grade.price),
            number=grade.number,
        )
    if grade.bonus:
        yield say("{points} points more for being early", points=show(grade.bonus))
    if grade.slack:
        yield say("slack days spent on it: {days}", days=grade.slack)


def not_the_score(grade: Grade) -> Iterator[Message]:
    """Yield, in whole sentences, why the points are not what the checks earned, or what it took that they are."""
    if grade.override is not None:
        yield say("This grade was set by hand.")
        return
    if grade.penalty:
        yield say("{points} points less for lateness.", points=float(grade.penalty))
    if grade.price:
        yield say("{points} points less for attempt number {number}.", points=float(grade.price), number=grade.number)
    if grade.bonus:
        yield say("{points} points more for being early.", points=float(grade.bonus))
    if grade.slack:
        yield say("Slack days spent on it: {days}.", days=grade.slack)


def why_aside(grade: Grade, policy: Policy, kinds: Sequence[str]) -> Message | None:
    """Return why an attempt does not count; None where it may."""
    rules = policy.rules_for(grade.exercise, kinds)
    match grade.aside:
        case Aside.LIMIT:
            return say(
                "does not count: it is attempt number {number}, and {limit} count",
                number=grade.number,
                limit=rules.limit,
            )
        case Aside.PAUSE:
            return say("does not count: it came less than {pause} after the attempt before", pause=told(rules.pause))
        case Aside.STARTER:
            return say("is the starter, unchanged, and so no attempt")
        case None:
            return None


def of_this_attempt(grade: Grade, policy: Policy, kinds: Sequence[str]) -> Iterator[Message]:
    """Yield what is said right after an attempt: what it cost, and what the next one will."""
    if grade.attempt is not None and grade.attempt.starter:
        yield say("This is the starter, unchanged: it is no attempt.")
        return
    rules = policy.rules_for(grade.exercise, kinds)
    if not (rules.cost or rules.limit is not None) or not grade.number or grade.state is State.VOID:
        return
    if grade.aside is Aside.LIMIT:
        yield say(
            "This is attempt number {number}; {limit} count, so it changes no grade.",
            number=grade.number,
            limit=rules.limit,
        )
        return
    yield say("Attempt number {number}.", number=grade.number)
    if grade.price:
        yield say("It costs {share} of the score.", share=_percent(rules.share(grade.number)))
    if grade.number == rules.limit:
        yield say("It was the last one that counts.")
    elif rules.share(grade.number + 1):
        yield say("Another one will cost {share} of its score.", share=_percent(rules.share(grade.number + 1)))


def told(time: timedelta) -> Message:
    """Return a time as people say it: whole days, or hours and minutes without those that are none."""
    days, rest = divmod(time, _DAY)
    if days and not rest:
        return say("1 day") if days == 1 else say("{days} days", days=days)
    hours, minutes = divmod(int(time.total_seconds()) // 60, 60)
    if hours and minutes:
        return say("{hours} h {minutes} min", hours=hours, minutes=minutes)
    return say("{hours} h", hours=hours) if hours else say("{minutes} min", minutes=minutes)


def _each(time: timedelta) -> Message:
    """Return a time as it stands behind `each`."""
    return say("day") if time == _DAY else told(time)


def _percent(share: float) -> str:
    return f"{show(100 * share)} %"
