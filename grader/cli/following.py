"""What `course grade --follow` does: judge what is handed in at the server, and say so line by line."""

from __future__ import annotations

import os
import signal
import sys
import threading
from gettext import gettext as _

from grader.cli.batch import course_secret_or_new, make_workers, open_gradebook, require_held, require_isolation
from grader.cli.boundary import ExitCode
from grader.cli.language import translate
from grader.cli.options import open_course
from grader.cli.serving import SERVED_BY
from grader.core.words.errors import UsageFault
from grader.core.words.message import Message, clean, say
from grader.core.words.numbers import show

# What serves pages goes before what judges.
_NICE = 10
_ENCRYPTED = "tls://"


def follow(workers: int | None, isolation: str | None, cluster: str | None = None, insecure: bool = False) -> int:
    """Judge until SIGTERM or Ctrl-C; what is not done then waits for the next grader.

    Args:
        cluster: the address of the scheduler whose workers judge; None for workers on this machine.
        insecure: whether its traffic may be read by others on the network.

    Raises:
        CouldNotJudge: where others' code cannot be locked in, or the gradebook or the scheduler is gone.
        UsageFault: where a cluster is reached without TLS and nobody has said that it may be.
    """
    from grader.actions.teacher.grading_runs.follow import Following
    from grader.grading.judge.judge import wants_torch

    if cluster is not None and not cluster.startswith(_ENCRYPTED) and not insecure:
        raise UsageFault(
            say(
                "{address} is reached without TLS: whoever reads the network reads solutions and hidden numbers. "
                "Encrypt it and write tls://…, or say that only you use this network: --insecure-cluster",
                address=cluster,
            )
        )
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    if hasattr(os, "nice"):
        os.nice(_NICE)
    files, _language = open_course()
    if files.is_release:
        raise UsageFault(say("this is a students' copy: serve the course itself, which has the solutions"))
    judges = make_workers(workers, cluster, spared=1)
    # What a cluster's workers hold is not to be tried here.
    level = require_isolation(isolation) if cluster is not None else require_held(isolation)
    secret = course_secret_or_new(files)
    book = open_gradebook(files)
    served_by = os.environ.get(SERVED_BY)

    def goes_on() -> bool:
        # The server that started it may be gone without a word.
        return not stop.is_set() and served_by in (None, str(os.getppid()))

    try:
        following = Following(files, book, secret, level, _Lines())
        for fault in following.begin():
            print(f"{fault.at}: {fault.message.said(translate)}", file=sys.stderr)
        judges.begin(level, sys.maxsize, wants_torch(following.keys.values()))
        print(_("Judging what is handed in; stop with Ctrl-C."), file=sys.stderr)
        following.run(judges, goes_on)
    finally:
        judges.close()
        book.close()
    return ExitCode.FULL_MARKS


class _Lines:
    """Tells what was judged, a line each; nothing of a student's is in it."""

    def judged(self, exercise: str, score: float | None) -> None:
        told = translate("not judged") if score is None else show(score)
        print(f"{exercise}  {told}", flush=True)

    def trouble(self, message: Message) -> None:
        print(clean(message.said(translate)), file=sys.stderr, flush=True)
