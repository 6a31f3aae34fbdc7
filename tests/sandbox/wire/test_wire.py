"""The border to the box: whatever a child sends is an observation or a violation, and nothing else ever happens."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from repository import examples
from safetensors.numpy import save

from grader.core.autodiff.graph import Graph
from grader.core.course.checks.call import Call
from grader.core.course.checks.limits import Limits
from grader.core.course.given_files import GivenFile
from grader.core.run.jobs import FilesJob, GradcheckJob, GraphJob, Job, ProgramJob
from grader.core.run.observation import Run, RunStatus, Stop
from grader.core.run.probe import Probe
from grader.sandbox.host.conversation import Streams, converse
from grader.sandbox.host.scratch import Scratch
from grader.sandbox.inside.channel import Channel
from grader.sandbox.inside.recorders.autograd import Step
from grader.sandbox.inside.recorders.trace import trace_as_sent
from grader.sandbox.wire.frames import Answers, Ran, WireViolation
from grader.sandbox.wire.reading import Reading, decode, run_from

FUZZ = settings(max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.too_slow])
PROBE = Probe(Call("forward", ("x",)), (), (), ("w",), b"seed", 0)
PROGRAM = ProgramJob("", "a.py", script=True, trace=True, stores="w", finals=("w",), probes=(PROBE,))
GRAPH = GraphJob(Graph(()), (), ())
GRADCHECK = GradcheckJob(PROGRAM, Limits())

READY = {"frame": "ready"}
DONE = {"frame": "done"}
LOADED = {"frame": "loaded", "names": ["w"], "functions": {"forward": "x"}, "skipped": []}
ANSWERS = {"frame": "answers", "values": [-8.0, 1.0]}
TENSOR = {"kind": "tensor", "type_name": "torch.Tensor", "dtype": "float32", "requires_grad": True, "leaf": True}
RAISED = {"type_name": "ValueError", "message": "no", "line": 3, "function": "forward"}
RAN = {
    "frame": "ran",
    "finals": {"w": {**TENSOR, "data": "0"}},
    "unbound": [],
    "odd": {},
    "stores": "1",
    "trace": {
        "stretches": [{"count": 1, "root": "2", "leaves": [{"ids": [0], "before": "3", "fresh": "4", "after": None}]}],
        "count": 1,
        "last": ["5"],
    },
}
CALLED = {"frame": "called", "values": [{**TENSOR, "data": "0"}]}
GRADCHECKED = {"frame": "gradchecked", "faults": {"w": "Jacobian mismatch"}}
GRADIENTS = {"frame": "gradients", "not_required": [], "gradients": {"w": ["0"]}}
ARRAYS = [np.array([float(i)]) for i in range(6)]


def framed(header: object, block: bytes = b"") -> bytes:
    """Return a frame as bytes; the header is any JSON value, or the bytes themselves."""
    body = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack(">II", len(body), len(block)) + body + block


def safetensors(index: object, data: bytes = b"") -> bytes:
    """Return a block whose index is whatever it is."""
    body = index if isinstance(index, bytes) else json.dumps(index).encode()
    return struct.pack("<Q", len(body)) + body + data


def honest(header: dict[str, object], arrays: Sequence[NDArray[np.float64]] = ()) -> bytes:
    """Return the bytes that a child's own channel writes."""
    source, sink = os.pipe()
    with os.fdopen(source, "rb") as reader:
        Channel(-1, sink).send(header, list(arrays))
        os.close(sink)
        return reader.read()


HONEST = [
    honest(READY),
    honest(LOADED),
    honest(RAN, ARRAYS),
    honest(CALLED, ARRAYS[:1]),
    honest(GRADIENTS, ARRAYS[:1]),
    honest(ANSWERS),
    honest(DONE),
]


def refusal(*frames: bytes, job: Job = PROGRAM) -> str:
    """Return why the last of `frames` is refused; those before it are read."""
    reading = Reading(job)
    for frame in frames[:-1]:
        reading.add(frame)
    with pytest.raises(WireViolation) as caught:
        reading.add(frames[-1])
    return str(caught.value)


def with_array(shape: object, dtype: str = "F64", count: int = 8) -> bytes:
    """Return a frame whose stores are one array that says this about itself, over `count` bytes."""
    index = {"0": {"dtype": dtype, "shape": shape, "data_offsets": [0, count]}}
    return framed({"frame": "ran", "finals": {}, "stores": "0"}, safetensors(index, b"\0" * count))


