"""What every box must do: one suite for all of them, because the rest of the grader cannot tell them apart.

The jobs are made by hand. Most run in a box without torch, whose interpreters start in a tenth of a second.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from processes import settled
from repository import ROOT

from grader.core.course.checks.call import Call
from grader.core.course.checks.limits import Limits
from grader.core.course.draws.draw import Array, cotangent
from grader.core.course.exercise import Stated
from grader.core.run.jobs import GradcheckJob, ProgramJob
from grader.core.run.observation import Called, Raised, Run, RunStatus, Stop
from grader.core.run.plan import graph_job
from grader.core.run.probe import Input, Probe
from grader.core.run.trace import Trace
from grader.sandbox.linux.fork import ForkBox
from grader.sandbox.linux.fork_server import ForkServer
from grader.sandbox.linux.levels import PLAIN
from grader.sandbox.port import Requirement, Sandbox
from grader.sandbox.portable.spawn import SpawnBox
from grader.store.course.course_files import find_course

MakeBox = Callable[[list[str]], Sandbox]

ON_WINDOWS = sys.platform == "win32"
FORKS = pytest.mark.skipif(sys.platform != "linux", reason="NOT TESTED HERE: only Linux forks after torch's import")
HAS_GROUPS = pytest.mark.skipif(ON_WINDOWS, reason="NOT TESTED HERE: Windows has no process groups to end")
HAS_SIGNALS = pytest.mark.skipif(ON_WINDOWS, reason="NOT TESTED HERE: Windows has no signals to die of")


class CopyBox(ForkBox):
    """A box whose fork servers are copies of one that another process could have started."""

    def __init__(self, preload: list[str]) -> None:
        super().__init__(preload)
        self._first: ForkServer | None = None

    def _current(self) -> ForkServer:
        if self._first is None and not self._closed:
            self._first = ForkServer.started(self._preload, PLAIN)
            self._original = self._first.control
        return super()._current()

    def close(self) -> None:
        super().close()
        if self._first is not None:
            self._first.close()


BOXES = [
    pytest.param(ForkBox, id="fork", marks=FORKS),
    pytest.param(CopyBox, id="copy", marks=FORKS),
    pytest.param(SpawnBox, id="spawn", marks=pytest.mark.skipif(ON_WINDOWS, reason="NOT TESTED HERE: needs pipes")),
    pytest.param(lambda preload: SpawnBox(preload, pipes=True), id="spawn-pipes"),
]

COMPLETED = (RunStatus.COMPLETED, None)

# Climbs to the frame of the grader that runs the submission, and takes the channel from there.
STEAL_THE_CHANNEL = """
import os, struct, sys
frame = sys._getframe()
while "channel" not in frame.f_locals:
    frame = frame.f_back
channel = frame.f_locals["channel"]
def send(header, block=b""):
    data = struct.pack(">II", len(header), len(block)) + header + block
    while data:
        data = data[os.write(channel._sink, data):]
