"""The host's end of the wire: jobs and probes out, and a bounded, strict reading of everything that comes back.

A frame from the child is two lengths, a JSON header and a safetensors block. The header is decoded into the types below
and nothing else; unknown fields, NaN, infinities, numbers out of range, lone surrogates, deep nesting and trailing
bytes are refused by the decoder. The block holds float64 arrays only, each used exactly once. Nothing is unpickled.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta
from safetensors import SafetensorError
from safetensors.numpy import load

from grader.core.autodiff.expression import unparse
from grader.core.autodiff.graph import Derivative
from grader.core.run import observation as seen
from grader.core.run.observation import AuthorTestsJob, Floats, GradcheckJob, GraphJob, Input, Job, Probe, ProgramJob

HEAD = struct.Struct(">II")
MOST_HEADER = 8 * 2**20
MOST_BLOCK = 64 * 2**20
# Bytes of a block's index for a byte of the header: a trace's leaf needs 4 to 5. Reading the index costs microseconds
# an array while no limit of a run holds, and what the header does not refer to is refused anyway.
_INDEX_SHARE, _LEAST_INDEX = 8, 1024

_MOST_STEPS = 5000

Short = Annotated[str, Meta(max_length=200)]
Long = Annotated[str, Meta(max_length=2000)]
# A block, or a row of one: what is recorded step by step is stacked.
Ref = Annotated[str, Meta(max_length=16, pattern="^[0-9]+(?:[.][0-9]+)?$")]
Line = Annotated[int, Meta(ge=0, le=10_000_000)]
Names = Annotated[list[Short], Meta(max_length=1000)]


class WireViolation(ValueError):
    """The child sent bytes that no honest child sends."""


class _Frame(msgspec.Struct, forbid_unknown_fields=True, tag_field="frame"):
    pass


class _Raised(msgspec.Struct, forbid_unknown_fields=True):
    type_name: Short
    message: Long
    line: Line
    function: Short = ""


class _Value(msgspec.Struct, forbid_unknown_fields=True):
    kind: str
    type_name: Annotated[str, Meta(max_length=300)]
    dtype: Short = ""
    requires_grad: bool = False
    leaf: bool = False
    data: Ref | None = None


class _Leaf(msgspec.Struct, forbid_unknown_fields=True):
    ids: Annotated[list[Annotated[int, Meta(ge=0, le=1_000_000)]], Meta(max_length=_MOST_STEPS)]
    before: Ref | None
    fresh: Ref | None
    after: Ref | None


class _Stretch(msgspec.Struct, forbid_unknown_fields=True):
    """Steps that are alike: each reference is the first step's, and the others' are the rows behind it."""

    count: Annotated[int, Meta(ge=1, le=_MOST_STEPS)]
    root: Ref | None
    leaves: Annotated[list[_Leaf], Meta(max_length=16)]


class _Trace(msgspec.Struct, forbid_unknown_fields=True):
    stretches: Annotated[list[_Stretch], Meta(max_length=_MOST_STEPS)]
    count: Annotated[int, Meta(ge=0, le=10**12)]
    last: Annotated[list[Ref | None], Meta(max_length=16)]


class Ready(_Frame, tag="ready"):
    pass


class Done(_Frame, tag="done"):
    pass


class Loaded(_Frame, tag="loaded"):
    names: Names
    functions: Annotated[dict[Short, Annotated[str, Meta(max_length=500)]], Meta(max_length=1000)]
    skipped: Annotated[list[_Raised], Meta(max_length=20)]


class Ran(_Frame, tag="ran"):
    finals: Annotated[dict[Short, _Value], Meta(max_length=100)]
    raised: _Raised | None = None
    unbound: Names = []
    odd: Annotated[dict[Short, Short], Meta(max_length=100)] = {}
    trace: _Trace | None = None
    stores: Ref | None = None


class CalledFrame(_Frame, tag="called"):
    raised: _Raised | None = None
    missing: Short | None = None
    signature: Annotated[str, Meta(max_length=500)] | None = None
    unbound: Names = []
    values: Annotated[list[_Value], Meta(max_length=32)] | None = None


class Gradients(_Frame, tag="gradients"):
    not_required: Names = []
    gradients: Annotated[dict[Short, Ref | None], Meta(max_length=100)] = {}
    raised: _Raised | None = None


class Answers(_Frame, tag="answers"):
    values: Annotated[list[float], Meta(max_length=1000)]


class Gradchecked(_Frame, tag="gradchecked"):
    faults: Annotated[dict[Short, Long], Meta(max_length=100)]


Frame = Ready | Done | Loaded | Ran | CalledFrame | Gradients | Answers | Gradchecked
_DECODER: msgspec.json.Decoder[Frame] = msgspec.json.Decoder(Frame)
_KINDS = frozenset({"tensor", "array", "number", "list", "none", "other"})


def to_child(content: Mapping[str, Any]) -> bytes:
    """Return the bytes of one frame to the child."""
    body = msgspec.json.encode(content)
    return struct.pack(">I", len(body)) + body


def job_content(job: Job, scratch: str, marked: bool = False) -> dict[str, Any]:
    """Return what the child is told of `job`. Probes follow one at a time; seeds never.

    Args:
        marked: let the child mark where this job's output ends, because another job follows.
    """
    if isinstance(job, GraphJob):
        return {
            "kind": "graph",
            "scratch": scratch,
            "at": job.at,
            "nodes": [(node.name, unparse(node.expression)) for node in job.graph.nodes],
            "arriving": [(top.of, top.node, top.value) for top in job.graph.arriving],
            "questions": [[q.of, q.by] if isinstance(q, Derivative) else [q.name] for q in job.questions],
        }
    if isinstance(job, AuthorTestsJob):
        raise TypeError("author tests are two conversations")
    if isinstance(job, GradcheckJob):
        probes = [probe_content(probe) for probe in job.program.probes]
        return {**job_content(job.program, scratch, marked), "kind": "gradcheck", "probes": probes}
    return {
        "kind": "program",
        "scratch": scratch,
        "source": job.source,
        "filename": job.filename,
        "script": job.script,
        "given": _inputs(job.given),
        "stores": job.stores,
        "trace": job.trace,
        "finals": job.finals,
        "dtype": job.dtype,
        "marked": marked,
    }


def probe_content(probe: Probe) -> dict[str, Any]:
    """Return what the child is told of one probe: everything but its seed."""
    return {
        "call": {"function": probe.call.function, "arguments": probe.call.arguments},
        "given": _inputs(probe.given),
        "args": _inputs(probe.args),
        "gradients": probe.gradients,
    }


def decode(header: bytes, block: bytes) -> tuple[Frame, dict[str, Floats]]:
    """Read one frame of the child.

    Raises:
        WireViolation: where it is anything but a well-formed frame.
    """
    if int.from_bytes(block[:8], "little") > _LEAST_INDEX + _INDEX_SHARE * len(header):
        raise WireViolation("more arrays than the header refers to")
    try:
        frame = _DECODER.decode(header)
        arrays = load(block) if block else {}
    except (msgspec.MsgspecError, SafetensorError, ValueError, RecursionError, KeyError, TypeError, OverflowError) as e:
        raise WireViolation(str(e)[:200]) from None
    if any(array.dtype != np.float64 or array.ndim > 8 for array in arrays.values()):
        raise WireViolation("an array that is not float64, or of more than 8 dimensions")
    return frame, arrays


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
        self._frames: list[bytes] = []
        self._loaded: seen.Loaded | None = None
        self._ran: seen.Ran | None = None
        self._answers: tuple[float, ...] = ()
        self._gradchecked: dict[str, str] = {}
        self.called: list[seen.Called] = []

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
            frames=tuple(self._frames),
        )

    def add(self, raw: bytes) -> Frame:
        """Read one frame: the two lengths, the header and the block.

        Raises:
            WireViolation: where it is not what an honest child sends.
        """
        if len(raw) < HEAD.size:
            raise WireViolation("a frame without its two lengths")
        length, rest = HEAD.unpack_from(raw)
        if len(raw) != HEAD.size + length + rest:
            raise WireViolation("a frame of other lengths than it says")
        frame, arrays = decode(raw[HEAD.size : HEAD.size + length], raw[HEAD.size + length :])
        blocks = _Blocks(arrays)
        self._take_in(frame, blocks)
        blocks.require_all_used()
        if not isinstance(frame, Ready | Done):
            self._frames.append(raw)
        return frame

    def _take_in(self, frame: Frame, arrays: _Blocks) -> None:
        match frame:
            case Loaded():
                self._loaded = _loaded(frame)
            case Ran():
                self._ran = _ran(frame, arrays, self._job)
            case CalledFrame():
                _only({*frame.unbound, *filter(None, [frame.missing])}, self._names(len(self.called)))
                self.called.append(_called(frame, arrays))
            case Gradients():
                if not self.called:
                    raise WireViolation("gradients of nothing")
                _only({*frame.gradients, *frame.not_required}, self._names(len(self.called) - 1))
                self.called[-1] = _with_gradients(self.called[-1], frame, arrays)
            case Answers():
                self._answers = tuple(frame.values)
            case Gradchecked():
                probes = self._job.program.probes if isinstance(self._job, GradcheckJob) else ()
                _only(frame.faults, (name for probe in probes for name in probe.gradients))
                self._gradchecked = frame.faults
            case Ready() | Done():
                pass

    def _names(self, place: int) -> set[str]:
        """Return the names that probe `place` is about."""
        probes = self._job.probes if isinstance(self._job, ProgramJob) else ()
        if place >= len(probes):
            raise WireViolation("an answer to no probe")
        probe = probes[place]
        return {probe.call.function, *probe.gradients, *(item.name for item in (*probe.given, *probe.args))}


def _only(found: Iterable[str], asked: Iterable[str]) -> None:
    """Names go into sentences for people: a submission must not be able to write there."""
    if not set(found) <= set(asked):
        raise WireViolation("a name that was not asked for")


def _loaded(frame: Loaded) -> seen.Loaded:
    return seen.Loaded(tuple(frame.names), frame.functions, tuple(map(_raised, frame.skipped)))


def _ran(frame: Ran, arrays: _Blocks, job: Job) -> seen.Ran:
    if not isinstance(job, ProgramJob):
        raise WireViolation("a name that was not asked for")
    _only(frame.finals, job.finals)
    _only({*frame.unbound, *frame.odd}, (item.name for item in job.given))
    stores = _take(frame.stores, arrays)
    if stores is not None and stores.ndim != 1:
        raise WireViolation("stores that are no series")
    return seen.Ran(
        raised=_raised(frame.raised) if frame.raised else None,
        unbound=tuple(frame.unbound),
        odd=frame.odd,
        trace=_trace(frame.trace, arrays) if frame.trace else None,
        stores=stores,
        finals={name: _value(value, arrays) for name, value in frame.finals.items()},
    )


def _trace(trace: _Trace, arrays: _Blocks) -> seen.Trace:
    if sum(stretch.count for stretch in trace.stretches) > _MOST_STEPS:
        raise WireViolation("more steps than are recorded")
    steps = tuple(step for stretch in trace.stretches for step in _steps(stretch, arrays))
    last = tuple(leaf for leaf in (_take(ref, arrays) for ref in trace.last) if leaf is not None)
    return seen.Trace(steps, trace.count, last)


def _steps(stretch: _Stretch, arrays: _Blocks) -> list[seen.Backward]:
    columns = [_leaves(leaf, stretch.count, arrays) for leaf in stretch.leaves]
    roots = arrays.take_rows(stretch.root, stretch.count) if stretch.root else [np.zeros(0)] * stretch.count
    known = zip(*filter(None, columns), strict=True) if any(columns) else [()] * stretch.count
    return [seen.Backward(root, leaves) for root, leaves in zip(roots, known, strict=True)]


def _leaves(leaf: _Leaf, count: int, arrays: _Blocks) -> list[seen.Leaf]:
    """Return one leaf of each step; nothing where its values are not known."""
    if len(leaf.ids) != count:
        raise WireViolation("other leaves than steps")
    nothing: list[Floats | None] = [None] * count
    before = arrays.take_rows(leaf.before, count) if leaf.before else []
    fresh = arrays.take_rows(leaf.fresh, count) if leaf.fresh else nothing
    after = arrays.take_rows(leaf.after, count) if leaf.after else nothing
    # Without values there is nothing to hold to anything.
    return [seen.Leaf(*of_step) for of_step in zip(before, fresh, after, leaf.ids, strict=True)] if before else []


def _called(frame: CalledFrame, arrays: _Blocks) -> seen.Called:
    return seen.Called(
        raised=_raised(frame.raised) if frame.raised else None,
        missing=frame.missing,
        signature=frame.signature,
        unbound=tuple(frame.unbound),
        values=tuple(_value(value, arrays) for value in frame.values or ()),
    )


def _with_gradients(called: seen.Called, frame: Gradients, arrays: _Blocks) -> seen.Called:
    return replace(
        called,
        gradients={name: _take(ref, arrays) for name, ref in frame.gradients.items()},
        not_required=tuple(frame.not_required),
        backward_raised=_raised(frame.raised) if frame.raised else None,
    )


def _value(value: _Value, arrays: _Blocks) -> seen.Value:
    data = _take(value.data, arrays)
    if value.kind not in _KINDS or (data is None) != (value.kind in ("none", "other")):
        raise WireViolation("a value of no known kind")
    return seen.Value(value.kind, value.type_name, value.dtype, value.requires_grad, value.leaf, data)


def _raised(raised: _Raised) -> seen.Raised:
    return seen.Raised(raised.type_name, raised.message, raised.line, raised.function)


def _take(ref: str | None, arrays: _Blocks) -> Floats | None:
    return None if ref is None else arrays.take(ref)


class _Blocks:
    """The arrays of one frame. Each is referred to exactly once, as a whole or by its rows."""

    def __init__(self, arrays: dict[str, Floats]) -> None:
        self._arrays = arrays
        self._rows: dict[str, int] = {}

    def take(self, ref: str) -> Floats:
        """Return the array that a reference stands for."""
        if ref not in self._arrays:
            raise WireViolation("a reference to no array")
        if ref in self._rows:
            raise WireViolation("a reference to a whole and to its rows")
        return self._arrays.pop(ref)

    def take_rows(self, ref: str, count: int) -> list[Floats]:
        """Return so many rows from a reference on, in their order, so that none is left or used twice.

        A whole stands for one.
        """
        name, stacked, row = ref.partition(".")
        if not stacked and count == 1:
            return [self.take(ref)]
        array, first = self._arrays.get(name), self._rows.get(name, 0)
        if array is None or not stacked or array.ndim == 0 or int(row) != first or first + count > len(array):
            raise WireViolation("a reference to no row")
        self._rows[name] = first + count
        if first + count == len(array):
            del self._arrays[name]
        return [array[place, ...] for place in range(first, first + count)]

    def require_all_used(self) -> None:
        if self._arrays:
            raise WireViolation("an array that nothing refers to")


def _inputs(inputs: tuple[Input, ...]) -> list[dict[str, Any]]:
    return [
        {
            "name": item.name,
            "shape": item.array.shape if item.array else (),
            "numbers": item.array.numbers if item.array else (),
            "expression": unparse(item.expression) if item.expression else None,
            "parameter": item.parameter,
            "optional": item.optional,
            "like": item.like,
        }
        for item in inputs
    ]
