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
    "ended-itself": say("The program exited before it was done (exit code {exit_code}). Remove exit() and os._exit()."),
    "channel-disturbed": say("The program disturbed its channel to the grader."),
    "waits-for-input": say(
        "{where}: the program waits for input(), but nobody types anything while it is graded. Write the "
        "value into the program: {code}"
    ),
    "no-module": say(
        "{where}: {words}. This module is not available in the grader; write the program without it: {code}"
    ),
    "memory-refused": say("{where}: the program asks for more memory than it is allowed: {code}"),
    "not-permitted": say(
        "{where}: this is not allowed here. The program can write to one folder only, has no network and "
        "cannot start other programs: {code}"
    ),
    "made-further-down": say(
        "{where}: {name} is not defined yet: it is defined further down, in cell {made_in}. Cells are run "
        "from top to bottom: {code}"
    ),
    "ends-itself-here": say("{where}: the program exits here: {code}"),
    "raised-in-call": say("{subject} raised {type}: {words} ({where}: {code})"),
    "raised": say("{where}: {type}: {words}\n    {code}"),
    "defined-several-times": say("{function} is defined in several cells ({cells}); the last definition counts."),
    "cells-without-code": say("Cells without code: {cells}. Was it in one of them?"),
    "left-out-raised": say("{where} was skipped because it raised {type}: {words}"),
    "not-a-list": say("{name} is of type {type}; expected a list or a tensor of numbers."),
    "not-at-top-level": say(
        "Assign {name} at the top level of the program, outside of functions: the grader tries other numbers there."
    ),
    "cannot-be-called": say("{function}({signature}) cannot be called as {call}."),
    "no-function-but": say("There is no function {name}. Did you mean {near}? Functions found: {functions}"),
    "no-function-of": say("There is no function {name}. Functions found: {functions}"),
    "no-function": say("There is no function {name}, and no other function at the top level."),
    "one-signature": say("One of these must be right with all inputs tried: {calls}"),
    "signature-held": say("Right with all inputs tried: {call}"),
    "right-with-others": say("With the {count} inputs tried before, it was right."),
    "right-with-shown": say(
        "Right with the {count} inputs tried here, but not with the hidden ones, which decide the score. This mostly "
        "means that numbers are written into the program which belong to one input only."
    ),
    "number-wired-in": say(
        "{where} holds {found}, one of the inputs that were shown; a right program works with whatever it is given: "
        "{code}"
    ),
    "autograd-used": say("This exercise is done by hand, without autograd; {where} uses it: {code}"),
    "autograd-called": say("This exercise is done by hand, without autograd; the run called a backward pass."),
}
