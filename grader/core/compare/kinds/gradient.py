"""`{gradient: w}`: the gradient of what the call returned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from grader.core.compare.comparison import Comparison
from grader.core.compare.tolerance import OF_NUMBERS, Expected, Mismatch, Observation, numbers_mismatch, shape_mismatch
from grader.core.course.declared import Names, Syntax
from grader.core.course.exercise import Check
from grader.core.course.recording import Recording
from grader.core.run.observation import Called
from grader.core.run.trace import Floats
from grader.core.words.message import Message, say


@dataclass(frozen=True)
class CompareGradient(Comparison):
    """The vector-Jacobian product of what the call returned with respect to `name`, for a hidden vector."""

    word = "gradient"
    syntax = Syntax(
        "{gradient: w}",
        "The gradient of what the call returned with respect to a given name or an argument: the product with a hidden "
        "vector that the child learns only after it has returned its values.",
        Names(),
    )
    reasons: ClassVar[Mapping[str, Message]] = {
        **OF_NUMBERS,
        "graph-cut": say(
            "{subject}: there is no gradient. The graph is cut between {name} and the result: look for .item(), "
            ".data, .detach() or a new tensor made from numbers."
        ),
        "not-required": say("{subject}: {name} does not require a gradient. Make it a tensor with requires_grad=True."),
        "backward-raised": say("{subject}: the backward pass raised {type}: {words}"),
    }
    # Where the output is not differentiable only its value counts.
    may_be_missing = True

    name: str

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> tuple[CompareGradient, ...]:
        return tuple(cls(name) for name in values[cls.word])

    def recordings(self) -> tuple[Recording, ...]:
        return (Recording("gradient", (self.name,)),)

    def arrays(self, seen: Observation) -> Mapping[str, Floats]:
        gradient = seen.called.gradients.get(self.name) if seen.called else None
        return {} if gradient is None else {self.name: gradient}

    def beside(self, _key: str, seen: Observation) -> Mapping[str, Floats]:
        found = seen.called.gradients if seen.called else {}
        return {name: gradient for name, gradient in found.items() if gradient is not None}

    def mismatch(self, _check: Check, actual: Observation, expected: Expected) -> Mismatch | None:
        if self.name not in expected.arrays:
            return None
        called = actual.called or Called()
        if called.backward_raised is not None:
            fields = {"type": called.backward_raised.type_name, "words": called.backward_raised.message}
            return Mismatch("backward-raised", fields=fields)
        gradient = called.gradients.get(self.name)
        if gradient is None:
            reason = "not-required" if self.name in called.not_required else "graph-cut"
            return Mismatch(reason, fields={"name": self.name})
        ours = expected.arrays[self.name]
        if gradient.size != ours.size:
            return shape_mismatch(gradient, ours)
        return numbers_mismatch(gradient, ours, expected.allowed(self.name))

    def compared(self, _check: Check) -> Mapping[str, object]:
        return {"quantity": self.word, "name": self.name}

    @classmethod
    def subject(cls, called: Message | None, name: str) -> Message:
        about = called or say("the run")
        return say("The gradient of {about} with respect to {name}, times a hidden vector", about=about, name=name)

    def asked(self, check: Check) -> Message:
        calls = " / ".join(map(str, check.calls))
        return say("the gradient of {calls} with respect to {name}", calls=calls, name=self.name)

    def question(self, _check: Check) -> Message:
        return say("Call it yourself with small numbers: what do you expect, and what do you get?")

    @property
    def label(self) -> str:
        return f"gradient {self.name}"

    def facts(self, seen: Observation) -> object:
        return seen.called is not None and self.name in seen.called.not_required
