"""Write an exercise that was read from another system. Nothing is ever overwritten."""

from __future__ import annotations

import re

from grader.core.course.exercise import Exercise
from grader.core.course.imported import Imported, ImportedTest
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.store.course.course_files import EXERCISE_ID, CourseFiles
from grader.store.machine.new_files import write_new
from grader.store.yaml.writer import quoted


def import_exercise(files: CourseFiles, imported: Imported, exercise_id: str | None) -> tuple[Exercise, list[str]]:
    """Write the exercise under an id, or the next one that is free in the last lecture, and read it back.

    Raises:
        UsageFault: where the id is none, or is taken; nothing is written then.
        CourseInvalid: where what was written is not right.
    """
    id = exercise_id or _free(files)
    if not re.fullmatch(EXERCISE_ID, id):
        raise UsageFault(say("{found} is not an id; write it as {example}", found=id or '""', example="5.1"))
    if id in files.exercise_ids():
        raise UsageFault(say("exercise {id} already exists; nothing was written", id=id))
    texts = _files(id, imported, files.course.language)
    write_new(files.root, texts)
    return files.exercise(id), list(texts)


def _free(files: CourseFiles) -> str:
    lecture = files.course.lectures[-1].id if files.course.lectures else "1"
    taken = set(files.exercise_ids())
    return next(id for number in range(1, 10_000) if (id := f"{lecture}.{number}") not in taken)


def _files(id: str, imported: Imported, language: str) -> dict[str, str]:
    texts = {
        f"exercises/{id}/exercise.yaml": _yaml(id, imported, language),
        f"exercises/{id}/starter.py": imported.starter,
        f"solutions/{id}/solution.py": imported.solution,
    }
    for name, text in imported.modules.items():
        texts[f"exercises/{id}/tests/{name}"] = text
    for side, file, hidden in (("exercises", "test_open.py", False), ("solutions", "test_hidden.py", True)):
        tests = [test.function for test in imported.tests if test.hidden is hidden]
        if tests:
            texts[f"{side}/{id}/tests/{file}"] = "\n\n".join([imported.heading, *tests])
    return texts


def _yaml(id: str, imported: Imported, language: str) -> str:
    lines = [
        "# yaml-language-server: $schema=../../.schemas/exercise.schema.json",
        "format_version: 1",
        f"id: {quoted(id)}",
        f"title: {{{language}: {quoted(imported.title)}}}",
        "prompt:",
        f"  {language}: {_block(imported.prompt)}",
        "tests:",
        *(_entry(test) for test in imported.tests),
    ]
    return "\n".join(lines) + "\n"


def _entry(test: ImportedTest) -> str:
    return f"  - {{name: {test.name}, points: {test.points:g}}}"


def _block(text: str) -> str:
    """Return a text as a literal block where YAML gives that back unchanged, in quotes otherwise."""
    lines = [line.rstrip() for line in text.strip().split("\n")]
    plain = all(character.isprintable() for line in lines for character in line) and not lines[0].startswith(" ")
    if not plain:
        return quoted(text.strip())
    return "\n".join(["|", *(f"    {line}" if line else "" for line in lines)])
