"""Which exercise each of a person's files answers, and what only the teacher can say of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from grader.core.course.file_names import exercises_named, parted
from grader.core.words.message import Message, say
from grader.store.downloads.download import HandedIn
from grader.store.downloads.tree import Left, TooMuch
from grader.store.students.matches import NOT_OURS, Matches
from grader.store.students.records import SUFFIXES

WHY: Mapping[str, Message] = {
    "several": say("what is shown fits more than one student, or speaks against the one that it fits"),
    "alike": say("it could be this student, but so could other people of the download; say at each who it is"),
    "nobody": say("nothing that is shown is in the roster"),
    "exercise": say("its name says no exercise"),
    "exercises": say("its name says several exercises"),
    "twice": say("several files answer this exercise; write the exercise at the one that counts, and - at the others"),
    "late": say("the system calls it late, but not by how much; fill in handed_in, or it counts as in time"),
    "cleared": say("handed_in is empty now, but the time that was there goes on counting; write down the right one"),
    "resubmitted": say("the time in handed_in was for what this file held before; write down when this was handed in"),
}

Fits = Callable[[str, HandedIn], Message | None]


@dataclass(frozen=True)
class Found:
    """A file that answers an exercise."""

    handed_in: HandedIn
    exercise: str
    suffix: str


@dataclass
class Work:
    """What a person's files come to.

    Attributes:
        open: files with the reason why they are not clear, and the exercises that they could answer.
    """

    found: list[Found] = field(default_factory=list)
    open: list[tuple[HandedIn, str, tuple[str, ...]]] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def of_person(
    system: str,
    theirs: Sequence[HandedIn],
    matches: Matches,
    ids: Collection[str],
    otherwise: str | None,
    fits: Fits,
) -> Work:
    """Return which of a person's files answer which exercises.

    Args:
        otherwise: what files answer whose names say no exercise.
        fits: returns why a file cannot answer an exercise, by its end.
    """
    work = Work()
    by_exercise: dict[str, list[tuple[Found, bool]]] = {}
    nameless: list[HandedIn] = []
    unread: list[HandedIn] = []
    for each in theirs:
        said = matches.exercise(system, each.key, each.file.shown())
        end = parted(each.path[-1]) if each.path else None
        if said == NOT_OURS:
            continue
        if end is None:
            unread.append(each)
            continue
        named = (said,) if said else exercises_named(each.path, ids)
        if len(named) > 1:
            work.open.append((each, "exercises", named))
        elif not named:
            nameless.append(each)
        elif (why := fits(named[0], each)) is not None:
            work.left.append(Left(each.file.shown(), why))
        else:
            by_exercise.setdefault(named[0], []).append((Found(each, named[0], end[1]), bool(said)))
    _settle(by_exercise, work)
    beside_named = bool(work.found or work.open)
    if beside_named:
        work.left += [Left(each.file.shown(), WHY["exercise"]) for each in nameless]
    else:
        _nameless(nameless, otherwise, fits, work)
    if beside_named or nameless or work.left:
        # What a program reads, pictures and reports lie beside work; a name that says an exercise may be work.
        unread = [each for each in unread if exercises_named(each.path[-1:], ids)]
    work.left += [Left(each.file.shown(), not_work()) for each in unread]
    return work


def _settle(by_exercise: dict[str, list[tuple[Found, bool]]], work: Work) -> None:
    """Take what answers each exercise: the file that the teacher names, the only one, or attempts told by time."""
    for exercise, found in by_exercise.items():
        told = [each for each, said in found if said]
        all_of_it = told or _distinct([each for each, _ in found])
        attempts = {each.handed_in.moment for each in all_of_it if each.handed_in.trust.counts}
        if len(all_of_it) == 1 or len(attempts) == len(all_of_it):
            work.found += all_of_it
        else:
            work.open += [(each.handed_in, "twice", (exercise,)) for each in all_of_it]


def _distinct(found: Sequence[Found]) -> Sequence[Found]:
    """Leave out copies of the same bytes, where there is more than one file."""
    if len(found) == 1:
        return found
    kept: dict[object, Found] = {}
    for each in found:
        try:
            # The bytes themselves would all be kept at once.
            content = sha256(each.handed_in.file.read()).digest()
            kept.setdefault((content, each.handed_in.moment if each.handed_in.trust.counts else 0), each)
        except (OSError, TooMuch):
            kept[each.handed_in.file.path] = each
    return list(kept.values())


def not_work() -> Message:
    """Return what is said of a file that cannot be work by its end."""
    return say("a submission must end in {suffixes}", suffixes=", ".join(SUFFIXES))


def _nameless(nameless: Sequence[HandedIn], otherwise: str | None, fits: Fits, work: Work) -> None:
    """Say what becomes of a person's programs of which none names an exercise."""
    for each in nameless:
        end = parted(each.path[-1])
        if otherwise is None or end is None or len(nameless) > 1:
            work.open.append((each, "exercise", (otherwise,) if otherwise else ()))
        elif (why_not := fits(otherwise, each)) is not None:
            work.left.append(Left(each.file.shown(), why_not))
        else:
            work.found.append(Found(each, otherwise, end[1]))
