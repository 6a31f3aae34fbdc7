"""What was lost or changed where a wrong answer comes out."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

SENTENCES: Mapping[str, Message] = {
    "sign-flipped-whole": say("the sign is the other way round"),
    "factor-of-edge-lost": say("the factor {factor} of {edge} is lost"),
    "edge-lost": say("the factor {edge} = {value} is lost"),
    "minus-of-edge-lost": say("the minus of {edge} is lost"),
    "upstream-not-multiplied": say("what arrives from above, {value}, is not multiplied in"),
    "upstream-added": say("what arrives from above, {value}, is added instead of multiplied"),
    "only-upstream": say("this is what arrives from above, {value}"),
    "stopped-at-node": say("this is {node}: the way on to {by} is missing"),
    "only-below-node": say("this is only {node}: what arrives from {of} is not multiplied in"),
    "value-for-derivative": say("{node} itself = {value} stands where its derivative {edge} belongs"),
    "local-derivatives-added": say("the local derivatives are added; along a path they are multiplied"),
    "one-path-counted": say("{node} is used {count} times; only the path through {edge} is counted"),
    "other-question": say("this is {other}"),
    "taken-for": say("{other} is taken for {shown}"),
    "not-subtracted": say("{name} is not subtracted in {shown}"),
    "power-left-out": say("the power of {shown} is left out"),
}
