"""Lets an author's make_files.py make other files of an exercise: trusted code, and bounded as all that runs here."""

from __future__ import annotations

import base64
from typing import Any

from grader.sandbox.inside.channel import Channel
from grader.sandbox.inside.program.start import flush, prepare

_FILE = "make_files.py"
# As core/course/given_files.py has it, which is not known in here.
_MOST_BYTES = 4 * 2**20


def serve_files(channel: Channel, job: dict[str, Any]) -> None:
    """Call `make_files(seed)`, and send what it returned or raised."""
    # The same numbers whatever dtype programs run in, and whoever has run here before.
    prepare("float32")
    try:
        made = _made(job)
    except BaseException as error:
        channel.send({"frame": "made", "raised": _raised(error)})
        return
    finally:
        flush()
    channel.send({"frame": "made", "files": [[name, base64.b64encode(made[name]).decode()] for name in job["names"]]})


def _made(job: dict[str, Any]) -> dict[str, bytes]:
    names: dict[str, Any] = {"__name__": "make_files"}
    exec(compile(job["text"], _FILE, "exec"), names)
    made = names["make_files"](job["seed"])
    if not isinstance(made, dict) or set(made) != set(job["names"]):
        found = ", ".join(map(str, made)) if isinstance(made, dict) else type(made).__name__
        raise ValueError(f"make_files returned {found}; it must return a dict of {', '.join(job['names'])}")
    for name, content in made.items():
        if not isinstance(content, str | bytes):
            raise TypeError(f"{name} is of type {type(content).__name__}; make_files must return texts or bytes")
    files = {name: content.encode() if isinstance(content, str) else content for name, content in made.items()}
    if sum(len(content) for content in files.values()) > _MOST_BYTES:
        raise ValueError(f"the files are larger than {_MOST_BYTES // 2**20} MiB together")
    return files


def _raised(error: BaseException) -> dict[str, Any]:
    line, step = 0, error.__traceback__
    while step is not None:
        line = step.tb_lineno if step.tb_frame.f_code.co_filename == _FILE else line
        step = step.tb_next
    return {"type_name": type(error).__name__[:200], "message": str(error)[:2000], "line": line}
