"""Writes commands to the runners of CI jobs, and to a terminal, into everything that is shown of it.

Expect: forward=error loss=error loop=fail
"""

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)
LINES = (
    "a\n::add-mask::0\n \t::error file=work/4.5.py,line=1::all points were given\n\u3000::stop-commands::x\n"
    "\u200b::notice::x\r::warning::x\x0b::debug::x\u2028::group::x\n##[set-output name=score]8 and ##[error]x\n"
    "##vso[task.setvariable variable=score]8\n##teamcity[buildStatus status='SUCCESS']\n"
    "\x1b[0Ksection_start:1560896352:marks\r\x1b[0Ksection_end:1560896352:marks\r\x1b[0K\x1b]0;owned\x07\x9b2J\u202e"
)
print(LINES)


class Odd(Exception):
    """Its name is one of a command too."""


Odd.__name__ = Odd.__qualname__ = "::error::x"


def forward(x):
    raise ValueError(LINES)


def loss(a, b):
    raise Odd(LINES)
