"""Where this repository is, and a copy of its course.

The tests take lecture 4 for the course: `make course` proves the others, so no exercise more makes the tests longer.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
BEFORE = ROOT / "tests" / "graded_before"
HOSTILE = ROOT / "tests" / "hostile"
# What make test-all does and make test leaves out, because something else holds nearly the same.
EVERYTHING = os.environ.get("COURSE_TESTS") == "all"
LECTURE = "4"
_AUTHORS = ("right", "wrong")
# The mistakes that the programs of demo/ and of most tests make.
_COMMON = ("gradient-not-zeroed", "graph-cut")


def examples(at_night: int) -> int:
    """Return how many examples a property is tried on that are dear: by day a quarter, other ones each time."""
    return at_night if EVERYTHING else at_night // 4


def lecture(ids: Iterable[str], every: bool = EVERYTHING) -> list[str]:
    """Return those of the ids that are of the lecture that tests go over; all of them where all is asked for."""
    return [id for id in ids if every or id.partition(".")[0] == LECTURE]


def copy_course(folder: Path, whole: bool = False) -> Path:
    """Copy this repository's course, as far as it is lecture 4.

    Its right and wrong programs, nine files of ten, are links to files that all copies share: new files take long. No
    test changes them in place; `changed_for_all` holds that.

    Args:
        whole: with every wrong program. Else with a few, since whoever judges a wrong submission of an exercise that is
            not known yet runs all its wrong programs: 4.5 has more than seventy.
    """
    folder.mkdir()
    (folder / "course.yaml").write_text(course_of_lecture(), encoding="utf-8")
    for side in ("exercises", "solutions"):
        for path in (ROOT / side).glob(f"{LECTURE}.*"):
            shutil.copytree(path, folder / side / path.name, ignore=shutil.ignore_patterns(*_AUTHORS))
    for shared in sorted(_shared_programs().iterdir()):
        copied = folder / "solutions" / shared.name
        kept = None if whole else _common(shared)
        if kept is not None:
            (copied / "misconceptions.yaml").write_text(kept.text, encoding="utf-8")
        for file in (file for part in _AUTHORS for file in (shared / part).glob("*")):
            if kept is None or file.parent.name == "right" or file.name.partition(".")[0] in kept.names:
                (copied / file.parent.name).mkdir(exist_ok=True)
                _link(str(file), str(copied / file.parent.name / file.name))
    return folder


@dataclass(frozen=True)
class _Common:
    """The mistakes of an exercise that a copy keeps, and the file that names them."""

    names: frozenset[str]
    text: str


@cache
def _common(solution: Path) -> _Common | None:
    file = solution / "misconceptions.yaml"
    if not file.is_file():
        return None
    all_of_them = yaml.safe_load(file.read_text(encoding="utf-8"))
    named = all_of_them["misconceptions"]
    kept = {name: told for name, told in named.items() if name in _COMMON} or dict([*named.items()][:2])
    text = yaml.safe_dump({**all_of_them, "misconceptions": kept}, allow_unicode=True, sort_keys=False)
    return _Common(frozenset(kept), text)


def course_of_lecture() -> str:
    """Return course.yaml with no lecture but this one."""
    text = (ROOT / "course.yaml").read_text(encoding="utf-8")
    head, _, lectures = text.partition("lectures:\n")
    (ours,) = [each for each in re.split(r"(?m)^(?=  - id: )", lectures) if each.startswith(f'  - id: "{LECTURE}"')]
    return f"{head}lectures:\n{ours}"


def changed_for_all() -> list[str]:
    """Return which programs that the copies share are no longer what the repository has; takes them all away."""
    shared = _shared_programs()
    files = [file for part in _AUTHORS for file in (ROOT / "solutions").glob(f"{LECTURE}.*/{part}/*") if file.is_file()]
    changed = [
        str(name)
        for name, file in ((file.relative_to(ROOT / "solutions"), file) for file in files)
        if not (shared / name).is_file() or (shared / name).read_bytes() != file.read_bytes()
    ]
    shutil.rmtree(shared)
    _shared_programs.cache_clear()
    return sorted(changed)


@cache
def _shared_programs() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="course-programs-"))
    for path in (ROOT / "solutions").glob(f"{LECTURE}.*"):
        shutil.copytree(path, folder / path.name)
    return folder


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
