"""What was recorded of a download by an answer that is another one now: it stays where it is, so a person must know."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.store.downloads.folders import SYSTEM as FOLDERS
from grader.store.students.records import about_record
from grader.store.students.submissions import ABOUT, SET_ASIDE

# The system and the file in its download.
Source = tuple[str, str]
# The same, with the download where another one has other people under the same names.
FileOf = tuple[str, str, str]
# Student, exercise and the SHA-256 of the bytes.
Place = tuple[str, str, str]


@dataclass(frozen=True)
class Earlier:
    """A record that does not say what is known of its file now.

    Attributes:
        folder: of the record, as messages call it.
        now: whose it is and what it answers now; `-` for nobody's and nothing.
    """

    folder: str
    file: str
    now: str


def recorded_otherwise(
    root: Path,
    sources: Mapping[FileOf, Collection[Place]],
    refused: Mapping[FileOf, str],
) -> Iterator[Earlier]:
    """Yield the records in `submissions` of the course that contradict what is known now.

    Args:
        sources: the places that each file of the downloads has now, where that is known.
        refused: the SHA-256 of files of which the teacher says that they are nobody's, or no work.
    """
    places = {place for each in sources.values() for place in each}
    for path in sorted((root / "submissions").glob(f"*/*/*/{ABOUT}")):
        if os.path.lexists(path.parent / SET_ASIDE):
            continue
        record = about_record(path.parent, path.parent.parent.name)
        told = source_of(path.parent) if record is not None else None
        if record is None or told is None:
            continue
        source, digest, download = told
        file = file_of(*source, download)
        student = record[0]
        folder = path.parent.relative_to(root).as_posix()
        place = (student, path.parent.parent.name, digest)
        now = [each for each in sources.get(file, ()) if each[2] == digest]
        if place in places:
            continue
        elif now:
            yield Earlier(folder, source[1], ", ".join(f"{whose} {what}" for whose, what, _ in sorted(now)))
        elif refused.get(file) == digest:
            yield Earlier(folder, source[1], "-")


def file_of(system: str, file: str, download: str) -> FileOf:
    """Return what a file is known by: of folders by person, in its download alone."""
    return system, file, download if system == FOLDERS.word else ""


def source_of(record: Path) -> tuple[Source, str, str] | None:
    """Return of which system's file a record is, its SHA-256 and its download; None of what was not collected."""
    try:
        about = json.loads((record / ABOUT).read_bytes())
        source = (str(about["from"]["system"]), str(about["from"]["file"]))
        # Records of before know a download by its name only.
        download = about["from"].get("place") or about["from"].get("download", "")
        return source, str(about["sha256"]), str(download)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
