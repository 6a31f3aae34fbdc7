"""Finds and reads a course's files. Every path follows from the id."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.core.course.course import Course
from grader.core.course.exercise import Exercise
from grader.core.diagnose.wrong_programs import WrongProgram
from grader.core.proof.mutants import Equivalent
from grader.core.words.errors import CouldNotJudge, CourseInvalid, Fault, Position, UsageFault
from grader.core.words.message import Text, say
from grader.store.course.checks.program_checks import ARRAYS
from grader.store.course.checks.rules import rule_readers, rules_of
from grader.store.course.course_yaml import FORMAT_VERSION, read_course, read_feedback
from grader.store.course.given_files import KEYS
from grader.store.course.solutions.author_programs import author_programs, read_wrong_programs
from grader.store.course.solutions.equivalents import read_equivalents
from grader.store.course.solutions.several_files import author_program, files_in
from grader.store.course.work import STATED_KEYS, WorkReader
from grader.store.release.folder import NAME, damaged
from grader.store.yaml import nodes as y
from grader.store.yaml.reader import Reading

if TYPE_CHECKING:
    from grader.store.release.files import Released

EXERCISE_ID = r"[0-9]+(\.[0-9]+)+"


@dataclass(frozen=True)
class CourseFiles:
    """A course on disk: its root and what course.yaml declares."""

    root: Path
    course: Course

    def exercise_ids(self) -> list[str]:
        """Return the ids of all exercises, 4.2 before 4.10."""
        return exercise_ids(self.root)

    def require(self, exercise_id: str) -> str:
        """Return the id, or tell which ones there are.

        Raises:
            UsageFault: if the course has no such exercise.
        """
        ids = self.exercise_ids()
        if self.spelled(exercise_id) in ids:
            return self.spelled(exercise_id)
        listed = ", ".join(ids)
        if exercise_id in {lecture.id for lecture in self.course.lectures}:
            own = ", ".join(id for id in ids if id.partition(".")[0] == exercise_id) or "–"
            raise UsageFault(say("{id} is a lecture; its exercises are: {listed}", id=exercise_id, listed=own))
        near = difflib.get_close_matches(exercise_id, ids, n=1)
        if near:
            raise UsageFault(
                say(
                    "there is no exercise {id}; did you mean {near}? There are: {listed}",
                    id=exercise_id,
                    near=near[0],
                    listed=listed,
                )
            )
        raise UsageFault(say("there is no exercise {id}; there are: {listed}", id=exercise_id, listed=listed))

    def spelled(self, typed: str) -> str:
        """Return an id as the course writes it, where it was typed with a decimal comma; otherwise what was typed."""
        dotted = typed.strip().replace(",", ".")
        return dotted if dotted in self.exercise_ids() else typed

    def exercise(self, exercise_id: str) -> Exercise:
        """Read one exercise.

        Raises:
            CourseInvalid: with every fault of its file.
        """
        path = self._exercise_folder(exercise_id) / "exercise.yaml"
        reading = Reading()
        try:
            content = path.read_bytes()
        except OSError as error:
            reading.fault(
                Position(self.shown(path)), say("this file cannot be read: {words}", words=error.strerror or "")
            )
            reading.finish()
        return self.exercise_of(exercise_id, content)

    def exercise_of(self, exercise_id: str, content: bytes) -> Exercise:
        """Read one exercise as if its file held `content`.

        Raises:
            CourseInvalid: with every fault of it.
        """
        reading = Reading()
        path = self._exercise_folder(exercise_id) / "exercise.yaml"
        node = y.parse_yaml(content, self.shown(path))
        exercise = self._read_exercise(reading, node, content, exercise_id)
        reading.finish()
        assert exercise is not None
        return exercise

    def exercises(self) -> list[Exercise]:
        """Read every exercise.

        Raises:
            CourseInvalid: with the faults of all files.
        """
        exercises: list[Exercise] = []
        faults: list[Fault] = []
        for exercise_id in self.exercise_ids():
            try:
                exercises.append(self.exercise(exercise_id))
            except CourseInvalid as error:
                faults.extend(error.faults)
        if faults:
            raise CourseInvalid(faults)
        return exercises

    def select(self, only: Sequence[str], lectures: Sequence[str]) -> list[Exercise]:
        """Read these exercises and those of these lectures; all where none is named.

        Raises:
            UsageFault: where an exercise or a lecture is not there.
            CourseInvalid: where one of them is wrong.
        """
        ids = self.exercise_ids()
        for lecture in lectures:
            if lecture not in {id.partition(".")[0] for id in ids}:
                raise UsageFault(say("lecture {id} has no exercises", id=lecture))
        wanted = [*map(self.require, only), *(id for id in ids if id.partition(".")[0] in lectures)]
        return [self.exercise(id) for id in dict.fromkeys(wanted or ids)]

    def solution(self, exercise_id: str) -> bytes | None:
        """Return the solution's source, or None where this copy of the course has none."""
        path = self.solution_path(exercise_id)
        if path.is_dir():
            return author_program(path)
        return path.read_bytes() if path.is_file() else None

    def solution_path(self, exercise_id: str) -> Path:
        """Return where the solution is: a file, or of several files their folder."""
        folder = self.root / "solutions" / exercise_id
        several = folder / "solution"
        return several if several.is_dir() else folder / "solution.py"

    def ask(self, exercise_id: str) -> bytes | None:
        """Return the author's functions for expressions, or None where an exercise has none."""
        path = self._exercise_folder(exercise_id) / "ask.py"
        return path.read_bytes() if path.is_file() else None

    def wrong_programs(self, exercise_id: str) -> tuple[WrongProgram, ...]:
        """Return the author's wrong programs, none where this copy of the course has none.

        Raises:
            CourseInvalid: with every fault of theirs.
            CouldNotJudge: in a students' copy that is not as it was released.
        """
        folder = self.root / "solutions" / exercise_id
        released = None if folder.is_dir() else self.released(exercise_id)
        if released is not None:
            return tuple(program for program, _ in released.wrong)
        shown = self.shown(folder)
        return read_wrong_programs(folder, shown, self.course.languages, self._solution_files(exercise_id))

    def programs(self, exercise_id: str, role: str) -> dict[str, bytes]:
        """Return what each of the author's programs in the folder `right` or `wrong` holds, by how messages call it.

        Raises:
            CourseInvalid: where two have one name, or one cannot be read.
        """
        reading = Reading()
        folder = self.root / "solutions" / exercise_id / role
        programs = author_programs(reading, folder, self.shown(folder), self._solution_files(exercise_id))
        reading.finish()
        return {self.shown(folder / name): content for name, content in programs.items()}

    def _solution_files(self, exercise_id: str) -> dict[str, bytes] | None:
        """Return the files of a solution that has several; None of another."""
        path = self.solution_path(exercise_id)
        return files_in(path) if path.is_dir() else None

    def equivalents(self, exercise_id: str) -> tuple[Equivalent, ...]:
        """Return the mutants of the solution that its author says may get full marks.

        Raises:
            CourseInvalid: with every fault of the file.
        """
        path = self.root / "solutions" / exercise_id / "equivalent.yaml"
        return read_equivalents(path, self.shown(path))

    def released(self, exercise_id: str) -> Released | None:
        """Return what the students' copy knows of an exercise; None where this is none.

        Raises:
            CouldNotJudge: where it is not as it was released.
        """
        if not os.path.lexists(self._exercise_folder(exercise_id) / NAME):
            return None
        # Only a students' copy pays for the decoder.
        from grader.store.release.files import NotAsReleased, read_released

        try:
            return read_released(self._exercise_folder(exercise_id))
        except NotAsReleased:
            raise CouldNotJudge(damaged(exercise_id)) from None

    @property
    def is_release(self) -> bool:
        """Whether this is a students' copy."""
        return any(True for _ in self.root.glob(f"exercises/*/{NAME}")) and not (self.root / "solutions").is_dir()

    def shown(self, path: Path) -> str:
        """Return `path` as messages show it."""
        return shown(path)

    def _exercise_folder(self, exercise_id: str) -> Path:
        return self.root / "exercises" / exercise_id

    def _read_exercise(self, reading: Reading, node: y.Node, content: bytes, folder: str) -> Exercise | None:
        languages = self.course.languages
        values = reading.fields(
            node,
            {
                "format_version": lambda version: reading.whole(version, 1, FORMAT_VERSION),
                "id": lambda id: reading.id(id, EXERCISE_ID, '"4.1"'),
                "title": lambda title: reading.text(title, languages),
                "prompt": lambda prompt: reading.text(prompt, languages),
            },
            {
                "reveal": reading.truth,
                "feedback": lambda feedback: read_feedback(reading, feedback),
                "arrays": lambda arrays: reading.word(arrays, ARRAYS),
                **rule_readers(reading),
                "hints": lambda hints: reading.sequence(hints, lambda hint: reading.text(hint, languages)),
                "run": lambda run: reading.word(run, ("definitions", "script")),
                **dict.fromkeys(("checks", "tests", "questions", "submit", *KEYS, *STATED_KEYS), lambda work: work),
            },
        )
        if values.get("id") not in (None, folder) and isinstance(node, y.Mapping):
            reading.fault(
                node.get("id") or node,
                say("the id is {found}, but the folder is {folder}", found=values["id"], folder=folder),
            )
        work = WorkReader(reading, self.root, self.course.languages, folder, self.shown).read(node, content, values)
        title, prompt, reveal = values.get("title"), values.get("prompt"), values.get("reveal")
        if work is None or not isinstance(title, Text) or not isinstance(prompt, Text):
            return None
        work = work.under(self.course.packages, rules_of(values))
        if work.observed and reveal is False and isinstance(node, y.Mapping):
            message = say("checks always show what would have been accepted: reveal: false is for asks and tests")
            reading.fault(node.get("reveal") or node, message)
        shows = work.by_program if reveal is None else bool(reveal)
        hints: tuple[Text, ...] = values.get("hints") or ()  # type: ignore[assignment]
        tells = values.get("feedback") or self.course.tells
        return Exercise(folder, title, prompt, work, content, reveal=shows, hints=hints, tells=tells)  # type: ignore[arg-type]


def shown(path: Path) -> str:
    """Return `path` as messages show it: relative to the current folder if that is shorter."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def exercise_ids(root: Path) -> list[str]:
    """Return the ids of all exercises of the course in `root`, 4.2 before 4.10."""
    folder = root / "exercises"
    names = [each.name for each in folder.iterdir()] if folder.is_dir() else []
    # A folder that nobody may look into has none.
    return sorted((name for name in names if os.access(folder / name / "exercise.yaml", os.F_OK)), key=_natural)


def find_course(start: Path) -> CourseFiles:
    """Return the course of the nearest course.yaml at or above `start`.

    Raises:
        UsageFault: where there is none.
        CourseInvalid: where course.yaml is not right.
    """
    for folder in (start, *start.parents):
        if (folder / "course.yaml").is_file():
            path = folder / "course.yaml"
            return CourseFiles(folder, read_course(path.read_bytes(), shown(path), exercise_ids(folder)))
    raise UsageFault(
        say("there is no course.yaml in {folder} or above it; change to the folder of a course first", folder=start)
    )


def _natural(exercise_id: str) -> tuple[tuple[int, int | str], ...]:
    return tuple((0, int(part)) if part.isascii() and part.isdigit() else (1, part) for part in exercise_id.split("."))
