"""The levels of isolation and what each locks a child with: bubblewrap, Landlock and a filter of system calls.

The outer jail is bubblewrap with namespaces of its own, and in it only what Python and torch need to be read; what lies
there and is to be closed to submissions is hidden under an empty folder. As root
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
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.core.course.checks.limits import Limits
from grader.sandbox.closed import Places
from grader.sandbox.linux import folders
from grader.sandbox.port import Requirement, SandboxUnavailable

SCRATCH = "/scratch"
_NOBODY = 65534
_CAP_SYS_ADMIN = 21
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
    "faccessat2 fadvise64 fallocate fchdir fdatasync fstat fstatfs fsync ftruncate getcwd getdents64 "
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
_FUTEX_WAITS, _FUTEX_WAKES, _FUTEX_COMMAND, _FUTEX_PRIVATE = (0, 9), (1, 10), 0x7F, 0x80
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

    def settings(self, limits: Limits, readable: str | None = None) -> str:
        """Return the lock's settings for one child, as JSON.

        Args:
            readable: a folder that this child may read besides.
        """
        if self.lock is None:
            return "null"
        places = self.lock["readable"]
        assert isinstance(places, list)
        return json.dumps(
            {
                **self.lock,
                "readable": [*places, readable] if readable else places,
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


def full(closed: Places = ()) -> Level:
    """User, PID, mount, network and IPC namespaces, Landlock and seccomp; a private scratch of bounded size.

    Raises:
        SandboxUnavailable: where one of the places cannot be kept closed.
    """
    return Level(
        "full",
        partial(jailed, hidden=folders.masks(closed)),
        SCRATCH,
        {"namespaces": True, "scratch": SCRATCH, "readable": ["/"]},
        lambda: seccomp_program(True),
    )


def reduced(closed: Places = ()) -> Level:
    """Landlock and seccomp without namespaces: files, processes and network are closed, and nothing can be written.

    Raises:
        SandboxUnavailable: where one of the places cannot be kept closed.
    """
    readable = [*map(str, folders.by_entry(closed)), *(path for path in _FILES if Path(path).exists())]
    return Level(
        "reduced",
        list,
        None,
        {"namespaces": False, "scratch": None, "readable": readable},
        lambda: seccomp_program(False),
    )


def jailed(command: list[str], hidden: Iterable[Path] = ()) -> list[str]:
    """Return `command` inside the jail.

    Args:
        hidden: folders that are empty there, but for what Python needs below them.

    Raises:
        SandboxUnavailable: where a program is not installed.
    """
    arguments = [
        *("--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--as-pid-1"),
        *("--hostname", "box"),
        # Not --die-with-parent: the parent would be the thread that started it. The fork server ends when its socket
        # does, and as process 1 takes everything in the jail with it.
        *("--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN"),
    ]
    stages = {root: f"{_STAGE}/{i}" for i, root in enumerate(folders.staged_roots())} if _may_mount() else {}
    for link in folders.links():
        arguments += ["--symlink", str(link.readlink()), str(link)]
    arguments += _binds(list(hidden), stages)
    # `bwrap --dev` would add a second user namespace, and setns into the first would fail.
    arguments += ["--proc", "/proc", "--dir", "/dev"]
    for path in _FILES:
        if Path(path).exists():
            arguments += ["--dev-bind" if path in _DEVICES else "--ro-bind", path, path]
    arguments += ["--dir", SCRATCH, "--tmpfs", SCRATCH, "--remount-ro", "/", "--chdir", SCRATCH]
    jail = [_program("bwrap", Requirement.BUBBLEWRAP), *arguments, "--", *command]
    return _as_nobody(jail, stages) if os.getuid() == 0 else jail


def _binds(hidden: list[Path], stages: Mapping[Path, str]) -> list[str]:
    """Return the mounts of what is needed and of what hides some of it: a folder's before those of what lies in it."""
    mounts = {path: ["--ro-bind", _source(path, stages), str(path)] for path in folders.needed()}
    mounts |= {path: ["--tmpfs", str(path)] for path in hidden}
    mounts |= {path: ["--ro-bind", _source(path, stages), str(path)] for path in folders.uncovered(hidden)}
    arguments = [word for path in sorted(mounts) for word in mounts[path]]
    return arguments + [word for path in hidden for word in ("--remount-ro", str(path))]


def _source(path: Path, stages: Mapping[Path, str]) -> str:
    root = next((root for root in stages if path.is_relative_to(root)), None)
    return str(path) if root is None else str(Path(stages[root]) / path.relative_to(root))


def _may_mount() -> bool:
    """Return whether this is root with the right to mount; root of a container is without it."""
    if os.getuid() != 0:
        return False
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    held = next((line.split()[1] for line in status.splitlines() if line.startswith("CapEff:")), "0")
    return bool(int(held, 16) >> _CAP_SYS_ADMIN & 1)


def _as_nobody(jail: list[str], stages: Mapping[Path, str]) -> list[str]:
    user = [_program("setpriv", Requirement.UTIL_LINUX), f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]
    if not stages:
        return [*user, *jail]
    lines = [f"mount -t tmpfs -o mode=0755 course {_STAGE}"]
    for folder, stage in stages.items():
        lines += [f"mkdir {stage}", f"mount --rbind {shlex.quote(str(folder))} {stage}"]
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
    # A futex that is not private can lie in any page of a library, where every other process that has it may wake who
    # waits. Whoever waits in this way, as glibc does for the end of a thread, looks again; nobody is there to be woken.
    futexes = [(seccomp.ALLOW, _FUTEX_PRIVATE, _FUTEX_PRIVATE)]
    futexes += [(seccomp.ERRNO(errno.EAGAIN), _FUTEX_PRIVATE | _FUTEX_COMMAND, command) for command in _FUTEX_WAITS]
    futexes += [(seccomp.ERRNO(0), _FUTEX_PRIVATE | _FUTEX_COMMAND, command) for command in _FUTEX_WAKES]
    for action, mask, value in futexes:
        program.add_rule(action, "futex", seccomp.Arg(1, masked, mask, value))
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
