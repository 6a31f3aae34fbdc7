"""The kinds of clues that lines of tables and people in downloads give."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from types import MappingProxyType

from grader.core.people import names
from grader.core.people.matching import Clue, Keys, Matched, match
from grader.core.people.student import Student

Key = Callable[[str], Set[str]]


@dataclass(frozen=True)
class Person:
    """What somebody else's table or download tells of a person.

    Attributes:
        names: the name in each way in which it may be meant.
        joined: the name as one word without spaces.
        unsure: what may be an id, a login, an e-mail address or a name, such as how a folder is called.
        number: the institution's number of the person.
        known_as: what a system may call the person, by the roster's column for it.
    """

    names: tuple[str, ...] = ()
    email: str = ""
    login: str = ""
    number: str = ""
    joined: str = ""
    unsure: tuple[str, ...] = ()
    known_as: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


def whose(
    people: Mapping[str, Person], students: Sequence[Student], decided: Mapping[str, str | None] = MappingProxyType({})
) -> Matched:
    """Return who of the roster each person is.

    Args:
        decided: what a person said of some of them: the student, or None for nobody of the roster.
    """
    clues = [*_strong(people, students), *_named(people, students), *_confirming(people, students)]
    return match(clues, {line: student for line, student in decided.items() if line in people})


def _strong(people: Mapping[str, Person], students: Sequence[Student]) -> list[Clue]:
    ids = _of(students, lambda each: names.id_key(each.id))
    emails = _of(students, lambda each: names.email_key(each.email))
    logins = _of(students, lambda each: names.login_key(each.known_as.get("login", "")))
    folded = _of(students, lambda each: names.login_key(each.id))
    clues = [
        # An address is an address: a line with another one is another person's.
        Clue([(_shown(people, lambda each: _all(names.email_key, each.email, each.login)), emails)], True, True),
        Clue([(_shown(people, lambda each: names.id_key(each.number)), ids)], True, None),
        Clue([(_shown(people, lambda each: names.login_key(each.login)), folded)], True, None),
        Clue([(_shown(people, lambda each: names.login_key(each.login)), logins)], True, None),
        Clue([(_shown(people, lambda each: _all(names.email_key, *each.unsure)), emails)], True),
        Clue([(_shown(people, lambda each: _all(names.login_key, *each.unsure)), folded)], True),
        Clue([(_shown(people, lambda each: _all(names.login_key, *each.unsure)), logins)], True),
    ]
    systems = dict.fromkeys(system for each in people.values() for system in each.known_as)
    return [*clues, *(_of_system(system, people, students) for system in systems)]


def _of_system(system: str, people: Mapping[str, Person], students: Sequence[Student]) -> Clue:
    theirs = _shown(people, lambda each: _all(names.login_key, *each.known_as.get(system, ())))
    return Clue([(theirs, _of(students, lambda each: names.login_key(each.known_as.get(system, ""))))], True, True)


def _named(people: Mapping[str, Person], students: Sequence[Student]) -> list[Clue]:
    def spelled(key: Key) -> tuple[Keys, Keys]:
        return (
            _shown(people, lambda each: _all(key, *each.names, *each.unsure)),
            _of(students, lambda each: key(each.name)),
        )

    joined = [
        (_shown(people, lambda each: names.one_word(each.joined)), _of(students, lambda each: names.joined(each.name))),
        (
            _shown(people, lambda each: names.joined_without_marks(each.joined)),
            _of(students, lambda each: names.joined_without_marks(each.name)),
        ),
    ]
    joined += _across(people, students, lambda each: (each.joined,), names.joined_across_scripts)
    one_script = [spelled(key) for key in (names.in_order, names.in_any_order, names.without_marks)]
    across = _across(people, students, lambda each: (*each.names, *each.unsure), names.across_scripts)
    return [Clue([*one_script, *across], True), Clue(joined, True)]


def _across(
    people: Mapping[str, Person], students: Sequence[Student], shown: Callable[[Person], Sequence[str]], key: Key
) -> list[tuple[Keys, Keys]]:
    """Return the spellings of names in two scripts: within one script, what sounds alike is another name."""

    def written(cyrillic: bool, *texts: str) -> Set[str]:
        return _all(key, *(text for text in texts if names.is_cyrillic(text) == cyrillic))

    def theirs(cyrillic: bool) -> Keys:
        return _shown(people, lambda each: written(cyrillic, *shown(each)))

    def ours(cyrillic: bool) -> Keys:
        return _of(students, lambda each: written(cyrillic, each.name))

    return [(theirs(True), ours(False)), (theirs(False), ours(True))]


def _confirming(people: Mapping[str, Person], students: Sequence[Student]) -> list[Clue]:
    parts = _of(students, lambda each: names.name_parts(each.name))
    locals_ = _of(students, lambda each: names.email_parts(each.email) if each.email else set())
    return [
        Clue([(_shown(people, lambda each: _all(names.name_parts, *each.names)), parts)]),
        Clue([(_shown(people, lambda each: _all(names.email_parts, each.login, each.email)), locals_)]),
    ]


def _shown(people: Mapping[str, Person], key: Callable[[Person], Set[str]]) -> Keys:
    return {line: key(person) for line, person in people.items()}


def _of(students: Sequence[Student], key: Callable[[Student], Set[str]]) -> Keys:
    return {student.id: key(student) for student in students}


def _all(key: Key, *texts: str) -> Set[str]:
    return frozenset[str]().union(*map(key, texts))
