"""Gradescope: the zip of an autograder. It holds the course with its solutions and secret, and this very grader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import grader
from grader.actions.teacher.results.export_format import CourseExport, CourseParts, Exported
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.core.words.options import option
from grader.store.course.course_files import CourseFiles
from grader.store.course.templates import gradescope_scripts
from grader.store.machine.files import write_file
from grader.store.machine.zips import zipped

_PACKAGE = "course-grader"
# A page of torch alone: from a further index, anybody's package of any name could be taken.
_INDEX = "--find-links https://download.pytorch.org/whl/cpu/torch/\n"
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def autograder_zip(files: CourseFiles, asked: str, secret: bytes) -> bytes:
    """Return the zip.

    Args:
        asked: the exercises of the assignment, as `course submit` takes them.
        secret: what hidden numbers are drawn from.

    Raises:
        UsageFault: where the grader is not installed, so that nobody knows what it needs.
    """
    scripts = gradescope_scripts(asked, files.course.languages)
    held = {
        **{name: text.encode() for name, text in scripts.items()},
        "requirements.txt": _pinned().encode(),
        "secret": secret,
        **dict(_course(files.root)),
        **dict(_below(Path(grader.__file__).parent, "grader")),
    }
    # A version of it can be told by its hash, in whatever order folders are listed.
    return zipped(dict(sorted(held.items())), executable=scripts)


def _course(root: Path) -> Iterator[tuple[str, bytes]]:
    yield "course/course.yaml", (root / "course.yaml").read_bytes()
    for side in ("exercises", "solutions"):
        yield from _below(root / side, f"course/{side}")


def _below(folder: Path, name: str) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield f"{name}/{path.relative_to(folder).as_posix()}", path.read_bytes()


def _pinned() -> str:
    """Return the versions installed here of what the grader needs: those under which the course was proved."""
    try:
        needed = requires(_PACKAGE) or []
    except PackageNotFoundError:
        raise UsageFault(
            say("the grader is not installed as a package here, so its requirements are unknown")
        ) from None
    lines = [_line(each) for each in needed if "extra ==" not in each]
    return _INDEX + "".join(f"{line}\n" for line in sorted(lines))


def _line(requirement: str) -> str:
    wanted, semicolon, marker = requirement.partition(";")
    name = _NAME.match(wanted)
    assert name is not None
    try:
        # A local version, as in 2.13.0+cpu, is of one index only.
        exact = f"{name[0]}=={version(name[0]).partition('+')[0]}"
    except PackageNotFoundError:
        exact = wanted.strip()
    return exact + semicolon + marker


@dataclass(frozen=True)
class AutograderOptions:
    out: Path = option(say("File to write."), say("FILE"))


def _export(course: CourseParts, options: AutograderOptions) -> Exported:
    if course.files.is_release:
        raise UsageFault(
            say("this is a students' copy: an autograder made from it gives no grades. Make it in the course itself")
        )
    write_file(options.out, autograder_zip(course.files, course.asked, course.secret()))
    words = say(
        "{file} contains the solutions and the course's secret: give it to Gradescope and to nobody else.",
        file=options.out,
    )
    return Exported(words)


EXPORT = CourseExport(
    word="gradescope-autograder",
    summary=say("Pack the course as an autograder for Gradescope."),
    details=say("The zip holds the solutions and the course's secret. It needs no grades."),
    example="--lecture 4 --out autograder.zip",
    options=AutograderOptions,
    write=_export,
)
