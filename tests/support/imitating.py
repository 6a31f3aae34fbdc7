"""Runs a command as it would run elsewhere: python imitating.py WHAT[,WHAT…] COMMAND…

unshare-eperm, unshare-enosys: new namespaces and mounts are refused, as by a container's filter of system calls.
no-landlock: the kernel knows no Landlock. no-landlock-eperm: a filter that is older than it refuses it.
no-namespaces: the kernel's limit of user namespaces is 0. proc-masked: parts of /proc are hidden, as in a container.
proc-hidden: a user sees only processes of his own. no-proc: there is no /proc.
small-shm: 64 MB in /dev/shm, and it is full. container-root: root without the right to mount.
nameless: a user whose number has no name, and who has no home.
"""

from __future__ import annotations

import ctypes
import errno
import os
import subprocess
import sys
from pathlib import Path

import pyseccomp as seccomp

NAMELESS = 54321
_CLONE_NEWNS, _CLONE_NEWUSER = 0x00020000, 0x10000000
_NEW_NAMESPACES = 0x7E020080
_CAP_SYS_ADMIN = 21
_PR_CAPBSET_DROP = 24


def _filter(names: tuple[str, ...], number: int, namespaces: bool) -> None:
    rules = seccomp.SyscallFilter(defaction=seccomp.ALLOW)
    for name in names:
        rules.add_rule(seccomp.ERRNO(number), name)
    if namespaces:
        # Its flags are behind a pointer, so that no filter sees them: containers let libc fall back to clone.
        rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
        for bit in range(32):
            if _NEW_NAMESPACES >> bit & 1:
                rules.add_rule(seccomp.ERRNO(number), "clone", seccomp.Arg(0, seccomp.MASKED_EQ, 1 << bit, 1 << bit))
    rules.load()


def _mounts(*commands: str) -> None:
    _unshare(_CLONE_NEWNS)
    for command in ("mount --make-rprivate /", *commands):
        subprocess.run(command, shell=True, check=True)


def _no_namespaces() -> None:
    """Enter a user namespace, whose limits are its own, with the same users in it."""
    pid = os.getpid()
    ready, steady = os.pipe(), os.pipe()
    if os.fork() == 0:
        os.read(ready[0], 1)
        for kind in ("uid", "gid"):
            Path(f"/proc/{pid}/{kind}_map").write_text("0 0 65536")
        os.write(steady[1], b".")
        os._exit(0)
    _unshare(_CLONE_NEWUSER)
    os.write(ready[1], b".")
    os.read(steady[0], 1)
    os.wait()
    Path("/proc/sys/user/max_user_namespaces").write_text("0")


def _unshare(flag: int) -> None:
    if ctypes.CDLL(None, use_errno=True).unshare(flag):
        raise OSError(ctypes.get_errno(), "unshare")


_OF_NAMESPACES = ("unshare", "setns", "mount", "umount2", "pivot_root")
_OF_LANDLOCK = ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self")


def _container_root() -> None:
    ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, _CAP_SYS_ADMIN, 0, 0, 0)


def _nameless() -> None:
    os.environ.pop("HOME", None)
    for name in ("USER", "LOGNAME", "USERNAME", "LNAME"):
        os.environ.pop(name, None)
    os.setgroups([])
    os.setresgid(NAMELESS, NAMELESS, NAMELESS)
    os.setresuid(NAMELESS, NAMELESS, NAMELESS)


WAYS = {
    "unshare-eperm": lambda: _filter(_OF_NAMESPACES, errno.EPERM, True),
    "unshare-enosys": lambda: _filter(_OF_NAMESPACES, errno.ENOSYS, True),
    "no-landlock": lambda: _filter(_OF_LANDLOCK, errno.ENOSYS, False),
    "no-landlock-eperm": lambda: _filter(_OF_LANDLOCK, errno.EPERM, False),
    "no-namespaces": _no_namespaces,
    "proc-masked": lambda: _mounts("mount --bind /dev/null /proc/cmdline", "mount -t tmpfs -o ro none /proc/fs"),
    "no-proc": lambda: _mounts("mount -t tmpfs none /proc"),
    "proc-hidden": lambda: _mounts("mount -t proc -o hidepid=2 proc /proc"),
    "small-shm": lambda: _mounts("mount -t tmpfs -o size=64m shm /dev/shm && head -c 64m /dev/zero > /dev/shm/full"),
    "container-root": _container_root,
    "nameless": _nameless,
}


def main() -> None:
    for way in sys.argv[1].split(","):
        WAYS[way]()
    os.execvp(sys.argv[2], sys.argv[2:])


if __name__ == "__main__":
    main()
