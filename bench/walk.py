"""The reader's walk: the files that a command's own calls go through, in the order in which they are first entered.

    python bench/walk.py            # course submit 4.5 with the demonstration's right program

Counted are functions that run on the way from the command line to the report, in every thread of the host; imports,
generated code and what runs inside the box are not.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import os
import sys
import tempfile
import threading
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parent.parent


def walked(arguments: list[str]) -> list[str]:
    """Return the files of the package whose functions a command calls, in the order of the first call."""
    files: dict[str, None] = {}
    package = str(ROOT / "grader") + os.sep

    def seen(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        # The body of a module or class, which has no locals of its own, runs when it is imported.
        is_function = bool(code.co_flags & inspect.CO_NEWLOCALS) and code.co_name != "__init__"
        if event == "call" and is_function and code.co_filename.startswith(package):
            files.setdefault(code.co_filename[len(package) :])

    from grader.cli import main

    threading.setprofile(seen)
    sys.setprofile(seen)
    try:
        sys.argv = ["course", *arguments]
        with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
            main()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return list(files)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"COURSE_CACHE": folder, "COURSE_STUDENT": "walker", "COURSE_SECRET": "walk", "LANG": "C.UTF-8"}
        os.chdir(ROOT)
        files = walked(["submit", "4.5", str(ROOT / "demo" / "right.py")])
    for number, file in enumerate(files, 1):
        print(f"{number:3} grader/{file}")


if __name__ == "__main__":
    main()
