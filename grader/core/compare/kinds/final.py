"""`{final: w}`: the value of a top-level name after the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from grader.core.compare.comparison import Comparison
from grader.core.compare.tolerance import OF_OBJECTS, Expected, Mismatch, Observation, object_mismatch
from grader.core.course.declared import Names, Syntax
from grader.core.course.exercise import Check
from grader.core.course.recording import Recording
from grader.core.run.observation import Value
from grader.core.run.trace import Floats
from grader.core.words.message import Message, say


@dataclass(frozen=True)
class CompareFinal(Comparison):
    """The value of a top-level name after the run."""

    word = "final"
    syntax = Syntax("{final: w}", "The value of a top-level name after the run.", Names())
    reasons: ClassVar[Mapping[str, Message]] = {
        **OF_OBJECTS,
        "unbound": say("{name} is not set at the top level of the program."),
    }

    name: str

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> tuple[Self, ...]:
        return tuple(cls(name) for name in values[cls.word])

    def recordings(self) -> tuple[Recording, ...]:
        return (Recording("final", (self.name,)),)

    def bound(self, seen: Observation) -> Value | None:
        """Return what the name is bound to in the end; None where it is not."""
        return seen.run.ran.finals.get(self.name) if seen.run.ran else None

    def arrays(self, seen: Observation) -> Mapping[str, Floats]:
        value = self.bound(seen)
        return {} if value is None or value.data is None else {self.name: value.data}

    def exact(self, seen: Observation) -> frozenset[str]:
        value = self.bound(seen)
        return frozenset({self.name} if value is not None and value.whole else ())

    def mismatch(self, check: Check, actual: Observation, expected: Expected) -> Mismatch | None:
        value = self.bound(actual)
        if value is None:
            return Mismatch("unbound", fields={"name": self.name})
        ours = self.bound(expected.observation) or Value("none", "None")
        return object_mismatch(check, value, ours, expected.allowed(self.name))

    def compared(self, check: Check) -> Mapping[str, object]:
        return {"quantity": "final" if check.script else "variable", "name": self.name}

    @classmethod
    def subject(cls, _called: Message | None, name: str) -> Message:
        return say("{name} after the run", name=name)

    def asked(self, _check: Check) -> Message:
        return say("{name} after the run", name=self.name)

    def question(self, _check: Check) -> Message:
        return say("What is in this name at the end of your program? Print it there.")

    @property
    def label(self) -> str:
        return f"{self.word} {self.name}"

    def facts(self, seen: Observation) -> object:
        value = self.bound(seen)
        return None if value is None else value.data is None
