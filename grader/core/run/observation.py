"""What came back from a box: runs with their observations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from grader.core.course.checks.given import Layout
from grader.core.course.given_files import GivenFile
from grader.core.run.author_tests import AuthorTestsRun
from grader.core.run.raised import Raised as Raised
from grader.core.run.trace import Floats, Trace
from grader.core.run.trained import Trained


class RunStatus(Enum):
    """What happened to the process; says nothing about the answer. From best to worst."""

    NOT_RUN = "not_run"
    COMPLETED = "completed"
    CRASHED = "crashed"
    OUT_OF_MEMORY = "out_of_memory"
    TIMED_OUT = "timed_out"
    SANDBOX_FAILED = "sandbox_failed"


class Stop(Enum):
    """Why a run ended before it was complete.

    `busy`: the machine hardly let it run. `patience`: it took longer than it was given for now, and may be right.
    """

    WALL = "wall"
    BUSY = "busy"
    PATIENCE = "patience"
    CPU = "cpu"
    MEMORY = "memory"
    OUTPUT = "output"
    SIGNAL = "signal"
    EXIT = "exit"
    WIRE = "wire"
    SANDBOX = "sandbox"


@dataclass(frozen=True)
class Value:
    """One object of the submission.

    Attributes:
        kind: tensor, array (NumPy), number, list, text, none, several or other.
        type_name: the class as the student would call it.
        dtype: its dtype where it has one, else "".
        data: its numbers as float64 in its own shape; None for `text`, `none`, `several` and `other`.
        text: of a string.
        place: where in a result it is: the numbers of elements and, as Python writes them, the keys that lead to it.
        within: the type of the outermost list, tuple or dict that it is in.
        parts: of `several`, the values that it holds, each with its place.
    """

    kind: str
    type_name: str
    dtype: str = ""
    requires_grad: bool = False
    leaf: bool = False
    data: Floats | None = None
    text: str | None = None
    place: tuple[str | int, ...] = ()
    within: str = ""
    parts: tuple[Value, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether its numbers are whole by their type: integers and booleans."""
        return self.data is not None and self.dtype.startswith(("int", "uint", "bool"))


@dataclass(frozen=True)
class Loaded:
    """What loading found: top-level names, functions with their parameter lists, statements that raised."""

    names: tuple[str, ...] = ()
    functions: Mapping[str, str] = field(default_factory=dict)
    skipped: tuple[Raised, ...] = ()


@dataclass(frozen=True)
class Ran:
    """What a script run left: an exception, the names it never bound or bound to something odd, and the records.

    Attributes:
        longer: names to which the program wrote more numbers than it was given there, with how many it wrote.
    """

    raised: Raised | None
    unbound: tuple[str, ...]
    odd: Mapping[str, str]
    trace: Trace | None
    stores: Floats | None
    finals: Mapping[str, Value]
    longer: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class OtherModule:
    """A module of the submission whose parameters are not the solution's.

    Attributes:
        name: under `let`.
        type_name: of what is no module; "" of one.
        layout: its parameters.
        unregistered: how many parameters it works with that it does not have.
    """

    name: str
    type_name: str
    layout: Layout
    unregistered: int = 0


@dataclass(frozen=True)
class Called:
    """What one probe's call gave: an exception, an unusable signature, or values and gradients.

    Attributes:
        gradients: per name that of each value, None where no gradient arrived.
        not_required: names whose object does not require a gradient at all.
        module: why numbers could not be put into a module; None where they could.
        after: by expression, the values of what it was when the call had returned.
        layouts: the parameters of each module, by its name, as numbers were put into them.
        draws: what further calls returned: each value with one axis more in front, along which the calls are.
        cost: how many `operations` of torch's the call took, in how many `calls`; bytes of `memory` held at once.
    """

    raised: Raised | None = None
    missing: str | None = None
    signature: str | None = None
    unbound: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    gradients: Mapping[str, tuple[Floats | None, ...]] = field(default_factory=dict)
    not_required: tuple[str, ...] = ()
    backward_raised: Raised | None = None
    module: OtherModule | None = None
    after: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    layouts: Mapping[str, Layout] = field(default_factory=dict)
    draws: tuple[Value, ...] = ()
    cost: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Usage:
    """What the parent measured: seconds of wall and processor time, and peak bytes above the base.

    Attributes:
        own: seconds of wall time without those in which it waited for a core, or of processor time if these are more.
    """

    wall: float = 0.0
    cpu: float = 0.0
    memory: int = 0
    own: float = 0.0


@dataclass(frozen=True)
class Run:
    """One child's life, measured from outside, with the raw observations that it sent.

    Attributes:
        gradchecked: what gradcheck says of each gradient that is not that of the values.
        made: the files that make_files.py made; none where it raised, or they are not those that were asked for.
        not_made: why not.
        no_device: whether nothing was run for want of the device that was asked for.
        mend: the line that gives the machine what the box lacked, where it failed for want of that.
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
    made: tuple[GivenFile, ...] = ()
    not_made: Raised | None = None
    stdout: str = ""
    stderr: str = ""
    frames: tuple[bytes | memoryview, ...] = ()
    mend: str = ""
    trained: Trained | None = None
    no_device: bool = False
