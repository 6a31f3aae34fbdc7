"""What a box needs of the machine, and the line that provides it."""

from __future__ import annotations

from enum import Enum


class Requirement(Enum):
    """One thing that a box needs; the value is the line that provides it."""

    BUBBLEWRAP = "apt-get install bubblewrap"
    LIBSECCOMP = "apt-get install libseccomp2"
    UTIL_LINUX = "apt-get install util-linux"
    LANDLOCK = "boot a kernel from 5.13 on with lsm=landlock"
    NAMESPACES_OF_USERS = "sysctl -w kernel.unprivileged_userns_clone=1"
    NAMESPACES_UNDER_APPARMOR = "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
    MORE_NAMESPACES = "sysctl -w user.max_user_namespaces=10000"
    PACKAGE = "pip install course-grader"


# Bubblewrap and Python tell what they lack in words only.
_WORDS = (
    ("No permissions to create", Requirement.NAMESPACES_OF_USERS),
    ("setting up uid map", Requirement.NAMESPACES_UNDER_APPARMOR),
    ("Creating new namespace failed", Requirement.MORE_NAMESPACES),
    ("No module named", Requirement.PACKAGE),
)


def told_by_another_program(words: str) -> Requirement | None:
    """Return what bubblewrap or Python lacked, by its last words; None where they say nothing of the kind."""
    return next((requirement for part, requirement in _WORDS if part in words), None)
