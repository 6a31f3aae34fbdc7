"""What came back from a box: jobs that went in, and runs with their observations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from grader.core.autodiff.expression import Expression
from grader.core.autodiff.graph import Graph, Question
from grader.core.course.exercise import Call, Limits
from grader.core.course.sampling import Array

Floats = NDArray[np.float64]


class RunStatus(Enum):
    """What happened to the process; says nothing about the answer. From best to worst."""

    NOT_RUN = "not_run"
    COMPLETED = "completed"
    CRASHED = "crashed"
    OUT_OF_MEMORY = "out_of_memory"
    TIMED_OUT = "timed_out"
    SANDBOX_FAILED = "sandbox_failed"


class Stop(Enum):
    """Why a run ended before it was complete."""

    WALL = "wall"
    CPU = "cpu"
    MEMORY = "memory"
    OUTPUT = "output"
    SIGNAL = "signal"
    EXIT = "exit"
    WIRE = "wire"
    SANDBOX = "sandbox"


@dataclass(frozen=True)
class Input:
    """The numbers of one input. `array` is None where the box computes `expression` from the other inputs.

    An argument is made `like` an element of that name of the submission, where it has one.
    """

    name: str
    array: Array | None
    expression: Expression | None = None
    parameter: bool = False
    optional: bool = False
    like: str | None = None


@dataclass(frozen=True)
class Probe:
    """One call put to a submission; `seed` and `index` make its hidden cotangents, and never enter the box."""

    call: Call
    given: tuple[Input, ...]
    args: tuple[Input, ...]
    gradients: tuple[str, ...]
    seed: bytes
    index: int


@dataclass(frozen=True)
class ProgramJob:
    """What one child does: load a program, as a script or only its definitions, then answer the probes.

    Attributes:
        given: for a script, the top-level names whose values are replaced when they are bound.
        stores: the name whose every binding is recorded, or None.
        trace: record the calls into the autograd engine during the run.
        finals: top-level names whose values are read after the run.
        dtype: the default floating dtype of the run, float32 or float64.
        trusted: our own code, which may share a child with other trusted jobs.
    """

    source: str
    filename: str
    script: bool
    given: tuple[Input, ...] = ()
    stores: str | None = None
    trace: bool = False
    finals: tuple[str, ...] = ()
    probes: tuple[Probe, ...] = ()
    dtype: str = "float32"
    limits: Limits = Limits()
    trusted: bool = False


@dataclass(frozen=True)
class GraphJob:
    """The reference of stated values: torch builds the graph at the inputs and answers the questions, in float64."""

    graph: Graph
    at: tuple[tuple[str, float], ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class AuthorTestsJob:
    """The author's tests put to a program: they run in one child, the program in another.

    Attributes:
        definitions: load the program's definitions only; otherwise all statements but those that raise.
        files: names and texts of the author's modules.
        chosen: the tests wanted, as `file.py::test_name`.
    """

    source: str
    filename: str
    definitions: bool
    files: tuple[tuple[str, str], ...]
    chosen: tuple[str, ...]
    limits: Limits = Limits()


@dataclass(frozen=True)
class GradcheckJob:
    """torch's gradcheck put to the functions of our own program, at the inputs of its probes."""

    program: ProgramJob
    limits: Limits


Job = ProgramJob | GraphJob | AuthorTestsJob | GradcheckJob


@dataclass(frozen=True)
class Value:
    """One object of the submission.

    Attributes:
        kind: tensor, array (NumPy), number, list, none or other.
        type_name: the class as the student would call it.
        dtype: its dtype where it has one, else "".
        data: its numbers as float64 in its own shape; None for `none` and `other`.
    """

    kind: str
    type_name: str
    dtype: str = ""
    requires_grad: bool = False
    leaf: bool = False
    data: Floats | None = None


@dataclass(frozen=True)
class Raised:
    """An exception of the submission; `line` is the last line of the student's own file on the way, 0 where none."""

    type_name: str
    message: str
    line: int
    function: str = ""


@dataclass(frozen=True)
class Leaf:
    """A leaf reached by one backward call: before it, the fresh gradient, and `.grad` after (None where unset).

    Two leaves of one trace are the same tensor if they have the same `id`.
    """

    before: Floats
    fresh: Floats | None
    after: Floats | None
    id: int = 0


