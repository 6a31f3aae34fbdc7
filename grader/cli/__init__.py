"""The command line. Nothing is imported here before it is needed: `course --help` should answer at once."""

from __future__ import annotations


def main() -> None:
    """Run the command `course` and exit with its code."""
    import gc

    from grader.cli.boundary import run

    # Nearly all that a command makes lives to its end. To look for garbage in it was a tenth of a short command.
    gc.set_threshold(50_000, 20, 100)
    run()
