"""One started child process, what it uses, and the one way in which every box leads it through a job."""

from __future__ import annotations

import math
import os
import site
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import psutil

import grader
from grader.core.course.checks.limits import Limits
from grader.core.run.jobs import AuthorTestsJob, FilesJob, GraphJob, Job, ProgramJob
from grader.core.run.observation import Run, RunStatus, Stop, Usage
from grader.sandbox.host.conversation import STATUS, Stopped, Streams, converse
from grader.sandbox.host.own_time import OwnTime
from grader.sandbox.host.scratch import Scratch

_SIGKILL = 9  # Windows has no name for it.
_END_LIMIT = 1.0
_BETWEEN_LOOKS = 0.02
_BETWEEN_MEASURES = 0.01
# Times the limit. A program that has not had its own time by then is not waited for any longer.
_MOST_WAITING = 8


@dataclass(frozen=True, eq=False)
class Child:
    """A child and its sockets.

    Attributes:
        kill: ends it and its process group, without waiting; harmless where it has ended.
        ended: waits at most so many seconds; returns its exit code, or minus the signal's number, or None.
        release: waits for its end and gives up what was held of it.
        why_killed: returns why one that has ended was killed, where neither we nor it itself could have done so: by its
            limit of processor time, or else by the system; None where it could.
    """

    pid: int
    frames: socket.socket
    out: socket.socket
    err: socket.socket
    kill: Callable[[], None]
    ended: Callable[[float], int | None]
    release: Callable[[], None] = lambda: None
    why_killed: Callable[[], Stop | None] = lambda: None


def limits_of(job: Job) -> Limits:
    """Return the limits of a job; a graph, and what makes files, are ours and get the usual ones."""
    return Limits() if isinstance(job, GraphJob | FilesJob) else job.limits


def patience_with(job: Job) -> float:
    """Return for how long a job may run for now; those of our own may run to their limits."""
    return job.patience if isinstance(job, ProgramJob | AuthorTestsJob) else math.inf


def conduct(job: Job, child: Child, scratch: Scratch) -> Run:
    """Lead a ready child through one job, end it, and return what came of it."""
    watch = Watch(limits_of(job), child.pid, patience_with(job))
    streams = Streams(child.frames, child.out, child.err, limits_of(job).output, watch.look)
    try:
        return _ended(converse(job, streams, scratch), child, watch, streams)
    finally:
        child.kill()
        streams.close()


def conduct_together(jobs: Sequence[Job], child: Child, scratch: Scratch) -> list[Run]:
    """Lead a ready child through jobs in turn, end it, and return the runs: the first that fails is the last."""
    runs: list[Run] = []
    watch = Watch(limits_of(jobs[0]), child.pid, patience_with(jobs[0]))
    streams = Streams(child.frames, child.out, child.err, limits_of(jobs[0]).output, watch.look)
    try:
        for place, job in enumerate(jobs):
            if place:
                watch.go_on_with(limits_of(job), patience_with(job))
                streams.begin(limits_of(job).output)
            run = converse(job, streams, scratch, marked=True)
            if run.status is not RunStatus.COMPLETED:
                runs.append(_ended(run, child, watch, streams))
                break
            streams.read_to_mark()
            runs.append(replace(run, usage=watch.usage(), stdout=streams.stdout, stderr=streams.stderr))
    except Stopped:
        # The marks never came: what was printed belongs to nobody.
        pass
    finally:
        child.kill()
        streams.close()
    return runs


def _ended(run: Run, child: Child, watch: Watch, streams: Streams) -> Run:
    """End the child, and return its last run with how it ended and all that it printed."""
    run = replace(run, usage=watch.usage())
    if run.stop is Stop.EXIT:
        run = with_end(run, child, watch)
    child.kill()
    streams.drain(1.0)
    return replace(run, stdout=streams.stdout, stderr=streams.stderr)


def end_of(child: Child, watch: Watch) -> int | None:
    """Return how a child ended that is gone, or only looks so: its limits hold until it is."""
    until = time.monotonic() + _END_LIMIT
    try:
        while (code := child.ended(_BETWEEN_LOOKS)) is None and time.monotonic() < until:
            watch.look()
    except Stopped:
        return None
    return code


def with_end(run: Run, child: Child, watch: Watch) -> Run:
    """Return the run of a child that is gone with how it ended."""
    code = end_of(child, watch)
    if code is None:
        # It closed its channel and lives on. Nobody but the submission could have done that.
        return replace(run, stop=Stop.WIRE, detail="channel closed")
    if code == -_SIGKILL and (why := child.why_killed()) is not None:
        # Without memory enough for what its limits allow, the kernel kills whom it likes: no fault of the program.
        detail = "the system killed its process; there may be too little memory for what the limits allow"
        return replace(run, status=STATUS.get(why, RunStatus.SANDBOX_FAILED), stop=why, detail=detail)
    if code < 0:
        return replace(run, stop=Stop.SIGNAL, detail=str(-code))
    return replace(run, detail=str(code))


