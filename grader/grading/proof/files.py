"""What the files of an exercise, and of the course, show by themselves."""

from __future__ import annotations

from collections.abc import Iterator

from grader.core.proof.findings import Finding
from grader.core.proof.solution import language_finding, missing_languages
from grader.core.words.errors import Position
from grader.core.words.message import Text
from grader.grading.proof.kinds import PROOFS
from grader.grading.proof.proof import Proof
from grader.store.course.course_files import CourseFiles
from grader.store.yaml import nodes as y
from grader.store.yaml.nodes import place_of


def file_findings(files: CourseFiles, proof: Proof) -> Iterator[Finding]:
    """Yield what the files show by themselves: texts that are missing, and names that are never drawn."""
    yield from _texts(files, proof)
    work = proof.exercise.work
    yield from PROOFS.of(work).of_files(work, proof.key.seed, proof.places, files.course.languages)


def course_texts(files: CourseFiles) -> Iterator[Finding]:
    """Yield the texts of course.yaml that are missing in a language of the course."""
    path = files.root / "course.yaml"
    tree = y.parse_yaml(path.read_bytes(), files.shown(path))
    yield from _held("title", files.course.title, files, place_of(tree, "title"))
    for place, lecture in enumerate(files.course.lectures):
        yield from _held("title", lecture.title, files, place_of(tree, "lectures", place, "title"))


def _held(what: str, text: Text, files: CourseFiles, at: Position) -> Iterator[Finding]:
    missing = missing_languages(dict(text.texts), files.course.languages)
    if missing:
        yield language_finding(what, missing, at)


def _texts(files: CourseFiles, proof: Proof) -> Iterator[Finding]:
    exercise = proof.exercise
    yield from _held("title", exercise.title, files, place_of(proof.tree, "title"))
    yield from _held("prompt", exercise.prompt, files, place_of(proof.tree, "prompt"))
    for place, hint in enumerate(exercise.hints):
        yield from _held("hints", hint, files, place_of(proof.tree, "hints", place))
    told: set[str] = set()
    path = files.root / "solutions" / exercise.id / "misconceptions.yaml"
    tree = y.parse_yaml(path.read_bytes(), files.shown(path)) if path.is_file() else None
    for each in proof.key.wrong:
        if each.name not in told and tree is not None:
            told.add(each.name)
            yield from _held(
                f"{each.name}: hint", each.hint, files, place_of(tree, "misconceptions", each.name, "hint")
            )
