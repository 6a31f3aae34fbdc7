"""What the solution was seen to do: remembered, or to be run."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version

from grader.core.course.exercise import Coded, Exercise, Stated
from grader.core.findings.telling import told
from grader.core.judge.digests import JUDGING
from grader.core.judge.reference import Reference, ReferenceFault, reference_of
from grader.core.program.source import Source, read_source, syntax_fault
from grader.core.report.finding import Finding
from grader.core.run.observation import Job, ProgramJob, Run, RunStatus
from grader.core.run.plan import graph_job, program_jobs
from grader.core.words.errors import CouldNotJudge, CourseInvalid, Fault, Position
from grader.core.words.message import Message, say
from grader.sandbox.wire.frames import WireViolation
from grader.sandbox.wire.jobs import job_content, probe_content
from grader.sandbox.wire.reading import run_from
from grader.store.machine.cache import content_key, keep_runs, load_runs
from grader.store.release.files import Released
from grader.store.release.folder import damaged


class ReferenceObserver:
    """The reference of one exercise.

    Args:
        exercise: read and valid.
        solution: the solution's bytes; b"" for stated values, whose reference is autograd on the graph.
        shown: how messages call the solution's file.
        seed: of the hidden probes.
        released: in the students' copy, what the solution was seen to do; it is not there itself.
    """

    def __init__(
        self, exercise: Exercise, solution: bytes, shown: str, seed: bytes, released: Released | None = None
    ) -> None:
        self._exercise = exercise
        self._shown = shown
        self._seed = seed
        self._released = released is not None
        self._source = released.solution if released else self._read(solution)
        self._jobs = self._all_jobs()
        # What is released needs no torch here, nor a place to be remembered at.
        self._key = "" if released else self._key_of_all()
        self._kept = self._remembered(released.reference if released else load_runs(self._key))
        if released and self._kept is None:
            raise CouldNotJudge(damaged(exercise.id))
        self._references: dict[str, Reference] | None = None

    @property
    def source(self) -> str:
        return self._source.text

    @property
    def program(self) -> Source:
        """The solution, as it is read."""
        return self._source

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
                raise CouldNotJudge(say("the solution could not be run: {detail}", detail=run.detail))
        if all(run.status is RunStatus.COMPLETED for run in runs):
            keep_runs(self._key, frames_of(runs))
        self._kept = list(runs)

    @property
    def answers(self) -> Mapping[str, float]:
        """Autograd's answer to every ask, where nothing is missing.

        Raises:
            CouldNotJudge: where what was released is damaged.
            CourseInvalid: where torch cannot work the graph out.
        """
        assert isinstance(self._exercise.work, Stated) and self._kept is not None
        (run,) = self._kept
        asks = self._exercise.work.asks
        if len(run.answers) != len(asks) and self._released:
            raise CouldNotJudge(damaged(self._exercise.id))
        if len(run.answers) != len(asks):
            raise self._invalid(say("torch cannot compute this graph: {words}", words=run.stderr.strip()[-500:]))
        return {ask.name: answer for ask, answer in zip(asks, run.answers, strict=True)}

    @property
    def references(self) -> Mapping[str, Reference]:
        """The reference of every check, where nothing is missing.

        Raises:
            CouldNotJudge: where what was released is damaged.
            CourseInvalid: where the solution cannot serve as reference.
        """
        if self._references is None:
            self._references = self._made()
        return self._references

    @property
    def frames(self) -> list[list[bytes]]:
        """What the solution was seen to do, as it is kept, where nothing is missing."""
        assert self._kept is not None
        return frames_of(self._kept)

    def _made(self) -> dict[str, Reference]:
        work = self._exercise.work
        assert isinstance(work, Coded) and self._kept is not None
        runs = iter(self._kept)
        references = {}
        for check in work.checks:
            count = len(self._check_jobs(work, 0, check.name))
            exact, single = ([next(runs) for _ in range(count)] for _ in range(2))
            try:
                references[check.name] = reference_of(check, self._source, self._seed, exact, single)
            except ReferenceFault as fault:
                if self._released:
                    raise CouldNotJudge(damaged(self._exercise.id)) from None
                raise self._invalid(say("check {check}: {what}", check=fault.check, what=fault.message)) from None
        return references

    def _key_of_all(self) -> str:
        return content_key((str(JUDGING), torch_version(), sys.version, self._seed, *map(content_of, self._jobs)))

    def _remembered(self, kept: list[list[bytes]] | None) -> list[Run] | None:
        if kept is None or len(kept) != len(self._jobs):
            return None
        try:
            return [remembered(frames, job) for frames, job in zip(kept, self._jobs, strict=True)]
        except WireViolation:
            return None

    def _all_jobs(self) -> tuple[Job, ...]:
        work = self._exercise.work
        if isinstance(work, Stated):
            return (graph_job(work),)
        assert isinstance(work, Coded)
        return tuple(
            job for check in work.checks for which in range(2) for job in self._check_jobs(work, which, check.name)
        )

    def _check_jobs(self, work: Coded, which: int, name: str) -> tuple[ProgramJob, ...]:
        check = next(check for check in work.checks if check.name == name)
        dtype = ("float64", "float32")[which]
        return program_jobs(check, self._source.text, self._source.filename, self._seed, work, dtype=dtype, ours=True)

    def _read(self, solution: bytes) -> Source:
        source = read_source(solution, self._shown)
        fault = source if isinstance(source, Finding) else syntax_fault(source)
        if fault is not None:
            raise self._invalid(told(fault))
        assert isinstance(source, Source)
        return source

    def _invalid(self, message: Message) -> CourseInvalid:
        return CourseInvalid([Fault(Position(self._shown), message)])


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
    """Return everything that the child is told of a job: exercise, solution and hidden numbers are all in it."""
    probes = [probe_content(probe) for probe in job.probes] if isinstance(job, ProgramJob) else []
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
