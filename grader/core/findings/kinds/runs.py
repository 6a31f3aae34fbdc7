"""What became of a run of a program: stopped, raised, or without what was asked for."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

SENTENCES: Mapping[str, Message] = {
    "stopped-wall": say("Stopped after {seconds} s: the program had not ended. Look for a loop that never ends."),
    "stopped-cpu": say("Stopped after {seconds} s of computing. Look for a loop that never ends."),
    "stopped-memory": say("Stopped: the program needed more than {most} MiB of memory."),
    "stopped-output": say(
        "Stopped: the program printed more than {most} KiB. Look for a print in a loop that never ends."
    ),
    "crashed": say("The program crashed ({signal})."),
    "ended-itself": say(
        "The program ended itself before it was done (exit code {exit_code}). Take out exit() and os._exit()."
    ),
    "channel-disturbed": say("The program disturbed its channel to the grader."),
    "waits-for-input": say(
        "{where}: the program waits for input(), but nobody types while it is graded. Write the value into "
        "the program: {code}"
    ),
    "no-module": say("{where}: {words}. The grader has no such module; do without it: {code}"),
    "memory-refused": say("{where}: the program asks for more memory than it may have: {code}"),
    "not-permitted": say(
        "{where}: the box does not allow this. It has one folder to write to, no network and no other programs: {code}"
    ),
    "made-further-down": say(
        "{where}: {name} is not there yet: it is made further down, in cell {made_in}. Cells are run from top "
        "to bottom: {code}"
    ),
    "ends-itself-here": say("{where}: the program ends itself here: {code}"),
    "raised-in-call": say("{subject} raised {type}: {words} ({where}: {code})"),
    "raised": say("{where}: {type}: {words}\n    {code}"),
    "defined-several-times": say("{function} is defined in several cells ({cells}); the last of them counts."),
    "cells-without-code": say("Cells without code: {cells}. Is one of them where it was?"),
    "left-out-raised": say("{where} was left out, because it raised {type}: {words}"),
    "not-a-list": say("{name} is of type {type}; a list or a tensor of numbers is expected there."),
    "not-at-top-level": say(
        "Put {name} at the top level of the program, outside of functions: the grader tries other numbers there."
    ),
    "cannot-be-called": say("{function}({signature}) cannot be called as {call}."),
    "no-function-but": say("There is no function {name}. Did you mean {near}? Functions found: {functions}"),
    "no-function-of": say("There is no function {name}. Functions found: {functions}"),
    "no-function": say("There is no function {name}, nor any other function at the top level."),
    "one-signature": say("One of these must be right with all inputs that are tried: {calls}"),
    "signature-held": say("Right with all inputs that were tried: {call}"),
    "autograd-used": say("This exercise is done by hand, without autograd; {where} uses it: {code}"),
    "autograd-called": say("This exercise is done by hand, without autograd; the run called a backward pass."),
}
