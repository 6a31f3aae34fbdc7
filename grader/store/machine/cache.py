"""Keeps what the solution was seen to do, as the frames its child sent: reading them back is reading the wire."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from grader.store.machine.home import user_cache

_MAGIC = b"course-reference-1\n"


def cache_folder() -> Path:
    """Return COURSE_CACHE, or the user's cache folder.

    Raises:
        OSError: where there is neither.
    """
    named = os.environ.get("COURSE_CACHE")
    return Path(named) if named else user_cache()


def content_key(parts: Sequence[str | bytes]) -> str:
    """Return the SHA-256 over all parts, each with its length, as hexadecimal text."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


def load_runs(key: str) -> list[list[bytes]] | None:
    """Return the frames kept under `key`, a list for each run; None where nothing whole is there."""
    try:
        content = (cache_folder() / key[:2] / key).read_bytes()
    except OSError:
        return None
    head, body = content[: len(_MAGIC) + 32], content[len(_MAGIC) + 32 :]
    if head != _MAGIC + hashlib.sha256(body).digest():
        return None
    index, _, data = body.partition(b"\n")
    runs, at = [], 0
    for lengths in json.loads(index):
        frames = []
        for length in lengths:
            frames.append(data[at : at + length])
            at += length
        runs.append(frames)
    return runs


def keep_runs(key: str, runs: Sequence[Sequence[bytes]]) -> None:
    """Keep frames under `key`. If the cache cannot be written, judging goes on without it."""
    index = json.dumps([[len(frame) for frame in frames] for frames in runs]).encode()
    body = index + b"\n" + b"".join(frame for frames in runs for frame in frames)
    try:
        folder = cache_folder() / key[:2]
        folder.mkdir(parents=True, exist_ok=True)
        # It holds what solutions compute, so that nobody else may read it.
        descriptor, name = tempfile.mkstemp(dir=folder)
    except OSError:
        return
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(_MAGIC + hashlib.sha256(body).digest() + body)
        Path(name).replace(folder / key)
    except OSError:
        Path(name).unlink(missing_ok=True)


@contextmanager
def observing(keys: Iterable[str]) -> Iterator[None]:
    """Let one process at a time observe what is kept under these keys: workers come to an exercise together.

    Where nothing can be locked, each observes for itself, and what they keep is the same.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with ExitStack() as held:
        # Many keys share a lock, and everybody takes locks in one order: two cannot wait for each other.
        for name in sorted({key[:2] for key in keys}):
            try:
                folder = cache_folder() / name
                folder.mkdir(parents=True, exist_ok=True)
                file = held.enter_context((folder / "observing.lock").open("wb"))
                fcntl.flock(file, fcntl.LOCK_EX)
            except OSError:
                continue
        yield
