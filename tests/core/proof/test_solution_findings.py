"""What `course check` says of a reference: nothing can be held to it, or a right program is far from it."""

from __future__ import annotations

import pytest

from grader.core.compare.kinds.parameters import CompareParameters
from grader.core.compare.kinds.value import CompareValue
from grader.core.course.exercise import Check
from grader.core.judge.reference import Reference
from grader.core.proof.findings import Finding, HoldsNothing
from grader.core.proof.programs import structure_findings
from grader.core.proof.solution import reference_findings
from grader.core.words.errors import Position
from grader.core.words.message import say


def test_a_check_that_nothing_can_be_held_to_is_told_with_its_reason() -> None:
    references = {"loop": Reference((), wide=(say("± 18"),)), "forward": Reference(())}
    assert list(reference_findings(references)) == [HoldsNothing("tolerance-too-wide", "loop", say("± 18"))]


def test_a_right_program_that_rounding_does_not_explain_is_told_by_its_file() -> None:
    (found,) = reference_findings({"loop": Reference((), apart=("solutions/4.5/right/other.py",))})
    assert isinstance(found, Finding)
    assert (found.name, found.at.file) == ("right-disagrees", "solutions/4.5/right/other.py")
    assert found.message.said(str).startswith("at check loop this program is further from the solution than 4 times")


@pytest.mark.parametrize(
    ("structure", "values", "told"), [(2, 1, ["structure-alone"]), (1, 1, []), (1, 0, ["structure-alone"])]
)
def test_points_for_structure_alone_are_told_where_they_are_most(
    structure: float, values: float, told: list[str]
) -> None:
    checks = [
        Check("structure", structure, (CompareParameters("model"),)),
        Check("forward", values, (CompareParameters("model"), CompareValue())),
    ]
    places = {check.name: Position("exercise.yaml", place) for place, check in enumerate(checks, 3)}
    found = list(structure_findings(checks, places))
    assert [(each.name, each.at.line) for each in found] == [(name, 3) for name in told]
