"""Locks the process that is about to run a submission: what it may still do is compute, and write into its scratch.

The order matters. Each step needs a right that a later step takes away, and the filter of system calls comes last. A
step that fails raises LockFailed and the caller ends the process: a submission never runs behind half a lock.

Namespaces, Landlock, capset and seccomp have no wrapper in the standard library (os.unshare is there from Python 3.12),
so they are called through libc; the numbers are those of include/uapi in Linux.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.mount.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p]
_LIBC.syscall.restype = ctypes.c_long

_CLONE_NEWNS, _CLONE_NEWPID, _CLONE_NEWUSER = 0x00020000, 0x20000000, 0x10000000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_PRIVATE = 2, 4, 8, 1 << 14, 1 << 18
_MNT_DETACH = 2
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, _PR_SET_PDEATHSIG = 38, 22, 2, 1
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITY_VERSION_3 = 0x20080522
_CLOSE_RANGE = 436

# File rights by the Landlock ABI that knows them: all up to refer, truncate and ioctl on devices.
_RIGHTS_SINCE = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_EXECUTE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 2, 1 << 3
_MAKE_SPECIAL = (1 << 6) | (1 << 9) | (1 << 10) | (1 << 11)
_ADDRESS_SLACK = 2 << 30
# 0 to 4 are the streams, the frames, and the word that says that the lock holds.
FIRST_FREE = 5


class LockFailed(Exception):
    """A step of the lock-down failed."""

    def __init__(self, step: str, why: str) -> None:
        super().__init__(f"{step}: {why}")
        self.step = step
        self.why = why


def die_with_parent() -> None:
    """End this process when its parent ends, however that came about: no submission outlives its grader."""
    _called("die with parent", _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0))


def new_pid_namespace() -> None:
    """Let the next child be the first process of a PID namespace of its own, which ends with it."""
    _called("unshare pid", _LIBC.unshare(_CLONE_NEWPID))


def back_to(namespace: int) -> None:
    """Let later children be born in the PID namespace of this descriptor again."""
    _called("setns", _LIBC.setns(namespace, _CLONE_NEWPID))


def lock(settings: dict[str, Any], program: bytes, step: Callable[[str], None] = lambda _: None) -> None:
    """Lock this process for good.

    Args:
        settings: `namespaces`; `readable` folders and files; `scratch` (a folder, or None for nothing to write to);
            and bytes, counts and seconds under `scratch_size`, `scratch_inodes`, `memory`, `cpu`, `file_size`,
            `files` and `tasks`.
        program: the seccomp filter, as the kernel takes it.
        step: called before each step with its name; fault injection makes it raise.

    Raises:
        LockFailed: naming the step that could not be taken.
    """
    mapped = _mapped()
    if settings["namespaces"]:
        step("mounts")
        _own_mounts(settings)
        step("user namespace")
        # Threads are counted by user and namespace: those of a sibling must not count here.
        _called("unshare user", _LIBC.unshare(_CLONE_NEWUSER))
    step("landlock rules")
    rules = _landlock_rules(settings["readable"], settings["scratch"])
    step("descriptors")
    _close_all_but(rules)
    step("no_new_privs")
    _called("no_new_privs", _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    step("limits")
    _limit(settings, mapped)
    step("landlock")
    _called("landlock_restrict_self", _LIBC.syscall(_LANDLOCK_RESTRICT, rules, 0))
    os.close(rules)
    step("capabilities")
    _drop_capabilities()
    step("seccomp")
    _filter_calls(program)


def landlock_abi() -> int:
    """Return the version of Landlock that this kernel speaks; 0 where it has none."""
    return max(int(_LIBC.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), 1)), 0)


def _own_mounts(settings: dict[str, Any]) -> None:
    _called("unshare mount", _LIBC.unshare(_CLONE_NEWNS))
    _called("private mounts", _LIBC.mount(None, b"/", None, _MS_REC | _MS_PRIVATE, None))
    options = f"size={settings['scratch_size']},nr_inodes={settings['scratch_inodes']},mode=0700".encode()
    flags = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    _called("mount scratch", _LIBC.mount(b"tmpfs", settings["scratch"].encode(), b"tmpfs", flags, options))
    os.chdir(settings["scratch"])
    _called("umount proc", _LIBC.umount2(b"/proc", _MNT_DETACH))


def _landlock_rules(readable: list[str], scratch: str | None) -> int:
    abi = landlock_abi()
    if abi < 1:
        raise LockFailed("landlock version", "this kernel has no Landlock")
    handled = max(rights for since, rights in _RIGHTS_SINCE.items() if since <= abi)
    # TCP from ABI 4; signals and abstract sockets of other domains from ABI 6.
    attributes = struct.pack("=QQQ", handled, 0b11 if abi >= 4 else 0, 0b11 if abi >= 6 else 0)
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    rules = _called("landlock rules", _LIBC.syscall(_LANDLOCK_CREATE, attributes, ctypes.c_size_t(size), 0))
    # Low numbers are for the streams, and closing what the fork server left must not hit the rules.
    high = os.dup(rules) if rules >= FIRST_FREE else _moved_up(rules)
    os.close(rules)
    for path in readable:
        _allow_beneath(high, path, _READ_FILE | _READ_DIR if Path(path).is_dir() else _READ_FILE)
    if scratch is not None:
        _allow_beneath(high, scratch, handled & ~(_EXECUTE | _MAKE_SPECIAL))
    return high


def _moved_up(descriptor: int) -> int:
    import fcntl

    return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, FIRST_FREE)


def _allow_beneath(rules: int, path: str, rights: int) -> None:
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rule = struct.pack("=Qi", rights, folder)
    _called(f"landlock rule {path}", _LIBC.syscall(_LANDLOCK_ADD, rules, 1, rule, 0))
    os.close(folder)


def _close_all_but(rules: int) -> None:
    """Close everything but 0 to 4 and the rules: nothing that the fork server left open reaches a submission."""
    for first, last in ((FIRST_FREE, rules - 1), (rules + 1, 2**31 - 1)):
        if first <= last:
            _called("close_range", _LIBC.syscall(_CLOSE_RANGE, first, last, 0))


def _limit(settings: dict[str, Any], mapped: tuple[int, int]) -> None:
    data, address_space = mapped
    limits = {
        resource.RLIMIT_DATA: data + settings["memory"],
        resource.RLIMIT_AS: address_space + settings["memory"] + _ADDRESS_SLACK,
        resource.RLIMIT_CPU: settings["cpu"],
        resource.RLIMIT_FSIZE: settings["file_size"],
        resource.RLIMIT_NOFILE: settings["files"],
        resource.RLIMIT_NPROC: settings["tasks"],
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_SIGPENDING: 128,
    }
    try:
        for which, most in limits.items():
            resource.setrlimit(which, (most, most))
    except (OSError, ValueError) as error:
        raise LockFailed("limits", str(error)) from None


def _mapped() -> tuple[int, int]:
    """Return bytes of private data and of address space that are mapped now: a limit counts from there."""
    fields = dict(line.split(b":", 1) for line in Path("/proc/self/status").read_bytes().splitlines())
    return int(fields[b"VmData"].split()[0]) * 1024, int(fields[b"VmSize"].split()[0]) * 1024


def _drop_capabilities() -> None:
    number = _CAPSET.get(platform.machine())
    if number is None:
        raise LockFailed("capabilities", f"capset is not known on {platform.machine()}")
    _called("capset", _LIBC.syscall(number, struct.pack("=Ii", _CAPABILITY_VERSION_3, 0), bytes(24)))


def _filter_calls(program: bytes) -> None:
    if not program or len(program) % 8:
        raise LockFailed("seccomp", "there is no seccomp filter")
    buffer = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("=HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    _called("seccomp", _LIBC.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, described, 0, 0))


def _called(step: str, result: int) -> int:
    if result < 0:
        raise LockFailed(step, os.strerror(ctypes.get_errno()))
    return int(result)
