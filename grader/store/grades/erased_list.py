"""Who stays erased when an older copy of the gradebook comes back: a file beside it, in which nobody is named."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from grader.store.machine.files import write_whole

# What a name is hashed with: an id of a student is no name of a teacher.
_DOMAINS = {False: b"erased/1\0", True: b"erased-staff/1\0"}


@dataclass(frozen=True)
class Kept:
    """One line of the list, and whose it is.

    Attributes:
        who: the id of a student, or the name of a member of staff.
    """

    who: str
    reason: str
    by: str
    is_staff: bool = False


def remember(book: Path, secret: bytes, kept: Kept) -> None:
    """Write down that somebody was erased from this gradebook, so that only who has the secret can ask for whom.

    Raises:
        OSError: where it cannot be written.
    """
    line = json.dumps(
        {
            "who": _tag(secret, kept.who, kept.is_staff),
            "reason": kept.reason,
            "by": kept.by,
            "at": datetime.now(UTC).isoformat(),
        },
        ensure_ascii=False,
    )
    descriptor = os.open(list_beside(book), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def remembered(
    book: Path, secret: bytes, students: Collection[str], staff: Mapping[str, datetime | None]
) -> list[Kept]:
    """Return which of these students and members of staff were erased from the gradebook that lay here.

    Args:
        staff: since when there is somebody of each name. Who came after the erasure is somebody else, or came back.

    Raises:
        OSError: where it cannot be read.
        ValueError: where it is damaged.
    """
    path = list_beside(book)
    if not path.is_file():
        return []
    lines = [json.loads(line) for line in _lines(path)]
    whose = {
        _tag(secret, who, is_staff): (who, is_staff)
        for is_staff, all in ((False, students), (True, staff))
        for who in all
    }
    last = {whose[line["who"]]: line for line in lines if line["who"] in whose}
    return [
        Kept(who, str(line["reason"]), str(line["by"]), is_staff)
        for (who, is_staff), line in last.items()
        if not (is_staff and _is_later(staff[who], line.get("at")))
    ]


def _is_later(since: datetime | None, erased: object) -> bool:
    return since is not None and isinstance(erased, str) and since > datetime.fromisoformat(erased)


def _lines(path: Path) -> list[str]:
    # A reason may hold what else ends a line: JSON leaves it as it is.
    return [line for line in path.read_text(encoding="utf-8").split("\n") if line]


def rename_author(book: Path, names: Collection[str], new: str) -> None:
    """Let somebody else have decided what the list says that somebody of these names decided.

    Raises:
        OSError: where it cannot be read or written.
    """
    path = list_beside(book)
    if not path.is_file():
        return
    written = [_by(line, names, new) for line in _lines(path)]
    write_whole(path, "".join(f"{line}\n" for line in written).encode(), private=True)


def _by(line: str, names: Collection[str], new: str) -> str:
    try:
        kept = json.loads(line)
        return json.dumps({**kept, "by": new}, ensure_ascii=False) if kept["by"] in names else line
    except (ValueError, KeyError, TypeError):
        # A damaged list is told of by whoever has to believe it.
        return line


def list_beside(book: Path) -> Path:
    """Return where it lies."""
    return book.with_name(f"{book.name}.erased")


def _tag(secret: bytes, who: str, is_staff: bool) -> str:
    # Ids are short: a hash without a key would be guessed at once.
    return hmac.new(secret, _DOMAINS[is_staff] + who.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
