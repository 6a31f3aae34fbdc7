"""`{parameter: w}`: a top-level name that must be a leaf tensor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from grader.core.compare.comparison import Pattern
from grader.core.compare.kinds.final import CompareFinal
from grader.core.compare.tolerance import Expected, Mismatch, Observation
from grader.core.course.declared import Names, Syntax
from grader.core.course.exercise import Check
from grader.core.report.finding import finding
from grader.core.words.message import Message, say


@dataclass(frozen=True)
class CompareParameter(CompareFinal):
    """As CompareFinal, and the name must be a leaf tensor that requires a gradient."""

    word = "parameter"
    syntax = Syntax("{parameter: w}", "As final, and it must be a leaf tensor that requires a gradient.", Names())
    reasons: ClassVar[Mapping[str, Message]] = {
        **CompareFinal.reasons,
        "not-a-tensor": say("{name} is of type {type}; expected a torch tensor."),
        "not-floating": say(
            "{name} has dtype {dtype}; only floating-point tensors can have gradients. Write 1.0 instead of 1."
        ),
        "no-gradient-wanted": say("{name} does not require a gradient. Create it with requires_grad=True."),
        "not-a-leaf": say(
            "{name} is computed from another tensor, so it is not a leaf and gets no .grad. Create it directly "
            "with torch.tensor(…, requires_grad=True)."
        ),
    }

    def mismatch(self, check: Check, actual: Observation, expected: Expected) -> Mismatch | None:
        value = self.bound(actual)
        if value is not None:
            lacking = {
                "not-a-tensor": value.kind != "tensor",
                "not-floating": "float" not in value.dtype,
                "no-gradient-wanted": not value.requires_grad,
                "not-a-leaf": not value.leaf,
            }
            reason = next((reason for reason, lacks in lacking.items() if lacks), None)
            if reason is not None:
                fields = {"name": self.name, "type": value.type_name, "dtype": value.dtype}
                return Mismatch(reason, fields=fields)
        return super().mismatch(check, actual, expected)

    def asked(self, _check: Check) -> Message:
        return say("whether {name} is a leaf tensor that requires a gradient", name=self.name)

    def question(self, _check: Check) -> Message:
        return say("What makes a tensor a parameter: which dtype, and which argument when it is created?")

    def conditions(self) -> Iterator[tuple[str, Message]]:
        yield f'getattr({self.name}, "requires_grad", False)', say("{name} needs requires_grad=True", name=self.name)

    def facts(self, seen: Observation) -> object:
        value = self.bound(seen)
        if value is None:
            return None
        return value.kind == "tensor", "float" in value.dtype, value.requires_grad, value.leaf

    def patterns(self, seen: Sequence[Observation]) -> Iterator[Pattern]:
        values = (self.bound(each) for each in seen)
        tensors = [value for value in values if value is not None and value.kind == "tensor"]
        if tensors and all("float" not in value.dtype for value in tensors):
            yield Pattern("integer-leaf", finding("holds-whole-numbers"))
        elif tensors and not any(value.requires_grad for value in tensors):
            yield Pattern("graph-cut", finding("no-gradient-computed"))
