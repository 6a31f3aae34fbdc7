"""Which exercises have changed since a commit: git is asked."""

from __future__ import annotations

import subprocess
from pathlib import Path, PurePosixPath

from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.store.course.course_files import CourseFiles
from grader.store.course.plugin_files import plugin_places

# What every exercise rests on, beside plugins: languages and policies, and the versions of grader and torch.
_OF_ALL = frozenset({"course.yaml", "requirements.txt"})
_SIDES = frozenset({"exercises", "solutions"})


def changed_exercises(files: CourseFiles, since: str) -> list[str]:
    """Return the ids of exercises that differ from the commit where this branch left `since`, uncommitted changes too.

    An exercise rests on its own two folders, and on nothing of another exercise; and all rest on the course's plugins,
    also where these lie elsewhere in its repository.

    Raises:
        UsageFault: if git, the repository or the commit does not exist.
    """
    ids, touched = files.exercise_ids(), set[str]()
    base = _base(files.root, since)
    if _plugins_changed(files, base):
        return ids
    for path in _changed_files(files.root, base):
        parts = PurePosixPath(path).parts
        if path in _OF_ALL:
            return ids
        if len(parts) > 2 and parts[0] in _SIDES:
            touched.add(parts[1])
    return [id for id in ids if id in touched]


def _plugins_changed(files: CourseFiles, base: str) -> bool:
    top = Path((_git(files.root, "rev-parse", "--show-toplevel") or "").strip()).resolve()
    places = [place for place in plugin_places(files.course.plugins) if place.is_relative_to(top)]
    return bool(places) and any(path.endswith(".py") for path in _changed_files(top, base, *map(str, places)))


def _base(root: Path, since: str) -> str:
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{since}^{{commit}}")
    if not commit:
        raise UsageFault(
            say(
                "git does not know the commit {rev} in {folder}; in CI, fetch all history (fetch-depth: 0)",
                rev=since,
                folder=root,
            )
        )
    return (_git(root, "merge-base", commit.strip(), "HEAD") or commit).strip()


def _changed_files(root: Path, base: str, *places: str) -> list[str]:
    changed = _git(root, "diff", "--name-only", "--no-renames", "--relative", "-z", base, "--", *(places or ["."]))
    new = _git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", *(places or ["."]))
    if changed is None or new is None:
        raise UsageFault(say("git failed to list the changes in {folder}", folder=root))
    return [path for path in (changed + new).split("\0") if path]


def _git(root: Path, *arguments: str) -> str | None:
    """Return what git prints; None where it fails."""
    try:
        done = subprocess.run(
            ["git", "--literal-pathspecs", "-C", str(root), *arguments], capture_output=True, check=False
        )
    except OSError:
        raise UsageFault(say("git is needed to find what has changed; install git")) from None
    return done.stdout.decode("utf-8", "surrogateescape") if done.returncode == 0 else None
