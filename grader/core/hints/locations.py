"""Says what a check asks, and at which step or line to look; never what is expected there."""

from __future__ import annotations

from functools import reduce

from grader.core.autodiff.expression import unparse
from grader.core.autodiff.graph import ValueOf
from grader.core.autodiff.tape import edges_between, roots, unroll
from grader.core.compare.comparison import QUANTITIES, comparisons
from grader.core.course.checks.author_tests import AuthorTest
from grader.core.course.exercise import Ask, Check, Stated
from grader.core.report.report import CheckResult
from grader.core.words.message import Message, say


def asked_of_tests(check: AuthorTest) -> Message:
    """Say what a check is that the author's tests make."""
    return say("Look at the check {check}. It is a test that your teacher wrote: read what it says.", check=check.name)


def asked_of_check(check: Check) -> Message:
    """Say what a check of a program looks at."""
    parts = [item.asked(check) for item in comparisons(check)]
    listed = reduce(lambda before, part: say("{before}, {part}", before=before, part=part), parts)
    return say(
        "Look at the check {check}. It compares this with the solution: {listed}.", check=check.name, listed=listed
    )


def asked_of_ask(work: Stated, ask: Ask) -> Message:
    """Say what a stated value is, and along which nodes it is found."""
    question = ask.question
    if isinstance(question, ValueOf):
        expression = next((unparse(node.expression) for node in work.graph.nodes if node.name == question.name), "")
        return say(
            "Look at {name}: the node {node} = {expression}.", name=ask.name, node=question, expression=expression
        )
    tape = unroll(work.graph, work.at)
    path = edges_between(tape, roots(work.graph, tape, question), tape.place[question.by])
    named = {place: name for name, place in tape.place.items()}
    on_the_way = {place for edge in path for place in (edge.operation, edge.operand)}
    names = dict.fromkeys(
        (question.of, *(named[place] for place in sorted(on_the_way, reverse=True) if place in named))
    )
    # What is asked by may be computed later than other nodes on the way; it is where the way ends.
    names.pop(question.by, None)
    way = " → ".join((*names, question.by))
    return say("Look at {name}: {about}. The way back: {way}.", name=ask.name, about=question, way=way)


def place_in(check: CheckResult) -> Message | None:
    """Say at which step or line a check's findings see the fault; None where they name neither."""
    for found in check.findings:
        if found.kind == "first-difference" and found.step is not None:
            quantity = QUANTITIES.get(found.quantity, found.quantity)
            return say(
                "The first step that differs is step {step}; look at {quantity} there.",
                step=found.step,
                quantity=quantity,
            )
    for found in check.findings:
        if found.file and found.line is not None and found.cell is not None:
            return say("Look at cell {cell} of {file}, line {line}.", file=found.file, cell=found.cell, line=found.line)
        if found.file and found.line is not None:
            return say("Look at line {line} of {file}.", line=found.line, file=found.file)
    return None