class TestAnHonestChild:
    def test_is_read_frame_by_frame(self) -> None:
        reading = Reading(PROGRAM)
        for frame in HONEST[:5]:
            reading.add(frame)
        run = reading.run(RunStatus.COMPLETED)
        assert run.loaded is not None and run.loaded.functions == {"forward": "x"}
        assert run.ran is not None and run.ran.trace is not None and run.ran.trace.steps[0].root == 2.0
        assert run.called[0].gradients["w"][0] == 0.0

    def test_answers_with_numbers(self) -> None:
        assert run_from([honest(ANSWERS)], GRAPH).answers == (-8.0, 1.0)

    @pytest.mark.parametrize("shape", [(), (1,), (1, 1), (0,), (2, 3)])
    def test_is_seen_to_have_arrays_of_its_own_shape(self, shape: tuple[int, ...]) -> None:
        run = run_from([honest(CALLED, [np.ones(shape)])], PROGRAM)
        data = run.called[0].values[0].data
        assert data is not None and data.shape == shape

    def test_may_send_numbers_that_are_not_finite_in_an_array(self) -> None:
        frame = honest({"frame": "ran", "finals": {}, "stores": "0"}, [np.array([np.nan, np.inf, -np.inf])])
        run = run_from([frame], PROGRAM)
        assert run.ran is not None and run.ran.stores is not None and not np.isfinite(run.ran.stores).any()

    def test_is_read_again_from_the_frames_that_were_kept(self) -> None:
        first = run_from(HONEST[1:5], PROGRAM)
        assert repr(run_from(first.frames, PROGRAM)) == repr(first)


class TestAHeader:
    @pytest.mark.parametrize(
        "header",
        [
            b"",
            b"null",
            b"[]",
            b"{}",
            b'{"frame": "reference"}',
            b'{"frame": ["ready"]}',
            b'{"frame": "ready", "expected": -8}',
            b'{"frame": "ready"}{"frame": "ready"}',
            b'{"frame": "ready"',
            b"{'frame': 'ready'}",
            b"\x80\x04K\x01.",
        ],
    )
    def test_of_no_known_frame_is_refused(self, header: bytes) -> None:
        assert refusal(framed(header))

    @pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"frame":"loaded","names":' + b"["])
    def test_that_is_nested_without_end_is_refused(self, opening: bytes) -> None:
        assert refusal(framed(opening * 100_000))

    @pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 400, '"1"', "true"])
    def test_with_a_number_that_is_none_is_refused(self, number: str) -> None:
        assert refusal(framed(f'{{"frame": "answers", "values": [{number}]}}'.encode()), job=GRAPH)

    @pytest.mark.parametrize("text", [b"\\ud800", b"\\udc00\\ud800", b"\xff", b"\xed\xa0\x80", b"\n"])
    def test_with_text_that_is_no_unicode_is_refused(self, text: bytes) -> None:
        header = b'{"frame": "loaded", "names": ["' + text + b'"], "functions": {}, "skipped": []}'
        assert refusal(framed(header))

    @pytest.mark.parametrize(
        "change",
        [
            {"names": ["a" * 201]},
            {"names": ["a"] * 1001},
            {"functions": {"f": "x" * 501}},
            {"skipped": [RAISED] * 21},
            {"skipped": [{**RAISED, "line": -1}]},
            {"skipped": [{**RAISED, "line": 1.5}]},
            {"skipped": [{**RAISED, "line": 10**20}]},
            {"skipped": [{**RAISED, "message": "m" * 2001}]},
            {"names": None},
        ],
    )
    def test_with_more_or_other_than_a_child_may_say_is_refused(self, change: dict[str, object]) -> None:
        assert refusal(framed({**LOADED, **change}))

    def test_with_more_steps_than_are_kept_is_refused(self) -> None:
        one, many = ({"count": count, "root": None, "leaves": []} for count in (1, 2500))
        for stretches in ([one] * 5001, [{**one, "count": 5001}], [many, one, many]):
            trace = {"stretches": stretches, "count": 5001, "last": []}
            assert refusal(framed({"frame": "ran", "finals": {}, "trace": trace}))

    def test_with_a_key_twice_has_one_value(self) -> None:
        frame = Reading(GRAPH).add(framed(b'{"frame": "answers", "values": [1], "values": [2]}'))
        assert isinstance(frame, Answers) and frame.values == [2.0]

    def test_with_two_kinds_is_refused(self) -> None:
        assert refusal(framed(b'{"frame": "ready", "frame": "done"}'))


