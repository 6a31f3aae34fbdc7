"""The words of a course: Course, Exercise, Check, and what a check gives, calls and compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from grader.core.autodiff.graph import Graph, Question
from grader.core.course.call import Call, helpers_in, of_submission
from grader.core.course.draw import Array, Draw
from grader.core.course.given import Given, Layout, Shape
from grader.core.course.limits import Limits as Limits
from grader.core.course.policy import Policy
from grader.core.course.questions import Questions
from grader.core.course.recording import Compared
from grader.core.course.rules import NO_RULES, Rules
from grader.core.words.message import Text


@dataclass(frozen=True)
class Lecture:
    """Exercises whose ids start with `id` and a dot."""

    id: str
    title: Text


@dataclass(frozen=True)
class Course:
    """What course.yaml declares.

    Attributes:
        gradebook: a database's address; None for a file beside course.yaml.
        mutation: the share of mutants that each exercise's checks must see; None where none is asked for.
        plugins: modules with comparisons and draws of the course's own.
        packages: what submissions may import besides Python, NumPy and torch; None for whatever is installed.
        hand_in: how students hand in what they practised; None where nobody says.
    """

    id: str
    title: Text
    languages: tuple[str, ...]
    lectures: tuple[Lecture, ...]
    policy: Policy = Policy()
    gradebook: str | None = None
    mutation: float | None = None
    plugins: tuple[str, ...] = ()
    packages: tuple[str, ...] | None = None
    hand_in: Text | None = None

    @property
    def language(self) -> str:
        """The language of the course where a user names none: the first one declared."""
        return self.languages[0]


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
    """

    listed: ClassVar[str] = "asks"
    by_program: ClassVar[bool] = False
    observed: ClassVar[bool] = False
    starter: ClassVar[bytes] = b""
    files: ClassVar[tuple[AuthorFile, ...]] = ()

    graph: Graph
    at: Mapping[str, float]
    asks: tuple[Ask, ...]
    carried: float = 0.5
    carried_at_most: float = 0.5
    ambiguous: str = ""

    @property
    def parts(self) -> tuple[Ask, ...]:
        return self.asks

    def partial_points(self) -> tuple[float, ...]:
        if not self.carried:
            return ()
        each = (self.carried * ask.points for ask in self.asks)
        return (*each, self.carried_at_most * sum(ask.points for ask in self.asks))


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

    @property
    def draws(self) -> Mapping[str, Draw]:
        """What varies, by name: given names first, then arguments. Not what is put into modules."""
        return {**{name: given.draw for name, given in self.given.items() if not given.module}, **self.args}

    @property
    def asked(self) -> frozenset[str]:
        """The names of the submission that its calls, and the objects made for them, are about."""
        made = {*self.args, *self.let, *helpers_in(self.ask)}
        calls = {name for call in self.calls for name in call.of_submission(made)}
        return frozenset(calls.union(*(of_submission(each, made) for each in self.let.values())))

    @property
    def modules(self) -> Mapping[str, Draw]:
        """What the parameters of modules are drawn from, by the module's name under `let`."""
        return {name: given.draw for name, given in self.given.items() if given.module}


@dataclass(frozen=True)
class Coded:
    """The checks of an exercise that is answered with a program, and its rules; `packages` are the course's."""

    listed: ClassVar[str] = "checks"
    by_program: ClassVar[bool] = True
    observed: ClassVar[bool] = True
    files: ClassVar[tuple[AuthorFile, ...]] = ()

    starter: bytes
    checks: tuple[Check, ...]
    without_autograd: bool = False
    packages: tuple[str, ...] | None = None
    rules: Rules = NO_RULES

    @property
    def parts(self) -> tuple[Check, ...]:
        return self.checks

    def partial_points(self) -> tuple[float, ...]:
        return ()


@dataclass(frozen=True)
class AuthorTest:
    """A check that is tests of the author's own, under pytest.

    Attributes:
        tests: as `file.py::test_name`, `file.py::TestClass` or `file.py::TestClass::test_name`.
        partial: give the share of the cases that pass; otherwise all of them must.
        rules: on the source, besides the exercise's.
    """

    name: str
    points: float
    tests: tuple[str, ...]
    partial: bool = False
    needs: tuple[str, ...] = ()
    limits: Limits = Limits()
    rules: Rules = NO_RULES


@dataclass(frozen=True)
class AuthorFile:
    """A file of tests, or one that they import; `public` where students have it too."""

    name: str
    text: str
    shown: str
    public: bool


@dataclass(frozen=True)
class Tested:
    """The author's tests of an exercise that is answered with a program.

    Attributes:
        definitions: load imports, def, class and assignments only; otherwise every statement, one that raises left out.
        packages: the course's.
        rules: on the source of programs, at every check.
    """

    listed: ClassVar[str] = "tests"
    by_program: ClassVar[bool] = True
    observed: ClassVar[bool] = False

    starter: bytes
    checks: tuple[AuthorTest, ...]
    files: tuple[AuthorFile, ...]
    definitions: bool = False
    packages: tuple[str, ...] | None = None
    rules: Rules = NO_RULES

    @property
    def parts(self) -> tuple[AuthorTest, ...]:
        return self.checks

    def partial_points(self) -> tuple[float, ...]:
        # Tests may give any share of their points: told to a hundredth.
        return (0.01,)


# What every kind of exercise says of itself:
#   listed, parts   the key of exercise.yaml under which its parts are, and these parts, each with name and points
#   by_program      whether it is answered with a program; otherwise with lines of YAML
#   observed        whether submissions are held to what the solution was observed to do
#   starter, files  what students begin with, and the author's tests; empty where a kind has none
#   partial_points  the points that a part can give besides all or nothing
# What a layer knows of each kind beyond that is in a table of its own: facets.py.
Work = Stated | Coded | Tested | Questions


@dataclass(frozen=True)
class Exercise:
    """One exercise. `content` is what its YAML file held, byte for byte; `hints` come before those of the grader."""

    id: str
    title: Text
    prompt: Text
    work: Work
    content: bytes
    reveal: bool
    hints: tuple[Text, ...] = ()

    @property
    def points(self) -> Mapping[str, float]:
        """Points by check name, in the order of the file."""
        return {part.name: part.points for part in self.work.parts}

    @property
    def max_score(self) -> float:
        return sum(self.points.values())
