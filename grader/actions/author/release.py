"""Write the students' copy of a course: exercises, and what its own programs were seen to do at the public probes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from grader.core.course.course import Course
from grader.core.course.exercise import Exercise
from grader.core.judge.digests import JUDGING, declared_digest
from grader.core.program.several import texts_by_name
from grader.core.words.errors import CourseInvalid, Fault, UsageFault
from grader.core.words.message import say
from grader.grading.judge.answer_key import AnswerKey, practice_key
from grader.grading.judge.drivers import SideBySide, driven
from grader.grading.judge.judge import MakeBox, known_of, modules
from grader.grading.judge.kinds import KINDS
from grader.grading.judge.reference import torch_version
from grader.store.course.course_files import CourseFiles
from grader.store.course.templates import released_course, released_readme
from grader.store.release.files import Released, pack
from grader.store.release.folder import NAME, write_release
from grader.store.release.wheel import wheel
from grader.store.release.wheelhouse import put_wheels, wheels_in
from grader.store.yaml import nodes as y
from grader.store.yaml.writer import yaml_text

# They would give answers away, or say to students what is said to authors.
_KEPT_BACK = frozenset({"expect", "ambiguous"})
_IGNORED = b"submissions/\nfeedback/\n__pycache__/\n"
# What was observed goes by the bytes of the files: git on Windows would write other ones.
_AS_THEY_ARE = b"* -text\n"


@dataclass(frozen=True)
class Release:
    """What was written."""

    root: Path
    exercises: tuple[str, ...]


def release(files: CourseFiles, root: Path, make_box: MakeBox, wheelhouse: Path | None = None) -> Release:
    """Observe every exercise's own programs at the public probes, and write the copy, with the grader as a wheel.

    Args:
        wheelhouse: a folder of wheels from which students install without a network; None where they have one.

    Raises:
        UsageFault: where the folder is not free for it, or this is a students' copy itself.
        CourseInvalid: with the faults of all files, or where a solution cannot serve.
        CouldNotJudge: where the box fails.
    """
    if files.is_release:
        raise UsageFault(say("this is a students' copy; release from the course itself"))
    wheels = wheels_in(wheelhouse) if wheelhouse is not None else []
    name, packed = wheel()
    keys = _keys(files)
    written = {
        name: packed,
        "course.yaml": released_course(files.course).encode(),
        "README.md": _readme(files.course, [key.exercise for key in keys], name, bool(wheels)).encode(),
        ".gitignore": _IGNORED,
        ".gitattributes": _AS_THEY_ARE,
    }
    for key in keys:
        folder = f"exercises/{key.exercise.id}"
        written[f"{folder}/exercise.yaml"] = key.exercise.content
        written[f"{folder}/{NAME}"] = pack(_released(key, make_box))
        written |= _starter(key.exercise, folder)
        if (ask := files.ask(key.exercise.id)) is not None:
            written[f"{folder}/ask.py"] = ask
        written |= {f"{folder}/{file.name}": file.content for file in key.exercise.work.given_files}
        public = [file for file in key.exercise.work.files if file.public]
        written |= {f"{folder}/tests/{file.name}": file.text.encode() for file in public}
    write_release(root, files.course.id, written)
    put_wheels(wheels, root)
    return Release(root, tuple(key.exercise.id for key in keys))


def _starter(exercise: Exercise, folder: str) -> dict[str, bytes]:
    """Return what students begin with: a file, or several in a folder."""
    if not exercise.work.by_program:
        return {}
    if not exercise.work.submit:
        return {f"{folder}/starter.py": exercise.work.starter}
    files = texts_by_name(exercise.work.starter.decode())
    return {f"{folder}/starter/{name}": text.encode() for name, text in files.items()}


def _keys(files: CourseFiles) -> list[AnswerKey]:
    """Return the keys of all exercises as students get them, with the public numbers."""
    keys: list[AnswerKey] = []
    faults: list[Fault] = []
    for id in files.exercise_ids():
        try:
            tree = y.parse_yaml(files.exercise(id).content, id)
            assert isinstance(tree, y.Mapping)
            public = files.exercise_of(id, yaml_text(_for_students(tree)).encode())
            keys.append(practice_key(files, public))
        except CourseInvalid as error:
            faults += error.faults
    if faults:
        raise CourseInvalid(faults)
    return keys


def _for_students(tree: y.Mapping) -> y.Mapping:
    """Return an exercise's file without the keys that are kept back, where they are keys of ours and no names."""

    def of(node: y.Node) -> y.Node:
        return _without(node, _KEPT_BACK) if isinstance(node, y.Mapping) else node

    entries = [
        (key, replace(value, items=tuple(map(of, value.items))))
        if key.text == "asks" and isinstance(value, y.Sequence)
        else (key, value)
        for key, value in tree.entries
    ]
    return _without(replace(tree, entries=tuple(entries)), _KEPT_BACK)


def _without(node: y.Mapping, keys: frozenset[str]) -> y.Mapping:
    return replace(node, entries=tuple(entry for entry in node.entries if entry[0].text not in keys))


def _readme(course: Course, exercises: list[Exercise], wheel: str, offline: bool) -> str:
    programs = [each.id for each in exercises if each.work.by_program]
    stated = [each.id for each in exercises if not each.work.by_program]
    first = exercises[0].id if exercises else "1.1"
    return released_readme(course, first, (programs or [first])[0], (stated or [first])[0], wheel, offline)


def _released(key: AnswerKey, make_box: MakeBox) -> Released:
    """Return what the copy knows of an exercise, and have run what is missing of it."""
    work, declared = key.exercise.work, declared_digest(key.exercise)
    bare = Released(JUDGING, torch_version(), declared, key.seed, [], (), {})
    known = known_of(key)
    with SideBySide(lambda: make_box(modules(known))) as run:
        return driven(KINDS.of(work).released(known, bare), run)