class TestABlock:
    def test_with_an_array_of_its_own_is_read(self) -> None:
        frame = Reading(PROGRAM).add(with_array([1]))
        assert isinstance(frame, Ran)

    @pytest.mark.parametrize(
        ("dtype", "width"),
        [("F32", 4), ("F16", 2), ("BF16", 2), ("F8_E4M3", 1), ("I64", 8), ("BOOL", 1), ("C64", 8), ("OBJECT", 8)],
    )
    def test_of_another_dtype_than_float64_is_refused(self, dtype: str, width: int) -> None:
        assert refusal(with_array([1], dtype, width))

    @pytest.mark.parametrize(
        "shape",
        [
            [2],
            [0],
            [-1],
            [1.0],
            ["1"],
            None,
            [2**62, 2**62],
            [2**63],
            [10**30],
            [1] * 9,
            [1] * 1000,
            {"0": 1},
        ],
    )
    def test_of_a_shape_that_its_bytes_do_not_have_is_refused(self, shape: object) -> None:
        assert refusal(with_array(shape))

    @pytest.mark.parametrize("shape", [[0, 2**62], [2**62, 0, 2**62]])
    def test_of_no_numbers_in_a_huge_shape_is_refused(self, shape: list[int]) -> None:
        assert refusal(with_array(shape, count=0))

    @pytest.mark.parametrize(
        "block",
        [
            b"\0",
            b"\0" * 8,
            struct.pack("<Q", 2**63) + b"{}",
            struct.pack("<Q", 2) + b"{}" + b"\0" * 8,
            struct.pack("<Q", 100) + b"{}",
            safetensors(b"[" * 100_000),
            safetensors([]),
            safetensors({"0": {"dtype": "F64", "shape": [1], "data_offsets": [8, 0]}}, b"\0" * 8),
            safetensors({"0": {"dtype": "F64", "shape": [1], "data_offsets": [0, 2**40]}}, b"\0" * 8),
            safetensors(
                {name: {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]} for name in ("0", "1")}, b"\0" * 8
            ),
            safetensors(b'{"0":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"0":1}', b"\0" * 8),
            b"\x80\x04\x95" + b"cos\nsystem\n(S'true'\ntR.",
        ],
    )
    def test_that_is_no_safetensors_is_refused(self, block: bytes) -> None:
        assert refusal(framed({"frame": "ran", "finals": {}, "stores": "0"}, block))

    def test_that_nothing_refers_to_is_refused(self) -> None:
        assert refusal(honest(DONE, ARRAYS[:1])) == "an array that nothing refers to"

    def test_that_lacks_what_is_referred_to_is_refused(self) -> None:
        assert refusal(framed({"frame": "ran", "finals": {}, "stores": "0"})) == "a reference to no array"

    def test_is_used_only_once(self) -> None:
        header = {"frame": "ran", "finals": {"w": {**TENSOR, "data": "0"}}, "stores": "0"}
        assert refusal(honest(header, ARRAYS[:1])) == "a reference to no array"

    @pytest.mark.parametrize("reference", ["-1", "x", "", "0 ", "1" * 9, "٠", 0])
    def test_is_referred_to_by_a_number(self, reference: object) -> None:
        assert refusal(honest({"frame": "ran", "finals": {}, "stores": reference}, ARRAYS[:1]))

    @pytest.mark.parametrize("array", [np.array(1.0), np.ones((2, 2))])
    def test_of_stores_is_a_series(self, array: NDArray[np.float64]) -> None:
        header = {"frame": "ran", "finals": {}, "stores": "0"}
        assert refusal(framed(header, save({"0": array}))) == "stores that are no series"


NUMBER = st.floats(-9, 9, width=16)
# What a recorder keeps: nothing, a number with its shape, a tensor, numbers of what is not plain.
TAKEN = st.one_of(
    st.none(),
    st.tuples(NUMBER, st.sampled_from([torch.Size([]), torch.Size([1]), torch.Size([1, 1])])),
    st.lists(NUMBER, min_size=2, max_size=3).map(torch.tensor),
    st.lists(NUMBER, min_size=1, max_size=2).map(lambda numbers: torch.tensor(numbers, dtype=torch.float64)),
    st.lists(NUMBER, max_size=2).map(np.array),
)


