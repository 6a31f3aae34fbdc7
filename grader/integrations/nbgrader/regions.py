"""A solution with nbgrader's marks around what the starter does not have."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterator

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
# What nbgrader puts in place of a region, so that we see the students' version as they will.
_STUB = "raise NotImplementedError()"


def with_regions(starter: str, solution: str) -> str:
    """Return the solution; what students are to write stands between marks, and what they begin with outside.

    Where that gives no program, for the students or for the author, the whole solution is one region.
    """
    begun, solved = starter.strip("\n").split("\n"), solution.strip("\n").split("\n")
    marked, kept = _marked(begun, solved)
    if _same_program(_without(marked, kept), solved) and _is_program(_released(marked)):
        return "\n".join(marked)
    comments = [line for line in begun if line.startswith("#")]
    return "\n".join([*comments, BEGIN, *solved, END])


def _marked(begun: list[str], solved: list[str]) -> tuple[list[str], set[int]]:
    """Return the lines with marks, and which of them only the starter has."""
    lines: list[str] = []
    kept: set[int] = set()
    for same, a, b, c, d in _stretches(begun, solved):
        if not same:
            theirs = [line for line in begun[a:b] if _stays(line)]
            kept |= set(range(len(lines), len(lines) + len(theirs)))
            lines += theirs
        new = solved[c:d]
        code = [place for place, line in enumerate(new) if line.strip()]
        if same or not code:
            lines += new
            continue
        first, last = code[0], code[-1] + 1
        indent = re.match(r"\s*", new[first])
        assert indent is not None
        lines += [*new[:first], indent[0] + BEGIN, *new[first:last], indent[0] + END, *new[last:]]
    return lines, kept


def _stretches(begun: list[str], solved: list[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    """Yield where the two are the same and where they differ. That both have one empty line parts nothing."""
    waiting: tuple[int, int] | None = None
    for a, c, size in difflib.SequenceMatcher(None, begun, solved, autojunk=False).get_matching_blocks():
        if size == 1 and not solved[c].strip():
            continue
        at, to = waiting or (0, 0)
        if (at, to) != (a, c):
            yield False, at, a, to, c
        if size:
            yield True, a, a + size, c, c + size
        waiting = a + size, c + size


def _stays(line: str) -> bool:
    """Return whether a line of the starter goes with any solution below it: a comment, or a name given a number."""
    text = line.strip()
    if not text or text.startswith("#"):
        return True
    try:
        (statement,) = ast.parse(text).body
        assert isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
        ast.literal_eval(statement.value)
    except (SyntaxError, ValueError, AssertionError):
        return False
    return True


def _without(lines: list[str], places: set[int]) -> list[str]:
    return [line for place, line in enumerate(lines) if place not in places]


def _released(lines: list[str]) -> list[str]:
    released: list[str] = []
    inside = False
    for line in lines:
        if BEGIN in line:
            inside = True
            released.append(line.replace(BEGIN, _STUB))
        elif END in line:
            inside = False
        elif not inside:
            released.append(line)
    return released


def _is_program(lines: list[str]) -> bool:
    try:
        ast.parse("\n".join(lines))
    except (SyntaxError, ValueError):
        return False
    return True


def _same_program(one: list[str], other: list[str]) -> bool:
    try:
        return ast.dump(ast.parse("\n".join(one))) == ast.dump(ast.parse("\n".join(other)))
    except (SyntaxError, ValueError):
        return False
