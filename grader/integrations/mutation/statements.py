"""Operators on statements: left out, exchanged, moved out of their loop or into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from grader.integrations.mutation.site import Body, Edit, Operator, Site, without_statement

Block = cst.IndentedBlock | cst.Module


def deletion(node: cst.CSTNode, _site: Site) -> Iterator[Edit]:
    """A statement left out. Imports stay: without them nothing runs, and every check sees that."""
    if not isinstance(node, Block):
        return
    for place, line in enumerate(node.body):
        if isinstance(line, cst.SimpleStatementLine) and not isinstance(
            line.body[0], cst.Import | cst.ImportFrom | cst.Pass
        ):
            yield Edit("statement-deleted", node, node.with_changes(body=without_statement(node.body, place)), line)


def order(node: cst.CSTNode, site: Site) -> Iterator[Edit]:
    """Neighbours in a loop exchanged."""
    if not isinstance(node, cst.IndentedBlock) or not isinstance(site.parent(node), cst.For | cst.While):
        return
    for place in range(len(node.body) - 1):
        body = list(node.body)
        body[place : place + 2] = reversed(body[place : place + 2])
        yield Edit("statement-order", node, node.with_changes(body=body), node.body[place])


def out_of_loop(node: cst.CSTNode, _site: Site) -> Iterator[Edit]:
    """The last statements of a loop moved behind it: training that updates once an epoch."""
    for place, loop in _loops(node):
        assert isinstance(node, Block)
        inner = loop.body.body
        for first in range(1, len(inner)) if isinstance(loop.body, cst.IndentedBlock) else ():
            shorter = loop.with_changes(body=loop.body.with_changes(body=inner[:first]))
            body = [*node.body[:place], shorter, *inner[first:], *node.body[place + 1 :]]
            yield Edit("moved-out-of-loop", node, node.with_changes(body=body), inner[first])


def into_loop(node: cst.CSTNode, _site: Site) -> Iterator[Edit]:
    """A return behind a loop moved to its end; a loop that ends after its first round."""
    for place, loop in _loops(node):
        assert isinstance(node, Block)
        if not isinstance(loop.body, cst.IndentedBlock):
            continue
        after = node.body[place + 1 : place + 2]
        if after and isinstance(after[0], cst.SimpleStatementLine) and isinstance(after[0].body[0], cst.Return):
            longer = _with_last(loop, after[0])
            body = [*node.body[:place], longer, *node.body[place + 2 :]]
            yield Edit("return-in-loop", node, node.with_changes(body=body), after[0])
        ended = _with_last(loop, cst.SimpleStatementLine([cst.Break()]))
        yield Edit("loop-ended-early", loop, ended)


def _with_last(loop: cst.For | cst.While, line: cst.BaseStatement) -> cst.For | cst.While:
    return loop.with_changes(body=loop.body.with_changes(body=[*loop.body.body, line]))


def _loops(node: cst.CSTNode) -> Sequence[tuple[int, cst.For | cst.While]]:
    body: Body = node.body if isinstance(node, Block) else ()
    return [(place, line) for place, line in enumerate(body) if isinstance(line, cst.For | cst.While)]


OPERATORS: tuple[Operator, ...] = (out_of_loop, into_loop, order, deletion)