def listed(taken: Any) -> Any:
    """Return a snapshot as nested lists."""
    if isinstance(taken, tuple):
        return np.full(taken[1], taken[0]).tolist()
    return None if taken is None else taken.tolist()


def stretch(count: int, ids: Sequence[int], before: str | None, **more: object) -> dict[str, object]:
    leaf = {"ids": list(ids), "before": before, "fresh": None, "after": None}
    return {"count": count, "root": None, "leaves": [leaf], **more}


def traced(*stretches: dict[str, object], rows: int = 3) -> bytes:
    """Return a frame with a trace of these, and one block `0` of so many rows."""
    trace = {"stretches": stretches, "count": 3, "last": []}
    return honest({"frame": "ran", "finals": {}, "trace": trace}, [np.arange(2.0 * rows).reshape(rows, 2)])


class TestTheStepsOfATrace:
    def test_lie_row_by_row_behind_the_reference(self) -> None:
        ran = run_from([traced(stretch(2, [0, 1], "0.0"), stretch(1, [1], "0.2"))], PROGRAM).ran
        assert ran is not None and ran.trace is not None
        leaves = [leaf for step in ran.trace.steps for leaf in step.leaves]
        assert [(leaf.id, *leaf.before) for leaf in leaves] == [(0, 0.0, 1.0), (1, 2.0, 3.0), (1, 4.0, 5.0)]

    def test_that_are_single_may_be_a_whole(self) -> None:
        ran = run_from([traced(stretch(1, [0], "0"))], PROGRAM).ran
        assert ran is not None and ran.trace is not None
        assert ran.trace.steps[0].leaves[0].before.shape == (3, 2)

    def test_hold_no_leaf_whose_values_are_not_known(self) -> None:
        ran = run_from([traced(stretch(3, [0, 0, 0], None, root="0.0"))], PROGRAM).ran
        assert ran is not None and ran.trace is not None
        assert [(len(step.leaves), step.root.size) for step in ran.trace.steps] == [(0, 2)] * 3

    @pytest.mark.parametrize(
        "stretches",
        [
            pytest.param([stretch(4, [0] * 4, "0.0")], id="more than there are"),
            pytest.param([stretch(3, [0] * 3, "0.1")], id="not from the first on"),
            pytest.param([stretch(2, [0] * 2, "0.0"), stretch(2, [0] * 2, "0.1")], id="one of them twice"),
            pytest.param([stretch(3, [0] * 3, "0")], id="several in a whole"),
            pytest.param([stretch(3, [0] * 3, "1.0")], id="of no block"),
            pytest.param([stretch(2, [0] * 2, "0.0")], id="and some are left"),
            pytest.param([stretch(1, [0], "0.0"), stretch(1, [0], "0")], id="rows, then the whole"),
            pytest.param([stretch(3, [0] * 2, "0.0")], id="of fewer leaves"),
            pytest.param([stretch(3, [0] * 4, "0.0")], id="of more leaves"),
            pytest.param([stretch(0, [], "0.0")], id="none at all"),
        ],
    )
    def test_are_exactly_those_rows(self, stretches: list[dict[str, object]]) -> None:
        assert refusal(traced(*stretches))

    @FUZZ
    @given(steps=st.lists(st.tuples(TAKEN, st.lists(st.tuples(st.integers(0, 3), TAKEN, TAKEN, TAKEN), max_size=3))))
    def test_come_out_as_they_were_recorded(self, steps: list[Step]) -> None:
        blocks: list[NDArray[np.float64]] = []
        trace = trace_as_sent(steps, len(steps), [], blocks)
        ran = run_from([honest({"frame": "ran", "finals": {}, "trace": trace}, blocks)], PROGRAM).ran
        assert ran is not None and ran.trace is not None
        found = [
            (
                step.root.tolist(),
                [(leaf.id, *map(listed, (leaf.before, leaf.fresh, leaf.after))) for leaf in step.leaves],
            )
            for step in ran.trace.steps
        ]
        assert found == [
            (
                [] if root is None else listed(root),
                [(id, *map(listed, taken)) for id, *taken in leaves if taken[0] is not None],
            )
            for root, leaves in steps
        ]

    def test_of_a_block_without_rows_are_refused(self) -> None:
        trace = {"stretches": [stretch(1, [0], "0.0")], "count": 1, "last": []}
        assert refusal(honest({"frame": "ran", "finals": {}, "trace": trace}, [np.array(1.0)]))


