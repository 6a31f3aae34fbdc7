"""The host's end of the wire: a bounded, strict reading of what a child sends, frame by frame, into observations."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import replace

from grader.core.course.checks.given import Layout
from grader.core.course.given_files import MOST_BYTES, GivenFile
from grader.core.run import observation as seen
from grader.core.run.jobs import FilesJob, GradcheckJob, Job, ProgramJob
from grader.core.run.trace import Floats
from grader.core.run.trained import Trained as Training
from grader.sandbox.wire.frames import (
    MOST_STEPS,
    Answers,
    Blocks,
    CalledFrame,
    Done,
    Frame,
    Gradchecked,
    Gradients,
    Loaded,
    Made,
    ModulePart,
    Opened,
    Ran,
    Ready,
    Trained,
    WireViolation,
    arrays_of,
    header_of,
    parts_of,
)
from grader.sandbox.wire.traces import take, trace_of
from grader.sandbox.wire.values import raised_of, value_of


def decode(header: bytes, block: bytes) -> tuple[Frame, dict[str, Floats]]:
    """Read one frame of the child.

    Raises:
        WireViolation: where it is anything but a well-formed frame.
    """
    return header_of(header), arrays_of(block, len(header))


def run_from(frames: Iterable[bytes], job: Job) -> seen.Run:
    """Return the completed run whose child sent `frames`.

    Raises:
        WireViolation: where the frames are not those of a child doing `job`.
    """
    reading = Reading(job)
    for raw in frames:
        reading.add(raw)
    return reading.run(seen.RunStatus.COMPLETED)


class Reading:
    """Turns frames into observations, in the order in which an honest child sends them."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._frames: list[bytes | memoryview] = []
        self._loaded: seen.Loaded | None = None
        self._ran: seen.Ran | None = None
        self._answers: tuple[float, ...] = ()
        self.trained: Training | None = None
        self._gradchecked: dict[str, str] = {}
        self._made: tuple[GivenFile, ...] = ()
        self._not_made: seen.Raised | None = None
        self.called: list[seen.Called] = []
        self.no_device = False

    def run(self, status: seen.RunStatus, stop: seen.Stop | None = None, detail: str = "") -> seen.Run:
        """Return what was read so far, as a run with this status."""
        return seen.Run(
            status,
            stop,
            detail,
            loaded=self._loaded,
            ran=self._ran,
            called=tuple(self.called),
            answers=self._answers,
            gradchecked=self._gradchecked,
            made=self._made,
            not_made=self._not_made,
            frames=tuple(self._frames),
            trained=self.trained,
            no_device=self.no_device,
        )

    def add(self, raw: bytes | memoryview) -> Frame:
        """Read one frame: the two lengths, the header and the block.

        Raises:
            WireViolation: where it is not what an honest child sends.
        """
        frame, arrays = decode(*parts_of(raw))
        blocks = Blocks(arrays)
        self._take_in(frame, blocks)
        blocks.require_all_used()
        if not isinstance(frame, Ready | Done):
            self._frames.append(raw)
        return frame

    def _take_in(self, frame: Frame, arrays: Blocks) -> None:
        match frame:
            case Opened():
                if self._frames or not isinstance(self._job, ProgramJob) or not self._job.device:
                    raise WireViolation("a device that was not asked for")
                self.no_device = not frame.opened
            case Loaded():
                self._loaded = _loaded(frame)
            case Ran():
                self._ran = _ran(frame, arrays, self._job)
            case Trained():
                self.trained = _trained(frame, arrays, self._job)
            case CalledFrame():
                place = len(self.called)
                _only({*frame.unbound, *filter(None, [frame.missing])}, self._names(place))
                self._hold_to_probe(frame, place)
                called = _called(frame, arrays)
                self._require_all_calls(called, place)
                self.called.append(called)
            case Gradients():
                if not self.called:
                    raise WireViolation("gradients of nothing")
                self._hold_gradients(frame, len(self.called) - 1)
                self.called[-1] = _with_gradients(self.called[-1], frame, arrays)
            case Answers():
                self._answers = tuple(frame.values)
            case Gradchecked():
                probes = self._job.program.probes if isinstance(self._job, GradcheckJob) else ()
                _only(frame.faults, (name for probe in probes for name in probe.gradients))
                self._gradchecked = frame.faults
            case Made():
                self._made = _made(frame, self._job)
                self._not_made = raised_of(frame.raised) if frame.raised else None
            case Ready() | Done():
                pass

    def _names(self, place: int) -> set[str]:
        """Return the names that probe `place` is about."""
        probes = self._job.probes if isinstance(self._job, ProgramJob) else ()
        if place >= len(probes):
            raise WireViolation("an answer to no probe")
        probe = probes[place]
        inputs = (item.name for item in (*probe.given, *probe.args))
        return {probe.call.function, *probe.wanted, *probe.gradients, *inputs}

    def _hold_to_probe(self, frame: CalledFrame, place: int) -> None:
        """Hold what came of objects and expressions to what the probe asks."""
        assert isinstance(self._job, ProgramJob)
        probe = self._job.probes[place]
        _only(frame.after, probe.after)
        if any(value.parts for value in frame.draws) or (frame.draws and not probe.draws[0]):
            raise WireViolation("calls that were not asked for")
        if {*frame.cost} != {*(probe.cost if frame.values is not None else ())}:
            raise WireViolation("a cost that was not asked for, or none that was")
        _only({*frame.layouts, *([frame.module.name] if frame.module else [])}, (each.name for each in probe.modules))

    def _require_all_calls(self, called: seen.Called, place: int) -> None:
        """Hold what further calls returned to their number: statistics are taken along the first axis."""
        assert isinstance(self._job, ProgramJob)
        count = self._job.probes[place].draws[0]
        if any(value.data is not None and value.data.shape[:1] != (count,) for value in called.draws):
            raise WireViolation("another number of calls than was asked for")

    def _hold_gradients(self, frame: Gradients, place: int) -> None:
        """Hold gradients to what they were asked for; those of an object are of its parameters."""
        names = self._names(place)
        assert isinstance(self._job, ProgramJob)
        probe = self._job.probes[place]
        layouts = {each.name: each.layout for each in probe.modules}
        for name in {name for name, _ in probe.let} & {*probe.gradients}:
            layout = layouts.get(name)
            names |= (
                {f"{name}.{slot}" for slot, _ in layout}
                if layout is not None
                else {found for found in (*frame.gradients, *frame.not_required) if found.startswith(f"{name}.")}
            )
        _only({*frame.gradients, *frame.not_required}, names)


