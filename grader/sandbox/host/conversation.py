"""What the host says to a child and what it hears back, the same in every box, over pipes that have a bound."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Mapping
from itertools import islice

from grader.core.course.draws.draw import cotangent
from grader.core.run.jobs import FilesJob, GradcheckJob, GraphJob, Job, ProgramJob, files_of
from grader.core.run.observation import Called, Run, RunStatus, Stop
from grader.core.run.probe import Probe
from grader.sandbox.host.scratch import Scratch
from grader.sandbox.wire import frames
from grader.sandbox.wire.frames import HEAD, MOST_BLOCK, MOST_HEADER, WireViolation
from grader.sandbox.wire.jobs import job_content, probe_content, to_child
from grader.sandbox.wire.reading import Reading

_MOST_DRAWN = 2**20
STATUS = {
    Stop.WALL: RunStatus.TIMED_OUT,
    Stop.BUSY: RunStatus.SANDBOX_FAILED,
    Stop.PATIENCE: RunStatus.TIMED_OUT,
    Stop.CPU: RunStatus.TIMED_OUT,
    Stop.MEMORY: RunStatus.OUT_OF_MEMORY,
}
# What the jobs that are not about a program are answered with.
_ANSWERS: Mapping[type[Job], type[frames.Frame]] = {
    GraphJob: frames.Answers,
    GradcheckJob: frames.Gradchecked,
    FilesJob: frames.Made,
}
_CHUNK = 1 << 18
_MOST_FRAMES = HEAD.size + MOST_HEADER + MOST_BLOCK
# All frames of one run are kept until it is judged.
_MOST_OF_RUN = 3 * _MOST_FRAMES
_PATIENCE = 0.02
# Whoever sends more crumbs than an honest child is read more seldom, and more at once.
_MOST_CRUMBS, _CRUMB, _BETWEEN_CRUMBS = 1000, 1 << 12, 0.002


def converse(job: Job, streams: Streams, scratch: Scratch, marked: bool = False) -> Run:
    """Put `job` to a ready child, probe by probe, and return what it sent; a stop keeps what came before it."""
    reading = Reading(job)
    try:
        told = job_content(job, scratch.path, marked)
        content = to_child(scratch.with_files(told, {file.name: file.content for file in files_of(job)}))
        if isinstance(job, ProgramJob):
            _put_program(job, content, streams, reading)
        else:
            streams.send(content)
            _expect(_ANSWERS[type(job)], streams, reading)
        _expect(frames.Done, streams, reading)
    except Stopped as stopped:
        return reading.run(STATUS.get(stopped.stop, RunStatus.CRASHED), stopped.stop)
    except WireViolation as violation:
        return reading.run(RunStatus.CRASHED, Stop.WIRE, str(violation))
    return reading.run(RunStatus.COMPLETED)


def _put_program(job: ProgramJob, content: bytes, streams: Streams, reading: Reading) -> None:
    # What comes next goes along: a child that need not wait is done sooner. Before it is trained it must not know.
    streams.send(content + (_asked(job, 0) if job.training is None else b""))
    if job.device:
        # Before anything of the program has run: it has no say in this.
        _expect(frames.Opened, streams, reading)
        if reading.no_device:
            return
    _expect(frames.Loaded, streams, reading)
    if job.script or job.finals:
        _expect(frames.Ran, streams, reading)
    if job.training is not None:
        _expect(frames.Trained, streams, reading)
        failed = reading.trained is not None and (reading.trained.raised or reading.trained.missing)
        streams.send(to_child({"end": True}) if failed else _asked(job, 0))
        if failed:
            return
    for place, probe in enumerate(job.probes):
        _expect(frames.CalledFrame, streams, reading)
        called = reading.called[-1]
        if probe.gradients and called.values:
            streams.send(to_child({"cotangents": _cotangents(probe, called)}) + _asked(job, place + 1))
            _expect(frames.Gradients, streams, reading)
        else:
            streams.send(_asked(job, place + 1))


def _asked(job: ProgramJob, place: int) -> bytes:
    """Return the frame of a probe; after the last one, that there is none."""
    last = place == len(job.probes)
    return to_child({"end": True} if last else probe_content(job.probes[place]))


def _expect(kind: type[frames.Frame], streams: Streams, reading: Reading) -> None:
    frame = reading.add(streams.receive())
    if not isinstance(frame, kind):
        raise WireViolation(f"a frame of the wrong kind: {type(frame).__name__}")


def _cotangents(probe: Probe, called: Called) -> list[list[float] | None]:
    """Draw a hidden vector for each floating output.

    They are drawn flat and one after the other: a row and a column get the same one, and so do one output and the parts
    of it in a list. No limit of the run holds while the host draws, so of very large outputs only the values count.
    """
    sizes: list[int | None] = []
    total = 0
    for value in called.values:
        size = value.data.size if value.data is not None else 0
        drawn = value.kind == "tensor" and "float" in value.dtype and total + size <= _MOST_DRAWN
        sizes.append(size if drawn else None)
        total += size if drawn else 0
    numbers = iter(cotangent(probe.seed, probe.index, total))
    return [None if size is None else list(islice(numbers, size)) for size in sizes]


class Stopped(Exception):
    """The child must not, or cannot, go on; `stop` is the reason."""

    def __init__(self, stop: Stop) -> None:
        super().__init__(stop.value)
        self.stop = stop


class Streams:
    """The host's ends of a child's channels. Sockets, because a selector takes those on every system.

    Args:
        frames: takes and gives frames.
        out, err: give the child's standard output and error.
        most_output: bytes of output and error, together, before the child is stopped.
        watch: called every few milliseconds; raises Stopped where a limit is passed.
    """

    def __init__(
        self,
        frames: socket.socket,
        out: socket.socket,
        err: socket.socket,
        most_output: int,
        watch: Callable[[], None],
    ) -> None:
        self._channel = frames
        self._sockets = (frames, out, err)
        self._selector = selectors.DefaultSelector()
        self._watch = watch
        self._ended = self._writing = False
        self._crumbs = 0
        self.begin(most_output)
        for name, source in (("frames", frames), ("out", out), ("err", err)):
            source.setblocking(False)
            self._selector.register(source, selectors.EVENT_READ, name)

    def begin(self, most_output: int) -> None:
        """Start counting again, for the next job of the same child; what came before is forgotten."""
        self._frames = bytearray()
        self._room = memoryview(b"")
        self._received = 0
        self._texts = {"out": bytearray(), "err": bytearray()}
        self._most_output = most_output

    @property
    def stdout(self) -> str:
        return self._texts["out"].decode("utf-8", "replace")

    @property
    def stderr(self) -> str:
        return self._texts["err"].decode("utf-8", "replace")

    def send(self, data: bytes) -> None:
        """Write all of `data`, reading meanwhile, so that neither end can block the other.

        Raises:
            Stopped: where a limit is passed or the child is gone.
        """
        view = memoryview(data)
        while view:
            if self._ended:
                raise Stopped(Stop.EXIT)
            try:
                view = view[self._channel.send(view[:_CHUNK]) :]
            except BlockingIOError:
                self._turn(writing=True)
            except OSError:
                raise Stopped(Stop.EXIT) from None

    def receive(self) -> bytes | memoryview:
        """Return the next frame: lengths, header and block.

        Raises:
            Stopped: where a limit is passed, the child is gone, or its lengths are out of bounds.
        """
        self._wait_for(HEAD.size)
        header, block = HEAD.unpack_from(self._frames)
        if header > MOST_HEADER or block > MOST_BLOCK:
            raise Stopped(Stop.WIRE)
        total = HEAD.size + header + block
        if total > max(_CHUNK, len(self._frames)):
            return self._receive_into_place(total)
        self._wait_for(total)
        with memoryview(self._frames) as come:
            frame = bytes(come[:total])
        del self._frames[:total]
        return frame

    def _receive_into_place(self, total: int) -> memoryview:
        # The largest frames are most of what a child can make its host work: they are read where they stay.
        frame = memoryview(bytearray(total))
        come = len(self._frames)
        frame[:come] = self._frames
        self._frames, self._room = bytearray(), frame[come:]
        while self._room:
            if self._ended:
                raise Stopped(Stop.EXIT)
            self._turn()
        return frame

    def drain(self, seconds: float) -> None:
        """Take what output is still on its way from a child that has ended."""
        until = time.monotonic() + seconds
        try:
            while {"out", "err"} & self._open() and time.monotonic() < until:
                self._turn(watched=False)
        except Stopped:
            pass

    def read_to_mark(self) -> None:
        """Take all output of a trusted job: it ends with a null byte on both streams."""
        while not all(text.endswith(b"\0") for text in self._texts.values()):
            if len(self._open()) < 3:
                raise Stopped(Stop.EXIT)
            self._turn()
        for text in self._texts.values():
            del text[-1:]

    def close(self) -> None:
        self._selector.close()
        for channel in self._sockets:
            channel.close()

    def _wait_for(self, count: int) -> None:
        while len(self._frames) < count:
            if self._ended:
                raise Stopped(Stop.EXIT)
            self._turn()

    def _open(self) -> set[str]:
        return {key.data for key in self._selector.get_map().values()}

    def _turn(self, writing: bool = False, watched: bool = True) -> None:
        """Wait a moment, at most, for something to read (or room to write), read it, and look at the limits."""
        if writing != self._writing and not self._ended:
            both = selectors.EVENT_READ | (selectors.EVENT_WRITE if writing else 0)
            self._selector.modify(self._channel, both, "frames")
            self._writing = writing
        if self._crumbs > _MOST_CRUMBS:
            time.sleep(_BETWEEN_CRUMBS)
        for key, events in self._selector.select(_PATIENCE):
            if events & selectors.EVENT_READ:
                assert isinstance(key.fileobj, socket.socket)
                self._read(key.data, key.fileobj)
        if watched:
            self._watch()

    def _read(self, name: str, source: socket.socket) -> None:
        try:
            count = self._read_frames(source) if name == "frames" else self._read_text(name, source)
        except BlockingIOError:
            return
        except OSError:
            count = 0
        self._crumbs += count < _CRUMB
        if not count:
            self._selector.unregister(source)
            self._ended = self._ended or name == "frames"

    def _read_frames(self, source: socket.socket) -> int:
        if self._room:
            count = source.recv_into(self._room)
            self._room = self._room[count:]
        else:
            data = source.recv(_CHUNK)
            self._frames += data
            count = len(data)
        self._received += count
        if len(self._frames) > _MOST_FRAMES or self._received > _MOST_OF_RUN:
            raise Stopped(Stop.WIRE)
        return count

    def _read_text(self, name: str, source: socket.socket) -> int:
        data = source.recv(_CHUNK)
        self._texts[name] += data
        if sum(map(len, self._texts.values())) > self._most_output:
            raise Stopped(Stop.OUTPUT)
        return len(data)
