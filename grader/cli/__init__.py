"""The command line. Nothing is imported here before it is needed: `course --help` should answer at once."""

from __future__ import annotations


def main() -> None:
    """Run the command `course` and exit with its code."""
    from grader.cli.boundary import run

    run()
