"""Wheels that a teacher downloaded, for students who install without a network."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.store.machine.files import unwritable

NAME = "wheelhouse"
_WHEEL = re.compile(r"[A-Za-z0-9][\w.]*-[\w.!+]+(?:-\d\w*)?-[\w.]+-[\w.]+-[\w.]+\.whl", re.ASCII)


def wheels_in(folder: Path) -> list[Path]:
    """Return the wheels in a folder.

    Raises:
        UsageFault: where it is none, or torch is not among them.
    """
    found = sorted(path for path in folder.iterdir() if _WHEEL.fullmatch(path.name)) if folder.is_dir() else []
    if not any(path.name.startswith("torch-") for path in found):
        raise UsageFault(
            say(
                "{folder} has no wheel of torch. Fill it, on a machine like your students': pip download -d {folder} "
                "torch --index-url https://download.pytorch.org/whl/cpu, and then pip download -d {folder} with the "
                "wheel of the grader that course release wrote",
                folder=folder,
            )
        )
    return found


def put_wheels(wheels: list[Path], root: Path) -> None:
    """Copy wheels into a students' copy; those that are there already stay.

    Raises:
        UsageFault, NotWritten: where one cannot be written.
    """
    for wheel in wheels:
        target = root / NAME / wheel.name
        if target.is_file() and target.stat().st_size == wheel.stat().st_size:
            continue
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(wheel, target)
        except OSError as error:
            raise unwritable(target, error) from None
