"""The folders that a user's account has for programs; in a container an account may have none."""

from __future__ import annotations

import errno
from pathlib import Path

import platformdirs

_NAME = "course-grader"


def user_cache() -> Path:
    """Return the user's folder for caches.

    Raises:
        OSError: where the account has no home.
    """
    try:
        return platformdirs.user_cache_path(_NAME, appauthor=False)
    except RuntimeError as error:
        raise OSError(errno.ENOENT, str(error)) from None


def user_config() -> Path:
    """Return the user's folder for settings.

    Raises:
        OSError: where the account has no home.
    """
    try:
        return platformdirs.user_config_path(_NAME, appauthor=False)
    except RuntimeError as error:
        raise OSError(errno.ENOENT, str(error)) from None
