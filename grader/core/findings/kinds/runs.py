"""What became of a run of a program: stopped, raised, or without what was asked for."""

from __future__ import annotations

from collections.abc import Mapping

from grader.core.words.message import Message, say

SENTENCES: Mapping[str, Message] = {
    "fails-on-device": say(
        "Right on the processor, but not on {device}. Is every tensor made on the device of the inputs "
        "(device=x.device), and does every tensor of a module move with it (a parameter, or register_buffer)?"
    ),
    "not-tried-on-device": say(
        "Not tried on {device}, since there is none here that submissions may use; the processor decided: {checks}"
    ),
    "reach-earns": say("Points earned: {percent} %."),
    "reach-decided": say("What decides are other data. Points earned there: {percent} %."),
    "reach-shown": say("With the data that may be shown, the training reaches its goal."),
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
    "no-package": say(
        "{where}: there is no package {name} where programs are graded; course doctor lists those that the course has. "
        "If {name} is a file of your own, put what you need from it into this file: {code}"
    ),
    "package-not-allowed": say(
        "{where}: this course does not use the package {name}. Programs may import {found}; write this one without "
        "{name}: {code}"
    ),
    "no-submodule": say("{where}: the module {name} does not exist. Check its spelling: {code}"),
    "not-in-module": say("{where}: {found} has no {name}. Check the spelling, or define it yourself: {code}"),
    "only-this-file": say(
        "{where}: only this one file is graded, so nothing can be imported from files beside it. Put the function "
        "into this file: {code}"
    ),
    "no-window": say("{where}: there are no windows where programs are graded. Take out what opens one: {code}"),
    "waits-for-debugger": say(
        "{where}: the debugger waits for somebody at the keyboard, but nobody types anything while it is graded. Take "
        "out breakpoint() and set_trace(): {code}"
    ),
    "debugger-passed-over": say(
        "{where}: nobody is there to debug while a program is graded, so it goes on as if this line were not there. "
        "Take out breakpoint() and set_trace() before you hand it in: {code}"
    ),
    "command-not-run": say(
        "{where}: no other programs are run where this one is graded, so nothing comes of this command: {code}"
    ),
    "no-gpu": say(
        '{where}: there is no GPU here. Write device = "cuda" if torch.cuda.is_available() else "cpu", and use that '
        "device: {code}"
    ),
    "no-network": say(
        "{where}: there is no network where programs are graded, so nothing can be downloaded. Write the data into the "
        "program: {code}"
    ),
    "no-file": say(
        "{where}: {words}. No other files than those of the exercise lie beside the program when it is graded; what "
        "else it reads has to be written into it: {code}"
    ),
    "no-processes": say(
        "{where}: the program cannot start other processes where it is graded. Do the work in this one, without "
        "multiprocessing, subprocess or fork: {code}"
    ),
    "no-workers": say(
        "{where}: a DataLoader's workers are processes, and there are no other processes here. Write num_workers=0: "
        "{code}"
    ),
    "no-compiler": say("{where}: torch.compile needs a compiler, which is not there. Leave it out: {code}"),
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
    "after-what-is-checked": say(
        "{fault}\n    This happened after everything that is compared in {checks}, so it costs no points there."
    ),
    "raised-in-call": say("{subject} raised {type}: {words} ({where}: {code})"),
    "expression-raised": say("{subject} raised {type}: {words}"),
    "raised": say("{where}: {type}: {words}\n    {code}"),
    "defined-several-times": say("{function} is defined in several cells ({cells}); the last definition counts."),
    "cells-without-code": say("Cells without code: {cells}. Was it in one of them?"),
    "left-out-raised": say("{where} was skipped because it raised {type}: {words}"),
    "not-a-list": say("{name} is of type {type}; expected a list or a tensor of numbers."),
    "not-at-top-level": say(
        "Assign {name} at the top level of the program, outside of functions: the grader tries other numbers there."
    ),
    "perhaps-named": say("{near} is there: is it {name}?"),
    "data-not-read": say(
        "The training does not read {names}: it goes by numbers of its own. The grader tries other numbers in {names}; "
        "let the training take its data from there."
    ),
    "data-longer": say(
        "The program writes {count} numbers to {name}; the grader tries it with fewer there. Go through {name} itself, "
        "or count with len({name}): then the program works with data of any length."
    ),
    "cannot-be-called": say("{function}({signature}) cannot be called as {call}."),
    "no-function-but": say("There is no function {name}. Did you mean {near}? Functions found: {functions}"),
    "no-function-of": say("There is no function {name}. Functions found: {functions}"),
    "no-function": say("There is no function {name}, and no other function at the top level."),
    "not-defined": say("The program does not define {name} at the top level."),
    "not-defined-but": say("The program does not define {name} at the top level. Did you mean {near}?"),
    "not-a-module": say("{name} is of type {type}; expected a torch.nn.Module."),
    "not-registered": say(
        "{name} works with {count} parameters that are not registered in it, so an optimizer would never see them. "
        "Assign each layer to self, or put a list of layers into nn.ModuleList."
    ),
    "other-parameters": say(
        "{name} has other parameters than the exercise asks for: {found}. Look at the number of its layers and their "
        "sizes."
    ),
    "one-signature": say("One of these must be right with all inputs tried: {calls}"),
    "signature-held": say("Right with all inputs tried: {call}"),
    "other-files": say(
        "That was with another {names} than yours, of the same form, which begins: {beginning} With yours it is right."
    ),
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
