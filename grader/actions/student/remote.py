"""Hand in at a course's server, and wait for what it says."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Protocol

from grader.actions.student.asked import asked, numbers
from grader.actions.student.judgement import Judgement
from grader.actions.student.submission import Request, Submission, handed_in
from grader.core.course.exercise import Exercise
from grader.core.course.variants import NOBODY, of_student
from grader.core.findings.recorded import NotAReport, read_report
from grader.core.findings.seen import with_seen
from grader.core.words.errors import CouldNotJudge, UsageFault
from grader.core.words.message import Message, clean, say
from grader.store.course.course_files import CourseFiles
from grader.store.students.identity import student_name

# Seconds: between two questions at first and at most, and until nobody waits any longer.
_FIRST, _MOST, _PATIENCE = 0.5, 5.0, 900.0
_MOST_FAILURES = 5
_MOST_NOTES = 20
_MOST_COMMENTS = 200


class Answers(Protocol):
    """A course's server, as its programs know it. Every method raises UsageFault or CouldNotJudge, in words."""

    @property
    def url(self) -> str: ...

    def course(self) -> Mapping[str, Any]: ...

    def hand_in(self, exercise: str, content: bytes, filename: str, form: str) -> Mapping[str, Any]: ...

    def verdict(self, submission: str) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Sent:
    """What the server has taken.

    Attributes:
        name: what it is called there.
        page: where a browser shows it.
    """

    exercise: Exercise
    submission: Submission
    name: str
    page: str


@dataclass(frozen=True)
class Told:
    """What the server says of a submission that is judged.

    Attributes:
        late: by how much it was late by the server's clock.
        notes: what lateness, attempts and the like did to it, in the language that was asked in.
        comments: what teachers and assistants say of it, each with what it is about.
    """

    judgement: Judgement
    late: timedelta
    notes: tuple[str, ...]
    comments: tuple[str, ...] = ()


def student_there(files: CourseFiles, server: Answers) -> str:
    """Return who one is at the server.

    Raises:
        UsageFault: where it serves another course.
    """
    about = server.course()
    if about["course"] != files.course.id:
        raise UsageFault(
            say("{url} serves the course {theirs}, and this folder has the course {ours}", url=server.url,
                theirs=about["course"], ours=files.course.id)
        )  # fmt: skip
    return str(about["student"])


def hand_in(files: CourseFiles, request: Request, student: str, server: Answers) -> Sent:
    """Send what is handed in for one exercise; return it as soon as the server has it for good.

    Args:
        student: who one is at the server.

    Raises:
        UsageFault: where there is nothing to hand in, not for this exercise, or the server refuses it.
        CouldNotJudge: where the server cannot be reached.
    """
    exercise = files.exercise(files.require(request.exercise_id))
    _require_same(exercise, request.student or student_name(), student, server.url)
    exercise = of_student(exercise, student)
    submission = handed_in(files, exercise, replace(request, student=student))
    name = f"{exercise.id}{submission.suffix}"
    # With one key, what is sent again because the answer was lost is still one attempt.
    told = server.hand_in(exercise.id, submission.content, name, secrets.token_urlsafe(12))
    return Sent(exercise, submission, str(told["submission"]), clean(str(told["page"])))


def _require_same(exercise: Exercise, here: str | None, there: str, url: str) -> None:
    """Refuse answers to what only somebody else was asked: other numbers, or options under other letters."""
    # Nobody sees all options by their names, which answer for everybody; but the numbers of an example.
    if (not here and not exercise.work.own) or _seen_by(exercise, here or NOBODY) == _seen_by(exercise, there):
        return
    if not here:
        raise UsageFault(
            say(
                "exercise {id} has other numbers for each student, you are {there} at {url}, and nothing here says who "
                "you are: look at it with course show {id} --student {there}, and hand in with --student {there}",
                id=exercise.id,
                url=url,
                there=there,
            )
        )
    raise UsageFault(
        say(
            "exercise {id} is another one for each student, and you are {there} at {url}, but {here} here: look at it "
            "with course show {id} --student {there}, and hand in with --student {there}",
            id=exercise.id,
            url=url,
            there=there,
            here=here,
        )
    )


def _seen_by(exercise: Exercise, student: str) -> object:
    who = str(student).strip
    return numbers(exercise, who) and of_student(exercise, who()).work, tuple(asked(exercise, who))


def wait_for(sent: Sent, server: Answers, told: Callable[[Message], None], now: Callable[[], float] = time.monotonic,
             sleep: Callable[[float], None] = time.sleep) -> Told | None:  # fmt: skip
    """Ask until what was handed in is judged; `told` is told where it is. None where the teacher shows that later.

    Raises:
        CouldNotJudge: where that takes too long, or the server is away: what was handed in stays handed in.
        UsageFault: where the token or the submission has ended meanwhile.
    """
    until, pause, failures, before = now() + _PATIENCE, _FIRST, 0, None
    while True:
        try:
            answer = server.verdict(sent.name)
            failures = 0
        except CouldNotJudge as error:
            failures += 1
            if failures == _MOST_FAILURES:
                raise CouldNotJudge(
                    say("{words} It is handed in: {page}", words=error.message, page=sent.page)
                ) from None
        else:
            if answer["state"] == "judged":
                return _told(sent, answer, server.url)
            if answer["state"] == "held":
                told(say("Its grade and feedback are shown later: {page}", page=sent.page))
                return None
            words = _where(answer)
            if words != before:
                told(words)
            before = words
        if now() >= until:
            raise CouldNotJudge(say("it is handed in, but not judged yet; look later at {page}", page=sent.page))
        sleep(pause)
        pause = min(pause * 1.5, _MOST)


def _where(answer: Mapping[str, Any]) -> Message:
    if answer["state"] == "running":
        return say("Being judged.")
    return say("Waiting to be judged, in place {place}.", place=int(answer["place"]))


def _told(sent: Sent, answer: Mapping[str, Any], url: str) -> Told:
    try:
        report = read_report(answer["report"])
        if not report.checks:
            raise NotAReport
    except NotAReport:
        raise of_another_version(url) from None
    report, drawing = with_seen(report, answer.get("seen", {}))
    # Somebody else's words: no more than words may come of them here.
    checks = tuple(replace(check, name=clean(check.name)) for check in report.checks)
    judgement = Judgement(sent.exercise, sent.submission, replace(report, checks=checks), drawing)
    notes = tuple(clean(str(each)) for each in list(answer["notes"])[:_MOST_NOTES])
    return Told(judgement, timedelta(seconds=int(answer["late_seconds"])), notes, _comments(answer.get("comments", [])))


def _comments(told: list[Any]) -> tuple[str, ...]:
    """Return comments as they are printed; a server of before sends none."""
    found = []
    for each in told[:_MOST_COMMENTS]:
        about = ", ".join(words for name in ("on", "by") if (words := clean(str(each[name]))))
        # A line of its own for each of the comment's: no other line begins so far to the right.
        lines = [f"    {clean(line)}" for line in str(each["text"]).splitlines()]
        found.append("\n".join([f"{about}:", *lines]))
    return tuple(found)


def of_another_version(url: str) -> CouldNotJudge:
    """Return what is said where an answer is none that this version understands."""
    return CouldNotJudge(
        say(
            "{url} does not answer as this version of the grader expects: it is not a course server, or it runs "
            "another version. Install the grader that your course gives you now, or hand in at {url} by browser",
            url=url,
        )
    )
