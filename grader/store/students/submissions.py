"""Immutable records of what was submitted, when and by whom."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from grader.core.course.policies.attempts import Attempt
from grader.core.course.policies.trust import Trust
from grader.store.machine.files import remove_new, write_once

_FORMAT_VERSION = 1
ABOUT = "submission.json"
# Beside it: why the record counts no longer; in these words where its time was corrected.
SET_ASIDE = "set-aside.json"
CORRECTED = "handed_in was corrected in matches.csv"
DRAFT = ".draft-"
_LONGEST = 120
_DEVICE = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]", re.IGNORECASE)


@dataclass(frozen=True)
class Record:
    """One recorded submission: `submissions/<student>/<exercise>/<time>-<hash>/`."""

    folder: Path
    sha256: str

    def add_report(self, report: dict[str, Any]) -> None:
        """Put the report beside the submission.

        Raises:
            OSError: where it cannot be written; nothing of it stays then, and the submission does.
        """
        _write_once(self.folder / "report.json", _json(report))


@dataclass(frozen=True)
class Origin:
    """Where a submission comes from that was collected from a download.

    Attributes:
        handed_in: when, by whoever `trust` says.
        shown: what tells a person where it was: the system, the download and the file.
    """

    handed_in: datetime
    trust: Trust
    shown: Mapping[str, str]


def record_submission(
    root: Path, student: str, exercise: str, suffix: str, content: bytes, origin: Origin | None = None
) -> Record:
    """Write a submission down: its bytes, their SHA-256, the time in UTC and the student.

    Args:
        origin: of work that was collected; None where it is handed in here and now.

    Raises:
        OSError: where it cannot be written; nothing of it stays then.
    """
    now = origin.handed_in.astimezone(UTC) if origin else datetime.now(UTC)
    digest = hashlib.sha256(content).hexdigest()
    parent = root / "submissions" / folder_name(student) / exercise
    # Who is interrupted leaves a draft, which nobody takes for a submission.
    draft = _new_folder(parent, f"{DRAFT}{secrets.token_hex(8)}")
    about = {
        "format_version": _FORMAT_VERSION,
        "exercise": exercise,
        "student": student,
        "time": now.isoformat(),
        "sha256": digest,
        "file": f"{exercise}{suffix}",
        **({"trust": origin.trust.name.lower(), "from": dict(origin.shown)} if origin else {}),
    }
    try:
        _write_once(draft / f"{exercise}{suffix}", content)
        _write_once(draft / ABOUT, _json(about))
        folder = _moved(draft, f"{now:%Y%m%dT%H%M%S.%fZ}-{digest[:12]}")
    except OSError:
        remove_new(draft, root)
        raise
    return Record(folder, digest)


def set_aside(record: Path, reason: str, by: str) -> None:
    """Say beside a record that it counts no longer; nothing of it is erased.

    Raises:
        OSError: where it cannot be written.
    """
    if not os.path.lexists(record / SET_ASIDE):
        _write_once(record / SET_ASIDE, _json({"reason": reason, "by": by, "time": datetime.now(UTC).isoformat()}))


def records_of(
    root: Path, student: str, exercise: str, aside_too: bool = False
) -> Iterator[tuple[Path, str, datetime]]:
    """Yield what is recorded for a student and an exercise: its folder, the SHA-256 and the time.

    Args:
        aside_too: whether to yield what counts no longer, too.
    """
    for path in sorted((root / "submissions" / folder_name(student) / exercise).glob(f"*/{ABOUT}")):
        try:
            about = json.loads(path.read_bytes())
            digest, moment = str(about["sha256"]), datetime.fromisoformat(about["time"]).astimezone(UTC)
        except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
            continue
        if aside_too or not os.path.lexists(path.parent / SET_ASIDE):
            yield path.parent, digest, moment


def count_again(root: Path, student: str, exercise: str, sha256: str) -> None:
    """Let records of these bytes count that were set aside, but for those with a time that was corrected.

    Raises:
        OSError: where that cannot be done.
    """
    for path in (root / "submissions" / folder_name(student) / exercise).glob(f"*/{SET_ASIDE}"):
        is_corrected = json.loads(path.read_bytes()).get("reason") == CORRECTED
        if not is_corrected and json.loads((path.parent / ABOUT).read_bytes()).get("sha256") == sha256:
            path.unlink()


def recorded_bytes(root: Path, student: str, exercise: str) -> dict[str, Trust]:
    """Return the SHA-256 of everything recorded for a student and an exercise, with the best trust in its time."""
    found: dict[str, Trust] = {}
    for path in (root / "submissions" / folder_name(student) / exercise).glob(f"*/{ABOUT}"):
        try:
            about = json.loads(path.read_bytes())
            digest, trust = str(about["sha256"]), trust_of(about)
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
        found[digest] = min(trust, found.get(digest, trust))
    return found


def earlier_attempts(root: Path, student: str, exercise: str) -> list[Attempt]:
    """Return what the student handed in for an exercise as attempts, with the scores that lie beside them."""
    found = []
    for path in sorted((root / "submissions" / folder_name(student) / exercise).glob(f"*/{ABOUT}")):
        try:
            about = json.loads(path.read_bytes())
            moment, digest = datetime.fromisoformat(about["time"]), str(about["sha256"])
            score = json.loads((path.parent / "report.json").read_bytes())["score"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
        known = float(score) if isinstance(score, int | float) else None
        found.append(Attempt(moment.astimezone(UTC), known, trust=trust_of(about), content=digest))
    return found


def trust_of(about: Mapping[str, Any]) -> Trust:
    """Return how far the time in a record can be believed; what `course submit` wrote down here is our own clock's."""
    named = about.get("trust")
    return Trust[named.upper()] if isinstance(named, str) and named.upper() in Trust.__members__ else Trust.SERVER


