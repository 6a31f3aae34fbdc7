"""Comparisons and draws from outside the package: modules that a course names, and that can be imported."""

from __future__ import annotations

from importlib import import_module

from grader.core.compare.kinds import COMPARISONS
from grader.core.course.draws import DRAWS
from grader.core.words.message import Message, say

_EXTENSIONS: list[str] = []


def extend(module: str) -> Message | None:
    """Add what a module has of comparisons and draws; return what is wrong with it, if anything is.

    A module is a Python module that can be imported where the course is read and where it is judged; its classes that
    have a `word` are taken. To add one again changes nothing.
    """
    if module in _EXTENSIONS:
        return None
    try:
        imported = import_module(module)
    except Exception as error:  # noqa: BLE001 - whatever a module of the author's raises is told to the author
        words = f"{type(error).__name__}: {error}"
        return say("{module} cannot be imported; put its folder on PYTHONPATH. {words}", module=module, words=words)
    added = [registry.add(imported) for registry in (COMPARISONS, DRAWS)]
    fault = next((each for each in added if isinstance(each, Message)), None)
    if fault is None and not any(added):
        return say("{module} has no comparison and no draw", module=module)
    if fault is None:
        _EXTENSIONS.append(module)
    return fault


def extensions() -> tuple[str, ...]:
    """Return the modules that have been added, for another process to add them too."""
    return tuple(_EXTENSIONS)
