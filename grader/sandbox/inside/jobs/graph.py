"""The reference of stated values: builds a graph with torch and lets autograd answer."""

from __future__ import annotations

from typing import Any

from grader.core.autodiff.expression import parse
from grader.sandbox.inside.asking.expressions import compute
from grader.sandbox.inside.channel import Channel
from grader.sandbox.inside.program.values import is_tensor


def serve_graph(channel: Channel, job: dict[str, Any]) -> None:
    """Build the graph in float64 and send autograd's answer to each question."""
    import torch

    values: dict[str, Any] = {
        name: torch.tensor(number, dtype=torch.float64, requires_grad=True) for name, number in job["at"]
    }
    for name, text in job["nodes"]:
        node = compute(parse(text), values)
        values[name] = node if is_tensor(node) else torch.tensor(float(node), dtype=torch.float64, requires_grad=True)
    tops: dict[str, list[tuple[Any, float]]] = {}
    for of, node, value in job["arriving"]:
        tops.setdefault(of, []).append((values[node], value))
    channel.send({"frame": "answers", "values": [_answer(question, values, tops) for question in job["questions"]]})


def _answer(question: list[str], values: dict[str, Any], tops: dict[str, list[tuple[Any, float]]]) -> float:
    """Return a node's value, or the derivative of one node with respect to another."""
    import torch

    if len(question) == 1:
        return float(values[question[0]])
    of, by = question
    total = 0.0
    for root, weight in tops.get(of) or [(values[of], 1.0)]:
        if root is values[by]:
            total += weight
        elif root.requires_grad:
            (slope,) = torch.autograd.grad(root, values[by], retain_graph=True, allow_unused=True)
            total += 0.0 if slope is None else weight * float(slope)
    return total