"""


@pytest.fixture(params=BOXES, scope="module")
def make_box(request: pytest.FixtureRequest) -> MakeBox:
    """How to make a box of this kind."""
    make: MakeBox = request.param
    return make


@pytest.fixture(scope="module")
def box(make_box: MakeBox) -> Iterator[Sandbox]:
    """A box without torch."""
    box = make_box([])
    yield box
    box.close()


@pytest.fixture(scope="module")
def torch_box(make_box: MakeBox) -> Iterator[Sandbox]:
    box = make_box(["torch"])
    yield box
    box.close()


@pytest.fixture(scope="module")
def quick_box() -> Iterator[Sandbox]:
    """A box with torch, of the kind that starts a child soonest: for what the same code does in every one."""
    box = SpawnBox(["torch"], pipes=True) if sys.platform != "linux" else ForkBox(["torch"], PLAIN)
    yield box
    box.close()


@pytest.fixture
def own_box(make_box: MakeBox) -> Iterator[Sandbox]:
    """A box that a test may start late, close or break."""
    box = make_box([])
    yield box
    box.close()


def script(source: str, limits: Limits | None = None, **more: object) -> ProgramJob:
    return ProgramJob(source, "submission.py", script=True, limits=limits or Limits(), **more)  # type: ignore[arg-type]


def end(run: Run) -> tuple[RunStatus, Stop | None]:
    return run.status, run.stop


def raised(run: Run) -> Raised | None:
    assert run.ran is not None
    return run.ran.raised


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def ends(pid: int) -> bool:
    """Whether the process is gone; a kill takes a moment to arrive."""
    for _ in range(1000):
        if not lives(pid):
            return True
        time.sleep(0.01)
    return False


# What a run tells


def test_a_completed_script_tells_what_it_left(torch_box: Sandbox) -> None:
    source = (
        "import sys, torch\n"
        "x_soat = [1.0, 2.0]\n"
        "w = torch.tensor([1.0], requires_grad=True)\n"
        "def forward(x): return x * w\n"
        "for x in x_soat:\n"
        "    (forward(x) - 1).square().backward()\n"
        "print('oʻqidi', file=sys.stdout)\n"
        "print('ogoh', file=sys.stderr)\n"
    )
    given = (Input("x_soat", Array((3,), (0.5, 1.5, 2.5))),)
    run = torch_box.run(script(source, given=given, trace=True, finals=("w", "x_soat")))
    assert end(run) == COMPLETED
    assert run.ran is not None and run.ran.trace is not None and run.loaded is not None
    assert (run.ran.raised, run.ran.unbound, dict(run.ran.odd)) == (None, (), {})
    assert [float(step.root[0]) for step in run.ran.trace.steps] == [0.25, 0.25, 2.25]
    assert run.ran.finals["x_soat"].data.tolist() == [0.5, 1.5, 2.5]  # type: ignore[union-attr]
    assert run.ran.finals["w"].requires_grad and run.ran.finals["w"].leaf
    assert dict(run.loaded.functions) == {"forward": "x"}
    assert (run.stdout.split(), run.stderr.split()) == (["oʻqidi"], ["ogoh"])


def test_leaves_of_many_dimensions_arrive_like_any_other(torch_box: Sandbox) -> None:
    source = (
        "import torch\n"
        "for dimensions in (8, 8, 9):\n"
        "    w = torch.ones((1,) * dimensions, requires_grad=True)\n"
        "    w.sum().backward()\n"
    )
    run = torch_box.run(script(source, trace=True))
    assert run.stop is None and run.ran is not None and run.ran.trace is not None
    assert [[leaf.before.shape for leaf in step.leaves] for step in run.ran.trace.steps] == [[(1,) * 8], [(1,) * 8], []]


def test_a_training_too_large_to_be_recorded_whole_is_recorded_as_far_as_it_goes(torch_box: Sandbox) -> None:
    source = (
        "import torch\nw = torch.ones(1_000_000, requires_grad=True)\nfor step in range(4):\n    w.mean().backward()\n"
    )
    run = torch_box.run(script(source, trace=True))
    assert run.stop is None and run.ran is not None and run.ran.trace is not None
    assert (len(run.ran.trace.steps), run.ran.trace.count) == (2, 4)


def test_a_call_gives_its_value_and_its_gradient_against_the_hidden_vector(torch_box: Sandbox) -> None:
    source = "import torch\nw = torch.tensor([1.0], requires_grad=True)\ndef forward(x): return x * w\n"
    probe = Probe(
        Call("forward", ("x",)),
        given=(Input("w", Array((), (2.5,)), parameter=True),),
        args=(Input("x", Array((), (4.0,))),),
        gradients=("w",),
        seed=b"seed",
        index=3,
    )
    run = torch_box.run(ProgramJob(source, "submission.py", script=False, probes=(probe,), dtype="float64"))
    assert end(run) == COMPLETED
    (called,) = run.called
    assert called.values[0].data.tolist() == [10.0]  # type: ignore[union-attr]
    assert called.gradients["w"][0].tolist() == pytest.approx([4 * cotangent(b"seed", 3, 1)[0]])  # type: ignore[union-attr]


def test_each_result_has_a_gradient_of_its_own(torch_box: Sandbox) -> None:
    source = (
        "import torch\nw = torch.tensor([1.0, 2.0], requires_grad=True)\n"
        "def f(x):\n    y = w * x\n    return y.sum(), {'y': y, 'n': 3, 'cut': y.detach()}, 'relu', None\n"
    )
    probe = Probe(Call("f", ("x",)), (), (Input("x", Array((), (3.0,))),), ("w",), b"seed", 0)
    run = torch_box.run(ProgramJob(source, "a.py", script=False, probes=(probe,), trusted=True))
    assert end(run) == COMPLETED
    (called,) = run.called
    assert [value.place for value in called.values] == [(0,), (1, "'cut'"), (1, "'n'"), (1, "'y'"), (2,), (3,)]
    summed, cut, *others, other, texts, none = called.gradients["w"]
    drawn = cotangent(b"seed", 0, 5)
    assert summed is not None and summed.tolist() == pytest.approx([3 * drawn[0]] * 2)
    # Two hidden numbers were drawn for what is cut off.
    assert other is not None and other.tolist() == pytest.approx([3 * drawn[3], 3 * drawn[4]])
    assert [cut, *others, texts, none] == [None] * 4


def test_what_a_name_holds_is_sent_part_by_part_unless_it_is_numbers_in_one_shape(torch_box: Sandbox) -> None:
    source = (
        "import torch\nimport numpy as np\n"
        "d = {'b': [torch.tensor([1.0]), np.arange(2)], 'a': ('relu', None, True)}\n"
        "rows = [torch.tensor(1.0), torch.tensor(2.0)]\nnumbers = [1, 2]\nodd = [1, {2}]\nempty = {}\n"
    )
    run = torch_box.run(script(source, finals=("d", "rows", "numbers", "odd", "empty"), trusted=True))
    assert run.ran is not None
    finals = run.ran.finals
    assert [(part.place, part.kind) for part in finals["d"].parts] == [
        (("'a'", 0), "text"),
        (("'a'", 1), "none"),
        (("'a'", 2), "number"),
        (("'b'", 0), "tensor"),
        (("'b'", 1), "array"),
    ]
    assert (finals["rows"].kind, finals["numbers"].kind) == ("list", "list")
    assert [(part.place, part.kind) for part in finals["odd"].parts] == [((0,), "number"), ((1,), "other")]
    assert [part.data.size for part in finals["empty"].parts if part.data is not None] == [0]


def test_values_of_a_dict_are_told_apart_by_any_key_that_can_be_written(torch_box: Sandbox) -> None:
    source = (
        "import numpy as np\npairs = {(0, 1): 1, (1, 0): 2, (0,): 3}\ncounts = {np.int64(3): 1, np.int64(4): 2}\n"
        "alike = {'a' * 70 + 'x': 1, 'a' * 70 + 'y': 2}\nodd = {frozenset({1}): 1, frozenset({2}): 2}\n"
    )
    run = torch_box.run(script(source, finals=("pairs", "counts", "alike", "odd"), trusted=True))
    assert run.ran is not None
    places = {name: [part.place for part in value.parts] for name, value in run.ran.finals.items()}
    assert places["pairs"] == [("(0, 1)",), ("(0,)",), ("(1, 0)",)]
    assert places["counts"] == [("3",), ("4",)]
    # What would look alike is no value that can be compared, which the author is told.
    assert [(part.kind, part.place) for name in ("alike", "odd") for part in run.ran.finals[name].parts] == [
        ("other", ())
    ] * 2


def test_a_scalar_arrives_as_a_scalar(torch_box: Sandbox) -> None:
    source = "import torch\na, b, c = torch.tensor(1.0), torch.tensor([1.0]), 1.0\n"
    run = torch_box.run(script(source, finals=("a", "b", "c"), trusted=True))
    assert run.ran is not None
    shapes = {name: value.data.shape for name, value in run.ran.finals.items()}  # type: ignore[union-attr]
    assert shapes == {"a": (), "b": (1,), "c": ()}


def test_autograd_answers_the_questions_of_a_graph(torch_box: Sandbox) -> None:
    work = find_course(ROOT).exercise("4.1").work
    assert isinstance(work, Stated)
    run = torch_box.run(graph_job(work))
    assert (*end(run), run.answers) == (*COMPLETED, (-8.0,))


# No searching of its text finds that it wants torch.
HIDDEN_IMPORT = "import importlib\ntorch = importlib.import_module('to' + 'rch')\n"
PATIENT = Limits(wall=120.0, cpu=120.0, memory=2**32)


def test_a_program_finds_the_same_torch_whether_it_was_imported_before_or_not(box: Sandbox, torch_box: Sandbox) -> None:
    source = HIDDEN_IMPORT + (
        "a = torch.ones(1)\n"
        "b = torch.rand(3, dtype=torch.float64)\n"
        "w = torch.ones(1, requires_grad=True)\n"
        "(2 * w).backward()\n"
    )
    job = script(source, PATIENT, finals=("a", "b"), trace=True, dtype="float64")
    late, early = (each.run(job).ran for each in (box, torch_box))
    assert late is not None and early is not None and late.raised is early.raised is None
    assert late.finals["a"].dtype == early.finals["a"].dtype == "float64"
    assert late.finals["b"].data.tolist() == early.finals["b"].data.tolist()  # type: ignore[union-attr]
    assert [ran.trace and ran.trace.count for ran in (late, early)] == [1, 1]


def test_a_run_without_torch_has_a_trace_without_steps(box: Sandbox, torch_box: Sandbox) -> None:
    runs = [each.run(script("x = 1\n", trace=True)).ran for each in (box, torch_box)]
    assert [ran and ran.trace for ran in runs] == [Trace((), 0), Trace((), 0)]


def called(box: Sandbox, source: str, **argument: Any) -> Called:
    probe = Probe(Call("forward", ("x",)), (), (Input("x", Array((), (4.0,)), **argument),), (), b"seed", 0)
    (answer,) = box.run(ProgramJob(source, "submission.py", script=False, probes=(probe,), limits=PATIENT)).called
    return answer


@pytest.mark.parametrize(
    "source", ["def forward(xs):\n    for x in xs: return x\n", "def forward(x): return x.item()\n"]
)
def test_a_function_gets_the_number_that_it_is_to_be_called_with_and_nothing_else(
    box: Sandbox, torch_box: Sandbox, source: str
) -> None:
    answers = [called(each, source) for each in (box, torch_box)]
    assert answers[0] == answers[1]
    assert answers[0].raised is not None and answers[0].raised.type_name in ("TypeError", "AttributeError")


@pytest.mark.parametrize(
    ("data", "shape"),
    [
        ("x_data = [1.0, 2.0]\n", ()),
        ("x_data = torch.tensor([1.0, 2.0])\n", ()),
        ("x_data = [1.0, 2.0]\nX = torch.tensor(x_data).view(-1, 1)\n", (1,)),
        ("x_data = [1.0, 2.0]\nX = [torch.tensor([x]) for x in x_data]\n", (1,)),
        # Not of this data, or not one for one.
        ("x_data = [1.0, 2.0]\nX = torch.tensor([[1.0], [3.0]])\n", ()),
        ("x_data = [1.0, 2.0]\nX = torch.tensor([x_data])\n", ()),
        ("x_data = [1.0, 2.0]\nw = torch.tensor(1.0)\n", ()),
    ],
)
def test_an_argument_like_the_data_is_like_what_the_program_has_made_of_it(
    quick_box: Sandbox, data: str, shape: tuple[int, ...]
) -> None:
    source = f"import torch\n{data}def forward(x): return x\n"
    (value,) = called(quick_box, source, like="x_data").values
    assert value.data is not None and (value.data.shape, value.data.reshape(-1).tolist()) == (shape, [4.0])


DRAWN = [
    "torch.rand(5)",
    "torch.randn(20)",
    "torch.rand_like(torch.ones(5))",
    "torch.randn_like(torch.ones(4, 5).t())",
    "torch.normal(0.0, 1.0, (20,))",
    "torch.normal(torch.zeros(20), 1.0)",
    "torch.bernoulli(torch.full((20,), 0.5))",
    "torch.full((20,), 0.5).bernoulli()",
    "torch.empty(20).bernoulli_(torch.full((20,), 0.5))",
    "torch.empty(5).uniform_(-1, 1)",
    "torch.empty(20).normal_(2, 3)",
    "torch.empty(6, 8)[:, ::2].normal_()",
    "torch.nn.Linear(4, 4).weight",
    "torch.nn.init.xavier_normal_(torch.empty(5, 5))",
    "torch.nn.init.trunc_normal_(torch.empty(5, 5))",
    "torch.nn.functional.dropout(torch.ones(20))",
    "torch.distributions.Normal(torch.zeros(20), torch.ones(20)).sample()",
    "torch.rand(5, dtype=torch.float64)",
    "torch.randint(9, (5,))",
    "torch.multinomial(torch.ones(9), 5)",
]


@pytest.mark.parametrize("drawn", DRAWN)
def test_seeded_random_numbers_are_the_same_in_float64_as_in_float32(quick_box: Sandbox, drawn: str) -> None:
    source = f"import torch\ntorch.manual_seed(3)\na = {drawn}\nb = {drawn}"
    exact, single = (
        quick_box.run(script(source, PATIENT, finals=("a", "b"), dtype=dtype)) for dtype in ("float64", "float32")
    )
    assert exact.ran and single.ran
    for name in ("a", "b"):
        ours, theirs = exact.ran.finals[name].data, single.ran.finals[name].data
        assert ours is not None and theirs is not None
        assert np.abs(ours - theirs).max() <= 1e-6 * np.abs(theirs).max()


@pytest.mark.parametrize("trusted", [False, True], ids=["a-submission", "our-own"])
def test_no_job_changes_the_default_dtype_or_the_random_numbers_of_the_next(torch_box: Sandbox, trusted: bool) -> None:
    source = (
        "import torch\na = torch.ones(1)\nb = torch.rand(1, dtype=torch.float64)\ntorch.set_default_dtype(torch.half)"
    )
    jobs = [script(source, finals=("a", "b"), dtype=dtype, trusted=trusted) for dtype in ("float64", "float32")]
    finals = [run.ran.finals for run in map(torch_box.run, jobs) if run.ran]
    assert [final["a"].dtype for final in finals] == ["float64", "float32"]
    first, second = (final["b"].data.item() for final in finals)  # type: ignore[union-attr]
    assert first == second


def test_an_optimizer_fits_into_the_usual_limits(make_box: MakeBox) -> None:
    box = make_box(["torch", "torch.optim"])
    source = (
        "import torch\n"
        "w = torch.tensor([1.0], requires_grad=True)\n"
        "optimizer = torch.optim.SGD([w], lr=0.5)\n"
        "(w * 3).sum().backward()\n"
        "optimizer.step()\n"
    )
    try:
        run = box.run(script(source, finals=("w",)))
    finally:
        box.close()
    assert (*end(run), raised(run)) == (*COMPLETED, None)
    assert run.ran is not None and run.ran.finals["w"].data.tolist() == [-0.5]  # type: ignore[union-attr]


@pytest.mark.parametrize("trusted", [False, True], ids=["a-submission", "our-own"])
def test_what_is_printed_arrives_whole_and_with_its_own_run(box: Sandbox, trusted: bool) -> None:
    jobs = [script(f"for i in range(2000): print({name!r}, i)", trusted=trusted) for name in ("bir", "ikki")]
    outputs = [box.run(job).stdout.split() for job in jobs]
    assert outputs == [[part for i in range(2000) for part in (name, str(i))] for name in ("bir", "ikki")]


def test_an_exception_comes_with_the_last_line_of_the_students_own_file(box: Sandbox) -> None:
    source = "import json\n\ndef read():\n    return json.loads('{')\n\nread()\n"
    seen = raised(box.run(script(source)))
    assert seen is not None
    assert (seen.type_name, seen.line, seen.function) == ("JSONDecodeError", 4, "read")
    assert seen.message == "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("exit()", None),
        ("import sys; sys.exit(0)", None),
        ("raise SystemExit", None),
        ("exit(3)", Raised("SystemExit", "3", 1, way=(1,))),
        ("raise KeyboardInterrupt", Raised("KeyboardInterrupt", "", 1, way=(1,))),
        ("input()", Raised("EOFError", "EOF when reading a line", 1, way=(1,), lack="input")),
        ("assert open(0).read() == ''", None),
        ("class E(Exception):\n    def __str__(self): return 1 / 0\nraise E", Raised("E", "", 3, way=(3,))),
        ("raise ValueError('\\ud800' * 5000)", Raised("ValueError", "?" * 2000, 1, way=(1,))),
    ],
)
def test_a_run_that_ends_in_python_is_complete(box: Sandbox, source: str, expected: Raised | None) -> None:
    run = box.run(script(source))
    assert (*end(run), raised(run)) == (*COMPLETED, expected)


@pytest.mark.parametrize(
    "source",
    [
        "import sys; sys.stdout.close(); sys.stderr.close()",
        "import sys; sys.stdout = sys.stderr = None",
        "import os; os.close(1); os.close(2)",
        "import builtins; builtins.print = builtins.open = None",
        "import threading, time; threading.Thread(target=time.sleep, args=(600,)).start()",
        "import atexit, time; atexit.register(time.sleep, 600)",
        "import gc; gc.disable(); globals().clear()",
    ],
)
def test_a_job_disturbs_neither_its_own_report_nor_the_next_job(box: Sandbox, source: str) -> None:
    runs = [box.run(script(source)), box.run(script("print('salom')"))]
    assert [end(run) for run in runs] == [COMPLETED, COMPLETED]
    assert runs[1].stdout.split() == ["salom"]


# Limits


def test_a_sleeper_is_stopped_at_the_wall_limit(box: Sandbox) -> None:
    run = box.run(script("print('kutaman', flush=True)\nimport time\ntime.sleep(600)", Limits(wall=0.5)))
    assert end(run) == (RunStatus.TIMED_OUT, Stop.WALL)
    assert run.stdout.split() == ["kutaman"]


@HAS_SIGNALS
def test_a_process_that_stopped_itself_and_refuses_to_end_is_stopped_at_the_wall_limit(box: Sandbox) -> None:
    source = (
        "import os, signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint(os.getpid(), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGSTOP)"
    )
    run = box.run(script(source, Limits(wall=0.5)))
    assert end(run) == (RunStatus.TIMED_OUT, Stop.WALL)
    assert ends(int(run.stdout))


def test_a_busy_loop_is_stopped_at_the_processor_limit(box: Sandbox) -> None:
    run = box.run(script("while True: pass", Limits(wall=60, cpu=0.5)))
    assert end(run) == (RunStatus.TIMED_OUT, Stop.CPU)
    assert run.usage.cpu > 0.5


def test_a_hoarder_is_stopped_at_the_memory_limit(box: Sandbox) -> None:
    source = "import time\ndata = b'x' * 200_000_000\ntime.sleep(600)"
    run = box.run(script(source, Limits(wall=60, memory=64 * 2**20)))
    assert end(run) == (RunStatus.OUT_OF_MEMORY, Stop.MEMORY)
    assert run.usage.memory > 64 * 2**20


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_chatterer_is_stopped_at_the_output_limit(box: Sandbox, stream: str) -> None:
    source = f"import sys\nwhile True: print('x' * 1000, file=sys.{stream})"
    run = box.run(script(source, Limits(wall=60, cpu=60, output=100_000)))
    assert end(run) == (RunStatus.CRASHED, Stop.OUTPUT)
    assert 100_000 < len(run.stdout + run.stderr) < 1_000_000


def test_what_came_before_the_stop_is_kept(box: Sandbox) -> None:
    def probe(name: str) -> Probe:
        return Probe(Call(name, ()), (), (), (), b"", 0)

    source = "import time\ndef f(): return 5\ndef g(): time.sleep(600)\n"
    job = ProgramJob(source, "submission.py", False, probes=(probe("f"), probe("g"), probe("f")), limits=Limits(0.5))
    run = box.run(job)
    assert end(run) == (RunStatus.TIMED_OUT, Stop.WALL)
    assert [called.values[0].data.item() for called in run.called] == [5]  # type: ignore[union-attr]


# A child that ends itself, or lies


def test_a_child_that_leaves_at_once_is_told_with_its_exit_code(box: Sandbox) -> None:
    run = box.run(script("import os\nos._exit(7)"))
    assert (*end(run), run.detail) == (RunStatus.CRASHED, Stop.EXIT, "7")


@HAS_SIGNALS
@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT", "SIGKILL"])
def test_a_child_that_dies_of_a_signal_is_told_with_its_number(box: Sandbox, name: str) -> None:
    run = box.run(script(f"import os, signal\nos.kill(os.getpid(), signal.{name})"))
    assert (*end(run), run.detail) == (RunStatus.CRASHED, Stop.SIGNAL, str(int(getattr(signal, name))))


def test_a_child_that_closes_every_descriptor_has_crashed(box: Sandbox) -> None:
    run = box.run(script("import os\nos.closerange(0, 256)"))
    assert run.status is RunStatus.CRASHED
    assert run.stop in (Stop.EXIT, Stop.WIRE)


def test_a_child_that_closes_its_channel_and_lives_on_is_ended(box: Sandbox) -> None:
    source = "import os, time\nprint(os.getpid(), flush=True)\nos.closerange(3, 256)\ntime.sleep(600)"
    run = box.run(script(source, Limits(wall=0.5)))
    assert run.status in (RunStatus.CRASHED, RunStatus.TIMED_OUT)
    assert ends(int(run.stdout))


def test_garbage_on_every_descriptor_is_a_disturbed_channel(box: Sandbox) -> None:
    source = (
        "import os\n"
        "for descriptor in range(64):\n"
        "    try: os.write(descriptor, b'\\xff' * 1000)\n"
        "    except OSError: pass\n"
    )
    assert end(box.run(script(source))) == (RunStatus.CRASHED, Stop.WIRE)


FORGED = {
    "done before anything was loaded": 'send(b\'{"frame":"done"}\')',
    "a frame of no known kind": 'send(b\'{"frame":"verdict","pass":true}\')',
    "an unknown field": 'send(b\'{"frame":"loaded","names":[],"functions":{},"skipped":[],"score":8}\')',
    "no JSON": "send(b'\\x80\\x04]')",
    "deep nesting": "send(b'[' * 100_000)",
    "not a number": 'send(b\'{"frame":"answers","values":[NaN]}\')',
    "a number out of range": 'send(b\'{"frame":"answers","values":[1e999]}\')',
    "a lone surrogate": 'send(b\'{"frame":"loaded","names":["\\\\ud800"],"functions":{},"skipped":[]}\')',
    "a name that was not asked for": (
        'send(b\'{"frame":"loaded","names":[],"functions":{},"skipped":[]}\')\n'
        'send(b\'{"frame":"ran","finals":{"w":{"kind":"none","type_name":"None"}}}\')'
    ),
    "a reference to no array": (
        'send(b\'{"frame":"loaded","names":[],"functions":{},"skipped":[]}\')\n'
        'send(b\'{"frame":"ran","finals":{},"stores":"0"}\')'
    ),
    "an array that nothing refers to": (
        "import numpy; from safetensors.numpy import save\n"
        'send(b\'{"frame":"loaded","names":[],"functions":{},"skipped":[]}\', save({"0": numpy.zeros(2)}))'
    ),
    "a block that is none": 'send(b\'{"frame":"loaded","names":[],"functions":{},"skipped":[]}\', b"x" * 100)',
    "a pickle": 'import pickle; send(b\'{"frame":"loaded"}\', pickle.dumps(print))',
    "gradients of nothing": 'send(b\'{"frame":"gradients"}\')',
    "a header larger than any": "os.write(channel._sink, struct.pack('>II', 2**31, 0))",
    "a block larger than any": "os.write(channel._sink, struct.pack('>II', 2, 2**32 - 1) + b'{}')",
}


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_frame_is_refused(box: Sandbox, forgery: str) -> None:
    run = box.run(script(STEAL_THE_CHANNEL + FORGED[forgery] + "\nimport time; time.sleep(600)", Limits(wall=30)))
    assert end(run) == (RunStatus.CRASHED, Stop.WIRE)
    assert run.called == ()


@pytest.mark.parametrize(
    "flood",
    [
        "while True: os.write(channel._sink, bytes(1 << 20))",
        'while True: send(b\'{"frame":"done"}\')',
        "os.write(channel._sink, struct.pack('>II', 8 << 20, 64 << 20))\n"
        "while True: os.write(channel._sink, b'x' * (1 << 20))",
    ],
    ids=["zeros", "frames", "one-frame-without-end"],
)
def test_a_flood_of_frames_is_stopped(box: Sandbox, flood: str) -> None:
    limits = Limits(wall=60, cpu=60)
    assert end(box.run(script(STEAL_THE_CHANNEL + flood, limits))) == (RunStatus.CRASHED, Stop.WIRE)


@pytest.mark.parametrize(
    "source",
    [
        "globals()[1] = 2",
        "globals()['\\ud800'] = 3",
        "globals()['a' * 10**6] = lambda: 0",
        "for i in range(5000): globals()[f'name{i}'] = lambda: 0",
        "w = type('T', (float,), {'__float__': lambda self: 1 / 0})(1.0)",
        "w = 10 ** 5000",
        "w = [w_ := []]; w_.append(w)",
        "w = [[1.0], 2.0, 'x', None]",
        "w = type('W' * 10**5, (), {})()",
        "class W:\n    __class__ = property(lambda self: exit())\nw = W()",
        "import numpy\nw = numpy.empty((2,) * 20, dtype=object)",
        "import sys\nsys.modules.clear()",
    ],
)
def test_odd_names_and_values_are_a_run_like_any_other(box: Sandbox, source: str) -> None:
    run = box.run(script(source, Limits(wall=20), finals=("w",)))
    assert run.status in (RunStatus.COMPLETED, RunStatus.CRASHED)
    assert end(box.run(script("print()"))) == COMPLETED


# What a child sees, and what it leaves


def test_the_environment_holds_nothing_of_ours(own_box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_SECRET", "juda maxfiy")
    monkeypatch.setenv("COURSE_STUDENT", "s001")
    monkeypatch.setenv("GITHUB_TOKEN", "juda maxfiy")
    run = own_box.run(script("import json, os\nprint(json.dumps(dict(os.environ)))"))
    environment = json.loads(run.stdout)
    assert "juda maxfiy" not in environment.values()
    assert [name for name in environment if name.startswith(("COURSE", "GITHUB", "PYTEST"))] == []


def test_accelerators_are_hidden_so_that_every_machine_judges_alike(
    own_box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES")
    for name in names:
        monkeypatch.setenv(name, "0")
    run = own_box.run(script("import json, os\nprint(json.dumps(dict(os.environ)))"))
    environment = json.loads(run.stdout)
    assert [environment.get(name) for name in names] == ["", ""]


@pytest.mark.parametrize("trusted", [False, True], ids=["a-submission", "our-own"])
def test_the_working_folder_is_empty_writable_and_gone_afterwards(box: Sandbox, trusted: bool) -> None:
    source = (
        "import json, os, pathlib, tempfile\n"
        "print(json.dumps([os.getcwd(), os.listdir(), os.path.expanduser('~'), tempfile.gettempdir()]))\n"
        "os.makedirs('a/b')\n"
        "pathlib.Path('a/b/c.txt').write_text('salom')\n"
    )
    folders = set()
    for _ in range(2):
        run = box.run(script(source, trusted=trusted, finals=("folder",)))
        assert (*end(run), raised(run)) == (*COMPLETED, None)
        folder, files, home, temporary = json.loads(run.stdout)
        assert (files, home, Path(temporary).resolve()) == ([], folder, Path(folder).resolve())
        assert not Path(folder).exists()
        folders.add(folder)
    assert len(folders) == 2


START_A_GRANDCHILD = (
    "import subprocess, sys\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], "
    "stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
    "print(child.pid, flush=True)\n"
)


@HAS_GROUPS
@pytest.mark.parametrize(
    "after",
    ["", "import time; time.sleep(600)", "import os; os._exit(0)", "import os; os.kill(os.getpid(), 9)"],
    ids=["completed", "stopped", "left", "died"],
)
def test_what_runs_on_in_the_background_ends_with_the_run(box: Sandbox, after: str) -> None:
    run = box.run(script(START_A_GRANDCHILD + after, Limits(wall=2)))
    assert ends(int(run.stdout))


@HAS_GROUPS
def test_a_forked_copy_of_the_child_ends_with_the_run(box: Sandbox) -> None:
    source = "import os, time\npid = os.fork()\nif pid == 0: time.sleep(600)\nprint(pid, flush=True)"
    run = box.run(script(source, Limits(wall=20)))
    assert end(run) == COMPLETED
    assert ends(int(run.stdout))


def test_runs_that_were_stopped_leave_no_process(box: Sandbox) -> None:
    box.run(script("print()"))
    before = settled()
    for source in ("import time; time.sleep(600)", "import os; os._exit(1)", "1 / 0"):
        box.run(script(source, Limits(wall=0.5)))
    assert settled() == before


def test_threads_may_run_jobs_at_once(box: Sandbox, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    waiting = f"import os, time\nwhile not os.path.exists({str(flag)!r}): time.sleep(0.01)\nprint('keldi')"
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(box.run, script(waiting, Limits(wall=60)))
        second = pool.submit(box.run, script(f"open({str(flag)!r}, 'w').close()\nprint('ketdi')"))
        assert (end(first.result()), end(second.result())) == (COMPLETED, COMPLETED)
    assert (first.result().stdout.split(), second.result().stdout.split()) == (["keldi"], ["ketdi"])


# A fault of ours


def test_a_module_that_cannot_be_preloaded_is_a_fault_of_ours_told_in_words(make_box: MakeBox) -> None:
    box = make_box(["no_such_module"])
    try:
        runs = [box.run(script("print(1)", trusted=trusted)) for trusted in (False, True, False)]
    finally:
        box.close()
    assert [end(run) for run in runs] == [(RunStatus.SANDBOX_FAILED, Stop.SANDBOX)] * 3
    # A copy hears nothing of its original's last words; then the box starts a fork server of its own, and does.
    told = runs[1:] if isinstance(box, CopyBox) else runs
    assert {run.detail for run in told} == {"ModuleNotFoundError: No module named 'no_such_module'"}
    assert {run.mend for run in told} == {Requirement.PACKAGE.value}


@HAS_SIGNALS
def test_a_box_whose_process_was_killed_says_so_once_and_works_again(own_box: Sandbox) -> None:
    before = {process.pid for process in psutil.Process().children()}
    assert end(own_box.run(script("print()", trusted=True))) == COMPLETED
    standing = [process for process in psutil.Process().children() if process.pid not in before]
    assert len(standing) == 1
    standing[0].kill()
    assert ends(standing[0].pid)
    assert end(own_box.run(script("print()", trusted=True))) == (RunStatus.SANDBOX_FAILED, Stop.SANDBOX)
    assert end(own_box.run(script("print()", trusted=True))) == COMPLETED


@FORKS
def test_a_submission_that_kills_the_fork_server_costs_nobody_else_a_run() -> None:
    box = ForkBox()
    kill = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nwhile True: pass"
    try:
        killer = box.run(script(kill))
        others = [box.run(script("print(1)")), box.run(script("print(2)"))]
    finally:
        box.close()
    assert end(killer) == (RunStatus.SANDBOX_FAILED, Stop.SANDBOX)
    assert killer.detail == "the box's first process ended in the middle of a run"
    assert [(end(run), run.stdout.split()) for run in others] == [(COMPLETED, ["1"]), (COMPLETED, ["2"])]


def test_a_child_born_while_its_box_is_closed_is_ended_too() -> None:
    box = ForkBox([])

    class ClosedMeanwhile(set[object]):
        def add(self, child: object) -> None:
            box.close()
            super().add(child)

    box._children = ClosedMeanwhile()  # type: ignore[assignment]
    run = box.run(script("while True:\n    pass\n", limits=Limits(wall=60, cpu=60)))
    assert (run.status, run.detail) == (RunStatus.SANDBOX_FAILED, "the box was closed")


def test_jobs_of_our_own_run_together_up_to_the_first_that_is_stopped(box: Sandbox) -> None:
    hangs = "import time\ntime.sleep(60)\n"
    sources = ("print(1)\n", "raise ValueError\n", hangs, "print(4)\n")
    limits = Limits(wall=1, cpu=1)
    runs = box.run_together([replace(script(source, limits), trusted=True) for source in sources])
    assert [run.status for run in runs] == [RunStatus.COMPLETED, RunStatus.COMPLETED, RunStatus.TIMED_OUT]
    assert [run.stdout for run in runs[:2]] == ["1\n", ""]


def test_graphs_run_together_too(torch_box: Sandbox) -> None:
    work = find_course(ROOT).exercise("4.1").work
    assert isinstance(work, Stated)
    runs = torch_box.run_together([graph_job(work), replace(graph_job(work), at=(("x", 2.0), ("y", 4.0), ("w", 3.0)))])
    assert [(run.status, run.answers) for run in runs] == [
        (RunStatus.COMPLETED, (-8.0,)),
        (RunStatus.COMPLETED, (8.0,)),
    ]


def gradcheck(source: str, script: bool = False) -> GradcheckJob:
    given = (Input("w", Array((), (1.5,)), parameter=True),)
    probe = Probe(Call("f", ("x",)), () if script else given, (Input("x", Array((), (3.0,))),), ("w",), b"", 0)
    program = ProgramJob(
        f"import torch\nw = torch.tensor(1.0, requires_grad=True)\n{source}",
        "solution.py",
        script=script,
        given=given if script else (),
        probes=(probe,),
        dtype="float64",
        trusted=True,
    )
    return GradcheckJob(program, Limits(wall=60, cpu=60, memory=2**30))


def test_a_program_of_our_own_is_put_to_gradcheck_whatever_comes_after_it(torch_box: Sandbox) -> None:
    right, wrong, prints = (
        "def f(x):\n    return x * w * w\n",
        "def f(x):\n    return x * w * w.detach()\n",
        "print(torch.arange(20.0))\n",
    )
    for script in (False, True):
        assert torch_box.run(gradcheck(right, script)).gradchecked == {}
        run = torch_box.run(gradcheck(f"print('seen')\n{wrong}", script))
        assert end(run) == COMPLETED and run.stdout == "seen\n" * script
        assert "numerical:tensor([[9.0000]])" in run.gradchecked["w"] and "tensor([[4.5000]])" in run.gradchecked["w"]
    # Our own programs may share an interpreter: nothing of it stays there.
    after = ProgramJob(f"import torch\n{prints}", "solution.py", script=True, trusted=True)
    assert torch_box.run(after).stdout.startswith("tensor([ 0.,  1.,  2.,  3.,")


@pytest.mark.parametrize(
    ("source", "how"),
    [
        ("raise SystemExit(3)", (RunStatus.CRASHED, Stop.EXIT)),
        (
            f'{STEAL_THE_CHANNEL}\nsend(b\'{{"frame": "gradchecked", "faults": {{"Your teacher": "says"}}}}\')',
            (RunStatus.CRASHED, Stop.WIRE),
        ),
        (f'{STEAL_THE_CHANNEL}\nsend(b\'{{"frame": "answers", "values": []}}\')', (RunStatus.CRASHED, Stop.WIRE)),
    ],
)
def test_a_program_that_answers_in_gradchecks_place_is_ended(
    torch_box: Sandbox, source: str, how: tuple[RunStatus, Stop]
) -> None:
    run = torch_box.run(gradcheck(f"{source}\n", script=True))
    assert end(run) == how and run.gradchecked == {}


def test_a_box_that_is_closed_says_so_of_jobs_that_should_run_together(own_box: Sandbox) -> None:
    own_box.close()
    runs = own_box.run_together([replace(script("print(1)\n"), trusted=True)])
    assert [end(run) for run in runs] == [(RunStatus.SANDBOX_FAILED, Stop.SANDBOX)]


def test_a_closed_box_ends_its_runs_and_starts_none(own_box: Sandbox, tmp_path: Path) -> None:
    started = tmp_path / "started"
    source = f"import os, time\nopen({str(started)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)"
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(own_box.run, script(source, Limits(wall=60)))
        while not (started.exists() and started.read_text()):
            time.sleep(0.01)
        own_box.close()
        assert end(running.result()) == (RunStatus.SANDBOX_FAILED, Stop.SANDBOX)
    assert ends(int(started.read_text()))
    assert (*end(own_box.run(script("print()"))), own_box.run(script("print()")).detail) == (
        RunStatus.SANDBOX_FAILED,
        Stop.SANDBOX,
        "the box was closed",
    )


# Sources that are hostile to who reads them: here the host itself is at risk

READ = """
import sys
from pathlib import Path
from grader.core.findings.telling import told
from grader.core.report.finding import Finding
from grader.core.program.autograd import autograd_used
from grader.core.program.source import read_source
from grader.core.program.syntax import syntax_fault
source = read_source(Path(sys.argv[1]).read_bytes(), "submission.py")
fault = source if isinstance(source, Finding) else syntax_fault(source)
if fault is None:
    for roots in (None, ["x"], ["f"]):
        autograd_used(source, roots)
