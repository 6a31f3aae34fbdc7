"""What was lost or changed where a wrong answer comes out."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

SENTENCES: Mapping[str, Message] = {
    "sign-flipped-whole": say("the sign is reversed"),
    "factor-of-edge-lost": say("the factor {factor} of {edge} is missing"),
    "edge-lost": say("the factor {edge} = {value} is missing"),
    "minus-of-edge-lost": say("the minus sign of {edge} is missing"),
    "upstream-not-multiplied": say("the gradient that arrives from above, {value}, is left out"),
    "upstream-added": say("the gradient that arrives from above, {value}, is added instead of multiplied"),
    "only-upstream": say("this is the gradient that arrives from above, {value}"),
    "stopped-at-node": say("this is {node}: the path from there to {by} is missing"),
    "only-below-node": say("this is only {node}: the gradient that arrives from {of} is left out"),
    "value-for-derivative": say("{node} itself = {value} is used instead of its derivative {edge}"),
    "local-derivatives-added": say("the local derivatives are added; along a path they are multiplied"),
    "one-path-counted": say("{node} is used {count} times; only the path through {edge} is counted"),
    "other-question": say("this is {other}"),
    "taken-for": say("{other} is used instead of {shown}"),
    "not-subtracted": say("{name} is not subtracted in {shown}"),
    "power-left-out": say("the power in {shown} is missing"),
    "edge-left-out": say("the factor {edge} is missing"),
    "factor-left-out": say("a factor of {edge} is missing"),
    "sign-of-value-lost": say("a minus sign was lost on the way to this value"),
    "sign-lost": say("one local derivative is not that of its edge: look at what is subtracted from what"),
}
