"""The words of an exercise: Exercise, Check, and what a check gives, calls and compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from grader.core.autodiff.graph import Graph, Question
from grader.core.course.checks.author_tests import AuthorFile, AuthorTest, Tested
from grader.core.course.checks.call import Call, helpers_in, of_submission
from grader.core.course.checks.device import DEVICE, Device
from grader.core.course.checks.given import Given, Layout, Shape
from grader.core.course.checks.limits import Limits
from grader.core.course.checks.recording import Compared
from grader.core.course.checks.rules import NO_RULES, Rules
from grader.core.course.checks.training import Data, DataSource
from grader.core.course.draws.draw import Array, Draw
from grader.core.course.feedback import Tells
from grader.core.course.given_files import GivenFile
from grader.core.course.questions import Questions
from grader.core.words.message import Text


@dataclass(frozen=True)
class Ask:
    """One stated value.

    Attributes:
        digits: significant digits asked; half a unit of the last one is the error allowed.
        ambiguous: why different ideas may give the same number here; empty where the author has not said so.
    """

    name: str
    question: Question
    points: float
    digits: int
    expect: float | None = None
    ambiguous: str = ""


@dataclass(frozen=True)
class Stated:
    """The asks of an exercise that is answered with numbers.

    Attributes:
        carried: share of an ask's points for an answer that follows from the student's own wrong ones.
        carried_at_most: share of the exercise's points that can be earned so.
        ambiguous: as an ask's, for all of them, and for one number that is the answer to many.
        own: what inputs are drawn from that each student has for himself; `at` has an example's numbers then.
    """

    listed: ClassVar[tuple[str, ...]] = ("asks",)
    by_program: ClassVar[bool] = False
    observed: ClassVar[bool] = False
    starter: ClassVar[bytes] = b""
    given_files: ClassVar[tuple[GivenFile, ...]] = ()
    submit: ClassVar[tuple[str, ...]] = ()
    files: ClassVar[tuple[AuthorFile, ...]] = ()

    graph: Graph
    at: Mapping[str, float]
    asks: tuple[Ask, ...]
    carried: float = 0.5
    carried_at_most: float = 0.5
    ambiguous: str = ""
    own: Mapping[str, Draw] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[Ask, ...]:
        return self.asks

    def partial_points(self) -> tuple[float, ...]:
        if not self.carried:
            return ()
        each = (self.carried * ask.points for ask in self.asks)
        return (*each, self.carried_at_most * sum(ask.points for ask in self.asks))

    def under(self, _packages: tuple[str, ...] | None, _rules: Rules) -> Stated:
        return self


# Two checks are the same if they are the same object: what follows from one is then remembered by it.
@dataclass(frozen=True, eq=False)
class Check:
    """One named question put to a submission.

    Attributes:
        script: run the whole program (each probe in a child of its own), not its definitions only.
        calls: alternative signatures; one of them must hold on all probes. With `script`, called after the run.
        let: objects that are made anew for every probe, by name: expressions on the submission's names.
        examples: probes with the author's own numbers, tried before the drawn ones.
        repeat: how many probes are drawn.
        arrays: what drawn numbers with a size are handed over as: `torch`, `numpy` or `list`.
        samples: given vectors of which a training takes one element a step, in order, over and over.
        like: for an argument, the list or tensor of the submission whose element it is made like.
        passed_over: of each probe, how many draws are passed over: none where it is empty. No author writes it.
        layouts: the parameters of the solution's modules, by the name under `let`. No author writes them.
        ask: the text of ask.py, whose functions `let`, `calls` and what is compared `after` may use.
        rules: on the source, besides the exercise's.
        varied: whether the exercise's files are other ones at each probe but the first, where they are as released.
        made_files: those other files, of each probe after the first. No author writes them.
        returns: what the results of a call are called, where it gives several; then they are not one in pieces.
        data: what a program is trained with; None where it is not trained.
        maker: the text of data.py, which makes them. Nobody but the course has it.
        made: what it made. No author writes it.
        device: on which it is tried once more, where there is one; None where the processor is enough.
    """

    name: str
    points: float
    compare: tuple[Compared, ...]
    script: bool = False
    calls: tuple[Call, ...] = ()
    given: Mapping[str, Given] = field(default_factory=dict)
    args: Mapping[str, Draw] = field(default_factory=dict)
    samples: tuple[str, ...] = ()
    like: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[Mapping[str, Array], ...] = ()
    repeat: int = 1
    needs: tuple[str, ...] = ()
    shape: Shape = Shape()
    dtype: str | None = None
    limits: Limits = Limits()
    passed_over: tuple[int, ...] = ()
    let: Mapping[str, str] = field(default_factory=dict)
    arrays: str = "torch"
    layouts: Mapping[str, Layout] = field(default_factory=dict)
    ask: str = ""
    rules: Rules = NO_RULES
    varied: bool = False
    made_files: tuple[tuple[GivenFile, ...], ...] = ()
    returns: tuple[str, ...] = ()

    @property
    def alone(self) -> bool:
        """Whether each probe has a child of its own: what the program does at its top level differs there."""
        return self.script or self.varied

    data: DataSource | None = None
    maker: str = ""
    made: Data | None = None
    device: Device | None = None

    @property
    def draws(self) -> Mapping[str, Draw]:
        """What varies, by name: given names first, then arguments. Not what is put into modules."""
        return {**{name: given.draw for name, given in self.given.items() if not given.module}, **self.args}

    @property
    def asked(self) -> frozenset[str]:
        """The names of the submission that its calls, and the objects made for them, are about."""
        made = {*self.args, *self.let, *helpers_in(self.ask), *(self.data.names if self.data else ())}
        made |= {DEVICE} if self.device else set()
        calls = {name for call in self.calls for name in call.of_submission(made)}
        return frozenset(calls.union(*(of_submission(each, made) for each in self.let.values())))

    @property
    def modules(self) -> Mapping[str, Draw]:
        """What the parameters of modules are drawn from, by the module's name under `let`."""
        return {name: given.draw for name, given in self.given.items() if given.module}


