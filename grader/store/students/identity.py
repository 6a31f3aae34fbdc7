"""Who submits, and the course's secret."""

from __future__ import annotations

import os
import secrets
import subprocess
from pathlib import Path

from grader.store.machine.home import user_config

PUBLIC_SEED = b"practice"


def student_name() -> str | None:
    """Return COURSE_STUDENT, or the e-mail or name that git is configured with; None where there is neither."""
    named = os.environ.get("COURSE_STUDENT", "").strip()
    return named or _git("user.email") or _git("user.name")


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


def _git(key: str) -> str | None:
    try:
        answer = subprocess.run(
            ["git", "config", "--get", key], capture_output=True, text=True, timeout=10, check=False, cwd=Path.cwd()
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return None
    return answer.stdout.strip() or None
