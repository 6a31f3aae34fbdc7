"""Reads and writes files, whole or not at all, and says so where that fails."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from grader.core.words.errors import NotWritten, UsageFault
from grader.core.words.message import say

STANDARD_OUTPUT = Path("-")
# What no other path or command of the user's would mend.
_OF_THE_MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG, errno.ENFILE, errno.EMFILE}


def read_file(path: Path) -> bytes:
    """Return the content of a file.

    Raises:
        UsageFault: where it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageFault(say("{file} cannot be read: {words}", file=path, words=error.strerror or "")) from None


def write_file(path: Path, content: bytes, private: bool = False) -> None:
    """Write a file that a person named; one that is there is replaced.

    Args:
        private: whether nobody but this user is to read it.

    Raises:
        UsageFault, NotWritten: where it cannot be written.
    """
    try:
        write_whole(path, content, private)
    except OSError as error:
        raise unwritable(path, error) from None


def write_text(path: Path, text: str, private: bool = False) -> None:
    """Write a text whose line ends are made already as UTF-8; `-` is standard output, where lines end as they do there.

    Args:
        private: whether nobody but this user is to read the file.

    Raises:
        UsageFault, NotWritten: where the file cannot be written.
    """
    if path == STANDARD_OUTPUT:
        sys.stdout.write(text.replace("\r\n", "\n"))
    else:
        write_file(path, text.encode(), private)


def write_whole(path: Path, content: bytes, private: bool = False) -> None:
    """Write a file, or leave what was there as it was.

    Raises:
        OSError: where it cannot be written.
    """
    with writing(path, private) as file:
        file.write(content)


@contextmanager
def writing(path: Path, private: bool = False) -> Iterator[BinaryIO]:
    """Yield a file that takes the place of `path` once all of it is written; otherwise nothing has changed.

    Args:
        private: whether nobody but this user is to read it, from its first byte on.

    Raises:
        OSError: where it cannot be written.
    """
    # Through a link, and not in its place.
    path = Path(os.path.realpath(path))
    found = _status(path)
    draft = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.new")
    try:
        if found is not None and not stat.S_ISREG(found.st_mode):
            # A device or a pipe is written to; a folder says what it is.
            with path.open("wb") as file:
                yield file
            return
        try:
            draft.touch(0o600 if private else 0o666, exist_ok=False)
        except PermissionError:
            if found is None:
                raise
            # In a folder where nothing may be made, a file may still be one's own to write.
            with path.open("wb") as file:
                yield file
            return
        with draft.open("wb") as file:
            yield file
        if found is not None and not private:
            draft.chmod(stat.S_IMODE(found.st_mode))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_once(path: Path, content: bytes) -> None:
    """Write a file that must not be there yet.

    Raises:
        OSError: where it is there, or cannot be written; nothing of it stays then.
    """
    file = path.open("xb")
    try:
        with file:
            file.write(content)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def unwritable(path: object, error: OSError) -> UsageFault | NotWritten:
    """Return what is said where a file cannot be written: a full disk is no fault of whoever named the file."""
    words = say("{file} cannot be written: {words}", file=path, words=error.strerror or "")
    return NotWritten(words) if is_full(error) else UsageFault(words)


def is_full(error: OSError) -> bool:
    """Return whether the machine takes nothing more: a full disk, a quota, a disk that is only read."""
    return error.errno in _OF_THE_MACHINE


def remove_new(folder: Path, above: Path) -> None:
    """Remove a folder that was made just now, and those between it and `above` that hold nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    for parent in folder.parents:
        if parent == above or not parent.is_relative_to(above):
            return
        try:
            parent.rmdir()
        except OSError:
            return


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None
