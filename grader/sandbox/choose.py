"""Chooses a box: the best level that this machine holds, found by trying it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from grader.core.run.jobs import Job
from grader.core.run.observation import Run, RunStatus
from grader.sandbox.closed import closed
from grader.sandbox.port import Lends, Requirement, Sandbox, SandboxUnavailable, could_not_run
from grader.sandbox.probe import asking, open_places

if TYPE_CHECKING:
    from grader.sandbox.linux.fork_server import ForkServer
    from grader.sandbox.linux.lending import Lend
    from grader.sandbox.linux.levels import Level

LEVELS = ("full", "reduced", "none")


@dataclass(frozen=True)
class Trial:
    """Whether this machine holds a level; where it does not, why, and the line that mends it."""

    isolation: str
    holds: bool
    why: str = ""
    mend: str = ""


def make_box(
    isolation: str,
    preload: Iterable[str] = (),
    original: socket | None = None,
    more: Iterable[str] = (),
    borrowed: socket | None = None,
    lends: bool = False,
) -> Sandbox:
    """Return a box of one level, untried.

    Args:
        original: the control of a fork server of this level, where there is one to be copied.
        more: what that does not import of the preload.
        borrowed: the control of a fork server of this level that is the box's own from now on.
        lends: whether other commands may have copies of it.
    """
    if sys.platform != "linux":
        if isolation != "none":
            raise SandboxUnavailable("only Linux can lock a box")
        from grader.sandbox.portable.spawn import SpawnBox

        return SpawnBox(preload)
    from grader.sandbox.linux.fork import ForkBox

    return ForkBox(preload, _level(isolation), original=original, more=more, borrowed=borrowed, lends=lends)


def lender(course: Path, lend: Lend) -> AbstractContextManager[object]:
    """Return what lends copies of a box to other commands of this user until it is left."""
    if sys.platform != "linux":
        return nullcontext()
    from grader.sandbox.linux.lending import Lender

    return closing(Lender(course, lend))


def original_fork_server(isolation: str, preload: Iterable[str]) -> ForkServer | None:
    """Start a fork server whose copies several processes can have in their boxes; None where no box has a fork server.

    Raises:
        SandboxUnavailable: where the level needs a program that is not installed.
    """
    if sys.platform != "linux":
        return None
    from grader.sandbox.linux.fork_server import ForkServer

    return ForkServer.started(preload, _level(isolation))


def _level(isolation: str) -> Level:
    from grader.sandbox.linux import levels

    if isolation == "none":
        return levels.plain()
    return {"full": levels.full, "reduced": levels.reduced}[isolation](closed())


def try_level(isolation: str) -> Trial:
    """Start a box of this level without any preload, lead a child through it, and say how it went."""
    try:
        box = make_box(isolation)
    except SandboxUnavailable as error:
        run = could_not_run(error)
        return Trial(isolation, False, run.detail, run.mend)
    try:
        run = _tried(box)
    finally:
        box.close()
    if run.status is RunStatus.COMPLETED:
        return Trial(isolation, True)
    return Trial(isolation, False, run.detail, run.mend)


def _tried(box: Sandbox) -> Run:
    """Return the run of a program that tries to read what is to be closed to it; failed where it could.

    At `none` everything is open.
    """
    places = closed() if box.isolation != "none" else ()
    run = box.run(asking(places))
    if run.status is not RunStatus.COMPLETED:
        return run
    found = dict.fromkeys(f"{place.what} ({place.path})" for place in open_places(places, run))
    if not found:
        return run
    return could_not_run(SandboxUnavailable(f"submissions could read: {', '.join(found)}", Requirement.ELSEWHERE))


class BestBox:
    """The best box that can be had, at one of the levels given: each is tried, the strongest first.

    Args:
        preload: modules that the box imports before it starts to count.
        allowed: levels to try. Where none holds, every job ends as `sandbox_failed`, saying why.
        course: the folder of the course whose `course watch` may lend a box that is warm.
        lends: whether other commands may have copies of it.
    """

    def __init__(
        self,
        preload: Iterable[str] = (),
        allowed: Iterable[str] = LEVELS,
        course: Path | None = None,
        lends: bool = False,
    ) -> None:
        self._preload = tuple(preload)
        self._allowed = tuple(allowed)
        self._chosen: Future[Sandbox] = Future()
        self._trying: Sandbox | None = None
        self._lock = Lock()
        self._started = self._closed = False
        self._course = course
        self._lends = lends
        self._is_borrowed = False

    @property
    def isolation(self) -> str:
        """The level found; waits until it is. `none` where there is no box at all."""
        self.start()
        return "none" if self._chosen.exception() else self._chosen.result().isolation

    def start(self) -> None:
        """Begin to try, without waiting."""
        with self._lock:
            if not self._started:
                self._started = True
                Thread(target=self._choose, daemon=True).start()

    def run(self, job: Job) -> Run:
        """Run one job in the box found."""
        self.start()
        try:
            box = self._chosen.result()
        except SandboxUnavailable as error:
            return could_not_run(error)
        return self._led(lambda: [box.run(job)])[0]

    def run_together(self, jobs: Sequence[Job]) -> list[Run]:
        """Run jobs of one submission in one child of the box found."""
        self.start()
        try:
            box = self._chosen.result()
        except SandboxUnavailable:
            return []
        return self._led(lambda: box.run_together(jobs))

    def lend(self, asked: Mapping[str, Any], cores: Sequence[int], control: socket) -> bool:
        """Let another command have a copy of the box, once one is found."""
        if not self._chosen.done() or self._chosen.exception() is not None:
            return False
        box = self._chosen.result()
        return isinstance(box, Lends) and box.lend(asked, cores, control)

    def _led(self, run: Callable[[], list[Run]]) -> list[Run]:
        """Return runs; once more where they failed in what was borrowed: who lent it may have ended, and it has too."""
        borrowed = self._is_borrowed
        runs = run()
        if borrowed and not self._closed and any(each.status is RunStatus.SANDBOX_FAILED for each in runs):
            self._is_borrowed = False
            return run()
        return runs

    def close(self) -> None:
        """End the box found, or the one that is being tried."""
        self._closed = True
        if self._trying is not None:
            self._trying.close()
        if self._started and self._chosen.exception() is None:
            self._chosen.result().close()

    def _choose(self) -> None:
        why = []
        for isolation in self._allowed:
            try:
                borrowed = self._borrow(isolation)
                self._is_borrowed = borrowed is not None
                box = self._trying = make_box(isolation, self._preload, borrowed=borrowed, lends=self._lends)
            except SandboxUnavailable as error:
                why.append(f"{isolation}: {error}")
                continue
            run = self._led(lambda box=box: [_tried(box)])[0]  # type: ignore[misc]
            if run.status is RunStatus.COMPLETED and not self._closed:
                self._chosen.set_result(box)
                return
            box.close()
            why.append(f"{isolation}: {run.detail}")
            if self._closed:
                break
        self._chosen.set_exception(SandboxUnavailable("; ".join(why)))

    def _borrow(self, isolation: str) -> socket | None:
        if self._course is None or sys.platform != "linux" or isolation == "none":
            return None
        from grader.sandbox.linux.lending import borrowed, is_lent, wanted

        if not is_lent(self._course):
            return None
        try:
            return borrowed(self._course, wanted(_level(isolation), self._preload))
        except OSError:
            return None


def box_maker(
    isolation: str | None, course: Path | None = None, lends: bool = False
) -> Callable[[Iterable[str]], Sandbox]:
    """Return what makes boxes for a command: of the level asked for, or else of the best there is.

    Args:
        course: the folder of the course, where a box may be a copy of one that its `course watch` keeps.
        lends: whether other commands may have copies of them.
    """
    allowed = LEVELS if isolation is None else (isolation,)
    return lambda preload: BestBox(preload, allowed, course, lends)
