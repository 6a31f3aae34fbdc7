"""Observes the author's wrong programs on the probes of a check, or remembers what they were seen to do."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice

from grader.core.course.exercise import Check, Coded
from grader.core.diagnose.diagnose import AnswerSide
from grader.core.diagnose.wrong_programs import KnownWrong, WrongProgram
from grader.core.judge.judge import Reference, holds, wrong_at
from grader.core.judge.version import JUDGING
from grader.core.program.code_digest import Digest, digest_of
from grader.core.program.source import Source
from grader.core.report.finding import Finding
from grader.core.run.observation import Job, ProgramJob, Run, RunStatus
from grader.core.run.plan import preloads, program_jobs
from grader.grading.judge.reference import content_of, frames_of, remembered, torch_version
from grader.sandbox.wire.bounds import WireViolation
from grader.store.machine.cache import content_key, keep_runs, load_runs, observing
from grader.store.release.files import Released
from grader.store.students.programs import whole_program

# Its first use takes seconds.
_LATE = "torch.optim"

# Runs jobs in one child, in turn, and returns as many runs as it came to.
RunTogether = Callable[[Sequence[Job]], list[Run]]


class WrongObserver:
    """The wrong programs of one exercise, observed check by check as submissions need them.

    Args:
        released: in the students' copy, what the programs were seen to do; they are not there themselves.
    """

    def __init__(
        self,
        work: Coded,
        programs: Sequence[WrongProgram],
        solution: Source,
        seed: bytes,
        released: Released | None = None,
    ) -> None:
        self._work = work
        self._released = released
        self._programs: list[tuple[WrongProgram, Source]] = (
            list(released.wrong)
            if released
            else [(program, source) for program in programs if (source := _source(program)) is not None]
        )
        self._solution = solution
        self._seed = seed
        self._sides: dict[str, AnswerSide] = {}
        self._lasting = True

    def seen(self, check: Check, reference: Reference, run_together: RunTogether) -> AnswerSide:
        """Return what is known for diagnosing a check. A program that cannot be observed is left out."""
        if check.name not in self._sides:
            self._sides[check.name] = AnswerSide(self._solution, self._observed(check, reference, run_together))
        return self._sides[check.name]

    def _observed(self, check: Check, reference: Reference, run_together: RunTogether) -> list[KnownWrong]:
        jobs = [self._jobs(check, source) for _, source in self._programs]
        kept = self._kept(check, reference, jobs, run_together)
        return [
            KnownWrong(program, source, wrong_at(check, source, self._seed, *_halves(runs)))
            for (program, source), runs in zip(self._programs, kept, strict=True)
            if runs
        ]

    def frames(self, check: Check, reference: Reference, run_together: RunTogether) -> list[list[bytes]]:
        """Return what the programs were seen to do at a check, as it is kept: none of one that is left out."""
        jobs = [self._jobs(check, source) for _, source in self._programs]
        return _frames(self._kept(check, reference, jobs, run_together), jobs)

    def digests(self, frames: Mapping[Check, list[list[bytes]]]) -> list[tuple[WrongProgram, Digest]]:
        """Return the programs without their text, where these are their frames."""
        runs: list[list[Run]] = [[] for _ in self._programs]
        for check, kept in frames.items():
            jobs = [self._jobs(check, source) for _, source in self._programs]
            for own, some in zip(runs, _read(kept, jobs) or [], strict=True):
                own += some
        return [
            (replace(program, source=b""), digest_of(source, own))
            for (program, source), own in zip(self._programs, runs, strict=True)
        ]

    def _kept(
        self, check: Check, reference: Reference, jobs: Sequence[list[ProgramJob]], run_together: RunTogether
    ) -> list[list[Run]]:
        if self._released:
            # What cannot be read names nothing; the verdict does not stand on it.
            return _read(self._released.observed.get(check.name), jobs) or [[] for _ in jobs]
        own = [content_of(job) for some in jobs for job in some]
        key = content_key((str(JUDGING), torch_version(), sys.version, "wrong", self._seed, *own))
        kept = _read(load_runs(key), jobs)
        if kept is not None:
            return kept
        with observing(key):
            kept = _read(load_runs(key), jobs)
            if kept is None:
                kept = self._run(check, reference, jobs, run_together)
                if self._lasting:
                    keep_runs(key, _frames(kept, jobs))
            return kept

    def _run(
        self, check: Check, reference: Reference, jobs: Sequence[list[ProgramJob]], run_together: RunTogether
    ) -> list[list[Run]]:
        """Return the runs of each program; none of one that could not be observed, or that holds at this check."""
        found = self._in_children(jobs, run_together)
        # What the machine did to a program is not what the program does.
        self._lasting = all(run.status is not RunStatus.SANDBOX_FAILED for runs in found for run in runs)
        for place, (runs, (_, source)) in enumerate(zip(found, self._programs, strict=True)):
            complete = len(runs) == len(jobs[place]) and all(run.status is RunStatus.COMPLETED for run in runs)
            if not complete or holds(check, source, self._seed, _halves(runs)[1], reference):
                found[place] = []
        return found

    def _in_children(self, jobs: Sequence[list[ProgramJob]], run_together: RunTogether) -> list[list[Run]]:
        """Run each program's jobs, many programs in one child: starting one costs more than running most of them."""
        count = os.cpu_count() or 1
        slow = {place for place, (_, source) in enumerate(self._programs) if _LATE in preloads(self._work, source.text)}
        quick = [place for place in range(len(jobs)) if place not in slow]
        # What imports something that takes seconds shares it with the others that do.
        groups = [group for group in (sorted(slow), *(quick[start::count] for start in range(count))) if group]
        found: dict[int, list[Run]] = {}
        with ThreadPoolExecutor(count) as pool:
            in_groups = pool.map(lambda group: _in_turn([jobs[place] for place in group], run_together), groups)
            for group, some in zip(groups, list(in_groups), strict=True):
                found.update(zip(group, some, strict=True))
        return [found[place] for place in range(len(jobs))]

    def _jobs(self, check: Check, source: Source) -> list[ProgramJob]:
        """Return the jobs in float64, then those in float32."""
        return [
            replace(job, trusted=True)
            for dtype in ("float64", "float32")
            for job in program_jobs(check, source.text, source.filename, self._seed, self._work, dtype=dtype)
        ]


