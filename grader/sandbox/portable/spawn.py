"""Every system: a fresh interpreter per job of a submission; our own jobs take turns in one that stays."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from grader.core.course.checks.limits import Limits
from grader.core.run.jobs import AuthorTestsJob, FilesJob, GradcheckJob, GraphJob, Job, ProgramJob
from grader.core.run.observation import Run, RunStatus, Stop
from grader.sandbox.host.author_tests import conduct_author_tests
from grader.sandbox.host.child import Child, Watch, conduct, limits_of, start_python
from grader.sandbox.host.conversation import Stopped, Streams, converse
from grader.sandbox.host.scratch import Scratch
from grader.sandbox.port import SandboxUnavailable, could_not_run, told_by_another_program
from grader.sandbox.portable.pipes import pumped
from grader.sandbox.wire.frames import Ready, header_of, parts_of

# On Windows, whatever is started meanwhile inherits what another is to find: a pipe would not end with its child.
_HANDLES = threading.Lock()
_START_LIMITS = Limits(wall=120.0, cpu=120.0, memory=8 * 2**30)


@dataclass(frozen=True, eq=False)
class _Interpreter:
    """A started interpreter that has said that it is ready."""

    process: subprocess.Popen[bytes]
    frames: socket.socket
    out: socket.socket
    err: socket.socket

    def child(self) -> Child:
        return Child(self.process.pid, self.frames, self.out, self.err, self.kill, self.ended)

    def kill(self) -> None:
        try:
            if sys.platform != "win32":
                os.killpg(self.process.pid, signal.SIGKILL)
        except OSError:
            pass
        self.process.kill()
        self.process.wait()

    def ended(self, limit: float) -> int | None:
        try:
            return self.process.wait(limit)
        except subprocess.TimeoutExpired:
            return None

    def close(self) -> None:
        self.kill()
        for channel in (self.frames, self.out, self.err):
            channel.close()


class SpawnBox:
    """The plain box where a process that has imported torch must not fork, as on macOS and Windows.

    Args:
        preload: modules that an interpreter imports before it says that it is ready.
        pipes: talk through pipes and threads, as Windows needs, instead of sockets.
    """

    isolation = "none"

    def __init__(self, preload: Iterable[str] = (), pipes: bool = sys.platform == "win32") -> None:
        self._preload = ",".join(preload)
        self._pipes = pipes
        self._own_turn = threading.Lock()
        self._started: set[_Interpreter] = set()
        self._closed = False
        self._own: _Interpreter | None = None

    def start(self) -> None:
        """Do nothing: each job starts its own interpreter."""

    def close(self) -> None:
        """End every interpreter. Jobs that were running end as `sandbox_failed`; none starts any more."""
        self._closed = True
        for interpreter in list(self._started):
            interpreter.kill()
        with self._own_turn:
            if self._own is not None:
                self._own.close()
                self._own = None

    def run(self, job: Job) -> Run:
        """Run one job in a fresh interpreter, or where it is our own job, in the one that stays."""
        try:
            with tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True) as folder:
                scratch = Scratch(folder)
                if isinstance(job, AuthorTestsJob):
                    run = self._author_tests(job, scratch)
                elif _is_ours(job):
                    with self._own_turn:
                        run = self._run_own(job, scratch)
                else:
                    run = self._run_alone(job, scratch)
        except (OSError, SandboxUnavailable) as error:
            return could_not_run(error)
        if self._closed and run.status is not RunStatus.COMPLETED:
            return could_not_run(SandboxUnavailable("the box was closed"))
        return run

    def run_together(self, jobs: Sequence[Job]) -> list[Run]:
        """Run our own jobs one after another. For others, each in its own interpreter, nothing would be saved."""
        runs: list[Run] = []
        for job in jobs if all(map(_is_ours, jobs)) else ():
            runs.append(self.run(job))
            if runs[-1].status is not RunStatus.COMPLETED:
                break
        return runs

    def _run_alone(self, job: Job, scratch: Scratch) -> Run:
        interpreter = self._interpreter()
        try:
            return conduct(job, interpreter.child(), scratch)
        finally:
            self._started.discard(interpreter)

    def _author_tests(self, job: AuthorTestsJob, scratch: Scratch) -> Run:
        started: list[_Interpreter] = []
        try:
            started += [self._interpreter()]
            started += [self._interpreter()]
            program, tests = started
            with tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True) as another:
                return conduct_author_tests(job, program.child(), tests.child(), scratch, Scratch(another))
        finally:
            for interpreter in started:
                interpreter.close()
            self._started.difference_update(started)

    def _run_own(self, job: Job, scratch: Scratch) -> Run:
        own = self._own = self._own or self._interpreter()
        limits = limits_of(job)
        watch = Watch(limits, own.process.pid)
        streams = Streams(own.frames.dup(), own.out.dup(), own.err.dup(), limits.output, watch.look)
        try:
            run = converse(job, streams, scratch, marked=True)
            if run.status is RunStatus.COMPLETED:
                streams.read_to_mark()
            run = replace(run, usage=watch.usage(), stdout=streams.stdout, stderr=streams.stderr)
        except Stopped as stopped:
            run = Run(RunStatus.CRASHED, stopped.stop)
        finally:
            streams.close()
        if run.stop is Stop.EXIT and (own.ended(1.0) or 0) < 0:
            # Killed from outside, by the system perhaps: no fault of the program in it.
            run = Run(RunStatus.SANDBOX_FAILED, Stop.SANDBOX, "the box's interpreter was killed")
        if run.status is not RunStatus.COMPLETED:
            self._started.discard(own)
            own.close()
            self._own = None
        return run

    def _interpreter(self) -> _Interpreter:
        if self._closed:
            raise SandboxUnavailable("the box was closed")
        interpreter = self._start_piped() if self._pipes else self._start_with_sockets()
        self._started.add(interpreter)
        try:
            self._wait_until_ready(interpreter)
        except BaseException:
            self._started.discard(interpreter)
            interpreter.close()
            raise
        return interpreter

    def _wait_until_ready(self, interpreter: _Interpreter) -> None:
        watch = Watch(_START_LIMITS, interpreter.process.pid)
        sockets = (interpreter.frames.dup(), interpreter.out.dup(), interpreter.err.dup())
        streams = Streams(*sockets, _START_LIMITS.output, watch.look)
        try:
            frame = streams.receive()
            if not isinstance(header_of(parts_of(frame)[0]), Ready):
                raise SandboxUnavailable("the interpreter did not say that it is ready")
        except Stopped:
            streams.drain(1.0)
            last = streams.stderr.strip().rpartition("\n")[2]
            raise SandboxUnavailable(
                last or "the interpreter ended without a word", told_by_another_program(last)
            ) from None
        finally:
            streams.close()

    def _start_with_sockets(self) -> _Interpreter:
        pairs = [socket.socketpair() for _ in range(3)]
        frames, out, err = (theirs for _, theirs in pairs)
        arguments = ["single", str(frames.fileno()), str(frames.fileno()), self._preload]
        try:
            process = start_python(arguments, [frames.fileno()], stdout=out.fileno(), stderr=err.fileno())
        finally:
            for _, theirs in pairs:
                theirs.close()
        return _Interpreter(process, *(ours for ours, _ in pairs))

    def _start_piped(self) -> _Interpreter:
        (job_out, job_in), (frame_out, frame_in) = os.pipe(), os.pipe()
        with _HANDLES:
            theirs = [_handle(job_out), _handle(frame_in)]
            arguments = ["single", *map(str, theirs), self._preload]
            try:
                process = start_python(arguments, [job_out, frame_in], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            finally:
                os.close(job_out)
                os.close(frame_in)
        assert process.stdout is not None and process.stderr is not None
        out, err = (pumped(os.dup(pipe.fileno())) for pipe in (process.stdout, process.stderr))
        process.stdout.close()
        process.stderr.close()
        return _Interpreter(process, pumped(frame_out, job_in), out, err)


def _is_ours(job: Job) -> bool:
    return isinstance(job, GraphJob | GradcheckJob | FilesJob) or (isinstance(job, ProgramJob) and job.trusted)


def _handle(descriptor: int) -> int:
    """Make a descriptor inheritable and return the number under which the child finds it."""
    os.set_inheritable(descriptor, True)
    if sys.platform == "win32":
        import msvcrt

        return msvcrt.get_osfhandle(descriptor)
    return descriptor
