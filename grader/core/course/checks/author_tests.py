"""The author's own tests as checks of an exercise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from grader.core.course.checks.limits import Limits
from grader.core.course.checks.rules import NO_RULES, Rules
from grader.core.course.draws.draw import Draw
from grader.core.course.given_files import GivenFile


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
        given_files: what programs, and the tests, find where they work.
        submit: as of checks.
    """

    listed: ClassVar[tuple[str, ...]] = ("tests",)
    own: ClassVar[Mapping[str, Draw]] = {}
    by_program: ClassVar[bool] = True
    observed: ClassVar[bool] = False

    starter: bytes
    checks: tuple[AuthorTest, ...]
    files: tuple[AuthorFile, ...]
    definitions: bool = False
    packages: tuple[str, ...] | None = None
    rules: Rules = NO_RULES
    given_files: tuple[GivenFile, ...] = ()
    submit: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[AuthorTest, ...]:
        return self.checks

    def partial_points(self) -> tuple[float, ...]:
        # Tests may give any share of their points: told to a hundredth.
        return (0.01,)

    def under(self, packages: tuple[str, ...] | None, rules: Rules) -> Tested:
        return replace(self, packages=packages, rules=rules)
