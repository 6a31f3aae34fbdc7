"""Asks a box, from inside and as a submission would, whether it can read what is to be closed to it."""

from __future__ import annotations

import inspect
import os
from pathlib import Path

from grader.core.run.jobs import ProgramJob
from grader.core.run.observation import Run
from grader.sandbox.closed import Places

CLOSED = "closed"


def seen(path: Path) -> str:
    """Return what can be read at `path`. Bytes decide, not names: the same name can lead to something else in a box."""
    try:
        if path.is_dir():
            os.scandir(path).close()
            about = path.stat()
            return f"folder {about.st_dev} {about.st_ino}"
        with path.open("rb") as file:
            return f"file {file.read(256).hex()}"
    except OSError:
        return CLOSED


def asking(places: Places) -> ProgramJob:
    """Return the job that tries to read every place. That it comes back says that a child starts, locks and answers."""
    if not places:
        return ProgramJob("", "trial.py", script=False)
    paths = [str(place.path.resolve()) for place in places]
    lines = ["import os", "from pathlib import Path", f"CLOSED = {CLOSED!r}", inspect.getsource(seen)]
    lines += [f"for path in {paths!a}:", "    print(seen(Path(path)))\n"]
    return ProgramJob("\n".join(lines), "trial.py", script=True)


def open_places(places: Places, run: Run) -> Places:
    """Return the places that the program of `asking` has read; where it did not answer, all of them."""
    answers = run.stdout.splitlines()
    if len(answers) != len(places):
        return places
    known = [seen(place.path.resolve()) for place in places]
    read = [answer == here != CLOSED for answer, here in zip(answers, known, strict=True)]
    return tuple(place for place, one in zip(places, read, strict=True) if one)
