"""A program that an author's tests ask, from another child."""

from __future__ import annotations

from typing import Any

from grader.sandbox.inside.channel import Channel
from grader.sandbox.inside.program.program import Program
from grader.sandbox.inside.program.start import flush, prepare
from grader.sandbox.inside.tests.line import ProgramLine


def serve_tested(channel: Channel, job: dict[str, Any]) -> None:
    """Load a program, and answer what the author's tests ask of it."""
    prepare("float32")
    program = Program(job)
    program.run_definitions() if job["definitions"] else program.run_statements()
    channel.send(program.loaded())
    ProgramLine(channel, program).serve()
    flush()
