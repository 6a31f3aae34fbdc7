"""Who stays erased when an older copy of the gradebook comes back: a file beside it, in which nobody is named."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

_DOMAIN = b"erased/1\0"


@dataclass(frozen=True)
class Kept:
    """One line of the list, and whose it is."""

    student: str
    reason: str
    by: str


def remember(book: Path, secret: bytes, kept: Kept) -> None:
    """Write down that a student was erased from this gradebook, so that only who has the secret can ask for whom.

    Raises:
        OSError: where it cannot be written.
    """
    line = json.dumps({"who": _tag(secret, kept.student), "reason": kept.reason, "by": kept.by}, ensure_ascii=False)
    descriptor = os.open(list_beside(book), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def remembered(book: Path, secret: bytes, students: Collection[str]) -> list[Kept]:
    """Return which of these students were erased from the gradebook that lay here.

    Raises:
        OSError: where it cannot be read.
        ValueError: where it is damaged.
    """
    path = list_beside(book)
    if not path.is_file():
        return []
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    whose = {_tag(secret, student): student for student in students}
    last = {whose[line["who"]]: line for line in lines if line["who"] in whose}
    return [Kept(student, str(line["reason"]), str(line["by"])) for student, line in last.items()]


def list_beside(book: Path) -> Path:
    """Return where it lies."""
    return book.with_name(f"{book.name}.erased")


def _tag(secret: bytes, student: str) -> str:
    # Ids are short: a hash without a key would be guessed at once.
    return hmac.new(secret, _DOMAIN + student.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
