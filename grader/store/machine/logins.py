"""The servers that this user has logged in to, each with its token: a file that nobody else reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.store.machine.files import unwritable, write_file
from grader.store.machine.home import user_config


class Login(msgspec.Struct, frozen=True):
    """A token for a server.

    Attributes:
        course: the id of the course that is served there.
        insecure: whether the user accepted that it is reached without TLS.
    """

    token: str
    course: str
    insecure: bool = False


class _Kept(msgspec.Struct, frozen=True):
    servers: dict[str, Login]
    format_version: int = 1


def logins() -> Mapping[str, Login]:
    """Return the logins of this user by the address of the server.

    Raises:
        UsageFault: where their file cannot be read.
    """
    path = logins_file()
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=_Kept)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        raise UsageFault(
            say("{file} cannot be read; delete it, and log in again: course login URL", file=path)
        ) from None
    return kept.servers


def keep_logins(servers: Mapping[str, Login]) -> None:
    """Write the logins down, for this user alone.

    Raises:
        UsageFault, NotWritten: where that is not possible.
    """
    path = logins_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(path.parent, error) from None
    write_file(path, msgspec.json.format(msgspec.json.encode(_Kept(dict(servers)))) + b"\n", private=True)


def logins_file() -> Path:
    """Return where the logins lie.

    Raises:
        UsageFault: where the account has no home.
    """
    try:
        return user_config() / "servers.json"
    except OSError as error:
        raise UsageFault(
            say("there is no folder for settings ({words}); set COURSE_SERVER and COURSE_TOKEN instead",
                words=error.strerror or "")
        ) from None  # fmt: skip
