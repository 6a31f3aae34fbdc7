"""What a child does with a job: one function for each kind of job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from grader.sandbox.inside.channel import Channel
from grader.sandbox.inside.files import put_files
from grader.sandbox.inside.jobs.files import serve_files
from grader.sandbox.inside.jobs.gradcheck import serve_gradcheck
from grader.sandbox.inside.jobs.graph import serve_graph
from grader.sandbox.inside.jobs.program import serve_program
from grader.sandbox.inside.jobs.tested import serve_tested


def serve(channel: Channel, job: dict[str, Any]) -> None:
    """Do one job and say that it is done."""
    put_files(job)
    _KINDS[job["kind"]](channel, job)
    channel.send({"frame": "done"})


def _serve_author_tests(channel: Channel, job: dict[str, Any]) -> None:
    # Only the exercises that have tests pay for pytest.
    from grader.sandbox.inside.tests.author_tests import run_author_tests

    run_author_tests(channel, job)


_KINDS: Mapping[str, Callable[[Channel, dict[str, Any]], None]] = {
    "program": serve_program,
    "graph": serve_graph,
    "gradcheck": serve_gradcheck,
    "tested": serve_tested,
    "author_tests": _serve_author_tests,
    "files": serve_files,
}
