"""When work is due, and what it costs that it is late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from grader.cli.language import translate
from grader.core.course.policies.told_policies import told
from grader.core.course.policies.trust import Trust
from grader.core.words.numbers import show

if TYPE_CHECKING:
    from grader.core.course.policies.policy import Policy


def due_text(policy: Policy, exercise: str, student: str = "") -> str | None:
    """Return when an exercise is due, with its time zone; None where it never is."""
    due = policy.due_for(student, exercise)
    if due is None:
        return None
    zone = policy.zone or due.tzinfo or UTC
    return f"{due.astimezone(zone):%Y-%m-%d %H:%M} ({zone})"


def late_text(policy: Policy, exercise: str, student: str, submitted: datetime) -> str | None:
    """Return by how much work is late that is handed in at this moment, and what that costs; None where it is not."""
    due = policy.due_for(student, exercise)
    if due is None or submitted <= due:
        return None
    words = translate("Late by {late}: it was due {due}. The score is lower for that by {share} %.")
    share = show(100 * policy.share(submitted, due))
    told_late = words.format(late=lasting(submitted - due), due=due_text(policy, exercise, student), share=share)
    if policy.slack is None or not policy.late.penalty:
        return told_late
    slack = translate("Slack days that are left may make up for it: your teacher's copy of the course counts them.")
    return f"{told_late} {slack}"


def lasting(late: timedelta) -> str:
    """Return a time in whole days, or in hours and minutes."""
    return told(late).said(translate)


def time_of(trust: Trust) -> str:
    """Return what a time that costs nothing is the time of."""
    return {
        Trust.ARCHIVE: translate("the file in the archive"),
        Trust.COMMIT: translate("the last commit"),
        Trust.FILE: translate("the file"),
    }[trust]
