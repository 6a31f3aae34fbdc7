"""Collect what students handed in somewhere else: whose each file is, which exercise it answers, and what is new."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection as Several
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from grader.actions.teacher.collecting.collection import Collection, Item
from grader.actions.teacher.collecting.earlier_answers import FileOf, file_of, recorded_otherwise
from grader.actions.teacher.collecting.joined import joined
from grader.actions.teacher.collecting.places import lay_elsewhere, place_of
from grader.actions.teacher.collecting.said_times import SaidTime, said_time
from grader.actions.teacher.collecting.unclear import WHY, Found, not_work, of_person
from grader.core.course.exercise import Exercise
from grader.core.course.file_names import parted
from grader.core.course.policies.trust import Trust
from grader.core.people.clues import whose
from grader.core.people.matching import Matched
from grader.core.people.student import Student
from grader.core.words.errors import CourseInvalid, UsageFault
from grader.core.words.message import Message, Translate, say
from grader.store.course.course_files import CourseFiles
from grader.store.downloads.download import Download, HandedIn, Hints
from grader.store.downloads.folders import SYSTEM as FOLDERS
from grader.store.downloads.moodle_times import is_worksheet, read_times
from grader.store.downloads.systems import read_download
from grader.store.downloads.tree import Left, TooMuch
from grader.store.downloads.typed import TYPED_ANSWERS, TYPED_PROGRAM, as_answers, assigned
from grader.store.machine.files import unwritable
from grader.store.students.matches import NAME, NOT_OURS, Matches, Row, read_matches, write_matches
from grader.store.students.roster import unread_columns
from grader.store.students.submissions import CORRECTED, Origin, record_submission, recorded_bytes, set_aside

_MOST_SUGGESTED = 3
_MOST_FILES = 20


def collect(
    files: CourseFiles,
    students: Sequence[Student],
    sources: Sequence[Path],
    translate: Translate,
    exercise: str | None = None,
) -> Collection:
    """Return what the downloads hold, and write what is not clear into matches.csv.

    Args:
        exercise: what files answer whose names say no exercise; None where nobody says.

    Raises:
        UsageFault: where there is no roster, or a download cannot be read.
        CourseInvalid: where matches.csv is not right.
        NotWritten: where it cannot be written.
    """
    if not students:
        raise UsageFault(
            say(
                "without a roster.csv that names students nobody knows whose work is whose; write one with the columns "
                "id, name, email"
            )
        )
    zone = files.course.policy.zone or UTC
    path = files.root / NAME
    ids = files.exercise_ids()
    matches = read_matches(path, files.shown(path), [each.id for each in students], ids, zone)
    times = read_times([source for source in sources if is_worksheet(source)], zone)
    downloads = [source for source in sources if not is_worksheet(source)]
    places = {place_of(files.root, source): source.name for source in downloads}
    collecting = _Collecting(files, students, matches, exercise, translate, times.handed_in, Counter(places.values()))
    collecting.found.times = times
    roster = files.root / "roster.csv"
    if roster.is_file() and not any(each.name for each in students):
        collecting.found.unread = unread_columns(roster, files.shown(roster))
    for source in downloads:
        collecting.add(read_download(source, Hints(zone, frozenset(ids), students)))
    found = collecting.found
    found.earlier = list(recorded_otherwise(files.root, collecting.sources, collecting.refused))
    write_matches(path, matches, [*found.open, *found.told, *found.doubtful], collecting.people)
    return found


def record(files: CourseFiles, found: Collection) -> None:
    """Record what is new, one by one: whoever is interrupted collects again, and only the rest is new then.

    Raises:
        UsageFault, NotWritten: where something cannot be written.
    """
    for item in found.new:
        try:
            record_submission(files.root, item.student, item.exercise, item.suffix, item.content, item.origin)
            for earlier in item.corrected:
                set_aside(earlier, CORRECTED, NAME)
        except OSError as error:
            raise unwritable(files.root / "submissions", error) from None


@dataclass
class _Collecting:
    files: CourseFiles
    students: Sequence[Student]
    matches: Matches
    exercise: str | None
    translate: Translate
    times: Mapping[str, datetime]
    names: Mapping[str, int]
    found: Collection = field(default_factory=Collection)
    exercises: dict[str, Exercise | None] = field(default_factory=dict)
    people: set[tuple[str, str]] = field(default_factory=set)
    seen: dict[tuple[str, str], dict[str, Trust]] = field(default_factory=dict)
    sources: dict[FileOf, set[tuple[str, str, str]]] = field(default_factory=dict)
    refused: dict[FileOf, str] = field(default_factory=dict)

    def add(self, download: Download) -> None:
        """Add what one download holds."""
        by_person: dict[str, list[HandedIn]] = {}
        keys = self._keys(download, {each.key for each in download.handed_in})
        for each in download.handed_in:
            key = keys[each.key]
            by_person.setdefault(key, []).append(replace(each, key=key))
        told = self.matches.students(download.system)
        matched = whose({key: theirs[0].person for key, theirs in by_person.items()}, self.students, told)
        self.people |= {(download.system, key) for key in by_person}
        for key, theirs in by_person.items():
            student = NOT_OURS if told.get(key, "") is None else matched.sure.get(key, "")
            self._person(download, key, theirs, student, matched)
        self.found.downloads.append((download.system, download.shown, len(by_person), len(matched.sure)))
        self.found.left += download.left

    def _keys(self, download: Download, keys: Several[str]) -> dict[str, str]:
        """Return what people are called in matches.csv: where only a folder's name says who, in this download alone.

        An Ali of another group is another one. Lines of before hold as they did: those that say no download of every
        one, and those that say a download's name only as long as these downloads, and records that say their place,
        are of one. Of which download older records are is not known.
        """
        self.people |= {(download.system, key) for key in keys}
        if download.system != FOLDERS.word:
            return {key: key for key in keys}
        place, name = self._place(download), Path(download.shown).name
        named = {f"{name}/{key}" for key in keys}
        self.people |= {(download.system, key) for key in named}
        said = {key for key in (*keys, *named) if self.matches.answers(download.system, key)}
        if self.names[name] > 1 or (said & named and lay_elsewhere(self.files.root, name, place)):
            said -= named
        found = {}
        for key in keys:
            own, before = f"{place}/{key}", (each for each in (key, f"{name}/{key}") if each in said)
            found[key] = own if self.matches.answers(download.system, own) else next(before, own)
        return found

    def _place(self, download: Download) -> str:
        return place_of(self.files.root, Path(download.shown))

    def _person(self, download: Download, key: str, theirs: list[HandedIn], student: str, matched: Matched) -> None:
        for each in theirs:
            if student == NOT_OURS or self.matches.exercise(download.system, key, each.file.shown()) == NOT_OURS:
                self._refuse(download, each)
        if student == NOT_OURS:
            self.found.strangers += 1
            return
        if not student:
            suggested = matched.unclear.get(key, ())[:_MOST_SUGGESTED]
            # Of one student only, other lines of the download may be the reason.
            alike = len(suggested) == 1 and sum(each == suggested for each in matched.unclear.values()) > 1
            why = "alike" if alike else "several" if suggested else "nobody"
            programs = [each.file.shown() for each in theirs if each.path and parted(each.path[-1])]
            if not programs:
                self.found.left += [Left(each.file.shown(), not_work()) for each in theirs]
                return
            shown = "\n".join([*programs[:_MOST_FILES], *(["…"] if len(programs) > _MOST_FILES else [])])
            self.found.open.append(self._row(download, theirs[0], shown, why, suggested))
            return
        ids = frozenset(self.files.exercise_ids())
        theirs = list(joined(theirs, self._several(), ids))
        work = of_person(download.system, theirs, self.matches, ids, self.exercise, self._fits)
        self.found.left += work.left
        self.found.open += [
            self._row(download, each, each.file.shown(), why, suggested) for each, why, suggested in work.open
        ]
        for found in work.found:
            self._item(download, student, found)

    def _item(self, download: Download, student: str, found: Found) -> None:
        handed_in, shown = found.handed_in, found.handed_in.file.shown()
        try:
            content = handed_in.file.read()
        except TooMuch:
            self.found.left.append(Left(shown, say("it is too large")))
            return
        except OSError as error:
            words = error.strerror or str(error)
            self.found.left.append(Left(shown, say("it cannot be read: {words}", words=words)))
            return
        known, suffix = self._read(found.exercise), found.suffix
        if known is not None and not known.work.by_program and handed_in.path in (TYPED_ANSWERS, TYPED_PROGRAM):
            content, suffix = as_answers(content, list(known.points)), ".yaml"
        if self._is_starter(found.exercise, content):
            self.found.starters += 1
            return
        place, digest = (student, found.exercise), hashlib.sha256(content).hexdigest()
        if place not in self.seen:
            self.seen[place] = recorded_bytes(self.files.root, *place)
        source, name = (download.system, shown), Path(download.shown).name
        in_cell = self.matches.handed_in(download.system, handed_in.key, shown)
        said_before = Trust.TEACHER in self.seen[place].values()
        lies = self._place(download)
        # A line of matches.csv that names no download is from before, and says it of every one.
        of_one = handed_in.key.startswith((f"{lies}/", f"{name}/"))
        of = (source, frozenset({lies, name} if of_one else ()))
        time = said_time(self.files.root, *place, of, digest, in_cell) if said_before else SaidTime(in_cell)
        said = time.moment
        if time.was_cleared or time.is_of_others:
            why = "cleared" if time.was_cleared else "resubmitted"
            self.found.doubtful.append(self._row(download, handed_in, shown, why, (student,)))
        elif handed_in.late and said is None and in_cell is None:
            self.found.told.append(self._row(download, handed_in, shown, "late", (student,)))
        moment, trust = handed_in.moment, handed_in.trust
        if download.system == "moodle" and handed_in.key in self.times:
            moment, trust = self.times[handed_in.key], Trust.SYSTEM
        if said:
            moment, trust = said, Trust.TEACHER
        if moment is None:
            moment, trust = datetime.now(UTC), Trust.FILE
        before = self.seen[place].get(digest)
        for download_is in (lies, name):
            self.sources.setdefault(file_of(*source, download_is), set()).add((*place, digest))
        is_new = before is None or trust < before or bool(time.corrected)
        self.seen[place][digest] = trust if before is None else min(trust, before)
        about = {"system": download.system, "download": name, "file": shown}
        if download.system == FOLDERS.word:
            about["place"] = lies
        origin = Origin(moment, trust, about)
        self.found.items.append(Item(student, found.exercise, suffix, content, origin, is_new, time.corrected))

    def _refuse(self, download: Download, handed_in: HandedIn) -> None:
        with suppress(OSError, TooMuch):
            digest = hashlib.sha256(handed_in.file.read()).hexdigest()
            for download_is in (self._place(download), Path(download.shown).name):
                self.refused[file_of(download.system, handed_in.file.shown(), download_is)] = digest

    def _fits(self, exercise: str, each: HandedIn) -> Message | None:
        """Return why a file cannot answer an exercise, by its end."""
        known, end = self._read(exercise), parted(each.path[-1])
        if known is None or end is None or (end[1] == ".yaml") != known.work.by_program:
            return None
        with suppress(OSError, TooMuch):
            if each.path == TYPED_PROGRAM and assigned(each.file.read(), list(known.points)) is not None:
                return None
        wanted = ".py, .ipynb" if known.work.by_program else ".yaml"
        return say("the file for exercise {id} must end in {wanted}", id=exercise, wanted=wanted)

    def _several(self) -> dict[str, tuple[str, ...]]:
        """Return the files that exercises ask for together."""
        known = {id: self._read(id) for id in self.files.exercise_ids()}
        return {id: exercise.work.submit for id, exercise in known.items() if exercise and exercise.work.submit}

    def _is_starter(self, exercise: str, content: bytes) -> bool:
        known = self._read(exercise)
        return known is not None and bool(known.work.starter) and _lines(content) == _lines(known.work.starter)

    def _read(self, exercise: str) -> Exercise | None:
        if exercise not in self.exercises:
            try:
                self.exercises[exercise] = self.files.exercise(exercise)
            except CourseInvalid:
                # To grade it says what is wrong with it.
                self.exercises[exercise] = None
        return self.exercises[exercise]

    def _row(self, download: Download, each: HandedIn, files: str, why: str, suggested: Sequence[str]) -> Row:
        person = each.person
        name = next((text for text in (*person.names, person.joined, *person.unsure) if text), "")
        told = WHY[why].said(self.translate)
        return Row(download.system, each.key, name, person.email or person.login, files, told, " ".join(suggested))


def _lines(content: bytes) -> list[bytes]:
    return [line.rstrip() for line in content.strip().splitlines()]
