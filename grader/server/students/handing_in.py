"""Handing in by a form: a file, several files, a pasted program, stated values, or answers in words."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import PurePosixPath

from starlette.responses import Response

from grader.actions.student.starters import Starters
from grader.actions.student.typed import as_recorded, typed_answers
from grader.actions.teacher.standings import attempts_at
from grader.core.course.exercise import Exercise
from grader.core.course.policies.attempts import Attempt, open_from
from grader.core.course.policies.trust import Trust
from grader.core.course.questions import Choice
from grader.core.course.variants import of_student
from grader.core.words.errors import UsageFault
from grader.core.words.message import Message, say
from grader.server.asking import Asked, Sent, see, to
from grader.server.kinds import questions_of
from grader.server.students.student_pages import exercise_page, wanted_exercise
from grader.store.grades.hand_ins import HandIn, Offer
from grader.store.students.programs import MOST_NOTEBOOK_BYTES, NOTEBOOK, PROGRAMS
from grader.store.students.several_files import program_of

_MOST_PROGRAM = 4 * 2**20
# Answers are read here and now, and a line for each is little.
_MOST_BYTES = {NOTEBOOK: MOST_NOTEBOOK_BYTES, ".yaml": 2**16}
_LONGEST_NAME = 200
_LONGEST_FORM = 64


def hand_in(asked: Asked) -> Response:
    """Record what a form holds, and show what becomes of it. What cannot be taken is told above the form."""
    exercise = of_student(wanted_exercise(asked), asked.student)
    try:
        content, suffix, filename, source = _read(asked, exercise)
    except UsageFault as fault:
        words = [message.said(asked.translate, asked.language) for message in fault.messages]
        return exercise_page(asked, exercise, words, 422)
    form = asked.one("form")
    if not form:
        raise UsageFault(say("This is not a form of this course."))
    found = taken(asked, exercise, content, suffix, filename, source, form)
    if isinstance(found, Message):
        return exercise_page(asked, exercise, [found.said(asked.translate, asked.language)], 422)
    return see(to("submissions", found.name))


def taken(
    asked: Asked, exercise: Exercise, content: bytes, suffix: str, filename: str, source: str, form: str
) -> HandIn | Message:
    """Record what is handed in, once however often a form sends it; return why not, where the course's rules forbid
    it.
    """
    form = form[:_LONGEST_FORM]
    assert asked.at is not None
    refused = _refused(asked, exercise, content)
    if refused is not None:
        # What was recorded is told so again, whatever the rules say now.
        return asked.service.hand_ins.sent_with(asked.who.id, form, exercise.id, content, suffix) or refused
    offer = Offer(
        asked.who.id, asked.student, exercise.id, content, suffix, filename[:_LONGEST_NAME], source, form, asked.at
    )
    return asked.service.hand_ins.add(offer)


def _refused(asked: Asked, exercise: Exercise, content: bytes) -> Message | None:
    """Return why this is not recorded: it was taken back before, or comes before the course's pause is over."""
    service, digest, starters = asked.service, hashlib.sha256(content).hexdigest(), Starters()
    if (asked.student, exercise.id, digest) in service.book.withdrawn():
        return say("Your teacher has taken this work back, so it does not count. Nothing was recorded.")
    policy = service.files.course.policy
    rules = policy.rules_for(exercise.id, exercise.work.listed)
    if not rules.pause:
        return None
    rows = [each for each in service.book.standing(asked.student) if each.exercise == exercise.id]
    # What waits to be judged was accepted.
    before = [
        replace(each, score=0.0) if each.score is None and not row.void else each
        for row, each in zip(rows, attempts_at(exercise, rows, starters), strict=True)
    ]
    assert asked.at is not None
    starter = starters.has(exercise, asked.student, digest)
    free = open_from(before, Attempt(asked.at, 0.0, trust=Trust.SERVER, content=digest, starter=starter), rules)
    if free is None:
        return None
    return say(
        "The next attempt can be handed in from {time} on. Nothing was recorded, and asking too soon does not make you "
        "wait longer.",
        time=f"{service.on_its_clock(free):%Y-%m-%d %H:%M:%S}",
    )


