"""The levels of isolation and what each locks a child with: bubblewrap, Landlock and a filter of system calls.

The outer jail is bubblewrap with namespaces of its own, and in it only what Python and torch need to be read. As root
it is entered as an unprivileged user; so root and ordinary users take the same path. What that user could not reach, an
interpreter below /root for one, is first bound to where it can, in a mount namespace of its own.
"""

from __future__ import annotations

import errno
import json
import math
import os
import shlex
import shutil
import site
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import grader
from grader.core.course.exercise import Limits
from grader.sandbox.port import Requirement, SandboxUnavailable

SCRATCH = "/scratch"
_NOBODY = 65534
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_FILES = (
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/dev/null",
    "/dev/zero",
    "/dev/urandom",
    "/dev/random",
)
_DEVICES = tuple(path for path in _FILES if path.startswith("/dev/"))
_STAGE = "/run"

# What warm children needed for the lecture's programs, optimizers, convolutions, LSTMs, double backward, a DataLoader
# without workers, and files in scratch; and the names that the same calls have on arm64.
_ALLOWED = (
    "access brk chdir clock_getres clock_gettime clock_nanosleep close dup dup2 dup3 exit exit_group faccessat "
    "faccessat2 fadvise64 fallocate fchdir fdatasync fstat fstatfs fsync ftruncate futex getcwd getdents64 "
    "getegid geteuid getgid getpgrp getpid getppid getrandom getresgid getresuid getrusage gettid gettimeofday "
    "getuid lseek lstat madvise mincore mkdir mkdirat mmap mprotect mremap munmap nanosleep newfstatat open openat "
    "pipe2 poll ppoll pread64 preadv pwrite64 pwritev read readlink readlinkat readv rename renameat renameat2 "
    "restart_syscall rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigreturn sched_getaffinity "
    "sched_yield select pselect6 set_robust_list set_tid_address sigaltstack stat statfs statx sysinfo time times "
    "umask uname unlink unlinkat write writev"
).split()
_ALLOWED_ALONE = ("fchmod", "open", "openat", "truncate", "utimensat")

_THREAD_FLAGS = 0x00010000  # CLONE_THREAD
_NAMESPACE_FLAGS = 0x7E020080  # every CLONE_NEW*
_FIONREAD, _FIOCLEX, _TCGETS, _TIOCGWINSZ = 0x541B, 0x5451, 0x5401, 0x5413
_PR_SET_NAME, _PR_GET_NAME = 15, 16


@dataclass(frozen=True)
class Level:
    """One level.

    Attributes:
        isolation: full, reduced or none, as reports say it.
        jail: wraps the command that starts the fork server.
        scratch: the folder in the child's own file system, None where there is no such thing.
        lock: the settings that all its children share; None for no lock at all.
        program: returns the seccomp filter; empty for no lock.
    """

    isolation: str
    jail: Callable[[list[str]], list[str]]
    scratch: str | None
    lock: dict[str, object] | None
    program: Callable[[], bytes]

    def settings(self, limits: Limits) -> str:
        """Return the lock's settings for one child, as JSON."""
        if self.lock is None:
            return "null"
        return json.dumps(
            {
                **self.lock,
                "memory": limits.memory,
                # One second more than the parent allows: the parent's measure says why, this one only makes sure.
                "cpu": math.ceil(limits.cpu) + 1,
                "scratch_size": limits.disk,
                "file_size": limits.disk,
                "scratch_inodes": limits.files,
                "files": 64,
                "tasks": limits.threads,
            }
        )


PLAIN = Level("none", list, None, None, bytes)


def plain() -> Level:
    """No lock: a process like any other, with limits."""
    return PLAIN


def full() -> Level:
    """User, PID, mount, network and IPC namespaces, Landlock and seccomp; a private scratch of bounded size."""
    return Level(
        "full",
        jailed,
        SCRATCH,
        {"namespaces": True, "scratch": SCRATCH, "readable": ["/"]},
        lambda: seccomp_program(True),
    )


def reduced() -> Level:
    """Landlock and seccomp without namespaces: files, processes and network are closed, and nothing can be written."""
    return Level(
        "reduced",
        list,
        None,
        {"namespaces": False, "scratch": None, "readable": readable()},
        lambda: seccomp_program(False),
    )


def readable() -> list[str]:
    """Return what a submission may read where only Landlock guards it: the system's libraries and Python's."""
    return [path for path in (*_SYSTEM, *_python_folders(), *_FILES) if Path(path).exists()]


def jailed(command: list[str]) -> list[str]:
    """Return `command` inside the jail.

    Raises:
        SandboxUnavailable: where a program is not installed.
    """
    arguments = [
        *("--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--as-pid-1"),
        *("--hostname", "box"),
        # Not --die-with-parent: the parent would be the thread that started it. The fork server ends when its socket
        # does, and as process 1 takes everything in the jail with it.
        *("--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN"),
        *_system_binds(),
    ]
    folders = _python_folders()
    stages = {folder: f"{_STAGE}/{i}" for i, folder in enumerate(folders)} if os.getuid() == 0 else {}
    for folder in folders:
        arguments += ["--ro-bind", stages.get(folder, folder), folder]
    # `bwrap --dev` would add a second user namespace, and setns into the first would fail.
    arguments += ["--proc", "/proc", "--dir", "/dev"]
    for path in _FILES:
        if Path(path).exists():
            arguments += ["--dev-bind" if path in _DEVICES else "--ro-bind", path, path]
    arguments += ["--dir", SCRATCH, "--tmpfs", SCRATCH, "--remount-ro", "/", "--chdir", SCRATCH]
    jail = [_program("bwrap", Requirement.BUBBLEWRAP), *arguments, "--", *command]
    return _as_nobody(jail, stages) if stages else jail


