"""What a program asks for that nothing comes of where it is graded: a debugger, a command of the shell.

Both are passed over, as a plot is, and cost nothing; it is told, because what a command was to do is not done.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.core.program.features.code_features import nodes_of
from grader.core.program.source import Source
from grader.core.report.finding import Finding, finding

_WORDS = ("breakpoint", "set_trace", "system")


def passed_over(source: Source) -> tuple[Finding, ...]:
    """Return what is said of the calls in a program that nothing comes of, once for each kind."""
    # Hardly any program has one, and finding it takes as long as reading the program.
    if not any(word in source.text for word in _WORDS):
        return ()
    told: dict[str, int] = {}
    for kind, line in _calls(source):
        told[kind] = min(line, told.get(kind, line))
    return tuple(finding(kind, **source.place(line), code=source.line(line)) for kind, line in sorted(told.items()))


def _calls(source: Source) -> Iterator[tuple[str, int]]:
    for node in nodes_of(source):
        match node:
            case ast.Call(func=ast.Name(id="breakpoint" | "set_trace") | ast.Attribute(attr="set_trace"), lineno=line):
                yield "debugger-passed-over", line
            case ast.Call(func=ast.Attribute(value=ast.Name(id="os"), attr="system"), lineno=line):
                yield "command-not-run", line