def newest_submission(root: Path, student: str, exercise: str) -> Path | None:
    """Return the file that the student submitted last for this exercise, or None."""
    parent = root / "submissions" / folder_name(student) / exercise
    # Names begin with the time. A record without its file was interrupted, and is not a submission.
    for about in sorted(parent.glob("*/submission.json"), reverse=True):
        for path in about.parent.glob(f"{exercise}.*"):
            return path
    return None


def earlier_submissions(root: Path, student: str, exercise: str, before: Path | None = None) -> Iterator[bytes]:
    """Yield what the student submitted for this exercise, the oldest first.

    Args:
        before: the folder of a record at which to stop; None for all of them.
    """
    parent = root / "submissions" / folder_name(student) / exercise
    for about in sorted(parent.glob("*/submission.json")):
        if about.parent == before:
            return
        for path in about.parent.glob(f"{exercise}.*"):
            yield path.read_bytes()


def folder_name(student: str) -> str:
    """Return the student's name as one folder that every system can make: readable, and no two names share one."""
    name = quote(student, safe="@+ ", errors="surrogatepass")
    # No hidden folder, no path upwards, no end that Windows cuts off, none of its devices.
    if name[:1] in (".", " ") or _DEVICE.fullmatch(name.partition(".")[0].strip()):
        name = f"%{ord(name[0]):02X}{name[1:]}"
    if name[-1:] in (".", " "):
        name = f"{name[:-1]}%{ord(name[-1]):02X}"
    if len(name) <= _LONGEST:
        return name
    return f"{name[:80].rstrip('. ')}~{_digest(student)[:32]}"


def folder_names(students: Iterable[str]) -> dict[str, str]:
    """Return a folder name for each student, of which no two are one even where a file system ignores case."""
    names = {student: folder_name(student) for student in students}
    alike = Counter(name.casefold() for name in names.values())
    return {
        student: name if alike[name.casefold()] == 1 else f"{name}~{_digest(student)[:8]}"
        for student, name in names.items()
    }


def _digest(student: str) -> str:
    return hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()


def _new_folder(parent: Path, name: str) -> Path:
    parent.mkdir(parents=True, exist_ok=True)
    for attempt in range(1000):
        folder = parent / (name if attempt == 0 else f"{name}-{attempt}")
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder
    raise FileExistsError(name)


def _moved(draft: Path, name: str) -> Path:
    """Give a finished record its name; of two of one name, the later one gets a number."""
    for attempt in range(1000):
        folder = draft.with_name(name if attempt == 0 else f"{name}-{attempt}")
        if os.path.lexists(folder):
            continue
        try:
            return draft.rename(folder)
        except FileExistsError:
            continue
        except OSError as error:
            if error.errno != errno.ENOTEMPTY:
                raise
    raise FileExistsError(name)


def _write_once(path: Path, content: bytes) -> None:
    write_once(path, content)
    path.chmod(0o444)


def _json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")
