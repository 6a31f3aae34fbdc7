"""Reads files that students made: plain ones only, and bounded."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

MOST_BYTES = 32 * 2**20


def read_plain_file(path: str | Path, most: int = MOST_BYTES) -> tuple[bytes, datetime]:
    """Return a file's first bytes, up to more than any submission may have, and when it was changed.

    Raises:
        OSError: where it is unreadable or no plain file: a link could lead to another's work, a pipe never ends.
    """
    # On Windows, such links need a privilege that students' machines do not grant.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise OSError(0, "no plain file")
        return _read(descriptor, about.st_size, most), datetime.fromtimestamp(about.st_mtime, UTC)
    except (ValueError, OverflowError):
        raise OSError(0, "its time is out of range") from None
    finally:
        os.close(descriptor)


def _read(descriptor: int, size: int, most: int) -> bytes:
    """Return what is there, also where it grows meanwhile; room for the most that is allowed would cost more."""
    parts = [os.read(descriptor, min(size + 1, most))]
    while parts[-1] and (left := most - sum(map(len, parts))):
        parts.append(os.read(descriptor, min(1 << 20, left)))
    return b"".join(parts)
