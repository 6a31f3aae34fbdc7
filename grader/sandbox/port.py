"""What a box offers to the rest of the grader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from grader.core.run.observation import Job, Run, RunStatus, Stop
from grader.sandbox.requirements import Requirement


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