def _only(found: Iterable[str], asked: Iterable[str]) -> None:
    """Names go into sentences for people: a submission must not be able to write there."""
    if not set(found) <= set(asked):
        raise WireViolation("a name that was not asked for")


def _made(frame: Made, job: Job) -> tuple[GivenFile, ...]:
    names = [name for name, _ in frame.files]
    if not isinstance(job, FilesJob) or (not frame.raised and sorted(names) != sorted(job.names)):
        raise WireViolation("files that were not asked for")
    try:
        files = tuple(GivenFile(name, base64.b64decode(content, validate=True)) for name, content in frame.files)
    except ValueError as error:
        raise WireViolation(str(error)[:200]) from None
    if sum(len(file.content) for file in files) > MOST_BYTES:
        raise WireViolation("files that are too large")
    return files


def _loaded(frame: Loaded) -> seen.Loaded:
    return seen.Loaded(tuple(frame.names), frame.functions, tuple(map(raised_of, frame.skipped)))


def _ran(frame: Ran, arrays: Blocks, job: Job) -> seen.Ran:
    if not isinstance(job, ProgramJob):
        raise WireViolation("a name that was not asked for")
    _only(frame.finals, job.finals)
    _only({*frame.unbound, *frame.odd, *frame.longer}, (item.name for item in job.given))
    stores = take(frame.stores, arrays)
    if stores is not None and stores.ndim != 1:
        raise WireViolation("stores that are no series")
    return seen.Ran(
        raised=raised_of(frame.raised) if frame.raised else None,
        unbound=tuple(frame.unbound),
        odd=frame.odd,
        longer=frame.longer,
        trace=trace_of(frame.trace, arrays) if frame.trace else None,
        stores=stores,
        finals={name: value_of(value, arrays) for name, value in frame.finals.items()},
    )


def _trained(frame: Trained, arrays: Blocks, job: Job) -> Training:
    if not isinstance(job, ProgramJob) or job.training is None:
        raise WireViolation("a training that was not asked for")
    _only(filter(None, [frame.missing]), job.training.wanted)
    losses = take(frame.losses, arrays)
    if losses is not None and (losses.ndim != 1 or len(losses) > MOST_STEPS):
        raise WireViolation("losses that are no series")
    return Training(raised_of(frame.raised) if frame.raised else None, frame.missing, frame.steps, losses)


def _called(frame: CalledFrame, arrays: Blocks) -> seen.Called:
    for values in (frame.values or (), frame.draws, *frame.after.values()):
        places = [tuple(value.place) for value in values]
        if len(places) > 1 and (() in places or len(set(places)) < len(places)):
            raise WireViolation("several values at one place")
    return seen.Called(
        raised=raised_of(frame.raised) if frame.raised else None,
        missing=frame.missing,
        signature=frame.signature,
        unbound=tuple(frame.unbound),
        values=tuple(value_of(value, arrays) for value in frame.values or ()),
        module=_module(frame.module) if frame.module else None,
        after={asked: tuple(value_of(value, arrays) for value in values) for asked, values in frame.after.items()},
        draws=tuple(value_of(value, arrays) for value in frame.draws),
        cost=dict(frame.cost.items()),
        layouts={name: _layout(slots) for name, slots in frame.layouts.items()},
    )


def _module(part: ModulePart) -> seen.OtherModule:
    return seen.OtherModule(part.name, part.type_name, _layout(part.slots), part.unregistered)


def _layout(slots: Iterable[tuple[str, list[int]]]) -> Layout:
    return tuple((name, tuple(shape)) for name, shape in slots)


def _with_gradients(called: seen.Called, frame: Gradients, arrays: Blocks) -> seen.Called:
    if any(len(refs) != len(called.values) for refs in frame.gradients.values()):
        raise WireViolation("gradients of other results")
    return replace(
        called,
        gradients={name: tuple(take(ref, arrays) for ref in refs) for name, refs in frame.gradients.items()},
        not_required=tuple(frame.not_required),
        backward_raised=raised_of(frame.raised) if frame.raised else None,
    )
