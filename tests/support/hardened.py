"""What deploy/ holds the grading process to, by the same means of the kernel: those of a container, without a daemon.

A root that cannot be written, 64 MB of /dev/shm, no capability and no way to one, a PID
namespace with a /proc of its own, and a user who is nobody. What Docker adds where compose.yaml does not say otherwise
can be added: covered paths below /proc.
"""

from __future__ import annotations

import shlex
from pathlib import Path

_USER = 10002
_OUTER = ["unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork", "--mount-proc"]
_OUTER += ["--ipc", "--kill-child", "--propagation", "private"]
_INNER = ["unshare", "--user", f"--map-user={_USER}", f"--map-group={_USER}"]
_INNER += ["setpriv", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"]


def hardened(command: list[str], writable: Path, covered: bool = False) -> list[str]:
    """Return a command that runs `command` so.

    Args:
        writable: the one folder that it may write to, as the volume with the cache is.
        covered: whether a part of /proc is covered.
    """
    folder = shlex.quote(str(writable))
    lines = [
        f"mount --bind {folder} {folder}",
        "mount -o remount,bind,ro /",
        "mount -t tmpfs -o nosuid,nodev,noexec,size=64m tmpfs /dev/shm",
    ]
    if covered:
        lines += ["mount --bind /proc/sys /proc/sys", "mount -o remount,bind,ro /proc/sys"]
    script = " && ".join([*lines, f"exec {shlex.join([*_INNER, *command])}"])
    return [*_OUTER, "/bin/sh", "-c", script]