class TestAFrame:
    @pytest.mark.parametrize("length", range(8))
    def test_without_its_two_lengths_is_refused(self, length: int) -> None:
        assert refusal(b"\0" * length)

    @pytest.mark.parametrize("lengths", [(2**32 - 1, 0), (18, 1), (18, 2**32 - 1), (17, 0), (17, 1), (19, 0)])
    def test_whose_lengths_are_not_those_of_its_parts_is_refused(self, lengths: tuple[int, int]) -> None:
        body = b'{"frame": "ready"}'
        assert len(body) == 18
        assert refusal(struct.pack(">II", *lengths) + body)

    def test_with_bytes_behind_it_is_refused(self) -> None:
        assert refusal(honest(READY) + b"\0")

    def test_with_a_value_of_no_known_kind_is_refused(self) -> None:
        header = {"frame": "ran", "finals": {"w": {**TENSOR, "kind": "gremlin"}}}
        assert refusal(framed(header)) == "a value of no known kind"

    @pytest.mark.parametrize("kind", ["none", "other"])
    def test_with_numbers_in_what_has_none_is_refused(self, kind: str) -> None:
        header = {"frame": "ran", "finals": {"w": {"kind": kind, "type_name": "x", "data": "0"}}}
        assert refusal(honest(header, ARRAYS[:1])) == "a value of no known kind"

    def test_with_a_tensor_without_numbers_is_refused(self) -> None:
        assert refusal(framed({"frame": "ran", "finals": {"w": TENSOR}})) == "a value of no known kind"

    @pytest.mark.parametrize("places", [([0], [0]), ([], [0]), ([], [])])
    def test_with_several_values_at_one_place_is_refused(self, places: tuple[list[int], list[int]]) -> None:
        values = [{"kind": "none", "type_name": "None", "place": place} for place in places]
        assert refusal(framed({"frame": "called", "values": values})) == "several values at one place"

    @pytest.mark.parametrize("refs", [[], ["0", None]])
    def test_with_gradients_of_other_results_is_refused(self, refs: list[str | None]) -> None:
        header = {"frame": "gradients", "gradients": {"w": refs}}
        reading = Reading(PROGRAM)
        for frame, arrays in ((LOADED, []), (CALLED, ARRAYS[:1])):
            reading.add(honest(frame, arrays) if arrays else framed(frame))
        with pytest.raises(WireViolation, match="gradients of other results"):
            reading.add(honest(header, ARRAYS[:1]) if refs else framed(header))

    @pytest.mark.parametrize(
        "value",
        [
            {"kind": "several", "type_name": "dict"},
            {"kind": "none", "type_name": "None", "parts": [{"kind": "none", "type_name": "None"}]},
            {
                "kind": "several",
                "type_name": "dict",
                "parts": [
                    {"kind": "several", "type_name": "list", "parts": [{"kind": "none", "type_name": "None"}]},
                ],
            },
        ],
    )
    def test_with_parts_of_what_has_none_is_refused(self, value: object) -> None:
        assert refusal(framed({"frame": "ran", "finals": {"w": value}})) == "parts of what has none"

    def test_with_gradients_of_nothing_is_refused(self) -> None:
        assert refusal(honest(GRADIENTS, ARRAYS[:1])) == "gradients of nothing"

    def test_of_a_run_is_no_answer_to_a_graph(self) -> None:
        assert refusal(framed({"frame": "ran", "finals": {}}), job=GRAPH) == "a name that was not asked for"


class Scripted(Streams):
    """The streams of a child that sends these frames, whatever it is told."""

    def __init__(self, frames: Sequence[dict[str, object]]) -> None:
        self._frames = iter([framed(frame) for frame in frames])

    def send(self, data: bytes) -> None:
        pass

    def receive(self) -> bytes:
        return next(self._frames)