@dataclass(frozen=True)
class Backward:
    """One call into the autograd engine: the value of the root, and the leaves reached from it."""

    root: Floats
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True)
class Trace:
    """The backward calls of a run. `count` may exceed the steps kept; `last` is the last leaves' values at the end."""

    steps: tuple[Backward, ...]
    count: int
    last: tuple[Floats, ...] = ()

    @cached_property
    def series(self) -> Mapping[str, Floats]:
        """The steps as series, as `series_of` makes them."""
        return series_of(self.steps)


def series_of(steps: tuple[Backward, ...]) -> Mapping[str, Floats]:
    """Return `loss`, and for each leaf that every step reaches in one size, `gradient N` and `parameter N`.

    Each has one flat row a step: a parameter may be made anew in another shape. A gradient not computed is NaN.
    """
    if not steps:
        return {}
    series: dict[str, Floats] = {}
    if len({step.root.size for step in steps}) == 1 and steps[0].root.size:
        series["loss"] = np.stack([step.root.reshape(-1) for step in steps])
    for place in range(min(len(step.leaves) for step in steps)):
        leaves = [step.leaves[place] for step in steps]
        size = leaves[0].before.size
        if any(leaf.before.size != size for leaf in leaves):
            continue
        missing = np.full(size, np.nan)
        fresh = [leaf.fresh if leaf.fresh is not None and leaf.fresh.size == size else missing for leaf in leaves]
        series[f"parameter {place}"] = np.stack([leaf.before.reshape(-1) for leaf in leaves])
        series[f"gradient {place}"] = np.stack([gradient.reshape(-1) for gradient in fresh])
    return series


@dataclass(frozen=True)
class Loaded:
    """What loading found: top-level names, functions with their parameter lists, statements that raised."""

    names: tuple[str, ...] = ()
    functions: Mapping[str, str] = field(default_factory=dict)
    skipped: tuple[Raised, ...] = ()


@dataclass(frozen=True)
class Ran:
    """What a script run left: an exception, the names it never bound or bound to something odd, and the records."""

    raised: Raised | None
    unbound: tuple[str, ...]
    odd: Mapping[str, str]
    trace: Trace | None
    stores: Floats | None
    finals: Mapping[str, Value]


@dataclass(frozen=True)
class Called:
    """What one probe's call gave: an exception, an unusable signature, or values and gradients.

    Attributes:
        gradients: per name, None where no gradient arrived.
        not_required: names whose object does not require a gradient at all.
    """

    raised: Raised | None = None
    missing: str | None = None
    signature: str | None = None
    unbound: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    gradients: Mapping[str, Floats | None] = field(default_factory=dict)
    not_required: tuple[str, ...] = ()
    backward_raised: Raised | None = None


class Outcome(Enum):
    """What a test came to. `raised` says that the program raised, `error` that the test itself did."""

    PASSED = "passed"
    FAILED = "failed"
    RAISED = "raised"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Case:
    """What one test, with one set of parameters, came to.

    Attributes:
        text: of the assertion or the exception.
        line: of the test, where it failed; of the program, where that raised. 0 where none is known.
        share: what the test awarded; None where it said nothing.
        because: why.
    """

    name: str
    outcome: Outcome
    type_name: str = ""
    text: str = ""
    line: int = 0
    share: float | None = None
    because: str = ""


@dataclass(frozen=True)
class AuthorTestsRun:
    """What the tests' child said.

    Attributes:
        names: of the cases found, in order.
        broken: why the tests could not be read beside this program; empty where they could.
        in_tests: whether it was the tests' child that was stopped, not the program's.
    """

    names: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()
    broken: str = ""
    in_tests: bool = False


@dataclass(frozen=True)
class Usage:
    """What the parent measured: seconds of wall and processor time, and peak bytes above the base."""

    wall: float = 0.0
    cpu: float = 0.0
    memory: int = 0


@dataclass(frozen=True)
class Run:
    """One child's life, measured from outside, with the raw observations that it sent.

    Attributes:
        gradchecked: what gradcheck says of each gradient that is not that of the values.
    """

    status: RunStatus
    stop: Stop | None = None
    detail: str = ""
    usage: Usage = Usage()
    loaded: Loaded | None = None
    ran: Ran | None = None
    called: tuple[Called, ...] = ()
    answers: tuple[float, ...] = ()
    author_tests: AuthorTestsRun | None = None
    gradchecked: Mapping[str, str] = field(default_factory=dict)
    stdout: str = ""
    stderr: str = ""
    frames: tuple[bytes, ...] = ()
