"""What `course grade --follow` does: judge what is handed in at the server, and say so line by line."""

from __future__ import annotations

import os
import signal
import sys
import threading
from gettext import gettext as _

from grader.cli.batch import cores, course_secret_or_new, open_gradebook, require_isolation
from grader.cli.boundary import ExitCode
from grader.cli.language import translate
from grader.cli.options import open_course
from grader.cli.serving import SERVED_BY
from grader.core.words.errors import UsageFault
from grader.core.words.message import Message, clean, say
from grader.core.words.numbers import show

# What serves pages goes before what judges.
_NICE = 10


def follow(workers: int | None, isolation: str | None) -> int:
    """Judge until SIGTERM or Ctrl-C; what is not done then waits for the next grader."""
    from grader.actions.teacher.grading_runs.follow import Following
    from grader.grading.batch.local_workers import LocalWorkers

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    if hasattr(os, "nice"):
        os.nice(_NICE)
    files, _language = open_course()
    if files.is_release:
        raise UsageFault(say("this is a students' copy: serve the course itself, which has the solutions"))
    count = workers or max(len(cores()) - 1, 1)
    level = require_isolation(isolation)
    secret = course_secret_or_new(files)
    book = open_gradebook(files)
    judges = LocalWorkers(count)
    served_by = os.environ.get(SERVED_BY)

    def goes_on() -> bool:
        # The server that started it may be gone without a word.
        return not stop.is_set() and served_by in (None, str(os.getppid()))

    try:
        following = Following(files, book, secret, level, _Lines())
        for fault in following.begin():
            print(f"{fault.at}: {fault.message.said(translate)}", file=sys.stderr)
        judges.begin(level, count)
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
