"""The graph of stated values as it is drawn: forward values, the gradients that may be seen, and the broken edge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.core.autodiff.expression import Dual, evaluate, names, unparse
from grader.core.autodiff.graph import Derivative, Node, Question, ValueOf
from grader.core.course.exercise import Stated
from grader.core.report.evidence import Drawing, DrawnEdge, DrawnNode
from grader.core.report.finding import Finding
from grader.core.report.report import CheckResult, Verdict


def drawn(
    work: Stated, answers: Mapping[str, float | Finding | None], results: Sequence[CheckResult], reveal: bool
) -> Drawing:
    """Return the graph of an exercise as a student may see it.

    What is asked and not answered rightly stays hidden, and so does every gradient that is not asked, for it leads to
    one that is: unless all is right, or the exercise says `reveal`. The student's own right answers are always shown.
    """
    right = {result.name for result in results if result.verdict is Verdict.PASS}
    everything = reveal or len(right) == len(work.asks)
    asked = {ask.question: ask.name for ask in work.asks}
    root = next((question.of for question in reversed(asked) if isinstance(question, Derivative)), "")
    root = root or work.graph.nodes[-1].name
    arriving = {Derivative(top.of, top.node) for top in work.graph.arriving}

    def shown(question: Question, unless_asked: bool) -> float | None:
        name = asked.get(question)
        return _answer(work, question) if everything or (unless_asked if name is None else name in right) else None

    def wrong(question: Question) -> float | None:
        name = asked.get(question, "")
        stated = answers.get(name)
        return stated if isinstance(stated, float) and name not in right else None

    def node(name: str, expression: str) -> DrawnNode:
        value, slope = ValueOf(name), Derivative(root, name)
        return DrawnNode(
            name,
            expression,
            shown(value, True),
            1.0 if name == root else shown(slope, slope in arriving),
            wrong(value),
            wrong(slope),
        )

    nodes = [node(name, "") for name in work.at]
    nodes += [node(each.name, unparse(each.expression)) for each in work.graph.nodes]
    # If several lost edges would each give the number, it is unknown which one was lost.
    broken = {
        edge
        for result in results
        for named in result.causes
        if named.name == result.causes[0].name
        for edge in named.edges
    }
    edges = [
        DrawnEdge(
            operand, each.name, (operand, each.name) in broken, _local(work, each, operand) if everything else None
        )
        for each in work.graph.nodes
        for operand in dict.fromkeys(names(each.expression))
    ]
    return Drawing(root, tuple(nodes), tuple(edges))


def _local(work: Stated, node: Node, operand: str) -> float | None:
    """Return ∂node/∂operand by the node's own expression alone; None where it has no value."""
    try:
        values = work.graph.values(work.at)
        return evaluate(
            node.expression, {name: Dual(value, float(name == operand)) for name, value in values.items()}
        ).slope
    except (ArithmeticError, ValueError, KeyError):
        return None


def _answer(work: Stated, question: Question) -> float | None:
    try:
        return work.graph.answer(question, work.at)
    except KeyError:
        return None
