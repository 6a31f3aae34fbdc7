"""What submissions are held to, as it was seen: remembered, or to be run."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Generic, TypeVar

from grader.core.judge.digests import JUDGING
from grader.core.judge.explain import why_failed
from grader.core.run.jobs import Job, ProgramJob
from grader.core.run.observation import Run, RunStatus
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


@dataclass(frozen=True)
class Plan(Generic[R]):
    """What is to be run for the reference of an exercise, and what is made of it.

    Attributes:
        jobs: what the reference is made of; it is remembered, and in the students' copy it is there.
        made: makes the reference of the runs of `jobs`; raises CourseInvalid where these cannot serve.
        aside: what else is run, to see whether `jobs` will do; it is not remembered.
        instead: returns the plan to take instead, by the runs of `jobs` and of `aside`; None where these will do.
        note: what was settled, as JSON; it is remembered with the runs.
        noted: returns the plan with which this was settled; raises ValueError where a note is not one of these.
        follows_from: what the jobs of the plan to take instead follow from, besides `jobs`; it is never run.
    """

    jobs: tuple[Job, ...]
    made: Callable[[Sequence[Run]], R]
    aside: tuple[Job, ...] = ()
    instead: Callable[[Sequence[Run], Sequence[Run]], Plan[R] | None] | None = None
    note: bytes = b""
    noted: Callable[[bytes], Plan[R]] | None = None
    follows_from: tuple[Job, ...] = ()


class ReferenceObserver(Generic[R]):
    """What submissions of one exercise are held to, and what was seen that it follows from."""

    def __init__(self, key: AnswerKey, plan: Plan[R]) -> None:
        self._exercise = key.exercise
        self._seed = key.seed
        self._released = key.released is not None
        self._plan = plan
        # What is released needs no torch here, nor a place to be remembered at.
        self._key = "" if key.released else self._key_of_all()
        self._kept = self._remembered(key.released.reference if key.released else load_runs(self._key))
        if self._released and self._kept is None:
            raise CouldNotJudge(damaged(self._exercise.id))
        self._seen: dict[Job, Run] = {}
        self._reference: R | None = None
        self._seconds: float | None = None

    @property
    def missing(self) -> tuple[Job, ...]:
        """The jobs whose runs are not known; none where nothing has to run."""
        # What did not complete may have been the machine's fault, and is tried again for the next submission.
        if self._kept is not None and all(run.status is RunStatus.COMPLETED for run in self._kept):
            return ()
        return tuple(dict.fromkeys(job for job in (*self._plan.jobs, *self._plan.aside) if job not in self._seen))

    def take(self, runs: Sequence[Run]) -> bool:
        """Take the runs of what was missing, and return whether that will do; otherwise something else is missing.

        They are remembered if all completed.

        Raises:
            CouldNotJudge: where the box failed.
        """
        for run in runs:
            if run.status is RunStatus.SANDBOX_FAILED:
                raise CouldNotJudge(say("the solution could not be run: {detail}", detail=why_failed(run)))
        self._seen |= zip(self.missing, runs, strict=True)
        kept, aside = ([self._seen[job] for job in jobs] for jobs in (self._plan.jobs, self._plan.aside))
        whole = all(run.status is RunStatus.COMPLETED for run in kept)
        instead = self._instead(kept, aside) if whole else None
        if instead is not None:
            self._plan = instead
            return not self.missing and self.take(())
        self._kept, self._seen = kept, {}
        if whole:
            self._seconds = sum(run.usage.own for run in kept)
            keep_runs(self._key, self.frames)
            keep_runs(self._key_of_seconds, [[str(self._seconds).encode()]])
        return True

    def _instead(self, runs: Sequence[Run], aside: Sequence[Run]) -> Plan[R] | None:
        try:
            return self._plan.instead(runs, aside) if self._plan.instead else None
        except CourseInvalid:
            # Whoever asks for the reference is told, every time.
            return None

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
                self._reference = self._plan.made(self._kept)
            except CourseInvalid:
                if self._released:
                    raise CouldNotJudge(damaged(self._exercise.id)) from None
                raise
        return self._reference

    @property
    def seconds(self) -> float:
        """How long these runs took, on whatever machine first did them; 0 where that is not known."""
        if self._seconds is None:
            kept = load_runs(self._key_of_seconds) if self._kept is not None and not self._released else None
            if kept is None:
                return 0.0
            self._seconds = float(kept[0][0])
        return self._seconds

    @property
    def frames(self) -> list[list[bytes]]:
        """What was seen, as it is kept, where nothing is missing: first what was settled, then the runs."""
        assert self._kept is not None
        return [[self._plan.note], *frames_of(self._kept)]

    def _key_of_all(self) -> str:
        jobs = (*self._plan.jobs, *self._plan.aside, *self._plan.follows_from)
        return content_key((str(JUDGING), torch_version(), sys.version, self._seed, *map(content_of, jobs)))

    @property
    def _key_of_seconds(self) -> str:
        return content_key((self._key, "seconds"))

    def _remembered(self, kept: list[list[bytes]] | None) -> list[Run] | None:
        if not kept:
            return None
        (note, *_), *frames = kept
        try:
            plan = self._plan.noted(note) if self._plan.noted else self._plan
            if len(frames) != len(plan.jobs):
                return None
            runs = [remembered(each, job) for each, job in zip(frames, plan.jobs, strict=True)]
        except (WireViolation, ValueError):
            return None
        self._plan = plan
        return runs


def reference(observer: ReferenceObserver[R]) -> Steps[R]:
    """Return what submissions are held to, and have run what is missing of it.

    Raises:
        CouldNotJudge: where the box failed.
        CourseInvalid: where the solution cannot serve as reference.
    """
    while observer.missing:
        (runs,) = yield from observed([Ours(observer.missing)])
        if observer.take(runs):
            break
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
    return [[*map(bytes, run.frames), run.stdout.encode()] for run in runs]


def content_of(job: Job) -> str:
    """Return everything that a job's runs follow from: exercise, solution, hidden numbers and seeds are all in it."""
    probes = [[probe_content(each), each.seed.hex()] for each in job.probes] if isinstance(job, ProgramJob) else []
    return json.dumps([job_content(job, ""), probes])


@cache
def torch_version() -> str:
    """Return the version of torch; a course asks for each of its exercises.

    Raises:
        CouldNotJudge: where there is none.
    """
    try:
        return version("torch")
    except PackageNotFoundError:
        raise CouldNotJudge(say("torch is not installed; install it with: pip install torch")) from None
