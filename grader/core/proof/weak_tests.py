"""Tests that a program passes which knows nothing of the exercise are named, with words that mend them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from grader.core.proof.cheats import Cheat, Family
from grader.core.proof.findings import Finding
from grader.core.words.errors import Position
from grader.core.words.message import Message, say


@dataclass(frozen=True)
class Passed:
    """A test that cheats pass.

    Attributes:
        test: as `file.py::test_name`.
        by: the cheats.
        always: whether these are all that there are.
    """

    test: str
    by: tuple[Cheat, ...]
    always: bool


def cheat_findings(passed: Iterable[Passed], places: Mapping[str, Position]) -> Iterator[Finding]:
    """Yield each test that cheats pass, with what keeps them out.

    Args:
        places: of the tests.
    """
    for each in passed:
        name = each.test.partition("::")[2]
        if each.always:
            message = say("{test} passes whatever the functions return: assert something that they return", test=name)
            yield Finding("weak-test", places[each.test], message)
            continue
        every = {cheat.shown for cheat in each.by}
        told = [cheat for cheat in each.by if cheat.like not in every]
        for family in dict.fromkeys(cheat.family for cheat in told):
            shown = ", ".join(cheat.shown for cheat in told if cheat.family is family)
            yield Finding("weak-test", places[each.test], _message(family, name, shown))


def _message(family: Family, test: str, shown: str) -> Message:
    match family:
        case Family.CONSTANT:
            return say(
                "{test} passes where every function only returns a constant ({shown}): assert in the same test a "
                "second case that has another answer",
                test=test,
                shown=shown,
            )
        case Family.EMPTY:
            return say(
                "{test} passes where every function only returns {shown}, so that nothing is compared: assert the "
                "length or shape as well, as in assert np.shape(result) == np.shape(expected)",
                test=test,
                shown=shown,
            )
        case Family.NAN:
            return say(
                "{test} passes where every function only returns nan: assert that the result is near (== "
                "pytest.approx(…) or <=), not that it is not far away",
                test=test,
            )
        case Family.ARGUMENT:
            return say(
                "{test} passes where every function only does this to its arguments and returns them: {shown}. Choose "
                "arguments that a right program changes, and work out what is expected before the call",
                test=test,
                shown=shown,
            )
        case Family.CLAIM:
            return say(
                "{test} passes with an object that holds nothing: its str(), len() and comparisons only say what the "
                "solution's said. Assert values that it holds, as in list(result) == […], for inputs drawn in the test",
                test=test,
            )
