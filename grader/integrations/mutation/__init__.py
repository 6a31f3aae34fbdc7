"""Mutants by libcst: the mistakes of training code, put into a program one at a time, its layout kept."""

from __future__ import annotations

import libcst as cst

from grader.core.errors import CouldNotJudge
from grader.core.message import say
from grader.core.mutant import Change
from grader.integrations.mutation import calls, expressions, statements, training
from grader.integrations.mutation.site import Site

# Where two operators come to the same program, the first names it: the special ones come before the general.
_OPERATORS = (*training.OPERATORS, *calls.OPERATORS, *expressions.OPERATORS, *statements.OPERATORS)


def changes(source: str) -> list[Change]:
    """Return every change of every operator, in the order of the lines. Some may be no program, or the same one.

    Raises:
        CouldNotJudge: where libcst does not know the Python that this is written in.
    """
    try:
        site = Site(cst.parse_module(source))
    except cst.ParserSyntaxError as error:
        raise CouldNotJudge(say("libcst cannot read the solution: {words}", words=error.message)) from None
    found = [
        (*site.place(edit.at), rank, edit.operator, edit.applied(site.module))
        for node in site.nodes
        for rank, operator in enumerate(_OPERATORS)
        for edit in operator(node, site)
    ]
    found.sort(key=lambda each: each[:3])
    return [Change(operator, line, changed) for line, _, _, operator, changed in found]
