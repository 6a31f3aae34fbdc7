"""Says what a check asks, and at which step or line of a recorded report to look; never what is expected there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import reduce

from grader.core.autodiff.expression import unparse
from grader.core.autodiff.graph import ValueOf
from grader.core.autodiff.tape import edges_between, roots, unroll
from grader.core.compare.comparison import comparisons
from grader.core.compare.quantities import QUANTITIES
from grader.core.course.exercise import Ask, AuthorTest, Check, Stated
from grader.core.course.recording import names_of
from grader.core.words.message import Message, Translate, say

# As core.showing and core.source write them, in every language: the row with the arrow, and file:line.
_DEPARTURE = re.compile(r"^ *→\D{0,20}(\d{1,9})\D.*$", re.MULTILINE)
_LINE = re.compile(r"([^\s:/\\]{1,100}\.py):(\d{1,7})\b")
_IN_NOTEBOOK = re.compile(r"([^\s:,/\\]{1,100}\.ipynb),\D{1,20}?(\d{1,7})\D{1,20}?(\d{1,7})")


def asked_of(check: Check | AuthorTest) -> Message:
    """Say what a check of a program looks at."""
    if isinstance(check, AuthorTest):
        return say("Look at the check {check}. It is a test of your teacher's: read what it says.", check=check.name)
    parts = [item.asked(check) for item in comparisons(check)]
    listed = reduce(lambda before, part: say("{before}, {part}", before=before, part=part), parts)
    return say("Look at the check {check}. It holds this to the solution: {listed}.", check=check.name, listed=listed)


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


def place_in(message: str, check: Check | AuthorTest, translations: Mapping[str, Translate]) -> Message | None:
    """Say at which step or line a report's message finds the fault; None where it names neither."""
    departure = _DEPARTURE.search(message)
    if departure is not None:
        quantity = _quantity(departure[0], check, translations)
        return say(
            "The first step that differs is step {step}; look at {quantity} there.",
            step=departure[1],
            quantity=quantity,
        )
    line = _LINE.search(message)
    if line is not None:
        return say("Look at line {line} of {file}.", line=line[2], file=line[1])
    cell = _IN_NOTEBOOK.search(message)
    if cell is not None:
        return say("Look at cell {cell} of {file}, line {line}.", file=cell[1], cell=cell[2], line=cell[3])
    return None


def _quantity(row: str, check: Check | AuthorTest, translations: Mapping[str, Translate]) -> Message | str:
    for message in QUANTITIES.values():
        if any(f" {message.said(translate)} " in row for translate in translations.values()):
            return message
    compared = check.compare if isinstance(check, Check) else ()
    return next(iter(names_of(compared, "stores")), check.name)
