"""GitHub Classroom and Classroom 50: a folder of repositories, `hw4-ali-v`, as `gh classroom clone` leaves it.

Beside them may lie the table of grades that GitHub Classroom gives, which says who and when: its times are GitHub's.
Times of commits are the students' own.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from grader.core.course.policies.trust import Trust
from grader.core.people.clues import Person
from grader.core.people.names import plain
from grader.core.people.student import Student
from grader.core.words.message import say
from grader.store.downloads.copies import own_work
from grader.store.downloads.download import Download, HandedIn, Hints, System, mostly
from grader.store.downloads.git import is_repository, reading_histories
from grader.store.downloads.tree import File, Left, TooMuch, Tree

_SEVERAL = 3
_COLUMNS = {"github_username", "student_repository_name", "submission_timestamp"}


def _recognises(tree: Tree) -> bool:
    if tree.place is None:
        return False
    tops = tree.tops()
    return mostly(sum(is_repository(tree.place / top) for top in tops), len(tops))


@dataclass(frozen=True)
class _Told:
    """A line of GitHub Classroom's table of grades."""

    login: str
    identifier: str
    moment: datetime | None


def _read(tree: Tree, hints: Hints) -> Download:
    assert tree.place is not None
    table = {name: told for file in tree.files if len(file.path) == 1 for name, told in _table(file)}
    repositories: dict[str, list[File]] = {}
    left: list[Left] = []
    for file in tree.files:
        if is_repository(tree.place / file.path[0]):
            repositories.setdefault(file.path[0], []).append(file)
        elif not file.name.endswith(".csv"):
            left.append(Left(file.shown(), say("it lies in no repository")))
    handed_in: list[HandedIn] = []
    fronts, called = _fronts(repositories), _by_hand(repositories, hints.students)
    with reading_histories() as git:
        for name, files in repositories.items():
            told, history = table.get(name), git.history(tree.place / name)
            by_hand = told is None and name in called
            logins = (told.login,) if told else (name,) if by_hand else tuple(_logins(name, fronts))
            unsure = (*logins, *((told.identifier,) if told and told.identifier else ()), *history.authors)
            moment, trust = (told.moment, Trust.SYSTEM) if told and told.moment else (history.last, Trust.COMMIT)
            own = set(own_work(file.path[1:] for file in files))
            handed_in += [
                HandedIn(
                    name,
                    Person(unsure=unsure, known_as={} if by_hand else {"github": logins}),
                    file.path[1:],
                    file,
                    moment or file.changed,
                    trust if moment else file.trust,
                )
                for file in files
                if file.path[1:] in own
            ]
    return Download("github", tree.shown, tuple(handed_in), (*tree.left, *left))


def _by_hand(names: Collection[str], students: Sequence[Student]) -> Set[str]:
    """Return the names in which there is no login: somebody cloned into folders called as students, such as by ids."""
    ids = {plain(each.id) for each in students}
    logins = {plain(each.known_as.get("github", "")) for each in students}
    return {name for name in names if plain(name) not in logins and ("-" not in name or plain(name) in ids)}


def _fronts(names: Collection[str]) -> frozenset[str]:
    """Return what may be an assignment: what begins three repositories and most of those that begin alike.

    Both an assignment and a login may hold hyphens: in `hw4-bek-karimov` the login is not `karimov`.
    """
    cuts = Counter(cut for name in names for cut in _cuts(name))
    return frozenset(
        cut for cut, times in cuts.items() if times >= _SEVERAL and mostly(times, cuts[cut.partition("-")[0]])
    )


def _cuts(name: str) -> Iterator[str]:
    parts = name.split("-")
    yield from ("-".join(parts[:place]) for place in range(1, len(parts)))


def _logins(name: str, fronts: Collection[str]) -> Iterator[str]:
    """Yield what may be the login: what follows the assignment, or without one what follows the first hyphen."""
    found = [name[len(cut) + 1 :] for cut in _cuts(name) if cut in fronts]
    yield from found or (name.partition("-")[2] or name,)


def _table(file: File) -> Iterator[tuple[str, _Told]]:
    if not file.name.endswith(".csv"):
        return
    try:
        rows = list(csv.DictReader(io.StringIO(file.read().decode("utf-8-sig"), newline="")))
    except (OSError, TooMuch, UnicodeDecodeError, csv.Error):
        return
    for row in rows:
        if row.keys() >= _COLUMNS and row["student_repository_name"]:
            login, name = row["github_username"] or "", Path(row["student_repository_name"]).name
            yield name, _Told(login, row.get("roster_identifier") or "", _moment(row["submission_timestamp"] or ""))


def _moment(text: str) -> datetime | None:
    for pattern in ("%Y-%m-%d %H:%M:%S %Z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S %z"):
        try:
            moment = datetime.strptime(text.strip(), pattern)
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


SYSTEM = System("github", say("GitHub"), _recognises, _read)
