"""Writes the students' copy into a folder, or updates an earlier one, and touches nothing else there."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from grader.core.words.errors import UsageFault
from grader.core.words.message import Message, say
from grader.store.machine.files import unwritable

# What an exercise's own programs were seen to do, beside its exercise.yaml.
NAME = "observations.bin"
MANIFEST = ".release.json"
_MOST_BYTES = 4 * 2**20


def damaged(exercise_id: str) -> Message:
    """Return what is said where the students' copy of an exercise is not as it was released."""
    return say(
        "the copy of exercise {id} has been changed since it was released, so nothing can be "
        "judged with it. Get the course's files again; your own work in work/ stays",
        id=exercise_id,
    )


def write_release(root: Path, course_id: str, files: Mapping[str, bytes]) -> None:
    """Write files below `root`, and delete those of an earlier release that are no longer part of it.

    Raises:
        UsageFault: where a file is in the way that no release wrote, or changed since; nothing is written then.
        UsageFault, NotWritten: where a file cannot be written; what was there before stays as it was.
    """
    earlier = _earlier(root, course_id)
    foreign = [name for name in files if os.path.lexists(root / name) and not _is_own(root / name, earlier.get(name))]
    changed = [name for name in earlier if name not in files and os.path.lexists(root / name)]
    foreign += [name for name in changed if not _is_own(root / name, earlier[name])]
    if foreign:
        raise UsageFault(
            say(
                "not written by course release, or changed since: {files}. Move these files away; nothing was written",
                files=", ".join(str(root / name) for name in foreign),
            )
        )
    manifest = {"course": course_id, "files": {name: _sha256(content) for name, content in files.items()}}
    listed = (json.dumps(manifest, indent=1) + "\n").encode()
    drafts: list[Path] = []
    try:
        # What takes room comes first: a copy that is half the old one and half the new would fit no manifest.
        for name, content in {**files, MANIFEST: listed}.items():
            drafts.append(_draft(root / name))
            drafts[-1].parent.mkdir(parents=True, exist_ok=True)
            drafts[-1].write_bytes(content)
        for name in (*files, MANIFEST):
            _draft(root / name).replace(root / name)
        for name in changed:
            (root / name).unlink()
    except OSError as error:
        for draft in drafts:
            draft.unlink(missing_ok=True)
        raise unwritable(error.filename or root, error) from None


def _earlier(root: Path, course_id: str) -> dict[str, str]:
    """Return the files that an earlier release wrote, with their SHA-256."""
    path = root / MANIFEST
    if not path.is_file():
        there = sorted(each.name for each in root.iterdir() if each.name[:1] != ".") if root.is_dir() else []
        if there or (os.path.lexists(root) and not root.is_dir()):
            raise UsageFault(
                say(
                    "{folder} exists and is not a students' copy: it contains {names}. Choose a new or empty folder",
                    folder=root,
                    names=", ".join(there[:5]) or root.name,
                )
            )
        return {}
    try:
        manifest = json.loads(path.read_bytes()[:_MOST_BYTES])
        course, listed = manifest["course"], dict(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise UsageFault(say("{file} has been changed since course release wrote it", file=path)) from None
    if course != course_id:
        raise UsageFault(say("{folder} is the students' copy of another course: {course}", folder=root, course=course))
    # It names what may be overwritten and taken away: nothing outside of the folder.
    return {name: sha for name, sha in listed.items() if ".." not in Path(name).parts and not Path(name).is_absolute()}


def _is_own(path: Path, sha256: str | None) -> bool:
    return path.is_file() and not path.is_symlink() and sha256 == _sha256(path.read_bytes())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _draft(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")
