"""What submissions are held to, as it was seen: remembered, or to be run."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import Generic, TypeVar

from grader.core.judge.digests import JUDGING
from grader.core.judge.explain import why_failed
from grader.core.run.observation import Job, ProgramJob, Run, RunStatus
from grader.core.words.errors import CouldNotJudge, CourseInvalid
from grader.core.words.message import say
from grader.grading.judge.answer_key import AnswerKey
from grader.grading.judge.steps import Ours, Steps, observed
from grader.sandbox.wire.frames import WireViolation
from grader.sandbox.wire.jobs import job_content, probe_content
from grader.sandbox.wire.reading import run_from
from grader.store.machine.cache import content_key, keep_runs, load_runs
from grader.store.release.folder import damaged

R = TypeVar("R")


class ReferenceObserver(Generic[R]):
    """What submissions of one exercise are held to, and what was seen that it follows from.

    Args:
        jobs: what is to be run for it; in the students' copy its runs are there.
        made: makes the reference of their runs; raises CourseInvalid where these cannot serve.
    """

    def __init__(self, key: AnswerKey, jobs: tuple[Job, ...], made: Callable[[Sequence[Run]], R]) -> None:
        self._exercise = key.exercise
        self._seed = key.seed
        self._released = key.released is not None
        self._jobs = jobs
        self._made = made
        # What is released needs no torch here, nor a place to be remembered at.
        self._key = "" if key.released else self._key_of_all()
        self._kept = self._remembered(key.released.reference if key.released else load_runs(self._key))
        if self._released and self._kept is None:
            raise CouldNotJudge(damaged(self._exercise.id))
        self._reference: R | None = None

    @property
    def missing(self) -> tuple[Job, ...]:
        """The jobs whose runs are not known; none where nothing has to run."""
        # What did not complete may have been the machine's fault, and is tried again for the next submission.
        known = self._kept is not None and all(run.status is RunStatus.COMPLETED for run in self._kept)
        return () if known else self._jobs

    def take(self, runs: Sequence[Run]) -> None:
        """Take the runs of what was missing, and remember them if all completed.

        Raises:
            CouldNotJudge: where the box failed.
        """
        for run in runs:
            if run.status is RunStatus.SANDBOX_FAILED:
                raise CouldNotJudge(say("the solution could not be run: {detail}", detail=why_failed(run)))
        if all(run.status is RunStatus.COMPLETED for run in runs):
            keep_runs(self._key, frames_of(runs))
        self._kept = list(runs)

    @property
    def reference(self) -> R:
        """What submissions are held to, where nothing is missing.

        Raises:
            CouldNotJudge: where what was released is damaged.
            CourseInvalid: where what was seen cannot serve.
        """
        if self._reference is None:
            assert self._kept is not None
            try:
                self._reference = self._made(self._kept)
            except CourseInvalid:
                if self._released:
                    raise CouldNotJudge(damaged(self._exercise.id)) from None
                raise
        return self._reference

    @property
    def frames(self) -> list[list[bytes]]:
        """What was seen, as it is kept, where nothing is missing."""
        assert self._kept is not None
        return frames_of(self._kept)

    def _key_of_all(self) -> str:
        return content_key((str(JUDGING), torch_version(), sys.version, self._seed, *map(content_of, self._jobs)))

    def _remembered(self, kept: list[list[bytes]] | None) -> list[Run] | None:
        if kept is None or len(kept) != len(self._jobs):
            return None
        try:
            return [remembered(frames, job) for frames, job in zip(kept, self._jobs, strict=True)]
        except WireViolation:
            return None


def reference(observer: ReferenceObserver[R]) -> Steps[R]:
    """Return what submissions are held to, and have run what is missing of it.

    Raises:
        CouldNotJudge: where the box failed.
        CourseInvalid: where the solution cannot serve as reference.
    """
    if observer.missing:
        (runs,) = yield from observed([Ours(observer.missing)])
        observer.take(runs)
    return observer.reference


def remembered(frames: list[bytes], job: Job) -> Run:
    """Return the run that left these frames, the last of which is what it printed.

    Raises:
        WireViolation: where they are not what such a job sends.
    """
    if not frames:
        raise WireViolation("a run without frames")
    return replace(run_from(frames[:-1], job), stdout=frames[-1].decode("utf-8", "replace"))


def frames_of(runs: Sequence[Run]) -> list[list[bytes]]:
    """Return the frames of runs as they are kept: those of each, and then what it printed."""
    return [[*run.frames, run.stdout.encode()] for run in runs]


def content_of(job: Job) -> str:
    """Return everything that a job's runs follow from: exercise, solution, hidden numbers and seeds are all in it."""
    probes = [[probe_content(each), each.seed.hex()] for each in job.probes] if isinstance(job, ProgramJob) else []
    return json.dumps([job_content(job, ""), probes])


def torch_version() -> str:
    """Return the version of torch.

    Raises:
        CouldNotJudge: where there is none.
    """
    try:
        return version("torch")
    except PackageNotFoundError:
        raise CouldNotJudge(say("torch is not installed; install it with: pip install torch")) from None
