"""What a check puts into a submission before it asks, and which shapes pass of what comes back."""

from __future__ import annotations

from dataclasses import dataclass

from grader.core.course.draws.draw import Draw


@dataclass(frozen=True)
class Given:
    """A name of the submission whose value is replaced; a parameter is set in place where that is possible.

    Attributes:
        module: the name is an object under `let`, a torch module, and the numbers are for its parameters.
    """

    draw: Draw
    parameter: bool = False
    optional: bool = False
    module: bool = False


# The parameters of a module: the name and the shape of each, in the order in which it has them.
Layout = tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Shape:
    """Which shapes pass: the reference's (one-element results of any rank are equal unless `exact`), or `allowed`."""

    exact: bool = False
    anything: bool = False
    allowed: tuple[tuple[int, ...], ...] = ()
