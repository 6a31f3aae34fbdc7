"""The levels of isolation: what each needs of the machine, and how a child is locked under it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass

from grader.core.course.exercise import Limits


@dataclass(frozen=True)
class Level:
    """One level.

    Attributes:
        isolation: full, reduced or none, as reports say it.
        jail: wraps the command that starts the fork server.
        scratch: the folder in the child's own file system, None where there is no such thing.
        lock: the settings that all its children share; None for no lock at all.
        program: returns the seccomp filter; empty for no lock.
    """

    isolation: str
    jail: Callable[[list[str]], list[str]]
    scratch: str | None
    lock: dict[str, object] | None
    program: Callable[[], bytes]

    def settings(self, limits: Limits) -> str:
        """Return the lock's settings for one child, as JSON."""
        if self.lock is None:
            return "null"
        return json.dumps(
            {
                **self.lock,
                "memory": limits.memory,
                # One second more than the parent allows: the parent's measure says why, this one only makes sure.
                "cpu": math.ceil(limits.cpu) + 1,
                "scratch_size": limits.disk,
                "file_size": limits.disk,
                "scratch_inodes": limits.files,
                "files": 64,
                "tasks": limits.threads,
            }
        )


PLAIN = Level("none", list, None, None, bytes)


def plain() -> Level:
    """No lock: a process like any other, with limits."""
    return PLAIN


def full() -> Level:
    """User, PID, mount, network and IPC namespaces, Landlock and seccomp; a private scratch of bounded size."""
    from grader.sandbox.linux.filter import seccomp_program
    from grader.sandbox.linux.jail import SCRATCH, jailed

    return Level(
        "full",
        jailed,
        SCRATCH,
        {"namespaces": True, "scratch": SCRATCH, "readable": ["/"]},
        lambda: seccomp_program(True),
    )


def reduced() -> Level:
    """Landlock and seccomp without namespaces: files, processes and network are closed, and nothing can be written."""
    from grader.sandbox.linux.filter import seccomp_program
    from grader.sandbox.linux.jail import readable

    return Level(
        "reduced",
        list,
        None,
        {"namespaces": False, "scratch": None, "readable": readable()},
        lambda: seccomp_program(False),
    )