def start_python(
    arguments: list[str],
    keep: Iterable[int],
    stdout: int = subprocess.DEVNULL,
    stderr: int | IO[bytes] = subprocess.DEVNULL,
    jail: Callable[[list[str]], list[str]] = list,
) -> subprocess.Popen[bytes]:
    """Start the interpreter on the inside program, with nothing of our environment but what it needs to start."""
    home = str(Path(grader.__file__).parents[1])
    program = (
        f"import sys; sys.path.insert(0, {home!r}); from grader.sandbox.inside.main import main; main(sys.argv[1:])"
    )
    command = jail([sys.executable, "-P", "-c", program, *arguments])
    if sys.platform == "win32":
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, env=environment(), close_fds=False
        )
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        env=environment(),
        pass_fds=tuple(keep),
        start_new_session=True,
    )


def environment() -> dict[str, str]:
    """Return the child's environment: enough to start Python anywhere, and no secret of ours.

    Accelerators are hidden: what is judged on one machine must come out on another, and a GPU draws other random
    numbers and rounds in another way.
    """
    kept = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    threads = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    accelerators = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        **dict.fromkeys(threads, "1"),
        **dict.fromkeys(accelerators, ""),
        "PYTHONUSERBASE": site.getuserbase(),
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


class Watch:
    """Counts from its own creation, the moment before a submission's first line: what was there before is the base.

    Args:
        patience: seconds of the child's own time, all its jobs together, after which it is stopped for now.
    """

    def __init__(self, limits: Limits, pid: int, patience: float = math.inf) -> None:
        self._spent = 0.0
        self._own = OwnTime(pid)
        self._processes: list[psutil.Process] = []
        try:
            self._processes = _interpreter(pid)
        except psutil.Error:
            # It has ended already; its streams will say so.
            pass
        self._begin(limits, patience)

    def go_on_with(self, limits: Limits, patience: float) -> None:
        """Start counting again, for the next job of the same child; only patience is with all of them together."""
        self._spent += self.usage().own
        self._own.again()
        self._begin(limits, patience)

    def _begin(self, limits: Limits, patience: float) -> None:
        self._limits, self._patience = limits, patience
        self._base_cpu = self._base_memory = 0.0
        try:
            if self._processes:
                self._base_cpu, self._base_memory = self._measured()
        except psutil.Error:
            self._processes = []
        self._cpu, self._peak = self._base_cpu, self._base_memory
        self._started = self._looked = time.monotonic()
        self._resting: float | None = None

    def rest(self) -> None:
        """Stop counting wall time: it is another's turn."""
        self._resting = time.monotonic()

    def go_on(self) -> None:
        """Count wall time again."""
        if self._resting is not None:
            self._started += time.monotonic() - self._resting
            self._resting = None

    def look(self) -> None:
        """Measure, at most every few milliseconds.

        Raises:
            Stopped: where its own time, processor time or memory is above the limit, patience has an end, or it
                hardly ran at all.
        """
        now = time.monotonic()
        if now - self._looked < _BETWEEN_MEASURES:
            return
        self._looked = now
        try:
            if self._processes:
                self._cpu, memory = self._measured()
                self._peak = max(self._peak, memory)
                self._hold_to_usage(memory)
        except psutil.Error:
            pass
        if self._resting is None:
            self._hold_to_wall(now - self._started)

    def _hold_to_wall(self, wall: float) -> None:
        left = self._patience - self._spent
        # Looked at in good time: of a child that has just ended, only what was seen before is known, and several
        # threads use more than the time that passes.
        if wall < min(self._limits.wall, left) / 2:
            return
        own = self._own_time(wall)
        if own > self._limits.wall:
            raise Stopped(Stop.WALL)
        if own > left or wall > _MOST_WAITING * self._patience:
            raise Stopped(Stop.PATIENCE)
        if wall > _MOST_WAITING * self._limits.wall:
            raise Stopped(Stop.BUSY)

    def _own_time(self, wall: float) -> float:
        return self._own.of(wall, self._cpu - self._base_cpu)

    def _hold_to_usage(self, memory: float) -> None:
        if self._cpu - self._base_cpu > self._limits.cpu:
            raise Stopped(Stop.CPU)
        if memory - self._base_memory > self._limits.memory:
            raise Stopped(Stop.MEMORY)

    def usage(self) -> Usage:
        """Return what was used so far; processor time and memory as of the last look."""
        wall = (self._resting or time.monotonic()) - self._started
        return Usage(
            wall=wall,
            cpu=max(self._cpu - self._base_cpu, 0.0),
            memory=int(max(self._peak - self._base_memory, 0)),
            own=self._own_time(wall),
        )

    def _measured(self) -> tuple[float, float]:
        times = [each.cpu_times() for each in self._processes]
        memory = sum(each.memory_info().rss for each in self._processes)
        return sum(each.user + each.system for each in times), float(memory)


def _interpreter(pid: int) -> list[psutil.Process]:
    """Return what was started; on Windows with the interpreter, which a virtual environment's launcher starts in turn.

    Raises:
        psutil.Error: where it has ended.
    """
    process = psutil.Process(pid)
    return [process, *(process.children(recursive=True) if sys.platform == "win32" else ())]