class TestFilesThatWereMade:
    JOB = FilesJob("", 1, ("a.csv",))

    def test_are_taken_in(self) -> None:
        run = run_from([framed({"frame": "made", "files": [["a.csv", "MQo="]]})], self.JOB)
        assert run.made == (GivenFile("a.csv", b"1\n"),)

    @pytest.mark.parametrize(
        "files",
        [
            [],
            [["b.csv", "MQo="]],
            [["a.csv", "MQo="], ["b.csv", ""]],
            [["a.csv", "MQo="], ["a.csv", "MQo="]],
            [["../a.csv", "MQo="]],
            [["a.csv", "M"]],
            [["a.csv", "no base64"]],
            [["a.csv", None]],
            [["a.csv"]],
            [["a.csv", "A" * (6 * 2**20)]],
            [["a.csv", "MQo="]] * 21,
            None,
        ],
    )
    def test_are_those_that_were_asked_for_and_small(self, files: object) -> None:
        assert refusal(framed({"frame": "made", "files": files}), job=self.JOB)

    @pytest.mark.parametrize("job", [PROGRAM, GRAPH, GRADCHECK])
    def test_come_of_nothing_else(self, job: Job) -> None:
        assert refusal(framed({"frame": "made", "files": [["a.csv", "MQo="]]}), job=job)


class TestWhatGradcheckSays:
    def test_is_taken_in(self) -> None:
        assert run_from([honest(GRADCHECKED)], GRADCHECK).gradchecked == {"w": "Jacobian mismatch"}

    @pytest.mark.parametrize("job", [PROGRAM, GRAPH])
    def test_is_refused_of_a_program_that_was_not_put_to_it(self, job: Job) -> None:
        assert refusal(framed(GRADCHECKED), job=job) == "a name that was not asked for"

    @pytest.mark.parametrize(
        "faults",
        [
            {"Your teacher": "says"},
            {"x": "is no name of a gradient"},
            {"forward": "is the function"},
            {"w": "a" * 2001},
            {"w": None},
            {"w": ["Jacobian"]},
            ["w"],
            "w",
            None,
        ],
    )
    def test_is_of_the_gradients_asked_for_and_short(self, faults: object) -> None:
        assert refusal(framed({"frame": "gradchecked", "faults": faults}), job=GRADCHECK)

    def test_comes_without_arrays_and_other_fields(self) -> None:
        assert refusal(honest(GRADCHECKED, ARRAYS[:1]), job=GRADCHECK)
        assert refusal(framed({**GRADCHECKED, "verdict": "pass"}), job=GRADCHECK)
        assert refusal(framed({"frame": "gradchecked"}), job=GRADCHECK)

    @pytest.mark.parametrize(
        "frames",
        [
            [DONE],
            [ANSWERS],
            [LOADED, GRADCHECKED, DONE],
            [GRADCHECKED, GRADCHECKED],
            [{"frame": "gradchecked", "faults": {"Your teacher": "says"}}],
        ],
    )
    def test_comes_once_and_alone_or_the_child_is_ended(self, frames: list[dict[str, object]]) -> None:
        run = converse(GRADCHECK, Scripted(frames), Scratch(""))
        assert (run.status, run.stop) == (RunStatus.CRASHED, Stop.WIRE)
        # What a child that lies has said before counts for nothing: its run is not complete.
        assert run.gradchecked in ({}, GRADCHECKED["faults"])


class TestANameThatWasNotAskedFor:
    def test_is_refused_among_the_values_after_a_run(self) -> None:
        header = {"frame": "ran", "finals": {"loss": {"kind": "none", "type_name": "NoneType"}}}
        assert refusal(framed(header)) == "a name that was not asked for"

    def test_is_refused_among_the_gradients(self) -> None:
        header = {"frame": "gradients", "gradients": {"loss": [None]}}
        assert refusal(HONEST[3], framed(header)) == "a name that was not asked for"

    def test_is_refused_among_those_that_require_no_gradient(self) -> None:
        header = {"frame": "gradients", "not_required": ["Your teacher"]}
        assert refusal(HONEST[3], framed(header)) == "a name that was not asked for"

    @pytest.mark.parametrize("change", [{"unbound": ["Your teacher"]}, {"odd": {"Your teacher": "int"}}])
    def test_is_refused_among_those_that_a_run_did_not_bind(self, change: dict[str, object]) -> None:
        assert refusal(framed({"frame": "ran", "finals": {}, **change})) == "a name that was not asked for"

    @pytest.mark.parametrize("change", [{"unbound": ["Your teacher"]}, {"missing": "Your teacher"}])
    def test_is_refused_among_those_that_a_call_did_not_find(self, change: dict[str, object]) -> None:
        assert refusal(framed({"frame": "called", **change})) == "a name that was not asked for"


