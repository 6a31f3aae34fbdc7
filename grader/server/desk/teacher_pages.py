"""What a teacher sees: a student, a piece of work with its mark, and the people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from starlette.responses import Response

from grader.actions.teacher.decisions.decide import waive
from grader.actions.teacher.decisions.override import MoreThanWorth, override
from grader.actions.teacher.grading_runs.published import Published
from grader.actions.teacher.standings import standings
from grader.core.cohort.summary import Standing
from grader.core.course.exercise import Exercise
from grader.core.course.policies.told_policies import what_changed
from grader.core.people.person import Person, Role
from grader.core.people.student import Student
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.integrations.lms.grade_table import write_csv
from grader.server.asking import Asked, NotHere, attachment, see, to
from grader.server.judged import attempts_of
from grader.server.students.grade_questions import shown
from grader.server.students.student_pages import wanted_exercise

LONGEST_REASON = 2000


def students(asked: Asked) -> list[Person]:
    """Return the students, in the order of the roster, without those who were taken out of sight."""
    gone = asked.service.book.forgotten()
    return [each for each in asked.service.people.all() if each.student is not None and each.student not in gone]


def standings_of(asked: Asked, exercises: Sequence[Exercise], people: Mapping[str, Person]) -> list[Standing]:
    """Return where each of these people, by student, stands at each exercise."""
    known = asked.service.grades(exercises)
    return list(standings(asked.service.files, exercises, list(people), asked.service.book, known))


def wanted_person(asked: Asked) -> Person:
    """Return the person that the address names.

    Raises:
        NotHere: where there is none.
    """
    number = asked.path["person"]
    known = (
        asked.service.people.by_id(int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else None
    )
    if known is None:
        raise NotHere(say("There is no such person."))
    return known


def student(asked: Asked) -> Response:
    """Show all work of a student."""
    person = wanted_person(asked)
    every = asked.service.exercises()
    found = asked.service.grades(every, person.student)
    lines = [
        (each, each.title.said_in(asked.language), to("class", "students", str(person.id), each.id),
         found.get((person.student or "", each.id)))
        for each in every
    ]  # fmt: skip
    return asked.page("class_student.html", student=person, lines=lines)


def work(asked: Asked) -> Response:
    """Show a student's attempts at an exercise, why the mark is what it is, and forms that change it."""
    return _work_page(asked, [], 200)


def _work_page(asked: Asked, faults: Sequence[str], status: int) -> Response:
    person, found = wanted_person(asked), wanted_exercise(asked)
    who = person.student or ""
    grade = asked.service.grades([found], who).get((who, found.id))
    changed = what_changed(grade) if grade and not grade.override else ()
    return asked.page(
        "class_work.html",
        status,
        student=person,
        exercise=found,
        title=found.title.said_in(asked.language),
        grade=grade,
        changed=[words.said(asked.translate, asked.language) for words in changed],
        due=asked.service.due(found.id, who),
        attempts=attempts_of(asked, found, who),
        questions=shown(asked, asked.service.questions.at(who, found.id)),
        extensions=[
            (each, each.until and asked.service.on_its_clock(each.until))
            for each in asked.service.book.extensions_of(who, found.id)
        ],
        overrides=asked.service.book.overrides_of(who, found.id),
        may_decide=asked.who.role is Role.TEACHER,
        faults=faults,
        typed={name: values[0] for name, values in asked.fields.items()},
        here=to("class", "students", str(person.id), found.id),
        back=to("class", "students", str(person.id)),
    )


def set_mark(asked: Asked) -> Response:
    """Set a mark by hand, with a reason, or let the computed one count again."""
    person, found = wanted_person(asked), wanted_exercise(asked)
    points = None if asked.one("clear") else asked.one("points").strip()

    def decide() -> None:
        try:
            override(
                asked.service.files, asked.service.book, [person.student or ""], person.student or "", found.id, points,
                asked.one("reason")[:LONGEST_REASON], asked.who.shown, bool(asked.one("bonus")),
            )  # fmt: skip
        except MoreThanWorth:
            raise UsageFault(
                say("This is more than the exercise is worth. If that is meant, tick the box below the points.")
            ) from None

    return decided(asked, person, found, "override", {"points": points}, decide)


def set_waiver(asked: Asked) -> Response:
    """Let a penalty for lateness go, or take that back."""
    person, found = wanted_person(asked), wanted_exercise(asked)
    waives = not asked.one("clear")
    return decided(asked, person, found, "waive", {"waives": waives}, lambda: waive(
        asked.service.files, asked.service.book, [person.student or ""], person.student or "", found.id, waives,
        asked.one("reason")[:LONGEST_REASON], asked.who.shown))  # fmt: skip