def _system_binds() -> list[str]:
    binds: list[str] = []
    for path in _SYSTEM:
        if Path(path).is_symlink():
            binds += ["--symlink", str(Path(path).readlink()), path]
        elif Path(path).is_dir():
            binds += ["--ro-bind", path, path]
    return binds


def _python_folders() -> list[str]:
    """Return the folders of the interpreter, of its packages and of this package, none of which lies in another."""
    wanted = {
        *(sys.prefix, sys.base_prefix, sys.exec_prefix),
        *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
        str(Path(grader.__file__).parent),
        *([site.getusersitepackages()] if site.ENABLE_USER_SITE else []),
    }
    folders: list[str] = []
    for folder in sorted(wanted):
        inside = any(Path(folder).is_relative_to(other) for other in (*folders, "/usr", "/lib", "/bin"))
        if not inside and Path(folder).is_dir():
            folders.append(folder)
    return folders


def _as_nobody(jail: list[str], stages: dict[str, str]) -> list[str]:
    lines = [f"mount -t tmpfs -o mode=0755 course {_STAGE}"]
    for folder, stage in stages.items():
        lines += [f"mkdir {stage}", f"mount --bind {shlex.quote(folder)} {stage}"]
    user = [_program("setpriv", Requirement.UTIL_LINUX), f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]
    script = " && ".join([*lines, f"exec {shlex.join([*user, *jail])}"])
    return [_program("unshare", Requirement.UTIL_LINUX), "--mount", "--propagation", "private", "/bin/sh", "-c", script]


def _program(name: str, provided_by: Requirement) -> str:
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin:/sbin:/bin")
    if found is None:
        raise SandboxUnavailable(f"{name} is not installed", provided_by)
    return found


def seccomp_program(alone: bool) -> bytes:
    """Return the filter as a BPF program: what is not allowed fails with EPERM; foreign call tables kill.

    Args:
        alone: whether the child is process 1 of a namespace of its own, with mounts that nobody else sees. Without
            them process 1 is the machine's, and the times and modes of files are everybody's: Landlock guards neither.

    Raises:
        SandboxUnavailable: where libseccomp is not installed.
    """
    try:
        import pyseccomp as seccomp
    except (ImportError, RuntimeError, OSError) as error:
        raise SandboxUnavailable(f"libseccomp cannot be used: {error}", Requirement.LIBSECCOMP) from None
    program = seccomp.SyscallFilter(defaction=seccomp.ERRNO(errno.EPERM))
    for name in (*_ALLOWED, *(_ALLOWED_ALONE if alone else ())):
        _allow(program, seccomp, name)
    masked, equal = seccomp.MASKED_EQ, seccomp.EQ
    # Threads, no processes; glibc falls back from clone3, whose arguments a filter cannot see.
    wanted = _THREAD_FLAGS | _NAMESPACE_FLAGS
    program.add_rule(seccomp.ALLOW, "clone", seccomp.Arg(0, masked, wanted, _THREAD_FLAGS))
    program.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
    # Limits may be read, not set.
    program.add_rule(seccomp.ALLOW, "prlimit64", seccomp.Arg(2, equal, 0))
    for request in (_FIONREAD, _FIOCLEX, _TCGETS, _TIOCGWINSZ):
        program.add_rule(seccomp.ALLOW, "ioctl", seccomp.Arg(1, equal, request))
    for option in (_PR_SET_NAME, _PR_GET_NAME):
        program.add_rule(seccomp.ALLOW, "prctl", seccomp.Arg(0, equal, option))
    for command in range(5):  # F_DUPFD to F_SETFL: no signals, leases or locks on others' files
        program.add_rule(seccomp.ALLOW, "fcntl", seccomp.Arg(1, equal, command))
    program.add_rule(seccomp.ALLOW, "fcntl", seccomp.Arg(1, equal, 1030))  # F_DUPFD_CLOEXEC
    if not alone:
        # Before ABI 3, Landlock lets whoever may read or merely own a file empty it: truncate(), O_RDONLY | O_TRUNC.
        for name, flags in (("open", 1), ("openat", 2)):
            _allow(program, seccomp, name, seccomp.Arg(flags, masked, os.O_TRUNC, 0))
    if alone:
        # abort() and raise() signal themselves.
        program.add_rule(seccomp.ALLOW, "tgkill", seccomp.Arg(0, equal, 1))
    with tempfile.TemporaryFile() as file:
        program.export_bpf(file)
        file.seek(0)
        return file.read()


def _allow(program: object, seccomp: object, name: str, *conditions: object) -> None:
    try:
        program.add_rule(seccomp.ALLOW, name, *conditions)  # type: ignore[attr-defined]
    except (RuntimeError, ValueError, OSError):
        # A call that this architecture does not have needs no permission.
        return