# What follows throws arbitrary bytes: they are an observation or a violation.


def read_or_refused(frames: Sequence[bytes], job: Job) -> None:
    reading = Reading(job)
    for frame in frames:
        try:
            reading.add(frame)
        except WireViolation:
            break
    bounded(reading.run(RunStatus.COMPLETED), job)


def bounded(run: Run, job: Job) -> None:
    """What was taken in is float64, flat enough, and only what was asked for."""
    values = [*(run.ran.finals.values() if run.ran else ()), *(value for each in run.called for value in each.values)]
    gradients = [array for each in run.called for one in each.gradients.values() for array in one]
    for array in [*(value.data for value in values), *gradients, run.ran.stores if run.ran else None]:
        assert array is None or (array.dtype == np.float64 and array.ndim <= 8)
    assert run.ran is None or (isinstance(job, ProgramJob) and set(run.ran.finals) <= set(job.finals))
    assert np.isfinite(run.answers).all()
    assert not run.gradchecked or (isinstance(job, GradcheckJob) and set(run.gradchecked) == {"w"})


JSON = st.recursive(
    st.one_of(
        *(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
        st.sampled_from(["0", "1", "2", "3", "w", "tensor", "none", "ready", "ran", -1, 10**20, "\ud800", "a" * 300]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(st.sampled_from(["w", "data", "kind", "steps"]), st.text(max_size=5)), inner, max_size=3
        ),
    ),
    max_leaves=8,
)


@st.composite
def nearly_honest(draw: st.DrawFn) -> bytes:
    """An honest header with some values replaced, over arrays that may or may not be those it refers to."""
    header = json.loads(json.dumps(draw(st.sampled_from([LOADED, RAN, CALLED, GRADIENTS, GRADCHECKED, ANSWERS]))))
    for _ in range(draw(st.integers(0, 3))):
        node = header
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(node[key], dict | list) and draw(st.booleans()):
                node = node[key]
                continue
            if draw(st.integers(0, 4)) or isinstance(node, list):
                node[key] = draw(JSON)
            else:
                del node[key]
            break
    arrays = draw(
        st.dictionaries(
            st.sampled_from("0123456"),
            st.tuples(
                st.sampled_from([(), (1,), (0,), (2, 3), (1,) * 8, (1,) * 9]),
                st.sampled_from([np.float64, np.float64, np.float64, np.float32, np.int64, np.bool_]),
            ).map(lambda each: np.ones(each[0], each[1])),
            max_size=7,
        )
    )
    return framed(header, save(arrays) if arrays else b"")


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A real frame with a few bytes changed, gone, or doubled; its lengths are mostly made to fit again."""
    raw = draw(st.sampled_from(HONEST))
    length, _ = struct.unpack_from(">II", raw)
    parts = [bytearray(raw[8 : 8 + length]), bytearray(raw[8 + length :])]
    for _ in range(draw(st.integers(1, 4))):
        part = parts[draw(st.integers(0, 1))]
        place = draw(st.integers(0, len(part)))
        match draw(st.sampled_from(["flip", "insert", "delete", "double"])):
            case "flip" if place < len(part):
                part[place] ^= 1 << draw(st.integers(0, 7))
            case "insert":
                part[place:place] = draw(
                    st.one_of(st.binary(max_size=4), st.sampled_from([b"0", b"9", b"-", b"[", b'"']))
                )
            case "delete":
                del part[place : place + draw(st.integers(1, 8))]
            case _:
                part[place:place] = part[place : place + draw(st.integers(1, 40))]
    header, block = map(bytes, parts)
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(min_size=8, max_size=8)) + header + block
    return framed(header, block)


@FUZZ
@given(header=st.binary(), block=st.binary())
def test_arbitrary_bytes_are_a_frame_or_a_violation(header: bytes, block: bytes) -> None:
    try:
        decode(header, block)
    except WireViolation:
        return


@FUZZ
@given(raw=st.binary(), job=st.sampled_from([PROGRAM, GRAPH, GRADCHECK]))
def test_an_arbitrary_frame_is_read_or_refused(raw: bytes, job: Job) -> None:
    read_or_refused([raw], job)


@FUZZ
@given(block=st.binary(max_size=64), index=JSON)
def test_an_arbitrary_block_is_read_or_refused(block: bytes, index: object) -> None:
    header = {"frame": "ran", "finals": {}, "stores": "0"}
    read_or_refused([framed(header, block)], PROGRAM)
    read_or_refused([framed(header, safetensors(index, block))], PROGRAM)


@FUZZ
@given(
    dtype=st.sampled_from(["F64", "F32", "I64", "BF16", "F8_E4M3", "F4", "U8", "BOOL", "C64", "x"]),
    shape=st.lists(st.one_of(st.integers(-1, 4), st.sampled_from([2**31, 2**62, 2**63, 2**64])), max_size=12),
    offsets=st.lists(st.integers(-8, 80), max_size=3),
    count=st.integers(0, 64),
)
def test_an_arbitrary_array_is_read_or_refused(dtype: str, shape: list[int], offsets: list[int], count: int) -> None:
    index = {"0": {"dtype": dtype, "shape": shape, "data_offsets": offsets}}
    read_or_refused(
        [framed({**CALLED, "values": [{**TENSOR, "data": "0"}]}, safetensors(index, b"\0" * count))], PROGRAM
    )


@FUZZ
@given(frames=st.lists(st.one_of(nearly_honest(), mutated(), st.sampled_from(HONEST)), min_size=1, max_size=4))
def test_frames_that_are_nearly_honest_are_read_or_refused(frames: list[bytes]) -> None:
    for job in (PROGRAM, GRAPH, GRADCHECK):
        read_or_refused(frames, job)


class TestWhatAProbeAsksBeside:
    """Objects, expressions after the call, and further calls: only what was asked, and all of it."""

    JOB = ProgramJob(
        "",
        "a.py",
        script=False,
        probes=(Probe(Call("f", ()), (), (), (), b"seed", 0, after=("x",), draws=(3, 7)),),
    )

    def refused(self, change: dict[str, object], *arrays: NDArray[np.float64], job: Job = JOB) -> str:
        return refusal(honest({"frame": "called", "values": [], **change}, arrays), job=job)

    def test_is_read(self) -> None:
        value = {"kind": "array", "type_name": "", "data": "0"}
        frame = honest({"frame": "called", "values": [], "draws": [value]}, [np.zeros((3, 2))])
        Reading(self.JOB).add(frame)

    @pytest.mark.parametrize("shape", [(), (0,), (2,), (4, 3)])
    def test_is_refused_where_calls_are_missing_or_too_many(self, shape: tuple[int, ...]) -> None:
        value = {"kind": "array", "type_name": "", "data": "0"}
        assert self.refused({"draws": [value]}, np.zeros(shape)) == "another number of calls than was asked for"

    def test_is_refused_where_no_further_calls_were_asked_for(self) -> None:
        value = {"kind": "none", "type_name": "None"}
        assert self.refused({"draws": [value]}, job=PROGRAM) == "calls that were not asked for"

    def test_a_cost_is_refused_that_was_not_asked_for(self) -> None:
        assert self.refused({"cost": {"calls": 0}}) == "a cost that was not asked for, or none that was"

    @pytest.mark.parametrize(
        "cost", [{"calls": -1}, {"calls": 1.5}, {"calls": 10**16}, {"points": 4}, {"calls": "0"}, {}, {"calls": 3}]
    )
    def test_a_cost_is_a_whole_number_under_each_name_that_was_asked_for(self, cost: dict[str, object]) -> None:
        counting = replace(self.JOB, probes=(replace(self.JOB.probes[0], cost=("calls", "operations")),))
        Reading(counting).add(honest({"frame": "called", "values": [], "cost": {"calls": 3, "operations": 10}}))
        assert self.refused({"cost": cost}, job=counting)

    @pytest.mark.parametrize(
        "change",
        [
            {"after": {"Your teacher": []}},
            {"layouts": {"Your teacher": []}},
            {"module": {"name": "Your teacher", "type_name": "", "slots": []}},
        ],
    )
    def test_is_refused_under_a_name_that_was_not_asked_for(self, change: dict[str, object]) -> None:
        assert self.refused(change) == "a name that was not asked for"
