"""The course's secret, which the numbers that decide marks are drawn from."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from grader.store.machine.home import user_config


def course_secret(course_id: str) -> bytes | None:
    """Return the secret that the hidden probes of marks are drawn from, or None where this machine has none.

    It is COURSE_SECRET, or the file `<course id>.secret` in the user's configuration folder: outside the repository,
    and outside the students' copy.
    """
    named = os.environ.get("COURSE_SECRET")
    if named:
        return named.encode()
    try:
        return secret_file(course_id).read_bytes().strip() or None
    except OSError:
        return None


def make_secret(course_id: str) -> Path:
    """Draw a secret for the course, keep it where only this user reads it, and return where.

    Raises:
        OSError: where it cannot be written, or is there already.
    """
    path = secret_file(course_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
    except OSError:
        # An empty one would be in the way for good.
        path.unlink(missing_ok=True)
        raise
    return path


def secret_file(course_id: str) -> Path:
    """Return where a course's secret lies, unless COURSE_SECRET names it.

    Raises:
        OSError: where the account has no home.
    """
    return user_config() / f"{course_id}.secret"