def _in_turn(jobs: Sequence[list[ProgramJob]], run_together: RunTogether) -> list[list[Run]]:
    """Run programs one after another in one child; one that ends it gets its own, and those after it another."""
    found: list[list[Run]] = []
    while len(found) < len(jobs):
        left = jobs[len(found) :]
        runs = run_together([job for some in left for job in some])
        done = iter([run for run in runs if run.status is RunStatus.COMPLETED])
        for some in left:
            own = list(islice(done, len(some)))
            if len(own) < len(some):
                found.append(run_together(some))
                break
            found.append(own)
    return found


def _source(program: WrongProgram) -> Source | None:
    source = whole_program(program.source, program.shown)
    return None if isinstance(source, Finding) else source


def _frames(kept: Sequence[list[Run]], jobs: Sequence[list[ProgramJob]]) -> list[list[bytes]]:
    """Return what is kept of every job; of a program that is left out, what it did not print."""
    empty = Run(RunStatus.NOT_RUN)
    return frames_of([run for runs, some in zip(kept, jobs, strict=True) for run in (runs or [empty] * len(some))])


def _halves(runs: Sequence[Run]) -> tuple[Sequence[Run], Sequence[Run]]:
    """Return the runs in float64, and those in float32."""
    half = len(runs) // 2
    return runs[:half], runs[half:]


def _read(kept: list[list[bytes]] | None, jobs: Sequence[list[ProgramJob]]) -> list[list[Run]] | None:
    if kept is None or len(kept) != sum(map(len, jobs)):
        return None
    runs = iter(kept)
    try:
        return [
            [run for job in some if len(frames := next(runs)) > 1 for run in [remembered(frames, job)]] for some in jobs
        ]
    except WireViolation:
        return None
