"""What `course check` says of a reference: nothing can be held to it, or a right program is far from it."""

from __future__ import annotations

from grader.core.judge.reference import Reference
from grader.core.proof.findings import Finding, HoldsNothing
from grader.core.proof.solution import reference_findings
from grader.core.words.message import say


def test_a_check_that_nothing_can_be_held_to_is_told_with_its_reason() -> None:
    references = {"loop": Reference((), wide=(say("± 18"),)), "forward": Reference(())}
    assert list(reference_findings(references)) == [HoldsNothing("tolerance-too-wide", "loop", say("± 18"))]


def test_a_right_program_that_rounding_does_not_explain_is_told_by_its_file() -> None:
    (found,) = reference_findings({"loop": Reference((), apart=("solutions/4.5/right/other.py",))})
    assert isinstance(found, Finding)
    assert (found.name, found.at.file) == ("right-disagrees", "solutions/4.5/right/other.py")
    assert found.message.said(str).startswith("at check loop this program is further from the solution than 4 times")
