"""The seccomp filter: which system calls a locked child may make. Built on the host, with libseccomp."""

from __future__ import annotations

import errno
import os
import tempfile

from grader.sandbox.port import SandboxUnavailable
from grader.sandbox.requirements import Requirement

# What warm children needed for the lecture's programs, optimizers, convolutions, LSTMs, double backward, a DataLoader
# without workers, and files in scratch; and the names that the same calls have on arm64.
_ALLOWED = (
    "access brk chdir clock_getres clock_gettime clock_nanosleep close dup dup2 dup3 exit exit_group faccessat "
    "faccessat2 fadvise64 fallocate fchdir fdatasync flock fstat fstatfs fsync ftruncate futex getcwd getdents64 "
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
