"""What comparisons ask the box to keep of a run: a closed list.

A new recording is a file inside the box besides; a new comparison chooses among these.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

What = Literal["values", "gradient", "trace", "stores", "final", "output", "after", "draws", "cost", "seeds", "steps"]


@dataclass(frozen=True)
class Recording:
    """One thing to keep.

    Attributes:
        what: `values` that a call returns; the `gradient` of them; the `trace` of backward calls; what a name `stores`,
            in order; what a top-level name is bound to in the end (`final`); the `output` that is printed; what
            expressions are when a call has returned (`after`); what it `cost`; what it returns when it is made so often
            (`draws`), or after as many trainings (`seeds`), each of so many `steps` at most.
        names: of a gradient, stores and final, the names; of a trace, which parts count; the expressions; the number.
    """

    what: What
    names: tuple[str, ...] = ()


class Compared(Protocol):
    """One thing that a check compares, as far as an exercise knows it."""

    word: ClassVar[str]

    def recordings(self) -> tuple[Recording, ...]:
        """Return what the box is to keep for it."""


def asks(compared: Iterable[Compared], *what: What) -> bool:
    """Whether one of these recordings is asked for."""
    return any(each.what in what for item in compared for each in item.recordings())


def names_of(compared: Iterable[Compared], what: What) -> tuple[str, ...]:
    """Return the names of a recording that are asked for, each once, in their order."""
    recordings = (each for item in compared for each in item.recordings() if each.what == what)
    return tuple(dict.fromkeys(name for each in recordings for name in each.names))


def follows_run(item: Compared) -> bool:
    """Return whether a comparison records a run step by step; what was recorded counts, however the run ended."""
    return asks([item], "trace", "stores")


def reads_names(item: Compared) -> bool:
    """Whether a comparison only reads what names are bound to in the end."""
    return all(each.what == "final" for each in item.recordings())
