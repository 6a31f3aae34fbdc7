"""Why somebody has a mark, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from grader.cli.language import translate
from grader.cli.printing.due import lasting, time_of
from grader.cli.printing.output import check_line, console
from grader.core.course.policies.policy import Attempts, State
from grader.core.course.policies.told_policies import rules_of_attempts, rules_of_time, what_changed, why_aside
from grader.core.findings.report_json import as_json
from grader.core.findings.telling import told_check
from grader.core.words.message import Message, clean
from grader.core.words.numbers import show, written

if TYPE_CHECKING:
    from grader.actions.teacher.results.explain import ExplainedAttempt, Explanation
    from grader.core.course.policies.attempts import AttemptRules
    from grader.core.course.policies.lateness import Early, Late
    from grader.core.course.policies.policy import Grade, Override, Policy
    from grader.core.course.policies.slack import Slack
    from grader.store.grades.gradebook import Grading

FORMAT_VERSION = 1


def print_explanation(found: Explanation, language: str) -> None:
    """Print what a mark follows from."""
    from rich.text import Text

    out, grade = console(), found.grade
    out.print(Text(clean(f"{grade.student}  {grade.exercise}  {found.exercise.title.said_in(language)}"), style="bold"))
    for line in (*_mark(found), *_rules(found), *_attempts(found)):
        out.print(Text(clean(line)))
    if found.report is not None:
        out.print(Text(translate("Checks of the attempt that counts:")))
        width = max((len(check.name) for check in found.report.checks), default=0)
        for check in found.report.checks:
            line, style = check_line(check, width)
            out.print(Text(clean(line), style))
            for sentence in told_check(check):
                for words in sentence.said(translate, language).splitlines():
                    out.print(Text(f"      {words}"))
    for line in (*_withdrawals(found), *_overrides(found.overrides, found.policy)):
        out.print(Text(clean(line)))


def _mark(found: Explanation) -> Iterator[str]:
    grade = found.grade
    if grade.state is State.MISSING:
        yield translate("Grade: none; nothing was handed in.")
    elif grade.state is State.VOID:
        yield translate("Grade: none; an attempt could not be judged. Grade again to retry it.")
    else:
        words = translate("Grade: {points} of {max_score}")
        yield words.format(points=show(grade.points or 0.0), max_score=show(grade.max_score))
    if grade.state is State.OVERRIDDEN:
        yield translate("  set by hand, whatever was computed; see below")
    if grade.score is not None and grade.penalty:
        words = translate("  computed: {score}, less {penalty} because it was {late} late")
        yield words.format(score=show(grade.score), penalty=show(grade.penalty), late=lasting(grade.late))
    elif grade.score is not None:
        yield translate("  computed: {score}").format(score=show(grade.score))
    for changed in what_changed(grade):
        yield f"  {changed.said(translate)}"
    if grade.waiver is not None and grade.late:
        words = translate("  {late} late, which costs nothing; {by}: {reason}")
        yield words.format(late=lasting(grade.late), by=grade.waiver.by, reason=grade.waiver.reason)


def _rules(found: Explanation) -> Iterator[str]:
    policy, grade = found.policy, found.grade
    last = policy.attempts is Attempts.LAST
    yield translate("The last attempt counts.") if last else translate("The best attempt counts.")
    due, own = policy.due_for("", grade.exercise), policy.due_for(grade.student, grade.exercise)
    rules = rules_of_attempts(policy, grade.exercise, found.exercise.work.listed)
    for said in (*rules, *(rules_of_time(policy) if own else ())):
        yield said.said(translate)
    if due is not None:
        yield translate("Due: {time}").format(time=_time(due, policy))
    if own is not None and own != due:
        yield translate("Due for this student, with an extension: {time}").format(time=_time(own, policy))


def _attempts(found: Explanation) -> Iterator[str]:
    if found.attempts:
        yield translate("Attempts:")
    for each in found.attempts:
        yield from _attempt(each, found)


def _attempt(attempt: ExplainedAttempt, found: Explanation) -> Iterator[str]:
    own, grade, policy = attempt.submission, attempt.grade, found.policy
    score = translate("not judged") if own.score is None else f"{show(own.score)}/{show(own.max_score)}"
    late = translate("{late} late").format(late=lasting(grade.late))
    if grade.penalty:
        late = translate("{late} late, −{penalty}").format(late=lasting(grade.late), penalty=show(grade.penalty))
    counts = translate("this one counts") if attempt.counts else ""
    if grade.late and not own.attempt.may_cost and own.trust is not None:
        late = translate("{late} late by the time of {what}, which costs nothing").format(
            late=lasting(grade.late), what=time_of(own.trust)
        )
    aside = why_aside(grade, policy, found.exercise.work.listed)
    changed = [words.said(translate) for words in (*what_changed(grade), aside) if words]
    when = _time(own.submitted, policy)
    parts = (when, score, late if grade.late else "", *changed, f"sha256 {own.sha256[:16]}…", counts)
    yield "  " + "  ".join(part for part in parts if part)
    for grading in attempt.gradings:
        yield f"    {_grading(grading, policy)}"
    if attempt.stale:
        why = "; ".join(reason.said(translate) for reason in attempt.stale)
        yield "    " + translate("stale: {why}; the grade stays").format(why=why)


def _grading(grading: Grading, policy: Policy) -> str:
    facts = grading.rests_on
    words = translate(
        "judged {time}: {score}; exercise {version}, isolation {isolation}, torch {torch}, Python {python}"
    )
    version = str(facts.get("judging_sha256") or facts.get("exercise_sha256", "–"))[:12]
    score = translate("not judged") if grading.score is None else show(grading.score)
    known = {name: facts.get(name, "–") for name in ("isolation", "torch", "python")}
    return words.format(time=_time(grading.judged, policy), score=score, version=version, **known)


def _withdrawals(found: Explanation) -> Iterator[str]:
    if found.withdrawals:
        yield translate("Not this student's work:")
    for each in found.withdrawals:
        taken_back = "" if each.withdrawn else "  " + translate("taken back")
        yield f"  {_time(each.at, found.policy)}  sha256 {each.sha256[:16]}…{taken_back}  {each.by}: {each.reason}"


def _overrides(overrides: Sequence[Override], policy: Policy) -> Iterator[str]:
    if overrides:
        yield translate("Set by hand:")
    for each in overrides:
        points = translate("taken back") if each.score is None else show(each.score)
        yield f"  {_time(each.at, policy)}  {points}  {each.by}: {each.reason}"


def _time(moment: datetime, policy: Policy) -> str:
    """Return a moment on the clock of the course; on this machine's where it names no time zone."""
    return moment.astimezone(policy.zone).isoformat(" ", "minutes")


