"""Links that let people in at the server."""

from __future__ import annotations

from collections.abc import Sequence

from grader.actions.teacher.standings import require_known
from grader.core.people.person import Person, Role
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.store.grades.people.people import People


def links_for(people: People, students: Sequence[str], new: bool, unused: bool) -> list[tuple[Person, str]]:
    """Return a new link for each of these students; where none is named, for all on the roster who have no way in yet.

    Args:
        new: also for those who have come in, or have a link that they can still use.
        unused: also for those who have such a link, and have not come in: it may have gone to a wrong address.

    Raises:
        UsageFault: where one is not known, or there is no roster.
    """
    known = {each.student: each for each in people.all() if each.student is not None and not each.erased}
    if not known:
        raise UsageFault(
            say("nobody is on the roster yet: write roster.csv beside course.yaml, with the columns id, name, email")
        )
    for student in students:
        require_known(student, known, say("there is no student {student} in roster.csv", student=student))
    # A link may be in somebody's mail: to make links for new students ends nobody else's.
    served = people.entered() | (set() if unused else people.with_links())
    chosen = [known[each] for each in students] or [each for each in known.values() if new or each.id not in served]
    return [(person, people.new_link(person.id, None)) for person in chosen]


def teachers_link(people: People, name: str) -> str:
    """Return a new link for the teacher of this name, who becomes one where nobody is called so."""
    named = [each for each in people.all() if each.role is Role.TEACHER and each.name == name.strip()]
    if not name.strip():
        raise UsageFault(say("your name is missing: course links --teacher NAME"))
    teacher = named[0] if named else people.add(name.strip(), Role.TEACHER)
    return people.new_link(teacher.id, None)
