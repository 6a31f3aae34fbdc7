"""One run where several checks ask for the same: the same program on the same numbers, looked at in several ways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from grader.core.observation import ProgramJob, Run


@dataclass(frozen=True)
class _Part:
    """Where the answers to one job are: the run that serves it, and its calls in there."""

    run: int
    first_call: int
    calls: int


@dataclass(frozen=True)
class Joined:
    """Jobs that serve others.

    Attributes:
        jobs: what is to be run.
    """

    jobs: tuple[ProgramJob, ...]
    _parts: tuple[_Part, ...]

    def apart(self, runs: Sequence[Run]) -> list[Run | None]:
        """Return the run of each job that was joined, in their order; None where it has none.

        Args:
            runs: of `jobs`, in their order; there may be fewer.
        """
        return [_own(runs[part.run], part) if part.run < len(runs) else None for part in self._parts]

    def comes_first(self, place: int) -> bool:
        """Whether nothing ran before what the job at `place` asks, be it another job or another's call."""
        return (self._parts[place].run, self._parts[place].first_call) == (0, 0)


def joined(jobs: Iterable[ProgramJob]) -> Joined:
    """Join scripts that differ only in what is recorded, read or called afterwards; nothing else is joined."""
    places: dict[ProgramJob, int] = {}
    found: list[ProgramJob] = []
    parts: list[_Part] = []
    for job in jobs:
        # Definitions are loaded anew for each check: what one sets stays for its own calls only.
        alike = replace(job, trace=False, finals=(), probes=()) if job.script else job
        place = places.setdefault(alike, len(found))
        if place == len(found):
            found.append(replace(alike, probes=()))
        so_far = found[place]
        parts.append(_Part(place, len(so_far.probes), len(job.probes)))
        found[place] = replace(
            so_far,
            trace=so_far.trace or job.trace,
            finals=tuple(dict.fromkeys((*so_far.finals, *job.finals))),
            probes=(*so_far.probes, *job.probes),
        )
    return Joined(tuple(found), tuple(parts))


def _own(run: Run, part: _Part) -> Run:
    return replace(run, called=run.called[part.first_call : part.first_call + part.calls])
