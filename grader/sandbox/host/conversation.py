"""What the host says to a child and what it hears back: the same in every box."""

from __future__ import annotations

from grader.core.course.sampling import cotangent
from grader.core.run.observation import Called, GradcheckJob, Job, Probe, ProgramJob, Run, RunStatus, Stop
from grader.sandbox.host.streams import Stopped, Streams
from grader.sandbox.wire import frames
from grader.sandbox.wire.bounds import WireViolation
from grader.sandbox.wire.jobs import job_content, probe_content, to_child
from grader.sandbox.wire.reading import Reading

_MOST_DRAWN = 2**20
STATUS = {
    Stop.WALL: RunStatus.TIMED_OUT,
    Stop.CPU: RunStatus.TIMED_OUT,
    Stop.MEMORY: RunStatus.OUT_OF_MEMORY,
}


def converse(job: Job, streams: Streams, scratch: str, marked: bool = False) -> Run:
    """Put `job` to a ready child, probe by probe, and return what it sent; a stop keeps what came before it."""
    reading = Reading(job)
    try:
        content = to_child(job_content(job, scratch, marked))
        if isinstance(job, ProgramJob):
            _put_program(job, content, streams, reading)
        else:
            streams.send(content)
            _expect(frames.Gradchecked if isinstance(job, GradcheckJob) else frames.Answers, streams, reading)
        _expect(frames.Done, streams, reading)
    except Stopped as stopped:
        return reading.run(STATUS.get(stopped.stop, RunStatus.CRASHED), stopped.stop)
    except WireViolation as violation:
        return reading.run(RunStatus.CRASHED, Stop.WIRE, str(violation))
    return reading.run(RunStatus.COMPLETED)


def _put_program(job: ProgramJob, content: bytes, streams: Streams, reading: Reading) -> None:
    # What comes next always goes along: a child that need not wait for it is done sooner.
    streams.send(content + _asked(job, 0))
    _expect(frames.Loaded, streams, reading)
    if job.script or job.finals:
        _expect(frames.Ran, streams, reading)
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
    """Draw a hidden vector for each floating output. It is drawn flat: a row and a column get the same one.

    No limit of the run holds while the host draws, so of very large outputs only the values count.
    """
    cotangents: list[list[float] | None] = []
    left = _MOST_DRAWN
    for place, value in enumerate(called.values):
        size = value.data.size if value.data is not None else 0
        drawn = value.kind == "tensor" and "float" in value.dtype and size <= left
        cotangents.append(cotangent(probe.seed, probe.index, place, size) if drawn else None)
        left -= size if drawn else 0
    return cotangents
