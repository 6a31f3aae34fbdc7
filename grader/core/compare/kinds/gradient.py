"""`{gradient: w}`: the gradient of what the call returned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from grader.core.compare.comparison import Comparison
from grader.core.compare.parts import Place, fields_of_place, path_of, placed, side_by_side
from grader.core.compare.results import MISSING_PART
from grader.core.compare.tolerance import OF_NUMBERS, Expected, Mismatch, Observation, numbers_mismatch, shape_mismatch
from grader.core.course.checks.recording import Recording
from grader.core.course.declared import Field, Name, Names, Syntax
from grader.core.course.exercise import Check
from grader.core.run.observation import Called
from grader.core.run.trace import Floats
from grader.core.words.message import Message, say


@dataclass(frozen=True)
class CompareGradient(Comparison):
    """The vector-Jacobian product of each result of the call with respect to `name`, for hidden vectors.

    Attributes:
        of: which of several results, where not all: its number from 0 on, or the key under which a dict has it.
    """

    word = "gradient"
    syntax = Syntax(
        "{gradient: w}",
        "The gradient of what the call returned, of each of several results, with respect to a given name or an "
        "argument: the product with a hidden vector that the child learns only after it has returned its values.",
        Names(),
        (Field("of", Name(), "of which result, by its name under returns or its key in a dict", required=False),),
    )
    reasons: ClassVar[Mapping[str, Message]] = {
        **OF_NUMBERS,
        "missing-part": MISSING_PART,
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
    of: str | int = ""

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> tuple[CompareGradient, ...]:
        return tuple(cls(name, values.get("of", "")) for name in values[cls.word])

    def of_results(self, returns: tuple[str, ...]) -> CompareGradient | Message:
        if not returns or not isinstance(self.of, str) or not self.of:
            return self
        if self.of not in returns:
            return say("{name} is none of the results: {allowed}", name=self.of, allowed=", ".join(returns))
        return replace(self, of=returns.index(self.of))

    def recordings(self) -> tuple[Recording, ...]:
        return (Recording("gradient", (self.name,)),)

    def arrays(self, seen: Observation) -> Mapping[str, Floats]:
        called = seen.called or Called()
        return {
            self._key(name, place): gradient
            for name in self._names(called)
            for place, gradient in self._by_place(called, name).items()
            if gradient is not None and self._asks_for(place)
        }

    def _asks_for(self, place: Place) -> bool:
        if self.of == "":
            return True
        return bool(place) and place[0] == (self.of if isinstance(self.of, int) else repr(self.of))

    def incomparable(self, seen: Observation) -> Message | None:
        if self.of == "" or self.arrays(seen):
            return None
        return say(
            "the solution's result {of} has no gradient with respect to {name}: name a result that returns names, or "
            "the key of a dict, and one that can be differentiated",
            of=self.of if isinstance(self.of, str) else self.of + 1,
            name=self.name,
        )

    def _names(self, called: Called) -> list[str]:
        """Return the names that have gradients of it: its own, or those of the parameters of a module."""
        inside = f"{self.name}."
        return [name for name in called.gradients if name == self.name or name.startswith(inside)]

    def beside(self, _key: str, seen: Observation) -> Mapping[str, Floats]:
        names = seen.called.gradients if seen.called else ()
        return {key: gradient for name in names for key, gradient in CompareGradient(name).arrays(seen).items()}

    def _by_place(self, called: Called, name: str) -> dict[Place, Floats | None]:
        """Return the gradient of each result; of a call whose gradients did not come, none."""
        gradients = called.gradients.get(name)
        return {} if gradients is None else dict(zip(placed(called.values), gradients, strict=True))

    def _key(self, name: str, place: Place) -> str:
        return f"{name} of {path_of(place)}" if place else name

    def mismatch(self, _check: Check, actual: Observation, expected: Expected) -> Mismatch | None:
        if not expected.arrays:
            return None
        called = actual.called or Called()
        if called.backward_raised is not None:
            fields = {"type": called.backward_raised.type_name, "words": called.backward_raised.message}
            return Mismatch("backward-raised", fields=fields)
        reference = expected.observation.called or Called()
        for name in self._names(reference):
            differs = self._mismatch_of(name, called, reference, expected)
            if differs:
                return differs
        return None

    def _mismatch_of(self, name: str, called: Called, reference: Called, expected: Expected) -> Mismatch | None:
        """Return in what the gradient with respect to one name differs."""
        if name in called.not_required:
            return Mismatch("not-required", fields={"name": name})
        found = self._by_place(called, name)
        if not found:
            return Mismatch("graph-cut", fields={"name": name})
        wanted = filter(self._asks_for, self._by_place(reference, name))
        for ours, theirs in side_by_side(wanted, found):
            if self.of != "" and theirs and not all(map(self._asks_for, theirs)):
                # All results in one array: no gradient of one of them alone is there.
                return Mismatch("missing-part", fields={"name": name, **fields_of_place(ours[0])})
            keys = [key for place in ours if (key := self._key(name, place)) in expected.arrays]
            if not keys:
                continue
            differs = _mismatch([found[place] for place in theirs], keys, expected)
            if differs:
                return replace(differs, fields={**differs.fields, "name": name, **fields_of_place(ours[0])})
        return None

    def compared(self, _check: Check) -> Mapping[str, object]:
        return {"quantity": self.word, "name": self.name}

    @classmethod
    def subject(cls, called: Message | None, name: str) -> Message:
        about = called or say("the run")
        return say("The gradient of {about} with respect to {name}, times a hidden vector", about=about, name=name)

    def asked(self, check: Check) -> Message:
        calls = " / ".join(map(str, check.calls))
        if self.of != "":
            of = self.of if isinstance(self.of, str) else check.returns[self.of]
            return say("the gradient of {of} of {calls} with respect to {name}", of=of, calls=calls, name=self.name)
        return say("the gradient of {calls} with respect to {name}", calls=calls, name=self.name)

    def question(self, _check: Check) -> Message:
        return say("Call it yourself with small numbers: what do you expect, and what do you get?")

    @property
    def label(self) -> str:
        return f"gradient {self.name}"

    def facts(self, seen: Observation) -> object:
        called = seen.called or Called()
        missing = [name for name in called.not_required if name.startswith(f"{self.name}.")]
        return tuple(missing) if missing else seen.called is not None and self.name in called.not_required


def _mismatch(gradients: Sequence[Floats | None], keys: Sequence[str], expected: Expected) -> Mismatch | None:
    """Compare the gradients of one part of a result with ours; a part in several pieces has the sum of theirs."""
    if not gradients:
        return Mismatch("missing-part")
    known = [gradient for gradient in gradients if gradient is not None]
    if not known:
        return Mismatch("graph-cut")
    wanted = [expected.arrays[key] for key in keys]
    if known[0].size != wanted[0].size:
        return shape_mismatch(known[0], wanted[0])
    return numbers_mismatch(_sum(known), _sum(wanted), _sum([expected.allowed(key) for key in keys]))


def _sum(arrays: Sequence[Floats]) -> Floats:
    return np.asarray(np.sum(arrays, axis=0))
