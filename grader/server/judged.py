"""What is known of hand-ins: where each waits, what it got, which one counts, and the feedback made from its row."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from grader.actions.student.judgement import Judgement, shown_of
from grader.actions.student.starters import Starters
from grader.actions.student.submission import Submission
from grader.actions.student.typed import TYPED
from grader.actions.teacher.standings import attempts_at
from grader.actions.teacher.together import put_together, take_few
from grader.core.course.exercise import Exercise
from grader.core.course.policies.policy import Grade, State, grades_of_attempts
from grader.core.course.policies.told_policies import what_changed, why_aside
from grader.core.findings.seen import at_last, with_seen
from grader.core.people.person import Role
from grader.core.questions.attempts import reasons_in
from grader.core.report.report import Report
from grader.core.words.message import Translate, say
from grader.server.asking import Asked, to
from grader.server.showing import held_back, seen_grades, told_held
from grader.store.grades.gradebook import Recorded
from grader.store.grades.hand_ins import HandIn


@dataclass(frozen=True)
class ShownAttempt:
    """One attempt at an exercise, as pages show it.

    Attributes:
        name: how addresses call it; empty of one that was not handed in at the server.
        score: None while it has none.
        place: how many are judged before it and with it, while it waits; 0 where it does not.
        settled: whether it is judged, or could not be.
        stuck: whether it could not be, and is not tried again by itself.
        counts: whether the mark is that of this attempt.
        aside: why it does not count; empty where it may.
        changed: what lateness, attempts, earliness and slack days did to what it comes to.
        held: until when whoever asks sees nothing of it but that it was handed in; empty where they do.
    """

    name: str
    link: str
    submitted: datetime
    late: timedelta
    score: float | None
    max_score: float
    result: int
    place: int
    running: bool
    settled: bool
    counts: bool
    aside: str = ""
    changed: tuple[str, ...] = ()
    held: str = ""
    stuck: bool = False


def attempts_of(asked: Asked, exercise: Exercise, student: str) -> list[ShownAttempt]:
    """Return a student's attempts at an exercise, the newest first, as far as whoever asks may see them."""
    service = asked.service
    standing = {each.id: each for each in service.book.standing(student) if each.exercise == exercise.id}
    handed_in = {each.submission: each for each in service.hand_ins.of(student, exercise.id)}
    held = told_held(asked, held_back(asked, exercise.id))
    if held:
        # What is not known cannot be told: neither the place in the queue, nor how long judging takes.
        bare = (replace(row, result=0, score=None) for row in standing.values())
        of = service.due(exercise.id, student)
        newest = sorted(bare, key=lambda row: (row.submitted, row.id), reverse=True)
        return [
            replace(_attempt(asked, exercise, row, handed_in.get(row.id), None, [], (), of), held=held)
            for row in newest
        ]
    is_theirs = asked.who.role is Role.STUDENT
    grade = (
        seen_grades(asked, [exercise]).get(exercise.id)
        if is_theirs
        else service.grades([exercise], student).get((student, exercise.id))
    )
    # To ask for places in the queue takes the longer the more was ever handed in.
    is_open = any(row.score is None for row in standing.values())
    waiting, stuck = service.queue.waiting_and_stuck() if is_open else ([], frozenset())
    running = service.queue.running()
    due = service.due(exercise.id, student)
    rows = sorted(standing.values(), key=lambda row: (row.submitted, row.id))
    place = (student, exercise.id)
    if together := put_together([exercise], {place: rows}, service.book).get(place):
        rows = list(together.rows)
    each_comes_to = _each_comes_to(asked, exercise, student, rows, grade)
    return [
        replace(
            _told(
                asked,
                exercise,
                of_row,
                _attempt(asked, exercise, row, handed_in.get(row.id), grade, waiting, running, due),
            ),
            stuck=row.id in stuck,
        )
        for row, of_row in reversed(list(zip(rows, each_comes_to, strict=True)))
    ]


