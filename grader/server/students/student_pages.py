"""What a student sees: the exercises, and one of them with a form."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.responses import Response

from grader.actions.student.asked import numbers
from grader.core.course.exercise import Exercise
from grader.core.course.policies.policy import Grade
from grader.core.course.policies.told_policies import rules_of_attempts, rules_of_time, what_changed
from grader.core.course.questions import Choice
from grader.core.course.told_rules import told_rules
from grader.core.course.variants import of_student
from grader.core.people.person import Role
from grader.core.questions.order import letters
from grader.core.words.message import say
from grader.server.asking import Asked, NotHere, attachment, see, to
from grader.server.judged import attempts_of, state_of
from grader.server.kinds import questions_of
from grader.server.showing import held_back, held_in, seen_grades, told_held


@dataclass(frozen=True)
class Line:
    """One exercise in the list."""

    id: str
    title: str
    link: str
    due: datetime | None
    grade: Grade | None
    state: str
    max_score: float


def home(asked: Asked) -> Response:
    """Show what somebody comes for: a student the exercises, a teacher the class."""
    return exercises(asked) if asked.who.role is Role.STUDENT else see("/class")


def exercises(asked: Asked) -> Response:
    """Show all exercises, each with one's own state."""
    return asked.page("exercises.html", lectures=_lectures(asked))


def rows(asked: Asked) -> Response:
    """Return the list alone, for the page that shows it already."""
    return asked.page("exercise_rows.html", lectures=_lectures(asked))


def by_lecture(asked: Asked) -> dict[str, tuple[str, list[Exercise]]]:
    """Return the exercises of each lecture, by its id, with its title."""
    named = {lecture.id: lecture for lecture in asked.service.files.course.lectures}
    found: dict[str, tuple[str, list[Exercise]]] = {}
    for exercise in asked.service.exercises():
        id = exercise.id.partition(".")[0]
        title = f"{id}. {named[id].title.said_in(asked.language)}" if id in named else id
        found.setdefault(id, (title, []))[1].append(exercise)
    return found


def _lectures(asked: Asked) -> list[tuple[str, list[Line]]]:
    service, lectures = asked.service, by_lecture(asked)
    every, policy = [each for _, exercises in lectures.values() for each in exercises], service.policy
    grades, held = seen_grades(asked, every), held_in(asked, [each.id for each in every])
    standing = service.book.standing(asked.student)
    waiting = {each.id for each in standing if each.score is None}
    last = {each.exercise: each.id for each in standing}
    running = service.queue.running()
    stuck = service.queue.waiting_and_stuck()[1] if any(each.void for each in standing) else frozenset()

    def line(exercise: Exercise) -> Line:
        grade = grades.get(exercise.id)
        if exercise.id in held:
            state = asked.translate("handed in") if exercise.id in last else asked.translate("not handed in")
        else:
            state = state_of(asked.translate, grade, last.get(exercise.id), waiting, running, stuck)
        return Line(
            exercise.id, exercise.title.said_in(asked.language), to("exercises", exercise.id),
            service.due(exercise.id, asked.student, policy), grade, state, exercise.max_score,
        )  # fmt: skip

    return [(title, [line(each) for each in exercises]) for title, exercises in lectures.values()]


def exercise(asked: Asked) -> Response:
    """Show an exercise, with a form for students."""
    return exercise_page(asked, of_student(wanted_exercise(asked), asked.student), [], 200)


def wanted_exercise(asked: Asked) -> Exercise:
    """Return the exercise that the address names.

    Raises:
        NotHere: where there is none.
    """
    found = asked.service.exercise(asked.path["id"])
    if found is None:
        raise NotHere(say("There is no such exercise."))
    return found


def exercise_page(asked: Asked, exercise: Exercise, faults: Sequence[str], status: int) -> Response:
    """Return the page of an exercise; above its form what was wrong with the one that was sent, whose text stays."""
    service, work = asked.service, exercise.work
    own = numbers(exercise, lambda: asked.student)
    due, policy = service.due(exercise.id, asked.student), service.files.course.policy
    policies = [*rules_of_attempts(policy, exercise.id, work.listed), *(rules_of_time(policy) if due else ())]
    grade = seen_grades(asked, [exercise]).get(exercise.id)
    changed = what_changed(grade) if grade and not grade.override else ()
    return asked.page(
        "exercise.html",
        status,
        exercise=exercise,
        title=exercise.title.said_in(asked.language),
        prompt=exercise.prompt.said_in(asked.language),
        own=own and own.said(asked.translate, asked.language),
        rules=[rule.said(asked.translate, asked.language) for rule in told_rules(exercise)],
        policies=[rule.said(asked.translate, asked.language) for rule in policies],
        due=due,
        grade=grade,
        changed=[words.said(asked.translate, asked.language) for words in changed],
        attempts=attempts_of(asked, exercise, asked.student),
        held=told_held(asked, held_back(asked, exercise.id)),
        questions=_questions(asked, exercise),
        typed={name.removeprefix("answer-"): values for name, values in asked.fields.items()},
        program=asked.one("program"),
        starter=bool(work.by_program and work.starter),
        faults=faults,
        form=secrets.token_urlsafe(12),
        here=to("exercises", exercise.id),
    )


def _questions(asked: Asked, exercise: Exercise) -> list[dict[str, Any]]:
    """Return what is asked, with options in this student's order."""
    return [
        {
            "name": posed.name,
            "ask": posed.ask.said_in(asked.language),
            "several": isinstance(posed, Choice) and posed.several,
            "options": [
                (letter, option.name, option.text.said_in(asked.language))
                for letter, option in letters(posed, exercise.id, asked.student).items()
            ]
            if isinstance(posed, Choice)
            else [],
        }
        for posed in questions_of(exercise.work)
    ]


def starter(asked: Asked) -> Response:
    """Return the file that an exercise begins with."""
    found = wanted_exercise(asked)
    if not found.work.by_program or not found.work.starter:
        raise NotHere(say("There is no such page."))
    return attachment(found.work.starter, f"{found.id}.py", "text/x-python")


def given_file(asked: Asked) -> Response:
    """Return a file that programs of an exercise read."""
    name = asked.path["name"]
    for each in wanted_exercise(asked).work.given_files:
        if each.name == name:
            return attachment(each.content, each.name)
    raise NotHere(say("There is no such page."))
