"""Names that a line of the program and its run show together; and what must be so for a name to be true at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from grader.core.compare.tolerance import Observation
from grader.core.course.checks.recording import asks, names_of
from grader.core.course.exercise import Check
from grader.core.diagnose.raised_slips import multiplies, named_by_line
from grader.core.program.features import leaves, slips, steps, uses
from grader.core.program.features.code_features import LineRole, role_of, uncalled_item
from grader.core.program.features.rebinding import gradient_dropped, reads_gradient, rebinds_in_loop
from grader.core.program.features.slip import Slip
from grader.core.program.source import Source
from grader.core.report.finding import finding
from grader.core.report.report import NamedMisconception
from grader.core.run.observation import Raised

_NONE = re.compile(
    r"'NoneType' object has no attribute|unsupported operand type\(s\) for .*'NoneType'|NoneType\.__format__"
)
_NO_GRADIENT = re.compile(r"element 0 of tensors does not require grad")
_ZEROES = re.compile(r"no attribute '(zero_|fill_|detach_)'")
_LOSS_NOT_MADE = re.compile(r"Boolean value of Tensor with more than one value|'\w+Loss' object has no attribute")
_NO_CONTEXT = re.compile(r"context manager protocol|__enter__")
_ARGUMENTS = re.compile(r"\w+\.(\w+)\(\) takes (\d{1,4}) positional arguments? but (\d{1,4}) (?:was|were) given")
_TAKES_OUT = frozenset({"item", "tolist", "numpy"})
_UPDATING = (LineRole.UPDATE, LineRole.ZEROING)


def slips_of(check: Check, source: Source, observations: Sequence[Observation]) -> tuple[NamedMisconception, ...]:
    """Return the first slip that the source has and that the run of a check shows; none where there is none."""
    raised = next((each.raised for each in observations if each.raised is not None), None)
    count = min((_steps(each) for each in observations), default=-1)
    if raised is not None:
        found = _raised(source, raised, count)
    else:
        found = _not_raised(check, source, count, _types(observations))
    return tuple(found)[:1]


def agrees(name: str, source: Source, raised: Raised | None) -> bool:
    """Return whether a program has what a name is about: without it the name is not true, whatever the numbers say."""
    holds = _NEEDS.get(name)
    return holds is None or holds(source, raised)


def _raised(source: Source, raised: Raised, count: int) -> Iterator[NamedMisconception]:
    said = f"{raised.type_name}: {raised.message}"
    if "object is not callable" in said:
        yield from _named("name-shadowed", source, slips.shadowed(source, raised.line))
    if _LOSS_NOT_MADE.search(said):
        yield from _named("loss-not-made", source, slips.loss_not_made(source))
    if "graph a second time" in said:
        yield from _named("loss-accumulated", source, slips.accumulated_loss(source))
    if "positional argument" in said and raised.type_name == "TypeError":
        called = said.partition(": ")[2].partition("(")[0]
        if called in uses.own_functions(source):
            yield from _named("wrong-arguments", source, Slip(raised.line, called))
    if _NONE.search(said):
        yield from _named("gradient-assigned", source, slips.given_by_backward(source))
        yield from _named("gradient-of-result", source, steps.gradient_of_result(source, raised.line))
        if count == 0:
            yield from _never_called(source, count)
            if role_of(source, raised.line) is LineRole.UPDATE and slips.backward_below(source, raised.line):
                yield from _named("updated-before-backward", source, Slip(raised.line))
        if count == 1 and role_of(source, raised.line) in _UPDATING:
            yield from _named("not-a-leaf", source, leaves.no_leaf(source))
            yield from _named("graph-cut", source, leaves.wrapped_anew(source))
    if _NO_GRADIENT.search(said):
        yield from _named("keyword-misspelt", source, slips.misspelt(source))
    if _NO_CONTEXT.search(said):
        yield from _named("never-called", source, steps.uncalled_context(source, raised.line))
    if "values to unpack" in said or "cannot unpack" in said:
        yield from _named("pairs-not-zipped", source, steps.not_zipped(source, raised.line))
    yield from named_by_line(source, raised)


def _not_raised(check: Check, source: Source, count: int, types: Collection[str]) -> Iterator[NamedMisconception]:
    if any(each.endswith("Loss") for each in types):
        yield from _named("loss-not-made", source, slips.loss_not_made(source))
    if check.script and asks(check.compare, "trace"):
        yield from _never_called(source, count)
        early = steps.updated_before_backward(source) if count > 0 else None
        if early is not None:
            hint = finding("slip-updated-with-earlier", **source.place(early.line))
            yield NamedMisconception("updated-before-backward", hint)


def _never_called(source: Source, count: int) -> Iterator[NamedMisconception]:
    found = slips.uncalled(source)
    # Where backward() ran, it is not what was never called.
    if found is not None and (found.name != "backward" or count == 0):
        yield from _named("never-called", source, found)


def _named(name: str, source: Source, found: Slip | None) -> Iterator[NamedMisconception]:
    if found is not None:
        kind = "keyword-misspelt-attribute" if name == "keyword-misspelt" else f"slip-{name}"
        hint = finding(kind, **source.place(found.line), name=found.name, found=found.meant)
        yield NamedMisconception(name, hint)


def _steps(observation: Observation) -> int:
    """Return how many backward calls succeeded; -1 where they were not recorded."""
    ran = observation.run.ran
    return -1 if ran is None or ran.trace is None else ran.trace.count


def _types(observations: Sequence[Observation]) -> frozenset[str]:
    """Return the types of what calls gave."""
    called = (each.called for each in observations if each.called is not None)
    return frozenset(value.type_name for each in called for value in each.values)


# What an update with the wrong sign looks like, too.
_SIGNS_ELSEWHERE = frozenset({"operand-order", "sign-flipped"})


def told_apart(names: Sequence[NamedMisconception], check: Check, source: Source) -> tuple[NamedMisconception, ...]:
    """Leave out names that fit the numbers as well as others do, where the lines of the program say which it is."""
    found = {each.name for each in names}
    parameters = [*names_of(check.compare, "final"), *names_of(check.compare, "stores")]
    if "parameter-not-updated" in found:
        elsewhere = steps.optimizer_elsewhere(source, parameters) if parameters else None
        if elsewhere is not None:
            return tuple(_named("optimizer-elsewhere", source, elsewhere))
        if "zeroed-before-update" in found:
            wrong = "zeroed-before-update" if steps.zeroed_before_update(source) is None else "parameter-not-updated"
            names = [each for each in names if each.name != wrong]
    if names and names[0].hint.kind == "update-scaled" and names[0].hint.number("factor") == 2.0:
        twice = steps.updated_twice(source)
        if twice is not None:
            return (NamedMisconception("updated-twice", finding("updated-more-than-once")),)
    if "update-sign" in found and not found.isdisjoint(_SIGNS_ELSEWHERE):
        signs = steps.update_signs(source, parameters)
        false = {frozenset("+"): _SIGNS_ELSEWHERE, frozenset("-"): frozenset({"update-sign"})}.get(signs, frozenset())
        names = [each for each in names if each.name not in false]
    return tuple(names)


def _is_zeroing(source: Source, raised: Raised | None) -> bool:
    if (
        raised is not None
        and not _ZEROES.search(raised.message)
        and role_of(source, raised.line) is not LineRole.ZEROING
    ):
        return False
    ran = raised is not None and slips.backward_above(source, raised.line)
    return slips.calls_backward(source) and not ran


def _is_item(source: Source, raised: Raised | None) -> bool:
    """Whether it is .item, or another method that takes numbers out of a tensor, that was not called."""
    if raised is None:
        return uses.names_method(source)
    here = uses.methods_named(source, raised.line)
    return not here.isdisjoint(_TAKES_OUT) if here else uncalled_item(source) > 0


def _uses_rebound(source: Source, raised: Raised | None) -> bool:
    """Whether the line that raised uses a gradient, and the program assigns a new tensor to a name that has one."""
    if raised is None or not rebinds_in_loop(source):
        return False
    updates = role_of(source, raised.line) in _UPDATING
    shows = reads_gradient(source, raised.line) and steps.gradient_of_result(source, raised.line) is None
    return updates or shows


def _lacks_self(source: Source, raised: Raised | None) -> bool:
    """Whether a method has no self: of one that raised, also whether it got just one argument more than it has."""
    found = _ARGUMENTS.search(raised.message) if raised is not None else None
    if found is None:
        return uses.has_method_without_self(source)
    return int(found[3]) - int(found[2]) == 1 and uses.has_method_without_self(source, found[1])


def instead(name: str, source: Source) -> NamedMisconception | None:
    """Return what is true of a program in place of a name that it lacks something for; None where nothing is known."""
    if name in _UNCHANGED:
        return next(_named("never-called", source, slips.backward_uncalled(source)), None)
    if name in _AWAY and uses.never_zeroes(source):
        return NamedMisconception("accumulated", finding("never-zeroed"))
    return _INSTEAD.get(name)


# Names for a training that changes nothing. Without a backward pass it cannot, whatever its other lines do.
_UNCHANGED = ("parameter-not-updated", "zeroed-before-update", "another-model")
# Names for a training that does not come near its goal. With gradients that are never zeroed it need not, whatever the
# learning rate and the model are.
_AWAY = ("diverged", "loss-unchanged", "loss-levels-off", "stopped-too-early", "other-scale")
_INSTEAD: Mapping[str, NamedMisconception] = {
    "printed-after-zeroing": NamedMisconception("gradient-not-printed", finding("gradient-not-printed")),
}
_NEEDS: Mapping[str, Callable[[Source, Raised | None], bool]] = {
    "item-not-called": _is_item,
    "gradient-of-rebound": _uses_rebound,
    "gradient-set-to-none": lambda source, raised: raised is not None and gradient_dropped(source, raised.line),
    "missing-batch-dimension": lambda source, raised: raised is None or not multiplies(source, raised.line),
    "accumulated": lambda source, _: not slips.goes_back_twice(source),
    "item-too-early": lambda source, _: slips.takes_numbers_out(source),
    "integer-leaf": lambda source, _: slips.makes_whole_numbers(source),
    "zeroed-before-backward": _is_zeroing,
    "leaf-rebound": lambda source, _: rebinds_in_loop(source),
    "backward-twice": lambda source, raised: raised is None or slips.accumulated_loss(source) is None,
    "parameter-not-updated": lambda source, _: slips.backward_uncalled(source) is None,
    "zeroed-before-update": lambda source, _: slips.backward_uncalled(source) is None,
    "another-model": lambda source, _: slips.backward_uncalled(source) is None and uses.makes_model(source),
    "zeroed-once-per-epoch": lambda source, _: not uses.never_zeroes(source),
    "method-without-self": _lacks_self,
    "root-taken": lambda source, _: uses.takes_root(source),
    "train-mode": lambda source, _: uses.differs_in_training(source),
    "layer-made-in-forward": lambda source, _: uses.makes_layer_in_call(source),
    "layers-in-list": lambda source, _: not uses.makes_layer_in_call(source),
    "whole-division": lambda source, _: uses.drops_fractions(source),
    "scores-returned": lambda source, _: uses.takes_largest(source),
    **dict.fromkeys(_AWAY, lambda source, _: not uses.never_zeroes(source)),
    "other-scale": lambda source, _: uses.rescales(source) and not uses.never_zeroes(source),
    "printed-not-returned": lambda source, _: uses.prints(source),
    "printed-after-zeroing": lambda source, _: slips.prints_gradient(source),
}