def _read(asked: Asked, exercise: Exercise) -> tuple[bytes, str, str, str]:
    """Return the bytes, what they are read as, how their student called them, and how they came.

    Raises:
        UsageFault: where there is nothing, or not for this exercise.
    """
    work = exercise.work
    if not work.by_program:
        typed = [f"{name}={answer}" for name, answer in _answers(asked, exercise)]
        if not typed:
            raise UsageFault(say("Nothing is answered yet."))
        content, _ = typed_answers(exercise, typed, lambda: asked.student)
        return content, ".yaml", f"{exercise.id}.yaml", "answers"
    sent = asked.sent.get("file", ())
    if work.submit:
        return _several(exercise, sent), ".py", f"{exercise.id}.py", "file"
    pasted = asked.one("program")
    if sent and pasted.strip():
        raise UsageFault(say("Hand in a file or a pasted program, not both: empty the field, or choose no file."))
    if pasted.strip():
        return (
            _as_recorded(asked, exercise, pasted.replace("\r\n", "\n").encode("utf-8", "replace"), ".py"),
            ".py",
            "",
            "pasted",
        )
    if not sent:
        raise UsageFault(say("Nothing is handed in yet: choose a file, or paste your program."))
    if len(sent) > 1:
        raise UsageFault(say("This exercise is handed in as one file."))
    (file,) = sent
    content, suffix = read_file(asked, exercise, file, PROGRAMS)
    return content, suffix, file.filename, "file"


def read_file(asked: Asked, exercise: Exercise, file: Sent, suffixes: tuple[str, ...]) -> tuple[bytes, str]:
    """Return what one file comes to that is handed in, and what it is read as.

    Raises:
        UsageFault: where it is another kind of file, is too large, or cannot be read and the attempt would be lost.
    """
    suffix = PurePosixPath(file.filename).suffix.lower()
    if suffix not in suffixes:
        raise UsageFault(
            say("{file} does not end in {suffixes}", file=file.filename[:_LONGEST_NAME], suffixes=", ".join(suffixes))
        )
    most = _MOST_BYTES.get(suffix, _MOST_PROGRAM)
    if len(file.content) > most:
        raise UsageFault(say("This is too large: {most} MiB at most. Nothing was recorded.", most=most / 2**20))
    return _as_recorded(asked, exercise, file.content, suffix), suffix


def _as_recorded(asked: Asked, exercise: Exercise, content: bytes, suffix: str) -> bytes:
    return as_recorded(exercise, content, f"{exercise.id}{suffix}", lambda: asked.student)


def _answers(asked: Asked, exercise: Exercise) -> list[tuple[str, str]]:
    """Return what is answered, by name; of a choice all that is chosen."""
    choices = {each.name for each in questions_of(exercise.work) if isinstance(each, Choice)}
    found = []
    for name in exercise.points:
        typed = [each.strip() for each in asked.fields.get(f"answer-{name}", ()) if each.strip()]
        if typed:
            found.append((name, ",".join(typed) if name in choices else typed[0]))
    return found


def _several(exercise: Exercise, sent: tuple[Sent, ...]) -> bytes:
    """Return files as one program; a browser may send their folder's name in front of theirs."""
    names = exercise.work.submit
    files = {each.filename.replace("\\", "/").rpartition("/")[2]: each.content for each in sent}
    missing = [name for name in names if name not in files]
    if missing:
        raise UsageFault(
            say("Exercise {id} is handed in as {wanted}, together; {names} is missing.", id=exercise.id,
                wanted=", ".join(names), names=", ".join(missing))
        )  # fmt: skip
    if any(len(files[name]) > _MOST_PROGRAM for name in names):
        raise UsageFault(
            say("This is too large: {most} MiB at most. Nothing was recorded.", most=_MOST_PROGRAM / 2**20)
        )
    return program_of({name: files[name] for name in names})