print("readable" if fault is None else told(fault).said(str).splitlines()[0][:200])
"""

TOO_DEEP = "submission.py is nested too deeply to be read as a program."
ENCODING = "submission.py is not UTF-8. Save it again with the encoding UTF-8."
NULLS = "submission.py is not a Python source file: it contains null bytes. Save it again as plain UTF-8 text."
UNREADABLE = "submission.py:1: Python cannot read this line: "

HOSTILE: dict[str, tuple[bytes, str]] = {
    "parentheses": (b"(" * 100_000 + b")" * 100_000, UNREADABLE + "too many nested parentheses"),
    "brackets left open": (b"[" * 100_000, UNREADABLE + "too many nested parentheses"),
    "minus signs": (b"-" * 200_000 + b"1", TOO_DEEP),
    "attributes": (b"a" + b".b" * 100_000, TOO_DEEP),
    "calls": (b"f" + b"()" * 100_000, TOO_DEEP),
    "subscripts": (b"a" + b"[0]" * 60_000, TOO_DEEP),
    "sums": (b"x = " + b"1+" * 100_000 + b"1", TOO_DEEP),
    "powers": (b"x = " + b"2**" * 80_000 + b"1", TOO_DEEP),
    "lambdas": (b"lambda:" * 30_000 + b"1", TOO_DEEP),
    "conditions": (b"x = " + b"1 if 1 else " * 15_000 + b"1", TOO_DEEP),
    "branches": (b"if 1: pass\n" + b"elif 1: pass\n" * 15_000, TOO_DEEP),
    "decorators": (b"@a\n" * 60_000 + b"def f(): pass", "readable"),
    "many levels of indent": (
        b"".join(b" " * i + b"if 1:\n" for i in range(120)) + b" " * 120 + b"pass",
        "submission.py:101: Python cannot read this line: too many levels of indentation",
    ),
    "depth that just passes": (b"x = " + b"a+" * 2_900 + b"1", "readable"),
    "null bytes": (b"import torch\0\n", NULLS),
    "only null bytes": (b"\0" * 1000, NULLS),
    "one line of a megabyte": (
        b"x = '" + b"a" * 2**20 + b"'",
        "submission.py is larger than 256 KiB; a solution to this exercise is much shorter.",
    ),
    "one line below the limit": (b"x = [" + b"1," * 100_000 + b"]", "readable"),
    "a wide formatted string": (b"x = f'" + b"{1}" * 5_000 + b"'", "readable"),
    "a hexadecimal number without end": (
        b"x = 0x" + b"f" * 200_000,
        "submission.py:1: this whole number is too long to be read; it may have 4200 digits. Write it as a power or a "
        "product, such as 2**5000.",
    ),
    "a power tower": (b"x = 9**9**9**9", "readable"),
    "a shift": (b"x = 1 << 10**10", "readable"),
    "a text times a number": (b"x = 'a' * 10**9 * 10**9", "readable"),
    "a tuple times a number": (b"x = (1,) * 10**9", "readable"),
    "numbers that overflow": (b"x = 1e999j; y = 1e999", "readable"),
    "form feeds": (b"\x0c\x0cx = 1\n\x0c\ny = 2\n", "readable"),
    "carriage returns": (b"x = 1\r" * 40_000, "readable"),
    "continued lines": (b"\\\n" * 100_000 + b"x = 1", "readable"),
    "separators of other scripts": ("x = '\u2028'\ny = '\x85'\n".encode(), "readable"),
    "a surrogate": (b"x = '\xed\xa0\x80'", ENCODING),
    "a codec that is no encoding": (b"# coding: hex\n78", ENCODING),
    "a codec that always fails": (b"# coding: undefined\nx = 1", ENCODING),
    "a codec that no system has": (b"# coding: yozuv\nx = 1", ENCODING),
    "a codec that smuggles surrogates": (b"# coding: unicode_escape\nx = '\\ud800'\n", ENCODING),
    "a codec that smuggles null bytes": (b"# coding: unicode_escape\nx = '\\0'\n", NULLS),
    "two codecs that contradict": (b"\xef\xbb\xbf# coding: latin-1\nx = 1", ENCODING),
    "random bytes": (bytes(range(256)) * 100, ENCODING),
    "nothing": (b"", "readable"),
}

# What Python says of these differs between its versions; that it says something, and lives, does not.
ANY_WORDS = {
    "formatted strings in formatted strings": b"x = " + b"f'{" * 200 + b"1" + b"}'" * 200,
    "format specifications in each other": b"x = f'" + b"{1:" * 50 + b"}" * 50 + b"'",
    "a decimal number without end": b"x = " + b"9" * 200_000,
    "comprehensions": b"x = " + b"[" * 60 + b"0" + b" for a in b]" * 60,
    "loops in loops": b"".join(b" " * i + b"for a in b:\n" for i in range(40)) + b" " * 40 + b"pass",
    "functions in functions": b"".join(b" " * i + b"def f():\n" for i in range(99)) + b" " * 99 + b"pass",
    "type arguments": b"def f(x: " + b"list[" * 5_000 + b"int" + b"]" * 5_000 + b"): pass",
    "patterns": b"match x:\n case " + b"[" * 1_000 + b"]" * 1_000 + b": pass",
}


def _read(tmp_path: Path, content: bytes) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "submission.py"
    file.write_bytes(content)
    command = [sys.executable, "-c", READ, str(file)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, encoding="utf-8")


@pytest.mark.parametrize("what", HOSTILE)
def test_the_host_reads_a_hostile_source_and_says_what_it_is(tmp_path: Path, what: str) -> None:
    content, expected = HOSTILE[what]
    done = _read(tmp_path, content)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, expected, "")


@pytest.mark.parametrize("what", ANY_WORDS)
def test_the_host_outlives_a_hostile_source(tmp_path: Path, what: str) -> None:
    done = _read(tmp_path, ANY_WORDS[what])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(("readable", "submission.py"))
