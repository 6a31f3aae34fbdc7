"""What a box offers to the rest of the grader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from grader.core.run.observation import Job, Run


class SandboxUnavailable(Exception):
    """This machine cannot run the box; the text says what is missing and the line that mends it."""


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