def _each_comes_to(
    asked: Asked, exercise: Exercise, student: str, rows: list[Recorded], grade: Grade | None
) -> list[Grade]:
    """Return what each of these submissions, the oldest first, comes to by the course's policies."""
    waiver, slack = (grade.waiver, grade.slack) if grade else (None, 0)
    attempts = attempts_at(exercise, rows, Starters())
    policy = asked.service.policy
    given = (student, exercise.id, exercise.max_score, attempts, policy, waiver, exercise.work.listed, slack)
    return grades_of_attempts(*given)


def _told(asked: Asked, exercise: Exercise, grade: Grade, attempt: ShownAttempt) -> ShownAttempt:
    aside = why_aside(grade, asked.service.files.course.policy, exercise.work.listed)
    if aside is not None:
        return replace(attempt, aside=aside.said(asked.translate, asked.language))
    late = [say("penalty: {points}", points=grade.penalty)] if grade.penalty else []
    changed = (*late, *what_changed(grade))
    return replace(attempt, changed=tuple(words.said(asked.translate, asked.language) for words in changed))


def _attempt(
    asked: Asked,
    exercise: Exercise,
    row: Recorded,
    handed_in: HandIn | None,
    grade: Grade | None,
    waiting: list[int],
    running: Collection[int],
    due: datetime | None,
) -> ShownAttempt:
    name = handed_in.name if handed_in else ""
    counted = grade.attempt if grade else None
    waits = row.id in waiting and row.id not in running and not row.void
    return ShownAttempt(
        name,
        to("submissions", name) if name else "",
        asked.service.on_its_clock(row.submitted),
        max(row.submitted - due, timedelta()) if due else timedelta(),
        row.score,
        exercise.max_score,
        row.result,
        waiting.index(row.id) + 1 if waits else 0,
        row.id in running,
        bool(row.result) and row.id not in running,
        counted is not None and counted.submitted == row.submitted and counted.result == row.result,
    )


def feedback_of(asked: Asked, exercise: Exercise, found: HandIn, attempt: ShownAttempt) -> Judgement | None:
    """Return a submission with what is said of it, from its rows: nothing is run. None where it is not judged yet."""
    if not attempt.result:
        return None
    report = asked.service.book.reports([attempt.result])[attempt.result]
    report = _as_one_of_several(asked, exercise, found) or report
    report, drawing = with_seen(report, asked.service.book.evidence_of(attempt.result))
    content = asked.service.hand_ins.content(found.sha256)
    shown = TYPED if found.suffix == ".yaml" else f"{found.exercise}{found.suffix}"
    judgement = Judgement(
        exercise, Submission(content, found.suffix, shown), replace(report, student=found.student), drawing
    )
    return shown_of(judgement) if asked.who.role is Role.STUDENT else judgement


def _as_one_of_several(asked: Asked, exercise: Exercise, found: HandIn) -> Report | None:
    """Return what counts after a submission to questions that take a few answers; None where it stands for itself."""
    if not take_few([exercise]):
        return None
    service, place = asked.service, (found.student, found.exercise)
    rows = [row for row in service.book.standing(found.student) if row.exercise == found.exercise]
    # Pages do not know what is right. Who judges does, and keeps beside each result what is said of it at last.
    kept = (at_last(service.book.evidence_of(row.result)) for row in rows if row.result)
    reasons = reasons_in(report for report in kept if report is not None)
    together = put_together([exercise], {place: rows}, service.book, reasons).get(place)
    return together.reports.get(found.submission) if together else None


def state_of(
    translate: Translate,
    grade: Grade | None,
    last: int | None,
    waiting: Collection[int],
    running: Collection[int],
    stuck: Collection[int],
) -> str:
    """Return in a word or two how far a student is at an exercise; `last` is what was handed in last."""
    if last in running:
        return translate("being judged")
    if grade is not None and grade.state is State.OVERRIDDEN:
        return translate("set by hand")
    if last in stuck:
        return translate("could not be judged; the teacher has to look at it")
    if last in waiting:
        return translate("waiting")
    if grade is None or grade.state is State.MISSING:
        return translate("not handed in")
    return translate("not judged") if grade.state is State.VOID else translate("graded")
