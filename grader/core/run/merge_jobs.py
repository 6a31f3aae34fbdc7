"""One run where several checks ask for the same: the same program on the same numbers, looked at in several ways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from grader.core.run.observation import ProgramJob, Run


@dataclass(frozen=True)
class Joined:
    """Jobs that serve others.

    Attributes:
        jobs: what is to be run.
    """

    jobs: tuple[ProgramJob, ...]
    _places: tuple[int, ...]

    def apart(self, runs: Sequence[Run]) -> list[Run | None]:
        """Return the run of each job that was joined, in their order; None where it has none.

        Args:
            runs: of `jobs`, in their order; there may be fewer.
        """
        return [runs[place] if place < len(runs) else None for place in self._places]

    def comes_first(self, place: int) -> bool:
        """Whether nothing ran before what the job at `place` asks."""
        return self._places[place] == 0


def joined(jobs: Iterable[ProgramJob]) -> Joined:
    """Join scripts that differ only in what is recorded and read; nothing else is joined.

    What is called afterwards keeps a run to itself: it could print, hang or fill memory where others are only read.
    """
    places: dict[ProgramJob, int] = {}
    found: list[ProgramJob] = []
    parts: list[int] = []
    for job in jobs:
        alike = replace(job, trace=False, finals=()) if job.script else job
        place = places.setdefault(alike, len(found))
        if place == len(found):
            found.append(alike)
        so_far = found[place]
        finals = tuple(dict.fromkeys((*so_far.finals, *job.finals)))
        found[place] = replace(so_far, trace=so_far.trace or job.trace, finals=finals)
        parts.append(place)
    return Joined(tuple(found), tuple(parts))
