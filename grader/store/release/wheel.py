"""The grader itself as a wheel, packed from the files that are installed here.

Students install it from the file that their teacher gave them: a name on an index could be anybody's.
Format: https://packaging.python.org/en/latest/specifications/binary-distribution-format/
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import grader
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.store.machine.zips import zipped

_NAME = "course-grader"
_TAG = "py3-none-any"
_LEFT_OUT = frozenset({"__pycache__"})


def wheel() -> tuple[str, bytes]:
    """Return the name and the bytes of a wheel of this grader, with its catalogues in it and without torch.

    Raises:
        UsageFault: where it runs from files that nobody installed, or its catalogues were not compiled.
    """
    try:
        installed = distribution(_NAME)
    except PackageNotFoundError:
        raise UsageFault(
            say("this grader is not installed, so it cannot be packed for students; install it with pip")
        ) from None
    root = Path(grader.__file__).parent
    stem = f"{_NAME.replace('-', '_')}-{grader.__version__}"
    files = {f"grader/{path.relative_to(root).as_posix()}": path.read_bytes() for path in _own(root)}
    missing = [name for name in files if name.endswith(".po") and f"{name.removesuffix('.po')}.mo" not in files]
    if missing:
        raise UsageFault(say("the translations are not compiled: {files}", files=", ".join(missing)))
    info = f"{stem}.dist-info"
    files |= {f"{info}/{name}": content for name, content in _metadata(installed)}
    record = "".join(f"{name},sha256={_digest(content)},{len(content)}\n" for name, content in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    return f"{stem}-{_TAG}.whl", zipped(files)


def required() -> tuple[str, dict[str, bytes]]:
    """Return the line of requirements.txt that stands for this grader, and the file that it names, by its name.

    Whoever has it from a repository is led there; all others get the wheel, so that no line asks an index for it.

    Raises:
        UsageFault: as `wheel` does.
    """
    try:
        origin = json.loads(distribution(_NAME).read_text("direct_url.json") or "{}")
        return f"{_NAME} @ {origin['vcs_info']['vcs']}+{origin['url']}@{origin['vcs_info']['commit_id']}", {}
    except (PackageNotFoundError, KeyError):
        name, packed = wheel()
        return f"./{name}", {name: packed}


def _own(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink() and not _LEFT_OUT & set(path.relative_to(root).parts):
            yield path


def _metadata(installed: Distribution) -> Iterator[tuple[str, bytes]]:
    # A checkout that is installed in place may have the older name.
    about = installed.read_text("METADATA") or installed.read_text("PKG-INFO") or ""
    yield "METADATA", about.encode()
    yield "entry_points.txt", (installed.read_text("entry_points.txt") or "").encode()
    wheel = f"Wheel-Version: 1.0\nGenerator: {_NAME} ({grader.__version__})\nRoot-Is-Purelib: true\nTag: {_TAG}\n"
    yield "WHEEL", wheel.encode()


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