def decided(
    asked: Asked, person: Person, found: Exercise, did: str, about: dict[str, object], decide: Callable[[], object]
) -> Response:
    """Carry out what somebody decided about work, and note it; what cannot be is told on the page of that work."""
    if person.student is None:
        raise NotHere(say("There is no such person."))
    try:
        decide()
    except UsageFault as fault:
        return _work_page(asked, [each.said(asked.translate, asked.language) for each in fault.messages], 422)
    told_about = {
        "student": person.student,
        "exercise": found.id,
        "reason": asked.one("reason")[:LONGEST_REASON],
        **about,
    }
    asked.service.people.note(asked.who.id, did, told_about)
    return see(to("class", "students", str(person.id), found.id))


def grades_csv(asked: Asked) -> Response:
    """Return all grades as a table for spreadsheets."""
    people = {person.student or "": person for person in students(asked)}
    named = {id: Student(id, person.name, person.email) for id, person in people.items()}
    service, exercises = asked.service, asked.service.exercises()
    versions = Published(service.queue.current())
    found = standings(service.files, exercises, list(people), service.book, service.grades(exercises), versions)
    return attachment(write_csv(found, named).encode("utf-8-sig"), "grades.csv", "text/csv")


def people(asked: Asked) -> Response:
    """Show who may come in, with forms for links and roles."""
    return _people_page(asked, None, None)


def _people_page(asked: Asked, link: str | None, of: Person | None) -> Response:
    words = {
        Role.STUDENT: asked.translate("student"),
        Role.ASSISTANT: asked.translate("assistant"),
        Role.TEACHER: asked.translate("teacher"),
    }
    known = [each for each in asked.service.people.all() if not each.erased]
    return asked.page("people.html", people=known, roles=list(Role), words=words, link=link, of=of)


def _somebody(asked: Asked) -> Person:
    person = wanted_person(asked)
    if person.erased:
        raise NotHere(say("There is no such person."))
    return person


def add_person(asked: Asked) -> Response:
    """Let somebody in who is not on the roster."""
    name, role = asked.one("name").strip()[:200], asked.one("role")
    if not name or role not in (Role.ASSISTANT, Role.TEACHER):
        raise UsageFault(say("Give a name, and say whether it is an assistant or a teacher."))
    person = asked.service.people.add(name, Role(role))
    asked.service.people.note(asked.who.id, "add", {"person": person.id, "role": role})
    return see("/class/people")


def new_link(asked: Asked) -> Response:
    """Make a new link for somebody and show it, this once."""
    person = _somebody(asked)
    if person.id == asked.who.id:
        raise UsageFault(
            say("A new link would end the session that you are in. Make one with: course links --teacher NAME")
        )
    secret = asked.service.people.new_link(person.id, asked.who.id)
    link = f"{asked.service.public_url}{to('link', secret)}"
    return _people_page(asked, link, person)


def set_role(asked: Asked) -> Response:
    """Make somebody something else; nobody takes their own role away."""
    person, role = _somebody(asked), asked.one("role")
    if role not in tuple(Role) or (person.student is None and role == Role.STUDENT):
        raise UsageFault(say("Only somebody on the roster can be a student."))
    if person.id == asked.who.id:
        raise UsageFault(say("Another teacher has to change your role."))
    asked.service.people.set_role(person.id, Role(role), asked.who.id)
    return see("/class/people")


def audit(asked: Asked) -> Response:
    """Show what people did last."""
    words = {
        "enter": asked.translate("logged in"),
        "link": asked.translate("made a link"),
        "identity": asked.translate("logged in by single sign-on for the first time"),
        "token": asked.translate("made a token"),
        "revoke": asked.translate("revoked a token"),
        "role": asked.translate("changed a role"),
        "add": asked.translate("added somebody"),
        "override": asked.translate("set a grade by hand"),
        "erase": asked.translate("erased somebody's data"),
        "extend": asked.translate("decided about a due date"),
        "waive": asked.translate("decided about lateness"),
        "answer": asked.translate("answered a question about a grade"),
        "comment": asked.translate("wrote a comment"),
        "no-comment": asked.translate("took a comment back"),
        "regrade": asked.translate("had work judged again"),
        "regrade-counts": asked.translate("let new results count"),
        "regrade-dropped": asked.translate("dropped new results"),
        "showing": asked.translate("decided when feedback is seen"),
    }
    people = {person.id: person.shown for person in asked.service.people.all()}
    told_of = [
        (
            asked.service.on_its_clock(at),
            who.shown if who else "",
            words.get(did, did),
            " · ".join(str(people.get(value, value) if name == "person" else value) for name, value in about.items()),
        )
        for at, who, did, about in asked.service.people.audit()
    ]
    return asked.page("audit.html", lines=told_of)
