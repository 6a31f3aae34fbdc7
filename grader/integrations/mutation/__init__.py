"""Mutants by libcst: the mistakes of training code, put into a program one at a time, its layout kept."""

from __future__ import annotations

import libcst as cst

from grader.core.proof.mutants import Change
from grader.core.words.errors import CouldNotJudge
from grader.core.words.message import say
from grader.integrations.mutation import calls, expressions, statements, training
from grader.integrations.mutation.site import Site

# Where two of them come to the same program, the first names it: the special ones stand before the general.
_OPERATORS = (*training.OPERATORS, *calls.OPERATORS, *expressions.OPERATORS, *statements.OPERATORS)


def changes(source: str) -> list[Change]:
    """Return every change, operator by operator. Some may be no program, or the same one.

    Raises:
        CouldNotJudge: where libcst does not know the Python that this is written in.
    """
    try:
        site = Site(cst.parse_module(source))
    except cst.ParserSyntaxError as error:
        raise CouldNotJudge(say("libcst cannot read the solution: {words}", words=error.message)) from None
    return [
        Change(edit.operator, site.line(edit.at), edit.applied(site.module))
        for operator in _OPERATORS
        for node in site.nodes
        for edit in operator(node, site)
    ]
