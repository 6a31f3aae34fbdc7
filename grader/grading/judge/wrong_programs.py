"""What the author's wrong programs were seen to do at a check: remembered, or to be run."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from grader.core.course.exercise import Check, Coded
from grader.core.diagnose.diagnose import AnswerSide
from grader.core.diagnose.wrong_programs import KnownWrong, WrongProgram
from grader.core.judge.digests import JUDGING
from grader.core.judge.judge import holds, wrong_at
from grader.core.judge.reference import Reference
from grader.core.program.features.code_digest import Digest, digest_of
from grader.core.program.source import Source
from grader.core.report.finding import Finding
from grader.core.run.jobs import ProgramJob
from grader.core.run.observation import Run, RunStatus
from grader.core.run.plan import program_jobs
from grader.core.run.preloads import preloads
from grader.grading.judge.reference import content_of, frames_of, remembered, torch_version
from grader.grading.judge.steps import Ours
from grader.sandbox.wire.frames import WireViolation
from grader.store.machine.cache import content_key, keep_runs, load_runs, observing
from grader.store.release.files import Released
from grader.store.students.programs import program_of_ours

# Its first use takes seconds.
_LATE = "torch.optim"


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
        # The runs of each program at a check; none of one that is left out.
        self._kept: dict[str, list[list[Run]]] = {}
        self._sides: dict[str, AnswerSide] = {}
        self._made: dict[str, list[list[ProgramJob]]] = {}

    @contextmanager
    def missing(self, checks: Sequence[Check]) -> Iterator[Mapping[Check, Sequence[Ours]]]:
        """Yield the programs whose runs at these checks are not known; another grader waits meanwhile, and knows then.

        Do not ask for more before these were taken.
        """
        unknown = [check for check in checks if not self._is_known(check)]
        with observing(map(self._key, unknown)):
            yield {check: self._ours(check) for check in unknown if not self._is_known(check)}

    def take(self, check: Check, reference: Reference, runs: Sequence[list[Run]]) -> None:
        """Take the runs of what was missing at a check, and remember them.

        A program that could not be observed, or that holds at this check, is left out.
        """
        found = [
            own if _complete(own) and not holds(check, source, self._seed, _halves(check, own)[1], reference) else []
            for own, (_, source) in zip(runs, self._programs, strict=True)
        ]
        self._kept[check.name] = found
        # What the machine did to a program is not what the program does.
        if all(run.status is not RunStatus.SANDBOX_FAILED for own in runs for run in own):
            keep_runs(self._key(check), _frames(found, self._jobs(check)))

    def answer_side(self, check: Check) -> AnswerSide:
        """Return what a check is diagnosed with, where nothing is missing."""
        if check.name not in self._sides:
            seen = [
                KnownWrong(program, source, wrong_at(check, source, self._seed, *_halves(check, runs)))
                for (program, source), runs in zip(self._programs, self._kept[check.name], strict=True)
                if runs
            ]
            self._sides[check.name] = AnswerSide(self._solution, seen)
        return self._sides[check.name]

    def frames(self, check: Check) -> list[list[bytes]]:
        """Return what the programs were seen to do at a check, as it is kept: none of one that is left out."""
        return _frames(self._kept[check.name], self._jobs(check))

    def digests(self) -> list[tuple[WrongProgram, Digest]]:
        """Return the programs without their text, and what is told of them by what they were seen to do."""
        return [
            (
                replace(program, source=b""),
                digest_of(
                    source,
                    [run for check in self._work.checks for run in self._kept[check.name][place]],
                    self._solution,
                ),
            )
            for place, (program, source) in enumerate(self._programs)
        ]

    def _is_known(self, check: Check) -> bool:
        if check.name not in self._kept:
            jobs = self._jobs(check)
            if self._released:
                # What cannot be read names nothing; the verdict does not stand on it.
                self._kept[check.name] = _read(self._released.observed.get(check.name), jobs) or [[] for _ in jobs]
            elif (kept := _read(load_runs(self._key(check)), jobs)) is not None:
                self._kept[check.name] = kept
        return check.name in self._kept

    def _key(self, check: Check) -> str:
        own = [content_of(job) for some in self._jobs(check) for job in some]
        if check.data is not None:
            # Several checks may look at one training, and a program may hold at one of them.
            own.append(check.name)
        return content_key((str(JUDGING), torch_version(), sys.version, "wrong", self._seed, *own))

    def _ours(self, check: Check) -> list[Ours]:
        sources = [source for _, source in self._programs]
        return [
            Ours(tuple(jobs), late=_LATE in preloads(self._work, source.text))
            for source, jobs in zip(sources, self._jobs(check), strict=True)
        ]

    def _jobs(self, check: Check) -> list[list[ProgramJob]]:
        """Return each program's jobs: in float64, then in float32; of a training that of the first seed alone."""
        if check.name not in self._made:
            self._made[check.name] = [
                [
                    replace(job, trusted=True)
                    for dtype in (("float64", "float32") if check.data is None else ("float32",))
                    for job in _first(
                        check,
                        program_jobs(check, source.text, source.filename, self._seed, self._work, dtype=dtype),
                    )
                ]
                for _, source in self._programs
            ]
        return self._made[check.name]


def _complete(runs: Sequence[Run]) -> bool:
    return all(run.status is RunStatus.COMPLETED for run in runs)


def _source(program: WrongProgram) -> Source | None:
    source = program_of_ours(program.source, program.shown)
    return None if isinstance(source, Finding) else source


def _frames(kept: Sequence[list[Run]], jobs: Sequence[list[ProgramJob]]) -> list[list[bytes]]:
    """Return what is kept of every job; of a program that is left out, what it did not print."""
    empty = Run(RunStatus.NOT_RUN)
    return frames_of([run for runs, some in zip(kept, jobs, strict=True) for run in (runs or [empty] * len(some))])


def _first(check: Check, jobs: tuple[ProgramJob, ...]) -> tuple[ProgramJob, ...]:
    return jobs if check.data is None else jobs[:1]


def _halves(check: Check, runs: Sequence[Run]) -> tuple[Sequence[Run], Sequence[Run]]:
    """Return the runs in float64, and those in float32; a training is run once."""
    if check.data is not None:
        return runs, runs
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
