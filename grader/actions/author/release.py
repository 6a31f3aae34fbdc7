"""Write the students' copy of a course: exercises, and what its own programs were seen to do at the public probes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.core.course.exercise import Coded, Course, Exercise, Stated, Tested
from grader.core.judge.digests import declared_digest
from grader.core.judge.version import JUDGING
from grader.core.program.code_digest import digest_of
from grader.core.program.source import Source
from grader.core.run.plan import preloads
from grader.core.words.errors import CourseInvalid, Fault, UsageFault
from grader.core.words.message import say
from grader.grading.judge.judge import AnswerKey, MakeBox, answer_key
from grader.grading.judge.judge_in_class import in_turn
from grader.grading.judge.reference import torch_version
from grader.sandbox.port import Sandbox
from grader.store.course.course_files import CourseFiles
from grader.store.course.templates import released_course, released_readme
from grader.store.release.files import Released, pack
from grader.store.release.folder import NAME, write_release
from grader.store.students.identity import PUBLIC_SEED
from grader.store.yaml import nodes as y
from grader.store.yaml.writer import yaml_text

# They would give answers away, or say to students what is said to authors.
_KEPT_BACK = frozenset({"expect", "ambiguous"})
_IGNORED = b"submissions/\nfeedback/\n__pycache__/\n"


@dataclass(frozen=True)
class Release:
    """What was written."""

    root: Path
    exercises: tuple[str, ...]


def release(files: CourseFiles, root: Path, make_box: MakeBox) -> Release:
    """Observe every exercise's own programs at the public probes, and write the copy.

    Raises:
        UsageFault: where the folder is not free for it, or this is a students' copy itself.
        CourseInvalid: with the faults of all files, or where a solution cannot serve.
        CouldNotJudge: where the box fails.
    """
    if files.is_release:
        raise UsageFault(say("this is a students' copy; release from the course itself"))
    keys = _keys(files)
    written = {
        "course.yaml": released_course(files.course).encode(),
        "README.md": _readme(files.course, [key.exercise for key in keys]).encode(),
        ".gitignore": _IGNORED,
    }
    for key in keys:
        folder = f"exercises/{key.exercise.id}"
        written[f"{folder}/exercise.yaml"] = key.exercise.content
        written[f"{folder}/{NAME}"] = pack(_released(key, make_box))
        if not isinstance(key.exercise.work, Stated):
            written[f"{folder}/starter.py"] = key.exercise.work.starter
        if isinstance(key.exercise.work, Tested):
            public = [file for file in key.exercise.work.files if file.public]
            written |= {f"{folder}/tests/{file.name}": file.text.encode() for file in public}
    write_release(root, files.course.id, written)
    return Release(root, tuple(key.exercise.id for key in keys))


def _keys(files: CourseFiles) -> list[AnswerKey]:
    """Return the keys of all exercises as students get them, with the public numbers."""
    keys: list[AnswerKey] = []
    faults: list[Fault] = []
    for id in files.exercise_ids():
        try:
            tree = y.parse_yaml(files.exercise(id).content, id)
            assert isinstance(tree, y.Mapping)
            public = files.exercise_of(id, yaml_text(tree, _KEPT_BACK).encode())
            keys.append(answer_key(files, public, PUBLIC_SEED))
        except CourseInvalid as error:
            faults += error.faults
    if faults:
        raise CourseInvalid(faults)
    return keys


def _readme(course: Course, exercises: list[Exercise]) -> str:
    programs = [each.id for each in exercises if not isinstance(each.work, Stated)]
    stated = [each.id for each in exercises if isinstance(each.work, Stated)]
    first = exercises[0].id if exercises else "1.1"
    return released_readme(course, first, (programs or [first])[0], (stated or [first])[0])


def _released(key: AnswerKey, make_box: MakeBox) -> Released:
    work = key.exercise.work
    declared = declared_digest(key.exercise)
    if isinstance(work, Tested):
        # The public tests themselves go along; there is nothing to be seen.
        nothing = digest_of(Source("", key.shown), ())
        return Released(JUDGING, torch_version(), declared, key.seed, nothing, [], (), {})
    observer = key.observer()
    box = make_box(preloads(work, observer.source) if isinstance(work, Coded) else ["torch"])
    try:
        reference = observer.frames(lambda jobs: in_turn(box, jobs))
        bare = Released(
            JUDGING, torch_version(), declared, key.seed, digest_of(observer.program, ()), reference, (), {}
        )
        return _with_wrong(bare, key, box) if isinstance(work, Coded) else bare
    finally:
        box.close()


def _with_wrong(bare: Released, key: AnswerKey, box: Sandbox) -> Released:
    work, observer = key.exercise.work, key.observer()
    assert isinstance(work, Coded)
    references = observer.checks(lambda jobs: in_turn(box, jobs))
    wrong = key.wrong_observer(observer.program)
    frames = {check: wrong.frames(check, references[check.name], box.run_together) for check in work.checks}
    observed = {check.name: kept for check, kept in frames.items()}
    return Released(
        bare.judging,
        bare.torch,
        bare.exercise,
        bare.seed,
        bare.solution,
        bare.reference,
        tuple(wrong.digests(frames)),
        observed,
    )
