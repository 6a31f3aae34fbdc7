"""When files in work/ may have changed: at once where the system tells, and every half second whatever it tells."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from watchfiles import watch

# An editor that writes a file in two pieces, or under another name first, is done by then.
_QUIET_MS = 20
# One that goes on writing is looked at meanwhile.
_LONGEST_MS = 200
# Network file systems tell nothing, and what comes before the system begins to tell is lost.
_HEARTBEAT_MS = 500


def looks(work: Path) -> Iterator[None]:
    """Yield whenever somebody should look at `work` again: now, after each change, and from time to time; never ends.

    It need not be there, and may go or be put there anew. What has changed, who looks must see: events come late,
    twice, or for files that are gone again.

    Raises:
        KeyboardInterrupt: on Ctrl-C.
    """
    yield
    while True:
        place = _identity(work)
        try:
            for _ in watch(
                work if place else work.parent,
                watch_filter=None,
                debounce=_LONGEST_MS,
                step=_QUIET_MS,
                rust_timeout=_HEARTBEAT_MS,
                yield_on_timeout=True,
                recursive=place is not None,
                ignore_permission_denied=True,
            ):
                yield
                if _identity(work) != place:
                    break
        except (OSError, RuntimeError):
            # It has gone this moment, or the system can watch no more folders; watchfiles says so in either way.
            time.sleep(_HEARTBEAT_MS / 1000)
            yield


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another one of its name; None where there is none."""
    try:
        about = folder.stat()
    except OSError:
        return None
    return (about.st_dev, about.st_ino) if folder.is_dir() else None
