"""Reads `submit`, the files that are handed in, and an author's programs of several files."""

from __future__ import annotations

import sys
from keyword import iskeyword
from pathlib import Path

from grader.core.course.packages import USUAL, modules_of
from grader.core.program.several import MOST_FILES, has_parts, joined
from grader.core.words.message import say
from grader.store.students.several_files import program_of
from grader.store.yaml import nodes as y
from grader.store.yaml.reader import Reading

_FEWEST = 2
_MODULES = frozenset({*sys.stdlib_module_names, *modules_of(USUAL), "grader"})


def read_submit(reading: Reading, node: y.Node | None, given: tuple[str, ...]) -> tuple[str, ...]:
    """Read the names of the files that are handed in; none where the key is not there.

    Args:
        given: the names of the exercise's own files.
    """
    if node is None:
        return ()
    items = node.items if isinstance(node, y.Sequence) else (node,)
    names: list[str] = []
    for item in items:
        scalar = reading.scalar(item, say("the name of a file"))
        if scalar is None:
            continue
        name = scalar.text
        stem = name.removesuffix(".py")
        # What no line says as the head of a file could not be found again in the whole.
        if stem == name or iskeyword(stem) or not has_parts(joined({name: ""})):
            message = say("{found} cannot be handed in; write the name of a module: model.py", found=name or '""')
            reading.fault(item, message)
        elif stem in _MODULES:
            reading.fault(
                item, say("{file} would be imported in place of {name}; give it another name", file=name, name=stem)
            )
        elif alike := [each for each in (*names, *given) if each.casefold() == name.casefold()]:
            reading.fault(item, say("{name} and {other} cannot lie beside each other", name=name, other=alike[0]))
        else:
            names.append(name)
    if not _FEWEST <= len(items) <= MOST_FILES:
        reading.fault(node, say("submit lists 2 to {most} files; one file needs no list", most=MOST_FILES))
    return tuple(names)


def files_in(folder: Path) -> dict[str, bytes]:
    """Return the modules in an author's folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("[!.]*.py")) if path.is_file()}


def author_program(folder: Path, others: dict[str, bytes] | None = None) -> bytes:
    """Return an author's program of several files as one text.

    Args:
        others: the files that it has where the folder has none of these names.
    """
    return program_of({**(others or {}), **files_in(folder)})