def explanation_as_json(found: Explanation, language: str) -> dict[str, Any]:
    """Return what a mark follows from as a JSON object: times in ISO 8601, digests in full, sentences in `language`."""
    grade, policy = found.grade, found.policy
    return {
        "format_version": FORMAT_VERSION,
        "student": grade.student,
        "exercise": grade.exercise,
        "state": grade.state.value,
        "score": written(grade.score),
        "penalty": written(grade.penalty),
        **_changed_as_json(grade),
        "points": written(grade.points),
        "max_score": written(grade.max_score),
        "policy": {
            "attempts": policy.attempts.value,
            "due": _iso(policy.due_for("", grade.exercise)),
            "due_for_student": _iso(policy.due_for(grade.student, grade.exercise)),
            "late": _late_as_json(policy.late),
            "attempt_rules": _rules_as_json(policy.rules_for(grade.exercise, found.exercise.work.listed)),
            "early": policy.early and _early_as_json(policy.early),
            "slack": policy.slack and _slack_as_json(policy.slack),
        },
        "attempts": [_attempt_as_json(each) for each in found.attempts],
        "report": None if found.report is None else as_json(found.report, translate, language),
        "overrides": [{**asdict(each), "at": each.at.isoformat()} for each in found.overrides],
        "withdrawals": [{**asdict(each), "at": each.at.isoformat()} for each in found.withdrawals],
    }


def _late_as_json(late: Late) -> dict[str, Any]:
    return {
        "grace_seconds": late.grace.total_seconds(),
        "penalty": late.penalty,
        "every_seconds": None if late.every is None else late.every.total_seconds(),
        "at_most": late.at_most,
    }


def _rules_as_json(rules: AttemptRules) -> dict[str, Any]:
    return {
        "free": rules.free,
        "cost": rules.cost,
        "at_most": rules.at_most,
        "limit": rules.limit,
        "pause_seconds": rules.pause.total_seconds(),
    }


def _early_as_json(early: Early) -> dict[str, Any]:
    every = early.every.total_seconds()
    return {
        "bonus": early.bonus,
        "every_seconds": every,
        "at_most": early.at_most,
        "above_maximum": early.above_maximum,
    }


def _slack_as_json(slack: Slack) -> dict[str, Any]:
    released = [each.isoformat() for each in slack.released]
    return {"days": slack.days, "at_most": slack.at_most, "released": released}


def _changed_as_json(grade: Grade) -> dict[str, Any]:
    return {
        "attempt_number": grade.number,
        "attempt_cost": written(grade.price),
        "bonus": written(grade.bonus),
        "slack_days": grade.slack,
        "aside": grade.aside and grade.aside.value,
    }


def _attempt_as_json(attempt: ExplainedAttempt) -> dict[str, Any]:
    own, grade = attempt.submission, attempt.grade
    return {
        "submitted": own.submitted.isoformat(),
        "time_by": own.trust.name.lower() if own.trust is not None else None,
        "sha256": own.sha256,
        "counts": attempt.counts,
        "score": written(own.score),
        "max_score": written(own.max_score),
        "late_seconds": grade.late.total_seconds(),
        "penalty": written(grade.penalty),
        **_changed_as_json(grade),
        "points": written(grade.points),
        "stale": None if attempt.stale is None else [_reason(reason) for reason in attempt.stale],
        "results": [
            {
                "given": each.at.isoformat(),
                "judged": each.judged.isoformat(),
                "score": each.score,
                "rests_on": dict(each.rests_on),
            }
            for each in attempt.gradings
        ],
    }


def _reason(reason: Message) -> str:
    return reason.said(translate)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
