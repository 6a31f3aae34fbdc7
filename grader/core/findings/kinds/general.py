"""What is said of every kind of check, and the parts that findings are made of."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

SENTENCES: Mapping[str, Message] = {
    # A report of format 1 holds sentences only; so does what other parts of the grader say.
    "as-written": say("{text}"),
    "void": say("This could not be judged, and it is not your fault: {detail}"),
    "not-handed-in": say("nothing was handed in for {id}"),
    "needs": say("Not checked: {needed} has to pass first."),
    "needs-judged": say("{needed} must be judged first"),
    "likely-cause": say("Likely cause ({name}): {hint}"),
    "causes-together": say("Likely causes, both ({name}): {hint}"),
    "comes-out-when": say("{actual} is what you get when {hint}."),
    "author-hint": say("{text}"),
    "first-difference": say("{rows}"),
    "step-around": say("{mark} step {step}: {data}{quantity} {actual}, expected {expected}"),
    "step-as-expected": say("    step {step}: {data}{quantity} {actual}, as expected"),
    "printed-beside": say("Printed, and to the right the numbers that are asked for:\n{columns}"),
    "printed-beside-at": say("Printed with {inputs}, and to the right the numbers that are asked for:\n{columns}"),
    "printed-line": say("{mark} {printed}  {asked}"),
    "printed-line-that-differs": say("{mark} {printed}  {asked}"),
    "step-that-differs": say("{mark} step {step}: {data}{quantity} {actual}, expected {expected}"),
}
