"""The outer jail: bubblewrap with namespaces of its own, and in it only what Python and torch need to be read.

As root the jail is entered as an unprivileged user; so root and ordinary users take the same path. What that user
could not reach, an interpreter below /root for one, is first bound to where it can, in a mount namespace of its own.
"""

from __future__ import annotations

import os
import shlex
import shutil
import site
import sys
import sysconfig
from pathlib import Path

import grader
from grader.sandbox.port import SandboxUnavailable
from grader.sandbox.requirements import Requirement

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