@dataclass(frozen=True)
class Coded:
    """The checks of an exercise that is answered with a program, and its rules; `packages` are the course's.

    Attributes:
        given_files: what programs find where they work.
        varied: those of them that are other ones when a program is judged.
        makes: the text of make_files.py, which makes these; "" where nothing is varied, and in a students' copy.
        submit: the files that are handed in, the one that is run last; none where it is one file by the exercise's id.
    """

    listed: ClassVar[tuple[str, ...]] = ("checks",)
    own: ClassVar[Mapping[str, Draw]] = {}
    by_program: ClassVar[bool] = True
    observed: ClassVar[bool] = True
    files: ClassVar[tuple[AuthorFile, ...]] = ()

    starter: bytes
    checks: tuple[Check, ...]
    without_autograd: bool = False
    packages: tuple[str, ...] | None = None
    rules: Rules = NO_RULES
    given_files: tuple[GivenFile, ...] = ()
    varied: tuple[str, ...] = ()
    makes: str = ""
    submit: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[Check, ...]:
        return self.checks

    def partial_points(self) -> tuple[float, ...]:
        # A training may earn some tenths of its points.
        return tuple(round(check.points / 10, 10) for check in self.checks if check.data is not None)

    def under(self, packages: tuple[str, ...] | None, rules: Rules) -> Coded:
        return replace(self, packages=packages, rules=rules)


@dataclass(frozen=True)
class Mixed:
    """An exercise that is answered with a program which is held to the solution, and put to the author's tests too.

    The two have the same starter, packages, rules, files and names of what is handed in.
    """

    listed: ClassVar[tuple[str, ...]] = (*Coded.listed, *Tested.listed)
    own: ClassVar[Mapping[str, Draw]] = {}
    by_program: ClassVar[bool] = True
    observed: ClassVar[bool] = True

    coded: Coded
    tested: Tested

    @property
    def starter(self) -> bytes:
        return self.coded.starter

    @property
    def files(self) -> tuple[AuthorFile, ...]:
        return self.tested.files

    @property
    def given_files(self) -> tuple[GivenFile, ...]:
        return self.coded.given_files

    @property
    def submit(self) -> tuple[str, ...]:
        return self.coded.submit

    @property
    def parts(self) -> tuple[Check | AuthorTest, ...]:
        return (*self.coded.checks, *self.tested.checks)

    def partial_points(self) -> tuple[float, ...]:
        return (*self.coded.partial_points(), *self.tested.partial_points())

    def under(self, packages: tuple[str, ...] | None, rules: Rules) -> Mixed:
        return Mixed(self.coded.under(packages, rules), self.tested.under(packages, rules))


# What every kind of exercise says of itself:
#   listed, parts   the keys of exercise.yaml under which its parts are, and these parts, each with name and points
#   by_program      whether it is answered with a program; otherwise with lines of YAML
#   observed        whether submissions are held to what the solution was observed to do
#   starter, files  what students begin with, and the author's tests; empty where a kind has none
#   given_files     what a program finds where it works; none for what is answered without one
#   submit          the files that are handed in, where these are several
#   own             the draws of what each student has numbers of his own for
#   partial_points  the points that a part can give besides all or nothing
#   under           the same under the course's packages and the rules of the exercise
# What a layer knows of each kind beyond that is in a table of its own: facets.py.
Work = Stated | Coded | Tested | Mixed | Questions


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes:
        content: what its YAML file held, byte for byte.
        hints: the author's own, which come before those of the grader.
        tells: how much a student is told before asking for hints.
    """

    id: str
    title: Text
    prompt: Text
    work: Work
    content: bytes
    reveal: bool
    hints: tuple[Text, ...] = ()
    tells: Tells = Tells.CAUSE

    @property
    def points(self) -> Mapping[str, float]:
        """Points by check name, in the order of the file."""
        return {part.name: part.points for part in self.work.parts}

    @property
    def max_score(self) -> float:
        return sum(self.points.values())
