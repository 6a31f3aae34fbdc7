"""What a box is asked to do: jobs, each for one child."""

from __future__ import annotations

import math
from dataclasses import dataclass

from grader.core.autodiff.graph import Graph, Question
from grader.core.course.checks.limits import Limits
from grader.core.course.given_files import GivenFile
from grader.core.run.probe import Input, Probe
from grader.core.run.trained import Training


@dataclass(frozen=True)
class ProgramJob:
    """What one child does: load a program, as a script or only its definitions, then answer the probes.

    Attributes:
        given: for a script, the top-level names whose values are replaced before they are used.
        stores: the name whose every binding is recorded, or None.
        trace: record the calls into the autograd engine during the run.
        finals: top-level names whose values are read after the run.
        dtype: the default floating dtype of the run, float32 or float64.
        trusted: our own code, which may share a child with other trusted jobs.
        packages: what it may import; None for whatever is installed.
        by_hand: derivatives are to be found without torch's help.
        ask: the author's functions that expressions of the probes may use; they are made before the program is loaded.
        without: what its own code may not call, each name with the rule that says so.
        patience: seconds of own time, with the jobs before it in its child, that it is given for now.
        files: what the program finds where it works.
        main: which of several files in the source is run; "" where it is one file.
        device: which must be there, or nothing is run; "" where none is needed.
        training: what comes before the probes, which the child is told when it is over; None where nothing does.
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
    packages: tuple[str, ...] | None = None
    by_hand: bool = False
    ask: str = ""
    without: tuple[tuple[str, str], ...] = ()
    patience: float = math.inf
    files: tuple[GivenFile, ...] = ()
    main: str = ""
    training: Training | None = None
    device: str = ""


@dataclass(frozen=True)
class FilesJob:
    """An author's make_files.py makes other files of an exercise, which it is given a seed for.

    Attributes:
        text: of make_files.py.
        names: what it must make, and nothing else.
    """

    text: str
    seed: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class GraphJob:
    """The reference of stated values: torch builds the graph at the inputs and answers the questions, in float64."""

    graph: Graph
    at: tuple[tuple[str, float], ...]
    questions: tuple[Question, ...]


# What an author's tests may use beside the solution. Beside a submission it is less, by what they took beside that.
MOST_OF_TESTS = Limits(wall=60.0, cpu=60.0, memory=2**30, output=4 * 2**20)


@dataclass(frozen=True)
class AuthorTestsJob:
    """The author's tests put to a program: they run in one child, the program in another.

    Attributes:
        definitions: load the program's definitions only; otherwise all statements but those that raise.
        files: names and texts of the author's modules.
        chosen: the tests wanted, as `file.py::test_name`.
        packages: what the program may import; None for whatever is installed.
        trusted: the program is our own.
        without: what the program's own code may not call, each name with the rule that says so.
        limits_of_tests: what the tests' child may use in its own turns.
        patience: seconds of own time that the program is given for now, and so are the tests.
        given_files: what the program, and the tests, find where they work.
        main: as of a program.
    """

    source: str
    filename: str
    definitions: bool
    files: tuple[tuple[str, str], ...]
    chosen: tuple[str, ...]
    limits: Limits = Limits()
    packages: tuple[str, ...] | None = None
    limits_of_tests: Limits = MOST_OF_TESTS
    trusted: bool = False
    without: tuple[tuple[str, str], ...] = ()
    patience: float = math.inf
    given_files: tuple[GivenFile, ...] = ()
    main: str = ""


@dataclass(frozen=True)
class GradcheckJob:
    """torch's gradcheck put to the functions of our own program, at the inputs of its probes."""

    program: ProgramJob
    limits: Limits


def files_of(job: Job) -> tuple[GivenFile, ...]:
    """Return what lies where a job's program works."""
    match job:
        case ProgramJob(files=files) | AuthorTestsJob(given_files=files):
            return files
        case GradcheckJob(program=program):
            return program.files
        case _:
            return ()


Job = ProgramJob | GraphJob | AuthorTestsJob | GradcheckJob | FilesJob
