"""The reader's walk: the files that a command's own calls go through, in the order in which they are first entered.

    python bench/walk.py            # course submit 4.5 with the demonstration's right program

Counted are functions that run on the way from the command line to the report, in every thread of the host; what runs
while a module is imported, generated code and what runs inside the box are not. Judging is the part of the way from
the call of `judge_submission` to its return; its files are marked.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import os
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType

ROOT = Path(__file__).parent.parent
PACKAGE = str(ROOT / "grader") + os.sep


class Thread(threading.local):
    """How many bodies of modules are running in this thread."""

    importing = 0


@dataclass
class Walk:
    """The files in which functions were called, in the order of the first call."""

    files: dict[str, None] = field(default_factory=dict)
    judging: dict[str, None] = field(default_factory=dict)
    _thread: Thread = field(default_factory=Thread)
    _judges: bool = False

    def seen(self, frame: FrameType, event: str, _: object) -> None:
        """Take note of one call or return; for sys.setprofile."""
        if event not in ("call", "return"):
            return
        code = frame.f_code
        if code.co_name == "<module>":
            self._thread.importing += 1 if event == "call" else -1
        elif code.co_filename.startswith(PACKAGE) and not self._thread.importing and _is_function(code):
            file = code.co_filename[len(PACKAGE) :]
            if code.co_name == "judge_submission":
                self._judges = event == "call"
            if event == "call":
                self.files.setdefault(file)
                if self._judges:
                    self.judging.setdefault(file)


def _is_function(code: CodeType) -> bool:
    """Whether code is a function's; the body of a class has no locals of its own."""
    return bool(code.co_flags & inspect.CO_NEWLOCALS) and code.co_name != "__init__"


def walked(arguments: list[str]) -> Walk:
    """Return what a command calls."""
    from grader.cli import main

    walk = Walk()
    threading.setprofile(walk.seen)
    sys.setprofile(walk.seen)
    try:
        sys.argv = ["course", *arguments]
        with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
            main()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return walk


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"COURSE_CACHE": folder, "COURSE_STUDENT": "walker", "COURSE_SECRET": "walk", "LANG": "C.UTF-8"}
        os.chdir(ROOT)
        walk = walked(["submit", "4.5", str(ROOT / "demo" / "right.py")])
    for number, file in enumerate(walk.files, 1):
        print(f"{number:3} {'*' if file in walk.judging else ' '} grader/{file}")
    print(f"whole command: {len(walk.files)} files; judging: {len(walk.judging)} files")


if __name__ == "__main__":
    main()
