"""What a box offers to the rest of the grader, and what it needs of the machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from socket import socket
from typing import Any, Protocol, runtime_checkable

from grader import __version__
from grader.core.run.jobs import Job
from grader.core.run.observation import Run, RunStatus, Stop


class Requirement(Enum):
    """One thing that a box needs; the value is the line that provides it."""

    BUBBLEWRAP = "apt-get install bubblewrap"
    LIBSECCOMP = "apt-get install libseccomp2"
    UTIL_LINUX = "apt-get install util-linux"
    LANDLOCK = "boot a kernel from 5.13 on with lsm=landlock"
    NAMESPACES_OF_USERS = "sysctl -w kernel.unprivileged_userns_clone=1"
    NAMESPACES_UNDER_APPARMOR = "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
    MORE_NAMESPACES = "sysctl -w user.max_user_namespaces=10000"
    PROC = "mount -t proc proc /proc"
    CONTAINER = (
        "docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined "
        "--security-opt systempaths=unconfined"
    )
    PACKAGE = f"pip install ./course_grader-{__version__}-py3-none-any.whl"
    ELSEWHERE = "mv it to a folder of its own, which holds neither Python nor its packages"


# Bubblewrap and Python tell what they lack in words only.
_WORDS = (
    ("No permissions to create", Requirement.NAMESPACES_OF_USERS),
    ("setting up uid map", Requirement.NAMESPACES_UNDER_APPARMOR),
    ("unshare failed", Requirement.CONTAINER),
    ("directory: '/proc/self/", Requirement.PROC),
    ("Can't mount proc", Requirement.CONTAINER),
    ("Failed to make / slave", Requirement.CONTAINER),
    ("Creating new namespace failed", Requirement.MORE_NAMESPACES),
    ("No module named", Requirement.PACKAGE),
)


def told_by_another_program(words: str) -> Requirement | None:
    """Return what bubblewrap or Python lacked, by its last words; None where they say nothing of the kind."""
    requirement = next((requirement for part, requirement in _WORDS if part in words), None)
    of_kernel = (Requirement.NAMESPACES_OF_USERS, Requirement.MORE_NAMESPACES)
    return Requirement.CONTAINER if requirement in of_kernel and _is_filtered() else requirement


def _is_filtered() -> bool:
    """Return whether system calls of this process are filtered, as a container's are: no sysctl would help then."""
    try:
        return "\nSeccomp:\t2\n" in Path("/proc/self/status").read_text(encoding="utf-8")
    except OSError:
        return False


class SandboxUnavailable(Exception):
    """This machine cannot run the box.

    Args:
        why: what is missing, or what failed.
        requirement: what the machine has to be given, where that is known.
    """

    def __init__(self, why: str, requirement: Requirement | None = None) -> None:
        super().__init__(why)
        self.requirement = requirement


def could_not_run(error: Exception) -> Run:
    """Return the run of a job for which there was no box."""
    requirement = error.requirement if isinstance(error, SandboxUnavailable) else None
    return Run(RunStatus.SANDBOX_FAILED, Stop.SANDBOX, str(error), mend=requirement.value if requirement else "")


class Sandbox(Protocol):
    """Runs jobs, from any number of threads at once."""

    @property
    def isolation(self) -> str:
        """full, reduced or none: what the box keeps from the code it runs."""

    def start(self) -> None:
        """Begin to get ready, without waiting: importing torch takes longer than reading a course."""

    def run(self, job: Job) -> Run:
        """Run one job in a child of its own and return what came of it.

        A fault of the box itself is a Run with status `sandbox_failed`, never an exception.
        """

    def run_together(self, jobs: Sequence[Job]) -> list[Run]:
        """Run jobs of one submission in one child, in turn; the first run that did not complete is the last one.

        A box in which that would save nothing may return no runs.

        An earlier job can disturb a later one. So any but the first run can only speak for a submission: what it shows
        to be right was computed for unseen data, whoever computed it; what else it shows is to be seen in a child of
        its own.
        """

    def close(self) -> None:
        """End every process of the box."""


@runtime_checkable
class Lends(Protocol):
    """A box that another command can have a copy of."""

    def lend(self, asked: Mapping[str, Any], cores: Sequence[int], control: socket) -> bool:
        """Make one that listens on `control`, where this box is as it is asked for; return whether there is one."""
        ...
