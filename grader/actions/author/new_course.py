"""Begin a course that works at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import LANGUAGES
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.store.course.templates import course_files, exercise_files
from grader.store.machine.new_files import write_new
from grader.store.release.wheel import required

_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class NewCourse:
    """What was written.

    Attributes:
        untranslated: languages in which the texts are English so far.
    """

    root: Path
    files: tuple[str, ...]
    untranslated: tuple[str, ...]


def new_course(root: Path, languages: Sequence[str], title: str | None) -> NewCourse:
    """Write course.yaml, an exercise of each kind with its solutions, README.md, .gitignore, schemas and the grader.

    Raises:
        UsageFault: where a file is there already (nothing is written then), a language or the title is none, or this
            grader is installed in no way that another machine could follow.
    """
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            raise UsageFault(say("{found} is not a language code; write it as uz or en", found=language or '""'))
    languages = list(dict.fromkeys(languages))
    title = proper_title(title)
    line, packed = required()
    files: dict[str, str | bytes] = {
        **course_files(_course_id(root), languages, title, line),
        **exercise_files("1.1", "stated", languages, None),
        **exercise_files("1.2", "code", languages, None),
        **packed,
    }
    write_new(root, files)
    return NewCourse(root, tuple(files), tuple(one for one in languages if one not in LANGUAGES))


def proper_title(title: str | None) -> str | None:
    """Return a title as the reader of course files will give it back.

    Raises:
        UsageFault: where it is empty, or no text at all.
    """
    if title is None:
        return None
    try:
        title.encode()
    except UnicodeEncodeError:
        raise UsageFault(say("the title is not valid UTF-8")) from None
    if not title.strip():
        raise UsageFault(say("the title is empty"))
    return title.strip()


def _course_id(root: Path) -> str:
    plain = unicodedata.normalize("NFKD", root.resolve().name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "my-course"
